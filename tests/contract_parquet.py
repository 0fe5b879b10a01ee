"""Random documents as Parquet of the contract's own types."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from fakturavakt.engines.sql_statement import contract_columns
from fakturavakt.rulebook.loader import load_rulebook

COLUMNS = {
    key: type_.sql(dialect="duckdb")
    for key, type_ in contract_columns(load_rulebook().vocabulary).items()
}
"""The contract's columns with their types in DuckDB."""


def write_contract_parquet(texts: Iterable[str], file: Path, more: str = "") -> None:
    """Contract JSON to typed columns: what no type takes is absent, all else stays, good or bad. ``more`` is
    a query whose rows follow.
    """
    source = file.with_suffix(".source.ndjson")
    source.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    types = ", ".join(f"{key}: '{type_}'" for key, type_ in COLUMNS.items())
    read = f"'{source}', format = 'newline_delimited', ignore_errors = true, columns = {{{types}}}"
    query = f"SELECT * FROM read_json({read})"  # noqa: S608
    if more:
        query += f" UNION ALL BY NAME ({more})"
    duckdb.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
    source.unlink()
