"""Scenarios run without pytest: each step's one definition, called with the invoice under way.

What the program writes itself is run so before it is handed out; a project's own steps are not known here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gherkin.parser import Parser

from fakturavakt.acceptance import given_steps, sender_steps, then_steps, when_steps  # noqa: F401
from fakturavakt.acceptance.case import Case
from fakturavakt.acceptance.names import ScenarioError
from fakturavakt.acceptance.step_definitions import DEFINITIONS, Kind, StepDefinition
from fakturavakt.texts import text

_KINDS: Final[Mapping[str, Kind]] = {"Context": "given", "Action": "when", "Outcome": "then"}
_COLUMN: Final = re.compile(r"<([^<>]+)>")
_Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """One step, as a feature writes it."""

    kind: Kind
    text: str
    line: int
    table: tuple[tuple[str, ...], ...] | None = None
    docstring: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenScenario:
    """One scenario, or a row of its examples; its steps begin with those of its background."""

    name: str
    steps: tuple[WrittenStep, ...]


def scenarios_in(feature: str) -> Iterator[WrittenScenario]:
    """The scenarios of a feature's text, in order. Raises what gherkin raises where it is none."""
    document: _Node = Parser().parse(feature)
    yield from _scenarios(document["feature"], ())


def _scenarios(node: _Node, before: tuple[_Node, ...]) -> Iterator[WrittenScenario]:
    for child in node["children"]:
        if "background" in child:
            before = (*before, *child["background"]["steps"])
        elif "rule" in child:
            yield from _scenarios(child["rule"], before)
        else:
            scenario = child["scenario"]
            steps = (*before, *scenario["steps"])
            for row in _rows(scenario):
                yield WrittenScenario(scenario["name"], tuple(_steps(steps, row)))


def _rows(scenario: _Node) -> Iterator[Mapping[str, str]]:
    if not scenario["examples"]:
        yield {}
    for table in scenario["examples"]:
        header = [cell["value"] for cell in table["tableHeader"]["cells"]]
        for row in table["tableBody"]:
            yield dict(zip(header, (cell["value"] for cell in row["cells"]), strict=True))


def _steps(steps: Sequence[_Node], row: Mapping[str, str]) -> Iterator[WrittenStep]:
    def filled(written: str) -> str:
        return _COLUMN.sub(lambda found: row.get(found[1], found[0]), written)

    kind: Kind = "given"
    for step in steps:
        kind = _KINDS.get(step["keywordType"], kind)
        table = docstring = None
        if "dataTable" in step:
            table = tuple(
                tuple(filled(cell["value"]) for cell in each["cells"])
                for each in step["dataTable"]["rows"]
            )
        if "docString" in step:
            docstring = filled(step["docString"]["content"])
        yield WrittenStep(kind, filled(step["text"]), step["location"]["line"], table, docstring)


def run_steps(steps: Sequence[WrittenStep], case: Case) -> None:
    """Let each step do what it says; :class:`ScenarioError` at the first that cannot, or does not hold."""
    for step in steps:
        definition = definition_of(step)
        arguments: dict[str, object] = dict(definition.parser.parse_arguments(step.text) or {})
        if definition.takes_table:
            arguments["datatable"] = [list(row) for row in step.table or ()]
        if definition.takes_docstring:
            arguments["docstring"] = step.docstring or ""
        if "case" in inspect.signature(definition.function).parameters:
            arguments["case"] = case
        definition.function(**arguments)


def definition_of(step: WrittenStep) -> StepDefinition:
    """The one definition that a step is told by; :class:`ScenarioError` where it is none or several."""
    found = [each for each in DEFINITIONS if each.kind == step.kind and each.matches(step.text)]
    if len(found) != 1:
        wrong = _SEVERAL if found else _NO_STEP
        raise ScenarioError(wrong.filled(said=step.text))
    return found[0]


_NO_STEP: Final = text("Ukjent steg «{said}».", "Unknown step “{said}”.")
_SEVERAL: Final = text(
    "Steget «{said}» passer med flere.", "The step “{said}” matches several definitions."
)
