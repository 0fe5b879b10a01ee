"""Outcomes to a decision (contract §4), once, for all engines.

Promises: the same document, rule book and screening date give the same decision to the byte. May
import: ``texts``, ``vocabulary``, ``intake``, ``rulebook``, ``engines``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, Literal, Protocol, TypeVar

from fakturavakt.engines.missing import MissingFact, missing_fact, missing_facts
from fakturavakt.engines.outcomes import SCOPE, About, Asked, Outcomes, Truth
from fakturavakt.intake.documents import DocumentSource
from fakturavakt.intake.facts import FactProblem, Facts, LineFacts
from fakturavakt.rulebook.conditions import Condition
from fakturavakt.rulebook.model import (
    UNKNOWN_LINES,
    Advice,
    Channel,
    ChannelRule,
    Prohibition,
    Rule,
    RuleBook,
    Wording,
)
from fakturavakt.texts import Text, listed, text
from fakturavakt.vocabulary.facts import LINE_PREFIX, Value, Vocabulary
from fakturavakt.vocabulary.forms import Flaw
from fakturavakt.vocabulary.own_facts import CURRENCY, NUMBER, PAYABLE_AMOUNT

_MESSAGES_MAX: Final = 4096
"""Messages that are kept with their fields filled in: most are said many times."""


class Verdict(StrEnum):
    """What becomes of an invoice."""

    SEND = "send"
    BLOCK = "block"
    HOLD = "hold"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Finding:
    """A prohibition that holds or is unknown; for a line rule with the lines that make it so. On trial it may
    also be a rule of a channel: it ``holds`` where the channel would be eligible by it.
    """

    rule: str
    outcome: Literal["holds", "unknown"]
    lines: tuple[str, ...]
    missing: tuple[str, ...]
    message: str
    remedy: str
    source: str


@dataclass(frozen=True, slots=True)
class ChannelDecision:
    """Whether a channel can carry the invoice: true, false, or None where it is unknown."""

    channel: str
    eligible: Truth
    missing: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class GivenAdvice:
    """What would help, without changing the decision; ``missing`` names the facts asked for."""

    rule: str
    missing: tuple[str, ...]
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class ReportedProblem:
    """A bad value of the document."""

    fact: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class EvidenceReference:
    """A register entry that gave facts."""

    line: str | None
    kind: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class RuleBookReference:
    """The rule book that decided."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What becomes of a document, and why, as far as the rules decide. Of any document with the same answers
    it says the same. The fields are keys of contract §4, in order.
    """

    decision: Verdict
    channel: str | None = None
    attempts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    channels: tuple[ChannelDecision, ...] = ()
    advice: tuple[GivenAdvice, ...] = ()
    trials: tuple[Finding, ...] | None = None
    """What rules on trial would have said; None where nobody asked, and then no key."""

    def as_json(self) -> str:
        """Its keys and values as they stand in the JSON of a decision."""
        said = []
        for key in self.__slots__:
            value = getattr(self, key)
            if key == "trials" and value is None:
                continue
            if key in ("findings", "channels", "advice", "trials"):  # the same ones again and again
                said.append(f'"{key}":[{",".join(map(_part_as_json, value))}]')
            else:
                said.append(f'"{key}":{_compact(_plain(value))}')
        return ",".join(said)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one document, and why. The fields are the keys of contract §4, in order; ``trials`` is
    there if somebody asked for it, and None else.
    """

    invoice: str | None
    document: DocumentSource
    decision: Verdict
    channel: str | None
    attempts: tuple[str, ...]
    missing: tuple[str, ...]
    findings: tuple[Finding, ...]
    channels: tuple[ChannelDecision, ...]
    advice: tuple[GivenAdvice, ...]
    trials: tuple[Finding, ...] | None
    problems: tuple[ReportedProblem, ...]
    evidence: tuple[EvidenceReference, ...]
    as_of: str
    rulebook: RuleBookReference

    def as_dict(self) -> dict[str, object]:
        """The decision as contract §4 writes it: plain mappings, lists, texts and truths."""
        found: dict[str, object] = _plain(self)
        if self.trials is None:
            del found["trials"]
        return found

    def as_json(self) -> str:
        """The decision on one line: compact JSON, letters unescaped."""
        return _compact(self.as_dict())


