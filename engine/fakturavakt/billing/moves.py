"""What is on hold, put elsewhere once it is decided anew.

Of a batch of files, each step on the disk before the next:

1. what becomes of each file is written to ``staged``: the documents that go, by where they go, and those that
stay;
2. the journal says in one transaction where the documents are now, and what is left to do of it;
3. the file in ``hold`` is replaced by what stays of it, or taken away, and what stands beside it too;
4. what goes is renamed to its place, what stands beside it first;
5. the journal forgets what there was to do.

An interruption before 2 changes nothing; after 2 the next command does what is left, and what is not staged
any more has been done. No document is ever seen in two places.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from fakturavakt.billing.destinations import (
    DECISION,
    DECISIONS,
    Destination,
    folder_of,
    name_in,
)
from fakturavakt.billing.durable_files import new_file, remove, rename_new, sync_folder
from fakturavakt.billing.held_documents import beside_of
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.run_records import DocumentRecord, Figures, SourceRecord, SourceState
from fakturavakt.billing.staging import Part, stage
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.intake.document_places import Span
from fakturavakt.texts import text

FILES_AT_ONCE: Final = 256
_PORTION: Final = 1 << 20
_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS moves (move INTEGER PRIMARY KEY, steps TEXT NOT NULL)",
    """
CREATE TABLE IF NOT EXISTS touched (
  sender TEXT NOT NULL, customer TEXT NOT NULL, service TEXT NOT NULL, PRIMARY KEY (sender, customer, service)
)""",
)


@dataclass(frozen=True, slots=True)
class Redecided:
    """A document of a file on hold: where it is to be, and what is then said of it, packed (:func:`packed`);
    ``renewed`` says that this is another decision than the one that stands there.
    """

    record: DocumentRecord
    spans: tuple[Span, ...]
    destination: Destination
    channel: str | None
    said: bytes
    figures: Figures
    renewed: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """``replace`` and ``place`` rename what is staged, ``place`` never over anything; ``remove`` takes
    away.
    """

    kind: str
    target: str
    staged: str = ""


def packed(line: bytes) -> bytes:
    """A line that waits to be written."""
    return zlib.compress(line, 1)


@dataclass
class Mover:
    """Carries files of ``hold`` to where they belong; hold the lock of the outbox."""

    journal: Journal
    outbox: Outbox
    moved: dict[tuple[Destination, str | None], int] = field(default_factory=dict)
    """How many documents went where; those that stay and were decided anew, too."""
    _steps: list[_Step] = field(default_factory=list)
    _redecided: list[tuple[Redecided, str]] = field(default_factory=list)
    _files: int = 0

    def __post_init__(self) -> None:
        with self.journal.transaction():
            for statement in _TABLES:
                self.journal.execute(statement)
            self.journal.taken(self.outbox.names())
        self._number = self.journal.next_ids()[0]

    def add(self, placed_as: str, documents: Sequence[Redecided]) -> bool:
        """One file whose documents are decided; False where it has changed meanwhile."""
        if not any(each.renewed for each in documents):
            return True
        path = self.outbox.root / placed_as
        sha256, size = _hashed(path)
        names: dict[str, str] = {}
        places = [self._place(placed_as, each, sha256, names) for each in documents]
        counts = {place: places.count(place) for place in dict.fromkeys(places)}
        whole = len(counts) == 1
        source = SourceRecord(self._number, placed_as, sha256, size, 0, whole, SourceState.PLANNED)
        self._number += 1
        parts = [
            Part(source, n, place, count, DECISION if len(documents) == 1 else DECISIONS)
            for n, (place, count) in enumerate(counts.items(), start=1)
        ]
        spans = ((place, each.spans) for place, each in zip(places, documents, strict=True))
        stays_whole = whole and places[0] == placed_as
        if not stays_whole and stage(path, parts, spans, self.outbox.staged) is not None:
            return False
        for part in parts:
            said = (e.said for p, e in zip(places, documents, strict=True) if p == part.placed_as)
            self._write_beside(part, said)
        self._plan(placed_as, parts, stays_whole=stays_whole)
        self._redecided += (pair for pair in zip(documents, places, strict=True) if pair[0].renewed)
        self._files += 1
        if self._files >= FILES_AT_ONCE:
            self.flush()
        return True

    def flush(self) -> None:
        """Have all of it on the disk and in its place."""
        sync_folder(self.outbox.staged)
        with self.journal.transaction():
            steps = json.dumps([[s.kind, s.target, s.staged] for s in self._steps])
            self.journal.execute("INSERT INTO moves (steps) VALUES (?)", steps)
            for each, place in self._redecided:
                self.journal.redecided(
                    replace(
                        each.record,
                        destination=each.destination,
                        channel=each.channel,
                        placed_as=place,
                        figures=each.figures,
                    )
                )
        for each, _ in self._redecided:
            key = (each.destination, each.channel)
            self.moved[key] = self.moved.get(key, 0) + 1
        self._steps.clear()
        self._redecided.clear()
        self._files = 0
        finish_moves(self.journal, self.outbox)

    def _place(self, placed_as: str, each: Redecided, sha256: bytes, names: dict[str, str]) -> str:
        if each.destination is Destination.HOLD:
            return placed_as
        folder = folder_of(each.destination, each.channel)
        if folder not in names:
            self.outbox.folder(folder)
            wanted = Path(placed_as).name
            beside = (DECISION, DECISIONS)
            found = name_in(folder, wanted, beside, sha256.hex(), self.journal)
            names[folder] = f"{folder}/{found}"
        return names[folder]

    def _write_beside(self, part: Part, said: Iterable[bytes]) -> None:
        with new_file(self.outbox.staged / part.staged_beside) as stream:
            for line in said:
                stream.write(zlib.decompress(line))

    def _plan(self, placed_as: str, parts: Sequence[Part], *, stays_whole: bool) -> None:
        beside = beside_of(self.outbox.root / placed_as).name
        old_beside = f"{placed_as.rpartition('/')[0]}/{beside}"
        rest = next((part for part in parts if part.placed_as == placed_as), None)
        if rest is None:
            self._steps += (_Step("remove", placed_as), _Step("remove", old_beside))
        else:
            if not stays_whole:
                self._steps.append(_Step("replace", placed_as, rest.staged_document))
            self._steps.append(_Step("replace", old_beside, rest.staged_beside))
        for part in parts:
            if part is not rest:
                self._steps += (
                    _Step("place", part.placed_as + part.beside, part.staged_beside),
                    _Step("place", part.placed_as, part.staged_document),
                )


def finish_moves(journal: Journal, outbox: Outbox) -> int:
    """Do what is left to do of moves that the journal knows of; how many batches there were."""
    if not journal.has_table("moves"):
        return 0
    batches = journal.execute("SELECT move, steps FROM moves ORDER BY move")
    for move, written in batches:
        steps = [_Step(*each) for each in json.loads(written)]
        in_hold = [each for each in steps if each.kind != "place"]
        beside = [
            s for s in steps if s.kind == "place" and s.target.endswith((DECISION, DECISIONS))
        ]
        documents = [s for s in steps if s.kind == "place" and s not in beside]
        for phase in (in_hold, beside, documents):
            for step in phase:
                _carry_out(step, outbox)
            for folder in {outbox.root / step.target.rpartition("/")[0] for step in phase}:
                sync_folder(folder)
        sync_folder(outbox.staged)
        with journal.transaction():
            journal.execute("DELETE FROM moves WHERE move = ?", move)
    return len(batches)


def _carry_out(step: _Step, outbox: Outbox) -> None:
    target = outbox.root / step.target
    staged = outbox.staged / step.staged
    if step.kind == "remove":
        remove(target)
        return
    try:
        if step.kind == "replace":
            os.replace(staged, target)  # noqa: PTH105 (all changes of folders are calls of `os`)
        else:
            rename_new(staged, target)
    except FileNotFoundError:
        if os.path.lexists(staged):  # it is the folder that is gone
            raise
    except FileExistsError:
        raise RunError(_NAME_TAKEN.filled(path=target)) from None


def _hashed(path: Path) -> tuple[bytes, int]:
    found = hashlib.sha256()
    size = 0
    with path.open("rb") as stream:
        while portion := stream.read(_PORTION):
            found.update(portion)
            size += len(portion)
    return found.digest(), size


_NAME_TAKEN: Final = text(
    "{path} finnes fra før. Flytt filen, og kjør på nytt.",
    "{path} exists already. Move the file away, and run again.",
)
