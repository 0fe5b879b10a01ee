"""What is known of a mutant that no scenario noticed: that it decides alike for every document, or a document
for which it does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fakturavakt.desk.mutation_session import Tried
from fakturavakt.desk.rule_mutations import Mutant
from fakturavakt.proof.difference import Change, Compared, compare
from fakturavakt.proof.terms import SolverMissingError

_SECONDS: Final = 20.0
"""How long the solver may take for one question about one mutant."""


class Equivalence(StrEnum):
    """Whether a mutant decides alike for every document."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    NOT_ASKED = "not_asked"
    """Nobody needs a solver to see that it does not: a document of a scenario came out otherwise, or what was
    changed is said by no condition."""
    NO_SOLVER = "no_solver"


@dataclass(frozen=True, slots=True)
class Unnoticed:
    """Whether the mutant decides alike; and where it does not and a document shows it, that document: of the
    rule or the decision that comes out otherwise, as :func:`~fakturavakt.proof.difference.compare` found it.
    """

    equivalence: Equivalence
    shown: Compared | None = None


def examine(mutant: Mutant, tried: Tried) -> Unnoticed:
    """What is known of it."""
    if tried.unnoticed:
        return Unnoticed(Equivalence.NOT_ASKED)
    try:
        difference = compare(mutant.original, mutant.book, seconds=_SECONDS)
    except SolverMissingError:
        return Unnoticed(Equivalence.NO_SOLVER)
    if any(change.declared for change in difference.words):
        return Unnoticed(Equivalence.NOT_ASKED)
    if difference.changes <= {Change.EQUIVALENT}:
        return Unnoticed(Equivalence.PROVED)
    shown = _clearest(difference.compared)
    return Unnoticed(Equivalence.UNDECIDED if shown is None else Equivalence.REFUTED, shown)


def _clearest(compared: Iterable[Compared]) -> Compared | None:
    """What shows best what a scenario would have to say: the decision, before what it is made of."""
    return next((each for each in compared if each.shown), None)
