"""Guarantees in words: what is promised, and of which documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fakturavakt.rulebook.model import Guarantee, Promised, RuleBook
from fakturavakt.rulebook.rule_words import (
    PROPERTY_NAMES,
    Lead,
    Said,
    condition_in_words,
    property_value,
)
from fakturavakt.texts import Text, listed, text

_OUTCOMES: Final[Mapping[Promised, Mapping[str, Text]]] = {
    Promised.DECISION: {
        "send": text("fakturaen sendes", "the invoice is sent"),
        "block": text("fakturaen stoppes", "the invoice is blocked"),
        "hold": text("fakturaen settes på vent", "the invoice is put on hold"),
        "out_of_scope": text("fakturaen er utenfor reglene", "the invoice is out of scope"),
    },
    Promised.CHANNEL: {
        "eligible": text("kanalen {name} kan brukes", "the channel {name} can be used"),
        "ineligible": text("kanalen {name} er utelukket", "the channel {name} is ruled out"),
        "unknown": text(
            "det er ukjent om kanalen {name} kan brukes",
            "it is unknown whether the channel {name} can be used",
        ),
        "carries": text(
            "fakturaen sendes over kanalen {name}", "the invoice is sent over the channel {name}"
        ),
    },
    Promised.RULE: {
        "holds": text("regelen «{name}» er oppfylt", "the rule “{name}” holds"),
        "fails": text("regelen «{name}» faller bort", "the rule “{name}” does not hold"),
        "unknown": text("regelen «{name}» er ukjent", "the rule “{name}” is unknown"),
    },
}
_ACTION: Final = text(
    "overgangen «{name}» gir handlingen «{outcome}»",
    "the migration “{name}” leads to the action “{outcome}”",
)


def guarantee_in_words(guarantee: Guarantee, book: RuleBook, language: str) -> Said:
    """*Det hender aldri at fakturaen sendes når …*."""
    nb, en = (_promise(guarantee, book, each) for each in ("nb", "en"))
    if guarantee.declares:
        lead = Lead(text(nb, en), text(f"{nb} når", f"{en} when"))
    elif guarantee.always:
        lead = Lead(
            text(f"Det er {{alltid}} slik at {nb}", f"It is {{always}} so that {en}"),
            text(f"Det er alltid slik at {nb} når", f"It is always so that {en} when"),
        )
    else:
        lead = Lead(
            text(f"Det hender aldri at {nb}", f"It never happens that {en}"),
            text(f"Det hender aldri at {nb} når", f"It never happens that {en} when"),
        )
    return condition_in_words(lead, guarantee.condition, book.vocabulary, language)


def _promise(guarantee: Guarantee, book: RuleBook, language: str) -> str:
    name = guarantee.subject
    if guarantee.about is Promised.CHANNEL:
        name = next(each.title.say(language) for each in book.channels if each.name == name)
    if guarantee.declares:
        declared = [
            f"«{PROPERTY_NAMES[key].say(language)}: {property_value(key, value, language)}»"
            for key, value in guarantee.declares.items()
        ]
        said = listed(declared, language)
        return text(
            f"Hver regel som lar kanalen {name} brukes, oppgir {said}",
            f"Every rule that lets the channel {name} be used declares {said}",
        ).say(language)
    known = _OUTCOMES.get(guarantee.about, {})
    said_outcomes = [
        known.get(outcome, _ACTION).filled(name=name, outcome=outcome).say(language)
        for outcome in guarantee.outcomes
    ]
    return f" {text('eller', 'or').say(language)} ".join(said_outcomes)
