# language: no
Egenskap: Evidensregisteret
  Det fakturaen selv ikke sier, kan avsenderens register si. Fakturaen går foran registeret, og registeret
  retter ingenting.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at fakturaen har disse linjene:
      | id | service | kind         | amount | agreed.given | agreed.given_on | agreed.amount |
      | 1  | tv      | subscription | 100.00 | ja           | 2021-01-15      | 100.00        |
    Og at fakturaen sendes 2. februar 2021

  Scenario: Et samtykke i registeret er nok
    Gitt at registeret har denne evidensen:
      | service | kind    | from       | withdrawn | informed | explicit | reference |
      | tv      | consent | 2021-01-15 |           | ja       | ja       | S-1       |
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og evidensen som ble brukt, er «S-1»

  Scenario: Det nyeste samtykket teller
    Gitt at registeret har denne evidensen:
      | service | kind    | from       | withdrawn  | informed | explicit | reference |
      | tv      | consent | 2020-01-15 |            | ja       | ja       | S-1       |
      | tv      | consent | 2021-01-15 | 2021-02-01 | ja       | ja       | S-2       |
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og evidensen som ble brukt, er «S-2»

  Scenario: Et nytt samtykke etter at det gamle ble trukket tilbake, er nok
    Gitt at registeret har denne evidensen:
      | service | kind    | from       | withdrawn  | informed | explicit | reference |
      | tv      | consent | 2020-01-15 | 2020-12-01 | ja       | ja       | S-1       |
      | tv      | consent | 2021-01-15 |            | ja       | ja       | S-2       |
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og evidensen som ble brukt, er «S-2»

  Scenario: Et samtykke fra dagen etter utsendelsen kommer for sent
    Gitt at registeret har denne evidensen:
      | service | kind    | from       | informed | explicit | reference |
      | tv      | consent | 2021-02-03 | ja       | ja       | S-1       |
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og evidensen som ble brukt, er «S-1»

  Scenario: Av to rader om det samme teller den siste
    Gitt at registeret har denne evidensen:
      | service | kind    | from       | informed | explicit | reference |
      | tv      | consent | 2021-01-15 | ja       | nei      | S-1       |
      | tv      | consent | 2021-01-15 | ja       | ja       | S-2       |
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og evidensen som ble brukt, er «S-2»

  Scenario: Uten en oppføring i registeret er samtykket ukjent
    Gitt at registeret har denne evidensen:
      | service | kind    | from       | informed | explicit |
      | radio   | consent | 2021-01-15 | ja       | ja       |
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent

  Scenario: Er registeret fullstendig, betyr en manglende oppføring nei
    Gitt at registeret er fullstendig for «consent»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Abonnement uten opplyst og eksplisitt samtykke» er brutt på linje 1

  Scenario: Er registeret fullstendig for avtaler og fordringer, finnes det ingen andre
    Gitt at linje 1 er en vare
    Og at svaret på «om det er etablert en avtale med mottakeren» er ukjent
    Og at registeret er fullstendig for «agreement, claim»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Verken avtale eller fordring» er brutt

  Scenario: Er registeret fullstendig for aksept, har mottakeren ellers ikke sagt ja
    Gitt at linje 1 er en forespørsel om pengegave
    Og at registeret er fullstendig for «gift_acceptance»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Uoppfordret forespørsel om pengegave» er brutt på linje 1

  Scenario: Er registeret fullstendig for avtalte ytelser, er ellers ingenting avtalt
    Gitt at fakturaen har disse linjene:
      | id | service | kind  | amount |
      | 1  | kaffe   | goods | 349.00 |
    Og at registeret er fullstendig for «agreed»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» er brutt på linje 1

  Scenario: Et fullstendig register sier ingenting om en kunde uten kundenummer
    Gitt at «kundenummeret» er ukjent
    Og at registeret er fullstendig for «consent»
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent

  Scenariomal: En avtale i registeret, holdt opp mot den dagen fakturaen sendes
    Gitt at linje 1 er en vare
    Og at svaret på «om det er etablert en avtale med mottakeren» er ukjent
    Og at svaret på «om det er etablert en fordring på mottakeren» er «nei»
    Og at registeret har denne evidensen:
      | kind      | from       | withdrawn | reference |
      | agreement | 2021-01-15 | <oppsagt> | A-1       |
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>
    Og evidensen som ble brukt, er «A-1»

    Eksempler:
      | oppsagt    | avgjørelse |
      | 2021-02-02 | stoppet    |
      | 2021-02-03 | sendt      |

  Scenario: En fordring i registeret er nok
    Gitt at linje 1 er en vare
    Og at svaret på «om det er etablert en avtale med mottakeren» er ukjent
    Og at registeret har denne evidensen:
      | kind  | from       | reference |
      | claim | 2021-01-15 | F-1       |
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og evidensen som ble brukt, er «F-1»

  Scenario: Et nei som noen har fastslått, er et nei
    Gitt at linje 1 er en vare
    Og at svaret på «om det er etablert en avtale med mottakeren» er ukjent
    Og at svaret på «om det er etablert en fordring på mottakeren» er «nei»
    Og at registeret har denne evidensen:
      | kind      | given | from       | reference |
      | agreement | nei   | 2021-01-15 | A-1       |
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Verken avtale eller fordring» er brutt

  Scenario: En aksept uten tjeneste gjelder alle gaveforespørslene fra avsenderen
    Gitt at linje 1 er en forespørsel om pengegave
    Og at registeret har denne evidensen:
      | service | kind            | from       | reference |
      |         | gift_acceptance | 2021-01-15 | G-1       |
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og evidensen som ble brukt, er «G-1»

  Scenario: En aksept for linjens egen tjeneste går foran den som gjelder alt
    Gitt at linje 1 er en forespørsel om pengegave
    Og at registeret har denne evidensen:
      | service | kind            | given | from       | reference |
      |         | gift_acceptance | ja    | 2021-01-15 | G-1       |
      | tv      | gift_acceptance | nei   | 2020-01-15 | G-2       |
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og evidensen som ble brukt, er «G-2»

  Scenariomal: Det avtalte beløpet i registeret, holdt opp mot linjen på 349,00 kr
    Gitt at fakturaen har disse linjene:
      | id | service | kind  | amount |
      | 1  | kaffe   | goods | 349.00 |
    Og at registeret har denne evidensen:
      | service | kind   | from       | amount | amount_with_vat | vat_rate | currency | reference |
      | kaffe   | agreed | 2021-01-15 | <uten> | <med>           | <sats>   | <valuta> | Y-1       |
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | uten   | med    | sats | valuta | avgjørelse   |
      | 349.00 |        |      |        | sendt        |
      | 348.99 |        |      |        | stoppet      |
      |        | 436.25 | 25   |        | sendt        |
      |        | 436.24 | 25   |        | stoppet      |
      | 349.00 |        |      | EUR    | satt på vent |

  Scenariomal: Dagen ytelsen ble avtalt ifølge registeret, holdt opp mot fakturadatoen
    Gitt at fakturaen har disse linjene:
      | id | service | kind  | amount |
      | 1  | kaffe   | goods | 349.00 |
    Og at fakturaen er datert 1. februar 2021
    Og at registeret har denne evidensen:
      | service | kind   | from  | amount | reference |
      | kaffe   | agreed | <dag> | 349.00 | Y-1       |
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | dag        | avgjørelse |
      | 2021-02-01 | sendt      |
      | 2021-02-02 | stoppet    |

  Scenario: Katalogen sier hva linjen gjelder når fakturaen ikke gjør det
    Gitt at «hva linjen gjelder (linje 1)» er ukjent
    Og at svaret på «om samtykke er gitt (linje 1)» er «nei»
    Og at avsenderens katalog har disse varene:
      | service | kind         |
      | tv      | subscription |
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Abonnement uten opplyst og eksplisitt samtykke» er brutt på linje 1

  Scenario: Fakturaen går foran katalogen
    Gitt at linje 1 er en vare
    Og at avsenderens katalog har disse varene:
      | service | kind         |
      | tv      | subscription |
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: Fakturaen går foran registeret, helt og fullt
    Gitt at svaret på «om samtykke er gitt (linje 1)» er «ja»
    Og at registeret har denne evidensen:
      | service | kind    | from       | informed | explicit |
      | tv      | consent | 2021-01-15 | ja       | ja       |
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og disse opplysningene mangler, i denne rekkefølgen:
      | om samtykket er opplyst (linje 1)    |
      | om samtykket er eksplisitt (linje 1) |
      | datoen samtykket ble gitt (linje 1)  |

  Scenario: Registeret retter ikke en feil verdi i fakturaen
    Gitt at svaret på «om samtykke er gitt (linje 1)» er «muntlig»
    Og at registeret har denne evidensen:
      | service | kind    | from       | informed | explicit |
      | tv      | consent | 2021-01-15 | ja       | ja       |
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent

  Scenario: For en virksomhet brukes ingen evidens
    Gitt at mottakeren er en virksomhet
    Og at registeret har denne evidensen:
      | service | kind    | from       | informed | explicit | reference |
      | tv      | consent | 2021-01-15 | ja       | ja       | S-1       |
    Når fakturaen kontrolleres
    Så er fakturaen ikke omfattet
    Og ingen evidens er brukt
