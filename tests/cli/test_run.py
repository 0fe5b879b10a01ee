"""``fakturavakt run`` as a biller meets it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.billing.inboxes import (
    BLOCKED,
    DAY,
    Delivery,
    check_every_document_is_beside_its_decision,
    document,
    documents_under,
    every_format,
    found_in,
    register,
)
from tests.cli.conftest import Run

AS_OF = ("--as-of", DAY)


@pytest.fixture
def fakturavakt(fakturavakt: Run) -> Run:
    """By the engine that every Python has: none tells of a stand-in."""

    def run(
        *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return fakturavakt(
            *arguments, stdin=stdin, env={"FAKTURAVAKT_ENGINE": "reference", **(env or {})}
        )

    return run


@pytest.fixture
def delivered(tmp_path: Path) -> Delivery:
    """An inbox of every format, and the register that its UBL files need."""
    delivery = every_format()
    delivery.write(tmp_path / "in")
    register(tmp_path / "register")
    return delivery


COMMAND = ("run", "in", "--to", "out", "--evidence", "register", *AS_OF)


def lines_by_place(*files: Path) -> dict[tuple[str, int], str]:
    """Decisions and rejections by their file and position."""
    found = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            place = said.get("document", said)
            found[place["file"], place["position"]] = line
    return found


def test_every_document_is_where_its_decision_says(
    fakturavakt: Run, tmp_path: Path, delivered: Delivery
) -> None:
    """Byte for byte, and once; and the books say how many."""
    done = fakturavakt(*COMMAND, "--lang", "en")
    assert done.returncode == 3, done.stderr  # something could not be read
    assert found_in(documents_under(tmp_path / "out"), delivered.documents) == delivered.documents
    assert not [path for path in (tmp_path / "in").rglob("*") if path.is_file()]
    report = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    kept = tmp_path / "out" / "runs" / f"{report['run']}.json"
    assert json.loads(kept.read_text(encoding="utf-8")) == report
    books = report["documents"]
    total = sum(delivered.documents.values())
    assert books.pop("in") == total
    assert books.pop("balance") is True
    assert sum(books.values()) == total
    assert books["duplicate"] == 1
    assert report["as_of"] == DAY
    assert sum(report["channels"].values()) == books["send"]
    assert done.stdout.splitlines()[-1] == (
        f"{total} documents in = {books['send']} to be sent + {books['block']} blocked + {books['hold']} on "
        f"hold + "
        f"{books['out_of_scope']} out of scope + {books['unreadable']} not read + 1 seen before"
    )


def test_what_stands_beside_a_document_is_what_screen_prints(
    fakturavakt: Run, tmp_path: Path, delivered: Delivery
) -> None:
    """The same bytes, for every document that is no duplicate."""
    done = fakturavakt(
        *("screen", "in", "--evidence", "register", *AS_OF),
        *("--format", "ndjson", "--output", "decisions", "--rejected", "rejected"),
    )
    assert done.returncode == 3, done.stderr
    fakturavakt(*COMMAND)
    check_every_document_is_beside_its_decision(
        tmp_path / "out", lines_by_place(tmp_path / "decisions", tmp_path / "rejected")
    )


def test_what_is_delivered_again_is_recognised(
    fakturavakt: Run, tmp_path: Path, delivered: Delivery
) -> None:
    """It is put aside with a note of when it came and where it went, and sends nothing."""
    assert fakturavakt(*COMMAND).returncode == 3
    before = {path: path.read_bytes() for path in documents_under(tmp_path / "out")}
    first = json.loads((tmp_path / "out" / "run.json").read_text())["run"]
    delivered.write(tmp_path / "in")
    done = fakturavakt(*COMMAND, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert f"came before, in the run {first}, and went to send/" in done.stderr
    report = json.loads((tmp_path / "out" / "run.json").read_text())
    assert report["documents"]["duplicate"] == report["documents"]["in"]
    there = set(documents_under(tmp_path / "out"))
    assert before.keys() <= there
    new = there - before.keys()
    assert {path.parent.name for path in new} == {"duplicate"}
    note = (tmp_path / "out" / "duplicate" / "one.json.decision.json").read_text()
    assert json.loads(note)["duplicate_of"] == {
        "run": first,
        "file": "one.json",
        "position": 1,
        "destination": "send",
        "channel": "vipps_regning",
        "placed_as": "send/vipps_regning/one.json",
    }


def test_a_gzipped_copy_is_the_same_invoice(fakturavakt: Run, tmp_path: Path) -> None:
    """And a document that differs in a byte is another one."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(document("1"))
    assert fakturavakt("run", "in", "--to", "out", *AS_OF).returncode == 0
    (tmp_path / "in" / "b.json.gz").write_bytes(gzip.compress(document("1")))
    (tmp_path / "in" / "c.json").write_bytes(document("1") + b"\n")
    assert fakturavakt("run", "in", "--to", "out", *AS_OF).returncode == 0
    names = {
        path.relative_to(tmp_path / "out").as_posix() for path in documents_under(tmp_path / "out")
    }
    assert names == {
        "send/vipps_regning/a.json",
        "duplicate/b.json.gz",
        "send/vipps_regning/c.json",
    }


def test_copy_leaves_the_inbox(fakturavakt: Run, tmp_path: Path, delivered: Delivery) -> None:
    """As often as it is run; nothing is put out a second time, and duplicates are put nowhere."""
    for _ in range(2):
        fakturavakt(*COMMAND, "--copy")
        found = found_in(documents_under(tmp_path / "out"), delivered.documents)
        assert found == dict.fromkeys(delivered.documents, 1)
    assert found_in(documents_under(tmp_path / "in"), delivered.documents) == delivered.documents
    assert not (tmp_path / "out" / "duplicate").exists()


