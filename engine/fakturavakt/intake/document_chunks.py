"""Files of any size cut into chunks for the columnar engine: each a table's worth of documents.

A chunk of NDJSON is a file of its own (the very file, where one chunk is enough), so that a run can stop
after any chunk and go on behind it; a chunk of Parquet is a range of rows. Documents of other formats are
read one by one and written as contract JSON, a line each; what contract JSON cannot say of one (a flaw that
only its own format could tell, or that it cannot be read at all) is set aside under its place in the chunk.

Documents are counted here, from the bytes that came in, and nowhere else: what comes out is held against it.
Cutting is the same each time: the n-th chunk of the same files has the same documents.
"""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from fakturavakt.intake.contract_json import written
from fakturavakt.intake.documents import RawDocument, Unreadable
from fakturavakt.intake.json_documents import is_blank_line
from fakturavakt.intake.parquet_documents import is_parquet, number_of_rows
from fakturavakt.intake.sources import (
    UNPACKING_FAILED,
    broken_gzip,
    is_gzipped,
    is_ndjson,
    not_readable,
    read_documents,
)
from fakturavakt.texts import Text
from fakturavakt.vocabulary.facts import Vocabulary

if TYPE_CHECKING:
    import duckdb

BYTES_MAX: Final = 64 << 20
"""Bytes of NDJSON in a chunk: some seconds of work, against which planning a statement is little."""
ROWS_MAX: Final = 1 << 17
"""Rows of Parquet in a chunk."""

_SET_ASIDE: Final = b"null\n"
"""What stands in a chunk for a document that was set aside: no object, so nobody decides it."""


@dataclass(frozen=True, slots=True)
class NdjsonChunk:
    """Documents on the lines of ``path``: ``count`` of them, the first of which is the ``first``-th of
    ``file`` (from 1) and stands on or behind its line ``first_line``. ``set_aside`` has those that the row
    reader read already, by their place in the chunk, from 0. ``is_copy``: the file is the chunk's own, and
    whoever is done with the chunk removes it.
    """

    file: str
    path: Path
    first: int
    count: int
    first_line: int = 1
    set_aside: Mapping[int, RawDocument | Unreadable] = field(default_factory=dict)
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class ParquetChunk:
    """The rows of ``file`` from the ``first``-th (from 1) on: ``count`` of them."""

    file: str
    first: int
    count: int


Chunk: TypeAlias = NdjsonChunk | ParquetChunk


@dataclass
class Cutter:
    """Cuts files into chunks, written to ``folder``."""

    vocabulary: Vocabulary
    folder: Path
    warn: Callable[[Text], None]
    connection: duckdb.DuckDBPyConnection
    stdin: BinaryIO | None = None
    bytes_max: int = BYTES_MAX
    rows_max: int = ROWS_MAX
    bytes_done: int = 0
    """Bytes of the files that the chunks so far were cut from."""
    _copies: int = 0

    def chunks(self, files: Iterable[str]) -> Iterator[Chunk]:
        """Every document of the files, in order. A file that cannot be read is a chunk of one document
        that was set aside.
        """
        for file in files:
            behind = self.bytes_done + size_of([file])
            if is_parquet(file):
                yield from self._of_parquet(file)
            elif is_ndjson(file):
                yield from self._of_ndjson(file)
            else:
                documents = read_documents(file, self.vocabulary, self.warn, self.stdin)
                yield from self._of_documents(documents, file)
            self.bytes_done = behind

    def _of_parquet(self, file: str) -> Iterator[Chunk]:
        rows = number_of_rows(self.connection, file)
        if isinstance(rows, Unreadable):
            yield from self._of_documents([rows], file)
            return
        before, size = self.bytes_done, size_of([file])
        for first in range(1, rows + 1, self.rows_max):
            count = min(self.rows_max, rows + 1 - first)
            self.bytes_done = before + size * (first + count - 1) // rows
            yield ParquetChunk(file, first, count)

    def _of_ndjson(self, file: str) -> Iterator[Chunk]:
        first = first_line = 1
        before = self.bytes_done
        with contextlib.ExitStack() as stack:
            try:
                plain = stack.enter_context(Path(file).open("rb"))
                is_packed = is_gzipped(plain)
                if not is_packed and Path(file).stat().st_size <= self.bytes_max:
                    count = sum(1 for _ in _with_documents(plain))
                    self.bytes_done = before + size_of([file])
                    yield NdjsonChunk(file, Path(file), 1, count)
                    return
            except OSError as error:
                yield from self._of_documents([not_readable(file, 1, error)], file)
                return
            stream = stack.enter_context(gzip.open(plain)) if is_packed else plain
            reading = _Reading(stream)
            lines = iter(reading)
            while True:
                path = self._own_file()
                count, number = self._copy(lines, path)
                if not number:
                    path.unlink()
                    break
                self.bytes_done = before + plain.tell()
                yield NdjsonChunk(file, path, first, count, first_line, is_copy=True)
                first += count
                first_line += number
            if reading.failure is not None:
                unreadable = reading.failure(file, first)
                yield from self._of_documents([unreadable], file, first)

    def _own_file(self) -> Path:
        self._copies += 1
        return self.folder / f"chunk-{self._copies:06}.ndjson"

    def _copy(self, rest: Iterator[bytes], path: Path) -> tuple[int, int]:
        """The next chunk's documents and lines."""
        count = lines = size = 0
        with path.open("wb") as chunk:
            for line in rest:
                lines += 1
                size += len(line)
                count += not is_blank_line(line)
                chunk.write(line)
                if size >= self.bytes_max:
                    break
        return count, lines

    def _of_documents(
        self, documents: Iterable[RawDocument | Unreadable], file: str, first: int = 1
    ) -> Iterator[Chunk]:
        rest = iter(documents)
        while True:
            path = self._own_file()
            set_aside: dict[int, RawDocument | Unreadable] = {}
            count = size = 0
            with path.open("wb") as chunk:
                for document in rest:
                    line = _as_line(document)
                    if line is None:
                        set_aside[count] = document
                        line = _SET_ASIDE
                    count += 1
                    size += len(line)
                    chunk.write(line)
                    if size >= self.bytes_max:
                        break
            if not count:
                path.unlink()
                return
            yield NdjsonChunk(file, path, first, count, set_aside=set_aside, is_copy=True)
            first += count


@dataclass
class _Reading:
    """The lines of a file as far as it can be read. ``failure`` says what goes for the rest of it: no error
    of the chunk that is written meanwhile, such as a full disk, may pass for one of the file.
    """

    stream: Iterable[bytes]
    failure: Callable[[str, int], Unreadable] | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.stream
        except UNPACKING_FAILED:
            self.failure = broken_gzip
        except OSError as error:
            self.failure = partial(not_readable, error=error)


def size_of(files: Iterable[str]) -> int:
    """Bytes of the files together, as they lie; 0 for what has no size."""
    total = 0
    for file in files:
        with contextlib.suppress(OSError):
            total += Path(file).stat().st_size
    return total


def _as_line(document: RawDocument | Unreadable) -> bytes | None:
    """The document as a line of contract JSON; None where that would not be all that is known of it."""
    if isinstance(document, Unreadable) or document.flaws:
        return None
    if document.customer_number_if_registered is not None:
        return None
    return f"{written(document.content)}\n".encode()


def _with_documents(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in lines if not is_blank_line(line))
