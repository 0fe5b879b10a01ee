"""What a person reads of ``screen``: every thing once, in words."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.cli.conftest import CONTRACT_DOCUMENT, Run, changed
from tests.cli.test_screen import AS_OF, HELD, SENT, write


def shown(fakturavakt: Run, folder: Path, document: object, *arguments: str) -> str:
    """The text report on documents, with plain spaces."""
    write(folder, "a.json", document)
    done = fakturavakt("screen", "a.json", *arguments, *AS_OF)
    return done.stdout.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("leaves", "nb", "en"),
    [
        (
            {"invoice__due_date": "2021-02-30"},
            (
                "Feil i data: forfallsdatoen [invoice.due_date] har ikke riktig form "
                "(ventet ÅÅÅÅ-MM-DD) og regnes som ukjent."
            ),
            (
                "[invoice.due_date] is not written in the right form (expected YYYY-MM-DD) and counts as "
                "unknown."
            ),
        ),
        (
            {"line__kind": "leie"},
            (
                "[line.kind] på linje 1 er ikke et av ordene som kan stå her "
                "(ventet goods, service, subscription eller gift_request) og regnes som ukjent."
            ),
            (
                "[line.kind] on line 1 is not one of the words that can stand here "
                "(expected goods, service, subscription or gift_request) and counts as unknown."
            ),
        ),
        (
            {"sender__organisation_number": "974760674"},
            "har et kontrollsiffer som ikke stemmer (ventet ni sifre)",
            "has a check digit that is wrong (expected nine digits)",
        ),
        (
            {"recipient__vipps": "ja"},
            "[recipient.vipps] er av feil type (ventet true eller false",
            "[recipient.vipps] is of the wrong type (expected true or false",
        ),
        (
            {"relationship": 7},
            "Feil i data: [relationship] er av feil type og regnes som ukjent.",
            "Bad data: [relationship] is of the wrong type and counts as unknown.",
        ),
    ],
)
def test_bad_data_says_what_was_expected(
    fakturavakt: Run, tmp_path: Path, leaves: dict[str, object], nb: str, en: str
) -> None:
    """The fact by its label, and the form it takes; never the value."""
    assert nb in shown(fakturavakt, tmp_path, changed(**leaves))
    assert en in shown(fakturavakt, tmp_path, changed(**leaves), "--lang", "en")


def test_rules_are_called_by_their_titles(fakturavakt: Run, tmp_path: Path) -> None:
    """With the invoice, and in the hit list."""
    said = shown(fakturavakt, tmp_path, CONTRACT_DOCUMENT)
    name = "Abonnement uten opplyst og eksplisitt samtykke [unconsented-subscription] (brutt)"
    assert f"    {name}: På linje 1" in said
    assert f"\n{name}  " in said


def test_what_is_missing_is_said_once(fakturavakt: Run, tmp_path: Path) -> None:
    """By the finding that misses it; what no finding says has a line of its own."""
    detail, _, _ = shown(fakturavakt, tmp_path, HELD).partition("Avgjørelse")
    assert detail.count("om samtykket er opplyst") == 1
    assert "Mangler:" not in detail
    unknown_scope = changed(recipient__kind=None, line__consent__explicit=True)
    detail, _, _ = shown(fakturavakt, tmp_path, unknown_scope).partition("Avgjørelse")
    assert "    Mangler: om mottakeren er privatperson eller virksomhet\n" in detail


def test_several_lines_are_told_apart(fakturavakt: Run, tmp_path: Path) -> None:
    """Which line misses what."""
    first = changed(line__consent__informed=None)["invoice"]["lines"][0]
    second = changed(line__id="2", line__agreed__amount=None, line__consent__explicit=True)
    document = changed(invoice__lines=[first, second["invoice"]["lines"][0]])
    document["invoice"]["lines"][0]["consent"].pop("explicit")
    detail, _, _ = shown(fakturavakt, tmp_path, document).partition("Avgjørelse")
    assert "    Linje 1: om samtykket er opplyst og om samtykket er eksplisitt\n" in detail
    assert "    Linje 2: det avtalte beløpet uten merverdiavgift\n" in detail


def test_a_credit_note_is_subtracted(fakturavakt: Run, tmp_path: Path) -> None:
    """It is marked, and it is no money that is asked for."""
    credit = changed(invoice__kind="credit_note", invoice__payable_amount=100)
    said = shown(fakturavakt, tmp_path, [SENT, credit])
    assert "100,00 kr (kreditnota)  →" in said
    assert "436,25 kr (kreditnota)" not in said
    (row,) = [line for line in said.splitlines() if line.startswith("sendes ")]
    assert row.split() == ["sendes", "2", "336,25", "kr"]


def test_paper_says_why_it_was_not_electronic(fakturavakt: Run, tmp_path: Path) -> None:
    """A line for each channel that was no way to go; nothing where an electronic one is taken."""
    paper = changed(line__consent__explicit=True, recipient__vipps=False)
    said = shown(fakturavakt, tmp_path, paper)
    assert "→ papir" in said
    assert "    eFaktura: Fakturaen kan ikke sendes som eFaktura." in said
    assert "    Vipps Regning: Fakturaen kan ikke sendes som Vipps Regning." in said
    assert "kan ikke sendes" not in shown(fakturavakt, tmp_path, SENT)


def test_a_suggested_kind_is_named(fakturavakt: Run, tmp_path: Path) -> None:
    """What is suggested, for which line, and by which rule."""
    document = changed(line__kind=None, line__description="Pengegave til barnehjem")
    said = shown(fakturavakt, tmp_path, document)
    assert "      Forslag for linje 1: gift_request [words-of-a-gift]\n" in said
    assert "Suggestion for line 1: gift_request" in shown(
        fakturavakt, tmp_path, document, "--lang", "en"
    )


def test_junit_types_are_the_same_in_every_language(fakturavakt: Run, tmp_path: Path) -> None:
    """Whoever counts stopped invoices by type need not know the language of the run."""
    write(tmp_path, "a.json", [CONTRACT_DOCUMENT, HELD, 7])
    for language in ("nb", "en"):
        done = fakturavakt("screen", "a.json", "--format", "junit", "--lang", language, *AS_OF)
        suite = ET.fromstring(done.stdout)  # noqa: S314 (our own output)
        assert [each.get("type") for each in suite.iter("failure")] == ["block", "hold"]
        assert [each.get("type") for each in suite.iter("error")] == ["unreadable"]
