"""Ways to send without a solver: what has to come out is followed down the conditions to the facts.

To make ``all`` true, every part has to be; to make it false, one: so a goal becomes other goals, and where
there is a choice, the one with the fewest ways out is taken first. At a leaf, the values that do not come
out as wanted are crossed off. Leaves that compare two open facts are kept for the end. Only true and false
are ever wanted: what is unknown never makes a decision to send (Kleene's logic is monotone).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, assert_never

from fakturavakt.engines.reference import truth
from fakturavakt.intake.facts import Facts
from fakturavakt.proof.candidate_values import Candidates
from fakturavakt.proof.what_can_change import (
    LINE,
    UNLIKELY,
    Absent,
    Effort,
    Given,
    Path,
    Situation,
    Slot,
)
from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    HasWord,
    Known,
    Leaf,
    Named,
    Not,
    OneOf,
    facts_of,
)
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES, Value
from fakturavakt.vocabulary.own_facts import LINE_KIND

STEPS_MAX: Final = 80_000
"""Goals that are looked at for one document: about a second. Steps, not time, so that an answer is the same
wherever it is asked for."""
_CHOICES_COMPARED: Final = 40
_CHOICES_AHEAD: Final = 6
"""Of more choices than can be compared at each step, so many are: an invoice of many lines has many alike."""
_NESTED_MAX: Final = 200
"""Choices inside one another, and facts that are compared with one another: an invoice of some 60 lines."""
_SETS_MAX: Final = 2_000
"""Exclusions that are looked at."""

Change: TypeAlias = Mapping[Path, Given]
"""What each open fact comes to be; a line that was not known is there, one that is taken out is not."""
_Domains: TypeAlias = dict[Path, tuple[Given, ...]]
_Goal: TypeAlias = tuple[Condition | None, int | None, bool]
"""A condition, its line, what it must come to; without a condition, whether the line stays."""
_GONE: Final = False
_STAYS: Final = True


class TooManyStepsError(Exception):
    """The search is longer than it may be."""


@dataclass(frozen=True)
class Minimal:
    """Sets of facts none of which can be spared, and whether there are no others."""

    sets: tuple[frozenset[Slot], ...]
    all_of_them: bool


@dataclass
class WaysSearch:
    """Looks for changes of one document."""

    situation: Situation
    candidates: Candidates
    steps: int = 0
    _known: dict[frozenset[Slot], Change | None] = field(default_factory=dict)

    def minimal_sets(self, most: int) -> Minimal:
        """The sets of facts whose change lets the document be sent, and none of which can be spared.

        Whatever set there is, it leaves out something of every other: so after the first, looked for among
        all that may change, the next ones are looked for with one fact of each that was found left out. What
        was hardest is given up first, so that the first set found is an easy one.
        """
        everything = frozenset(self.situation.slots)
        found: list[frozenset[Slot]] = []
        dead: list[frozenset[Slot]] = []
        waiting: deque[frozenset[Slot]] = deque([frozenset()])
        seen = {frozenset[Slot]()}
        looked_at = 0
        try:
            while waiting:
                without = waiting.popleft()
                if any(each <= without for each in dead):
                    continue
                looked_at += 1
                if looked_at > _SETS_MAX:
                    return Minimal(tuple(found), all_of_them=False)
                known = next((each for each in found if not each & without), None)
                if known is None:
                    if self.change_of(everything - without) is None:
                        dead.append(without)
                        continue
                    if len(found) >= most:
                        return Minimal(tuple(found), all_of_them=False)
                    known = self._smaller(everything - without)
                    found.append(known)
                for slot in self.situation.slots:
                    if slot in known and without | {slot} not in seen:
                        seen.add(without | {slot})
                        waiting.append(without | {slot})
        except TooManyStepsError:
            return Minimal(tuple(found), all_of_them=False)
        return Minimal(tuple(found), all_of_them=self.candidates.all_of_them)

    def _smaller(self, slots: frozenset[Slot]) -> frozenset[Slot]:
        """Of these, a set of which nothing can be spared; what is hardest is spared first."""
        change = self.change_of(slots)
        assert change is not None
        kept = frozenset(slot for slot in slots if self._changes(slot, change))
        efforts = list(Effort)
        hardest = sorted(
            (slot for slot in self.situation.slots if slot in kept),
            key=lambda slot: (-efforts.index(slot.effort), slot.path[0] != UNLIKELY),
        )
        for slot in hardest:
            if slot in kept and self.change_of(kept - {slot}) is not None:
                kept -= {slot}
        self.change_of(kept)  # what it comes to is asked for again: by then it is known
        return kept

    def _changes(self, slot: Slot, change: Change) -> bool:
        name, number = slot.path
        if name == UNLIKELY:
            kind = change.get((LINE_KIND, number))
            return kind is not None and kind not in self.situation.likely[LINE_KIND, number]
        return name == LINES or slot.path in change

    def change_of(self, slots: frozenset[Slot]) -> Change | None:
        """What these facts could become for the document to be sent; None where that cannot be.

        Raises :class:`TooManyStepsError`.
        """
        if slots not in self._known:
            self._known[slots] = self._change_of(slots)
        return self._known[slots]

    def _change_of(self, slots: frozenset[Slot]) -> Change | None:
        opens_lines = any(slot.path[0] == LINES for slot in slots)
        counts = range(1, self.situation.new_lines + 1) if opens_lines else [None]
        for count in counts:
            attempt = _Attempt(self, slots, count)
            found = attempt.solved()
            if found is not None:
                return found
        return None

    def count(self) -> None:
        """One more step."""
        self.steps += 1
        if self.steps > STEPS_MAX:
            raise TooManyStepsError


@dataclass
class _Attempt:
    """One search, with these facts open; ``new_lines``: so many lines, where they were unknown."""

    search: WaysSearch
    slots: frozenset[Slot]
    new_lines: int | None

    def __post_init__(self) -> None:
        situation = self.search.situation
        self.situation = situation
        self.now = {slot.path: slot for slot in self.slots}
        self.numbers = range(
            self.new_lines
            if self.new_lines is not None
            else 0
            if situation.facts.lines is None
            else len(situation.facts.lines)
        )
        self.lines_known = self.new_lines is not None or situation.facts.lines is not None

    def solved(self) -> Change | None:
        """Values with which all comes out as wanted: the facts that change, and those of new lines."""
        domains: _Domains = {}
        by_path = self.search.candidates.by_path
        for path in self.now:
            if path[0] == LINE:
                domains[path] = (_STAYS, _GONE)
            elif path[0] not in (LINES, UNLIKELY):
                # As it is now comes first: what need not change does not.
                domains[path] = (_AS_IT_IS, *by_path[path])
        for path, likely in self.situation.likely.items():
            if path in domains and (UNLIKELY, path[1]) not in self.now:
                domains[path] = tuple(
                    each for each in domains[path] if isinstance(each, Absent) or each in likely
                )
        if self.new_lines is not None:
            for path in self.situation.new_line_facts():
                if path[1] is not None and path[1] < self.new_lines:
                    domains[path] = by_path[path]
        goals: list[_Goal] = [(each, None, outcome) for each, outcome in self.situation.wanted]
        return next(self._solve(goals, [], domains, []), None)

    # -- goals ---------------------------------------------------------------------------------------

    def _solve(
        self,
        goals: list[_Goal],
        choices: list[list[list[_Goal]]],
        domains: _Domains,
        links: list[tuple[Leaf, int | None, bool]],
    ) -> Iterator[Change]:
        goals = list(goals)
        while goals:
            self.search.count()
            condition, line, wanted = goals.pop()
            if condition is None:
                assert line is not None
                narrowed = self._line_stays(line, domains, stays=wanted)
                if narrowed is None:
                    return
                domains = narrowed
                continue
            match condition:
                case All(parts=parts) | AnyOf(parts=parts):
                    inner: list[_Goal] = [(part, line, wanted) for part in parts]
                    if isinstance(condition, All) is wanted:
                        goals += reversed(inner)
                    else:
                        choices = [*choices, [[each] for each in inner]]
                case Not(part=part):
                    goals.append((part, line, not wanted))
                case Named(part=part):
                    goals.append((part, line, wanted))
                case AnyLine(part=part) | AllLines(part=part):
                    if not self.lines_known:
                        return
                    of_all = isinstance(condition, AllLines) is wanted
                    choices = [*choices, *self._line_choices(part, wanted=wanted, of_all=of_all)]
                case Known() | OneOf() | HasWord() | Comparison():
                    left = self._narrowed(condition, line, domains, links, wanted=wanted)
                    if left is None:
                        return
                    domains, links = left
                case _:
                    assert_never(condition)
        if not choices:
            yield from self._settled(domains, links)
            return
        if len(choices) > _NESTED_MAX:
            raise TooManyStepsError
        ahead = choices if len(choices) <= _CHOICES_COMPARED else choices[:_CHOICES_AHEAD]
        left_open: list[list[list[_Goal]]] = []
        for choice in ahead:
            possible = [each for each in choice if all(self._can(goal, domains) for goal in each)]
            if not possible:
                return
            left_open.append(possible)
        first = min(range(len(left_open)), key=lambda n: len(left_open[n]))
        others = left_open[:first] + left_open[first + 1 :] + choices[len(ahead) :]
        for alternative in left_open[first]:
            yield from self._solve(alternative, others, domains, links)

    def _line_choices(
        self, part: Condition, *, wanted: bool, of_all: bool
    ) -> Iterator[list[list[_Goal]]]:
        """Every line that stays comes out so, or at least one."""
        if of_all:
            for number in self.numbers:
                either: list[list[_Goal]] = [[(part, number, wanted)]]
                if (LINE, number) in self.now:
                    either.append([(None, number, _GONE)])
                yield either
        else:
            yield [[(None, number, _STAYS), (part, number, wanted)] for number in self.numbers]

    def _line_stays(self, number: int, domains: _Domains, *, stays: bool) -> _Domains | None:
        path = (LINE, number)
        if path not in domains:
            return domains if stays else None
        if stays not in domains[path]:
            return None
        narrowed = {**domains, path: (stays,)}
        gone = [narrowed.get((LINE, each)) == (_GONE,) for each in self.numbers]
        return None if all(gone) else narrowed  # an invoice keeps at least one line

    # -- leaves --------------------------------------------------------------------------------------

    def _paths(self, leaf: Leaf, line: int | None) -> list[Path]:
        return [
            (name, line if name.startswith(LINE_PREFIX) else None)
            for name in dict.fromkeys(facts_of(leaf))
        ]

    def _comes_out(self, leaf: Leaf, given: Mapping[Path, Given], line: int | None) -> bool | None:
        """What a leaf comes to with these values; all else as it is now."""
        values: dict[str, Value] = {}
        stated: set[str] = set()
        for path in self._paths(leaf, line):
            name = path[0]
            found = given.get(path, _AS_IT_IS)
            if isinstance(found, _AsItIs):
                facts, now = self.situation.facts, self.situation.line(path[1])
                value = facts.value(name, now)
                if facts.has(name, now):
                    stated.add(name)
            elif isinstance(found, Absent):
                value = self.situation.meaning(name)
            else:
                value = found
                stated.add(name)
            if value is not None:
                values[name] = value
        lines = () if self.lines_known else None
        return truth(leaf, Facts(self.situation.facts.source, values, stated, lines))

    def _narrowed(
        self,
        leaf: Leaf,
        line: int | None,
        domains: _Domains,
        links: list[tuple[Leaf, int | None, bool]],
        *,
        wanted: bool,
    ) -> tuple[_Domains, list[tuple[Leaf, int | None, bool]]] | None:
        paths = self._paths(leaf, line)
        given = {path: domains[path][0] for path in paths if len(domains.get(path, ())) == 1}
        open_ = [path for path in paths if path in domains and path not in given]
        if len(open_) > 1:
            return domains, [*links, (leaf, line, wanted)]
        if not open_:
            return (domains, links) if self._comes_out(leaf, given, line) is wanted else None
        (path,) = open_
        kept = tuple(
            value
            for value in domains[path]
            if self._comes_out(leaf, {**given, path: value}, line) is wanted
        )
        return ({**domains, path: kept}, links) if kept else None

    def _can(self, goal: _Goal, domains: _Domains) -> bool:
        """Whether a goal could be reached, looked at alone."""
        self.search.count()
        condition, line, wanted = goal
        match condition:
            case None:
                assert line is not None
                return self._line_stays(line, domains, stays=wanted) is not None
            case All(parts=parts) | AnyOf(parts=parts):
                each = (self._can((part, line, wanted), domains) for part in parts)
                return all(each) if isinstance(condition, All) is wanted else any(each)
            case Not(part=part):
                return self._can((part, line, not wanted), domains)
            case Named(part=part):
                return self._can((part, line, wanted), domains)
            case AnyLine(part=part) | AllLines(part=part):
                of_all = isinstance(condition, AllLines) is wanted
                return self.lines_known and all(
                    any(all(self._can(inner, domains) for inner in way) for way in choice)
                    for choice in self._line_choices(part, wanted=wanted, of_all=of_all)
                )
            case Known() | OneOf() | HasWord() | Comparison():
                return self._narrowed(condition, line, domains, [], wanted=wanted) is not None
            case _:
                assert_never(condition)

    # -- values --------------------------------------------------------------------------------------

    def _settled(
        self, domains: _Domains, links: Sequence[tuple[Leaf, int | None, bool]]
    ) -> Iterator[Change]:
        """One value for each open fact, with which also those that are compared with one another come out."""
        tied = list(
            dict.fromkeys(
                path
                for leaf, line, _ in links
                for path in self._paths(leaf, line)
                if path in domains
            )
        )
        if len(tied) > _NESTED_MAX:
            raise TooManyStepsError
        for chosen in self._chosen(tied, {}, domains, links):
            found = {path: values[0] for path, values in domains.items()} | chosen
            new = range(self.new_lines or 0)
            yield {(LINE, number): _STAYS for number in new} | {
                path: value
                for path, value in found.items()
                if not isinstance(value, _AsItIs) and not (path[0] == LINE and value is _STAYS)
            }

    def _chosen(
        self,
        tied: list[Path],
        chosen: dict[Path, Given],
        domains: _Domains,
        links: Sequence[tuple[Leaf, int | None, bool]],
    ) -> Iterator[dict[Path, Given]]:
        if len(chosen) == len(tied):
            yield chosen
            return
        path = tied[len(chosen)]
        for value in domains[path]:
            self.search.count()
            given = {**chosen, path: value}
            if all(
                self._comes_out(leaf, given, line) is wanted
                for leaf, line, wanted in links
                if self._decided(leaf, line, given, domains)
            ):
                yield from self._chosen(tied, given, domains, links)

    def _decided(
        self, leaf: Leaf, line: int | None, given: Mapping[Path, Given], domains: _Domains
    ) -> bool:
        return all(path in given or path not in domains for path in self._paths(leaf, line))


class _AsItIs(Absent):
    """What a fact is now: it does not change."""


_AS_IT_IS: Final = _AsItIs()
