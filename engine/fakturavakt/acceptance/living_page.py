"""The living documentation as one HTML page that needs nothing beside itself, to read and to print.

Promises: what a feature or a rule book says is escaped; the same run gives the same bytes; what features say
has their language, all else the page's. How it looks stands in ``templates/``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from fakturavakt.acceptance.history_plot import history_plot
from fakturavakt.acceptance.living_document import LivingDocument, ToldScenario, living_document
from fakturavakt.acceptance.living_words import (
    CHAPTERS,
    KINDS,
    clauses_in_words,
    engines_in_words,
    gaps,
    holdable,
    language_of,
    outcomes_in_words,
    paragraphs,
    passing_by,
    tiles,
)
from fakturavakt.acceptance.outlines import shown_steps
from fakturavakt.acceptance.run_history import RunRecord
from fakturavakt.acceptance.run_result import AcceptanceRun, ScenarioResult, Status
from fakturavakt.acceptance.run_words import (
    MARKS,
    ROWS,
    STATUSES,
    balance,
    counts_in_words,
    moment,
    outcome_in_words,
    own_error,
    place_of,
    result_in_words,
    row_in_words,
    up_to_failure,
)
from fakturavakt.rulebook.clause_files import Clause
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.rulebook.rule_words import MESSAGE_NAMES, rule_in_words, window_in_words
from fakturavakt.texts import how_many, text, written_date

_TEMPLATES: Final = Path(__file__).parent / "templates"
_OWN_ANCHORS: Final = tuple(
    f"{name}{title}"
    for name in ("result", "contents", "reading", "clauses", "features", "rules", "history")
    for title in ("", "-title")
)
_RUNS_MAX: Final = 30
"""Runs of the history that are listed, the latest; the others are counted."""
_NAMES_MAX: Final = 5
"""Failed scenarios that are named of one run of the history."""


def page(
    run: AcceptanceRun,
    book: RuleBook,
    clauses: Sequence[Clause],
    history: Sequence[RunRecord],
    language: str,
) -> str:
    """The whole page. ``book`` is the rule book that was run, with its guarantees where they are to be shown;
    ``history`` may have the run itself already, as its last.
    """
    document = living_document(run, book, clauses, history, _OWN_ANCHORS)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_holdable,
    )
    latest = document.history[::-1]
    return environment.get_template(
        "living.html"
    ).render(
        document=document,
        run=run,
        language=language,
        t=lambda nb, en: text(nb, en).say(language),
        marks=MARKS,
        statuses=STATUSES,
        kinds=KINDS,
        chapters=[each for each in CHAPTERS if any(r.kind == each[0] for r in document.rules)],
        message_names=MESSAGE_NAMES,
        date=written_date,
        moment=moment,
        window=window_in_words,
        paragraphs=paragraphs,
        language_of=language_of,
        shown_steps=shown_steps,
        up_to_failure=up_to_failure,
        own_error=own_error,
        row_in_words=row_in_words,
        place_of=place_of,
        overall=Status.PASSED if run.passed else _overall(run),
        result=result_in_words(run),
        balance=balance(run, language),
        engines=engines_in_words(run).say(language),
        tiles=list(tiles(document, language)),
        failed=list(_failed(document)),
        gaps=list(gaps(document)),
        clause_anchors={each.clause.name: each.anchor for each in document.clauses},
        clauses_in_words=clauses_in_words(document).say(language),
        counts=lambda feature: counts_in_words(feature, language),
        rows_in_words=lambda number: how_many(number, *ROWS).say(language),
        outcome=lambda kind, outcome: outcome_in_words(kind, outcome, language),
        outcomes=lambda kind, use: outcomes_in_words(kind, use, language),
        passing_by=lambda number: passing_by(number).say(language),
        in_words=lambda rule: rule_in_words(rule, book, language),
        plot=Markup(history_plot(document.history, language)),  # noqa: S704 (numbers and words of ours)
        history_rows=latest[:_RUNS_MAX],
        history_left_out=_left_out(len(latest) - _RUNS_MAX, language),
        failing=lambda record: _failing(record, language),
        style=(_TEMPLATES / "living.css").read_text(encoding="utf-8"),
    )


def _overall(run: AcceptanceRun) -> Status:
    return Status.FAILED if run.count(Status.FAILED) else Status.NOT_RUN


def _failed(document: LivingDocument) -> Iterator[tuple[ToldScenario, ScenarioResult, str]]:
    """What did not pass, each with the anchor of its row or of itself."""
    for scenario, row in document.failed():
        numbers = (
            each.number
            for table in scenario.outline.tables
            for each in table.rows
            if each.scenario is row
        )
        number = next(numbers, None)
        yield scenario, row, scenario.anchor if number is None else scenario.row_anchors[number]


def _failing(record: RunRecord, language: str) -> str:
    named = "; ".join(record.failing[:_NAMES_MAX])
    more = len(record.failing) - _NAMES_MAX
    return (
        named
        if more <= 0
        else named + text(f" … og {more} til", f" … and {more} more").say(language)
    )


def _left_out(number: int, language: str) -> str:
    if number <= 0:
        return ""
    one = text("eldre kjøring er ikke vist.", "older run is not shown.")
    several = text("eldre kjøringer er ikke vist.", "older runs are not shown.")
    return how_many(number, one, several).say(language)


def _holdable(value: object) -> object:
    """What templates print: text as a page can hold it, markup and all else as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return holdable(value)
