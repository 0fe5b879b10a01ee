"""The letter to a sender: its figures are those of the journal, its words those of the rule book, and it
tells nobody who a recipient is unless asked to.
"""

from __future__ import annotations

import html
import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.billing.billed import BLOCKED, OTHER, SENDER, UNCLEAR, bill, invoice, put

from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.letter import Cause, Counted, Letter, LetterWriter, Why
from fakturavakt.billing.letter_documents import PlacedDocuments
from fakturavakt.billing.letter_page import page
from fakturavakt.billing.outbox import Outbox
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.cli import cli
from fakturavakt.report.summary import Tally
from fakturavakt.rulebook.clause_files import load_clauses
from fakturavakt.rulebook.loader import folder_of_rules, load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import today_in_oslo

NO_RELATIONSHIP = "no-creditor-relationship"


@pytest.fixture(scope="module")
def book() -> RuleBook:
    """The rule book that ships, with what its clauses are found by."""
    return load_rulebook(guarantees=True)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """Two senders; one of them with documents of every outcome."""
    inbox = tmp_path / "in"
    put(inbox, "1.json", invoice("S-1"))
    put(inbox, "2.json", invoice("B-1", **BLOCKED))
    put(
        inbox,
        "3.ndjson",
        invoice("B-2", **BLOCKED),
        invoice("H-1", **UNCLEAR),
        invoice("H-2", **UNCLEAR, invoice__kind="credit_note", line__kind=None),
        invoice("H-3", line__amount="12 kr"),
        '{"invoice": ',
    )
    put(inbox, "4.json", invoice("O-1", OTHER, **BLOCKED))
    put(inbox, "5.xml", "<Invoice>")
    found = Outbox(tmp_path / "out")
    bill(inbox, found)
    return found


def letters(
    outbox: Outbox, book: RuleBook, sender: str | None = None, *, shows_persons: bool = False
) -> tuple[list[Letter], list[str]]:
    """The letters of the last days, and what was told meanwhile."""
    told: list[str] = []
    today = today_in_oslo()
    with outbox.journal(read_only=True) as journal:
        writer = LetterWriter(
            PlacedDocuments(outbox, book, today),
            journal,
            today - timedelta(days=1),
            today,
            "nb",
            shows_persons,
            lambda said: told.append(said.say("en")),
        )
        return writer.letters(sender), told


def counts(letter: Letter) -> dict[Cause, int]:
    """How often each cause was one."""
    return {cause: found.tally.count for cause, found in letter.causes.items()}


