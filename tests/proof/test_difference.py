"""What an edit of a rule book means: the words of officers, and the document that shows each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from tests.rulebook.conftest import Edit

from fakturavakt.decision import Verdict
from fakturavakt.proof.confirmation import decided
from fakturavakt.proof.difference import (
    Change,
    Compared,
    Decided,
    Difference,
    Shown,
    Subject,
    compare,
)
from fakturavakt.proof.word_changes import Kind, Part
from fakturavakt.rulebook.loader import load_rulebook

CONSENT = "definitions/consent-valid.yaml"
EXPLICIT = "    - line.consent.explicit: yes\n"


def compared_with_shipped(rules: Path) -> Difference:
    """The shipped rule book against the edited copy."""
    return compare(load_rulebook(guarantees=True), load_rulebook(rules, guarantees=True))


def of(difference: Difference, name: str) -> Compared:
    """What became of a rule or a channel."""
    (found,) = [each for each in difference.compared if each.name == name]
    return found


def only(compared: Compared) -> Shown:
    """The one document that shows it."""
    (shown,) = compared.shown
    return shown


def changed_names(difference: Difference) -> set[str]:
    """All that is not equivalent."""
    return {each.name for each in difference.compared if each.change is not Change.EQUIVALENT}


def test_a_dropped_explicit_is_looser_and_a_subscription_shows_it(rules: Path, edit: Edit) -> None:
    """The consent is not explicit, and the invoice is no longer stopped for it."""
    edit(CONSENT, EXPLICIT, "")
    difference = compared_with_shipped(rules)
    assert changed_names(difference) == {"decision", "unconsented-subscription"}
    for compared in (difference.decision, of(difference, "unconsented-subscription")):
        assert compared.change is Change.LOOSER
        shown = only(compared)
        assert shown.example.smallest
        (line,) = shown.example.content["invoice"]["lines"]
        assert line["kind"] == "subscription"
        consent = line["consent"]
        assert set(consent) == {"given", "informed", "explicit", "given_on"}
        assert (consent["given"], consent["informed"], consent["explicit"]) == (True, True, False)
    shown = only(difference.decision)
    assert shown.old == Decided(Verdict.BLOCK, ())
    # A hold that was a block would be a smaller document, and the lesser part of what the edit does.
    assert isinstance(shown.new, Decided)
    assert shown.new.verdict is Verdict.SEND
    assert shown.example.content["recipient"] == {"kind": "person"}


def test_the_other_way_round_is_stricter(rules: Path, edit: Edit) -> None:
    """Old and new exchanged."""
    edit(CONSENT, EXPLICIT, "")
    assert compare(load_rulebook(rules), load_rulebook()).decision.change is Change.STRICTER


def test_a_day_more_or_less_is_shown_by_that_day(rules: Path, edit: Edit) -> None:
    """``after`` for ``on_or_after``: the one day on which the two differ is found."""
    edit(CONSENT, "line.consent.given_on: {on_or_before:", "line.consent.given_on: {before:")
    shown = only(of(compared_with_shipped(rules), "unconsented-subscription"))
    assert shown.direction is Change.STRICTER
    (line,) = shown.example.content["invoice"]["lines"]
    sent = shown.example.content["invoice"].get("send_date", shown.example.as_of.isoformat())
    assert line["consent"]["given_on"] == sent


def test_an_ore_more_or_less_is_shown_by_that_ore(rules: Path, edit: Edit) -> None:
    """A line of exactly 0 is demanded for once the bound is one øre lower."""
    name = "prohibitions/unagreed-upgrade.yaml"
    edit(name, "- line.amount: {above: 0}", "- line.amount: {above: -0.01}")
    shown = only(of(compared_with_shipped(rules), "unagreed-upgrade"))
    assert shown.direction is Change.STRICTER
    (line,) = shown.example.content["invoice"]["lines"]
    assert line["amount"] == "0.00"


def test_a_window_that_begins_a_day_later_differs_on_that_day_alone(
    rules: Path, edit: Edit
) -> None:
    """20 December 2018, whatever the screening date."""
    edit(
        "channels/vipps_regning.yaml",
        "effective: {from: 2018-12-20}",
        "effective: {from: 2018-12-21}",
    )
    difference = compared_with_shipped(rules)
    compared = of(difference, "vipps-regning-b2c")
    assert compared.change is Change.STRICTER
    example = only(compared).example
    sent = example.content.get("invoice", {}).get("send_date", example.as_of.isoformat())
    assert sent == "2018-12-20"
    (change,) = [each for each in difference.words if each.part is Part.RULE]
    assert [each.name for each in change.aspects] == ["effective"]
    later = compare(load_rulebook(), load_rulebook(rules), as_of=date(2021, 2, 2))
    assert "send_date" in only(of(later, "vipps-regning-b2c")).example.content["invoice"]


def test_messages_alone_change_no_meaning(rules: Path, edit: Edit) -> None:
    """Said in words, equivalent in meaning, and no solver was asked."""
    edit("prohibitions/unsolicited-gift-request.yaml", "bes det om en pengegave", "kreves en gave")
    difference = compared_with_shipped(rules)
    assert difference.changes == {Change.EQUIVALENT}
    (change,) = difference.words
    assert (change.kind, change.name, change.only_words) == (
        Kind.CHANGED,
        "unsolicited-gift-request",
        True,
    )


def test_another_way_to_write_the_same_is_proved_equivalent(rules: Path, edit: Edit) -> None:
    """De Morgan: neither agreement nor claim is no agreement and no claim."""
    edit(
        "prohibitions/no-creditor-relationship.yaml",
        """    - not:
        any:
          - relationship.agreement: yes
          - relationship.claim: yes
