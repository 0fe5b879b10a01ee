# language: no
@S12
Egenskap: Abonnement uten opplyst og eksplisitt samtykke
  Det er forbudt å kreve betaling for en abonnementsordning som mottakeren ikke har gitt et opplyst og
  eksplisitt samtykke til. Samtykket må være gitt senest på utsendelsesdatoen, og det må ikke være trukket
  tilbake på eller før den dagen. Er noe av dette ukjent, må det avklares før fakturaen kan sendes.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at linje 1 er et abonnement
    Og at mottakeren ga opplyst og eksplisitt samtykke til linje 1 den 15. januar 2021
    Og at fakturaen sendes 2. februar 2021

  Regel: Samtykket må være gitt, og det må være både opplyst og eksplisitt

    Scenario: Et abonnement som mottakeren har gitt opplyst og eksplisitt samtykke til, kan faktureres
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og forbudet mot abonnement uten opplyst og eksplisitt samtykke er ikke brutt

    Scenariomal: Et ufullstendig samtykke stopper fakturaen
      Gitt at <mangelen ved samtykket>
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot abonnement uten opplyst og eksplisitt samtykke er brutt på linje 1

      Eksempler:
        | mangelen ved samtykket                   |
        | samtykke til linje 1 ikke er gitt        |
        | samtykket til linje 1 ikke er opplyst    |
        | samtykket til linje 1 ikke er eksplisitt |

    Scenario: Et samtykke som ikke er eksplisitt, stopper fakturaen selv om resten er ukjent
      Gitt at samtykket til linje 1 ikke er eksplisitt
      Og at det er ukjent når samtykket til linje 1 ble gitt
      Og at det er ukjent om samtykket til linje 1 er opplyst
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet

  Regel: Samtykket må være gitt senest på utsendelsesdatoen

    Scenariomal: Samtykke dagen før utsendelsen eller samme dag er tidsnok, samtykke dagen etter er for sent
      Gitt at mottakeren ga opplyst og eksplisitt samtykke til linje 1 den <dag>
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | dag             | avgjørelse |
        | 1. februar 2021 | sendt      |
        | 2. februar 2021 | sendt      |
        | 3. februar 2021 | stoppet    |

  Regel: Et samtykke som er trukket tilbake senest på utsendelsesdatoen, gjelder ikke

    Scenariomal: Tilbaketrekking dagen før utsendelsen eller samme dag stopper fakturaen, tilbaketrekking dagen etter gjør det ikke
      Gitt at samtykket til linje 1 er trukket tilbake <dag>
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | dag             | avgjørelse |
        | 1. februar 2021 | stoppet    |
        | 2. februar 2021 | stoppet    |
        | 3. februar 2021 | sendt      |

    Scenario: Et samtykke som ble gitt og trukket tilbake på utsendelsesdatoen, gjelder ikke
      Gitt at mottakeren ga opplyst og eksplisitt samtykke til linje 1 den 2. februar 2021
      Og at samtykket til linje 1 er trukket tilbake 2. februar 2021
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet

  Regel: Det som er ukjent om samtykket, må avklares før fakturaen sendes

    Scenariomal: Er det ukjent om samtykket er gyldig, settes fakturaen på vent
      Gitt at det er ukjent <spørsmål>
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det er ukjent om forbudet mot abonnement uten opplyst og eksplisitt samtykke er brutt på linje 1
      Og det eneste som må avklares, er <spørsmål>

      Eksempler:
        | spørsmål                               |
        | om samtykke til linje 1 er gitt        |
        | om samtykket til linje 1 er opplyst    |
        | om samtykket til linje 1 er eksplisitt |
        | når samtykket til linje 1 ble gitt     |

    Scenario: En uleselig tilbaketrekkingsdato er ikke det samme som at samtykket aldri er trukket tilbake
      Gitt at opplysningen om når samtykket til linje 1 ble trukket tilbake, er «i fjor»
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det eneste som må avklares, er når samtykket til linje 1 ble trukket tilbake
      Og det er meldt at datoen samtykket til linje 1 ble trukket tilbake, har feil form

    Scenario: Kan utsendelsesdatoen ikke leses, er det ukjent om samtykket var gitt i tide
      Gitt at utsendelsesdatoen er «02.02.2021»
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det er ukjent om forbudet mot abonnement uten opplyst og eksplisitt samtykke er brutt på linje 1
      Og det eneste som må avklares, er utsendelsesdatoen

    Scenario: Er det ukjent hva linjen gjelder, er det ukjent om den krever samtykke
      Gitt at det er ukjent hva linje 1 gjelder
      Og at samtykket til linje 1 ikke er eksplisitt
      Og at mottakeren aksepterte å få gaveforespørselen på linje 1 den 15. januar 2021
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det er ukjent om forbudet mot abonnement uten opplyst og eksplisitt samtykke er brutt på linje 1
      Og det eneste som må avklares, er hva linje 1 gjelder

  Regel: Forbudet gjelder betalingskrav for abonnementer, og bare dem

    Scenariomal: Varer, tjenester og gaveforespørsler krever ikke samtykke til abonnement
      Gitt at linje 1 er <slag>
      Og at mottakeren aksepterte å få gaveforespørselen på linje 1 den 15. januar 2021
      Og at samtykke til linje 1 ikke er gitt
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og forbudet mot abonnement uten opplyst og eksplisitt samtykke er ikke brutt

      Eksempler:
        | slag                        |
        | en vare                     |
        | en tjeneste                 |
        | en forespørsel om pengegave |

    Scenario: En kreditnota krever ingen betaling og trenger ikke samtykke
      Gitt at dokumentet er en kreditnota
      Og at samtykke til linje 1 ikke er gitt
      Når fakturaen kontrolleres
      Så blir fakturaen sendt

    Scenario: Av flere abonnementer nevnes bare de linjene som bryter forbudet
      Gitt at linje 2 er et abonnement
      Og at linje 3 er et abonnement
      Og at mottakeren ga opplyst og eksplisitt samtykke til linje 2 den 15. januar 2021
      Og at samtykket til linje 1 ikke er eksplisitt
      Og at samtykke til linje 3 ikke er gitt
      Når fakturaen kontrolleres
      Så er forbudet mot abonnement uten opplyst og eksplisitt samtykke brutt på linje 1 og 3
