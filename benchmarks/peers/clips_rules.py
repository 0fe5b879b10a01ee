"""CLIPS, through ``clipspy``: facts of the invoice and its lines, rules that say which questions hold."""

from __future__ import annotations

from typing import Any, assert_never

import clips
from benchmarks.peers.task import ORDINALS, TWICE, Decide, Document, Limits, Rules, a_line_each
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

LIMITS = Limits(
    package="clipspy",
    unknown=TWICE,
    absent="a slot with the symbol `nil`, compared with it first",
    dates=f"none; {ORDINALS}",
    lines="a fact a line, joined with the invoice's",
    notes="matched in C; asserting and reading facts goes through Python",
)


def _test(expression: Expression) -> str:
    """A condition as a function call over the variables of the slots."""

    def var(fact: str) -> str:
        return f"?{flat_name(fact)}"

    match expression:
        case There(fact=fact, wanted=wanted):
            return f"({'neq' if wanted else 'eq'} {var(fact)} nil)"
        case Equals(fact=fact, values=values, wanted=wanted):
            sign, word = ("eq", "or") if wanted else ("neq", "and")
            tests = [f"({sign} {var(fact)} {_symbol(value)})" for value in values]
            return tests[0] if len(tests) == 1 else f"({word} {' '.join(tests)})"
        case Compares(fact=fact, sign=sign, other=other, plus=plus):
            name = {"==": "=", "!=": "<>"}.get(sign, sign)
            right = str(plus) if other is None else f"(+ {var(other)} {plus})"
            return f"({name} {var(fact)} {right})"
        case And(parts=parts):
            return _joined("and", parts, "(eq 1 1)")
        case Or(parts=parts):
            return _joined("or", parts, "(eq 1 2)")
        case OfLines():
            raise AssertionError("lines are asked about apart")
        case _:
            assert_never(expression)


def _joined(word: str, parts: tuple[Expression, ...], none: str) -> str:
    if len(parts) < 2:
        return _test(parts[0]) if parts else none
    return f"({word} {' '.join(map(_test, parts))})"


def _symbol(value: object) -> str:
    return str(value).upper() if isinstance(value, bool) else str(value)


def _pattern(template: str, facts: FlatFacts) -> str:
    return f"({template} {' '.join(f'({name} ?{name})' for name in facts.names)})"


def prepare(rules: Rules) -> Decide:
    """Builds the rules once; each document is a reset, an assertion a line and one more, and a run."""
    rails, of_lines = lines_apart(rules.rails)
    vocabulary = rules.book.vocabulary
    questions = rails.questions()
    facts = FlatFacts(questions.values(), vocabulary, in_ore=False)
    line_facts = FlatFacts([each.part for each in of_lines.values()], vocabulary, in_ore=False)
    environment = clips.Environment()
    answers = " ".join(f"(slot {flat_name(name)} (default FALSE))" for name in of_lines)
    for name, of, more in (("invoice", facts, answers), ("line", line_facts, "")):
        slots = " ".join(f"(slot {each} (default nil))" for each in of.names)
        environment.build(f"(deftemplate {name} {slots} {more})")
    fired: set[str] = set()
    environment.define_function(lambda name: fired.add(str(name)), name="holds")
    for name, of_line in of_lines.items():
        # Of *every line* it is asked whether one breaks it.
        condition = negated(of_line.part) if of_line.every else of_line.part
        environment.build(
            f"(defrule {flat_name(name)} {_pattern('line', line_facts)} (test {_test(condition)}) "
            f'=> (holds "{name}"))'
        )
    bound = " ".join(f"({flat_name(name)} ?{flat_name(name)})" for name in of_lines)
    pattern = _pattern("invoice", facts)[:-1] + f" {bound})"
    for at, (name, asked) in enumerate(questions.items()):
        environment.build(f'(defrule q{at} {pattern} (test {_test(asked)}) => (holds "{name}"))')
    invoice, line_template = environment.find_template("invoice"), environment.find_template("line")

    def symbols(values: dict[str, Any]) -> dict[str, Any]:
        return {key: _slot(value) for key, value in values.items()}

    def decide(document: Document) -> str:
        environment.reset()
        fired.clear()
        for line in document["invoice"].get("lines", ()):
            line_template.assert_fact(**symbols(line_facts.of(document, line)))
        environment.run()
        answers = {
            flat_name(name): (name not in fired) if of_line.every else (name in fired)
            for name, of_line in of_lines.items()
        }
        invoice.assert_fact(**symbols(facts.of(document)), **symbols(answers))
        environment.run()
        return rails.decided(fired)

    return a_line_each(decide, rules.as_of)


def _slot(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, bool):
        return clips.Symbol(str(value).upper())
    return clips.Symbol(value) if isinstance(value, str) else value
