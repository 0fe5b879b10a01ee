"""The handbook as one HTML page that needs nothing beside itself, to read and to print.

Promises: what the rule book says is escaped; the same handbook gives the same bytes. Each text has its
language. How it looks stands in ``templates/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from fakturavakt.desk.handbook import Entry, Handbook
from fakturavakt.engines.outcomes import Truth
from fakturavakt.report.machine import PROGRAM
from fakturavakt.rulebook.case_files import Case, Given, Slot, Special
from fakturavakt.rulebook.conditions import OneOf
from fakturavakt.rulebook.model import ChannelRule, Prohibition
from fakturavakt.rulebook.rule_words import properties_in_words, window_in_words
from fakturavakt.rulebook.sentences import CURRENCY, sentence
from fakturavakt.rulebook.value_words import value_in_words
from fakturavakt.texts import Text, text, written_date
from fakturavakt.vocabulary.facts import NEVER, Absence, Fact, FactType

_TEMPLATES: Final = Path(__file__).parent / "templates"


def page(handbook: Handbook) -> str:
    """The whole page."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = _Words(handbook)
    template = environment.get_template("handbook.html")
    return template.render(
        handbook=handbook,
        book=handbook.book,
        languages=handbook.languages,
        program=PROGRAM,
        words=words,
        t=_said,
        date=written_date,
        window=window_in_words,
        properties=properties_in_words,
        breakable=_breakable,
        style=(_TEMPLATES / "handbook.css").read_text(encoding="utf-8"),
    )


def _said(language: str, nb: str, en: str) -> str:
    return text(nb, en).say(language)


def _breakable(name: str) -> Markup:
    """A name that may be broken behind its points, underscores and hyphens, and nowhere else."""
    return Markup("<wbr/>").join(re.split(r"(?<=[._-])", name))


_TRUTHS: Final[Mapping[str, Mapping[Truth, Text]]] = {
    "prohibition": {
        True: text("brutt", "broken"),
        False: text("ikke brutt", "not broken"),
        None: text("ukjent", "unknown"),
    },
    "channel": {
        True: text("kan brukes", "can be used"),
        False: text("kan ikke brukes", "cannot be used"),
        None: text("ukjent", "unknown"),
    },
    "other": {
        True: text("oppfylt", "holds"),
        False: text("ikke oppfylt", "does not hold"),
        None: text("ukjent", "unknown"),
    },
}
_SPECIALS: Final[Mapping[Special, Text]] = {
    Special.ABSENT: text("ikke oppgitt", "not given"),
    Special.UNREADABLE: text("kan ikke leses", "cannot be read"),
    Special.NONE: text("ingen", "none"),
}
_TYPES: Final[Mapping[FactType, Text]] = {
    FactType.TEXT: text("tekst", "text"),
    FactType.DATE: text("dato", "date"),
    FactType.MONEY: text("beløp", "amount"),
    FactType.YES_NO: text("ja eller nei", "yes or no"),
    FactType.COUNT: text("antall", "count"),
    FactType.CHOICE: text("valg", "choice"),
    FactType.CURRENCY: text("valutakode", "currency code"),
    FactType.PAYMENT_REFERENCE: text("KID", "KID"),
    FactType.ACCOUNT: text("kontonummer", "account number"),
    FactType.ORGANISATION_NUMBER: text("organisasjonsnummer", "organisation number"),
    FactType.MOBILE: text("mobilnummer", "mobile number"),
    FactType.EMAIL: text("e-postadresse", "e-mail address"),
    FactType.LINES: text("linjer", "lines"),
}
_GHERKIN: Final = {"no": "nb"}
"""Gherkin's own codes of languages, where they are not what a page calls them."""


class _Words:
    """What the template asks for of facts, cases and scenarios, in words."""

    def __init__(self, handbook: Handbook) -> None:
        self._book = handbook.book
        self._kinds = {
            f"rule-{rule.id}": "prohibition"
            if isinstance(rule, Prohibition)
            else "channel"
            if isinstance(rule, ChannelRule)
            else "other"
            for rule in self._book.rules.values()
        }

    def outcome(self, entry: Entry, outcome: Truth, language: str) -> str:
        """How a rule came out, in its own words."""
        return _TRUTHS[self._kinds.get(entry.anchor, "other")][outcome].say(language)

    def outcomes(self, entry: Entry, counted: Mapping[Truth, int], language: str) -> str:
        """The same of a scenario: ``brutt``, or ``brutt (1), ikke brutt (2)`` of an outline."""
        if len(counted) == 1:
            return self.outcome(entry, next(iter(counted)), language)
        return ", ".join(
            f"{self.outcome(entry, each, language)} ({counted[each]})"
            for each in (True, None, False)
            if each in counted
        )

    def language_of(self, gherkin: str) -> str:
        """Gherkin's code of a language as a page calls it."""
        return _GHERKIN.get(gherkin, gherkin)

    def type_of(self, fact: Fact, language: str) -> str:
        """The type of a fact, with its choices."""
        said = _TYPES[fact.type].say(language)
        return f"{said}: {', '.join(fact.choices)}" if fact.choices else said

    def absence_of(self, fact: Fact, language: str) -> str:
        """What it means that the fact is not given."""
        if fact.absent is Absence.UNKNOWN:
            return text("ukjent", "unknown").say(language)
        if fact.absent is Absence.SCREENING_DATE:
            return text("kontrolldatoen", "the screening date").say(language)
        assert not isinstance(fact.absent, Absence)
        if fact.absent == NEVER:
            return text("aldri", "never").say(language)
        return value_in_words(fact.type, fact.absent, language, currency=CURRENCY)

    def given(self, case: Case, language: str) -> Iterator[str]:
        """What a case says otherwise than its base, as sentences."""
        for slot, given in case.changes.items():
            yield self._given(slot, given, case, language)

    def _given(self, slot: Slot, given: Given, case: Case, language: str) -> str:
        line = ""
        if slot.line:
            line = text(f"linje {slot.line}: ", f"line {slot.line}: ").say(language)
        if slot.name not in self._book.vocabulary:  # a group, or a whole line
            assert isinstance(given, Special)
            return f"{slot.path}: {_SPECIALS[given].say(language)}"
        fact = self._book.vocabulary[slot.name]
        label = fact.label.say(language)
        if isinstance(given, Special):
            return f"{line}{label}: {_SPECIALS[given].say(language)}"
        if fact.type in (FactType.YES_NO, FactType.CHOICE):
            asked = OneOf(fact.name, (given,), case.place)
            return f"{line}{sentence(asked, self._book.vocabulary, language).clause.own}"
        value = value_in_words(fact.type, given, language, currency=CURRENCY)
        return f"{line}{label}: {value}"
