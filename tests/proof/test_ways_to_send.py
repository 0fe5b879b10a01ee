"""What would have to change: every way is decided ``send``, nothing in it can be spared, and none is lacking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books

from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.facts import Facts
from fakturavakt.proof.ways_to_send import Method, WaysToSend, ways_to_send
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook

AS_OF = date(2021, 2, 2)
BOOK = load_rulebook()


def facts_of(book: RuleBook, document: RawDocument) -> Facts:
    return FactReader(book.vocabulary, AS_OF).read(document).facts


def sets_of(found: WaysToSend) -> set[frozenset[tuple[str, str | None]]]:
    return {frozenset((each.fact, each.line) for each in way.changes) for way in found.ways}


def agree(book: RuleBook, facts: Facts) -> None:
    """Solver and search answer alike; each way was confirmed before it was given."""
    solver = ways_to_send(book, facts, AS_OF, most=40, method=Method.SOLVER)
    search = ways_to_send(book, facts, AS_OF, most=40, method=Method.SEARCH)
    if solver is None or search is None:
        assert solver is search is None
        return
    assert solver.verdict is search.verdict
    if solver.all_of_them and search.all_of_them:
        assert sets_of(solver) == sets_of(search)
    elif solver.all_of_them:
        assert sets_of(search) <= sets_of(solver)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
@given(documents())
def test_solver_and_search_agree_on_the_rule_book_that_ships(document: RawDocument) -> None:
    agree(BOOK, facts_of(BOOK, document))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
@given(rule_books(), st.lists(documents(), min_size=3, max_size=3))
def test_solver_and_search_agree_on_any_rule_book(
    drawn: DrawnRuleBook, drawn_documents: list[RawDocument]
) -> None:
    for document in drawn_documents:
        agree(drawn.book, facts_of(drawn.book, document))
