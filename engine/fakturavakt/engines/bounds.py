"""Conditions over bounds: the form in which durable-rules gets them.

Each thing that a condition asks about becomes two whole numbers, a lower and an upper bound. A known
value is both; an unknown one lies between the lowest and the highest number that there is. What is
*certainly* true then is a test of one bound, what is *possibly* true a test of the other, and no test
is ever about absence (a pattern of negative tests only is matched falsely by durable-rules), about
text, or about values of two types.

``not`` is pushed down to the leaves, so that an expression holds tests, ``and`` and ``or`` only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal, NamedTuple, TypeAlias, assert_never

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
    OtherFact,
    Quantifier,
    Relation,
)
from fakturavakt.vocabulary.facts import NEVER, Value

LOWEST: Final = -(10**17)
HIGHEST: Final = 10**17
NEVER_NUMBER: Final = 10**16
"""After every day, and below what is unknown. Values themselves stay within 15 digits."""
VALUE_MAX: Final = 10**15

BRANCHES_MAX: Final = 40
"""Ways in which one expression may match a fact; over 64 matches end in durable-rules' error 303."""
PIECES_MAX: Final = 200


class Bound(Enum):
    """Which of the two numbers."""

    LOWER = 0
    UPPER = 1


class Term(NamedTuple):
    """Something that has bounds: a fact (``days`` later), whether it is known, whether one of the
    words stands in it, or the outcome of a quantifier.
    """

    of: str | Quantifier
    days: int = 0
    known: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Test:
    """``bound of term`` stands in ``relation`` to a number or to a bound of another term."""

    term: Term
    bound: Bound
    relation: Relation
    operand: int | tuple[Term, Bound]


@dataclass(frozen=True, slots=True)
class And:
    """All parts; without parts it is true."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part; without parts it is false."""

    parts: tuple[Expression, ...]


Expression: TypeAlias = Test | And | Or
TRUE: Final = And(())
FALSE: Final = Or(())


OneSided: TypeAlias = Literal[Relation.BELOW, Relation.AT_MOST, Relation.AT_LEAST, Relation.ABOVE]
"""Relations that are a test of one bound; *equal* is two of them."""


def _opposite(relation: OneSided) -> OneSided:
    match relation:
        case Relation.BELOW:
            return Relation.AT_LEAST
        case Relation.AT_LEAST:
            return Relation.BELOW
        case Relation.AT_MOST:
            return Relation.ABOVE
        case Relation.ABOVE:
            return Relation.AT_MOST
        case _:
            assert_never(relation)


def _is_upper_limit(relation: OneSided) -> bool:
    match relation:
        case Relation.BELOW | Relation.AT_MOST:
            return True
        case Relation.AT_LEAST | Relation.ABOVE:
            return False
        case _:
            assert_never(relation)


