"""What a sender can find out, obtain or alter about one document, and what it cannot.

A bill that is held or stopped is not let through by telling an untruth. So this module settles which facts
may be looked at as otherwise, by what is known of them today:

* **learn**: what is unknown (also what cannot be read) may turn out to be anything;
* **obtain**: evidence (an agreement, a claim, a consent, an acceptance, what was agreed) that is not there
  can come to be: a *no* can become a *yes*, a new date is today at the earliest, an agreed amount grows;
* **alter**: what the sender itself decides about its invoice: later dates, a lower amount on a line, fewer
  attachments, a line taken out.

All else that is known stays: who the recipient is, what is sold, what is to be paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from fakturavakt.decision import Verdict
from fakturavakt.engines.reference import truth
from fakturavakt.intake.facts import Facts, LineFacts
from fakturavakt.proof.mentions import Mentions, lines_needed
from fakturavakt.proof.question import deciding
from fakturavakt.proof.symbolic_document import DAY_MAX, DAY_MIN, ORE_MAX
from fakturavakt.rulebook.conditions import Comparison, Condition, OtherFact, Relation, reads_lines
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINE_PREFIX,
    LINES,
    NEVER,
    Absence,
    Fact,
    FactType,
    Value,
)
from fakturavakt.vocabulary.own_facts import ISSUE_DATE, LINE_KIND, SEND_DATE

LINE: Final = "line"
"""The name of a line as a whole: what is taken out of the invoice."""
UNLIKELY: Final = (
    "line.kind turns out unlikely"
    """The name of no fact: that what a line is is found out,
and is what nothing in it suggests. It is counted as a change beside the finding out, since a way for the
likely kind is worth telling, also where another would need less.
"""
)
Path = tuple[str, int | None]
"""A fact and its line (from 0); a line as a whole is ``("line", 0)``."""


class Effort(StrEnum):
    """What it takes to change a fact, the easiest first."""

    LEARN = "learn"
    OBTAIN = "obtain"
    ALTER = "alter"


class Absent:
    """Nothing stands there, and that means something."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()
Given = Value | Absent
"""What can stand in a document: a value of the fact's type (days and øre as whole numbers), or nothing."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A fact that may change. ``now``: its value today, None where it is unknown. ``least`` and ``most``
    bound a new day, amount or count; ``nothing``: it may also come to stand nowhere.
    """

    path: Path
    effort: Effort
    now: Value | None
    least: int | None = None
    most: int | None = None
    nothing: bool = False

    def admits(self, given: Given) -> bool:
        """Whether the fact could come to be this."""
        if isinstance(given, Absent):
            return self.nothing
        if given == self.now:
            return False
        if self.effort is Effort.OBTAIN and isinstance(given, bool):
            return given
        if isinstance(given, int) and not isinstance(given, bool):
            above = self.least is None or given >= self.least
            return above and (self.most is None or given <= self.most)
        return True


@dataclass(frozen=True)
class Situation:
    """A document, what may change about it, and what has to come out for it to be sent.

    ``wanted``: each condition and the outcome it must have. ``new_lines``: where the lines are unknown, how
    many of them show whatever any number of lines shows; of these every fact is open. ``slots`` are in the
    order of contract §2.
    """

    book: RuleBook
    facts: Facts
    as_of: date
    slots: tuple[Slot, ...]
    wanted: tuple[tuple[Condition, bool], ...]
    mentions: Mentions
    new_lines: int
    likely: Mapping[Path, frozenset[str]] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """How many lines the document has, or may come to have."""
        return self.new_lines if self.facts.lines is None else len(self.facts.lines)

    def first_first(self) -> list[Slot]:
        """The slots by the name of their line and the order of the vocabulary: where two ways are as good as
        one
        another, the one with the first fact comes first, however the lines stand in the document.
        """

        def place(slot: Slot) -> tuple[str, int]:
            line = self.line(slot.path[1])
            return ("" if line is None else line.name, self.book.vocabulary.order(slot.path[0]))

        return sorted(self.slots, key=place)

    def line(self, number: int | None) -> LineFacts | None:
        """A line of the document as it is."""
        return None if number is None or self.facts.lines is None else self.facts.lines[number]

    def meaning(self, name: str) -> Value | None:
        """What the absence of a fact means here; None where it is unknown."""
        absent = self.book.vocabulary[name].absent
        if absent is Absence.SCREENING_DATE:
            return self.as_of.toordinal()
        return None if isinstance(absent, Absence) or name == LINE_ID else absent

    def names(self, *, of_line: bool) -> list[str]:
        """The facts that decide, in the order of contract §1."""
        vocabulary = self.book.vocabulary
        names = [name for name in self.mentions.facts if name != LINES and name in vocabulary]
        return sorted(
            (name for name in names if name.startswith(LINE_PREFIX) is of_line),
            key=vocabulary.order,
        )

    def new_line_facts(self) -> list[Path]:
        """The facts of lines that are not known yet."""
        if self.facts.lines is not None:
            return []
        names = [name for name in self.names(of_line=True) if name != LINE_ID]
        return [(name, number) for number in range(self.new_lines) for name in names]


def situation_of(book: RuleBook, facts: Facts, as_of: date) -> Situation:
    """What may change about a document, for a decision to send it."""
    conditions = list(deciding(book, Verdict.SEND))
    wanted = [(condition, n == 0) for n, condition in enumerate(conditions)]
    mentions = Mentions()
    for condition in conditions:
        mentions.add(condition)
    in_order = _issued_before_it_is_sent(book)
    if in_order is not None and truth(in_order, facts) is True:
        # An invoice that was issued by the day it is sent stays so, whichever of its dates is moved.
        wanted.append((in_order, True))
        mentions.add(in_order)
    looked_through = any(map(reads_lines, conditions)) or LINES in mentions.facts
    new_lines = 0
    if facts.lines is None and looked_through:
        new_lines = lines_needed([(condition, book.vocabulary) for condition in conditions])
    open_ = Situation(book, facts, as_of, (), tuple(wanted), mentions, new_lines)
    likely = replace(open_, likely=dict(_likely_kinds(book, facts)))
    return replace(likely, slots=tuple(_slots(likely)))


