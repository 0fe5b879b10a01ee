"""What came out of an acceptance run: every scenario, row by row and step by step.

The plugin fills these shapes; reports, the page and the history read them. Paths are as the run was given
them, lines count from 1, times are seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """How a step or a scenario ended. What was not run has not passed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step, with the values of its row filled in. ``keyword`` and ``text`` are as the feature writes them
    (``Og``, ``at linje 1 er en vare``). ``error`` says what was wrong, where the step failed. ``template`` is
    the text as the feature writes it, with its ``<columns>``, where a row filled them in.
    """

    keyword: str
    text: str
    line: int
    status: Status
    error: str | None = None
    table: tuple[tuple[str, ...], ...] = ()
    docstring: str | None = None
    background: bool = False
    template: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What a rule of the book came to in a scenario. ``rule`` is the id of a prohibition or an advice, or the
    name of a channel; ``outcome`` is one of the contract's words (``holds``, ``unknown``, ``eligible``,
    ``ineligible``, ``given``) or ``not_broken``. ``named`` tells whether a step of the scenario names it.
    """

    rule: str
    outcome: str
    named: bool


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """A scenario, or one row of its examples (``example``: column and value, in order).

    ``rule_heading`` is the ``Regel:`` that it stands under. ``tags`` are its own, its feature's, its rule's
    and its row's, without ``@``. ``outcomes`` are of the rules that it exercises. ``description`` and
    ``rule_description`` are prose below a name, ``example_heading`` is what a table of examples is called.
    """

    name: str
    line: int
    status: Status
    steps: tuple[StepResult, ...]
    seconds: float = 0.0
    rule_heading: str | None = None
    example: tuple[tuple[str, str], ...] = ()
    example_line: int | None = None
    tags: tuple[str, ...] = ()
    error: str | None = None
    outcomes: tuple[RuleOutcome, ...] = ()
    description: str = ""
    rule_description: str = ""
    example_heading: str | None = None


@dataclass(frozen=True, slots=True)
class FeatureResult:
    """A feature file. ``language`` is Gherkin's code (``no``, ``en``); ``description`` is its prose; ``line``
    is where it is named.
    """

    file: str
    name: str
    language: str
    description: str
    tags: tuple[str, ...]
    scenarios: tuple[ScenarioResult, ...]
    line: int = 1


@dataclass(frozen=True, slots=True)
class AcceptanceRun:
    """All of a run. ``rules`` is the folder of the rule book, as it was given; None for the one that ships.
    ``engines`` are those that every scenario was decided by.
    """

    program: str
    rules: str | None
    rulebook: str
    version: str
    engines: tuple[str, ...]
    started: datetime
    seconds: float
    features: tuple[FeatureResult, ...]

    def scenarios(self) -> Iterator[ScenarioResult]:
        """Every scenario, in the order of the features."""
        for feature in self.features:
            yield from feature.scenarios

    def count(self, status: Status) -> int:
        """How many scenarios ended so."""
        return sum(each.status is status for each in self.scenarios())

    @property
    def passed(self) -> bool:
        """Whether there was something to run, and all of it ran and passed."""
        found = [each.status for each in self.scenarios()]
        return bool(found) and all(status is Status.PASSED for status in found)
