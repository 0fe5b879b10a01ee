"""Random documents as Parquet of the contract's own types."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import duckdb
from benchmarks.random_documents import random_documents
from tests.bulk.columnar_answers import columns, said

from fakturavakt.engines.sql_statement import contract_columns
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Answer, Written

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


def good_documents(folder: Path, *, with_text: bool) -> tuple[Path, list[dict[str, object]]]:
    """Documents that ``rules sql`` is made for, and the keys that it decides, as the engines decide them."""
    everything, good = folder / "random.parquet", folder / "good.parquet"
    write_contract_parquet(random_documents(11, 1500), everything)
    answers: list[Answer] = []
    with columns(load_rulebook()) as run:
        for chunk in run.cutter(folder).chunks([str(everything)]):
            answers += run.screen(chunk)
    rows = [n for n, answer in enumerate(answers) if isinstance(answer, Written)]
    assert len(rows) > 300
    duckdb.execute(
        f"COPY (SELECT * EXCLUDE (file_row_number) "  # noqa: S608
        f"FROM read_parquet('{everything}', file_row_number = true) "
        f"WHERE list_contains({rows}, file_row_number)) TO '{good}' (FORMAT parquet)"
    )
    decisions = (json.loads(said(answers[n])) for n in rows)
    return good, [_decided(decision, with_text=with_text) for decision in decisions]


def _decided(decision: dict[str, object], *, with_text: bool) -> dict[str, object]:
    kept = {k: v for k, v in decision.items() if k not in ("document", "problems", "evidence")}
    if not with_text:
        for key in ("findings", "channels", "advice"):
            entries = kept[key]
            assert isinstance(entries, list)
            texts = ("message", "remedy", "source")
            kept[key] = [{k: v for k, v in entry.items() if k not in texts} for entry in entries]
    return kept
