# language: no
Egenskap: Verdier som ikke kan leses
  En verdi av feil slag eller form, eller med et kontrollsiffer som ikke stemmer, rettes ikke og gjettes ikke.
  Den meldes, og faktumet er ukjent, også der et fravær ellers ville betydd noe.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenariomal: Hver verdi meldes med hva som er galt
    Gitt at «<faktum>» er «<verdi>»
    Når fakturaen kontrolleres
    Så er «<faktum>» meldt som feil av slaget «<slag>»

    Eksempler:
      | faktum                        | verdi            | slag        |
      | invoice.due_date              | 2021-02-30       | form        |
      | invoice.due_date              | 15.02.2021       | form        |
      | invoice.payable_amount        | 436,25           | form        |
      | invoice.payable_amount        | 436.255          | form        |
      | invoice.currency              | kroner           | form        |
      | invoice.kind                  | faktura          | choice      |
      | invoice.payment_reference     | 1234567890       | check_digit |
      | invoice.payee_account         | 86011117948      | check_digit |
      | sender.organisation_number    | 974760674        | check_digit |
      | sender.organisation_number    | 97476067         | form        |
      | sender.efaktura_b2c_agreement | kanskje          | type        |
      | recipient.kind                | privatperson     | choice      |
      | recipient.mobile              | 12345678         | form        |
      | recipient.email               | kari.example.no  | form        |
      | line[1].kind                  | abonnement       | choice      |
      | line[1].amount                | 1e2              | form        |

  Scenario: En betalingsreferanse som ikke er en KID, er ingen feil
    Gitt at «invoice.payment_reference» er «RF18539007547034»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og ingen feil er meldt

  Scenariomal: Et ukjent faktum som et forbud trenger, setter fakturaen på vent
    Gitt at «<faktum>» er «<verdi>»
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og mangler bare «<faktum>»

    Eksempler:
      | faktum         | verdi        |
      | recipient.kind | privatperson |
      | line[1].amount | 1e2          |

  Scenario: Et ukjent faktum som ingen regel trenger, endrer ingenting
    Gitt at «invoice.payable_amount» er «mye»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: En dokumenttype som ikke kan leses, er ikke en faktura og ikke en kreditnota
    Gitt at «invoice.kind» er «faktura»
    Og det er verken avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og mangler bare «invoice.kind»

  Scenario: To linjer med samme id
    Gitt fakturaen har disse linjene:
      | id | kind  | amount | agreed.given | agreed.given_on | agreed.amount |
      | a  | goods | 10.00  | ja           | 2021-01-15      | 10.00         |
      | a  | goods | 20.00  | nei          |                 |               |
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og er «line[#2].id» meldt som feil av slaget «line_id»
