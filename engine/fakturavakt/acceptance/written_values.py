"""Facts and their values as a scenario writes them: labels, statements, dates and amounts as people do.

Promises: what is written is read back as what it was; what cannot be written so is refused.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.case import Case
from fakturavakt.acceptance.gherkin_writing import fits_in_cell, fits_in_sentence, quoted
from fakturavakt.acceptance.names import Statement
from fakturavakt.acceptance.sample_invoice import sendable
from fakturavakt.acceptance.sentences import listed
from fakturavakt.texts import NORWEGIAN, Text, text, written_amount, written_date
from fakturavakt.texts import listed as in_a_row
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES, NEVER, Fact, FactType, Value
from fakturavakt.vocabulary.forms import Flaw
from fakturavakt.vocabulary.invented_values import invented

SHOWN_MAX: Final = 40
"""Characters of a bad value that are worth showing; behind them is a text that somebody wrote."""
_KRONER: Final = "NOK"
_OWN_QUESTION: Final = re.compile(r"(?:om|hva|hvem|whether|what|who)\b")
_VERB_AND_NOT: Final = re.compile(r"(\w+) ikke\b")
_LINE: Final = re.compile(r"\b(?:linjen|the line)\b")


class UnsayableError(Exception):
    """An invoice that no scenario can be made of; ``reason`` says what there are no steps for."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


class WrittenValues:
    """How facts of one invoice are written in a language. ``currency`` is the invoice's, if it is known."""

    def __init__(self, tested: BookUnderTest, language: str, currency: str | None) -> None:
        self.names: Final = tested.names
        self.language: Final = language
        self._unit: Final = _KRONER if currency == _KRONER else None
        self._case: Final = Case(tested, Path())
        self._statements: Final = self._statements_by_value()

    # -- names ---------------------------------------------------------------------------------------

    def label(self, path: str) -> str:
        """A fact for a table: its label, with its line; its path where no label of its own leads to it."""
        try:
            said = self.names.said(path, self.language)
        except KeyError:
            return path
        good = self.names.known_fact(said) == path and fits_in_sentence(said)
        return said if good else path

    def column(self, name: str) -> str:
        """A line's fact above a column: its label without what that explains in brackets, if it can be."""
        label = self.names.book.vocabulary[name].label.say(self.language)
        path = f"line[1].{name.removeprefix(LINE_PREFIX)}"
        for said in (re.sub(r" \([^()]*\)$", "", label), label):
            if self.names.known_fact(f"{said} (linje 1)") == path and fits_in_cell(said):
                return said
        return name.removeprefix(LINE_PREFIX)

    def fact(self, path: str) -> str:
        """A fact inside a sentence: in quotation marks where its label would be a clause of its own."""
        label = self.label(path)
        plain = label != path and not _OWN_QUESTION.match(label) and "," not in label
        return label if plain else quoted(label, self.language)

    def facts(self, paths: tuple[str, ...]) -> str:
        """Several facts inside a sentence."""
        if len(paths) == 1:
            return self.fact(paths[0])
        labels = [self.label(path) for path in paths]
        said = in_a_row(labels, self.language)
        if listed(said) != labels:
            said = in_a_row(paths, self.language)
        return quoted(said, self.language)

    # -- values --------------------------------------------------------------------------------------

    def cell(self, path: str, value: Value) -> str:
        """A good value as people write it; :class:`UnsayableError` where a table cannot say it."""
        fact = self.names.fact(path)
        in_json = forms.in_json(fact, value)
        exact = in_json.literal if isinstance(in_json, forms.JsonNumber) else str(in_json)
        for written in (self._as_people_write(fact, value), exact, quoted(exact, self.language)):
            if written is not None and fits_in_cell(written) and written.strip() == written:
                read = forms.read(fact, self._case.value(path, written))
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
        found = forms.read(self.names.fact(path), self._case.value(path, written))
        return written if found is flaw and fits_in_cell(written) else None

    def _as_people_write(self, fact: Fact, value: Value) -> str | None:
        if isinstance(value, bool):
            return _YES_NO[value].say(self.language)
        match fact.type:
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
        """``1 200,25 kr`` or ``NOK 1200.25``: spaces that can be typed, and no mark of thousands."""
        written = written_amount(Decimal(ore) / 100, self._unit, self.language)
        plain = written.replace("\N{NO-BREAK SPACE}", " ")
        return plain if self.language == NORWEGIAN else plain.replace(",", "")

    # -- statements ----------------------------------------------------------------------------------

    def statement(self, path: str, value: Value) -> str | None:
        """A sentence that states a yes/no or a choice, as it follows *at*; None where there is none."""
        if not isinstance(value, bool | str):
            return None
        fact = self.names.fact(path)
        meant = Statement(path, value)
        line = path.partition("]")[0].removeprefix("line[") if fact.of_line else None
        for sentence in self._statements.get((fact.name, value), ()):
            for said in _in_clause_order(sentence, self.language):
                whole = said if line is None else _of_line(said, line, self.language)
                if self.names.statement(whole) == meant and fits_in_sentence(whole):
                    return whole
        return None

    def _statements_by_value(self) -> dict[tuple[str, Value], list[str]]:
        """What can be said of each value in this language: first what the vocabulary says, then its label."""
        found: dict[tuple[str, Value], list[str]] = {}
        for fact in self.names.book.vocabulary:
            for value, said in fact.says.items():
                found.setdefault((fact.name, value), []).append(said.say(self.language))
            label = fact.label.say(self.language)
            for word in ("om ", "whether "):
                if fact.type is FactType.YES_NO and label.startswith(word):
                    found.setdefault((fact.name, True), []).append(label.removeprefix(word))
        return found


def _in_clause_order(sentence: str, language: str) -> tuple[str, ...]:
    """A sentence behind *at*: there Norwegian puts *ikke* before the verb."""
    if language != NORWEGIAN:
        return (sentence,)
    return (_VERB_AND_NOT.sub(r"ikke \1", sentence, count=1), sentence)


def _of_line(sentence: str, line: str, language: str) -> str:
    word = _LINE_OF.say(language)
    if _LINE.search(sentence):
        return _LINE.sub(f"{word} {line}", sentence, count=1)
    return f"{sentence} ({word} {line})"


def nobodys(fact: Fact) -> Value:
    """An invented value in the place of a person's: that of the invoice that may be sent, if it has one."""
    node: object = sendable()
    for key in fact.name.split("."):
        node = node.get(key) if isinstance(node, dict) else None
    read = forms.read(fact, node) if fact.name != LINES else None
    return invented(fact) if read is None or isinstance(read, Flaw) else read


_LINE_OF: Final = text("linje", "line")
_YES_NO: Final = {True: text("ja", "yes"), False: text("nei", "no")}
_NO_SUCH_VALUE: Final = text(
    "Verdien av «{fact}» kan ikke skrives i en tabell i Gherkin.",
    "The value of “{fact}” cannot be written in a table of Gherkin.",
)
