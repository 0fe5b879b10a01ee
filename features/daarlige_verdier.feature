# language: no
Egenskap: Verdier som ikke kan leses
  En verdi av feil slag eller form, eller med et kontrollsiffer som ikke stemmer, rettes ikke og gjettes ikke.
  Den meldes, og opplysningen er ukjent, også der det ellers ville betydd noe at den mangler.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenariomal: Hver verdi meldes med hva som er galt
    Gitt at «<opplysning>» er «<verdi>»
    Når fakturaen kontrolleres
    Så er «<opplysning>» meldt som feil av slaget «<slag>»

    Eksempler:
      | opplysning                    | verdi           | slag        |
      | invoice.due_date              | 2021-02-30      | form        |
      | invoice.due_date              | 15.02.2021      | form        |
      | invoice.payable_amount        | 436,25          | form        |
      | invoice.payable_amount        | 436.255         | form        |
      | invoice.currency              | kroner          | form        |
      | invoice.kind                  | faktura         | choice      |
      | invoice.payment_reference     | 1234567890      | check_digit |
      | invoice.payee_account         | 86011117948     | check_digit |
      | sender.organisation_number    | 974760674       | check_digit |
      | sender.organisation_number    | 97476067        | form        |
      | sender.efaktura_b2c_agreement | kanskje         | type        |
      | recipient.kind                | privatperson    | choice      |
      | recipient.mobile              | 12345678        | form        |
      | recipient.email               | kari.example.no | form        |
      | line[1].kind                  | abonnement      | choice      |
      | line[1].amount                | 1e2             | form        |
      | invoice.send_date             | 2.2.2021        | form        |
      | invoice.issue_date            | 2021-13-01      | form        |
      | invoice.attachments           | to              | type        |
      | sender.vipps_declined         | kanskje         | type        |
      | sender.autopay                | kanskje         | type        |
      | recipient.efaktura            | kanskje         | type        |
      | recipient.vipps               | kanskje         | type        |
      | relationship.agreement        | muntlig         | type        |
      | relationship.claim            | muntlig         | type        |
      | line[1].consent.given         | muntlig         | type        |
      | line[1].consent.given_on      | i fjor          | form        |
      | line[1].gift_acceptance.given | muntlig         | type        |
      | line[1].agreed.given          | muntlig         | type        |
      | line[1].agreed.given_on       | i fjor          | form        |
      | line[1].agreed.amount         | gratis          | form        |
      | line[1].period_start          | januar          | form        |

  Scenario: En betalingsreferanse som ikke er en KID, er ingen feil
    Gitt at «betalingsreferansen» er «RF18539007547034»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og ingen feil er meldt

  Scenariomal: En ukjent opplysning som et forbud trenger, setter fakturaen på vent
    Gitt at «<opplysning>» er «<verdi>»
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og bare «<opplysning>» mangler

    Eksempler:
      | opplysning     | verdi        |
      | recipient.kind | privatperson |
      | line[1].amount | 1e2          |

  Scenario: En ukjent opplysning som ingen regel trenger, endrer ingenting
    Gitt at «beløpet å betale» er «mye»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: Et dokument av ukjent type er verken en faktura eller en kreditnota
    Gitt at svaret på «om dokumentet er en faktura eller en kreditnota» er «vet ikke»
    Og at det verken er avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og bare «om dokumentet er en faktura eller en kreditnota» mangler

  Scenario: To linjer med samme id
    Gitt at fakturaen har disse linjene:
      | id | kind  | amount | agreed.given | agreed.given_on | agreed.amount |
      | a  | goods | 10.00  | ja           | 2021-01-15      | 10.00         |
      | a  | goods | 20.00  | nei          |                 |               |
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og «line[#2].id» er meldt som feil av slaget «line_id»
