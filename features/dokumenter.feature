# language: no
Egenskap: Fakturaer fra fil, i tabell og på en bestemt dag
  Et scenario kan handle om en faktura slik avsenderens system skriver den, i alle formater som programmet leser, med
  avsenderens eget register og på en bestemt kontrolldato. Det kan også skrive ned hele fakturaen i en tabell. Det
  som verken filen, tabellen eller registeret sier, er ukjent.

  Regel: En faktura i EHF sier ikke alt; resten må stå i avsenderens register

    Scenario: Med avsenderens register er alt kjent, og fakturaen går til Vipps Regning
      Gitt fakturaen i filen «filer/kaffe.xml»
      Og registeret i mappen «filer/register»
      Og at kontrolldatoen er 2. februar 2021
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og fakturaen går til Vipps Regning
      Og avgjørelsen bygger på disse oppføringene i registeret:
        | linje | slag          | referanse |
        |       | avtale        | A-7001    |
        | 1     | avtalt ytelse | Y-7001    |
      Og ingen feil er meldt

    Scenario: Uten avsenderens register må det meste avklares
      Gitt fakturaen i filen «filer/kaffe.xml»
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og dette må avklares, i denne rekkefølgen:
        | om mottakeren er privatperson eller virksomhet             |
        | om det er etablert en avtale med mottakeren                |
        | om det er etablert en fordring på mottakeren               |
        | hva linje 1 gjelder                                        |
        | om samtykke til linje 1 er gitt                            |
        | om samtykket til linje 1 er opplyst                        |
        | om samtykket til linje 1 er eksplisitt                     |
        | når samtykket til linje 1 ble gitt                         |
        | om mottakeren har sagt ja til gaveforespørsler (linje 1)   |
        | når mottakeren sa ja til gaveforespørsler (linje 1)        |
        | om ytelsen på linje 1 er avtalt med mottakeren             |
        | når ytelsen på linje 1 ble avtalt                          |
        | hva det avtalte beløpet uten merverdiavgift for linje 1 er |
      Og avgjørelsen bygger ikke på registeret

    Scenario: Det som et scenario sier, kommer i stedet for det som står i filen og registeret
      Gitt fakturaen i filen «filer/kaffe.xml»
      Og registeret i mappen «filer/register»
      Og at linje 1 er på 349,01 kr
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt på linje 1

    Scenario: Avsenderens avtaler kan vurderes ut fra en fil og et register
      Gitt fakturaen i filen «filer/kaffe.xml»
      Og registeret i mappen «filer/register»
      Når avsenderens avtaler vurderes 1. desember 2018
      Så følger Vipps automatisk med
      Og betalinger fra Vipps kommer inn gjennom AutoPay

  Regel: Har filen flere fakturaer, avgjøres hver for seg

    Scenariomal: Hver faktura i filen har sin avgjørelse
      Gitt dokument nummer <nummer> i filen «filer/stromming.json»
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | nummer | avgjørelse   |
        | 1      | sendt        |
        | 2      | stoppet      |
        | 3      | satt på vent |

    Scenariomal: Uten utsendelsesdato i filen teller kontrolldatoen, og et samtykke fra 15. januar 2021 er tidsnok den dagen
      Gitt dokument nummer 1 i filen «filer/stromming.json»
      Og at kontrolldatoen er <dag>
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | dag             | avgjørelse |
        | 14. januar 2021 | stoppet    |
        | 15. januar 2021 | sendt      |

  Regel: En hel faktura kan skrives i en tabell, og det som ikke står der, er ukjent

    Scenario: En fullstendig faktura i en tabell kan sendes
      Gitt en faktura med disse opplysningene:
        | fakturanummeret                                     | 1001             |
        | fakturadatoen                                       | 1. februar 2021  |
        | utsendelsesdatoen                                   | 2. februar 2021  |
        | forfallsdatoen                                      | 15. februar 2021 |
        | beløpet å betale                                    | 436,25 kr        |
        | om avsenderen har B2C-avtalen                       | ja               |
        | om mottakeren er privatperson eller virksomhet      | privatperson     |
        | om mottakeren tar imot eFaktura fra avsenderen      | ja               |
        | om det er etablert en avtale med mottakeren         | ja               |
        | linjens nummer (linje 1)                            | 1                |
        | hva linje 1 gjelder                                 | abonnement       |
        | linjens beløp uten merverdiavgift (linje 1)         | 349,00 kr        |
        | om samtykke til linje 1 er gitt                     | ja               |
        | om samtykket til linje 1 er opplyst                 | ja               |
        | om samtykket til linje 1 er eksplisitt              | ja               |
        | når samtykket til linje 1 ble gitt                  | 15. januar 2021  |
        | om ytelsen på linje 1 er avtalt med mottakeren      | ja               |
        | når ytelsen på linje 1 ble avtalt                   | 15. januar 2021  |
        | det avtalte beløpet uten merverdiavgift for linje 1 | 349,00 kr        |
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og fakturaen går som eFaktura
      Og ingen feil er meldt

    Scenario: En faktura som det nesten ikke sies noe om, må vente
      Gitt en faktura med disse opplysningene:
        | om mottakeren er privatperson eller virksomhet | privatperson |
        | beløpet å betale                               | 436,25 kr    |
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og dette må avklares, i denne rekkefølgen:
        | om det er etablert en avtale med mottakeren  |
        | om det er etablert en fordring på mottakeren |
        | fakturalinjene                               |

    Scenario: At mottakeren er en virksomhet, er nok til at fakturaen ikke er omfattet
      Gitt en faktura med disse opplysningene:
        | om mottakeren er privatperson eller virksomhet | virksomhet |
      Når fakturaen kontrolleres
      Så er fakturaen ikke omfattet

  Regel: Et scenario kan handle om en annen regelbok enn resten av kjøringen

    Scenario: Regelboken kan hentes fra en mappe
      Gitt regelboken i mappen «../rules»
      Og fakturaen i filen «filer/kaffe.xml»
      Og registeret i mappen «filer/register»
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