def shown(letter: Letter, book: RuleBook, language: str = "nb") -> str:
    """The page as a person reads it: without markup, on one line."""
    written = page(letter, book, load_clauses(folder_of_rules(None), book), language)
    body = re.sub(r"<style>.*?</style>", " ", written, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_every_outcome_is_counted_with_its_amount(outbox: Outbox, book: RuleBook) -> None:
    """What a sender's documents came to is what the journal says of them."""
    (letter,), _ = letters(outbox, book, SENDER)
    counted = {destination: tally.count for destination, tally in letter.outcomes.items()}
    with outbox.journal(read_only=True) as journal:
        told = [each for each in journal.documents() if each.figures.sender == SENDER]
    assert sum(counted.values()) == len(told) + 1  # and the line that could not be read
    assert counted[Destination.BLOCK] == 2
    assert letter.outcomes[Destination.BLOCK].ore == {"NOK": 2 * 43625}


def test_causes_are_a_rule_or_a_missing_fact_with_the_rules_that_ask_for_it(
    outbox: Outbox, book: RuleBook
) -> None:
    """A hold is told by what is missing; a bad value is told apart from none."""
    (letter,), _ = letters(outbox, book, SENDER)
    found = counts(letter)
    assert found[Cause(Why.HOLDS, (NO_RELATIONSHIP,))] == 2
    assert found[Cause(Why.MISSING, (NO_RELATIONSHIP,), "relationship.agreement")] == 1
    assert found[Cause(Why.MISSING, (NO_RELATIONSHIP,), "relationship.claim")] == 1
    assert found[Cause(Why.MISSING, ("unagreed-upgrade",), "line.amount", "form")] == 1
    assert found[Cause(Why.UNREADABLE)] == 1


def test_a_credit_note_is_money_that_goes_back(tmp_path: Path, book: RuleBook) -> None:
    """The amount of a held credit note is negative, as in the hit list."""
    put(
        tmp_path / "in", "1.json", invoice("C-1", invoice__kind="credit_note", recipient__kind=None)
    )
    outbox = Outbox(tmp_path / "out")
    bill(tmp_path / "in", outbox)
    (letter,), _ = letters(outbox, book)
    assert letter.outcomes[Destination.HOLD].ore == {"NOK": -43625}
    (found,) = letter.causes.values()
    assert found.tally == Tally(1, found.tally.ore)
    assert found.tally.ore == {"NOK": -43625}


def test_without_the_decisions_beside_documents_the_causes_are_the_same(
    outbox: Outbox, book: RuleBook
) -> None:
    """Only which values were bad is known no more."""
    (before,), _ = letters(outbox, book, SENDER)
    for folder in ("hold", "block"):
        shutil.rmtree(outbox.root / folder)
    (after,), _ = letters(outbox, book, SENDER)

    def without_flaws(letter: Letter) -> dict[tuple[Why, str], int]:
        return {(cause.why, cause.fact): number for cause, number in counts(letter).items()}

    assert without_flaws(after) == without_flaws(before)
    assert not any(cause.flaw for cause in after.causes)


def test_what_names_no_sender_is_told_and_in_no_letter(outbox: Outbox, book: RuleBook) -> None:
    """A file that cannot be read at all may be anybody's."""
    found, told = letters(outbox, book)
    assert [letter.sender for letter in found] == [OTHER, SENDER]
    assert Cause(Why.UNREADABLE) not in found[0].causes
    assert len(told) == 1
    assert told[0].startswith("1 ")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_says_why_by_which_clause_and_what_to_do(
    outbox: Outbox, book: RuleBook, language: str
) -> None:
    """In the words of the rule book, with the program's amounts."""
    (letter,), _ = letters(outbox, book, SENDER)
    said = shown(letter, book, language)
    rule = book.rules[NO_RELATIONSHIP]
    assert rule.title.say(language) in said
    assert rule.remedy.say(language) in said
    assert rule.source.clause.say(language) in said
    (clause,) = (c for c in load_clauses(folder_of_rules(None), book) if c.name == "S13")
    assert clause.says.say(language) in said
    assert {"nb": "872,50 kr", "en": "NOK 872.50"}[language] in said.replace("\xa0", " ")
    assert f'<html lang="{language}">' in page(letter, book, (), language)


def test_what_the_sender_writes_into_the_invoice_stands_apart(
    outbox: Outbox, book: RuleBook
) -> None:
    """An amount that is none is mended there; whether something was agreed is shown by evidence."""
    (letter,), _ = letters(outbox, book, SENDER)
    facts = {cause.fact for cause, _ in letter.to_mend(book)}
    assert "line.amount" in facts
    assert not {"relationship.agreement", "relationship.claim"} & facts
    _, _, apart = shown(letter, book).partition("Rett dette i selve fakturaen")
    assert "et tall med høyst to desimaler, som 349.00 BT-131" in apart


def test_persons_are_shown_only_where_that_was_asked_for(outbox: Outbox, book: RuleBook) -> None:
    """Invoices are named by their numbers; the rest tells who somebody is."""
    (hidden,), _ = letters(outbox, book, SENDER)
    (open_,), _ = letters(outbox, book, SENDER, shows_persons=True)
    assert "B-1" in shown(hidden, book)
    for personal in ("Kari Nordmann", "K-B-1", "+4791234567"):
        assert personal not in page(hidden, book, (), "nb")
    assert "B-2 – Kari Nordmann – K-B-2" in shown(open_, book)


def test_the_migration_is_what_documents_say(tmp_path: Path, book: RuleBook) -> None:
    """The same answer as ``agreements`` gives of them."""
    agreed: dict[str, Any] = {
        "sender__efaktura_b2c_agreement": True,
        "sender__legacy_vipps_agreement": True,
    }
    put(tmp_path / "in", "1.json", invoice("A-1", **agreed))
    outbox = Outbox(tmp_path / "out")
    bill(tmp_path / "in", outbox)
    (letter,), _ = letters(outbox, book)
    assert letter.agreements is not None
    assert letter.agreements.action == "none"
    assert letter.name == "Nordlys Nett AS"
    assert "Ingen av dem ble stoppet." in shown(letter, book)


def test_what_documents_say_is_escaped(tmp_path: Path, book: RuleBook) -> None:
    """No document writes markup into a letter."""
    evil = "<script>alert(1)</script>"
    put(tmp_path / "in", "1.json", invoice(evil, **BLOCKED, sender__name=evil))
    outbox = Outbox(tmp_path / "out")
    bill(tmp_path / "in", outbox)
    (letter,), _ = letters(outbox, book)
    assert "<script" not in page(letter, book, (), "en")
    assert evil in shown(letter, book) or "alert(1)" in shown(letter, book)


def test_at_most_ten_causes_and_forbidden_ones_are_never_crowded_out(book: RuleBook) -> None:
    """However many facts are missing."""
    letter = Letter(SENDER, date(2021, 1, 1), date(2021, 1, 31), shows_persons=False)
    for number, fact in enumerate(book.vocabulary):
        letter.causes[Cause(Why.MISSING, (), fact.name)] = Counted(Tally(50 + number))
    letter.causes[Cause(Why.HOLDS, (NO_RELATIONSHIP,))] = Counted(Tally(1))
    told = letter.told()
    assert len(told) == 10
    assert told[0][0].why is Why.HOLDS
    assert book.rules[NO_RELATIONSHIP].title.say("nb") in shown(letter, book)
    assert "andre årsaker er ikke vist" in shown(letter, book)


def test_an_unknown_sender_is_answered_with_those_there_are(outbox: Outbox, book: RuleBook) -> None:
    """Whoever mistypes a number sees the ones that would do."""
    with pytest.raises(RunError) as raised:
        letters(outbox, book, "123456785")
    assert f"{OTHER} and {SENDER}" in raised.value.reason.say("en")


def run(*arguments: object) -> Result:
    """The command, in English."""
    return CliRunner(env={"FAKTURAVAKT_LANG": "en"}).invoke(cli, ["letter", *map(str, arguments)])


def test_the_command_writes_one_letter_or_a_folder_of_them(outbox: Outbox, tmp_path: Path) -> None:
    """``--sender`` to a file or stdout; without it a file a sender."""
    assert "<!DOCTYPE html>" in run(outbox.root, "--sender", "974 760 673").stdout
    done = run(outbox.root, "--output", tmp_path / "letters")
    assert done.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "letters").iterdir()) == [
        f"{OTHER}.html",
        f"{SENDER}.html",
    ]


def test_the_command_says_what_is_wrong_with_what_was_asked(outbox: Outbox, tmp_path: Path) -> None:
    """Neither sender nor folder; no outbox; a period without documents."""
    assert run(outbox.root).exit_code == 2
    (tmp_path / "empty").mkdir()
    assert "no run has been here" in run(tmp_path / "empty", "--sender", SENDER).stderr
    late = run(outbox.root, "--sender", SENDER, "--since", today_in_oslo() + timedelta(days=1))
    assert late.exit_code == 2
    assert "--since" in late.stderr
