# language: no
Egenskap: eFaktura
  eFaktura kan brukes til en privatperson når avsenderen har B2C-avtalen og mottakeren tar imot eFaktura
  fra avsenderen.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenario: Med avtale og mottaker går fakturaen som eFaktura
    Når fakturaen kontrolleres
    Så fakturaen går som «efaktura»
    Og kanalene forsøkes i rekkefølgen «efaktura»

  Scenariomal: Uten ett av vilkårene kan eFaktura ikke brukes
    Gitt at «<faktum>» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og kanalen «efaktura» kan ikke brukes

    Eksempler:
      | faktum                        |
      | sender.efaktura_b2c_agreement |
      | recipient.efaktura            |

  Scenariomal: Er et vilkår ukjent, er det ukjent om eFaktura kan brukes
    Gitt at «<faktum>» er ukjent
    Når fakturaen kontrolleres
    Så det er ukjent om kanalen «efaktura» kan brukes, for «<faktum>» mangler

    Eksempler:
      | faktum                        |
      | sender.efaktura_b2c_agreement |
      | recipient.efaktura            |

  Scenario: Også en kreditnota og vedlegg kan gå som eFaktura
    Gitt fakturaen er en kreditnota
    Og fakturaen har 3 vedlegg
    Når fakturaen kontrolleres
    Så fakturaen går som «efaktura»
