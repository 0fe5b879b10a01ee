"""``rules check`` finds what a rule book says and nobody means; each finding has its code and its place."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from tests.rulebook.conftest import Edit, edit, rules

from fakturavakt.desk.feature_documents import FeatureDocument, Scenario
from fakturavakt.desk.finding_codes import ALL_CODES, FORM_CODES
from fakturavakt.desk.findings import Severity
from fakturavakt.desk.rule_check import CheckReport, check_rule_book
from fakturavakt.desk.tried_findings import tried_findings
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.rulebook.case_files import load_cases
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.shipped import shipped_folder

__all__ = ["edit", "rules"]

GIFT = "prohibitions/unsolicited-gift-request.yaml"
CREDITOR = "prohibitions/no-creditor-relationship.yaml"
UPGRADE = "prohibitions/unagreed-upgrade.yaml"
SUBSCRIPTION = "prohibitions/unconsented-subscription.yaml"
CONSENT = "definitions/consent-valid.yaml"
VIPPS = "channels/vipps_regning.yaml"
KIND = "          - line.kind: gift_request\n"
RELATIONSHIP = """\
    - payment-demand
    # Ett av dem er nok. / One of them is enough.
    - not:
        any:
          - relationship.agreement: yes
          - relationship.claim: yes
"""
ROOT = Path(__file__).parents[2]


def found(report: CheckReport) -> list[tuple[str, str, int]]:
    """Code, file and line of each finding that is not allowed."""
    return [
        (each.code, Path(each.place.file).relative_to(report.root).as_posix(), each.place.line)
        for each in report.open_findings()
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "line", "by_solver_only"),
    [
        # a part is impossible, also for want of a value; parts exclude one another, also across a line
        (GIFT, KIND, KIND + "          - line.amount: {above: 5, below: 5.01}\n", "FV101", 1, False),
        (GIFT, KIND, KIND + "          - not: {known: line.kind}\n", "FV101", 1, False),
        (GIFT, KIND, KIND + "          - invoice.kind: credit_note\n", "FV101", 1, True),
        (CREDITOR, "    - payment-demand\n", "    - payment-demand\n    - invoice.attachments: {below: 0}\n", "FV101", 1, False),
        (VIPPS, "at_least: 3 days", "at_least: 400 days", "FV101", 0, False),
        (VIPPS, "effective: {from: 2018-12-20}\nwhen:\n  all:\n", "effective: {from: 2018-12-20}\nwhen:\n  all:\n    - invoice.send_date: {before: 2018-12-19}\n", "FV101", 3, False),
        (CONSENT, "    - line.consent.given: yes\n", "    - line.consent.given: yes\n    - line.consent.given: no\n", "FV101", 1, False),
        # never false: true, or unknown
        (CREDITOR, "    - not:\n        any:\n", "    - not:\n        all:\n          - relationship.agreement: no\n", "FV102", 3, False),
        ("definitions/recipient-is-person.yaml", "  recipient.kind: person", "  recipient.kind: {one_of: [person, organisation]}", "FV102", 0, False),
        ("agreements/../definitions/payment-demand.yaml", "  invoice.kind: invoice", "  any: [known: invoice.kind, not: {known: invoice.kind}]", "FV102", 0, False),
        # a branch that the part beside it covers; the same part again
        (CREDITOR, "          - relationship.claim: yes\n", "          - relationship.claim: yes\n          - all: [relationship.claim: yes, payment-demand]\n", "FV103", 1, True),
        (CREDITOR, "          - relationship.claim: yes\n", "          - relationship.claim: yes\n          - relationship.agreement: yes\n", "FV104", 1, False),
        # a prohibition that only holds outside of the scope
        (SUBSCRIPTION, "    - payment-demand\n", "    - payment-demand\n    - recipient.kind: organisation\n", "FV105", -1, True),
        # a guarantee of what never happens
        ("guarantees/data.yaml", "while: {not: {known: recipient.mobile}}", "while: {all: [known: recipient.mobile, not: {known: recipient.mobile}]}", "FV106", 0, False),
        # an outcome that never comes, though the form wants a message for it
        (CREDITOR, RELATIONSHIP, "    - not: {known: relationship.agreement}\n", "FV303", 5, True),
        # a field that the message cannot fill
        (CREDITOR, "    nb: Fakturaen krever betaling,", "    nb: Linje {lines} i fakturaen krever betaling,", "FV304", 0, False),
        # a fact that nobody asks about
        ("vocabulary.yaml", "  - fact: line.item_classification\n", "  - fact: line.colour\n    type: text\n    label: {nb: fargen, en: the colour}\n  - fact: line.item_classification\n", "FV302", 0, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("solver", [True, False], ids=["solver", "plain"])
def test_one_edit(
    rules: Path,
    edit: Edit,
    file: str,
    old: str,
    new: str,
    code: str | None,
    line: int,
    by_solver_only: bool,
    solver: bool,
) -> None:
    """It is found on its line; where only the solver can tell, the report without it says what was not checked."""
    at = edit(file, old, new)
    report = check_rule_book(rules, solver=solver, features=rules)
    expected = code is not None and (solver or not by_solver_only)
    here = (code, Path(file).name, at + line)
    there = [(each, Path(name).name, where) for each, name, where in found(report)]
    assert (here in there) is expected, there
    assert bool(report.left_out) is not solver


def test_a_channel_that_the_one_before_it_always_takes(rules: Path, edit: Edit) -> None:
    """Vipps needs what eFaktura needs, so whoever takes every eFaktura leaves nothing for it."""
    edit("channels/efaktura.yaml", "    - recipient.efaktura: yes\n", "")
    told = [each for each in check_rule_book(rules).findings if each.code == "FV202"]
    assert told == []  # before 2018-12-20 the legacy agreement alone was enough
    edit(
        "channels/vipps_regning.yaml",
        "    - sender.legacy_vipps_agreement: yes\n",
        "    - sender.efaktura_b2c_agreement: yes\n",
    )
    (told_now,) = [each for each in check_rule_book(rules).findings if each.code == "FV202"]
    assert told_now.subject == "vipps_regning"
    assert told_now.place.file.endswith("vipps_regning.yaml")


def test_a_prohibition_that_only_features_trigger_is_tried(rules: Path) -> None:
    """Cases are looked at first; a feature's document counts where they leave something open."""
    book = load_rulebook(rules)
    cases = load_cases(rules, book).cases
    gift = next(case for case in cases if case.expected.rules.get("unsolicited-gift-request"))
    others = [case for case in cases if not case.expected.rules.get("unsolicited-gift-request")]
    raw = RawDocument(DocumentSource("features", 1), gift.document)
    asked = 0

    def features() -> list[FeatureDocument]:
        nonlocal asked
        asked += 1
        scenario = Scenario("Forbud", "En gave", "no", "forbud.feature", 1, ())
        return [FeatureDocument(raw, gift.as_of, scenario)]

    assert list(tried_findings(book, cases, features)) == []
    assert asked == 0
    untried = [each.subject for each in tried_findings(book, others, lambda: None)]
    assert untried == ["unsolicited-gift-request"]
    assert list(tried_findings(book, others, features)) == []


