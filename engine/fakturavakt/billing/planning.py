"""The first half of a run: every document screened, and written into the journal with the place it is to get.

Nothing outside the journal is changed. A plan that is not finished is worth nothing, and is made anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias, assert_never

from fakturavakt.billing.destinations import (
    DECISION,
    DECISIONS,
    OF_VERDICT,
    Destination,
    folder_of,
    name_in,
)
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.run_records import DocumentRecord, Mode, SourceRecord, SourceState
from fakturavakt.billing.screened_files import (
    RefusedFile,
    ScreenedDocument,
    ScreenedFile,
    Told,
    Warned,
    said_of_duplicate,
)
from fakturavakt.report.summary import Summary
from fakturavakt.texts import Text, text

ROWS_AT_ONCE: Final = 2000
"""Documents that are written to the journal in one transaction."""


Earlier: TypeAlias = Callable[[bytes], "DocumentRecord | None"]
"""The document of an earlier run that has these bytes, by their hash."""


@dataclass
class _File:
    """The file whose documents are coming; ``names`` are those that it gets, by folder."""

    told: ScreenedFile
    source: int
    names: dict[str, str] = field(default_factory=dict)
    documents: int = 0
    left: int = 0
    """Documents that are put nowhere: duplicates, where nothing is moved."""
    summary: Summary = field(default_factory=Summary)


@dataclass
class Planner:
    """Makes the plan of one run. ``earlier`` knows the documents of runs before it, where the journal that is
    written does not; ``inbox`` is the folder as it was given.
    """

    journal: Journal
    run: str
    inbox: str
    mode: Mode
    earlier: Earlier | None = None
    refused: Callable[[RefusedFile], None] = lambda _file: None
    warn: Callable[[Text], None] = lambda _said: None
    planned: Callable[[DocumentRecord], None] = lambda _document: None
    summary: Summary = field(default_factory=Summary)
    """Of the decisions on documents that were not here before."""
    documents: int = 0
    """Documents that came in, counted as they were read."""
    refusals: int = 0

    def plan(self, told: Iterable[Told]) -> None:
        """Take in all that is told of the inbox's files, and end the plan."""
        self._source, self._document = self.journal.next_ids()
        self._file: _File | None = None
        self._warned: set[Text] = set()
        left = iter(told)
        while True:
            with self.journal.transaction():
                portion = 0
                for each in islice(left, ROWS_AT_ONCE):
                    self._take(each)
                    portion += 1
                if portion < ROWS_AT_ONCE:
                    self._end_file()
                    self.journal.planned(self.run, self.documents, self.summary.as_dict())
                    return

    def _take(self, told: Told) -> None:
        match told:
            case ScreenedFile():
                self._end_file()
                self._file = _File(told, self._source)
                self._source += 1
            case ScreenedDocument():
                assert self._file is not None
                self._add(told, self._file)
            case RefusedFile():
                if self._file is not None and self._file.told.path == told.path:
                    # It could not be read to its end: what it had so far is not all of it.
                    self.journal.forget(self._file.source)
                    self._file = None
                self._end_file()
                self._refuse(told)
            case Warned():
                if told.said not in self._warned:
                    self._warned.add(told.said)
                    self.warn(told.said)
            case _:
                assert_never(told)

    def _refuse(self, file: RefusedFile) -> None:
        self.refusals += file.failed
        self.refused(file)

    def _add(self, document: ScreenedDocument, file: _File) -> None:
        file.documents += 1
        said = document.said
        first = self.journal.known(document.sha256)
        if first is None and self.earlier is not None:
            first = self.earlier(document.sha256)
        if first is not None:
            destination = Destination.DUPLICATE
            said = said_of_duplicate(file.told.path, document.position, first)
        elif document.verdict is None:
            destination = Destination.UNREADABLE
            file.summary.unreadable += 1
        else:
            destination = OF_VERDICT[document.verdict]
            assert document.tallied is not None
            file.summary.add_tallied(document.tallied, document.figures.ore)
        placed_as = None
        if destination is Destination.DUPLICATE and self.mode == "copy":
            file.left += 1
        else:
            placed_as = self._name(folder_of(destination, document.channel), file)
        record = DocumentRecord(
            self._document,
            self.run,
            file.source,
            self._relative(file.told.path),
            document.position,
            document.sha256,
            destination,
            document.channel,
            placed_as,
            None if first is None else first.document,
            document.figures,
            document.spans,
        )
        self._document += 1
        self.journal.add_document(record, said)
        self.planned(record)

    def _name(self, folder: str, file: _File) -> str:
        if folder not in file.names:
            wanted = Path(file.told.path).name
            beside = (DECISION, DECISIONS)
            found = name_in(folder, wanted, beside, file.told.sha256.hex(), self.journal)
            file.names[folder] = f"{folder}/{found}"
        return file.names[folder]

    def _end_file(self) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        told = file.told
        self.documents += file.documents
        self.summary.merge(file.summary)
        if not file.documents:
            self.refused(RefusedFile(told.path, _EMPTY.filled(path=told.path), failed=False))
            return
        self.journal.add_source(
            self.run,
            SourceRecord(
                file.source,
                self._relative(told.path),
                told.sha256,
                told.size,
                told.changed_ns,
                whole=len(file.names) == 1 and not file.left,
                state=SourceState.PLANNED,
            ),
        )

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self.inbox)


_EMPTY: Final = text(
    "{path}: filen har ingen dokumenter, og den blir liggende.",
    "{path}: the file has no documents, and it stays where it is.",
)
