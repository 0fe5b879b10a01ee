"""Where each sender's migration stands (contract §3): one answer a sender.

The documents of a run are gathered by sender; where they disagree on a sender's fact, it is unknown.
May import: everything that ``decision`` may.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Final

from fakturavakt.decision import PROBLEM_MESSAGES, ReportedProblem, RuleBookReference
from fakturavakt.engines.missing import missing_facts
from fakturavakt.engines.reference import truth
from fakturavakt.intake.documents import DocumentSource
from fakturavakt.intake.facts import FactProblem, Facts
from fakturavakt.rulebook.model import Migration, MigrationRow, RuleBook, Wording
from fakturavakt.texts import listed
from fakturavakt.vocabulary.facts import Absence, Value, Vocabulary
from fakturavakt.vocabulary.forms import Flaw

SENDER: Final = "sender.organisation_number"
AUTOPAY: Final = "sender.autopay"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class SenderAgreements:
    """What one sender has to do; the fields are the keys of contract §3, in order."""

    sender: str | None
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
    """What the documents say of one sender."""

    values: dict[str, Value] = field(default_factory=dict)
    flaws: dict[str, Flaw] = field(default_factory=dict)

    def add(self, facts: Facts, names: Iterable[str]) -> None:
        for problem in facts.problems:
            if problem.path == "sender" or problem.path.startswith("sender."):
                self.flaws.setdefault(problem.path, problem.flaw)
        for name in names:
            if name not in facts.stated:
                continue
            value = facts.values[name]
            if self.values.setdefault(name, value) != value:
                self.flaws.setdefault(name, Flaw.CONFLICT)

    def facts(self, vocabulary: Vocabulary, as_of: date) -> Facts:
        known = {name: value for name, value in self.values.items() if name not in self.flaws}
        meanings = {
            fact.name: as_of.toordinal() if isinstance(fact.absent, Absence) else fact.absent
            for fact in vocabulary
            if fact.absent is not Absence.UNKNOWN
            and not fact.of_line
            and fact.name not in self.flaws
            and not (fact.name.startswith("sender.") and "sender" in self.flaws)
        }
        problems = sorted(self.flaws.items(), key=lambda item: (vocabulary.order(item[0]), item[0]))
        return Facts(
            source=DocumentSource("", 0),
            values=meanings | known,
            stated=frozenset(known),
            lines=None,
            problems=tuple(FactProblem(path, flaw) for path, flaw in problems),
        )


def sender_agreements(
    documents: Iterable[Facts], book: RuleBook, as_of: date, language: str
) -> Iterator[SenderAgreements]:
    """One answer a sender, by organisation number; a document that names no sender is one of its
    own, last. Nothing where the rule book has no migration.
    """
    if book.migration is None:
        return
    names = [fact.name for fact in book.vocabulary if fact.name.startswith("sender.")]
    senders: dict[str, _Sender] = {}
    nameless: list[_Sender] = []
    for facts in documents:
        number = facts.values.get(SENDER)
        if number is None:
            nameless.append(_Sender())
            nameless[-1].add(facts, names)
        else:
            senders.setdefault(str(number), _Sender()).add(facts, names)
    for number, sender in sorted(senders.items()):
        yield _answer(number, sender, book, book.migration, as_of, language)
    for sender in nameless:
        yield _answer(None, sender, book, book.migration, as_of, language)


def _answer(
    number: str | None,
    sender: _Sender,
    book: RuleBook,
    migration: Migration,
    as_of: date,
    language: str,
) -> SenderAgreements:
    facts = sender.facts(book.vocabulary, as_of)
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
