# language: no
Egenskap: Råd om data
  Jo mer og riktigere som er kjent om kunden, jo oftere kommer fakturaen frem elektronisk. Råd endrer aldri
  en avgjørelse.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenario: Når alt er kjent, gis ingen råd
    Når fakturaen kontrolleres
    Så ingen råd gis

  Scenario: Mobilnummeret kan gjøre Vipps mulig
    Gitt at «recipient.mobile» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og rådet «missing-mobile» gis for «recipient.mobile»

  Scenariomal: Uten navn og adresse kommer ikke et brev frem
    Gitt at «<faktum>» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og rådet «incomplete-recipient» gis for «<faktum>»

    Eksempler:
      | faktum                |
      | recipient.name        |
      | recipient.street      |
      | recipient.postal_code |
      | recipient.city        |

  Scenariomal: Koder, en periode eller ord i beskrivelsen foreslår hva en linje gjelder
    Gitt at «line[1].kind» er ukjent
    Og at «<faktum>» er «<verdi>»
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og rådet «suggested-kind» gis for «line[1].kind»

    Eksempler:
      | faktum               | verdi                    |
      | line[1].period_start | 2021-01-01               |
      | line[1].period_end   | 2021-01-31               |
      | line[1].description  | Mobilabonnement, januar  |
      | line[1].description  | Gave til Redningsselskapet |

  Scenario: Et forslag er aldri et faktum
    Gitt linje 1 er en vare
    Og at «line[1].description» er «Abonnement på kaffe»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og ingen råd gis

  Scenario: Til en virksomhet gis ingen råd
    Gitt mottakeren er en virksomhet
    Og at «recipient.mobile» er ukjent
    Når fakturaen kontrolleres
    Så ingen råd gis
