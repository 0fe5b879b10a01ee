"""One run over many files: each chunk screened in columns, written down, counted and recorded.

What comes out is held against what came in: documents counted by the cutter, from the bytes of the files,
are as many as decisions and rejected documents together, chunk by chunk and at the end.
"""

from __future__ import annotations

import shutil
import tempfile
from codecs import lookup
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

from fakturavakt import __version__
from fakturavakt.bulk.chunk_processes import decided_here, decided_side_by_side
from fakturavakt.bulk.columnar_screening import DuckDBLimits, FileChangedError
from fakturavakt.bulk.decided_chunk import BulkFormat, ChunkDecider, ChunkTask, DecidedChunk
from fakturavakt.bulk.decision_file import merge
from fakturavakt.bulk.memory import bytes_of, cores
from fakturavakt.bulk.run_folder import (
    RunError,
    RunFolder,
    check_writable,
    files_as_they_are,
    put,
)
from fakturavakt.bulk.side_processes import ProcessEndedError
from fakturavakt.intake.document_chunks import BYTES_MAX, ROWS_MAX, Cutter, NdjsonChunk
from fakturavakt.intake.documents import Unreadable
from fakturavakt.report.machine import CsvReport, RejectedReport, Report
from fakturavakt.report.summary import Summary
from fakturavakt.rulebook.version import trials_version_of
from fakturavakt.screening import Screening
from fakturavakt.texts import text

BULK_FORMATS: Final[tuple[BulkFormat, ...]] = ("parquet", "ndjson", "csv")

_DECISIONS: Final = "decisions"
_REJECTED: Final = "rejected.ndjson"
FEW: Final = 1000
MEMORY_A_PROCESS: Final = 250_000_000
"""Bytes that DuckDB needs to get on with a chunk."""
RULES_A_CHUNK: Final = 50
"""Rules whose statement is planned in a small part of the time that a chunk takes."""


@dataclass
class BulkOutput:
    """Where decisions go, and in which format; ``rejected`` is where documents go that could not be read.

    A Parquet output that is a folder gets a file a chunk.
    """

    path: Path
    format: BulkFormat
    rejected: Path | None = None
    with_text: bool = False
    is_folder: bool = False


