"""GoRules, ``zen-engine``: one compiled expression decides a document."""

from __future__ import annotations

from benchmarks.peers.task import (
    ORDINALS,
    TWICE,
    Decide,
    Document,
    Limits,
    Rules,
    a_line_each,
    nested,
)
from benchmarks.peers.two_rails import Spelling
from zen import compile_expression

LIMITS = Limits(
    package="zen-engine",
    unknown=TWICE,
    absent="an absent key is null; compared with `null` first",
    dates=f"`d()` is there; {ORDINALS}",
    lines="`some`, `all`, whose element `#` is",
    notes="a decision table has no lines within a cell: an expression instead, on its own, "
    "which took a seventh of the time of the same expression as a node of a decision graph",
)


def _path(fact: str) -> str:
    return f"#.{fact.removeprefix('line.')}" if fact.startswith("line.") else nested()(fact)


SPELLING = Spelling(
    path=_path,
    there=lambda fact: f"{_path(fact)} != null",
    absent=lambda fact: f"{_path(fact)} == null",
    of_lines=lambda part, every: f"{'all' if every else 'some'}(invoice.lines, {part})",
    both=" and ",
    either=" or ",
)


def prepare(rules: Rules) -> Decide:
    """Compiles the expression once."""
    branches, otherwise = rules.rails.branches()
    text = f'"{otherwise}"'
    for condition, decided in reversed(branches):
        text = f'{SPELLING.write(condition)} ? "{decided}" : ({text})'
    expression = compile_expression(text)

    def decide(document: Document) -> str:
        found = expression.evaluate(document)
        assert isinstance(found, str)
        return found

    return a_line_each(decide, rules.as_of)
