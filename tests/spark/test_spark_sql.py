"""``rules sql --dialect spark``: what is printed decides in Spark as the engines do."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from benchmarks.random_documents import random_documents
from click.testing import CliRunner
from tests.bulk.columnar_answers import AS_OF
from tests.contract_parquet import good_documents, write_contract_parquet

from fakturavakt.cli import cli
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import RawDocument
from fakturavakt.on_spark.spark_run import SparkRun
from fakturavakt.report.summary import Summary
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Screening
from fakturavakt.shipped import shipped_folder

pytestmark = pytest.mark.spark


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # pyspark's own sockets
def test_the_printed_statement_decides(tmp_path: Path) -> None:
    """Over a view of documents with good values: the same decisions, keys and texts as by rows."""
    from pyspark.sql import SparkSession

    file, expected = good_documents(tmp_path, with_text=True)
    options = ("--dialect", "spark", "--with-text", "--as-of", AS_OF.isoformat())
    printed = CliRunner().invoke(cli, ["rules", "sql", *options])
    assert printed.exit_code == 0, printed.output
    settings = {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.master("local[1]").config(map=settings)
    session = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    try:
        session.read.parquet(str(file)).createOrReplaceTempView("documents")
        rows = session.sql(printed.stdout).collect()
    finally:
        session.stop()
    assert [row.asDict(recursive=True) for row in rows] == expected


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # pyspark's own sockets
@pytest.mark.parametrize("tried", [True, False], ids=["on trial", "none on trial"])
def test_rules_on_trial_are_told_of(tmp_path: Path, tried: bool) -> None:
    """``screen --on --trials``: the same column and the same hit list as by rows, texts too."""
    rules = Path(shutil.copytree(shipped_folder("rules"), tmp_path / "rules"))
    names = ("unagreed-upgrade", "unconsented-subscription") if tried else ()
    for name in names:
        file = rules / "prohibitions" / f"{name}.yaml"
        written = file.read_text(encoding="utf-8")
        file.write_text(written.replace("then: ", "status: trial\nthen: "), encoding="utf-8")
    source, output = tmp_path / "a.parquet", tmp_path / "decisions"
    write_contract_parquet(random_documents(416, 300), source)
    book = load_rulebook(rules)
    run = Screening(book, AS_OF, ReferenceEngine(book), trials=True)
    summary, read = SparkRun(run, "local[1]", with_text=True).to_folder([str(source)], str(output))
    expected, by_rows = Summary(), []
    for document in run.documents([str(source)]):
        assert isinstance(document, RawDocument)
        screened = run.screen(document)
        expected.add(screened)
        by_rows.append(screened.decision.as_json())
    parts = sorted(output.glob("*.parquet"))
    listed = ", ".join(f"'{part}'" for part in parts)
    rows = duckdb.execute(f"SELECT to_json(d)::VARCHAR FROM read_parquet([{listed}]) AS d")  # noqa: S608
    assert [row for (row,) in rows.fetchall()] == by_rows
    assert read == 300
    assert summary.trials == expected.trials
    assert bool(summary.trials) is tried
