# language: no
Egenskap: Uoppfordret forespørsel om pengegave
  Det er forbudt å be om en pengegave som mottakeren ikke på forhånd har sagt ja til å bli spurt om.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og linje 1 er en forespørsel om pengegave
    Og mottakeren har sagt ja til gaveforespørselen på linje 1 15. januar 2021
    Og fakturaen sendes 2. februar 2021

  Scenario: Har mottakeren sagt ja på forhånd, kan det bes om en gave
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: Har mottakeren ikke sagt ja, stoppes fakturaen
    Gitt at «line[1].gift_acceptance.given» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «unsolicited-gift-request» er brutt på linje 1

  Scenariomal: Den dagen mottakeren sa ja, holdt mot den dagen fakturaen sendes
    Gitt mottakeren har sagt ja til gaveforespørselen på linje 1 <dag>
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | dag             | avgjørelse |
      | 1. februar 2021 | sendt      |
      | 2. februar 2021 | sendt      |
      | 3. februar 2021 | stoppet    |

  Scenariomal: Den dagen mottakeren trakk sitt ja, holdt mot den dagen fakturaen sendes
    Gitt aksepten for linje 1 er trukket <dag>
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | dag             | avgjørelse |
      | 1. februar 2021 | stoppet    |
      | 2. februar 2021 | stoppet    |
      | 3. februar 2021 | sendt      |

  Scenariomal: Det som ikke er kjent om aksepten, må avklares først
    Gitt at «<faktum>» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og mangler bare «<faktum>»

    Eksempler:
      | faktum                           |
      | line[1].gift_acceptance.given    |
      | line[1].gift_acceptance.given_on |

  Scenario: En gave trenger ingen avtale om beløp
    Gitt at «line[1].agreed.given» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
