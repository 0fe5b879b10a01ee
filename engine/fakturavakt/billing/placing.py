"""The second half of a run: what is planned is put in its place, a batch of files at a time.

Of a batch, in this order, each step on the disk before the next:

1. every document and what stands beside it is written to ``staged``; its bytes are those that were screened,
or nothing of its file is placed;
2. the journal says that they are written;
3. what stands beside is renamed to its place, then the documents, so that none is ever there without;
4. the journal says that they are placed;
5. where documents are moved, their files are taken away from the inbox.

An interruption is made good from what the journal says: before 2 all is written anew; after 2 what is still
staged has not been renamed, and what is not staged any more has been, also if somebody has collected it
since.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fakturavakt.billing.destinations import DECISION, DECISIONS
from fakturavakt.billing.durable_files import (
    new_file,
    remove,
    rename_new,
    sync_folder,
    write_many,
)
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.run_records import RunRecord, SourceRecord, SourceState
from fakturavakt.billing.screened_files import AT_ONCE, unpacked
from fakturavakt.billing.staging import Part, stage
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.texts import Text, text

FILES_AT_ONCE: Final = 512
BYTES_AT_ONCE: Final = 16 << 20
"""Of the files of a batch: what is held in memory, and what an interruption costs to do again."""


@dataclass
class Placer:
    """Carries out the plan of one run, from wherever an interruption left it."""

    journal: Journal
    outbox: Outbox
    run: RunRecord
    warn: Callable[[Text], None] = lambda _said: None
    advance: Callable[[int], None] = lambda _documents: None
    _folders: dict[str, Path] = field(default_factory=dict)

    def place(self) -> None:
        """All that is planned and not yet done."""
        if not Path(self.run.inbox).is_dir():
            raise RunError(_NO_INBOX.filled(inbox=self.run.inbox, run=self.run.run))
        try:
            self._clear()
            self._finish_written()
            while batch := self._batch():
                self._write(batch)
                self._finish_written()
        except OSError:
            with suppress(
                OSError, RunError
            ):  # a full disk has more need of the space than the next run
                self._clear()
            raise

    def _clear(self) -> None:
        """Take away what was begun to be staged, and will be written anew."""
        written = self.journal.sources(self.run.run, SourceState.WRITTEN)
        parts = [part for source in written for part in self._parts(source)]
        self.outbox.clear_staged(
            {name for part in parts for name in (part.staged_document, part.staged_beside)}
        )

    def _batch(self) -> list[SourceRecord]:
        found: list[SourceRecord] = []
        size = 0
        for source in self.journal.sources(self.run.run, SourceState.PLANNED, limit=FILES_AT_ONCE):
            size += source.size
            if found and size > BYTES_AT_ONCE:
                break
            found.append(source)
        return found

    # -- 1 and 2 -------------------------------------------------------------------------------------

    def _write(self, batch: Sequence[SourceRecord]) -> None:
        failed: dict[int, SourceState] = {}
        parts = {source.source: self._parts(source) for source in batch}
        write_many(self._files(batch, parts, failed))
        for again, first, placed in self.journal.repeated(batch):
            # What a document repeats is not where it was to be: it is no duplicate of anything.
            if first in failed or not placed:
                failed.setdefault(again, SourceState.LEFT)
        sync_folder(self.outbox.staged)
        with self.journal.transaction():
            for source in batch:
                if source.source in failed:
                    self.journal.not_placed(source, failed[source.source])
            self.journal.set_state(
                (each for each in batch if each.source not in failed), SourceState.WRITTEN
            )
        for source in batch:
            if source.source in failed:
                for part in parts[source.source]:
                    remove(self.outbox.staged / part.staged_document)
                    remove(self.outbox.staged / part.staged_beside)
                said = _NOT_PLACED[failed[source.source]]
                self.warn(said.filled(path=self._path(source)))

    def _files(
        self,
        batch: Sequence[SourceRecord],
        parts_of: Mapping[int, Sequence[Part]],
        failed: dict[int, SourceState],
    ) -> Iterator[tuple[Path, bytes]]:
        """What is to be staged of small files; large ones, and those that are split, are staged at once."""
        staged = self.outbox.staged
        for source in batch:
            parts = parts_of[source.source]
            if not parts:
                continue
            if source.whole and source.size <= AT_ONCE:
                data = self._read(source)
                if isinstance(data, SourceState):
                    failed[source.source] = data
                    continue
                yield staged / parts[0].staged_document, data
            else:
                state = stage(self._path(source), parts, self.journal.spans(source), staged)
                if state is not None:
                    failed[source.source] = state
                    continue
            for part in parts:
                if part.documents == 1:
                    (said,) = self.journal.said(source, part.placed_as)
                    yield staged / part.staged_beside, unpacked(said)
                    continue
                with new_file(staged / part.staged_beside) as stream:
                    for said in self.journal.said(source, part.placed_as):
                        stream.write(unpacked(said))

    def _read(self, source: SourceRecord) -> bytes | SourceState:
        """The bytes that were screened; else what has happened to the file since."""
        try:
            data = self._path(source).read_bytes()
        except FileNotFoundError:
            return SourceState.GONE
        return data if hashlib.sha256(data).digest() == source.sha256 else SourceState.CHANGED

    # -- 3 and 4 -------------------------------------------------------------------------------------

    def _finish_written(self) -> None:
        """Steps 3 to 5. What is told of is done: who listens may end the run there."""
        placed = self._rename_written()
        self._take_away()
        if placed:
            self.advance(placed)

    def _rename_written(self) -> int:
        written = self.journal.sources(self.run.run, SourceState.WRITTEN)
        if not written:
            return 0
        parts = [part for source in written for part in self._parts(source)]
        for part in parts:
            self._rename(part, part.staged_beside, part.placed_as + part.beside)
        self._sync(parts)
        for part in parts:
            self._rename(part, part.staged_document, part.placed_as)
        self._sync(parts)
        with self.journal.transaction():
            self.journal.set_state(written, SourceState.PLACED)
        return sum(part.documents for part in parts)

    def _rename(self, part: Part, staged: str, placed_as: str) -> None:
        source = self.outbox.staged / staged
        target = self._folder(part) / placed_as.rpartition("/")[2]
        try:
            rename_new(source, target)
        except FileNotFoundError:
            if os.path.lexists(source):  # it is the folder that is gone
                raise
            return  # renamed before the interruption
        except FileExistsError:
            raise RunError(_NAME_TAKEN.filled(path=target, run=self.run.run)) from None

    def _folder(self, part: Part) -> Path:
        if part.folder not in self._folders:
            self._folders[part.folder] = self.outbox.folder(part.folder)
        return self._folders[part.folder]

    def _sync(self, parts: Sequence[Part]) -> None:
        for folder in {self._folder(part) for part in parts}:
            sync_folder(folder)
        sync_folder(self.outbox.staged)

    # -- 5 -------------------------------------------------------------------------------------------

    def _take_away(self) -> None:
        placed = self.journal.sources(self.run.run, SourceState.PLACED)
        if not placed:
            return
        if self.run.mode == "move":
            for source in placed:
                if self._is_as_it_was(source):
                    remove(self._path(source))
            for folder in {self._path(source).parent for source in placed}:
                if folder.is_dir():
                    sync_folder(folder)
        with self.journal.transaction():
            self.journal.set_state(placed, SourceState.DONE)

    def _is_as_it_was(self, source: SourceRecord) -> bool:
        """Whether the file is still the one that was placed: another one of its name has yet to be
        screened.
        """
        try:
            status = os.stat(self._path(source))  # noqa: PTH116 (one call)
        except FileNotFoundError:
            return False
        if (status.st_size, status.st_mtime_ns) == (source.size, source.changed_ns):
            return True
        return isinstance(self._read(source), bytes)

    # -- of a source ---------------------------------------------------------------------------------

    def _path(self, source: SourceRecord) -> Path:
        return Path(self.run.inbox, source.path)

    def _parts(self, source: SourceRecord) -> list[Part]:
        """Its documents by their places."""
        places = self.journal.places(source)
        beside = DECISION if sum(count for _, count in places) == 1 else DECISIONS
        return [
            Part(source, number, place, count, beside)
            for number, (place, count) in enumerate(places, start=1)
            if place is not None
        ]


_NOT_PLACED: Final = {
    SourceState.GONE: text(
        "{path} er borte siden den ble kontrollert. Ingenting av den er lagt ut.",
        "{path} has gone since it was screened. Nothing of it has been put out.",
    ),
    SourceState.CHANGED: text(
        "{path} er endret siden den ble kontrollert, og blir liggende til neste kjøring.",
        "{path} has changed since it was screened, and stays where it is until the next run.",
    ),
    SourceState.LEFT: text(
        "{path} gjentar et dokument som ikke kunne legges ut, og blir liggende til neste kjøring.",
        "{path} repeats a document that could not be put out, and stays where it is until the next run.",
    ),
}
_NO_INBOX: Final = text(
    "Innboksen {inbox} finnes ikke nå, og kjøringen {run} er ikke ferdig med den. Gjør den tilgjengelig, og "
    "kjør på "
    "nytt.",
    "The inbox {inbox} is not there now, and the run {run} is not done with it. Make it available, and run "
    "again.",
)
_NAME_TAKEN: Final = text(
    "{path} finnes fra før og er ikke lagt dit av kjøringen {run}. Flytt filen, og kjør på nytt.",
    "{path} exists already and was not put there by the run {run}. Move the file away, and run again.",
)
