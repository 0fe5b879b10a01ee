"""An acceptance run as Cucumber's JSON, as Cucumber for Java writes it: what report generators read.

An array of features. A background is an element of its own before each scenario, with the results that its
steps had there; each row of an outline is a scenario. Durations are in nanoseconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any, Final

from gherkin.dialect import Dialect

from fakturavakt.acceptance.anchors import slug
from fakturavakt.acceptance.run_result import (
    AcceptanceRun,
    FeatureResult,
    ScenarioResult,
    Status,
    StepResult,
)

_STATUSES: Final = {
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.NOT_RUN: "skipped",
}
_NO_REASON: Final = "failed"
"""A failed step must say why; this where nobody did."""


def as_cucumber_json(run: AcceptanceRun) -> str:
    """The whole file."""
    return json.dumps([_feature(each) for each in run.features], ensure_ascii=True, indent=1) + "\n"


def _feature(feature: FeatureResult) -> dict[str, Any]:
    dialect = Dialect.for_name(feature.language) or Dialect.for_name("en")
    assert dialect is not None
    name = slug(feature.name)
    return {
        "uri": PurePath(feature.file).as_posix(),
        "id": name,
        "keyword": dialect.feature_keywords[0],
        "name": feature.name,
        "description": feature.description,
        "line": feature.line,
        "tags": _tags(feature.tags),
        "elements": [
            element
            for scenario in feature.scenarios
            for element in _elements(name, scenario, dialect)
        ],
    }


def _elements(feature: str, scenario: ScenarioResult, dialect: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 (gherkin has no types)
    background = [step for step in scenario.steps if step.background]
    if background:
        yield {
            "type": "background",
            "keyword": dialect.background_keywords[0],
            "name": "",
            "description": "",
            # The line of the word itself is not told of; its first step is what there is to point to.
            "line": background[0].line,
            "steps": _steps(background, None),
        }
    own = [step for step in scenario.steps if not step.background]
    is_row = bool(scenario.example)
    keyword = "scenario_outline_keywords" if is_row else "scenario_keywords"
    line = scenario.example_line or scenario.line
    parts = [feature, slug(scenario.name), *([str(line)] if is_row else [])]
    yield {
        "type": "scenario",
        "id": ";".join(parts),
        # Of several words for a scenario, the last is the one that is the same in every language.
        "keyword": getattr(dialect, keyword)[0 if is_row else -1],
        "name": scenario.name,
        "description": scenario.description,
        "line": line,
        "tags": _tags(scenario.tags),
        "steps": _steps(own, scenario),
    }


def _tags(tags: Sequence[str]) -> list[dict[str, str]]:
    return [{"name": f"@{tag}"} for tag in tags]


def _steps(steps: Sequence[StepResult], scenario: ScenarioResult | None) -> list[dict[str, Any]]:
    """A failure that no step has (before or after all of them) is put at the last one, lest it get lost."""
    found = [_step(step) for step in steps]
    failed_outside = (
        scenario is not None
        and scenario.status is Status.FAILED
        and all(step.status is not Status.FAILED for step in scenario.steps)
    )
    if failed_outside and scenario is not None and found:
        found[-1]["result"] |= {
            "status": "failed",
            "error_message": scenario.error or _NO_REASON,
        }
    return found


def _step(step: StepResult) -> dict[str, Any]:
    result: dict[str, Any] = {"status": _STATUSES[step.status]}
    if step.status is not Status.NOT_RUN:
        result["duration"] = round(step.seconds * 1_000_000_000)
    if step.status is Status.FAILED:
        result["error_message"] = step.error or _NO_REASON
    written: dict[str, Any] = {
        "keyword": f"{step.keyword.rstrip()} ",
        "name": step.text,
        "line": step.line,
        "match": {},
        "result": result,
    }
    if step.table:
        written["rows"] = [{"cells": list(row)} for row in step.table]
    if step.docstring is not None:
        written["doc_string"] = {"value": step.docstring, "line": step.line + 1}
    return written
