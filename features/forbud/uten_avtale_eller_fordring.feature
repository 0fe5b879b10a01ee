# language: no
Egenskap: Betalingskrav uten avtale eller fordring
  Det er forbudt å kreve betaling der det verken er inngått en avtale eller etablert en fordring mellom
  mottakeren og kreditor. Det ene eller det andre er nok.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenariomal: En avtale eller en fordring er nok; bare når begge mangler, er forbudet brutt
    Gitt at svaret på «om det er etablert en avtale med mottakeren» er «<avtale>»
    Og at svaret på «om det er etablert en fordring på mottakeren» er «<fordring>»
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | avtale | fordring | avgjørelse |
      | ja     | ja       | sendt      |
      | ja     | nei      | sendt      |
      | nei    | ja       | sendt      |
      | nei    | nei      | stoppet    |

  Scenario: Forbudet gjelder hele fakturaen
    Gitt at det verken er avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så er forbudet «Verken avtale eller fordring» brutt

  Scenario: En kjent avtale er nok, også når fordringen er ukjent
    Gitt at svaret på «om det er etablert en fordring på mottakeren» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: En kjent fordring er nok, også når avtalen er ukjent
    Gitt at svaret på «om det er etablert en avtale med mottakeren» er ukjent
    Og at svaret på «om det er etablert en fordring på mottakeren» er «ja»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: Uten avtale avgjør fordringen, og er den ukjent, må den avklares
    Gitt at svaret på «om det er etablert en avtale med mottakeren» er «nei»
    Og at svaret på «om det er etablert en fordring på mottakeren» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og det er ukjent om forbudet «Verken avtale eller fordring» er brutt
    Og bare «om det er etablert en fordring på mottakeren» mangler

  Scenario: Uten fordring avgjør avtalen, og er den ukjent, må den avklares
    Gitt at svaret på «om det er etablert en avtale med mottakeren» er ukjent
    Og at svaret på «om det er etablert en fordring på mottakeren» er «nei»
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og bare «om det er etablert en avtale med mottakeren» mangler

  Scenario: Er begge ukjente, mangler begge
    Gitt at svaret på «om det er etablert en avtale med mottakeren» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og bare «om det er etablert en avtale med mottakeren, om det er etablert en fordring på mottakeren» mangler

  Scenario: En kreditnota er ikke noe betalingskrav
    Gitt at dokumentet er en kreditnota
    Og at det verken er avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
