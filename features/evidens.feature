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
