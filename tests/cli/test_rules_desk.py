"""``rules test`` and ``rules coverage`` as an officer and as a CI run them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from lxml import etree
from tests.cli.conftest import Run, changed

from fakturavakt.shipped import shipped_folder

WRONG = """\
cases:
  - case: Et tilfelle med <tegn> & "slikt"
    given: vare
    with:
      relationship.agreement: no
    expect: {decision: send}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rule book that ships."""
    return Path(shutil.copytree(shipped_folder("rules"), tmp_path / "rules"))


def test_the_cases_that_ship_are_as_expected(fakturavakt: Run) -> None:
    """Without an argument, the rule book that ships; only the sum is said, and what cannot run here."""
    done = fakturavakt("rules", "test")
    assert (done.returncode, done.stderr) == (0, "")
    *untried, line = done.stdout.splitlines()
    assert all(engine.startswith("durable-rules kan ikke importeres") for engine in untried)
    assert line.endswith("columnar.")
    assert "0 er det ikke" in line


def test_a_case_that_fails_is_exit_code_1_and_shows_why(fakturavakt: Run, rules: Path) -> None:
    """The folder as an argument or as an option."""
    (rules / "wrong.test.yaml").write_text(WRONG, encoding="utf-8")
    for named in (["rules"], ["--rules", "rules"]):
        done = fakturavakt("rules", "test", *named, "--engine", "reference")
        assert done.returncode == 1
        assert "✗ Et tilfelle med <tegn>" in done.stdout
        assert "rules/wrong.test.yaml:2:5" in done.stdout
        assert "avgjørelsen: ventet send, ble block" in done.stdout
    english = fakturavakt("rules", "test", "rules", "--engine", "reference", "--lang", "en")
    assert "the decision: expected send, was block" in english.stdout
    assert "1 is not" in english.stdout


def test_as_json_and_as_junit(fakturavakt: Run, rules: Path) -> None:
    """Both hold every case; what a title says cannot break them."""
    (rules / "wrong.test.yaml").write_text(WRONG, encoding="utf-8")
    common = ["rules", "test", "rules", "--engine", "reference", "--format"]
    done = fakturavakt(*common, "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    (failed,) = [case for case in found["cases"] if case["status"] == "failed"]
    assert failed["case"] == 'Et tilfelle med <tegn> & "slikt"'
    assert failed["mismatches"][0]["subject"] == "decision"
    assert failed["mismatches"][0]["explanations"][0]["condition"]["was"] is True
    done = fakturavakt(*common, "junit", "--output", "cases.xml")
    assert done.returncode == 1
    suite = etree.parse(str(rules.parent / "cases.xml")).getroot()
    assert suite.get("tests") == str(len(found["cases"]))
    assert suite.get("failures") == "1"
    (case,) = (each for each in suite.iterfind("testcase") if each.find("failure") is not None)
    assert case.get("name") == 'Et tilfelle med <tegn> & "slikt"'
    assert case.get("classname") == "rules/wrong.test.yaml"


def test_mistakes_in_a_table_are_exit_code_2(fakturavakt: Run, rules: Path) -> None:
    """With file, line, column, the line itself and a caret; a screening does not read them."""
    wrong = WRONG.replace("given: vare", "given: vrae")
    (rules / "wrong.test.yaml").write_text(wrong, encoding="utf-8")
    for command in (["test"], ["coverage", "--cases-only"], ["check"]):
        done = fakturavakt("rules", *command, "rules")
        assert done.returncode == 2
        assert done.stdout == ""
        assert "rules/wrong.test.yaml:3:12:" in done.stderr
        assert "Mente du «vare»?" in done.stderr
        assert "    given: vrae\n               ^" in done.stderr
    assert fakturavakt("rules", "list", "--rules", "rules").returncode == 0


def test_a_rule_book_without_cases_is_never_green(fakturavakt: Run, rules: Path) -> None:
    """Neither tested nor covered."""
    for table in rules.rglob("*.test.yaml"):
        table.unlink()
    for command in (["test"], ["coverage"]):
        done = fakturavakt("rules", *command, "rules")
        assert done.returncode == 2
        assert "*.test.yaml" in done.stderr


def test_coverage_of_the_rule_book_that_ships(fakturavakt: Run) -> None:
    """Whole out of its cases alone."""
    done = fakturavakt("rules", "coverage", "--cases-only", "--fail-under", "100")
    assert done.returncode == 0
    assert done.stdout.startswith("100\N{NO-BREAK SPACE}% er prøvd")
    assert "scenarier er ikke kjørt" in done.stdout


def test_coverage_runs_the_features_beside_the_rules(fakturavakt: Run, rules: Path) -> None:
    """They alone are enough for much of it; less than what was asked for is exit code 1."""
    for table in rules.rglob("*.test.yaml"):
        table.unlink()
    (rules.parent / "features").mkdir()
    name = Path("forbud") / "uten_avtale_eller_fordring.feature"
    shutil.copy(shipped_folder("features") / name, rules.parent / "features")
    done = fakturavakt("rules", "coverage", "rules", "--fail-under", "90", "--lang", "en")
    assert done.returncode == 1
    assert "documents of scenarios" in done.stdout
    lacking = [line for line in done.stdout.splitlines() if line.startswith("✗")]
    assert any("unsolicited-gift-request.yaml" in line for line in lacking)
    assert not any("relationship.agreement: yes" in line for line in lacking)


def test_a_folder_of_features_without_any_is_as_none(fakturavakt: Run, rules: Path) -> None:
    """Somebody has made it, and no scenario yet: nothing of it fails."""
    (rules.parent / "features").mkdir()
    done = fakturavakt("rules", "coverage", "rules", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "scenarios were not run" in done.stdout


def test_coverage_as_a_page(fakturavakt: Run, rules: Path) -> None:
    """Written whole to a file; nothing of this machine stands in it."""
    done = fakturavakt(
        *(
            "rules",
            "coverage",
            str(rules),
            "--cases-only",
            "--format",
            "html",
            "-o",
            "coverage.html",
        )
    )
    assert done.returncode == 0
    page = (rules.parent / "coverage.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "unagreed-upgrade.yaml" in page
    assert str(rules) not in page


def test_what_is_lacking_is_proposed_as_a_table(fakturavakt: Run, rules: Path) -> None:
    """Nothing of the rule book that ships; of a copy without its advice's cases, those, to be confirmed."""
    done = fakturavakt("rules", "test", "--propose")
    assert (done.returncode, done.stdout) == (0, "")
    assert "ingen tilfeller å foreslå" in done.stderr
    (rules / "advice" / "advice.test.yaml").unlink()
    done = fakturavakt("rules", "test", "rules", "--propose", "-o", "rules/proposed.test.yaml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = fakturavakt("rules", "test", "rules", "--engine", "reference")
    assert done.returncode == 0
    assert "er ikke bekreftet (av dem avviker 0)" in done.stdout
    assert fakturavakt("rules", "coverage", "rules", "--fail-under", "100").returncode == 1
    proposed = rules / "proposed.test.yaml"
    content = proposed.read_text(encoding="utf-8")
    proposed.write_text(content.replace("    confirmed: no\n", ""), encoding="utf-8")
    assert fakturavakt("rules", "coverage", "rules", "--fail-under", "100").returncode == 0


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        (("--propose", "--from-decision", "rules/rulebook.yaml"), "--from-decision"),
        (("--propose", "--format", "json"), "--format"),
        (("--from-decision", "rules/rulebook.yaml", "--engine", "durable"), "--engine"),
        (("--should-be", "send"), "--should-be"),
        (("--propose", "--invoice", "1"), "--invoice"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(
    given: tuple[str, ...], refused: str, fakturavakt: Run, rules: Path
) -> None:
    """In words that name it, and nothing is run."""
    done = fakturavakt("rules", "test", str(rules), *given, "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert refused in done.stderr.splitlines()[-1]


def test_a_disputed_decision_becomes_a_case(fakturavakt: Run, rules: Path) -> None:
    """With its document beside it, and refused in words without."""
    document = json.dumps(changed(recipient__name="Ola Hemmelig"))
    (rules.parent / "invoice.json").write_text(document, encoding="utf-8")
    screened = fakturavakt("screen", "invoice.json", "--as-of", "2021-02-02", "--format", "json")
    (rules.parent / "decisions.json").write_text(screened.stdout, encoding="utf-8")
    common = ["rules", "test", "rules", "--from-decision", "decisions.json"]
    done = fakturavakt(*common, "--should-be", "send", "-o", "rules/disputed.test.yaml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    table = (rules / "disputed.test.yaml").read_text(encoding="utf-8")
    assert "Hemmelig" not in table
    assert "line[1].consent.explicit: no" in table
    done = fakturavakt("rules", "test", "rules", "--engine", "reference")
    assert done.returncode == 1
    assert "avgjørelsen: ventet send, ble block" in done.stdout
    assert "line.consent.explicit: yes" in done.stdout
    (rules.parent / "invoice.json").unlink()
    done = fakturavakt(*common)
    assert done.returncode == 2
    assert "--document" in done.stderr
