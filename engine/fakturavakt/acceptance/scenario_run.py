"""Scenarios run without pytest: each step's one definition, called with the invoice under way.

What the program writes itself is run so before it is handed out; a project's own steps are not known here.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pytest_bdd.parser import render_string

from fakturavakt.acceptance.case import Case
from fakturavakt.acceptance.feature_syntax import feature_in
from fakturavakt.acceptance.feature_tree import Scenario, Step
from fakturavakt.acceptance.known_steps import DOCSTRING, TABLE, shipped_steps
from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.acceptance.step_definitions import DEFINITIONS, StepDefinition
from fakturavakt.texts import text

Row = Mapping[str, str]
"""A row of examples; a plain scenario has one, and it is empty."""


def scenarios_in(feature: str) -> Iterator[tuple[Scenario, Row]]:
    """The scenarios of a feature's text, each with its row; ``ProblemsError`` where it cannot be read."""
    for scenario in feature_in(feature, Path("scenario.feature")).feature.all_scenarios():
        rows = [row for examples in scenario.examples for _, row in examples.filled_rows()]
        for row in rows if scenario.examples else [{}]:
            yield scenario, row


def run_scenario(scenario: Scenario, row: Row, case: Case) -> None:
    """Let each step do what it says; :class:`ScenarioError` at the first that cannot, or does not hold."""
    run_steps(scenario.all_steps, row, case)


def run_steps(steps: Sequence[Step], row: Row, case: Case) -> None:
    """The same, of some steps."""
    shipped_steps()
    for step in steps:
        said = render_string(step.text, row)
        definition = definition_of(str(step.kind), said)
        arguments: dict[str, object] = dict(definition.parser.parse_arguments(said) or {})
        if definition.takes_table:
            arguments[TABLE] = [
                [render_string(cell, row) for cell in each.values] for each in step.table
            ]
        if definition.takes_docstring and step.docstring is not None:
            lines = "\n".join(line.text for line in step.docstring.lines)
            arguments[DOCSTRING] = render_string(lines, row)
        if "case" in inspect.signature(definition.function).parameters:
            arguments["case"] = case
        definition.function(**arguments)


def definition_of(kind: str, said: str) -> StepDefinition:
    """The one definition that a step is told by; :class:`ScenarioError` where it is none or several."""
    found = [each for each in DEFINITIONS if each.kind == kind and each.matches(said)]
    if len(found) != 1:
        raise ScenarioError((_SEVERAL if found else _NO_STEP).filled(said=said))
    return found[0]


_NO_STEP: Final = text("Ukjent steg «{said}».", "Unknown step “{said}”.")
_SEVERAL: Final = text(
    "Steget «{said}» passer med flere.", "The step “{said}” matches several definitions."
)
