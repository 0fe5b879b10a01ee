"""How a command ends: the exit codes, and which of them a run deserves.

0 nothing was stopped · 1 something was (``--fail-on``) · 2 usage, rule book, register or I/O error ·
3 some input could not be read; everything else was decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, assert_never

if TYPE_CHECKING:
    from fakturavakt.billing.billing_run import RunResult
    from fakturavakt.desk.findings import Severity
    from fakturavakt.desk.impact import Impact
    from fakturavakt.desk.mutation_run import MutationRun
    from fakturavakt.desk.rule_check import CheckReport
    from fakturavakt.proof.difference import Difference
    from fakturavakt.proof.proving import Proof
    from fakturavakt.report.summary import Summary

STOPPED: Final = 1
ERROR: Final = 2
UNREADABLE: Final = 3
INTERRUPTED: Final = 130
TERMINATED: Final = 143
"""As shells say it: 128 and the number of the signal."""

FailOn: TypeAlias = Literal["block", "hold", "never"]
FAIL_ON: Final[tuple[FailOn, ...]] = ("block", "hold", "never")
FailOnChange: TypeAlias = Literal["any", "looser", "never"]
FAIL_ON_CHANGE: Final[tuple[FailOnChange, ...]] = ("any", "looser", "never")
FailOnFinding: TypeAlias = Literal["error", "warning", "note", "never"]
FAIL_ON_FINDING: Final[tuple[FailOnFinding, ...]] = ("error", "warning", "note", "never")


def of_reading(read: int, unreadable: int) -> int:
    """Of a command that only reads: nothing read at all is an error, never green."""
    if not read:
        return ERROR
    return UNREADABLE if unreadable else 0


def of_screening(summary: Summary, fail_on: FailOn) -> int:
    """Of ``screen``: what could not be read weighs more than what was stopped."""
    code = of_reading(summary.read, summary.unreadable)
    if code:
        return code
    from fakturavakt.decision import Verdict

    blocked = summary.verdicts[Verdict.BLOCK].count
    held = summary.verdicts[Verdict.HOLD].count
    return _of_stopped(blocked, held, fail_on)


def _of_stopped(blocked: int, held: int, fail_on: FailOn) -> int:
    match fail_on:
        case "block":
            stopped = blocked
        case "hold":
            stopped = blocked + held
        case "never":
            stopped = 0
        case _:
            assert_never(fail_on)
    return STOPPED if stopped else 0


def of_billing(results: Iterable[RunResult], fail_on: FailOn) -> int:
    """Of ``run``: as of ``screen``, of all that it carried out. An empty inbox is nothing amiss; a run that
    has to wait for somebody is, whatever is asked for and whatever else came of it: nothing has.
    """
    from fakturavakt.billing.destinations import Destination
    from fakturavakt.billing.run_records import RunState

    found = list(results)

    def count(destination: Destination) -> int:
        return sum(each.books[destination] for each in found)

    if any(each.run.state is RunState.WAITING and each.run.waits_for for each in found):
        return STOPPED
    refused = sum(each.refusals for each in found)
    if refused or count(Destination.UNREADABLE) or count(Destination.NOT_PLACED):
        return UNREADABLE
    return _of_stopped(count(Destination.BLOCK), count(Destination.HOLD), fail_on)


def of_difference(difference: Difference, fail_on: FailOnChange) -> int:
    """Of ``rules diff``: what is not decided counts as changed; nothing is green by being unknown."""
    from fakturavakt.proof.difference import Change

    match fail_on:
        case "any":
            changed = difference.changes - {Change.EQUIVALENT}
            declared = any(change.declared for change in difference.words)
            return STOPPED if changed or declared else 0
        case "looser":
            harmless = (Change.EQUIVALENT, Change.STRICTER)
            return 0 if difference.decision.change in harmless else STOPPED
        case "never":
            return 0
        case _:
            assert_never(fail_on)


def of_impact(impact: Impact, fail_on: FailOnChange) -> int:
    """Of ``rules impact``: what could not be read weighs more than what changed."""
    code = of_reading(impact.documents, impact.rejected)
    if code:
        return code
    match fail_on:
        case "any":
            return STOPPED if impact.changed else 0
        case "looser":
            return STOPPED if impact.is_looser else 0
        case "never":
            return 0
        case _:
            assert_never(fail_on)


def of_proofs(proofs: Iterable[Proof]) -> int:
    """Of ``rules prove``: 0 only where everything was proved."""
    from fakturavakt.proof.proving import Answer

    return 0 if all(proof.answer is Answer.PROVED for proof in proofs) else STOPPED


def of_mutation(run: MutationRun) -> int:
    """Of ``rules mutate``: 0 only where some scenario noticed every mutant that one could."""
    from fakturavakt.desk.mutation_run import Fate

    return STOPPED if run.of(Fate.UNNOTICED) else 0


def threshold_of(fail_on: FailOnFinding) -> Severity | None:
    """The least severity that fails ``rules check``; None where nothing does."""
    from fakturavakt.desk.findings import Severity

    return None if fail_on == "never" else Severity(fail_on)


def of_check(report: CheckReport, fail_on: FailOnFinding) -> int:
    """Of ``rules check``: a rule book that cannot be read is an error, whatever is asked for."""
    if report.ill_formed:
        return ERROR
    threshold = threshold_of(fail_on)
    return STOPPED if threshold is not None and report.open_findings(threshold) else 0
