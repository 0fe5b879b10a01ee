"""What rules look like in use: the cases beside them and the scenarios that name or trigger them.

Promises: a case or a scenario is an example of a rule where it names it, lies in the table beside it, or, of
a prohibition, makes it hold. How the rule came out is what the reference engine says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fakturavakt.desk.feature_documents import FeatureDocument, Scenario
from fakturavakt.desk.tried_facts import facts_of_case, facts_of_feature
from fakturavakt.engines.outcomes import Truth
from fakturavakt.engines.reference import disjunction, truth
from fakturavakt.intake.facts import Facts
from fakturavakt.rulebook.case_files import Case
from fakturavakt.rulebook.model import (
    Advice,
    ChannelRule,
    MigrationRow,
    Prohibition,
    Rule,
    RuleBook,
    Suggestion,
)


@dataclass(frozen=True, slots=True)
class CaseExample:
    """A case, and how the rule came out of it."""

    case: Case
    outcome: Truth


@dataclass(frozen=True, slots=True)
class ScenarioExample:
    """A scenario, and how often the rule came out how: an outline has a document for each of its rows."""

    scenario: Scenario
    outcomes: Mapping[Truth, int]


@dataclass(frozen=True, slots=True)
class Examples:
    """All examples of one rule, in the order of their files."""

    cases: tuple[CaseExample, ...] = ()
    scenarios: tuple[ScenarioExample, ...] = ()


class ExampleFinder:
    """Reads every case and every document of a scenario once, then finds examples of any rule.

    ``documents`` is empty where no features were run. A case that nobody has confirmed is no example.
    """

    def __init__(
        self, book: RuleBook, cases: Iterable[Case], documents: Sequence[FeatureDocument]
    ) -> None:
        self._book = book
        confirmed = [case for case in cases if case.confirmed]
        self._cases = [(case, facts_of_case(book, case)) for case in confirmed]
        self._documents = [(each.scenario, facts_of_feature(book, each)) for each in documents]

    def of_rule(self, rule: Rule) -> Examples:
        """The examples of a rule."""
        cases = []
        for case, facts in self._cases:
            outcome = _outcome(rule, facts)
            if self._names(case, rule) or (isinstance(rule, Prohibition) and outcome):
                cases.append(CaseExample(case, outcome))
        names = self._called(rule)
        outcomes: dict[Scenario, Counter[Truth]] = {}
        for scenario, facts in self._documents:
            outcome = _outcome(rule, facts)
            named = any(name in step for step in scenario.steps for name in names)
            if named or (isinstance(rule, Prohibition) and outcome):
                outcomes.setdefault(scenario, Counter())[outcome] += 1
        scenarios = (ScenarioExample(each, counted) for each, counted in outcomes.items())
        return Examples(tuple(cases), tuple(scenarios))

    def of_action(self, row: MigrationRow) -> Examples:
        """The cases that expect an action of the migration."""
        found = (
            CaseExample(case, truth(row.when, facts))
            for case, facts in self._cases
            if case.expected.action == row.action
        )
        return Examples(tuple(found))

    def _names(self, case: Case, rule: Rule) -> bool:
        expected = case.expected
        if rule.id in expected.rules or rule.id in expected.lines:
            return True
        match rule:
            case ChannelRule(channel=channel):
                if channel in expected.channels or expected.channel == channel:
                    return len(self._rules_of(channel)) == 1 or _beside(case, rule)
                return False
            case Advice(id=name):
                return name in (expected.advice or ())
            case _:
                return _beside(case, rule)

    def _rules_of(self, channel: str) -> Sequence[ChannelRule]:
        found = (each.rules for each in self._book.channels if each.name == channel)
        return next(found, ())  # all of its rules may be on trial

    def _called(self, rule: Rule) -> list[str]:
        """What steps call a rule: its id or its title, a channel by its own."""
        texts = [rule.title]
        names = [rule.id]
        if isinstance(rule, ChannelRule):
            texts += [each.title for each in self._book.channels if each.name == rule.channel]
            names.append(rule.channel)
        names += [each.say(language) for each in texts for language in self._book.languages]
        return [quoted for name in names for quoted in (f"«{name}»", f"“{name}”", f'"{name}"')]


def _beside(case: Case, rule: Rule) -> bool:
    """Whether the case stands in the table that is called as the rule's file."""
    table, file = Path(case.place.file), Path(rule.place.file)
    return table.parent == file.parent and table.name.split(".")[0] == file.stem


def _outcome(rule: Rule, facts: Facts) -> Truth:
    if not isinstance(rule, Suggestion):
        return truth(rule.condition, facts)
    if facts.lines is None:
        return None
    return disjunction(truth(rule.when, facts, line) for line in facts.lines)
