"""Looks for a document for which a formula is true: is there one, and which is the smallest.

A question has one of three answers: no such document, an :class:`Example`, or undecided in the time that
was given (:class:`UndecidedError`); never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fakturavakt.proof.plausible_values import another, bad_value
from fakturavakt.proof.symbolic_document import SymbolicDocument, SymbolicFact
from fakturavakt.proof.terms import Formula
from fakturavakt.texts import text
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINE_PREFIX,
    LINES,
    FactType,
    Vocabulary,
)
from fakturavakt.vocabulary.forms import written_ore

SECONDS: Final = 60.0
"""How long one question may take."""
_SMALLEST_SECONDS: Final = 5.0
"""How long each step towards the smallest document may take."""
_USUAL_ORE: Final = (34900, 10000, 0, 1)


class UndecidedError(Exception):
    """The solver gave up: neither a document nor a proof that there is none."""

    def __init__(self) -> None:
        self.reason = text(
            "Spørsmålet ble ikke avgjort innen tiden. Øk den med --timeout.",
            "The question was not decided in time. Allow more with --timeout.",
        )
        super().__init__(self.reason.say("en"))


@dataclass(frozen=True, slots=True)
class Example:
    """A document in contract JSON, and the day it is screened on.

    ``later`` is the same document with more facts, where the question was about two. ``smallest``: no
    document that says less would do; where False, none was found in the time there was.
    """

    content: dict[str, Any]
    as_of: date
    smallest: bool
    later: dict[str, Any] | None = None


@dataclass
class Search:
    """Looks for documents of one symbolic document.

    ``day``: the screening date, and the day that dates lie near, wherever that is open.
    """

    document: SymbolicDocument
    day: date
    seconds: float = SECONDS

    def find(self, wanted: Formula) -> Example | None:
        """The smallest document for which ``wanted`` is true; None where there is none.

        Raises :class:`UndecidedError`.
        """
        solver = self._asked(wanted)
        if solver is None or not _answer(solver.check()):
            return None
        solver.set("timeout", int(min(self.seconds, _SMALLEST_SECONDS) * 1000))
        smallest = self._make_small(solver)
        self._settle_values(solver)
        return self._example(solver.model(), smallest=smallest)

    def exists(self, wanted: Formula) -> bool:
        """Whether there is a document for which ``wanted`` is true; quicker than to :meth:`find` it.

        Raises :class:`UndecidedError`.
        """
        solver = self._asked(wanted)
        return solver is not None and _answer(solver.check())

    def any_example(self, wanted: Formula) -> Example | None:
        """Some document for which ``wanted`` is true, however large; quicker than :meth:`find`.

        Raises :class:`UndecidedError`.
        """
        solver = self._asked(wanted)
        if solver is None or not _answer(solver.check()):
            return None
        return self._example(solver.model(), smallest=False)

    def _asked(self, wanted: Formula) -> Any:  # noqa: ANN401 (z3 has no types)
        """A solver with the question put to it; None where the answer is no without one."""
        if wanted is False:
            return None
        solver = self.document.terms.solver(self.seconds)
        solver.add(*[rule for rule in self.document.rules if rule is not True])
        if wanted is not True:
            solver.add(wanted)
        return solver

    # -- the smallest ----------------------------------------------------------------------------

    def _make_small(self, solver: Any) -> bool:  # noqa: ANN401 (z3 has no types)
        """Settle what the document says and what it does not; whether nothing smaller would do.

        Leaves the solver with a model.
        """
        terms = self.document.terms
        costs = self.document.costs()
        model = solver.model()
        # Lines from the last one on: with a line goes all that it says.
        order = [*reversed(self.document.line_there), *(flag for flag, _ in reversed(costs))]
        solver.push()
        for flag in order:
            away = terms.negated(flag)
            if _is_true(model, flag):
                if not self._possible(solver, away):
                    continue
                model = solver.model()
            solver.add(away)
        solver.pop()
        best, smallest = _cost(model, costs), True
        while best > 0:
            solver.push()
            solver.add(terms.cheaper(costs, best - 1))
            found = solver.check()
            if found.r == _TRUE:
                model = solver.model()
                best = _cost(model, costs)
            solver.pop()
            if found.r != _TRUE:
                smallest = found.r == _FALSE
                break
        for flag, _ in costs:
            solver.add(flag if _is_true(model, flag) else terms.negated(flag))
        _answer(solver.check())
        return smallest

    def _possible(self, solver: Any, assumed: Formula) -> bool:  # noqa: ANN401
        return bool(solver.check(assumed).r == _TRUE)

    # -- values that a person would write ---------------------------------------------------------

    def _settle_values(self, solver: Any) -> None:  # noqa: ANN401
        """Give each fact that is there a usual value, where the formula leaves it open."""
        model = solver.model()
        document = self.document
        days = self._days()
        if document.as_of is None:
            self._settle(solver, document.day, days)
        for each in self._written(model):
            for candidate in self._candidates(each, days):
                if self._settle(solver, each.value, [candidate]):
                    break
        for each in self._written(model):
            # Words that nobody needs are not written.
            for matches in each.matches.values():
                self._settle_flag(solver, matches)
        _answer(solver.check())

    def _settle(self, solver: Any, value: Formula, candidates: Iterable[int | bool]) -> bool:  # noqa: ANN401
        for candidate in candidates:
            wanted = value == candidate
            if self._possible(solver, wanted):
                solver.add(wanted)
                return True
        return False

    def _settle_flag(self, solver: Any, flag: Formula) -> None:  # noqa: ANN401
        away = self.document.terms.negated(flag)
        if self._possible(solver, away):
            solver.add(away)

    def _days(self) -> list[int]:
        """The usual day first, then those that a rule may turn on."""
        usual = self.day.toordinal()
        mentions = self.document.mentions
        constants = {
            each
            for name, found in mentions.numbers.items()
            if any(name in v and v[name].type is FactType.DATE for v in self.document.vocabularies)
            for each in found
        }
        anchors = [usual, *sorted(constants)]
        distances = sorted(
            {0, 1, -1, *mentions.days, *(d + s for d in mentions.days for s in (1, -1))}, key=abs
        )
        return list(
            dict.fromkeys(anchor + distance for distance in distances for anchor in anchors)
        )

    def _candidates(self, each: SymbolicFact, days: list[int]) -> Iterator[int | bool]:
        match each.fact.type:
            case FactType.YES_NO:
                yield from (True, False)
            case FactType.DATE:
                yield from days
            case FactType.MONEY:
                yield from _USUAL_ORE
                yield from self._near_constants()
            case FactType.COUNT:
                yield from (1, 0, 2)
                yield from self._near_constants()
            case _:
                yield len(each.words)
                yield from range(len(each.words))

    def _near_constants(self) -> Iterator[int]:
        for found in self.document.mentions.numbers.values():
            for constant in found:
                yield from (constant, constant + 1, constant - 1)

    # -- contract JSON ---------------------------------------------------------------------------

    def _written(self, model: Any) -> list[SymbolicFact]:  # noqa: ANN401
        """The facts that stand in the document with a good value, in the order of the vocabulary."""
        there = [
            each
            for each in self.document.facts.values()
            if _is_true(model, each.given) or _is_true(model, each.learnt)
        ]
        return sorted(there, key=self._in_order)

    def _in_order(self, each: SymbolicFact) -> tuple[int, int, str]:
        order = next(v for v in self.document.vocabularies if each.fact.name in v)
        return (-1 if each.line is None else each.line, order.order(each.fact.name), each.fact.name)

    def _example(self, model: Any, *, smallest: bool) -> Example:  # noqa: ANN401
        day = self.document.day
        ordinal = day if isinstance(day, int) else model.eval(day, model_completion=True).as_long()
        later = self._content(model, later=True) if self.document.learning else None
        return Example(
            self._content(model, later=False), date.fromordinal(ordinal), smallest, later
        )

    def _content(self, model: Any, *, later: bool) -> dict[str, Any]:  # noqa: ANN401
        document = self.document
        content: dict[str, Any] = {}
        lines: list[dict[str, Any]] = [
            {} for there in document.line_there if _is_true(model, there)
        ]
        ids = {each.line for (name, _), each in document.facts.items() if name == LINE_ID}
        for position, line in enumerate(lines):
            if position not in ids:
                line["id"] = str(position + 1)
        for each in sorted(document.facts.values(), key=self._in_order):
            given = _is_true(model, each.given) or (later and _is_true(model, each.learnt))
            if given or _is_true(model, each.bad):
                value = self._value(model, each) if given else bad_value(each.fact)
                home = content if each.line is None else lines[each.line]
                _put(home, each.fact.name.removeprefix(LINE_PREFIX), value)
        if _is_true(model, document.lines_given) or (
            later and _is_true(model, document.lines_learnt)
        ):
            _put(content, LINES, lines)
        return _in_order_of(document.vocabularies[0], content)

    def _value(self, model: Any, each: SymbolicFact) -> object:  # noqa: ANN401
        found = model.eval(each.value, model_completion=True)
        if each.fact.type is FactType.YES_NO:
            return _is_true(model, each.value)
        number = found.as_long()
        match each.fact.type:
            case FactType.DATE:
                return date.fromordinal(number).isoformat()
            case FactType.MONEY:
                return written_ore(number)
            case FactType.COUNT:
                return number
            case _:
                pass
        if number < len(each.words):
            return each.words[number]
        position = each.line or 0
        if each.patterns is not None:
            has = [pattern for pattern, flag in each.matches.items() if _is_true(model, flag)]
            return each.patterns.text_with(has, each.words, position)
        return another(each.fact, each.words, position)


_TRUE: Final = 1
_FALSE: Final = -1
"""How z3 numbers its answers; 0 is *unknown*."""


def _answer(found: Any) -> bool:  # noqa: ANN401
    if found.r == 0:
        raise UndecidedError
    return bool(found.r == _TRUE)


def _is_true(model: Any, flag: Formula) -> bool:  # noqa: ANN401
    if isinstance(flag, bool):
        return flag
    return str(model.eval(flag, model_completion=True)) == "True"


def _cost(model: Any, costs: list[tuple[Formula, int]]) -> int:  # noqa: ANN401
    return sum(cost for flag, cost in costs if _is_true(model, flag))


def _in_order_of(vocabulary: Vocabulary, content: dict[str, Any]) -> dict[str, Any]:
    """The groups of the document as the vocabulary has them."""
    return dict(sorted(content.items(), key=lambda entry: vocabulary.order(entry[0])))


def _put(home: dict[str, Any], path: str, value: object) -> None:
    *groups, key = path.split(".")
    for group in groups:
        home = home.setdefault(group, {})
    home[key] = value
