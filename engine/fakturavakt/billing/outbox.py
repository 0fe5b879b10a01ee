"""The folder that a run puts documents into: its places, its lock, and what is its own business.

``OUTBOX/send/CHANNEL``, ``block``, ``hold`` and so on are for whoever collects documents. All else is in
``OUTBOX/.fakturavakt``: the journal, the lock, and ``staged``, where documents are written before they are
renamed to their places. Written there, and not under a passing name in their own folder, nobody who watches a
folder ever sees half a document or a name that goes away again.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from fakturavakt.billing.destinations import PLACES, Destination, key_of
from fakturavakt.billing.durable_files import make_folder, remove
from fakturavakt.billing.journal import Journal
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.screening import OSLO
from fakturavakt.texts import Text, text

OWN: Final = ".fakturavakt"


class OutboxInUseError(RunError):
    """Another process holds the lock."""


class Outbox:
    """The places of one outbox; nothing is made until it is asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.own = self.root / OWN
        self.journal_file = self.own / "journal.sqlite"
        self.staged = self.own / "staged"
        self.reports = self.root / "runs"

    def report_of(self, run: str) -> Path:
        """Where the report of a run is kept."""
        return self.reports / f"{run}.json"

    def has_journal(self) -> bool:
        """Whether a run has been here before."""
        return self.journal_file.exists()

    def make(self) -> None:
        """What every run needs."""
        for folder in (self.staged, self.reports):
            make_folder(folder)

    def folder(self, name: str) -> Path:
        """A destination's folder, ``send/efaktura``: made, and on the same disk as the outbox.

        Raises :class:`RunError` where it is on another one: nothing can be renamed to there.
        """
        folder = self.root / name
        make_folder(folder)
        if folder.stat().st_dev != self.staged.stat().st_dev:
            raise RunError(_OTHER_DISK.filled(folder=folder))
        return folder

    def journal(self, *, read_only: bool = False) -> Journal:
        """The journal; to write to it, hold the lock."""
        return Journal(self.journal_file, read_only=read_only)

    def names(self) -> Iterator[str]:
        """The keys of all names that stand in the destinations' folders."""
        for destination in PLACES:
            folders = [self.root / destination]
            if destination is Destination.SEND and folders[0].is_dir():
                folders = [each for each in folders[0].iterdir() if each.is_dir()]
            for folder in folders:
                with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
                    name = folder.relative_to(self.root).as_posix()
                    yield from (key_of(name, entry.name) for entry in entries)

    def clear_staged(self, kept: set[str]) -> None:
        """Take away what an interrupted run had begun to write, but for the names that are ``kept``."""
        for entry in list(self.staged.iterdir()):
            if entry.name not in kept:
                remove(entry)

    @contextmanager
    def locked(self, name: str = "lock") -> Iterator[None]:
        """One run at a time; under another ``name``, one at a time of whatever that stands for.

        Raises :class:`OutboxInUseError`, which says who holds the outbox.
        """
        make_folder(self.own)
        with (self.own / name).open("a+", encoding="utf-8") as lock:
            if sys.platform != "win32":
                import fcntl

                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise OutboxInUseError(self._held(lock.name)) from None
            now = datetime.now(ZoneInfo(OSLO)).isoformat(timespec="seconds")
            holder = {"process": os.getpid(), "machine": socket.gethostname(), "since": now}
            with contextlib.suppress(OSError):  # a full disk: the lock holds without a name on it
                lock.truncate(0)
                lock.write(json.dumps(holder))
                lock.flush()
            yield

    def _held(self, lock: str) -> Text:
        try:
            holder = json.loads(Path(lock).read_text(encoding="utf-8"))
            since = datetime.fromisoformat(holder["since"])
            who = {"process": holder["process"], "machine": holder["machine"], "since": since}
        except (OSError, ValueError, KeyError, TypeError):  # it has not come so far yet
            return _IN_USE.filled(outbox=self.root)
        return _IN_USE_BY.filled(outbox=self.root, **who)


_IN_USE: Final = text(
    "En annen kjøring bruker utboksen {outbox} nå. Vent til den er ferdig.",
    "Another run is using the outbox {outbox} now. Wait until it has ended.",
)
_IN_USE_BY: Final = text(
    "En annen kjøring bruker utboksen {outbox} nå: prosess {process} på {machine}, siden {since:%H:%M:%S}. "
    "Vent "
    "til den er ferdig.",
    "Another run is using the outbox {outbox} now: process {process} on {machine}, since {since:%H:%M:%S}. "
    "Wait until "
    "it has ended.",
)
_OTHER_DISK: Final = text(
    "{folder} ligger på en annen disk enn utboksen, så ingenting kan legges dit i ett grep. Flytt mappen til "
    "samme "
    "disk.",
    "{folder} lies on another disk than the outbox, so nothing can be put there in one step. Move the folder "
    "to the "
    "same disk.",
)
