# language: no
Egenskap: Ny ytelse eller utvidet abonnement utover det som er avtalt
  Det er forbudt å kreve betaling for varer, tjenester eller abonnementer som ikke er avtalt på forhånd,
  eller for mer enn det som er avtalt. Avtalen må være inngått senest på fakturadatoen.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at fakturaen er datert 1. februar 2021
    Og at fakturaen sendes 2. februar 2021
    Og at linje 1 er på 349,00 kr
    Og at linje 1 ble avtalt 15. januar 2021 for inntil 349,00 kr

  Scenariomal: Varer, tjenester og abonnementer må være avtalt
    Gitt at linje 1 er <slag>
    Og at mottakeren har gitt et fullstendig samtykke til linje 1 den 15. januar 2021
    Og at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» er brutt på linje 1

    Eksempler:
      | slag          |
      | en vare       |
      | en tjeneste   |
      | et abonnement |

  Scenariomal: Beløpet på linjen, holdt opp mot det som er avtalt
    Gitt at linje 1 er på <beløp>
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | beløp     | avgjørelse |
      | 348,99 kr | sendt      |
      | 349,00 kr | sendt      |
      | 349,01 kr | stoppet    |

  Scenariomal: Den dagen ytelsen ble avtalt, holdt opp mot fakturadatoen
    Gitt at linje 1 ble avtalt <dag> for inntil 349,00 kr
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | dag             | avgjørelse |
      | 31. januar 2021 | sendt      |
      | 1. februar 2021 | sendt      |
      | 2. februar 2021 | stoppet    |

  Scenariomal: Bare et beløp over 0 er et krav
    Gitt at linje 1 er på <beløp>
    Og at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | beløp     | avgjørelse |
      | -50,00 kr | sendt      |
      | 0,00 kr   | sendt      |
      | 0,01 kr   | stoppet    |

  Scenario: En rabatt krever ingenting, heller ikke når avtalen er ukjent
    Gitt at linje 1 er på -50,00 kr
    Og at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenariomal: Det som ikke er kjent om avtalen, må avklares først
    Gitt at «<opplysning>» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og det er ukjent om forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» er brutt på linje 1
    Og bare «<opplysning>» mangler

    Eksempler:
      | opplysning                                        |
      | linjens beløp uten merverdiavgift (linje 1)       |
      | om ytelsen er avtalt med mottakeren (linje 1)     |
      | datoen ytelsen ble avtalt (linje 1)               |
      | det avtalte beløpet uten merverdiavgift (linje 1) |
      | fakturadatoen                                     |

  Scenario: To ukjente beløp mangler begge
    Gitt at «linjens beløp uten merverdiavgift (linje 1)» er ukjent
    Og at «det avtalte beløpet uten merverdiavgift (linje 1)» er ukjent
    Når fakturaen kontrolleres
    Så mangler bare «linjens beløp uten merverdiavgift (linje 1), det avtalte beløpet uten merverdiavgift (linje 1)»

  Scenario: Når det er ukjent hva linjen gjelder, er det ukjent om den måtte være avtalt
    Gitt at «hva linjen gjelder (linje 1)» er ukjent
    Og at mottakeren har gitt et fullstendig samtykke til linje 1 den 15. januar 2021
    Og at mottakeren har sagt ja til gaveforespørselen på linje 1 den 15. januar 2021
    Og at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og det er ukjent om forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» er brutt på linje 1
    Og bare «hva linjen gjelder (linje 1)» mangler

  Scenario: Av flere linjer nevnes bare de som går utover det avtalte
    Gitt at linje 2 er på 349,01 kr
    Og at linje 3 er på 349,00 kr
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» er brutt på linje 2

  Scenario: Når én linje bryter forbudet og en annen er ukjent, nevnes bare den som bryter det
    Gitt at linje 2 er på 349,01 kr
    Og at svaret på «om ytelsen er avtalt med mottakeren (linje 3)» er ukjent
    Når fakturaen kontrolleres
    Så er forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» brutt på linje 2

  Scenario: En kreditnota er ikke noe betalingskrav
    Gitt at dokumentet er en kreditnota
    Og at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
