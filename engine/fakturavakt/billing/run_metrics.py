"""What monitoring is told of an outbox: a file in Prometheus' text format, for node_exporter's textfile
collector.

The figures are those of the journal, whatever process asks, so that a watch and a run by cron tell the same.
Documents on hold go elsewhere when they are answered: what counts documents by destination is a gauge.
Nothing in it is about a person or a sender. The format is two dozen lines; a library for it would be one more
thing to keep.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

from fakturavakt import __version__
from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.durable_files import replace_whole
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.run_records import RunRecord, RunState

PREFIX: Final = "fakturavakt_"


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a metric, with what tells it from the others."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric with all of its values."""

    name: str
    kind: Literal["gauge", "counter"]
    says: str
    samples: tuple[Sample, ...]


def exposition(metrics: Iterable[Metric]) -> str:
    """Metrics as Prometheus reads them; one that has no value is left out."""
    return "".join(line + "\n" for metric in metrics for line in _lines(metric))


def _lines(metric: Metric) -> Iterator[str]:
    if not metric.samples:
        return
    name = PREFIX + metric.name
    yield f"# HELP {name} {_escaped(metric.says)}"
    yield f"# TYPE {name} {metric.kind}"
    for sample in metric.samples:
        labels = ",".join(
            f'{label}="{_escaped(value, quoted=True)}"' for label, value in sample.labels.items()
        )
        number = f"{sample.value:.3f}".rstrip("0").rstrip(".")
        yield f"{name}{{{labels}}} {number}" if labels else f"{name} {number}"


def _escaped(said: str, *, quoted: bool = False) -> str:
    said = said.replace("\\", "\\\\").replace("\n", "\\n")
    if quoted:
        said = said.replace('"', '\\"')
    return said.encode("utf-8", "replace").decode()  # a path that is no text


def write_metrics(path: Path, outbox: Outbox, today: date, *, succeeded: bool) -> None:
    """The file anew, whole or as it was before. ``succeeded`` is how the last attempt at a run ended."""
    if outbox.has_journal():
        with outbox.journal(read_only=True) as journal:
            metrics = metrics_of(outbox, journal, today, succeeded=succeeded)
    else:
        metrics = [_success(outbox, succeeded=succeeded)]
    whole = path.absolute()
    replace_whole(whole, exposition(metrics).encode(), whole.with_name(f".{whole.name}.new"))


def metrics_of(outbox: Outbox, journal: Journal, today: date, *, succeeded: bool) -> list[Metric]:
    """All that is told of an outbox."""
    labels = {"outbox": str(outbox.root)}
    runs = list(journal.runs())
    totals = list(journal.totals())
    held = [each for each in totals if each[0] is Destination.HOLD]
    due = [day for _, _, _, day in held if day is not None]
    ended = next((run for run in runs if run.state is RunState.ENDED), None)
    return [
        _success(outbox, succeeded=succeeded),
        Metric(
            "info",
            "gauge",
            "The program that wrote this file.",
            (Sample(1, labels | {"version": __version__}),),
        ),
        Metric(
            "written_timestamp_seconds",
            "gauge",
            "When this file was written.",
            (Sample(time.time(), labels),),
        ),
        Metric(
            "documents",
            "gauge",
            "Documents of all runs by where they are now.",
            _by_place((((where, channel), count) for where, channel, count, _ in totals), labels),
        ),
        Metric(
            "documents_held",
            "gauge",
            "Documents that are on hold.",
            (Sample(sum(count for _, _, count, _ in held), labels),),
        ),
        Metric(
            "hold_nearest_due_days",
            "gauge",
            "Days until the first document on hold is due; below 0 it was due.",
            (Sample((min(due) - today).days, labels),) if due else (),
        ),
        Metric(
            "runs_total",
            "counter",
            "Runs that came to an end, by how.",
            tuple(
                Sample(sum(run.state is state for run in runs), labels | {"state": state})
                for state in (RunState.ENDED, RunState.DISCARDED)
            ),
        ),
        Metric(
            "runs_waiting",
            "gauge",
            "Runs that wait for somebody to release them.",
            (Sample(sum(bool(r.state is RunState.WAITING and r.waits_for) for r in runs), labels),),
        ),
        *(() if ended is None else _last_run(ended, journal, labels)),
    ]


def _success(outbox: Outbox, *, succeeded: bool) -> Metric:
    return Metric(
        "last_run_success",
        "gauge",
        "1 if the last attempt at a run ended without an error.",
        (Sample(succeeded, {"outbox": str(outbox.root)}),),
    )


def _last_run(run: RunRecord, journal: Journal, labels: Mapping[str, str]) -> Iterator[Metric]:
    """Of the last run that ended."""
    assert run.ended is not None
    begun, ended = (datetime.fromisoformat(each).timestamp() for each in (run.started, run.ended))
    yield Metric(
        "last_run_timestamp_seconds",
        "gauge",
        "When the last run ended.",
        (Sample(ended, dict(labels)),),
    )
    yield Metric(
        "last_run_duration_seconds",
        "gauge",
        "How long the last run took, with what it waited.",
        (Sample(max(0, ended - begun), dict(labels)),),
    )
    yield Metric(
        "last_run_documents",
        "gauge",
        "Documents of the last run by where they were put.",
        _by_place(journal.counts(run.run).items(), labels),
    )


def _by_place(
    counts: Iterable[tuple[tuple[Destination, str | None], int]], labels: Mapping[str, str]
) -> tuple[Sample, ...]:
    """By destination, and of what is sent by channel."""
    found: Counter[tuple[str, str]] = Counter()
    for (destination, channel), count in counts:
        of_channel = channel if destination is Destination.SEND else None
        found[destination.value, of_channel or ""] += count
    return tuple(
        Sample(count, dict(labels) | {"destination": destination, "channel": channel})
        for (destination, channel), count in found.items()
    )
