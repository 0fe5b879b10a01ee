"""Chunks of documents, screened by DuckDB over the columnar engine's statement.

The statement gives each document its pattern (:mod:`fakturavakt.engines.columnar_pattern`), which is put into
words once. What the statement is not made for (documents with problems, see
:mod:`fakturavakt.intake.document_table`) goes through the ``reference`` engine one by one, in its place.
"""

from __future__ import annotations

import errno
import json
import os
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from fakturavakt.bulk.pattern_statement import PatternStatement
from fakturavakt.bulk.told_patterns import ToldPatterns
from fakturavakt.engines.columnar_conditions import PLAIN_TEXT
from fakturavakt.intake.column_forms import macro_statements
from fakturavakt.intake.document_chunks import Chunk, Cutter, NdjsonChunk, ParquetChunk
from fakturavakt.intake.document_table import DocumentTable
from fakturavakt.intake.documents import DocumentSource, RawDocument, Unreadable
from fakturavakt.intake.json_documents import is_blank_line, read_line
from fakturavakt.intake.parquet_documents import (
    ROW,
    ParquetTable,
    broken_row,
    columns_of,
    unknown_columns,
)
from fakturavakt.intake.register_columns import RegisterColumns
from fakturavakt.rulebook.in_force import in_force_between
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Answer, Screened, Screening, Written
from fakturavakt.vocabulary.facts import Absence
from fakturavakt.vocabulary.own_facts import SEND_DATE

if TYPE_CHECKING:
    import duckdb

ROWS_AT_ONCE: Final = 2048


class ChunkError(Exception):
    """DuckDB did not read a chunk as it was counted: its documents have to be read one by one."""


class FileChangedError(Exception):
    """A file has no longer the documents that were counted in it: its name."""


@contextmanager
def reading_a_chunk() -> Iterator[None]:
    """What DuckDB says of a file that it cannot read is a :class:`ChunkError`; what it says of a statement,
    of memory, or of a disk that is full, is not about the file.
    """
    import duckdb

    try:
        with failures_to_write():
            yield
    except duckdb.Error as error:
        about_files = (
            duckdb.IOException,
            duckdb.InvalidInputException,
            duckdb.SerializationException,
        )
        # A page that is broken may also come as an error of no kind.
        if isinstance(error, about_files) or type(error) is duckdb.Error:
            raise ChunkError from error
        raise


@contextmanager
def failures_to_write() -> Iterator[None]:
    """Where DuckDB cannot write, that is an :class:`OSError` as of any other file; it has no name."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        said = str(error)
        for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS):
            if (why := os.strerror(number)) in said:
                raise OSError(number, why) from error
        raise


@dataclass(frozen=True, slots=True)
class DuckDBLimits:
    """What one DuckDB may use: ``memory`` (``"2GB"``), and the folder for what does not fit."""

    memory: str | None = None
    folder: Path | None = None

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A database in memory, on one thread."""
        import duckdb

        connection = duckdb.connect(":memory:")
        connection.execute("SET enable_progress_bar = false")  # it would go to standard output
        # Rows keep their order on one thread, and so through a join: several processes have a chunk each.
        connection.execute("SET threads = 1")
        if self.memory is not None:
            connection.execute("SET memory_limit = ?", [self.memory])
        if self.folder is not None:
            connection.execute("SET temp_directory = ?", [str(self.folder)])
        return connection


