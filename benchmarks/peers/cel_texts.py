"""The rules as one CEL expression, for the bindings of CEL that are measured: a text, ``send efaktura``."""

from __future__ import annotations

from benchmarks.peers.task import nested
from benchmarks.peers.two_rails import Rails, Spelling

VARIABLES = ("invoice", "sender", "recipient", "relationship")

SPELLING = Spelling(
    path=nested(),
    there=lambda fact: f"has({fact})",
    absent=lambda fact: f"!has({fact})",
    of_lines=lambda part, every: f"invoice.lines.{'all' if every else 'exists'}(line, {part})",
)


def whole_decision(rails: Rails) -> str:
    """The expression."""
    branches, otherwise = rails.branches()
    text = f'"{otherwise}"'
    for condition, decided in reversed(branches):
        text = f'{SPELLING.write(condition)} ? "{decided}" : ({text})'
    return text
