# language: no
Egenskap: Råd om data
  Jo mer som er kjent om kunden, og jo riktigere det er, desto oftere kommer fakturaen frem elektronisk.
  Råd endrer aldri en avgjørelse.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenario: Når alt er kjent, gis ingen råd
    Når fakturaen kontrolleres
    Så gis ingen råd

  Scenario: Mobilnummeret kan gjøre Vipps mulig
    Gitt at «mobilnummeret» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og rådet «Mobilnummeret mangler» gis for «mobilnummeret»

  Scenario: Et mobilnummer som ikke kan leses, gir det samme rådet som et som mangler
    Gitt at «mobilnummeret» er «22 33 44 55»
    Når fakturaen kontrolleres
    Så gis rådet «Mobilnummeret mangler» for «mobilnummeret»

  Scenariomal: Uten navn og adresse kommer ikke et brev frem
    Gitt at «<opplysning>» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og rådet «Ufullstendig navn eller adresse på mottakeren» gis for «<opplysning>»

    Eksempler:
      | opplysning       |
      | mottakerens navn |
      | gateadressen     |
      | postnummeret     |
      | poststedet       |

  Scenario: Flere opplysninger kan mangle samtidig
    Gitt at «poststedet» er ukjent
    Og at «mottakerens navn» er ukjent
    Når fakturaen kontrolleres
    Så gis rådet «Ufullstendig navn eller adresse på mottakeren» for «mottakerens navn, poststedet»

  Scenario: Uten land går brevet til Norge
    Gitt at «landet» er ukjent
    Når fakturaen kontrolleres
    Så gis ingen råd

  Scenariomal: Varekoder, en periode eller ord i beskrivelsen foreslår hva en linje gjelder
    Gitt at «hva linjen gjelder (linje 1)» er ukjent
    Og at «<opplysning>» er «<verdi>»
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og rådet «Forslag til hva linjen gjelder» gis for «hva linjen gjelder (linje 1)»

    Eksempler:
      | opplysning                         | verdi                      |
      | startdatoen for perioden (linje 1) | 2021-01-01                 |
      | sluttdatoen for perioden (linje 1) | 2021-01-31                 |
      | varekodene (linje 1)               | STI:79980000-7             |
      | varekodene (linje 1)               | TST:94131600               |
      | beskrivelsen av linjen (linje 1)   | Mobilabonnement, januar    |
      | beskrivelsen av linjen (linje 1)   | Gave til Redningsselskapet |

  Scenariomal: Ord som bare ligner, foreslår ingenting
    Gitt at «hva linjen gjelder (linje 1)» er ukjent
    Og at «beskrivelsen av linjen (linje 1)» er «<beskrivelse>»
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og ingen råd gis

    Eksempler:
      | beskrivelse          |
      | Gavekort             |
      | Årskort              |
      | Innsamling av avfall |

  Scenario: Er det oppgitt hva linjen gjelder, foreslås ingenting
    Gitt at linje 1 er en vare
    Og at «beskrivelsen av linjen (linje 1)» er «Abonnement på kaffe»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og ingen råd gis

  Scenario: For en faktura til en virksomhet gis ingen råd
    Gitt at mottakeren er en virksomhet
    Og at «mobilnummeret» er ukjent
    Når fakturaen kontrolleres
    Så gis ingen råd

  Scenario: Råd gis også når fakturaen er stoppet
    Gitt at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er «nei»
    Og at «mobilnummeret» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og rådet «Mobilnummeret mangler» gis for «mobilnummeret»

  Scenario: Råd gis også når det er ukjent om mottakeren er en privatperson
    Gitt at svaret på «om mottakeren er privatperson eller virksomhet» er ukjent
    Og at «mobilnummeret» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og rådet «Mobilnummeret mangler» gis for «mobilnummeret»
