"""Steps by which something happens: an invoice is screened, a sender's agreements are judged."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fakturavakt.acceptance.step_definitions import Group, step

if TYPE_CHECKING:
    from fakturavakt.acceptance.case import Case


@step("when", Group.SCREENING, nb="fakturaen kontrolleres", en="the invoice is screened")
def screened(case: Case) -> None:
    """Every engine decides, and they agree."""
    case.screen()


@step(
    "when",
    Group.SCREENING,
    nb="fakturaen kontrolleres {day:Day}",
    en="the invoice is screened on {day:Day}",
)
def screened_on(case: Case, day: str) -> None:
    """The same, on another screening date."""
    case.as_of = date.fromisoformat(day)
    case.screen()


@step(
    "when",
    Group.SCREENING,
    nb="avsenderens avtaler vurderes {day:Day}",
    en="the sender's agreements are judged on {day:Day}",
)
def judged_on(case: Case, day: str) -> None:
    """The migration, seen on a day."""
    case.as_of = date.fromisoformat(day)
    case.judge_sender()
