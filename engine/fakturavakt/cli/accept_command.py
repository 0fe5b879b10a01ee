"""``fakturavakt accept``: scenarios in Gherkin, run against a rule book without a line of Python."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, assert_never, get_args

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import (
    check_language,
    fail,
    failures_told,
    is_stream,
    output_stream,
    shown_problems,
    tell,
)
from fakturavakt.texts import how_many, text

if TYPE_CHECKING:
    from fakturavakt.acceptance.book_under_test import BookUnderTest, EngineChoice
    from fakturavakt.acceptance.pytest_run import Outcome
    from fakturavakt.acceptance.run_history import RunRecord
    from fakturavakt.acceptance.run_result import AcceptanceRun
    from fakturavakt.rulebook.clause_files import Clause
    from fakturavakt.rulebook.model import RuleBook

_Format: TypeAlias = Literal["text", "junit", "cucumber", "html"]
_NEEDED: Final = ("pytest", "pytest_bdd")


@click.command(
    "accept",
    help=t(
        "Kjør scenarier mot en regelbok, og si hva som kom ut annerledes. FEATURES er filer og mapper med "
        "scenarier; ellers alle under mappen du står i, og finnes det ingen, de som følger med. Regelboken "
        "er den i --rules, ellers «rules» i mappen du står i, ellers den som følger med. Scenarier som "
        "ville gått gjennom uten å prøve noe, avvises.\n\n"
        "Avslutningskoder: 0 alt gikk gjennom, 1 noe gikk ikke gjennom, 2 feil i bruk, regelbok eller "
        "scenarier.",
        "Run scenarios against a rule book, and say what came out otherwise. FEATURES are files and folders "
        "of scenarios; else all below the current folder, and where there are none, those that ship. The "
        "rule book is that of --rules, else “rules” in the current folder, else the one that ships. "
        "Scenarios that would pass and test nothing are refused.\n\n"
        "Exit codes: 0 all passed, 1 something did not, 2 an error of usage, rule book or scenarios.",
    ),
)
@click.argument("features", metavar="[FEATURES]…", nargs=-1, type=click.Path())
@options.rules_option()
@options.engine_option("auto", "all", "reference", "durable", "columnar")
@click.option(
    "--lint",
    "only_lint",
    is_flag=True,
    help=t(
        "Bare se etter det som ville gått gjennom uten å prøve noe; kjør ingenting.",
        "Only look for what would pass and test nothing; run nothing.",
    ),
)
@click.option(
    "--clauses",
    "every_clause",
    is_flag=True,
    help=t(
        "Krev at hvert punkt i kilden (clauses.yaml i regelboken) har et scenario som er tagget med det.",
        "Demand that each clause of the source (clauses.yaml of the rule book) has a scenario tagged so.",
    ),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(_Format)),
    default="text",
    show_default=True,
    help=t(
        "Form på det som skrives ut; cucumber er JSON, html er én side som er hel i seg selv.",
        "Form of the output; cucumber is JSON, html is one page, complete in itself.",
    ),
)
@options.output_option()
@click.option(
    "--history",
    type=click.Path(dir_okay=False),
    metavar=t("FIL", "FILE"),
    help=t(
        "Legg kjøringen til i denne filen, og vis den sammen med de tidligere på siden (html).",
        "Add the run to this file, and show it with the earlier ones on the page (html).",
    ),
)
@click.option(
    "--verbose",
    "-v",
    "every",
    is_flag=True,
    help=t("Nevn også scenariene som gikk gjennom.", "Name the scenarios that passed, too."),
)
@options.language_option()
def command(
    features: tuple[str, ...],
    rules: str | None,
    engine: EngineChoice,
    form: _Format,
    output: str | None,
    history: str | None,
    lang: str,
    *,
    only_lint: bool,
    every_clause: bool,
    every: bool,
) -> None:
    """See ``help`` above."""
    with failures_told(lang):
        _check_installed()
        from fakturavakt.acceptance.book_under_test import BookUnderTest, engines_of
        from fakturavakt.acceptance.feature_files import not_collected
        from fakturavakt.acceptance.pytest_run import AcceptanceError, run_features
        from fakturavakt.acceptance.pytest_session import rules_beside
        from fakturavakt.acceptance.source_clauses import clause_findings
        from fakturavakt.problems import ProblemsError

        files = _files(features)
        folder = rules or rules_beside(Path.cwd())
        tested = BookUnderTest.load(folder, engines_of(engine))
        check_language(lang, tested.book.languages)
        try:
            outcome = run_features(files, tested, lang, only_lint=only_lint)
        except AcceptanceError as error:
            fail(error.reason.say(lang))
        clauses = _clauses(tested)
        wrong = (*outcome.problems, *not_collected(map(Path, features)))
        lacking = clause_findings(clauses, outcome.run.features) if every_clause else ()
        if wrong or lacking:
            tell(shown_problems(ProblemsError(wrong or lacking), lang, with_source=True))
        if only_lint:
            if not wrong:
                _say_linted(outcome, len(files))
        else:
            told = _Told(outcome.run, tested.book, clauses, _with_history(history, outcome))
            _write(told, form, output, lang, every=every)
        sys.stdout.flush()
    if wrong:
        raise SystemExit(exit_codes.ERROR)
    passed = only_lint or outcome.run.passed
    raise SystemExit(0 if passed and not lacking else exit_codes.STOPPED)


def _check_installed() -> None:
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        fail(
            t(
                "Scenarier kan ikke kjøres her: det trengs pip install 'fakturavakt[acceptance]'.",
                "Scenarios cannot be run here: that takes pip install 'fakturavakt[acceptance]'.",
            )
        )


def _files(named: Sequence[str]) -> tuple[Path, ...]:
    """The features that are meant. A path that leads to none is an error: nothing run is nothing shown."""
    from fakturavakt.acceptance.feature_files import feature_files
    from fakturavakt.shipped import shipped_folder

    if not named:
        found = feature_files([Path()])
        if found:
            return tuple(found)
        tell(
            t(
                "Her er ingen scenarier; de som følger med, kjøres.",
                "There are no scenarios here; those that ship are run.",
            )
        )
        return tuple(feature_files([shipped_folder("features")]))
    files: dict[Path, None] = {}
    wrong = []
    for path in map(Path, named):
        found = feature_files([path]) if path.exists() else []
        files |= dict.fromkeys(found)
        if not path.exists():
            wrong.append(t(f"{path}: finnes ikke.", f"{path}: does not exist."))
        elif not found:
            wrong.append(
                t(
                    f"{path}: mappen har ingen scenarier (*.feature).",
                    f"{path}: the folder has no scenarios (*.feature).",
                )
            )
    if wrong:
        fail("\n".join(wrong))
    return tuple(files)


def _clauses(tested: BookUnderTest) -> tuple[Clause, ...]:
    from fakturavakt.rulebook.clause_files import load_clauses
    from fakturavakt.rulebook.loader import folder_of_rules

    return load_clauses(folder_of_rules(tested.folder), tested.book)


def _say_linted(outcome: Outcome, files: int) -> None:
    count = sum(1 for _ in outcome.run.scenarios())
    scenarios = how_many(count, text("scenario", "scenario"), text("scenarier", "scenarios"))
    of = how_many(files, text("fil", "file"), text("filer", "files"))
    click.echo(
        t(
            f"{scenarios.say('nb')} i {of.say('nb')}: ingenting ville gått gjennom uten å prøve noe.",
            f"{scenarios.say('en')} in {of.say('en')}: nothing would pass and test nothing.",
        )
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What reports are made of."""

    run: AcceptanceRun
    book: RuleBook
    clauses: Sequence[Clause]
    history: Sequence[RunRecord]


