"""One billing run: finish what an earlier one left, plan, ask whether it may go on, place, balance the
books.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from fakturavakt.billing.books import Books, write_report
from fakturavakt.billing.check_point import CheckPoint, Plan, may_go_on
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.moves import finish_moves
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.placing import Placer
from fakturavakt.billing.planning import Earlier, Planner
from fakturavakt.billing.run_records import DocumentRecord, Mode, RunRecord, RunState
from fakturavakt.billing.screened_files import RefusedFile, Told
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.report.summary import Summary
from fakturavakt.texts import NORWEGIAN, Text, text


@dataclass
class Listener:
    """Who is told of a run while it goes on."""

    warn: Callable[[Text], None] = lambda _said: None
    refused: Callable[[RefusedFile], None] = lambda _file: None
    planned: Callable[[DocumentRecord], None] = lambda _document: None
    placed: Callable[[int], None] = lambda _documents: None


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run came out. ``resumed`` says that it was begun earlier, and interrupted."""

    run: RunRecord
    books: Books
    summary: Summary
    resumed: bool = False
    refusals: int = 0
    """Files that stay where they are, and that somebody has to see to."""


@dataclass
class BillingRun:
    """Takes documents from an inbox to an outbox. ``about`` is what the report says of how they were
    decided.
    """

    outbox: Outbox
    about: dict[str, Any]
    check_point: CheckPoint = may_go_on
    language: str = NORWEGIAN
    listener: Listener = field(default_factory=Listener)

    def finish(self, journal: Journal) -> RunResult | None:
        """The run that was interrupted, if there is one, carried to its end; or waiting, where it has to.

        A plan that was not finished is thrown away: nothing came of it.
        """
        finish_moves(journal, self.outbox)
        run = journal.open_run()
        if run is None:
            self.outbox.clear_staged(set())
            self._report_on_last(journal)
            return None
        if run.state is RunState.PLANNING:
            with journal.transaction():
                journal.discard(run.run)
            self.listener.warn(_BEGUN_ANEW.filled(run=run.run))
            return None
        self.listener.warn((_WAITS if run.waits_for else _GOES_ON).filled(run=run.run))
        for reason in run.waits_for:
            self.listener.warn(text(reason, reason))
        return self._carry_out(journal, run, resumed=True)

    def _report_on_last(self, journal: Journal) -> None:
        """The last run may have ended, and been interrupted before its report was written."""
        last = next(journal.runs(), None)
        if last is None or last.state is not RunState.ENDED:
            return
        if not self.outbox.report_of(last.run).exists():
            write_report(self.outbox, last, Books.of(last, journal))

    def run(self, journal: Journal, inbox: str, mode: Mode, told: Iterable[Told]) -> RunResult:
        """A new run over all that is told of the files of an inbox."""
        run, refusals = self._planned(journal, inbox, mode, told)
        return self._carry_out(journal, run, refusals=refusals)

    def rehearse(self, inbox: str, mode: Mode, told: Iterable[Told]) -> RunResult:
        """What a run would come to. Nothing is changed or made in inbox and outbox."""
        with ExitStack() as stack:
            earlier: Earlier | None = None
            before: Journal | None = None
            if self.outbox.has_journal():
                before = stack.enter_context(self.outbox.journal(read_only=True))
                open_run = before.open_run()
                unfinished = None
                if open_run is not None and open_run.state is RunState.PLANNING:
                    unfinished = open_run.run
                elif open_run is not None:
                    said = _WAITS if open_run.waits_for else _WOULD_GO_ON
                    self.listener.warn(said.filled(run=open_run.run))
                earlier = partial(before.known, but_of=unfinished)
            journal = stack.enter_context(Journal(None))
            run, refusals = self._planned(journal, inbox, mode, told, earlier)
            summary = Summary.from_dict(run.summary or {})
            reasons = self.check_point(Plan(run, journal, before))
            for reason in (_WOULD_WAIT, *reasons) if reasons else ():
                self.listener.warn(reason)
            run = replace(run, waits_for=tuple(each.say(self.language) for each in reasons))
            return RunResult(run, Books.of(run, journal), summary, refusals=refusals)

    def _planned(
        self,
        journal: Journal,
        inbox: str,
        mode: Mode,
        told: Iterable[Told],
        earlier: Earlier | None = None,
    ) -> tuple[RunRecord, int]:
        with journal.transaction():
            run = journal.begin(os.path.abspath(inbox), mode, self.about)  # noqa: PTH100 (links stay)
            journal.taken(self.outbox.names())
        planner = Planner(
            journal,
            run,
            inbox,
            mode,
            earlier,
            self.listener.refused,
            self.listener.warn,
            self.listener.planned,
        )
        planner.plan(told)
        return _again(journal, run), planner.refusals

    def release(self, journal: Journal, run: str, by: str) -> RunResult:
        """Carry out a run that waits, in the name of whoever looked at it.

        Raises :class:`RunError` where it does not wait.
        """
        waiting = self._waiting(journal, run)
        with journal.transaction():
            journal.release(waiting.run, by)
        return self._carry_out(journal, _again(journal, run), resumed=True)

    def discard(self, journal: Journal, run: str) -> None:
        """Forget the plan of a run that waits. The inbox was never touched: the next run screens it anew.

        Raises :class:`RunError` where it does not wait.
        """
        waiting = self._waiting(journal, run)
        with journal.transaction():
            journal.discard(waiting.run)

    @staticmethod
    def _waiting(journal: Journal, run: str) -> RunRecord:
        found = journal.run(run)
        if found is None or found.state is not RunState.WAITING:
            raise RunError(_DOES_NOT_WAIT.filled(run=run))
        return found

    def _carry_out(
        self, journal: Journal, run: RunRecord, *, resumed: bool = False, refusals: int = 0
    ) -> RunResult:
        if run.state is RunState.WAITING and not run.waits_for:
            reasons = self.check_point(Plan(run, journal))
            with journal.transaction():
                if reasons:
                    journal.wait(run.run, [reason.say(self.language) for reason in reasons])
                else:
                    journal.release(run.run, None)
            if reasons:
                self.listener.warn(_WAITS.filled(run=run.run))
            for reason in reasons:
                self.listener.warn(reason)
            run = _again(journal, run.run)
        if run.state is RunState.PLACING:
            Placer(journal, self.outbox, run, self.listener.warn, self.listener.placed).place()
            books = Books.of(run, journal)
            if not books.balance:
                raise RunError(no_balance(run, books))
            with journal.transaction():
                journal.end(run.run)
            run = _again(journal, run.run)
        books = Books.of(run, journal)
        write_report(self.outbox, run, books)
        return RunResult(run, books, Summary.from_dict(run.summary or {}), resumed, refusals)


