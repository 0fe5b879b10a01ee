"""``fakturavakt rules check``: what is wrong or doubtful about a rule book, told, mended, and watched."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, assert_never, get_args

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.exit_codes import FAIL_ON_FINDING, FailOnFinding
from fakturavakt.cli.language import t
from fakturavakt.cli.scenarios_beside_rules import features_option
from fakturavakt.cli.terminal import check_language, fail, failures_told, output_stream, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fakturavakt.desk.rule_check import CheckReport

_Format: TypeAlias = Literal["text", "json", "sarif", "github", "junit"]
_SECONDS: Final = 5.0


@click.command(
    "check",
    help=t(
        "Finn det som er feil eller tvilsomt i regelboken: først formen, så betydningen. Hvert funn har en "
        "kode, fil, linje og kolonne, hvorfor det er sagt, og hva som retter det. RULES er mappen med "
        "regelboken.",
        "Find what is wrong or doubtful in the rule book: its form first, then its meaning. Each finding has "
        "a code, file, line and column, why it is told, and what mends it. RULES is the folder of the rule "
        "book.",
    ),
)
@click.argument("folder", metavar="[RULES]", required=False, type=click.Path(file_okay=False))
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(_Format)),
    default="text",
    show_default=True,
    help=t(
        "Tekst for mennesker, eller det som programmer, editorer og byggeservere leser.",
        "Text for people, or what programs, editors and CI servers read.",
    ),
)
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON_FINDING),
    default="warning",
    show_default=True,
    help=t(
        "Fra hvilken alvorlighet et funn gir avslutningskode 1. Feil i formen gir alltid 2.",
        "From which severity on a finding gives exit code 1. Mistakes of form always give 2.",
    ),
)
@click.option(
    "--fix",
    is_flag=True,
    help=t(
        "Rett det som bare kan rettes på én måte, i filene, og vis hva som er endret. Ingen rettelse "
        "endrer hva et dokument får.",
        "Mend what can be mended in one way only, in the files, and show what was changed. No fix changes "
        "what a document gets.",
    ),
)
@click.option(
    "--watch",
    is_flag=True,
    help=t(
        "Kontroller på nytt hver gang en fil endres; Ctrl-C avslutter. Trenger fakturavakt[watch].",
        "Check again whenever a file changes; Ctrl-C ends it. Needs fakturavakt[watch].",
    ),
)
@features_option()
@click.option(
    "--no-solver",
    is_flag=True,
    help=t(
        "Ikke spør løseren (z3), heller ikke der den er installert; det som da ikke blir "
        "kontrollert, blir sagt.",
        "Do not ask the solver (z3), even where it is installed; what is not checked then is said.",
    ),
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=_SECONDS,
    show_default=True,
    metavar=t("SEKUNDER", "SECONDS"),
    help=t(
        "Så lenge kan ett spørsmål til løseren ta; ellers er det ikke avgjort.",
        "How long one question to the solver may take; else it is undecided.",
    ),
)
@options.output_option()
@options.rules_option()
@options.language_option()
def command(
    folder: str | None,
    form: _Format,
    fail_on: FailOnFinding,
    features: str | None,
    timeout: float,
    output: str | None,
    rules: str | None,
    lang: str,
    *,
    fix: bool,
    watch: bool,
    no_solver: bool,
) -> None:
    """See ``help`` above."""
    if fix and watch:
        raise click.UsageError(
            t("--fix og --watch kan ikke brukes sammen.", "--fix and --watch do not go together.")
        )
    with failures_told(lang):
        from fakturavakt.desk.rule_check import check_rule_book
        from fakturavakt.rulebook.loader import folder_of_rules

        root = folder_of_rules(folder or rules)
        beside = None if features is None else Path(features)

        def run() -> int:
            report = check_rule_book(root, features=beside, seconds=timeout, solver=not no_solver)
            if report.book is not None:
                check_language(lang, report.book.languages)
            _write(report, form, fail_on, output, lang)
            return exit_codes.of_check(report, fail_on)

        if fix:
            _mend(root)
        code = _watched(root, beside, run) if watch else run()
    raise SystemExit(code)


def _write(
    report: CheckReport, form: _Format, fail_on: FailOnFinding, output: str | None, lang: str
) -> None:
    from fakturavakt.desk.finding_report import as_json, as_junit, github_lines, text_lines
    from fakturavakt.desk.finding_sarif import as_sarif
    from fakturavakt.report.source_excerpt import forget

    forget()
    if form == "text" and output is None and report.ill_formed:
        # A rule book that cannot be read is an error of the run: told like every other.
        for line in text_lines(report, lang):
            tell(line)
        return
    with output_stream(output) as stream:
        match form:
            case "text":
                stream.writelines(f"{line}\n" for line in text_lines(report, lang))
            case "json":
                stream.write(as_json(report, lang))
            case "sarif":
                stream.write(as_sarif(report, lang))
            case "github":
                stream.writelines(f"{line}\n" for line in github_lines(report, lang))
            case "junit":
                stream.write(as_junit(report, lang, exit_codes.threshold_of(fail_on)))
            case _:
                assert_never(form)


def _mend(root: Path) -> None:
    """Mend what can be, and show it on stderr."""
    from fakturavakt.desk.fixing import mend
    from fakturavakt.desk.rule_check import check_rule_book
    from fakturavakt.texts import how_many, text

    # What can be mended is seen without features and without the solver.
    mended = mend(root, lambda copy: check_rule_book(copy, solver=False))
    for line in mended.changes():
        tell(line)
    if mended.findings:
        findings = how_many(len(mended.findings), text("funn", "finding"), text("funn", "findings"))
        files = how_many(len(mended.files), text("fil", "file"), text("filer", "files"))
        tell(
            t(
                f"{findings.say('nb')} er rettet i {files.say('nb')}.",
                f"{findings.say('en')} mended in {files.say('en')}.",
            )
        )
    else:
        tell(t("Det er ingenting å rette.", "There is nothing to mend."))


def _watched(root: Path, features: Path | None, run: Callable[[], int]) -> int:
    """Run once watching has begun, so that no change is missed, and after each; until the user ends it."""
    from fakturavakt.desk.feature_documents import features_of
    from fakturavakt.desk.rule_watch import WatchMissingError, changes

    folders = [folder for folder in (root, features_of(root, features)) if folder.is_dir()]
    if not root.is_dir():
        return run()  # which says so
    try:
        for changed in changes(folders):
            if changed:
                _tell_changed(changed)
            _run_watched(run)
            _tell_waiting(root)
    except WatchMissingError as error:
        fail(t(error.reason.say("nb"), error.reason.say("en")))
    except KeyboardInterrupt:
        pass
    tell(t("Avsluttet.", "Ended."))
    return 0


def _run_watched(run: Callable[[], int]) -> None:
    """One run; what would end the command waits for the next change instead."""
    try:
        run()
    except OSError as error:
        tell(str(error))
    sys.stdout.flush()


def _tell_changed(changed: Sequence[Path]) -> None:
    names = ", ".join(dict.fromkeys(path.name for path in changed))
    now = datetime.now().astimezone().strftime("%H:%M:%S")
    tell(
        t(
            f"[{now}] Endret: {names}. Kontrollerer på nytt.",
            f"[{now}] Changed: {names}. Checking again.",
        )
    )


def _tell_waiting(root: Path) -> None:
    tell(
        t(
            f"Venter på endringer i {root} (Ctrl-C avslutter).",
            f"Waiting for changes in {root} (Ctrl-C ends).",
        )
    )
