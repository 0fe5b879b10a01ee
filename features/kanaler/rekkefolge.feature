# language: no
Egenskap: Kanalene forsøkes i rekkefølge
  AutoInvoice forsøker å levere elektronisk: først eFaktura, så Vipps Regning, til slutt papir. Forsøkene
  stopper ved den første kanalen som sikkert kan brukes.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenariomal: Det som er kjent om mottakeren, avgjør hva som forsøkes
    Gitt at svaret på «om mottakeren tar imot eFaktura fra avsenderen» er «<efaktura>»
    Og at svaret på «om mottakeren bruker Vipps» er «<vipps>»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og kanalene forsøkes i rekkefølgen «<forsøk>»

    Eksempler:
      | efaktura | vipps | forsøk        |
      | ja       | ja    | eFaktura      |
      | ja       | nei   | eFaktura      |
      | nei      | ja    | Vipps Regning |
      | nei      | nei   | papir         |

  Scenario: En kanal som kanskje kan brukes, forsøkes også
    Gitt at svaret på «om mottakeren tar imot eFaktura fra avsenderen» er ukjent
    Når fakturaen kontrolleres
    Så forsøkes kanalene i rekkefølgen «eFaktura, Vipps Regning»
    Og fakturaen går som «Vipps Regning»

  Scenario: Papir kan alltid brukes
    Gitt at svaret på «om mottakeren tar imot eFaktura fra avsenderen» er ukjent
    Og at svaret på «om mottakeren bruker Vipps» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og kanalene forsøkes i rekkefølgen «eFaktura, Vipps Regning, papir»
    Og kanalen «papir» kan brukes

  Scenario: Er det ukjent om mottakeren er en privatperson, er også de elektroniske kanalene ukjente
    Gitt at svaret på «om mottakeren er privatperson eller virksomhet» er ukjent
    Når fakturaen kontrolleres
    Så er det ukjent om kanalen «eFaktura» kan brukes, for «om mottakeren er privatperson eller virksomhet» mangler
    Og det er ukjent om kanalen «Vipps Regning» kan brukes, for «om mottakeren er privatperson eller virksomhet» mangler
    Og kanalen «papir» kan brukes
    Og ingen kanal forsøkes

  Scenario: For en stoppet faktura forsøkes ingen kanal
    Gitt at det verken er avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så forsøkes ingen kanal
    Og kanalen «eFaktura» kan brukes

  Scenario: For en faktura på vent forsøkes ingen kanal
    Gitt at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er ukjent
    Når fakturaen kontrolleres
    Så forsøkes ingen kanal
    Og kanalen «eFaktura» kan brukes

  Scenario: For en virksomhet vurderes ingen kanal
    Gitt at mottakeren er en virksomhet
    Når fakturaen kontrolleres
    Så vurderes ingen kanal
    Og ingen kanal forsøkes

  Scenario: eFaktura og Vipps Regning koster det samme, og betalingen kommer inn på samme måte
    Gitt at fakturaen sendes 20. desember 2018
    Når fakturaen kontrolleres
    Så har kanalene disse egenskapene:
      | kanal         | prisklasse | gebyr  | vedlegg | saldo vises | betalingen kommer   |
      | eFaktura      | electronic | 0      | ja      | ja          | ordinary_or_autopay |
      | Vipps Regning | electronic | 0      | ja      | ja          | ordinary_or_autopay |
      | papir         | paper      | ukjent | ja      | nei         | ordinary            |

  Scenario: Den gamle Vipps-løsningen tok ikke vedlegg og hadde eget oppgjør
    Gitt at fakturaen sendes 19. desember 2018
    Når fakturaen kontrolleres
    Så har kanalene disse egenskapene:
      | kanal         | prisklasse | gebyr  | vedlegg | saldo vises | betalingen kommer   |
      | eFaktura      | electronic | 0      | ja      | ja          | ordinary_or_autopay |
      | Vipps Regning | legacy     | ukjent | nei     | nei         | separate_settlement |
