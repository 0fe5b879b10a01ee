"""The parts of a condition by their path: the numbers of the children on the way down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    HasWord,
    Known,
    Named,
    Not,
    OneOf,
    children,
)


def places_of_parts(whole: Condition, written: Condition) -> Iterator[tuple[tuple[int, ...], int]]:
    """Each part of an ``all`` or ``any`` that the owner writes, with its depth as coverage counts it: the
    last first, and what has parts before them. So nothing that is still to come moves when a part is taken
    away.
    """
    start: tuple[int, ...] = () if whole is written else (1,)
    yield from parts_under(written, start, 0)


def parts_under(
    condition: Condition, path: tuple[int, ...], depth: int
) -> Iterator[tuple[tuple[int, ...], int]]:
    """The same below one condition, which stands at a path and a depth; a definition is written elsewhere."""
    if isinstance(condition, Named):
        return
    for number, part in reversed(list(enumerate(children(condition)))):
        if isinstance(condition, All | AnyOf):
            yield (*path, number), depth + 1
        yield from parts_under(part, (*path, number), depth + 1)


def is_by_line(whole: Condition, path: Sequence[int]) -> bool:
    """Whether the part at a path stands under ``any line`` or ``all lines``."""
    return any(
        isinstance(part_at(whole, path[:length]), AnyLine | AllLines) for length in range(len(path))
    )


def part_at(condition: Condition, path: Sequence[int]) -> Condition:
    """The part at a path."""
    found = condition
    for number in path:
        found = children(found)[number]
    return found


def without_part(condition: Condition, path: Sequence[int]) -> Condition:
    """The condition without the part at the path."""
    number, *rest = path
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            if rest:
                inner = without_part(parts[number], rest)
                return replace(condition, parts=(*parts[:number], inner, *parts[number + 1 :]))
            return replace(condition, parts=(*parts[:number], *parts[number + 1 :]))
        case Not(part=part) | AnyLine(part=part) | AllLines(part=part):
            return replace(condition, part=without_part(part, rest))
        case Named() | Known() | OneOf() | HasWord() | Comparison():
            raise AssertionError(condition)  # such parts have no path
        case _:
            assert_never(condition)
