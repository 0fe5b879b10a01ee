Feature: Channels and the sender's agreements
  AutoInvoice tries to send an invoice electronically: as eFaktura first, then to Vipps Regning; paper is left. From
  20 December 2018 one B2C agreement covers both, at the same price and without fees; the legacy Vipps solution
  stopped working that day. What a sender had to do follows from the agreements that it had.

  Background:
    Given an invoice that may be sent

  @S2
  Rule: Channels are tried in order, up to the first that can certainly be used

    Scenario Outline: What is known of the recipient decides on the channel
      Given the recipient <eFaktura> eFaktura from the sender
      And the recipient <Vipps> Vipps
      When the invoice is screened
      Then only <channel> is tried

      Examples:
        | eFaktura        | Vipps        | channel       |
        | accepts         | uses         | eFaktura      |
        | does not accept | uses         | Vipps Regning |
        | does not accept | does not use | paper         |

    Scenario: A channel that may be possible is tried, too
      Given that it is unknown whether the recipient accepts eFaktura from the sender
      When the invoice is screened
      Then the channels tried are eFaktura and Vipps Regning
      And it is unknown whether eFaktura can be used, for it is unknown whether the recipient accepts eFaktura from the sender
      And Vipps Regning can be used

  Rule: From 20 December 2018 the B2C agreement opens both electronic channels

    @S1
    Scenario: The B2C agreement alone is enough for eFaktura and Vipps Regning
      Given the sender has the B2C agreement
      And the sender does not have the legacy Vipps agreement
      And the invoice is sent on 20 December 2018
      And the invoice is due on 10 January 2019
      When the invoice is screened
      Then eFaktura can be used
      And Vipps Regning can be used

    @S10
    Scenario Outline: The legacy Vipps solution stopped working on 20 December 2018
      Given the sender does not have the B2C agreement
      And the sender has the legacy Vipps agreement
      And the invoice is sent on <day>
      And the invoice is due on 10 January 2019
      When the invoice is screened
      Then the invoice goes <channel>

      Examples:
        | day              | channel          |
        | 19 December 2018 | to Vipps Regning |
        | 20 December 2018 | on paper         |

    @S5
    Scenario Outline: Attachments are no obstacle from 20 December 2018
      Given the recipient does not accept eFaktura from the sender
      And the sender has the legacy Vipps agreement
      And the invoice has 2 attachments
      And the invoice is sent on <day>
      And the invoice is due on 10 January 2019
      When the invoice is screened
      Then the invoice goes <channel>

      Examples:
        | day              | channel          |
        | 19 December 2018 | on paper         |
        | 20 December 2018 | to Vipps Regning |

    Scenario Outline: The due date must be 3 to 365 days after the send date
      Given the recipient does not accept eFaktura from the sender
      And the invoice is sent on 2 February 2021
      And the invoice is due on <day>
      When the invoice is screened
      Then the invoice goes <channel>

      Examples:
        | day             | channel          |
        | 4 February 2021 | on paper         |
        | 5 February 2021 | to Vipps Regning |
        | 2 February 2022 | to Vipps Regning |
        | 3 February 2022 | on paper         |

    @S8
    Scenario: A sender that has declined Vipps does not get it
      Given the recipient does not accept eFaktura from the sender
      And the sender has declined Vipps
      When the invoice is screened
      Then Vipps Regning cannot be used
      And the invoice goes on paper

  Rule: eFaktura and Vipps Regning are equal

    @S3
    Scenario: They cost the same, without fees
      When the invoice is screened
      Then the channels have these properties:
        | channel       | price class | bank fee |
        | eFaktura      | electronic  | none     |
        | Vipps Regning | electronic  | none     |

    @S4
    Scenario: Payments arrive in the ordinary way from both
      When the invoice is screened
      Then the channels have these properties:
        | channel       | the payment arrives                                          |
        | eFaktura      | in the ordinary way, through AutoPay where the sender has it |
        | Vipps Regning | in the ordinary way, through AutoPay where the sender has it |

    @S6
    Scenario: The recipient sees the balance in both
      When the invoice is screened
      Then the channels have these properties:
        | channel       | the payer sees the balance |
        | eFaktura      | yes                        |
        | Vipps Regning | yes                        |

  Rule: What a sender had to do follows from the agreements that it had

    @S7
    Scenario: With both agreements there is nothing to do
      Given the sender has the B2C agreement
      And the sender has the legacy Vipps agreement
      When the sender's agreements are judged on 1 December 2018
      Then the sender has nothing to do
      And the sender is not told by e-mail
      And the sender has the benefits the ordinary payment route, attachments, the balance shown and the same price
      And payments from Vipps arrive in the ordinary way

    @S8
    Scenario: With the B2C agreement only, Vipps comes along; whoever does not want it contacts the activation team
      Given the sender has the B2C agreement
      And the sender does not have the legacy Vipps agreement
      And the sender uses AutoPay
      When the sender's agreements are judged on 1 December 2018
      Then Vipps comes along automatically
      And the sender is told by e-mail
      And the sender has the benefits one agreement, the ordinary payment route, attachments, the balance shown and the same price
      And payments from Vipps arrive through AutoPay
      And the sender gets this guidance:
        """
        Nothing to do. A sender that does not want Vipps contacts the activation team at kundesenteret@visma.com and
        gets another invoice flow.
        """

    @S8
    Scenario: A sender that has declined Vipps gets another invoice flow
      Given the sender has declined Vipps
      When the sender's agreements are judged on 1 December 2018
      Then the sender gets another invoice flow, without Vipps
      And the sender is not told by e-mail
      And the sender has none of the benefits
      And it is not said how payments from Vipps arrive

    @S9
    Scenario: With the legacy Vipps agreement only, the sender must enter the B2C agreement
      Given the sender does not have the B2C agreement
      And the sender has the legacy Vipps agreement
      When the sender's agreements are judged on 1 December 2018
      Then the sender must enter the B2C agreement
      And the sender is told by e-mail
      And the sender has none of the benefits

    Scenario: With neither agreement the migration does not concern the sender
      Given the sender does not have the B2C agreement
      And the sender does not have the legacy Vipps agreement
      When the sender's agreements are judged on 1 December 2018
      Then the migration does not concern the sender

    Scenario: Where an agreement is unknown, it must be established
      Given that it is unknown whether the sender has the legacy Vipps agreement
      When the sender's agreements are judged on 1 December 2018
      Then it is unknown what the sender must do
      And what must be established is whether the sender has the legacy Vipps agreement
