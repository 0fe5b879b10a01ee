# language: no
Egenskap: Abonnement uten opplyst og eksplisitt samtykke
  Det er forbudt å kreve betaling for et abonnement som mottakeren ikke har gitt et opplyst og
  eksplisitt samtykke til. Samtykket må være gitt senest den dagen fakturaen sendes, og det må ikke
  være trukket tilbake senest den dagen.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at linje 1 er et abonnement
    Og at mottakeren har gitt et fullstendig samtykke til linje 1 den 15. januar 2021
    Og at fakturaen sendes 2. februar 2021

  Scenario: Med fullstendig samtykke kan abonnementet faktureres
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og forbudet «Abonnement uten opplyst og eksplisitt samtykke» er ikke brutt

  Scenariomal: Et ufullstendig samtykke stopper fakturaen
    Gitt at svaret på «<opplysning>» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Abonnement uten opplyst og eksplisitt samtykke» er brutt på linje 1

    Eksempler:
      | opplysning                           |
      | om samtykke er gitt (linje 1)        |
      | om samtykket er opplyst (linje 1)    |
      | om samtykket er eksplisitt (linje 1) |

  Scenariomal: Den dagen samtykket ble gitt, holdt opp mot den dagen fakturaen sendes
    Gitt at mottakeren har gitt et fullstendig samtykke til linje 1 den <dag>
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | dag             | avgjørelse |
      | 1. februar 2021 | sendt      |
      | 2. februar 2021 | sendt      |
      | 3. februar 2021 | stoppet    |

  Scenariomal: Den dagen samtykket ble trukket tilbake, holdt opp mot den dagen fakturaen sendes
    Gitt at samtykket til linje 1 er trukket tilbake <dag>
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | dag             | avgjørelse |
      | 1. februar 2021 | stoppet    |
      | 2. februar 2021 | stoppet    |
      | 3. februar 2021 | sendt      |

  Scenario: Et samtykke som ble gitt og trukket tilbake samme dag, gjelder ikke
    Gitt at mottakeren har gitt et fullstendig samtykke til linje 1 den 2. februar 2021
    Og at samtykket til linje 1 er trukket tilbake 2. februar 2021
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet

  Scenariomal: Det som ikke er kjent om samtykket, må avklares først
    Gitt at «<opplysning>» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og det er ukjent om forbudet «Abonnement uten opplyst og eksplisitt samtykke» er brutt på linje 1
    Og bare «<opplysning>» mangler

    Eksempler:
      | opplysning                           |
      | om samtykke er gitt (linje 1)        |
      | om samtykket er opplyst (linje 1)    |
      | om samtykket er eksplisitt (linje 1) |
      | datoen samtykket ble gitt (linje 1)  |

  Scenario: Et samtykke som ikke er eksplisitt, stopper fakturaen selv om resten er ukjent
    Gitt at svaret på «om samtykket er eksplisitt (linje 1)» er «nei»
    Og at «datoen samtykket ble gitt (linje 1)» er ukjent
    Og at svaret på «om samtykket er opplyst (linje 1)» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet

  Scenario: En uleselig dato for når samtykket ble trukket tilbake, er ikke det samme som aldri trukket tilbake
    Gitt at «datoen samtykket ble trukket tilbake (linje 1)» er «i fjor»
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og bare «datoen samtykket ble trukket tilbake (linje 1)» mangler
    Og «datoen samtykket ble trukket tilbake (linje 1)» er meldt som feil av slaget «form»

  Scenario: Er utsendelsesdatoen uleselig, er det ukjent om samtykket var gitt i tide
    Gitt at «utsendelsesdatoen» er «02.02.2021»
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og det er ukjent om forbudet «Abonnement uten opplyst og eksplisitt samtykke» er brutt på linje 1
    Og bare «utsendelsesdatoen» mangler

  Scenariomal: Bare abonnementer krever samtykke
    Gitt at linje 1 er <slag>
    Og at mottakeren har sagt ja til gaveforespørselen på linje 1 den 15. januar 2021
    Og at svaret på «om samtykke er gitt (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og forbudet «Abonnement uten opplyst og eksplisitt samtykke» er ikke brutt

    Eksempler:
      | slag                        |
      | en vare                     |
      | en tjeneste                 |
      | en forespørsel om pengegave |

  Scenario: En kreditnota krever ingen betaling
    Gitt at dokumentet er en kreditnota
    Og at svaret på «om samtykke er gitt (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: Av flere linjer nevnes bare de som bryter forbudet
    Gitt at linje 2 er et abonnement
    Og at linje 3 er et abonnement
    Og at mottakeren har gitt et fullstendig samtykke til linje 2 den 15. januar 2021
    Og at svaret på «om samtykket er eksplisitt (linje 1)» er «nei»
    Og at svaret på «om samtykke er gitt (linje 3)» er «nei»
    Når fakturaen kontrolleres
    Så er forbudet «Abonnement uten opplyst og eksplisitt samtykke» brutt på linje 1 og 3

  Scenario: Når det er ukjent hva linjen gjelder, er det ukjent om den krever samtykke
    Gitt at «hva linjen gjelder (linje 1)» er ukjent
    Og at svaret på «om samtykket er eksplisitt (linje 1)» er «nei»
    Og at mottakeren har sagt ja til gaveforespørselen på linje 1 den 15. januar 2021
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og det er ukjent om forbudet «Abonnement uten opplyst og eksplisitt samtykke» er brutt på linje 1
    Og bare «hva linjen gjelder (linje 1)» mangler
