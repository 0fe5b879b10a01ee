"""``rules sql``: the statement that is printed decides as the engines do, or it is not printed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from sqlglot import exp
from sqlglot.dialects.dialect import Dialects
from tests.bulk.columnar_answers import AS_OF
from tests.contract_parquet import COLUMNS, good_documents

from fakturavakt.cli import cli
from fakturavakt.engines.columnar import Columnar
from fakturavakt.engines.sql_dialects import WRITTEN, DialectRefusedError, written
from fakturavakt.engines.sql_expressions import column, each_line
from fakturavakt.rulebook.loader import load_rulebook


def printed(*options: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(cli, ["rules", "sql", "--as-of", AS_OF.isoformat(), *options])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("with_text", [True, False])
def test_the_printed_statement_decides(with_text: bool, tmp_path: Path) -> None:
    """Over a table of documents with good values: the same decisions, keys and texts as by rows."""
    file, expected = good_documents(tmp_path, with_text=with_text)
    connection = duckdb.connect()
    typed = ", ".join(f"{key} {type_}" for key, type_ in COLUMNS.items())
    connection.execute(f"CREATE TABLE documents ({typed})")
    connection.execute(f"INSERT INTO documents BY NAME FROM read_parquet('{file}')")
    statement = printed("--dialect", "duckdb", *(["--with-text"] if with_text else []))
    decided = f"SELECT to_json(d)::VARCHAR FROM ({statement}) AS d"  # noqa: S608
    rows = connection.execute(decided).fetchall()
    assert [json.loads(row) for (row,) in rows] == expected


@pytest.mark.parametrize("dialect", WRITTEN)
def test_every_rule_and_channel_is_named_beside_its_expression(dialect: str) -> None:
    """An auditor finds each by its id, and what the table must look like."""
    statement = printed("--dialect", dialect, "--lang", "en")
    book = load_rulebook()
    for rule in (*book.prohibitions, *book.advice):
        assert f"{rule.id}: {rule.title.say('en')} */" in statement
    for channel in book.channels:
        assert f"/* channel {channel.name}: {channel.title.say('en')} */" in statement
    head = statement.partition("WITH ")[0]
    assert all(line.startswith("--") for line in head.splitlines())
    for said_there in (book.name, book.version, AS_OF.isoformat(), "CREATE TABLE documents"):
        assert said_there in head
    assert "DECIMAL(15, 2)" in head


@pytest.mark.parametrize(
    "dialect", sorted({each.value for each in Dialects if each.value} - {*WRITTEN})
)
@pytest.mark.parametrize(("lang", "refused"), [("nb", "skrives ikke"), ("en", "is not written")])
def test_other_dialects_are_refused(dialect: str, lang: str, refused: str) -> None:
    """With the reason, nothing on stdout, and exit code 2."""
    result = CliRunner().invoke(cli, ["rules", "sql", "--dialect", dialect, "--lang", lang])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert refused in result.stderr
    assert dialect in result.stderr


def test_an_unknown_dialect() -> None:
    """A slip of the pen is told with the word that was meant."""
    result = CliRunner().invoke(cli, ["rules", "sql", "--dialect", "duckbd", "--lang", "en"])
    assert result.exit_code == 2
    assert "duckdb" in result.stderr


@pytest.mark.parametrize(
    "stranger",
    [
        exp.ArrayAny(this=column("a"), expression=exp.Lambda(this=column("x"), expressions=[])),
        exp.Anonymous(this="LIST_ZIP", expressions=[column("a")]),
        each_line(exp.Anonymous(this="LIST_UNIQUE", expressions=[column("a")])),
    ],
)
@pytest.mark.parametrize("dialect", WRITTEN)
def test_what_nobody_has_tried_is_refused(stranger: exp.Expression, dialect: str) -> None:
    """A new kind of node is written for no dialect before somebody has held it against them."""
    columnar = Columnar(load_rulebook(), date(2021, 2, 2))
    with pytest.raises(DialectRefusedError, match="not been tried"):
        written(columnar.select({"found": stranger}), dialect)