""",
        """    - not: {relationship.agreement: yes}
    - relationship.claim: no
""",
    )
    difference = compared_with_shipped(rules)
    assert difference.changes == {Change.EQUIVALENT}
    assert of(difference, "no-creditor-relationship").lines == 1
    assert any(not each.only_words for each in difference.words)


def test_a_rule_that_goes_away_is_looser_and_one_that_comes_stricter(rules: Path) -> None:
    """A rule that a book lacks counts as one that never holds."""
    (rules / "prohibitions" / "unagreed-upgrade.yaml").unlink()
    gone = compared_with_shipped(rules)
    assert of(gone, "unagreed-upgrade").change is Change.LOOSER
    assert gone.decision.change is Change.LOOSER
    assert [(each.kind, each.part) for each in gone.words] == [(Kind.REMOVED, Part.RULE)]
    back = compare(load_rulebook(rules), load_rulebook())
    assert of(back, "unagreed-upgrade").change is Change.STRICTER


def test_channels_in_another_order_send_otherwise_and_stop_nothing(rules: Path, edit: Edit) -> None:
    """No channel changed; the decision is different, and neither stricter nor looser."""
    edit(
        "rulebook.yaml",
        """  - channel: efaktura
    title: {nb: eFaktura, en: eFaktura}
  - channel: vipps_regning
    title: {nb: Vipps Regning, en: Vipps Regning}
""",
        """  - channel: vipps_regning
    title: {nb: Vipps Regning, en: Vipps Regning}
  - channel: efaktura
    title: {nb: eFaktura, en: eFaktura}
""",
    )
    difference = compared_with_shipped(rules)
    assert changed_names(difference) == {"decision"}
    shown = only(difference.decision)
    assert shown.direction is Change.DIFFERENT
    assert isinstance(shown.old, Decided)
    assert isinstance(shown.new, Decided)
    assert shown.old.verdict is shown.new.verdict is Verdict.SEND
    assert sorted(shown.old.attempts) == sorted(shown.new.attempts) or (
        shown.old.channel != shown.new.channel
    )


def test_what_absence_means_is_part_of_the_meaning(rules: Path, edit: Edit) -> None:
    """A withdrawal that is not stated becomes unknown; the rule's own file did not change."""
    edit(
        "vocabulary.yaml",
        """    label: {nb: datoen samtykket ble trukket tilbake, en: the date the consent was withdrawn}
    absent: never
""",
        """    label: {nb: datoen samtykket ble trukket tilbake, en: the date the consent was withdrawn}
""",
    )
    difference = compared_with_shipped(rules)
    compared = of(difference, "unconsented-subscription")
    assert compared.change is Change.STRICTER
    assert only(compared).old is False
    assert only(compared).new is None


def test_a_new_word_of_a_choice_is_a_bad_value_to_the_old_book(rules: Path, edit: Edit) -> None:
    """A ``reminder`` had an unknown kind before, and is no payment demand now."""
    edit(
        "vocabulary.yaml",
        "choices: [invoice, credit_note]",
        "choices: [invoice, credit_note, reminder]",
    )
    difference = compared_with_shipped(rules)
    compared = of(difference, "no-creditor-relationship")
    assert compared.change is Change.LOOSER
    assert only(compared).example.content["invoice"] == {"kind": "reminder"}


