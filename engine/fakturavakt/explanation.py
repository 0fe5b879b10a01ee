"""Why a rule came out as it did, and what would have to be known or different.

Promises: the rule's own tree, each node with its outcome, each leaf with the value and where it came
from. May import: everything to its left (``decision``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, assert_never

from fakturavakt.engines.outcomes import Truth
from fakturavakt.engines.reference import truth
from fakturavakt.intake.facts import Facts, LineFacts
from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    HasWord,
    Known,
    Named,
    Not,
    OneOf,
    Quantifier,
    connective,
    facts_of,
)
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.rulebook.value_words import value_in_words
from fakturavakt.rulebook.written import written_leaf
from fakturavakt.texts import text
from fakturavakt.vocabulary.facts import LINES, Absence, Fact, FactType, Value
from fakturavakt.vocabulary.own_facts import CURRENCY

HIDDEN: Final = "•••"
"""What stands for a value that is not shown."""
_OPEN_TYPES: Final = frozenset(
    {FactType.YES_NO, FactType.CHOICE, FactType.DATE, FactType.MONEY, FactType.COUNT}
    | {FactType.CURRENCY, FactType.LINES, FactType.ORGANISATION_NUMBER}
)
WAYS_MAX: Final = 5
"""Ways out that are told; the shortest come first."""
_WAYS_KEPT: Final = 12
_WAY_LENGTH_MAX: Final = 6


def may_identify(fact: Fact) -> bool:
    """Whether a value may tell who somebody is: what the vocabulary calls personal, and whatever is free text
    or a number of somebody's.
    """
    return fact.personal or fact.type not in _OPEN_TYPES


@dataclass(frozen=True, slots=True)
class Explained:
    """A node of a rule's tree: how the rule writes it, how it came out, and at a leaf the values it
    saw, each with where it came from.
    """

    written: str
    outcome: Truth
    values: tuple[str, ...] = ()
    parts: tuple[Explained, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A leaf that would have to come out otherwise, on a line or on the whole invoice."""

    written: str
    line: str | None
    wanted: bool


