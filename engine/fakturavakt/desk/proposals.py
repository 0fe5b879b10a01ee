"""The cases that are lacking: one for each outcome and edge that no case shows yet.

From the bases and the cases that there are, one fact after another is changed to what conditions mention: a
day, an øre or one on either side of what it is compared with, each choice, a word that is looked for, nothing
at all, and what cannot be read. What comes out is what the rule book says today, so that a proposal is
nobody's judgement: it is marked as not confirmed.

What search does not reach, the solver finds where it is installed, or proves that there is no such document.
Without it, what was not found is named.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from fakturavakt.desk.case_run import action_of, rule_truth
from fakturavakt.desk.case_writing import NewCase
from fakturavakt.desk.coverage import (
    ALONE_GOALS,
    OUTCOME_GOALS,
    CoverageRecorder,
    CoveredCondition,
    Goal,
    Root,
    roots,
)
from fakturavakt.desk.coverage_report import GOAL_WORDS, edge_words
from fakturavakt.desk.proposed_by_solver import CaseSolver, NoDocument, SolvedCase
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.facts import Facts
from fakturavakt.proof.terms import solver_installed
from fakturavakt.rulebook.case_files import (
    LINE,
    NO_CHANNEL,
    CaseTable,
    Expected,
    Given,
    Slot,
    Special,
    case_document,
    put,
)
from fakturavakt.rulebook.conditions import (
    Comparison,
    Constant,
    HasWord,
    Leaf,
    OneOf,
    facts_of,
    leaves,
)
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screened, Screening
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINE_PREFIX,
    LINES,
    NEVER,
    Fact,
    FactType,
)
from fakturavakt.vocabulary.invented_values import invented

TRIED_MAX: Final = 20_000
"""Documents that are tried for one rule."""
INTRODUCTION: Final = (
    text(
        "Foreslåtte tilfeller. «expect» er det regelboken sier i dag, og ingen har sagt at det er riktig.",
        "Proposed cases. “expect” is what the rule book says today, and nobody has said that it is right.",
    ),
    text(
        "Les hvert tilfelle, gi det et navn, rett «expect» om det trengs, og ta bort «confirmed: no».",
        "Read each case, give it a name, correct “expect” where needed, and take “confirmed: no” away.",
    ),
)
"""What a table of proposals opens with."""


class Aim(NamedTuple):
    """One thing that no case shows: a condition by its number in the coverage, and an outcome or an edge."""

    condition: int
    goal: Goal | int


@dataclass(frozen=True, slots=True)
class Proposals:
    """Cases to be confirmed, and what no document was found for; ``impossible``: what none can show, by
    proof.
    ``by_solver``: whether there was a solver to ask.
    """

    cases: tuple[NewCase, ...]
    not_found: tuple[tuple[CoveredCondition, Goal | int], ...]
    impossible: tuple[tuple[CoveredCondition, Goal | int], ...] = ()
    unused: tuple[str, ...] = ()
    by_solver: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class _Start:
    """A document: a base by its name, what is changed of it, and all that it then says."""

    given: str | None
    as_of: date
    slots: Mapping[Slot, Given]
    changes: Mapping[Slot, Given]


@dataclass(frozen=True, slots=True)
class _Found:
    """A document that shows something new."""

    root: Root
    start: _Start
    aims: frozenset[Aim]


def propose(
    book: RuleBook, table: CaseTable, language: str = "nb", *, by_solver: bool | None = None
) -> Proposals:
    """The cases that are lacking beside those of ``table``, confirmed or not, titles in ``language``.

    Without a base, documents are made up of all facts that rules ask about. ``by_solver``: whether to ask it
    for what search does not find; where it is installed unless said otherwise. The same rule book and table
    give the same proposals.

    Raises ``SolverMissingError`` where the solver is asked for by name and not installed, and
    :class:`~fakturavakt.proof.confirmation.UnconfirmedError`, a mistake of this program.
    """
    search = _Search(book, table)
    found = search.run()
    conditions = search.conditions
    unused = {aim for aim in search.lacking if not search.is_used(aim.condition)}
    left = search.lacking - unused - {aim for each in found for aim in each.aims}
    if by_solver is None:
        by_solver = solver_installed()
    impossible: set[Aim] = set()
    if by_solver:
        solved, impossible = search.solve(left)
        found += solved
        left -= impossible | {aim for each in solved for aim in each.aims}
    return Proposals(
        tuple(_cases(book, found, conditions, language)),
        tuple((conditions[aim.condition], aim.goal) for aim in sorted_aims(left)),
        tuple((conditions[aim.condition], aim.goal) for aim in sorted_aims(impossible)),
        tuple(dict.fromkeys(conditions[aim.condition].owner for aim in sorted_aims(unused))),
        by_solver,
    )


def sorted_aims(aims: Iterable[Aim]) -> list[Aim]:
    """In the order of the rule files; outcomes before deciding alone, and that before edges."""
    order: list[Goal | int] = [*OUTCOME_GOALS, *ALONE_GOALS, -1, 0, 1]
    return sorted(aims, key=lambda aim: (aim.condition, order.index(aim.goal)))


def _lacking(number: int, condition: CoveredCondition) -> Iterator[Aim]:
    yield from (Aim(number, goal) for goal in condition.missing)
    yield from (Aim(number, edge) for edge in condition.missing_edges)


@dataclass
class _Search:
    """Looks for documents that show what is ``lacking``."""

    book: RuleBook
    table: CaseTable
    lacking: frozenset[Aim] = field(init=False)
    conditions: tuple[CoveredCondition, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._recorder = CoverageRecorder(self.book)
        self._readers: dict[date, FactReader] = {}
        for case in self.table.cases:
            self._recorder.watch(self._facts(case.as_of, case.document))
        self.conditions = self._recorder.coverage().conditions
        self.lacking = frozenset(
            aim
            for number, condition in enumerate(self.conditions)
            for aim in _lacking(number, condition)
        )

    def _facts(self, as_of: date, document: Mapping[str, object]) -> Facts:
        if as_of not in self._readers:
            self._readers[as_of] = FactReader(self.book.vocabulary, as_of)
        raw = RawDocument(DocumentSource("proposal", 1), document)
        return self._readers[as_of].read(raw).facts

    def is_used(self, number: int) -> bool:
        """Whether a condition comes out for documents at all."""
        return any(number in self._recorder.numbers_under(root) for root in roots(self.book))

    def run(self) -> list[_Found]:
        """Documents that show what is lacking, rule by rule."""
        found: list[_Found] = []
        left = set(self.lacking)
        for root in roots(self.book):
            numbers = self._recorder.numbers_under(root)
            wanted = {aim for aim in left if aim.condition in numbers}
            for each in self._of_root(root, wanted):
                found.append(each)
                left -= each.aims
        return found

    def solve(self, wanted: Iterable[Aim]) -> tuple[list[_Found], set[Aim]]:
        """Documents of the solver that show what is wanted, and what none can show; all else is undecided."""
        solver = CaseSolver(self.book, self._recorder)
        found: list[_Found] = []
        impossible: set[Aim] = set()
        left = sorted_aims(wanted)
        while left:
            aim = left.pop(0)
            answer = solver.solve(aim.condition, aim.goal)
            if answer is NoDocument.IMPOSSIBLE:
                impossible.add(aim)
            elif isinstance(answer, SolvedCase):
                aims = {
                    aim,
                    *(each for each in left if (each.condition, each.goal) in answer.shown),
                }
                left = [each for each in left if each not in aims]
                start = _Start(None, answer.as_of, answer.slots, answer.slots)
                found.append(_Found(answer.root, start, frozenset(aims)))
        return found, impossible

    def _of_root(self, root: Root, wanted: set[Aim]) -> Iterator[_Found]:
        """Documents that show what is wanted, until all is shown or enough has been tried.

        What shows anything that no document before it did is changed further: so each step that leads
        somewhere is kept, and those with the fewest changes come first.
        """
        asked = list(leaves(root.condition))
        known: set[tuple[int, Goal | int]] = set()
        to_change: deque[_Start] = deque()
        for start in islice(self._candidates(asked, to_change), TRIED_MAX):
            if not wanted:
                return
            document = case_document(start.slots, self.book.vocabulary)
            shown = {
                (number, goal)
                for number, goal in self._recorder.shown_by(
                    root, self._facts(start.as_of, document)
                )
                if isinstance(goal, Goal) or goal in self.conditions[number].edges
            }
            aims = {aim for aim in wanted if (aim.condition, aim.goal) in shown}
            if aims:
                wanted -= aims
                yield _Found(root, start, frozenset(aims))
            if not shown <= known:
                known |= shown
                to_change.append(start)

    def _candidates(self, asked: Sequence[Leaf], to_change: deque[_Start]) -> Iterator[_Start]:
        """What to look at: bases, cases, then each that is kept with one more fact changed."""
        yield from self._bases(asked)
        yield from self._own_cases()
        while to_change:
            start = to_change.popleft()
            for slot, given in self._changes(start.slots, asked):
                slots = dict(start.slots)
                put(slots, slot, given)
                # The last that is said of a fact counts, so what is changed again stands last.
                kept = {each: value for each, value in start.changes.items() if each != slot}
                yield _Start(start.given, start.as_of, slots, {**kept, slot: given})

    # -- where to start ------------------------------------------------------------------------------

    def _bases(self, asked: Sequence[Leaf]) -> Iterator[_Start]:
        for base in self.table.bases.values():
            yield _Start(base.name, base.as_of, base.slots, {})
        if not self.table.bases:
            slots: dict[Slot, Given] = {Slot(LINE_ID, 1): "1"}
            for name in dict.fromkeys(fact for leaf in asked for fact in facts_of(leaf)):
                if name != LINES:
                    fact = self.book.vocabulary[name]
                    slots[Slot(name, 1 if fact.of_line else 0)] = invented(fact)
            yield _Start(None, self.book.source.updated, slots, slots)

    def _own_cases(self) -> Iterator[_Start]:
        for case in self.table.cases:
            yield _Start(case.base, case.as_of, case.slots, case.changes)

    # -- what to change ------------------------------------------------------------------------------

    def _changes(
        self, slots: Mapping[Slot, Given], asked: Sequence[Leaf]
    ) -> Iterator[tuple[Slot, Given]]:
        """Every fact that is asked about, to every value that makes a difference to what asks."""
        lines = sorted({slot.line for slot in slots if slot.line}) or [1]
        tried: dict[tuple[Slot, Given], None] = {}
        for leaf in asked:
            for name in facts_of(leaf):
                if name == LINES:
                    continue
                fact = self.book.vocabulary[name]
                for line in lines[:2] if fact.of_line else [0]:
                    slot = Slot(name, line)
                    for given in self._values(leaf, fact, slots, line):
                        tried[slot, given] = None
        if any(fact.startswith(LINE_PREFIX) for leaf in asked for fact in facts_of(leaf)):
            tried[Slot(LINES), Special.ABSENT] = None
            tried[Slot(LINE, lines[0]), Special.UNREADABLE] = None
        yield from ((slot, given) for slot, given in tried if slots.get(slot) != given)

    def _values(
        self, leaf: Leaf, fact: Fact, slots: Mapping[Slot, Given], line: int
    ) -> Iterator[Given]:
        yield Special.ABSENT
        yield Special.UNREADABLE
        match leaf:
            case OneOf(values=values):
                yield from values
            case HasWord(words=words):
                yield words[0].strip("*") or "x"
                yield "–"
            case Comparison():
                yield from self._near(leaf, fact, slots, line)
        match fact.type:
            case FactType.YES_NO:
                yield from (True, False)
            case FactType.CHOICE:
                yield from fact.choices
            case _:
                yield invented(fact)

    def _near(
        self, leaf: Comparison, fact: Fact, slots: Mapping[Slot, Given], line: int
    ) -> Iterator[Given]:
        """On either side of what the fact is compared with, or of what would be compared with it."""
        operand = leaf.operand
        if isinstance(operand, Constant):
            middle: Given | None = operand.value
        else:
            turned = fact.name != leaf.fact
            other = leaf.fact if turned else operand.fact
            of_line = self.book.vocabulary[other].of_line
            found = slots.get(Slot(other, line if of_line else 0))
            days = -operand.days if turned else operand.days
            middle = None
            if isinstance(found, int) and not isinstance(found, bool):
                middle = found + days
        if not isinstance(middle, int) or middle == NEVER:
            return
        for distance in (0, -1, 1):
            value = middle + distance
            in_range = fact.type is not FactType.DATE or 0 < value <= date.max.toordinal()
            if in_range and (fact.type is not FactType.COUNT or value >= 0):
                yield value


# -- what is proposed --------------------------------------------------------------------------------


def _cases(
    book: RuleBook,
    found: Sequence[_Found],
    conditions: Sequence[CoveredCondition],
    language: str,
) -> Iterator[NewCase]:
    titles: dict[str, int] = {}
    for each in found:
        # A test of a fact says more than the `all` round it that came out the same way.
        aims = sorted(sorted_aims(each.aims), key=lambda aim: conditions[aim.condition].has_parts)
        first = aims[0].condition
        condition = conditions[first]
        said = [
            _goal_said(condition, aim.goal).say(language) for aim in aims if aim.condition == first
        ]
        title = f"{condition.owner}: {condition.written} – {said[-1]}"
        titles[title] = titles.get(title, 0) + 1
        if titles[title] > 1:
            title = f"{title} ({titles[title]})"
        screening = Screening(book, each.start.as_of, ReferenceEngine(book), language)
        document = case_document(each.start.slots, book.vocabulary)
        screened = screening.screen(RawDocument(DocumentSource("proposal", 1), document))
        yield NewCase(
            title=title,
            given=each.start.given,
            as_of=None if each.start.given else each.start.as_of,
            changes=each.start.changes,
            expected=_expected(book, each.root, screened, each.start.as_of, language),
            comments=tuple(_aims_said(aims, conditions, language)),
        )


def _expected(
    book: RuleBook, root: Root, screened: Screened, as_of: date, language: str
) -> Expected:
    """What comes out today of what the case is about."""
    if root.name in book.rules:
        rules = {root.name: rule_truth(book.rules[root.name], screened)}
        return Expected(decision=screened.decision.decision.value, rules=rules)
    if book.migration is not None and root.name in [row.action for row in book.migration.rows]:
        return Expected(action=action_of(book, screened, as_of, language))
    decision = screened.decision
    return Expected(decision=decision.decision.value, channel=decision.channel or NO_CHANNEL)


def _aims_said(
    aims: Sequence[Aim], conditions: Sequence[CoveredCondition], language: str
) -> Iterator[str]:
    """What a case is the first to show, a line a condition."""
    for number in dict.fromkeys(aim.condition for aim in aims):
        condition = conditions[number]
        said = [
            _goal_said(conditions[aim.condition], aim.goal).say(language)
            for aim in aims
            if aim.condition == number
        ]
        yield f"{condition.owner}, {condition.written}: {', '.join(said)}"


def said_of(condition: CoveredCondition, goal: Goal | int, language: str) -> str:
    """What is lacking, with its place: ``FILE:LINE:COLUMN: OWNER: CONDITION: unknown``."""
    head = f"{condition.place}: {condition.owner}: {condition.written}"
    return f"{head}: {_goal_said(condition, goal).say(language)}"


def _goal_said(condition: CoveredCondition, goal: Goal | int) -> Text:
    return GOAL_WORDS[goal] if isinstance(goal, Goal) else edge_words(condition, goal)
