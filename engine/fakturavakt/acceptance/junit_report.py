"""An acceptance run as JUnit XML: a suite for each feature, a test case for each scenario or row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from xml.sax.saxutils import escape

from fakturavakt.acceptance.run_result import AcceptanceRun, FeatureResult, ScenarioResult, Status
from fakturavakt.acceptance.run_words import STATUSES, error_of, row_in_words, up_to_failure
from fakturavakt.xml_text import in_xml, xml_attribute


def as_junit(run: AcceptanceRun, language: str) -> str:
    """What was not run is skipped. ``properties`` say what was run on what."""
    head = f'<testsuites name="fakturavakt accept" {_counts(tuple(run.scenarios()), run.seconds)}>'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', head]
    for feature in run.features:
        lines += _suite(run, feature, language)
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _counts(scenarios: tuple[ScenarioResult, ...], seconds: float) -> str:
    failed = sum(each.status is Status.FAILED for each in scenarios)
    skipped = sum(each.status is Status.NOT_RUN for each in scenarios)
    return (
        f'tests="{len(scenarios)}" failures="{failed}" errors="0" skipped="{skipped}" '
        f'time="{seconds:.3f}"'
    )


def _suite(run: AcceptanceRun, feature: FeatureResult, language: str) -> Iterator[str]:
    seconds = sum(each.seconds for each in feature.scenarios)
    yield (
        f"  <testsuite name={xml_attribute(feature.name)} {_counts(feature.scenarios, seconds)} "
        f'timestamp="{run.started.isoformat(timespec="seconds")}">'
    )
    yield "    <properties>"
    about = {
        "program": run.program,
        "rulebook": run.rulebook,
        "rulebook_version": run.version,
        "engines": " ".join(run.engines),
    }
    for name, value in about.items():
        yield f"      <property name={xml_attribute(name)} value={xml_attribute(value)}/>"
    yield "    </properties>"
    for scenario in feature.scenarios:
        yield from _case(feature, scenario, language)
    yield "  </testsuite>"


def _case(feature: FeatureResult, scenario: ScenarioResult, language: str) -> Iterator[str]:
    row = f" ({row_in_words(scenario)})" if scenario.example else ""
    file = xml_attribute(PurePath(feature.file).as_posix())
    yield (
        f"    <testcase classname={xml_attribute(feature.name)} "
        f"name={xml_attribute(f'{scenario.name}{row}')} file={file} "
        f'line="{scenario.example_line or scenario.line}" time="{scenario.seconds:.3f}">'
    )
    if scenario.status is Status.FAILED:
        error = error_of(scenario) or STATUSES[Status.FAILED].say(language)
        steps = [f"{step.keyword} {step.text}" for step in up_to_failure(scenario)]
        body = escape(in_xml("\n".join([*steps, error])))
        first = xml_attribute(error.strip().partition("\n")[0])
        yield f"      <failure message={first}>{body}</failure>"
    elif scenario.status is Status.NOT_RUN:
        said = error_of(scenario) or STATUSES[Status.NOT_RUN].say(language)
        yield f"      <skipped message={xml_attribute(said)}/>"
    yield "    </testcase>"
