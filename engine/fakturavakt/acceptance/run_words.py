"""What reports of an acceptance run say alike: how things ended, how many, and the balance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from fakturavakt.acceptance.run_result import (
    AcceptanceRun,
    FeatureResult,
    RuleOutcome,
    ScenarioResult,
    Status,
    StepResult,
)
from fakturavakt.texts import Text, counted, how_many, text, written_date

MARKS: Final[Mapping[Status, str]] = {
    Status.PASSED: "✓",
    Status.FAILED: "✗",
    Status.NOT_RUN: "–",
}
STATUSES: Final[Mapping[Status, Text]] = {
    Status.PASSED: text("bestått", "passed"),
    Status.FAILED: text("feilet", "failed"),
    Status.NOT_RUN: text("ikke kjørt", "not run"),
}
"""As labels: they are the same of one and of many."""
SCENARIOS: Final = (text("scenario", "scenario"), text("scenarier", "scenarios"))
ROWS: Final = (text("rad", "row"), text("rader", "rows"))

OUTCOMES: Final[Mapping[tuple[str, str], Text]] = {
    ("prohibition", "holds"): text("brutt", "broken"),
    ("prohibition", "unknown"): text("ukjent om det er brutt", "unknown whether it is broken"),
    ("prohibition", "not_broken"): text("ikke brutt", "not broken"),
    ("channel", "eligible"): text("kan brukes", "can be used"),
    ("channel", "unknown"): text("ukjent om den kan brukes", "unknown whether it can be used"),
    ("channel", "ineligible"): text("kan ikke brukes", "cannot be used"),
    ("advice", "given"): text("gis", "given"),
}
"""What a rule came to, by its kind and the contract's word."""
_ANY_KIND: Final[Mapping[str, Text]] = {
    "holds": text("gjelder", "holds"),
    "unknown": text("ukjent", "unknown"),
    "not_broken": text("ikke brutt", "not broken"),
    "eligible": text("kan brukes", "can be used"),
    "ineligible": text("kan ikke brukes", "cannot be used"),
    "given": text("gis", "given"),
}
DECISIVE: Final = frozenset({"holds", "unknown", "given"})
"""Outcomes that a scenario is about even where no step names the rule."""


def outcome_in_words(kind: str, outcome: str, language: str) -> str:
    """``brutt``; a word that nobody knows stays what it is."""
    found = OUTCOMES.get((kind, outcome)) or _ANY_KIND.get(outcome)
    return found.say(language) if found is not None else outcome


def is_told(outcome: RuleOutcome) -> bool:
    """Whether a scenario shows what the rule does, rather than only letting it pass by."""
    return outcome.named or outcome.outcome in DECISIVE


def balance(run: AcceptanceRun, language: str) -> str:
    """``12 scenarier inn = 10 bestått + 1 feilet + 1 ikke kjørt``: nothing gets lost on the way."""
    total = sum(1 for _ in run.scenarios())
    parts = [
        f"{counted(run.count(each), language)} {STATUSES[each].say(language)}" for each in Status
    ]
    scenarios = how_many(total, *SCENARIOS).say(language)
    return f"{scenarios} {text('inn', 'in').say(language)} = {' + '.join(parts)}"


def result_in_words(run: AcceptanceRun) -> Text:
    """The run in one sentence, for whoever reads nothing else."""
    total = sum(1 for _ in run.scenarios())
    failed, not_run = run.count(Status.FAILED), run.count(Status.NOT_RUN)
    if not total:
        return text("Ingen scenarier ble kjørt.", "No scenarios were run.")
    one = total == 1
    if run.passed:
        return text(
            "Det ene scenariet ble kjørt, og det bestod."
            if one
            else f"Alle {counted(total, 'nb')} scenarier ble kjørt, og alle bestod.",
            "The one scenario was run, and it passed."
            if one
            else f"All {counted(total, 'en')} scenarios were run, and all passed.",
        )
    of = how_many(total, *SCENARIOS)
    nb, en = [], []
    if failed:
        nb.append(f"{counted(failed, 'nb')} feilet")
        en.append(f"{counted(failed, 'en')} failed")
    if not_run:
        nb.append(f"{counted(not_run, 'nb')} ble ikke kjørt")
        en.append(f"{counted(not_run, 'en')} {'was' if not_run == 1 else 'were'} not run")
    return text(
        f"Av {of.say('nb')} {', og '.join(_verb_first(nb))}.",
        f"Of {of.say('en')}, {' and '.join(en)}.",
    )


def _verb_first(parts: list[str]) -> Iterator[str]:
    """Norwegian puts the verb before its number at the head of the sentence: ``feilet 2``."""
    for n, part in enumerate(parts):
        number, _, verb = part.partition(" ")
        if n:
            yield part
        elif verb == "feilet":
            yield f"feilet {number}"
        else:
            yield f"ble {number} ikke kjørt"


def status_of(scenarios: tuple[ScenarioResult, ...]) -> Status:
    """Of several: failed where one failed, passed only where all did."""
    found = {each.status for each in scenarios}
    if Status.FAILED in found:
        return Status.FAILED
    return Status.PASSED if found == {Status.PASSED} else Status.NOT_RUN


def counts_in_words(feature: FeatureResult, language: str) -> str:
    """``10 scenarier, 1 feilet, 1 ikke kjørt``."""
    parts = [how_many(len(feature.scenarios), *SCENARIOS).say(language)]
    for status in (Status.FAILED, Status.NOT_RUN):
        number = sum(each.status is status for each in feature.scenarios)
        if number:
            parts.append(f"{counted(number, language)} {STATUSES[status].say(language)}")
    return ", ".join(parts)


def place_of(feature: FeatureResult, scenario: ScenarioResult) -> str:
    """``file:line``: of the row, where it is a row."""
    return f"{feature.file}:{scenario.example_line or scenario.line}"


def row_in_words(scenario: ScenarioResult) -> str:
    """``beløp = 349,01 kr, avgjørelse = stoppet``."""
    return ", ".join(f"{column} = {value or _EMPTY}" for column, value in scenario.example)


_EMPTY: Final = '""'


def error_of(scenario: ScenarioResult) -> str | None:
    """What was wrong: what its failing step says, else what the scenario does."""
    said = (step.error for step in scenario.steps if step.status is Status.FAILED and step.error)
    return next(said, scenario.error)


def own_error(scenario: ScenarioResult) -> str | None:
    """What was wrong with a scenario that did not pass, where the step that failed does not say it."""
    if scenario.status is Status.PASSED:
        return None
    if scenario.status is Status.FAILED:
        failed = (step.error for step in scenario.steps if step.status is Status.FAILED)
        if next(failed, None) == scenario.error:
            return None
    return scenario.error


def up_to_failure(scenario: ScenarioResult) -> tuple[StepResult, ...]:
    """Its steps as far as they were run; the last one is where it failed, if it failed in a step."""
    for n, step in enumerate(scenario.steps, start=1):
        if step.status is Status.FAILED:
            return scenario.steps[:n]
    return tuple(step for step in scenario.steps if step.status is Status.PASSED)


def moment(when: datetime, language: str) -> str:
    """``2. februar 2021 kl. 14:05``, with what the clock is ahead of UTC where that is known."""
    day, time = written_date(when.date(), language), f"{when:%H:%M}"
    said = text(f"{day} kl. {time}", f"{day} at {time}").say(language)
    zone = when.tzname()
    return said if zone is None else f"{said} ({zone})"
