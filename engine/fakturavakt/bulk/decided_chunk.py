"""One chunk of a run: its documents decided, its decisions written to a file of its own, and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal, TypeAlias

from fakturavakt.bulk.chunk_answers import ChunkAnswers
from fakturavakt.bulk.columnar_screening import ChunkError, ColumnarScreening, DuckDBLimits
from fakturavakt.bulk.decision_file import DecisionFile
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.document_chunks import Chunk, NdjsonChunk
from fakturavakt.intake.register import Register
from fakturavakt.report.machine import CsvReport, NdjsonReport, Report
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Answer, Screening

BulkFormat: TypeAlias = Literal["parquet", "ndjson", "csv"]

_HEARD_EVERY: Final = 4096
"""Documents between two words about how far a chunk is."""


@dataclass(frozen=True, slots=True)
class ChunkTask:
    """The ``n``-th chunk of a run (from 1), cut from ``size`` bytes of its file, and the file of its
    decisions.
    """

    n: int
    chunk: Chunk
    size: int
    part: Path


@dataclass(frozen=True, slots=True)
class DecidedChunk:
    """What became of it. ``unknown_keys`` are paths of keys that the vocabulary lacks."""

    task: ChunkTask
    answers: ChunkAnswers
    unknown_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChunkDecider:
    """All that is needed to decide any chunk of a run, wherever that is: it can be pickled.

    Up to ``few`` documents are decided one by one: a statement takes a second to plan.
    """

    book: RuleBook
    as_of: date
    language: str
    register: Register | None
    limits: DuckDBLimits
    format: BulkFormat
    with_text: bool
    trials: bool
    few: int

    def opened(self) -> ColumnarScreening:
        """What decides in columns, in this process; to be closed again."""
        engine = ReferenceEngine(self.book)
        screening = Screening(
            self.book, self.as_of, engine, self.language, self.register, trials=self.trials
        )
        return ColumnarScreening(screening, self.limits)

    def decide(
        self, columns: ColumnarScreening, task: ChunkTask, hear: Callable[[int], None]
    ) -> DecidedChunk:
        """The decisions on one chunk; ``hear`` is told how many there are so far."""
        reader = columns.screening.reader
        known = len(reader.unknown_keys)
        answers = self._answers(columns, task, hear)
        answers.finish()
        if isinstance(task.chunk, NdjsonChunk) and task.chunk.is_copy:
            task.chunk.path.unlink()
        return DecidedChunk(task, answers, tuple(reader.unknown_keys)[known:])

    def _answers(
        self, columns: ColumnarScreening, task: ChunkTask, hear: Callable[[int], None]
    ) -> ChunkAnswers:
        chunk, part = task.chunk, task.part
        one_by_one = isinstance(chunk, NdjsonChunk) and chunk.count <= self.few
        if self.format == "parquet":
            file = DecisionFile(columns, with_text=self.with_text)
            if not one_by_one:
                with suppress(ChunkError):
                    return file.write(chunk, part)
            return file.write_one_by_one(chunk, part)
        if not one_by_one:
            with suppress(ChunkError):
                return self._written(columns.screen(chunk), part, hear)
        return self._written(columns.screen_one_by_one(chunk), part, hear)

    def _written(
        self, screened: Iterable[Answer], part: Path, hear: Callable[[int], None]
    ) -> ChunkAnswers:
        answers = ChunkAnswers()
        with part.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
            report: Report = NdjsonReport(stream)
            if self.format == "csv":
                report = CsvReport(stream, self.language, with_header=False, trials=self.trials)
            for n, answer in enumerate(screened, start=1):
                report.add(answer)
                answers.add(answer)
                if n % _HEARD_EVERY == 0:
                    hear(n)
        return answers
