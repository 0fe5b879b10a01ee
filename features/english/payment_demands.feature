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
