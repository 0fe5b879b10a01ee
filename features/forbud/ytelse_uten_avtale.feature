# language: no
@S15
Egenskap: Ny ytelse eller utvidet abonnement utover det som er avtalt
  Det er forbudt å kreve betaling for nye ytelser, det vil si varer, tjenester og abonnementer, eller for et
  utvidet abonnement utover det mottakeren på forhånd har avtalt med kreditor. Avtalen må være inngått senest
  på fakturadatoen, og den må dekke linjens beløp uten merverdiavgift. Bare en linje på mer enn 0,00 kr er et
  krav. Er noe av dette ukjent, må det avklares før fakturaen kan sendes.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at fakturaen er datert 1. februar 2021
    Og at fakturaen sendes 2. februar 2021
    Og at linje 1 er på 349,00 kr
    Og at linje 1 ble avtalt 15. januar 2021 for inntil 349,00 kr

  Regel: Ytelsen må være avtalt

    Scenariomal: En vare, en tjeneste eller et abonnement som ikke er avtalt, stopper fakturaen
      Gitt at linje 1 er <slag>
      Og at mottakeren ga opplyst og eksplisitt samtykke til linje 1 den 15. januar 2021
      Og at ytelsen på linje 1 ikke er avtalt med mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt på linje 1

      Eksempler:
        | slag          |
        | en vare       |
        | en tjeneste   |
        | et abonnement |

    Scenario: Av flere linjer nevnes bare de som går utover det avtalte
      Gitt at linje 2 er på 349,01 kr
      Og at linje 3 er på 349,00 kr
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt på linje 2

    Scenario: Bryter én linje forbudet mens en annen er ukjent, nevnes bare den som bryter det
      Gitt at linje 2 er på 349,01 kr
      Og at det er ukjent om ytelsen på linje 3 er avtalt med mottakeren
      Når fakturaen kontrolleres
      Så er forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, brutt på linje 2

  Regel: Beløpet må ikke være høyere enn det som er avtalt

    Scenariomal: Et beløp til og med det avtalte på 349,00 kr kan kreves, ett øre mer kan ikke
      Gitt at linje 1 er på <beløp>
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | beløp     | avgjørelse |
        | 348,99 kr | sendt      |
        | 349,00 kr | sendt      |
        | 349,01 kr | stoppet    |

    Scenariomal: Bare en linje på mer enn 0,00 kr er et krav
      Gitt at linje 1 er på <beløp>
      Og at ytelsen på linje 1 ikke er avtalt med mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | beløp     | avgjørelse |
        | -50,00 kr | sendt      |
        | 0,00 kr   | sendt      |
        | 0,01 kr   | stoppet    |

    Scenario: En rabatt krever ingenting, heller ikke når det er ukjent om den er avtalt
      Gitt at linje 1 er på -50,00 kr
      Og at det er ukjent om ytelsen på linje 1 er avtalt med mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen sendt

  Regel: Avtalen må være inngått senest på fakturadatoen

    Scenariomal: Avtale dagen før fakturadatoen eller samme dag er tidsnok, avtale dagen etter er for sent
      Gitt at linje 1 ble avtalt <dag> for inntil 349,00 kr
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | dag             | avgjørelse |
        | 31. januar 2021 | sendt      |
        | 1. februar 2021 | sendt      |
        | 2. februar 2021 | stoppet    |

  Regel: Det som er ukjent om ytelsen eller avtalen, må avklares før fakturaen sendes

    Scenariomal: Er det ukjent om avtalen dekker linjen, settes fakturaen på vent
      Gitt at det er ukjent <spørsmål>
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det er ukjent om forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt på linje 1
      Og det eneste som må avklares, er <spørsmål>

      Eksempler:
        | spørsmål                                                   |
        | hva linjens beløp uten merverdiavgift er (linje 1)         |
        | om ytelsen på linje 1 er avtalt med mottakeren             |
        | når ytelsen på linje 1 ble avtalt                          |
        | hva det avtalte beløpet uten merverdiavgift for linje 1 er |
        | hva fakturadatoen er                                       |

    Scenario: Er både linjens beløp og det avtalte beløpet ukjent, må begge avklares
      Gitt at linjens beløp uten merverdiavgift (linje 1) er ukjent
      Og at det avtalte beløpet uten merverdiavgift for linje 1 er ukjent
      Når fakturaen kontrolleres
      Så er det eneste som må avklares, linjens beløp uten merverdiavgift (linje 1) og det avtalte beløpet uten merverdiavgift for linje 1

    Scenario: Er det ukjent hva linjen gjelder, er det ukjent om den måtte være avtalt
      Gitt at det er ukjent hva linje 1 gjelder
      Og at mottakeren ga opplyst og eksplisitt samtykke til linje 1 den 15. januar 2021
      Og at mottakeren aksepterte å få gaveforespørselen på linje 1 den 15. januar 2021
      Og at ytelsen på linje 1 ikke er avtalt med mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det er ukjent om forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt på linje 1
      Og det eneste som må avklares, er hva linje 1 gjelder

  Regel: Forbudet gjelder betalingskrav

    Scenario: En kreditnota krever ingen betaling, heller ikke for det som ikke er avtalt
      Gitt at dokumentet er en kreditnota
      Og at ytelsen på linje 1 ikke er avtalt med mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
