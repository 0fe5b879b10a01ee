# language: no
Egenskap: Overgangen fra de gamle avtalene
  20. desember 2018 ble Vipps Regning en del av B2C-leveransen, og den gamle Vipps-løsningen sluttet å virke.
  Hva det betyr for en avsender, følger av hvilke avtaler avsenderen hadde.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenariomal: Hva avsenderen må gjøre
    Gitt at svaret på «om avsenderen har B2C-avtalen» er «<b2c>»
    Og at svaret på «om avsenderen har den gamle Vipps-avtalen» er «<vipps>»
    Og at svaret på «om avsenderen har takket nei til Vipps» er «<takket nei>»
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

  Scenariomal: Det samme gjelder dagen før overgangen og på selve dagen
    Gitt at svaret på «om avsenderen har B2C-avtalen» er «<b2c>»
    Og at svaret på «om avsenderen har den gamle Vipps-avtalen» er «<vipps>»
    Når avsenderens avtaler vurderes <dag>
    Så er avsenderens neste steg «<steg>»

    Eksempler:
      | b2c | vipps | dag               | steg               |
      | ja  | ja    | 19. desember 2018 | none               |
      | ja  | ja    | 20. desember 2018 | none               |
      | ja  | nei   | 19. desember 2018 | vipps_included     |
      | ja  | nei   | 20. desember 2018 | vipps_included     |
      | nei | ja    | 19. desember 2018 | sign_b2c_agreement |
      | nei | ja    | 20. desember 2018 | sign_b2c_agreement |
      | nei | nei   | 19. desember 2018 | no_agreement       |
      | nei | nei   | 20. desember 2018 | no_agreement       |

  Scenariomal: Fordelene som følger med
    Gitt at svaret på «om avsenderen har B2C-avtalen» er «<b2c>»
    Og at svaret på «om avsenderen har den gamle Vipps-avtalen» er «<vipps>»
    Når avsenderens avtaler vurderes 1. desember 2018
    Så er fordelene «<fordeler>»
    Og betalingen kommer som «<vei>»

    Eksempler:
      | b2c | vipps | fordeler                                                                      | vei      |
      | ja  | nei   | one_agreement, ordinary_payment_route, attachments, balance_shown, same_price | ordinary |
      | ja  | ja    | ordinary_payment_route, attachments, balance_shown, same_price                | ordinary |
      | nei | ja    | –                                                                             | –        |
      | nei | nei   | –                                                                             | –        |

  Scenario: Den som har takket nei til Vipps, får ingen av fordelene
    Gitt at svaret på «om avsenderen har takket nei til Vipps» er «ja»
    Og at svaret på «om avsenderen bruker AutoPay» er «ja»
    Når avsenderens avtaler vurderes 1. desember 2018
    Så er avsenderens neste steg «vipps_declined»
    Og fordelene er «–»
    Og betalingen kommer som «–»

  Scenario: Med AutoPay kommer betalingen den veien
    Gitt at svaret på «om avsenderen bruker AutoPay» er «ja»
    Når avsenderens avtaler vurderes 1. desember 2018
    Så kommer betalingen som «autopay»

  Scenariomal: Er en avtale ukjent, er neste steg ukjent
    Gitt at svaret på «om avsenderen har B2C-avtalen» er «<b2c>»
    Og at svaret på «om avsenderen har den gamle Vipps-avtalen» er «<vipps>»
    Og at svaret på «<ukjent>» er ukjent
    Når avsenderens avtaler vurderes 1. desember 2018
    Så er avsenderens neste steg «unknown»
    Og avsenderen får beskjed på e-post: –
    Og det som mangler om avsenderen, er «<ukjent>»

    Eksempler:
      | b2c | vipps | ukjent                                    |
      | ja  | ja    | om avsenderen har B2C-avtalen             |
      | ja  | ja    | om avsenderen har den gamle Vipps-avtalen |
      | nei | nei   | om avsenderen har B2C-avtalen             |
      | nei | nei   | om avsenderen har den gamle Vipps-avtalen |

  Scenario: Er begge avtalene ukjente, mangler begge
    Gitt at svaret på «om avsenderen har B2C-avtalen» er ukjent
    Og at svaret på «om avsenderen har den gamle Vipps-avtalen» er ukjent
    Når avsenderens avtaler vurderes 1. desember 2018
    Så er avsenderens neste steg «unknown»
    Og fordelene er «–»
    Og betalingen kommer som «–»
    Og det som mangler om avsenderen, er «om avsenderen har B2C-avtalen, om avsenderen har den gamle Vipps-avtalen»

  Scenario: Et uleselig svar på om Vipps er takket nei til, gjør neste steg ukjent
    Gitt at svaret på «om avsenderen har takket nei til Vipps» er «kanskje»
    Når avsenderens avtaler vurderes 1. desember 2018
    Så er avsenderens neste steg «unknown»
    Og det som mangler om avsenderen, er «om avsenderen har takket nei til Vipps»

  Scenario: Kan det ikke leses om avsenderen bruker AutoPay, er det ukjent hvordan betalingen kommer
    Gitt at svaret på «om avsenderen bruker AutoPay» er «kanskje»
    Når avsenderens avtaler vurderes 1. desember 2018
    Så er avsenderens neste steg «vipps_included»
    Og betalingen kommer som «–»

  Scenario: Overgangen gjelder fra 20. desember 2018
    Når avsenderens avtaler vurderes 1. desember 2018
    Så gjelder overgangen fra 20. desember 2018
