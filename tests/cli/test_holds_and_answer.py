"""``fakturavakt holds`` and ``fakturavakt answer``: from the queue to the questionnaire and back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.billing.test_answers import desk_of, held
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]


def test_the_commands_go_round(fakturavakt: Run, tmp_path: Path) -> None:
    """Queue, questionnaire, answers: as a person does it, without personal data unless asked for."""
    desk_of(tmp_path, held("F-1"), held("F-2", service="tv"))
    said = fakturavakt("holds", "out", "--evidence", "register", "--as-of", "2021-02-02")
    assert said.returncode == 0
    assert "kunde 1001" in said.stdout
    assert "Hemmelig" not in said.stdout
    for form in ("text", "html", "csv", "json"):
        options = (
            "--evidence",
            "register",
            "--as-of",
            "2021-02-02",
            "--format",
            form,
            "--lang",
            "en",
        )
        assert "Hemmelig" not in fakturavakt("holds", "out", *options).stdout
        shown = fakturavakt("holds", "out", *options, "--show-personal-data")
        assert "Hemmelig" in shown.stdout
        assert shown.returncode == 0
    fakturavakt("holds", "out", "--evidence", "register", "--format", "csv", "--output", "q.csv")
    path = tmp_path / "q.csv"
    header, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    names = header.split(";")
    filled = []
    for row in rows:
        cells = dict(zip(names, row.split(";"), strict=True))
        cells |= {"answer": "ja", "from": "2021-01-01", "amount": "100", "recorded_by": "Kari"}
        filled.append(";".join(cells[name] for name in names))
    path.write_text("\n".join([header, *filled]), encoding="utf-8")
    to = ("--to", "out", "--evidence", "register", "--as-of", "2021-02-02")
    answered = fakturavakt("answer", "q.csv", *to, "--format", "json")
    assert answered.returncode == 0, answered.stderr
    assert json.loads(answered.stdout)["moved"] == {"send/paper": 2}
    bad = filled[0].replace(";ja;", ";kanskje;")
    path.write_text(f"{header}\n{bad}", encoding="utf-8")
    refused = fakturavakt("answer", "q.csv", *to)
    assert refused.returncode == 2
    assert f"q.csv:2:{names.index('answer') + 1}:" in refused.stderr
    no = filled[0].replace(";ja;", ";nei;")
    path.write_text(f"{header}\n{no}", encoding="utf-8")
    assert fakturavakt("answer", "q.csv", *to).returncode == 1
    assert (tmp_path / "out" / "send" / "paper" / "a.ndjson").exists()


def test_ten_answers_of_the_samples_free_what_was_promised(
    fakturavakt: Run, tmp_path: Path
) -> None:
    """The outbox of the samples, as the documentation goes through it."""
    shutil.copytree(
        ROOT / "samples", tmp_path / "inbox", ignore=shutil.ignore_patterns("*.md", "evidence")
    )
    shutil.copytree(ROOT / "samples" / "evidence", tmp_path / "evidence")
    options = ("--evidence", "evidence", "--as-of", "2021-02-02")
    assert fakturavakt("run", "inbox", "--to", "outbox", *options).returncode == 1
    queue = json.loads(fakturavakt("holds", "outbox", *options, "--format", "json").stdout)
    assert (queue["invoices"], queue["promised"], queue["for_the_sender"]) == (3, 1, 2)
    first = queue["groups"][0]
    assert (first["customer_number"], first["about"], first["frees"]) == ("1001", "agreed", 1)
    assert first["yes_means"] == {
        "from_at_latest": "2021-02-01",
        "amount_at_least": "59.00",
        "currency": "NOK",
    }
    fakturavakt("holds", "outbox", *options, "--format", "csv", "-o", "q.csv", "--top", "10")
    header, *rows = (tmp_path / "q.csv").read_text(encoding="utf-8-sig").splitlines()
    names = header.split(";")
    filled = []
    for row in rows:
        cells = dict(zip(names, row.split(";"), strict=True))
        cells |= {"answer": "ja", "from": cells["needed_from"], "recorded_by": "Kari"}
        if cells["about"] == "agreed":
            cells["amount"] = "59,00"
        if cells["about"] == "recipient.kind":
            cells["answer"] = "person"
        filled.append(";".join(cells[name] for name in names))
    (tmp_path / "q.csv").write_text("\n".join([header, *filled]), encoding="utf-8")
    answered = fakturavakt("answer", "q.csv", "--to", "outbox", *options, "--format", "json")
    moved = json.loads(answered.stdout)["moved"]
    assert sum(n for place, n in moved.items() if place.startswith("send")) == queue["promised"]
