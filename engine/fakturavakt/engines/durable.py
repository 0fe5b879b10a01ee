"""Conditions compiled to durable-rules: one document at a time, by the rules engine itself.

Every question becomes durable rules for *certainly true* and for *possibly true* (see
:mod:`fakturavakt.engines.bounds`); which of them fire for a fact is the outcome. Lines are facts of
their own, asserted first: how many of them a quantifier's condition is true of becomes part of the
invoice's fact, and a rule read for one line alone is a rule over the line's fact.

What was measured of durable-rules 2.0.28, and is kept to here: facts are *asserted*, drained and
retracted (a posted event is consumed by the first rule); the extension module is used directly, under
one ``sid`` (its ``Host`` starts threads that never end); one handle serves one thread at a time; a fact
never matches more than 64 rules of a ruleset, nor has more than 255 properties, so each ruleset is given
those that its own rules ask about; all properties are whole numbers under names of our own.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, assert_never

import durable_rules_engine

from fakturavakt.engines import bounds
from fakturavakt.engines.bounds import Bound, Expression, Term, Translation
from fakturavakt.engines.outcomes import Outcomes, Question, Truth, questions
from fakturavakt.engines.reference import ReferenceEngine, has_word
from fakturavakt.intake.facts import Facts, LineFacts
from fakturavakt.rulebook.conditions import (
    AllLines,
    AnyLine,
    Condition,
    OneOf,
    Quantifier,
    Relation,
    leaves,
    quantifiers,
)
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.vocabulary.facts import LINES, ORDERED_TYPES, Fact, FactType, Value, Vocabulary

RULES_PER_SET_MAX: Final = 50
MATCHES_PER_SET_MAX: Final = 60
"""durable-rules raises error 303 where one fact matches more than 64 times."""
TERMS_PER_SET_MAX: Final = 120
"""A fact has two properties a term, and durable-rules raises error 302 beyond 255 properties."""

_HANDLED: Final = 0
_NOT_HANDLED: Final = 1
_SID: Final = "0"


class DurableRulesError(RuntimeError):
    """durable-rules refused a rule or a fact that it should have taken."""


@dataclass
class DurableEngine:
    """Evaluates a rule book with durable-rules. Several threads may share one engine."""

    book: RuleBook
    name: str = "durable"
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        asked = questions(self.book)
        codes = _codes(asked, self.book.vocabulary)
        self._quantifiers = list(
            dict.fromkeys(each for question in asked for each in quantifiers(question.condition))
        )
        self._by_line = [question for question in asked if question.by_line]
        self._compiled: list[_Compiled] = []
        # Many alternatives of several parts each are more than it compiles (error 113): such a rule book is
        # answered by the reference engine, whose answers are the same.
        with contextlib.suppress(durable_rules_engine.error):
            self._lines = _Compiled(
                {
                    **{each: each.part for each in self._quantifiers},
                    **{question.asked: question.condition for question in self._by_line},
                },
                Translation(codes, lines_apart=False),
                self.book.vocabulary,
            )
            self._whole = _Compiled(
                {question.asked: question.condition for question in asked},
                Translation(codes, lines_apart=True),
                self.book.vocabulary,
            )
            self._compiled = [self._lines, self._whole]
        self._reference = ReferenceEngine(self.book)
        self._counts = [fact.name for fact in self.book.vocabulary if fact.type is FactType.COUNT]

    def evaluate(self, facts: Facts) -> Outcomes:
        """See :class:`~fakturavakt.engines.outcomes.Engine`."""
        if not self._compiled or self._beyond_numbers(facts):
            return self._reference.evaluate(facts)
        with self._lock:
            found = [self._lines.outcomes(facts, line, {}) for line in facts.lines or ()]
            through = {
                each: _quantified(each, found, known=facts.lines is not None)
                for each in self._quantifiers
            }
            whole = self._whole.outcomes(facts, None, through)
            return Outcomes(
                whole,
                by_line={
                    question.asked: tuple(line[question.asked] for line in found)
                    for question in self._by_line
                    if whole[question.asked] is not False
                },
            )

    def close(self) -> None:
        """Give the rulesets' memory back; the engine cannot be used afterwards."""
        with self._lock:
            for compiled in self._compiled:
                compiled.close()

    def _beyond_numbers(self, facts: Facts) -> bool:
        """Whether a count is larger than the numbers that stand for *never* and *unknown*."""
        scopes: Iterable[Mapping[str, Value]] = (
            facts.values,
            *(line.values for line in facts.lines or ()),
        )
        return any(
            int(values[name]) > bounds.VALUE_MAX
            for values in scopes
            for name in self._counts
            if name in values
        )