@dataclass
class Translation:
    """From the conditions of one rule book to expressions.

    ``codes`` numbers the words and other texts that a fact is compared with, from 1; any other text
    is 0. ``lines_apart``: quantifiers are terms of their own (the whole invoice), else they are read
    for the one line at hand.
    """

    codes: Mapping[str, Mapping[Value, int]]
    lines_apart: bool
    terms: dict[Term, int] = field(default_factory=dict)

    def certain(self, condition: Condition) -> Expression:
        """When ``condition`` is true."""
        return self._expression(condition, wanted=True, certain=True)

    def possible(self, condition: Condition) -> Expression:
        """When ``condition`` is true or unknown."""
        return self._expression(condition, wanted=True, certain=False)

    def _expression(self, condition: Condition, *, wanted: bool, certain: bool) -> Expression:
        """When the condition certainly (or possibly) has the wanted truth."""
        match condition:
            case All(parts=parts):
                found = [self._expression(p, wanted=wanted, certain=certain) for p in parts]
                return both(found) if wanted else either(found)
            case AnyOf(parts=parts):
                found = [self._expression(p, wanted=wanted, certain=certain) for p in parts]
                return either(found) if wanted else both(found)
            case Not(part=part):
                return self._expression(part, wanted=not wanted, certain=certain)
            case Named(part=part):
                return self._expression(part, wanted=wanted, certain=certain)
            case AnyLine(part=part) | AllLines(part=part):
                if not self.lines_apart:
                    return self._expression(part, wanted=wanted, certain=certain)
                return self._flag(Term(condition), wanted=wanted, certain=certain)
            case Known(fact=fact):
                return self._flag(Term(fact, known=True), wanted=wanted, certain=certain)
            case HasWord(fact=fact, words=words):
                return self._flag(Term(fact, words=words), wanted=wanted, certain=certain)
            case OneOf():
                return self._one_of(condition, wanted=wanted, certain=certain)
            case Comparison():
                return self._comparison(condition, wanted=wanted, certain=certain)
            case _:
                assert_never(condition)

    def _test(
        self, term: Term, bound: Bound, relation: Relation, operand: int | tuple[Term, Bound]
    ) -> Test:
        self.terms.setdefault(term, len(self.terms))
        if isinstance(operand, tuple):
            self.terms.setdefault(operand[0], len(self.terms))
        return Test(term, bound, relation, operand)

    def _flag(self, term: Term, *, wanted: bool, certain: bool) -> Expression:
        """A thing that is 0 or 1."""
        if wanted:
            bound = Bound.LOWER if certain else Bound.UPPER
            return self._test(term, bound, Relation.AT_LEAST, 1)
        bound = Bound.UPPER if certain else Bound.LOWER
        return self._test(term, bound, Relation.AT_MOST, 0)

    def _one_of(self, condition: OneOf, *, wanted: bool, certain: bool) -> Expression:
        codes = self.codes[condition.fact]
        chosen = {codes[value] for value in condition.values}
        # A yes/no fact has the codes 0 and 1; code 0 of all others is "any other text".
        everything = range(max(codes.values()) + 1)
        allowed = chosen if wanted else set(everything) - chosen
        term = Term(condition.fact)
        runs: list[Expression] = []
        for first, last in _runs(sorted(allowed)):
            lower, upper = (Bound.LOWER, Bound.UPPER) if certain else (Bound.UPPER, Bound.LOWER)
            runs.append(
                both(
                    [
                        self._test(term, lower, Relation.AT_LEAST, first),
                        self._test(term, upper, Relation.AT_MOST, last),
                    ]
                )
            )
        if not runs and not certain:  # every value is chosen: only the unknown is left
            return self._test(term, Bound.LOWER, Relation.AT_MOST, LOWEST)
        return either(runs)

    def _comparison(self, condition: Comparison, *, wanted: bool, certain: bool) -> Expression:
        term = Term(condition.fact)
        sides: tuple[OneSided, ...]
        match condition.relation:
            case Relation.EQUAL:
                sides = (Relation.AT_MOST, Relation.AT_LEAST)
            case (
                Relation.BELOW | Relation.AT_MOST | Relation.AT_LEAST | Relation.ABOVE
            ) as one_sided:
                sides = (one_sided,)
            case _:
                assert_never(condition.relation)
        tests = [
            self._ordered(term, side if wanted else _opposite(side), condition, certain=certain)
            for side in sides
        ]
        return both(tests) if wanted else either(tests)

    def _ordered(
        self, term: Term, relation: OneSided, condition: Comparison, *, certain: bool
    ) -> Expression:
        # Certainly below: even the largest of it is below even the smallest of the other.
        left = Bound.UPPER if _is_upper_limit(relation) is certain else Bound.LOWER
        right = Bound.LOWER if left is Bound.UPPER else Bound.UPPER
        operand = condition.operand
        match operand:
            case Constant(value=value):
                assert isinstance(value, int)
                return self._test(term, left, relation, value)
            case OtherFact(fact=fact, days=days):
                return self._test(term, left, relation, (Term(fact, days=days), right))
            case _:
                assert_never(operand)


def _runs(codes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Consecutive codes as (first, last)."""
    start = 0
    for n in range(1, len(codes) + 1):
        if n == len(codes) or codes[n] != codes[n - 1] + 1:
            yield codes[start], codes[n - 1]
            start = n


def both(parts: Sequence[Expression]) -> Expression:
    """``and``, flattened, without what is always true."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    if FALSE in flat:
        return FALSE
    return flat[0] if len(flat) == 1 else And(tuple(dict.fromkeys(flat)))


def either(parts: Sequence[Expression]) -> Expression:
    """``or``, flattened, without what is never true."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    if TRUE in flat:
        return TRUE
    return flat[0] if len(flat) == 1 else Or(tuple(dict.fromkeys(flat)))


def branches(expression: Expression) -> int:
    """In how many ways the expression can match."""
    match expression:
        case Test():
            return 1
        case And(parts=parts):
            product = 1
            for part in parts:
                product *= branches(part)
            return product
        case Or(parts=parts):
            return sum(branches(part) for part in parts)
        case _:
            assert_never(expression)


def terms(expression: Expression) -> Iterator[Term]:
    """What an expression asks about, some of it several times."""
    match expression:
        case Test(term=term, operand=operand):
            yield term
            if not isinstance(operand, int):
                yield operand[0]
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from terms(part)
        case _:
            assert_never(expression)


def pieces(expression: Expression) -> Iterator[Expression]:
    """Expressions of at most :data:`BRANCHES_MAX` branches, one of which is true when it is."""
    if branches(expression) <= BRANCHES_MAX:
        if expression != FALSE:
            yield expression
    elif isinstance(expression, Or):
        middle = len(expression.parts) // 2
        yield from pieces(either(expression.parts[:middle]))
        yield from pieces(either(expression.parts[middle:]))
    else:
        assert isinstance(expression, And)
        widest = max(expression.parts, key=branches)
        assert isinstance(widest, Or)  # `and` is flat, so what branches in it is an `or`
        others = [part for part in expression.parts if part is not widest]
        middle = len(widest.parts) // 2
        yield from pieces(both([*others, either(widest.parts[:middle])]))
        yield from pieces(both([*others, either(widest.parts[middle:])]))


def number(value: Value) -> int:
    """A date, money or a count as durable-rules gets it."""
    return NEVER_NUMBER if value == NEVER else int(value)
