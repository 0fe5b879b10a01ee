"""A feature as a page of MyST Markdown: its prose, its scenarios as sentences, a result for each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fakturavakt.acceptance.living_document import (
    Effect,
    LivingDocument,
    ToldFeature,
    ToldScenario,
)
from fakturavakt.acceptance.living_words import paragraphs
from fakturavakt.acceptance.markdown_text import indented, label, link, plain, table, verbatim
from fakturavakt.acceptance.outlines import ExampleTable, Row, ToldStep, shown_steps
from fakturavakt.acceptance.run_result import Status, StepResult
from fakturavakt.acceptance.run_words import (
    MARKS,
    ROWS,
    STATUSES,
    counts_in_words,
    outcome_in_words,
    own_error,
    up_to_failure,
)
from fakturavakt.texts import how_many, text


def mark(status: Status | None, language: str) -> str:
    """``✓ bestått``."""
    if status is None:
        return plain(text("○ ikke dekket", "○ not covered").say(language))
    return plain(f"{MARKS[status]} {STATUSES[status].say(language)}")


def feature_page(feature: ToldFeature, document: LivingDocument, language: str) -> Iterator[str]:
    """The lines of the page; its own words are in ``language``."""
    yield from (label(feature.anchor), f"# {plain(feature.name)}", "")
    counts = plain(counts_in_words(feature.result, language))
    yield from (f"{mark(feature.status, language)}: {counts}", "")
    yield from _prose(feature.result.description)
    yield from _background(feature.background, language)
    for part in feature.parts:
        level = 2
        if part.heading:
            rule = plain(text("Regel", "Rule").say(language))
            yield from (f"## {rule}: {plain(part.heading)}", "")
            yield from _prose(part.description)
            level = 3
        yield from _background(part.background, language)
        for scenario in part.scenarios:
            yield from _scenario(scenario, document, level, language)


def _prose(written: str) -> Iterator[str]:
    for paragraph in paragraphs(written):
        yield from (plain(paragraph), "")


def _background(steps: Sequence[StepResult], language: str) -> Iterator[str]:
    if steps:
        said = text("Alle scenarier her begynner slik:", "All scenarios here begin like this:")
        yield from (plain(said.say(language)), "")
        yield from _steps(steps, language, results=False)


def _steps(
    steps: Iterable[ToldStep | StepResult], language: str, *, results: bool
) -> Iterator[str]:
    for step in steps:
        told = results and step.status not in (None, Status.PASSED)
        result = f" **{mark(step.status, language)}**" if told else ""
        yield f"- **{plain(step.keyword)}** {plain(step.text)}{result}"
        more: list[str] = []
        if step.table:
            head, *rows = [[plain(cell) for cell in row] for row in step.table]
            more += ["", *table(head, rows)]
        if step.docstring is not None:
            more += ["", *verbatim(step.docstring)]
        if results and step.error:
            more += ["", *verbatim(step.error)]
        yield from indented(more, 2)
        if more:
            yield ""
    yield ""


def _scenario(
    scenario: ToldScenario, document: LivingDocument, level: int, language: str
) -> Iterator[str]:
    yield from (label(scenario.anchor), f"{'#' * level} {plain(scenario.outline.name)}", "")
    yield from (" · ".join(_about(scenario, document, language)), "")
    yield from _prose(scenario.rows[0].description)
    outline, only = scenario.outline, scenario.rows[0]
    if outline.steps is not None:
        results = only.status is Status.FAILED and not outline.tables
        yield from _steps(outline.steps, language, results=results)
    for examples in outline.tables:
        yield from _examples(examples, language)
        for row in examples.rows:
            yield from _row(row, language, in_full=outline.steps is None)
    error = own_error(only)
    if not outline.tables and error:
        yield from (*verbatim(error), "")
    effects = [
        f"- {_rule(each, language)}"
        f"{plain(f': {outcome_in_words(each.kind, each.outcome.outcome, language)}')}"
        for each in scenario.effects
    ]
    if effects:
        said = text("Regler som scenariet viser:", "Rules that the scenario shows:")
        yield from (plain(said.say(language)), "", *effects, "")


def _about(scenario: ToldScenario, document: LivingDocument, language: str) -> Iterator[str]:
    """How it ended, its rows, clauses and other tags, and where it stands."""
    yield mark(scenario.status, language)
    if scenario.outline.tables:
        yield plain(how_many(len(scenario.rows), *ROWS).say(language))
    anchors = {each.clause.name: each.anchor for each in document.clauses}
    yield from (link(name, anchors[name]) for name in scenario.clauses)
    yield from (plain(f"@{tag}") for tag in scenario.tags)
    yield plain(f"{scenario.feature.file}:{scenario.rows[0].line}")


def _rule(effect: Effect, language: str) -> str:
    if effect.title is None or effect.anchor is None:
        return plain(effect.outcome.rule)
    return link(effect.title.say(language), effect.anchor)


def _examples(examples: ExampleTable, language: str) -> Iterator[str]:
    if examples.heading:
        yield from (f"**{plain(examples.heading)}**", "")
    row, result = text("Rad", "Row").say(language), text("Resultat", "Result").say(language)
    yield from table(
        [plain(row), *map(plain, examples.columns), plain(result)],
        [
            (str(each.number), *map(plain, each.values), mark(each.scenario.status, language))
            for each in examples.rows
        ],
    )
    yield ""


def _row(row: Row, language: str, *, in_full: bool) -> Iterator[str]:
    """What a row has to tell for itself: its steps where the outline has none, and how it failed."""
    scenario = row.scenario
    failed, error = scenario.status is Status.FAILED, own_error(scenario)
    if not failed and not in_full and not error:
        return
    name = plain(f"{text('Rad', 'Row').say(language)} {row.number}")
    yield from (f"**{name}:** {mark(scenario.status, language)}", "")
    if in_full:
        yield from _steps(shown_steps(scenario), language, results=True)
    elif failed:
        yield from _steps(up_to_failure(scenario), language, results=True)
    if error:
        yield from (*verbatim(error), "")
