"""The cases that search does not reach: found by solver, or proved not to exist.

For each outcome and edge that no case shows, each rule that has the condition is asked for the smallest
document that shows it there. Where no rule has one, no invoice ever will: that is a finding about the rule
book, and not a case that is lacking.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Final

from fakturavakt.desk.coverage import CoverageRecorder, Goal, Root, roots
from fakturavakt.desk.coverage_formulas import RootQuestion
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.facts import Facts
from fakturavakt.intake.json_documents import read_json
from fakturavakt.proof.confirmation import UnconfirmedError
from fakturavakt.proof.search import Example, UndecidedError
from fakturavakt.rulebook.case_files import Given, Slot, Special, case_document
from fakturavakt.rulebook.conditions import Condition
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINE_PREFIX,
    LINES,
    Fact,
    FactType,
)
from fakturavakt.vocabulary.forms import Flaw

SECONDS: Final = 10.0
"""How long one question may take."""


class NoDocument(Enum):
    """Why there is no document for what is lacking."""

    IMPOSSIBLE = "impossible"
    """Proved: there is none."""
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class SolvedCase:
    """A document that shows what is lacking, in the rule ``root``: what a case without a base says."""

    root: Root
    as_of: date
    slots: Mapping[Slot, Given]
    shown: frozenset[tuple[int, Goal | int]]


@dataclass
class CaseSolver:
    """Answers for one rule book. Raises ``SolverMissingError`` at the first question where z3 is missing."""

    book: RuleBook
    recorder: CoverageRecorder
    seconds: float = SECONDS
    _questions: dict[str, RootQuestion] = field(default_factory=dict)

    def solve(self, number: int, goal: Goal | int) -> SolvedCase | NoDocument:
        """A confirmed document that shows ``goal`` of the condition of that number in the coverage.

        Raises :class:`~fakturavakt.proof.confirmation.UnconfirmedError`, a mistake of this program.
        """
        condition = self.recorder.condition(number)
        answer = NoDocument.IMPOSSIBLE
        for root in roots(self.book):
            if number not in self.recorder.numbers_under(root):
                continue
            try:
                example = self._example(root, condition, goal)
            except UndecidedError:
                answer = NoDocument.UNDECIDED
                continue
            if example is not None:
                return self._confirmed(root, number, goal, example)
        return answer

    def _example(self, root: Root, condition: Condition, goal: Goal | int) -> Example | None:
        if root.name not in self._questions:
            self._questions[root.name] = RootQuestion(root, self.book.vocabulary)
        asked = self._questions[root.name]
        wanted = asked.shows(condition, goal)
        return asked.question.find(wanted, self.book.source.updated, self.seconds)

    def _confirmed(self, root: Root, number: int, goal: Goal | int, example: Example) -> SolvedCase:
        """The document as a case writes it, read and decided again."""
        slots = dict(_slots(self.book, example.content))
        shown = self.recorder.shown_by(root, self._facts(slots, example.as_of))
        if (number, goal) not in shown:
            raise UnconfirmedError(f"{root.name} {goal}", example.content, example.as_of)
        return SolvedCase(root, example.as_of, slots, shown)

    def _facts(self, slots: Mapping[Slot, Given], as_of: date) -> Facts:
        (document,) = read_json(
            json.dumps(_plain(case_document(slots, self.book.vocabulary))).encode(), "-"
        )
        assert isinstance(document, RawDocument)  # it was made of plain values
        return FactReader(self.book.vocabulary, as_of).read(document).facts


def _plain(value: object) -> object:
    """Contract JSON that the standard library writes."""
    match value:
        case forms.JsonNumber(literal=literal):
            return int(literal)
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case _:
            return value


def _slots(book: RuleBook, content: Mapping[str, Any]) -> Iterator[tuple[Slot, Given]]:
    """What a document of the solver says, fact by fact."""
    vocabulary = book.vocabulary
    yield from _given(content, [fact for fact in vocabulary if not fact.of_line], "", 0)
    lines = _at(content, LINES)
    if lines is None:
        return
    if not lines:
        yield Slot(LINES), Special.NONE
    of_line = [fact for fact in vocabulary if fact.of_line]
    for number, line in enumerate(lines, start=1):
        own = line.get(LINE_ID.removeprefix(LINE_PREFIX))
        said = [*_given(line, [f for f in of_line if f.name != LINE_ID], LINE_PREFIX, number)]
        if own != str(number) or not said:
            yield Slot(LINE_ID, number), Special.ABSENT if own is None else str(own)
        yield from said


def _given(
    home: Mapping[str, Any], facts: Iterable[Fact], prefix: str, number: int
) -> Iterator[tuple[Slot, Given]]:
    for fact in facts:
        raw = None
        if fact.type is not FactType.LINES:
            raw = _at(home, fact.name.removeprefix(prefix))
        if raw is None:
            continue
        if isinstance(raw, int) and not isinstance(raw, bool):
            raw = forms.JsonNumber(str(raw))
        value = forms.read(fact, raw)
        if value is None or isinstance(value, Flaw):
            yield Slot(fact.name, number), Special.UNREADABLE
        else:
            yield Slot(fact.name, number), value


def _at(home: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 (contract JSON)
    found: Any = home
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found
