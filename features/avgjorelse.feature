# language: no
Egenskap: Avgjørelsen
  En faktura sendes, stoppes, settes på vent eller er ikke omfattet. Et forbud som er brutt, stopper den. Noe
  som er ukjent, setter den på vent til et menneske har avklart det.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenario: Alt i orden
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og ingen feil er meldt

  Scenario: Fakturaer til virksomheter er ikke omfattet
    Gitt at mottakeren er en virksomhet
    Og at det verken er avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så er fakturaen ikke omfattet
    Og forbudet «Verken avtale eller fordring» er ikke brutt

  Scenario: En faktura til en virksomhet er ikke omfattet, selv om alt annet er ukjent
    Gitt at mottakeren er en virksomhet
    Og at svaret på «om det er etablert en avtale med mottakeren» er ukjent
    Og at «fakturalinjene» er ukjent
    Og at «mobilnummeret» er ukjent
    Når fakturaen kontrolleres
    Så er fakturaen ikke omfattet
    Og ingen forbud er brutt eller ukjente
    Og ingen kanal vurderes
    Og ingen kanal forsøkes
    Og ingen råd gis
    Og ingenting mangler

  Scenario: Et forbud som er brutt, går foran et som er ukjent
    Gitt at det verken er avtale eller fordring mellom mottakeren og kreditor
    Og at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Verken avtale eller fordring» er brutt
    Og det er ukjent om forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» er brutt på linje 1
    Og ingenting mangler

  Scenario: To forbud kan være brutt samtidig
    Gitt at linje 1 er et abonnement
    Og at svaret på «om samtykke er gitt (linje 1)» er «nei»
    Og at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «Abonnement uten opplyst og eksplisitt samtykke» er brutt på linje 1
    Og forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» er brutt på linje 1

  Scenario: Er det ukjent om mottakeren er en privatperson, må det avklares
    Gitt at svaret på «om mottakeren er privatperson eller virksomhet» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og bare «om mottakeren er privatperson eller virksomhet» mangler

  Scenario: Er mottakeren ukjent, må det avklares også når et forbud er brutt
    Gitt at svaret på «om mottakeren er privatperson eller virksomhet» er ukjent
    Og at det verken er avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og forbudet «Verken avtale eller fordring» er brutt
    Og bare «om mottakeren er privatperson eller virksomhet» mangler

  Scenario: Også en kreditnota må vente når det er ukjent om mottakeren er en privatperson
    Gitt at dokumentet er en kreditnota
    Og at svaret på «om mottakeren er privatperson eller virksomhet» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og bare «om mottakeren er privatperson eller virksomhet» mangler

  Scenario: Det som mangler, nevnes fra fakturaen og utover, linjene til slutt
    Gitt at svaret på «om mottakeren er privatperson eller virksomhet» er ukjent
    Og at svaret på «om det er etablert en avtale med mottakeren» er ukjent
    Og at svaret på «om ytelsen er avtalt med mottakeren (linje 1)» er ukjent
    Når fakturaen kontrolleres
    Så mangler disse opplysningene, i denne rekkefølgen:
      | om mottakeren er privatperson eller virksomhet |
      | om det er etablert en avtale med mottakeren    |
      | om det er etablert en fordring på mottakeren   |
      | om ytelsen er avtalt med mottakeren (linje 1)  |

  Scenariomal: En faktura uten linjer
    Gitt at fakturaen er uten linjer, med <beløp> å betale
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | beløp     | avgjørelse   |
      | 0,00 kr   | sendt        |
      | 436,25 kr | satt på vent |

  Scenario: Linjer som har gått tapt, meldes som feil
    Gitt at fakturaen er uten linjer, med 436,25 kr å betale
    Når fakturaen kontrolleres
    Så er «fakturalinjene» meldt som feil av slaget «no_lines»
    Og bare «fakturalinjene» mangler
    Og det er ukjent om forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» er brutt

  Scenario: Når linjene er ukjente, er det ukjent om forbudene som gjelder linjer, er brutt
    Gitt at «fakturalinjene» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og det er ukjent om forbudet «Abonnement uten opplyst og eksplisitt samtykke» er brutt
    Og det er ukjent om forbudet «Uoppfordret forespørsel om pengegave» er brutt
    Og det er ukjent om forbudet «Ny ytelse eller utvidet abonnement utover det som er avtalt» er brutt
    Og bare «fakturalinjene» mangler

  Scenario: En kreditnota uten kjente linjer bryter ingen forbud
    Gitt at dokumentet er en kreditnota
    Og at «fakturalinjene» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: Uten oppgitt utsendelsesdato gjelder kontrolldatoen
    Gitt at «utsendelsesdatoen» er ukjent
    Og at linje 1 er et abonnement
    Og at mottakeren har gitt et fullstendig samtykke til linje 1 den 3. februar 2021
    Når fakturaen kontrolleres 3. februar 2021
    Så blir fakturaen sendt

  Scenario: Kontrolleres fakturaen dagen før samtykket ble gitt, stoppes den
    Gitt at «utsendelsesdatoen» er ukjent
    Og at linje 1 er et abonnement
    Og at mottakeren har gitt et fullstendig samtykke til linje 1 den 3. februar 2021
    Når fakturaen kontrolleres 2. februar 2021
    Så blir fakturaen stoppet
