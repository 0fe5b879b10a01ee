"""The cases that are lacking are found, marked as nobody's judgement, and enough."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.engines.random_rule_books import DrawnRuleBook, rule_books

from fakturavakt.desk.case_run import Status, run_cases
from fakturavakt.desk.case_writing import written_table
from fakturavakt.desk.coverage_run import measure
from fakturavakt.desk.proposals import INTRODUCTION, Proposals, propose
from fakturavakt.rulebook.case_files import Base, CaseTable, load_cases
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.shipped import shipped_folder

RULES = shipped_folder("rules")
NO_BASES: Mapping[str, Base] = {}


def written_to(
    folder: Path, proposals: Proposals, book: RuleBook, *, confirmed: bool = False
) -> None:
    """The table of proposals, as it is or with every mark taken away."""
    table = written_table(proposals.cases, book.vocabulary, INTRODUCTION)
    if confirmed:
        table = table.replace("    confirmed: no\n", "")
    (folder / "proposed.test.yaml").write_text(table, encoding="utf-8")


def test_of_the_rule_book_that_ships_nothing_is_lacking() -> None:
    """Its cases show every outcome and every edge."""
    book = load_rulebook()
    assert propose(book, load_cases(RULES, book)) == Proposals((), ())


@pytest.mark.parametrize("bases", [True, False])
def test_what_is_proposed_shows_all_that_was_lacking(tmp_path: Path, *, bases: bool) -> None:
    """Out of the bases alone, and out of nothing; confirmed, they cover the rule book, edges included."""
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    for table in rules.rglob("*.test.yaml"):
        if not bases or table.name != "bases.test.yaml":
            table.unlink()
    book = load_rulebook(rules)
    proposals = propose(book, load_cases(rules, book))
    assert not proposals.not_found
    assert len(proposals.cases) > 50
    assert proposals == propose(book, load_cases(rules, book))
    written_to(rules, proposals, book)
    waiting = load_cases(rules, book)
    done = run_cases(book, waiting.cases, engines=())
    assert done.count(Status.UNCONFIRMED) == len(done.results) == len(proposals.cases)
    assert measure(book, waiting.cases, None)[0].documents == 0
    assert propose(book, waiting) == Proposals((), ())
    written_to(rules, proposals, book, confirmed=True)
    confirmed = load_cases(rules, book).cases
    coverage, _ = measure(book, confirmed, None)
    assert coverage.share == 1
    assert coverage.edges_seen == coverage.edges
    done = run_cases(book, confirmed, engines=())
    assert done.count(Status.PASSED) == len(done.results)


def test_one_case_that_is_taken_away_is_proposed_again(tmp_path: Path) -> None:
    """The øre above a bound, which outcomes alone do not ask for."""
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    file = rules / "prohibitions" / "unagreed-upgrade.test.yaml"
    before, _, rest = file.read_text(encoding="utf-8").partition(
        "  - case: Ett øre er også et krav\n"
    )
    after = rest[rest.index("  - case:") :]
    file.write_text(before + after, encoding="utf-8")
    book = load_rulebook(rules)
    proposals = propose(book, load_cases(rules, book), "en")
    (case,) = proposals.cases
    assert case.title.endswith("one øre above the bound")
    table = written_table(proposals.cases, book.vocabulary, INTRODUCTION)
    assert "line[1].amount: 0.01" in table
    assert "decision: block" in table


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
@given(rule_books())
def test_for_any_rule_book_what_is_proposed_holds(tmp_path: Path, drawn: DrawnRuleBook) -> None:
    """Whatever its conditions: the table is read back, and every case comes out as it says."""
    book = drawn.book
    proposals = propose(book, CaseTable((), NO_BASES, ()))
    assert proposals.cases
    written_to(tmp_path, proposals, book)
    cases = load_cases(tmp_path, book).cases
    done = run_cases(book, cases, engines=())
    assert done.count(Status.UNCONFIRMED) == len(proposals.cases)
    assert all(case.as_of == date(2021, 2, 16) or case.as_of for case in cases)
