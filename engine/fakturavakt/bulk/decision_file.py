"""Decisions as a Parquet file, made in columns: the keys of contract §4, nested, a row a document.

The documents' patterns are kept in a table of DuckDB's, each pattern is put into words once, and joined to
its documents. A document that the statement does not decide is one of its own pattern.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fakturavakt.bulk.chunk_answers import ChunkAnswers
from fakturavakt.bulk.columnar_screening import (
    ROWS_AT_ONCE,
    ChunkError,
    ColumnarScreening,
    Suspects,
    check_place,
    failures_to_write,
    reading_a_chunk,
)
from fakturavakt.bulk.told_patterns import ToldPatterns
from fakturavakt.intake.document_chunks import Chunk
from fakturavakt.intake.document_table import literal, quoted
from fakturavakt.intake.documents import Unreadable
from fakturavakt.screening import Screened

if TYPE_CHECKING:
    import duckdb

_TEXTS: Final = "VARCHAR[]"


def shape(*, with_text: bool, trials: bool = False) -> dict[str, str]:
    """The columns of decisions and their DuckDB types; messages, remedies and sources only ``with_text``, and
    what rules on trial would have said only with ``trials``.
    """

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
        **({"trials": f"{finding}[]"} if trials else {}),
        "problems": structure(("fact", "VARCHAR"), ("code", "VARCHAR"), texts=("message",)) + "[]",
        "evidence": "STRUCT(line VARCHAR, kind VARCHAR, reference VARCHAR)[]",
        "as_of": "DATE",
        "rulebook": "STRUCT(name VARCHAR, version VARCHAR)",
    }


class DecisionFile:
    """Writes Parquet files of decisions, chunk by chunk."""

    def __init__(self, run: ColumnarScreening, *, with_text: bool) -> None:
        self.run = run
        self.shape = shape(with_text=with_text, trials=run.screening.trials)
        # Of a pattern is said what its documents share.
        own = ("invoice", "document", "problems", "evidence", "as_of", "rulebook")
        self._told_shape = {key: type_ for key, type_ in self.shape.items() if key not in own}

    def write(self, chunk: Chunk, path: Path) -> ChunkAnswers:
        """The decisions on a chunk's documents, as one file.

        Raises :class:`~fakturavakt.bulk.columnar_screening.ChunkError` where DuckDB cannot read the chunk.
        """
        answers = ChunkAnswers()
        execute = self.run.connection.execute
        with reading_a_chunk():
            pattern = "CASE WHEN suspect THEN NULL ELSE pattern END AS pattern"  # has none to join
            query, patterns = self.run.asked_of(chunk)
            execute(
                "CREATE OR REPLACE TEMP TABLE found AS "  # noqa: S608
                f"SELECT * REPLACE ({pattern}) FROM ({query})"
            )
            ((count, misplaced),) = execute(
                "SELECT count(*), min(position) FILTER (position <> rowid + 1) FROM found"
            ).fetchall()
        if count != chunk.count:
            raise ChunkError
        if misplaced is not None:
            check_place(misplaced, misplaced)
        self._tell(chunk, patterns, answers)
        self._count(patterns, answers)
        written = self._to_parquet(self._decisions(chunk), path)
        if written != answers.summary.decided:
            message = f"{written} decisions were written of {answers.summary.decided}"
            raise AssertionError(message)
        ((ordered,),) = execute(
            "SELECT coalesce(bool_and(follows), TRUE) FROM (SELECT document.position > "  # noqa: S608
            f"lag(document.position) OVER () AS follows FROM read_parquet({literal(str(path))}))"
        ).fetchall()
        assert ordered, "decisions came out of their places"
        return answers

    def write_one_by_one(self, chunk: Chunk, path: Path) -> ChunkAnswers:
        """The same of a chunk that DuckDB cannot read, or that is not worth a statement."""
        answers = ChunkAnswers()
        kept = path.with_suffix(".ndjson")
        with kept.open("w", encoding="utf-8", errors="replace") as stream:
            for answer in self.run.screen_one_by_one(chunk):
                answers.add(answer)
                if isinstance(answer, Screened):
                    stream.write(f"{answer.decision.as_json()}\n")
        self._to_parquet(f"SELECT * FROM {_read_json(kept, self.shape)}", path)  # noqa: S608
        kept.unlink()
        return answers

    def _tell(self, chunk: Chunk, patterns: ToldPatterns, answers: ChunkAnswers) -> None:
        """Put every pattern into words: the tables ``told``, of patterns, and ``alone``, of documents that
        the statement does not decide, by their places in the chunk, from 0.
        """
        execute = self.run.connection.execute
        columns = ", ".join(f"{quoted(key)} {type_}" for key, type_ in self._told_shape.items())
        execute(
            "CREATE OR REPLACE TEMP TABLE told "
            f"(pattern VARCHAR, of_lines VARCHAR, line_ids VARCHAR, {columns})"
        )
        found = execute(
            "SELECT DISTINCT pattern, of_lines, coalesce(line_ids, '') FROM found WHERE NOT suspect"
        ).fetchall()
        for start in range(0, len(found), ROWS_AT_ONCE):
            some = found[start : start + ROWS_AT_ONCE]
            words = [
                f"{{{patterns.told(pattern, of_lines).json(ids)}}}"
                for pattern, of_lines, ids in some
            ]
            execute(
                "INSERT INTO told SELECT pattern, of_lines, line_ids, unnest(said) FROM ("  # noqa: S608
                "SELECT unnest($1) AS pattern, unnest($2) AS of_lines, unnest($3) AS line_ids, "
                f"from_json(unnest($4), {literal(json.dumps(self._told_shape))}) AS said)",
                [*map(list, zip(*some, strict=True)), words],
            )
        columns = ", ".join(f"{quoted(key)} {type_}" for key, type_ in self.shape.items())
        execute(f"CREATE OR REPLACE TEMP TABLE alone (place BIGINT, {columns})")
        suspects = Suspects(self.run.screening, chunk)
        found = execute("SELECT rowid, raw FROM found WHERE suspect ORDER BY rowid").fetchall()
        for start in range(0, len(found), ROWS_AT_ONCE):
            places, words = [], []
            for place, raw in found[start : start + ROWS_AT_ONCE]:
                answer = suspects.decide(place, raw)
                answers.add(answer)
                if not isinstance(answer, Unreadable):
                    said = answer.decision.as_json().encode("utf-8", "replace").decode()
                    places.append(place)
                    words.append(said)
            if not words:
                continue
            execute(
                "INSERT INTO alone SELECT place, unnest(said) FROM ("  # noqa: S608
                "SELECT unnest($1) AS place, "
                f"from_json(unnest($2), {literal(json.dumps(self.shape))}) AS said)",
                [places, words],
            )

    def _count(self, patterns: ToldPatterns, answers: ChunkAnswers) -> None:
        rows = self.run.connection.execute(
            "SELECT pattern, of_lines, currency, is_credit_note, count(*), sum(ore)::HUGEINT "
            "FROM found WHERE NOT suspect GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        for pattern, of_lines, currency, is_credit_note, count, ore in rows:
            told = patterns.told(pattern, of_lines)
            answers.summary.add_tallied(told.tallied(currency, is_credit_note), ore, count)

    def _decisions(self, chunk: Chunk) -> str:
        """The query of all decisions, in the order of the documents."""
        book = self.run.screening.book
        own = {
            "invoice": "f.number",
            "document": f"{{'file': {literal(chunk.file)}, 'position': f.rowid + {chunk.first}}}",
            "problems": "[]",
            "evidence": "coalesce(f.evidence, [])",
            "as_of": f"DATE '{self.run.screening.as_of.isoformat()}'",
            "rulebook": f"{{'name': {literal(book.name)}, 'version': {literal(book.version)}}}",
        }
        columns = []
        for key, type_ in self.shape.items():
            value = f"CAST({own.get(key, f't.{quoted(key)}')} AS {type_})"
            value = f"CASE WHEN f.suspect THEN a.{quoted(key)} ELSE {value} END"
            columns.append(f"{value} AS {quoted(key)}")
        return f"""
