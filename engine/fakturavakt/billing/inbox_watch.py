"""An inbox that fills all day: which of its files are complete, and when they are billed.

A file is complete when

- it has not changed, in size or in the time of its last change, for as long as ``settle`` says; or
- it was seen under a passing name (``.part``, a dot in front) and has been renamed since: whoever writes so
says by it that the file is whole; or
- it is an XML or JSON document that is whole by its form: nothing can follow behind its end.

How long is measured by a clock that only goes forward; times of files are compared with one another, never
with a clock. What is complete is looked at once more just before it is billed, and a run places nothing that
has changed since it was screened. The watching itself is ``watchfiles`` (extra ``[watch]``), imported only
here: it says when to look, and nothing else depends on it.
"""

from __future__ import annotations

import importlib
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, Final

from fakturavakt.billing.screened_files import AT_ONCE
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.json_documents import read_json
from fakturavakt.intake.ubl import read_ubl
from fakturavakt.texts import text

PASSING: Final = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", "~")
"""Endings of names that a file has only while it is written."""
TICK: Final = 0.25
"""Seconds between looks while something is being delivered."""
_LOOK_ANYWAY: Final = 15.0
"""Seconds after which the inbox is looked at though nothing was told of it: systems drop what they tell."""
ASKED_MAX: Final = 250
"""Documents whose form is looked at in one look: a full inbox must not hold up an end of the watch."""
_IDLE: Final = 60.0
_TOGETHER_MAX: Final = 5.0
"""Seconds that complete files wait for others that still come in, to be billed with them."""
_AGAIN: Final = 2.0
"""Seconds until it is tried again, where a run waits to be released or the outbox is in use."""


def is_passing(name: str) -> bool:
    """Whether a file is still being written, by its name."""
    return name.startswith(".") or name.lower().endswith(PASSING)


def passing_files(inbox: str) -> Iterator[str]:
    """The files of an inbox that have a passing name."""
    for root, folders, names in os.walk(inbox):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(root, name) for name in names if is_passing(name))  # noqa: PTH118


@dataclass(frozen=True, slots=True)
class _Stamp:
    size: int
    changed_ns: int
    renamed_ns: int
    """When anything about the file was last changed, its name too."""
    inode: tuple[int, int]

    def is_same(self, other: _Stamp) -> bool:
        """Whether the content was not written to in between."""
        return (self.size, self.changed_ns, self.inode) == (
            other.size,
            other.changed_ns,
            other.inode,
        )


def _stamp(path: str) -> _Stamp | None:
    try:
        status = os.stat(path)  # noqa: PTH116 (one call a file and look)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    inode = (status.st_dev, status.st_ino)
    return _Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, inode)


@dataclass
class _Seen:
    """A file that is not billed yet: as it is, since when, and whether it is whole by its form (None where
    nobody has asked).
    """

    stamp: _Stamp
    since: float
    whole: bool | None = None


@dataclass
class Arrivals:
    """What has come into an inbox, from one look at it to the next. ``settle`` is in seconds."""

    settle: float
    clock: Callable[[], float] = time.monotonic
    _seen: dict[str, _Seen] = field(default_factory=dict)
    _taken: dict[str, _Stamp] = field(default_factory=dict)
    """Files that were billed, and may still be there."""
    _passing: dict[tuple[int, int], _Stamp] = field(default_factory=dict)

    def look(self, documents: Iterable[str], passing: Iterable[str]) -> list[str]:
        """One look: the documents that are complete and not taken yet, in their order. ``passing`` are files
        under a passing name.
        """
        now = self.clock()
        before, self._seen = self._seen, {}
        taken, self._taken = self._taken, {}
        complete: list[str] = []
        inodes = set()
        asked = 0
        for path in documents:
            stamp = _stamp(path)
            if stamp is None:
                continue
            if path in taken and taken[path].is_same(stamp):
                self._taken[path] = taken[path]
                continue
            inodes.add(stamp.inode)
            known = before.get(path)
            if known is None or not known.stamp.is_same(stamp):
                known = _Seen(stamp, now)
            self._seen[path] = known
            if self._was_renamed(stamp):
                known.whole = True
            if known.whole is None and asked < ASKED_MAX:
                known.whole = _is_whole(path, stamp)
                asked += 1
            if known.whole or now - known.since >= self.settle:
                complete.append(path)
        kept = {inode: each for inode, each in self._passing.items() if inode in inodes}
        found = (each for each in map(_stamp, passing) if each is not None)
        self._passing = kept | {each.inode: each for each in found}
        return complete

    def _was_renamed(self, stamp: _Stamp) -> bool:
        """Whether this is the file that had a passing name. Its inode alone does not say so, a new file may
        have got it; but a file that is being written was last changed by being written to.
        """
        earlier = self._passing.get(stamp.inode)
        return (
            earlier is not None
            and earlier.size <= stamp.size
            and earlier.changed_ns <= stamp.changed_ns < stamp.renamed_ns
        )

    @property
    def awaited(self) -> bool:
        """Whether anything is there that is not taken yet."""
        return bool(self._seen or self._passing)

    def take(self, files: Iterable[str]) -> tuple[str, ...]:
        """Those of the files that are still as they were at the last look; they are not told of again until
        they change.
        """
        found = []
        for path in files:
            stamp = _stamp(path)
            seen = self._seen.get(path)
            if stamp is not None and seen is not None and seen.stamp.is_same(stamp):
                del self._seen[path]
                self._taken[path] = stamp
                found.append(path)
        return tuple(found)

    def give_back(self, files: Iterable[str]) -> None:
        """Files that were taken and not billed after all."""
        for path in files:
            self._taken.pop(path, None)


