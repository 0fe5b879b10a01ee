"""What can ever come out of conditions: asked of the solver, or, without it, of intervals and plain
structure.

Both answer alike: *yes* (True), *no* (False), or *not decided* (None). A no is always proved. The solver
covers all documents and three truth values; what is said without it covers less, and never claims a yes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol, assert_never

from fakturavakt.engines import reference
from fakturavakt.engines.outcomes import Truth
from fakturavakt.intake.facts import Facts
from fakturavakt.proof.confirmation import decided
from fakturavakt.proof.outcome_formulas import DecisionFormulas
from fakturavakt.proof.question import Question, deciding
from fakturavakt.proof.search import UndecidedError
from fakturavakt.proof.terms import solver_library
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
    Leaf,
    Named,
    Not,
    OneOf,
    Relation,
    children,
)
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.vocabulary.facts import LINE_PREFIX, NEVER, Absence, FactType, Value, Vocabulary

TRUTHS: Final[tuple[Truth, ...]] = (True, False, None)


class Wanted(NamedTuple):
    """A condition that is to come out as one of ``truths``."""

    condition: Condition
    truths: frozenset[Truth]


def true_of(condition: Condition) -> Wanted:
    """It is true."""
    return Wanted(condition, frozenset({True}))


def not_true_of(condition: Condition) -> Wanted:
    """It is false or unknown."""
    return Wanted(condition, frozenset({False, None}))


def false_of(condition: Condition) -> Wanted:
    """It is false."""
    return Wanted(condition, frozenset({False}))


class Reasoner(Protocol):
    """Answers about every document there can be; ``undecided`` counts the questions that took too long.

    ``by_line``: conditions are about one line, whichever, and not about the whole invoice.
    """

    undecided: int

    def can_be(self, wanted: Sequence[Wanted], *, by_line: bool = False) -> bool | None:
        """Whether one document (one line of it) can make all of the conditions come out as wanted."""
        ...

    def can_differ(self, one: Condition, other: Condition, *, by_line: bool = False) -> bool | None:
        """Whether the two come out otherwise for some document (some line)."""
        ...

    def can_carry(self, channel: str) -> bool | None:
        """Whether some invoice is sent over the channel."""
        ...

    def document_of(self, condition: Condition) -> Facts | None:
        """Some document of which the condition is true; None where none was found."""
        ...


@dataclass
class SolverReasoner:
    """Asks z3. ``seconds`` is how long one question may take."""

    book: RuleBook
    seconds: float
    undecided: int = 0

    def __post_init__(self) -> None:
        """Raises ``SolverMissingError`` where z3 is not installed."""
        solver_library()

    def can_be(self, wanted: Sequence[Wanted], *, by_line: bool = False) -> bool | None:
        question = self._question([each.condition for each in wanted], by_line=by_line)
        formulas, terms = question.read_by(self.book.vocabulary), question.terms
        line = 0 if by_line else None
        return self._answer(
            question,
            terms.both(
                terms.either(
                    formulas.of(each.condition, line).is_(truth, terms) for truth in each.truths
                )
                for each in wanted
            ),
        )

    def can_differ(self, one: Condition, other: Condition, *, by_line: bool = False) -> bool | None:
        question = self._question([one, other], by_line=by_line)
        formulas, terms = question.read_by(self.book.vocabulary), question.terms
        line = 0 if by_line else None
        first, second = formulas.of(one, line), formulas.of(other, line)
        alike = [
            terms.same(first.holds, second.holds),
            terms.same(first.fails, second.fails),
        ]
        return self._answer(question, terms.negated(terms.both(alike)))

    def can_carry(self, channel: str) -> bool | None:
        question = self._question(list(deciding(self.book)), by_line=False)
        decision = DecisionFormulas(self.book, question.read_by(self.book.vocabulary))
        return self._answer(question, decision.sent_over(channel))

    def document_of(self, condition: Condition) -> Facts | None:
        question = self._question([condition], by_line=False)
        formula = question.read_by(self.book.vocabulary).of(condition).holds
        try:
            example = question.any_example(formula, self.seconds)
        except UndecidedError:
            self.undecided += 1
            return None
        if example is None:
            return None
        facts = decided(self.book, example.content, example.as_of).facts
        return facts if reference.truth(condition, facts) is True else None

    def _question(self, conditions: Sequence[Condition], *, by_line: bool) -> Question:
        return Question(
            [(condition, self.book.vocabulary) for condition in conditions],
            as_of=None,
            line_alone=by_line,
        )

    def _answer(self, question: Question, formula: object) -> bool | None:
        try:
            return question.exists(formula, self.seconds)
        except UndecidedError:
            self.undecided += 1
            return None


@dataclass
class PlainReasoner:
    """What is seen without a solver: values, intervals and distances that no document can have together, and
    conditions whose parts are among another one's.
    """

    vocabulary: Vocabulary
    undecided: int = 0

    def can_be(self, wanted: Sequence[Wanted], *, by_line: bool = False) -> bool | None:  # noqa: ARG002
        held: list[_Held] = []
        for condition, truths in wanted:
            if len(truths) == 1 and None not in truths:
                (truth,) = truths
                own = list(self._held(condition, truth=truth is True))
                if _NOTHING in own:
                    return False
                held += own
        if self._contradict(held):
            return False
        return False if self._has_parts_of(wanted) else None

    def can_differ(
        self,
        one: Condition,
        other: Condition,
        *,
        by_line: bool = False,  # noqa: ARG002
    ) -> bool | None:
        return False if one == other else None

    def can_carry(self, channel: str) -> bool | None:  # noqa: ARG002
        return None

    def document_of(self, condition: Condition) -> Facts | None:  # noqa: ARG002
        return None

    def _has_parts_of(self, wanted: Sequence[Wanted]) -> bool:
        """Whether what is to be true has all the parts of what is not to be."""
        parts = {
            part for each in wanted if each.truths == {True} for part in _parts_of(each.condition)
        }
        return any(
            True not in each.truths and set(_parts_of(each.condition)) <= parts for each in wanted
        )

    # -- what has to hold of single facts ---------------------------------------------------------

    def _held(self, condition: Condition, *, truth: bool) -> Iterator[_Held]:
        """Leaves that must be true or false for the condition to be so; :data:`_NOTHING` where it cannot."""
        match condition:
            case All(parts=parts):
                yield from (
                    self._every(parts, truth=truth) if truth else self._some(parts, truth=truth)
                )
            case AnyOf(parts=parts):
                yield from (
                    self._some(parts, truth=truth) if truth else self._every(parts, truth=truth)
                )
            case Not(part=part):
                yield from self._held(part, truth=not truth)
            case Named(part=part):
                yield from self._held(part, truth=truth)
            case AnyLine(part=part) | AllLines(part=part):
                # There has to be such a line; which other facts it has is another line's matter.
                if isinstance(condition, AnyLine) is truth and not self._can(part, truth=truth):
                    yield _NOTHING
            case Known() | OneOf() | HasWord() | Comparison():
                yield _Held(condition, truth)
            case _:
                assert_never(condition)

    def _every(self, parts: Iterable[Condition], *, truth: bool) -> Iterator[_Held]:
        for part in parts:
            yield from self._held(part, truth=truth)

    def _some(self, parts: Sequence[Condition], *, truth: bool) -> Iterator[_Held]:
        able = [part for part in parts if self._can(part, truth=truth)]
        if not able:
            yield _NOTHING
        elif len(able) == 1:
            yield from self._held(able[0], truth=truth)

    def _can(self, condition: Condition, *, truth: bool) -> bool:
        held = list(self._held(condition, truth=truth))
        return _NOTHING not in held and not self._contradict(held)

    def _contradict(self, held: Sequence[_Held]) -> bool:
        """Whether no values of the facts make all of the leaves come out so."""
        of_values: dict[str, set[Value]] = {}
        bounds: dict[tuple[str, str], tuple[float, float]] = {}
        for leaf, truth in held:
            if _Held(leaf, not truth) in held:
                return True
            match leaf:
                case Known(fact=fact):
                    if not truth and self._has_to_be_there(fact, held):
                        return True
                case OneOf(fact=fact, values=values):
                    left = of_values.setdefault(fact, set(self._values(fact, held)))
                    left -= {each for each in left if (each in values) is not truth}
                case Comparison() if not self._may_both_be_never(leaf):
                    key, low, high = self._bound(leaf, truth=truth)
                    before = bounds.get(key, (-math.inf, math.inf))
                    bounds[key] = max(before[0], low), min(before[1], high)
                case HasWord() | Comparison():
                    pass
                case _:
                    assert_never(leaf)
        return any(not left for left in of_values.values()) or any(
            low > high for low, high in bounds.values()
        )

    def _may_both_be_never(self, leaf: Comparison) -> bool:
        """Two days that are never reached have no distance: each is as late as the other and any days
        later.
        """
        return not isinstance(leaf.operand, Constant) and all(
            self.vocabulary[fact].absent == NEVER for fact in (leaf.fact, leaf.operand.fact)
        )

    def _has_to_be_there(self, fact: str, held: Iterable[_Held]) -> bool:
        """Whether a leaf that is true or false needs a value that only a document can give."""
        return self.vocabulary[fact].absent is Absence.UNKNOWN and any(
            not isinstance(leaf, Known) and leaf.fact == fact for leaf, _ in held
        )

    def _values(self, fact: str, held: Iterable[_Held]) -> Iterator[Value]:
        """All values there are; of an open type those that are named, and one that is not."""
        known = self.vocabulary[fact]
        if known.type is FactType.YES_NO:
            yield from (True, False)
        elif known.type is FactType.CHOICE:
            yield from known.choices
        else:
            yield _ANOTHER
            for leaf, _ in held:
                if isinstance(leaf, OneOf) and leaf.fact == fact:
                    yield from leaf.values

    def _bound(self, leaf: Comparison, *, truth: bool) -> tuple[tuple[str, str], float, float]:
        """How far a fact lies at least and at most from 0, or from another fact."""
        low, high = -math.inf, math.inf
        if isinstance(leaf.operand, Constant):
            key, turned, value = (leaf.fact, ""), False, float(leaf.operand.value)
            if self.vocabulary[leaf.fact].type is FactType.COUNT:
                low = 0
        else:
            turned = leaf.fact > leaf.operand.fact
            pair = sorted((leaf.fact, leaf.operand.fact))
            key, value = (pair[0], pair[1]), float(leaf.operand.days)
            if pair[0] == pair[1]:
                low = high = 0
        relation = leaf.relation
        if relation is Relation.EQUAL:
            if not truth:
                return key, low, high
            return key, *((-value, -value) if turned else (value, value))
        if not truth:
            relation = _OPPOSITE[relation]
        # Days, øre and counts are whole: above 5 is at least 6.
        least = {Relation.ABOVE: value + 1, Relation.AT_LEAST: value}.get(relation, -math.inf)
        most = {Relation.BELOW: value - 1, Relation.AT_MOST: value}.get(relation, math.inf)
        if turned:
            least, most = -most, -least
        return key, max(low, least), min(high, most)


_OPPOSITE: Final = {
    Relation.BELOW: Relation.AT_LEAST,
    Relation.AT_MOST: Relation.ABOVE,
    Relation.AT_LEAST: Relation.BELOW,
    Relation.ABOVE: Relation.AT_MOST,
}
_ANOTHER: Final = "\0another"
"""A value that no condition names; no document can have it, since text is trimmed of nothing else."""


class _Held(NamedTuple):
    """A leaf that must be true, or false."""

    leaf: Leaf
    truth: bool


_NOTHING: Final = _Held(Known("", None), truth=False)  # type: ignore[arg-type]
"""No document does."""


def _parts_of(condition: Condition) -> Iterator[Condition]:
    """What must all be true for the condition to be."""
    match condition:
        case All(parts=parts):
            for part in parts:
                yield from _parts_of(part)
        case Named(part=part):
            yield from _parts_of(part)
        case _:
            yield condition


def is_about_a_line(condition: Condition) -> bool:
    """Whether a condition asks about a line outside of ``any line`` and ``all lines``."""
    match condition:
        case AnyLine() | AllLines():
            return False
        case All() | AnyOf() | Not() | Named():
            return any(is_about_a_line(part) for part in children(condition))
        case Comparison(fact=fact, operand=operand):
            other = "" if isinstance(operand, Constant) else operand.fact
            return fact.startswith(LINE_PREFIX) or other.startswith(LINE_PREFIX)
        case Known(fact=fact) | OneOf(fact=fact) | HasWord(fact=fact):
            return fact.startswith(LINE_PREFIX)
        case _:
            assert_never(condition)
