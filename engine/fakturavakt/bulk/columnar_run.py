"""One run over many files: each chunk screened in columns, written down, counted and recorded.

What comes out is held against what came in: documents counted by the cutter, from the bytes of the files,
are as many as decisions and rejected documents together, chunk by chunk and at the end.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any, BinaryIO, Final, Literal, TextIO, TypeAlias

from fakturavakt import __version__
from fakturavakt.bulk.chunk_answers import ChunkAnswers
from fakturavakt.bulk.columnar_screening import (
    ChunkError,
    ColumnarPlan,
    ColumnarScreening,
    DuckDBLimits,
)
from fakturavakt.bulk.decision_file import DecisionFile
from fakturavakt.bulk.memory import bytes_of, cores
from fakturavakt.bulk.run_folder import RunError, RunFolder, files_as_they_are
from fakturavakt.intake.document_chunks import BYTES_MAX, ROWS_MAX, Chunk, Cutter, NdjsonChunk
from fakturavakt.intake.documents import Unreadable
from fakturavakt.report.machine import CsvReport, NdjsonReport, RejectedReport, Report
from fakturavakt.report.summary import Summary
from fakturavakt.rulebook.version import trials_version_of
from fakturavakt.screening import Answer, Screening
from fakturavakt.texts import text

BulkFormat: TypeAlias = Literal["parquet", "ndjson", "csv"]
BULK_FORMATS: Final[tuple[BulkFormat, ...]] = ("parquet", "ndjson", "csv")

_DECISIONS: Final = "decisions"
_REJECTED: Final = "rejected.ndjson"
FEW: Final = 1000
MEMORY_A_THREAD: Final = 250_000_000
"""Bytes that DuckDB needs to get on with a chunk."""
RULES_A_CHUNK: Final = 50
"""Rules whose statement is planned in a small part of the time that a chunk takes."""
_HEARD_EVERY: Final = 4096
"""Documents between two words about how far a run is."""


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

    ``advance`` hears how many documents are done and how many bytes of the files are, ``unreadable`` of each
    document that could not be read.
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
            if text is None:
                name = f"{_DECISIONS}/{done.part.name}"
                folder.commit(done.chunk.count, summary, name)
                continue
            if output.format == "csv" and not begun:
                # Writes the names of its columns.
                CsvReport(text, self.screening.language, trials=self.screening.trials)
            begun = True
            _append(done.part, text)
            folder.commit(done.chunk.count, summary)
            done.part.unlink()
        if output.format == "parquet" and not output.is_folder:
            whole = folder.path / self._name(output)
            found = [folder.path / part for part in folder.record.parts]
            if len(found) > 1:
                with self._columns(1, folder.path) as (columns,):
                    DecisionFile(columns, with_text=output.with_text).merge(found, whole)
            elif found and found[0].exists():  # else it was renamed before an interruption
                found[0].replace(whole)

    def to_stream(
        self, stream: TextIO, name: BulkFormat | None, report: Report, rejected: Path | None = None
    ) -> None:
        """Write the decisions to a stream, nothing of a chunk before all of it is decided. Without a ``name``
        of a format they are counted only, and ``report`` hears of documents that could not be read.
        """
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
                        _append(done.part, stream)
                    done.part.unlink()
                    self._settle(done)
            if rejected is not None:
                beside = rejected.with_name(f".{rejected.name}.new")
                shutil.copyfile(kept, beside)
                beside.replace(rejected)

    def _decided(
        self, output: BulkOutput, folder: Path, parts: Path, *, behind: int
    ) -> Iterator[_Done]:
        """Every chunk behind the first so many, decided and written to a file in ``parts``, in order. Threads
        have a chunk each.
        """
        with self._columns(self._threads(), folder) as several:
            cutter = several[0].cutter(folder, self.stdin)
            times = 1 + len(self.screening.book.rules) // RULES_A_CHUNK
            cutter.bytes_max = self.chunk_bytes or times * BYTES_MAX
            cutter.rows_max = self.chunk_rows or times * ROWS_MAX
            heard = _Heard(self.documents, self.advance)

            def decide(columns: ColumnarScreening, n: int, chunk: Chunk, size: int) -> _Done:
                suffix = "parquet" if output.format == "parquet" else "part"
                part = parts / f"part-{n:06}.{suffix}"
                answers = self._answers(
                    columns, chunk, output, part, heard.of_chunk(n, chunk, size)
                )
                answers.finish()
                if isinstance(chunk, NdjsonChunk) and chunk.is_copy:
                    chunk.path.unlink()
                return _Done(n, chunk, part, answers)

            for done in _in_order(several, self._cut(cutter, heard, behind), decide):
                yield done
                heard.settled(done.n, done.chunk.count)

    def _cut(self, cutter: Cutter, heard: _Heard, behind: int) -> Iterator[tuple[int, Chunk, int]]:
        """The chunks, numbered from 1, with the bytes that each was cut from."""
        before = 0
        for n, chunk in enumerate(cutter.chunks(self.files), start=1):
            size = cutter.bytes_done - before
            before = cutter.bytes_done
            if n > behind:
                yield n, chunk, size
            else:
                heard.skipped(size)
                if isinstance(chunk, NdjsonChunk) and chunk.is_copy:
                    chunk.path.unlink()

    def _answers(
        self,
        columns: ColumnarScreening,
        chunk: Chunk,
        output: BulkOutput,
        part: Path,
        hear: Callable[[int], None],
    ) -> ChunkAnswers:
        """The decisions on one chunk, written to a file of their own."""
        one_by_one = isinstance(chunk, NdjsonChunk) and chunk.count <= self.few
        if output.format == "parquet":
            file = DecisionFile(columns, with_text=output.with_text)
            if not one_by_one:
                with suppress(ChunkError):
                    return file.write(chunk, part)
            return file.write_one_by_one(chunk, part)
        if not one_by_one:
            with suppress(ChunkError):
                return self._written(columns.screen(chunk), output, part, hear)
        return self._written(columns.screen_one_by_one(chunk), output, part, hear)

    def _written(
        self,
        screened: Iterable[Answer],
        output: BulkOutput,
        part: Path,
        hear: Callable[[int], None],
    ) -> ChunkAnswers:
        answers = ChunkAnswers()
        with part.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
            report: Report = NdjsonReport(stream)
            if output.format == "csv":
                report = CsvReport(
                    stream,
                    self.screening.language,
                    with_header=False,
                    trials=self.screening.trials,
                )
            for n, answer in enumerate(screened, start=1):
                report.add(answer)
                answers.add(answer)
                if n % _HEARD_EVERY == 0:
                    hear(n)
        return answers

    def _threads(self) -> int:
        """As many as were asked for, else one a core as far as memory goes."""
        if self.threads is not None:
            return self.threads
        if self.memory is None:
            return cores()
        return max(1, min(cores(), self._bytes() // MEMORY_A_THREAD))

    def _bytes(self) -> int:
        """``memory`` as a number."""
        found = None if self.memory is None else bytes_of(self.memory)
        assert found is not None  # the option checks it
        return found

    @contextmanager
    def _columns(self, threads: int, folder: Path) -> Iterator[list[ColumnarScreening]]:
        """So many, which share the plan of a run and its memory."""
        import duckdb

        memory = None
        if self.memory is not None:
            memory = f"{self._bytes() // threads}B"
        plan = ColumnarPlan(self.screening)
        several: list[ColumnarScreening] = []
        try:
            limits = DuckDBLimits(memory, folder)
            several.extend(ColumnarScreening(plan, limits) for _ in range(threads))
            yield several
        except duckdb.OutOfMemoryException as error:
            raise RunError(TOO_LITTLE_MEMORY.filled(memory=self.memory)) from error
        finally:
            for each in several:
                each.close()

    def _settle(self, done: _Done) -> None:
        """A chunk is done: its documents are as many as its decisions and those that were rejected."""
        self.summary.merge(done.answers.summary)
        for document in done.answers.unreadable:
            self.unreadable(document)
        self.documents += done.chunk.count
        if self.summary.read != self.documents:
            raise RunError(NO_BALANCE.filled(read=self.documents, settled=self.summary.read))


@dataclass(frozen=True, slots=True)
class _Done:
    """A chunk that was decided: its number from 1, the file of its decisions, and what was counted."""

    n: int
    chunk: Chunk
    part: Path
    answers: ChunkAnswers


class _Heard:
    """How far a run is, told from any thread."""

    def __init__(self, documents: int, advance: Callable[[int, int], None]) -> None:
        self._advance = advance
        self._documents = documents
        self._bytes = 0
        self._under_way: dict[int, tuple[int, int]] = {}
        self._sizes: dict[int, int] = {}
        self._lock = Lock()

    def skipped(self, size: int) -> None:
        """A chunk was done in an earlier run."""
        self._bytes += size

    def of_chunk(self, n: int, chunk: Chunk, size: int) -> Callable[[int], None]:
        """Hears how many documents of a chunk are decided."""
        with self._lock:
            self._sizes[n] = size

        def hear(documents: int) -> None:
            with self._lock:
                self._under_way[n] = documents, size * documents // chunk.count
            self._tell()

        return hear

    def settled(self, n: int, documents: int) -> None:
        """A chunk is done."""
        with self._lock:
            self._under_way.pop(n, None)
            self._documents += documents
            self._bytes += self._sizes.pop(n)
        self._tell()

    def _tell(self) -> None:
        with self._lock:
            documents = self._documents + sum(each for each, _ in self._under_way.values())
            size = self._bytes + sum(each for _, each in self._under_way.values())
            self._advance(documents, size)


def _in_order(
    several: list[ColumnarScreening],
    chunks: Iterable[tuple[int, Chunk, int]],
    decide: Callable[[ColumnarScreening, int, Chunk, int], _Done],
) -> Iterator[_Done]:
    """Each chunk decided by whichever is free, and given in the order of the chunks; no more are begun than
    there are hands for, and one.
    """
    if len(several) == 1:
        for numbered in chunks:
            yield decide(several[0], *numbered)
        return
    free: SimpleQueue[ColumnarScreening] = SimpleQueue()
    for each in several:
        free.put(each)

    def taken(n: int, chunk: Chunk, size: int) -> _Done:
        columns = free.get()
        try:
            return decide(columns, n, chunk, size)
        finally:
            free.put(columns)

    with ThreadPoolExecutor(len(several)) as threads:
        under_way: deque[Future[_Done]] = deque()
        try:
            for numbered in chunks:
                under_way.append(threads.submit(taken, *numbered))
                if len(under_way) > len(several):
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()
            if under_way:  # whatever ended the run, nobody waits for the rest
                for each in several:
                    each.connection.interrupt()


def _append(part: Path, stream: TextIO) -> None:
    """The text of a file at the end of a stream."""
    with part.open(encoding="utf-8", newline="") as text:
        shutil.copyfileobj(text, stream, 1 << 20)


TOO_LITTLE_MEMORY: Final = text(
    "{memory} minne er for lite for dette. Øk --memory, eller senk --threads.",
    "{memory} of memory is too little for this. Raise --memory, or lower --threads.",
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
