Feature: Forbidden payment demands
  Four kinds of payment demands to private persons are forbidden. An invoice that breaks a prohibition is blocked;
  one of which that is unknown is held until somebody has established the missing facts; every other is sent.

  The scenarios start from “an invoice that may be sent”: the recipient is a private person who accepts eFaktura, the
  sender has the B2C agreement, an agreement with the recipient is established, and the only line is for goods at
  NOK 349.00, agreed on 15 January 2021. The invoice is dated 1 February and sent on 2 February 2021.

  Background:
    Given an invoice that may be sent

  Rule: What breaks no prohibition is sent, and only private persons are in scope

    Scenario: An invoice with everything in order is sent
      When the invoice is screened
      Then the invoice is sent
      And the invoice goes as eFaktura
      And no prohibition is broken or unknown
      And no advice is given
      And no problem is reported

    Scenario: An invoice to an organisation is out of scope, whatever it demands
      Given the recipient is an organisation
      And there is neither agreement nor claim between recipient and creditor
      When the invoice is screened
      Then the invoice is out of scope
      And no prohibition is broken or unknown
      And no channel is considered
      And no advice is given
      And the decision does not rest on the register
      And nothing must be established

    Scenario: A credit note demands nothing
      Given the document is a credit note
      And there is neither agreement nor claim between recipient and creditor
      When the invoice is screened
      Then the invoice is sent
      And the prohibition “Payment demand without agreement or claim” is not broken

  @S12
  Rule: A subscription may be invoiced only to a recipient who has given informed and explicit consent

    Scenario Outline: A consent that is not complete blocks the invoice
      Given line 1 is a subscription
      And the recipient gave informed and explicit consent to line 1 on 15 January 2021
      And <flaw of the consent>
      When the invoice is screened
      Then the invoice is blocked
      And the prohibition “Subscription without informed and explicit consent” is broken on line 1
      And no channel is tried

      Examples:
        | flaw of the consent                   |
        | consent was not given (line 1)        |
        | the consent was not informed (line 1) |
        | the consent was not explicit (line 1) |

    Scenario Outline: Consent is in time on the send date, and too late the day after
      Given line 1 is a subscription
      And the recipient gave informed and explicit consent to line 1 on <day>
      And the invoice is sent on 2 February 2021
      When the invoice is screened
      Then the invoice is <decision>

      Examples:
        | day             | decision |
        | 2 February 2021 | sent     |
        | 3 February 2021 | blocked  |

    Scenario Outline: A consent that is withdrawn by the send date does not count
      Given line 1 is a subscription
      And the recipient gave informed and explicit consent to line 1 on 15 January 2021
      And the consent to line 1 was withdrawn on <day>
      And the invoice is sent on 2 February 2021
      When the invoice is screened
      Then the invoice is <decision>

      Examples:
        | day             | decision |
        | 2 February 2021 | blocked  |
        | 3 February 2021 | sent     |

  @S13
  Rule: Payment may be demanded only where an agreement or a claim is established

    Scenario: With neither an agreement nor a claim the invoice is blocked
      Given there is neither agreement nor claim between recipient and creditor
      When the invoice is screened
      Then the invoice is blocked
      And the prohibition “Payment demand without agreement or claim” is broken

    Scenario: A claim is enough
      Given no agreement with the recipient is established
      And a claim on the recipient is established
      When the invoice is screened
      Then the invoice is sent

    Scenario: Where there is no agreement and the claim is unknown, the claim must be established
      Given no agreement with the recipient is established
      And that it is unknown whether a claim on the recipient is established
      When the invoice is screened
      Then the invoice is held
      And it is unknown whether the prohibition “Payment demand without agreement or claim” is broken
      And all that must be established is whether a claim on the recipient is established

  @S14
  Rule: A gift of money may be requested only from a recipient who has accepted such requests in advance

    Scenario Outline: Acceptance is in time on the send date, and too late the day after
      Given line 1 is a request for a gift
      And the recipient accepted the gift request on line 1 on <day>
      And the invoice is sent on 2 February 2021
      When the invoice is screened
      Then the invoice is <decision>

      Examples:
        | day             | decision |
        | 2 February 2021 | sent     |
        | 3 February 2021 | blocked  |

    Scenario: An acceptance withdrawn on the send date does not count
      Given line 1 is a request for a gift
      And the recipient accepted the gift request on line 1 on 15 January 2021
      And the acceptance for line 1 was withdrawn on 2 February 2021
      And the invoice is sent on 2 February 2021
      When the invoice is screened
      Then the invoice is blocked
      And the prohibition “Unsolicited request for a gift of money” is broken on line 1

  @S15
  Rule: New items and extended subscriptions may be invoiced only within what was agreed in advance

    Scenario Outline: The agreed amount is the limit, to the øre
      Given line 1 is for <amount>
      And line 1 was agreed on 15 January 2021 for up to NOK 349.00
      When the invoice is screened
      Then the invoice is <decision>

      Examples:
        | amount     | decision |
        | NOK 349.00 | sent     |
        | NOK 349.01 | blocked  |

    Scenario Outline: An agreement is in time on the issue date, and too late the day after
      Given the invoice is dated 1 February 2021
      And line 1 was agreed on <day> for up to NOK 349.00
      When the invoice is screened
      Then the invoice is <decision>

      Examples:
        | day             | decision |
        | 1 February 2021 | sent     |
        | 2 February 2021 | blocked  |

    Scenario: Of several lines, only those beyond what was agreed are named
      Given the invoice has these lines:
        | line | what it is     | amount     | agreed | agreed on       | agreed amount | consent | informed | explicit | consent given on |
        | 1    | goods          | NOK 349.00 | yes    | 15 January 2021 | NOK 349.00    |         |          |          |                  |
        | 2    | a service      | NOK 50.00  | no     |                 |               |         |          |          |                  |
        | 3    | a subscription | NOK 129.00 | yes    | 15 January 2021 | NOK 99.00     | yes     | yes      | yes      | 15 January 2021  |
      When the invoice is screened
      Then the invoice is blocked
      And the prohibition “New goods or services, or an extended subscription, beyond what was agreed” is broken on line 2 and 3

    Scenario: What is not known must be established before the invoice is sent
      Given that the agreed amount without VAT (line 1) is unknown
      When the invoice is screened
      Then the invoice is held
      And it is unknown whether the prohibition “New goods or services, or an extended subscription, beyond what was agreed” is broken on line 1
      And all that must be established is the agreed amount without VAT (line 1)
