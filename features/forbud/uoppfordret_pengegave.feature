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

  Scenario: En aksept som ble gitt og trukket tilbake samme dag, gjelder ikke
    Gitt at mottakeren har sagt ja til gaveforespørselen på linje 1 den 2. februar 2021
    Og at aksepten for linje 1 er trukket tilbake 2. februar 2021
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet

  Scenariomal: Det som ikke er kjent om aksepten, må avklares først
    Gitt at «<opplysning>» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og bare «<opplysning>» mangler

    Eksempler:
      | opplysning                                               |
      | om mottakeren har sagt ja til gaveforespørsler (linje 1) |
      | datoen mottakeren sa ja til gaveforespørsler (linje 1)   |

  Scenario: En uleselig dato for når aksepten ble trukket tilbake, er ikke det samme som aldri trukket tilbake
    Gitt at «datoen mottakeren trakk tilbake sitt ja til gaveforespørsler (linje 1)» er «i fjor»
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og det er ukjent om forbudet «Uoppfordret forespørsel om pengegave» er brutt på linje 1
    Og bare «datoen mottakeren trakk tilbake sitt ja til gaveforespørsler (linje 1)» mangler
    Og «datoen mottakeren trakk tilbake sitt ja til gaveforespørsler (linje 1)» er meldt som feil av slaget «form»

  Scenario: Er utsendelsesdatoen uleselig, er det ukjent om aksepten var gitt i tide
    Gitt at «utsendelsesdatoen» er «02.02.2021»
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og det er ukjent om forbudet «Uoppfordret forespørsel om pengegave» er brutt på linje 1
    Og bare «utsendelsesdatoen» mangler

  Scenario: Når det er ukjent hva linjen gjelder, er det ukjent om den ber om en gave
    Gitt at «hva linjen gjelder (linje 1)» er ukjent
    Og at mottakeren har gitt et fullstendig samtykke til linje 1 den 15. januar 2021
    Og at svaret på «om mottakeren har sagt ja til gaveforespørsler (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og det er ukjent om forbudet «Uoppfordret forespørsel om pengegave» er brutt på linje 1
    Og bare «hva linjen gjelder (linje 1)» mangler

  Scenario: Av flere gaveforespørsler nevnes bare de som bryter forbudet
    Gitt at linje 2 er en forespørsel om pengegave
    Og at svaret på «om mottakeren har sagt ja til gaveforespørsler (linje 2)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Uoppfordret forespørsel om pengegave» er brutt på linje 2

  Scenario: En gave trenger ingen avtale om beløp
    Gitt at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenariomal: Bare gaveforespørsler krever en forutgående aksept
    Gitt at linje 1 er <slag>
    Og at mottakeren har gitt et fullstendig samtykke til linje 1 den 15. januar 2021
    Og at svaret på «om mottakeren har sagt ja til gaveforespørsler (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

    Eksempler:
      | slag          |
      | en vare       |
      | en tjeneste   |
      | et abonnement |

  Scenario: En kreditnota ber ikke om noen gave
    Gitt at dokumentet er en kreditnota
    Og at svaret på «om mottakeren har sagt ja til gaveforespørsler (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
