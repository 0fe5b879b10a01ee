"""Rules on trial as a user meets them: tried with ``screen --trials``, shown by ``rules`` and ``explain``."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.cli.conftest import CONTRACT_DOCUMENT, Run

from fakturavakt.shipped import shipped_folder

TRIED = "unconsented-subscription"
AS_OF = ("--as-of", "2021-02-02", "--rules", "rules", "--lang", "en")


@pytest.fixture
def document(tmp_path: Path) -> str:
    """The contract's document, in a folder whose rule book tries the prohibition that it breaks."""
    rules = Path(shutil.copytree(shipped_folder("rules"), tmp_path / "rules"))
    rule = rules / "prohibitions" / f"{TRIED}.yaml"
    written = rule.read_text(encoding="utf-8")
    rule.write_text(written.replace("then: ", "status: trial\nthen: "), encoding="utf-8")
    (tmp_path / "a.ndjson").write_text(json.dumps(CONTRACT_DOCUMENT), encoding="utf-8")
    return "a.ndjson"


def test_what_it_would_have_said_stands_under_trials(document: str, fakturavakt: Run) -> None:
    """Shaped as the finding that the shipped book has of the same document; nothing is stopped."""
    shipped = fakturavakt("screen", document, "--format", "json", *AS_OF[:2], *AS_OF[4:])
    tried = fakturavakt("screen", document, "--format", "json", "--trials", *AS_OF)
    plain = fakturavakt("screen", document, "--format", "json", *AS_OF)
    (before,), (after,), (without,) = (
        json.loads(done.stdout)["decisions"] for done in (shipped, tried, plain)
    )
    assert (before["decision"], after["decision"]) == ("block", "send")
    assert after["trials"] == before["findings"] != []
    assert after["findings"] == []
    del after["trials"]
    assert json.dumps(after) == json.dumps(without)
    assert (shipped.returncode, tried.returncode) == (1, 0)


def test_every_output_has_it(document: str, fakturavakt: Run, tmp_path: Path) -> None:
    """NDJSON of both ways, CSV, Parquet and text; JUnit says why it has no place for it."""

    def screened(*options: str) -> str:
        done = fakturavakt("screen", document, "--trials", *options, *AS_OF)
        assert done.returncode == 0, done.stderr
        return done.stdout

    by_row = screened("--format", "ndjson", "--engine", "reference")
    assert screened("--format", "ndjson", "--engine", "columnar") == by_row
    (row,) = csv.DictReader(io.StringIO(screened("--format", "csv")))
    assert (row["trials_hold"], row["trials_unknown"], row["holds"]) == (TRIED, "", "")
    screened("--format", "parquet", "--with-text", "--output", "out.parquet")
    (kept,) = duckdb.execute(
        f"SELECT to_json(trials)::VARCHAR FROM read_parquet('{tmp_path / 'out.parquet'}')"  # noqa: S608
    ).fetchall()
    said: dict[str, Any] = json.loads(by_row)
    assert json.loads(kept[0]) == said["trials"]
    text = screened()
    assert f"[{TRIED}] (would hold): {said['trials'][0]['message']}" in text
    assert "On trial (decides nothing)" in text
    assert "On trial" in screened("--engine", "columnar")
    refused = fakturavakt("screen", document, "--trials", "--format", "junit", *AS_OF)
    assert refused.returncode == 2
    assert "a rule on trial stops nothing" in refused.stderr


def test_its_status_is_shown(document: str, fakturavakt: Run) -> None:
    """By check, list, show, explain and the statement, each of which says that it decides nothing."""
    for arguments in (
        ("rules", "list"),
        ("rules", "show", TRIED),
        ("explain", document, "--rule", TRIED),
    ):
        shown = fakturavakt(*arguments, *AS_OF[2:]).stdout
        assert "on trial, decides nothing" in shown, arguments
    assert f"On trial, decide nothing: {TRIED}." in fakturavakt("rules", "check", *AS_OF[2:]).stdout
    statement = ("rules", "sql", *AS_OF[2:])
    assert "AS trials" not in fakturavakt(*statement).stdout.replace('"', "")
    assert "AS trials" in fakturavakt(*statement, "--trials").stdout.replace('"', "")


def test_cases_expect_it_and_diff_leaves_it_out(fakturavakt: Run, tmp_path: Path) -> None:
    """A case may say that it holds; to the decision it is not there, and `rules diff` says so."""
    rules = tmp_path / "rules"
    shutil.copytree(shipped_folder("rules"), rules)
    shutil.copytree(shipped_folder("rules"), tmp_path / "before")
    for table in rules.rglob("*.test.yaml"):
        if table.stem != f"{TRIED}.test":
            table.unlink()
    new = rules / "prohibitions" / "on-trial.yaml"
    old = (rules / "prohibitions" / f"{TRIED}.yaml").read_text(encoding="utf-8")
    old = old.replace(f"rule: {TRIED}", "rule: on-trial\nstatus: trial")
    new.write_text(old, encoding="utf-8")
    (rules / "prohibitions" / f"{TRIED}.test.yaml").write_text(
        """
bases:
  - base: invoice
    as_of: 2021-02-02
    with:
      recipient.kind: person
      relationship.agreement: yes
      line[1].kind: subscription
cases:
  - case: On trial it holds
    given: invoice
    with:
      line[1].consent.given: no
    expect: {decision: block, rules: {on-trial: holds}, lines: {on-trial: ["1"]}}
""",
        encoding="utf-8",
    )
    tested = fakturavakt("rules", "test", "rules", "--lang", "en")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    diff = fakturavakt("rules", "diff", "before", "rules", "--lang", "en")
    assert "left out, on trial in rules: on-trial" in diff.stdout
    assert "the decision: equivalent" in diff.stdout
    assert diff.returncode == 0