SELECT {", ".join(columns)}
FROM found AS f
LEFT JOIN told AS t ON f.pattern = t.pattern AND f.of_lines = t.of_lines
  AND coalesce(f.line_ids, '') = t.line_ids
LEFT JOIN alone AS a ON f.rowid = a.place
WHERE t.decision IS NOT NULL OR a.decision IS NOT NULL
"""  # noqa: S608 (keys of the contract; names and paths are literals)

    def _to_parquet(self, query: str, path: Path) -> int:
        return _to_parquet(self.run.connection, query, path)


def merge(connection: duckdb.DuckDBPyConnection, parts: list[Path], path: Path) -> None:
    """Several files of decisions as one, in their order."""
    listed = ", ".join(literal(str(part)) for part in parts)
    _to_parquet(connection, f"SELECT * FROM read_parquet([{listed}])", path)  # noqa: S608


def _to_parquet(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    """Write what a query gives; how many rows it was."""
    copy = f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet)"
    with failures_to_write():
        ((rows,),) = connection.execute(copy).fetchall()
    return int(rows)


def _read_json(path: Path, columns: dict[str, str]) -> str:
    # DuckDB keeps room for two of the longest lines: no more than there is need for.
    with path.open("rb") as stream:
        longest = max(map(len, stream), default=0)
    listed = ", ".join(f"{quoted(key)}: {literal(type_)}" for key, type_ in columns.items())
    return (
        f"read_json({literal(str(path))}, format = 'newline_delimited', "
        f"columns = {{{listed}}}, maximum_object_size = {max(longest, 1 << 20) + 1})"
    )
