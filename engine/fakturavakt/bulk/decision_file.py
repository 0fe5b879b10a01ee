"""Decisions as a Parquet file, made in columns: the keys of contract §4, nested, a row a document.

One pass over a chunk. A document that the statement does not decide goes to the ``reference`` engine out of
the middle of it, through a function that DuckDB calls: a join would put it in its place too, but keeps no
order.
"""

from __future__ import annotations

import json
import threading
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from sqlglot import exp

from fakturavakt.bulk.columnar_screening import (
    ChunkError,
    ColumnarScreening,
    Suspects,
    reading_a_chunk,
)
from fakturavakt.decision import Verdict
from fakturavakt.engines.columnar import Columnar
from fakturavakt.engines.sql_expressions import column, name
from fakturavakt.intake.document_chunks import Chunk, ParquetChunk
from fakturavakt.intake.document_table import literal, quoted
from fakturavakt.intake.documents import Unreadable
from fakturavakt.intake.parquet_documents import ROW
from fakturavakt.screening import Screened, Tallied

if TYPE_CHECKING:
    import duckdb

_CALLED: Final = "decided_one_by_one"
_KEPT_MAX: Final = 4096
_TEXTS: Final = "VARCHAR[]"


def shape(*, with_text: bool) -> dict[str, str]:
    """The columns of decisions and their DuckDB types; messages, remedies and sources only ``with_text``."""

    def structure(*fields: tuple[str, str], texts: tuple[str, ...] = ()) -> str:
        said = [(text, "VARCHAR") for text in texts] if with_text else []
        return f"STRUCT({', '.join(f'{key} {type_}' for key, type_ in (*fields, *said))})"

    finding = structure(
        *(("rule", "VARCHAR"), ("outcome", "VARCHAR"), ("lines", _TEXTS), ("missing", _TEXTS)),
        texts=("message", "remedy", "source"),
    )
    channel = structure(
        *(("channel", "VARCHAR"), ("eligible", "BOOLEAN"), ("missing", _TEXTS)), texts=("message",)
    )
    advice = structure(("rule", "VARCHAR"), ("missing", _TEXTS), texts=("message", "source"))
    return {
        "invoice": "VARCHAR",
        "document": "STRUCT(file VARCHAR, position BIGINT)",
        "decision": "VARCHAR",
        "channel": "VARCHAR",
        "attempts": _TEXTS,
        "missing": _TEXTS,
        "findings": f"{finding}[]",
        "channels": f"{channel}[]",
        "advice": f"{advice}[]",
        "problems": structure(("fact", "VARCHAR"), ("code", "VARCHAR"), texts=("message",)) + "[]",
        "evidence": "STRUCT(line VARCHAR, kind VARCHAR, reference VARCHAR)[]",
        "as_of": "DATE",
        "rulebook": "STRUCT(name VARCHAR, version VARCHAR)",
    }


Alike: TypeAlias = tuple[Tallied, int, int | None]
"""Documents that were decided alike: what they have in common, their number, and the whole øre that they
amount to."""


