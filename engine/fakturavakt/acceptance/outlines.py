"""A scenario as a feature writes it, put together again from its rows: steps once, and a table for each of
its examples. A plain scenario is one with a single row and no table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from fakturavakt.acceptance.run_result import ScenarioResult, Status, StepResult


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A step. ``text`` has its ``<columns>`` where rows fill them in; ``status`` and ``error`` are there only
    in a plain scenario and in a row: in an outline each row has its own.
    """

    keyword: str
    text: str
    table: tuple[tuple[str, ...], ...]
    docstring: str | None
    status: Status | None
    error: str | None
    background: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of examples. ``number`` counts from 1 over all tables of the outline."""

    number: int
    values: tuple[str, ...]
    scenario: ScenarioResult


@dataclass(frozen=True, slots=True)
class ExampleTable:
    """Rows with the same columns. ``heading`` is what the feature calls them."""

    heading: str | None
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """``steps`` is None where rows differ in more than their columns say: then each row shows its own."""

    name: str
    steps: tuple[ToldStep, ...] | None
    tables: tuple[ExampleTable, ...]


def outline_of(scenarios: Sequence[ScenarioResult]) -> Outline:
    """Of a plain scenario, or of all rows of one outline."""
    if len(scenarios) == 1 and not scenarios[0].example:
        (only,) = scenarios
        return Outline(only.name, tuple(map(told_step, shown_steps(only))), ())
    values = [dict(each.example) for each in scenarios]
    name = template_of([each.name for each in scenarios], values) or scenarios[0].name
    return Outline(name, _steps(scenarios, values), tuple(_tables(scenarios)))


def shown_steps(scenario: ScenarioResult) -> tuple[StepResult, ...]:
    """Its own steps. What the background says is said once elsewhere, unless it failed here."""
    return tuple(
        step for step in scenario.steps if not step.background or step.status is Status.FAILED
    )


def told_step(step: StepResult) -> ToldStep:
    """A step with its result."""
    return ToldStep(
        step.keyword,
        step.text,
        step.table,
        step.docstring,
        step.status,
        step.error,
        step.background,
    )


def _steps(
    scenarios: Sequence[ScenarioResult], values: Sequence[Mapping[str, str]]
) -> tuple[ToldStep, ...] | None:
    by_row = [[step for step in each.steps if not step.background] for each in scenarios]
    if len({len(steps) for steps in by_row}) != 1:
        return None
    found = []
    for same in zip(*by_row, strict=True):
        first = same[0]
        text = first.template or template_of([step.text for step in same], values)
        docstring = template_of([step.docstring or "" for step in same], values)
        table = _table(same, values)
        if text is None or docstring is None or table is None:
            return None
        said = docstring if first.docstring is not None else None
        found.append(ToldStep(first.keyword, text, table, said, None, None, background=False))
    return tuple(found)


def _table(
    same: Sequence[StepResult], values: Sequence[Mapping[str, str]]
) -> tuple[tuple[str, ...], ...] | None:
    forms = {tuple(map(len, step.table)) for step in same}
    if len(forms) != 1:
        return None
    rows: list[tuple[str, ...]] = []
    for lines in zip(*(step.table for step in same), strict=True):
        cells = [template_of(list(cells), values) for cells in zip(*lines, strict=True)]
        if any(cell is None for cell in cells):
            return None
        rows.append(tuple(cell or "" for cell in cells))
    return tuple(rows)


def template_of(texts: Sequence[str], values: Sequence[Mapping[str, str]]) -> str | None:
    """The text with ``<columns>`` that gives each of ``texts`` with the values of its row; None where none
    does.

    A value may stand in a text by chance: what is taken for a column must be one in all rows.
    """
    if len(set(texts)) == 1:
        return texts[0]
    for text, row in zip(texts, values, strict=True):
        found = _with_columns(text, row)
        if all(_filled(found, each) == said for said, each in zip(texts, values, strict=True)):
            return found
    return None


def _with_columns(text: str, row: Mapping[str, str]) -> str:
    columns = {value: column for column, value in row.items() if value}
    if not columns:
        return text
    longest_first = sorted(columns, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest_first))
    return re.sub(pattern, lambda found: f"<{columns[found[0]]}>", text)


def _filled(template: str, row: Mapping[str, str]) -> str:
    return re.sub(r"<([^<>]+)>", lambda found: row.get(found[1], found[0]), template)


def _tables(scenarios: Sequence[ScenarioResult]) -> Iterator[ExampleTable]:
    number = 0
    for (heading, columns), found in groupby(scenarios, key=_form):
        rows = []
        for each in found:
            number += 1
            rows.append(Row(number, tuple(value for _, value in each.example), each))
        yield ExampleTable(heading, columns, tuple(rows))


def _form(scenario: ScenarioResult) -> tuple[str | None, tuple[str, ...]]:
    return scenario.example_heading, tuple(column for column, _ in scenario.example)
