"""The cases that are lacking are found, marked as nobody's judgement, and enough."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books
from tests.rulebook.conftest import Edit

from fakturavakt.desk.case_run import Status, run_cases
from fakturavakt.desk.case_writing import written_table
from fakturavakt.desk.coverage import CoverageRecorder, CoveredCondition, Goal
from fakturavakt.desk.coverage_run import measure
from fakturavakt.desk.proposals import INTRODUCTION, Proposals, propose
from fakturavakt.desk.proposed_by_solver import CaseSolver, SolvedCase
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.fact_reader import FactReader
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


def goals_of(condition: CoveredCondition) -> tuple[Goal | int, ...]:
    """All that is lacking of a condition."""
    return (*condition.missing, *condition.missing_edges)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(
    max_examples=5,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(rule_books(), st.lists(documents(), min_size=4, max_size=4))
def test_what_search_finds_the_solver_finds_and_what_it_excludes_nobody_finds(
    drawn: DrawnRuleBook, drawn_documents: list[RawDocument]
) -> None:
    """For any rule book: search and solver read it alike."""
    book, nothing = drawn.book, CaseTable((), NO_BASES, ())
    by_search = propose(book, nothing, by_solver=False)
    assert not by_search.impossible
    by_both = propose(book, nothing, by_solver=True)
    assert len(by_both.cases) >= len(by_search.cases)
    impossible = {(each.place, each.written, goal) for each, goal in by_both.impossible}
    lacking = {(each.place, each.written, goal) for each, goal in by_search.not_found}
    assert impossible <= lacking
    recorder = CoverageRecorder(book)
    numbered = list(enumerate(recorder.coverage().conditions))
    solver = CaseSolver(book, recorder)
    sought = [
        (number, goal)
        for number, each in numbered
        for goal in goals_of(each)
        if each.owner not in by_both.unused and (each.place, each.written, goal) not in lacking
    ]
    for number, goal in sought[:: max(1, len(sought) // 8)]:
        assert isinstance(solver.solve(number, goal), SolvedCase)
    for document in drawn_documents:
        recorder.watch(FactReader(book.vocabulary, date(2018, 12, 20)).read(document).facts)
    for each in recorder.coverage().conditions:
        shown: tuple[Goal | int, ...] = (*each.seen, *each.edges_seen)
        for goal in shown:
            assert (each.place, each.written, goal) not in impossible


def test_what_no_invoice_can_show_is_told_as_such(rules: Path, edit: Edit) -> None:
    """Not as something that was not found: more than five attachments, and fewer than three."""
    edit(
        "prohibitions/no-creditor-relationship.yaml",
        "    - payment-demand\n",
        "    - payment-demand\n    - not: {invoice.attachments: {above: 5, below: 3}}\n",
    )
    book = load_rulebook(rules)
    table = load_cases(rules, book)
    proposals = propose(book, table)
    assert not proposals.not_found
    told = [(each.written, goal) for each, goal in proposals.impossible]
    assert ("all", Goal(True)) in told
    searched = propose(book, table, by_solver=False)
    assert [(each.written, goal) for each, goal in searched.not_found] == told
    assert not searched.by_solver


def test_what_search_does_not_reach_the_solver_finds(rules: Path, edit: Edit) -> None:
    """Two words in one text: search tries one at a time."""
    edit(
        "prohibitions/no-creditor-relationship.yaml",
        "    - payment-demand\n",
        "    - payment-demand\n    - not:\n        any line:\n          all:\n"
        "            - line.description: {has_word: [rød]}\n"
        "            - line.description: {has_word: [blå]}\n",
    )
    book = load_rulebook(rules)
    for name in rules.rglob("*.test.yaml"):
        name.unlink()
    table = load_cases(rules, book)
    assert propose(book, table, by_solver=False).not_found
    proposals = propose(book, table, by_solver=True)
    assert not proposals.not_found
    written_to(rules, proposals, book, confirmed=True)
    cases = load_cases(rules, book).cases
    done = run_cases(book, cases, engines=())
    assert done.count(Status.PASSED) == len(done.results)
    coverage, _ = measure(book, cases, None)
    lacking = {(each, goal) for each in coverage.conditions for goal in goals_of(each)}
    assert {(each.place, each.written, goal) for each, goal in lacking} == {
        (each.place, each.written, goal) for each, goal in proposals.impossible
    }


def test_a_definition_that_no_rule_uses_is_named_once(rules: Path) -> None:
    """Nothing can be asked about it."""
    (rules / "definitions" / "unused.yaml").write_text(
        "define: unused\ntitle: {nb: ubrukt, en: unused}\nwhen: {invoice.attachments: {above: 5}}\n",
        encoding="utf-8",
    )
    book = load_rulebook(rules)
    for solver in (True, False):
        proposals = propose(book, load_cases(rules, book), by_solver=solver)
        assert proposals.unused == ("unused",)
        assert (proposals.cases, proposals.not_found, proposals.impossible) == ((), (), ())


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
