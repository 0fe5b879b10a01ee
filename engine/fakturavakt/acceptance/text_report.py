"""An acceptance run for the terminal: features with their counts, what failed and why, and the balance.

Promises: no values but those that the features themselves write; a line is a line, whatever they write.
"""

from __future__ import annotations

from collections.abc import Iterator

from fakturavakt.acceptance.run_result import AcceptanceRun, FeatureResult, ScenarioResult, Status
from fakturavakt.acceptance.run_words import (
    MARKS,
    balance,
    counts_in_words,
    error_of,
    place_of,
    result_in_words,
    row_in_words,
    status_of,
    up_to_failure,
)
from fakturavakt.problems import visible
from fakturavakt.texts import listed, text


def say(run: AcceptanceRun, language: str, *, every: bool = False) -> Iterator[str]:
    """The lines; with ``every`` also the scenarios that passed."""
    for feature in run.features:
        mark, counts = MARKS[status_of(feature.scenarios)], counts_in_words(feature, language)
        yield visible(f"{mark} {feature.name}  {counts}  {feature.file}")
        for scenario in feature.scenarios:
            if every or scenario.status is not Status.PASSED:
                yield from _scenario(feature, scenario)
    yield ""
    yield result_in_words(run).say(language)
    yield f"{balance(run, language)}."
    engines = listed(run.engines, language)
    yield visible(
        text(
            f"Regelbok: {run.rulebook} {run.version[7:19]}. Motorer: {engines}.",
            f"Rule book: {run.rulebook} {run.version[7:19]}. Engines: {engines}.",
        ).say(language)
    )


def _scenario(feature: FeatureResult, scenario: ScenarioResult) -> Iterator[str]:
    row = f" ({row_in_words(scenario)})" if scenario.example else ""
    name = f"{MARKS[scenario.status]} {scenario.name}{row}"
    yield visible(f"    {name}  {place_of(feature, scenario)}")
    if scenario.status is Status.PASSED:
        return
    if scenario.status is Status.FAILED:
        for step in up_to_failure(scenario):
            mark = MARKS[step.status] if step.status is Status.FAILED else " "
            yield visible(f"      {mark} {step.keyword} {step.text}")
            for cells in step.table:
                yield visible(f"          | {' | '.join(cells)} |")
            for line in (step.docstring or "").splitlines():
                yield visible(f"          {line}")
    for line in (error_of(scenario) or "").splitlines():
        yield visible(f"          {line}")
