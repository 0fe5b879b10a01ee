"""The living documentation of a rule book: its features with their results, tied to its rules and to the
clauses of its source. What is gathered here, a page and a site show.

Promises: every scenario of the run is in it once; whatever refers to another place gives an anchor that is
there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import PurePath

from fakturavakt.acceptance.anchors import Anchors
from fakturavakt.acceptance.outlines import Outline, outline_of
from fakturavakt.acceptance.run_history import RunRecord, with_run
from fakturavakt.acceptance.run_result import (
    AcceptanceRun,
    FeatureResult,
    RuleOutcome,
    ScenarioResult,
    Status,
    StepResult,
)
from fakturavakt.acceptance.run_words import is_told, status_of
from fakturavakt.acceptance.source_clauses import Coverage, coverage
from fakturavakt.rulebook.clause_files import Clause
from fakturavakt.rulebook.model import Advice, ChannelRule, Prohibition, RuleBook
from fakturavakt.texts import Text


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule came to in a scenario, in so many of its rows. ``anchor`` is the rule's; None where the
    rule book has no such rule.
    """

    kind: str
    title: Text | None
    outcome: RuleOutcome
    rows: int
    anchor: str | None


@dataclass(frozen=True, slots=True)
class ToldScenario:
    """A scenario, or an outline with all of its rows. ``effects`` are those that it shows, not those that
    only let it pass; ``clauses`` are the names of clauses that it is tagged with, ``tags`` its other tags.
    ``row_anchors`` are those of the rows of its tables, by number.
    """

    anchor: str
    feature: FeatureResult
    rows: tuple[ScenarioResult, ...]
    outline: Outline
    effects: tuple[Effect, ...]
    clauses: tuple[str, ...]
    tags: tuple[str, ...]
    row_anchors: Mapping[int, str]

    @property
    def status(self) -> Status:
        """Passed where all rows did."""
        return status_of(self.rows)


@dataclass(frozen=True, slots=True)
class Part:
    """The scenarios under a rule's heading (None: those before the first), with their own background."""

    heading: str | None
    description: str
    background: tuple[StepResult, ...]
    scenarios: tuple[ToldScenario, ...]


@dataclass(frozen=True, slots=True)
class ToldFeature:
    """A feature. ``background`` is what all of its scenarios begin with."""

    anchor: str
    result: FeatureResult
    background: tuple[StepResult, ...]
    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        """What it is called; one without a name is called as its file."""
        return self.result.name or PurePath(self.result.file).stem

    @property
    def status(self) -> Status:
        """Passed where all scenarios did."""
        return status_of(self.result.scenarios)


@dataclass(frozen=True, slots=True)
class Use:
    """A scenario that exercises a rule: outcomes, and in how many rows. ``told``: it shows what the rule
    does.
    """

    scenario: ToldScenario
    outcomes: Mapping[str, int]
    told: bool


@dataclass(frozen=True, slots=True)
class ToldRule:
    """A prohibition, a channel with its rules, or an advice. ``kind`` is one of those words."""

    anchor: str
    kind: str
    name: str
    title: Text
    rules: tuple[Prohibition | ChannelRule | Advice, ...]
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldClause:
    """A clause with what is tagged with it: whole ``features``, and ``scenarios`` of others. ``guarantees``
    are the titles of those that cover it; ``status`` is None where no scenario is about it.
    """

    anchor: str
    clause: Clause
    features: tuple[ToldFeature, ...]
    scenarios: tuple[ToldScenario, ...]
    guarantees: tuple[Text, ...]
    status: Status | None


@dataclass(frozen=True, slots=True)
class LivingDocument:
    """All of it; ``history`` ends with the run itself."""

    run: AcceptanceRun
    book: RuleBook
    features: tuple[ToldFeature, ...]
    rules: tuple[ToldRule, ...]
    clauses: tuple[ToldClause, ...]
    history: tuple[RunRecord, ...]

    def failed(self) -> Iterator[tuple[ToldScenario, ScenarioResult]]:
        """Each scenario or row that did not pass."""
        for feature in self.features:
            for part in feature.parts:
                for scenario in part.scenarios:
                    for row in scenario.rows:
                        if row.status is not Status.PASSED:
                            yield scenario, row


def living_document(
    run: AcceptanceRun,
    book: RuleBook,
    clauses: Sequence[Clause],
    history: Sequence[RunRecord],
    reserved: Iterable[str] = (),
) -> LivingDocument:
    """Gathered from a run over ``book``. ``reserved`` are anchors that a page has of its own."""
    return _Writer(run, book, clauses, history, reserved).document()


