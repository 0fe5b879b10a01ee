"""The codes of findings: stable numbers, a name each, and why such a finding is told at all.

Codes are never given away twice: a finding that is no longer made leaves its number unused. ``FV0..`` are
mistakes of form, which the loader finds (their names are the loader's own); the rest are about meaning.
``docs/rules-check.md`` has the same table, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fakturavakt.texts import Text, text


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A kind of finding: ``name`` is its short phrase, ``why`` says what it does to invoices or to people."""

    code: str
    name: str
    why: Text


_UNREADABLE: Final = text(
    "En fil som ikke kan leses, er en regel som ikke virker.",
    "A file that cannot be read is a rule that does not work.",
)
_YAML: Final = text(
    "YAML ville lest noe annet enn det som ser ut til å stå der.",
    "YAML would read something else than what seems to stand there.",
)
_BOOK: Final = text(
    "En regelbok som mangler en del, avgjør ingenting.",
    "A rule book that lacks a part decides nothing.",
)
_SHAPE: Final = text(
    "Det som ikke er forstått, virker ikke, og ingen skal tro at det gjør det.",
    "What is not understood does not work, and nobody must believe that it does.",
)
_NAMES: Final = text(
    "Et navn må vise til én ting, og til noe som finnes.",
    "A name has to stand for one thing, and for one that there is.",
)
_CONDITION: Final = text(
    "Vilkåret kan ikke prøves slik det står.", "The condition cannot be tried as it is written."
)
_TEXTS: Final = text(
    "Den som får teksten, får noe galt eller ingenting å lese.",
    "Whoever gets the text gets something wrong to read, or nothing.",
)
_FACTS: Final = text(
    "Et faktum uten klar form leses ikke likt hver gang.",
    "A fact without a clear form is not read alike each time.",
)
_CHANNELS: Final = text(
    "En faktura kunne være klar til sending og ikke ha noen kanal.",
    "An invoice could be ready to send and have no channel.",
)
_MIGRATION: Final = text(
    "Hver avsender skal få nøyaktig ett svar.", "Each sender has to get exactly one answer."
)
_GUARANTEE: Final = text(
    "Et løfte som ikke er forstått, holder ingen fast ved noe.",
    "A promise that is not understood holds nobody to anything.",
)
_CASES: Final = text(
    "Et tilfelle som ikke er forstått, prøver ingenting.",
    "A case that is not understood tests nothing.",
)

_FORM: Final[tuple[tuple[int, str, Text], ...]] = (
    (1, "yaml-syntax", _UNREADABLE),
    (2, "not-text", _UNREADABLE),
    (3, "not-readable", _UNREADABLE),
    (4, "too-large", _UNREADABLE),
    (5, "too-deep", _UNREADABLE),
    (6, "tag", _YAML),
    (7, "alias", _YAML),
    (8, "duplicate-key", _YAML),
    (9, "key-not-text", _YAML),
    (10, "no-rule-book", _BOOK),
    (11, "missing-file", _BOOK),
    (12, "empty-file", _BOOK),
    (13, "unknown-file", _BOOK),
    (14, "one-too-many", _BOOK),
    (20, "unknown-key", _SHAPE),
    (21, "missing-key", _SHAPE),
    (22, "wrong-kind", _SHAPE),
    (23, "several-keys", _SHAPE),
    (24, "empty-list", _SHAPE),
    (25, "unknown-word", _SHAPE),
    (26, "bad-value", _SHAPE),
    (30, "bad-name", _NAMES),
    (31, "duplicate-id", _NAMES),
    (32, "reserved-name", _NAMES),
    (33, "unknown-name", _NAMES),
    (40, "unknown-fact", _CONDITION),
    (41, "unknown-definition", _CONDITION),
    (42, "circular-definition", _CONDITION),
    (43, "operator-not-for-type", _CONDITION),
    (44, "operator-missing", _CONDITION),
    (45, "bad-operand", _CONDITION),
    (46, "wrong-type", _CONDITION),
    (47, "line-fact-outside-line", _CONDITION),
    (48, "nested-lines", _CONDITION),
    (50, "missing-language", _TEXTS),
    (51, "unknown-language", _TEXTS),
    (52, "bad-braces", _TEXTS),
    (53, "unknown-placeholder", _TEXTS),
    (60, "bad-type", _FACTS),
    (61, "bad-choices", _FACTS),
    (62, "fact-is-group", _FACTS),
    (63, "lines-not-told", _FACTS),
    (
        70,
        "bad-window",
        text(
            "En regel som ikke gjelder noen dag, gjelder ikke.",
            "A rule that is in force on no day is not in force.",
        ),
    ),
    (71, "unknown-channel", _CHANNELS),
    (72, "channel-without-rule", _CHANNELS),
    (73, "no-last-resort", _CHANNELS),
    (80, "migration-facts", _MIGRATION),
    (81, "migration-gap", _MIGRATION),
    (82, "migration-overlap", _MIGRATION),
    (85, "bad-guarantee", _GUARANTEE),
    (90, "unknown-base", _CASES),
    (91, "circular-base", _CASES),
    (92, "nothing-expected", _CASES),
    (93, "line-without-number", _CASES),
    (94, "line-left-out", _CASES),
)

UNLISTED: Final = CodeEntry("FV000", "other", _SHAPE)
"""For a mistake that the loader learnt to find later than this table; a test sees to it that there is
none.
"""

FORM_CODES: Final[Mapping[str, CodeEntry]] = {
    name: CodeEntry(f"FV{number:03}", name, why) for number, name, why in _FORM
}
"""Mistakes of form, by the loader's name for them."""

