"""What engines are asked and what they answer, the same for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, auto
from typing import NamedTuple, Protocol, TypeAlias

from fakturavakt.intake.facts import Facts
from fakturavakt.rulebook.conditions import Condition, reads_lines
from fakturavakt.rulebook.model import ChannelRule, Rule, RuleBook

Truth: TypeAlias = bool | None
"""True, false, or None for unknown: Kleene's three values."""


class About(IntEnum):
    """What a question is about. Whole numbers, since questions are looked up all the time."""

    SCOPE = auto()
    RULE = auto()
    IN_FORCE = auto()
    CHANNEL = auto()


class Asked(NamedTuple):
    """Names a question: a rule or a channel by its id (the scope has none)."""

    subject: About
    name: str = ""


SCOPE = Asked(About.SCOPE)


@dataclass(frozen=True, slots=True)
class Question:
    """One condition that is evaluated for every document; ``by_line``: for each line alone, too. It is false
    where ``in_force`` is, if it has one.
    """

    asked: Asked
    condition: Condition
    by_line: bool = False
    in_force: Condition | None = None


def names_lines(rule: Rule) -> bool:
    """Whether a rule tells of which lines it is so: a channel carries the whole invoice."""
    return not isinstance(rule, ChannelRule) and reads_lines(rule.condition)


def questions(book: RuleBook) -> tuple[Question, ...]:
    """All that a decision needs to know, of any document, and how the rules on trial come out."""
    found = [Question(SCOPE, book.scope)]
    found += [
        Question(Asked(About.RULE, rule.id), rule.condition, names_lines(rule), rule.in_force)
        for rule in (*book.prohibitions, *book.advice)
    ]
    for channel in book.channels:
        found.append(Question(Asked(About.CHANNEL, channel.name), channel.condition))
        for rule in channel.rules:
            asked = Asked(About.RULE, rule.id)
            found.append(Question(asked, rule.condition, in_force=rule.in_force))
            if rule.in_force is not None:
                found.append(Question(Asked(About.IN_FORCE, rule.id), rule.in_force))
    found += [
        Question(Asked(About.RULE, rule.id), rule.condition, names_lines(rule), rule.in_force)
        for rule in book.trials
    ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The answers: ``whole`` for each question; ``by_line`` for each question that is asked so and did
    not come out false, the outcome of the rule read for each line alone, in document order (nothing
    where the lines are unknown).
    """

    whole: Mapping[Asked, Truth]
    by_line: Mapping[Asked, tuple[Truth, ...]]


class Engine(Protocol):
    """Evaluates one rule book. Serves several threads at once."""

    name: str

    def evaluate(self, facts: Facts) -> Outcomes:
        """The outcome of every question of the rule book."""
        ...

    def close(self) -> None:
        """Give back what the engine holds."""
        ...
