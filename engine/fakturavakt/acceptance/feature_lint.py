"""Refuses what would pass green and test nothing.

pytest-bdd runs the last of two scenarios of one name, takes a misspelt step for description, runs no row
of an outline without rows, and so on. Each of these is a problem here, with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gherkin.errors import CompositeParserException, ParserError
from gherkin.parser import Parser

from fakturavakt.acceptance import given_steps, sender_steps, then_steps, when_steps  # noqa: F401
from fakturavakt.acceptance.step_definitions import DEFINITIONS
from fakturavakt.problems import Place, Problem, nearest
from fakturavakt.texts import Text, text

_COLUMN = re.compile(r"<([^<>]+)>")
_STEP_WORDS = (
    *("gitt", "når", "så", "og", "men", "given", "when", "then", "and", "but"),
    *(
        "eksempler",
        "examples",
        "scenario",
        "scenariomal",
        "bakgrunn",
        "background",
        "regel",
        "rule",
    ),
)
_KINDS: Mapping[str, str] = {"Context": "given", "Action": "when", "Outcome": "then"}
Node = Mapping[str, Any]


def lint_features(folder: Path) -> list[Problem]:
    """All problems of the features in a folder, sorted; a folder without features is one."""
    files = sorted(folder.rglob("*.feature"))
    if not files:
        return [
            Problem(
                Place(str(folder), 1, 1),
                "no-features",
                text("Mappen har ingen features.", "The folder has no features."),
            )
        ]
    return sorted(problem for file in files for problem in lint_feature(file))


def lint_feature(file: Path) -> list[Problem]:
    """All problems of one feature file."""
    try:
        document: Node = Parser().parse(file.read_text(encoding="utf-8"))
    except CompositeParserException as error:
        return [_syntax(str(file), each) for each in error.errors]
    except ParserError as error:
        return [_syntax(str(file), error)]
    feature = document.get("feature")
    if feature is None:
        wrong = text("Filen har ingen egenskap.", "The file has no feature.")
        return [Problem(Place(str(file), 1, 1), "no-feature", wrong)]
    lint = _Lint(str(file))
    problems = list(lint.feature(feature))
    if not lint.scenarios:
        wrong = text("Egenskapen har ingen scenarier.", "The feature has no scenarios.")
        problems.append(Problem(Place(str(file), 1, 1), "no-scenarios", wrong))
    return problems


def _syntax(file: str, error: Any) -> Problem:  # noqa: ANN401 (gherkin has no types)
    location = error.location
    detail = str(error).split(": ", 1)[-1]
    return Problem(
        Place(file, location["line"], location.get("column") or 1),
        "gherkin-syntax",
        text(f"Dette er ikke gyldig Gherkin: {detail}", f"This is not valid Gherkin: {detail}"),
    )


class _Lint:
    def __init__(self, file: str) -> None:
        self.file = file
        self.scenarios: dict[str, int] = {}

    def _problem(self, node: Node, code: str, wrong: Text, expected: Text | None = None) -> Problem:
        place = Place(self.file, node["location"]["line"], node["location"].get("column") or 1)
        return Problem(place, code, wrong, expected)

    def feature(self, feature: Node) -> Iterator[Problem]:
        """A feature, or a rule of it: what stands in it."""
        yield from self._description(feature)
        for child in feature["children"]:
            if "rule" in child:
                yield from self.feature(child["rule"])
            elif "background" in child:
                yield from self._description(child["background"])
                yield from self._steps(child["background"], {})
            else:
                yield from self._scenario(child["scenario"])

    def _description(self, node: Node) -> Iterator[Problem]:
        """A line of description that begins like a step was meant to be one."""
        lines = (node.get("description") or "").splitlines()
        # A feature and a rule open with prose; a scenario's steps begin at once.
        prose = node["keyword"].strip() in ("Egenskap", "Feature", "Regel", "Rule")
        for line in lines:
            word = line.strip().split(" ")[0].rstrip(":")
            meant = nearest(word.lower(), _STEP_WORDS)
            if meant is not None and not prose:
                yield self._problem(
                    node,
                    "step-in-description",
                    text(
                        f"Linjen «{line.strip()}» leses som beskrivelse, ikke som steg.",
                        f"The line “{line.strip()}” is read as description, not as a step.",
                    ),
                    text(
                        f"Mente du «{meant.capitalize()}»?", f"Did you mean “{meant.capitalize()}”?"
                    ),
                )

    def _scenario(self, scenario: Node) -> Iterator[Problem]:
        name = scenario["name"]
        if not name:
            wrong = text("Scenariet har ikke noe navn.", "The scenario has no name.")
            yield self._problem(scenario, "scenario-without-name", wrong)
        if name in self.scenarios:
            first = self.scenarios[name]
            yield self._problem(
                scenario,
                "scenario-twice",
                text(
                    f"Scenariet «{name}» finnes alt på linje {first}; bare det siste ville kjørt.",
                    f"The scenario “{name}” already stands on line {first}; only the last would run.",
                ),
                text("Gi det ene et annet navn.", "Give one of them another name."),
            )
        self.scenarios.setdefault(name, scenario["location"]["line"])
        yield from self._description(scenario)
        if not scenario["steps"]:
            wrong = text("Scenariet har ingen steg.", "The scenario has no steps.")
            yield self._problem(scenario, "scenario-without-steps", wrong)
        elif all(_KINDS.get(step["keywordType"]) != "then" for step in scenario["steps"]):
            wrong = text("Scenariet krever ingenting (Så).", "The scenario demands nothing (Then).")
            yield self._problem(scenario, "scenario-without-then", wrong)
        yield from self._examples(scenario)

    def _examples(self, scenario: Node) -> Iterator[Problem]:
        tables = scenario["examples"]
        written = " ".join([scenario["name"], *map(_text_of, scenario["steps"])])
        used = set(_COLUMN.findall(written))
        if not tables:
            for column in sorted(used):
                yield self._no_column(scenario, column)
            yield from self._steps(scenario, {})
        for table in tables:
            header = [cell["value"] for cell in (table.get("tableHeader") or {}).get("cells", [])]
            rows = table.get("tableBody") or []
            if not rows:
                wrong = text("Eksemplene har ingen rader.", "The examples have no rows.")
                yield self._problem(table, "examples-without-rows", wrong)
                continue
            for column in sorted(used - set(header)):
                yield self._no_column(scenario, column)
            for column in sorted(set(header) - used):
                yield self._problem(
                    table,
                    "unused-column",
                    text(
                        f"Kolonnen «{column}» brukes ikke av noe steg.",
                        f"The column “{column}” is used by no step.",
                    ),
                )
            for row in rows:
                values = [cell["value"] for cell in row["cells"]]
                yield from self._steps(scenario, dict(zip(header, values, strict=True)))

    def _no_column(self, scenario: Node, column: str) -> Problem:
        return self._problem(
            scenario,
            "unknown-column",
            text(f"Ingen tabell har kolonnen «{column}».", f"No table has the column “{column}”."),
        )

    def _steps(self, node: Node, values: Mapping[str, str]) -> Iterator[Problem]:
        """Each step, with a row of examples filled in, is matched by exactly one definition."""
        kind = "given"
        for step in node["steps"]:
            kind = _KINDS.get(step["keywordType"], kind)
            said = _COLUMN.sub(lambda found: values.get(found[1], found[0]), step["text"])
            matching = [
                each.texts[0] for each in DEFINITIONS if each.kind == kind and each.matches(said)
            ]
            if not matching:
                near = nearest(
                    said, [text for each in DEFINITIONS if each.kind == kind for text in each.texts]
                )
                yield self._problem(
                    step,
                    "unknown-step",
                    text(f"Ukjent steg «{said}».", f"Unknown step “{said}”."),
                    None
                    if near is None
                    else text(f"Mente du «{near}»?", f"Did you mean “{near}”?"),
                )
            elif len(matching) > 1:
                listed = "; ".join(matching)
                yield self._problem(
                    step,
                    "ambiguous-step",
                    text(
                        f"Steget «{said}» passer med flere: {listed}.",
                        f"The step “{said}” matches several: {listed}.",
                    ),
                )


def _text_of(step: Node) -> str:
    cells = [
        cell["value"] for row in step.get("dataTable", {}).get("rows", []) for cell in row["cells"]
    ]
    return " ".join([step["text"], *cells])