class DecisionFile:
    """Writes Parquet files of decisions, chunk by chunk; keeps in ``folder`` what is in the making.

    ``told`` hears of each document that was not decided in columns.
    """

    def __init__(self, run: ColumnarScreening, folder: Path, *, with_text: bool) -> None:
        self.run = run
        self.folder = folder
        self.shape = shape(with_text=with_text)
        screening = run.screening
        self.columnar = Columnar(
            screening.book, screening.as_of, screening.language if with_text else None
        )

    def write(
        self, chunk: Chunk, path: Path, told: Callable[[Screened | Unreadable], None]
    ) -> list[Alike]:
        """The decisions on a chunk's documents, as one file.

        Raises :class:`~fakturavakt.bulk.columnar_screening.ChunkError` where DuckDB cannot read the chunk.
        """
        with reading_a_chunk():
            documents, before = self._documents(chunk)
            one_by_one = _OneByOne(Suspects(self.run.screening, chunk), chunk.first - before, told)
            with one_by_one.callable_by(self.run.connection):
                self._copy(chunk, documents, before, path)
            found = list(self._alike(documents, before, one_by_one.rows, path))
        if sum(count for _, count, _ in found) + len(one_by_one.rows) != chunk.count:
            raise ChunkError
        return found

    def write_one_by_one(
        self, chunk: Chunk, path: Path, told: Callable[[Screened | Unreadable], None]
    ) -> None:
        """The same of a chunk that DuckDB cannot read."""
        kept = self.folder / "one-by-one.ndjson"
        with kept.open("w", encoding="utf-8", errors="replace") as stream:
            for answer in self.run.screen_one_by_one(chunk):
                told(answer)
                if isinstance(answer, Screened):
                    stream.write(f"{answer.decision.as_json()}\n")
        self._to_parquet(f"SELECT * FROM {_read_json(kept, self.shape)}", path)  # noqa: S608

    def _documents(self, chunk: Chunk) -> tuple[str, int]:
        """The query of a chunk's documents with a column :data:`ROW`, and what the first row's position is
        more than its row.
        """
        if isinstance(chunk, ParquetChunk):
            return self.run.documents(chunk), 0
        # A table that numbers its rows, so that a document is found again.
        table = self.folder / "documents.parquet"
        self._to_parquet(self.run.documents(chunk), table)
        if self.run.joins_register:  # documents were numbered before they were joined
            numbered = f"SELECT * EXCLUDE (position), position AS {ROW}"
            return f"{numbered} FROM read_parquet({literal(str(table))})", chunk.first - 1
        read = f"read_parquet({literal(str(table))}, file_row_number = true)"
        return f"SELECT *, file_row_number + 1 AS {ROW} FROM {read}", chunk.first - 1  # noqa: S608

    def _copy(self, chunk: Chunk, documents: str, before: int, path: Path) -> None:
        keys = self.columnar.keys.decision()
        joined = {"evidence": column("evidence")} if self.run.joins_register else {}
        statement = self.columnar.select(
            {"invoice": column("invoice", "number"), **keys, **joined}
            | {key: column(key) for key in (ROW, "suspect", "raw")}
        )
        book = self.run.screening.book
        constants = {
            "document": f"{{'file': {literal(chunk.file)}, 'position': c.{ROW} + {before}}}",
            "problems": "[]",
            "evidence": "CASE WHEN c.decision <> 'out_of_scope' THEN c.evidence ELSE [] END"
            if self.run.joins_register
            else "[]",
            "as_of": f"DATE '{self.run.screening.as_of.isoformat()}'",
            "rulebook": f"{{'name': {literal(book.name)}, 'version': {literal(book.version)}}}",
        }
        columns = []
        for key, type_ in self.shape.items():
            value = f"CAST({constants.get(key, f'c.{quoted(key)}')} AS {type_})"
            value = f"CASE WHEN c.suspect THEN c.one_by_one.{quoted(key)} ELSE {value} END"
            columns.append(f"{value} AS {quoted(key)}")
        decided = statement.sql(dialect="duckdb").replace(
            "WITH ", f"WITH documents AS ({documents}), ", 1
        )
        called = f"CASE WHEN suspect THEN {_CALLED}({ROW}, raw) END"
        read = f"from_json({called}, {literal(json.dumps(self.shape))})"
        decided = f"SELECT *, {read} AS one_by_one FROM ({decided})"  # noqa: S608
        query = f"SELECT {', '.join(columns)} FROM ({decided}) AS c"  # noqa: S608
        if not isinstance(chunk, ParquetChunk):  # a row of Parquet is always an object
            query += " WHERE NOT c.suspect OR c.one_by_one IS NOT NULL"
        self._to_parquet(query, path)

    def _alike(
        self, documents: str, before: int, one_by_one: Sequence[int], path: Path
    ) -> Iterator[Alike]:
        """What was decided in columns, counted by what the hit list tells apart."""
        amounts = exp.select(
            *(exp.alias_(value, name(key)) for key, value in self.run.amount().items()),
            column(ROW),
        ).from_(exp.to_table("documents"))
        fact = r"regexp_replace(path, '^line\[.*\]\.', 'line.')"
        facts = f"list_sort(list_distinct(list_transform(missing, lambda path: {fact})))"
        query = f"""
WITH documents AS ({documents}), amounts AS ({amounts.sql(dialect="duckdb")})
SELECT decision, list_transform(findings, lambda f: f.rule || ' ' || f.outcome) AS findings,
  CASE WHEN decision = 'hold' THEN {facts} END AS missing,
  currency, is_credit_note, count(*), CAST(sum(ore) AS BIGINT)
FROM read_parquet({literal(str(path))}) AS d
JOIN amounts AS a ON d.document.position = a.{ROW} + {before}
"""  # noqa: S608
        query += f"ANTI JOIN (SELECT unnest($1) AS {ROW}) AS b ON a.{ROW} = b.{ROW} "
        rows = self.run.connection.execute(
            f"{query}GROUP BY ALL ORDER BY ALL", [list(one_by_one)]
        ).fetchall()
        order = self.run.screening.book.vocabulary.order
        for decision, findings, missing, currency, is_credit_note, count, ore in rows:
            outcomes = dict(finding.split(" ") for finding in findings)
            ordered = tuple(sorted(missing or (), key=order))
            tallied = Tallied(Verdict(decision), outcomes, ordered, currency, is_credit_note)
            yield tallied, count, ore

    def merge(self, parts: list[Path], path: Path) -> None:
        """Several files as one, in their order."""
        listed = ", ".join(literal(str(part)) for part in parts)
        self._to_parquet(f"SELECT * FROM read_parquet([{listed}])", path)  # noqa: S608

    def _to_parquet(self, query: str, path: Path) -> None:
        copy = f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet)"
        self.run.connection.execute(copy).fetchall()  # else it stays open for more


