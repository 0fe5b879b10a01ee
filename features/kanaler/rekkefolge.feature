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
