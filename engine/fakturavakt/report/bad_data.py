"""Bad values in words for people: which fact, what was expected, and never what the value was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from fakturavakt.decision import ReportedProblem
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import LINE_PREFIX, Fact, FactType, Vocabulary
from fakturavakt.vocabulary.forms import Flaw

_LINE_PATH: Final = re.compile(r"line\[(?P<name>.*)\](?:\.(?P<fact>[a-z0-9_.]+))?", re.DOTALL)


def split_path(path: str) -> tuple[str | None, str]:
    """``line[1].consent.given`` as the line's name and ``line.consent.given``."""
    found = _LINE_PATH.fullmatch(path)
    if found is None:
        return None, path
    return found["name"], LINE_PREFIX + found["fact"] if found["fact"] else "line"


def said_of(problem: ReportedProblem, vocabulary: Vocabulary, language: str) -> str:
    """``forfallsdatoen [invoice.due_date] har ikke riktig form (ventet ÅÅÅÅ-MM-DD) …``."""
    line, name = split_path(problem.fact)
    if problem.code not in _WRONG:
        return f"[{problem.fact}]: {problem.message}"
    fact = next((fact for fact in vocabulary if fact.name == name), None)  # a group is no fact
    label = "" if fact is None else f"{fact.label.say(language)} "
    where = "" if line is None else _ON_LINE.filled(name=line).say(language)
    wrong = _WRONG[problem.code].say(language)
    expected = "" if fact is None else expected_form(fact, language)
    if expected and problem.code != Flaw.CONFLICT:
        wrong += f" ({_EXPECTED.say(language)} {expected})"
    return f"{label}[{name}]{where} {wrong} {_UNKNOWN.say(language)}"


def expected_form(fact: Fact, language: str) -> str:
    """How a fact is written: its words, or the form of its type."""
    if fact.choices:
        *first, last = fact.choices
        return f" {_OR.say(language)} ".join([", ".join(first), last] if first else [last])
    return _FORMS[fact.type].say(language)


_ON_LINE: Final = text(" på linje {name}", " on line {name}")
_EXPECTED: Final = text("ventet", "expected")
_UNKNOWN: Final = text("og regnes som ukjent.", "and counts as unknown.")
_OR: Final = text("eller", "or")

_WRONG: Final[Mapping[str, Text]] = {
    Flaw.TYPE: text("er av feil type", "is of the wrong type"),
    Flaw.CHOICE: text(
        "er ikke et av ordene som kan stå her", "is not one of the words that can stand here"
    ),
    Flaw.CHECK_DIGIT: text(
        "har et kontrollsiffer som ikke stemmer", "has a check digit that is wrong"
    ),
    Flaw.FORM: text("har ikke riktig form", "is not written in the right form"),
    Flaw.CONFLICT: text(
        "har verdier som motsier hverandre", "has values that contradict one another"
    ),
}

_FORMS: Final[Mapping[FactType, Text]] = {
    FactType.TEXT: text("en tekst", "a text"),
    FactType.DATE: text("ÅÅÅÅ-MM-DD", "YYYY-MM-DD"),
    FactType.MONEY: text(
        "et tall med høyst to desimaler, som 349.00",
        "a number with at most two decimals, such as 349.00",
    ),
    FactType.YES_NO: text(
        "true eller false, i CSV også ja eller nei", "true or false, in CSV also ja or nei"
    ),
    FactType.COUNT: text("et helt tall fra 0", "a whole number from 0"),
    FactType.CHOICE: text("", ""),  # its own words
    FactType.CURRENCY: text("tre store bokstaver, som NOK", "three capital letters, such as NOK"),
    FactType.PAYMENT_REFERENCE: text(
        "en KID på 2 til 25 sifre med kontrollsiffer", "a KID of 2 to 25 digits with a check digit"
    ),
    FactType.ACCOUNT: text(
        "et kontonummer på 11 sifre eller en IBAN", "an account number of 11 digits or an IBAN"
    ),
    FactType.ORGANISATION_NUMBER: text("ni sifre", "nine digits"),
    FactType.MOBILE: text(
        "åtte sifre som begynner på 4 eller 9, eller + og et utenlandsk nummer",
        "eight digits that begin with 4 or 9, or + and a number of another country",
    ),
    FactType.EMAIL: text("én @ med noe på begge sider", "one @ with something on both sides"),
    FactType.LINES: text("en liste av linjer", "a list of lines"),
}
