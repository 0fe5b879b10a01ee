# language: no
Egenskap: eFaktura
  eFaktura kan brukes til en privatperson når avsenderen har B2C-avtalen og mottakeren tar imot eFaktura
  fra avsenderen.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenario: Når avsenderen har avtalen og mottakeren tar imot, går fakturaen som eFaktura
    Når fakturaen kontrolleres
    Så går fakturaen som «eFaktura»
    Og kanalene forsøkes i rekkefølgen «eFaktura»

  Scenariomal: Uten ett av vilkårene kan eFaktura ikke brukes
    Gitt at svaret på «<opplysning>» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og kanalen «eFaktura» kan ikke brukes

    Eksempler:
      | opplysning                                     |
      | om avsenderen har B2C-avtalen                  |
      | om mottakeren tar imot eFaktura fra avsenderen |

  Scenariomal: Er et vilkår ukjent, er det ukjent om eFaktura kan brukes
    Gitt at svaret på «<opplysning>» er ukjent
    Når fakturaen kontrolleres
    Så er det ukjent om kanalen «eFaktura» kan brukes, for «<opplysning>» mangler

    Eksempler:
      | opplysning                                     |
      | om avsenderen har B2C-avtalen                  |
      | om mottakeren tar imot eFaktura fra avsenderen |

  Scenariomal: eFaktura kunne brukes også før 20. desember 2018
    Gitt at fakturaen sendes <dag>
    Og at fakturaen forfaller 10. januar 2019
    Når fakturaen kontrolleres
    Så kan kanalen «eFaktura» brukes

    Eksempler:
      | dag               |
      | 19. desember 2018 |
      | 20. desember 2018 |

  Scenario: Også en kreditnota med vedlegg kan gå som eFaktura
    Gitt at dokumentet er en kreditnota
    Og at fakturaen har 3 vedlegg
    Når fakturaen kontrolleres
    Så går fakturaen som «eFaktura»
