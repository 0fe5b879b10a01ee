"""The queue of what is on hold: held invoices by the one answer that frees them, the most useful first.

What a question promises is not counted but tried: each held document is screened again, by the reference
engine, as if the register had the row that a yes would be. Documents are read one at a time, three times
over; what is found of them is in a passing file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from fakturavakt.billing.answers import contradictions, yes_to
from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.held_documents import HeldDocument, HeldReader
from fakturavakt.billing.hold_groups import Asking, Group, Groups, Letter
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.questions import Asker, Assumed, Question, row_of
from fakturavakt.billing.run_records import DocumentRecord
from fakturavakt.decision import Verdict
from fakturavakt.engines.choose import choose_engine
from fakturavakt.intake.facts import Facts
from fakturavakt.intake.register import Register
from fakturavakt.report.bad_data import split_path
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screened, Screening
from fakturavakt.texts import Text
from fakturavakt.vocabulary.own_facts import CURRENCY, SENDER, SERVICE

FREE: Final = (Verdict.SEND, Verdict.OUT_OF_SCOPE)
"""Where an invoice goes that is freed. One that turns out to be forbidden leaves ``hold`` too, and is not."""
_WHO: Final = ("name", "street", "postal_code", "city", "mobile", "email")


@dataclass(frozen=True, slots=True)
class Queue:
    """What is on hold. ``groups`` are the questions by their places; ``ready`` counts invoices that need no
    answer any more, with the register as it is now; ``mending`` those that no answers free, for their
    senders have to mend them; ``elsewhere`` what is not there as the run put it.
    """

    invoices: int
    ore: int
    ready: int
    mending: int
    questions: int
    groups: tuple[Group, ...]
    letters: tuple[Letter, ...]
    elsewhere: int
    promised: int
    as_of: date


@dataclass
class Trial:
    """Screens held documents with whatever register there might be."""

    screening: Screening

    @classmethod
    def of(cls, book: RuleBook, as_of: date, language: str) -> Self:
        """By the reference engine."""
        engine = choose_engine(book, "reference", lambda _said: None)
        return cls(Screening(book, as_of, engine, language, Register()))

    def read(self, held: HeldDocument, register: Register) -> Facts:
        """What is known about a document."""
        self.screening.reader.register = register
        return self.screening.reader.read(held.raw).facts

    def screen(self, held: HeldDocument, register: Register) -> Screened:
        """The decision on a document."""
        self.screening.reader.register = register
        return self.screening.screen(held.raw)


@dataclass
class QueueMaker:
    """Makes the queue of an outbox. ``register`` is what is known now; with ``personal`` the recipients that
    are asked about are named.
    """

    outbox: Outbox
    book: RuleBook
    register: Register
    as_of: date
    language: str
    personal: bool = False
    warn: Callable[[Text], None] = lambda _said: None

    def __post_init__(self) -> None:
        self._trial = Trial.of(self.book, self.as_of, self.language)
        self._count = self._ready = self._mending = self._ore = self._promised = 0

    def queue(self, journal: Journal, limit: int = -1) -> Queue:
        """All of it, with the first ``limit`` questions."""
        with self.made(journal, limit) as groups:
            return Queue(
                self._count,
                self._ore,
                self._ready,
                self._mending,
                groups.count(),
                tuple(groups.groups(limit)),
                tuple(groups.letters()),
                self._elsewhere(journal),
                self._promised,
                self.as_of,
            )

    @contextmanager
    def made(self, journal: Journal, limit: int = -1) -> Iterator[Groups]:
        """The questions in their passing file."""
        with Groups() as groups:
            for held in self._held(journal):
                self._ask(held, groups)
            self.warn = lambda _said: None  # told once
            for held in self._held(journal):
                self._try_alone(held, groups)
            groups.rank()
            for held in self._held(journal):
                self._try_in_order(held, groups, limit)
            yield groups

    def _held(self, journal: Journal) -> Iterator[HeldDocument]:
        return HeldReader(self.outbox, self.book.vocabulary, self.warn).all(journal)

    def _elsewhere(self, journal: Journal) -> int:
        return journal.count_of(Destination.HOLD) - self._count

    # -- what each document asks ---------------------------------------------------------------------

    def _ask(self, held: HeldDocument, groups: Groups) -> None:
        asking = asking_of(held.record)
        self._count += 1
        self._ore += asking.ore
        screened = self._trial.screen(held, self.register)
        if screened.decision.decision is not Verdict.HOLD:
            self._ready += 1
            return
        sender = str(screened.read.facts.values.get(SENDER) or "")
        who = self._who(screened) if self.personal else None
        asked: list[int] = []
        way, last = self._way(held, screened)
        if any(groups.is_asked_in_another_currency(question) for question, _, _ in way):
            self._mending += 1
            groups.lead(asking, [], out=False)
            groups.write_to(sender, CURRENCY, asking)
            return
        for question, assumed, fact in way:
            asked.append(groups.ask(question, assumed, fact, asking, who))
        groups.lead(asking, asked, out=last.decision.decision in FREE)
        if last.decision.decision is Verdict.HOLD:
            self._mending += 1
            asker = Asker(self.register, held.raw, last.read.facts)
            for fact in dict.fromkeys(_to_mend(asker, path) for path in last.decision.missing):
                groups.write_to(sender, fact, asking)

    def _way(
        self, held: HeldDocument, screened: Screened
    ) -> tuple[list[tuple[Question, Assumed, str]], Screened]:
        """The questions that lead on, one after another, each only if it is still open once those before it
        are answered with yes; and what is decided then.
        """
        register = self.register
        customer = Asker(register, held.raw, screened.read.facts).customer or ""
        found: list[tuple[Question, Assumed, str]] = []
        passed: set[str] = set()
        while screened.decision.decision is Verdict.HOLD:
            path = next((each for each in screened.decision.missing if each not in passed), None)
            if path is None:
                break
            passed.add(path)
            asked = Asker(register, held.raw, screened.read.facts).question(path)
            if isinstance(asked, str):
                continue
            if any(contradictions(yes_to(*asked, register), register)):
                continue  # the register would have to be mended first
            with_yes = _with_yes(*asked, customer, register)
            tried = self._trial.screen(held, with_yes)
            if path in tried.decision.missing:
                continue  # it is the invoice that says something, and the register repairs nothing
            found.append((*asked, split_path(path)[1]))
            register, screened = with_yes, tried
        return found, screened

    @staticmethod
    def _who(screened: Screened) -> str | None:
        values = screened.read.facts.values
        said = [str(values[f"recipient.{each}"]) for each in _WHO if f"recipient.{each}" in values]
        return ", ".join(said) or None

    # -- what a yes frees ----------------------------------------------------------------------------

    def _try_alone(self, held: HeldDocument, groups: Groups) -> None:
        way = groups.way(held.record.document)
        if way is None:
            return
        asked, leads_out = way
        asking = asking_of(held.record)
        customer, touching = self._touching(held, groups)
        for number, question, assumed in touching:
            verdict = self._verdict(held, _with_yes(question, assumed, customer, self.register))
            if verdict in FREE:
                groups.frees(number, asking)
            elif verdict is Verdict.BLOCK:
                groups.blocks(number)
            elif leads_out and number in asked:
                groups.helps(number)

    def _try_in_order(self, held: HeldDocument, groups: Groups, limit: int) -> None:
        way = groups.way(held.record.document)
        if way is None:
            return
        customer, touching = self._touching(held, groups)
        if limit > 0:
            touching = [each for each in touching if groups.place(each[0]) <= limit]
        registers = [self.register]
        for _, question, assumed in touching:
            registers.append(_with_yes(question, assumed, customer, registers[-1]))
        if not touching or self._verdict(held, registers[-1]) not in FREE:
            return
        self._promised += 1
        for (number, _, _), register in zip(touching[:-1], registers[1:], strict=False):
            if self._verdict(held, register) in FREE:
                groups.adds(number)
                return
        groups.adds(touching[-1][0])

    def _touching(
        self, held: HeldDocument, groups: Groups
    ) -> tuple[str, list[tuple[int, Question, Assumed]]]:
        """The customer of a document, and the questions whose answers may touch it."""
        facts = self._trial.read(held, self.register)
        sender, customer, services = keys_of(facts, held, self.register)
        return customer, groups.touching(sender, customer, services)

    def _verdict(self, held: HeldDocument, register: Register) -> Verdict:
        return self._trial.screen(held, register).decision.decision


def _to_mend(asker: Asker, path: str) -> str:
    """What the invoice lacks, or says in a way that leaves it open: there the register is not asked."""
    found = asker.question(path)
    return found if isinstance(found, str) else split_path(path)[1]


def _with_yes(question: Question, assumed: Assumed, customer: str, register: Register) -> Register:
    row = row_of(question, assumed, register)
    return register.with_rows(question.sender, customer, [row])


def keys_of(facts: Facts, held: HeldDocument, register: Register) -> tuple[str, str, list[str]]:
    """By what the register is asked about a document: sender, customer, and the services of its lines."""
    services = {str(line.values[SERVICE]) for line in facts.lines or () if SERVICE in line.values}
    customer = Asker(register, held.raw, facts).customer or ""
    return str(facts.values.get(SENDER) or ""), customer, sorted(services)


def asking_of(record: DocumentRecord) -> Asking:
    """A document as the queue counts it: a credit note demands nothing."""
    figures = record.figures
    ore = figures.ore if figures.currency == "NOK" and not figures.is_credit_note else 0
    return Asking(record.document, figures.invoice, ore or 0, figures.due_date)
