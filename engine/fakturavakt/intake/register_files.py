"""One file of the evidence register: its rows as known values, its mistakes with their places.

This is the part that is the same for all four files. A message names a column and a form, never a
value: the files hold names, addresses and telephone numbers. May import: ``texts``, ``problems``,
``vocabulary``, ``intake.csv_text``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import getitem, itemgetter
from pathlib import Path
from typing import Final, TypeAlias

from fakturavakt.intake.csv_text import CsvRecord, CsvTextError, decoded, records
from fakturavakt.problems import Place, Problem, nearest
from fakturavakt.texts import OWN_LANGUAGES, Text, listed, text
from fakturavakt.vocabulary.facts import Fact, FactType, Value
from fakturavakt.vocabulary.forms import BLANKS, Flaw, Spelling, is_absent, read

Values: TypeAlias = tuple[Value | None, ...]
"""The values of a row, one a column of its :class:`Table`, in that order; None where absent."""

Row: TypeAlias = tuple[int, Values]
"""The line that a row begins on, from 1, and its values."""

_EXPECTED: Final = {
    FactType.DATE: text("En dag som finnes, som ÅÅÅÅ-MM-DD.", "A day that exists, as YYYY-MM-DD."),
    FactType.MONEY: text(
        "Et tall med høyst 13 sifre foran komma (eller punktum) og høyst to bak.",
        "A number with at most 13 digits before the point (or comma) and at most two after it.",
    ),
    FactType.YES_NO: text(
        "Skriv ja, nei, true, false, 1 eller 0.", "Write ja, nei, true, false, 1 or 0."
    ),
    FactType.CURRENCY: text("Tre store bokstaver, som NOK.", "Three capital letters, as NOK."),
    FactType.ORGANISATION_NUMBER: text(
        "Ni sifre, det siste et riktig kontrollsiffer.",
        "Nine digits, the last of them a right check digit.",
    ),
    FactType.MOBILE: text(
        "Åtte sifre som begynner på 4 eller 9, eller + og et utenlandsk nummer.",
        "Eight digits that begin with 4 or 9, or + and a number of another country.",
    ),
    FactType.EMAIL: text("Én @, med noe på begge sider.", "One @, with something on both sides."),
}

_FLAWED: Final = {
    Flaw.FORM: text("kan ikke leses", "cannot be read"),
    Flaw.CHOICE: text("er ikke et av ordene som kan stå der", "is none of the words for it"),
    Flaw.CHECK_DIGIT: text("har et kontrollsiffer som ikke stemmer", "has a wrong check digit"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the contract knows: how its cells are read, whether they may be empty.

    ``fact`` has the full name of what the column gives, else the column's. ``required`` columns
    must be in the header and filled in every row. ``check`` names the flaw of a value that has the
    form and yet makes no sense; ``expected`` says what does. ``repeats`` says that few texts come
    again and again, so that each is read and kept only once.
    """

    name: str
    fact: Fact
    required: bool = False
    repeats: bool = True
    check: Callable[[Value], Flaw | None] | None = None
    expected: Text | None = None

    def reading(self, cell: str) -> Value | Flaw | None:
        """The value in a cell, the flaw of a bad one, None where it is blank."""
        found = read(self.fact, cell, Spelling.CSV)
        if found is None or isinstance(found, Flaw) or self.check is None:
            return found
        return self.check(found) or found

    @property
    def gives_fact(self) -> bool:
        """Whether it gives a fact of documents, and is no key or note of the register's own."""
        return self.fact.name != self.name

    @property
    def expectation(self) -> Text | None:
        """What may stand in the column, for people."""
        if self.expected or not self.fact.choices:
            return self.expected or _EXPECTED.get(self.fact.type)
        return these_words(self.fact.choices)


@dataclass(frozen=True, slots=True)
class Table:
    """A file of the register: its name and the columns that the contract knows, in its order."""

    file: str
    columns: tuple[Column, ...]


