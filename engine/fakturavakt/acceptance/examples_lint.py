"""Looks at the examples of a scenario: rows, columns, and what steps name in angle brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pytest_bdd.parser import PARAM_RE

from fakturavakt.acceptance.feature_tree import (
    Examples,
    Located,
    Row,
    Scenario,
    Written,
    columns_named_in,
)
from fakturavakt.problems import Problem, nearest
from fakturavakt.texts import text

HALF: Final = re.compile(r"(?<![\w<>])<[^\W\d][\w-]*|[\w-]*[^\W\d]>(?![\w<>=])")
"""``<day`` and ``day>``; not ``<5`` or ``a>b``."""


class ExamplesLint(Located):
    """Judges the examples of one scenario after another."""

    def problems(self, scenario: Scenario) -> Iterator[Problem]:
        """All of its examples, and of the columns that its steps name."""
        yield from self._tables(scenario)
        yield from self._columns(scenario)

    def _tables(self, scenario: Scenario) -> Iterator[Problem]:
        if scenario.outline and not scenario.examples:
            wrong = text("Scenariomalen har ingen eksempler.", "The outline has no examples.")
            yield self.problem(scenario, "outline-without-examples", wrong)
        for examples in scenario.examples:
            if not examples.rows:
                wrong = text("Eksemplene har ingen rader.", "The examples have no rows.")
                yield self.problem(examples, "examples-without-rows", wrong)
            if examples.header is not None:
                yield from self.header(examples.header)
            for row in examples.rows:
                for cell in row.cells:
                    for name in columns_named_in(cell.text):
                        if name in examples.columns:
                            yield self.problem(
                                cell,
                                "placeholder-in-row",
                                text(
                                    f"«<{name}>» i en rad fylles ikke ut.",
                                    f"“<{name}>” in a row is not filled in.",
                                ),
                                text("Skriv selve verdien.", "Write the value itself."),
                            )

    def header(self, header: Row) -> Iterator[Problem]:
        """Of the examples, or of a table that a step reads by its headings."""
        for number, cell in enumerate(header.cells):
            if cell.text in header.values[:number]:
                yield self.problem(
                    cell,
                    "column-twice",
                    text(
                        f"Kolonnen «{cell.text}» står to ganger; bare den siste teller.",
                        f"The column “{cell.text}” stands twice; only the last counts.",
                    ),
                )

    def _columns(self, scenario: Scenario) -> Iterator[Problem]:
        written = [Written(scenario.name, scenario.line, scenario.column)]
        written += [each for step in scenario.all_steps for each in step.written()]
        free = [
            line
            for step in scenario.all_steps
            if step.docstring is not None
            for line in step.docstring.lines
        ]
        tables = [each.columns for each in scenario.examples if each.header is not None]
        for each in written:
            for name in columns_named_in(each.text):
                yield from self._column(each, name, tables)
            half = HALF.search(PARAM_RE.sub("", each.text))
            if half and (scenario.outline or scenario.examples):
                name = half[0].strip("<>")
                yield self.problem(
                    self.part(each, half[0]),
                    "broken-placeholder",
                    text(
                        f"«{half[0]}» mangler den ene vinkelparentesen.",
                        f"“{half[0]}” lacks one of its angle brackets.",
                    ),
                    text(f"Mente du «<{name}>»?", f"Did you mean “<{name}>”?"),
                )
        for line in free:  # XML in a text is no placeholder; what is a slip away from one is
            for name in columns_named_in(line.text):
                if any(nearest(name, columns, at_least=0.8) for columns in tables):
                    yield from self._column(line, name, tables)
        used = {name for each in [*written, *free] for name in columns_named_in(each.text)}
        for examples in scenario.examples:
            yield from self._unused(examples, used)

    def _column(self, at: Written, name: str, tables: Sequence[Sequence[str]]) -> Iterator[Problem]:
        if tables and all(name in columns for columns in tables):
            return
        known = [column for columns in tables for column in columns if name not in columns]
        meant = nearest(name, known)
        one_has = any(name in columns for columns in tables)
        yield self.problem(
            self.part(at, f"<{name}>"),
            "unknown-column",
            text(
                f"En av tabellene mangler kolonnen «{name}».",
                f"One of the tables lacks the column “{name}”.",
            )
            if one_has
            else text(f"Ingen tabell har kolonnen «{name}».", f"No table has the column “{name}”."),
            text(f"Mente du «<{meant}>»?", f"Did you mean “<{meant}>”?") if meant else None,
        )

    def _unused(self, examples: Examples, used: set[str]) -> Iterator[Problem]:
        for cell in examples.header.cells if examples.header else ():
            if cell.text not in used:
                yield self.problem(
                    cell,
                    "unused-column",
                    text(
                        f"Kolonnen «{cell.text}» brukes ikke av noe steg.",
                        f"The column “{cell.text}” is used by no step.",
                    ),
                )
