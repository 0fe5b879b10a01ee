"""``screen --on``: the same decisions to the byte on a real cluster, whatever happens to it on the way."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from benchmarks.random_documents import random_documents
from tests.bulk.columnar_answers import AS_OF
from tests.contract_parquet import write_contract_parquet
from tests.spark.conftest import Cluster

from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import RawDocument
from fakturavakt.report.summary import Summary
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Screening

pytestmark = pytest.mark.spark

RUN_SECONDS = 400
ODD = """
SELECT {'number': 'X', 'issue_date': DATE '10000-01-01', 'due_date': DATE '0044-03-15 (BC)'} AS invoice
UNION ALL SELECT {'number': '', 'send_date': DATE '0001-01-01', 'attachments': -1}
UNION ALL SELECT {'number': 'æ', 'lines': [{'id': 'ß', 'item_classification': 'İSTANBUL'}, NULL]}
UNION ALL SELECT {'number': E'a\\tb', 'lines': [{'id': '1'}, {'id': '1'}, {'id': '#3'}, {'id': '\"'}]}
UNION ALL SELECT {'number': '1', 'lines': [], 'payable_amount': 0}
UNION ALL SELECT {'number': '2', 'lines': [], 'payment_reference': 'RF18', 'payee_account': 'x'}
UNION ALL SELECT {'number': '3', 'payable_amount': 9999999999999.99, 'payment_reference': '00000000-'}
UNION ALL SELECT NULL
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two files of a few thousand documents, a third with bad values; names that a path has to carry."""
    folder = tmp_path_factory.mktemp("input")
    second, first = folder / "a.parquet", folder / "b [1] æ%20.parquet"
    write_contract_parquet(random_documents(414, 1500), first, ODD)
    write_contract_parquet(random_documents(415, 1500), second)
    return [str(first), str(second)]


def by_rows(files: list[str]) -> Iterator[tuple[str, Summary]]:
    """What the reference engine decides, without texts, and the hit list so far."""
    book = load_rulebook()
    run = Screening(book, AS_OF, ReferenceEngine(book))
    summary = Summary()
    for document in run.documents(files):
        assert isinstance(document, RawDocument)
        screened = run.screen(document)
        summary.add(screened)
        yield screened.decision.as_json(), summary


def decisions(folder: Path) -> list[str]:
    """The decisions of a finished folder, in the order of its files."""
    assert (folder / "_SUCCESS").exists()
    found: list[str] = []
    for part in sorted(folder.glob("*.parquet")):
        rows = duckdb.execute(f"SELECT to_json(d)::VARCHAR FROM read_parquet('{part}') AS d")  # noqa: S608
        found += [row for (row,) in rows.fetchall()]
    return found


def without_texts(decision: str) -> str:
    """The same bytes but for messages, remedies and sources."""
    kept = json.loads(decision)
    for key in ("findings", "channels", "advice", "problems"):
        for entry in kept[key]:
            for text in ("message", "remedy", "source"):
                entry.pop(text, None)
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def escaped_alike(decision: str) -> str:
    r"""DuckDB writes ``\u001F`` where Python writes ``\u001f``."""
    return re.sub(r"\\u00[0-9A-F]{2}", lambda found: found.group().lower(), decision)


def finished(run: subprocess.Popen[str], *, code: int = 1) -> str:
    """What a run said on stderr."""
    _, told = run.communicate(timeout=RUN_SECONDS)
    assert run.returncode == code, told
    return told


AS_OF_OPTION = ("--as-of", AS_OF.isoformat())


def test_a_cluster_decides_as_the_reference_does(
    cluster: Cluster, files: list[str], tmp_path: Path
) -> None:
    """To the byte, texts too, in the order of the documents; the balance and the hit list's line are told."""
    output = tmp_path / "decisions"
    run = cluster.screen(
        *files, "--output", str(output), "--with-text", "--lang", "en", *AS_OF_OPTION
    )
    book = load_rulebook()
    rows = Screening(book, AS_OF, ReferenceEngine(book), "en")
    summary = Summary()
    expected = []
    for document in rows.documents(files):
        assert isinstance(document, RawDocument)
        screened = rows.screen(document)
        summary.add(screened)
        expected.append(screened.decision.as_json())
    told = finished(run)
    assert [*map(escaped_alike, decisions(output))] == expected
    assert len(expected) == 3008
    assert summary.balance(3008, "en") in told
    assert summary.line("en") in told
    assert [each.name for each in tmp_path.iterdir()] == ["decisions"]

    again = cluster.screen(*files, "--output", str(output), *AS_OF_OPTION)
    assert str(output) in finished(again, code=2)
    assert [*map(escaped_alike, decisions(output))] == expected


def test_columns_of_other_types_are_refused(cluster: Cluster, tmp_path: Path) -> None:
    """With the column, the type that was found and the one that was expected; nothing is written."""
    file, output = tmp_path / "other.parquet", tmp_path / "decisions"
    select = "SELECT {'payable_amount': 1.5::DOUBLE, 'lines': [{'id': 7}], 'odd': 1} AS invoice"
    duckdb.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet)")
    told = finished(cluster.screen(str(file), "--output", str(output), "--lang", "en"), code=2)
    assert "invoice.payable_amount has the type double; on Spark decimal(15,2)" in told
    assert "line.id has the type int; on Spark string" in told
    assert [each.name for each in tmp_path.iterdir()] == ["other.parquet"]


def at_work(run: subprocess.Popen[str], output: Path) -> None:
    """Wait until executors write decisions."""
    until = time.monotonic() + RUN_SECONDS
    while not list(output.parent.glob(f".{output.name}.*/_temporary/0/*")):
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_worker_is_killed(cluster: Cluster, files: list[str], tmp_path: Path) -> None:
    """Its tasks are done again by the other; the result is whole and right."""
    output = tmp_path / "decisions"
    extra = cluster.add_worker()
    run = cluster.screen(*files, "--output", str(output), *AS_OF_OPTION)
    at_work(run, output)
    cluster.kill(cluster.processes[1])
    finished(run)
    assert [*map(escaped_alike, decisions(output))] == [
        without_texts(decision) for decision, _ in by_rows(files)
    ]
    assert extra.poll() is None


def test_the_driver_is_killed(cluster: Cluster, files: list[str], tmp_path: Path) -> None:
    """Nothing is there that reads as a result; the next run is whole."""
    output = tmp_path / "decisions"
    run = cluster.screen(*files, "--output", str(output), *AS_OF_OPTION)
    at_work(run, output)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate(timeout=60)
    time.sleep(5)  # executors find out that their driver is gone
    assert not output.exists()
    left = [each.name for each in tmp_path.iterdir()]
    assert all(name.startswith(".") for name in left)
    assert not list(tmp_path.glob("*/_SUCCESS"))
    assert not list(tmp_path.glob("*.parquet"))

    finished(cluster.screen(*files, "--output", str(output), *AS_OF_OPTION))
    assert len(decisions(output)) == 3008