def _is_whole(path: str, stamp: _Stamp) -> bool:
    """Whether a document cannot go on behind what there is of it. Of lines and rows there can always be
    more.
    """
    name = path.lower()
    if not 0 < stamp.size <= AT_ONCE or not name.endswith((".xml", ".json")):
        return False
    try:
        data = Path(path).read_bytes()
    except OSError:
        return False
    read = [read_ubl(data, path)] if name.endswith(".xml") else list(read_json(data, path))
    return bool(read) and all(isinstance(each, RawDocument) for each in read)


@dataclass(frozen=True, slots=True)
class Billed:
    """What became of files that were to be billed. ``again`` are those that were not, and are tried once
    more: at once, or, where ``waits``, when whatever is in the way may be out of it.
    """

    again: tuple[str, ...] = ()
    waits: bool = False


@dataclass
class InboxWatch:
    """Bills what comes in, until it is told to stop. ``listing`` gives the documents of the inbox and the
    files under passing names; ``idle`` is called every minute.
    """

    inbox: str
    arrivals: Arrivals
    listing: Callable[[], tuple[list[str], list[str]]]
    bill: Callable[[tuple[str, ...]], Billed]
    stop: Event
    poll: bool = False
    idle: Callable[[], None] = lambda: None
    clock: Callable[[], float] = time.monotonic

    def run(self) -> None:
        """First what an earlier run left, then batch after batch.

        Raises :class:`RunError` where watching is not possible.
        """
        billed = Billed(waits=True)
        not_before = look_at = idle_at = self.clock()
        before: list[str] = []
        complete_since = look_at
        for told in wakes(self.inbox, self.stop, poll=self.poll):
            now = self.clock()
            if now >= idle_at:
                self.idle()
                idle_at = now + _IDLE
            if billed.waits and now >= not_before:
                billed = self._bill(())
                not_before = self.clock() + _AGAIN
            if self.stop.is_set():
                return
            if not (told or before or self.arrivals.awaited or now >= look_at):
                continue
            look_at = now + _LOOK_ANYWAY
            complete = self.arrivals.look(*self.listing())
            if not before:
                complete_since = now
            is_quiet = complete == before or now - complete_since >= _TOGETHER_MAX
            before = complete
            if not complete or not is_quiet or billed.waits:
                continue
            files = self.arrivals.take(complete)
            before = []
            if files:
                billed = self._bill(files)
                not_before = self.clock() + _AGAIN

    def _bill(self, files: tuple[str, ...]) -> Billed:
        billed = self.bill(files)
        self.arrivals.give_back(billed.again)
        return billed


def wakes(inbox: str, stop: Event, *, poll: bool) -> Iterator[bool]:
    """Whether something has changed in the inbox, again and again, until ``stop`` is set. ``poll`` asks the
    file system, for one that tells nothing (a network share).
    """
    try:
        watchfiles: Any = importlib.import_module("watchfiles")
    except ImportError:
        raise RunError(_MISSING) from None
    milliseconds = round(TICK * 1000)
    found = watchfiles.watch(
        inbox,
        watch_filter=None,
        debounce=milliseconds,
        step=milliseconds // 5,
        rust_timeout=milliseconds,
        stop_event=stop,
        yield_on_timeout=True,
        force_polling=True if poll else None,
        poll_delay_ms=milliseconds * 4,
    )
    try:
        for changes in found:
            if not os.path.isdir(inbox):  # noqa: PTH112
                raise RunError(_GONE.filled(inbox=inbox))
            yield bool(changes)
            if stop.is_set():
                return
    except FileNotFoundError:
        raise RunError(_GONE.filled(inbox=inbox)) from None


_MISSING: Final = text(
    "--watch trenger watchfiles, som ikke er installert. Installer det med: "
    "pip install 'fakturavakt[watch]'",
    "--watch needs watchfiles, which is not installed. Install it with: "
    "pip install 'fakturavakt[watch]'",
)
_GONE: Final = text(
    "Innboksen {inbox} er borte. Gjør den tilgjengelig, og start på nytt.",
    "The inbox {inbox} has gone. Make it available, and start again.",
)