@dataclass(slots=True)
class Findings:
    """What is found while a register is read: mistakes that refuse it, and what is worth a word."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)

    def wrong(
        self, place: Place, code: str, nb: str, en: str, expected: Text | None = None
    ) -> None:
        """Notes one mistake."""
        self.problems.append(Problem(place, code, text(nb, en), expected))


class _Cells(dict[str, Value | Flaw | None]):
    """Cell to value for one column.

    A text that comes again is neither read nor stored twice, which with a million rows is most of
    the time and half of the memory. Flaws go to ``flawed`` each time.
    """

    __slots__ = ("column", "flawed")

    def __init__(self, column: Column, flawed: list[tuple[Column, Flaw]]) -> None:
        super().__init__({"": None})
        self.column = column
        self.flawed = flawed

    def __missing__(self, cell: str) -> Value | Flaw | None:
        found = self.column.reading(cell)
        if isinstance(found, Flaw):
            self.flawed.append((self.column, found))  # and not stored: each is reported
        elif self.column.repeats:
            self[cell] = found
        return found


class RegisterFile:
    """A file of the register: its header is checked at once, its rows while they are taken."""

    def __init__(self, folder: Path, table: Table, findings: Findings) -> None:
        """Reads the file; a missing one has no rows. All mistakes go to ``findings``."""
        self.table = table
        self.path = str(folder / table.file)
        self._findings = findings
        self._cell_numbers: dict[str, int] = {}
        self._header_count = 0
        self._records: Iterator[CsvRecord] = iter(())
        self.exists = True
        try:
            self._records = records(decoded((folder / table.file).read_bytes()))
            header = next(self._records, None)
        except FileNotFoundError:
            self.exists = False
        except OSError:
            findings.wrong(
                self.place(1),
                "unreadable",
                "Filen kan ikke leses.",
                "The file cannot be read.",
            )
        except CsvTextError as error:
            self._not_csv(error)
        else:
            if header is None:
                findings.wrong(
                    self.place(1),
                    "no-header",
                    "Filen er tom.",
                    "The file is empty.",
                    text(
                        f"Første rad skal ha kolonnenavn: {', '.join(self._names())}.",
                        f"The first row should hold column names: {', '.join(self._names())}.",
                    ),
                )
            elif not self._header_fits(header):
                self._records = iter(())

    def place(self, line: int, cell: int = 1) -> Place:
        """The place of a cell in this file."""
        return Place(self.path, line, cell)

    def cell_number(self, column: str) -> int | None:
        """Which cell of a row is the column's, from 1; None if the file has no such column."""
        return self._cell_numbers.get(column)

    def rows(self) -> Iterator[tuple[int, Values, bool]]:
        """``(line, values, whole)`` of each row with the right number of cells, none all blank.

        ``line`` is the row's first, from 1. A row that is not ``whole`` has mistakes, already
        noted, and a :class:`Flaw` where a value is bad: it may be looked at, not used.
        """
        flawed: list[tuple[Column, Flaw]] = []
        columns = self.table.columns
        known = [_Cells(column, flawed) for column in columns]
        # A column that the file does not have is read from an empty cell put behind each row.
        picked = itemgetter(*[self._cell_numbers.get(column.name, 0) - 1 for column in columns])
        required = [n for n, column in enumerate(columns) if column.required]
        try:
            for record in self._records:
                if not self._counts(record):
                    continue
                flawed.clear()
                values = tuple(map(getitem, known, picked((*record.cells, ""))))
                empty = [columns[n] for n in required if values[n] is None]
                if flawed or empty:
                    self._bad_cells(record.line, flawed, empty)
                yield record.line, values, not (flawed or empty)
        except CsvTextError as error:
            self._not_csv(error)

    def _counts(self, record: CsvRecord) -> bool:
        """Whether the row has something and as many cells as the header; notes a wrong number."""
        if all(map(is_absent, record.cells)):
            return False
        count = len(record.cells)
        if count != self._header_count:
            self._findings.wrong(
                self.place(record.line, min(count, self._header_count) + 1),
                "cell-count",
                f"Antallet celler i raden er {count}, men i overskriften {self._header_count}.",
                f"The number of cells in the row is {count}, but {self._header_count} in the header.",
            )
        return count == self._header_count

    def _bad_cells(
        self, line: int, flawed: Sequence[tuple[Column, Flaw]], empty: Sequence[Column]
    ) -> None:
        for column, flaw in flawed:
            self._findings.wrong(
                self.place(line, self._cell_numbers[column.name]),
                flaw,
                f"Verdien i kolonnen {column.name} {_FLAWED[flaw].say('nb')}.",
                f"The value in the column {column.name} {_FLAWED[flaw].say('en')}.",
                column.expectation,
            )
        for column in empty:
            self._findings.wrong(
                self.place(line, self._cell_numbers[column.name]),
                "no-value",
                f"Kolonnen {column.name} må være fylt ut.",
                f"The column {column.name} must be filled in.",
                column.expectation,
            )

    def _header_fits(self, header: CsvRecord) -> bool:
        """Takes in the columns; notes those that lack or stand twice, and warns of unknown ones."""
        known = {column.name for column in self.table.columns}
        twice: list[str] = []
        unknown: dict[str, None] = {}
        for number, cell in enumerate(header.cells, start=1):
            name = cell.strip(BLANKS)
            if name not in known:
                unknown[name] = None
            elif name in self._cell_numbers:
                twice.append(name)
                self._findings.wrong(
                    self.place(header.line, number),
                    "column-twice",
                    f"Kolonnen {name} står to ganger.",
                    f"The column {name} stands twice.",
                )
            else:
                self._cell_numbers[name] = number
        self._header_count = len(header.cells)
        lacking = [
            column.name
            for column in self.table.columns
            if column.required and column.name not in self._cell_numbers
        ]
        if lacking:
            self._findings.wrong(
                self.place(header.line, self._header_count + 1),
                "no-column",
                f"Overskriften mangler {listed(lacking, 'nb')}.",
                f"The header lacks {listed(lacking, 'en')}.",
                these_words(self._names()),
            )
        else:  # else these may be no column names at all, but what should never be shown
            self._findings.warnings.extend(map(self._unknown_column, unknown))
        return not (lacking or twice)

    def _unknown_column(self, name: str) -> Text:
        near = nearest(name, [n for n in self._names() if n not in self._cell_numbers])
        shown = "".join(mark if mark.isprintable() else " " for mark in name) or "?"
        return Text(
            {
                "nb": f"{self.path}: kolonnen «{shown}» er ukjent og blir ikke brukt."
                + (f" Mente du {near}?" if near else ""),
                "en": f"{self.path}: the column “{shown}” is unknown and not used."
                + (f" Did you mean {near}?" if near else ""),
            }
        )

    def _names(self) -> list[str]:
        return [column.name for column in self.table.columns]

    def _not_csv(self, error: CsvTextError) -> None:
        place = self.place(error.line)
        self._findings.problems.append(Problem(place, "not-csv", error.reason))


def these_words(words: Sequence[str]) -> Text:
    """What may stand where only some words may."""
    said = {"nb": "Ord som kan stå her", "en": "Words that can stand here"}
    return Text({language: f"{said[language]}: {', '.join(words)}." for language in OWN_LANGUAGES})
