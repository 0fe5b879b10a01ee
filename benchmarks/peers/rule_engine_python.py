"""``rule-engine``: one expression decides a document."""

from __future__ import annotations

import rule_engine

from benchmarks.peers.task import ORDINALS, TWICE, Decide, Document, Limits, Rules, a_line_each, nested
from benchmarks.peers.two_rails import Spelling

LIMITS = Limits(
    package="rule-engine",
    unknown=TWICE,
    absent="null for absent keys, by an option; compared with `null` first",
    dates=f"dates and spans are there; {ORDINALS}",
    lines="`$any`, `$all` of a comprehension",
)

SPELLING = Spelling(
    path=nested(),
    there=lambda fact: f"{fact} != null",
    absent=lambda fact: f"{fact} == null",
    of_lines=lambda part, every: f"${'all' if every else 'any'}([{part} for line in invoice.lines])",
    both=" and ",
    either=" or ",
)


def prepare(rules: Rules) -> Decide:
    """Parses the expression once."""
    branches, otherwise = rules.rails.branches()
    text = f'"{otherwise}"'
    for condition, decided in reversed(branches):
        text = f'{SPELLING.write(condition)} ? "{decided}" : ({text})'
    rule = rule_engine.Rule(text, context=rule_engine.Context(default_value=None))

    def decide(document: Document) -> str:
        found = rule.evaluate(document)
        assert isinstance(found, str)
        return found

    return a_line_each(decide, rules.as_of)
