"""``rules sql --dialect spark``: what is printed decides in Spark as the engines do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.bulk.columnar_answers import AS_OF
from tests.contract_parquet import good_documents

from fakturavakt.cli import cli

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
