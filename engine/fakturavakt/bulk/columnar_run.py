"""One run over many files: each chunk screened in columns, written down, counted and recorded.

What comes out is held against what came in: documents counted by the cutter, from the bytes of the files,
are as many as decisions and rejected documents together, chunk by chunk and at the end.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, TextIO, TypeAlias

from fakturavakt import __version__
from fakturavakt.bulk.columnar_screening import ChunkError, ColumnarScreening
from fakturavakt.bulk.decision_file import DecisionFile
from fakturavakt.bulk.run_folder import RunError, RunFolder, files_as_they_are
from fakturavakt.intake.document_chunks import BYTES_MAX, ROWS_MAX, Chunk, NdjsonChunk
from fakturavakt.intake.documents import Unreadable
from fakturavakt.report.machine import CsvReport, NdjsonReport, RejectedReport, Report
from fakturavakt.report.summary import Summary
from fakturavakt.screening import Answer, Screened, Screening
from fakturavakt.texts import text

BulkFormat: TypeAlias = Literal["parquet", "ndjson", "csv"]
BULK_FORMATS: Final[tuple[BulkFormat, ...]] = ("parquet", "ndjson", "csv")

_DECISIONS: Final = "decisions"
_REJECTED: Final = "rejected.ndjson"
FEW: Final = 1000
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
    chunk_bytes: int = BYTES_MAX
    chunk_rows: int = ROWS_MAX
    few: int = FEW
    """Documents of a chunk up to which they are decided one by one: a statement takes a second to plan."""
    advance: Callable[[int, int], None] = lambda _documents, _size: None
    unreadable: Callable[[Unreadable], None] = lambda _document: None
    summary: Summary = field(default_factory=Summary)
    documents: int = 0
    """Documents that came in, counted where the files were cut."""
    _chunk: tuple[int, int, int] = (0, 0, 1)
    """The chunk at hand: bytes before it, its own, and its documents."""

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
                self.summary = Summary.from_dict(folder.record.summary)
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
        with self._columns(folder.path) as columns:
            if output.format == "parquet":
                self._parquet(columns, output, folder, rejected)
                return
            stream = folder.stream(self._name(output))
            report = _report(
                output.format, stream, self.screening.language, begun=stream.tell() > 0
            )
            for chunk in self._cut(columns, folder.path, behind=folder.record.chunks):
                before = self.summary.as_dict()
                try:
                    self._write(self._screened(columns, chunk), report, rejected)
                except ChunkError:
                    folder.take_back()
                    self.summary = Summary.from_dict(before)
                    self._write(columns.screen_one_by_one(chunk), report, rejected)
                self._settle(chunk)
                folder.commit(chunk.count, self.summary.as_dict())

    def _parquet(
        self,
        columns: ColumnarScreening,
        output: BulkOutput,
        folder: RunFolder,
        rejected: RejectedReport,
    ) -> None:
        parts = folder.path / _DECISIONS
        parts.mkdir(exist_ok=True)
        for path in parts.iterdir():
            if f"{_DECISIONS}/{path.name}" not in folder.record.parts:
                path.unlink()
        file = DecisionFile(columns, folder.path, with_text=output.with_text)

        def told(answer: Screened | Unreadable) -> None:
            self._add(answer)
            rejected.add(answer)

        for chunk in self._cut(columns, folder.path, behind=folder.record.chunks):
            part = f"{_DECISIONS}/part-{folder.record.chunks + 1:06}.parquet"
            before = self.summary.as_dict()
            try:
                if self._are_few(chunk):
                    file.write_one_by_one(chunk, folder.path / part, told)
                else:
                    for tallied, count, ore in file.write(chunk, folder.path / part, told):
                        self.summary.add_tallied(tallied, ore, count)
            except ChunkError:
                folder.take_back()
                self.summary = Summary.from_dict(before)
                file.write_one_by_one(chunk, folder.path / part, told)
            self._settle(chunk)
            folder.commit(chunk.count, self.summary.as_dict(), part)
        if not output.is_folder:
            whole = folder.path / self._name(output)
            found = [folder.path / part for part in folder.record.parts]
            if len(found) > 1:
                file.merge(found, whole)
            elif found and found[0].exists():  # else it was renamed before an interruption
                found[0].replace(whole)

    def to_stream(self, report: Report, rejected: Path | None = None) -> None:
        """Give the decisions to a report on a stream; nothing of a chunk before all of it is decided."""
        with tempfile.TemporaryDirectory(prefix="fakturavakt-") as name:
            folder = Path(name)
            kept = folder / _REJECTED
            with self._columns(folder) as columns, kept.open("w", encoding="utf-8") as stream:
                told = RejectedReport(stream, self.screening.language)
                for chunk in self._cut(columns, folder, behind=0):
                    self._write(self._whole(columns, chunk), report, told)
                    self._settle(chunk)
            if rejected is not None:
                beside = rejected.with_name(f".{rejected.name}.new")
                shutil.copyfile(kept, beside)
                beside.replace(rejected)

    def _whole(self, columns: ColumnarScreening, chunk: Chunk) -> Iterable[Answer]:
        """The answers of a chunk. Where DuckDB fails behind some of them, the rest come one by one: those
        before are the same either way.
        """
        given = 0
        try:
            for answer in self._screened(columns, chunk):
                yield answer
                given += 1
        except ChunkError:
            for place, answer in enumerate(columns.screen_one_by_one(chunk)):
                if place >= given:
                    yield answer

    def _screened(self, columns: ColumnarScreening, chunk: Chunk) -> Iterable[Answer]:
        return columns.screen_one_by_one(chunk) if self._are_few(chunk) else columns.screen(chunk)

    def _are_few(self, chunk: Chunk) -> bool:
        return isinstance(chunk, NdjsonChunk) and chunk.count <= self.few

    @contextmanager
    def _columns(self, folder: Path) -> Iterator[ColumnarScreening]:
        import duckdb

        columns = ColumnarScreening(self.screening, self.threads, self.memory, folder)
        try:
            yield columns
        except duckdb.OutOfMemoryException as error:
            raise RunError(_TOO_LITTLE_MEMORY.filled(memory=self.memory)) from error
        finally:
            columns.close()

    def _cut(self, columns: ColumnarScreening, folder: Path, *, behind: int) -> Iterator[Chunk]:
        """The chunks behind the first so many, which are done."""
        cutter = columns.cutter(folder, self.stdin)
        cutter.bytes_max, cutter.rows_max = self.chunk_bytes, self.chunk_rows
        before = 0
        for n, chunk in enumerate(cutter.chunks(self.files)):
            self._chunk = (before, cutter.bytes_done - before, chunk.count)
            before = cutter.bytes_done
            if n >= behind:
                yield chunk
                self.advance(self.documents, cutter.bytes_done)

    def _write(self, answers: Iterable[Answer], report: Report, rejected: RejectedReport) -> None:
        for answer in self._advancing(answers):
            report.add(answer)
            self._add(answer)
            rejected.add(answer)

    def _advancing(self, answers: Iterable[Answer]) -> Iterator[Answer]:
        """The answers of a chunk; now and then somebody hears how many there are."""
        before, size, count = self._chunk
        for n, answer in enumerate(answers):
            yield answer
            if n % _HEARD_EVERY == _HEARD_EVERY - 1:
                self.advance(self.documents + n + 1, before + size * (n + 1) // count)

    def _add(self, answer: Answer) -> None:
        self.summary.add(answer)
        if isinstance(answer, Unreadable):
            self.unreadable(answer)

    def _settle(self, chunk: Chunk) -> None:
        """A chunk is done: its documents are as many as its decisions and those that were rejected."""
        self.documents += chunk.count
        if self.summary.read != self.documents:
            raise RunError(_NO_BALANCE.filled(read=self.documents, settled=self.summary.read))


def _report(name: BulkFormat, stream: TextIO, language: str, *, begun: bool) -> Report:
    if name == "csv":
        return CsvReport(stream, language, with_header=not begun)
    return NdjsonReport(stream)


_TOO_LITTLE_MEMORY: Final = text(
    "{memory} minne er for lite for dette. Øk --memory, eller senk --threads.",
    "{memory} of memory is too little for this. Raise --memory, or lower --threads.",
)
_NO_BALANCE: Final = text(
    "Regnskapet går ikke opp: {read} dokumenter inn, men {settled} avgjort eller avvist. Ingenting er "
    "levert. Dette er en feil i fakturavakt; --engine reference gir avgjørelsene.",
    "The books do not balance: {read} documents in, but {settled} decided or rejected. Nothing was "
    "delivered. This is a fault of fakturavakt; --engine reference gives the decisions.",
)
_FOLDER_NOT_EMPTY: Final = text(
    "{folder} er ikke tom. Skriv til en ny mappe, eller flytt det som ligger der.",
    "{folder} is not empty. Write to a new folder, or move what lies there.",
)
