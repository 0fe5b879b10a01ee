"""A pytest plugin that keeps what came out of every scenario, step by step, for reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import pytest
from pytest_bdd.parser import Feature, Scenario, ScenarioTemplate, Step
from pytest_bdd.scenario import scenario_wrapper_template_registry

from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.case import Case
from fakturavakt.acceptance.example_rows import example_lines
from fakturavakt.acceptance.pytest_session import problems_of, put_to_the_test
from fakturavakt.acceptance.run_result import (
    FeatureResult,
    RuleOutcome,
    ScenarioResult,
    Status,
    StepResult,
)
from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.problems import Problem

_EXAMPLE: Final = "_pytest_bdd_example"


@dataclass
class _Running:
    """A scenario under way: its steps as they will be run, and what became of each."""

    template: ScenarioTemplate
    example: Mapping[str, str]
    example_line: int | None
    steps: list[Step]
    statuses: list[Status]
    errors: list[str | None]
    times: list[float]
    name: str
    seconds: float = 0.0
    status: Status = Status.NOT_RUN
    error: str | None = None
    outcomes: tuple[RuleOutcome, ...] = ()


@dataclass
class RunRecorder:
    """Register it with pytest: scenarios are then about ``tested``, and ``features()`` has what was run.

    Paths are shown from ``folder``.
    """

    folder: Path
    tested: BookUnderTest
    problems: list[Problem] = field(default_factory=list)
    collected: bool = False
    _running: dict[str, _Running] = field(default_factory=dict)
    _started: float = 0.0

    # -- what pytest tells -------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Before the plugin looks for a rule book of its own."""
        put_to_the_test(config, self.tested)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """What the lint found while features were collected."""
        self.problems += problems_of(session.config)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Every scenario that was found, before anything deselects it: what never runs is told of, too."""
        self.collected = bool(items)
        for item in items:
            template = self._template(item)
            if template is None:
                continue
            spec = getattr(item, "callspec", None)
            example: Mapping[str, str] = {} if spec is None else spec.params.get(_EXAMPLE, {})
            index = None if spec is None else spec.indices.get(_EXAMPLE)
            rendered = template.render(example)
            lines = example_lines(Path(template.feature.filename)).get(template.line_number, ())
            self._running[item.nodeid] = _Running(
                template,
                example,
                lines[index] if index is not None and index < len(lines) else None,
                rendered.steps,
                [Status.NOT_RUN] * len(rendered.steps),
                [None] * len(rendered.steps),
                [0.0] * len(rendered.steps),
                rendered.name,
            )

    @staticmethod
    def _template(item: pytest.Item) -> ScenarioTemplate | None:
        function = getattr(item, "obj", None)
        return scenario_wrapper_template_registry.get(function) if callable(function) else None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Any:  # noqa: ANN401 (pytest's own)
        """The time that the steps take."""
        started = perf_counter()
        try:
            return (yield)
        finally:
            if item.nodeid in self._running:
                self._running[item.nodeid].seconds = perf_counter() - started

    def pytest_bdd_before_scenario(
        self, request: pytest.FixtureRequest, feature: Feature, scenario: Scenario
    ) -> None:
        """The steps as they are run are those that hooks are told of."""
        del feature
        running = self._running.get(request.node.nodeid)
        if running is not None:
            running.steps = scenario.steps

    def pytest_bdd_before_step(self) -> None:
        """Its time begins."""
        self._started = perf_counter()

    def pytest_bdd_after_step(self, request: pytest.FixtureRequest, step: Step) -> None:
        """It passed."""
        self._set(request, step, Status.PASSED, None)

    def pytest_bdd_step_error(
        self, request: pytest.FixtureRequest, step: Step, exception: Exception
    ) -> None:
        """It failed: a scenario's own reason is told in words, any other as Python says it."""
        said = str(exception)
        if not isinstance(exception, ScenarioError):
            said = f"{type(exception).__name__}: {said}" if said else type(exception).__name__
        self._set(request, step, Status.FAILED, said)

    def pytest_bdd_step_func_lookup_error(
        self, request: pytest.FixtureRequest, step: Step, exception: Exception
    ) -> None:
        """No definition has such a sentence."""
        self._set(request, step, Status.FAILED, str(exception))

    def pytest_bdd_after_scenario(
        self, request: pytest.FixtureRequest, feature: Feature, scenario: Scenario
    ) -> None:
        """What the rules came to in it."""
        del feature, scenario
        running = self._running.get(request.node.nodeid)
        if running is not None and "case" in request.fixturenames + list(self._cached(request)):
            found = request.getfixturevalue("case")
            if isinstance(found, Case):
                running.outcomes = outcomes_of(found)

    @staticmethod
    def _cached(request: pytest.FixtureRequest) -> tuple[str, ...]:
        # Steps ask for fixtures when they are run, so that no scenario names them beforehand.
        return tuple(getattr(request, "_fixture_defs", {}))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """How it ended; what fails before or after its steps has failed."""
        running = self._running.get(report.nodeid)
        if running is None:
            return
        if report.failed:
            running.status = Status.FAILED
            running.error = running.error or str(report.longrepr)
        elif report.when == "call" and report.passed and running.status is Status.NOT_RUN:
            running.status = Status.PASSED

    def _set(
        self, request: pytest.FixtureRequest, step: Step, status: Status, error: str | None
    ) -> None:
        running = self._running.get(request.node.nodeid)
        if running is None:
            return
        for at, each in enumerate(running.steps):
            if each is step:
                running.statuses[at], running.errors[at] = status, error
                running.times[at] = perf_counter() - self._started

    # -- what came out -----------------------------------------------------------------------------

    def features(self) -> tuple[FeatureResult, ...]:
        """Every feature with its scenarios, in the order in which they were collected."""
        by_file: dict[str, list[_Running]] = {}
        for running in self._running.values():
            by_file.setdefault(running.template.feature.filename, []).append(running)
        return tuple(self._feature(each[0].template.feature, each) for each in by_file.values())

    def _feature(self, feature: Feature, found: list[_Running]) -> FeatureResult:
        return FeatureResult(
            file=self._shown(feature.filename),
            name=feature.name or "",
            language=feature.language,
            description=feature.description.strip(),
            tags=tuple(sorted(feature.tags)),
            scenarios=tuple(map(_scenario, found)),
            line=feature.line_number,
        )

    def _shown(self, file: str) -> str:
        path = Path(file)
        return (
            path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else file
        )


