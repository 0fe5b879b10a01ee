"""How a scenario names facts, and states yes/no and choices: by the labels and sentences of the vocabulary.

Promises: what is written leads back to the fact, and to the value, that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from fakturavakt.acceptance.gherkin_writing import fits_in_cell, fits_in_sentence, quoted
from fakturavakt.acceptance.names import GROUPS, Names, Statement
from fakturavakt.acceptance.sentences import listed
from fakturavakt.acceptance.table_words import LINE_COLUMNS
from fakturavakt.texts import ENGLISH, NORWEGIAN, text
from fakturavakt.texts import listed as in_a_row
from fakturavakt.vocabulary.facts import LINE_PREFIX, FactType, Value

_OWN_QUESTION: Final = re.compile(r"(?:om|hva|hvem|whether|what|who)\b")
_CLAUSE: Final = re.compile(r"(?:datoen|kontoen) .*\b(?:ble|sa|trakk|skal)\b")
_VERB_AND_NOT: Final = re.compile(r"(\w+) ikke\b")
_HAS_A_LINE: Final = {
    NORWEGIAN: (
        (r"\bsamtykket?\b", "til"),
        (r"\bytelsen\b", "på"),
        (r"^aksepten$", "for"),
        (r"^det (?:avtalte beløpet .+|som er avtalt)$", "for"),
    ),
    ENGLISH: (
        (r"\bconsent\b", "to"),
        (r"\bthe item\b", "on"),
        (r"^the acceptance$", "for"),
        (r"^(?:the agreed amount .+|what was agreed)$", "for"),
    ),
}
"""Words that a line is named behind; what then means something else is not said so."""
_LINE: Final = re.compile(r"\b(?:linjen|the line)\b")


class WrittenNames:
    """The facts of a rule book as scenarios in one language write them."""

    def __init__(self, names: Names, language: str) -> None:
        self.names: Final = names
        self.language: Final = language
        self._statements: Final = self._statements_by_value()

    def label(self, path: str) -> str:
        """A fact for a table: its label, with its line; its path where no label of its own leads to it."""
        return next(self._labels(path), path)

    def _labels(self, path: str) -> Iterator[str]:
        """What leads to a fact, best first: with the line in it, and without what brackets explain."""
        try:
            fact = self.names.fact(path)
        except KeyError:
            return
        label = fact.label.say(self.language)
        line = _line_of(path)
        for said in dict.fromkeys((_without_brackets(label), label)):
            for whole in (said,) if line is None else _with_line(said, line, self.language):
                if self.names.known_fact(whole) == path and fits_in_sentence(whole):
                    yield whole

    def column(self, name: str) -> str:
        """A line's fact above a column: a short word for it, else its label, else its path."""
        own = name.removeprefix(LINE_PREFIX)
        words = [word for word, meant in LINE_COLUMNS.items() if meant == own]
        if self.language == NORWEGIAN and words:
            return words[0]
        if self.language != NORWEGIAN and (words[1:] or own.isalpha()):
            return words[1] if words[1:] else own
        label = self.names.book.vocabulary[name].label.say(self.language)
        for said in (_without_brackets(label), label):
            if self.names.known_fact(f"{said} (linje 1)") == f"line[1].{own}" and fits_in_cell(
                said
            ):
                return said
        return own

    def fact(self, path: str) -> str:
        """A fact inside a sentence: in quotation marks where its label would be a clause of its own."""
        label = self.label(path)
        plain = label != path and not is_question(label) and "," not in label
        return label if plain else quoted(label, self.language)

    def fact_before_verb(self, path: str) -> str:
        """The same where a verb comes next: a Norwegian label that ends in a clause has a comma behind it."""
        said = self.fact(path)
        ends_in_clause = self.language == NORWEGIAN and _CLAUSE.match(said) is not None
        return f"{said}," if ends_in_clause else said

    def question(self, path: str) -> str | None:
        """A fact as a question: ``om mottakeren bruker Vipps``; None where it is called by a noun."""
        label = self.label(path)
        return label if label != path and is_question(label) and "," not in label else None

    def facts(self, paths: Sequence[str]) -> str:
        """Several facts inside a sentence, one or more of them called by nouns."""
        if len(paths) == 1:
            return self.fact(paths[0])
        labels = [self.label(path) for path in paths]
        said = in_a_row(labels, self.language)
        if listed(said) != labels:
            said = in_a_row(paths, self.language)
        return quoted(said, self.language)

    def questions(self, paths: Sequence[str]) -> str | None:
        """Facts as questions in a row, as they stand behind *it is unknown*; None where one is none."""
        labels = [self.question(path) for path in paths]
        said = in_a_row([each for each in labels if each is not None], self.language)
        return said if listed(said) == labels else None

    def place(self, path: str) -> str:
        """A fact, a group of facts or a line, of which something is reported."""
        found = [
            each
            for each in self._places(path)
            if self.names.known_place(each.rstrip(",")) == path and fits_in_sentence(each)
        ]
        return found[0] if found else self.fact_before_verb(path)

    def _places(self, path: str) -> Iterator[str]:
        line, question = _line_of(path), self.question(path)
        if line is not None and path.endswith("]"):
            yield f"{_LINE_OF.say(self.language)} {line}"
        elif question is not None and self.language == NORWEGIAN:
            yield f"opplysningen om {question.removeprefix('om ')},"
        elif question is not None:
            yield f"the answer to {question}"
        else:
            name = path if line is None else f"line.{path.rpartition('].')[2]}"
            for word in (word for word, meant in GROUPS.items() if meant == name):
                if _speaks(word, self.language):
                    yield from [word] if line is None else _with_line(word, line, self.language)

    def choice(self, path: str, value: str) -> str | None:
        """A choice as tables say it: ``et abonnement``."""
        fact = self.names.fact(path)
        sentence = fact.says.get(value)
        if sentence is None:
            return None
        said = sentence.say(self.language)
        words = [
            word
            for word, meant in self.names.choices(fact.name).items()
            if meant == value and said.endswith(f" {word}")
        ]
        return max(words, key=len, default=None)

    def prohibition(self, rule: str) -> tuple[str, bool]:
        """A prohibition as a sentence names it, and whether it stands there without quotation marks."""
        title = self.names.book.rules[rule].title.say(self.language)
        known = self.names.prohibitions
        if self.language == NORWEGIAN:
            within = title[:1].lower() + title[1:]
            comma = "," if re.search(r"\b(?:som|at)\b", within) else ""
            if known.get(within) == rule and fits_in_sentence(within) and "," not in within:
                return within + comma, True
        good = known.get(title) == rule and fits_in_sentence(title)
        return quoted(title if good else rule, self.language), False

    def statement(self, path: str, value: Value) -> str | None:
        """A sentence that states a yes/no or a choice, as it follows *at*; None where there is none."""
        if not isinstance(value, bool | str):
            return None
        fact = self.names.fact(path)
        meant = Statement(path, value)
        line = _line_of(path)
        for sentence in self._statements.get((fact.name, value), ()):
            for said in _in_clause_order(sentence, self.language):
                short = _without_brackets(said)
                for each in dict.fromkeys((short, said)):
                    for whole in (each,) if line is None else _with_line(each, line, self.language):
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


def _with_line(said: str, line: str, language: str) -> Iterator[str]:
    """What is said of a line, with the line in it where it has a place, and behind it."""
    word = _LINE_OF.say(language)
    if _LINE.search(said):
        yield _LINE.sub(f"{word} {line}", said, count=1)
    for pattern, preposition in _HAS_A_LINE[language]:
        found = re.search(pattern, said)
        if found is not None:
            yield f"{said[: found.end()]} {preposition} {word} {line}{said[found.end() :]}"
    yield f"{said} ({word} {line})"


def is_question(label: str) -> bool:
    """Whether a fact is called by a question: ``om mottakeren bruker Vipps``."""
    return _OWN_QUESTION.match(label) is not None


def _speaks(said: str, language: str) -> bool:
    """Whether what groups are called is of a language."""
    return (re.match(r"(?:the|what) ", said) is not None) is (language != NORWEGIAN)


def _line_of(path: str) -> str | None:
    return path[5 : path.rindex("]")] if path.startswith("line[") else None


def _without_brackets(label: str) -> str:
    return re.sub(r" \([^()]*\)$", "", label)


_LINE_OF: Final = text("linje", "line")
