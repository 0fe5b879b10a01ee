"""The cases that ship notice any change of any condition: what they cover, they also hold."""

from __future__ import annotations

import pytest
from tests.desk.mutated import mutants, mutated

from fakturavakt.desk.case_run import Status, run_cases
from fakturavakt.rulebook.case_files import load_cases
from fakturavakt.rulebook.conditions import leaves
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.shipped import shipped_folder

AT_ONCE = 25
"""Cases that are run before it is asked whether one of them has failed."""
SLICES = 4


def same_all_the_same(book: RuleBook) -> list[str]:
    """A sender with both agreements is of the row above, whether or not it has declined Vipps: that the row
    for
    those who have declined asks for no legacy agreement changes nothing (the loader refuses the overlap).
    """
    assert book.migration is not None
    (row,) = (row for row in book.migration.rows if row.action == "vipps_declined")
    (test,) = (leaf for leaf in leaves(row.when) if leaf.fact == "sender.legacy_vipps_agreement")
    return [f"{test.place} always"]


@pytest.mark.parametrize("slice_", range(SLICES))
def test_a_condition_that_is_changed_makes_a_case_fail(slice_: int) -> None:
    """Taken out, made impossible, turned around, or a day or an øre off."""
    book = load_rulebook()
    cases = load_cases(shipped_folder("rules"), book).cases
    unnoticed = []
    for name, old, new in [*mutants(book)][slice_::SLICES]:
        changed = mutated(book, old, new)
        batches = (cases[at : at + AT_ONCE] for at in range(0, len(cases), AT_ONCE))
        if not any(run_cases(changed, each, engines=()).count(Status.FAILED) for each in batches):
            unnoticed.append(name)
    assert set(unnoticed) <= set(same_all_the_same(book))
