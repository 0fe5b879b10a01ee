"""Conditions over numbers, any node of which can be set by hand: the desk's walkers are held against it.

False is 0, unknown 1, true 2; ``all`` is the least, ``any`` the greatest and ``not`` what is left to 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from fakturavakt.engines.outcomes import Truth
from fakturavakt.engines.reference import truth
from fakturavakt.intake.facts import Facts, LineFacts
from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Condition,
    Named,
    Not,
)

Path: TypeAlias = tuple[int, ...]
"""The way from a root to a node on one line: the number of the part, or of the line, at each step."""
NUMBERS: Mapping[Truth, int] = {False: 0, None: 1, True: 2}


def parts(
    condition: Condition, facts: Facts, line: LineFacts | None
) -> list[tuple[Condition, LineFacts | None]]:
    """The parts of a node, each on its line."""
    match condition:
        case All(parts=inner) | AnyOf(parts=inner):
            return [(part, line) for part in inner]
        case Not(part=part) | Named(part=part):
            return [(part, line)]
        case AnyLine(part=part) | AllLines(part=part):
            return [(part, each) for each in facts.lines or ()]
        case _:
            return []


def number(
    condition: Condition,
    facts: Facts,
    line: LineFacts | None,
    set_by_hand: Mapping[Path, int],
    path: Path = (),
) -> int:
    """The outcome of a node, with those that are set by hand."""
    if path in set_by_hand:
        return set_by_hand[path]
    inner = [
        number(part, facts, where, set_by_hand, (*path, n))
        for n, (part, where) in enumerate(parts(condition, facts, line))
    ]
    match condition:
        case AnyLine() | AllLines() if facts.lines is None:
            return 1
        case All() | AllLines():
            return min(inner, default=2)
        case AnyOf() | AnyLine():
            return max(inner, default=0)
        case Not():
            return 2 - inner[0]
        case Named():
            return inner[0]
        case _:
            return NUMBERS[truth(condition, facts, line)]


def nodes(
    condition: Condition, facts: Facts, line: LineFacts | None, path: Path = ()
) -> Iterator[tuple[Path, Condition, LineFacts | None]]:
    """Every node under a root, definitions written out, once for each line."""
    yield path, condition, line
    for n, (part, where) in enumerate(parts(condition, facts, line)):
        yield from nodes(part, facts, where, (*path, n))
