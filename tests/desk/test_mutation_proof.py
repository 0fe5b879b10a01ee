"""What is known of a mutant that no scenario noticed."""

from __future__ import annotations

from typing import NoReturn

import pytest

from fakturavakt.desk import mutation_proof
from fakturavakt.desk.mutation_proof import Equivalence, Unnoticed, examine
from fakturavakt.desk.mutation_session import Tried, TriedScenario
from fakturavakt.desk.rule_mutations import Mutant, mutants
from fakturavakt.proof.terms import SolverMissingError
from fakturavakt.rulebook.loader import load_rulebook

MUTANTS = mutants(load_rulebook())
SCENARIO = TriedScenario("a.feature", 3, "Et scenario")


def mutant(rule: str, said: str) -> Mutant:
    """The one to which this was done."""
    (found,) = [
        each
        for each in MUTANTS
        if each.changed.rule == rule and each.changed.said.say("en") == said
    ]
    return found


def known_of(found: Mutant, *seen: tuple[TriedScenario, tuple[str, ...]]) -> Unnoticed:
    """What is known where no scenario failed, though these came out otherwise."""
    return examine(found, Tried(found.number, 1, None, len(seen), seen))


def test_what_decides_alike_is_proved() -> None:
    """No invoice has fewer attachments than none."""
    alike = mutant(
        "vipps-regning-legacy",
        "“invoice.attachments: {equals: 0}” became “invoice.attachments: {at_most: 0}”",
    )
    assert known_of(alike) == Unnoticed(Equivalence.PROVED)


def test_what_decides_otherwise_is_shown() -> None:
    """By the smallest document, and what becomes of it before what it is made of."""
    found = known_of(mutant("payment-demand", "“invoice.kind: invoice” was taken out"))
    assert found.equivalence is Equivalence.REFUTED
    assert found.shown is not None
    assert found.shown.name == "decision"
    assert found.shown.shown[0].example.content["invoice"]["kind"] == "credit_note"


def test_nobody_asks_what_is_seen_already() -> None:
    """A document of a scenario came out otherwise, or what was changed is said by no condition."""
    alike = mutant("payment-demand", "“invoice.kind: invoice” was taken out")
    assert known_of(alike, (SCENARIO, ("missing",))).equivalence is Equivalence.NOT_ASKED
    fee = mutant("efaktura-b2c", "“bank_fee: 0” became “bank_fee: unknown”")
    assert known_of(fee) == Unnoticed(Equivalence.NOT_ASKED)


def test_without_a_solver_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so it counts as not noticed."""

    def missing(*_books: object, **_options: object) -> NoReturn:
        raise SolverMissingError

    monkeypatch.setattr(mutation_proof, "compare", missing)
    assert known_of(MUTANTS[0]) == Unnoticed(Equivalence.NO_SOLVER)
