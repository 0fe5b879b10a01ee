# language: no
Egenskap: Avgjørelsen
  En faktura sendes, stoppes, settes på vent eller er ikke omfattet. Et forbud som er brutt, stopper den. Noe
  som er ukjent, setter den på vent til et menneske har funnet det ut.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenario: Alt i orden
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og ingen feil er meldt

  Scenario: Fakturaer til virksomheter er ikke omfattet
    Gitt mottakeren er en virksomhet
    Og det er verken avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så blir fakturaen ikke omfattet
    Og forbudet «no-creditor-relationship» er ikke brutt

  Scenario: Et brutt forbud går foran et ukjent
    Gitt det er verken avtale eller fordring mellom mottakeren og kreditor
    Og at «line[1].agreed.given» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «no-creditor-relationship» er brutt
    Og forbudet «unagreed-upgrade» er ukjent på linje 1

  Scenario: To forbud kan være brutt på en gang
    Gitt linje 1 er et abonnement
    Og at «line[1].consent.given» er «nei»
    Og at «line[1].agreed.given» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
    Og forbudet «unconsented-subscription» er brutt på linje 1
    Og forbudet «unagreed-upgrade» er brutt på linje 1

  Scenario: Er det ukjent om mottakeren er en privatperson, må det avklares
    Gitt at «recipient.kind» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og mangler bare «recipient.kind»

  Scenario: Også når et forbud er brutt
    Gitt at «recipient.kind» er ukjent
    Og det er verken avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og forbudet «no-creditor-relationship» er brutt
    Og mangler bare «recipient.kind»

  Scenario: Det som mangler, nevnes fra fakturaen og utover, linjene til slutt
    Gitt at «recipient.kind» er ukjent
    Og at «relationship.agreement» er ukjent
    Og at «line[1].agreed.given» er ukjent
    Når fakturaen kontrolleres
    Så mangler bare «recipient.kind, relationship.agreement, relationship.claim, line[1].agreed.given»

  Scenariomal: En faktura uten linjer
    Gitt fakturaen har ingen linjer og <beløp> å betale
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | beløp     | avgjørelse |
      | 0,00 kr   | sendt      |
      | 436,25 kr | på vent    |

  Scenario: Linjer som gikk tapt, er et problem
    Gitt fakturaen har ingen linjer og 436,25 kr å betale
    Når fakturaen kontrolleres
    Så er «invoice.lines» meldt som feil av slaget «no_lines»
    Og mangler bare «invoice.lines»
    Og forbudet «unagreed-upgrade» er ukjent

  Scenario: En kreditnota uten kjente linjer bryter ingen forbud
    Gitt fakturaen er en kreditnota
    Og at «invoice.lines» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: Uten oppgitt utsendelsesdato gjelder kontrolldatoen
    Gitt at «invoice.send_date» er ukjent
    Og linje 1 er et abonnement
    Og mottakeren har gitt et fullstendig samtykke til linje 1 3. februar 2021
    Når fakturaen kontrolleres 3. februar 2021
    Så blir fakturaen sendt

  Scenario: Dagen før er samtykket ikke gitt ennå
    Gitt at «invoice.send_date» er ukjent
    Og linje 1 er et abonnement
    Og mottakeren har gitt et fullstendig samtykke til linje 1 3. februar 2021
    Når fakturaen kontrolleres 2. februar 2021
    Så blir fakturaen stoppet
