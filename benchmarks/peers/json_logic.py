"""JSON-logic in Rust, ``datalogic-py``: one rule decides a document."""

from __future__ import annotations

from typing import Any, assert_never

from benchmarks.peers.task import ORDINALS, TWICE, Decide, Document, Limits, Rules, a_line_each
from benchmarks.peers.two_rails import And, Compares, Equals, Expression, OfLines, Or, There
from datalogic_py import Engine

LIMITS = Limits(
    package="datalogic-py",
    unknown=TWICE,
    absent="an absent key is null, and null compares as 0: compared with `null` first",
    dates=f"dates are an extension; {ORDINALS}",
    lines="`some`, `all`; within them the invoice is out of reach of plain JSON-logic, by `val` "
    "with levels here",
)

Rule = Any


def _written(expression: Expression, *, of_line: bool = False) -> Rule:
    def var(fact: str) -> Rule:
        if of_line and not fact.startswith("line."):
            return {"val": [[2], *fact.split(".")]}  # two levels up: past the element and its place
        return {"val": fact.removeprefix("line.").split(".")}

    match expression:
        case There(fact=fact, wanted=wanted):
            return {"!==" if wanted else "===": [var(fact), None]}
        case Equals(fact=fact, values=values, wanted=wanted):
            tests = [{"===" if wanted else "!==": [var(fact), value]} for value in values]
            return tests[0] if len(tests) == 1 else {"or" if wanted else "and": tests}
        case Compares(fact=fact, sign=sign, other=other, plus=plus):
            right = (
                plus if other is None else var(other) if plus == 0 else {"+": [var(other), plus]}
            )
            return {sign: [var(fact), right]}
        case And(parts=parts):
            return {"and": [_written(part, of_line=of_line) for part in parts]} if parts else True
        case Or(parts=parts):
            return {"or": [_written(part, of_line=of_line) for part in parts]} if parts else False
        case OfLines(part=part, every=every):
            condition = _written(part, of_line=True)
            lines = {"val": ["invoice", "lines"]}
            return {"all" if every else "some": [lines, condition]}
        case _:
            assert_never(expression)


def prepare(rules: Rules) -> Decide:
    """Compiles the rule once."""
    branches, otherwise = rules.rails.branches()
    chain: list[Rule] = []
    for condition, decided in branches:
        chain += [_written(condition), decided]
    rule = Engine().compile({"if": [*chain, otherwise]})

    def decide(document: Document) -> str:
        found = rule.evaluate(document)
        assert isinstance(found, str)
        return found

    return a_line_each(decide, rules.as_of)
