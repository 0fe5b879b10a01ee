"""Answers taken into the register, and what they let go: the whole of ``fakturavakt answer``.

Before the register is changed the journal notes whom the answers are about. That note goes when all that is
on hold of them has been screened again, so that an interruption at any moment is made good by the next
command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Final

from fakturavakt.billing.answers import Answer, Contradiction, HeldAgainst
from fakturavakt.billing.destinations import OF_VERDICT, Destination
from fakturavakt.billing.held_documents import (
    NOT_AS_IT_WAS,
    HeldDocument,
    HeldReader,
    NotAsItWasError,
)
from fakturavakt.billing.hold_queue import Trial
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.moves import Mover, Redecided, finish_moves, packed
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.questions import Question
from fakturavakt.billing.register_writing import add_rows, locked
from fakturavakt.billing.run_records import DocumentRecord, RunState
from fakturavakt.billing.screened_files import figures_of
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.intake.register import Register
from fakturavakt.intake.register_tables import SENDERS, SERVICES
from fakturavakt.report.machine import safe
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, text


@dataclass
class AnswerResult:
    """What became of the answers, and of the invoices that they touch: ``moved`` is how many went where,
    those on hold still that miss something else than before among them.
    """

    taken: tuple[Answer, ...] = ()
    known: tuple[Answer, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    touching_none: tuple[Answer, ...] = ()
    """Answers that were taken and that no invoice on hold waits for."""
    screened: int = 0
    moved: dict[tuple[Destination, str | None], int] = field(default_factory=dict)
    left: int = 0
    """Files that are not as they were, and stay where they are."""
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class _Touched:
    """Whom answers are about: a sender's customer, one service, or all of the sender."""

    keys: frozenset[tuple[str, str, str]]
    all: bool = False

    def by(self, record: DocumentRecord) -> bool:
        """Whether a document has to be screened again."""
        figures = record.figures
        sender = figures.sender or ""
        if self.all or (sender, "", "") in self.keys:
            return True
        services = {each.service for each in figures.missing if each.service is not None}
        if any((sender, "", service) in self.keys for service in services):
            return True
        if figures.customer is not None:
            return (sender, figures.customer, "") in self.keys
        # Its number may be one that counts only where the register knows the customer.
        return any(key[0] == sender and key[1] for key in self.keys)


@dataclass
class Answering:
    """Takes answers for one outbox; hold its lock."""

    outbox: Outbox
    book: RuleBook
    evidence: Path
    as_of: date
    language: str
    warn: Callable[[Text], None] = lambda _said: None

    def take(self, journal: Journal, answers: Sequence[Answer] | None) -> AnswerResult:
        """Finish what an earlier command left, take the answers, screen again what they touch, and move what
        may go. None stands for a register that has changed without us: all that is on hold is screened again.
        """
        run = journal.open_run()
        if run is not None and run.state is RunState.PLACING:
            raise RunError(_RUN_FIRST.filled(run=run.run))
        resumed = finish_moves(journal, self.outbox) > 0
        self.outbox.clear_staged(set())
        mover = Mover(journal, self.outbox)
        resumed = bool(_noted(journal)) or resumed
        with locked(self.evidence):
            register = Register.load(self.evidence)
            against = HeldAgainst(register)
            for answer in answers or ():
                against.take(answer)
            if against.new:
                with journal.transaction():
                    for answer, _ in against.new:
                        _note(journal, touched_by(answer.question))
                add_rows(self.evidence, [row for _, row in against.new])
                register = Register.load(self.evidence)
        result = AnswerResult(
            tuple(answer for answer, _ in against.new),
            tuple(against.known),
            tuple(against.contradictions),
            resumed=resumed,
        )
        # What the register had already may have come to it by hand: what waits for it may go, too.
        keys = _noted(journal) | {touched_by(answer.question) for answer in against.known}
        if keys or answers is None:
            touched = _Touched(frozenset(keys), answers is None)
            self._screen_again(journal, mover, register, touched, result)
            with journal.transaction():
                journal.execute("DELETE FROM touched")
        return result

    def _screen_again(
        self,
        journal: Journal,
        mover: Mover,
        register: Register,
        touched: _Touched,
        result: AnswerResult,
    ) -> None:
        reader = HeldReader(self.outbox, self.book.vocabulary, self.warn)
        trial = Trial.of(self.book, self.as_of, self.language)
        met: set[tuple[str, str, str]] = set()
        for place, records in _files(journal, touched):
            path = self.outbox.root / place
            try:
                documents = []
                for held in reader.file(path, records):
                    again = touched.by(held.record)
                    documents.append(self._decided(held, trial, register, again=again))
                    result.screened += again
                    if again:
                        met |= _keys_of(held.record)
                is_there = mover.add(place, documents)
            except NotAsItWasError:
                is_there = False
            if not is_there:
                result.left += 1
                self.warn(NOT_AS_IT_WAS.filled(path=path))
        mover.flush()
        result.moved = mover.moved
        result.touching_none = tuple(
            answer for answer in result.taken if not _met(answer.question, met)
        )

    @staticmethod
    def _decided(held: HeldDocument, trial: Trial, register: Register, *, again: bool) -> Redecided:
        record = held.record
        if not again:
            said = packed(held.beside)
            return Redecided(
                record,
                held.placed.spans,
                record.destination,
                record.channel,
                said,
                record.figures,
                renewed=False,
            )
        screened = trial.screen(held, register)
        decision = screened.decision
        line = f"{safe(decision.as_json())}\n".encode(errors="replace")
        return Redecided(
            record,
            held.placed.spans,
            OF_VERDICT[decision.decision],
            decision.channel,
            packed(line),
            figures_of(screened),
            renewed=line != held.beside,
        )


