# language: no
Egenskap: Vipps Regning
  Fra 20. desember 2018 er Vipps Regning en del av den vanlige B2C-leveransen: B2C-avtalen dekker både eFaktura og
  Vipps Regning, og vedlegg er ingen hindring. Til og med 19. desember 2018 gikk fakturaer til Vipps gjennom den
  gamle løsningen, som krevde sin egen avtale og ikke tok vedlegg. Utsendelsesdatoen avgjør hvilken av løsningene
  som gjelder.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at mottakeren ikke tar imot eFaktura fra avsenderen

  @S1
  Regel: Fra 20. desember 2018 dekker B2C-avtalen både eFaktura og Vipps Regning

    Scenario: Med B2C-avtalen går fakturaen til Vipps Regning
      Når fakturaen kontrolleres
      Så går fakturaen til Vipps Regning

    Scenario: B2C-avtalen alene er nok for begge de elektroniske kanalene
      Gitt at mottakeren tar imot eFaktura fra avsenderen
      Og at avsenderen har B2C-avtalen
      Og at avsenderen ikke har den gamle Vipps-avtalen
      Og at fakturaen sendes 20. desember 2018
      Og at fakturaen forfaller 10. januar 2019
      Når fakturaen kontrolleres
      Så kan eFaktura brukes
      Og Vipps Regning kan brukes

    Scenariomal: B2C-avtalen gir tilgang til Vipps Regning fra 20. desember 2018, men ikke dagen før
      Gitt at avsenderen har B2C-avtalen
      Og at avsenderen ikke har den gamle Vipps-avtalen
      Og at fakturaen sendes <dag>
      Og at fakturaen forfaller 10. januar 2019
      Når fakturaen kontrolleres
      Så går fakturaen <kanal>

      Eksempler:
        | dag               | kanal             |
        | 19. desember 2018 | på papir          |
        | 20. desember 2018 | til Vipps Regning |

    Scenario: Uten B2C-avtalen kan Vipps Regning ikke brukes
      Gitt at avsenderen ikke har B2C-avtalen
      Når fakturaen kontrolleres
      Så kan Vipps Regning ikke brukes
      Og fakturaen går på papir

    Scenario: Er det ukjent om avsenderen har B2C-avtalen, er det ukjent om Vipps Regning kan brukes
      Gitt at det er ukjent om avsenderen har B2C-avtalen
      Når fakturaen kontrolleres
      Så er det ukjent om Vipps Regning kan brukes, for det er ukjent om avsenderen har B2C-avtalen

  @S5
  Regel: Vedlegg er ingen hindring fra 20. desember 2018

    Scenario: En faktura med vedlegg går til Vipps Regning
      Gitt at fakturaen har 2 vedlegg
      Når fakturaen kontrolleres
      Så går fakturaen til Vipps Regning

    Scenariomal: Vedlegg hindret sending gjennom den gamle løsningen, men hindrer ikke sending fra 20. desember 2018
      Gitt at avsenderen har den gamle Vipps-avtalen
      Og at fakturaen har <antall> vedlegg
      Og at fakturaen sendes <dag>
      Og at fakturaen forfaller 10. januar 2019
      Når fakturaen kontrolleres
      Så går fakturaen <kanal>

      Eksempler:
        | antall | dag               | kanal             |
        | 0      | 19. desember 2018 | til Vipps Regning |
        | 1      | 19. desember 2018 | på papir          |
        | 1      | 20. desember 2018 | til Vipps Regning |

    Scenario: Et uleselig antall vedlegg er ikke det samme som ingen vedlegg
      Gitt at avsenderen har den gamle Vipps-avtalen
      Og at fakturaen sendes 19. desember 2018
      Og at antallet vedlegg er «to»
      Når fakturaen kontrolleres
      Så er det ukjent om Vipps Regning kan brukes, for antallet vedlegg mangler

  @S8
  Regel: En avsender som har takket nei til Vipps, får ikke fakturaene sine til Vipps Regning

    Scenario: Har avsenderen takket nei til Vipps, kan Vipps Regning ikke brukes
      Gitt at avsenderen har takket nei til Vipps
      Når fakturaen kontrolleres
      Så kan Vipps Regning ikke brukes
      Og fakturaen går på papir

    Scenariomal: Et nei til Vipps gjelder fra 20. desember 2018, ikke for den gamle løsningen
      Gitt at avsenderen har den gamle Vipps-avtalen
      Og at avsenderen har takket nei til Vipps
      Og at fakturaen sendes <dag>
      Og at fakturaen forfaller 10. januar 2019
      Når fakturaen kontrolleres
      Så går fakturaen <kanal>

      Eksempler:
        | dag               | kanal             |
        | 19. desember 2018 | til Vipps Regning |
        | 20. desember 2018 | på papir          |

    Scenario: Et uleselig svar på om avsenderen har takket nei til Vipps, er verken et ja eller et nei
      Gitt at svaret på om avsenderen har takket nei til Vipps, er «kanskje»
      Når fakturaen kontrolleres
      Så er det ukjent om Vipps Regning kan brukes, for det er ukjent om avsenderen har takket nei til Vipps

  Regel: Mottakeren må ha et mobilnummer og bruke Vipps

    Scenario: Bruker mottakeren ikke Vipps, kan Vipps Regning ikke brukes
      Gitt at mottakeren ikke bruker Vipps
      Når fakturaen kontrolleres
      Så kan Vipps Regning ikke brukes
      Og fakturaen går på papir

    Scenario: Er det ukjent om mottakeren bruker Vipps, er det ukjent om Vipps Regning kan brukes
      Gitt at det er ukjent om mottakeren bruker Vipps
      Når fakturaen kontrolleres
      Så er det ukjent om Vipps Regning kan brukes, for det er ukjent om mottakeren bruker Vipps

    @S11
    Scenario: Uten mobilnummer kan Vipps Regning ikke brukes
      Gitt at mobilnummeret er ukjent
      Når fakturaen kontrolleres
      Så kan Vipps Regning ikke brukes

    @S11
    Scenario: Et nummer som ikke har form av et mobilnummer, er ikke et mobilnummer
      Gitt at mobilnummeret er «22 33 44 55»
      Når fakturaen kontrolleres
      Så kan Vipps Regning ikke brukes
      Og det er meldt at mobilnummeret har feil form

    Scenariomal: Et norsk mobilnummer har åtte siffer og begynner på 4 eller 9, og det kan skrives på flere måter
      Gitt at mobilnummeret er «<nummer>»
      Når fakturaen kontrolleres
      Så går fakturaen <kanal>

      Eksempler:
        | nummer           | kanal             |
        | 912 34 567       | til Vipps Regning |
        | 0047 91 23 45 67 | til Vipps Regning |
        | +47 412-34-567   | til Vipps Regning |
        | +46701234567     | til Vipps Regning |
        | 9123456          | på papir          |
        | +4722334455      | på papir          |

  Regel: Forfallsdatoen må være 3 til 365 dager etter utsendelsesdatoen

    Scenariomal: Med 3 til 365 dager til forfall går fakturaen til Vipps Regning, med 2 eller 366 gjør den det ikke
      Gitt at fakturaen sendes 2. februar 2021
      Og at fakturaen forfaller <dag>
      Når fakturaen kontrolleres
      Så går fakturaen <kanal>

      Eksempler:
        | dag             | kanal             |
        | 4. februar 2021 | på papir          |
        | 5. februar 2021 | til Vipps Regning |
        | 2. februar 2022 | til Vipps Regning |
        | 3. februar 2022 | på papir          |

    Scenariomal: Fristen er 365 dager også i skuddår
      Gitt at fakturaen sendes 2. februar 2024
      Og at fakturaen forfaller <dag>
      Når fakturaen kontrolleres
      Så går fakturaen <kanal>

      Eksempler:
        | dag             | kanal             |
        | 1. februar 2025 | til Vipps Regning |
        | 2. februar 2025 | på papir          |

    Scenario: Er forfallsdatoen ukjent, er det ukjent om Vipps Regning kan brukes
      Gitt at forfallsdatoen er ukjent
      Når fakturaen kontrolleres
      Så er det ukjent om Vipps Regning kan brukes, for forfallsdatoen mangler

  Regel: Fra 20. desember 2018 tar Vipps Regning ikke kreditnotaer

    Scenario: En kreditnota kan ikke gå til Vipps Regning
      Gitt at dokumentet er en kreditnota
      Når fakturaen kontrolleres
      Så kan Vipps Regning ikke brukes
      Og fakturaen går på papir

    Scenariomal: Den gamle løsningen tok kreditnotaer, Vipps Regning fra 20. desember 2018 gjør det ikke
      Gitt at avsenderen har den gamle Vipps-avtalen
      Og at dokumentet er en kreditnota
      Og at fakturaen sendes <dag>
      Og at fakturaen forfaller 10. januar 2019
      Når fakturaen kontrolleres
      Så går fakturaen <kanal>

      Eksempler:
        | dag               | kanal             |
        | 19. desember 2018 | til Vipps Regning |
        | 20. desember 2018 | på papir          |

    Scenario: Kan det ikke leses om dokumentet er en kreditnota, er det ukjent om Vipps Regning kan brukes
      Gitt at svaret på om dokumentet er en faktura eller en kreditnota, er «kanskje»
      Når fakturaen kontrolleres
      Så er det ukjent om Vipps Regning kan brukes, for det er ukjent om dokumentet er en faktura eller en kreditnota

  Regel: Til og med 19. desember 2018 gjaldt den gamle Vipps-løsningen

    @S10
    Scenariomal: Den gamle Vipps-løsningen sluttet å virke torsdag 20. desember 2018
      Gitt at avsenderen ikke har B2C-avtalen
      Og at avsenderen har den gamle Vipps-avtalen
      Og at fakturaen sendes <dag>
      Og at fakturaen forfaller 10. januar 2019
      Når fakturaen kontrolleres
      Så går fakturaen <kanal>

      Eksempler:
        | dag               | kanal             |
        | 19. desember 2018 | til Vipps Regning |
        | 20. desember 2018 | på papir          |

    Scenario: Den gamle løsningen krevde at mottakeren brukte Vipps
      Gitt at avsenderen har den gamle Vipps-avtalen
      Og at fakturaen sendes 19. desember 2018
      Og at mottakeren ikke bruker Vipps
      Når fakturaen kontrolleres
      Så kan Vipps Regning ikke brukes

    Scenario: Den gamle løsningen krevde et mobilnummer
      Gitt at avsenderen har den gamle Vipps-avtalen
      Og at fakturaen sendes 19. desember 2018
      Og at mobilnummeret er «22 33 44 55»
      Når fakturaen kontrolleres
      Så kan Vipps Regning ikke brukes

    Scenario: Den gamle løsningen hadde ingen grense for forfallsdatoen
      Gitt at avsenderen har den gamle Vipps-avtalen
      Og at fakturaen sendes 19. desember 2018
      Og at fakturaen forfaller 20. desember 2018
      Når fakturaen kontrolleres
      Så går fakturaen til Vipps Regning

    Scenariomal: Er et av vilkårene ukjent, er det ukjent om den gamle løsningen kan brukes
      Gitt at avsenderen har den gamle Vipps-avtalen
      Og at fakturaen sendes 19. desember 2018
      Og at det er ukjent <spørsmål>
      Når fakturaen kontrolleres
      Så er det ukjent om Vipps Regning kan brukes, for det er ukjent <spørsmål>

      Eksempler:
        | spørsmål                                       |
        | om avsenderen har den gamle Vipps-avtalen      |
        | om mottakeren bruker Vipps                     |
        | om mottakeren er privatperson eller virksomhet |

  Regel: Kan utsendelsesdatoen ikke leses, er det ukjent hvilken løsning som gjelder

    Scenario: En uleselig utsendelsesdato gjør det ukjent om Vipps Regning kan brukes
      Gitt at utsendelsesdatoen er «20.12.2018»
      Når fakturaen kontrolleres
      Så er det ukjent om Vipps Regning kan brukes, for utsendelsesdatoen mangler
