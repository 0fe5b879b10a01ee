"""Ways to send by solver: the easiest first, none overlooked, and a proof where there are no others.

The document as it is, with a flag for each fact that may change; a fact whose flag is off says what it says
today. The solver is asked for the set of flags that costs least, then for the one that costs least of those
that do not contain it, and so on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from fakturavakt.engines.reference import has_word
from fakturavakt.proof.candidate_values import Candidates
from fakturavakt.proof.mentions import Mentions
from fakturavakt.proof.outcome_formulas import ConditionFormulas
from fakturavakt.proof.search import UndecidedError
from fakturavakt.proof.symbolic_document import NEVER_DAY, Reader, SymbolicDocument, SymbolicFact
from fakturavakt.proof.terms import Formula, Terms
from fakturavakt.proof.ways_by_search import Change, Minimal
from fakturavakt.proof.what_can_change import (
    ABSENT,
    LINE,
    UNLIKELY,
    Absent,
    Effort,
    Given,
    Path,
    Situation,
    Slot,
)
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINE_PREFIX,
    LINES,
    ORDERED_TYPES,
    FactType,
    Value,
)

_TRUE: Final = 1
_FALSE: Final = -1
"""How z3 numbers its answers; 0 is *unknown*."""


class WaysSolver:
    """The formulas of one document. Raises ``SolverMissingError`` where z3 is not installed."""

    def __init__(self, situation: Situation, candidates: Candidates, seconds: float) -> None:
        self.situation = situation
        self.candidates = candidates
        self.terms = Terms()
        self.document = SymbolicDocument(
            self.terms,
            [situation.book.vocabulary],
            _with_values_of(situation),
            max(1, situation.lines),
            situation.as_of,
            gaps=situation.facts.lines is not None,
        )
        self.changed = {
            slot.path: self.terms.flag(f"{slot.path} changes") for slot in situation.slots
        }
        self._solver = self.terms.solver(seconds)
        self._seconds = seconds
        self._state()

    # -- what is asked -------------------------------------------------------------------------------

    def _state(self) -> None:
        formulas = ConditionFormulas(Reader(self.document, self.situation.book.vocabulary))
        wanted = []
        for condition, outcome in self.situation.wanted:
            found = formulas.of(condition)
            wanted.append(found.holds if outcome else found.fails)
        stated = [*self._lines()]
        slots = {slot.path: slot for slot in self.situation.slots}
        for fact in [*self.document.facts.values()]:
            stated += self._fact(fact, slots.get(fact.path))
        for formula in (*wanted, *stated, *self.document.rules):
            self._add(formula)

    def _add(self, formula: Formula) -> None:
        if formula is not True:
            self._solver.add(
                self.terms.z3.BoolVal(False, self.terms.context) if formula is False else formula
            )

    def _lines(self) -> Iterator[Formula]:
        """Which lines there are."""
        document, terms, facts = self.document, self.terms, self.situation.facts
        if facts.lines is None:
            learnt = self.changed.get((LINES, None), False)
            yield terms.same(document.lines_given, learnt)
            yield terms.implied(learnt, document.any_line)
            return
        yield document.lines_given
        for number, there in enumerate(document.line_there):
            if number >= len(facts.lines):
                yield terms.negated(there)
                continue
            gone = self.changed.get((LINE, number), False)
            yield terms.same(there, terms.negated(gone))
        if facts.lines:
            yield document.any_line

    def _fact(self, fact: SymbolicFact, slot: Slot | None) -> Iterator[Formula]:
        """What a fact says: what it does today, or what it may come to say."""
        terms, situation = self.terms, self.situation
        name, number = fact.path
        there: Formula = True if number is None else self.document.line_there[number]
        if number is not None and situation.facts.lines is None:
            yield terms.negated(fact.bad)  # a line that is not known yet: anything good
            if name == LINE_ID:
                yield terms.negated(fact.given)
            return
        today = list(self._today(fact, there))
        if slot is None:
            yield from today
            return
        changes = self.changed[slot.path]
        if slot.path in self.situation.likely:
            likely = self.situation.likely[slot.path]
            as_thought = terms.either(
                fact.value == n for n, word in enumerate(fact.words) if word in likely
            )
            unlikely = self.changed[UNLIKELY, number]
            yield terms.implied(changes, terms.either([as_thought, unlikely]))
        yield from (terms.implied(terms.negated(changes), each) for each in today)
        yield from (terms.implied(changes, each) for each in self._otherwise(fact, slot))
        yield terms.implied(changes, there)

    def _today(self, fact: SymbolicFact, there: Formula) -> Iterator[Formula]:
        terms, facts = self.terms, self.situation.facts
        name, number = fact.path
        if number is not None and number >= self.situation.lines:
            return
        line = self.situation.line(number)
        value = facts.value(name, line)
        if facts.has(name, line) and value is not None:
            yield terms.same(fact.given, there)
            yield terms.negated(fact.bad)
            yield from self._is(fact, value)
            return
        yield terms.negated(fact.given)
        unreadable = value is None and self.situation.meaning(name) is not None
        yield terms.same(fact.bad, there if unreadable else False)

    def _otherwise(self, fact: SymbolicFact, slot: Slot) -> Iterator[Formula]:
        terms = self.terms
        yield terms.negated(fact.bad)
        yield terms.implied(terms.negated(fact.given), slot.nothing)
        if slot.least is not None:
            yield terms.implied(fact.given, fact.value >= slot.least)
        if slot.most is not None:
            yield terms.implied(fact.given, fact.value <= slot.most)
        if slot.effort is Effort.OBTAIN and fact.fact.type is FactType.YES_NO:
            yield fact.value

    def _is(self, fact: SymbolicFact, value: Value) -> Iterator[Formula]:
        """The fact has this value."""
        if fact.fact.type is FactType.YES_NO:
            yield self.terms.same(fact.value, value is True)
        elif fact.fact.type in ORDERED_TYPES:
            assert not isinstance(value, str)
            yield fact.value == (int(value) if value != float("inf") else NEVER_DAY)
        else:
            words = fact.words
            yield fact.value == (words.index(value) if value in words else len(words))
            for pattern, matches in fact.matches.items():
                yield self.terms.same(matches, has_word(str(value), (pattern,)))

    # -- the sets ------------------------------------------------------------------------------------

    def minimal_sets(self, most: int) -> Minimal:
        """The sets of facts whose change lets the document be sent, and none of which can be spared.

        Those that are altered least come first, then those for which least has to be obtained, then the
        smallest.
        """
        levels = self._levels()
        found: list[frozenset[Slot]] = []
        until = time.monotonic() + self._seconds
        self._solver.push()
        try:
            while self._possible():
                # Once the time is over, no further way is begun.
                if len(found) >= most or time.monotonic() > until:
                    return Minimal(tuple(found), all_of_them=False)
                found.append(self._cheapest(levels))
                self._add(
                    self.terms.either(
                        self.terms.negated(self.changed[slot.path]) for slot in found[-1]
                    )
                )
        except UndecidedError:
            return Minimal(tuple(found), all_of_them=False)
        finally:
            self._solver.pop()
        return Minimal(tuple(found), all_of_them=True)

    def _levels(self) -> list[list[Formula]]:
        """What is counted, the worst first, as :attr:`~fakturavakt.proof.ways_to_send.Way.rank` compares."""
        by_effort: dict[Effort, list[Formula]] = {effort: [] for effort in Effort}
        unlikely: list[Formula] = []
        for slot in self.situation.slots:
            level = unlikely if slot.path[0] == UNLIKELY else by_effort[slot.effort]
            level.append(self.changed[slot.path])
        return [
            by_effort[Effort.ALTER],
            by_effort[Effort.OBTAIN],
            unlikely,
            by_effort[Effort.LEARN],
        ]

    def _possible(self, *assumed: Formula) -> bool:
        found = self._solver.check(*assumed)
        if found.r not in (_TRUE, _FALSE):
            raise UndecidedError
        return bool(found.r == _TRUE)

    def _cheapest(self, levels: list[list[Formula]]) -> frozenset[Slot]:
        """After an answer that there is one: of the easiest, the one that is told first."""
        model = self._solver.model()
        self._solver.push()
        try:
            for flags in levels:
                model = self._fewest(flags, model)
            for slot in self.situation.first_first():
                flag = self.changed[slot.path]
                if not self._on(model, flag):
                    if not self._possible(flag):
                        self._add(self.terms.negated(flag))
                        continue
                    model = self._solver.model()
                self._add(flag)
        finally:
            self._solver.pop()
        return frozenset(
            slot for slot in self.situation.slots if self._on(model, self.changed[slot.path])
        )

    def _fewest(self, flags: list[Formula], model: Any) -> Any:  # noqa: ANN401 (z3 has no types)
        """Let no more of the flags be on than have to be; a model of that."""
        self._solver.push()
        try:
            for flag in flags:
                off = self.terms.negated(flag)
                if self._on(model, flag):
                    if not self._possible(off):
                        continue
                    model = self._solver.model()
                self._add(off)
        finally:
            self._solver.pop()
        costs = [(flag, 1) for flag in flags]
        while True:
            on = sum(self._on(model, flag) for flag in flags)
            fewer = self.terms.cheaper(costs, on - 1)
            if on == 0 or not self._possible(fewer):
                self._add(self.terms.cheaper(costs, on))
                return model
            model = self._solver.model()

    def _on(self, model: Any, flag: Formula) -> bool:  # noqa: ANN401 (z3 has no types)
        return str(model.eval(flag, model_completion=True)) == "True"

    # -- the values ----------------------------------------------------------------------------------

    def change_of(self, slots: frozenset[Slot]) -> Change | None:
        """What these facts could become, and the natural values where several would do.

        Raises ``UndecidedError``.
        """
        chosen: dict[Path, Given] = {}
        paths = [slot.path for slot in self.situation.slots if slot in slots]
        self._solver.push()
        try:
            for path, flag in self.changed.items():
                self._add(flag if path in paths else self.terms.negated(flag))
            if not self._possible():
                return None
            if any(path[0] == LINES for path in paths):
                new = self._new_lines()
                chosen |= {(LINE, number): True for number in range(new)}
                open_ = self.situation.new_line_facts()
                paths += [path for path in open_ if path[1] is not None and path[1] < new]
            for path in paths:
                if path[0] == LINE:
                    chosen[path] = False
                elif path[0] not in (LINES, UNLIKELY):
                    chosen[path] = self._value(path)
        finally:
            self._solver.pop()
        return chosen

    def _new_lines(self) -> int:
        """As few lines as will do."""
        for there in reversed(self.document.line_there):
            away = self.terms.negated(there)
            self._add(away if self._possible(away) else there)
        self._possible()
        model = self._solver.model()
        return sum(self._on(model, there) for there in self.document.line_there)

    def _value(self, path: Path) -> Given:
        fact = self.document.fact(*path)
        for candidate in self.candidates.by_path[path]:
            wanted = self.terms.both(self._stands(fact, candidate))
            if wanted is not False and self._possible(*([] if wanted is True else [wanted])):
                self._add(wanted)
                return candidate
        # None of the usual values will do: what the solver itself found.
        self._possible()
        model = self._solver.model()
        if not self._on(model, fact.given):
            self._add(self.terms.negated(fact.given))
            return ABSENT
        number = int(model.eval(fact.value, model_completion=True).as_long())
        self._add(fact.value == number)
        if fact.fact.type in ORDERED_TYPES:
            return number
        assert fact.patterns is not None
        has = [pattern for pattern, flag in fact.matches.items() if self._on(model, flag)]
        return fact.patterns.text_with(has, fact.words, path[1] or 0)

    def _stands(self, fact: SymbolicFact, given: Given) -> Iterator[Formula]:
        if isinstance(given, Absent):
            yield self.terms.negated(fact.given)
            return
        yield fact.given
        yield from self._is(fact, given)


def _with_values_of(situation: Situation) -> Mentions:
    """What the conditions mention, and the counts that stand in the document: a count here is bounded."""
    vocabulary, facts = situation.book.vocabulary, situation.facts
    numbers = {name: set(found) for name, found in situation.mentions.numbers.items()}
    for name in situation.mentions.facts:
        if name in vocabulary and vocabulary[name].type is FactType.COUNT:
            lines = facts.lines or () if name.startswith(LINE_PREFIX) else (None,)
            for line in lines:
                value = facts.value(name, line)
                if isinstance(value, int):
                    numbers.setdefault(name, set()).add(value)
    return replace(situation.mentions, numbers=numbers)
