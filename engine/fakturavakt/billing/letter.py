"""What a sender is written about its invoices: what was stopped, and why; what only the sender can mend; and
where its migration stands.

The figures are those of the journal. Which value was bad is told by the decision that stands beside the
document, and where that is gone, not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from fakturavakt.agreements import SenderAgreements, sender_agreements
from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.letter_documents import PlacedDocuments, in_files
from fakturavakt.billing.run_records import DocumentRecord, RunRecord, RunState
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.intake.facts import Facts
from fakturavakt.report.bad_data import split_path
from fakturavakt.report.summary import Tally, facts_of_paths
from fakturavakt.rulebook.conditions import facts_of, leaves
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import OSLO
from fakturavakt.texts import Text, listed, text
from fakturavakt.vocabulary.own_facts import SENDER

CAUSES_MAX: Final = 10
"""Causes that a letter tells of, the commonest; the others are counted."""
EXAMPLES_MAX: Final = 3
_NAMED_MAX: Final = 20
"""Senders that are named where the one that was asked for is not there."""
_NAME: Final = "sender.name"
_RECIPIENT: Final = "recipient.name"
_CARRIED_OUT: Final = (RunState.PLACING, RunState.ENDED)


class Why(StrEnum):
    """What kind of a cause it is."""

    HOLDS = "holds"
    """A rule forbids the payment demand."""
    MISSING = "missing"
    """A fact is missing, and without it rules cannot be decided."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """One cause: the rule that holds, or the fact that is missing with the rules that ask for it (none where
    it is whether the rules are about the invoice at all). ``flaw`` says that the fact is there, and bad.
    """

    why: Why
    rules: tuple[str, ...] = ()
    fact: str = ""
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """An invoice that was stopped. ``customer`` and ``recipient`` are there only where persons are shown;
    ``reason`` is why a document could not be read, in ``language``.
    """

    invoice: str | None
    lines: tuple[str, ...] = ()
    customer: str | None = None
    recipient: str | None = None
    file: str = ""
    reason: str = ""
    language: str = ""


@dataclass
class Counted:
    """How often a cause was one, and in which invoices."""

    tally: Tally = field(default_factory=Tally)
    examples: list[Example] = field(default_factory=list)


@dataclass
class Letter:
    """All that one letter says."""

    sender: str
    since: date
    until: date
    shows_persons: bool
    name: str | None = None
    outcomes: dict[Destination, Tally] = field(default_factory=dict)
    causes: dict[Cause, Counted] = field(default_factory=dict)
    agreements: SenderAgreements | None = None

    def commonest(self) -> list[tuple[Cause, Counted]]:
        """All causes, the commonest first; of those that are as common, the one that is about more money."""
        return sorted(
            self.causes.items(),
            key=lambda each: (-each[1].tally.count, -sum(each[1].tally.ore.values()), each[0]),
        )

    def told(self) -> list[tuple[Cause, Counted]]:
        """The commonest causes, what was forbidden before all else. Holds have several causes each, and must
        not crowd out why invoices were stopped.
        """
        forbidden = [each for each in self.commonest() if each[0].why is Why.HOLDS]
        others = [each for each in self.commonest() if each[0].why is not Why.HOLDS]
        room = max(CAUSES_MAX - len(others), CAUSES_MAX // 2)
        return (forbidden[:room] + others)[:CAUSES_MAX]

    def to_mend(self, book: RuleBook) -> list[tuple[Cause, Counted]]:
        """Causes that the sender mends by writing something into the invoice itself."""
        return [each for each in self.commonest() if belongs_in_invoice(each[0], book)]


def belongs_in_invoice(cause: Cause, book: RuleBook) -> bool:
    """Whether a cause goes away when the invoice says something, or says it otherwise: a value is bad, or one
    is missing that an invoice has a place for. All else is shown by evidence.
    """
    if cause.why is not Why.MISSING:
        return False
    if cause.flaw or cause.fact not in book.vocabulary:
        return True
    of_evidence = {"relationship", "sender", "line.consent", "line.gift_acceptance", "line.agreed"}
    fact = book.vocabulary[cause.fact]
    return fact.term is not None or fact.name.rpartition(".")[0] not in of_evidence


@dataclass
class LetterWriter:
    """Gathers the letters of a period, in one reading of the journal. ``since`` and ``until`` are days in
    Oslo, both included.
    """

    placed: PlacedDocuments
    journal: Journal
    since: date
    until: date
    language: str
    shows_persons: bool = False
    warn: Callable[[Text], None] = lambda _said: None
    _nameless: int = field(default=0, init=False)

    def letters(self, sender: str | None = None) -> list[Letter]:
        """A letter for each sender that has documents in the period, by organisation number; or for one.

        Raises :class:`RunError` where there is none, or not the one that was asked for.
        """
        runs = [run for run in self.journal.runs() if self._is_asked_for(run)]
        found: dict[str, Letter] = {}
        files: list[str] = []
        for run in runs:
            files += self._count(run, found, sender)
        if sender is not None and sender not in found:
            raise RunError(self._not_there(sender, sorted(found)))
        if not found:
            raise RunError(_NOBODY.filled(since=self.since, until=self.until))
        wanted = found if sender is None else {sender: found[sender]}
        for run in runs:
            files += self._stopped(run, wanted)
            self._unreadable(run, wanted)
        if self._nameless:
            self.warn(_NAMELESS.filled(n=self._nameless))
        self._agreements(wanted, files)
        return [letter for _, letter in sorted(wanted.items())]

    def _is_asked_for(self, run: RunRecord) -> bool:
        day = datetime.fromisoformat(run.started).astimezone(ZoneInfo(OSLO)).date()
        return run.state in _CARRIED_OUT and self.since <= day <= self.until

    def _count(self, run: RunRecord, found: dict[str, Letter], wanted: str | None) -> Iterator[str]:
        """How many documents each sender has; of each destination one of its files."""
        for part in self.journal.sums(run.run):
            if part.sender is None:
                continue
            letter = found.get(part.sender)
            if letter is None:
                letter = Letter(part.sender, self.since, self.until, self.shows_persons)
                found[part.sender] = letter
            ore = -part.ore if part.is_credit_note else part.ore
            tally = letter.outcomes.setdefault(part.destination, Tally())
            tally.add(ore if part.currency or ore else None, part.currency, part.documents)
        for each, placed_as in self.journal.places_of_senders(run.run):
            if wanted in (None, each):
                yield placed_as

    def _stopped(self, run: RunRecord, wanted: Mapping[str, Letter]) -> Iterator[str]:
        for destination in (Destination.BLOCK, Destination.HOLD):
            stopped = self.journal.documents(run.run, destination)
            for placed_as, documents in in_files(stopped):
                self._nameless += sum(each.figures.sender is None for each in documents)
                if not any(each.figures.sender in wanted for each in documents):
                    continue
                decisions = self.placed.decisions(placed_as, documents)
                for position, (document, said) in enumerate(zip(documents, decisions, strict=True)):
                    letter = wanted.get(document.figures.sender or "")
                    if letter is not None:
                        self._add(letter, document, position, said)
                yield placed_as

    def _add(
        self, letter: Letter, document: DocumentRecord, position: int, said: Mapping[str, Any]
    ) -> None:
        figures = document.figures
        ore = -figures.ore if figures.ore is not None and figures.is_credit_note else figures.ore
        for cause, lines in self._causes(document, said):
            counted = letter.causes.setdefault(cause, Counted())
            counted.tally.add(ore, figures.currency)
            if len(counted.examples) < EXAMPLES_MAX:
                counted.examples.append(self._example(document, position, lines))

    def _example(self, document: DocumentRecord, position: int, lines: tuple[str, ...]) -> Example:
        figures = document.figures
        if not self.shows_persons:
            return Example(figures.invoice, lines, file=document.path)
        recipient = self.placed.recipient(document, position, _RECIPIENT)
        return Example(figures.invoice, lines, figures.customer, recipient, document.path)

    def _causes(
        self, document: DocumentRecord, said: Mapping[str, Any]
    ) -> Iterator[tuple[Cause, tuple[str, ...]]]:
        """The causes of one document, each once, with the lines that they are about."""
        figures = document.figures
        findings = {each["rule"]: each for each in said.get("findings", ())}
        if document.destination is Destination.BLOCK:
            for rule, outcome in figures.findings.items():
                if outcome == "holds":
                    lines = tuple(findings.get(rule, {}).get("lines", ()))
                    yield Cause(Why.HOLDS, (rule,)), lines
            return
        flaws = _flaws(said.get("problems", ()))
        lines_of: dict[str, dict[str, None]] = {}
        for asked in figures.missing:
            named = lines_of.setdefault(asked.fact, {})
            if asked.line is not None:
                named[asked.line] = None
        for fact, named in lines_of.items():
            rules = tuple(
                rule
                for rule, outcome in figures.findings.items()
                if outcome == "unknown" and fact in self._lacked(rule, findings.get(rule))
            )
            yield Cause(Why.MISSING, rules, fact, _flaw_of(fact, flaws)), tuple(named)

    def _lacked(self, rule: str, finding: Mapping[str, Any] | None) -> Iterable[str]:
        """The facts that a rule lacks; without the decision, all that it asks for."""
        if finding is not None:
            return facts_of_paths(finding["missing"])
        if rule not in self.placed.book.rules:
            return ()
        condition = self.placed.book.rules[rule].condition
        return {fact for leaf in leaves(condition) for fact in facts_of(leaf)}

    def _unreadable(self, run: RunRecord, wanted: Mapping[str, Letter]) -> None:
        """What cannot be read says nothing of its sender; it is the one of all else in its file, if that is
        one.
        """
        language = str(run.about.get("language", self.language))
        unreadable = self.journal.documents(run.run, Destination.UNREADABLE)
        for placed_as, documents in in_files(unreadable):
            senders = self.journal.senders_beside(documents[0].source)
            if len(senders) != 1:
                self._nameless += len(documents)
                continue
            letter = wanted.get(*senders)
            if letter is None:
                continue
            tally = letter.outcomes.setdefault(Destination.UNREADABLE, Tally())
            tally.add(None, None, len(documents))
            counted = letter.causes.setdefault(Cause(Why.UNREADABLE), Counted())
            counted.tally.add(None, None, len(documents))
            decisions = self.placed.decisions(placed_as, documents)
            for document, said in zip(documents, decisions, strict=True):
                if len(counted.examples) < EXAMPLES_MAX:
                    where = f"{document.path} (#{document.position})"
                    reason = str(said.get("reason", ""))
                    counted.examples.append(
                        Example(None, file=where, reason=reason, language=language)
                    )

    def _agreements(self, wanted: Mapping[str, Letter], files: Iterable[str]) -> None:
        def facts() -> Iterator[Facts]:
            for sender in wanted:
                yield self.placed.of_register(sender)
            for placed_as in dict.fromkeys(files):
                for each in self.placed.facts(placed_as):
                    letter = None if each is None else wanted.get(str(each.values.get(SENDER)))
                    if each is not None and letter is not None:
                        if letter.name is None and _NAME in each.values:
                            letter.name = str(each.values[_NAME])
                        yield each

        answers = sender_agreements(
            facts(), self.placed.book, self.until, self.language, lambda _said: None
        )
        for answer in answers:
            wanted[answer.sender].agreements = answer

    def _not_there(self, sender: str, there: list[str]) -> Text:
        if not there:
            return _NOBODY.filled(since=self.since, until=self.until)
        named = there[:_NAMED_MAX]
        more = len(there) - len(named)
        nb = [*named, *([f"{more} til"] if more else [])]
        en = [*named, *([f"{more} more"] if more else [])]
        return text(
            f"Avsenderen {sender} har ingen dokumenter i perioden {self.since} til {self.until}. "
            f"Disse har: {listed(nb, 'nb')}.",
            f"The sender {sender} has no documents in the period {self.since} to {self.until}. "
            f"These have: {listed(en, 'en')}.",
        )


def _flaws(problems: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The flaw of each fact that has one; of a fact of lines that of the first line."""
    found: dict[str, str] = {}
    for problem in problems:
        _, fact = split_path(problem["fact"])
        found.setdefault(fact, problem["code"])
    return found


def _flaw_of(fact: str, flaws: Mapping[str, str]) -> str:
    """The flaw of a fact, or of the group that it stands in."""
    while fact:
        if fact in flaws:
            return flaws[fact]
        fact = fact.rpartition(".")[0]
    return ""


_NOBODY: Final = text(
    "Ingen avsender har dokumenter i perioden {since} til {until}. Velg en annen med --since.",
    "No sender has documents in the period {since} to {until}. Choose another one with --since.",
)
_NAMELESS: Final = text(
    "{n} dokumenter som er stoppet eller ikke kunne leses, sier ikke hvem avsenderen er, og står ikke i noe "
    "brev.",
    "{n} documents that were stopped or could not be read do not say who the sender is, and are in no "
    "letter.",
)
