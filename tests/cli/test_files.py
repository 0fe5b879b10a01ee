"""Files and folders that are not as they should be: told of, never passed over."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from tests.cli.conftest import Run, changed
from tests.cli.test_screen import AS_OF, SENT, write


def test_a_folder_that_cannot_be_listed_is_told_of(fakturavakt: Run, tmp_path: Path) -> None:
    """What lies in it was not checked, so that the run is not whole.

    Its path is too long to be opened, which holds for every user, also one that may read all.
    """
    write(tmp_path, "a.json", SENT)
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        name = "x" * 250
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    done = fakturavakt("screen", ".", "--format", "ndjson", *AS_OF)
    assert done.returncode == 3
    assert len(done.stdout.splitlines()) == 1
    assert "Dette kan ikke leses: navnet eller stien er for lang." in done.stderr


def test_an_output_that_is_a_link_stays_a_link(fakturavakt: Run, tmp_path: Path) -> None:
    """What it leads to is written."""
    write(tmp_path, "a.json", SENT)
    (tmp_path / "reports").mkdir()
    (tmp_path / "latest").symlink_to(Path("reports") / "today.ndjson")
    for _ in range(2):
        done = fakturavakt("screen", "a.json", "--format", "ndjson", "-o", "latest", *AS_OF)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "latest").is_symlink()
        assert json.loads((tmp_path / "reports" / "today.ndjson").read_text(encoding="utf-8"))
    assert [each.name for each in (tmp_path / "reports").iterdir()] == ["today.ndjson"]


def test_an_output_that_is_a_pipe_is_written_to(fakturavakt: Run, tmp_path: Path) -> None:
    """And not replaced by a file."""
    write(tmp_path, "a.json", SENT)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_text(encoding="utf-8")))
    reader.daemon = True
    reader.start()
    assert (
        fakturavakt("screen", "a.json", "--format", "ndjson", "-o", "pipe", *AS_OF).returncode == 0
    )
    reader.join(30)
    assert pipe.is_fifo()
    assert json.loads(found[0])["decision"] == "send"
    done = fakturavakt("screen", "a.json", "--format", "ndjson", "-o", "/dev/stdout", *AS_OF)
    assert json.loads(done.stdout)["decision"] == "send"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_failing_output_is_named_as_it_was_asked_for(
    fakturavakt: Run, tmp_path: Path, language: str
) -> None:
    """Not by the name of the file that is written first."""
    write(tmp_path, "a.json", SENT)
    run = ("screen", "a.json", "--format", "ndjson", "--lang", language, *AS_OF)
    done = fakturavakt(*run, "-o", "no-such-folder/x.json")
    assert done.returncode == 2
    said = {
        "nb": "no-such-folder/x.json: filen eller mappen finnes ikke.",
        "en": "no-such-folder/x.json: there is no such file or folder.",
    }
    assert said[language] in done.stderr.splitlines()
    if Path("/dev/full").exists():
        said = {
            "nb": "/dev/full: det er ikke plass igjen på disken.",
            "en": "/dev/full: no space is left on the disk.",
        }
        done = fakturavakt(*run, "-o", "/dev/full")
        assert (done.returncode, said[language] in done.stderr.splitlines()) == (2, True)


@pytest.mark.parametrize("command", ["screen", "explain", "facts", "agreements"])
def test_a_folder_that_is_no_register_is_refused(
    fakturavakt: Run, tmp_path: Path, command: str
) -> None:
    """A wrong folder has none of the files; without a word, all its evidence would be missing."""
    write(tmp_path, "a.json", SENT)
    (tmp_path / "empty").mkdir()
    done = fakturavakt(command, "a.json", "--evidence", "empty", *AS_OF)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        "Ingen av filene senders.csv, recipients.csv, services.csv og evidence.csv finnes her."
        in done.stderr
    )
    (tmp_path / "empty" / "services.csv").write_text("sender,service,kind\n", encoding="utf-8")
    assert fakturavakt(command, "a.json", "--evidence", "empty", *AS_OF).returncode == 0


def test_nothing_read_prints_nothing(fakturavakt: Run, tmp_path: Path) -> None:
    """A hit list of nothing could pass for an answer."""
    (tmp_path / "empty.ndjson").write_text("\n", encoding="utf-8")
    done = fakturavakt("screen", "empty.ndjson", "--engine", "reference")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Ingen dokumenter ble funnet.\n"


def test_agreements_of_nobody_are_an_error(fakturavakt: Run, tmp_path: Path) -> None:
    """*Checked 0 senders* is never green."""
    write(tmp_path, "a.json", changed(sender__organisation_number=None))
    done = fakturavakt("agreements", "a.json", *AS_OF)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Ett dokument uten et gyldig organisasjonsnummer" in done.stderr
    assert "Ingen avsender ble funnet." in done.stderr


def test_a_key_that_may_be_a_person_is_not_shown(fakturavakt: Run, tmp_path: Path) -> None:
    """Only what looks like the name of a field is."""
    document = changed(invoice__colour="red")
    document["recipient"]["Kari Nordmann"] = 1
    document["recipient"]["Ola Nordmann"] = 1
    write(tmp_path, "a.json", document)
    done = fakturavakt("screen", "a.json", *AS_OF)
    assert "Nordmann" not in done.stderr
    assert done.stderr.count("«recipient.…»") == 1
    assert "«invoice.colour»" in done.stderr


@pytest.mark.parametrize(
    ("written", "nb", "en"),
    [
        ('{"a": }', "en verdi ventes", "a value was expected"),
        ('{"a" 1}', "et kolon ventes", "a colon was expected"),
        ('{"a": 1 "b": 2}', "et komma ventes", "a comma was expected"),
        ('{"a": "b', "en tekst mangler anf", "a text lacks the quote"),
        ("{a: 1}", "en nøkkel i anførselstegn ventes", "a key in double quotes was expected"),
        (r'{"a": "\x"}', "en omvendt skråstrek", "a backslash"),
    ],
)
def test_broken_json_is_told_of_in_both_languages(
    fakturavakt: Run, tmp_path: Path, written: str, nb: str, en: str
) -> None:
    """Whole sentences of one language."""
    (tmp_path / "a.json").write_text(written, encoding="utf-8")
    done = fakturavakt("screen", "a.json", "--format", "ndjson")
    assert done.returncode == 3
    assert f"Dette er ikke gyldig JSON ({nb}" in done.stderr
    english = fakturavakt("screen", "a.json", "--format", "ndjson", "--lang", "en")
    assert f"This is not valid JSON ({en}" in english.stderr
