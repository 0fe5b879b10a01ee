"""Parquet of any shape, and files in several chunks: the same decisions to the byte as by rows."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias, cast

import pytest
from benchmarks.random_documents import random_documents
from tests.bulk.columnar_answers import by_columns, by_rows, columns, said, write_parquet

from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Answer
from fakturavakt.vocabulary.facts import Fact, FactType

Tree: TypeAlias = Mapping[str, object]


def typed(tree: Mapping[str, object], types: Mapping[FactType, str]) -> str:
    """The DuckDB type of a group."""
    fields = [
        f'"{key}" {types[child.type] if isinstance(child, Fact) else typed(cast("Tree", child), types)}'
        for key, child in tree.items()
    ]
    return f"STRUCT({', '.join(fields)})"


PLAIN = dict.fromkeys(FactType, "VARCHAR")
SHAPES = {
    "the contract's types": PLAIN
    | {
        FactType.YES_NO: "BOOLEAN",
        FactType.DATE: "DATE",
        FactType.MONEY: "DECIMAL(15,2)",
        FactType.COUNT: "BIGINT",
    },
    "text only": PLAIN,
    "doubles and whole numbers": PLAIN
    | {FactType.YES_NO: "INTEGER", FactType.MONEY: "DOUBLE", FactType.COUNT: "UTINYINT"},
    "decimals, timestamps": PLAIN | {FactType.MONEY: "DECIMAL(18,4)", FactType.DATE: "TIMESTAMP"},
    "numbers for text": PLAIN | {FactType.MONEY: "INTEGER", FactType.TEXT: "BIGINT"},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_parquet_of_many_shapes(shape: str, tmp_path: Path) -> None:
    """Whatever type a column has: a value that it makes bad is told, none becomes a quiet absence."""
    source, file = tmp_path / "random.ndjson", tmp_path / "random.parquet"
    source.write_text("".join(f"{text}\n" for text in random_documents(77, 600)), encoding="utf-8")
    tree = dict(load_rulebook().vocabulary.tree)
    lines = typed(cast("Tree", tree.pop("line")), SHAPES[shape] | {FactType.LINES: ""})
    types = SHAPES[shape] | {FactType.LINES: f"{lines}[]"}
    columns_ = {key: typed(cast("Tree", child), types) for key, child in tree.items()}
    written_columns = ", ".join(f"{key}: '{type_}'" for key, type_ in columns_.items())
    read = f"'{source}', format = 'newline_delimited', ignore_errors = true"
    write_parquet(f"SELECT * FROM read_json({read}, columns = {{{written_columns}}})", file)  # noqa: S608
    with columns(load_rulebook()) as run:
        found, in_columns = by_columns(run, file)
        assert found == by_rows(run, file)
        assert len(found) == 600
        if shape == "the contract's types":
            assert in_columns > 100


@pytest.mark.parametrize(
    "select",
    [
        "SELECT {'number': 'F-1', 'payable_amount': 12.5} AS invoice, 7 AS surplus",
        "SELECT 'F-1' AS invoice, {'kind': 'person'} AS recipient",
        "SELECT {'lines': [{'id': '1', 'consent': 4}, NULL]} AS invoice",
        "SELECT {'lines': [1, 2]} AS invoice, {'kind': 'person', 'extra': 1} AS recipient",
        "SELECT {'lines': []::STRUCT(id VARCHAR)[], 'payable_amount': 0} AS invoice",
        "SELECT {'number': E'a\\tb', 'lines': [{'id': 'a\"b'}, {'id': 'a\\b'}, {'id': ' c'}]} AS invoice",
        "SELECT {'payable_amount': 'NaN'::DOUBLE, 'due_date': DATE '0044-03-15 (BC)'} AS invoice",
        "SELECT {'number': '', 'due_date': DATE '10000-01-01'} AS invoice, {'name': ' '} AS recipient",
        "SELECT 1 AS other",
    ],
)
def test_parquet_of_other_shapes(select: str, tmp_path: Path) -> None:
    """Columns that are missing, unknown or of no use."""
    file = tmp_path / "odd.parquet"
    write_parquet(f"{select} FROM range(3)", file)
    with columns(load_rulebook()) as run:
        assert by_columns(run, file)[0] == by_rows(run, file)


def test_chunks_number_documents_on(tmp_path: Path) -> None:
    """Positions and lines are the file's, however it is cut, plain or gzipped."""
    texts = ["", *random_documents(5, 40), "{broken", "[]", '{"a":1,"a":2}', ""]
    plain, packed = tmp_path / "a.ndjson", tmp_path / "b.ndjson.gz"
    plain.write_text("\n".join(texts), encoding="utf-8")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    listed = tmp_path / "c.json"
    listed.write_text(f"[{','.join(random_documents(6, 40))},{{broken", encoding="utf-8")
    rows = tmp_path / "d.parquet"
    write_parquet("SELECT {'number': 'F-' || n} AS invoice FROM range(10) AS t(n)", rows)
    with columns(load_rulebook()) as run:
        for file in (plain, packed, listed, rows):
            cutter = run.cutter(tmp_path)
            cutter.bytes_max, cutter.rows_max = 20_000, 3
            answers: list[Answer] = []
            chunks = 0
            for chunk in cutter.chunks([str(file)]):
                answers += list(run.screen(chunk))
                chunks += 1
            assert [said(each) for each in answers] == by_rows(run, file)
            assert chunks > 2


@pytest.mark.parametrize("flaw", ["cut off", "wrong check sum", "more behind it"])
def test_gzip_that_breaks_costs_no_document_before_it(flaw: str, tmp_path: Path) -> None:
    """What stands before the break is decided; the rest is one document that cannot be read."""
    good = gzip.compress("".join(f"{each}\n" for each in random_documents(5, 300)).encode())
    broken = {
        "cut off": good[: len(good) // 2],
        "wrong check sum": good[:-8] + bytes(8),
        "more behind it": good + b"more",
    }
    file = tmp_path / "a.ndjson.gz"
    file.write_bytes(broken[flaw])
    with columns(load_rulebook()) as run:
        for size in (20_000, 1 << 26):
            cutter = run.cutter(tmp_path)
            cutter.bytes_max = size
            answers = [each for chunk in cutter.chunks([str(file)]) for each in run.screen(chunk)]
            assert [said(each) for each in answers] == by_rows(run, file)
            assert len(answers) > 100


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
def test_a_full_disk_is_no_unreadable_file(tmp_path: Path) -> None:
    """A chunk that cannot be written ends the run: its documents are not those that cannot be read."""
    import resource

    file = tmp_path / "a.ndjson"
    file.write_text("".join(f"{each}\n" for each in random_documents(5, 60)), encoding="utf-8")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with columns(load_rulebook()) as run:
        cutter = run.cutter(tmp_path)
        cutter.bytes_max = 30_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
        try:
            with pytest.raises(OSError, match="too large"):
                list(cutter.chunks([str(file)]))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
