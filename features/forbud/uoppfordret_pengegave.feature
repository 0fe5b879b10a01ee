# language: no
@S14
Egenskap: Uoppfordret forespørsel om pengegave
  Det er forbudt å be om en pengegave, med mindre forespørselen er forankret i mottakerens forutgående aksept
  av å få slike forespørsler. Aksepten må være gitt senest på utsendelsesdatoen, og den må ikke være trukket
  tilbake på eller før den dagen. Er noe av dette ukjent, må det avklares før fakturaen kan sendes.

  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at linje 1 er en forespørsel om pengegave
    Og at mottakeren aksepterte å få gaveforespørselen på linje 1 den 15. januar 2021
    Og at fakturaen sendes 2. februar 2021

  Regel: Uten mottakerens aksept kan avsenderen ikke be om en pengegave

    Scenario: Har mottakeren akseptert det på forhånd, kan avsenderen be om en pengegave
      Når fakturaen kontrolleres
      Så blir fakturaen sendt

    Scenario: Har mottakeren ikke akseptert det, stoppes forespørselen
      Gitt at mottakeren ikke har sagt ja til gaveforespørsler (linje 1)
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot uoppfordret forespørsel om pengegave er brutt på linje 1

    Scenario: Av flere gaveforespørsler nevnes bare de linjene som bryter forbudet
      Gitt at linje 2 er en forespørsel om pengegave
      Og at mottakeren ikke har sagt ja til gaveforespørsler (linje 2)
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet
      Og forbudet mot uoppfordret forespørsel om pengegave er brutt på linje 2

  Regel: Aksepten må være gitt senest på utsendelsesdatoen

    Scenariomal: Aksept dagen før utsendelsen eller samme dag er tidsnok, aksept dagen etter er for sent
      Gitt at mottakeren aksepterte å få gaveforespørselen på linje 1 den <dag>
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | dag             | avgjørelse |
        | 1. februar 2021 | sendt      |
        | 2. februar 2021 | sendt      |
        | 3. februar 2021 | stoppet    |

  Regel: En aksept som er trukket tilbake senest på utsendelsesdatoen, gjelder ikke

    Scenariomal: Tilbaketrekking dagen før utsendelsen eller samme dag stopper forespørselen, tilbaketrekking dagen etter gjør det ikke
      Gitt at aksepten for linje 1 er trukket tilbake <dag>
      Når fakturaen kontrolleres
      Så blir fakturaen <avgjørelse>

      Eksempler:
        | dag             | avgjørelse |
        | 1. februar 2021 | stoppet    |
        | 2. februar 2021 | stoppet    |
        | 3. februar 2021 | sendt      |

    Scenario: En aksept som ble gitt og trukket tilbake på utsendelsesdatoen, gjelder ikke
      Gitt at mottakeren aksepterte å få gaveforespørselen på linje 1 den 2. februar 2021
      Og at aksepten for linje 1 er trukket tilbake 2. februar 2021
      Når fakturaen kontrolleres
      Så blir fakturaen stoppet

  Regel: Det som er ukjent om aksepten, må avklares før fakturaen sendes

    Scenariomal: Er det ukjent om aksepten er gitt i tide, settes fakturaen på vent
      Gitt at det er ukjent <spørsmål>
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det eneste som må avklares, er <spørsmål>

      Eksempler:
        | spørsmål                                                 |
        | om mottakeren har sagt ja til gaveforespørsler (linje 1) |
        | når mottakeren sa ja til gaveforespørsler (linje 1)      |

    Scenario: En uleselig tilbaketrekkingsdato er ikke det samme som at aksepten aldri er trukket tilbake
      Gitt at datoen mottakeren trakk tilbake sitt ja til gaveforespørsler (linje 1), er «i fjor»
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det er ukjent om forbudet mot uoppfordret forespørsel om pengegave er brutt på linje 1
      Og det eneste som må avklares, er når mottakeren trakk tilbake sitt ja til gaveforespørsler (linje 1)
      Og det er meldt at datoen mottakeren trakk tilbake sitt ja til gaveforespørsler (linje 1), har feil form

    Scenario: Kan utsendelsesdatoen ikke leses, er det ukjent om aksepten var gitt i tide
      Gitt at utsendelsesdatoen er «02.02.2021»
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det er ukjent om forbudet mot uoppfordret forespørsel om pengegave er brutt på linje 1
      Og det eneste som må avklares, er utsendelsesdatoen

    Scenario: Er det ukjent hva linjen gjelder, er det ukjent om den ber om en pengegave
      Gitt at det er ukjent hva linje 1 gjelder
      Og at mottakeren ga opplyst og eksplisitt samtykke til linje 1 den 15. januar 2021
      Og at mottakeren ikke har sagt ja til gaveforespørsler (linje 1)
      Når fakturaen kontrolleres
      Så blir fakturaen satt på vent
      Og det er ukjent om forbudet mot uoppfordret forespørsel om pengegave er brutt på linje 1
      Og det eneste som må avklares, er hva linje 1 gjelder

  Regel: Forbudet gjelder forespørsler om pengegaver, og bare dem

    Scenario: En pengegave trenger aksept, men ingen avtale om beløpet
      Gitt at ytelsen på linje 1 ikke er avtalt med mottakeren
      Når fakturaen kontrolleres
      Så blir fakturaen sendt

    Scenariomal: Varer, tjenester og abonnementer krever ikke aksept av gaveforespørsler
      Gitt at linje 1 er <slag>
      Og at mottakeren ga opplyst og eksplisitt samtykke til linje 1 den 15. januar 2021
      Og at mottakeren ikke har sagt ja til gaveforespørsler (linje 1)
      Når fakturaen kontrolleres
      Så blir fakturaen sendt

      Eksempler:
        | slag          |
        | en vare       |
        | en tjeneste   |
        | et abonnement |

    Scenario: En kreditnota ber ikke om noen pengegave
      Gitt at dokumentet er en kreditnota
      Og at mottakeren ikke har sagt ja til gaveforespørsler (linje 1)
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