def test_a_fact_of_another_type_cannot_be_compared(rules: Path, edit: Edit) -> None:
    """One document would mean two things: said with the fact's name, and nothing is claimed."""
    where = "vocabulary.yaml"
    edit(
        where,
        "fact: relationship.claim\n    type: yes_no",
        "fact: relationship.claim\n    type: count",
    )
    says = (
        "    says:\n      no: {nb: det er ikke etablert en fordring på mottakeren, "
        "en: no claim on the recipient is established}\n"
    )
    edit(where, says, "")
    edit(
        "prohibitions/no-creditor-relationship.yaml",
        "- relationship.claim: yes",
        "- relationship.claim: {above: 0}",
    )
    for path in (rules / "guarantees").iterdir():
        path.unlink()
    difference = compared_with_shipped(rules)
    compared = of(difference, "no-creditor-relationship")
    assert compared.change is difference.decision.change is Change.NOT_COMPARABLE
    assert compared.reason is not None
    assert "relationship.claim" in compared.reason.say("en")
    assert of(difference, "unagreed-upgrade").change is Change.EQUIVALENT


def test_a_rule_that_gets_stricter_here_and_looser_there_is_different(
    rules: Path, edit: Edit
) -> None:
    """A document for each direction."""
    edit(
        "prohibitions/unsolicited-gift-request.yaml",
        "- line.kind: gift_request",
        "- line.kind: goods",
    )
    compared = of(compared_with_shipped(rules), "unsolicited-gift-request")
    assert compared.change is Change.DIFFERENT
    assert {each.direction for each in compared.shown} == {Change.STRICTER, Change.LOOSER}


def test_texts_are_told_apart_by_the_words_in_them(rules: Path, edit: Edit) -> None:
    """A word that is no longer looked for; the text that shows it has that word and no other."""
    edit("classification/words-of-a-gift.yaml", '      - "fundraising"\n', "")
    difference = compared_with_shipped(rules)
    compared = of(difference, "words-of-a-gift")
    assert compared.change is Change.LOOSER
    assert compared.subject is Subject.SUGGESTION
    (line,) = only(compared).example.content["invoice"]["lines"]
    assert line["description"] == "fundraising"


def test_what_is_shown_was_run(rules: Path, edit: Edit) -> None:
    """The outcomes that are told are those of the reference engine."""
    edit(CONSENT, EXPLICIT, "")
    shown = only(compared_with_shipped(rules).decision)
    for book, outcome in ((load_rulebook(), shown.old), (load_rulebook(rules), shown.new)):
        decision = decided(book, shown.example.content, shown.example.as_of).decision
        assert isinstance(outcome, Decided)
        assert decision.decision is outcome.verdict


def test_what_a_sender_has_to_do_is_compared_too(rules: Path, edit: Edit) -> None:
    """Whoever declined Vipps would be told that it is included."""
    edit(
        "agreements/migration.yaml",
        "  - action: vipps_declined\n    when:\n      all:\n",
        "  - action: vipps_refused\n    when:\n      all:\n",
    )
    difference = compare(load_rulebook(), load_rulebook(rules))
    assert changed_names(difference) == {"migration"}
    shown = only(of(difference, "migration"))
    assert (shown.direction, shown.old, shown.new) == (
        Change.DIFFERENT,
        "vipps_declined",
        "vipps_refused",
    )


def test_what_a_channel_declares_is_told_apart_from_words(rules: Path, edit: Edit) -> None:
    """No condition says it, and it is no mere wording."""
    edit("channels/efaktura.yaml", "bank_fee: 0", "bank_fee: 5")
    difference = compared_with_shipped(rules)
    assert difference.changes == {Change.EQUIVALENT}
    (change,) = difference.words
    assert change.declared
    assert not change.only_words


def test_several_threads_ask_at_once(rules: Path, edit: Edit) -> None:
    """Each question is a world of its own: the answers are those of one thread."""
    edit(CONSENT, EXPLICIT, "")
    old, new = load_rulebook(), load_rulebook(rules)
    alone = compare(old, new)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _n: compare(old, new), range(8)))
    assert together == [alone] * 8
