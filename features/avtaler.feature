# language: no
Egenskap: Overgangen fra de gamle avtalene
  20. desember 2018 ble Vipps Regning en del av B2C-leveransen, og den gamle Vipps-løsningen sluttet å virke. Hva
  en avsender måtte gjøre, følger av hvilke avtaler avsenderen hadde: eFaktura B2C (her «B2C-avtalen»), den gamle
  Vipps-avtalen, begge eller ingen av dem. Svaret er det samme før overgangen, da den var varslet, og etterpå.

  Bakgrunn:
    Gitt en faktura som kan sendes

  @S10
  Regel: Overgangen er den samme dagen for alle avsendere

    Scenario: Overgangen skjer 20. desember 2018
      Når avsenderens avtaler vurderes 1. desember 2018
      Så gjelder overgangen fra 20. desember 2018

  @S7
  Regel: En avsender med begge avtalene trenger ikke gjøre noe og får de nye fordelene

    Scenariomal: Med begge avtalene trenger avsenderen ikke gjøre noe, heller ikke etter å ha takket nei til Vipps
      Gitt at avsenderen har B2C-avtalen
      Og at avsenderen har den gamle Vipps-avtalen
      Og at avsenderen <svar> takket nei til Vipps
      Når avsenderens avtaler vurderes 1. desember 2018
      Så trenger avsenderen ikke gjøre noe
      Og avsenderen får ikke beskjed på e-post

      Eksempler:
        | svar     |
        | ikke har |
        | har      |

    Scenariomal: Med begge avtalene er svaret det samme dagen før overgangen og den dagen
      Gitt at avsenderen har B2C-avtalen
      Og at avsenderen har den gamle Vipps-avtalen
      Når avsenderens avtaler vurderes <dag>
      Så trenger avsenderen ikke gjøre noe

      Eksempler:
        | dag               |
        | 19. desember 2018 |
        | 20. desember 2018 |

    Scenario: Med begge avtalene får avsenderen alle fordelene unntatt å klare seg med én avtale
      Gitt at avsenderen har B2C-avtalen
      Og at avsenderen har den gamle Vipps-avtalen
      Når avsenderens avtaler vurderes 1. desember 2018
      Så har avsenderen fordelene vanlig oppgjør, vedlegg, saldovisning og samme pris
      Og betalinger fra Vipps kommer inn på vanlig måte

  @S8
  Regel: En avsender som bare har B2C-avtalen, får Vipps med automatisk og får beskjed på e-post

    Scenario: Med bare B2C-avtalen følger Vipps automatisk med, og avsenderen får beskjed på e-post
      Gitt at avsenderen har B2C-avtalen
      Og at avsenderen ikke har den gamle Vipps-avtalen
      Og at avsenderen ikke har takket nei til Vipps
      Når avsenderens avtaler vurderes 1. desember 2018
      Så følger Vipps automatisk med
      Og avsenderen får beskjed på e-post

    Scenariomal: Med bare B2C-avtalen er svaret det samme dagen før overgangen og den dagen
      Gitt at avsenderen har B2C-avtalen
      Og at avsenderen ikke har den gamle Vipps-avtalen
      Når avsenderens avtaler vurderes <dag>
      Så følger Vipps automatisk med

      Eksempler:
        | dag               |
        | 19. desember 2018 |
        | 20. desember 2018 |

    Scenario: Med bare B2C-avtalen får avsenderen alle fordelene
      Gitt at avsenderen har B2C-avtalen
      Og at avsenderen ikke har den gamle Vipps-avtalen
      Når avsenderens avtaler vurderes 1. desember 2018
      Så har avsenderen fordelene én avtale, vanlig oppgjør, vedlegg, saldovisning og samme pris
      Og betalinger fra Vipps kommer inn på vanlig måte

    Scenario: En avsender som ikke ønsker Vipps, kontakter aktiveringsteamet for å få en annen fakturaflyt
      Gitt at avsenderen har B2C-avtalen
      Og at avsenderen ikke har den gamle Vipps-avtalen
      Når avsenderens avtaler vurderes 1. desember 2018
      Så følger Vipps automatisk med
      Og avsenderen får denne veiledningen:
        """
        Ingenting å gjøre. En avsender som ikke ønsker Vipps, kontakter aktiveringsteamet på kundesenteret@visma.com
        og får en annen fakturaflyt.
        """

    Scenario: En avsender som har takket nei til Vipps, får en annen fakturaflyt og ikke beskjed på e-post
      Gitt at avsenderen har B2C-avtalen
      Og at avsenderen ikke har den gamle Vipps-avtalen
      Og at avsenderen har takket nei til Vipps
      Når avsenderens avtaler vurderes 1. desember 2018
      Så får avsenderen en annen fakturaflyt, uten Vipps
      Og avsenderen får ikke beskjed på e-post

    Scenario: En avsender som har takket nei til Vipps, får ingen av fordelene
      Gitt at avsenderen har takket nei til Vipps
      Og at avsenderen bruker AutoPay
      Når avsenderens avtaler vurderes 1. desember 2018
      Så får avsenderen en annen fakturaflyt, uten Vipps
      Og avsenderen har ingen av fordelene
      Og det sies ikke hvordan betalinger fra Vipps kommer inn

    Scenario: Et uleselig svar på om avsenderen har takket nei til Vipps, må avklares
      Gitt at svaret på om avsenderen har takket nei til Vipps, er «kanskje»
      Når avsenderens avtaler vurderes 1. desember 2018
      Så er det ukjent hva avsenderen må gjøre
      Og det må avklares om avsenderen har takket nei til Vipps

  @S4
  Regel: Betalinger fra Vipps kommer inn på vanlig måte, gjennom AutoPay der avsenderen bruker det

    Scenario: Bruker avsenderen AutoPay, kommer betalinger fra Vipps inn gjennom AutoPay
      Gitt at avsenderen bruker AutoPay
      Når avsenderens avtaler vurderes 1. desember 2018
      Så kommer betalinger fra Vipps inn gjennom AutoPay

    Scenario: Bruker avsenderen ikke AutoPay, kommer betalinger fra Vipps inn på vanlig måte
      Gitt at avsenderen ikke bruker AutoPay
      Når avsenderens avtaler vurderes 1. desember 2018
      Så kommer betalinger fra Vipps inn på vanlig måte

    Scenario: Kan det ikke leses om avsenderen bruker AutoPay, er det ukjent hvordan betalingene kommer inn
      Gitt at svaret på om avsenderen bruker AutoPay, er «kanskje»
      Når avsenderens avtaler vurderes 1. desember 2018
      Så følger Vipps automatisk med
      Og det sies ikke hvordan betalinger fra Vipps kommer inn

  @S9
  Regel: En avsender som bare har den gamle Vipps-avtalen, må inngå B2C-avtalen og får beskjed på e-post

    Scenario: Med bare den gamle Vipps-avtalen må avsenderen inngå B2C-avtalen, og får beskjed på e-post
      Gitt at avsenderen ikke har B2C-avtalen
      Og at avsenderen har den gamle Vipps-avtalen
      Og at avsenderen ikke har takket nei til Vipps
      Når avsenderens avtaler vurderes 1. desember 2018
      Så må avsenderen inngå B2C-avtalen
      Og avsenderen får beskjed på e-post

    Scenario: B2C-avtalen inngås på avsenderens konto i AutoInvoice
      Gitt at avsenderen ikke har B2C-avtalen
      Og at avsenderen har den gamle Vipps-avtalen
      Når avsenderens avtaler vurderes 1. desember 2018
      Så må avsenderen inngå B2C-avtalen
      Og avsenderen får denne veiledningen:
        """
        Inngå den nye B2C-avtalen på avsenderens konto i AutoInvoice.
        """

    Scenariomal: Med bare den gamle Vipps-avtalen er svaret det samme dagen før overgangen og den dagen
      Gitt at avsenderen ikke har B2C-avtalen
      Og at avsenderen har den gamle Vipps-avtalen
      Når avsenderens avtaler vurderes <dag>
      Så må avsenderen inngå B2C-avtalen

      Eksempler:
        | dag               |
        | 19. desember 2018 |
        | 20. desember 2018 |

    Scenario: Fordelene kommer først med B2C-avtalen
      Gitt at avsenderen ikke har B2C-avtalen
      Og at avsenderen har den gamle Vipps-avtalen
      Når avsenderens avtaler vurderes 1. desember 2018
      Så har avsenderen ingen av fordelene
      Og det sies ikke hvordan betalinger fra Vipps kommer inn

  Regel: En avsender uten noen av avtalene er ikke berørt av overgangen

    Scenario: Uten noen av avtalene gjelder overgangen ikke avsenderen, som heller ikke får beskjed på e-post
      Gitt at avsenderen ikke har B2C-avtalen
      Og at avsenderen ikke har den gamle Vipps-avtalen
      Og at avsenderen ikke har takket nei til Vipps
      Når avsenderens avtaler vurderes 1. desember 2018
      Så gjelder overgangen ikke avsenderen
      Og avsenderen får ikke beskjed på e-post

    Scenariomal: Uten noen av avtalene er svaret det samme dagen før overgangen og den dagen
      Gitt at avsenderen ikke har B2C-avtalen
      Og at avsenderen ikke har den gamle Vipps-avtalen
      Når avsenderens avtaler vurderes <dag>
      Så gjelder overgangen ikke avsenderen

      Eksempler:
        | dag               |
        | 19. desember 2018 |
        | 20. desember 2018 |

    Scenario: Uten noen av avtalene er det ingen fordeler
      Gitt at avsenderen ikke har B2C-avtalen
      Og at avsenderen ikke har den gamle Vipps-avtalen
      Når avsenderens avtaler vurderes 1. desember 2018
      Så har avsenderen ingen av fordelene
      Og det sies ikke hvordan betalinger fra Vipps kommer inn

  Regel: Er en av avtalene ukjent, er det ukjent hva avsenderen må gjøre

    Scenariomal: Den avtalen som er ukjent, må avklares
      Gitt at avsenderen <B2C-avtalen> B2C-avtalen
      Og at avsenderen <Vipps-avtalen> den gamle Vipps-avtalen
      Og at det er ukjent <spørsmål>
      Når avsenderens avtaler vurderes 1. desember 2018
      Så er det ukjent hva avsenderen må gjøre
      Og avsenderen får beskjed på e-post: ukjent
      Og det må avklares <spørsmål>

      Eksempler:
        | B2C-avtalen | Vipps-avtalen | spørsmål                                  |
        | har         | har           | om avsenderen har B2C-avtalen             |
        | har         | har           | om avsenderen har den gamle Vipps-avtalen |
        | ikke har    | ikke har      | om avsenderen har B2C-avtalen             |
        | ikke har    | ikke har      | om avsenderen har den gamle Vipps-avtalen |

    Scenario: Er begge avtalene ukjente, må begge avklares
      Gitt at det er ukjent om avsenderen har B2C-avtalen
      Og at det er ukjent om avsenderen har den gamle Vipps-avtalen
      Når avsenderens avtaler vurderes 1. desember 2018
      Så er det ukjent hva avsenderen må gjøre
      Og avsenderen har ingen av fordelene
      Og det sies ikke hvordan betalinger fra Vipps kommer inn
      Og det må avklares om avsenderen har B2C-avtalen og om avsenderen har den gamle Vipps-avtalen
