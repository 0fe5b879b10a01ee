"""The parts of a feature, each with its line and column, and rows as pytest-bdd fills them in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pytest_bdd.parser import PARAM_RE, render_string

from fakturavakt.problems import Place, Problem
from fakturavakt.texts import Text


class At(Protocol):
    """Whatever has a place in the file."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of the file: a line of prose, a cell, a tag, a comment."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    cells: tuple[Written, ...]
    line: int
    column: int

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Docstring:
    """A text under a step. ``after_opening`` is what stands behind the first delimiter."""

    lines: tuple[Written, ...]
    after_opening: str
    delimiter: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Step:
    """``kind`` is that of the step before, where the keyword names none; None where there is no such step.
    ``said_so`` tells whether the keyword itself names the kind.
    """

    kind: str | None
    said_so: bool
    keyword: str
    text: str
    line: int
    column: int
    table: tuple[Row, ...] = ()
    docstring: Docstring | None = None

    def written(self) -> Iterator[Written]:
        """The step's text and the cells of its table."""
        yield Written(self.text, self.line, self.column)
        for row in self.table:
            yield from row.cells

    def filled(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """What is said with a row of examples filled in, the way pytest-bdd fills it."""
        parts = [each.text for each in self.written()]
        if self.docstring is not None:
            parts += [each.text for each in self.docstring.lines]
        return (str(self.kind), *(render_string(part, values) for part in parts))


@dataclass(frozen=True, slots=True)
class Examples:
    """A table of examples; ``header`` is None where there is no table."""

    header: Row | None
    rows: tuple[Row, ...]
    tags: tuple[Written, ...]
    description: tuple[Written, ...]
    line: int
    column: int

    @property
    def columns(self) -> tuple[str, ...]:
        return self.header.values if self.header else ()

    def filled_rows(self) -> Iterator[tuple[Row, Mapping[str, str]]]:
        """Each row with its values by column; of two columns of one name the last counts."""
        for row in self.rows:
            yield row, dict(zip(self.columns, row.values, strict=True))


@dataclass(frozen=True, slots=True)
class Background:
    """Steps before each scenario."""

    steps: tuple[Step, ...]
    description: tuple[Written, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario or an outline (``outline``: by its keyword). ``before`` are the steps of its backgrounds."""

    name: str
    outline: bool
    tags: tuple[Written, ...]
    description: tuple[Written, ...]
    before: tuple[Step, ...]
    steps: tuple[Step, ...]
    examples: tuple[Examples, ...]
    line: int
    column: int

    @property
    def all_steps(self) -> tuple[Step, ...]:
        return self.before + self.steps

    @property
    def runs(self) -> int:
        """How many times it should run."""
        return sum(len(each.rows) for each in self.examples) if self.examples else 1


@dataclass(frozen=True, slots=True)
class Block:
    """A feature, or a rule of one."""

    name: str
    tags: tuple[Written, ...]
    description: tuple[Written, ...]
    backgrounds: tuple[Background, ...]
    scenarios: tuple[Scenario, ...]
    rules: tuple[Block, ...]
    line: int
    column: int

    def all_scenarios(self) -> Iterator[Scenario]:
        """Those of its rules too, in the order in which pytest-bdd reads them."""
        yield from self.scenarios
        for rule in self.rules:
            yield from rule.all_scenarios()


@dataclass(frozen=True, slots=True)
class FeatureFile:
    """A feature as it was read; ``lines`` are the file's, from line 1."""

    file: str
    language: str
    feature: Block
    comments: tuple[Written, ...]
    lines: Sequence[str]


def columns_named_in(said: str) -> list[str]:
    """The ``<column>`` of a text, as pytest-bdd reads them."""
    found: list[str] = PARAM_RE.findall(said)
    return found


class Located:
    """Problems of one file."""

    def __init__(self, read: FeatureFile) -> None:
        self.read = read

    def problem(self, at: At, code: str, wrong: Text, expected: Text | None = None) -> Problem:
        """At a node of the tree."""
        return Problem(Place(self.read.file, at.line, at.column), code, wrong, expected)

    def part(self, of: Written, said: str) -> Written:
        """A part of something written, where it stands in the line."""
        at = self.read.lines[of.line - 1].find(said, of.column - 1)
        return Written(said, of.line, at + 1 if at >= 0 else of.column)
