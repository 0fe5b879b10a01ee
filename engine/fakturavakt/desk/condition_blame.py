"""Which conditions made a rule come out otherwise than was wanted.

Promises: only the branches that stood in the way, down to the leaves, each with its place in the rule files
and the values that it saw.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    """A condition in the way: as the rule writes it, how it came out and how it would have had to, and at a
    leaf the values it saw. ``line`` is the id of the line that it is about. ``parts`` are those of its parts
    that are in the way; where ``one_is_enough``, another outcome of any of them would have done.
    """

    written: str
    place: Place
    line: str | None
    was: Truth
    wanted: Truth
    values: tuple[str, ...] = ()
    parts: tuple[Blamed, ...] = ()
    one_is_enough: bool = False
    is_connective: bool = False

    @property
    def leaves(self) -> int:
        """How many leaves would at least have to come out otherwise."""
        if not self.parts:
            return 1
        return (min if self.one_is_enough else sum)(part.leaves for part in self.parts)


def blamed(explainer: Explainer, condition: Condition, wanted: Truth) -> Blamed | None:
    """What stands between ``condition`` and the outcome that was wanted; None where it came out so.

    Of several ways those with the fewest leaves are told. Where *unknown* was wanted, it is what makes the
    condition true or false.
    """
    return _blamed(explainer, condition, wanted, None)


def _blamed(
    explainer: Explainer, condition: Condition, wanted: Truth, line: LineFacts | None
) -> Blamed | None:
    was = truth(condition, explainer.facts, line)
    if was is wanted:
        return None
    own = explainer.explain(condition, line)
    inner: Iterable[tuple[Condition, LineFacts | None]]
    inner_wanted = wanted
    of_all: bool | None = None
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            inner = [(part, line) for part in parts]
            of_all = isinstance(condition, All)
        case AnyLine(part=part) | AllLines(part=part):
            inner = [(part, each) for each in explainer.facts.lines or ()]
            of_all = isinstance(condition, AllLines)
        case Not(part=part):
            inner = [(part, line)]
            inner_wanted = None if wanted is None else not wanted
        case Named(part=part):
            inner = [(part, line)]
        case Known() | OneOf() | HasWord() | Comparison():
            inner = ()
        case _:
            assert_never(condition)
    found = []
    for part, where in inner:
        # Where unknown was wanted, what came out as the whole did made it so.
        if wanted is None and of_all is not None and truth(part, explainer.facts, where) is not was:
            continue
        inside = _blamed(explainer, part, inner_wanted, where)
        if inside is not None:
            found.append(inside)
    one_is_enough = of_all is not None and wanted is not None and of_all is not wanted
    if one_is_enough and found:
        fewest = min(each.leaves for each in found)
        found = [each for each in found if each.leaves == fewest]
    return Blamed(
        own.written,
        condition.place,
        None if line is None else line.name,
        was,
        wanted,
        own.values,
        tuple(found),
        one_is_enough=one_is_enough and len(found) > 1,
        is_connective=isinstance(condition, (All, AnyOf, Not, AnyLine, AllLines)) and bool(found),
    )
