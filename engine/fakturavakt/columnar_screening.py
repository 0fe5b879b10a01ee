"""Files of thousands to billions of documents, screened by DuckDB over the columnar engine's statement.

What the statement is not made for (documents with problems, see :mod:`fakturavakt.intake.document_table`)
goes through the ``reference`` engine one by one, in its place. Promises: the same decisions to the byte as
:mod:`fakturavakt.screening` gives, in the order of the documents. May import: everything to its left, and
``screening``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from fakturavakt.engines.columnar import Columnar
from fakturavakt.engines.columnar_conditions import PLAIN_TEXT
from fakturavakt.engines.sql_expressions import cases, column, structure_of, text_of
from fakturavakt.intake.column_forms import macro_statements
from fakturavakt.intake.document_table import CURRENCY, PAYABLE_AMOUNT, DocumentTable
from fakturavakt.intake.documents import DocumentSource, RawDocument, Unreadable
from fakturavakt.intake.json_documents import is_blank_line, read_line
from fakturavakt.intake.register_columns import KEYS, RegisterColumns
from fakturavakt.screening import Screened, Screening

if TYPE_CHECKING:
    import duckdb

ROWS_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class Written:
    """A decision that was made in columns, as the JSON that is printed."""

    json: str


@dataclass
class ColumnarScreening:
    """Screens NDJSON files in columns. ``screening`` decides the documents with problems."""

    screening: Screening
    threads: int | None = None
    memory: str | None = None
    _connection: duckdb.DuckDBPyConnection = field(init=False, repr=False)

    def __post_init__(self) -> None:
        import duckdb

        self._connection = duckdb.connect(":memory:")
        if self.threads is not None:
            self._connection.execute(f"SET threads = {int(self.threads)}")
        if self.memory is not None:
            self._connection.execute("SET memory_limit = ?", [self.memory])
        for statement in macro_statements():
            self._connection.execute(statement)
        book = self.screening.book
        self._columnar = Columnar(book, self.screening.as_of, self.screening.language)
        searched = dict.fromkeys(self._columnar.outcomes.searched_facts(), PLAIN_TEXT)
        wanted = self._columnar.outcomes.facts
        self._register: RegisterColumns | None = None
        if self.screening.register is not None:
            self._register = RegisterColumns(
                book.vocabulary, wanted, searched, self.screening.as_of
            )
            self._register.create(self._connection, self.screening.register)
            wanted = wanted | KEYS
        self._table = DocumentTable(book.vocabulary, wanted, searched)
        self._statement = self._written_statement()
        tail = {
            "as_of": self.screening.as_of.isoformat(),
            "rulebook": {"name": book.name, "version": book.version},
        }
        self._tail = json.dumps(tail, ensure_ascii=False, separators=(",", ":"))[1:]

    def close(self) -> None:
        """Give the database back."""
        self._connection.close()

    def _written_statement(self) -> str:
        from sqlglot import exp

        decision = structure_of(self._columnar.keys.decision())
        columns = {
            "suspect": column("suspect"),
            "raw": column("raw"),
            "number": exp.Anonymous(this="TO_JSON", expressions=[column("invoice", "number")]),
            "amount": column(*PAYABLE_AMOUNT.split(".")),
            "currency": column(*CURRENCY.split(".")),
            "decided": exp.Anonymous(this="TO_JSON", expressions=[decision]),
            "position": exp.cast(exp.Null(), "bigint"),
            "evidence": text_of("[]"),
        }
        if self._register is not None:
            out_of_scope = exp.EQ(this=column("decision"), expression=text_of("out_of_scope"))
            used = exp.Anonymous(this="TO_JSON", expressions=[column("evidence")])
            columns["position"] = column("position")
            columns["evidence"] = cases([(out_of_scope, text_of("[]"))], exp.cast(used, "varchar"))
        return self._columnar.select(columns).sql(dialect="duckdb")

    def sql(self, file: str) -> str:
        """The statement that decides a file."""
        documents = self._table.query(file, every_raw=self._register is not None)
        if self._register is not None:
            documents = self._register.query(documents)
        return self._statement.replace("WITH ", f"WITH documents AS ({documents}), ", 1)

    def screen(self, file: str) -> Iterator[Written | Screened | Unreadable]:
        """Every document of an NDJSON file: decided in columns, by the reference engine, or not readable."""
        rows = self._connection.execute(self.sql(file))
        before = f',"document":{{"file":{json.dumps(file, ensure_ascii=False)},"position":'
        position = 0
        with Path(file).open("rb") as stream:
            lines = _Lines(stream)
            while batch := rows.fetchmany(ROWS_AT_ONCE):
                for suspect, raw, number, _amount, _currency, decided, numbered, evidence in batch:
                    position += 1
                    if numbered is not None and numbered != position:
                        message = f"document {numbered} came where {position} should"
                        raise AssertionError(message)  # never a decision under another's name
                    if suspect:
                        yield self._by_row(raw, DocumentSource(file, position), lines)
                    else:
                        yield Written(
                            f'{{"invoice":{number or "null"}{before}{position}}},'
                            f'{decided[1:-1]},"problems":[],"evidence":{evidence},{self._tail}'
                        )

    def _by_row(
        self, raw: str | None, source: DocumentSource, lines: _Lines
    ) -> Screened | Unreadable:
        document = None if raw is None else read_line(raw.encode(), 0, source)
        if not isinstance(document, RawDocument):
            # Only the file itself tells what DuckDB could not read, and on which line it stands.
            line, number = lines.find(source.position)
            document = read_line(line, number, source)
        if isinstance(document, Unreadable):
            return document
        return self.screening.screen(document)


class _Lines:
    """The lines of a file that hold documents, looked up in the order of their positions."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = enumerate(stream, start=1)
        self._position = 0

    def find(self, position: int) -> tuple[bytes, int]:
        """The line of a document, and its number in the file, from 1."""
        for number, line in self._stream:
            if not is_blank_line(line):
                self._position += 1
                if self._position == position:
                    return line, number
        message = f"there is no document {position}"  # DuckDB counted more lines than the file has
        raise AssertionError(message)
