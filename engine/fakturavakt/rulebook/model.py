"""The rule book as the rest of the program sees it: typed, immutable, every rule with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from fakturavakt.problems import Place
from fakturavakt.rulebook.conditions import Condition
from fakturavakt.texts import Text, text, written_date
from fakturavakt.vocabulary.facts import Value, Vocabulary


class Wording(StrEnum):
    """What a rule's messages belong to."""

    HOLDS = "holds"
    UNKNOWN = "unknown"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"


class Status(StrEnum):
    """Whether a rule decides, or is only tried: what it would have done is recorded for who asks."""

    ACTIVE = "active"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: a document, the day it was updated, and the clause in words."""

    document: str
    updated: date
    clause: Text

    def say(self, language: str) -> str:
        """On one line, in a language: ``document (day), clause``."""
        return (
            f"{self.document} ({written_date(self.updated, language)}), {self.clause.say(language)}"
        )


@dataclass(frozen=True, slots=True)
class Window:
    """When a rule is in force: ``starts`` that day included, ``before`` that day excluded."""

    starts: date | None = None
    before: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What all rules have. ``in_force`` is the window as a condition on the send date (None where
    the rule always is); ``condition`` is *in force and when*, which is what engines evaluate.
    """

    id: str
    place: Place
    title: Text
    source: Source
    window: Window
    in_force: Condition | None
    when: Condition
    condition: Condition
    messages: Mapping[Wording, Text]
    remedy: Text

    @property
    def on_trial(self) -> bool:
        """Whether it decides nothing; only rules that could decide are tried."""
        return False


@dataclass(frozen=True, slots=True)
class Prohibition(Rule):
    """Forbids the payment demand where it holds."""

    status: Status = field(default=Status.ACTIVE, kw_only=True)

    @property
    def on_trial(self) -> bool:
        return self.status is Status.TRIAL


@dataclass(frozen=True, slots=True)
class ChannelProperties:
    """What a channel declares of itself. ``bank_fee`` is whole øre, None where it is not known."""

    price_class: str
    bank_fee: int | None
    carries_attachments: bool
    balance_shown: bool
    payment_arrives: str


@dataclass(frozen=True, slots=True)
class ChannelRule(Rule):
    """Makes a channel eligible where it holds."""

    channel: str
    properties: ChannelProperties
    status: Status = field(default=Status.ACTIVE, kw_only=True)

    @property
    def on_trial(self) -> bool:
        return self.status is Status.TRIAL


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to deliver. Eligible when any of its rules is: ``condition`` says that as one."""

    name: str
    title: Text
    rules: tuple[ChannelRule, ...]
    condition: Condition
    place: Place


@dataclass(frozen=True, slots=True)
class Advice(Rule):
    """Never changes a decision. ``asks_for``: those of these facts that are not known are named."""

    asks_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion(Rule):
    """Suggests the kind of a line; its condition is about one line."""

    kind: Value


@dataclass(frozen=True, slots=True)
class MigrationRow:
    """What one kind of sender has to do."""

    action: str
    place: Place
    when: Condition
    notified_by_email: bool
    benefits: tuple[str, ...]
    messages: Mapping[Wording, Text]
    remedy: Text


@dataclass(frozen=True, slots=True)
class Migration:
    """The sender's migration: rows that are complete and free of overlap (checked when read)."""

    name: str
    place: Place
    title: Text
    source: Source
    on: date
    rows: tuple[MigrationRow, ...]
    unknown_message: Text
    unknown_remedy: Text


class Promised(StrEnum):
    """What a guarantee is about."""

    DECISION = "decision"
    CHANNEL = "channel"
    RULE = "rule"
    AGREEMENTS = "agreements"


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What must be so of every document for which ``condition`` is true: the outcome of ``about`` (called
    ``subject``, unless it is the decision) is one of ``outcomes`` (``always``), or none of them.

    Where ``declares`` has properties, they are promised instead of outcomes: each rule that makes the channel
    eligible has them. ``covers`` names the statements of the source that it holds the rule book to.
    """

    name: str
    place: Place
    title: Text
    source: Source
    covers: tuple[str, ...]
    about: Promised
    subject: str
    always: bool
    outcomes: tuple[str, ...]
    declares: Mapping[str, object]
    condition: Condition


@dataclass(frozen=True)
class RuleBook:
    """Everything that decides. ``version`` is a hash of its meaning (``sha256:…``); ``guarantees`` decide
    nothing, are no part of it, and are there only if they were asked for.

    ``trials`` are rules on trial, by id: they decide nothing and are no part of the version either, and no
    other field but ``promoted`` has them. ``promoted`` is the rule book as it would be if they decided; None
    where no rule is on trial.
    """

    name: str
    title: Text
    languages: tuple[str, ...]
    source: Source
    vocabulary: Vocabulary
    scope: Condition
    definitions: Mapping[str, tuple[Text, Condition]]
    prohibitions: tuple[Prohibition, ...]
    channels: tuple[Channel, ...]
    advice: tuple[Advice, ...]
    suggestions: tuple[Suggestion, ...]
    migration: Migration | None
    version: str
    guarantees: tuple[Guarantee, ...] = ()
    trials: tuple[Prohibition | ChannelRule, ...] = ()
    promoted: RuleBook | None = None

    def without_trials(self) -> RuleBook:
        """The same as it decides, for a run that does not ask what rules on trial would have done."""
        return replace(self, trials=(), promoted=None) if self.trials else self

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule by its id: prohibitions, channels in order, advice, suggestions, those on trial."""
        return {rule.id: rule for rule in self._all_rules()}

    def _all_rules(self) -> Iterator[Rule]:
        yield from self.prohibitions
        for channel in self.channels:
            yield from channel.rules
        yield from self.advice
        yield from self.suggestions
        yield from self.trials


UNKNOWN_LINES = text(nb="ukjent", en="unknown")
"""What ``{lines}`` says where the lines of an invoice are unknown."""
