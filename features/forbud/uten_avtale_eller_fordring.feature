# language: no
@S13
Egenskap: Betalingskrav uten avtale eller fordring
  Det er forbudt å kreve betaling når det ikke er etablert et avtaleforhold eller et fordringsforhold mellom
  mottakeren og kreditor. Det ene av dem er nok. Finnes ingen av dem, stoppes fakturaen. Er det ukjent om
  det finnes en avtale eller en fordring, og er ingen av dem kjent, må det avklares før fakturaen kan sendes.

  Bakgrunn:
    Gitt en faktura som kan sendes

  Regel: En avtale eller en fordring er nok

    Scenariomal: Bare når det verken er etablert en avtale eller en fordring, stoppes fakturaen
      Gitt at det <avtale> etablert en avtale med mottakeren
      Og at det <fordring> etablert en fordring på mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | avtale  | fordring | avgjørelse |
        | er      | er       | sendt      |
        | er      | ikke er  | sendt      |
        | ikke er | er       | sendt      |
        | ikke er | ikke er  | stoppet    |

    Scenario: Forbudet gjelder fakturaen som helhet, ikke en enkelt linje
      Gitt at det verken er avtale eller fordring mellom mottakeren og kreditor
      Når fakturaen kontrolleres
      Så er forbudet mot betalingskrav uten avtale eller fordring brutt

    Scenario: En kjent avtale er nok, også når det er ukjent om det er en fordring
      Gitt at det er ukjent om det er etablert en fordring på mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen sendt

    Scenario: En kjent fordring er nok, også når det er ukjent om det er en avtale
      Gitt at det er ukjent om det er etablert en avtale med mottakeren
      Og at det er etablert en fordring på mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen sendt

  Regel: Kan verken avtale eller fordring fastslås, må det som er ukjent, avklares

    Scenario: Er det ingen avtale, og er fordringen ukjent, må fordringen avklares
      Gitt at det ikke er etablert en avtale med mottakeren
      Og at det er ukjent om det er etablert en fordring på mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det er ukjent om forbudet mot betalingskrav uten avtale eller fordring er brutt
      Og det eneste som må avklares, er om det er etablert en fordring på mottakeren

    Scenario: Er det ingen fordring, og er avtalen ukjent, må avtalen avklares
      Gitt at det er ukjent om det er etablert en avtale med mottakeren
      Og at det ikke er etablert en fordring på mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det eneste som må avklares, er om det er etablert en avtale med mottakeren

    Scenario: Er begge ukjente, må begge avklares
      Gitt at det er ukjent om det er etablert en avtale med mottakeren
      Og at det er ukjent om det er etablert en fordring på mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det eneste som må avklares, er om det er etablert en avtale med mottakeren og om det er etablert en fordring på mottakeren

  Regel: Forbudet gjelder betalingskrav

    Scenario: En kreditnota er ikke et betalingskrav
      Gitt at dokumentet er en kreditnota
      Og at det verken er avtale eller fordring mellom mottakeren og kreditor
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
