"""Where each sender's migration stands (contract §3): one answer a sender.

The documents of a run are gathered by sender; where they disagree on a sender's fact, it is unknown.
May import: everything to its left (``decision``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Final

from fakturavakt.decision import PROBLEM_MESSAGES, ReportedProblem, RuleBookReference
from fakturavakt.engines.missing import missing_facts
from fakturavakt.engines.reference import truth
from fakturavakt.intake.documents import DocumentSource
from fakturavakt.intake.facts import FactProblem, Facts
from fakturavakt.rulebook.model import Migration, MigrationRow, RuleBook, Wording
from fakturavakt.texts import Text, listed, text
from fakturavakt.vocabulary.facts import Absence, Value, Vocabulary
from fakturavakt.vocabulary.forms import Flaw
from fakturavakt.vocabulary.own_facts import AUTOPAY, SENDER

UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class SenderAgreements:
    """What one sender has to do; the fields are the keys of contract §3, in order."""

    sender: str
    action: str
    on: str
    notified_by_email: bool | None
    benefits: tuple[str, ...]
    payment_route: str | None
    missing: tuple[str, ...]
    problems: tuple[ReportedProblem, ...]
    message: str
    remedy: str
    source: str
    as_of: str
    rulebook: RuleBookReference

    def as_json(self) -> str:
        """On one line: compact JSON, letters unescaped."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


@dataclass
class _Sender:
    """What the documents say of one sender, and what the register adds where they are silent."""

    stated: dict[str, set[Value]] = field(default_factory=dict)
    registered: dict[str, Value] = field(default_factory=dict)
    flaws: dict[str, list[Flaw]] = field(default_factory=dict)

    def add(self, facts: Facts, names: Iterable[str]) -> None:
        for problem in facts.problems:
            if problem.path.startswith("sender."):
                self._flaw(problem.path, problem.flaw)
        for name in names:
            if name in facts.origins:
                self.registered[name] = facts.values[name]
            elif name in facts.stated:
                self.stated.setdefault(name, set()).add(facts.values[name])
                if len(self.stated[name]) > 1:
                    self._flaw(name, Flaw.CONFLICT)

    def _flaw(self, name: str, flaw: Flaw) -> None:
        flaws = self.flaws.setdefault(name, [])
        if flaw not in flaws:
            flaws.append(flaw)

    def facts(self, vocabulary: Vocabulary) -> Facts:
        known = {
            name: value
            for name, value in self.registered.items()
            if name not in self.stated and name not in self.flaws
        }
        known |= {
            name: next(iter(values))
            for name, values in self.stated.items()
            if name not in self.flaws
        }
        meanings = {
            fact.name: fact.absent
            for fact in vocabulary
            if not isinstance(fact.absent, Absence)
            and not fact.of_line
            and fact.name not in self.flaws
        }
        return Facts(
            source=DocumentSource("", 0),
            values=meanings | known,
            stated=frozenset(known),
            lines=None,
            problems=tuple(
                FactProblem(name, flaw)
                for name in sorted(self.flaws, key=vocabulary.order)
                for flaw in sorted(self.flaws[name], key=list(Flaw).index)
            ),
        )


def sender_agreements(
    documents: Iterable[Facts],
    book: RuleBook,
    as_of: date,
    language: str,
    warn: Callable[[Text], None],
) -> Iterator[SenderAgreements]:
    """One answer a sender, by organisation number; nothing where the rule book has no migration.

    ``warn`` is told how many documents name no sender: they can be nobody's.
    """
    if book.migration is None:
        return
    names = [fact.name for fact in book.vocabulary if fact.name.startswith("sender.")]
    senders: dict[str, _Sender] = {}
    nameless = 0
    for facts in documents:
        number = facts.values.get(SENDER)
        if number is None:
            nameless += 1
        else:
            senders.setdefault(str(number), _Sender()).add(facts, names)
    if nameless:
        warn(_ONE_NAMELESS if nameless == 1 else _NAMELESS.filled(n=nameless))
    for number, sender in sorted(senders.items()):
        yield _answer(number, sender.facts(book.vocabulary), book, book.migration, as_of, language)


_NAMELESS: Final = text(
    "{n} dokumenter uten et gyldig organisasjonsnummer for avsenderen er ikke med.",
    "{n} documents without a valid organisation number of the sender are left out.",
)

_ONE_NAMELESS: Final = text(
    "Ett dokument uten et gyldig organisasjonsnummer for avsenderen er ikke med.",
    "One document without a valid organisation number of the sender is left out.",
)


def _answer(
    number: str,
    facts: Facts,
    book: RuleBook,
    migration: Migration,
    as_of: date,
    language: str,
) -> SenderAgreements:
    row = next((row for row in migration.rows if truth(row.when, facts) is True), None)
    missing: tuple[str, ...] = ()
    if row is None:
        lacking = missing_facts([each.when for each in migration.rows], facts, book.vocabulary)
        missing = tuple(fact.path for fact in lacking)
        labels = [book.vocabulary[fact.fact].label.say(language) for fact in lacking]
        named = listed(list(dict.fromkeys(labels)), language)
        message = migration.unknown_message.say(language).format(missing=named)
        remedy = migration.unknown_remedy.say(language).format(missing=named)
    else:
        wording = Wording.ANNOUNCED if as_of < migration.on else Wording.IN_FORCE
        message = row.messages[wording].say(language)
        remedy = row.remedy.say(language)
    return SenderAgreements(
        sender=number,
        action=UNKNOWN if row is None else row.action,
        on=migration.on.isoformat(),
        notified_by_email=None if row is None else row.notified_by_email,
        benefits=() if row is None else row.benefits,
        payment_route=_payment_route(row, facts),
        missing=missing,
        problems=tuple(
            ReportedProblem(p.path, p.flaw.value, PROBLEM_MESSAGES[p.flaw].say(language))
            for p in facts.problems
        ),
        message=message,
        remedy=remedy,
        source=migration.source.say(language),
        as_of=as_of.isoformat(),
        rulebook=RuleBookReference(book.name, book.version),
    )


def _payment_route(row: MigrationRow | None, facts: Facts) -> str | None:
    """How payments arrive from that day; nothing where there are no benefits or it is unknown."""
    autopay = facts.values.get(AUTOPAY)
    if row is None or not row.benefits or autopay is None:
        return None
    return "autopay" if autopay else "ordinary"
