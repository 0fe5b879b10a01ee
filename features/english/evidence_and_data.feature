Feature: Advice, evidence, and values that cannot be read
  A sender should have much and correct information about the customer, and can document in a register what invoices
  do not say. The invoice goes before the register. A value that cannot be read is reported, and its fact is unknown.

  Background:
    Given an invoice that may be sent

  @S11
  Rule: Advice tells what would help, and changes no decision

    Scenario: Without a mobile number there is no Vipps
      Given that the mobile number is unknown
      When the invoice is screened
      Then the invoice is sent
      And Vipps Regning cannot be used
      And the advice “The mobile number is missing” is given, for the mobile number is missing

    Scenario: Without an address an invoice on paper does not arrive
      Given that the street address is unknown
      And that the city is unknown
      When the invoice is screened
      Then the invoice is sent
      And the advice “Incomplete name or address of the recipient” is given, for the street address and the city are missing

  Rule: The register documents what the invoice does not say

    Scenario: Consent in the register is enough, and the catalogue says what the line is
      Given the invoice has these lines:
        | line | item | amount     | agreed | agreed on       | agreed amount |
        | 1    | tv   | NOK 100.00 | yes    | 15 January 2021 | NOK 100.00    |
      And the sender's catalogue has these items:
        | item | what it is     |
        | tv   | a subscription |
      And the register has this evidence:
        | item | kind    | from            | informed | explicit | reference |
        | tv   | consent | 15 January 2021 | yes      | yes      | S-1       |
      When the invoice is screened
      Then the invoice is sent
      And the decision rests on “S-1” in the register

    Scenario: An agreement and an agreed item in the register are enough
      Given that it is unknown whether an agreement with the recipient is established
      And the invoice has these lines:
        | line | item   | what it is | amount     |
        | 1    | coffee | goods      | NOK 349.00 |
      And the register has this evidence:
        | item   | kind        | from            | amount with VAT | rate | reference |
        |        | agreement   | 15 January 2021 |                 |      | A-1       |
        | coffee | agreed item | 15 January 2021 | NOK 436.25      | 25 % | Y-1       |
      When the invoice is screened
      Then the invoice is sent
      And the decision rests on these entries of the register:
        | line | kind        | reference |
        |      | agreement   | A-1       |
        | 1    | agreed item | Y-1       |

    Scenario: Where the register is complete, no entry means no
      Given line 1 is a subscription
      And the register is complete for consents
      When the invoice is screened
      Then the invoice is blocked

  Rule: What cannot be read is unknown, and is reported

    Scenario: A group of facts that cannot be read is unknown
      Given line 1 is a subscription
      And that only “by word of mouth” stands where the consent to line 1 should
      When the invoice is screened
      Then the invoice is held
      And it is reported that the consent to line 1 is of the wrong type

    Scenario: A line that cannot be read is unknown, and the others are judged
      Given line 2 is for NOK 349.01
      And that only “coffee” stands where line 1 should
      When the invoice is screened
      Then the invoice is blocked
      And the prohibition “New goods or services, or an extended subscription, beyond what was agreed” is broken on line 2
      And it is reported that line #1 is of the wrong type

    Scenario: Lines that were lost are not the same as no lines
      Given the invoice has no lines and NOK 436.25 to pay
      When the invoice is screened
      Then the invoice is held
      And it is unknown whether the prohibition “New goods or services, or an extended subscription, beyond what was agreed” is broken
      And it is reported that the invoice lines are missing
      And all that must be established is the invoice lines

  Rule: An invoice may come from a file, and is screened on a day

    Scenario Outline: Each document of a file has its own decision
      Given document number <number> of the file “../filer/stromming.json”
      When the invoice is screened
      Then the invoice is <decision>

      Examples:
        | number | decision |
        | 1      | sent     |
        | 2      | blocked  |
        | 3      | held     |

    Scenario: The sender's register stands beside the file
      Given the invoice in the file “../filer/kaffe.xml”
      And the register in the folder “../filer/register”
      When the invoice is screened
      Then the invoice goes to Vipps Regning

    Scenario Outline: Without a send date the screening date counts
      Given that the send date is unknown
      And line 1 is a subscription
      And the recipient gave informed and explicit consent to line 1 on 3 February 2021
      And the screening date is <day>
      When the invoice is screened
      Then the invoice is <decision>

      Examples:
        | day             | decision |
        | 2 February 2021 | blocked  |
        | 3 February 2021 | sent     |
