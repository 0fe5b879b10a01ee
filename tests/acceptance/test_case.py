"""The invoice that a scenario builds up: what steps may state, and what would be lost without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakturavakt.acceptance import given_steps
from fakturavakt.acceptance.book_under_test import BookUnderTest, engines_of
from fakturavakt.acceptance.case import Case
from fakturavakt.acceptance.sample_invoice import sendable
from fakturavakt.acceptance.scenario_error import ScenarioError

TESTED = BookUnderTest.load(None, engines_of("auto"))


@pytest.fixture
def mine(tmp_path: Path) -> Case:
    """A scenario that has just begun."""
    return Case(TESTED, tmp_path)


@pytest.mark.parametrize(
    ("fact", "written", "value"),
    [
        ("forfallsdatoen", "15. februar 2021", "2021-02-15"),
        ("the due date", "15 February 2021", "2021-02-15"),
        ("beløpet å betale", "1 200,25 kr", "1200.25"),
        ("beløpet å betale", "«1 200,25 kr»", "1 200,25 kr"),
        ("mobilnummeret", "912 34 567", "912 34 567"),
        ("om mottakeren bruker Vipps", "nei", False),
        ("om mottakeren bruker Vipps", "«kanskje»", "kanskje"),
    ],
)
def test_a_value_is_read_as_people_write_it_or_as_it_stands(
    mine: Case, fact: str, written: str, value: object
) -> None:
    """In quotation marks it is what the document has, good or bad."""
    mine.state(fact, written)
    node, key = mine.place(TESTED.names.fact_path(fact))
    assert node[key] == value


@pytest.mark.parametrize(
    ("fact", "written"),
    [
        ("mobilnummeret", "ukjendt"),
        ("forfallsdatoen", "31. februar 2021"),
        ("om mottakeren bruker Vipps", "kanskje"),
        ("invoice.attachments", "to"),
    ],
)
def test_a_bad_value_must_be_meant(mine: Case, fact: str, written: str) -> None:
    """A slip of the pen would else be a document with a problem, and a green scenario about another thing."""
    with pytest.raises(ScenarioError):
        mine.state(fact, written)


def test_starting_over_loses_nothing_in_silence(mine: Case) -> None:
    """Not even where the invoice that starts over is the same."""
    given_steps.an_invoice_in_order(mine)
    given_steps.an_invoice_in_order(mine)
    mine.state("forfallsdatoen", "15. mars 2021")
    with pytest.raises(ScenarioError, match="begynner på nytt"):
        given_steps.an_invoice_in_order(mine)


def test_tables_of_a_register_add_up(mine: Case) -> None:
    """Two tables of evidence are one register; a column that the register does not know is refused."""
    mine.start(sendable())
    mine.forget("om det er etablert en avtale med mottakeren")
    header = ["kind", "from", "reference"]
    given_steps.evidence(mine, [header, ["agreement", "2021-01-01", "A"]])
    given_steps.evidence(mine, [["kind", "given", "from"], ["claim", "nei", "2021-01-02"]])
    mine.screen()
    assert mine.decision is not None
    assert [used.kind for used in mine.decision.evidence] == ["agreement", "claim"]
    given_steps.evidence(mine, [["kind", "from", "withdrwan"], ["claim", "2021-01-02", ""]])
    with pytest.raises(ScenarioError, match="withdrwan"):
        mine.screen()


def test_a_bad_row_of_a_register_is_told_in_words(mine: Case) -> None:
    """With the file, the row and the cell, as the program tells it of a register in a folder."""
    given_steps.evidence(mine, [["kind", "from"], ["avtale", "i fjor"]])
    with pytest.raises(ScenarioError, match=r"^evidence\.csv:2:"):
        mine.screen()


def test_engines_that_disagree_fail_the_scenario(
    mine: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the scenario demands."""
    tested = BookUnderTest.load(None, ("reference", "columnar"))
    monkeypatch.setattr(tested, "_in_columns", lambda *_: '{"decision":"block"}')
    mine.tested = tested
    mine.forget("om det er etablert en avtale med mottakeren")
    with pytest.raises(ScenarioError, match="ikke enige"):
        mine.screen()
