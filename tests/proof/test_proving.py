"""Guarantees: the shipped ones hold and cover the source; what breaks one is shown and was run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.rulebook.conftest import Edit

from fakturavakt.decision import Verdict
from fakturavakt.proof.confirmation import decided
from fakturavakt.proof.difference import compare
from fakturavakt.proof.proving import Answer, BuiltIn, Proof, guarantee_names, prove
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook

DOMAIN = Path(__file__).parents[2] / "docs" / "domain.md"
CONSENT = "definitions/consent-valid.yaml"
EXPLICIT = "    - line.consent.explicit: yes\n"


@pytest.fixture(scope="module")
def shipped() -> RuleBook:
    """The shipped rule book, with its guarantees."""
    return load_rulebook(guarantees=True)


def proofs(book: RuleBook, *names: str) -> list[Proof]:
    """What became of the guarantees."""
    return list(prove(book, names=names))


def refuted(book: RuleBook, *names: str) -> list[Proof]:
    """Those that do not hold."""
    return [each for each in proofs(book, *names) if each.answer is Answer.REFUTED]


def test_everything_that_the_shipped_rule_book_promises_is_proved(shipped: RuleBook) -> None:
    """Its own guarantees, and those of every rule book; each of the two kinds there are."""
    found = proofs(shipped)
    assert {each.answer for each in found} == {Answer.PROVED}
    assert {each.name for each in found} == set(guarantee_names(shipped))
    shows = [each for each in found if each.name in (BuiltIn.RULE_CAN_HOLD, BuiltIn.REACHABLE)]
    assert len(shows) == len(shipped.rules) + len(Verdict) + len(shipped.channels)
    assert all(each.example is not None for each in shows)


def test_each_statement_of_the_source_is_covered(shipped: RuleBook) -> None:
    """The numbers of the table in docs/domain.md."""
    statements = re.findall(r"^\| (S[0-9]+) \|", DOMAIN.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(statements) == 15
    covered = [statement for each in shipped.guarantees for statement in each.covers]
    assert set(covered) == set(statements)


def test_a_dropped_explicit_is_refuted_by_the_document_of_the_difference(
    rules: Path, edit: Edit
) -> None:
    """One document shows both: that the decision got looser, and that a promise is broken."""
    edit(CONSENT, EXPLICIT, "")
    book = load_rulebook(rules, guarantees=True)
    (proof,) = refuted(book, "subscription-needs-valid-consent")
    assert proof.covers == ("S12",)
    assert proof.outcomes == ("send",)
    assert proof.example is not None
    (shown,) = compare(load_rulebook(), book).decision.shown
    assert proof.example.content == shown.example.content
    assert proof.example.content["invoice"]["lines"][0]["consent"]["explicit"] is False
    assert {each.name for each in refuted(book)} == {
        "subscription-needs-valid-consent",
        "unknown-consent-is-never-sent",
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "broken"),
    [
        (
            "channels/vipps_regning.yaml",
            "effective: {before: 2018-12-20}",
            "effective: {before: 2018-12-21}",
            # On that one day the old solution is a Vipps Regning, too: with its price, and so on.
            {
                "legacy-vipps-has-ended",
                "no-vipps-without-the-agreement",
                "vipps-price",
                "vipps-payments-arrive-in-the-ordinary-way",
                "vipps-carries-attachments",
                "vipps-shows-the-balance",
                BuiltIn.ONE_WINDOW,
            },
        ),
        (
            "channels/efaktura.yaml",
            "bank_fee: 0",
            "bank_fee: 5",
            {"efaktura-price"},
        ),
        (
            "channels/efaktura.yaml",
            "    - recipient.efaktura: yes",
            "    - recipient.efaktura: yes\n    - sender.legacy_vipps_agreement: yes",
            {
                "efaktura-needs-only-the-b2c-agreement",
                "efaktura-before-vipps",
                "efaktura-before-paper",
            },
        ),
        (
            "agreements/migration.yaml",
            "  - action: vipps_included\n",
            "  - action: vipps_kept\n",
            None,
        ),
        (
            "advice/missing-mobile.yaml",
            "not: {known: recipient.mobile}",
            "all: [not: {known: recipient.mobile}, recipient.kind: person]",
            {"a-missing-mobile-number-is-told"},
        ),
        (
            "definitions/gift-accepted.yaml",
            "line.gift_acceptance.given_on: {on_or_before: invoice.send_date}",
            "line.gift_acceptance.given_on: {on_or_before: invoice.due_date}",
            {"gift-request-needs-acceptance"},
        ),
        (
            "definitions/payment-demand.yaml",
            "  invoice.kind: invoice",
            "  invoice.kind: {one_of: [invoice, credit_note]}",
            {"credit-notes-are-not-stopped"},
        ),
    ],
)
def test_an_edit_breaks_the_promises_it_should(
    rules: Path, edit: Edit, file: str, old: str, new: str, broken: set[str] | None
) -> None:
    """Each with a document, or, where nothing can be promised of what is not there, as a mistake."""
    edit(file, old, new)
    if broken is None:
        with pytest.raises(Exception, match="vipps_included"):
            load_rulebook(rules, guarantees=True)
        return
    book = load_rulebook(rules, guarantees=True)
    found = refuted(book, *(each.name for each in book.guarantees), BuiltIn.ONE_WINDOW)
    assert {each.name for each in found} == broken
    assert all(each.example is not None for each in found)


def test_a_rule_that_can_never_hold_is_refuted_without_a_document(rules: Path, edit: Edit) -> None:
    """Given after the send date, and on or before it."""
    edit(
        "prohibitions/unsolicited-gift-request.yaml",
        "          - not: gift-accepted\n",
        "          - not: gift-accepted\n"
        "          - line.amount: {above: 10}\n"
        "          - line.amount: {below: 10.01}\n",
    )
    book = load_rulebook(rules)
    (proof,) = refuted(book, BuiltIn.RULE_CAN_HOLD)
    assert proof.subject == "unsolicited-gift-request"
    assert proof.example is None
    assert proof.place is not None
    assert proof.place.file.endswith("unsolicited-gift-request.yaml")


def test_a_scope_of_everything_leaves_nothing_out_and_breaks_no_promise(
    rules: Path, edit: Edit
) -> None:
    """Who writes ``always`` means it."""
    edit("rulebook.yaml", "when: recipient-is-person", "when: always")
    proofs = list(prove(load_rulebook(rules), names=[BuiltIn.REACHABLE]))
    assert {proof.subject for proof in proofs} >= {"send", "block", "hold"}
    assert "out_of_scope" not in {proof.subject for proof in proofs}
    assert {proof.answer for proof in proofs} == {Answer.PROVED}


def test_what_is_learnt_may_not_send_what_was_stopped(rules: Path, edit: Edit) -> None:
    """A prohibition that asks whether something is *known* is blind to what it is."""
    edit(
        "prohibitions/no-creditor-relationship.yaml",
        "          - relationship.claim: yes",
        "          - known: relationship.claim",
    )
    (proof,) = refuted(load_rulebook(rules), BuiltIn.LEARNING)
    assert proof.subject == "block-send"
    assert proof.example is not None
    assert proof.example.later is not None
    verdicts = [
        decided(load_rulebook(rules), content, proof.example.as_of).decision.decision
        for content in (proof.example.content, proof.example.later)
    ]
    assert verdicts == [Verdict.BLOCK, Verdict.SEND]
    assert "claim" not in str(proof.example.content)
    assert "claim" in str(proof.example.later)


def test_a_guarantee_decides_nothing(shipped: RuleBook) -> None:
    """The version is that of the rule book without them."""
    assert shipped.guarantees
    assert shipped.version == load_rulebook().version
