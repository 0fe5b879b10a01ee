"""``fakturavakt screen`` as a billing team meets it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.cli.conftest import CONTRACT_DOCUMENT, Run, changed

AS_OF = ("--as-of", "2021-02-02")
SENT = changed(line__consent__explicit=True)
HELD = changed(line__consent=None)


def write(folder: Path, name: str, document: object) -> Path:
    """A JSON file in the folder that the program runs in."""
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_the_contracts_document_gives_the_contracts_decision(
    fakturavakt: Run, tmp_path: Path, engine: str
) -> None:
    """Contract §1 in, contract §4 out; only the texts are the rule book's own."""
    write(tmp_path, "invoices.json", CONTRACT_DOCUMENT)
    done = fakturavakt("screen", "invoices.json", "--format", "ndjson", "--engine", engine, *AS_OF)
    assert done.returncode == 1
    decision = json.loads(done.stdout)
    (finding,) = decision["findings"]
    assert {key: finding.pop(key) for key in ("rule", "outcome", "lines", "missing")} == {
        "rule": "unconsented-subscription",
        "outcome": "holds",
        "lines": ["1"],
        "missing": [],
    }
    assert list(finding) == ["message", "remedy", "source"]
    assert all(finding.values())
    for channel in decision["channels"]:
        assert channel.pop("message")
    assert decision.pop("rulebook")["version"].startswith("sha256:")
    assert {key: value for key, value in decision.items() if key != "findings"} == {
        "invoice": "2021-0042",
        "document": {"file": "invoices.json", "position": 1},
        "decision": "block",
        "channel": None,
        "attempts": [],
        "missing": [],
        "channels": [
            {"channel": "efaktura", "eligible": False, "missing": []},
            {"channel": "vipps_regning", "eligible": True, "missing": []},
            {"channel": "paper", "eligible": True, "missing": []},
        ],
        "advice": [],
        "problems": [],
        "evidence": [],
        "as_of": "2021-02-02",
    }


def test_json_wraps_the_same_decisions(fakturavakt: Run, tmp_path: Path) -> None:
    """``--format json`` is one object that names schema and program."""
    write(tmp_path, "a.json", [CONTRACT_DOCUMENT, SENT])
    lines = fakturavakt("screen", "a.json", "--format", "ndjson", *AS_OF).stdout.splitlines()
    report = json.loads(fakturavakt("screen", "a.json", "--format", "json", *AS_OF).stdout)
    assert report["schema"] == 1
    assert report["program"].startswith("fakturavakt ")
    assert report["decisions"] == [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("documents", "fail_on", "code"),
    [
        ([SENT], "hold", 0),
        ([SENT, HELD], "hold", 1),
        ([SENT, HELD], "block", 0),
        ([CONTRACT_DOCUMENT], "block", 1),
        ([CONTRACT_DOCUMENT], "never", 0),
    ],
)
def test_the_exit_code_says_whether_something_was_stopped(
    fakturavakt: Run, tmp_path: Path, documents: list[object], fail_on: str, code: int
) -> None:
    """0 nothing was, 1 something was, by --fail-on."""
    write(tmp_path, "a.json", documents)
    assert fakturavakt("screen", "a.json", "--fail-on", fail_on, *AS_OF).returncode == code


def test_one_unreadable_document_does_not_stop_the_others(fakturavakt: Run, tmp_path: Path) -> None:
    """It is told with its place, counted, and the exit code is 3."""
    lines = [json.dumps(SENT), '{"invoice": {"number": "1", "number": "2"}}', json.dumps(SENT)]
    (tmp_path / "a.ndjson").write_text("\n".join(lines), encoding="utf-8")
    done = fakturavakt("screen", "a.ndjson", "--format", "ndjson", *AS_OF)
    assert done.returncode == 3
    positions = [json.loads(line)["document"]["position"] for line in done.stdout.splitlines()]
    assert positions == [1, 3]
    assert "a.ndjson:" in done.stderr
    assert "1 ikke lest" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing-here.xml"],
        ["*.xml"],
        ["."],
        ["a.json", "--evidence", "no-such-folder"],
        ["a.json", "--rules", "no-such-folder"],
        ["a.json", "--as-of", "2021-02-30"],
        ["a.json", "--as-of", "02.02.2021"],
        ["a.json", "--lang", "fr"],
        ["a.json", "--format", "xlsx"],
    ],
)
def test_what_cannot_be_meant_ends_with_exit_code_2(
    fakturavakt: Run, tmp_path: Path, arguments: list[str]
) -> None:
    """Nothing is decided, the reason is on stderr, and there is no traceback."""
    if arguments[0] == "a.json":
        write(tmp_path, "a.json", SENT)
    done = fakturavakt("screen", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_all_unmatched_paths_are_named_at_once(fakturavakt: Run) -> None:
    """Who mistypes two paths hears of both."""
    done = fakturavakt("screen", "one.xml", "two.xml")
    assert "one.xml" in done.stderr
    assert "two.xml" in done.stderr


def test_an_empty_file_is_never_green(fakturavakt: Run, tmp_path: Path) -> None:
    """*Checked 0 invoices* is an error."""
    (tmp_path / "empty.ndjson").write_text("\n\n", encoding="utf-8")
    assert fakturavakt("screen", "empty.ndjson").returncode == 2


def test_standard_input(fakturavakt: Run) -> None:
    """``-`` reads documents from a pipe, whatever their format."""
    text = "\n".join(json.dumps(document) for document in (SENT, HELD))
    done = fakturavakt("screen", "-", "--format", "ndjson", *AS_OF, stdin=text)
    decisions = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["decision"] for each in decisions] == ["send", "hold"]
    assert decisions[1]["document"] == {"file": "-", "position": 2}