def _scenario(running: _Running) -> ScenarioResult:
    template = running.template
    background = len(template.all_background_steps)
    written = template.steps
    rule = template.rule
    tags = template.tags | template.feature.tags | (rule.tags if rule is not None else set())
    of_row = [
        examples
        for examples in template.examples
        if dict(running.example) in list(examples.as_contexts())
    ]
    tags = tags.union(*(examples.tags for examples in of_row))
    steps = tuple(
        StepResult(
            keyword=step.keyword.strip(),
            text=step.name,
            line=step.line_number,
            status=running.statuses[at],
            error=running.errors[at],
            table=_cells(step),
            docstring=step.docstring,
            background=at < background,
            template=written[at].name if written[at].name != step.name else None,
            seconds=running.times[at],
        )
        for at, step in enumerate(running.steps)
    )
    failed = next((step.error for step in steps if step.status is Status.FAILED), running.error)
    return ScenarioResult(
        name=running.name,
        line=template.line_number,
        status=running.status,
        steps=steps,
        seconds=running.seconds,
        rule_heading=None if rule is None else rule.name,
        example=tuple(running.example.items()),
        example_line=running.example_line,
        tags=tuple(sorted(tags)),
        error=failed if running.status is Status.FAILED else None,
        outcomes=running.outcomes,
        description=template.description.strip(),
        rule_description="" if rule is None else rule.description.strip(),
        example_heading=next((each.name for each in of_row if each.name), None),
    )


def _cells(step: Step) -> tuple[tuple[str, ...], ...]:
    if step.datatable is None:
        return ()
    return tuple(tuple(map(str, row)) for row in step.datatable.raw())


def outcomes_of(case: Case) -> tuple[RuleOutcome, ...]:
    """What rules came to in a scenario: those that its steps name, and those that had a say."""
    decision = case.decision
    if decision is None:
        return ()
    found: dict[str, str] = {each.rule: each.outcome for each in decision.findings}
    found |= {each.rule: "given" for each in decision.advice}
    eligible = {True: "eligible", False: "ineligible", None: "unknown"}
    for channel in decision.channels:
        if channel.channel in case.named or channel.channel == decision.channel:
            found[channel.channel] = eligible[channel.eligible]
    prohibitions = {rule.id for rule in case.tested.book.prohibitions}
    for name in case.named & prohibitions:
        found.setdefault(name, "not_broken")
    return tuple(RuleOutcome(rule, said, rule in case.named) for rule, said in found.items())
