"""A run that waits, as a biller meets it: told, released or discarded; and the limits of ``[guard]``."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.billing.inboxes import BLOCKED, DAY, document, documents_under
from tests.cli.conftest import Run

COMMAND = ("run", "in", "--to", "out", "--as-of", DAY)
LIMIT = '[guard]\nblock_max = "5 %"\n'


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
def inbox(tmp_path: Path) -> Path:
    """Thirty invoices, of which three are to be blocked."""
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(30):
        leaves = BLOCKED if n < 3 else {}
        (folder / f"{n}.json").write_bytes(document(str(n), **leaves))
    return folder


def waiting(fakturavakt: Run, tmp_path: Path, *options: str) -> str:
    """A run that has been stopped; its name."""
    (tmp_path / "fakturavakt.toml").write_text(LIMIT, encoding="utf-8")
    done = fakturavakt(*COMMAND, *options)
    assert done.returncode == 1, done.stderr
    found = re.search(r"--release (\S+)", done.stderr)
    assert found is not None, done.stderr
    return found[1]


def test_a_run_above_a_limit_waits_and_is_released(
    fakturavakt: Run, tmp_path: Path, inbox: Path
) -> None:
    """What is said tells the figure, the limit and what to do; then every document is placed."""
    run = waiting(fakturavakt, tmp_path)
    said = fakturavakt(*COMMAND)
    assert said.returncode == 1
    assert said.stderr.replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        f"Kjøringen {run} venter på frigivelse. Ingenting er lagt ut, og innboksen er urørt.",
        "10 % er stoppet hos 974760673; grensen i fakturavakt.toml er 5 %.",
        "Ingen kjøring før denne er avsluttet, så det er ingenting å sammenligne register og regelbok med.",
        "Se på den. Kjør så enten",
        f"  fakturavakt run --to out --release {run}",
        f"  fakturavakt run --to out --discard {run}",
    ]
    assert len(list(inbox.iterdir())) == 30
    assert not list(documents_under(tmp_path / "out"))
    report = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert report["state"] == "waiting"
    assert report["guard"]["outside"][0] == {
        "sender": "974760673",
        "figure": "block",
        "name": None,
        "count": 3,
        "documents": 30,
        "usual": None,
        "limit": 0.05,
    }
    done = fakturavakt("run", "--to", "out", "--release", run, "--lang", "en", "--fail-on", "never")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("30 documents in = 27 to be sent + 3 blocked")
    assert len(list(documents_under(tmp_path / "out"))) == 30
    assert not list(inbox.iterdir())
    report = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert (report["state"], report["run"]) == ("ended", run)
    assert report["released_by"]
    again = fakturavakt("run", "--to", "out", "--release", run, "--lang", "en")
    assert again.returncode == 2
    assert f"No run {run} waits to be released" in again.stderr


def test_a_run_that_waits_is_discarded(fakturavakt: Run, tmp_path: Path, inbox: Path) -> None:
    """With the limit lifted the same inbox goes through."""
    run = waiting(fakturavakt, tmp_path, "--lang", "en")
    done = fakturavakt("run", "--to", "out", "--discard", run, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert done.stderr == (
        f"The run {run} is discarded. The inbox is untouched, and the next run screens it anew.\n"
    )
    assert len(list(inbox.iterdir())) == 30
    (tmp_path / "fakturavakt.toml").unlink()
    assert fakturavakt(*COMMAND, "--fail-on", "never").returncode == 0
    assert len(list(documents_under(tmp_path / "out"))) == 30


@pytest.mark.usefixtures("inbox")
def test_a_rehearsal_says_that_it_would_wait(fakturavakt: Run, tmp_path: Path) -> None:
    """And leaves nothing behind."""
    (tmp_path / "fakturavakt.toml").write_text(LIMIT, encoding="utf-8")
    done = fakturavakt(*COMMAND, "--dry-run", "--lang", "en", "--fail-on", "never")
    assert done.returncode == 1
    assert "would have waited to be released" in done.stderr
    assert "10% is blocked for 974760673; the limit in fakturavakt.toml is 5%." in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("inbox")
def test_waiting_weighs_more_than_what_could_not_be_read(fakturavakt: Run, tmp_path: Path) -> None:
    """Exit code 1: somebody has to look, and nothing has been put out."""
    (tmp_path / "in" / "broken.json").write_text("{")
    waiting(fakturavakt, tmp_path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "out"), "INBOX is missing"),
        (("in", "--to", "out", "--release", "x"), "without INBOX"),
        (("--to", "out", "--release", "x", "--discard", "x"), "stand each alone"),
        (("--to", "nowhere", "--release", "x"), "nowhere is no outbox: no run has been there."),
        (("--to", "nowhere", "--discard", "x"), "nowhere is no outbox: no run has been there."),
    ],
)
@pytest.mark.usefixtures("inbox")
def test_what_makes_no_sense(
    fakturavakt: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    """Exit code 2, and nothing is made."""
    done = fakturavakt("run", *arguments, "--lang", "en")
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ('[guard]\nblok_max = "5 %"', 2, "ukjent nøkkel «guard.blok_max». Mente du «block_max»?"),
        ('[guard]\nblock_max = "5"', 2, 'skrevet som "5 %" eller "0,5 %"'),
        ("[guard]\nblock_max = 5", 2, "verdien av «guard.block_max» må være en andel"),
        ('[guard]\n\nhold_max = "101 %"', 3, "verdien av «guard.hold_max» må være en andel"),
        ("[guard]\nfrom_documents = 0", 2, "et helt tall fra 1"),
        ('[guard]\nrules = "5 %"', 2, "«guard.rules» må være en tabell"),
        ('[guard.rules]\nunagreed-upgrade = "x"', 2, "«guard.rules.unagreed-upgrade»"),
        ('[guard.rules]\nunagreed-upgrad = "1 %"', 2, "Mente du «unagreed-upgrade»?"),
        ('[guard.missing]\n"recipient.kin" = "1 %"', 2, "Mente du «recipient.kind»?"),
        ('guard = "5 %"', 1, "ukjent nøkkel «guard»"),
    ],
)
@pytest.mark.usefixtures("inbox")
def test_mistakes_in_the_limits(
    fakturavakt: Run, tmp_path: Path, written: str, line: int, said: str
) -> None:
    """Told with their place, before anything is done."""
    (tmp_path / "fakturavakt.toml").write_text(f"{written}\n", encoding="utf-8")
    done = fakturavakt(*COMMAND)
    assert done.returncode == 2
    assert done.stderr.startswith(f"{tmp_path / 'fakturavakt.toml'}:{line}: ")
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("inbox")
def test_limits_of_all_kinds(fakturavakt: Run, tmp_path: Path) -> None:
    """With a decimal comma or point; those that are not reached change nothing."""
    (tmp_path / "fakturavakt.toml").write_text(
        '[guard]\nblock_max = "10,0 %"\nhold-max = "0.5%"\nunreadable_max = "0 %"\nfrom_documents = 30\n'
        '[guard.rules]\nno-creditor-relationship = "9,9 %"\n[guard.missing]\n"line.consent.given" = "1 %"\n',
        encoding="utf-8",
    )
    done = fakturavakt(*COMMAND, "--lang", "en")
    assert done.returncode == 1
    assert (
        "The rule no-creditor-relationship holds in 10% for 974760673; the limit in fakturavakt.toml is "
        "9.9%." in done.stderr
    )
    assert "is blocked" not in done.stderr
