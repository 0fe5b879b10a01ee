"""What coverage looks for, as formulas: the documents that show an outcome, a deciding alone, or an edge.

The same walk as ``coverage.py`` makes over the facts of one document, over a document of which nothing is
settled. A condition that is about one line is looked at on the first: whichever line shows something can
stand first. Beside those that the rule itself needs, one line is enough for that: a sibling that has to be
true or false of all others is so of fewer, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, assert_never

from fakturavakt.desk.coverage import Goal, Root
from fakturavakt.proof.outcome_formulas import ConditionFormulas, Kleene
from fakturavakt.proof.question import Question
from fakturavakt.proof.symbolic_document import NEVER_DAY
from fakturavakt.proof.terms import Formula
from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    Constant,
    HasWord,
    Known,
    Named,
    Not,
    OneOf,
)
from fakturavakt.vocabulary.facts import FactType, Vocabulary


@dataclass(frozen=True)
class _Occurrence:
    """A condition where it stands, and the documents for which it is looked at, and is decisive, there."""

    condition: Condition
    line: int | None
    there: Formula
    alone: Formula


class RootQuestion:
    """All that can be asked about one root. Raises ``SolverMissingError`` where z3 is not installed."""

    def __init__(self, root: Root, vocabulary: Vocabulary) -> None:
        self.root = root
        self.vocabulary = vocabulary
        self.question = Question([(root.condition, vocabulary)], as_of=None, lines_besides=1)
        self.terms = self.question.terms
        self.formulas: ConditionFormulas = self.question.read_by(vocabulary)
        line = 0 if root.by_line else None
        there = self.question.document.line_there[0] if root.by_line else True
        self._occurrences: dict[int, list[_Occurrence]] = {}
        for each in self._walk(root.condition, line, there, there):
            self._occurrences.setdefault(id(each.condition), []).append(each)

    def shows(self, condition: Condition, goal: Goal | int) -> Formula:
        """The documents that show this of a condition under the root; ``condition`` is the node itself."""
        found = self._occurrences.get(id(condition), [])
        return self.terms.either([self._shown(each, goal) for each in found])

    def _shown(self, each: _Occurrence, goal: Goal | int) -> Formula:
        outcome = self.formulas.of(each.condition, each.line)
        if isinstance(goal, Goal):
            decisive = each.alone if goal.alone else each.there
            return self.terms.both([decisive, outcome.is_(goal.outcome, self.terms)])
        assert isinstance(each.condition, Comparison)
        settled = self.terms.either([outcome.holds, outcome.fails])
        at = self._distance(each.condition, each.line, goal)
        return self.terms.both([each.alone, settled, at])

    def _distance(self, condition: Comparison, line: int | None, distance: int) -> Formula:
        """The fact lies so far from what it is compared with; neither is a day that is never reached."""
        reader, operand = self.formulas.reader, condition.operand
        left: Any = reader.number(condition.fact, line)
        if isinstance(operand, Constant):
            right: Any = int(operand.value)
        else:
            right = reader.later_number(operand.fact, line, operand.days)
        parts = [left - right == distance]
        if self.vocabulary[condition.fact].type is FactType.DATE:
            parts += [each < NEVER_DAY for each in (left, right)]
        return self.terms.both(parts)

    def _walk(
        self, condition: Condition, line: int | None, there: Formula, alone: Formula
    ) -> Iterator[_Occurrence]:
        yield _Occurrence(condition, line, there, alone)
        terms = self.terms
        outcome = self.formulas.of(condition, line)
        settled = terms.either([outcome.holds, outcome.fails])
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                of_all = isinstance(condition, All)
                for number, part in enumerate(parts):
                    others = [
                        _as(of_all, self.formulas.of(other, line))
                        for n, other in enumerate(parts)
                        if n != number
                    ]
                    turns = terms.both([alone, settled, *others])
                    yield from self._walk(part, line, there, turns)
            case AnyLine(part=part) | AllLines(part=part):
                of_all = isinstance(condition, AllLines)
                exists = self.question.document.line_there
                others = [
                    terms.implied(exists[n], _as(of_all, self.formulas.of(part, n)))
                    for n in range(1, len(exists))
                ]
                turns = terms.both([alone, exists[0], settled, *others])
                yield from self._walk(part, 0, terms.both([there, exists[0]]), turns)
            case Not(part=part) | Named(part=part):
                yield from self._walk(part, line, there, terms.both([alone, settled]))
            case Known() | OneOf() | HasWord() | Comparison():
                return
            case _:
                assert_never(condition)


def _as(outcome: bool, found: Kleene) -> Formula:
    return found.holds if outcome else found.fails
