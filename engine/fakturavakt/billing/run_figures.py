"""The figures of a run: how many of each sender's documents were blocked, held, found by each rule, lack each
fact, go to each channel.

Counted in the journal by SQL when a run is planned, and kept there, so that later runs need not count a year
of documents again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from fakturavakt.billing.journal import Journal
from fakturavakt.billing.run_records import RunRecord, RunState

WHOLE: Final = ""
"""Stands for all documents of a run, also those of which no sender is known."""
NO_SENDER: Final = "?"
DAYS: Final = 60
"""Days with runs that are looked back on."""


class Kind(StrEnum):
    """What is counted; in the order in which it is told."""

    UNREADABLE = "unreadable"
    BLOCK = "block"
    HOLD = "hold"
    OUT_OF_SCOPE = "out-of-scope"
    RULE = "rule"
    RULE_UNKNOWN = "rule-unknown"
    MISSING = "missing"
    CHANNEL = "channel"
    DOCUMENTS = "documents"


class Figure(NamedTuple):
    """One figure: ``name`` is the rule's, the fact's or the channel's."""

    kind: Kind
    name: str = ""


ALWAYS: Final = (*map(Figure, (Kind.UNREADABLE, Kind.BLOCK, Kind.HOLD, Kind.OUT_OF_SCOPE)),)
"""Figures that every run has, if only as 0."""
ALL: Final = Figure(Kind.DOCUMENTS)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one sender in one run. ``of_day`` is how many documents it had that day, up to this run."""

    of: Mapping[Figure, int]
    of_day: int = 0

    @property
    def documents(self) -> int:
        """All of them, but for those that came before."""
        return self[ALL]

    def __getitem__(self, figure: Figure) -> int:
        return self.of.get(figure, 0)


@dataclass(frozen=True, slots=True)
class RunFigures:
    """All figures of a run, by sender, with :data:`WHOLE` among them; ``day`` is its screening date.

    ``seen_by_hand`` says that it was stopped, and somebody looked and released it.
    """

    run: str
    day: date
    senders: Mapping[str, Counts] = field(default_factory=dict)
    seen_by_hand: bool = False


def take(journal: Journal, run: str) -> None:
    """Count a run that is planned, and keep it; within a transaction."""
    journal.execute(_TABLE)
    journal.execute(
        "DELETE FROM figures WHERE run = ? OR run IN (SELECT run FROM runs WHERE state = ?)",
        run,
        RunState.DISCARDED,
    )
    for kind, name, source, where in _COUNTED:
        journal.execute(
            f"INSERT INTO figures SELECT run, coalesce(sender, '{NO_SENDER}'), {kind}, {name}, "  # noqa: S608
            f"count(DISTINCT document) FROM documents{source} WHERE run = ? AND destination NOT IN "
            f"('duplicate', 'not-placed') AND {where} GROUP BY 2, 3, 4",
            run,
        )
    journal.execute(
        f"INSERT INTO figures SELECT run, '{WHOLE}', kind, name, sum(documents) FROM figures "  # noqa: S608
        "WHERE run = ? GROUP BY kind, name",
        run,
    )


def runs_up_to(
    journal: Journal, run: RunRecord, history: Journal
) -> tuple[RunFigures, list[RunFigures]]:
    """The figures of a run that is planned, and those of the runs that have ended, the oldest first.

    A run that was stopped and then released has ended like any other.
    """
    found = [
        RunFigures(each, date.fromisoformat(day), _counts(history, each), by is not None)
        for each, day, by in _ended(history)
    ]
    found.append(
        RunFigures(run.run, date.fromisoformat(run.about["as_of"]), _counts(journal, run.run))
    )
    *earlier, now = _with_days(found)
    return now, earlier


def _ended(history: Journal) -> list[tuple[str, str, str | None]]:
    """Run, day and who released it; none where no guard has been here yet."""
    if not history.has_table("figures"):
        return []
    ended = history.execute(
        "SELECT run, json_extract(about, '$.as_of') AS day, released_by FROM runs WHERE state = ? AND run IN "
        "(SELECT DISTINCT run FROM figures) ORDER BY started DESC, rowid DESC",
        RunState.ENDED,
    )
    days = set(list(dict.fromkeys(day for _, day, _ in ended))[:DAYS])
    return [(run, day, by) for run, day, by in reversed(ended) if day in days]


def _counts(journal: Journal, run: str) -> dict[str, Counts]:
    found: defaultdict[str, dict[Figure, int]] = defaultdict(dict)
    rows = journal.execute("SELECT sender, kind, name, documents FROM figures WHERE run = ?", run)
    for sender, kind, name, documents in rows:
        found[sender][Figure(Kind(kind), name)] = documents
    return {sender: Counts(of) for sender, of in found.items()}


def _with_days(runs: Sequence[RunFigures]) -> list[RunFigures]:
    so_far: defaultdict[tuple[date, str], int] = defaultdict(int)
    found = []
    for run in runs:
        senders = {}
        for sender, counts in run.senders.items():
            so_far[run.day, sender] += counts.documents
            senders[sender] = replace(counts, of_day=so_far[run.day, sender])
        found.append(replace(run, senders=senders))
    return found


_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS figures (run TEXT NOT NULL, sender TEXT NOT NULL, kind TEXT NOT NULL, "
    "name TEXT NOT NULL, documents INTEGER NOT NULL, PRIMARY KEY (run, sender, kind, name)) "
    "STRICT, WITHOUT ROWID"
)
_COUNTED: Final = (
    ("'documents'", "''", "", "TRUE"),
    (
        "destination",
        "''",
        "",
        "destination IN ('unreadable', 'block', 'hold', 'out-of-scope')",
    ),
    ("'channel'", "channel", "", "destination = 'send' AND channel IS NOT NULL"),
    (
        "CASE told.value WHEN 'holds' THEN 'rule' ELSE 'rule-unknown' END",
        "told.key",
        ", json_each(findings) AS told",
        "findings <> '{}'",
    ),
    (
        "'missing'",
        "json_extract(told.value, '$[0]')",
        ", json_each(missing) AS told",
        "missing <> '[]'",
    ),
)
"""Kind, name, what else is read, and which documents."""
