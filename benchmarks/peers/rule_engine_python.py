"""``rule-engine``: an expression a question about a line, then one that decides the document."""

from __future__ import annotations

from typing import Any

import rule_engine
from benchmarks.peers.task import ORDINALS, TWICE, Decide, Document, Limits, Rules, a_line_each
from benchmarks.peers.two_rails import Expression, FlatFacts, Spelling, flat_name, lines_apart

LIMITS = Limits(
    package="rule-engine",
    unknown=TWICE,
    absent="compared with `null` first",
    dates=f"dates and spans are there; {ORDINALS}",
    lines="`$any`, `$all` of a comprehension, which took several times as long as asking of each line first",
    notes="flat names and null for absent facts: each structure that is read is checked whole, each time",
)

SPELLING = Spelling(
    path=flat_name,
    there=lambda fact: f"{flat_name(fact)} != null",
    absent=lambda fact: f"{flat_name(fact)} == null",
    of_lines=lambda part, _every: part,
    both=" and ",
    either=" or ",
)


def prepare(rules: Rules) -> Decide:
    """Parses the expressions once."""
    rails, of_lines = lines_apart(rules.rails)
    branches, otherwise = rails.branches()
    text = f'"{otherwise}"'
    for condition, decided in reversed(branches):
        text = f'{SPELLING.write(condition)} ? "{decided}" : ({text})'
    whole = rule_engine.Rule(text)
    each_line = {
        name: rule_engine.Rule(SPELLING.write(asked.part)) for name, asked in of_lines.items()
    }
    facts = _facts([condition for condition, _ in branches], rules)
    line_facts = _facts([asked.part for asked in of_lines.values()], rules)
    no_facts: dict[str, Any] = dict.fromkeys(facts.names)
    no_line_facts: dict[str, Any] = dict.fromkeys(line_facts.names)

    def decide(document: Document) -> str:
        lines = [
            no_line_facts | line_facts.of(document, line)
            for line in document["invoice"].get("lines", ())
        ]
        found = no_facts | facts.of(document)
        for name, rule in each_line.items():
            quantifier = all if of_lines[name].every else any
            found[flat_name(name)] = quantifier(rule.evaluate(line) for line in lines)
        decided = whole.evaluate(found)
        assert isinstance(decided, str)
        return decided

    return a_line_each(decide, rules.as_of)


def _facts(expressions: list[Expression], rules: Rules) -> FlatFacts:
    return FlatFacts(expressions, rules.book.vocabulary, in_ore=False)
