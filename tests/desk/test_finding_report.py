"""Findings in every format: valid, whole, and nothing that a file says can break out of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree
from tests.rulebook.conftest import Edit, edit, rules

from fakturavakt.desk.finding_report import as_json, as_junit, github_lines, text_lines
from fakturavakt.desk.finding_sarif import as_sarif
from fakturavakt.desk.findings import Finding, Severity
from fakturavakt.desk.fixing import read_text
from fakturavakt.desk.rule_check import CheckReport, check_rule_book
from fakturavakt.desk.yaml_edits import lines_of
from fakturavakt.shipped import shipped_folder

__all__ = ["edit", "rules"]

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8")
)
CREDITOR = "prohibitions/no-creditor-relationship.yaml"
CLAIM = "          - relationship.claim: yes\n"
VIPPS = "channels/vipps_regning.yaml"
NASTY = "50%, «å» <b>&\"'::error::x"


@pytest.fixture
def doubtful(rules: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> CheckReport:
    """A repetition, which can be mended; a definition with odd characters; an allowed gap; a note."""
    monkeypatch.chdir(rules.parent)
    edit(CREDITOR, CLAIM, CLAIM + CLAIM)
    edit(
        VIPPS,
        "effective: {from: 2018-12-20}",
        f"# fakturavakt: allow FV401 – {NASTY}\neffective: {{from: 2018-12-24}}\n"
        "# fakturavakt: allow FV402 – x",
    )
    (rules / "definitions" / "æ ø%.yaml").write_text(
        "define: no-use\ntitle: {nb: x, en: x}\nwhen: {recipient.city: '<b>&'}\n", encoding="utf-8"
    )
    return check_rule_book(Path("rules"), features=Path("rules"))


@pytest.fixture
def broken(rules: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> CheckReport:
    """Two mistakes of form, one of which has a character that turns the text around."""
    monkeypatch.chdir(rules.parent)
    edit(CREDITOR, CLAIM, f'{CLAIM}          - "x\\u202e{NASTY.replace(chr(34), "")}"\n')
    edit(VIPPS, "price_class: electronic", "price_class: electroni")
    return check_rule_book(Path("rules"))


def sarif(report: CheckReport, language: str = "nb") -> dict[str, Any]:
    """The only run of a log that is valid against the standard's schema."""
    log = json.loads(as_sarif(report, language))
    jsonschema.Draft7Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    found: dict[str, Any] = run
    return found


def codes(report: CheckReport) -> list[str]:
    """Of all findings, in order."""
    return [finding.code for finding in report.findings]


def test_sarif_is_valid_and_whole(doubtful: CheckReport) -> None:
    """Rule, level, place and message of each finding; what is allowed is suppressed, with the reason."""
    run = sarif(doubtful)
    assert [each["ruleId"] for each in run["results"]] == codes(doubtful)
    rules = run["tool"]["driver"]["rules"]
    for each, finding in zip(run["results"], doubtful.findings, strict=True):
        assert rules[each["ruleIndex"]]["id"] == finding.code
        assert each["level"] == finding.severity.value
        region = each["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (
            finding.place.line,
            finding.place.column,
        )
    (allowed,) = (each for each in run["results"] if each.get("suppressions"))
    assert allowed["ruleId"] == "FV401"
    assert allowed["suppressions"][0]["justification"] == NASTY
    uris = [each["locations"][0]["physicalLocation"]["artifactLocation"] for each in run["results"]]
    assert {"uri": "rules/definitions/%C3%A6%20%C3%B8%25.yaml", "uriBaseId": "SRCROOT"} in uris


