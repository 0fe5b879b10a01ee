"""The guard of ``fakturavakt run`` at the command line: its limits, and what becomes of a run that waits."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from fakturavakt.cli.configuration import configured
from fakturavakt.cli.guard_configuration import GuardConfigurationError
from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import fail, tell, teller

if TYPE_CHECKING:
    from fakturavakt.billing.billing_run import RunResult
    from fakturavakt.billing.guard import Guard
    from fakturavakt.billing.outbox import Outbox
    from fakturavakt.cli.run_output import RunFormat
    from fakturavakt.rulebook.model import RuleBook


def guard_of(book: RuleBook) -> Guard:
    """The guard with the limits of ``fakturavakt.toml``, which must name rules and facts that there are."""
    from fakturavakt.billing.guard import Guard

    found = configured().guard
    rules = [rule.id for rule in book.prohibitions]
    try:
        found.check_names(rules, [*(fact.name for fact in book.vocabulary), "invoice.lines"])
    except GuardConfigurationError as error:
        fail(t(error.reason.say("nb"), error.reason.say("en")))
    return Guard(found.limits)


def tell_what_to_do(to: Path, run: str) -> None:
    """On stderr: how a run that waits goes on."""
    tell(
        t(
            "Se på den. Kjør så enten\n"
            f"  fakturavakt run --to {to} --release {run}\n"
            f"  fakturavakt run --to {to} --discard {run}",
            "Look at it. Then run either\n"
            f"  fakturavakt run --to {to} --release {run}\n"
            f"  fakturavakt run --to {to} --discard {run}",
        )
    )


def release_run(to: Path, run: str, form: RunFormat, language: str) -> RunResult:
    """Put out a run that waits, in the name of who is logged in."""
    from fakturavakt.billing.billing_run import BillingRun, Listener
    from fakturavakt.billing.outbox import Outbox
    from fakturavakt.cli.run_output import tell_duplicates, write_results

    outbox = Outbox(to)
    _check_journal(outbox)
    with outbox.locked():
        outbox.make()
        with outbox.journal() as journal:
            waiting = BillingRun(outbox, {}, language=language, listener=Listener(teller(language)))
            result = waiting.release(journal, run, _who())
            tell_duplicates(journal, result)
    write_results([result], form, None)
    return result


def discard_run(to: Path, run: str, language: str) -> None:
    """Forget a run that waits."""
    from fakturavakt.billing.billing_run import BillingRun
    from fakturavakt.billing.outbox import Outbox

    outbox = Outbox(to)
    _check_journal(outbox)
    with outbox.locked(), outbox.journal() as journal:
        BillingRun(outbox, {}, language=language).discard(journal, run)
    tell(
        t(
            f"Kjøringen {run} er forkastet. Innboksen er urørt, og kontrolleres på nytt av den neste.",
            f"The run {run} is discarded. The inbox is untouched, and the next run screens it anew.",
        )
    )


def _check_journal(outbox: Outbox) -> None:
    """A folder that no run has been in is not made an outbox by a slip of the pen."""
    if not outbox.has_journal():
        fail(
            t(
                f"{outbox.root} er ingen utboks: ingen kjøring har vært der.",
                f"{outbox.root} is no outbox: no run has been there.",
            )
        )


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user without a name, in a container
        return "?"