def touched_by(question: Question) -> tuple[str, str, str]:
    """Whom an answer is about."""
    if question.table is SENDERS:
        return question.sender, "", ""
    if question.table is SERVICES:
        return question.sender, "", question.service
    return question.sender, question.customer, ""


def is_unfinished(journal: Journal) -> bool:
    """Whether answers were interrupted, so that the next command has something to finish."""
    if not journal.has_table("touched"):
        return False
    return bool(_noted(journal) or journal.execute("SELECT 1 FROM moves LIMIT 1"))


def _note(journal: Journal, key: tuple[str, str, str]) -> None:
    journal.execute("INSERT OR IGNORE INTO touched VALUES (?, ?, ?)", *key)


def _noted(journal: Journal) -> set[tuple[str, str, str]]:
    return {
        (sender, customer, service)
        for sender, customer, service in journal.execute("SELECT * FROM touched")
    }


def _files(journal: Journal, touched: _Touched) -> Iterator[tuple[str, tuple[DocumentRecord, ...]]]:
    """The files of ``hold`` that have a document that is touched, each with all of its records."""
    held = journal.documents(destination=Destination.HOLD)
    places: list[tuple[str, int, int]] = []
    for place, records in groupby(held, key=lambda each: each.placed_as):
        first, last, is_touched = None, 0, False
        for record in records:
            first = record.document if first is None else first
            last = record.document
            is_touched = is_touched or touched.by(record)
        if place is not None and first is not None and is_touched:
            places.append((place, first, last))
    for place, first, last in places:
        yield place, tuple(journal.held_between(place, first, last))


def _keys_of(record: DocumentRecord) -> set[tuple[str, str, str]]:
    figures = record.figures
    sender = figures.sender or ""
    services = {each.service for each in figures.missing if each.service is not None}
    return {
        (sender, "", ""),
        (sender, figures.customer or "*", ""),
        *((sender, "", service) for service in services),
    }


def _met(question: Question, met: set[tuple[str, str, str]]) -> bool:
    return touched_by(question) in met or bool(
        question.customer and (question.sender, "*", "") in met
    )


_RUN_FIRST: Final = text(
    "Kjøringen {run} ble avbrutt. Fullfør den med fakturavakt run før svar føres inn.",
    "The run {run} was interrupted. Carry it to its end with fakturavakt run before answers are taken.",
)
