# language: no
Egenskap: Kanalene forsøkes i rekkefølge
  AutoInvoice forsøker å sende fakturaen elektronisk: først som eFaktura, så til Vipps Regning, og til slutt på
  papir. En kanal forsøkes med mindre den sikkert ikke kan brukes, og forsøkene ender med den første kanalen som
  sikkert kan brukes. En faktura som ikke skal sendes, forsøkes ikke i noen kanal.

  Bakgrunn:
    Gitt en faktura som kan sendes

  @S2
  Regel: Elektronisk sending forsøkes først

    Scenariomal: Det som er kjent om mottakeren, avgjør hvilken kanal fakturaen går i
      Gitt at mottakeren <eFaktura> eFaktura fra avsenderen
      Og at mottakeren <Vipps> Vipps
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og bare <kanal> forsøkes

      Eksempler:
        | eFaktura      | Vipps       | kanal         |
        | tar imot      | bruker      | eFaktura      |
        | tar imot      | ikke bruker | eFaktura      |
        | ikke tar imot | bruker      | Vipps Regning |
        | ikke tar imot | ikke bruker | papir         |

    Scenario: En kanal som kanskje kan brukes, forsøkes før den første som sikkert kan brukes
      Gitt at det er ukjent om mottakeren tar imot eFaktura fra avsenderen
      Når fakturaen kontrolleres
      Så forsøkes kanalene i rekkefølgen eFaktura og Vipps Regning
      Og fakturaen går til Vipps Regning

    Scenario: Papir kan alltid brukes og er siste utvei
      Gitt at det er ukjent om mottakeren tar imot eFaktura fra avsenderen
      Og at det er ukjent om mottakeren bruker Vipps
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og kanalene forsøkes i rekkefølgen eFaktura, Vipps Regning og papir
      Og papir kan brukes

    Scenario: Er det ukjent om mottakeren er en privatperson, er det ukjent om de elektroniske kanalene kan brukes
      Gitt at det er ukjent om mottakeren er privatperson eller virksomhet
      Når fakturaen kontrolleres
      Så er det ukjent om eFaktura kan brukes, for det er ukjent om mottakeren er privatperson eller virksomhet
      Og det er ukjent om Vipps Regning kan brukes, for det er ukjent om mottakeren er privatperson eller virksomhet
      Og papir kan brukes
      Og ingen kanal forsøkes

  Regel: En faktura som ikke skal sendes, forsøkes ikke i noen kanal

    Scenario: En stoppet faktura forsøkes ikke i noen kanal, selv om en kanal kunne vært brukt
      Gitt at det verken er avtale eller fordring mellom mottakeren og kreditor
      Når fakturaen kontrolleres
      Så forsøkes ingen kanal
      Og eFaktura kan brukes

    Scenario: En faktura på vent forsøkes ikke i noen kanal, selv om en kanal kunne vært brukt
      Gitt at det er ukjent om ytelsen på linje 1 er avtalt med mottakeren
      Når fakturaen kontrolleres
      Så forsøkes ingen kanal
      Og eFaktura kan brukes

    Scenario: For en faktura til en virksomhet vurderes ingen kanal
      Gitt at mottakeren er en virksomhet
      Når fakturaen kontrolleres
      Så vurderes ingen kanal
      Og ingen kanal forsøkes