def test_a_rehearsal_says_what_a_run_does(
    fakturavakt: Run, tmp_path: Path, delivered: Delivery
) -> None:
    """And changes and makes nothing."""
    before = sorted(tmp_path.rglob("*"))
    rehearsed = fakturavakt(*COMMAND, "--dry-run", "--format", "json")
    text = fakturavakt(*COMMAND, "--dry-run", "--lang", "en")
    assert rehearsed.returncode == text.returncode == 3
    assert sorted(tmp_path.rglob("*")) == before
    told = json.loads(rehearsed.stdout)
    assert len(told["documents"]) == told["books"]["in"] == sum(delivered.documents.values())
    assert "one.json (#1) → send/vipps_regning/one.json" in text.stdout
    fakturavakt(*COMMAND)
    places = {each["placed_as"] for each in told["documents"]}
    out = tmp_path / "out"
    assert {path.relative_to(out).as_posix() for path in documents_under(out)} == places
    done = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert done["documents"] == told["books"]
    delivered.write(tmp_path / "in")
    again = json.loads(fakturavakt(*COMMAND, "--dry-run", "--format", "json").stdout)
    assert again["books"]["duplicate"] == again["books"]["in"]


def test_names_that_would_clash(fakturavakt: Run, tmp_path: Path) -> None:
    """In folders, by case only, with what stands beside another, and too long for it: all find their
    place.
    """
    inbox = tmp_path / "in"
    names = [
        *("a.json", "sub/a.json", "other/A.JSON", "a.json.decision.json"),
        *("é.json", "e\N{COMBINING ACUTE ACCENT}.json", f"{'å' * 120}.json"),
    ]
    for number, name in enumerate(names):
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document(str(number)))
    assert fakturavakt("run", "in", "--to", "out", *AS_OF).returncode == 0
    folder = tmp_path / "out" / "send" / "vipps_regning"
    there = sorted(path.name for path in folder.iterdir())
    assert len(there) == 2 * len(names)
    assert len({unicodedata.normalize("NFC", name).casefold() for name in there}) == len(there)
    numbers = [json.loads((folder / name).read_bytes())["invoice"] for name in there]
    documents = sorted(each["number"] for each in numbers if isinstance(each, dict))
    decided = sorted(each for each in numbers if isinstance(each, str))
    assert documents == decided == sorted(map(str, range(len(names))))
    for name in there:
        beside = f"{name}.decision.json"
        if beside in there:
            number = json.loads((folder / name).read_bytes())["invoice"]["number"]
            assert json.loads((folder / beside).read_bytes())["invoice"] == number


def test_a_name_that_is_no_text(fakturavakt: Run, tmp_path: Path) -> None:
    """Bytes are names, too."""
    name = os.fsdecode(b"bl\xe5.json")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(document("1"))
    done = fakturavakt("run", "in", "--to", "out", *AS_OF)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "send" / "vipps_regning" / name).read_bytes() == document("1")


def test_what_cannot_be_put_out_stays(fakturavakt: Run, tmp_path: Path) -> None:
    """Parquet, what is no file, and what has no document; the others are put out all the same."""
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "a.json").write_bytes(document("1"))
    (inbox / "b.parquet").write_bytes(b"PAR1")
    (inbox / "c.ndjson").write_bytes(b"\n")
    (inbox / "notes.txt").write_bytes(b"x")
    os.mkfifo(inbox / "d.json")
    done = fakturavakt("run", "in", "--to", "out", *AS_OF, "--lang", "en")
    assert done.returncode == 3
    assert {path.name for path in inbox.iterdir()} == {
        "b.parquet",
        "c.ndjson",
        "notes.txt",
        "d.json",
    }
    assert len(done.stderr.splitlines()) == 4, done.stderr
    assert "1 document in = 1 to be sent" in done.stdout


def test_an_empty_inbox_is_no_failure(fakturavakt: Run, tmp_path: Path) -> None:
    """A night without invoices."""
    (tmp_path / "in").mkdir()
    done = fakturavakt("run", "in", "--to", "out", "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "The inbox in is empty.\n")
    assert not list((tmp_path / "out" / "runs").iterdir())


@pytest.mark.parametrize("to", ["in", "in/out", "."])
def test_inbox_and_outbox_lie_apart(fakturavakt: Run, tmp_path: Path, to: str) -> None:
    """What was put out would come in again."""
    (tmp_path / "in").mkdir()
    done = fakturavakt("run", "in", "--to", to, "--lang", "en")
    assert done.returncode == 2
    assert "cannot lie in one another" in done.stderr


def test_exit_codes_are_those_of_screen(fakturavakt: Run, tmp_path: Path) -> None:
    """1 where something was stopped, unless it is asked for otherwise."""
    for name, code in (("hold", 1), ("block", 1), ("never", 0)):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / "a.json").write_bytes(document(name, **BLOCKED))
        done = fakturavakt("run", "in", "--to", "out", *AS_OF, "--fail-on", name)
        assert done.returncode == code, done.stderr


def test_a_table_in_the_configuration(fakturavakt: Run, tmp_path: Path) -> None:
    """Where an outbox is, and that nothing is moved, is said once."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(document("1"))
    (tmp_path / "fakturavakt.toml").write_text('[run]\nto = "there"\nmode = "copy"\nlang = "en"\n')
    assert fakturavakt("run", "in", *AS_OF).returncode == 0
    assert (tmp_path / "there" / "send" / "vipps_regning" / "a.json").exists()
    assert (tmp_path / "in" / "a.json").exists()
    assert fakturavakt("run", "in", *AS_OF, "--move").returncode == 0
    assert not (tmp_path / "in" / "a.json").exists()
