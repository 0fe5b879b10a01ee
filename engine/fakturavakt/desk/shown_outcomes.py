"""What the cases beside the rules show by themselves: where a document shows that something can be,
nothing has to be proved, and a check of a rule book with good cases asks the solver next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fakturavakt.desk.coverage import CoverageRecorder, Goal
from fakturavakt.desk.tried_facts import facts_of_case
from fakturavakt.engines.outcomes import Truth
from fakturavakt.engines.reference import truth
from fakturavakt.intake.facts import Facts
from fakturavakt.problems import Place
from fakturavakt.rulebook.case_files import Case
from fakturavakt.rulebook.conditions import Condition
from fakturavakt.rulebook.model import RuleBook


@dataclass
class ShownOutcomes:
    """What conditions of one rule book made of some documents."""

    book: RuleBook
    facts: Sequence[Facts]
    _truths: dict[tuple[int, bool], tuple[Truth, ...]] = field(default_factory=dict)
    _kept: list[Condition] = field(default_factory=list)

    def __post_init__(self) -> None:
        recorder = CoverageRecorder(self.book)
        for each in self.facts:
            recorder.watch(each)
        self._seen = {
            (each.owner, each.place, each.depth): each.seen
            for each in recorder.coverage().conditions
        }

    def truths(self, condition: Condition, *, by_line: bool = False) -> tuple[Truth, ...]:
        """Its outcome on each document, or on each line of each."""
        key = (id(condition), by_line)
        if key not in self._truths:
            self._kept.append(condition)  # while it is, nothing else has its id
            self._truths[key] = tuple(
                truth(condition, facts, line)
                for facts in self.facts
                for line in ((facts.lines or ()) if by_line else (None,))
            )
        return self._truths[key]

    def came_out(self, owner: str, place: Place, depth: int, outcome: Truth) -> bool:
        """Whether a condition came out so on some document."""
        return Goal(outcome) in self._seen.get((owner, place, depth), ())

    def decided_alone(self, owner: str, place: Place, depth: int, outcome: Truth) -> bool:
        """Whether a condition alone made its rule what it was, with this outcome, on some document."""
        return Goal(outcome, alone=True) in self._seen.get((owner, place, depth), ())


def shown_by_cases(book: RuleBook, cases: Iterable[Case]) -> ShownOutcomes:
    """What the documents of cases show, whether somebody has confirmed what was expected of them or not."""
    return ShownOutcomes(book, [facts_of_case(book, case) for case in cases])