@lru_cache(maxsize=4096)
def _part_as_json(part: Finding | ChannelDecision | GivenAdvice) -> str:
    return _compact(_plain(part))


def _compact(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _plain(part: object) -> Any:  # noqa: ANN401 (what JSON can hold)
    """What :func:`dataclasses.asdict` gives, without its copying of every text."""
    if isinstance(part, tuple):
        return [_plain(item) for item in part]
    names = getattr(type(part), "__slots__", None)
    if names is None or isinstance(part, str):
        return part
    return {name: _plain(getattr(part, name)) for name in names}


class Found(Protocol):
    """What was found out about a document, by whatever engine."""

    def truth(self, question: Asked) -> Truth:
        """How it came out."""
        ...

    def lines_of(self, question: Asked) -> tuple[str, ...]:
        """The lines for which the rule, read for that line alone, came out as it did for all."""
        ...

    def missing(self, questions: Iterable[tuple[Asked, Condition]]) -> tuple[MissingFact, ...]:
        """What the unknown ones lack, without repeats, in the order of contract §2."""
        ...

    def absent(self, rule: Advice) -> tuple[MissingFact, ...]:
        """The facts that are not there of those that an advice asks for, in the same order."""
        ...


@dataclass(frozen=True, slots=True)
class FoundInFacts:
    """What an engine found that evaluates one document at a time."""

    facts: Facts
    outcomes: Outcomes
    vocabulary: Vocabulary

    def truth(self, question: Asked) -> Truth:
        return self.outcomes.whole[question]

    def lines_of(self, question: Asked) -> tuple[str, ...]:
        return tuple(line.name for line in self._lines_of(question))

    def _lines_of(self, question: Asked) -> list[LineFacts]:
        truth = self.truth(question)
        by_line = self.outcomes.by_line.get(question, ())
        return [
            line
            for line, alone in zip(self.facts.lines or (), by_line, strict=False)
            if alone is truth
        ]

    def missing(self, questions: Iterable[tuple[Asked, Condition]]) -> tuple[MissingFact, ...]:
        unknown = (condition for asked, condition in questions if self.truth(asked) is None)
        return missing_facts(unknown, self.facts, self.vocabulary)

    def absent(self, rule: Advice) -> tuple[MissingFact, ...]:
        on_lines = self._lines_of(Asked(About.RULE, rule.id))
        found = set()
        for fact in rule.asks_for:
            scopes: Sequence[LineFacts | None] = (
                on_lines if fact.startswith(LINE_PREFIX) else (None,)
            )
            for line in scopes:
                if not self.facts.has(fact, line):
                    found.add(missing_fact(fact, line, self.vocabulary))
        return tuple(sorted(found))


@dataclass
class Decider:
    """Makes the decisions of one run: one rule book, one screening date, one language; with ``trials`` each
    tells what the rules on trial would have said.
    """

    book: RuleBook
    as_of: date
    language: str
    trials: bool = False
    _sources: dict[str, str] = field(default_factory=dict)
    _messages: dict[tuple[str, tuple[str, ...], tuple[str, ...]], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Made once: a rule book may have hundreds, and nearly all of them are false of a document.
        self._prohibitions = _asked(self.book.prohibitions)
        self._on_trial = _asked(self.book.trials)
        self._advice = _asked(self.book.advice)

    def decide(self, facts: Facts, outcomes: Outcomes) -> Decision:
        """The decision on a document, from what an engine found."""
        concluded = self.conclude(FoundInFacts(facts, outcomes, self.book.vocabulary))
        number = facts.values.get(NUMBER)
        evidence = () if concluded.decision is Verdict.OUT_OF_SCOPE else facts.evidence
        return Decision(
            invoice=None if number is None else str(number),
            document=facts.source,
            **{name: getattr(concluded, name) for name in Conclusion.__slots__},
            problems=tuple(self.problem(problem) for problem in facts.problems),
            evidence=tuple(
                EvidenceReference(used.line, used.kind, used.reference) for used in evidence
            ),
            as_of=self.as_of.isoformat(),
            rulebook=RuleBookReference(self.book.name, self.book.version),
        )

    def conclude(self, found: Found) -> Conclusion:
        """What becomes of all documents about which the same was found."""
        scope = found.truth(SCOPE)
        if scope is False:
            return Conclusion(Verdict.OUT_OF_SCOPE, trials=() if self.trials else None)
        open_ = _not_false(self._prohibitions, found)
        truths = [truth for _, _, truth in open_]
        channels = tuple(self._channel(channel, found) for channel in self.book.channels)
        attempts: tuple[str, ...] = ()
        missing: tuple[MissingFact, ...] = ()
        if scope is True and True in truths:
            verdict = Verdict.BLOCK
        elif scope is None or None in truths:
            verdict = Verdict.HOLD
            conditions = [(asked, rule.condition) for rule, asked, _ in open_]
            missing = found.missing([(SCOPE, self.book.scope), *conditions])
        else:
            verdict = Verdict.SEND
            attempts = _attempts(channels)
        trials = _not_false(self._on_trial, found) if self.trials else []
        return Conclusion(
            decision=verdict,
            channel=attempts[-1] if attempts else None,
            attempts=attempts,
            missing=tuple(fact.path for fact in missing),
            findings=tuple(self._finding(*each, found) for each in open_),
            channels=channels,
            advice=tuple(
                self._given_advice(rule, found)
                for rule, asked in self._advice
                if found.truth(asked) is True
            ),
            trials=tuple(self._finding(*each, found) for each in trials) if self.trials else None,
        )

    def _finding(
        self, rule: Prohibition | ChannelRule, asked: Asked, truth: Truth, found: Found
    ) -> Finding:
        lines = found.lines_of(asked)
        # Only what is unknown lacks anything.
        missing = found.missing([(asked, rule.condition)]) if truth is None else ()
        held = Wording.ELIGIBLE if isinstance(rule, ChannelRule) else Wording.HOLDS
        wording = Wording.UNKNOWN if truth is None else held
        return Finding(
            rule=rule.id,
            outcome="unknown" if truth is None else "holds",
            lines=lines,
            missing=tuple(fact.path for fact in missing),
            message=self._message(rule.messages[wording], lines, missing),
            remedy=rule.remedy.say(self.language),
            source=self._source(rule),
        )

    def _channel(self, channel: Channel, found: Found) -> ChannelDecision:
        asked = Asked(About.CHANNEL, channel.name)
        eligible = found.truth(asked)
        rule = speaking_rule(channel, eligible, found.truth)
        missing = found.missing([(asked, channel.condition)]) if eligible is None else ()
        wording = {
            True: Wording.ELIGIBLE,
            False: Wording.INELIGIBLE,
            None: Wording.UNKNOWN,
        }[eligible]
        return ChannelDecision(
            channel=channel.name,
            eligible=eligible,
            missing=tuple(fact.path for fact in missing),
            message=self._message(rule.messages[wording], (), missing),
        )

    def _given_advice(self, rule: Advice, found: Found) -> GivenAdvice:
        missing = found.absent(rule)
        lines = found.lines_of(Asked(About.RULE, rule.id))
        return GivenAdvice(
            rule=rule.id,
            missing=tuple(fact.path for fact in missing),
            message=self._message(rule.messages[Wording.HOLDS], lines, missing),
            source=self._source(rule),
        )

    def _message(
        self, message: Text, lines: tuple[str, ...], missing: tuple[MissingFact, ...]
    ) -> str:
        facts = tuple(dict.fromkeys(fact.fact for fact in missing))
        wording = message.say(self.language)
        key = (wording, lines, facts)
        said = self._messages.get(key)
        if said is None:
            labels = dict.fromkeys(
                self.book.vocabulary[fact].label.say(self.language) for fact in facts
            )
            named = listed(lines, self.language) if lines else UNKNOWN_LINES.say(self.language)
            said = wording.format(lines=named, missing=listed(list(labels), self.language))
            if len(self._messages) >= _MESSAGES_MAX:
                self._messages.clear()
            self._messages[key] = said
        return said

    def _source(self, rule: Rule) -> str:
        if rule.id not in self._sources:
            self._sources[rule.id] = rule.source.say(self.language)
        return self._sources[rule.id]

    def problem(self, problem: FactProblem) -> ReportedProblem:
        """A bad value in words; what the value was is never repeated."""
        return ReportedProblem(
            problem.path, problem.flaw.value, PROBLEM_MESSAGES[problem.flaw].say(self.language)
        )


_SomeRule = TypeVar("_SomeRule", bound=Rule)


def _asked(rules: Iterable[_SomeRule]) -> tuple[tuple[_SomeRule, Asked], ...]:
    """Each with the question that is asked about it."""
    return tuple((rule, Asked(About.RULE, rule.id)) for rule in rules)


def _not_false(
    rules: Iterable[tuple[_SomeRule, Asked]], found: Found
) -> list[tuple[_SomeRule, Asked, Truth]]:
    """Those that hold or are unknown."""
    return [
        (rule, asked, truth) for rule, asked in rules if (truth := found.truth(asked)) is not False
    ]


def speaking_rule(
    channel: Channel, eligible: Truth, truth: Callable[[Asked], Truth]
) -> ChannelRule:
    """The rule whose message tells how a channel came out.

    The one that made it so; where none did, the one that is in force on the send date.
    """
    for rule in channel.rules:
        if truth(Asked(About.RULE, rule.id)) is eligible and eligible is not False:
            return rule
    for rule in channel.rules:
        in_force = rule.in_force is None or truth(Asked(About.IN_FORCE, rule.id))
        if in_force is not False:
            return rule
    return channel.rules[-1]


def _attempts(channels: Sequence[ChannelDecision]) -> tuple[str, ...]:
    """The channels that are not ineligible, in order, up to and with the first certain one."""
    found: list[str] = []
    for channel in channels:
        if channel.eligible is not False:
            found.append(channel.channel)
        if channel.eligible is True:
            break
    return tuple(found)


def amount_of(facts: Facts) -> tuple[Value | None, str | None]:
    """The payable amount in whole øre and its currency, as far as they are known."""
    amount = facts.values.get(PAYABLE_AMOUNT)
    currency = facts.values.get(CURRENCY)
    return amount, None if currency is None else str(currency)


PROBLEM_MESSAGES: Final[dict[Flaw, Text]] = {
    Flaw.TYPE: text(
        "Verdien er av feil type, og opplysningen regnes som ukjent.",
        "The value is of the wrong type, so the fact counts as unknown.",
    ),
    Flaw.CHOICE: text(
        "Verdien er ikke et av ordene som kan stå her, og opplysningen regnes som ukjent.",
        "The value is not one of the words that can stand here, so the fact counts as unknown.",
    ),
    Flaw.CHECK_DIGIT: text(
        "Kontrollsifferet stemmer ikke, og opplysningen regnes som ukjent.",
        "The check digit is wrong, so the fact counts as unknown.",
    ),
    Flaw.FORM: text(
        "Verdien har ikke riktig form, og opplysningen regnes som ukjent.",
        "The value is not written in the right form, so the fact counts as unknown.",
    ),
    Flaw.LINE_ID: text(
        "Linjen har ingen id som kan brukes (den mangler, er ugyldig eller er brukt av en tidligere "
        "linje), og kalles etter plassen sin.",
        "The line has no usable id (it is missing, not valid or taken by an earlier line), so it is "
        "called by its position.",
    ),
    Flaw.NO_LINES: text(
        "Fakturaen har ingen linjer, men beløpet å betale er ikke 0.",
        "The invoice has no lines, but the payable amount is not 0.",
    ),
    Flaw.CONFLICT: text(
        "Verdiene motsier hverandre, og opplysningen regnes som ukjent.",
        "The values contradict one another, so the fact counts as unknown.",
    ),
}
