"""Where in its file each document stands: for whoever takes documents out of a file, byte for byte.

The documents are those of :mod:`fakturavakt.intake.sources`, in the same order and number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from fakturavakt.intake.csv_documents import CsvLines, located_in_csv
from fakturavakt.intake.documents import DocumentSource, RawDocument, Unreadable
from fakturavakt.intake.json_documents import is_blank_line, located_in_json, read_line
from fakturavakt.intake.sources import NDJSON_ENDINGS, SIZE_MAX, TOO_LARGE
from fakturavakt.intake.ubl import read_ubl
from fakturavakt.texts import Text
from fakturavakt.vocabulary.facts import Vocabulary

Span: TypeAlias = tuple[int, int]
"""The first byte of something in its unpacked file, and the one behind its last."""

_MARK: Final = b"\xef\xbb\xbf"
_LINE: Final = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
"""As :mod:`fakturavakt.intake.csv_text` cuts lines, before they are decoded: in UTF-8 and in Windows-1252 no
character but the line ends has their bytes.
"""


@dataclass(frozen=True, slots=True)
class PlacedDocument:
    """A document with its bytes. ``spans`` is where they stand in the unpacked file, none where they are all
    of it; in CSV the first is the header's, and of each row the line end is no part.
    """

    document: RawDocument | Unreadable
    data: bytes
    spans: tuple[Span, ...] = ()


def format_of(file: str) -> str:
    """What the name says: ``.xml``, ``.json``, ``.ndjson`` or ``.csv``, plain or gzipped; "" if nothing."""
    ending = Path(file.lower().removesuffix(".gz")).suffix
    if ending in NDJSON_ENDINGS:
        return ".ndjson"
    return ending if ending in (".xml", ".json", ".csv") else ""


def documents_with_places(
    stream: BinaryIO, file: str, vocabulary: Vocabulary, warn: Callable[[Text], None]
) -> Iterator[PlacedDocument]:
    """Every document of an unpacked file whose name says its format.

    NDJSON is read line by line, every other format whole.
    """
    if format_of(file) == ".ndjson":
        yield from _in_lines(stream, file)
        return
    data = stream.read(SIZE_MAX + 1)
    if len(data) > SIZE_MAX:
        raise TooLargeError(TOO_LARGE)
    match format_of(file):
        case ".xml":
            yield PlacedDocument(read_ubl(data, file), data)
        case ".json":
            for document, span in located_in_json(data, file):
                yield _cut(document, data, () if span is None else (span,))
        case ".csv":
            yield from _in_rows(data, file, vocabulary, warn)
        case _:
            raise AssertionError(file)


class TooLargeError(Exception):
    """A file that is too large to be read whole; ``reason`` says what to do."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


def _cut(
    document: RawDocument | Unreadable, data: bytes, spans: tuple[Span, ...]
) -> PlacedDocument:
    if not spans:
        return PlacedDocument(document, data)
    return PlacedDocument(document, b"\n".join(data[begin:end] for begin, end in spans), spans)


def _in_lines(stream: BinaryIO, file: str) -> Iterator[PlacedDocument]:
    position = at = 0
    for number, line in enumerate(stream, start=1):
        begin, at = at, at + len(line)
        if is_blank_line(line):
            continue
        position += 1
        document = read_line(line, number, DocumentSource(file, position))
        data = line.rstrip(b"\r\n")
        if number == 1 and data.startswith(_MARK):
            begin, data = begin + len(_MARK), data.removeprefix(_MARK)
        yield PlacedDocument(document, data, ((begin, begin + len(data)),))


def _in_rows(
    data: bytes, file: str, vocabulary: Vocabulary, warn: Callable[[Text], None]
) -> Iterator[PlacedDocument]:
    ends: list[Span] | None = None
    for document, lines in located_in_csv(data, file, vocabulary, warn):
        if lines is None:
            yield PlacedDocument(document, data)
            continue
        if ends is None:
            mark = len(_MARK) if data.startswith(_MARK) else 0
            ends = [found.span(1) for found in _LINE.finditer(data, mark)]
        yield _cut(document, data, tuple(_row_spans(lines, ends, len(data))))


def _row_spans(lines: CsvLines, ends: list[Span], size: int) -> Iterator[Span]:
    """The header, then the rows. A row may have line ends within quoted cells."""
    for first, last in (lines.header, *lines.rows):
        yield ends[first - 1][0], size if last is None else ends[last - 1][1]