NEVER_HOLDS: Final = CodeEntry(
    "FV101",
    "never-holds",
    text(
        "Et vilkår som aldri er sant, gjør regelen virkningsløs, eller setter fakturaer på vent uten at noe "
        "kan løse dem ut.",
        "A condition that is never true makes its rule void, or puts invoices on hold with nothing that "
        "could release them.",
    ),
)
ALWAYS_HOLDS: Final = CodeEntry(
    "FV102",
    "never-fails",
    text(
        "Et vilkår som aldri er usant, skiller ikke mellom noe: regelen slår til eller er uviss for alle.",
        "A condition that is never false tells nothing apart: its rule holds or is unknown for everybody.",
    ),
)
DEAD_PART: Final = CodeEntry(
    "FV103",
    "part-without-effect",
    text(
        "Et ledd som kan tas bort uten at noe dokument får et annet svar, gjør ikke det den som skrev det, "
        "trodde.",
        "A part that can be taken away without any document getting another answer does not do what its "
        "author thought.",
    ),
)
REPEATED_PART: Final = CodeEntry(
    "FV104",
    "repeated-part",
    text(
        "Det samme står to ganger. Ofte skulle det ene vært noe annet.",
        "The same stands twice. Often one of them was to be something else.",
    ),
)
NEVER_IN_SCOPE: Final = CodeEntry(
    "FV105",
    "never-in-scope",
    text(
        "Regelen slår bare til for dokumenter som regelboken ikke avgjør.",
        "The rule only holds for documents that the rule book does not decide on.",
    ),
)
VACUOUS_GUARANTEE: Final = CodeEntry(
    "FV106",
    "vacuous-guarantee",
    text(
        "En garanti for noe som aldri skjer, er alltid bevist og lover ingenting.",
        "A guarantee of what never happens is always proved and promises nothing.",
    ),
)
SHADOWED: Final = CodeEntry(
    "FV201",
    "shadowed-rule",
    text(
        "Hver gang denne regelen slår til, slår en annen av samme slag også til. Den avgjør aldri noe alene.",
        "Whenever this rule holds, another one of its kind does. It never decides anything alone.",
    ),
)
UNREACHABLE_CHANNEL: Final = CodeEntry(
    "FV202",
    "unreachable-channel",
    text(
        "Ingen faktura sendes noen gang over kanalen.", "No invoice is ever sent over the channel."
    ),
)
UNUSED_DEFINITION: Final = CodeEntry(
    "FV301",
    "unused-definition",
    text(
        "En definisjon som ingen bruker, ser ut som om den avgjør noe. Ofte skulle en regel ha brukt den.",
        "A definition that nobody uses looks as if it decided something. Often some rule was to use it.",
    ),
)
UNUSED_FACT: Final = CodeEntry(
    "FV302",
    "unused-fact",
    text(
        "Noen kan legge arbeid i å oppgi noe som ingen regel spør etter.",
        "Somebody may take pains to state what no rule asks about.",
    ),
)
UNUSED_MESSAGE: Final = CodeEntry(
    "FV303",
    "message-never-shown",
    text(
        "En melding for noe som aldri kommer ut, tyder på at regelen er en annen enn forfatteren trodde.",
        "A message for what never comes out hints that the rule is another one than its author thought.",
    ),
)
FIELD_WITHOUT_LINES: Final = CodeEntry(
    "FV304",
    "field-never-filled",
    text(
        "Den som leser meldingen, får «ukjent» i stedet for en linje.",
        "Whoever reads the message gets “unknown” in place of a line.",
    ),
)
WINDOW_GAP: Final = CodeEntry(
    "FV401",
    "window-gap",
    text(
        "I tiden mellom to regler kan kanalen ikke brukes, som regel fordi en dato er skrevet feil.",
        "Between two rules the channel cannot be used, most often because a date is mistyped.",
    ),
)
WINDOW_OVERLAP: Final = CodeEntry(
    "FV402",
    "window-overlap",
    text(
        "To regler for en kanal gjelder samtidig, og den videste av dem vinner.",
        "Two rules of one channel are in force together, and the wider of them wins.",
    ),
)
UNTRIED_PROHIBITION: Final = CodeEntry(
    "FV501",
    "untried-prohibition",
    text(
        "Ingen har vist at forbudet stopper det som det skal stoppe.",
        "Nobody has shown that the prohibition stops what it is to stop.",
    ),
)
ALLOWED_WITHOUT_REASON: Final = CodeEntry(
    "FV901",
    "allowed-without-reason",
    text(
        "Den som overtar regelboken, må kunne lese hvorfor et avvik er meningen.",
        "Whoever inherits the rule book has to read why a deviation is meant.",
    ),
)
ALLOWED_FOR_NOTHING: Final = CodeEntry(
    "FV902",
    "allowed-for-nothing",
    text(
        "En tillatelse som ikke trengs lenger, skjuler neste feil på samme sted.",
        "A permission that is no longer needed hides the next mistake in its place.",
    ),
)

MEANING_CODES: Final[tuple[CodeEntry, ...]] = (
    NEVER_HOLDS,
    ALWAYS_HOLDS,
    DEAD_PART,
    REPEATED_PART,
    NEVER_IN_SCOPE,
    VACUOUS_GUARANTEE,
    SHADOWED,
    UNREACHABLE_CHANNEL,
    UNUSED_DEFINITION,
    UNUSED_FACT,
    UNUSED_MESSAGE,
    FIELD_WITHOUT_LINES,
    WINDOW_GAP,
    WINDOW_OVERLAP,
    UNTRIED_PROHIBITION,
    ALLOWED_WITHOUT_REASON,
    ALLOWED_FOR_NOTHING,
)
ALL_CODES: Final[tuple[CodeEntry, ...]] = (*FORM_CODES.values(), *MEANING_CODES)