def test_text_shows_each_invoice_its_file_and_the_hit_list(
    fakturavakt: Run, tmp_path: Path
) -> None:
    """A person sees at a glance what becomes of each invoice, and what is missing most."""
    write(tmp_path, "faktura.json", [CONTRACT_DOCUMENT, SENT, HELD])
    shown = fakturavakt("screen", "faktura.json", *AS_OF).stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert "stoppet" in shown
    assert "→ Vipps Regning" in shown
    assert "436,25 kr" in shown
    assert "faktura.json #3" in shown
    assert "872,50 kr" not in shown.split("Avgjørelse")[0]
    assert "per 2. februar 2021" in shown
    english = fakturavakt("screen", "faktura.json", "--lang", "en", *AS_OF).stdout
    assert "block" in english
    assert "as of 2 February 2021" in english


def test_text_survives_a_narrow_pipe_and_control_characters(
    fakturavakt: Run, tmp_path: Path
) -> None:
    """What a document says can neither move the cursor nor colour the screen."""
    write(tmp_path, "a.json", changed(invoice__number="1\x1b[31m\x07\r2"))
    done = fakturavakt("screen", "a.json", *AS_OF)
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout


def test_csv_cells_are_disarmed(fakturavakt: Run, tmp_path: Path) -> None:
    """A spreadsheet never runs what a document says."""
    numbers = ["=HYPERLINK(1)", "+1", "-1", "@a", "plain"]
    write(tmp_path, "a.json", [changed(invoice__number=number) for number in numbers])
    done = fakturavakt("screen", "a.json", "--format", "csv", *AS_OF)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["invoice"] for row in rows] == [*(f"'{n}" for n in numbers[:4]), "plain"]
    assert {row["decision"] for row in rows} == {"block"}


def test_junit_counts_what_was_stopped(fakturavakt: Run, tmp_path: Path) -> None:
    """A build server shows stopped invoices as failures."""
    write(tmp_path, "a.json", [CONTRACT_DOCUMENT, SENT, HELD, 7, changed(invoice__number="\x01")])
    done = fakturavakt("screen", "a.json", "--format", "junit", *AS_OF)
    suite = ET.fromstring(done.stdout)  # noqa: S314 (our own output)
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "3", "1")
    assert len(suite.findall("testcase")) == 5


def test_an_output_file_appears_whole_or_not_at_all(fakturavakt: Run, tmp_path: Path) -> None:
    """A run that fails leaves the file of the last one as it was."""
    write(tmp_path, "a.json", SENT)
    arguments = ("screen", "a.json", "--format", "ndjson", "-o", "out.ndjson", *AS_OF)
    assert fakturavakt(*arguments).returncode == 0
    before = (tmp_path / "out.ndjson").read_bytes()
    assert json.loads(before)["decision"] == "send"
    (tmp_path / "a.json").unlink()
    assert fakturavakt(*arguments).returncode == 2
    assert (tmp_path / "out.ndjson").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.ndjson"]


def test_options_come_from_the_environment_and_the_file_above(
    fakturavakt: Run, tmp_path: Path
) -> None:
    """Flag over FAKTURAVAKT_* over fakturavakt.toml."""
    write(tmp_path, "a.json", SENT)
    (tmp_path / "fakturavakt.toml").write_text(
        'as_of = "2021-01-01"\n[screen]\nformat = "ndjson"\n'
    )
    done = fakturavakt("screen", "a.json")
    assert json.loads(done.stdout)["as_of"] == "2021-01-01"
    done = fakturavakt("screen", "a.json", env={"FAKTURAVAKT_AS_OF": "2021-01-02"})
    assert json.loads(done.stdout)["as_of"] == "2021-01-02"
    done = fakturavakt("screen", "a.json", *AS_OF, env={"FAKTURAVAKT_AS_OF": "2021-01-02"})
    assert json.loads(done.stdout)["as_of"] == "2021-02-02"
    (tmp_path / "fakturavakt.toml").write_text('formt = "ndjson"\n')
    done = fakturavakt("screen", "a.json")
    assert done.returncode == 2
    assert "formt" in done.stderr


def test_unknown_keys_are_told_of_once(fakturavakt: Run, tmp_path: Path) -> None:
    """One warning a path, on stderr, however many documents have it."""
    write(tmp_path, "a.json", [changed(invoice__colour="red") for _ in range(3)])
    done = fakturavakt("screen", "a.json", "--format", "ndjson", *AS_OF)
    assert done.stderr.count("invoice.colour") == 1


def test_no_value_of_the_recipient_stands_in_a_message(fakturavakt: Run, tmp_path: Path) -> None:
    """Names, addresses and numbers of persons stay out of decisions and of stderr."""
    document = changed(
        recipient__name="Hemmelig Person",
        recipient__street="Skjult vei 9",
        recipient__mobile="12345",
        recipient__email="ikke-en-adresse",
        invoice__payment_reference="1234567890",
    )
    write(tmp_path, "a.json", document)
    for form in ("text", "json", "csv", "junit"):
        done = fakturavakt("screen", "a.json", "--format", form, *AS_OF)
        for secret in ("Hemmelig", "Skjult", "12345", "ikke-en-adresse"):
            assert secret not in done.stdout + done.stderr
