"""Rows added to the files of an evidence register: whole files replaced, nothing in them changed.

The header keeps its order, columns that the contract does not know keep their cells, a file keeps its
delimiter, its line ends and its encoding. Whoever reads a file sees it as it was or with all of the rows.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from fakturavakt.billing.durable_files import remove, sync_folder, write_new
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.intake.csv_text import CsvRecord, decoded, records
from fakturavakt.intake.register_files import Column, Table, Values
from fakturavakt.intake.register_tables import EVIDENCE, SENDERS
from fakturavakt.texts import text
from fakturavakt.vocabulary.facts import FactType, Value
from fakturavakt.vocabulary.forms import BLANKS, written_ore

_LOCK: Final = ".fakturavakt.lock"


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to be added, whole. Where ``changed`` is a column, the row repeats the last one of its key, as it
    is written there, but for that cell.
    """

    table: Table
    values: Values
    changed: Column | None = None

    @property
    def keys(self) -> tuple[Value | None, ...]:
        """What the row is found by."""
        return self.values[: 1 if self.table is SENDERS else 2]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer at a time.

    Raises :class:`RunError` where another one has the register.
    """
    with (folder / _LOCK).open("a", encoding="utf-8") as lock:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise RunError(_IN_USE.filled(folder=folder)) from None
        yield


def add_rows(folder: Path, rows: Sequence[NewRow]) -> None:
    """Add the rows, file by file, each on the disk before the next."""
    for table in dict.fromkeys(row.table for row in rows):
        path = folder / table.file
        data = _with_rows(path, table, [row for row in rows if row.table is table])
        new = path.with_name(f".{path.name}.new")
        try:
            write_new(new, data)
            if path.exists():
                new.chmod(path.stat().st_mode & 0o7777)
            os.replace(new, path)  # noqa: PTH105 (all changes of folders are calls of `os`)
        except BaseException:
            remove(new)
            raise
        sync_folder(folder)


def _with_rows(path: Path, table: Table, rows: Sequence[NewRow]) -> bytes:
    before = path.read_bytes() if path.exists() else b""
    written = decoded(before) if before else ""
    found = list(records(written))
    if found:
        header = [cell.strip(BLANKS) for cell in found[0].cells]
    else:
        header = [column.name for column in table.columns]
        written = ";".join(header) + "\n"
    delimiter = _delimiter(written, len(header))
    end = "\r\n" if "\r\n" in written else "\n"
    lacking = [each for each in _needed(rows) if each not in header]
    if lacking:
        header += lacking
        filling = [""] * len(lacking)
        lines = [[*each.cells, *filling] for each in found[1:]]
        written = _lines([header, *lines], delimiter, end)
    elif not written.endswith(("\n", "\r")):
        written += end
    written += _lines(_cells(table, header, rows, found, delimiter), delimiter, end)
    return _encoded(written, before)


def _needed(rows: Sequence[NewRow]) -> list[str]:
    """The columns that the rows have something for."""
    return list(
        dict.fromkeys(
            column.name
            for row in rows
            for column, value in zip(row.table.columns, row.values, strict=True)
            if value is not None
        )
    )


def _cells(
    table: Table,
    header: Sequence[str],
    rows: Sequence[NewRow],
    found: Sequence[CsvRecord],
    mark: str,
) -> Iterator[list[str]]:
    last: dict[tuple[Value | None, ...], list[str]] = {}
    if table is not EVIDENCE:
        columns = table.columns[: len(rows[0].keys)]
        places = [header.index(column.name) for column in columns]
        wanted = {row.keys for row in rows}
        for record in found[1:]:
            cells: list[str] = list(record.cells)
            cells += [""] * (len(header) - len(cells))
            key = tuple(c.reading(cells[p]) for c, p in zip(columns, places, strict=True))
            if key in wanted:
                last[key] = cells
    for row in rows:
        names = [column.name for column in table.columns]
        said = {
            name: written_cell(column, value, mark)
            for name, column, value in zip(names, table.columns, row.values, strict=True)
        }
        if row.changed is not None and row.keys in last:
            cells = list(last[row.keys])
            cells[header.index(row.changed.name)] = said[row.changed.name]
        else:
            cells = [said.get(name, "") for name in header]
        last[row.keys] = cells
        yield cells


def written_cell(column: Column, value: Value | None, delimiter: str) -> str:
    """A value as the register has it."""
    if value is None:
        return ""
    match column.fact.type:
        case FactType.YES_NO:
            return "ja" if value else "nei"
        case FactType.DATE:
            return date.fromordinal(int(value)).isoformat()
        case FactType.MONEY:
            ore = written_ore(int(value))
            return ore if delimiter == "," else ore.replace(".", ",")
        case _:
            return str(value)


def _lines(rows: Iterator[list[str]] | list[list[str]], delimiter: str, end: str) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    return stream.getvalue()


def _delimiter(written: str, columns: int) -> str:
    """The one that gives the header its cells."""
    header = next(line for line in written.splitlines() if line.strip(BLANKS))
    counts = {mark: header.count(mark) for mark in (";", ",")}
    if columns == 1:
        return ";"
    return ";" if counts[";"] > counts[","] else ","


def _encoded(written: str, before: bytes) -> bytes:
    if before.startswith(codecs.BOM_UTF8):
        return written.encode("utf-8-sig")
    try:
        before.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return written.encode("cp1252")
        except UnicodeEncodeError:
            return written.encode("utf-8-sig")
    return written.encode()


_IN_USE: Final = text(
    "En annen fører svar inn i registeret {folder} nå. Vent til det er ferdig.",
    "Somebody else is adding answers to the register {folder} now. Wait until that has ended.",
)
