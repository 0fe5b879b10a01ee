"""Cases are run on every engine, and what fails says which conditions stood in the way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.desk.overridden import NUMBERS, nodes, number
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books

from fakturavakt.desk.case_report import text_lines
from fakturavakt.desk.case_run import CaseRun, Status, run_cases
from fakturavakt.desk.condition_blame import Blamed, blamed
from fakturavakt.engines.choose import durable_rules_can_run
from fakturavakt.explanation import Explainer
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.rulebook.case_files import load_cases
from fakturavakt.rulebook.loader import RuleBookError, load_rulebook
from fakturavakt.shipped import shipped_folder

AS_OF = date(2021, 2, 2)
RULES = shipped_folder("rules")


def run(rules: Path, *, columnar: bool = False) -> CaseRun:
    """All cases of a rule book."""
    book = load_rulebook(rules)
    table = load_cases(rules, book)
    return run_cases(book, table.cases, engines=("columnar",) if columnar else ())


def test_the_cases_that_ship_hold_on_every_engine() -> None:
    """As the officer runs them; what failed is shown as the officer would see it."""
    book = load_rulebook()
    done = run_cases(book, load_cases(RULES, book).cases)
    assert done.count(Status.PASSED) == len(done.results) > 100, "\n".join(text_lines(done, "nb"))
    durable = ("durable",) if durable_rules_can_run() else ()
    assert done.engines == ("reference", *durable, "columnar")


def test_every_rule_channel_action_and_decision_is_expected_somewhere() -> None:
    """Each rule as holding and as not, each channel chosen, each action, each decision."""
    book = load_rulebook()
    expected = [case.expected for case in load_cases(RULES, book).cases]
    for rule in book.rules:
        truths = {each.rules[rule] for each in expected if rule in each.rules}
        assert truths >= ({True} if rule == "paper-always" else {True, False}), rule
    assert {each.decision for each in expected} >= {"send", "block", "hold", "out_of_scope"}
    assert {each.channel for each in expected} >= {*(each.name for each in book.channels), "none"}
    assert book.migration is not None
    actions = {row.action for row in book.migration.rows} | {"unknown"}
    assert {each.action for each in expected} >= actions


EDITS = [
    ("definitions/consent-valid.yaml", "    - line.consent.explicit: yes\n", "", "Samtykket er ikke eksplisitt"),
    ("definitions/consent-valid.yaml", "given_on: {on_or_before", "given_on: {before", "Samtykket ble gitt samme dag som utsendingen"),
    ("definitions/agreed-beforehand.yaml", "amount: {at_least", "amount: {above", "En vare som er avtalt i tide og til beløpet, kan kreves"),
    ("definitions/agreed-beforehand.yaml", "invoice.issue_date}", "invoice.send_date}", "Varen ble avtalt dagen etter fakturadatoen, men samme dag som utsendingen"),
    ("prohibitions/unagreed-upgrade.yaml", "{above: 0}", "{at_least: 0}", "En linje på null kroner krever ingenting"),
    ("prohibitions/unagreed-upgrade.yaml", "{above: 0}", "{above: 0.01}", "Ett øre er også et krav"),
    ("channels/vipps_regning.yaml", "at_least: 3 days", "at_least: 4 days", "Forfall tre dager etter utsending er tidsnok"),
    ("channels/vipps_regning.yaml", "at_most: 365 days", "at_most: 366 days", "Forfall 366 dager etter utsending er for sent"),
    ("channels/vipps_regning.yaml", "effective: {from: 2018-12-20}", "effective: {from: 2018-12-21}", "Den første dagen med B2C-avtalen"),
    ("channels/vipps_regning.yaml", "effective: {before: 2018-12-20}", "effective: {before: 2018-12-21}", "Den gamle løsningen virker ikke 20. desember 2018"),
    ("channels/vipps_regning.yaml", "    - known: recipient.mobile\n    - recipient.vipps: yes\n    # De to", "    - recipient.vipps: yes\n    # De to", "Mottakerens mobilnummer er ikke kjent"),
    ("agreements/migration.yaml", "        - sender.vipps_declined: yes\n", "        - sender.vipps_declined: no\n", None),
    ("classification/words-of-a-gift.yaml", '- "gave"', '- "gave*"', "Et gavekort er ingen gave"),
    ("definitions/payment-demand.yaml", "invoice.kind: invoice", "invoice.kind: {one_of: [invoice, credit_note]}", "En kreditnota krever ingen betaling"),
]  # fmt: skip
"""Mistakes of a day, an øre or a word, and a case that knows better (None: the rule book itself does)."""


@pytest.mark.parametrize(("file", "old", "new", "case"), EDITS)
def test_a_wrong_edit_of_the_rules_is_noticed(
    tmp_path: Path, file: str, old: str, new: str, case: str | None
) -> None:
    """By the case that is about it, which says what stood in the way and where."""
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    content = (rules / file).read_text(encoding="utf-8")
    assert content.count(old) == 1
    (rules / file).write_text(content.replace(old, new), encoding="utf-8")
    if case is None:
        with pytest.raises(RuleBookError):
            load_rulebook(rules)
        return
    failed = {each.case.title: each for each in run(rules).results if each.status is Status.FAILED}
    assert case in failed
    assert failed[case].mismatches


def test_what_differs_is_told_with_the_condition_and_its_place(tmp_path: Path) -> None:
    """In both languages, down to the leaf and the values it saw."""
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    file = rules / "definitions" / "consent-valid.yaml"
    content = file.read_text(encoding="utf-8")
    file.write_text(
        content.replace("given_on: {on_or_before", "given_on: {before"), encoding="utf-8"
    )
    book = load_rulebook(rules)
    cases = [
        case
        for case in load_cases(rules, book).cases
        if case.title == "Samtykket ble gitt samme dag som utsendingen"
    ]
    norwegian = "\n".join(text_lines(run_cases(book, cases, engines=()), "nb"))
    english = "\n".join(text_lines(run_cases(book, cases, engines=(), language="en"), "en"))
    assert "regelen unconsented-subscription: ventet not, ble holds" in norwegian
    assert (
        "line.consent.given_on: {before: invoice.send_date} (linje 1) er usann, ikke sann"
        in norwegian
    )
    assert "datoen samtykket ble gitt = 2. februar 2021" in norwegian
    assert "the rule unconsented-subscription: expected not, was holds" in english
    assert "(line 1) is false, not true" in english
    line = content[: content.index("line.consent.given_on")].count("\n") + 1
    assert f"{file}:{line}:" in norwegian
    assert "avgjørelsen: ventet send, ble block" in norwegian


UNCONFIRMED = """\
cases:
  - case: Ingen har sagt at dette stemmer
    given: vare
    with:
      relationship.agreement: no
    expect: {decision: DECISION}
    confirmed: no
