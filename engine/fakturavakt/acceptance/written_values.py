"""Facts and their values as a scenario writes them: labels, statements, dates and amounts as people do.

Promises: what is written is read back as what it was; what cannot be written so is refused.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.case import Case
from fakturavakt.acceptance.gherkin_writing import UnsayableError, fits_in_cell, quoted
from fakturavakt.acceptance.sample_invoice import sendable
from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.acceptance.written_names import WrittenNames
from fakturavakt.texts import NORWEGIAN, text, written_amount, written_date
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import LINES, NEVER, Fact, FactType, Value
from fakturavakt.vocabulary.forms import Flaw
from fakturavakt.vocabulary.invented_values import invented

SHOWN_MAX: Final = 40
"""Characters of a bad value that are worth showing; behind them is a text that somebody wrote."""
_KRONER: Final = "NOK"


class WrittenValues(WrittenNames):
    """How facts of one invoice are written in a language. ``currency`` is the invoice's, if it is known."""

    def __init__(self, tested: BookUnderTest, language: str, currency: str | None) -> None:
        super().__init__(tested.names, language)
        self._unit: Final = _KRONER if currency == _KRONER else None
        self._case: Final = Case(tested, Path())

    def cell(self, path: str, value: Value) -> str:
        """A good value as people write it; :class:`UnsayableError` where a table cannot say it."""
        fact = self.names.fact(path)
        in_json = forms.in_json(fact, value)
        exact = in_json.literal if isinstance(in_json, forms.JsonNumber) else str(in_json)
        for written in (
            self._as_people_write(path, fact, value),
            exact,
            quoted(exact, self.language),
        ):
            if written is not None and fits_in_cell(written) and written.strip() == written:
                read = self._read(path, written)
                if read == value and type(read) is type(value):
                    return written
        raise UnsayableError(_NO_SUCH_VALUE.filled(fact=self.label(path)))

    def bad_cell(self, path: str, raw: object, flaw: Flaw) -> str | None:
        """Exactly what stands in the document, in quotation marks; None where a table cannot say it."""
        if isinstance(raw, forms.JsonNumber):
            raw = raw.literal
        if not isinstance(raw, str) or len(raw) > SHOWN_MAX or not raw.isprintable():
            return None
        written = quoted(raw, self.language)
        found = self._read(path, written)
        return written if found is flaw and fits_in_cell(written) else None

    def _read(self, path: str, written: str) -> Value | Flaw | None:
        """What a step would make of it; None where it would refuse it."""
        try:
            return forms.read(self.names.fact(path), self._case.value(path, written))
        except ScenarioError:
            return None

    def _as_people_write(self, path: str, fact: Fact, value: Value) -> str | None:
        if isinstance(value, bool):
            return _YES_NO[value].say(self.language)
        match fact.type:
            case FactType.CHOICE:
                return self.choice(path, str(value))
            case FactType.DATE if value != NEVER:
                return self.day(int(value))
            case FactType.MONEY:
                return self.amount(int(value))
            case FactType.MOBILE if str(value).startswith("+47"):
                digits = str(value).removeprefix("+47")
                return f"{digits[:3]} {digits[3:5]} {digits[5:]}"
            case _:
                return None

    def day(self, ordinal: int) -> str:
        """``2. februar 2021``."""
        return written_date(date.fromordinal(ordinal), self.language)

    def amount(self, ore: int) -> str:
        """Whole øre in the currency of the invoice."""
        return amount_in_words(Decimal(ore) / 100, self._unit, self.language)


def amount_in_words(amount: Decimal, currency: str | None, language: str) -> str:
    """``1 200,25 kr`` or ``NOK 1200.25``: spaces that can be typed, and no mark of thousands."""
    written = written_amount(amount, currency, language).replace("\N{NO-BREAK SPACE}", " ")
    return written if language == NORWEGIAN else written.replace(",", "")


def nobodys(fact: Fact) -> Value:
    """An invented value in the place of a person's: that of the invoice that may be sent, if it has one."""
    node: object = sendable()
    for key in fact.name.split("."):
        node = node.get(key) if isinstance(node, dict) else None
    read = forms.read(fact, node) if fact.name != LINES else None
    return invented(fact) if read is None or isinstance(read, Flaw) else read


_YES_NO: Final = {True: text("ja", "yes"), False: text("nei", "no")}
_NO_SUCH_VALUE: Final = text(
    "Verdien av «{fact}» kan ikke skrives i en tabell i Gherkin.",
    "The value of “{fact}” cannot be written in a table of Gherkin.",
)