def test_a_fix_in_sarif_is_the_edit_that_is_made(doubtful: CheckReport) -> None:
    """Deleting the region and putting in the text gives the shipped file again."""
    (fixed,) = (each for each in sarif(doubtful)["results"] if "fixes" in each)
    assert fixed["ruleId"] == "FV104"
    (change,) = fixed["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    lines = lines_of(read_text(Path(change["artifactLocation"]["uri"])))
    before = "".join(lines[: region["startLine"] - 1])
    assert (region["startColumn"], region["endColumn"]) == (1, 1)
    after = "".join(lines[region["endLine"] - 1 :])
    mended = before + replacement["insertedContent"]["text"] + after
    assert mended == (shipped_folder("rules") / CREDITOR).read_text(encoding="utf-8")


def test_mistakes_of_form_go_through_the_same_door(broken: CheckReport) -> None:
    """Valid, errors all, and no character of a file hides or turns what stands beside it."""
    run = sarif(broken)
    assert codes(broken) == ["FV025", "FV041"]
    assert {each["level"] for each in run["results"]} == {"error"}
    assert "fixes" in run["results"][0]
    assert run["invocations"][0]["toolExecutionNotifications"]
    for written in (
        as_sarif(broken, "nb"),
        as_json(broken, "nb"),
        as_junit(broken, "en", Severity.NOTE),
    ):
        assert "\u202e" not in written
    assert "<U+202E>" in "\n".join(github_lines(broken, "nb"))


def test_fingerprints_stay_when_lines_are_put_in_above(doubtful: CheckReport) -> None:
    """So that a code host knows a finding again; no two of one report are alike."""
    before = [each["partialFingerprints"] for each in sarif(doubtful)["results"]]
    assert len({str(each) for each in before}) == len(before)
    path = Path("rules") / CREDITOR
    path.write_text("# over\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    again = check_rule_book(Path("rules"), features=Path("rules"))
    assert [each["partialFingerprints"] for each in sarif(again, "en")["results"]] == before


def test_two_alike_have_fingerprints_of_their_own(
    rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same slip on two lines of one file is two findings, also for a code host."""
    monkeypatch.chdir(rules.parent)
    path = rules / VIPPS
    content = path.read_text(encoding="utf-8")
    path.write_text(
        content.replace("recipient.vipps: yes", "recipient.vips: yes"), encoding="utf-8"
    )
    one, two = sarif(check_rule_book(Path("rules")))["results"]
    assert one["message"] == two["message"]
    assert one["partialFingerprints"] != two["partialFingerprints"]


def test_json_has_all_of_it(doubtful: CheckReport) -> None:
    """Each finding with its why, what mends it and the edits; and the sum of those that are not allowed."""
    found = json.loads(as_json(doubtful, "en"))
    assert found["rulebook"]["name"] == "autoinvoice-b2c"
    assert [each["code"] for each in found["findings"]] == codes(doubtful)
    (fixed,) = (each for each in found["findings"] if each["fix"])
    (edit_made,) = fixed["fix"]["edits"]
    assert (edit_made["old"], edit_made["new"]) == (CLAIM, "")
    assert all(each["why"] and each["message"] and each["name"] for each in found["findings"])
    assert found["summary"] == {"error": 0, "warning": 2, "note": 1, "allowed": 1}


def unescaped(value: str) -> str:
    """As GitHub's runner reads what stands in a workflow command."""
    for code, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        value = value.replace(code, character)
    return value


def test_github_commands_are_one_line_each_and_cannot_be_broken_out_of(broken: CheckReport) -> None:
    """Properties and text are escaped; read as the runner reads them they say what they should."""
    lines = list(github_lines(broken, "en"))
    assert len(lines) == len(broken.findings) + len(broken.left_out)
    for line, finding in zip(lines, broken.findings, strict=False):
        parts = re.fullmatch(r"::(error|warning|notice) ([^:]*)::([^\r\n]*)", line)
        assert parts is not None, line
        properties = dict(each.split("=", 1) for each in parts[2].split(","))
        assert unescaped(properties["file"]) == Path(finding.place.file).as_posix()
        assert (properties["line"], properties["col"]) == (
            str(finding.place.line),
            str(finding.place.column),
        )
        assert unescaped(properties["title"]).startswith(finding.code)
    assert "50%, «å»" in unescaped(lines[1])
    assert "50%25, «å»" in lines[1]


def test_github_leaves_out_what_is_allowed(doubtful: CheckReport) -> None:
    """A deviation that is meant is no annotation; a note is a notice."""
    lines = list(github_lines(doubtful, "nb"))
    assert not any("FV401" in line for line in lines)
    assert sum(line.startswith("::notice ") for line in lines) == 1
    assert any("file=rules/definitions/æ ø%25.yaml," in line for line in lines)


@pytest.mark.parametrize(
    ("threshold", "failures"),
    [(Severity.ERROR, 0), (Severity.WARNING, 2), (Severity.NOTE, 3), (None, 0)],
)
def test_junit_counts_what_it_holds(
    doubtful: CheckReport, threshold: Severity | None, failures: int
) -> None:
    """From the threshold on a case fails; what is allowed is skipped, with the reason; the rest passes."""
    suite = etree.fromstring(as_junit(doubtful, "nb", threshold).encode())
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.get("tests", "")) == len(doubtful.findings)
    assert len(suite.findall("testcase/failure")) == int(suite.get("failures", "")) == failures
    (skipped,) = suite.findall("testcase/skipped")
    assert int(suite.get("skipped", "")) == 1
    assert skipped.get("message") == NASTY
    assert all(case.get("name") and case.get("classname") for case in cases)
    assert all(case.find("failure") is None or case.findtext("failure") for case in cases)


def test_junit_of_a_rule_book_in_order_has_one_case_that_passed() -> None:
    """A report without a test would be taken for no test run at all."""
    report = check_rule_book(shipped_folder("rules"))
    suite = etree.fromstring(as_junit(report, "nb", Severity.NOTE).encode())
    assert (suite.get("tests"), suite.get("failures"), len(suite)) == ("1", "0", 1)


def test_text_shows_the_line_why_and_what_can_be_mended(doubtful: CheckReport) -> None:
    """In both languages; each why once."""
    nb, en = ("\n".join(text_lines(doubtful, language)) for language in ("nb", "en"))
    assert "rules/prohibitions/no-creditor-relationship.yaml:21:13: FV104 advarsel: " in nb
    assert "              - relationship.claim: yes\n                ^\n" in nb
    assert "--fix: Tar bort «relationship.claim: yes»." in nb
    assert "2 advarsler og 1 merknad" in nb
    assert "1 funn er tillatt i regelfilene." in nb
    assert "2 warnings and 1 note" in en
    assert "FV401" not in nb + en


def test_many_findings_are_not_all_told(doubtful: CheckReport) -> None:
    """Nobody mends more in one go; how many more there are is said."""
    (finding, *_) = doubtful.open_findings()
    many: tuple[Finding, ...] = (finding,) * 1000
    lines = list(text_lines(CheckReport(doubtful.root, doubtful.book, many, ()), "en"))
    assert "… and 900 more." in lines
