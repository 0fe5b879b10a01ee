"""The cases that ship notice any change of any condition: what they cover, they also hold."""

from __future__ import annotations

import pytest

from fakturavakt.desk.case_run import Status, run_cases
from fakturavakt.desk.condition_mutations import Mutation
from fakturavakt.desk.rule_mutations import Mutant, mutants
from fakturavakt.rulebook.case_files import load_cases
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.shipped import shipped_folder

AT_ONCE = 25
"""Cases that are run before it is asked whether one of them has failed."""
SLICES = 4
SAME_ALL_THE_SAME = {
    # Fewer than no attachments there are not.
    "“invoice.attachments: {equals: 0}” became “invoice.attachments: {at_most: 0}”",
    # A sender with both agreements is of the row above, whether or not it has declined Vipps: that the row
    # for those who have declined asks for no legacy agreement changes nothing (the loader refuses that).
    "“sender.legacy_vipps_agreement: no” was taken out",
}


def is_of_cases(mutant: Mutant, book: RuleBook) -> bool:
    """Whether it changes a condition or a window. Each word of a list, and what is declared beside
    conditions, the features hold.
    """
    match mutant.changed.kind:
        case Mutation.CONNECTIVE:
            return True
        case Mutation.WINDOW:
            return mutant.changed.rule in book.rules
        case Mutation.OPERATOR | Mutation.VALUE | Mutation.FACT:
            asked_for = "asks_for" in mutant.changed.said.say("en")
            return (
                mutant.changed.rule not in {each.id for each in book.suggestions} and not asked_for
            )
        case _:
            return False


@pytest.mark.parametrize("slice_", range(SLICES))
def test_a_condition_that_is_changed_makes_a_case_fail(slice_: int) -> None:
    """Taken out, made impossible, turned around, a day or an øre off, or of another fact."""
    book = load_rulebook()
    cases = load_cases(shipped_folder("rules"), book).cases
    unnoticed = []
    held = [mutant for mutant in mutants(book) if is_of_cases(mutant, book)]
    for mutant in held[slice_::SLICES]:
        batches = (cases[at : at + AT_ONCE] for at in range(0, len(cases), AT_ONCE))
        if not any(
            run_cases(mutant.book, each, engines=()).count(Status.FAILED) for each in batches
        ):
            unnoticed.append(mutant.changed.said.say("en"))
    assert set(unnoticed) <= SAME_ALL_THE_SAME
