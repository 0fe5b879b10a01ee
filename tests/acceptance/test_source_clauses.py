"""Clauses and the scenarios that are tagged with them."""

from __future__ import annotations

from dataclasses import replace

from tests.acceptance.acceptance_runs import BOOK, ENGLISH, NORWEGIAN, RUN

from fakturavakt.acceptance.run_result import Status
from fakturavakt.acceptance.source_clauses import clause_findings, coverage
from fakturavakt.rulebook.clause_files import load_clauses
from fakturavakt.shipped import shipped_folder

CLAUSES = load_clauses(shipped_folder("rules"), BOOK)


def test_a_clause_without_a_scenario_and_a_tag_without_a_clause_are_told() -> None:
    """The clause where it stands, the tag where its scenario stands."""
    found = clause_findings(CLAUSES, RUN.features)
    without = [each for each in found if each.code == "clause-without-scenario"]
    assert len(without) == len(CLAUSES) - 2
    assert without[0].place == CLAUSES[0].place
    assert "@S1 " in without[0].say("nb")
    (unknown,) = [each for each in found if each.code == "unknown-clause"]
    assert str(unknown.place) == "features/english/channels.feature:3:1"
    assert "@S99" in unknown.say("en")


def test_every_clause_with_a_scenario_is_in_order() -> None:
    """Other tags are nobody's business, and a feature's tag counts for all of its scenarios."""
    first = NORWEGIAN.scenarios[0]
    everything = tuple(clause.name for clause in CLAUSES)
    feature = replace(NORWEGIAN, scenarios=(replace(first, tags=(*everything, "rask", "Sx")),))
    assert clause_findings(CLAUSES, [feature]) == ()
    assert clause_findings((), RUN.features) == ()


def test_a_wrong_tag_of_a_feature_is_told_once_and_there() -> None:
    """Not at each of its scenarios."""
    scenarios = tuple(replace(each, tags=("s12",)) for each in NORWEGIAN.scenarios)
    feature = replace(NORWEGIAN, tags=("s12",), scenarios=scenarios)
    (found,) = [
        each for each in clause_findings(CLAUSES, [feature]) if each.code == "unknown-clause"
    ]
    assert found.place.line == feature.line
    assert "@S12?" in found.say("nb")


def test_a_clause_is_no_better_than_its_scenarios() -> None:
    """Covered and failed, covered and not run, not covered."""
    by_name = {each.clause.name: each for each in coverage(CLAUSES, [NORWEGIAN, ENGLISH])}
    assert by_name["S15"].status is Status.FAILED
    assert len(by_name["S15"].scenarios) == 3
    assert by_name["S2"].status is Status.NOT_RUN
    assert by_name["S1"].status is None
