# language: no
Egenskap: Råd om opplysningene
  Avsenderen bør ha mye og riktig informasjon om kunden; for Vipps er mobilnummeret viktig. Mangler mobilnummeret,
  navnet eller adressen, gis det et råd. Er det ikke oppgitt hva en linje gjelder, foreslås det ut fra varekoder,
  periode eller ord i beskrivelsen. Et råd endrer aldri avgjørelsen, og et forslag brukes aldri som en opplysning.

  Bakgrunn:
    Gitt en faktura som kan sendes

  @S11
  Regel: Mobilnummeret er viktig for Vipps

    Scenario: Mangler mobilnummeret, gis det råd om å skaffe det, og fakturaen sendes likevel
      Gitt at mobilnummeret er ukjent
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og rådet «Mobilnummeret mangler» gis, for mobilnummeret mangler

    Scenario: Et mobilnummer som ikke kan leses, gir det samme rådet som et som mangler
      Gitt at mobilnummeret er «22 33 44 55»
      Når fakturaen kontrolleres
      Så gis rådet «Mobilnummeret mangler», for mobilnummeret mangler

  @S11
  Regel: Uten navn, gateadresse, postnummer og poststed kan fakturaen ikke leveres på papir

    Scenariomal: Mangler navnet eller en del av adressen, gis det råd om det, og fakturaen sendes likevel
      Gitt at <opplysning> er ukjent
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og rådet «Ufullstendig navn eller adresse på mottakeren» gis, for <opplysning> mangler

      Eksempler:
        | opplysning       |
        | mottakerens navn |
        | gateadressen     |
        | postnummeret     |
        | poststedet       |

    Scenario: Rådet nevner alt som mangler
      Gitt at poststedet er ukjent
      Og at mottakerens navn er ukjent
      Når fakturaen kontrolleres
      Så gis rådet «Ufullstendig navn eller adresse på mottakeren», for mottakerens navn og poststedet mangler

    Scenario: Landet kan mangle, for uten land går brevet til Norge
      Gitt at landet er ukjent
      Når fakturaen kontrolleres
      Så gis ingen råd

    Scenario: Når alt er kjent, gis ingen råd
      Når fakturaen kontrolleres
      Så gis ingen råd

  Regel: Er det ikke oppgitt hva linjen gjelder, foreslås det der fakturaen gir en pekepinn

    Scenariomal: Varekoder, en periode eller ord i beskrivelsen gir et forslag, men avgjør ingenting
      Gitt at det er ukjent hva linje 1 gjelder
      Og at <opplysning> er «<verdi>»
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og rådet «Forslag til hva linjen gjelder» gis, for det er ukjent hva linje 1 gjelder

      Eksempler:
        | opplysning                         | verdi                      |
        | startdatoen for perioden (linje 1) | 2021-01-01                 |
        | sluttdatoen for perioden (linje 1) | 2021-01-31                 |
        | varekodene (linje 1)               | STI:79980000-7             |
        | varekodene (linje 1)               | TST:94131600               |
        | beskrivelsen av linje 1            | Mobilabonnement, januar    |
        | beskrivelsen av linje 1            | Gave til Redningsselskapet |

    Scenariomal: Ord som bare ligner på abonnement eller gave, gir ikke noe forslag
      Gitt at det er ukjent hva linje 1 gjelder
      Og at beskrivelsen av linje 1 er «<beskrivelse>»
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og ingen råd gis

      Eksempler:
        | beskrivelse          |
        | Gavekort             |
        | Årskort              |
        | Innsamling av avfall |

    Scenario: Er det oppgitt hva linjen gjelder, foreslås ingenting annet
      Gitt at linje 1 er en vare
      Og at beskrivelsen av linje 1 er «Abonnement på kaffe»
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og ingen råd gis

    Scenario: Er det ukjent hva én av flere linjer gjelder, gis rådet for den
      Gitt at linje 2 er en vare
      Og at det er ukjent hva linje 2 gjelder
      Og at beskrivelsen av linje 2 er «Mobilabonnement, januar»
      Når fakturaen kontrolleres
      Så gis rådet «Forslag til hva linjen gjelder», for det er ukjent hva linje 2 gjelder

    Scenariomal: Ord som brukes om abonnementer, foreslår et abonnement, på bokmål, nynorsk og engelsk og inne i lengre ord
      Gitt at det er ukjent hva linje 1 gjelder
      Og at beskrivelsen av linje 1 er «<beskrivelse>»
      Når fakturaen kontrolleres
      Så gis rådet «Forslag til hva linjen gjelder», for det er ukjent hva linje 1 gjelder
      Og det foreslås at linje 1 er et abonnement

      Eksempler:
        | beskrivelse                |
        | Mobilabonnementet i januar |
        | Studentmedlemskapet 2021   |
        | Årskontingenten 2021       |
        | Familiemedlemsavgiften     |
        | TV-månedsavgiften for mars |
        | TV-månadsavgifta for mars  |
        | TV-årsavgiften             |
        | Two subscriptions          |
        | Memberships 2021           |

    Scenariomal: Ord som brukes om pengegaver, foreslår en forespørsel om pengegave, på bokmål, nynorsk og engelsk og med endelser
      Gitt at det er ukjent hva linje 1 gjelder
      Og at beskrivelsen av linje 1 er «<beskrivelse>»
      Når fakturaen kontrolleres
      Så gis rådet «Forslag til hva linjen gjelder», for det er ukjent hva linje 1 gjelder
      Og det foreslås at linje 1 er en forespørsel om pengegave

      Eksempler:
        | beskrivelse                  |
        | Gave til Redningsselskapet   |
        | Gåve til Redningsselskapet   |
        | Julepengegaver               |
        | Julepengegåver               |
        | Gavebidraget for mars        |
        | Gavebeløpet for mars         |
        | Støttebidraget for mars      |
        | Fadderbidraget for mars      |
        | Fastgiveravtale, mars        |
        | Innsamlingsaksjonen 2021     |
        | Pengeinnsamlingen i mars     |
        | Enkeltdonasjoner             |
        | Donations                    |
        | Fundraising for sjøredningen |

    Scenariomal: Varekoder for abonnement og medlemskap foreslår et abonnement, varekoder for veldedige organisasjoner en forespørsel om pengegave
      Gitt at det er ukjent hva linje 1 gjelder
      Og at varekodene (linje 1) er «<kode>»
      Når fakturaen kontrolleres
      Så gis rådet «Forslag til hva linjen gjelder», for det er ukjent hva linje 1 gjelder
      Og det foreslås at linje 1 er <slag>

      Eksempler:
        | kode           | slag                        |
        | STI:79980000-7 | et abonnement               |
        | STI:98100000-4 | et abonnement               |
        | STI:98120000-0 | et abonnement               |
        | STI:98130000-3 | et abonnement               |
        | STI:98133000-4 | et abonnement               |
        | TST:94101601   | et abonnement               |
        | TST:94101801   | et abonnement               |
        | TST:94121501   | et abonnement               |
        | TST:94121601   | et abonnement               |
        | TST:94121701   | et abonnement               |
        | TST:94121801   | et abonnement               |
        | TST:94131600   | en forespørsel om pengegave |
        | TST:94131604   | en forespørsel om pengegave |

    Scenariomal: Ord som bare teller når de står alene, foreslår ingenting inne i andre ord
      Gitt at det er ukjent hva linje 1 gjelder
      Og at beskrivelsen av linje 1 er «<beskrivelse>»
      Når fakturaen kontrolleres
      Så gis ingen råd

      Eksempler:
        | beskrivelse       |
        | Gåvekort          |
        | Fundraisingmiddag |

    Scenariomal: En periode foreslår et abonnement, og én ende av den er nok
      Gitt at det er ukjent hva linje 1 gjelder
      Og at <opplysning> er «<dag>»
      Når fakturaen kontrolleres
      Så foreslås det at linje 1 er et abonnement

      Eksempler:
        | opplysning                         | dag        |
        | startdatoen for perioden (linje 1) | 2021-01-01 |
        | sluttdatoen for perioden (linje 1) | 2021-01-31 |

  Regel: Råd gis uansett avgjørelse, men ikke for fakturaer som ikke er omfattet

    Scenario: For en faktura til en virksomhet gis ingen råd
      Gitt at mottakeren er en virksomhet
      Og at mobilnummeret er ukjent
      Når fakturaen kontrolleres
      Så gis ingen råd

    Scenario: Råd gis også når fakturaen er stoppet
      Gitt at ytelsen på linje 1 ikke er avtalt med mottakeren
      Og at mobilnummeret er ukjent
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og rådet «Mobilnummeret mangler» gis, for mobilnummeret mangler

    Scenario: Råd gis også når det er ukjent om mottakeren er en privatperson
      Gitt at det er ukjent om mottakeren er privatperson eller virksomhet
      Og at mobilnummeret er ukjent
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og rådet «Mobilnummeret mangler» gis, for mobilnummeret mangler
