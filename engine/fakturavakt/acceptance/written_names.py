"""How a scenario names facts, and states yes/no and choices: by the labels and sentences of the vocabulary.

Promises: what is written leads back to the fact, and to the value, that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from fakturavakt.acceptance.gherkin_writing import fits_in_cell, fits_in_sentence, quoted
from fakturavakt.acceptance.names import Names, Statement
from fakturavakt.acceptance.sentences import listed
from fakturavakt.texts import NORWEGIAN, text
from fakturavakt.texts import listed as in_a_row
from fakturavakt.vocabulary.facts import LINE_PREFIX, FactType, Value

_OWN_QUESTION: Final = re.compile(r"(?:om|hva|hvem|whether|what|who)\b")
_VERB_AND_NOT: Final = re.compile(r"(\w+) ikke\b")
_LINE: Final = re.compile(r"\b(?:linjen|the line)\b")


class WrittenNames:
    """The facts of a rule book as scenarios in one language write them."""

    def __init__(self, names: Names, language: str) -> None:
        self.names: Final = names
        self.language: Final = language
        self._statements: Final = self._statements_by_value()

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

    def facts(self, paths: Sequence[str]) -> str:
        """Several facts inside a sentence."""
        if len(paths) == 1:
            return self.fact(paths[0])
        labels = [self.label(path) for path in paths]
        said = in_a_row(labels, self.language)
        if listed(said) != labels:
            said = in_a_row(paths, self.language)
        return quoted(said, self.language)

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


_LINE_OF: Final = text("linje", "line")
