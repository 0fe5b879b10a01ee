"""All that a scenario can see of a document under a rule book: what it takes to know which scenarios could
notice that the rule book was changed, without running them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any, Final

from fakturavakt.agreements import sender_agreements
from fakturavakt.decision import Decider, Decision
from fakturavakt.engines.reference import ReferenceEngine, truth
from fakturavakt.intake.facts import Facts
from fakturavakt.rulebook.in_force import has_days_in
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import NORWEGIAN
from fakturavakt.vocabulary.own_facts import SEND_DATE

AGREEMENTS: Final = "agreements"
PROPERTIES: Final = "properties"
SUGGESTIONS: Final = "suggestions"
_NO_OUTCOME: Final = ("document", "rulebook")
_OF_DECISION: Final = tuple(f.name for f in fields(Decision) if f.name not in _NO_OUTCOME)


@dataclass(frozen=True)
class ScenarioDocument:
    """What a scenario put to the test: a document's facts, and the screening date."""

    facts: Facts
    as_of: date


@dataclass
class Outlook:
    """A rule book, and what comes out under it, part by part: the keys of the decision, the sender's
    agreements, the channels' properties, the suggestions line by line.
    """

    book: RuleBook
    _deciders: dict[date, Decider] = field(default_factory=dict)

    @cached_property
    def _engine(self) -> ReferenceEngine:
        return ReferenceEngine(self.book)

    def outcomes(
        self, document: ScenarioDocument, *, decided: bool, judged: bool
    ) -> Mapping[str, object]:
        """What comes out of a document, part by part; with the decision on it only if it is ``decided``, with
        the agreements of its sender only if they are ``judged``.
        """
        found: dict[str, object] = {PROPERTIES: self._properties(document)}
        if decided:
            found |= self._decision(document)
            found[SUGGESTIONS] = self._suggestions(document)
        if judged:
            found[AGREEMENTS] = self._agreements(document)
        return found

    def differences(
        self, document: ScenarioDocument, before: Mapping[str, object]
    ) -> tuple[str, ...]:
        """The parts that come out otherwise than they did before."""
        found = self.outcomes(document, decided=SUGGESTIONS in before, judged=AGREEMENTS in before)
        return tuple(key for key, outcome in found.items() if outcome != before[key])

    def _decision(self, document: ScenarioDocument) -> Mapping[str, object]:
        decider = self._deciders.get(document.as_of)
        if decider is None:
            decider = Decider(self.book, document.as_of, NORWEGIAN)
            self._deciders[document.as_of] = decider
        decision = decider.decide(document.facts, self._engine.evaluate(document.facts))
        return {name: getattr(decision, name) for name in _OF_DECISION}

    def _agreements(self, document: ScenarioDocument) -> list[Mapping[str, Any]]:
        found = sender_agreements(
            [document.facts], self.book, document.as_of, NORWEGIAN, lambda _said: None
        )
        return [
            {f.name: getattr(each, f.name) for f in fields(each) if f.name not in _NO_OUTCOME}
            for each in found
        ]

    def _properties(self, document: ScenarioDocument) -> list[object]:
        """Of the rules in force on the send date; of all of them, where that is not known."""
        sent = document.facts.values.get(SEND_DATE)
        first, last = date.min, date.max
        if isinstance(sent, int):
            first = last = date.fromordinal(sent)
        return [
            (channel.name, rule.id, rule.properties)
            for channel in self.book.channels
            for rule in channel.rules
            if has_days_in(rule.window, first, last)
        ]

    def _suggestions(self, document: ScenarioDocument) -> list[tuple[object, ...]]:
        return [
            tuple(
                rule.kind
                for rule in self.book.suggestions
                if truth(rule.condition, document.facts, line) is True
            )
            for line in document.facts.lines or ()
        ]
