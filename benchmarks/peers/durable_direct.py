"""durable-rules used directly, through its own ``durable.lang``: a fact a line, then one for the invoice."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, assert_never

from benchmarks.peers.task import (
    ORDINALS,
    TWICE,
    Decide,
    Document,
    Limits,
    Rules,
    a_line_each,
    in_ore,
)
from benchmarks.peers.two_rails import (
    And,
    Compares,
    Equals,
    Expression,
    FlatFacts,
    OfLines,
    Or,
    There,
    flat_name,
    lines_apart,
    negated,
)
from durable.lang import assert_fact, m, retract_fact, ruleset, when_all

LIMITS = Limits(
    package="durable-rules",
    unknown=TWICE,
    absent="a number that nothing else has; compared with it first",
    dates=f"none; {ORDINALS}",
    lines="a fact a line first, its answers as properties of the invoice's fact",
    notes="texts and amounts as whole numbers; facts asserted and retracted, since what is "
    "posted is consumed "
    "by the first rule; a fact never matches more than 64 times in a ruleset",
)

ABSENT = -(10**15)


class _Codes:
    """A whole number for each text that is asked about, 0 for all others."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def of_rule(self, value: object) -> int:
        if isinstance(value, str):
            return self._codes.setdefault(value, len(self._codes) + 1)
        assert isinstance(value, (bool, int))
        return int(value)

    def of_fact(self, value: object) -> int:
        return self._codes.get(value, 0) if isinstance(value, str) else int(value)  # type: ignore[call-overload]


def _pattern(expression: Expression, codes: _Codes) -> Any:  # noqa: ANN401
    def prop(fact: str) -> Any:  # noqa: ANN401
        return getattr(m, flat_name(fact))

    match expression:
        case There(fact=fact, wanted=wanted):
            return prop(fact) > ABSENT if wanted else prop(fact) == ABSENT
        case Equals(fact=fact, values=values, wanted=wanted):
            tests = [
                prop(fact) == codes.of_rule(value) if wanted else prop(fact) != codes.of_rule(value)
                for value in values
            ]
            return _joined(tests, every=not wanted)
        case Compares(fact=fact, sign=sign, other=other, plus=plus):
            right = plus if other is None else prop(other) + plus
            return {
                "<": lambda: prop(fact) < right,
                "<=": lambda: prop(fact) <= right,
                "==": lambda: prop(fact) == right,
                "!=": lambda: prop(fact) != right,
                ">=": lambda: prop(fact) >= right,
                ">": lambda: prop(fact) > right,
            }[sign]()
        case And(parts=parts):
            return _joined([_pattern(part, codes) for part in parts], every=True)
        case Or(parts=parts):
            return _joined([_pattern(part, codes) for part in parts], every=False)
        case OfLines():
            raise AssertionError("lines are asked about apart")
        case _:
            assert_never(expression)


def _joined(patterns: list[Any], *, every: bool) -> Any:  # noqa: ANN401
    if not patterns:
        return m.type == (1 if every else 0)
    found = patterns[0]
    for pattern in patterns[1:]:
        found = found & pattern if every else found | pattern
    return found


def _noting(question: str, fired: set[str]) -> Callable[[Any], None]:
    # A second parameter would mean that the action tells when it is done.
    return lambda _context: fired.add(question)


def _define(name: str, questions: dict[str, Expression], codes: _Codes, fired: set[str]) -> None:
    """A ruleset with a rule a question; what fires is noted."""
    with ruleset(name):
        # A fact that no rule matches is an error to durable-rules.
        when_all(m.type == 1)(lambda _context: None)
        for question, asked in questions.items():
            pattern = (m.type == 1) & _pattern(asked, codes)
            when_all(pattern)(_noting(question, fired))


def prepare(rules: Rules) -> Decide:
    """Defines two rulesets, once in a process."""
    rails, of_lines = lines_apart(in_ore(rules).rails)
    questions = rails.questions()
    parts = {
        # Of *every line* it is asked whether one breaks it.
        name: negated(asked.part) if asked.every else asked.part
        for name, asked in of_lines.items()
    }
    codes, fired, numbers = _Codes(), set[str](), count(1)
    _define("lines", parts, codes, fired)
    _define("invoices", questions, codes, fired)
    vocabulary = rules.book.vocabulary
    facts = FlatFacts(questions.values(), vocabulary, in_ore=True)
    line_facts = FlatFacts(parts.values(), vocabulary, in_ore=True)
    nothing = dict.fromkeys(facts.names, ABSENT)
    nothing_of_line = dict.fromkeys(line_facts.names, ABSENT)

    def tell(name: str, values: dict[str, Any]) -> None:
        fact = {"id": next(numbers), "type": 1, **values}
        assert_fact(name, fact)
        retract_fact(name, fact)

    def coded(values: dict[str, Any]) -> dict[str, int]:
        return {key: codes.of_fact(value) for key, value in values.items()}

    def decide(document: Document) -> str:
        fired.clear()
        for line in document["invoice"].get("lines", ()):
            tell("lines", nothing_of_line | coded(line_facts.of(document, line)))
        answers = {
            flat_name(name): int((name not in fired) if asked.every else (name in fired))
            for name, asked in of_lines.items()
        }
        tell("invoices", nothing | coded(facts.of(document)) | answers)
        return rails.decided(fired)

    return a_line_each(decide, rules.as_of)