@dataclass
class _Writer:
    run: AcceptanceRun
    book: RuleBook
    clauses: Sequence[Clause]
    history: Sequence[RunRecord]
    reserved: Iterable[str]
    anchors: Anchors = field(default_factory=Anchors)
    uses: dict[tuple[str, str], list[Use]] = field(default_factory=dict)

    def document(self) -> LivingDocument:
        for name in self.reserved:
            self.anchors.unique(name)
        clause_anchors = {
            each.name: self.anchors.give("clause", each.name) for each in self.clauses
        }
        rules = {(rule.kind, rule.name): rule for rule in self._rules()}
        features = tuple(self._feature(each, rules) for each in self.run.features)
        return LivingDocument(
            run=self.run,
            book=self.book,
            features=features,
            rules=tuple(
                ToldRule(
                    each.anchor, each.kind, each.name, each.title, each.rules, self._uses_of(key)
                )
                for key, each in rules.items()
            ),
            clauses=tuple(
                self._clause(each, clause_anchors[each.clause.name], features)
                for each in coverage(self.clauses, self.run.features)
            ),
            history=with_run(self.history, self.run),
        )

    def _clause(
        self, covered: Coverage, anchor: str, features: Sequence[ToldFeature]
    ) -> ToldClause:
        name = covered.clause.name
        return ToldClause(
            anchor,
            covered.clause,
            tuple(each for each in features if each.parts and name in each.result.tags),
            tuple(
                scenario
                for each in features
                if name not in each.result.tags
                for part in each.parts
                for scenario in part.scenarios
                if name in scenario.clauses
            ),
            tuple(each.title for each in self.book.guarantees if name in each.covers),
            covered.status,
        )

    def _rules(self) -> Iterator[ToldRule]:
        def told(
            kind: str, name: str, title: Text, *rules: Prohibition | ChannelRule | Advice
        ) -> ToldRule:
            return ToldRule(self.anchors.give(kind, name), kind, name, title, rules)

        for prohibition in self.book.prohibitions:
            yield told("prohibition", prohibition.id, prohibition.title, prohibition)
        for channel in self.book.channels:
            yield told("channel", channel.name, channel.title, *channel.rules)
        for advice in self.book.advice:
            yield told("advice", advice.id, advice.title, advice)

    # -- features ------------------------------------------------------------------------------------

    def _feature(
        self, feature: FeatureResult, rules: Mapping[tuple[str, str], ToldRule]
    ) -> ToldFeature:
        stem = PurePath(feature.file).stem
        anchor = self.anchors.give("feature", stem)
        everywhere = _shared_background(feature.scenarios)
        lines = {step.line for step in everywhere}
        parts = tuple(
            self._part(feature, stem, tuple(found), lines, rules)
            for _, found in groupby(feature.scenarios, key=lambda each: each.rule_heading)
        )
        return ToldFeature(anchor, feature, everywhere, parts)

    def _part(
        self,
        feature: FeatureResult,
        stem: str,
        scenarios: tuple[ScenarioResult, ...],
        told: set[int],
        rules: Mapping[tuple[str, str], ToldRule],
    ) -> Part:
        own = tuple(step for step in _shared_background(scenarios) if step.line not in told)
        grouped = groupby(scenarios, key=lambda each: (each.line, bool(each.example)))
        first = scenarios[0]
        return Part(
            first.rule_heading,
            first.rule_description,
            own,
            tuple(self._scenario(feature, stem, tuple(rows), rules) for _, rows in grouped),
        )

    def _scenario(
        self,
        feature: FeatureResult,
        stem: str,
        rows: tuple[ScenarioResult, ...],
        rules: Mapping[tuple[str, str], ToldRule],
    ) -> ToldScenario:
        outline = outline_of(rows)
        anchor = self.anchors.give("scenario", stem, outline.name)
        row_anchors = {
            row.number: self.anchors.unique(f"{anchor}-{row.number}")
            for table in outline.tables
            for row in table.rows
        }
        counted: dict[tuple[str, str], dict[str, int]] = {}
        shown: dict[tuple[str, str, str], tuple[RuleOutcome, int]] = {}
        for row in rows:
            for outcome in row.outcomes:
                key = (_kind_of(outcome, rules), outcome.rule)
                of_rule = counted.setdefault(key, {})
                of_rule[outcome.outcome] = of_rule.get(outcome.outcome, 0) + 1
                if is_told(outcome):
                    before = shown.get((*key, outcome.outcome), (outcome, 0))[1]
                    shown[(*key, outcome.outcome)] = (outcome, before + 1)
        tags = tuple(dict.fromkeys(tag for row in rows for tag in row.tags))
        names = [clause.name for clause in self.clauses]
        scenario = ToldScenario(
            anchor,
            feature,
            rows,
            outline,
            tuple(
                Effect(
                    kind,
                    rules[kind, rule].title if (kind, rule) in rules else None,
                    outcome,
                    number,
                    rules[kind, rule].anchor if (kind, rule) in rules else None,
                )
                for (kind, rule, _), (outcome, number) in shown.items()
            ),
            tuple(name for name in names if name in tags),
            tuple(tag for tag in tags if tag not in names),
            row_anchors,
        )
        for (kind, rule), outcomes in counted.items():
            told = any(key[:2] == (kind, rule) for key in shown)
            self.uses.setdefault((kind, rule), []).append(Use(scenario, outcomes, told))
        return scenario

    def _uses_of(self, key: tuple[str, str]) -> tuple[Use, ...]:
        return tuple(self.uses.get(key, ()))


def _kind_of(outcome: RuleOutcome, rules: Mapping[tuple[str, str], ToldRule]) -> str:
    """A channel may be called as a prohibition is: then the outcome tells which is meant."""
    kinds = [kind for kind, name in rules if name == outcome.rule]
    by_outcome = {
        "eligible": "channel",
        "ineligible": "channel",
        "given": "advice",
        "not_broken": "prohibition",
        "holds": "prohibition",
    }
    meant = by_outcome.get(outcome.outcome)
    return meant if meant in kinds else next(iter(kinds), "")


def _shared_background(scenarios: Sequence[ScenarioResult]) -> tuple[StepResult, ...]:
    """The steps of a background that all of them begin with."""
    if not scenarios:
        return ()
    lines = [{step.line for step in each.steps if step.background} for each in scenarios]
    shared = set.intersection(*lines)
    return tuple(step for step in scenarios[0].steps if step.background and step.line in shared)