def _issued_before_it_is_sent(book: RuleBook) -> Comparison | None:
    if not all(
        name in book.vocabulary and book.vocabulary[name].type is FactType.DATE
        for name in (ISSUE_DATE, SEND_DATE)
    ):
        return None
    return Comparison(SEND_DATE, Relation.AT_LEAST, OtherFact(ISSUE_DATE), book.scope.place)


def _likely_kinds(book: RuleBook, facts: Facts) -> Iterator[tuple[Path, frozenset[str]]]:
    """The kinds that are suggested for a line; where none is, those that no suggestion is made for at all."""
    if LINE_KIND not in book.vocabulary:
        return
    every = frozenset(rule.kind for rule in book.suggestions)
    for number, line in enumerate(facts.lines or ()):
        if facts.value(LINE_KIND, line) is None:
            suggested = {
                rule.kind for rule in book.suggestions if truth(rule.when, facts, line) is True
            }
            likely = suggested or set(book.vocabulary[LINE_KIND].choices) - every
            if likely:
                yield (LINE_KIND, number), frozenset(map(str, likely))


def _slots(situation: Situation) -> Iterator[Slot]:
    vocabulary, facts = situation.book.vocabulary, situation.facts
    for name in situation.names(of_line=False):
        yield from _slot(situation, vocabulary[name], None)
    if facts.lines is None:
        if situation.new_lines:
            yield Slot((LINES, None), Effort.LEARN, None)
        return
    of_line = situation.names(of_line=True)
    for number in range(len(facts.lines)):
        for name in of_line:
            yield from _slot(situation, vocabulary[name], number)
        if (LINE_KIND, number) in situation.likely and LINE_KIND in of_line:
            yield Slot((UNLIKELY, number), Effort.LEARN, None)
        if of_line and len(facts.lines) > 1:
            yield Slot((LINE, number), Effort.ALTER, value_now(situation, (LINE, number)))


def value_now(situation: Situation, path: Path) -> Value | None:
    """What is known of a fact today; of a line as a whole that it is there."""
    name, number = path
    return True if name == LINE else situation.facts.value(name, situation.line(number))


def _slot(situation: Situation, fact: Fact, number: int | None) -> Iterator[Slot]:
    path = (fact.name, number)
    now = value_now(situation, path)
    if fact.name == LINE_ID:
        return
    if now is None:
        # What nobody knows of a consent that was not given is no question: it comes with a new one.
        effort = Effort.OBTAIN if _is_refused(situation, path) else Effort.LEARN
        nothing = situation.meaning(fact.name) is not None
        yield Slot(path, effort, None, *whole_range(fact), nothing=nothing)
        return
    today = situation.as_of.toordinal()
    if is_evidence(fact.name):
        match fact.type:
            case FactType.YES_NO if now is False:
                yield Slot(path, Effort.OBTAIN, now)
            case FactType.DATE if now != NEVER:
                # A new consent is of today at the earliest; that the old one was withdrawn is then no matter.
                withdrawn = situation.meaning(fact.name) == NEVER
                yield Slot(path, Effort.OBTAIN, now, today, DAY_MAX, nothing=withdrawn)
            case FactType.MONEY if isinstance(now, int) and now < ORE_MAX:
                yield Slot(path, Effort.OBTAIN, now, now + 1, ORE_MAX)
            case _:
                pass
        return
    if fact.name in _POSTPONED and isinstance(now, int) and now < DAY_MAX:
        earliest = max(now + 1, today) if fact.name == SEND_DATE else now + 1
        yield Slot(path, Effort.ALTER, now, earliest, DAY_MAX)
    elif fact.name == _LINE_AMOUNT and isinstance(now, int) and now > 1:
        yield Slot(path, Effort.ALTER, now, 1, now - 1)
    elif fact.name == _ATTACHMENTS and isinstance(now, int) and now > 0:
        yield Slot(path, Effort.ALTER, now, 0, now - 1)


_POSTPONED: Final = frozenset({ISSUE_DATE, SEND_DATE, "invoice.due_date"})
_LINE_AMOUNT: Final = "line.amount"
_ATTACHMENTS: Final = "invoice.attachments"
_RELATIONSHIP: Final = "relationship."


def is_evidence(name: str) -> bool:
    """Whether a fact is told by evidence: what is known of the relationship, and each group of a line's facts
    (``line.consent.…``), a rule book's own ones too.
    """
    return name.startswith(_RELATIONSHIP) or (
        name.startswith(LINE_PREFIX) and "." in name.removeprefix(LINE_PREFIX)
    )


def _is_refused(situation: Situation, path: Path) -> bool:
    """Whether some other fact of the same piece of evidence about a line is *no*."""
    name, number = path
    if number is None or not is_evidence(name):
        return False
    group = name.rpartition(".")[0] + "."
    return any(
        fact.name.startswith(group) and value_now(situation, (fact.name, number)) is False
        for fact in situation.book.vocabulary
    )


def whole_range(fact: Fact) -> tuple[int | None, int | None]:
    """The least and the most that a fact of this type can be."""
    match fact.type:
        case FactType.DATE:
            return DAY_MIN, DAY_MAX
        case FactType.MONEY:
            return -ORE_MAX, ORE_MAX
        case FactType.COUNT:
            return 0, None
        case _:
            return None, None
