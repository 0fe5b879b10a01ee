"""``fakturavakt accept``: scenarios in Gherkin, run against a rule book without a line of Python."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import click
from click.core import ParameterSource

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.accept_reports import Format, Told, with_history, write_report, write_site
from fakturavakt.cli.accept_writing import write_scenarios, write_steps
from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import (
    check_language,
    fail,
    failures_told,
    shown_problems,
    tell,
)
from fakturavakt.texts import how_many, text

if TYPE_CHECKING:
    from fakturavakt.acceptance.book_under_test import BookUnderTest, EngineChoice
    from fakturavakt.acceptance.pytest_run import Outcome
    from fakturavakt.rulebook.clause_files import Clause
    from fakturavakt.rulebook.model import RuleBook


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
    "--steps",
    is_flag=False,
    flag_value="",
    metavar=t("[ORD]", "[WORD]"),
    help=t(
        "Kjør ingenting; vis stegene som finnes, med eksempler, alle eller de som handler om et ord.",
        "Run nothing; show the steps there are, with examples, all of them or those about a word.",
    ),
)
@click.option(
    "--new",
    type=click.Path(exists=True, dir_okay=False),
    metavar=t("FIL", "FILE"),
    help=t(
        "Kjør ingenting; skriv et scenario av hver faktura i filen og avgjørelsen om den, til å redigere.",
        "Run nothing; write a scenario of each invoice of the file and its decision, to edit.",
    ),
)
@options.evidence_option()
@options.as_of_option()
@click.option(
    "--show-personal-data",
    is_flag=True,
    help=t(
        "Behold i nye scenarier det som sier hvem noen er; ellers byttes det ut med oppdiktede verdier.",
        "Keep in new scenarios what tells who somebody is; else it is replaced by invented values.",
    ),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Format)),
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
    "--site",
    type=click.Path(file_okay=False),
    metavar=t("MAPPE", "FOLDER"),
    help=t(
        "Skriv også den levende dokumentasjonen hit, som Markdown (MyST) for et dokumentasjonsnettsted.",
        "Write the living documentation here, too, as Markdown (MyST) for a site of documentation.",
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
    steps: str | None,
    new: str | None,
    evidence: str | None,
    as_of: date | None,
    form: Format,
    output: str | None,
    history: str | None,
    site: str | None,
    lang: str,
    *,
    show_personal_data: bool,
    only_lint: bool,
    every_clause: bool,
    every: bool,
) -> None:
    """See ``help`` above."""
    _refuse_what_does_not_go_together(steps is not None, new is not None)
    with failures_told(lang):
        from fakturavakt.acceptance.pytest_settings import NOT_INSTALLED, features_can_run

        if not features_can_run():
            fail(NOT_INSTALLED.say(lang))
        from fakturavakt.acceptance.book_under_test import BookUnderTest, engines_of
        from fakturavakt.acceptance.feature_files import not_collected
        from fakturavakt.acceptance.pytest_run import AcceptanceError, run_features
        from fakturavakt.acceptance.pytest_session import rules_beside
        from fakturavakt.acceptance.sentences import in_use
        from fakturavakt.acceptance.source_clauses import clause_findings
        from fakturavakt.problems import ProblemsError

        folder = rules or rules_beside(Path.cwd())
        tested = BookUnderTest.load(folder, engines_of(engine))
        check_language(lang, tested.book.languages)
        if steps is not None:
            write_steps(tested, steps, lang)
            return
        if new is not None:
            in_use.use(tested.names)
            whole = write_scenarios(
                *(tested, new, evidence, as_of, output, lang), keep_personal=show_personal_data
            )
            raise SystemExit(0 if whole else exit_codes.UNREADABLE)
        files = _files(features)
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
            before = with_history(history, outcome.run) if history and not wrong else ()
            shown = form == "html" or site is not None
            book = _with_guarantees(tested) if shown else tested.book
            told = Told(outcome.run, book, clauses, before)
            write_report(told, form, output, lang, every=every)
            if site is not None:
                write_site(told, site, lang)
        sys.stdout.flush()
    if wrong:
        raise SystemExit(exit_codes.ERROR)
    passed = only_lint or outcome.run.passed
    raise SystemExit(0 if passed and not lacking else exit_codes.STOPPED)


_OF_NEW: Final = {
    "evidence": "--evidence",
    "as_of": "--as-of",
    "show_personal_data": "--show-personal-data",
}
_OF_A_RUN: Final = {
    "features": "FEATURES",
    "only_lint": "--lint",
    "every_clause": "--clauses",
    "form": "--format",
    "history": "--history",
    "site": "--site",
    "every": "--verbose",
}


def _refuse_what_does_not_go_together(steps: bool, new: bool) -> None:
    """An option that would do nothing is a mistake of whoever gave it."""
    context = click.get_current_context()

    def given(name: str) -> bool:
        source = context.get_parameter_source(name)
        return source is ParameterSource.COMMANDLINE and bool(context.params[name])

    if steps and new:
        raise click.UsageError(
            t("--steps og --new kan ikke brukes sammen.", "--steps and --new do not go together.")
        )
    for name, option in _OF_NEW.items():
        if given(name) and not new:
            raise click.UsageError(
                t(f"{option} hører sammen med --new.", f"{option} goes with --new.")
            )
    for name, option in _OF_A_RUN.items():
        if given(name) and (steps or new):
            instead = "--steps" if steps else "--new"
            raise click.UsageError(
                t(
                    f"{option} hører til en kjøring, og {instead} kjører ingen scenarier.",
                    f"{option} belongs to a run, and {instead} runs no scenarios.",
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


def _with_guarantees(tested: BookUnderTest) -> RuleBook:
    """The rule book as pages show it: its guarantees stand beside the clauses that they keep."""
    from fakturavakt.rulebook.loader import load_rulebook

    return load_rulebook(tested.folder, guarantees=True).without_trials()


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
