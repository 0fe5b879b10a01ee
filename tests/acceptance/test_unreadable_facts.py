"""A fact that cannot be read, for a reason that no value in a table could give."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.case import Case
from fakturavakt.acceptance.scenario_error import ScenarioError

TESTED = BookUnderTest.load()


def problems(case: Case) -> list[tuple[str, str]]:
    """What the decision reports."""
    case.screen()
    assert case.decision is not None
    return [(each.fact, each.code) for each in case.decision.problems]


@pytest.mark.parametrize(
    ("named", "path"),
    [
        ("forfallsdatoen", "invoice.due_date"),
        ("datoen ytelsen ble avtalt (linje 1)", "line[1].agreed.given_on"),
    ],
)
def test_it_is_reported_until_it_is_stated(named: str, path: str) -> None:
    """Of the invoice and of a line alike."""
    case = Case(TESTED, Path())
    case.spoil(named, "conflict")
    assert problems(case) == [(path, "conflict")]
    case.state(named, "2021-01-15")
    assert problems(case) == []


def test_a_kind_of_problem_that_there_is_not_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(ScenarioError, match="check_digit"):
        Case(TESTED, Path()).spoil("mobilnummeret", "kontrollsiffer")
