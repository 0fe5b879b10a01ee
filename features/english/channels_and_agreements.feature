Feature: Channels, advice, evidence and the sender's agreements
  The rest of the steps in English.

  Background:
    Given an invoice that may be sent

  Scenario Outline: The legacy Vipps solution ended on 20 December 2018
    Given the recipient does not accept eFaktura from the sender
    And that the answer to “whether the sender has the B2C agreement” is “no”
    And that the answer to “whether the sender has the legacy Vipps agreement” is “yes”
    And the invoice is sent on <day>
    And the invoice is due on 10 January 2019
    When the invoice is screened
    Then the invoice goes as “<channel>”

    Examples:
      | day              | channel       |
      | 19 December 2018 | Vipps Regning |
      | 20 December 2018 | paper         |

  Scenario: What may be possible is tried too
    Given that the answer to “whether the recipient accepts eFaktura from the sender” is unknown
    And the invoice has 2 attachments
    When the invoice is screened
    Then the channels tried are “eFaktura, Vipps Regning”
    And it is unknown whether the channel “eFaktura” can be used, for “recipient.efaktura” is missing
    And the channel “Vipps Regning” can be used

  Scenario: Without a mobile number there is no Vipps
    Given that “the mobile number” is unknown
    When the invoice is screened
    Then the channel “Vipps Regning” cannot be used
    And the advice “The mobile number is missing” is given for “the mobile number”

  Scenario: eFaktura and Vipps Regning cost the same
    When the invoice is screened
    Then the channels have these properties:
      | channel       | price class | fee | attachments | balance shown | payment arrives     |
      | eFaktura      | electronic  | 0   | yes         | yes           | ordinary_or_autopay |
      | Vipps Regning | electronic  | 0   | yes         | yes           | ordinary_or_autopay |

  Scenario: The register and the catalogue say what the invoice does not
    Given the invoice has these lines:
      | id | service | amount | agreed.given | agreed.given_on | agreed.amount |
      | 1  | tv      | 100.00 | yes          | 2021-01-15      | 100.00        |
    And the sender's catalogue has these items:
      | service | kind         |
      | tv      | subscription |
    And the register has this evidence:
      | service | kind    | from       | informed | explicit | reference |
      | tv      | consent | 2021-01-15 | true     | true     | S-1       |
    When the invoice is screened
    Then the invoice is sent
    And the evidence used is “S-1”

  Scenario: Where the register is complete, no entry means no
    Given line 1 is a subscription
    And the register is complete for “consent”
    When the invoice is screened
    Then the invoice is blocked

  Scenario: Without a send date the screening date counts
    Given that “the send date” is unknown
    And the invoice is dated 1 February 2021
    And line 1 is a subscription
    And the recipient gave complete consent to line 1 on 3 February 2021
    When the invoice is screened on 3 February 2021
    Then the invoice is sent

  Scenario: A sender with the B2C agreement gets Vipps too
    When the sender's agreements are judged on 1 December 2018
    Then the sender's next step is “vipps_included”
    And the sender is told by e-mail: yes
    And the benefits are “one_agreement, ordinary_payment_route, attachments, balance_shown, same_price”
    And payments arrive as “ordinary”

  Scenario: What is not known of the sender is named
    Given that the answer to “whether the sender has the legacy Vipps agreement” is unknown
    When the sender's agreements are judged on 1 December 2018
    Then the sender's next step is “unknown”
    And missing of the sender is “whether the sender has the legacy Vipps agreement”
