# language: no
Egenskap: Abonnement uten opplyst og eksplisitt samtykke
  Det er forbudt å kreve betaling for et abonnement som mottakeren ikke har gitt et opplyst og
  eksplisitt samtykke til. Samtykket må være gitt senest den dagen fakturaen sendes, og det må ikke
  være trukket den dagen.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og linje 1 er et abonnement
    Og mottakeren har gitt et fullstendig samtykke til linje 1 15. januar 2021
    Og fakturaen sendes 2. februar 2021

  Scenario: Med fullstendig samtykke kan abonnementet faktureres
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og forbudet «unconsented-subscription» er ikke brutt

  Scenariomal: Et samtykke som mangler noe, stopper fakturaen
    Gitt at «<faktum>» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «unconsented-subscription» er brutt på linje 1

    Eksempler:
      | faktum                   |
      | line[1].consent.given    |
      | line[1].consent.informed |
      | line[1].consent.explicit |

  Scenariomal: Den dagen samtykket ble gitt, holdt mot den dagen fakturaen sendes
    Gitt mottakeren har gitt et fullstendig samtykke til linje 1 <dag>
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | dag             | avgjørelse |
      | 1. februar 2021 | sendt      |
      | 2. februar 2021 | sendt      |
      | 3. februar 2021 | stoppet    |

  Scenariomal: Den dagen samtykket ble trukket, holdt mot den dagen fakturaen sendes
    Gitt samtykket til linje 1 er trukket <dag>
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | dag             | avgjørelse |
      | 1. februar 2021 | stoppet    |
      | 2. februar 2021 | stoppet    |
      | 3. februar 2021 | sendt      |

  Scenariomal: Det som ikke er kjent om samtykket, må avklares først
    Gitt at «<faktum>» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og forbudet «unconsented-subscription» er ukjent på linje 1
    Og mangler bare «<faktum>»

    Eksempler:
      | faktum                   |
      | line[1].consent.given    |
      | line[1].consent.informed |
      | line[1].consent.explicit |
      | line[1].consent.given_on |

  Scenario: Et samtykke som ikke er eksplisitt, stopper fakturaen selv om resten er ukjent
    Gitt at «line[1].consent.explicit» er «nei»
    Og at «line[1].consent.given_on» er ukjent
    Og at «line[1].consent.informed» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet

  Scenario: En uleselig dato for når samtykket ble trukket, er ikke det samme som aldri trukket
    Gitt at «line[1].consent.withdrawn_on» er «i fjor»
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og mangler bare «line[1].consent.withdrawn_on»
    Og er «line[1].consent.withdrawn_on» meldt som feil av slaget «form»

  Scenario: Bare abonnementer krever samtykke
    Gitt linje 1 er en vare
    Og at «line[1].consent.given» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: En kreditnota krever ingen betaling
    Gitt fakturaen er en kreditnota
    Og at «line[1].consent.given» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: Av flere linjer nevnes de som bryter forbudet
    Gitt linje 2 er et abonnement
    Og linje 3 er et abonnement
    Og mottakeren har gitt et fullstendig samtykke til linje 2 15. januar 2021
    Og at «line[1].consent.explicit» er «nei»
    Og at «line[3].consent.given» er «nei»
    Når fakturaen kontrolleres
    Så forbudet «unconsented-subscription» er brutt på linje 1 og 3

  Scenario: Når det er ukjent hva linjen gjelder, er det ukjent om den krever samtykke
    Gitt at «line[1].kind» er ukjent
    Og at «line[1].consent.explicit» er «nei»
    Og mottakeren har sagt ja til gaveforespørselen på linje 1 15. januar 2021
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og forbudet «unconsented-subscription» er ukjent på linje 1
    Og mangler bare «line[1].kind»