def _again(journal: Journal, run: str) -> RunRecord:
    found = journal.run(run)
    assert found is not None
    return found


_BEGUN_ANEW: Final = text(
    "Kjøringen {run} ble avbrutt mens den kontrollerte, og begynner på nytt. Ingenting var lagt ut.",
    "The run {run} was interrupted while it screened, and is begun anew. Nothing had been put out.",
)
_GOES_ON: Final = text(
    "Kjøringen {run} ble avbrutt, og fullføres nå.",
    "The run {run} was interrupted, and is now carried to its end.",
)
_WOULD_GO_ON: Final = text(
    "Kjøringen {run} ble avbrutt; den neste fullfører den først.",
    "The run {run} was interrupted; the next one carries it to its end first.",
)
_WOULD_WAIT: Final = text(
    "Kjøringen ville ha ventet på frigivelse, uten at noe ble lagt ut.",
    "The run would have waited to be released, with nothing put out.",
)
_DOES_NOT_WAIT: Final = text(
    "Ingen kjøring {run} venter på frigivelse i denne utboksen.",
    "No run {run} waits to be released in this outbox.",
)
_WAITS: Final = text(
    "Kjøringen {run} venter på frigivelse. Ingenting er lagt ut, og innboksen er urørt.",
    "The run {run} waits to be released. Nothing has been put out, and the inbox is untouched.",
)


def no_balance(run: RunRecord, books: Books) -> Text:
    """That documents are missing, or are there twice."""
    said = books.sentence()
    return text(
        f"Regnskapet for kjøringen {run.run} går ikke opp: {said.say('nb')}. Den er ikke avsluttet.",
        f"The books of the run {run.run} do not balance: {said.say('en')}. It has not been ended.",
    )
