"""`rules impact` as a user runs it: a history, an edit, and what would have gone otherwise."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import CONTRACT_DOCUMENT, Run, changed

from fakturavakt.shipped import shipped_folder

COMMON = ("--as-of", "2021-02-02", "--lang", "en")
EXPLICIT = "    - line.consent.explicit: yes\n"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A folder with NDJSON and JSON, one line that cannot be read left out; and an edited rule book."""
    rules = Path(shutil.copytree(shipped_folder("rules"), tmp_path / "new"))
    shutil.copytree(shipped_folder("rules"), tmp_path / "old")
    definition = rules / "definitions" / "consent-valid.yaml"
    written = definition.read_text(encoding="utf-8")
    assert EXPLICIT in written
    definition.write_text(written.replace(EXPLICIT, ""), encoding="utf-8")
    folder = tmp_path / "history"
    folder.mkdir()
    good = changed(line__consent__explicit=True)
    lines = [json.dumps(each) for each in (CONTRACT_DOCUMENT, good, CONTRACT_DOCUMENT)]
    (folder / "a.ndjson").write_text("\n".join(lines), encoding="utf-8")
    (folder / "b.json").write_text(json.dumps(CONTRACT_DOCUMENT), encoding="utf-8")
    return folder


@pytest.mark.usefixtures("history")
def test_what_an_edit_would_have_changed(fakturavakt: Run) -> None:
    """The effect, its cause, the amounts and a sample, in text; exit code 1 says that something changed."""
    done = fakturavakt("rules", "impact", "old", "new", "--on", "history", *COMMON)
    assert (done.returncode, done.stderr) == (1, "")
    said = done.stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert "4 documents in = 3 newly sent + 1 unchanged + 0 not read" in said
    assert "[unconsented-subscription]: broken → not broken" in said
    assert "NOK 1,308.75" in said
    assert "974760673" in said
    assert "1 February 2021" in said
    assert "newly sent: •••42 (file 1, document 1, NOK 436.25)" in said
    assert "2021-0042" not in said
    looser = fakturavakt(
        *("rules", "impact", "new", "old", "--on", "history", "--fail-on", "looser", *COMMON)
    )
    assert looser.returncode == 0
    assert "3 newly blocked" in looser.stdout


def test_one_document_is_told_in_the_singular(history: Path, fakturavakt: Run) -> None:
    """In both languages: a history of one document, that has no send date."""
    one = {"invoice": {"number": "1"}, "recipient": {"kind": "person"}}
    (history / "one.json").write_text(json.dumps(one), encoding="utf-8")
    run = (
        "rules",
        "impact",
        "old",
        "new",
        "--on",
        "history/one.json",
        "--as-of",
        "2021-02-02",
        "--lang",
    )
    english, norwegian = (fakturavakt(*run, language).stdout for language in ("en", "nb"))
    assert "1 document in 1 file, checked" in english
    assert "1 document in = 1 unchanged" in english
    assert "1 document has no send date, and was judged" in english
    assert "1 dokument i 1 fil, kontrollert" in norwegian
    assert "1 dokument inn = 1 uendret" in norwegian
    assert "1 dokument har ingen utsendelsesdato" in norwegian


def test_a_document_that_cannot_be_read_is_counted(history: Path, fakturavakt: Run) -> None:
    """It is told with its place, counted as not read, and weighs more than what changed."""
    with (history / "a.ndjson").open("a", encoding="utf-8") as lines:
        lines.write("\n{broken")
    done = fakturavakt("rules", "impact", "old", "new", "--on", "history", *COMMON)
    assert done.returncode == 3
    assert "5 documents in = 3 newly sent + 1 unchanged + 1 not read" in done.stdout
    assert "a.ndjson:4" in done.stderr


@pytest.mark.usefixtures("history")
def test_json_and_a_page_to_a_file(fakturavakt: Run, tmp_path: Path) -> None:
    """Files that appear whole, with the balance on stderr; names are shown when they are asked for."""
    common = ("rules", "impact", "old", "new", "--on", "history/a.ndjson", "--on", "history/b.json")
    done = fakturavakt(*common, "--format", "json", "--show-personal-data", *COMMON)
    found = json.loads(done.stdout)
    assert [each["documents"] for each in found["changes"] if each["documents"]] == [3, 1]
    assert found["history"] == {
        "files": 2,
        "documents": 4,
        "decided": 4,
        "rejected": 0,
        "undated": 0,
    }
    assert {each["invoice"] for each in found["samples"]} == {"2021-0042"}
    assert {each["document"]["file"] for each in found["samples"]} <= {
        *("history/a.ndjson", "history/b.json"),
    }
    assert "4 documents in = " in done.stderr
    page = fakturavakt(*common, "--format", "html", "--output", "page.html", *COMMON)
    assert page.returncode == 1
    written = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert written.startswith("<!DOCTYPE html>")
    assert "2021-0042" not in written


@pytest.mark.usefixtures("history")
def test_rules_on_trial(fakturavakt: Run, tmp_path: Path) -> None:
    """One rule book as if its rules on trial counted; and what is said where there are none."""
    rule = tmp_path / "old" / "prohibitions" / "unconsented-subscription.yaml"
    written = rule.read_text(encoding="utf-8")
    rule.write_text(written.replace("then: ", "status: trial\nthen: "), encoding="utf-8")
    done = fakturavakt("rules", "impact", "old", "--trials", "--on", "history", *COMMON)
    assert done.returncode == 1, done.stderr
    assert "as if these counted: unconsented-subscription" in done.stdout
    assert "4 documents in = 3 newly blocked + 1 unchanged + 0 not read" in done.stdout
    plain = fakturavakt("rules", "impact", "old", "old", "--on", "history", *COMMON)
    assert plain.returncode == 0
    assert "Left out, on trial in old: unconsented-subscription." in plain.stdout
    assert "None of them is decided otherwise." in plain.stdout
    none = fakturavakt("rules", "impact", "new", "--trials", "--on", "history", *COMMON)
    assert none.returncode == 2
    assert "new: no rule is on trial" in none.stderr


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("old", "--on", "history"), "Name two rule books"),
        (("old", "new", "--trials", "--on", "history"), "name only that"),
        (("old", "nowhere", "--on", "history"), "“nowhere” is no folder"),
        (("old", "new", "--on", "nothing"), "nothing"),
        (("old", "new"), "--on"),
        (("old", "new", "--on", "empty"), "No documents"),
    ],
)
def test_what_cannot_be_compared_is_said(
    arguments: tuple[str, ...], expected: str, fakturavakt: Run, tmp_path: Path
) -> None:
    """In a sentence, with exit code 2 and without a traceback."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "a.ndjson").write_text("", encoding="utf-8")
    done = fakturavakt("--lang", "en", "rules", "impact", *arguments, *COMMON)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
