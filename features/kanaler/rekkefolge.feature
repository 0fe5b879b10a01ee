# language: no
Egenskap: Kanalene forsøkes i rekkefølge
  AutoInvoice forsøker å levere elektronisk: først eFaktura, så Vipps Regning, til slutt papir. Det stopper
  ved den første kanalen som sikkert kan brukes.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenariomal: Det som er kjent om mottakeren, avgjør hva som forsøkes
    Gitt at «recipient.efaktura» er «<efaktura>»
    Og at «recipient.vipps» er «<vipps>»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og kanalene forsøkes i rekkefølgen «<forsøk>»

    Eksempler:
      | efaktura | vipps | forsøk        |
      | ja       | ja    | efaktura      |
      | ja       | nei   | efaktura      |
      | nei      | ja    | vipps_regning |
      | nei      | nei   | paper         |

  Scenario: En kanal som kanskje kan brukes, forsøkes også
    Gitt at «recipient.efaktura» er ukjent
    Når fakturaen kontrolleres
    Så kanalene forsøkes i rekkefølgen «efaktura, vipps_regning»
    Og fakturaen går som «vipps_regning»

  Scenario: Papir kan alltid brukes
    Gitt at «recipient.efaktura» er ukjent
    Og at «recipient.vipps» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og kanalene forsøkes i rekkefølgen «efaktura, vipps_regning, paper»
    Og kanalen «paper» kan brukes