class ColumnarScreening:
    """Screens chunks of documents in columns, on one thread. ``screening`` decides the documents with
    problems. ``carried`` are facts of the invoice whose values stand beside the answers, under their names.
    ``beside`` another one it shares that one's database: a table that is not temporary is seen by both.
    """

    windows_worth_a_look = 16
    """Rules with a window from which on a chunk is read once more, for the days on which it is sent."""

    def __init__(
        self,
        screening: Screening,
        limits: DuckDBLimits | None = None,
        *,
        carried: Sequence[str] = (),
        beside: ColumnarScreening | None = None,
    ) -> None:
        self.screening = screening
        self._carried = carried
        self._whole = PatternStatement(screening, screening.book, carried)
        self._parts: dict[tuple[str, ...], PatternStatement] = {}
        self._windows = _windows_of(screening.book)
        self.connection: duckdb.DuckDBPyConnection = (
            (limits or DuckDBLimits()).connect() if beside is None else beside.connection.cursor()
        )
        # What is joined to documents stays on the right: turned around, all of them would be kept in memory.
        self.connection.execute("SET disabled_optimizers = 'build_side_probe_side,join_order'")
        for statement in macro_statements():
            self.connection.execute(statement)
        book = self.screening.book
        outcomes = self._whole.outcomes
        searched = dict.fromkeys(outcomes.searched_facts(), PLAIN_TEXT)
        there = {fact for fact in carried if fact in book.vocabulary}
        wanted, compared = outcomes.facts | there, outcomes.compared | there
        self._register: RegisterColumns | None = None
        if self.screening.register is not None:
            self._register = RegisterColumns(
                book.vocabulary, wanted, searched, self.screening.as_of
            )
            self._register.create(self.connection, self.screening.register)
            wanted = set(self._register.wanted)
            compared = compared | wanted
        self._ndjson = DocumentTable(book.vocabulary, wanted, searched)
        self._parquet = ParquetTable(book.vocabulary, wanted, compared, searched)
        tail = {
            "as_of": self.screening.as_of.isoformat(),
            "rulebook": {"name": book.name, "version": book.version},
        }
        self._tail = json.dumps(tail, ensure_ascii=False, separators=(",", ":"))[1:]

    def close(self) -> None:
        """Give the database back."""
        self.connection.close()

    def cutter(self, folder: Path, stdin: BinaryIO | None = None) -> Cutter:
        """Cuts files into the chunks that are screened here."""
        vocabulary = self.screening.book.vocabulary
        return Cutter(vocabulary, folder, self.screening.warn, self.connection.cursor(), stdin)

    def asked_of(self, chunk: Chunk) -> tuple[str, ToldPatterns]:
        """The statement over a chunk's documents, and the words for what comes out of it.

        Where many rules have windows, those that are out of force on every day of the chunk are not asked
        for: a rule book keeps its old rules, and an invoice of today should not pay for them.
        """
        statement = self._whole
        if self._windows >= self.windows_worth_a_look and (days := self._days(chunk)):
            book = in_force_between(self.screening.book, *days)
            ids = tuple(book.rules)
            if ids not in self._parts:
                self._parts[ids] = PatternStatement(self.screening, book, self._carried)
            statement = self._parts[ids]
        return statement.over(self.documents(chunk)), statement.patterns

    def _days(self, chunk: Chunk) -> tuple[date, date] | None:
        """The first and last day on which documents of a chunk are sent; a bad day counts as none."""
        day = f"coalesce(invoice.send_date, DATE '{self.screening.as_of.isoformat()}')"
        # DuckDB has days that Python lacks; a document of such a day goes by rows.
        day = f"greatest(least({day}, DATE '{date.max}'), DATE '{date.min}')"
        documents = self._own_documents(chunk, every_raw=False)
        ((first, last),) = self.connection.execute(
            f"SELECT min({day}), max({day}) FROM ({documents})"  # noqa: S608
        ).fetchall()
        return None if first is None else (first, last)

    def documents(self, chunk: Chunk) -> str:
        """The query of a chunk's documents, with what the register adds to them."""
        if self._register is None:
            return self._own_documents(chunk, every_raw=False)
        carried = (ROW,) if isinstance(chunk, ParquetChunk) else ()
        return self._register.query(self._own_documents(chunk, every_raw=True), carried)

    def _own_documents(self, chunk: Chunk, *, every_raw: bool) -> str:
        if isinstance(chunk, NdjsonChunk):
            return self._ndjson.query(str(chunk.path), every_raw=every_raw)
        for path in unknown_columns(
            self.screening.book.vocabulary, columns_of(self.connection, chunk.file)
        ):
            self.screening.reader.warn_of_unknown(path)
        first, behind = chunk.first - 1, chunk.first - 1 + chunk.count
        rows = f"file_row_number >= {first} AND file_row_number < {behind}"
        return self._parquet.query(self.connection, chunk.file, rows, every_raw=every_raw)

    def screen(self, chunk: Chunk) -> Iterator[Answer]:
        """Every document of a chunk: decided in columns, by the reference engine, or not readable.

        Raises :class:`ChunkError` where DuckDB cannot read the chunk, or finds another number of documents in
        it than were counted; what was given before is then not to be used.
        """
        suspects = Suspects(self.screening, chunk)
        file = json.dumps(chunk.file, ensure_ascii=False).encode("utf-8", "replace").decode()
        before = f',"document":{{"file":{file},"position":'
        position = chunk.first
        as_json = "CAST(to_json(number) AS VARCHAR) AS number, CAST(to_json(evidence) AS VARCHAR)"
        with reading_a_chunk():
            query, patterns = self.asked_of(chunk)
            told = patterns.told
            rows = self.connection.execute(
                f"SELECT * REPLACE ({as_json} AS evidence) FROM ({query})"  # noqa: S608
            )
            while batch := rows.fetchmany(ROWS_AT_ONCE):
                for row in batch:
                    suspect, raw, number, pattern, of_lines, line_ids, ore, *rest = row
                    currency, is_credit_note, numbered, evidence = rest
                    check_place(numbered, position - chunk.first)
                    if suspect:
                        yield suspects.decide(position - chunk.first, raw)
                    else:
                        found = told(pattern, of_lines)
                        yield Written(
                            f'{{"invoice":{number or "null"}{before}{position}}},'
                            f'{found.json(line_ids)},"problems":[],"evidence":{evidence or "[]"},'
                            f"{self._tail}",
                            found.tallied(currency, is_credit_note),
                            ore,
                        )
                    position += 1
        if position - chunk.first != chunk.count:
            raise ChunkError

    def screen_one_by_one(self, chunk: Chunk) -> Iterator[Screened | Unreadable]:
        """Every document of a chunk that DuckDB could not read: on its own, a broken line or page costs only
        itself. Of Parquet nobody can tell one page's rows from another's, and none of the chunk is readable.

        Raises :class:`FileChangedError`.
        """
        if isinstance(chunk, ParquetChunk):
            for position in range(chunk.first, chunk.first + chunk.count):
                yield broken_row(chunk.file, position)
            return
        suspects = Suspects(self.screening, chunk)
        for place in range(chunk.count):
            try:
                yield suspects.decide(place, None)
            except ChunkError as error:
                raise FileChangedError(chunk.file) from error


