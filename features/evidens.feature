# language: no
Egenskap: Evidensregisteret
  Det som fakturaen selv ikke sier, kan avsenderens register si. Fakturaen går foran registeret, og registeret
  retter ingenting.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og fakturaen har disse linjene:
      | id | service | kind         | amount | agreed.given | agreed.given_on | agreed.amount |
      | 1  | tv      | subscription | 100.00 | ja           | 2021-01-15      | 100.00        |
    Og fakturaen sendes 2. februar 2021

  Scenario: Et samtykke i registeret er nok
    Gitt registeret har denne evidensen:
      | service | kind    | from       | withdrawn | informed | explicit | reference |
      | tv      | consent | 2021-01-15 |           | ja       | ja       | S-1       |
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og evidensen som ble brukt er «S-1»

  Scenario: Det nyeste samtykket teller
    Gitt registeret har denne evidensen:
      | service | kind    | from       | withdrawn  | informed | explicit | reference |
      | tv      | consent | 2020-01-15 |            | ja       | ja       | S-1       |
      | tv      | consent | 2021-01-15 | 2021-02-01 | ja       | ja       | S-2       |
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og evidensen som ble brukt er «S-2»

  Scenario: Uten noe i registeret er samtykket ukjent
    Gitt registeret har denne evidensen:
      | service | kind    | from       | informed | explicit |
      | radio   | consent | 2021-01-15 | ja       | ja       |
    Når fakturaen kontrolleres
    Så blir fakturaen på vent

  Scenario: Er registeret fullstendig, betyr ingenting nei
    Gitt registeret er fullstendig for «consent»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «unconsented-subscription» er brutt på linje 1

  Scenario: Fakturaen går foran registeret, helt og fullt
    Gitt at «line[1].consent.given» er «ja»
    Og registeret har denne evidensen:
      | service | kind    | from       | informed | explicit |
      | tv      | consent | 2021-01-15 | ja       | ja       |
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og mangler bare «line[1].consent.informed, line[1].consent.explicit, line[1].consent.given_on»
