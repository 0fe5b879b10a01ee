"""What the lint of features refuses: a name each, and why it would pass green and test nothing.

``docs/feature-lint.md`` has the same table, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fakturavakt.texts import Text, text

UNREAD: Final[Mapping[str, Text]] = {
    "no-features": text(
        "En kjøring uten egenskaper har ikke vist noe.",
        "A run without features has shown nothing.",
    ),
    "not-collected": text(
        "Ingen leser filen, for navnet må slutte på «.feature» og ikke begynne med punktum.",
        "Nobody reads the file: its name has to end in “.feature” and not begin with a dot.",
    ),
    "not-readable": text("Det som ikke kan leses, kjøres ikke.", "What cannot be read is not run."),
    "not-utf8": text("Gherkin leser bare UTF-8.", "Gherkin reads nothing but UTF-8."),
    "byte-order-mark": text(
        "Merket står foran det første nøkkelordet, som da ikke blir forstått.",
        "The mark stands before the first keyword, which then is not understood.",
    ),
    "unknown-language": text(
        "Gherkin kaller norsk «no», bokmål og nynorsk i ett.",
        "Gherkin calls Norwegian “no”, both bokmål and nynorsk.",
    ),
    "language-not-told": text(
        "Uten språklinje leses filen som engelsk.",
        "Without a line of language the file is read as English.",
    ),
    "gherkin-syntax": text(
        "Det som Gherkin ikke forstår, kjøres ikke.",
        "What Gherkin does not understand is not run.",
    ),
    "no-feature": text("Filen har ingen egenskap.", "The file has no feature in it."),
}
"""Why a file as a whole is not run."""

LEFT_OUT: Final[Mapping[str, Text]] = {
    "feature-without-scenarios": text(
        "En egenskap uten scenarier lover noe som ingen prøver.",
        "A feature without scenarios promises what nobody tries.",
    ),
    "rule-without-scenarios": text(
        "En regel uten scenarier lover noe som ingen prøver.",
        "A rule without scenarios promises what nobody tries.",
    ),
    "background-without-steps": text(
        "En bakgrunn uten steg endrer ingenting.", "A background without steps changes nothing."
    ),
    "scenario-twice": text(
        "Av to scenarier med ett navn kjøres bare det siste, også når de står under hver sin regel.",
        "Of two scenarios of one name only the last is run, even where they stand under different rules.",
    ),
    "scenario-without-name": text(
        "Uten navn vet ingen hva som ble vist.", "Without a name nobody knows what was shown."
    ),
    "scenario-without-steps": text(
        "Et scenario uten steg er alltid bestått.", "A scenario without steps always passes."
    ),
    "skipping-tag": text(
        "Merkelappen får pytest til å hoppe over scenariet, eller til å godta at det feiler.",
        "The tag makes pytest skip the scenario, or accept that it fails.",
    ),
    "step-in-description": text(
        "Linjen leses som beskrivelse, for den begynner ikke med et nøkkelord slik Gherkin skriver det.",
        "The line is read as description: it does not begin with a keyword as Gherkin writes it.",
    ),
    "keyword-in-description": text(
        "Et feilskrevet nøkkelord gjør alt under det til beskrivelse.",
        "A misspelt keyword turns all that stands under it into description.",
    ),
    "row-in-description": text(
        "En rad uten strek foran leses som beskrivelse.",
        "A row without a bar before it is read as description.",
    ),
    "commented-out": text(
        "Et steg, et scenario eller en rad bak «#» kjøres ikke.",
        "A step, a scenario or a row behind “#” is not run.",
    ),
    "swallowed-by-text": text(
        'Det som står mellom """ og """, er tekst og kjøres ikke.',
        'What stands between """ and """ is text and is not run.',
    ),
    "text-lost": text(
        "Gherkin leser ikke det som står bak en rads siste strek, eller bak tre anførselstegn.",
        "Gherkin does not read what stands behind the last bar of a row, or behind three quotes.",
    ),
}
"""Parts of a file that are not run."""

EXAMPLES: Final[Mapping[str, Text]] = {
    "outline-without-examples": text(
        "Et scenariomal uten eksempler kjøres én gang, uten verdier.",
        "An outline without examples is run once, without values.",
    ),
    "examples-without-rows": text(
        "Uten rader kjøres ingen av eksemplene.", "Without rows none of the examples is run."
    ),
    "column-twice": text(
        "Av to kolonner med ett navn teller bare den siste.",
        "Of two columns of one name only the last counts.",
    ),
    "unknown-column": text(
        "En kolonne i vinkelparenteser blir stående som den er når ingen tabell har den.",
        "A column in angle brackets stays as it is where no table has it.",
    ),
    "unused-column": text(
        "En kolonne som ingen steg bruker, prøver ingenting.",
        "A column that no step uses tries nothing.",
    ),
    "broken-placeholder": text(
        "Uten begge vinkelparentesene settes ingen verdi inn.",
        "Without both angle brackets no value is put in.",
    ),
    "placeholder-in-row": text(
        "En verdi i eksemplene fylles ikke ut av en annen kolonne.",
        "A value of the examples is not filled in from another column.",
    ),
    "row-twice": text(
        "Den samme raden prøver det samme en gang til.", "An equal row tries the same once more."
    ),
    "steps-twice": text(
        "To scenarier med de samme stegene prøver ett tilfelle; som regel skulle det ene vært et annet.",
        "Two scenarios of the same steps try one case; most often one of them was to be another.",
    ),
}
"""Scenarios that are run with other values than it seems."""

STEPS: Final[Mapping[str, Text]] = {
    "unknown-step": text(
        "Et steg som ingen kan, stanser kjøringen.", "A step that nobody knows stops the run."
    ),
    "ambiguous-step": text(
        "Av to stegdefinisjoner som passer, kjøres bare den ene, og ingen sier hvilken.",
        "Of two step definitions that match only one is run, and nothing tells which.",
    ),
    "step-without-kind": text(
        "Det første steget må si om det er gitt, skjer eller kreves.",
        "The first step has to say whether it is given, happens or is demanded.",
    ),
    "two-in-one": text(
        "Stegets siste verdi sluker det som står etter den.",
        "The last value of the step swallows what stands behind it.",
    ),
    "scenario-without-then": text(
        "Et scenario som ikke krever noe, er alltid bestått.",
        "A scenario that demands nothing always passes.",
    ),
    "given-after-when": text(
        "Det som oppgis etter at alt er avgjort, endrer ingenting.",
        "What is stated after all is decided changes nothing.",
    ),
    "when-without-then": text("Ingen ser på det som kom ut.", "Nobody looks at what came out."),
    "then-before-when": text(
        "Det som kreves før noe har skjedd, gjelder ikke det som skjer.",
        "What is demanded before anything happens is not about what happens.",
    ),
    "then-twice": text(
        "Det samme kravet en gang til prøver ingenting nytt.",
        "The same demand once more tries nothing new.",
    ),
    "table-not-taken": text(
        "Tabellen under steget leses ikke.", "The table under the step is not read."
    ),
    "table-missing": text(
        "Uten tabellen har steget ingenting å gå etter.",
        "Without its table the step has nothing to go by.",
    ),
    "table-without-rows": text(
        "En tabell med bare overskrifter sier ingenting.",
        "A table of headings alone says nothing.",
    ),
    "text-not-taken": text(
        "Teksten under steget leses ikke.", "The text under the step is not read."
    ),
    "text-missing": text(
        "Uten teksten har steget ingenting å gå etter.",
        "Without its text the step has nothing to go by.",
    ),
}
"""Steps that do something else than it seems, or nothing."""

DEFINITIONS: Final[Mapping[str, Text]] = {
    "step-defined-twice": text(
        "Av to stegdefinisjoner med samme tekst kjøres bare den ene.",
        "Of two step definitions of one text only one is run.",
    ),
    "step-not-awaited": text(
        "En asynkron funksjon eller en generator som bare kalles, blir aldri kjørt.",
        "An asynchronous function or a generator that is only called is never run.",
    ),
    "truth-returned": text(
        "Et svar som returneres, ser ingen på; bare «assert» kan feile.",
        "Nobody looks at an answer that is returned; only “assert” can fail.",
    ),
    "comparison-dropped": text(
        "En sammenlikning uten «assert» kan ikke feile.",
        "A comparison without “assert” cannot fail.",
    ),
    "always-true": text(
        "Et par i parentes er alltid sant, og det er en konstant også.",
        "A pair in brackets is always true, and so is a constant.",
    ),
    "failure-swallowed": text(
        "Feilen fanges før pytest ser den.", "The failure is caught before pytest sees it."
    ),
    "step-skips": text(
        "Et steg som hopper over testen, gjør kjøringen grønn.",
        "A step that skips its test makes the run green.",
    ),
    "then-without-body": text(
        "Et krav som ikke gjør noe, er alltid oppfylt.",
        "A demand that does nothing is always met.",
    ),
    "argument-dropped": text(
        "En verdi som funksjonen ikke tar imot, kastes.",
        "A value that the function does not take is thrown away.",
    ),
}
"""Step definitions that cannot fail, or are never run."""

ALL_CODES: Final[Mapping[str, Text]] = {**UNREAD, **LEFT_OUT, **EXAMPLES, **STEPS, **DEFINITIONS}
