"""What the living documentation says of rules, clauses and counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from fakturavakt.acceptance.living_document import LivingDocument, ToldRule, Use
from fakturavakt.acceptance.run_result import AcceptanceRun, Status
from fakturavakt.acceptance.run_words import SCENARIOS, STATUSES, outcome_in_words
from fakturavakt.texts import Text, counted, how_many, listed, text
from fakturavakt.xml_text import in_xml

KINDS: Final[Mapping[str, Text]] = {
    "prohibition": text("forbud", "prohibition"),
    "channel": text("kanal", "channel"),
    "advice": text("råd", "advice"),
}
CHAPTERS: Final = (
    ("prohibition", text("Forbud", "Prohibitions")),
    ("channel", text("Kanaler", "Channels")),
    ("advice", text("Råd", "Advice")),
)
_DECIDED: Final[Mapping[str, tuple[str, Text]]] = {
    "prohibition": ("holds", text("ingen scenarier bryter det.", "no scenario breaks it.")),
    "channel": (
        "eligible",
        text("den kan ikke brukes i noe scenario.", "it can be used in no scenario."),
    ),
    "advice": ("given", text("det gis ikke i noe scenario.", "it is given in no scenario.")),
}
"""What a rule must come to somewhere, lest its scenarios show only half of it."""
_LANGUAGES: Final = {"no": "nb"}
"""Gherkin's own codes of languages, where they are not what a page calls them."""


def language_of(gherkin: str) -> str:
    """Gherkin's code of a language as a page calls it."""
    return _LANGUAGES.get(gherkin, gherkin)


_TURNING: Final = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]"
)


def holdable(written: str) -> str:
    """Text with characters spelt out that no page can hold, or that would turn what follows them."""
    spelt = _TURNING.sub(lambda found: f"<U+{ord(found[0]):04X}>", written)
    return in_xml(spelt.replace("\r\n", "\n").replace("\r", "\n"))


def paragraphs(written: str) -> list[str]:
    """A description as paragraphs: lines are broken where they end, not where they are long."""
    found = (" ".join(each.split()) for each in re.split(r"\n\s*\n", written))
    return [each for each in found if each]


def engines_in_words(run: AcceptanceRun) -> Text:
    """Who decided, and that they agree."""
    if len(run.engines) < 2:
        name = "".join(run.engines)
        return text(f"Avgjort av motoren {name}.", f"Decided by the engine {name}.")
    return text(
        f"Hvert scenario er avgjort av motorene {listed(run.engines, 'nb')}, som må være enige.",
        f"Each scenario was decided by the engines {listed(run.engines, 'en')}, which must agree.",
    )


def outcomes_in_words(kind: str, use: Use, language: str) -> str:
    """``brutt``, or ``brutt (1), ikke brutt (2)`` where rows differ."""
    if len(use.outcomes) == 1:
        return outcome_in_words(kind, next(iter(use.outcomes)), language)
    return ", ".join(
        f"{outcome_in_words(kind, outcome, language)} ({number})"
        for outcome, number in use.outcomes.items()
    )


def passing_by(number: int) -> Text:
    """``Er med i 12 scenarier til, …``: those that do not name the rule, and that it does not decide."""
    more = how_many(number, *SCENARIOS)
    return text(
        f"Er med i {more.say('nb')} til, som handler om noe annet",
        f"Takes part in {more.say('en')} more, about something else",
    )


def gaps(document: LivingDocument) -> Iterator[tuple[ToldRule, Text]]:
    """Rules that no scenario exercises, or only in a way that says little, each with what is lacking."""
    for rule in document.rules:
        wanted, lacking = _DECIDED[rule.kind]
        if not rule.uses:
            yield rule, text("ingen scenarier prøver den.", "no scenario tries it.")
        elif all(wanted not in use.outcomes for use in rule.uses):
            yield rule, lacking


def clauses_in_words(document: LivingDocument) -> Text:
    """How many are covered, and which are not."""
    names = [each.clause.name for each in document.clauses if each.status is None]
    number = len(document.clauses)
    covered = number - len(names)
    nb = f"{covered} av {number} punkter har scenarier."
    en = f"{covered} of {number} clauses have scenarios."
    if names:
        nb += f" Ingen scenarier viser {listed(names, 'nb')}."
        en += f" No scenario shows {listed(names, 'en')}."
    return text(nb, en)


def tiles(document: LivingDocument, language: str) -> Iterator[tuple[str, str]]:
    """The numbers that come first: each with what it counts."""
    run = document.run
    for status in Status:
        yield counted(run.count(status), language), STATUSES[status].say(language)
    yield counted(len(run.features), language), text("egenskaper", "features").say(language)
    lacking = sum(1 for _ in gaps(document))
    shown = f"{len(document.rules) - lacking} / {len(document.rules)}"
    yield shown, text("regler vist", "rules shown").say(language)
    if document.clauses:
        covered = sum(each.status is not None for each in document.clauses)
        share = f"{covered} / {len(document.clauses)}"
        yield share, text("punkter dekket", "clauses covered").say(language)
