# language: no
Egenskap: Uoppfordret forespørsel om pengegave
  Det er forbudt å be om en pengegave hvis mottakeren ikke på forhånd har sagt ja til å få slike forespørsler.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at linje 1 er en forespørsel om pengegave
    Og at mottakeren har sagt ja til gaveforespørselen på linje 1 den 15. januar 2021
    Og at fakturaen sendes 2. februar 2021

  Scenario: Har mottakeren sagt ja på forhånd, kan avsenderen be om en gave
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: Har mottakeren ikke sagt ja, stoppes fakturaen
    Gitt at svaret på «om mottakeren har sagt ja til gaveforespørsler (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Uoppfordret forespørsel om pengegave» er brutt på linje 1

  Scenariomal: Den dagen mottakeren sa ja, holdt opp mot den dagen fakturaen sendes
    Gitt at mottakeren har sagt ja til gaveforespørselen på linje 1 den <dag>
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | dag             | avgjørelse |
      | 1. februar 2021 | sendt      |
      | 2. februar 2021 | sendt      |
      | 3. februar 2021 | stoppet    |

  Scenariomal: Den dagen mottakeren trakk tilbake sitt ja, holdt opp mot den dagen fakturaen sendes
    Gitt at aksepten for linje 1 er trukket tilbake <dag>
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | dag             | avgjørelse |
      | 1. februar 2021 | stoppet    |
      | 2. februar 2021 | stoppet    |
      | 3. februar 2021 | sendt      |

  Scenariomal: Det som ikke er kjent om aksepten, må avklares først
    Gitt at «<opplysning>» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og bare «<opplysning>» mangler

    Eksempler:
      | opplysning                                               |
      | om mottakeren har sagt ja til gaveforespørsler (linje 1) |
      | datoen mottakeren sa ja til gaveforespørsler (linje 1)   |

  Scenario: En gave trenger ingen avtale om beløp
    Gitt at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
