# language: no
Egenskap: Evidensregisteret
  Det som fakturaen selv ikke sier, kan avsenderens register dokumentere: samtykker, avtaler, fordringer, aksepter av
  gaveforespørsler og avtalte ytelser, hver fra en dag. Fakturaen går foran registeret, og registeret retter ikke
  fakturaen. Uten en oppføring er opplysningen ukjent, med mindre registeret er oppgitt å være fullstendig; da er
  svaret nei.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at fakturaen har disse linjene:
      | linje | varenummer | gjelder       | beløp     | avtalt | avtalt den      | avtalt beløp |
      | 1     | tv         | et abonnement | 100,00 kr | ja     | 15. januar 2021 | 100,00 kr    |
    Og at fakturaen sendes 2. februar 2021

  Regel: Det nyeste samtykket fra utsendelsesdatoen eller før teller, også når det er trukket tilbake

    Scenario: Et opplyst og eksplisitt samtykke i registeret er nok
      Gitt at registeret har denne evidensen:
        | varenummer | slag     | fra             | trukket tilbake | opplyst | eksplisitt | referanse |
        | tv         | samtykke | 15. januar 2021 |                 | ja      | ja         | S-1       |
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og avgjørelsen bygger på «S-1» i registeret

    Scenario: Er det nyeste samtykket trukket tilbake, hjelper ikke et eldre
      Gitt at registeret har denne evidensen:
        | varenummer | slag     | fra             | trukket tilbake | opplyst | eksplisitt | referanse |
        | tv         | samtykke | 15. januar 2020 |                 | ja      | ja         | S-1       |
        | tv         | samtykke | 15. januar 2021 | 1. februar 2021 | ja      | ja         | S-2       |
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og avgjørelsen bygger på «S-2» i registeret

    Scenario: Et nytt samtykke etter at det gamle ble trukket tilbake, er nok
      Gitt at registeret har denne evidensen:
        | varenummer | slag     | fra             | trukket tilbake  | opplyst | eksplisitt | referanse |
        | tv         | samtykke | 15. januar 2020 | 1. desember 2020 | ja      | ja         | S-1       |
        | tv         | samtykke | 15. januar 2021 |                  | ja      | ja         | S-2       |
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og avgjørelsen bygger på «S-2» i registeret

    Scenario: Et samtykke fra dagen etter utsendelsen kommer for sent
      Gitt at registeret har denne evidensen:
        | varenummer | slag     | fra             | opplyst | eksplisitt | referanse |
        | tv         | samtykke | 3. februar 2021 | ja      | ja         | S-1       |
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og avgjørelsen bygger på «S-1» i registeret

    Scenario: Av to rader om det samme teller den siste
      Gitt at registeret har denne evidensen:
        | varenummer | slag     | fra             | opplyst | eksplisitt | referanse |
        | tv         | samtykke | 15. januar 2021 | ja      | nei        | S-1       |
        | tv         | samtykke | 15. januar 2021 | ja      | ja         | S-2       |
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og avgjørelsen bygger på «S-2» i registeret

  Regel: Uten en oppføring er svaret ukjent, eller nei der registeret er fullstendig

    Scenario: Uten en oppføring for ytelsen er samtykket ukjent
      Gitt at registeret har denne evidensen:
        | varenummer | slag     | fra             | opplyst | eksplisitt |
        | radio      | samtykke | 15. januar 2021 | ja      | ja         |
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent

    Scenario: Er registeret fullstendig for samtykker, er det ellers ikke gitt samtykke
      Gitt at registeret er fullstendig for samtykker
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot abonnement uten opplyst og eksplisitt samtykke er brutt på linje 1

    Scenario: Er registeret fullstendig for avtaler og fordringer, finnes det ingen andre
      Gitt at linje 1 er en vare
      Og at det er ukjent om det er etablert en avtale med mottakeren
      Og at registeret er fullstendig for avtaler og fordringer
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot betalingskrav uten avtale eller fordring er brutt

    Scenario: Er registeret fullstendig for aksepter, har mottakeren ellers ikke akseptert gaveforespørsler
      Gitt at linje 1 er en forespørsel om pengegave
      Og at registeret er fullstendig for aksepter
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot uoppfordret forespørsel om pengegave er brutt på linje 1

    Scenario: Er registeret fullstendig for avtalte ytelser, er ellers ingenting avtalt
      Gitt at fakturaen har disse linjene:
        | linje | varenummer | gjelder | beløp     |
        | 1     | kaffe      | en vare | 349,00 kr |
      Og at registeret er fullstendig for avtalte ytelser
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt på linje 1

    Scenario: Et fullstendig register sier ingenting om en mottaker uten kundenummer
      Gitt at kundenummeret er ukjent
      Og at registeret er fullstendig for samtykker
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent

  Regel: En avtale eller en fordring i registeret må gjelde på utsendelsesdatoen

    Scenariomal: En avtale som opphører på utsendelsesdatoen, er ikke nok; opphører den dagen etter, er den nok
      Gitt at linje 1 er en vare
      Og at det er ukjent om det er etablert en avtale med mottakeren
      Og at det ikke er etablert en fordring på mottakeren
      Og at registeret har denne evidensen:
        | slag   | fra             | opphørt   | referanse |
        | avtale | 15. januar 2021 | <opphørt> | A-1       |
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>
      Og avgjørelsen bygger på «A-1» i registeret

      Eksempler:
        | opphørt         | avgjørelse |
        | 2. februar 2021 | stoppet    |
        | 3. februar 2021 | sendt      |

    Scenario: En fordring i registeret er nok
      Gitt at linje 1 er en vare
      Og at det er ukjent om det er etablert en avtale med mottakeren
      Og at registeret har denne evidensen:
        | slag     | fra             | referanse |
        | fordring | 15. januar 2021 | F-1       |
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og avgjørelsen bygger på «F-1» i registeret

    Scenario: Et nei som noen har fastslått, er et nei
      Gitt at linje 1 er en vare
      Og at det er ukjent om det er etablert en avtale med mottakeren
      Og at det ikke er etablert en fordring på mottakeren
      Og at registeret har denne evidensen:
        | slag   | gitt | fra             | referanse |
        | avtale | nei  | 15. januar 2021 | A-1       |
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot betalingskrav uten avtale eller fordring er brutt

  Regel: En aksept kan gjelde én ytelse eller alle avsenderens gaveforespørsler

    Scenario: En aksept uten varenummer gjelder alle gaveforespørslene fra avsenderen
      Gitt at linje 1 er en forespørsel om pengegave
      Og at registeret har denne evidensen:
        | varenummer | slag   | fra             | referanse |
        |            | aksept | 15. januar 2021 | G-1       |
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og avgjørelsen bygger på disse oppføringene i registeret:
        | linje | slag   | referanse |
        | 1     | aksept | G-1       |

    Scenario: En oppføring for linjens eget varenummer går foran den som gjelder alt
      Gitt at linje 1 er en forespørsel om pengegave
      Og at registeret har denne evidensen:
        | varenummer | slag   | gitt | fra             | referanse |
        |            | aksept | ja   | 15. januar 2021 | G-1       |
        | tv         | aksept | nei  | 15. januar 2020 | G-2       |
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og avgjørelsen bygger på «G-2» i registeret

  Regel: Det avtalte beløpet i registeret kan stå med eller uten merverdiavgift, i fakturaens valuta

    Scenariomal: Det avtalte beløpet må dekke linjen på 349,00 kr uten merverdiavgift
      Gitt at fakturaen har disse linjene:
        | linje | varenummer | gjelder | beløp     |
        | 1     | kaffe      | en vare | 349,00 kr |
      Og at registeret har denne evidensen:
        | varenummer | slag          | fra             | beløp  | beløp med merverdiavgift | sats   | valuta   | referanse |
        | kaffe      | avtalt ytelse | 15. januar 2021 | <uten> | <med>                    | <sats> | <valuta> | Y-1       |
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | uten      | med       | sats | valuta | avgjørelse   |
        | 349,00 kr |           |      |        | sendt        |
        | 348,99 kr |           |      |        | stoppet      |
        |           | 436,25 kr | 25 % |        | sendt        |
        |           | 436,24 kr | 25 % |        | stoppet      |
        | 349,00 kr |           |      | EUR    | satt på vent |

    Scenariomal: Ytelsen må være avtalt senest på fakturadatoen
      Gitt at fakturaen har disse linjene:
        | linje | varenummer | gjelder | beløp     |
        | 1     | kaffe      | en vare | 349,00 kr |
      Og at fakturaen er datert 1. februar 2021
      Og at registeret har denne evidensen:
        | varenummer | slag          | fra   | beløp     | referanse |
        | kaffe      | avtalt ytelse | <dag> | 349,00 kr | Y-1       |
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | dag             | avgjørelse |
        | 1. februar 2021 | sendt      |
        | 2. februar 2021 | stoppet    |

  Regel: Avsenderens katalog sier hva linjen gjelder, der fakturaen ikke gjør det

    Scenario: Katalogen sier hva linjen gjelder når fakturaen ikke gjør det
      Gitt at det er ukjent hva linje 1 gjelder
      Og at samtykke til linje 1 ikke er gitt
      Og at avsenderens katalog har disse varene:
        | varenummer | gjelder       |
        | tv         | et abonnement |
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot abonnement uten opplyst og eksplisitt samtykke er brutt på linje 1

    Scenario: Fakturaen går foran katalogen
      Gitt at linje 1 er en vare
      Og at avsenderens katalog har disse varene:
        | varenummer | gjelder       |
        | tv         | et abonnement |
      Når fakturaen kontrolleres
      Så blir fakturaen sendt

  Regel: Fakturaen går foran registeret, og registeret retter ikke fakturaen

    Scenario: Sier fakturaen noe om samtykket, brukes ingenting om det fra registeret
      Gitt at samtykke til linje 1 er gitt
      Og at registeret har denne evidensen:
        | varenummer | slag     | fra             | opplyst | eksplisitt |
        | tv         | samtykke | 15. januar 2021 | ja      | ja         |
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og dette må avklares, i denne rekkefølgen:
        | om samtykket til linje 1 er opplyst    |
        | om samtykket til linje 1 er eksplisitt |
        | når samtykket til linje 1 ble gitt     |

    Scenario: Registeret retter ikke en verdi i fakturaen som ikke kan leses
      Gitt at opplysningen om samtykke til linje 1 er gitt, er «muntlig»
      Og at registeret har denne evidensen:
        | varenummer | slag     | fra             | opplyst | eksplisitt |
        | tv         | samtykke | 15. januar 2021 | ja      | ja         |
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent

    Scenario: For en faktura til en virksomhet brukes ingen evidens
      Gitt at mottakeren er en virksomhet
      Og at registeret har denne evidensen:
        | varenummer | slag     | fra             | opplyst | eksplisitt | referanse |
        | tv         | samtykke | 15. januar 2021 | ja      | ja         | S-1       |
      Når fakturaen kontrolleres
      Så er fakturaen ikke omfattet
      Og avgjørelsen bygger ikke på registeret
