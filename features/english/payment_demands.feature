Feature: Forbidden payment demands
  The same steps in English: one example of each prohibition, for readers who do not know Norwegian.

  Background:
    Given an invoice that may be sent

  Scenario: An invoice with everything in order is sent
    When the invoice is screened
    Then the invoice is sent
    And the invoice goes as “efaktura”
    And no problem is reported

  Scenario: A subscription needs informed and explicit consent
    Given line 1 is a subscription
    And the recipient gave complete consent to line 1 on 15 January 2021
    And that “line[1].consent.explicit” is “no”
    When the invoice is screened
    Then the invoice is blocked
    And the prohibition “unconsented-subscription” is broken on line 1

  Scenario: There must be an agreement or a claim
    Given there is neither agreement nor claim between recipient and creditor
    When the invoice is screened
    Then the invoice is blocked
    And the prohibition “no-creditor-relationship” is broken

  Scenario: A gift of money is asked for only where the recipient accepted to be asked
    Given line 1 is a request for a gift
    And the recipient accepted the gift request on line 1 on 3 February 2021
    And the invoice is sent on 2 February 2021
    When the invoice is screened
    Then the invoice is blocked
    And the prohibition “unsolicited-gift-request” is broken on line 1

  Scenario: Not an øre more than was agreed
    Given line 1 was agreed on 15 January 2021 for up to NOK 348.99
    When the invoice is screened
    Then the invoice is blocked
    And the prohibition “unagreed-upgrade” is broken on line 1

  Scenario: What nobody knows is found out first
    Given that “line[1].agreed.amount” is unknown
    When the invoice is screened
    Then the invoice is held
    And only “line[1].agreed.amount” is missing
