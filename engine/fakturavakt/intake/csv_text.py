"""CSV as programs and spreadsheets write it: bytes to text, text to records with their lines.

Shared by the CSV documents and the evidence register. What a cell means is not read here. Nothing
is guessed where a guess could change a value: a file that is not plainly UTF-8 or Windows-1252, and
a quotation mark out of place, are refused. May import: ``texts``.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import methodcaller
from typing import Final

from fakturavakt.texts import Text, text

LONGEST_CELL: Final = 1_048_576
"""How many characters of one cell are read at least. What is longer is nearly always the rest of a
file behind a quotation mark that nobody closed, and is refused."""

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MARK: Final = re.compile(r'(?<![^,;\r\n])"(?:[^"]|"")*+"|[,;\r\n]')
"""A quoted cell, whole, or something that stands outside of one."""
_BLANKS: Final = " \t\r\n\N{NO-BREAK SPACE}"
_UNICODE_16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_NEVER_CLOSED: Final = text(
    "Et anførselstegn i raden som begynner her, blir aldri avsluttet.",
    "A quotation mark in the row that begins here is never closed.",
)
_QUOTES_DO_NOT_FIT: Final = text(
    "Anførselstegnene i raden som begynner her, går ikke opp: det står tekst etter et avsluttende"
    ' anførselstegn (i en celle skrives det dobbelt, ""), eller en celle er altfor lang fordi et'
    " anførselstegn mangler.",
    "The quotation marks in the row that begins here do not fit: there is text behind a closing one"
    ' (within a cell it is written twice, ""), or a cell is far too long because one is missing.',
)
_SAVE_AS: Final = text(
    "Lagre den som CSV i UTF-8 eller Windows-1252.", "Save it as CSV in UTF-8 or Windows-1252."
)


class CsvTextError(Exception):
    """A file that cannot be cut into records: the ``line``, from 1, and a ``reason`` for people
    that repeats no cell.
    """

    def __init__(self, line: int, reason: Text) -> None:
        self.line = line
        self.reason = reason
        super().__init__(line, reason)

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason.say('en')}"


@dataclass(frozen=True, slots=True)
class CsvRecord:
    """One record: the physical line that it begins on, from 1, its cells, untrimmed, and the line it ends
    on.
    """

    line: int
    cells: tuple[str, ...]
    last_line: int = field(default=0, compare=False)


def decoded(data: bytes) -> str:
    """The text of a CSV file: UTF-8, with or without its mark, else Windows-1252.

    Raises :class:`CsvTextError` for UTF-16, for NUL bytes (a spreadsheet's own format, UTF-16
    without its mark), for a file marked as UTF-8 that is not, and for bytes that are no character
    in either.
    """
    if data.startswith(_UNICODE_16_MARKS):
        raise _undecodable(data, 0, "Filen er skrevet i UTF-16.", "The file is written in UTF-16.")
    nul = data.find(b"\0")
    if nul >= 0:
        nb = "Filen er ikke ren tekst, for den har NUL-tegn (UTF-16, eller et regneark?)."
        en = "The file is not plain text, for it has NUL bytes (UTF-16, or a spreadsheet?)."
        raise _undecodable(data, nul, nb, en)
    marked = data.startswith(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as not_utf8:
        if marked:
            # The positions of `utf-8-sig` count from behind the mark.
            at = not_utf8.start + len(codecs.BOM_UTF8)
            nb = "Filen er merket som UTF-8, men er det ikke her."
            en = "The file is marked as UTF-8 but is not so here."
            raise _undecodable(data, at, nb, en) from None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as not_windows:
        nb = "Filen er verken UTF-8 eller Windows-1252."
        en = "The file is neither UTF-8 nor Windows-1252."
        raise _undecodable(data, not_windows.start, nb, en) from None


def records(text: str) -> Iterator[CsvRecord]:
    """The records of a CSV text, the header first; none for a text of blank lines only.

    The delimiter is the one of comma and semicolon that the header has more of outside quoted
    cells, a comma where it has as many of both. Cells may be quoted (``""`` is a quotation mark in
    them) and then span lines. Lines end in LF, CR LF or CR. Blank lines are left out, but a row of
    delimiters alone is a record. Raises :class:`CsvTextError`, with the line on which the record
    begins, for a quotation mark that is never closed, text behind a closing one, and a cell that
    is far too long.
    """
    # The limit belongs to the whole process; it is only ever raised, so that nobody else loses.
    if csv.field_size_limit() < LONGEST_CELL:
        csv.field_size_limit(LONGEST_CELL)
    yield from _cut(text, _delimiter(text))


def _delimiter(csv_text: str) -> str:
    """What divides the cells of the first line that is not blank."""
    commas = semicolons = line_start = 0
    for found in _MARK.finditer(csv_text):
        mark = found.group()
        if mark in "\r\n":
            if csv_text[line_start : found.start()].strip(_BLANKS):
                break
            line_start = found.end()
        commas += mark == ","
        semicolons += mark == ";"
    return ";" if semicolons > commas else ","


def _cut(csv_text: str, delimiter: str) -> Iterator[CsvRecord]:
    at_end = False

    def lines() -> Iterator[str]:
        nonlocal at_end
        # Not str.splitlines, which ends a line at U+2028, nor StringIO, four bytes a character.
        yield from map(methodcaller("group"), _LINE.finditer(csv_text))
        at_end = True

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise CsvTextError(line, _NEVER_CLOSED if at_end else _QUOTES_DO_NOT_FIT) from None
        if len(cells) > 1 or (cells and cells[0].strip(_BLANKS)):
            yield CsvRecord(line, tuple(cells), reader.line_num)


def _undecodable(data: bytes, at: int, nb: str, en: str) -> CsvTextError:
    before = data[:at]
    ends = before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
    saying = text(f"{nb} {_SAVE_AS.say('nb')}", f"{en} {_SAVE_AS.say('en')}")
    return CsvTextError(ends + 1, saying)
