# language: no
Egenskap: Vipps Regning
  Fra 20. desember 2018 er Vipps Regning en del av B2C-leveransen. Til da gikk fakturaer til Vipps gjennom
  den gamle løsningen, som krevde en egen avtale og ikke tok vedlegg.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at mottakeren ikke tar imot eFaktura fra avsenderen

  Regel: Fra 20. desember 2018 trengs bare B2C-avtalen

    Scenario: Med B2C-avtalen går fakturaen til Vipps
      Når fakturaen kontrolleres
      Så går fakturaen som «Vipps Regning»

    Scenariomal: Uten ett av vilkårene kan Vipps ikke brukes
      Gitt at svaret på «<opplysning>» er «<verdi>»
      Når fakturaen kontrolleres
      Så kan kanalen «Vipps Regning» ikke brukes
      Og fakturaen går som «papir»

      Eksempler:
        | opplysning                             | verdi |
        | om avsenderen har B2C-avtalen          | nei   |
        | om avsenderen har takket nei til Vipps | ja    |
        | om mottakeren bruker Vipps             | nei   |

    Scenario: Uten mobilnummer kan Vipps ikke brukes
      Gitt at «mobilnummeret» er ukjent
      Når fakturaen kontrolleres
      Så kan kanalen «Vipps Regning» ikke brukes

    Scenario: Et mobilnummer som ikke kan stemme, er ikke noe mobilnummer
      Gitt at «mobilnummeret» er «22 33 44 55»
      Når fakturaen kontrolleres
      Så kan kanalen «Vipps Regning» ikke brukes
      Og «mobilnummeret» er meldt som feil av slaget «form»

    Scenariomal: Mobilnummeret kan skrives på flere måter
      Gitt at «mobilnummeret» er «<nummer>»
      Når fakturaen kontrolleres
      Så går fakturaen som «<kanal>»

      Eksempler:
        | nummer           | kanal         |
        | 912 34 567       | Vipps Regning |
        | 0047 91 23 45 67 | Vipps Regning |
        | +47 412-34-567   | Vipps Regning |
        | +46701234567     | Vipps Regning |
        | 9123456          | papir         |
        | +4722334455      | papir         |

    Scenariomal: Er et vilkår ukjent, er det ukjent om Vipps kan brukes
      Gitt at «<opplysning>» er ukjent
      Når fakturaen kontrolleres
      Så er det ukjent om kanalen «Vipps Regning» kan brukes, for «<opplysning>» mangler

      Eksempler:
        | opplysning                    |
        | om avsenderen har B2C-avtalen |
        | om mottakeren bruker Vipps    |
        | forfallsdatoen                |

    Scenariomal: Et svar som ikke kan leses, er verken et ja eller et nei
      Gitt at svaret på «<opplysning>» er «kanskje»
      Når fakturaen kontrolleres
      Så er det ukjent om kanalen «Vipps Regning» kan brukes, for «<opplysning>» mangler

      Eksempler:
        | opplysning                                      |
        | om avsenderen har takket nei til Vipps          |
        | om dokumentet er en faktura eller en kreditnota |

    Scenariomal: Forfallet må ligge 3 til 365 dager etter at fakturaen sendes
      Gitt at fakturaen sendes 2. februar 2021
      Og at fakturaen forfaller <dag>
      Når fakturaen kontrolleres
      Så går fakturaen som «<kanal>»

      Eksempler:
        | dag             | kanal         |
        | 4. februar 2021 | papir         |
        | 5. februar 2021 | Vipps Regning |
        | 2. februar 2022 | Vipps Regning |
        | 3. februar 2022 | papir         |

    Scenariomal: Et år er 365 dager, også i skuddår
      Gitt at fakturaen sendes 2. februar 2024
      Og at fakturaen forfaller <dag>
      Når fakturaen kontrolleres
      Så går fakturaen som «<kanal>»

      Eksempler:
        | dag             | kanal         |
        | 1. februar 2025 | Vipps Regning |
        | 2. februar 2025 | papir         |

    Scenario: Vedlegg er ingen hindring
      Gitt at fakturaen har 2 vedlegg
      Når fakturaen kontrolleres
      Så går fakturaen som «Vipps Regning»

    Scenario: En kreditnota kan ikke gå til Vipps
      Gitt at dokumentet er en kreditnota
      Når fakturaen kontrolleres
      Så kan kanalen «Vipps Regning» ikke brukes
      Og fakturaen går som «papir»

  Regel: Før 20. desember 2018 gjaldt den gamle løsningen

    Scenariomal: Hvilken avtale som gjelder, avgjøres av den dagen fakturaen sendes
      Gitt at svaret på «om avsenderen har B2C-avtalen» er «<b2c>»
      Og at svaret på «om avsenderen har den gamle Vipps-avtalen» er «<gammel>»
      Og at fakturaen sendes <dag>
      Og at fakturaen forfaller 10. januar 2019
      Når fakturaen kontrolleres
      Så går fakturaen som «<kanal>»

      Eksempler:
        | b2c | gammel | dag               | kanal         |
        | nei | ja     | 19. desember 2018 | Vipps Regning |
        | nei | ja     | 20. desember 2018 | papir         |
        | ja  | nei    | 19. desember 2018 | papir         |
        | ja  | nei    | 20. desember 2018 | Vipps Regning |

    Scenariomal: Vedlegg og kreditnotaer, dagen før og den dagen Vipps ble en del av B2C-leveransen
      Gitt at svaret på «om avsenderen har den gamle Vipps-avtalen» er «ja»
      Og at dokumentet er <dokument>
      Og at fakturaen har <antall> vedlegg
      Og at fakturaen sendes <dag>
      Og at fakturaen forfaller 10. januar 2019
      Når fakturaen kontrolleres
      Så går fakturaen som «<kanal>»

      Eksempler:
        | dokument      | antall | dag               | kanal         |
        | en faktura    | 0      | 19. desember 2018 | Vipps Regning |
        | en faktura    | 1      | 19. desember 2018 | papir         |
        | en faktura    | 1      | 20. desember 2018 | Vipps Regning |
        | en kreditnota | 0      | 19. desember 2018 | Vipps Regning |
        | en kreditnota | 0      | 20. desember 2018 | papir         |

    Scenariomal: Et nei til Vipps gjelder først fra 20. desember 2018
      Gitt at svaret på «om avsenderen har den gamle Vipps-avtalen» er «ja»
      Og at svaret på «om avsenderen har takket nei til Vipps» er «ja»
      Og at fakturaen sendes <dag>
      Og at fakturaen forfaller 10. januar 2019
      Når fakturaen kontrolleres
      Så går fakturaen som «<kanal>»

      Eksempler:
        | dag               | kanal         |
        | 19. desember 2018 | Vipps Regning |
        | 20. desember 2018 | papir         |

    Scenariomal: Den gamle løsningen krevde også et mobilnummer og en mottaker som bruker Vipps
      Gitt at svaret på «om avsenderen har den gamle Vipps-avtalen» er «ja»
      Og at fakturaen sendes 19. desember 2018
      Og at «<opplysning>» er «<verdi>»
      Når fakturaen kontrolleres
      Så kan kanalen «Vipps Regning» ikke brukes

      Eksempler:
        | opplysning                 | verdi       |
        | mobilnummeret              | 22 33 44 55 |
        | om mottakeren bruker Vipps | nei         |

    Scenario: Den gamle løsningen hadde ingen grense for forfallet
      Gitt at svaret på «om avsenderen har den gamle Vipps-avtalen» er «ja»
      Og at fakturaen sendes 19. desember 2018
      Og at fakturaen forfaller 20. desember 2018
      Når fakturaen kontrolleres
      Så går fakturaen som «Vipps Regning»

    Scenariomal: Er et vilkår ukjent, er det ukjent om den gamle løsningen kan brukes
      Gitt at svaret på «om avsenderen har den gamle Vipps-avtalen» er «ja»
      Og at fakturaen sendes 19. desember 2018
      Og at svaret på «<opplysning>» er ukjent
      Når fakturaen kontrolleres
      Så er det ukjent om kanalen «Vipps Regning» kan brukes, for «<opplysning>» mangler

      Eksempler:
        | opplysning                                     |
        | om avsenderen har den gamle Vipps-avtalen      |
        | om mottakeren bruker Vipps                     |
        | om mottakeren er privatperson eller virksomhet |

    Scenario: Et uleselig antall vedlegg er ikke null vedlegg
      Gitt at svaret på «om avsenderen har den gamle Vipps-avtalen» er «ja»
      Og at fakturaen sendes 19. desember 2018
      Og at «antallet vedlegg» er «to»
      Når fakturaen kontrolleres
      Så er det ukjent om kanalen «Vipps Regning» kan brukes, for «antallet vedlegg» mangler

  Regel: Kan utsendelsesdatoen ikke leses, er det ukjent hvilken av løsningene som gjelder

    Scenario: En uleselig utsendelsesdato
      Gitt at «utsendelsesdatoen» er «20.12.2018»
      Når fakturaen kontrolleres
      Så er det ukjent om kanalen «Vipps Regning» kan brukes, for «utsendelsesdatoen» mangler
