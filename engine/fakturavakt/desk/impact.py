"""What an edit of the rule book would have changed: two decisions on one document compared, and the sums over
a history of them.

Promises: a document has exactly one effect, so the effects and what could not be read add up to the history;
amounts are exact, in whole øre by currency. What is compared is what happens to an invoice, not in which
words it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from fakturavakt.decision import ChannelDecision, Finding, Verdict
from fakturavakt.engines.outcomes import Truth
from fakturavakt.report.summary import Tally, facts_of_paths
from fakturavakt.screening import Screened


class Effect(StrEnum):
    """What the new rule book does to a document that the old one decided."""

    NEWLY_BLOCKED = "newly_blocked"
    NEWLY_HELD = "newly_held"
    NEWLY_SENT = "newly_sent"
    NEWLY_OUT_OF_SCOPE = "newly_out_of_scope"
    OTHER_CHANNEL = "other_channel"
    UNCHANGED = "unchanged"


CHANGES: Final = tuple(effect for effect in Effect if effect is not Effect.UNCHANGED)
_NEWLY: Final = {
    Verdict.BLOCK: Effect.NEWLY_BLOCKED,
    Verdict.HOLD: Effect.NEWLY_HELD,
    Verdict.SEND: Effect.NEWLY_SENT,
    Verdict.OUT_OF_SCOPE: Effect.NEWLY_OUT_OF_SCOPE,
}
_STRICTNESS: Final = {Verdict.SEND: 0, Verdict.OUT_OF_SCOPE: 0, Verdict.HOLD: 1, Verdict.BLOCK: 2}


class Subject(StrEnum):
    """What an outcome is of."""

    SCOPE = "scope"
    PROHIBITION = "prohibition"
    CHANNEL = "channel"
    CHANNEL_ORDER = "channel_order"


class OutcomeChange(NamedTuple):
    """An outcome that differs: of the scope or a prohibition ``holds``, ``not`` or ``unknown``, of a channel
    ``eligible``, ``ineligible`` or ``unknown``; what a rule book lacks never holds. Of the order of channels
    it is the order itself.
    """

    subject: Subject
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """A decision, as far as two of them are compared. ``findings`` are outcomes by rule; ``missing`` are
    facts, without lines.
    """

    decision: Verdict
    attempts: tuple[str, ...]
    scope: Truth
    findings: Mapping[str, str]
    channels: Mapping[str, Truth]
    missing: tuple[str, ...]


class _Concluded(Protocol):
    @property
    def decision(self) -> Verdict: ...
    @property
    def attempts(self) -> tuple[str, ...]: ...
    @property
    def missing(self) -> tuple[str, ...]: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...
    @property
    def channels(self) -> tuple[ChannelDecision, ...]: ...


def told_of(concluded: _Concluded, scope: Truth) -> Told:
    """What is compared of a decision, or of a conclusion on many documents."""
    return Told(
        concluded.decision,
        concluded.attempts,
        scope,
        {finding.rule: finding.outcome for finding in concluded.findings},
        {each.channel: each.eligible for each in concluded.channels},
        tuple(facts_of_paths(concluded.missing)),
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """How one document, or many, fared under both rule books.

    ``changes`` are all outcomes that differ; ``cause`` those of them that the effect follows from: the scope
    and prohibitions where the decision is another, channels where only the way is. ``missing`` are the facts
    that a newly held document lacks.
    """

    effect: Effect
    old: Verdict
    new: Verdict
    cause: tuple[OutcomeChange, ...]
    changes: tuple[OutcomeChange, ...]
    missing: tuple[str, ...] = ()

    @property
    def is_looser(self) -> bool:
        """Whether less is in the way of the invoice than before."""
        return _STRICTNESS[self.new] < _STRICTNESS[self.old]


def compared(old: Told, new: Told) -> Compared:
    """Two decisions on one document."""
    forbidding = (*_scope_changes(old, new), *_prohibition_changes(old, new))
    channels = tuple(_channel_changes(old, new))
    if old.decision is not new.decision:
        effect, cause = _NEWLY[new.decision], forbidding
    elif old.attempts != new.attempts:
        effect, cause = Effect.OTHER_CHANNEL, channels
    else:
        effect, cause = Effect.UNCHANGED, ()
    missing = new.missing if effect is Effect.NEWLY_HELD else ()
    return Compared(effect, old.decision, new.decision, cause, (*forbidding, *channels), missing)


_WORDS: Final[Mapping[Truth, str]] = {True: "holds", False: "not", None: "unknown"}
_CHANNEL_WORDS: Final[Mapping[Truth, str]] = {
    True: "eligible",
    False: "ineligible",
    None: "unknown",
}


def _scope_changes(old: Told, new: Told) -> Iterable[OutcomeChange]:
    if old.scope is not new.scope:
        yield OutcomeChange(Subject.SCOPE, "scope", _WORDS[old.scope], _WORDS[new.scope])


def _prohibition_changes(old: Told, new: Told) -> Iterable[OutcomeChange]:
    if Verdict.OUT_OF_SCOPE in (old.decision, new.decision):
        return  # one of them did not ask
    for rule in sorted({*old.findings, *new.findings}):
        before, after = old.findings.get(rule, "not"), new.findings.get(rule, "not")
        if before != after:
            yield OutcomeChange(Subject.PROHIBITION, rule, before, after)


def _channel_changes(old: Told, new: Told) -> Iterable[OutcomeChange]:
    if Verdict.OUT_OF_SCOPE in (old.decision, new.decision):
        return
    for channel in dict.fromkeys([*new.channels, *old.channels]):
        before, after = (_CHANNEL_WORDS[each.channels.get(channel, False)] for each in (old, new))
        if before != after:
            yield OutcomeChange(Subject.CHANNEL, channel, before, after)
    orders = [
        [name for name in each.channels if name in old.channels and name in new.channels]
        for each in (old, new)
    ]
    if orders[0] != orders[1]:
        before, after = (", ".join(order) for order in orders)
        yield OutcomeChange(Subject.CHANNEL_ORDER, "channels", before, after)


@dataclass(frozen=True, slots=True)
class SenderHit:
    """A sender (its organisation number, None where it is not known) by what changed for it; ``documents``
    are all that it sent.
    """

    sender: str | None
    documents: int
    changed: Mapping[Effect, Tally]

    @property
    def number(self) -> int:
        """How many of its documents fare otherwise."""
        return sum(tally.count for tally in self.changed.values())


@dataclass(frozen=True, slots=True)
class Sample:
    """A document that fares otherwise, decided by both rule books. ``file`` is the number of its file in the
    history, from 1.
    """

    compared: Compared
    file: int
    old: Screened
    new: Screened


@dataclass
class Impact:
    """A history of documents under both rule books.

    ``documents`` are all that came in, counted where the files were cut; ``rejected`` those of them that
    could not be read and so have no decision. ``undated`` have no send date, and were judged as if they were
    sent on the screening date. ``weeks`` are by the Monday of the send date, else of the issue date, else
    None.
    """

    groups: dict[Compared, Tally] = field(default_factory=dict)
    weeks: dict[date | None, dict[Effect, Tally]] = field(default_factory=dict)
    senders: list[SenderHit] = field(default_factory=list)
    senders_hit: int = 0
    samples: list[Sample] = field(default_factory=list)
    documents: int = 0
    rejected: int = 0
    undated: int = 0

    @property
    def decided(self) -> int:
        """Documents that both rule books decided."""
        return sum(tally.count for tally in self.groups.values())

    @property
    def changed(self) -> int:
        """Documents that fare otherwise."""
        return sum(t.count for each, t in self.groups.items() if each.effect in CHANGES)

    @property
    def is_looser(self) -> bool:
        """Whether less is in the way of any document than before."""
        return any(each.is_looser for each in self.groups)

    def effects(self) -> dict[Effect, Tally]:
        """Every effect, also those that no document has."""
        found = {effect: Tally() for effect in Effect}
        for each, tally in self.groups.items():
            found[each.effect].merge(tally)
        return found

    def moves(self) -> dict[tuple[Verdict, Verdict], Tally]:
        """By the old and the new decision."""
        found: dict[tuple[Verdict, Verdict], Tally] = {}
        for each, tally in self.groups.items():
            found.setdefault((each.old, each.new), Tally()).merge(tally)
        return found

    def causes(self) -> list[tuple[Effect, tuple[OutcomeChange, ...], Tally]]:
        """What each effect follows from, most documents first. A document is in one of them."""
        found: dict[tuple[Effect, tuple[OutcomeChange, ...]], Tally] = {}
        for each, tally in self.groups.items():
            if each.effect in CHANGES:
                found.setdefault((each.effect, each.cause), Tally()).merge(tally)
        return [
            (effect, cause, tally)
            for (effect, cause), tally in sorted(
                found.items(), key=lambda item: (-item[1].count, item[0])
            )
        ]

    def outcomes(self) -> list[tuple[OutcomeChange, dict[Effect, Tally]]]:
        """Every outcome that changed, by what became of the documents: also where nothing did, because
        another rule decides them. A document may be in several.
        """
        found: dict[OutcomeChange, dict[Effect, Tally]] = {}
        for each, tally in self.groups.items():
            for change in each.changes:
                found.setdefault(change, {}).setdefault(each.effect, Tally()).merge(tally)
        return sorted(found.items(), key=lambda item: (-_count(item[1]), item[0]))

    def missing(self) -> list[tuple[str, Tally]]:
        """The facts that newly held documents lack, most first. A document may be in several."""
        found: dict[str, Tally] = {}
        for each, tally in self.groups.items():
            for fact in each.missing:
                found.setdefault(fact, Tally()).merge(tally)
        return sorted(found.items(), key=lambda item: (-item[1].count, item[0]))

    def sample_order(self) -> Sequence[Compared]:
        """Groups that changed, the largest first."""
        changed = [each for each in self.groups if each.effect in CHANGES]
        return sorted(changed, key=lambda each: (-self.groups[each].count, each.effect, each.cause))


def _count(several: Mapping[Effect, Tally]) -> int:
    return sum(tally.count for tally in several.values())