@dataclass(frozen=True)
class Explainer:
    """Explains conditions of one rule book over one document, in one language. Where it ``hides_persons``,
    values that may tell who somebody is are there and not shown.
    """

    book: RuleBook
    facts: Facts
    language: str
    hides_persons: bool = False

    def explain(self, condition: Condition, line: LineFacts | None = None) -> Explained:
        """The tree of a condition."""
        outcome = truth(condition, self.facts, line)
        match condition:
            case All(parts=()):
                return Explained("always", outcome)
            case All(parts=parts) | AnyOf(parts=parts):
                return Explained(connective(condition), outcome, parts=self._parts(parts, line))
            case Not(part=part):
                return Explained(connective(condition), outcome, parts=self._parts((part,), line))
            case Named(name=name, title=title, part=part):
                # The title of a definition says in words what its name says in one.
                written = f"{name} ({title.say(self.language)})"
                inner = self.explain(part, line)
                return Explained(written, outcome, parts=(inner,))
            case AnyLine(part=part) | AllLines(part=part):
                written = connective(condition)
                if self.facts.lines is None:
                    return Explained(written, outcome, (self._value(LINES, None),))
                return Explained(written, outcome, parts=tuple(self._lines(part)))
            case Known() | OneOf() | HasWord() | Comparison():
                values = tuple(self._value(fact, line) for fact in facts_of(condition))
                return Explained(written_leaf(condition, self.book.vocabulary), outcome, values)
            case _:
                assert_never(condition)

    def _parts(self, parts: Iterable[Condition], line: LineFacts | None) -> tuple[Explained, ...]:
        return tuple(self.explain(part, line) for part in parts)

    def _lines(self, part: Condition) -> Iterator[Explained]:
        for each in self.facts.lines or ():
            inner = self.explain(part, each)
            name = text(f"linje {each.name}", f"line {each.name}").say(self.language)
            yield Explained(name, inner.outcome, parts=(inner,))

    # -- leaves ----------------------------------------------------------------------------------

    def _value(self, name: str, line: LineFacts | None) -> str:
        """``samtykket er gitt = nei · evidence.csv:12``."""
        fact = self.book.vocabulary[name]
        value = self.facts.value(name, line)
        shown = self._in_words(fact, value)
        if self.hides_persons and may_identify(fact) and value is not None:
            shown = HIDDEN
        return f"{fact.label.say(self.language)} = {shown} · {self._origin(fact, line)}"

    def _in_words(self, fact: Fact, value: Value | None) -> str:
        say = self.language
        if fact.type is FactType.LINES and self.facts.lines is not None:
            return str(len(self.facts.lines))
        if value is None:
            return text("ukjent", "unknown").say(say)
        currency = self.facts.values.get(CURRENCY)
        return value_in_words(
            fact.type, value, say, currency=None if currency is None else str(currency)
        )

    def _origin(self, fact: Fact, line: LineFacts | None) -> str:
        """Where a value came from, or why there is none."""
        of_line = line is not None and fact.of_line
        origins = line.origins if line is not None and of_line else self.facts.origins
        if fact.name in origins:
            origin = origins[fact.name]
            row = f"{origin.place.file}:{origin.place.line}"
            if origin.complete_for is None:
                return row
            return text(
                f"registeret er fullstendig for {origin.complete_for} · {row}",
                f"the register is complete for {origin.complete_for} · {row}",
            ).say(self.language)
        path = fact.name
        if line is not None and of_line:
            path = f"line[{line.name}].{fact.name.removeprefix('line.')}"
        for problem in self.facts.problems:
            if path == problem.path or path.startswith(f"{problem.path}."):
                return text(
                    f"feil i dokumentet ({problem.flaw.value})",
                    f"bad in the document ({problem.flaw.value})",
                ).say(self.language)
        if self.facts.has(fact.name, line) or (fact.name == LINES and self.facts.lines is not None):
            term = f" ({fact.term})" if fact.term else ""
            return text(f"dokumentet{term}", f"the document{term}").say(self.language)
        if fact.absent is Absence.SCREENING_DATE:
            return text("kontrolldatoen", "the screening date").say(self.language)
        if fact.absent is Absence.UNKNOWN:
            return text("står ingen steder", "is nowhere to be found").say(self.language)
        return text("slik fraværet forstås", "what its absence means").say(self.language)

    # -- ways out --------------------------------------------------------------------------------

    def ways(self, condition: Condition, *, wanted: bool) -> list[tuple[Change, ...]]:
        """The shortest ways in which the condition would come out as wanted.

        Each way is a set of leaves that would have to be known or different; they are found leaf by
        leaf, so that two of them may be about one fact.
        """
        found = self._ways(condition, None, wanted)
        return [tuple(way) for way in found[:WAYS_MAX] if way]

    def _ways(
        self, condition: Condition, line: LineFacts | None, wanted: bool
    ) -> list[dict[Change, None]]:
        if truth(condition, self.facts, line) is wanted:
            return [{}]
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                each = [self._ways(part, line, wanted) for part in parts]
                return _joined(each, together=_holds_of_all(condition) is wanted)
            case Not(part=part):
                return self._ways(part, line, not wanted)
            case Named(part=part):
                return self._ways(part, line, wanted)
            case AnyLine(part=part) | AllLines(part=part):
                if self.facts.lines is None:
                    return [{Change(LINES, None, wanted=True): None}]
                each = [self._ways(part, line, wanted) for line in self.facts.lines]
                return _joined(each, together=_holds_of_all(condition) is wanted)
            case Known() | OneOf() | HasWord() | Comparison():
                name = line.name if line is not None else None
                return [{Change(written_leaf(condition, self.book.vocabulary), name, wanted): None}]
            case _:
                assert_never(condition)


def _holds_of_all(condition: All | AnyOf | Quantifier) -> bool:
    """Whether every part must be true for the condition to be, or one of them is enough."""
    match condition:
        case All() | AllLines():
            return True
        case AnyOf() | AnyLine():
            return False
        case _:
            assert_never(condition)


def _joined(each: list[list[dict[Change, None]]], *, together: bool) -> list[dict[Change, None]]:
    return _together(each) if together else _shortest(way for ways in each for way in ways)


def _shortest(ways: Iterable[dict[Change, None]]) -> list[dict[Change, None]]:
    short = (way for way in ways if len(way) <= _WAY_LENGTH_MAX)
    return sorted(short, key=len)[:_WAYS_KEPT]


def _together(each: list[list[dict[Change, None]]]) -> list[dict[Change, None]]:
    """One way of each, joined; the shortest joins are kept on the way."""
    joined: list[dict[Change, None]] = [{}]
    for ways in each:
        joined = _shortest(one | other for one in joined for other in ways)
    return joined