def _quantified(
    quantifier: Quantifier, lines: Sequence[Mapping[Any, Truth]], *, known: bool
) -> tuple[int, int]:
    """The bounds of a quantifier, from how its condition came out for each line."""
    if not known:
        return (0, 1)
    outcomes = [line[quantifier] for line in lines]
    certainly = [int(outcome is True) for outcome in outcomes]
    possibly = [int(outcome is not False) for outcome in outcomes]
    match quantifier:
        case AnyLine():
            return (max(certainly, default=0), max(possibly, default=0))
        case AllLines():
            return (min(certainly, default=1), min(possibly, default=1))
        case _:
            assert_never(quantifier)


def _codes(asked: Iterable[Question], vocabulary: Vocabulary) -> dict[str, dict[Value, int]]:
    """A whole number for each text that a fact is compared with; no text reaches durable-rules."""
    values: dict[str, set[Value]] = {}
    for question in asked:
        for leaf in leaves(question.condition):
            if isinstance(leaf, OneOf):
                values.setdefault(leaf.fact, set()).update(leaf.values)
    return {
        name: {False: 0, True: 1}
        if vocabulary[name].type is FactType.YES_NO
        else {value: n for n, value in enumerate(sorted(found, key=str), start=1)}
        for name, found in values.items()
    }


class _Compiled:
    """A set of conditions, compiled; gives each one's outcome for a fact."""

    def __init__(
        self,
        conditions: Mapping[Any, Condition],
        translation: Translation,
        vocabulary: Vocabulary,
    ) -> None:
        self._conditions = conditions
        self._vocabulary = vocabulary
        self._codes = translation.codes
        self._ids = count(1)
        rules: list[tuple[object, bool, Expression]] = []
        for key, condition in conditions.items():
            for certain in (True, False):
                whole = (
                    translation.certain(condition) if certain else translation.possible(condition)
                )
                if bounds.branches(whole) > bounds.BRANCHES_MAX * bounds.PIECES_MAX:
                    raise DurableRulesError(
                        f"a condition of {key} has {bounds.branches(whole)} branches, "
                        "more than durable-rules can carry"
                    )
                rules += [(key, certain, piece) for piece in bounds.pieces(whole)]
        self._terms = translation.terms
        self._rules = {f"r{n}": (key, certain) for n, (key, certain, _) in enumerate(rules)}
        rulesets = _rulesets([piece for _, _, piece in rules], self._property)
        self._handles = [
            (durable_rules_engine.create_ruleset(f"rules{n}", json.dumps(ruleset)), tuple(asked))
            for n, (ruleset, asked) in enumerate(rulesets)
        ]

    def _property(self, term: Term, bound: Bound) -> str:
        return f"{'lu'[bound.value]}{self._terms[term]}"

    def outcomes(
        self, facts: Facts, line: LineFacts | None, through: Mapping[Quantifier, tuple[int, int]]
    ) -> dict[Any, Truth]:
        """True where a *certain* rule fires, unknown where only a *possible* one does, else false."""
        message: dict[str, int | str] = {"id": next(self._ids), "sid": _SID, "type": 1}
        found_bounds = {term: self._bounds(term, facts, line, through) for term in self._terms}
        found: dict[Any, Truth] = dict.fromkeys(self._conditions, False)
        for handle, asked in self._handles:
            own = message.copy()
            for term in asked:
                n = self._terms[term]
                own[f"l{n}"], own[f"u{n}"] = found_bounds[term]
            for name in _fired(handle, json.dumps(own)):
                key, certain = self._rules[name]
                if certain:
                    found[key] = True
                elif found[key] is False:
                    found[key] = None
        return found

    def _bounds(
        self,
        term: Term,
        facts: Facts,
        line: LineFacts | None,
        through: Mapping[Quantifier, tuple[int, int]],
    ) -> tuple[int, int]:
        if not isinstance(term.of, str):
            return through[term.of]
        if term.known:
            known = facts.lines is not None if term.of == LINES else facts.has(term.of, line)
            return (int(known), int(known))
        value = facts.value(term.of, line)
        if value is None:
            # A flag's bounds are 0 and 1; these lie beyond them and beyond every value.
            return (bounds.LOWEST, bounds.HIGHEST)
        exact = self._number(term, value, self._vocabulary[term.of])
        return (exact, exact)

    def _number(self, term: Term, value: Value, fact: Fact) -> int:
        if term.words:
            return int(has_word(str(value), term.words))
        if fact.type in ORDERED_TYPES:
            assert not isinstance(value, str)
            return bounds.number(value + term.days)
        return self._codes[fact.name].get(value, 0)

    def close(self) -> None:
        for handle, _ in self._handles:
            durable_rules_engine.delete_ruleset(handle)
        self._handles = []


