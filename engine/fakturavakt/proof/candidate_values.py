"""The values worth looking at for each fact that may change: enough of them, the most natural first.

**Why they are enough.** Conditions compare days, amounts and counts with constants and with one another,
some days apart. Take any values with which a document is sent, and move all that are tied to one another (by
a comparison that just holds) until one more comparison just holds: at last each value is a constant, a value
that stays or the usual one, plus a distance for each comparison on the way there. Those are all looked at,
for as many steps as there are facts of that type that may change, up to :data:`STEPS_MAX`; ``all_of_them``
tells whether that bound was met. Of texts, each value that a rule names and one that none does; of words,
each combination.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from fakturavakt.proof.plausible_values import WordPatterns, another, has_another
from fakturavakt.proof.what_can_change import (
    ABSENT,
    LINE,
    UNLIKELY,
    Effort,
    Given,
    Path,
    Situation,
    Slot,
    value_now,
    whole_range,
)
from fakturavakt.rulebook.conditions import Comparison, Constant, HasWord, OneOf, leaves
from fakturavakt.vocabulary.facts import LINES, Fact, FactType

STEPS_MAX: Final = 4
"""Comparisons between one value that may change and the next that are followed."""
VALUES_MAX: Final = 400
"""Values of one fact."""
_PATTERNS_MAX: Final = 8
_USUAL_ORE: Final = 34900


@dataclass(frozen=True)
class Candidates:
    """The values by fact; whether no other value could make a difference."""

    by_path: Mapping[Path, tuple[Given, ...]]
    all_of_them: bool


def candidates(situation: Situation) -> Candidates:
    """What each fact that may change could come to be."""
    return _Gathering(situation).all()


@dataclass
class _Gathering:
    situation: Situation

    def __post_init__(self) -> None:
        self.complete = True
        self.leaves = [leaf for each, _ in self.situation.wanted for leaf in leaves(each)]
        self.slots = {slot.path: slot for slot in self.situation.slots}
        self.new = self.situation.new_line_facts()
        self.paths = [
            path for path in self.slots if path[0] not in (LINE, LINES, UNLIKELY)
        ] + self.new
        self._points: dict[FactType, tuple[list[int], list[int]]] = {}

    def all(self) -> Candidates:
        """See :func:`candidates`."""
        found: dict[Path, tuple[Given, ...]] = {}
        for path in self.paths:
            found[path] = tuple(self._of(path))
        return Candidates(found, self.complete)

    def _of(self, path: Path) -> Iterator[Given]:
        fact = self.situation.book.vocabulary[path[0]]
        slot = self.slots.get(path)
        if slot is None:
            yield ABSENT
            slot = Slot(path, Effort.LEARN, None, *whole_range(fact))
        elif slot.nothing:
            yield ABSENT
        yield from (value for value in self._values(fact, slot) if slot.admits(value))

    def _values(self, fact: Fact, slot: Slot) -> Iterable[Given]:
        match fact.type:
            case FactType.YES_NO:
                return (True, False)
            case FactType.CHOICE:
                likely = self.situation.likely.get(slot.path, frozenset())
                return sorted(fact.choices, key=lambda word: word not in likely)
            case FactType.DATE | FactType.MONEY | FactType.COUNT:
                return self._ordered(fact, slot)
            case FactType.LINES:
                return ()
            case _:
                return self._texts(fact, slot.path[1] or 0)

    # -- texts ---------------------------------------------------------------------------------------

    def _texts(self, fact: Fact, position: int) -> Iterator[str]:
        mentions = self.situation.mentions
        named = sorted(mentions.values.get(fact.name, ()))
        looked_for = mentions.words.get(fact.name)
        if not looked_for:
            if has_another(fact, named):
                yield another(fact, named, position)
            yield from named
            return
        patterns = WordPatterns.of(looked_for, named)
        possible = {each: patterns.implied(each) for each in patterns.patterns}
        usable = [each for each, implied in possible.items() if implied is not None]
        if len(usable) > _PATTERNS_MAX:
            self.complete = False
            usable = usable[:_PATTERNS_MAX]
        yield from named
        for size in range(len(usable) + 1):
            for chosen in combinations(usable, size):
                if all(set(possible[each] or ()) <= set(chosen) for each in chosen):
                    yield patterns.text_with(chosen, named, position)

    # -- days, amounts, counts -----------------------------------------------------------------------

    def _ordered(self, fact: Fact, slot: Slot) -> list[int]:
        points, all_points = self._points_of(fact.type)
        values = set(all_points)
        if slot.least is not None and slot.now is not None:
            values.add(slot.least)
        plain = set(points)
        today = self.situation.as_of.toordinal()

        def usual_first(value: int) -> tuple[int, ...]:
            effort = Effort.LEARN if slot.now is None else slot.effort
            match effort, fact.type:
                case Effort.ALTER, FactType.MONEY | FactType.COUNT:
                    return (-value,)
                case ((Effort.ALTER | Effort.OBTAIN), _):
                    return (value,)
                case _, FactType.DATE:
                    return (abs(value - today), value)
                case _:
                    return (value < 0, value not in plain, abs(value), value)

        found = sorted((value for value in values if slot.admits(value)), key=usual_first)
        if len(found) > VALUES_MAX:
            # Where a single comparison turns stays in any case, whatever is cut.
            self.complete = False
            near = set(points)
            kept = [value for value in found if value in near]
            found = [*kept, *(value for value in found if value not in near)][:VALUES_MAX]
            found.sort(key=usual_first)
        return found

    def _points_of(self, type_: FactType) -> tuple[list[int], list[int]]:
        if type_ not in self._points:
            self._points[type_] = self._made_points(type_)
        return self._points[type_]

    def _made_points(self, type_: FactType) -> tuple[list[int], list[int]]:
        """Constants and values that there are, and all that lie some distances from them."""
        vocabulary = self.situation.book.vocabulary
        usual = {FactType.DATE: self.situation.as_of.toordinal(), FactType.MONEY: _USUAL_ORE}
        points = {usual.get(type_, 1): None}
        distances = {0}
        changing = [path for path in self.paths if vocabulary[path[0]].type is type_]
        tied = False
        for leaf in self.leaves:
            if vocabulary[leaf.fact].type is not type_ or leaf.fact == LINES:
                continue
            match leaf:
                case OneOf(values=values):
                    points |= {int(each): None for each in values if isinstance(each, int)}
                    distances |= {-1, 1}
                case Comparison(operand=Constant(value=value)):
                    points[int(value)] = None
                    distances |= {-1, 1}
                case Comparison(operand=operand):
                    assert not isinstance(operand, Constant)
                    tied = True
                    for days in (operand.days, -operand.days):
                        distances |= {days - 1, days, days + 1}
                case HasWord():
                    pass
                case _:
                    pass
        for path in self._all_paths(type_):
            now = value_now(self.situation, path)
            if isinstance(now, int):
                points[now] = None
            meaning = self.situation.meaning(path[0])
            if isinstance(meaning, int):
                points[meaning] = None
        steps = max(1, len(changing)) if tied else 1
        if steps > STEPS_MAX and max(map(abs, distances)) > 1:
            self.complete = False
        found = set(points)
        for _ in range(min(steps, STEPS_MAX)):
            if len(found) > VALUES_MAX:
                self.complete = False
                break
            found |= {value + distance for value in found for distance in distances}
        return sorted(
            {value + distance for value in points for distance in distances}
            if len(found) > VALUES_MAX
            else points
        ), sorted(found)

    def _all_paths(self, type_: FactType) -> Iterator[Path]:
        situation, vocabulary = self.situation, self.situation.book.vocabulary
        for name in situation.names(of_line=False):
            if vocabulary[name].type is type_:
                yield name, None
        if situation.facts.lines is not None:
            for name in situation.names(of_line=True):
                if vocabulary[name].type is type_:
                    yield from ((name, number) for number in range(situation.lines))