def test_without_the_solver_it_is_said_that_it_was_not_there(
    rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever lacks z3 hears which checks were made only in part, and how to get it."""
    monkeypatch.setitem(sys.modules, "z3", None)
    (reason,) = check_rule_book(rules).left_out
    assert "fakturavakt[prove]" in reason.say("en")
    for code in ("FV101", "FV201", "FV303"):
        assert code in reason.say("nb")


def test_what_is_not_decided_in_time_is_said_and_not_told_as_a_finding(
    rules: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No time at all decides nothing: the impossible rule is not called impossible, and the reader knows why."""
    edit(GIFT, KIND, KIND + "          - line.kind: subscription\n")
    report = check_rule_book(rules, seconds=1e-9, features=rules)
    if any(each.code == "FV101" for each in report.findings):
        return  # so quick a question was decided before the clock was looked at
    (reason,) = report.left_out
    assert "--timeout" in reason.say("en")


# -- deviations that are meant ------------------------------------------------------------------------


def with_gap(rules: Path, edit: Edit, comment: str) -> CheckReport:
    """A gap between the two rules of Vipps, with a comment above the window."""
    old = "effective: {from: 2018-12-20}"
    edit(VIPPS, old, f"{comment}effective: {{from: 2018-12-24}}")
    return check_rule_book(rules, features=rules)


@pytest.mark.parametrize("word", ["allow", "tillat"])
def test_a_deviation_with_a_reason_is_let_be(rules: Path, edit: Edit, word: str) -> None:
    """It stays in the report, marked, with the reason; nothing fails."""
    report = with_gap(rules, edit, f"# fakturavakt: {word} FV401 – stengt i julen\n# closed\n")
    assert report.open_findings() == ()
    (finding,) = report.findings
    assert (finding.code, finding.allowed) == ("FV401", "stengt i julen")


def test_a_deviation_without_a_reason_is_not(rules: Path, edit: Edit) -> None:
    """The finding stays, and the permission is one more."""
    report = with_gap(rules, edit, "# fakturavakt: allow FV401\n")
    assert [code for code, _, _ in found(report)] == ["FV901", "FV401"]


def test_a_permission_for_nothing_is_told(rules: Path, edit: Edit) -> None:
    """For another code, on another line, or for a mistake of form; but not where checks were left out."""
    report = with_gap(rules, edit, "# fakturavakt: allow FV402, FV040 – because\n")
    assert [code for code, _, _ in found(report)] == ["FV902", "FV902", "FV401"]
    with (rules / GIFT).open("a", encoding="utf-8") as file:
        file.write("# fakturavakt: allow FV101 - proved\n")
    told = [
        name for code, name, _ in found(check_rule_book(rules, features=rules)) if code == "FV902"
    ]
    assert GIFT in told
    told = [
        name for code, name, _ in found(check_rule_book(rules, solver=False)) if code == "FV902"
    ]
    assert GIFT not in told


# -- codes --------------------------------------------------------------------------------------------


def test_every_mistake_of_form_has_a_code_of_its_own() -> None:
    """Whatever the loader's modules report is in the table, and nothing else is."""
    names: set[str] = set()
    folder = ROOT / "engine" / "fakturavakt" / "rulebook"
    for path in folder.glob("*.py"):
        names |= set(
            re.findall(
                r'^\s+"([a-z]+(?:-[a-z]+)+|tag|alias)",$',
                path.read_text(encoding="utf-8"),
                re.MULTILINE,
            )
        )
        names |= set(
            re.findall(
                r'(?:report|Problem)\([^"()]*(?:\([^()]*\)[^"()]*)*?"([a-z-]+)"',
                path.read_text(encoding="utf-8"),
            )
        )
    assert set(FORM_CODES) <= names
    assert {name for name in names if "-" in name and not name.startswith("kind-")} <= set(
        FORM_CODES
    )


def test_codes_are_given_once_and_documented() -> None:
    """Each is in docs/rules-check.md, with its name."""
    codes = [entry.code for entry in ALL_CODES]
    assert len(set(codes)) == len(codes)
    page = (ROOT / "docs" / "rules-check.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| (FV[0-9]{3}) \| `([a-z-]+)` \|", page, re.MULTILINE))
    assert rows == {(entry.code, entry.name) for entry in ALL_CODES}


def test_severities_are_ordered() -> None:
    """Whoever fails on notes fails on all."""
    report = check_rule_book(shipped_folder("rules"))
    assert report.open_findings(Severity.NOTE) == ()


def test_what_the_program_reads_itself_is_not_unused(rules: Path) -> None:
    """Invoices are told apart, dated and summed by it, also where no rule asks and no ``term`` is named."""
    vocabulary = rules / "vocabulary.yaml"
    lines = vocabulary.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("    term:")]
    vocabulary.write_text("".join(kept), encoding="utf-8")
    report = check_rule_book(rules, solver=False, features=rules)
    unused = [each.wrong.say("en") for each in report.findings if each.code == "FV302"]
    assert any("invoice.payment_reference" in said for said in unused)
    for name in ("line.id", "invoice.lines", "invoice.number", "invoice.send_date"):
        assert not any(name in said for said in unused)
