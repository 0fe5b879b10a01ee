"""The guard of a run: held against the earlier runs of its senders and against fixed limits, before anything
is put anywhere. What is outside makes the whole run wait for somebody to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from fakturavakt.billing import run_figures
from fakturavakt.billing.check_point import Plan
from fakturavakt.billing.feed_record import differences, empty_files
from fakturavakt.billing.fixed_limits import FixedLimits
from fakturavakt.billing.guard_words import (
    inbox_first,
    likely_cause,
    new_sender,
    no_run_before,
    sentences,
)
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.run_figures import (
    ALL,
    ALWAYS,
    WHOLE,
    Counts,
    Figure,
    Kind,
    RunFigures,
)
from fakturavakt.billing.run_records import RunRecord, RunState
from fakturavakt.billing.usual_band import Band, Seen, is_enough, usual_number, usual_share
from fakturavakt.texts import Text

LOOKED_BACK: Final = 7
"""Runs that are searched for a cause: what fell silent was not noticed on the first day."""


@dataclass(frozen=True, slots=True)
class Outside:
    """A figure that is not as it should be: ``count`` of a sender's ``documents`` (or of the whole run's).

    ``limit`` is the fixed one that it is above; else ``band`` is the usual one that it is out of. Of
    :attr:`Kind.DOCUMENTS` the number itself is meant, ``documents`` those of the day.
    """

    sender: str
    figure: Figure
    count: int
    documents: int
    band: Band | None = None
    limit: float | None = None
    limit_is_own: bool = False

    @property
    def share(self) -> float:
        """What of the documents has it."""
        return self.count / self.documents if self.documents else 0.0

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        usual = None
        if self.band is not None:
            low, high = round(self.band.low, 6), round(self.band.high, 6)
            usual = {"from": low, "to": high, "runs": self.band.runs}
        return {
            "sender": self.sender or None,
            "figure": self.figure.kind,
            "name": self.figure.name or None,
            "count": self.count,
            "documents": self.documents,
            "usual": usual,
            "limit": self.limit,
        }


def judge(now: RunFigures, earlier: Sequence[RunFigures], limits: FixedLimits) -> Iterator[Outside]:
    """All that is outside, in the order in which it is told: what weighs most first."""
    found: list[Outside] = []
    for sender, counts in now.senders.items():
        if sender == run_figures.NO_SENDER or not counts.documents:
            continue
        before = [
            (each, each.senders[sender])
            for each in earlier
            if sender in each.senders and each.senders[sender].documents
        ]
        # What says most of a figure that is outside in several ways: a limit that somebody set, then what is
        # usual.
        above = list(_above_limits(sender, counts, limits))
        ways = {each.figure: each for each in above if not each.limit_is_own}
        ways |= {each.figure: each for each in _unusual(sender, now, counts, before)}
        ways |= {each.figure: each for each in above if each.limit_is_own}
        found += ways.values()
    order = {kind: n for n, kind in enumerate(Kind)}
    found.sort(
        key=lambda each: (
            order[each.figure.kind],
            each.sender == WHOLE,
            -each.count,
            each.sender,
            each.figure,
        )
    )
    yield from found


def _above_limits(sender: str, counts: Counts, limits: FixedLimits) -> Iterator[Outside]:
    if counts.documents < limits.from_documents:
        return
    for figure, limit, own in _limits(limits):
        if counts[figure] > limit * counts.documents:
            yield Outside(
                sender, figure, counts[figure], counts.documents, limit=limit, limit_is_own=own
            )


def _limits(limits: FixedLimits) -> Iterator[tuple[Figure, float, bool]]:
    for name, limit in limits.decisions.items():
        yield Figure(Kind(name)), limit, name in limits.configured
    for name, limit in limits.rules.items():
        yield Figure(Kind.RULE, name), limit, True
    for name, limit in limits.missing.items():
        yield Figure(Kind.MISSING, name), limit, True


def _unusual(
    sender: str, now: RunFigures, counts: Counts, before: Sequence[tuple[RunFigures, Counts]]
) -> Iterator[Outside]:
    if not is_enough([run.day for run, _ in before]):
        return
    figures = {*ALWAYS, *counts.of, *(figure for _, each in before for figure in each.of)} - {ALL}
    for figure in figures:
        seen = [Seen(run.day, each[figure], each.documents) for run, each in before]
        documents = counts.documents
        if not counts[figure]:
            # One silent day of a rare figure says little, and a week of them much.
            silent = _silent_runs(figure, before)
            documents += sum(each.documents for each in seen[len(seen) - silent :])
            seen = seen[: len(seen) - silent]
        band = usual_share(seen, documents, now.day)
        if band is not None and counts[figure] / documents not in band:
            yield Outside(sender, figure, counts[figure], documents, band)
    numbers = usual_number([(run.day, each.of_day) for run, each in before], now.day)
    if numbers is not None and counts.of_day not in numbers:
        yield Outside(sender, ALL, counts.of_day, counts.of_day, numbers)


def _silent_runs(figure: Figure, before: Sequence[tuple[RunFigures, Counts]]) -> int:
    """How many of the last runs had none of it. One that was released by hand, somebody has seen."""
    silent = 0
    for run, counts in reversed(before):
        if counts[figure] or run.seen_by_hand:
            break
        silent += 1
    return silent


@dataclass(frozen=True, slots=True)
class Guard:
    """A :class:`CheckPoint`: counts a run, keeps the figures, and says why it must wait."""

    limits: FixedLimits = field(default_factory=FixedLimits)

    def __call__(self, plan: Plan) -> tuple[Text, ...]:
        """What is outside, and the likely cause; nothing where all is as usual."""
        journal, run = plan.journal, plan.run
        with journal.transaction():
            run_figures.take(journal, run.run)
            history = plan.history or journal
            now, earlier = run_figures.runs_up_to(journal, run, history)
            outside = list(judge(now, earlier, self.limits))
            cause = _cause(history, run, outside, now, earlier) if outside else None
            said = str(run.about.get("language"))
            report = {
                "runs": len(earlier),
                "outside": [each.as_dict() for each in outside],
                "cause": None if cause is None else cause.say(said),
            }
            journal.say_about(run.run, "guard", report)
        return () if cause is None else (*sentences(outside), cause)


def _cause(
    history: Journal,
    run: RunRecord,
    outside: Sequence[Outside],
    now: RunFigures,
    earlier: Sequence[RunFigures],
) -> Text:
    """What is different from the last run; where that is nothing, from one of the runs before it."""
    ended = [each for each in history.runs() if each.state is RunState.ENDED]
    if not ended:
        found = empty_files(run.about)
        return likely_cause(found) if found else no_run_before()
    newcomers = _newcomers(now, earlier)
    for n, before in enumerate(ended[:LOOKED_BACK]):
        if found := [*differences(run.about, before.about), *newcomers]:
            day = date.fromisoformat(before.about["as_of"])
            return likely_cause(found, day if n else None)
    if all(each.figure == ALL for each in outside):
        return inbox_first()
    return likely_cause([])


def _newcomers(now: RunFigures, earlier: Sequence[RunFigures]) -> list[Text]:
    known = {WHOLE, run_figures.NO_SENDER}.union(*(each.senders for each in earlier))
    found = [(name, each.documents) for name, each in now.senders.items() if name not in known]
    found.sort(key=lambda each: (-each[1], each[0]))
    return list(new_sender(found)) if found and earlier else []
