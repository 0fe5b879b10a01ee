# language: no
Egenskap: Overgangen fra de gamle avtalene
  20. desember 2018 ble Vipps Regning en del av B2C-leveransen, og den gamle Vipps-løsningen sluttet å virke.
  Hva det betyr for en avsender, følger av hvilke avtaler avsenderen hadde.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenariomal: Hva avsenderen må gjøre
    Gitt at «sender.efaktura_b2c_agreement» er «<b2c>»
    Og at «sender.legacy_vipps_agreement» er «<vipps>»
    Og at «sender.vipps_declined» er «<takket nei>»
    Når avsenderens avtaler vurderes 1. desember 2018
    Så er avsenderens neste steg «<steg>»
    Og avsenderen får beskjed på e-post: <e-post>

    Eksempler:
      | b2c | vipps | takket nei | steg               | e-post |
      | ja  | ja    | nei        | none               | nei    |
      | ja  | ja    | ja         | none               | nei    |
      | ja  | nei   | nei        | vipps_included     | ja     |
      | ja  | nei   | ja         | vipps_declined     | nei    |
      | nei | ja    | nei        | sign_b2c_agreement | ja     |
      | nei | nei   | nei        | no_agreement       | nei    |

  Scenariomal: Det samme gjelder før og etter dagen
    Gitt at «sender.efaktura_b2c_agreement» er «nei»
    Og at «sender.legacy_vipps_agreement» er «ja»
    Når avsenderens avtaler vurderes <dag>
    Så er avsenderens neste steg «sign_b2c_agreement»

    Eksempler:
      | dag               |
      | 19. desember 2018 |
      | 20. desember 2018 |

  Scenariomal: Fordelene som følger med
    Gitt at «sender.efaktura_b2c_agreement» er «<b2c>»
    Og at «sender.legacy_vipps_agreement» er «<vipps>»
    Når avsenderens avtaler vurderes 1. desember 2018
    Så fordelene er «<fordeler>»
    Og betalingen kommer som «<vei>»

    Eksempler:
      | b2c | vipps | fordeler                                                                       | vei      |
      | ja  | nei   | one_agreement, ordinary_payment_route, attachments, balance_shown, same_price | ordinary |
      | ja  | ja    | ordinary_payment_route, attachments, balance_shown, same_price                | ordinary |
      | nei | ja    | –                                                                              | –        |
      | nei | nei   | –                                                                              | –        |

  Scenario: Med AutoPay kommer betalingen den veien
    Gitt at «sender.autopay» er «ja»
    Når avsenderens avtaler vurderes 1. desember 2018
    Så betalingen kommer som «autopay»

  Scenariomal: Er en avtale ukjent, er neste steg ukjent
    Gitt at «sender.efaktura_b2c_agreement» er «<b2c>»
    Og at «sender.legacy_vipps_agreement» er «<vipps>»
    Og at «<ukjent>» er ukjent
    Når avsenderens avtaler vurderes 1. desember 2018
    Så er avsenderens neste steg «unknown»
    Og avsenderen får beskjed på e-post: –
    Og det som mangler om avsenderen er «<ukjent>»

    Eksempler:
      | b2c | vipps | ukjent                        |
      | ja  | ja    | sender.efaktura_b2c_agreement |
      | ja  | ja    | sender.legacy_vipps_agreement |
      | nei | nei   | sender.efaktura_b2c_agreement |
      | nei | nei   | sender.legacy_vipps_agreement |
