"""The billing runs of a watched inbox: each batch of files is one of its own.

A watch holds a lock of its own from beginning to end, so that there is one; the lock of the outbox it takes
for a run only, so that a run that waits can be released, and holds answered, while it goes on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from fakturavakt.billing.billing_run import BillingRun, RunResult
from fakturavakt.billing.inbox_watch import Billed
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.outbox import Outbox, OutboxInUseError
from fakturavakt.billing.run_records import Mode, RunState, SourceState
from fakturavakt.billing.screened_files import Told
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.texts import Text, text

WATCH_LOCK: Final = "watch.lock"


@dataclass(frozen=True, slots=True)
class Batch:
    """What bills one batch: the run, and what is told of the files."""

    run: BillingRun
    mode: Mode
    told: Callable[[tuple[str, ...]], Generator[Told, None, None]]


class _StoppedError(Exception):
    """Somebody asked the watch to stop, and a run is where it can."""


@dataclass
class WatchedRuns:
    """Bills batches into one outbox. ``prepared`` gives what bills the next one, by the rule book and the
    register as they are then; ``ended`` is told of each run.
    """

    outbox: Outbox
    inbox: str
    prepared: Callable[[], Batch]
    stop: Event
    ended: Callable[[Journal, RunResult], None] = lambda _journal, _result: None
    warn: Callable[[Text], None] = lambda _said: None
    _waiting: tuple[str, tuple[str, ...]] | None = field(default=None, init=False)
    """The run that waits to be released, and the files that are in it."""
    _is_in_use: bool = field(default=False, init=False)

    def bill(self, files: tuple[str, ...]) -> Billed:
        """Finish what was left, then a run over the files, if nothing is in the way of it. ``stop`` ends it
        between two files, or between two batches of what is placed; the next one goes on from there.
        """
        if self._still_waits():
            return Billed(files, waits=True)
        batch = self.prepared()
        listener = batch.run.listener
        listener.planned = lambda _document: self._may_stop()
        listener.placed = lambda _documents: self._may_stop()
        try:
            with self.outbox.locked():
                self.outbox.make()
                with self.outbox.journal() as journal:
                    billed = self._bill(batch, journal, files)
        except OutboxInUseError as error:
            if not self._is_in_use:
                self.warn(error.reason)
            self._is_in_use = True
            return Billed(files, waits=True)
        except _StoppedError:
            return Billed(files)
        except RunError:
            if self.stop.is_set():  # processes that screen were ended together with this one
                return Billed(files)
            raise
        self._is_in_use = False
        return billed

    def _still_waits(self) -> bool:
        """Asked without the lock, which whoever releases the run needs."""
        if self._waiting is None:
            return False
        with self.outbox.journal(read_only=True) as journal:
            found = journal.run(self._waiting[0])
        return found is not None and found.state is RunState.WAITING

    def _may_stop(self) -> None:
        if self.stop.is_set():
            raise _StoppedError

    def _bill(self, batch: Batch, journal: Journal, files: tuple[str, ...]) -> Billed:
        if self._waiting is not None:
            run, waited = self._waiting
            self._waiting = None
            found = journal.run(run)
            if found is None or found.state is RunState.DISCARDED:
                return Billed((*files, *waited))
        earlier = batch.run.finish(journal)
        if earlier is not None:
            self.ended(journal, earlier)
            if earlier.run.state is RunState.WAITING:
                self._waiting = earlier.run.run, ()
                return Billed(files, waits=True)
        self._may_stop()
        if not files:
            return Billed()
        with closing(batch.told(files)) as told:
            result = batch.run.run(journal, self.inbox, batch.mode, told)
        self.ended(journal, result)
        if result.run.state is RunState.WAITING:
            self._waiting = result.run.run, files
            return Billed(waits=True)
        changed = journal.sources(
            result.run.run, SourceState.CHANGED, SourceState.GONE, SourceState.LEFT
        )
        again = {each.path for each in changed}
        return Billed(tuple(each for each in files if self._relative(each) in again))

    def _relative(self, file: str) -> str:
        return os.path.relpath(file, self.inbox)


def another_watches(outbox: Outbox) -> Text:
    """That the outbox has its watch already."""
    return _WATCHED.filled(outbox=outbox.root)


_WATCHED: Final = text(
    "Utboksen {outbox} har allerede en --watch som legger dokumenter i den. Avslutt den først.",
    "The outbox {outbox} has a --watch already that puts documents into it. End that one first.",
)
