"""The documents to measure with are what they are said to be, in both formats."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
from benchmarks.generate_documents import AS_OF, DECIDING, OTHER, BadValues, generate
from tests.bulk.columnar_answers import by_columns, by_rows, columns

from fakturavakt.rulebook.loader import load_rulebook

DOCUMENTS = 3000


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same documents in both formats, and once with bad values of every kind."""
    folder = tmp_path_factory.mktemp("generated")
    wanted: dict[str, tuple[str, BadValues]] = {
        "ndjson": ("typed.ndjson", "typed"),
        "parquet": ("typed.parquet", "typed"),
        "all": ("all.ndjson", "all"),
        "none": ("none.ndjson", "none"),
    }
    found = {}
    for key, (name, bad_values) in wanted.items():
        found[key] = folder / name
        generate(found[key], DOCUMENTS, 11, bad_values=bad_values)
    return found


def without_file(decision: str) -> Any:  # noqa: ANN401 (JSON)
    """A decision, whichever file it is about."""
    read = json.loads(decision)
    del read["document"]["file"]
    return read


def decisions(file: Path) -> list[Any]:
    """What the program says of every document."""
    with columns(load_rulebook()) as run:
        assert run.screening.as_of == AS_OF
        return [without_file(each) for each in by_columns(run, file)[0]]


def test_both_formats_hold_the_same_documents(files: dict[str, Path]) -> None:
    """Decision by decision, findings, missing facts and problems included."""
    assert decisions(files["ndjson"]) == decisions(files["parquet"])


@pytest.mark.parametrize("key", ["parquet", "all"])
def test_columns_and_rows_agree(files: dict[str, Path], key: str) -> None:
    """Most of the documents are decided in columns."""
    with columns(load_rulebook()) as run:
        found, in_columns = by_columns(run, files[key])
        assert found == by_rows(run, files[key])
        assert 0.98 * DOCUMENTS < in_columns < DOCUMENTS


def test_one_in_a_hundred_has_a_bad_value(files: dict[str, Path]) -> None:
    """One problem each; and none where none is asked for."""
    of_each = [each["problems"] for each in decisions(files["all"]) if each["problems"]]
    assert 0.006 * DOCUMENTS < len(of_each) < 0.015 * DOCUMENTS
    assert all(len(problems) == 1 for problems in of_each)
    assert not any(each["problems"] for each in decisions(files["none"]))


@pytest.mark.parametrize("ending", ["ndjson", "parquet"])
def test_every_bad_value_is_a_problem(ending: str, tmp_path: Path) -> None:
    """All documents are bad, one problem each, of every code that the format can hold."""
    file = tmp_path / f"bad.{ending}"
    generate(file, 300, 11, bad_per_million=1_000_000)
    problems = [each["problems"] for each in decisions(file)]
    assert all(len(each) == 1 for each in problems)
    codes = {"choice", "check_digit", "form", "line_id"}
    assert {each[0]["code"] for each in problems} == codes | (
        {"type"} if ending == "ndjson" else set()
    )


def test_decisions_of_every_kind(files: dict[str, Path]) -> None:
    """Most are sent, a good share is held, some are stopped."""
    found = decisions(files["all"])
    share = {key: n / DOCUMENTS for key, n in Counter(each["decision"] for each in found).items()}
    assert 0.65 < share["send"] < 0.8
    assert 0.1 < share["hold"] < 0.2
    assert 0.04 < share["block"] < 0.1
    assert 0.01 < share["out_of_scope"] < 0.05
    channels = {each["channel"] for each in found if each["decision"] == "send"}
    assert channels == {"efaktura", "vipps_regning", "paper"}


def test_a_tenth_of_the_facts_is_absent(files: dict[str, Path]) -> None:
    """Of those that a document could be expected to have: no consent for goods, no withdrawal, and no kind,
    which is left out where it is an invoice.
    """
    groups = {
        "invoice": "number issue_date due_date send_date currency payable_amount payment_reference "
        "payee_account attachments",
        "sender": "organisation_number name efaktura_b2c_agreement legacy_vipps_agreement vipps_declined "
        "autopay",
        "recipient": "kind customer_number name street postal_code city country mobile email efaktura vipps",
        "relationship": "agreement claim",
    }
    absent = [f"({group}.{key} IS NULL)" for group, keys in groups.items() for key in keys.split()]
    of_line = [f"line.{key} IS NULL" for key in ("id", "description", "service", "kind", "amount")]
    lines = f"list_transform(invoice.lines, lambda line: {_sum(of_line)})"
    table = f"read_parquet('{files['parquet']}')"
    query = f"SELECT avg(({_sum(absent)} + list_sum({lines})) / ({len(absent)} + {len(of_line)} * len(invoice.lines)))"  # noqa: E501
    (share,) = duckdb.execute(f"{query} FROM {table}").fetchone() or (0,)
    assert 0.09 < share < 0.14
    assert DECIDING < OTHER


def _sum(conditions: list[str]) -> str:
    return " + ".join(f"CAST({condition} AS INTEGER)" for condition in conditions)


def test_lines_are_one_to_five(files: dict[str, Path]) -> None:
    """And their ids, but for the bad ones, are their positions."""
    table = f"read_parquet('{files['parquet']}')"
    counts = duckdb.execute(f"SELECT DISTINCT len(invoice.lines) FROM {table} ORDER BY 1")  # noqa: S608
    assert counts.fetchall() == [(1,), (2,), (3,), (4,), (5,)]


def test_one_seed_gives_the_same_documents_in_any_number(
    files: dict[str, Path], tmp_path: Path
) -> None:
    """Fewer documents are the first of more; another seed gives others."""
    few, other = tmp_path / "few.ndjson", tmp_path / "other.ndjson"
    generate(few, 100, 11, threads=1)
    generate(other, 100, 12)
    assert files["all"].read_bytes().startswith(few.read_bytes())
    assert not files["all"].read_bytes().startswith(other.read_bytes()[:200])


def test_a_typed_column_holds_no_value_of_another_type(tmp_path: Path) -> None:
    """It is refused, not dropped."""
    with pytest.raises(ValueError, match="typed columns"):
        generate(tmp_path / "x.parquet", 1, 1, bad_values="all")
    with pytest.raises(ValueError, match="ending"):
        generate(tmp_path / "x.csv", 1, 1)
