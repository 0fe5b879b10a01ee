"""Conditions and decisions as formulas: for each truth value, which documents have it.

The same walk as ``engines/reference.py`` and the same order as ``decision.py``, over a document of
which nothing is settled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from fakturavakt.agreements import UNKNOWN
from fakturavakt.decision import Verdict
from fakturavakt.engines.outcomes import Truth
from fakturavakt.proof.symbolic_document import Reader
from fakturavakt.proof.terms import Formula, Terms
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
    Quantifier,
    Relation,
)
from fakturavakt.rulebook.model import Migration, RuleBook
from fakturavakt.vocabulary.facts import LINES


@dataclass(frozen=True, slots=True)
class Kleene:
    """A condition: the documents for which it ``holds``, and those for which it ``fails``. No document is
    in both; for all others it is unknown.
    """

    holds: Formula
    fails: Formula

    def is_(self, truth: Truth, terms: Terms) -> Formula:
        """The documents for which it has this truth value."""
        if truth is None:
            return terms.both([terms.negated(self.holds), terms.negated(self.fails)])
        return self.holds if truth else self.fails


NEVER_HOLDS = Kleene(holds=False, fails=True)
"""What a rule that is not there comes to."""


@dataclass
class ConditionFormulas:
    """Conditions over one document, read by one vocabulary; each part is made once.

    What is written alike in two rule books is one formula: the solver need not find out that it is the same.
    """

    reader: Reader
    _alike: dict[Quantifier, Quantifier] = field(default_factory=dict)
    _made: dict[tuple[int, int | None], tuple[Condition, Kleene]] = field(default_factory=dict)

    def of(self, condition: Condition, line: int | None = None) -> Kleene:
        """The formulas of a condition, about the invoice or about the line at ``line`` (from 0)."""
        key = (id(condition), line)
        if key not in self._made:
            made = None
            if isinstance(condition, Quantifier):
                first = self._alike.setdefault(condition, condition)
                made = self.of(first, line) if first is not condition else None
            # The condition is kept with it: while it is, nothing else has its id.
            self._made[key] = (condition, made or self._walk(condition, line))
        return self._made[key][1]

    def _walk(self, condition: Condition, line: int | None) -> Kleene:
        reader, terms = self.reader, self.reader.terms
        match condition:
            case All(parts=parts):
                return conjunction([self.of(part, line) for part in parts], terms)
            case AnyOf(parts=parts):
                return disjunction([self.of(part, line) for part in parts], terms)
            case Not(part=part):
                inner = self.of(part, line)
                return Kleene(inner.fails, inner.holds)
            case Named(part=part):
                return self.of(part, line)
            case AnyLine(part=part):
                known = reader.lines_known()
                found = disjunction(
                    [self._on_line(part, n, there=False) for n in self._lines], terms
                )
                return Kleene(terms.both([known, found.holds]), terms.both([known, found.fails]))
            case AllLines(part=part):
                known = reader.lines_known()
                found = conjunction(
                    [self._on_line(part, n, there=True) for n in self._lines], terms
                )
                return Kleene(terms.both([known, found.holds]), terms.both([known, found.fails]))
            case Known(fact=fact):
                holds = reader.lines_known() if fact == LINES else reader.stated(fact, line)
                return Kleene(holds, terms.negated(holds))
            case OneOf(fact=fact, values=values):
                known = reader.known(fact, line)
                return _settled(known, reader.is_one_of(fact, line, values), terms)
            case HasWord(fact=fact, words=words):
                known = reader.known(fact, line)
                return _settled(known, reader.has_word(fact, line, words), terms)
            case Comparison():
                return self._comparison(condition, line)
            case _:
                assert_never(condition)

    @property
    def _lines(self) -> range:
        return range(len(self.reader.document.line_there))

    def _on_line(self, part: Condition, line: int, *, there: bool) -> Kleene:
        """The part on a line; ``there`` is what it comes to where the document has no such line."""
        terms, found = self.reader.terms, self.of(part, line)
        exists = self.reader.document.line_there[line]
        absent = terms.negated(exists)
        if there:
            return Kleene(terms.either([absent, found.holds]), terms.both([exists, found.fails]))
        return Kleene(terms.both([exists, found.holds]), terms.either([absent, found.fails]))

    def _comparison(self, condition: Comparison, line: int | None) -> Kleene:
        reader, terms = self.reader, self.reader.terms
        known = [reader.known(condition.fact, line)]
        left = reader.number(condition.fact, line)
        operand = condition.operand
        if isinstance(operand, Constant):
            right = int(operand.value)
        else:
            known.append(reader.known(operand.fact, line))
            right = reader.later_number(operand.fact, line, operand.days)
        match condition.relation:
            case Relation.BELOW:
                holds = left < right
            case Relation.AT_MOST:
                holds = left <= right
            case Relation.EQUAL:
                holds = left == right
            case Relation.AT_LEAST:
                holds = left >= right
            case Relation.ABOVE:
                holds = left > right
            case _:
                assert_never(condition.relation)
        return _settled(terms.both(known), holds, terms)


def _settled(known: Formula, holds: Formula, terms: Terms) -> Kleene:
    """A leaf: unknown where its facts are."""
    return Kleene(terms.both([known, holds]), terms.both([known, terms.negated(holds)]))


def conjunction(parts: Iterable[Kleene], terms: Terms) -> Kleene:
    """False if one part is false, else unknown if one is unknown, else true."""
    parts = list(parts)
    return Kleene(
        terms.both(part.holds for part in parts), terms.either(part.fails for part in parts)
    )


def disjunction(parts: Iterable[Kleene], terms: Terms) -> Kleene:
    """The mirror of :func:`conjunction`."""
    parts = list(parts)
    return Kleene(
        terms.either(part.holds for part in parts), terms.both(part.fails for part in parts)
    )


@dataclass
class DecisionFormulas:
    """The decision of one rule book (contract §4) over one document."""

    book: RuleBook
    conditions: ConditionFormulas

    def __post_init__(self) -> None:
        self._verdicts = self._made_verdicts()

    def _made_verdicts(self) -> dict[Verdict, Formula]:
        terms = self.conditions.reader.terms
        scope = self.conditions.of(self.book.scope)
        prohibitions = [self.conditions.of(rule.condition) for rule in self.book.prohibitions]
        broken = terms.either(each.holds for each in prohibitions)
        block = terms.both([scope.holds, broken])
        send = terms.both([scope.holds, *(each.fails for each in prohibitions)])
        return {
            Verdict.SEND: send,
            Verdict.BLOCK: block,
            Verdict.OUT_OF_SCOPE: scope.fails,
            Verdict.HOLD: terms.both(terms.negated(each) for each in (send, block, scope.fails)),
        }

    def verdict(self, verdict: Verdict) -> Formula:
        """The documents with this decision."""
        return self._verdicts[verdict]

    def attempted(self, channel: str) -> Formula:
        """The documents that are sent, with this channel among the attempts."""
        terms = self.conditions.reader.terms
        earlier: list[Formula] = []
        for each in self.book.channels:
            found = self.conditions.of(each.condition)
            if each.name == channel:
                not_ineligible = terms.negated(found.fails)
                return terms.both([self.verdict(Verdict.SEND), not_ineligible, *earlier])
            earlier.append(terms.negated(found.holds))
        return False

    def sent_over(self, channel: str) -> Formula:
        """The documents that are sent over this channel: the last of the attempts."""
        terms = self.conditions.reader.terms
        last = [each.name for each in self.book.channels].index(channel)
        found = self.conditions.of(self.book.channels[last].condition)
        later = [self.attempted(each.name) for each in self.book.channels[last + 1 :]]
        return terms.both(
            [
                self.attempted(channel),
                terms.either([found.holds, terms.negated(terms.either(later))]),
            ]
        )


def action_formulas(migration: Migration, conditions: ConditionFormulas) -> dict[str, Formula]:
    """The documents whose sender has to do each of the actions, or it is unknown what."""
    terms = conditions.reader.terms
    found: dict[str, Formula] = {}
    earlier: list[Formula] = []
    for row in migration.rows:
        holds = conditions.of(row.when).holds
        found[row.action] = terms.both([holds, *earlier])
        earlier.append(terms.negated(holds))
    found[UNKNOWN] = terms.both(earlier)
    return found