@dataclass
class ColumnarRun:
    """Screens files from the first to the last.

    ``advance`` hears how many documents are done and how many bytes of the files are, ``begin`` the same of
    an earlier run that is gone on with, ``unreadable`` of each document that could not be read.
    """

    screening: Screening
    files: Sequence[str]
    evidence: str | None = None
    threads: int | None = None
    memory: str | None = None
    stdin: BinaryIO | None = None
    chunk_bytes: int | None = None
    chunk_rows: int | None = None
    """Unless they are said, a chunk is the larger the more rules there are: planning takes the longer."""
    few: int = FEW
    """Documents of a chunk up to which they are decided one by one: a statement takes a second to plan."""
    advance: Callable[[int, int], None] = lambda _documents, _size: None
    begin: Callable[[int, int], None] = lambda _documents, _size: None
    unreadable: Callable[[Unreadable], None] = lambda _document: None
    summary: Summary = field(default_factory=Summary)
    documents: int = 0
    """Documents that came in, counted where the files were cut."""

    def about(self, output: BulkOutput) -> dict[str, Any]:
        """What makes a run the same run, by the names that a person knows."""
        evidence = (
            sorted(str(path) for path in Path(self.evidence).glob("*.csv")) if self.evidence else []
        )
        return {
            "PATH": files_as_they_are(self.files),
            "--evidence": files_as_they_are(evidence),
            "--rules": self.screening.book.version,
            "--as-of": self.screening.as_of.isoformat(),
            "--lang": self.screening.language,
            "--trials": trials_version_of(self.screening.book) if self.screening.trials else None,
            "--format": [output.format, output.with_text, output.is_folder],
            "--rejected": None if output.rejected is None else str(output.rejected),
            "fakturavakt": __version__,
        }

    def to_file(self, output: BulkOutput, *, resume: bool = False) -> bool:
        """Write the decisions to ``output.path``: whole, or not at all. Whether an interrupted run was thrown
        away for it.

        Raises :class:`~fakturavakt.bulk.run_folder.RunError` where the output is in use, an interrupted run
        is about something else, or the books do not balance.
        """
        if output.is_folder and output.path.is_dir() and any(output.path.iterdir()):
            raise RunError(_FOLDER_NOT_EMPTY.filled(folder=output.path))
        if output.rejected is not None:
            check_writable(output.rejected)
        with RunFolder(output.path) as folder:
            thrown_away = folder.begin(self.about(output), resume=resume)
            if folder.record.summary is not None:
                self.summary.merge(Summary.from_dict(folder.record.summary))
                self.documents = folder.record.documents
            if not folder.record.finished:
                self._chunks_to(output, folder)
            if not self.documents:
                folder.discard()
                return thrown_away
            places = {} if output.rejected is None else {_REJECTED: output.rejected}
            folder.publish({**places, self._name(output): output.path})
        return thrown_away

    def _name(self, output: BulkOutput) -> str:
        return _DECISIONS if output.is_folder else f"{_DECISIONS}.{output.format}"

    def _chunks_to(self, output: BulkOutput, folder: RunFolder) -> None:
        rejected = RejectedReport(folder.stream(_REJECTED), self.screening.language)
        parts = folder.path / _DECISIONS
        parts.mkdir(exist_ok=True)
        for path in parts.iterdir():
            if f"{_DECISIONS}/{path.name}" not in folder.record.parts:
                path.unlink()
        text = None if output.format == "parquet" else folder.stream(self._name(output))
        begun = text is not None and text.tell() > 0
        for done in self._decided(output, folder.path, parts, behind=folder.record.chunks):
            for document in done.answers.unreadable:
                rejected.add(document)
            self._settle(done)
            summary = self.summary.as_dict()
            count, part = done.task.chunk.count, done.task.part
            if text is None:
                folder.commit(count, summary, f"{_DECISIONS}/{part.name}")
                continue
            if output.format == "csv" and not begun:
                # Writes the names of its columns.
                CsvReport(text, self.screening.language, trials=self.screening.trials)
            begun = True
            _append(part, text)
            folder.commit(count, summary)
            part.unlink()
        if output.format == "parquet" and not output.is_folder:
            whole = folder.path / self._name(output)
            found = [folder.path / each for each in folder.record.parts]
            if len(found) > 1:
                with self._enough_memory(), closing(self._limits(1, folder.path).connect()) as here:
                    # A copy keeps its order on several threads; a join would not.
                    here.execute("SET threads = ?", [self._processes()])
                    merge(here, found, whole)
            elif found and found[0].exists():  # else it was renamed before an interruption
                found[0].replace(whole)

    def to_stream(
        self, stream: TextIO, name: BulkFormat | None, report: Report, rejected: Path | None = None
    ) -> None:
        """Write the decisions to a stream, nothing of a chunk before all of it is decided. Without a ``name``
        of a format they are counted only, and ``report`` hears of documents that could not be read.
        """
        if rejected is not None:
            check_writable(rejected)
        with tempfile.TemporaryDirectory(prefix="fakturavakt-") as temporary:
            folder = Path(temporary)
            kept = folder / _REJECTED
            output = BulkOutput(folder / _DECISIONS, name or "ndjson")
            with kept.open("w", encoding="utf-8") as unread:
                told = RejectedReport(unread, self.screening.language)
                for done in self._decided(output, folder, folder, behind=0):
                    for document in done.answers.unreadable:
                        told.add(document)
                        if name is None:
                            report.add(document)
                    if name is not None:
                        _append(done.task.part, stream)
                    done.task.part.unlink()
                    self._settle(done)
            if rejected is not None:
                put(kept, rejected)

    def _decided(
        self, output: BulkOutput, folder: Path, parts: Path, *, behind: int
    ) -> Iterator[DecidedChunk]:
        """Every chunk behind the first so many, decided and written to a file in ``parts``, in order."""
        heard = _Heard(self.documents, self.advance, self.begin)
        limits = DuckDBLimits(folder=folder)
        with _named(folder), self._enough_memory(), closing(limits.connect()) as reading:
            vocabulary, warn = self.screening.book.vocabulary, self.screening.warn
            cutter = Cutter(vocabulary, folder, warn, reading, self.stdin)
            times = 1 + len(self.screening.book.rules) // RULES_A_CHUNK
            cutter.bytes_max = self.chunk_bytes or times * BYTES_MAX
            cutter.rows_max = self.chunk_rows or times * ROWS_MAX
            tasks = self._cut(cutter, heard, parts, output.format, behind)
            processes = self._processes()
            first = list(islice(tasks, 2)) if processes > 1 else []
            all_tasks = chain(first, tasks)
            if len(first) < 2:
                decided = decided_here(self._decider(output, folder, 1), all_tasks, heard.reached)
            else:
                decider = self._decider(output, folder, processes)
                decided = decided_side_by_side(decider, all_tasks, processes, heard.reached)
            try:
                with closing(decided):
                    for done in decided:
                        yield done
                        heard.settled(done.task)
            except ProcessEndedError as error:
                raise RunError(_PROCESS_ENDED) from error
            except FileChangedError as error:
                raise RunError(FILE_CHANGED.filled(file=error)) from error

    def _cut(
        self, cutter: Cutter, heard: _Heard, parts: Path, suffix: BulkFormat, behind: int
    ) -> Iterator[ChunkTask]:
        """The chunks, numbered from 1, with the bytes that each was cut from."""
        before = 0
        for n, chunk in enumerate(cutter.chunks(self.files), start=1):
            task = ChunkTask(n, chunk, cutter.bytes_done - before, parts / f"part-{n:06}.{suffix}")
            before = cutter.bytes_done
            if n > behind:
                heard.cut(task)
                yield task
            else:
                heard.skipped(task)
                if isinstance(chunk, NdjsonChunk) and chunk.is_copy:
                    chunk.path.unlink()

    def _decider(self, output: BulkOutput, folder: Path, processes: int) -> ChunkDecider:
        screening = self.screening
        return ChunkDecider(
            screening.book,
            screening.as_of,
            screening.language,
            screening.register,
            self._limits(processes, folder),
            output.format,
            output.with_text,
            screening.trials,
            self.few,
        )

    def _processes(self) -> int:
        """As many as were asked for, else one a core as far as memory goes."""
        if self.threads is not None:
            return self.threads
        if self.memory is None:
            return cores()
        return max(1, min(cores(), self._bytes() // MEMORY_A_PROCESS))

    def _bytes(self) -> int:
        """``memory`` as a number."""
        found = None if self.memory is None else bytes_of(self.memory)
        assert found is not None  # the option checks it
        return found

    def _limits(self, processes: int, folder: Path) -> DuckDBLimits:
        """What each of so many may use."""
        return DuckDBLimits(
            None if self.memory is None else f"{self._bytes() // processes}B", folder
        )

    @contextmanager
    def _enough_memory(self) -> Iterator[None]:
        import duckdb

        try:
            yield
        except duckdb.OutOfMemoryException as error:
            raise RunError(TOO_LITTLE_MEMORY.filled(memory=self.memory)) from error

    def _settle(self, done: DecidedChunk) -> None:
        """A chunk is done: its documents are as many as its decisions and those that were rejected."""
        for path in done.unknown_keys:
            self.screening.reader.warn_of_unknown(path)
        self.summary.merge(done.answers.summary)
        for document in done.answers.unreadable:
            self.unreadable(document)
        self.documents += done.task.chunk.count
        if self.summary.read != self.documents:
            raise RunError(NO_BALANCE.filled(read=self.documents, settled=self.summary.read))


class _Heard:
    """How far a run is: the chunks that are done, and what is heard of those under way."""

    def __init__(
        self,
        documents: int,
        advance: Callable[[int, int], None],
        begin: Callable[[int, int], None],
    ) -> None:
        self._advance = advance
        self._begin = begin
        self._is_begun = documents == 0
        self._documents = documents
        self._bytes = 0
        self._under_way: dict[int, ChunkTask] = {}
        self._reached: dict[int, int] = {}

    def skipped(self, task: ChunkTask) -> None:
        """A chunk was done in an earlier run."""
        self._bytes += task.size

    def cut(self, task: ChunkTask) -> None:
        """A chunk is there to be decided."""
        if not self._is_begun:
            self._begin(self._documents, self._bytes)
            self._is_begun = True
        self._under_way[task.n] = task

    def reached(self, n: int, documents: int) -> None:
        """So many documents of the ``n``-th chunk are decided."""
        if n in self._under_way:  # else it is done, and this was long under way
            self._reached[n] = documents
            self._tell()

    def settled(self, task: ChunkTask) -> None:
        """A chunk is done."""
        del self._under_way[task.n]
        self._reached.pop(task.n, None)
        self._documents += task.chunk.count
        self._bytes += task.size
        self._tell()

    def _tell(self) -> None:
        documents, size = self._documents, self._bytes
        for n, reached in self._reached.items():
            task = self._under_way[n]
            documents += reached
            size += task.size * reached // task.chunk.count
        self._advance(documents, size)


@contextmanager
def _named(folder: Path) -> Iterator[None]:
    """A failure that has no name is told of the folder where chunks are written: that is where to make
    room.
    """
    try:
        yield
    except OSError as error:
        if error.filename is None:
            raise OSError(error.errno, error.strerror, str(folder)) from error
        raise


def _append(part: Path, stream: TextIO) -> None:
    """The text of a file at the end of a stream."""
    if isinstance(stream, TextIOWrapper) and lookup(stream.encoding).name == "utf-8":
        stream.flush()
        with part.open("rb") as written:
            shutil.copyfileobj(written, stream.buffer, 1 << 20)
        return
    with part.open(encoding="utf-8", newline="") as text:
        shutil.copyfileobj(text, stream, 1 << 20)


TOO_LITTLE_MEMORY: Final = text(
    "{memory} minne er for lite for dette. Øk --memory, eller senk --threads.",
    "{memory} of memory is too little for this. Raise --memory, or lower --threads.",
)
_PROCESS_ENDED: Final = text(
    "En av prosessene som avgjør dokumentene ble avsluttet utenfra, ofte fordi maskinen slapp opp for minne. "
    "Senk --threads eller --memory. En kjøring til en fil kan fortsettes med --resume.",
    "One of the processes that decide documents was ended from outside, often because the machine ran out of "
    "memory. Lower --threads or --memory. A run to a file can be gone on with by --resume.",
)
FILE_CHANGED: Final = text(
    "{file} ble avkortet mens den ble lest. Vent til den er ferdig skrevet, og kjør på nytt.",
    "{file} was cut short while it was read. Wait until it is written, and run again.",
)
NO_BALANCE: Final = text(
    "Regnskapet går ikke opp: {read} dokumenter inn, men {settled} avgjort eller avvist. Ingenting er "
    "levert. Dette er en feil i fakturavakt; --engine reference gir avgjørelsene.",
    "The books do not balance: {read} documents in, but {settled} decided or rejected. Nothing was "
    "delivered. This is a fault of fakturavakt; --engine reference gives the decisions.",
)
_FOLDER_NOT_EMPTY: Final = text(
    "{folder} er ikke tom. Skriv til en ny mappe, eller flytt det som ligger der.",
    "{folder} is not empty. Write to a new folder, or move what lies there.",
)
