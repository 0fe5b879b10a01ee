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

  Scenariomal: Det som kan skrives på flere måter, er ingen feil
    Gitt at «<opplysning>» er «<verdi>»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og ingen feil er meldt

    Eksempler:
      | opplysning                 | verdi              |
      | sender.organisation_number | 974 760 673        |
      | invoice.payee_account      | 8601.11.17947      |
      | invoice.payee_account      | NO93 8601 1117 947 |
      | invoice.payable_amount     | 436.2500           |

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
    Gitt at «valutaen» er «kroner»
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

  Scenariomal: En linje uten en id som kan brukes, får navn etter plassen sin
    Gitt at fakturaen har disse linjene:
      | id   | kind  | amount | agreed.given |
      | <id> | goods | 10.00  | nei          |
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» er brutt på linje #1
    Og «line[#1].id» er meldt som feil av slaget «line_id»

    Eksempler:
      | id |
      |    |
      | #7 |

  Scenario: En tekst der det skulle stått en gruppe opplysninger, gjør hele gruppen ukjent
    Gitt at linje 1 er et abonnement
    Og at det bare står «muntlig» der «line[1].consent» skulle stått
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og disse opplysningene mangler, i denne rekkefølgen:
      | om samtykke er gitt (linje 1)                  |
      | om samtykket er opplyst (linje 1)              |
      | om samtykket er eksplisitt (linje 1)           |
      | datoen samtykket ble gitt (linje 1)            |
      | datoen samtykket ble trukket tilbake (linje 1) |
    Og «line[1].consent» er meldt som feil av slaget «type»

  Scenario: En tekst der linjene skulle stått, gjør linjene ukjente
    Gitt at det bare står «kaffe» der «fakturalinjene» skulle stått
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og bare «fakturalinjene» mangler
    Og «fakturalinjene» er meldt som feil av slaget «type»

  Scenariomal: En linje som ikke kan leses, er ukjent, og de andre linjene vurderes
    Gitt at linje 2 er på 349,01 kr
    Og at det bare står «<innhold>» der linje 1 skulle stått
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» er brutt på linje 2
    Og det er ukjent om forbudet «Abonnement uten opplyst og eksplisitt samtykke» er brutt på linje #1
    Og «line[#1]» er meldt som feil av slaget «type»

    Eksempler:
      | innhold |
      | kaffe   |
      | null    |
