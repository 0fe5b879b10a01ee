"""``fakturavakt run --watch``, and the metrics of ``run``."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Final

import click

from fakturavakt.cli.language import t
from fakturavakt.cli.options import Decorator
from fakturavakt.cli.run_setup import warn_of_skipped
from fakturavakt.cli.terminal import tell, teller

if TYPE_CHECKING:
    from fakturavakt.billing.billing_run import RunResult
    from fakturavakt.billing.journal import Journal
    from fakturavakt.billing.watched_runs import Batch
    from fakturavakt.cli.run_command import Wanted
    from fakturavakt.cli.run_output import RunFormat

_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


class _Time(click.ParamType[float]):
    """A length of time: ``10s``, ``500ms``, ``2m``."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Seconds, or a usage error."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h)", str(value).strip())
        if found is None:
            self.fail(
                t(
                    f"«{value}» er ingen tid; skriv den som 10s, 500ms eller 2m.",
                    f"“{value}” is no length of time; write it like 10s, 500ms or 2m.",
                ),
                param,
                ctx,
            )
        return float(found[1]) * _UNITS[found[2]]


def watch_options() -> Decorator[Any]:
    """``--watch``, ``--settle``, ``--poll`` and ``--metrics``."""

    def decorated(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(_OPTIONS):
            command = option(command)
        return command

    return decorated


_OPTIONS: Final = (
    click.option(
        "--watch",
        is_flag=True,
        help=t(
            "Bli stående, og ta det som kommer inn, etter hvert; SIGTERM eller Ctrl-C avslutter. Trenger "
            "fakturavakt[watch].",
            "Stay, and take what comes in as it comes; SIGTERM or Ctrl-C ends it. Needs fakturavakt[watch].",
        ),
    ),
    click.option(
        "--settle",
        type=_Time(),
        default="10s",
        show_default=True,
        metavar=t("TID", "TIME"),
        envvar="FAKTURAVAKT_SETTLE",
        help=t(
            "Så lenge må en fil ha ligget uendret før --watch regner den som hel; en som har fått sitt "
            "endelige navn, tas straks.",
            "So long a file must have been unchanged before --watch takes it for whole; one that has been "
            "given its final name is taken at once.",
        ),
    ),
    click.option(
        "--poll",
        is_flag=True,
        envvar="FAKTURAVAKT_POLL",
        help=t(
            "Spør filsystemet om endringer, for en nettverksmappe som ikke sier fra.",
            "Ask the file system for changes, for a network share that does not tell of them.",
        ),
    ),
    click.option(
        "--metrics",
        type=click.Path(dir_okay=False),
        metavar=t("FIL", "FILE"),
        envvar="FAKTURAVAKT_METRICS",
        help=t(
            "Skriv måltall hit etter hver kjøring, i Prometheus' tekstformat (FIL.prom).",
            "Write metrics here after each run, in Prometheus' text format (FILE.prom).",
        ),
    ),
)


@contextmanager
def measured(metrics: str | None, to: str) -> Iterator[None]:
    """Metrics are written behind it, however it ends; but for one that was refused since another is at it."""
    from fakturavakt.billing.outbox import OutboxInUseError

    try:
        yield
    except OutboxInUseError:
        raise
    except BaseException:
        with suppress(Exception):  # what ended the run is what is told
            write(metrics, to, succeeded=False)
        raise
    write(metrics, to, succeeded=True)


def write(metrics: str | None, to: str, *, succeeded: bool) -> None:
    """The file of metrics anew, if it was asked for."""
    if metrics is None:
        return
    from fakturavakt.billing.outbox import Outbox
    from fakturavakt.billing.run_metrics import write_metrics
    from fakturavakt.screening import today_in_oslo

    write_metrics(Path(metrics), Outbox(Path(to)), today_in_oslo(), succeeded=succeeded)


def watched(
    wanted: Callable[[], Wanted],
    *,
    inputs: tuple[str | None, ...],
    settle: float,
    poll: bool,
    metrics: str | None,
) -> None:
    """Bill what comes in until a signal ends it. ``wanted`` is asked anew where the rule book or the register
    (``inputs``) have changed, and on another day.
    """
    from fakturavakt.billing.inbox_watch import Arrivals, InboxWatch, is_passing, passing_files
    from fakturavakt.billing.outbox import Outbox, OutboxInUseError
    from fakturavakt.billing.run_records import RunState
    from fakturavakt.billing.watched_runs import WATCH_LOCK, WatchedRuns, another_watches
    from fakturavakt.cli.run_guard import tell_what_to_do
    from fakturavakt.cli.run_output import tell_duplicates

    first = wanted()
    outbox = Outbox(first.to)
    stop = Event()
    kept: list[Any] = [_state_of(inputs), first]

    def prepared() -> Batch:
        state = _state_of(inputs)
        if kept[0] != state:
            kept[:] = [state, wanted()]
        batch: Batch = kept[1].batch(outbox)
        return batch

    told_of: set[str] = set()

    def listing() -> tuple[list[str], list[str]]:
        files, others = first.listed()
        fresh = [f for f in others if f not in told_of and not is_passing(Path(f).name)]
        told_of.update(fresh)
        warn_of_skipped(fresh, warn)
        return files, list(passing_files(first.inbox))

    def ended(journal: Journal, result: RunResult) -> None:
        tell_duplicates(journal, result)
        _say(result, first.format, language)
        if result.run.state is RunState.WAITING:
            tell_what_to_do(first.to, result.run.run)
        write(metrics, str(first.to), succeeded=True)

    language = first.screening.language
    warn = teller(language)
    runs = WatchedRuns(outbox, first.inbox, prepared, stop, ended, warn)
    watch = InboxWatch(
        first.inbox,
        Arrivals(settle),
        listing,
        runs.bill,
        stop,
        poll,
        lambda: write(metrics, str(first.to), succeeded=True),
    )
    try:
        with outbox.locked(WATCH_LOCK), _signals_stop(stop):
            _tell_now(t(f"Følger med på {first.inbox}.", f"Watching {first.inbox}."))
            watch.run()
    except OutboxInUseError:
        raise OutboxInUseError(another_watches(outbox)) from None
    _tell_now(t("Avsluttet.", "Ended."))


def _say(result: RunResult, form: RunFormat, language: str) -> None:
    """A line a run on stdout, which may be a log."""
    from fakturavakt.billing.books import report_on
    from fakturavakt.report.machine import safe

    if form == "json":
        report = json.dumps(report_on(result.run, result.books), ensure_ascii=False)
        print(safe(report), flush=True)
        return
    now = datetime.now().astimezone().isoformat(" ", "seconds")
    print(f"{now} {result.run.run}: {result.books.sentence().say(language)}", flush=True)


def _tell_now(said: str) -> None:
    tell(f"{datetime.now().astimezone().isoformat(' ', 'seconds')} {said}")


def _state_of(inputs: tuple[str | None, ...]) -> list[object]:
    """The day, and what there is in the folders."""
    from fakturavakt.screening import today_in_oslo

    found: list[object] = [today_in_oslo()]
    for folder in inputs:
        for root, folders, names in os.walk(folder) if folder is not None else ():
            folders.sort()
            for name in sorted(names):
                path = os.path.join(root, name)  # noqa: PTH118 (one string a file)
                with suppress(OSError):
                    status = os.stat(path)  # noqa: PTH116
                    found.append((path, status.st_size, status.st_mtime_ns, status.st_ino))
    return found


@contextmanager
def _signals_stop(stop: Event) -> Iterator[None]:
    """The first signal asks for an end where nothing is left half; a second one ends the program as ever."""
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}

    def ask(_number: int, _frame: object) -> None:
        stop.set()
        for each, handler in before.items():
            signal.signal(each, handler)

    for each in before:
        signal.signal(each, ask)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