class _OneByOne:
    """A function for DuckDB: a row and its text in, its decision as JSON out; NULL where it is not readable.

    ``first`` is the row of the chunk's first document. DuckDB may ask for a row again (once to see whether it
    is to be written, once to write it), so the last answers are kept, and each is told of once.
    """

    def __init__(
        self, suspects: Suspects, first: int, told: Callable[[Screened | Unreadable], None]
    ) -> None:
        self.suspects = suspects
        self.first = first
        self.told = told
        self.rows = array("Q")
        self._seen: set[int] = set()
        self._last: dict[int, str | None] = {}
        self._lock = threading.Lock()
        self._failure: BaseException | None = None

    @contextmanager
    def callable_by(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """While the function is known to DuckDB. What fails in it fails here, as what it was."""
        import duckdb
        from duckdb.func import FunctionNullHandling

        connection.create_function(
            _CALLED,
            self._answer,
            ["BIGINT", "VARCHAR"],
            "VARCHAR",
            null_handling=FunctionNullHandling.SPECIAL,
        )
        try:
            yield
        except duckdb.Error as error:
            raise (self._failure or error) from None
        finally:
            connection.remove_function(_CALLED)

    def _answer(self, row: int, raw: str | None) -> str | None:
        with self._lock:
            if row in self._last:
                return self._last[row]
            try:
                answer = self.suspects.decide(row - self.first, raw)
                if row not in self._seen:
                    self._seen.add(row)
                    self.rows.append(row)
                    self.told(answer)
            except BaseException as error:
                self._failure = error
                raise
            if len(self._last) > _KEPT_MAX:
                self._last.clear()
            said = None
            if isinstance(answer, Screened):
                said = answer.decision.as_json().encode("utf-8", "replace").decode()
            self._last[row] = said
            return said


def _read_json(path: Path, columns: dict[str, str]) -> str:
    # DuckDB keeps room for two of the longest lines: no more than there is need for.
    with path.open("rb") as stream:
        longest = max(map(len, stream), default=0)
    listed = ", ".join(f"{quoted(key)}: {literal(type_)}" for key, type_ in columns.items())
    return (
        f"read_json({literal(str(path))}, format = 'newline_delimited', "
        f"columns = {{{listed}}}, maximum_object_size = {max(longest, 1 << 20) + 1})"
    )
