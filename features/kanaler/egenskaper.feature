# language: no
Egenskap: Pris, gebyrer, oppgjør, vedlegg og saldo
  Fra 20. desember 2018 er eFaktura og Vipps Regning likestilt for avsenderen og mottakeren: Prisen er den samme,
  verken banker eller Vipps tar ekstra betalt, og betalingene kommer inn på ordinær måte. Begge tar vedlegg, og
  mottakeren ser saldoen på kontoen. Til og med 19. desember 2018 hadde den gamle Vipps-løsningen ikke disse
  egenskapene.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at fakturaen sendes 20. desember 2018

  @S3
  Regel: Prisen er den samme i begge de elektroniske kanalene, uten ekstra gebyrer

    Scenario: eFaktura og Vipps Regning har samme prisklasse og ingen bankgebyrer
      Når fakturaen kontrolleres
      Så har kanalene disse egenskapene:
        | kanal         | prisklasse  | bankgebyr  |
        | eFaktura      | elektronisk | ingen      |
        | Vipps Regning | elektronisk | ingen      |
        | papir         | papir       | ikke kjent |

  @S4
  Regel: Betalinger fra Vipps kommer inn på ordinær måte, gjennom AutoPay der avsenderen har det

    Scenario: Betalinger kommer inn på samme måte fra Vipps Regning som fra eFaktura
      Når fakturaen kontrolleres
      Så har kanalene disse egenskapene:
        | kanal         | betalingen kommer                                       |
        | eFaktura      | på ordinær måte, gjennom AutoPay der avsenderen har det |
        | Vipps Regning | på ordinær måte, gjennom AutoPay der avsenderen har det |
        | papir         | på ordinær måte                                         |

  @S5
  Regel: Alle kanalene tar vedlegg

    Scenario: Vedlegg kan følge med fakturaen også til Vipps Regning
      Når fakturaen kontrolleres
      Så har kanalene disse egenskapene:
        | kanal         | vedlegg |
        | eFaktura      | ja      |
        | Vipps Regning | ja      |
        | papir         | ja      |

  @S6
  Regel: Mottakeren ser saldoen på kontoen i Vipps

    Scenario: Saldoen vises i de elektroniske kanalene, men ikke på papir
      Når fakturaen kontrolleres
      Så har kanalene disse egenskapene:
        | kanal         | mottakeren ser saldo |
        | eFaktura      | ja                   |
        | Vipps Regning | ja                   |
        | papir         | nei                  |

  Regel: Den gamle Vipps-løsningen hadde egne vilkår til og med 19. desember 2018

    Scenario: Den gamle Vipps-løsningen hadde egen prisklasse, eget oppgjør, ingen vedlegg og ingen saldovisning
      Gitt at fakturaen sendes 19. desember 2018
      Når fakturaen kontrolleres
      Så har kanalene disse egenskapene:
        | kanal         | prisklasse     | bankgebyr  | vedlegg | mottakeren ser saldo | betalingen kommer                                       |
        | eFaktura      | elektronisk    | ingen      | ja      | ja                   | på ordinær måte, gjennom AutoPay der avsenderen har det |
        | Vipps Regning | gammel løsning | ikke kjent | nei     | nei                  | i eget oppgjør                                          |
