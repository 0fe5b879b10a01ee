# language: no
Egenskap: Ny ytelse eller utvidet abonnement ut over det som er avtalt
  Det er forbudt å kreve betaling for varer, tjenester eller abonnementer som ikke er avtalt på forhånd,
  eller for mer enn det som er avtalt. Avtalen må være inngått senest på fakturadatoen.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og fakturaen er datert 1. februar 2021
    Og fakturaen sendes 2. februar 2021
    Og linje 1 er på 349,00 kr
    Og linje 1 ble avtalt 15. januar 2021 for inntil 349,00 kr

  Scenariomal: Varer, tjenester og abonnementer må være avtalt
    Gitt linje 1 er <slag>
    Og mottakeren har gitt et fullstendig samtykke til linje 1 15. januar 2021
    Og at «line[1].agreed.given» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «unagreed-upgrade» er brutt på linje 1

    Eksempler:
      | slag          |
      | en vare       |
      | en tjeneste   |
      | et abonnement |

  Scenariomal: Beløpet på linjen, holdt mot det som er avtalt
    Gitt linje 1 er på <beløp>
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | beløp     | avgjørelse |
      | 348,99 kr | sendt      |
      | 349,00 kr | sendt      |
      | 349,01 kr | stoppet    |

  Scenariomal: Den dagen ytelsen ble avtalt, holdt mot fakturadatoen
    Gitt linje 1 ble avtalt <dag> for inntil 349,00 kr
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | dag             | avgjørelse |
      | 31. januar 2021 | sendt      |
      | 1. februar 2021 | sendt      |
      | 2. februar 2021 | stoppet    |

  Scenariomal: En rabatt krever ingenting
    Gitt linje 1 er på <beløp>
    Og at «line[1].agreed.given» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | beløp     | avgjørelse |
      | -50,00 kr | sendt      |
      | 0,00 kr   | sendt      |
      | 0,01 kr   | stoppet    |

  Scenariomal: Det som ikke er kjent om avtalen, må avklares først
    Gitt at «<faktum>» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og forbudet «unagreed-upgrade» er ukjent på linje 1
    Og mangler bare «<faktum>»

    Eksempler:
      | faktum                  |
      | line[1].amount          |
      | line[1].agreed.given    |
      | line[1].agreed.given_on |
      | line[1].agreed.amount   |
      | invoice.issue_date      |

  Scenario: To ukjente beløp mangler begge
    Gitt at «line[1].amount» er ukjent
    Og at «line[1].agreed.amount» er ukjent
    Når fakturaen kontrolleres
    Så mangler bare «line[1].amount, line[1].agreed.amount»

  Scenario: En kreditnota er ikke noe betalingskrav
    Gitt fakturaen er en kreditnota
    Og at «line[1].agreed.given» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