def _rulesets(
    expressions: Iterable[Expression],
    name: Any,  # noqa: ANN401
) -> Iterator[tuple[dict[str, object], set[Term]]]:
    """The durable rules, each set with the terms that it asks about; split so that no fact can match one
    ruleset too often or have too many properties.
    """
    rules: dict[str, object] = {}
    terms: set[Term] = set()
    matches = 0
    for n, expression in enumerate(expressions):
        own = bounds.branches(expression)
        asked = set(bounds.terms(expression))
        if rules and (
            len(rules) == RULES_PER_SET_MAX
            or matches + own > MATCHES_PER_SET_MAX
            or len(terms | asked) > TERMS_PER_SET_MAX
        ):
            yield rules, terms
            rules, terms, matches = {}, set(), 0
        # The type test comes first: without it a pattern can match the engine's own state.
        pattern = {"$and": [{"type": 1}, _pattern(expression, name)]}
        rules[f"r{n}"] = {"all": [{"m": pattern if expression != bounds.TRUE else {"type": 1}}]}
        matches += own
        terms |= asked
    if rules:
        yield rules, terms


def _pattern(expression: Expression, name: Any) -> dict[str, object]:  # noqa: ANN401
    match expression:
        case bounds.Test(term=term, bound=bound, relation=relation, operand=operand):
            right = operand if isinstance(operand, int) else {"$m": name(*operand)}
            return {_relation(relation): {name(term, bound): right}}
        case bounds.And(parts=parts):
            return {"$and": [_pattern(part, name) for part in parts]}
        case bounds.Or(parts=parts):
            return {"$or": [_pattern(part, name) for part in parts]}
        case _:
            assert_never(expression)


def _relation(relation: Relation) -> str:
    match relation:
        case Relation.BELOW:
            return "$lt"
        case Relation.AT_MOST:
            return "$lte"
        case Relation.EQUAL:
            return "$eq"
        case Relation.AT_LEAST:
            return "$gte"
        case Relation.ABOVE:
            return "$gt"
        case _:
            assert_never(relation)


def _fired(handle: int, written: str) -> list[str]:
    """The names of the rules that a fact matches (some several times): assert, drain, retract."""
    error, state = durable_rules_engine.assert_fact(handle, written)
    if error not in (_HANDLED, _NOT_HANDLED):
        raise DurableRulesError(f"durable-rules answered {error} to a fact")
    fired: list[str] = []
    started = durable_rules_engine.start_action_for_state(handle, state)
    action = started[1] if started else None
    while action:
        # An action repeats the whole fact behind the rule's name; only the name is read.
        fired.append(action.split('"', 2)[1])
        action = durable_rules_engine.complete_and_start_action(handle, state)
    durable_rules_engine.retract_fact(handle, written)
    return fired
