"""``fakturavakt screen``: the main job."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, Self, TextIO, TypeAlias, assert_never

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.language import t
from fakturavakt.cli.run_setup import DocumentRun, document_run
from fakturavakt.cli.terminal import console, output_stream, tell

if TYPE_CHECKING:
    from fakturavakt.engines.choose import EngineName
    from fakturavakt.report.machine import Report
    from fakturavakt.report.summary import Summary
    from fakturavakt.screening import Screening

ReportFormat: TypeAlias = Literal["text", "json", "ndjson", "csv", "junit"]
FORMATS: Final[tuple[ReportFormat, ...]] = ("text", "json", "ndjson", "csv", "junit")


@click.command(
    "screen",
    help=t(
        "Avgjør for hver faktura i PATH… om den kan sendes, over hvilken kanal, og hvorfor.\n\n"
        "PATH er filer, mapper, jokermønstre eller - for stdin: UBL/EHF, JSON, NDJSON og CSV, også "
        "gzippet.\n\n"
        "Avslutningskoder: 0 ingenting ble stoppet, 1 noe ble stoppet eller er på vent, 2 feil i "
        "bruk, regelbok eller register, 3 noe kunne ikke leses.",
        "Decide for each invoice in PATH… whether it may be sent, over which channel, and why.\n\n"
        "PATH is files, folders, globs or - for stdin: UBL/EHF, JSON, NDJSON and CSV, gzipped "
        "too.\n\n"
        "Exit codes: 0 nothing was stopped, 1 something was blocked or held, 2 an error of usage, "
        "rule book or register, 3 something could not be read.",
    ),
)
@options.paths_argument()
@options.evidence_option()
@options.rules_option()
@options.as_of_option()
@options.engine_option()
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    envvar="FAKTURAVAKT_FORMAT",
    help=t("Hva som skrives.", "What is written."),
)
@options.output_option()
@options.language_option()
@click.option(
    "--fail-on",
    type=click.Choice(exit_codes.FAIL_ON),
    default="hold",
    show_default=True,
    envvar="FAKTURAVAKT_FAIL_ON",
    help=t(
        "Hva som gir avslutningskode 1: bare stoppede, også de på vent, eller aldri.",
        "What gives exit code 1: only blocked invoices, held ones too, or never.",
    ),
)
def command(
    paths: tuple[str, ...],
    evidence: str | None,
    rules: str | None,
    as_of: date | None,
    engine: EngineName,
    format: ReportFormat,  # noqa: A002 (the option's name)
    output: str | None,
    lang: str,
    fail_on: exit_codes.FailOn,
) -> None:
    """See ``help`` above."""
    from fakturavakt.report.summary import Summary

    summary = Summary()
    with (
        document_run(
            paths, rules=rules, evidence=evidence, as_of=as_of, language=lang, engine=engine
        ) as run,
        output_stream(output) as stream,
    ):
        # The text report names what could not be read itself; whoever looks at a file sees stderr.
        told = format != "text" or output is not None
        _run(run, _report(format, stream, run.screening), summary, stream, told=told)
        if summary.read == 0:
            raise SystemExit(run.exit_code())
    if format != "text" or output is not None:
        tell(summary.line(lang))
    raise SystemExit(exit_codes.of_screening(summary, fail_on))


def _run(run: DocumentRun, report: Report, summary: Summary, stream: TextIO, *, told: bool) -> None:
    from fakturavakt.intake.documents import Unreadable

    with _Progress(stream) as advance:
        for document in run.documents(told=told):
            screened = (
                document if isinstance(document, Unreadable) else run.screening.screen(document)
            )
            report.add(screened)
            summary.add(screened)
            advance()
    report.finish(summary)


def _report(name: ReportFormat, stream: TextIO, screening: Screening) -> Report:
    if name == "text":
        from fakturavakt.report.text import TextReport

        return TextReport(console(stream), screening.book, screening.as_of, screening.language)
    from fakturavakt.report.machine import CsvReport, JsonReport, JunitReport, NdjsonReport

    match name:
        case "json":
            return JsonReport(stream)
        case "ndjson":
            return NdjsonReport(stream)
        case "csv":
            return CsvReport(stream, screening.language)
        case "junit":
            as_of = screening.as_of.isoformat()
            return JunitReport(stream, screening.book, as_of, screening.language)
        case _:
            assert_never(name)


class _Progress:
    """Counts documents on a terminal's stderr, unless the decisions themselves go to a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self.shown = sys.stderr.isatty() and not stream.isatty()

    def __enter__(self) -> Self:
        if self.shown:
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            self.progress = Progress(
                SpinnerColumn(),
                TextColumn(t("{task.completed} dokumenter", "{task.completed} documents")),
                TimeElapsedColumn(),
                console=console(sys.stderr),
                transient=True,
            )
            self.task = self.progress.add_task("", total=None)
            self.progress.start()
        return self

    def __call__(self) -> None:
        if self.shown:
            self.progress.advance(self.task)

    def __exit__(self, *_exception: object) -> None:
        if self.shown:
            self.progress.stop()
