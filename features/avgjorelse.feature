# language: no
Egenskap: Avgjørelsen
  Reglene gjelder fakturaer til privatpersoner. En faktura til en virksomhet er ikke omfattet. En faktura som bryter
  et forbud, stoppes. Er det ukjent om mottakeren er en privatperson, eller om et forbud er brutt, settes fakturaen
  på vent til et menneske har avklart det. Ellers sendes den.

  Scenariene tar utgangspunkt i «en faktura som kan sendes»: Mottakeren er en privatperson og tar imot eFaktura,
  avsenderen har B2C-avtalen, det er etablert en avtale, og fakturaen har én linje, en vare til 349,00 kr som ble
  avtalt 15. januar 2021. Fakturaen er datert 1. februar 2021 og sendes 2. februar 2021.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Regel: En faktura som det ikke er noe å utsette på, sendes

    Scenario: Når alt er i orden, blir fakturaen sendt
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
      Og ingen feil er meldt

    Scenariomal: En faktura uten linjer kan sendes bare når det ikke er noe å betale
      Gitt at fakturaen er uten linjer, med <beløp> å betale
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | beløp     | avgjørelse   |
        | 0,00 kr   | sendt        |
        | 436,25 kr | satt på vent |

    Scenario: En kreditnota uten kjente linjer bryter ingen forbud
      Gitt at dokumentet er en kreditnota
      Og at fakturalinjene er ukjent
      Når fakturaen kontrolleres
      Så blir fakturaen sendt

  Regel: Fakturaer til virksomheter er ikke omfattet

    Scenario: En faktura til en virksomhet er ikke omfattet og bryter ingen forbud
      Gitt at mottakeren er en virksomhet
      Og at det verken er avtale eller fordring mellom mottakeren og kreditor
      Når fakturaen kontrolleres
      Så er fakturaen ikke omfattet
      Og forbudet mot betalingskrav uten avtale eller fordring er ikke brutt

    Scenario: En faktura til en virksomhet er ikke omfattet, selv om alt annet er ukjent
      Gitt at mottakeren er en virksomhet
      Og at det er ukjent om det er etablert en avtale med mottakeren
      Og at fakturalinjene er ukjent
      Og at mobilnummeret er ukjent
      Når fakturaen kontrolleres
      Så er fakturaen ikke omfattet
      Og ingen forbud er brutt eller ukjente
      Og ingen kanal vurderes
      Og ingen kanal forsøkes
      Og ingen råd gis
      Og ingenting må avklares

  Regel: Et forbud som er brutt, stopper fakturaen

    Scenario: Et forbud som er brutt, går foran et som er ukjent
      Gitt at det verken er avtale eller fordring mellom mottakeren og kreditor
      Og at det er ukjent om ytelsen på linje 1 er avtalt med mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot betalingskrav uten avtale eller fordring er brutt
      Og det er ukjent om forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt på linje 1
      Og ingenting må avklares

    Scenario: Flere forbud kan være brutt samtidig
      Gitt at linje 1 er et abonnement
      Og at samtykke til linje 1 ikke er gitt
      Og at ytelsen på linje 1 ikke er avtalt med mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot abonnement uten opplyst og eksplisitt samtykke er brutt på linje 1
      Og forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt på linje 1

  Regel: Det som er ukjent og kan avgjøre, setter fakturaen på vent til det er avklart

    Scenario: Er det ukjent om mottakeren er en privatperson, må det avklares
      Gitt at det er ukjent om mottakeren er privatperson eller virksomhet
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det eneste som må avklares, er om mottakeren er privatperson eller virksomhet

    Scenario: Er det ukjent om mottakeren er en privatperson, må det avklares også når et forbud er brutt
      Gitt at det er ukjent om mottakeren er privatperson eller virksomhet
      Og at det verken er avtale eller fordring mellom mottakeren og kreditor
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og forbudet mot betalingskrav uten avtale eller fordring er brutt
      Og det eneste som må avklares, er om mottakeren er privatperson eller virksomhet

    Scenario: Også en kreditnota må vente når det er ukjent om mottakeren er en privatperson
      Gitt at dokumentet er en kreditnota
      Og at det er ukjent om mottakeren er privatperson eller virksomhet
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det eneste som må avklares, er om mottakeren er privatperson eller virksomhet

    Scenario: Det som må avklares, nevnes i fast rekkefølge: først det som gjelder hele fakturaen, så det som gjelder linjene
      Gitt at det er ukjent om mottakeren er privatperson eller virksomhet
      Og at det er ukjent om det er etablert en avtale med mottakeren
      Og at det er ukjent om ytelsen på linje 1 er avtalt med mottakeren
      Når fakturaen kontrolleres
      Så må dette avklares, i denne rekkefølgen:
        | om mottakeren er privatperson eller virksomhet |
        | om det er etablert en avtale med mottakeren    |
        | om det er etablert en fordring på mottakeren   |
        | om ytelsen på linje 1 er avtalt med mottakeren |

  Regel: Er linjene ukjente, er det ukjent om forbudene som gjelder linjer, er brutt

    Scenario: Linjer som er gått tapt, er ikke det samme som ingen linjer
      Gitt at fakturaen er uten linjer, med 436,25 kr å betale
      Når fakturaen kontrolleres
      Så er det meldt at fakturalinjene mangler
      Og det eneste som må avklares, er fakturalinjene
      Og det er ukjent om forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt

    Scenario: Når linjene er ukjente, gjelder uvissheten alle forbudene om linjer
      Gitt at fakturalinjene er ukjent
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det er ukjent om forbudet mot abonnement uten opplyst og eksplisitt samtykke er brutt
      Og det er ukjent om forbudet mot uoppfordret forespørsel om pengegave er brutt
      Og det er ukjent om forbudet mot ny ytelse eller utvidet abonnement utover det som er avtalt, er brutt
      Og det eneste som må avklares, er fakturalinjene

  Regel: Er utsendelsesdatoen ikke oppgitt, regnes fakturaen som sendt den dagen den kontrolleres

    Scenario: Uten oppgitt utsendelsesdato er et samtykke fra kontrolldatoen tidsnok
      Gitt at utsendelsesdatoen er ukjent
      Og at linje 1 er et abonnement
      Og at mottakeren ga opplyst og eksplisitt samtykke til linje 1 den 3. februar 2021
      Når fakturaen kontrolleres 3. februar 2021
      Så blir fakturaen sendt

    Scenario: Kontrolleres fakturaen dagen før samtykket ble gitt, stoppes den
      Gitt at utsendelsesdatoen er ukjent
      Og at linje 1 er et abonnement
      Og at mottakeren ga opplyst og eksplisitt samtykke til linje 1 den 3. februar 2021
      Når fakturaen kontrolleres 2. februar 2021
      Så blir fakturaen stoppet
