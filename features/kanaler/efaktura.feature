# language: no
Egenskap: eFaktura
  En faktura kan gå som eFaktura når mottakeren er en privatperson, avsenderen har B2C-avtalen, og mottakeren tar
  imot eFaktura fra avsenderen. Det gjaldt også før 20. desember 2018. Vedlegg er ingen hindring, og heller ikke
  at dokumentet er en kreditnota.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Regel: B2C-avtalen og en mottaker som tar imot, er nok

    Scenario: Når avsenderen har B2C-avtalen og mottakeren tar imot, går fakturaen som eFaktura
      Når fakturaen kontrolleres
      Så går fakturaen som eFaktura
      Og bare eFaktura forsøkes

    Scenariomal: Mangler ett av vilkårene, kan eFaktura ikke brukes
      Gitt at <mangelen>
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og eFaktura kan ikke brukes

      Eksempler:
        | mangelen                                         |
        | avsenderen ikke har B2C-avtalen                  |
        | mottakeren ikke tar imot eFaktura fra avsenderen |

    Scenariomal: Er et av vilkårene ukjent, er det ukjent om eFaktura kan brukes
      Gitt at det er ukjent <spørsmål>
      Når fakturaen kontrolleres
      Så er det ukjent om eFaktura kan brukes, for det er ukjent <spørsmål>

      Eksempler:
        | spørsmål                                       |
        | om avsenderen har B2C-avtalen                  |
        | om mottakeren tar imot eFaktura fra avsenderen |

  Regel: Overgangen 20. desember 2018 endret ikke vilkårene for eFaktura

    Scenariomal: eFaktura kunne brukes både dagen før overgangen og den dagen
      Gitt at fakturaen sendes <dag>
      Og at fakturaen forfaller 10. januar 2019
      Når fakturaen kontrolleres
      Så kan eFaktura brukes

      Eksempler:
        | dag               |
        | 19. desember 2018 |
        | 20. desember 2018 |

  Regel: eFaktura tar vedlegg og kreditnotaer

    Scenario: Også en kreditnota med vedlegg kan gå som eFaktura
      Gitt at dokumentet er en kreditnota
      Og at fakturaen har 3 vedlegg
      Når fakturaen kontrolleres
      Så går fakturaen som eFaktura