"""


@pytest.mark.parametrize(
    ("decision", "status"), [("block", Status.UNCONFIRMED), ("send", Status.DEVIATES)]
)
def test_what_nobody_has_confirmed_fails_nothing(
    tmp_path: Path, decision: str, status: Status
) -> None:
    """It is run and told of, and that is all."""
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    content = UNCONFIRMED.replace("DECISION", decision)
    (rules / "new.test.yaml").write_text(content, encoding="utf-8")
    done = run(rules)
    assert done.count(Status.FAILED) == 0
    assert done.count(status) == 1
    assert "ikke bekreftet" in "\n".join(text_lines(done, "nb"))


WRONG = [
    ("decision: block", "avgjørelsen: ventet block, ble send", "no-creditor-relationship er usann"),
    ("decision: hold", "avgjørelsen: ventet hold, ble send", ""),
    ("decision: out_of_scope", "ventet out_of_scope, ble send", "scope er sann og måtte vært usann"),
    ("channel: paper", "den valgte kanalen: ventet paper, ble efaktura", "efaktura er sann"),
    ("channels: {vipps_regning: not}", "kanalen vipps_regning: ventet not, ble holds", "vipps_regning er sann"),
    ("missing: [recipient.mobile]", "det som mangler: ventet recipient.mobile, ble –", ""),
    ("advice: [missing-mobile]", "rådene: ventet missing-mobile, ble –", "known: recipient.mobile er sann"),
    ("action: no_agreement", "ventet no_agreement, ble none", "sender.legacy_vipps_agreement: no er usann"),
    ("rules: {words-of-a-gift: holds}", "regelen words-of-a-gift: ventet holds, ble not", "har_ord"),
    ('lines: {unagreed-upgrade: ["1"]}', "linjene i regelen unagreed-upgrade: ventet 1, ble –", ""),
]  # fmt: skip


@pytest.mark.parametrize(("expect", "said", "why"), WRONG)
def test_every_kind_of_expectation_can_fail(
    tmp_path: Path, expect: str, said: str, why: str
) -> None:
    """Each says what was expected, what came out, and what would have had to be otherwise."""
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    wrong = f"cases:\n  - case: Feil\n    given: vare\n    expect:\n      {expect}\n"
    (rules / "wrong.test.yaml").write_text(wrong, encoding="utf-8")
    book = load_rulebook(rules)
    cases = [case for case in load_cases(rules, book).cases if case.title == "Feil"]
    done = run_cases(book, cases, engines=())
    told = "\n".join(text_lines(done, "nb"))
    assert done.count(Status.FAILED) == 1
    assert said in told
    assert why.replace("har_ord", "has_word") in told


def ends(blame: Blamed) -> Iterator[Blamed]:
    """What would have to be set otherwise: leaves, and quantifiers without lines."""
    if not blame.parts:
        yield blame
    for part in blame.parts:
        yield from ends(part)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
@given(rule_books(), documents(), st.sampled_from([True, False]))
def test_set_as_wanted_what_stood_in_the_way_makes_the_rule_come_out_so(
    drawn: DrawnRuleBook, document: RawDocument, wanted: bool
) -> None:
    """Nothing is told where nothing stood in the way; else it is enough to set what is told."""
    facts = FactReader(drawn.book.vocabulary, AS_OF).read(document).facts
    explainer = Explainer(drawn.book, facts, "nb")
    for rule in drawn.book.rules.values():
        blame = blamed(explainer, rule.condition, wanted)
        assert (blame is None) is (number(rule.condition, facts, None, {}) == NUMBERS[wanted])
        if blame is None:
            continue
        # Where a definition is used twice, once under a `not`, one place is wanted both ways: not by hand.
        told = {(each.place, each.line, each.written): each.wanted for each in ends(blame)}
        assume(len({*ends(blame)}) == len(told))
        by_hand = {}
        for way, condition, line in nodes(rule.condition, facts, None):
            name = None if line is None else line.name
            key = (condition.place, name, explainer.explain(condition, line).written)
            if key in told:
                by_hand[way] = NUMBERS[told[key]]
        assert number(rule.condition, facts, None, by_hand) == NUMBERS[wanted]


def test_the_table_in_the_docs_says_what_comes_out(tmp_path: Path) -> None:
    """As it stands on the page, over the rule book that ships."""
    page = (Path(__file__).parents[2] / "docs" / "rules-test.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "docs.test.yaml").write_text(table, encoding="utf-8")
    book = load_rulebook()
    done = run_cases(book, load_cases(tmp_path, book).cases, engines=())
    assert [each.status for each in done.results] == [Status.PASSED, Status.PASSED]
