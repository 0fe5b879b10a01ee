"""Which conditions made a rule come out otherwise than was wanted.

Promises: only the branches that stood in the way, down to the leaves, each with its place in the rule files
and the values that it saw.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from fakturavakt.engines.outcomes import Truth
from fakturavakt.engines.reference import truth
from fakturavakt.explanation import Explainer
from fakturavakt.intake.facts import LineFacts
from fakturavakt.problems import Place
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
)


@dataclass(frozen=True, slots=True)
class Blamed:
    """A condition in the way: as the rule writes it, how it came out and how it would have had to, at a leaf
    the values it saw, and ``depth`` under the rule. ``line`` is the id of the line that it is about.
    """

    depth: int
    written: str
    place: Place
    line: str | None
    was: Truth
    wanted: Truth
    values: tuple[str, ...]


def blamed(explainer: Explainer, condition: Condition, wanted: Truth) -> tuple[Blamed, ...]:
    """What stands between ``condition`` and the outcome that was wanted; nothing where it came out so.

    Where *unknown* was wanted, it is what makes the condition true or false.
    """
    return tuple(_blamed(explainer, condition, wanted, None, 0))


def _blamed(
    explainer: Explainer, condition: Condition, wanted: Truth, line: LineFacts | None, depth: int
) -> Iterator[Blamed]:
    was = truth(condition, explainer.facts, line)
    if was is wanted:
        return
    own = explainer.explain(condition, line)
    yield Blamed(
        depth,
        own.written,
        condition.place,
        None if line is None else line.name,
        was,
        wanted,
        own.values,
    )
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            inner: Iterable[tuple[Condition, LineFacts | None]] = [(part, line) for part in parts]
        case Not(part=part):
            yield from _blamed(
                explainer, part, None if wanted is None else not wanted, line, depth + 1
            )
            return
        case Named(part=part):
            inner = [(part, line)]
        case AnyLine(part=part) | AllLines(part=part):
            inner = [(part, each) for each in explainer.facts.lines or ()]
        case Known() | OneOf() | HasWord() | Comparison():
            return
        case _:
            assert_never(condition)
    for part, where in inner:
        outcome = truth(part, explainer.facts, where)
        # What came out as the whole did made it so; where it was unknown, what is unknown did.
        if outcome is wanted or (wanted is None and outcome is not was):
            continue
        yield from _blamed(explainer, part, wanted, where, depth + 1)
