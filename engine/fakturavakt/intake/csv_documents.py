"""CSV to raw documents: dotted column names, one row a line, grouped by sender and invoice number.

Cells are read here, by the CSV spelling of each form, and handed on as contract JSON; what only a cell
could tell (rows that disagree, a decimal mark that would be a guess) goes along as a flaw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from fakturavakt.intake.csv_text import CsvRecord, CsvTextError, decoded, records
from fakturavakt.intake.documents import DocumentSource, RawDocument, Unreadable
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINE_PREFIX,
    Fact,
    FactType,
    Value,
    Vocabulary,
)
from fakturavakt.vocabulary.forms import Flaw, Spelling
from fakturavakt.vocabulary.own_facts import NUMBER, SENDER

_Key = tuple[object, object]


@dataclass
class _Group:
    """The rows of one invoice; ``broken`` is the first line that could not be read."""

    first_line: int
    rows: list[CsvRecord] = field(default_factory=list)
    broken: int | None = None


@dataclass(frozen=True, slots=True)
class CsvLines:
    """The first and the last line of the header, and of each row of an invoice, from 1. The last is None
    where what follows the first cannot be cut into rows.
    """

    header: tuple[int, int]
    rows: tuple[tuple[int, int | None], ...]


def read_csv(
    data: bytes, file: str, vocabulary: Vocabulary, warn: Callable[[Text], None]
) -> Iterator[RawDocument | Unreadable]:
    """Every invoice of a CSV file, where its first row stands."""
    for document, _lines in located_in_csv(data, file, vocabulary, warn):
        yield document


def located_in_csv(
    data: bytes, file: str, vocabulary: Vocabulary, warn: Callable[[Text], None]
) -> Iterator[tuple[RawDocument | Unreadable, CsvLines | None]]:
    """As :func:`read_csv`, each with the lines of its rows; None where the document is the file."""
    try:
        found = records(decoded(data))
        header = next(found, None)
    except CsvTextError as error:
        yield Unreadable(DocumentSource(file, 1), f"{error.line}:1", error.reason), None
        return
    if header is None:
        yield Unreadable(DocumentSource(file, 1), "1:1", _NO_HEADER), None
        return
    names = [name.strip(forms.BLANKS) for name in header.cells]
    columns = [_column(name, vocabulary) for name in names]
    known = [fact.name for fact in columns if fact is not None]
    if not known or len(set(known)) < len(known):
        reason = _NO_COLUMN if not known else _COLUMN_TWICE
        yield Unreadable(DocumentSource(file, 1), f"{header.line}:1", reason), None
        return
    for name, column in zip(names, columns, strict=True):
        if column is None:
            warn(_UNKNOWN_COLUMN.filled(file=file, name=name[:80]))
    groups, failure = _grouped(found, columns)
    for position, group in enumerate(groups, start=1):
        source = DocumentSource(file, position)
        lines = CsvLines(
            (header.line, header.last_line),
            tuple((row.line, row.last_line) for row in group.rows),
        )
        if group.broken is not None:
            reason = _CELLS.filled(n=len(columns))
            yield Unreadable(source, f"{group.broken}:1", reason), lines
        else:
            yield _document(group, columns, source), lines
    if failure is not None:
        source = DocumentSource(file, len(groups) + 1)
        lines = CsvLines((header.line, header.last_line), ((failure.line, None),))
        yield Unreadable(source, f"{failure.line}:1", failure.reason), lines


def _column(name: str, vocabulary: Vocabulary) -> Fact | None:
    """The fact of a column; a list has no cell."""
    if name not in vocabulary or vocabulary[name].type is FactType.LINES:
        return None
    return vocabulary[name]


def _grouped(
    found: Iterator[CsvRecord], columns: list[Fact | None]
) -> tuple[list[_Group], CsvTextError | None]:
    """The rows of each invoice, invoices in the order of their first rows."""
    names = [fact.name if fact is not None else "" for fact in columns]
    places = [names.index(name) if name in names else None for name in (SENDER, NUMBER)]
    groups: dict[object, _Group] = {}
    try:
        for record in found:
            if all(forms.is_absent(cell) for cell in record.cells):
                continue
            key = tuple(_key_part(record, columns, place) for place in places)
            # A row without a number is an invoice of its own.
            group = groups.setdefault(
                key if key[1] is not None else record.line, _Group(record.line)
            )
            group.rows.append(record)
            if len(record.cells) != len(columns) and group.broken is None:
                group.broken = record.line
    except CsvTextError as error:
        return list(groups.values()), error
    return list(groups.values()), None


def _key_part(record: CsvRecord, columns: list[Fact | None], place: int | None) -> object:
    """What a row is grouped by: the value where it is good, else the text."""
    if place is None or place >= len(record.cells):
        return None
    fact, cell = columns[place], record.cells[place]
    assert fact is not None
    value = forms.read(fact, cell, Spelling.CSV)
    return (cell.strip(forms.BLANKS),) if isinstance(value, Flaw) else value


def _document(group: _Group, columns: list[Fact | None], source: DocumentSource) -> RawDocument:
    content: dict[str, object] = {}
    flaws: dict[str, Flaw] = {}
    has_lines = any(fact is not None and fact.of_line for fact in columns)
    for n, fact in enumerate(columns):
        if fact is not None and not fact.of_line:
            cells = [row.cells[n] for row in group.rows if not forms.is_absent(row.cells[n])]
            _put(content, fact.name, _invoice_fact(fact, cells, flaws))
    if has_lines:
        lines = [
            _line(row, columns, position, flaws) for position, row in enumerate(group.rows, start=1)
        ]
        _put(content, "invoice.lines", lines)
    return RawDocument(source, content, flaws)


def _invoice_fact(fact: Fact, cells: list[str], flaws: dict[str, Flaw]) -> object:
    """What the rows say together; a blank cell says nothing."""
    if not cells:
        return None
    values = {cell: forms.read(fact, cell, Spelling.CSV) for cell in cells}
    alike = {
        # A bad cell never says the same as a good one; two bad ones do where they are written alike.
        (value, cell if isinstance(value, Flaw) else cell.strip(forms.BLANKS))
        if isinstance(value, Flaw) or value is None
        else value
        for cell, value in values.items()
    }
    if len(alike) > 1:
        flaws[fact.name] = Flaw.CONFLICT
        return cells[0]
    return _value(fact, cells[0], values[cells[0]], fact.name, flaws)


def _line(
    row: CsvRecord, columns: list[Fact | None], position: int, flaws: dict[str, Flaw]
) -> dict[str, object]:
    line: dict[str, object] = {}
    for fact, cell in zip(columns, row.cells, strict=True):
        if fact is None or not fact.of_line or forms.is_absent(cell):
            continue
        key = fact.name.removeprefix(LINE_PREFIX)
        if fact.name == LINE_ID:
            _put(line, key, cell)  # whether it can be used is judged among all lines
        else:
            value = forms.read(fact, cell, Spelling.CSV)
            _put(line, key, _value(fact, cell, value, f"line[#{position}].{key}", flaws))
    return line


def _value(
    fact: Fact, cell: str, value: Value | Flaw | None, path: str, flaws: dict[str, Flaw]
) -> object:
    """A good value as contract JSON writes it; a bad one as it stands, with its flaw."""
    if isinstance(value, Flaw):
        flaws[path] = value
        return cell
    return cell if value is None else forms.in_json(fact, value)


def _put(content: dict[str, object], name: str, value: object) -> None:
    if value is None:
        return
    *groups, key = name.split(".")
    node = content
    for group in groups:
        child = node.setdefault(group, {})
        assert isinstance(child, dict)  # columns are facts, and facts are no groups
        node = child
    node[key] = value


_NO_HEADER: Final = text(
    "Filen er tom; første linje skal ha kolonnenavn som invoice.number og line.amount.",
    "The file is empty; its first line should have column names such as invoice.number and line.amount.",
)
_NO_COLUMN: Final = text(
    "Ingen kolonne er et kjent faktum; første linje skal ha navn som invoice.number og line.amount.",
    "No column is a known fact; the first line should have names such as invoice.number and line.amount.",
)
_COLUMN_TWICE: Final = text(
    "En kolonne står to ganger i første linje; behold bare én av dem.",
    "A column stands twice in the first line; keep only one of them.",
)
_UNKNOWN_COLUMN: Final = text(
    "{file}: kolonnen «{name}» er ukjent og brukes ikke.",
    "{file}: the column “{name}” is unknown and not used.",
)
_CELLS: Final = text(
    "Raden har ikke like mange celler som første linje ({n}), så fakturaen den hører til kan ikke leses.",
    "The row does not have as many cells as the first line ({n}), so its invoice cannot be read.",
)


def knows_a_column(first_line: str, vocabulary: Vocabulary) -> bool:
    """Whether a first line looks like the header of CSV documents."""
    header: Mapping[str, None] = dict.fromkeys(
        name.strip(f'{forms.BLANKS}"') for name in first_line.replace(";", ",").split(",")
    )
    return any(name in vocabulary for name in header)
