"""Documents that fare otherwise under a new rule book, in words: what both rule books decide, and which
conditions and values made them come out so. Who the document is about is hidden unless somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fakturavakt.decision import Verdict, amount_of
from fakturavakt.desk.condition_blame import Blamed, blamed
from fakturavakt.desk.impact import Effect, OutcomeChange, Sample, Subject
from fakturavakt.engines.reference import truth
from fakturavakt.explanation import HIDDEN, Explainer
from fakturavakt.report.summary import facts_of_paths, is_credit_note
from fakturavakt.rulebook.conditions import Condition
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screened
from fakturavakt.texts import Text, text

_IDENTIFIER_SHOWN: Final = 2
"""Characters of an invoice number that are shown, so that a person who has the invoice knows it again."""

_LINES_MAX: Final = 9
"""Conditions of one outcome that are told: of many lines the first say how it is."""


@dataclass(frozen=True, slots=True)
class ToldOutcome:
    """An outcome that differs, and in each rule book the conditions that kept it from being as in the other
    (none where that book has no such rule). ``title`` is what it is of, in words.
    """

    change: OutcomeChange
    title: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldDecision:
    """What one rule book decides: the messages of its findings, and the labels of what is missing."""

    decision: Verdict
    channel: str | None
    messages: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldSample:
    """``file`` is a path, None where it is hidden; ``file_number`` counts the files of the history from 1."""

    effect: Effect
    file: str | None
    file_number: int
    position: int
    invoice: str | None
    ore: int | None
    currency: str | None
    old: ToldDecision
    new: ToldDecision
    outcomes: tuple[ToldOutcome, ...]


def told_sample(
    sample: Sample, old: RuleBook, new: RuleBook, language: str, *, shows_persons: bool
) -> ToldSample:
    """A sample in a language."""
    decision = sample.new.decision
    ore, currency = amount_of(sample.new.read.facts)
    if isinstance(ore, int) and is_credit_note(sample.new.read.facts):
        ore = -ore
    books = (old, sample.old), (new, sample.new)
    return ToldSample(
        effect=sample.compared.effect,
        file=decision.document.file if shows_persons else None,
        file_number=sample.file,
        position=decision.document.position,
        invoice=decision.invoice if shows_persons else _masked(decision.invoice),
        ore=ore if isinstance(ore, int) else None,
        currency=currency,
        old=_told_decision(*books[0], language),
        new=_told_decision(*books[1], language),
        outcomes=tuple(
            _told_outcome(change, books[0], books[1], language, shows_persons=shows_persons)
            for change in sample.compared.cause
        ),
    )


def _masked(identifier: str | None) -> str | None:
    if identifier is None:
        return None
    shown = identifier[-_IDENTIFIER_SHOWN:] if len(identifier) > 2 * _IDENTIFIER_SHOWN else ""
    return f"{HIDDEN}{shown}"


def _told_decision(book: RuleBook, screened: Screened, language: str) -> ToldDecision:
    decision = screened.decision
    labels = (
        book.vocabulary[fact].label.say(language) for fact in facts_of_paths(decision.missing)
    )
    return ToldDecision(
        decision.decision,
        decision.channel,
        tuple(finding.message for finding in decision.findings),
        tuple(dict.fromkeys(labels)),
    )


def _told_outcome(
    change: OutcomeChange,
    old: tuple[RuleBook, Screened],
    new: tuple[RuleBook, Screened],
    language: str,
    *,
    shows_persons: bool,
) -> ToldOutcome:
    conditions = [condition_of(change, book) for book, _ in (old, new)]
    sides = []
    for (book, screened), own, (_, others), other in (
        (old, conditions[0], new, conditions[1]),
        (new, conditions[1], old, conditions[0]),
    ):
        lines: tuple[str, ...] = ()
        if own is not None:
            wanted = False if other is None else truth(other, others.read.facts)
            explainer = Explainer(
                book, screened.read.facts, language, hides_persons=not shows_persons
            )
            blame = blamed(explainer, own, wanted)
            lines = () if blame is None else tuple(_lines(blame, language))
            if len(lines) > _LINES_MAX + 1:
                lines = (*lines[:_LINES_MAX], "…")
        sides.append(lines)
    title = title_of(change, old[0], new[0]).say(language)
    return ToldOutcome(change, title, *sides)


def condition_of(change: OutcomeChange, book: RuleBook) -> Condition | None:
    """What came out; None where the rule book has no such rule, and for the order of channels."""
    match change.subject:
        case Subject.SCOPE:
            return book.scope
        case Subject.PROHIBITION:
            rule = book.rules.get(change.name)
            return None if rule is None or rule.on_trial else rule.condition
        case Subject.CHANNEL:
            found = [each.condition for each in book.channels if each.name == change.name]
            return found[0] if found else None
        case Subject.CHANNEL_ORDER:
            return None


def title_of(change: OutcomeChange, old: RuleBook, new: RuleBook) -> Text:
    """What an outcome is of, as the newer rule book that has it calls it."""
    match change.subject:
        case Subject.SCOPE:
            return text("Virkeområdet", "The scope")
        case Subject.CHANNEL_ORDER:
            return text("Kanalenes rekkefølge", "The order of channels")
        case Subject.PROHIBITION:
            titles = [
                book.rules[change.name].title for book in (new, old) if change.name in book.rules
            ]
        case Subject.CHANNEL:
            titles = [
                channel.title
                for book in (new, old)
                for channel in book.channels
                if channel.name == change.name
            ]
    return titles[0]


_TRUTHS = {
    True: text("sann", "true"),
    False: text("usann", "false"),
    None: text("ukjent", "unknown"),
}


def _lines(blame: Blamed, language: str) -> Iterator[str]:
    """Leaves and definitions with how they came out and the values they saw, indented by depth."""
    if not blame.is_connective:
        on_line = ""
        if blame.line is not None:
            on_line = text(f" (linje {blame.line})", f" (line {blame.line})").say(language)
        values = f"  [{'; '.join(blame.values)}]" if blame.values else ""
        yield f"{blame.written}{on_line}: {_TRUTHS[blame.was].say(language)}{values}"
    indent = "" if blame.is_connective else "  "
    for part in blame.parts:
        yield from (f"{indent}{line}" for line in _lines(part, language))
