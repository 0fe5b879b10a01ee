"""Conditions as sentences: how each test of a fact is said, alone and after *når*, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rulebook.conftest import Edit

from fakturavakt.rulebook.guarantee_words import guarantee_in_words
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.rule_words import rule_in_words, said_lines

SAID = {
    "{recipient.vipps: yes}": ("mottakeren bruker Vipps", "the recipient uses Vipps"),
    "{recipient.vipps: no}": ("mottakeren ikke bruker Vipps", "the recipient does not use Vipps"),
    "{not: {recipient.vipps: yes}}": (
        "mottakeren ikke bruker Vipps",
        "the recipient does not use Vipps",
    ),
    "{known: recipient.mobile}": ("mobilnummeret er kjent", "the mobile number is known"),
    "{not: {known: recipient.mobile}}": (
        "mobilnummeret ikke er kjent",
        "the mobile number is not known",
    ),
    "{known: recipient.vipps}": (
        "det er kjent om mottakeren bruker Vipps",
        "it is known whether the recipient uses Vipps",
    ),
    "{not: {known: invoice.lines}}": (
        "fakturalinjene ikke er kjent",
        "the invoice lines are not known",
    ),
    "{invoice.kind: {one_of: [invoice, credit_note]}}": (
        "dokumentet er en kreditnota eller faktura",
        "the document is a credit note or an invoice",
    ),
    "{invoice.currency: NOK}": ("valutaen er NOK", "the currency is NOK"),
    "{invoice.currency: {not_one_of: [NOK, EUR]}}": (
        "valutaen er ingen av EUR og NOK",
        "the currency is none of EUR and NOK",
    ),
    "{not: {sender.name: Kystavisen}}": (
        "avsenderens navn ikke er «Kystavisen»",
        "the sender's name is not “Kystavisen”",
    ),
    "{invoice.issue_date: {before: 2018-12-20}}": (
        "fakturadatoen er før 20. desember 2018",
        "the issue date is before 20 December 2018",
    ),
    "{not: {invoice.issue_date: {before: invoice.send_date}}}": (
        "fakturadatoen er tidligst utsendelsesdatoen",
        "the issue date is no earlier than the send date",
    ),
    "{invoice.due_date: {at_least: 1 days after invoice.send_date}}": (
        "forfallsdatoen er tidligst 1 dag etter utsendelsesdatoen",
        "the due date is at the earliest 1 day after the send date",
    ),
    "{invoice.due_date: {after: 31 days before invoice.issue_date}}": (
        "forfallsdatoen er senere enn 31 dager før fakturadatoen",
        "the due date is later than 31 days before the issue date",
    ),
    "{not: {invoice.due_date: {on: invoice.send_date}}}": (
        "det ikke er slik at forfallsdatoen er samme dag som utsendelsesdatoen",
        "it is not the case that the due date is the same day as the send date",
    ),
    "{invoice.payable_amount: {above: 12345.50}}": (
        "beløpet å betale er over 12\N{NO-BREAK SPACE}345,50\N{NO-BREAK SPACE}kr",
        "the payable amount is more than NOK\N{NO-BREAK SPACE}12,345.50",
    ),
    "{invoice.attachments: {at_most: 2}}": (
        "antallet vedlegg er høyst 2",
        "the number of attachments is at most 2",
    ),
    "{any line: {line.consent.withdrawn_on: {after: invoice.send_date}}}": (
        (
            "minst én linje er slik at datoen samtykket ble trukket tilbake, er etter utsendelsesdatoen, "
            "eller finnes ikke"
        ),
        (
            "at least one line is such that the date the consent was withdrawn is after the send date, or "
            "there is none"
        ),
    ),
    "{not: {any line: {line.kind: goods}}}": (
        "ingen linje er slik at linjen gjelder en vare",
        "no line is such that the line is for goods",
    ),
    "{all lines: {not: consent-valid}}": (
        "hver linje er slik at dette ikke gjelder: samtykket er gyldig på utsendelsesdatoen",
        "every line is such that this does not hold: the consent is valid on the send date",
    ),
    "{any line: {line.description: {has_word: [gave, pant*, '*kort', '*abonnement*']}}}": (
        (
            "minst én linje er slik at beskrivelsen av linjen inneholder ordet «gave», et ord som begynner "
            "med «pant», et ord som slutter på «kort» eller et ord med «abonnement» i seg"
        ),
        (
            "at least one line is such that the line's description contains the word “gave”, a word that "
            "begins with “pant”, a word that ends in “kort” or a word with “abonnement” in it"
        ),
    ),
    "{all: [{recipient.vipps: yes}]}": ("mottakeren bruker Vipps", "the recipient uses Vipps"),
    "{not: always}": ("dette aldri gjelder", "this never holds"),
}
"""What a rule file writes, and what follows *Rådet gis når* and *The advice is given when*."""


@pytest.mark.parametrize("condition", SAID)
def test_how_a_test_of_a_fact_is_said(condition: str, rules: Path, edit: Edit) -> None:
    """In both languages, after the words that say what it decides."""
    edit(
        "advice/missing-mobile.yaml",
        "when:\n  not: {known: recipient.mobile}",
        f"when: {condition}",
    )
    book = load_rulebook(rules)
    rule = book.rules["missing-mobile"]
    for language, lead, expected in zip(
        ("nb", "en"), ("Rådet gis når", "The advice is given when"), SAID[condition], strict=True
    ):
        assert list(said_lines(rule_in_words(rule, book, language))) == [f"{lead} {expected}."]


def test_lists_in_lists(rules: Path, edit: Edit) -> None:
    """What holds together is one list, however it is nested; alternatives are a list of their own."""
    inner = (
        "{any: [{not: {known: recipient.city}}, {all: [{recipient.vipps: no}, payment-demand]}]}"
    )
    edit(
        "advice/missing-mobile.yaml",
        "when:\n  not: {known: recipient.mobile}",
        f"when: {{all: [{{all: [{{known: recipient.name}}, {{recipient.vipps: no}}]}}, {inner}]}}",
    )
    book = load_rulebook(rules)
    assert list(said_lines(rule_in_words(book.rules["missing-mobile"], book, "nb"))) == [
        "Rådet gis når alt dette gjelder:",
        "  – mottakerens navn er kjent",
        "  – mottakeren bruker ikke Vipps",
        "  – minst ett av disse gjelder:",
        "    – poststedet er ikke kjent",
        "    – alt dette gjelder:",
        "      – mottakeren bruker ikke Vipps",
        "      – dokumentet er et betalingskrav",
    ]


def test_a_fact_without_sentences_of_its_own_is_quoted(rules: Path, edit: Edit) -> None:
    """A new fact needs nothing but a label: what cannot be made of it is said around it."""
    edit(
        "vocabulary.yaml",
        "      no: {nb: mottakeren bruker ikke Vipps, en: the recipient does not use Vipps}\n",
        "      yes: {nb: mottakeren er Vipps-bruker, en: the recipient is a Vipps user}\n",
    )
    edit("advice/missing-mobile.yaml", "not: {known: recipient.mobile}", "recipient.vipps: no")
    book = load_rulebook(rules)
    rule = book.rules["missing-mobile"]
    assert rule_in_words(rule, book, "nb").lead == (
        "Rådet gis når svaret på «om mottakeren bruker Vipps» er «nei»."
    )
    assert rule_in_words(rule, book, "en").lead == (
        "The advice is given when the answer to “whether the recipient uses Vipps” is “no”."
    )


def test_what_a_fact_says_is_no_part_of_the_version(rules: Path, edit: Edit) -> None:
    """It decides nothing; a label, which stands in messages, is."""
    before = load_rulebook(rules).version
    edit("vocabulary.yaml", "no: {nb: mottakeren bruker ikke Vipps,", "no: {nb: uten Vipps,")
    assert load_rulebook(rules).version == before
    edit("vocabulary.yaml", "nb: om mottakeren bruker Vipps", "nb: om mottakeren har Vipps")
    assert load_rulebook(rules).version != before


def test_what_always_is_so(rules: Path) -> None:
    """Without a condition there is nothing to list."""
    book = load_rulebook(rules)
    assert rule_in_words(book.rules["paper-always"], book, "nb").lead == (
        "Kanalen papir kan alltid brukes."
    )
    assert rule_in_words(book.rules["paper-always"], book, "en").lead == (
        "The channel paper can always be used."
    )


def test_every_promise_is_said(rules: Path) -> None:
    """Of the decision, of a channel, of a rule, of a migration, and what a channel declares."""
    book = load_rulebook(rules, guarantees=True)
    said = {each.name: guarantee_in_words(each, book, "nb").lead for each in book.guarantees}
    for name, expected in {
        "credit-notes-are-not-stopped": "Det er alltid slik at fakturaen sendes når alt dette gjelder:",
        "unknown-consent-is-never-sent": "Det hender aldri at fakturaen sendes når alt dette gjelder:",
        "legacy-vipps-has-ended": (
            "Det hender aldri at regelen «vipps-regning-legacy» er oppfylt eller regelen "
            "«vipps-regning-legacy» er ukjent når utsendelsesdatoen er tidligst 20. desember 2018."
        ),
        "declined-is-respected": (
            "Det er alltid slik at overgangen «migration» gir handlingen «vipps_declined» når alt dette "
            "gjelder:"
        ),
        "vipps-shows-the-balance": (
            "Hver regel som lar kanalen Vipps Regning brukes, oppgir «Mottakeren ser saldo: ja» når "
            "utsendelsesdatoen er tidligst 20. desember 2018."
        ),
    }.items():
        assert said[name] == expected
