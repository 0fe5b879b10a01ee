"""Kleene's strong logic over the condition tree, as plain as it can be written.

The yardstick for the other engines: where they differ, this one is right (contract §2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import assert_never

from fakturavakt.engines.outcomes import Asked, Outcomes, Question, Truth, questions
from fakturavakt.intake.facts import Facts, LineFacts
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
    Relation,
)
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.vocabulary.facts import LINES


@dataclass
class ReferenceEngine:
    """Evaluates a rule book by walking its conditions."""

    book: RuleBook
    name: str = "reference"
    _questions: tuple[Question, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._questions = questions(self.book)
        self._of_window: dict[Condition | None, list[Question]] = {}
        for each in self._questions:
            self._of_window.setdefault(each.in_force, []).append(each)

    def evaluate(self, facts: Facts) -> Outcomes:
        """See :class:`~fakturavakt.engines.outcomes.Engine`."""
        whole: dict[Asked, Truth] = {}
        for window, of_window in self._of_window.items():
            if window is not None and truth(window, facts) is False:
                whole |= dict.fromkeys((each.asked for each in of_window), False)
            else:
                whole |= {each.asked: truth(each.condition, facts) for each in of_window}
        # Nobody asks for which lines a rule came out false.
        of_lines = [
            each for each in self._questions if each.by_line and whole[each.asked] is not False
        ]
        lines = facts.lines or ()
        if len(lines) == 1:  # the only line alone is the invoice as it is
            return Outcomes(whole, {each.asked: (whole[each.asked],) for each in of_lines})
        alone = [replace(facts, lines=(line,)) for line in lines]
        return Outcomes(
            whole,
            {each.asked: tuple(truth(each.condition, only) for only in alone) for each in of_lines},
        )

    def close(self) -> None:
        """Nothing is held."""


def truth(condition: Condition, facts: Facts, line: LineFacts | None = None) -> Truth:
    """Whether ``condition`` is true of the document, or of one of its lines."""
    match condition:
        case All(parts=parts):
            return conjunction(truth(part, facts, line) for part in parts)
        case AnyOf(parts=parts):
            return disjunction(truth(part, facts, line) for part in parts)
        case Not(part=part):
            return negation(truth(part, facts, line))
        case Named(part=part):
            return truth(part, facts, line)
        case AnyLine(part=part):
            if facts.lines is None:
                return None
            return disjunction(truth(part, facts, each) for each in facts.lines)
        case AllLines(part=part):
            if facts.lines is None:
                return None
            return conjunction(truth(part, facts, each) for each in facts.lines)
        case Known(fact=fact):
            return facts.lines is not None if fact == LINES else facts.has(fact, line)
        case OneOf(fact=fact, values=values):
            value = facts.value(fact, line)
            return None if value is None else value in values
        case HasWord(fact=fact, words=words):
            value = facts.value(fact, line)
            return None if value is None else has_word(str(value), words)
        case Comparison():
            return _comparison(condition, facts, line)
        case _:
            assert_never(condition)


def conjunction(parts: Iterable[Truth]) -> Truth:
    """False if one part is false, else unknown if one is unknown, else true."""
    result: Truth = True
    for part in parts:
        if part is False:
            return False
        if part is None:
            result = None
    return result


def disjunction(parts: Iterable[Truth]) -> Truth:
    """The mirror of :func:`conjunction`."""
    result: Truth = False
    for part in parts:
        if part is True:
            return True
        if part is None:
            result = None
    return result


def negation(part: Truth) -> Truth:
    """``not unknown`` is unknown."""
    return None if part is None else not part


def has_word(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words stands in the text, whatever its case; ``*`` is a wild card."""
    patterns = [_word_pattern(word) for word in words]
    found = re.findall(r"[\w:-]+", text.casefold())
    return any(pattern.fullmatch(each) for each in found for pattern in patterns)


@cache
def _word_pattern(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(word).replace(r"\*", ".*"))


def _comparison(condition: Comparison, facts: Facts, line: LineFacts | None) -> Truth:
    left = facts.value(condition.fact, line)
    operand = condition.operand
    right = operand.value if isinstance(operand, Constant) else facts.value(operand.fact, line)
    if left is None or right is None:
        return None
    # Dates are ordinal days and money is whole øre; only "never" is a float, and it stays infinite.
    assert not isinstance(left, str)
    assert not isinstance(right, str)
    if not isinstance(operand, Constant):
        right += operand.days
    match condition.relation:
        case Relation.BELOW:
            return left < right
        case Relation.AT_MOST:
            return left <= right
        case Relation.EQUAL:
            return left == right
        case Relation.AT_LEAST:
            return left >= right
        case Relation.ABOVE:
            return left > right
        case _:
            assert_never(condition.relation)
