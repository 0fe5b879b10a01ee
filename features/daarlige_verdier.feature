# language: no
Egenskap: Verdier som ikke kan leses
  En verdi av feil type eller form, et ord som ikke er et av valgene, eller et kontrollsiffer som ikke stemmer,
  rettes ikke og gjettes ikke. Feilen meldes, og opplysningen er ukjent, også der det ellers betyr noe bestemt at
  den mangler. Trenger et forbud opplysningen, settes fakturaen på vent; ellers endrer det ingenting.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Regel: Hver feil meldes, med hva som er galt

    Scenariomal: En verdi av feil form meldes
      Gitt at <opplysning> er «<verdi>»
      Når fakturaen kontrolleres
      Så er det meldt at <opplysning> har feil form

      Eksempler:
        | opplysning                                          | verdi           |
        | forfallsdatoen                                      | 2021-02-30      |
        | forfallsdatoen                                      | 15.02.2021      |
        | utsendelsesdatoen                                   | 2.2.2021        |
        | fakturadatoen                                       | 2021-13-01      |
        | beløpet å betale                                    | 436,25          |
        | beløpet å betale                                    | 436.255         |
        | valutaen                                            | kroner          |
        | avsenderens organisasjonsnummer                     | 97476067        |
        | mobilnummeret                                       | 12345678        |
        | e-postadressen                                      | kari.example.no |
        | linjens beløp uten merverdiavgift (linje 1)         | 1e2             |
        | startdatoen for perioden (linje 1)                  | januar          |
        | datoen samtykket til linje 1 ble gitt,              | i fjor          |
        | datoen ytelsen på linje 1 ble avtalt,               | i fjor          |
        | det avtalte beløpet uten merverdiavgift for linje 1 | gratis          |

    Scenariomal: Et kontrollsiffer som ikke stemmer, meldes
      Gitt at <opplysning> er «<verdi>»
      Når fakturaen kontrolleres
      Så er det meldt at <opplysning> har feil kontrollsiffer

      Eksempler:
        | opplysning                      | verdi       |
        | betalingsreferansen             | 1234567890  |
        | kontoen det skal betales til,   | 86011117948 |
        | avsenderens organisasjonsnummer | 974760674   |

    Scenariomal: Et ord som ikke er et av valgene, meldes
      Gitt at opplysningen om <valg> er «<verdi>»
      Når fakturaen kontrolleres
      Så er det meldt at opplysningen om <valg> ikke er et av valgene

      Eksempler:
        | valg                                          | verdi        |
        | dokumentet er en faktura eller en kreditnota, | faktura      |
        | mottakeren er privatperson eller virksomhet,  | privatperson |
        | hva linje 1 gjelder,                          | abonnement   |

    Scenariomal: En verdi av feil type meldes
      Gitt at opplysningen om <opplysning> er «<verdi>»
      Når fakturaen kontrolleres
      Så er det meldt at opplysningen om <opplysning> er av feil type

      Eksempler:
        | opplysning                                             | verdi   |
        | antallet vedlegg                                       | to      |
        | avsenderen har B2C-avtalen,                            | kanskje |
        | avsenderen har takket nei til Vipps,                   | kanskje |
        | avsenderen bruker AutoPay,                             | kanskje |
        | mottakeren tar imot eFaktura fra avsenderen,           | kanskje |
        | mottakeren bruker Vipps,                               | kanskje |
        | det er etablert en avtale med mottakeren,              | muntlig |
        | det er etablert en fordring på mottakeren,             | muntlig |
        | samtykke til linje 1 er gitt,                          | muntlig |
        | mottakeren har sagt ja til gaveforespørsler (linje 1), | muntlig |
        | ytelsen på linje 1 er avtalt med mottakeren,           | muntlig |

  Regel: Det som kan skrives på flere måter, er ingen feil

    Scenario: En betalingsreferanse som ikke er en KID, er ingen feil
      Gitt at betalingsreferansen er «RF18539007547034»
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og ingen feil er meldt

    Scenariomal: Mellomrom, punktum og nuller som ikke betyr noe, er ingen feil
      Gitt at <opplysning> er «<verdi>»
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og ingen feil er meldt

      Eksempler:
        | opplysning                      | verdi              |
        | avsenderens organisasjonsnummer | 974 760 673        |
        | kontoen det skal betales til,   | 8601.11.17947      |
        | kontoen det skal betales til,   | NO93 8601 1117 947 |
        | beløpet å betale                | 436.2500           |

  Regel: En verdi som ikke kan leses, gjør opplysningen ukjent

    Scenario: Kan det ikke leses om mottakeren er en privatperson, må det avklares
      Gitt at opplysningen om mottakeren er privatperson eller virksomhet, er «privatperson»
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det eneste som må avklares, er om mottakeren er privatperson eller virksomhet

    Scenario: Kan linjens beløp ikke leses, må det avklares
      Gitt at linjens beløp uten merverdiavgift (linje 1) er «1e2»
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det eneste som må avklares, er linjens beløp uten merverdiavgift (linje 1)

    Scenario: En ukjent opplysning som ingen regel trenger, endrer ingenting
      Gitt at valutaen er «kroner»
      Når fakturaen kontrolleres
      Så blir fakturaen sendt

    Scenario: Et dokument av ukjent slag regnes verken som faktura eller som kreditnota
      Gitt at svaret på om dokumentet er en faktura eller en kreditnota, er «vet ikke»
      Og at det verken er avtale eller fordring mellom mottakeren og kreditor
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det eneste som må avklares, er om dokumentet er en faktura eller en kreditnota

  Regel: En linje uten et nummer som kan brukes, får navn etter plassen sin

    Scenario: Har to linjer samme nummer, får den siste navn etter plassen sin
      Gitt at fakturaen har disse linjene:
        | linje | gjelder | beløp    | avtalt | avtalt den      | avtalt beløp |
        | a     | en vare | 10,00 kr | ja     | 15. januar 2021 | 10,00 kr     |
        | a     | en vare | 20,00 kr | nei    |                 |              |
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og det er meldt at linjens nummer (linje #2) ikke kan brukes

    Scenariomal: En linje uten nummer, eller med et nummer som ligner på en plass, får navn etter plassen sin
      Gitt at fakturaen har disse linjene:
        | linje    | gjelder | beløp    | avtalt |
        | <nummer> | en vare | 10,00 kr | nei    |
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt på linje #1
      Og det er meldt at linjens nummer (linje #1) ikke kan brukes

      Eksempler:
        | nummer |
        |        |
        | #7     |

  Regel: Står det noe annet der en gruppe opplysninger eller en linje skulle stått, er opplysningene ukjente

    Scenario: En tekst i stedet for samtykket gjør alt om samtykket ukjent
      Gitt at linje 1 er et abonnement
      Og at det bare står «muntlig» der samtykket til linje 1 skulle stått
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og dette må avklares, i denne rekkefølgen:
        | om samtykke til linje 1 er gitt               |
        | om samtykket til linje 1 er opplyst           |
        | om samtykket til linje 1 er eksplisitt        |
        | når samtykket til linje 1 ble gitt            |
        | når samtykket til linje 1 ble trukket tilbake |
      Og det er meldt at samtykket til linje 1 er av feil type

    Scenario: En tekst i stedet for linjene gjør linjene ukjente
      Gitt at det bare står «kaffe» der fakturalinjene skulle stått
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det eneste som må avklares, er fakturalinjene
      Og det er meldt at fakturalinjene er av feil type

    Scenariomal: En linje som ikke kan leses, er ukjent, og de andre linjene vurderes
      Gitt at linje 2 er på 349,01 kr
      Og at det bare står «<innhold>» der linje 1 skulle stått
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt på linje 2
      Og det er ukjent om forbudet mot abonnement uten opplyst og eksplisitt samtykke er brutt på linje #1
      Og det er meldt at linje #1 er av feil type

      Eksempler:
        | innhold |
        | kaffe   |
        | null    |
