"""What would have to change for an invoice that is held or stopped to be sent: each way, and its first steps.

A *way* is a set of changes of which none can be spared: with all of them the decision is ``send``, with any
one left out it is not. The ways are found by solver (z3) where it is installed, else by search; each was
decided by the reference engine as it is said to be, and so was what is left when one change is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from fakturavakt.decision import Verdict
from fakturavakt.intake.facts import Facts
from fakturavakt.proof.candidate_values import candidates
from fakturavakt.proof.confirmation import UnconfirmedError, decided
from fakturavakt.proof.plausible_values import bad_value
from fakturavakt.proof.search import UndecidedError
from fakturavakt.proof.terms import solver_installed
from fakturavakt.proof.way_bounds import bounds
from fakturavakt.proof.ways_by_search import Change as Given
from fakturavakt.proof.ways_by_search import TooManyStepsError, WaysSearch
from fakturavakt.proof.ways_by_solver import WaysSolver
from fakturavakt.proof.what_can_change import (
    LINE,
    UNLIKELY,
    Absent,
    Effort,
    Situation,
    Slot,
    is_evidence,
    situation_of,
)
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES, ORDERED_TYPES, Fact, FactType, Value

WAYS_MAX: Final = 5
"""Ways that are told, the easiest first."""
SECONDS: Final = 5.0
"""How long one question to the solver may take, and after how long no further way is begun."""
LINES_MAX: Final = 150
"""An invoice of more lines gets no answer: it would be minutes away, and as long as the invoice."""


class Method(StrEnum):
    """How ways are looked for."""

    SOLVER = "solver"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that would be otherwise. ``line`` is the id of its line (``#2`` where it has none), None for a
    fact of the invoice. ``fact`` is ``line`` where the line is taken out, and ``invoice.lines`` where the
    lines have to be found out.

    ``now`` and ``to`` are values (:data:`~fakturavakt.vocabulary.facts.Value`); ``now`` is None where the
    fact is unknown, ``to`` where it comes to stand nowhere (``stands`` is False) or is no value. ``least``
    and ``most`` bound what would do in the place of ``to``, the other changes as they are. ``lines`` is what
    lines could say, as contract JSON.
    """

    fact: str
    line: str | None
    effort: Effort
    evidence: bool
    now: Value | None
    to: Value | None
    stands: bool = True
    least: int | None = None
    most: int | None = None
    likely: bool = True
    invented: bool = False
    lines: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that together let the invoice be sent; what is to be found out first."""

    changes: tuple[Change, ...]

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """How much is altered, obtained, unlikely, learnt; the least is best."""
        efforts = [change.effort for change in self.changes]
        return (
            efforts.count(Effort.ALTER),
            efforts.count(Effort.OBTAIN),
            sum(not change.likely for change in self.changes),
            efforts.count(Effort.LEARN),
        )


@dataclass(frozen=True, slots=True)
class WaysToSend:
    """The ways to send one document, best first. ``all_of_them``: there are no others; where that is so and
    there is none, nothing in the sender's hands lets the invoice be sent. Where it is not, the question was
    cut short.
    """

    verdict: Verdict
    ways: tuple[Way, ...]
    all_of_them: bool
    method: Method


def ways_to_send(
    book: RuleBook,
    facts: Facts,
    as_of: date,
    *,
    most: int = WAYS_MAX,
    method: Method | None = None,
    seconds: float = SECONDS,
) -> WaysToSend | None:
    """The ways to send a document that is held or blocked; None for one that is neither.

    ``facts`` are those that were decided on, catalogue and register included. ``most``: how many ways.
    ``method``: the solver where it is installed unless said otherwise. ``seconds``: the most that one
    question to the solver may take. The same facts give the same answer, whatever their order in the
    document.

    Raises ``SolverMissingError`` where the solver is asked for by name and not installed, and
    :class:`~fakturavakt.proof.confirmation.UnconfirmedError`, a mistake of this program.
    """
    situation = situation_of(book, facts, as_of)
    written_out = _WrittenOut(situation)
    verdict = written_out.verdict({})
    if verdict not in (Verdict.HOLD, Verdict.BLOCK):
        return None
    method = method or (Method.SOLVER if solver_installed() else Method.SEARCH)
    if situation.lines > LINES_MAX:
        return WaysToSend(verdict, (), all_of_them=False, method=method)
    values = candidates(situation)
    if method is Method.SOLVER:
        solver = WaysSolver(situation, values, seconds)
        minimal = solver.minimal_sets(most)
        change_of = solver.change_of
    else:
        search = WaysSearch(situation, values)
        minimal = search.minimal_sets(max(most, _SEARCHED_MIN))
        change_of = search.change_of
    order = situation.first_first()
    found: list[tuple[tuple[int, ...], list[bool], Way]] = []
    complete = minimal.all_of_them
    for slots in minimal.sets:
        try:
            given = change_of(slots)
        except (UndecidedError, TooManyStepsError):
            complete = False
            continue
        if given is None or not written_out.is_sent(given):
            raise UnconfirmedError("send", written_out.content(given or {}), as_of)
        way = _way(situation, written_out, slots, given)
        found.append((way.rank, [slot not in slots for slot in order], way))
    ranked = sorted(found, key=lambda each: each[:2])
    ways = tuple(way for _, _, way in ranked[:most])
    return WaysToSend(verdict, ways, complete and len(ranked) <= most, method)


_SEARCHED_MIN: Final = 30
"""Ways that are looked for without a solver, which does not find the best first."""


def _way(
    situation: Situation, written_out: _WrittenOut, slots: frozenset[Slot], given: Given
) -> Way:
    facts = decided(situation.book, written_out.content(given), situation.as_of).facts
    changes = [
        _change(situation, written_out, slot, given, facts)
        for slot in situation.slots
        if slot in slots and slot.path[0] != UNLIKELY
    ]
    efforts = list(Effort)
    return Way(tuple(sorted(changes, key=lambda each: efforts.index(each.effort))))


def _change(
    situation: Situation, written_out: _WrittenOut, slot: Slot, given: Given, changed: Facts
) -> Change:
    name, number = slot.path
    line = situation.line(number)
    of_line = None if line is None else line.name
    if name in (LINE, LINES):
        lines = tuple(written_out.new_lines(given)) if name == LINES else ()
        return Change(
            name, of_line, slot.effort, False, None, None, stands=name == LINES, lines=lines
        )
    to = given[slot.path]
    if isinstance(to, Absent):
        return Change(name, of_line, slot.effort, is_evidence(name), slot.now, None, stands=False)
    least = most = None
    if situation.book.vocabulary[name].type in ORDERED_TYPES:
        taken_out = sum(
            gone == LINE and other is not None and number is not None and other < number
            for gone, other in given
        )
        position = None if number is None else number - taken_out
        least, most = bounds(situation, slot, changed, position)
    likely = situation.likely.get(slot.path)
    return Change(
        name,
        of_line,
        slot.effort,
        is_evidence(name),
        slot.now,
        to,
        least=least,
        most=most,
        likely=likely is None or to in likely,
        invented=_invented(situation, name, to),
    )


def _invented(situation: Situation, name: str, to: Value) -> bool:
    type_ = situation.book.vocabulary[name].type
    if type_ in ORDERED_TYPES or type_ in (FactType.YES_NO, FactType.CHOICE):
        return False
    return to not in situation.mentions.values.get(name, ())


@dataclass(frozen=True)
class _WrittenOut:
    """The document as contract JSON, with changes."""

    situation: Situation

    def verdict(self, given: Given) -> Verdict:
        """What the reference engine decides of it."""
        situation = self.situation
        return decided(situation.book, self.content(given), situation.as_of).decision.decision

    def is_sent(self, given: Given) -> bool:
        """Whether it is, and all else that is wanted of it comes out as well."""
        situation = self.situation
        seen = decided(situation.book, self.content(given), situation.as_of)
        return seen.decision.decision is Verdict.SEND and all(
            seen.truth(condition) is outcome for condition, outcome in situation.wanted
        )

    def content(self, given: Given) -> dict[str, Any]:
        """What it says: catalogue and register included, and whatever is not known still not known."""
        situation = self.situation
        content: dict[str, Any] = {}
        for fact in situation.book.vocabulary:
            if not fact.of_line and fact.type is not FactType.LINES:
                self._put(content, fact, None, given)
        lines = self._lines(given)
        if lines is not None:
            _put(content, LINES, lines)
        return content

    def _lines(self, given: Given) -> list[dict[str, Any]] | None:
        facts = self.situation.facts
        if facts.lines is None:
            return list(self.new_lines(given)) or None
        return [
            self._line(number, given)
            for number in range(len(facts.lines))
            if given.get((LINE, number)) is not False
        ]

    def new_lines(self, given: Given) -> list[dict[str, Any]]:
        """Lines that were unknown."""
        new = sorted(
            number
            for (name, number), to in given.items()
            if name == LINE and to and number is not None
        )
        return [self._line(number, given) for number in new]

    def _line(self, number: int, given: Given) -> dict[str, Any]:
        line: dict[str, Any] = {}
        for fact in self.situation.book.vocabulary:
            if fact.of_line:
                self._put(line, fact, number, given)
        return line

    def _put(self, home: dict[str, Any], fact: Fact, number: int | None, given: Given) -> None:
        situation = self.situation
        line = situation.line(number)
        value = situation.facts.value(fact.name, line)
        stands = situation.facts.has(fact.name, line)
        if number is not None and line is None:
            value, stands = situation.meaning(fact.name), False
        to = given.get((fact.name, number))
        if isinstance(to, Absent):
            return
        if to is not None:
            value, stands = to, True
        path = fact.name.removeprefix(LINE_PREFIX)
        if stands and value is not None:
            _put(home, path, _plain(forms.in_json(fact, value)))
        elif value is None and situation.meaning(fact.name) is not None:
            _put(home, path, bad_value(fact))


def _plain(value: object) -> object:
    return int(value.literal) if isinstance(value, forms.JsonNumber) else value


def _put(home: dict[str, Any], path: str, value: object) -> None:
    *groups, key = path.split(".")
    for group in groups:
        home = home.setdefault(group, {})
    home[key] = value