def _with_history(file: str | None, outcome: Outcome) -> Sequence[RunRecord]:
    """The runs before this one, which is added to them; none where no file is named, or nothing was run."""
    from fakturavakt.acceptance.run_history import append_run, read_history

    if file is None or outcome.problems:
        return ()
    found = read_history(Path(file))
    append_run(Path(file), outcome.run)
    return found


def _write(told: _Told, form: _Format, output: str | None, lang: str, *, every: bool) -> None:
    from fakturavakt.acceptance import text_report

    with output_stream(output) as stream:
        match form:
            case "text":
                stream.writelines(
                    f"{line}\n" for line in text_report.say(told.run, lang, every=every)
                )
            case "junit":
                from fakturavakt.acceptance.junit_report import as_junit

                stream.write(as_junit(told.run, lang))
            case "cucumber":
                from fakturavakt.acceptance.cucumber_json import as_cucumber_json

                stream.write(as_cucumber_json(told.run))
            case "html":
                from fakturavakt.acceptance.living_page import page

                stream.write(page(told.run, told.book, told.clauses, told.history, lang))
            case _:
                assert_never(form)
    if form != "text" or not is_stream(output):
        # Whoever started it wants to read how it went, too.
        for line in text_report.say(told.run, lang, every=every):
            tell(line)
