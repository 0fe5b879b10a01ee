"""What is said of all documents is true of every one that is tried, with the solver and without."""

from __future__ import annotations

from datetime import date
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.random_rule_books import (
    DrawnRuleBook,
    documents,
    rule_books,
)

from fakturavakt.desk.condition_findings import ConditionFindings, owners
from fakturavakt.desk.reasoning import (
    PlainReasoner,
    SolverReasoner,
    false_of,
    not_true_of,
    true_of,
)
from fakturavakt.desk.rule_findings import RuleFindings
from fakturavakt.desk.shown_outcomes import ShownOutcomes
from fakturavakt.desk.yaml_edits import RuleFilePlaces
from fakturavakt.engines.reference import truth
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.problems import Place
from fakturavakt.rulebook.conditions import Comparison, Condition, Not, OtherFact, Relation
from fakturavakt.rulebook.loader import load_rulebook

AS_OF = date(2021, 2, 2)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(max_examples=5, deadline=None, suppress_health_check=SLOW)
@given(rule_books())
def test_a_no_without_the_solver_is_a_no_of_the_solver(drawn: DrawnRuleBook) -> None:
    """Intervals and structure never refuse what some document does."""
    book = drawn.book
    solver, plain = SolverReasoner(book, 10.0), PlainReasoner(book.vocabulary)
    whole = [owner.whole for owner in owners(book) if not owner.by_line]
    for one, other in product(whole, whole):
        for wanted in (
            [true_of(one), true_of(other)],
            [true_of(one), false_of(other)],
            [false_of(one), true_of(Not(other, other.place))],
            [true_of(one), not_true_of(other)],
        ):
            if one != other and plain.can_be(wanted) is False:
                assert solver.can_be(wanted) is False


def never(date_one: str, date_two: str) -> list[Condition]:
    """Both at once only where neither day is ever reached."""
    place = Place("x", 1, 1)
    return [
        Comparison(date_one, Relation.AT_LEAST, OtherFact(date_two, 3), place),
        Comparison(date_one, Relation.AT_MOST, OtherFact(date_two), place),
    ]


def test_days_that_are_never_reached_are_no_contradiction() -> None:
    """The two of them are three days apart and the same: as late as can be. Other days are not."""
    book = load_rulebook()
    solver, plain = SolverReasoner(book, 10.0), PlainReasoner(book.vocabulary)
    withdrawn = never("line.consent.withdrawn_on", "line.gift_acceptance.withdrawn_on")
    wanted = [true_of(each) for each in withdrawn]
    assert solver.can_be(wanted, by_line=True) is True
    assert plain.can_be(wanted, by_line=True) is None
    wanted = [true_of(each) for each in never("invoice.due_date", "invoice.issue_date")]
    assert solver.can_be(wanted) is False
    assert plain.can_be(wanted) is False


@settings(max_examples=3, deadline=None, suppress_health_check=SLOW)
@given(rule_books(), st.lists(documents(), min_size=3, max_size=8))
def test_no_document_shows_a_finding_wrong(drawn: DrawnRuleBook, tried: list[RawDocument]) -> None:
    """What is never true is true of none, and what is shadowed never holds alone; over random rule books."""
    book = drawn.book
    reasoner = SolverReasoner(book, 10.0)
    nothing = ShownOutcomes(book, [])
    seen = [FactReader(book.vocabulary, AS_OF).read(document).facts for document in tried]
    told = list(ConditionFindings(book, reasoner, nothing).findings())
    by_name = {owner.name: owner for owner in owners(book)}
    for finding in told:
        owner = by_name[finding.subject]
        if finding.severity != "error" or owner.by_line:
            continue
        outcomes = {truth(owner.whole, facts) for facts in seen}
        assert {"FV101": True, "FV102": False, "FV106": True}[finding.code] not in outcomes
    # What documents show is not asked of the solver, and comes to the same.
    shown = ShownOutcomes(book, seen)
    assert list(ConditionFindings(book, reasoner, shown).findings()) == told
    rules = list(RuleFindings(book, reasoner, nothing, RuleFilePlaces()).findings())
    assert list(RuleFindings(book, reasoner, shown, RuleFilePlaces()).findings()) == rules
    for finding in rules:
        if finding.code == "FV201":
            rule = book.rules[finding.subject]
            other = next(r for r in book.rules.values() if r.place == finding.related[0][0])
            for facts in seen:
                assert truth(rule.condition, facts) is not True or truth(other.condition, facts)
