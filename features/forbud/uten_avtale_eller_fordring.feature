# language: no
Egenskap: Betalingskrav uten avtale eller fordring
  Det er forbudt å kreve betaling der det verken er inngått en avtale eller etablert en fordring mellom
  mottakeren og kreditor. Det ene eller det andre er nok.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Scenariomal: Avtale eller fordring er nok, og bare når begge mangler, er forbudet brutt
    Gitt at «relationship.agreement» er «<avtale>»
    Og at «relationship.claim» er «<fordring>»
    Når fakturaen kontrolleres
    Så blir fakturaen <avgjørelse>

    Eksempler:
      | avtale | fordring | avgjørelse |
      | ja     | ja       | sendt      |
      | ja     | nei      | sendt      |
      | nei    | ja       | sendt      |
      | nei    | nei      | stoppet    |

  Scenario: Forbudet gjelder hele fakturaen
    Gitt det er verken avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så forbudet «no-creditor-relationship» er brutt

  Scenario: En kjent avtale er nok, også når fordringen er ukjent
    Gitt at «relationship.claim» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: Uten avtale avgjør fordringen, og er den ukjent, må den avklares
    Gitt at «relationship.agreement» er «nei»
    Og at «relationship.claim» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og forbudet «no-creditor-relationship» er ukjent
    Og mangler bare «relationship.claim»

  Scenario: Er begge ukjente, mangler begge
    Gitt at «relationship.agreement» er ukjent
    Når fakturaen kontrolleres
    Så blir fakturaen på vent
    Og mangler bare «relationship.agreement, relationship.claim»

  Scenario: En kreditnota er ikke noe betalingskrav
    Gitt fakturaen er en kreditnota
    Og det er verken avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