def _windows_of(book: RuleBook) -> int:
    """How many rules have one, where every document has a day on which it is sent."""
    known = book.vocabulary
    if SEND_DATE not in known or known[SEND_DATE].absent is not Absence.SCREENING_DATE:
        return 0
    return sum(rule.in_force is not None for rule in book.rules.values())


def check_place(numbered: int | None, place: int) -> None:
    """Fail where a document that was numbered (from 1) comes out of its place (from 0): no decision goes
    under another document's name.
    """
    if numbered is not None and numbered != place + 1:
        raise AssertionError(f"document {numbered} of a chunk came out as number {place + 1}")


class Suspects:
    """The documents of one chunk that the statement does not decide, by their places."""

    def __init__(self, screening: Screening, chunk: Chunk) -> None:
        self.screening = screening
        self.chunk = chunk
        self._lines: _Lines | None = None

    def decide(self, place: int, raw: str | None) -> Screened | Unreadable:
        """The decision on the document at a place (from 0), ``raw`` is its text as far as DuckDB had it."""
        chunk = self.chunk
        source = DocumentSource(chunk.file, chunk.first + place)
        document: RawDocument | Unreadable | None = None
        if isinstance(chunk, NdjsonChunk):
            document = chunk.set_aside.get(place)
        if document is None and raw is not None:
            document = read_line(raw.encode(), 0, source)
        if not isinstance(document, RawDocument) and isinstance(chunk, NdjsonChunk):
            # Only the file itself tells what DuckDB could not read, and on which line it stands.
            document = chunk.set_aside.get(place) or read_line(*self._line(chunk, place), source)
        assert document is not None  # a row of Parquet always has a text
        if isinstance(document, Unreadable):
            return document
        return self.screening.screen(document)

    def _line(self, chunk: NdjsonChunk, place: int) -> tuple[bytes, int]:
        """The line of a document, and its number in the file, from 1."""
        if self._lines is None:
            self._lines = _Lines(chunk)
        return self._lines[place]


class _Lines:
    """Where each document of a chunk of NDJSON stands."""

    def __init__(self, chunk: NdjsonChunk) -> None:
        self.path = chunk.path
        self._starts = array("Q")
        self._numbers = array("Q")
        start = 0
        with chunk.path.open("rb") as stream:
            for number, line in enumerate(stream, start=chunk.first_line):
                if not is_blank_line(line):
                    self._starts.append(start)
                    self._numbers.append(number)
                start += len(line)

    def __getitem__(self, place: int) -> tuple[bytes, int]:
        if place >= len(self._starts):
            raise ChunkError  # DuckDB counted more lines than the file has
        with self.path.open("rb") as stream:
            stream.seek(self._starts[place])
            return stream.readline(), self._numbers[place]
