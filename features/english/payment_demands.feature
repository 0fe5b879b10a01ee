Feature: Forbidden payment demands
  The same steps in English: one example of each prohibition, for readers who do not know Norwegian.

  Background:
    Given an invoice that may be sent

  Scenario: An invoice with everything in order is sent
    When the invoice is screened
    Then the invoice is sent
    And the invoice goes as “eFaktura”
    And no problem is reported

  Scenario: A subscription needs informed and explicit consent
    Given line 1 is a subscription
    And the recipient gave complete consent to line 1 on 15 January 2021
    And that the answer to “whether the consent was explicit (line 1)” is “no”
    When the invoice is screened
    Then the invoice is blocked
    And the prohibition “Subscription without informed and explicit consent” is broken on line 1
    And no channel is tried

  Scenario: A consent withdrawn on the send date is withdrawn
    Given line 1 is a subscription
    And the recipient gave complete consent to line 1 on 15 January 2021
    And the consent to line 1 was withdrawn on 2 February 2021
    And the invoice is sent on 2 February 2021
    When the invoice is screened
    Then the invoice is blocked

  Scenario: There must be an agreement or a claim
    Given there is neither agreement nor claim between recipient and creditor
    When the invoice is screened
    Then the invoice is blocked
    And the prohibition “Neither agreement nor claim” is broken

  Scenario: A gift of money is asked for only where the recipient accepted to be asked
    Given line 1 is a request for a gift
    And the recipient accepted the gift request on line 1 on 3 February 2021
    And the invoice is sent on 2 February 2021
    When the invoice is screened
    Then the invoice is blocked
    And the prohibition “Unsolicited request for a gift of money” is broken on line 1

  Scenario: An acceptance withdrawn on the send date is withdrawn
    Given line 1 is a request for a gift
    And the recipient accepted the gift request on line 1 on 15 January 2021
    And the acceptance for line 1 was withdrawn on 2 February 2021
    And the invoice is sent on 2 February 2021
    When the invoice is screened
    Then the invoice is blocked

  Scenario: Not an øre more than was agreed
    Given line 1 is for NOK 349.00
    And line 1 was agreed on 15 January 2021 for up to NOK 348.99
    When the invoice is screened
    Then the invoice is blocked
    And the prohibition “unagreed-upgrade” is broken on line 1

  Scenario: What nobody knows is found out first
    Given that “the agreed amount without VAT (line 1)” is unknown
    When the invoice is screened
    Then the invoice is held
    And it is unknown whether the prohibition “unagreed-upgrade” is broken on line 1
    And only “the agreed amount without VAT (line 1)” is missing

  Scenario: A credit note demands nothing
    Given the document is a credit note
    And there is neither agreement nor claim between recipient and creditor
    When the invoice is screened
    Then the invoice is sent
    And the prohibition “Neither agreement nor claim” is not broken

  Scenario: Only invoices to private persons are in scope
    Given the recipient is an organisation
    And there is neither agreement nor claim between recipient and creditor
    When the invoice is screened
    Then the invoice is out of scope
    And no prohibition is broken or unknown
    And no channel is considered
    And no advice is given
    And no evidence is used
    And nothing is missing

  Scenario: A group of facts that cannot be read is unknown
    Given line 1 is a subscription
    And that only “by word of mouth” stands where “line[1].consent” should
    When the invoice is screened
    Then the invoice is held
    And “line[1].consent” is reported as a problem of the kind “type”

  Scenario: A line that cannot be read is unknown, and the others are judged
    Given line 2 is for NOK 349.01
    And that only “coffee” stands where line 1 should
    When the invoice is screened
    Then the invoice is blocked
    And the prohibition “unagreed-upgrade” is broken on line 2
    And “line[#1]” is reported as a problem of the kind “type”

  Scenario: Lines that were lost are not the same as no lines
    Given the invoice has no lines and NOK 436.25 to pay
    When the invoice is screened
    Then the invoice is held
    And it is unknown whether the prohibition “unagreed-upgrade” is broken
    And only “the invoice lines” is missing
