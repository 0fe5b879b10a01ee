# language: no
Egenskap: Vipps Regning
  Fra 20. desember 2018 er Vipps Regning en del av B2C-leveransen. Til da gikk fakturaer til Vipps gjennom
  den gamle løsningen, som krevde en egen avtale og ikke tok vedlegg.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og mottakeren tar ikke imot eFaktura fra avsenderen

  Regel: Fra 20. desember 2018 trengs bare B2C-avtalen

    Scenario: Med B2C-avtalen går fakturaen til Vipps
      Når fakturaen kontrolleres
      Så fakturaen går som «vipps_regning»

    Scenariomal: Uten ett av vilkårene kan Vipps ikke brukes
      Gitt at «<faktum>» er «<verdi>»
      Når fakturaen kontrolleres
      Så kanalen «vipps_regning» kan ikke brukes
      Og fakturaen går som «paper»

      Eksempler:
        | faktum                        | verdi       |
        | sender.efaktura_b2c_agreement | nei         |
        | sender.vipps_declined         | ja          |
        | recipient.vipps               | nei         |
        | invoice.kind                  | credit_note |

    Scenario: Uten mobilnummer kan Vipps ikke brukes
      Gitt at «recipient.mobile» er ukjent
      Når fakturaen kontrolleres
      Så kanalen «vipps_regning» kan ikke brukes

    Scenario: Et mobilnummer som ikke kan stemme, er ikke noe mobilnummer
      Gitt at «recipient.mobile» er «22 33 44 55»
      Når fakturaen kontrolleres
      Så kanalen «vipps_regning» kan ikke brukes
      Og er «recipient.mobile» meldt som feil av slaget «form»

    Scenariomal: Er et vilkår ukjent, er det ukjent om Vipps kan brukes
      Gitt at «<faktum>» er ukjent
      Når fakturaen kontrolleres
      Så det er ukjent om kanalen «vipps_regning» kan brukes, for «<faktum>» mangler

      Eksempler:
        | faktum                        |
        | sender.efaktura_b2c_agreement |
        | recipient.vipps               |
        | invoice.due_date              |

    Scenariomal: Forfallet må ligge 3 til 365 dager etter at fakturaen sendes
      Gitt fakturaen sendes 2. februar 2021
      Og fakturaen forfaller <dag>
      Når fakturaen kontrolleres
      Så fakturaen går som «<kanal>»

      Eksempler:
        | dag             | kanal         |
        | 4. februar 2021 | paper         |
        | 5. februar 2021 | vipps_regning |
        | 2. februar 2022 | vipps_regning |
        | 3. februar 2022 | paper         |

    Scenario: Vedlegg er ingen hindring
      Gitt fakturaen har 2 vedlegg
      Når fakturaen kontrolleres
      Så fakturaen går som «vipps_regning»

  Regel: Før 20. desember 2018 gjaldt den gamle løsningen

    Scenariomal: Hvilken avtale som gjelder, avgjøres av den dagen fakturaen sendes
      Gitt at «sender.efaktura_b2c_agreement» er «<b2c>»
      Og at «sender.legacy_vipps_agreement» er «<gammel>»
      Og fakturaen sendes <dag>
      Og fakturaen forfaller 10. januar 2019
      Når fakturaen kontrolleres
      Så fakturaen går som «<kanal>»

      Eksempler:
        | b2c | gammel | dag               | kanal         |
        | nei | ja     | 19. desember 2018 | vipps_regning |
        | nei | ja     | 20. desember 2018 | paper         |
        | ja  | nei    | 19. desember 2018 | paper         |
        | ja  | nei    | 20. desember 2018 | vipps_regning |

    Scenariomal: Den gamle løsningen tok ikke vedlegg
      Gitt at «sender.legacy_vipps_agreement» er «ja»
      Og fakturaen sendes 19. desember 2018
      Og fakturaen har <antall> vedlegg
      Når fakturaen kontrolleres
      Så fakturaen går som «<kanal>»

      Eksempler:
        | antall | kanal         |
        | 0      | vipps_regning |
        | 1      | paper         |

    Scenario: Den gamle løsningen tok også kreditnotaer
      Gitt at «sender.legacy_vipps_agreement» er «ja»
      Og fakturaen sendes 19. desember 2018
      Og fakturaen er en kreditnota
      Når fakturaen kontrolleres
      Så fakturaen går som «vipps_regning»

    Scenariomal: Er et vilkår ukjent, er det ukjent om den gamle løsningen kan brukes
      Gitt at «sender.legacy_vipps_agreement» er «ja»
      Og fakturaen sendes 19. desember 2018
      Og at «<faktum>» er ukjent
      Når fakturaen kontrolleres
      Så det er ukjent om kanalen «vipps_regning» kan brukes, for «<faktum>» mangler

      Eksempler:
        | faktum                        |
        | sender.legacy_vipps_agreement |
        | recipient.vipps               |

  Regel: Uten en utsendelsesdato som kan leses, vet ingen hvilken regel som gjelder

    Scenario: En uleselig utsendelsesdato
      Gitt at «invoice.send_date» er «20.12.2018»
      Når fakturaen kontrolleres
      Så det er ukjent om kanalen «vipps_regning» kan brukes, for «invoice.send_date» mangler
