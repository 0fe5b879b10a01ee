"""``fakturavakt screen``: the main job."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, TextIO, TypeAlias, assert_never, cast

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.language import t
from fakturavakt.cli.progress import Progress
from fakturavakt.cli.run_setup import DocumentRun, document_run
from fakturavakt.cli.terminal import console, is_stream, output_stream, tell
from fakturavakt.texts import text

if TYPE_CHECKING:
    from fakturavakt.engines.choose import EngineName
    from fakturavakt.report.machine import Report
    from fakturavakt.report.summary import Summary
    from fakturavakt.screening import Screening
    from fakturavakt.texts import Text

ReportFormat: TypeAlias = Literal["text", "json", "ndjson", "csv", "parquet", "junit"]
FORMATS: Final[tuple[ReportFormat, ...]] = ("text", "json", "ndjson", "csv", "parquet", "junit")


@click.command(
    "screen",
    help=t(
        "Avgjør for hver faktura i PATH… om den kan sendes, over hvilken kanal, og hvorfor.\n\n"
        "PATH er filer, mapper, jokermønstre eller - for stdin: UBL/EHF, JSON, NDJSON og CSV, også "
        "gzippet, og Parquet.\n\n"
        "Avslutningskoder: 0 ingenting ble stoppet, 1 noe ble stoppet eller er på vent, 2 feil i "
        "bruk, regelbok eller register, 3 noe kunne ikke leses.",
        "Decide for each invoice in PATH… whether it may be sent, over which channel, and why.\n\n"
        "PATH is files, folders, globs or - for stdin: UBL/EHF, JSON, NDJSON and CSV, gzipped "
        "too, and Parquet.\n\n"
        "Exit codes: 0 nothing was stopped, 1 something was blocked or held, 2 an error of usage, "
        "rule book or register, 3 something could not be read.",
    ),
)
@options.paths_argument()
@options.evidence_option()
@options.rules_option()
@options.as_of_option()
@options.engine_option("auto", "columnar", "durable", "reference")
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    envvar="FAKTURAVAKT_FORMAT",
    help=t("Hva som skrives.", "What is written."),
)
@options.output_option()
@options.rejected_option()
@options.language_option()
@options.fail_on_option()
@options.with_text_option()
@options.trials_option(
    text(
        "Ta med under «trials» hva regler på prøve (status: trial) ville ha sagt. De avgjør ingenting.",
        "Record under “trials” what rules on trial (status: trial) would have said. They decide nothing.",
    ),
    envvar="FAKTURAVAKT_TRIALS",
)
@options.resume_option()
@options.memory_option()
@options.threads_option()
@options.verbose_option()
@options.on_option()
def command(
    paths: tuple[str, ...],
    evidence: str | None,
    rules: str | None,
    as_of: date | None,
    engine: str,
    format: ReportFormat,  # noqa: A002 (the option's name)
    output: str | None,
    rejected: str | None,
    lang: str,
    fail_on: exit_codes.FailOn,
    with_text: bool,
    trials: bool,
    resume: bool,
    memory: str | None,
    threads: int | None,
    verbose: bool,
    on: str | None,
) -> None:
    """See ``help`` above."""
    wanted = Wanted(
        format,
        output,
        rejected,
        evidence,
        with_text,
        trials,
        resume,
        memory,
        threads,
        engine,
        verbose,
    )
    if on is not None:
        from fakturavakt.cli.spark_output import screen_on_spark

        summary = screen_on_spark(paths, wanted, master=on, rules=rules, as_of=as_of, language=lang)
        tell(summary.line(lang))
        raise SystemExit(exit_codes.of_screening(summary, fail_on))
    wanted.check()
    by_row: EngineName = "auto" if engine == "columnar" else cast("EngineName", engine)
    with document_run(
        paths,
        rules=rules,
        evidence=evidence,
        as_of=as_of,
        language=lang,
        engine=by_row,
        columns=wanted.why_columns,
        trials=trials,
    ) as run:
        if verbose:
            tell(_engine(run))
        if run.columns is not None:
            from fakturavakt.cli.columnar_output import screen_in_columns

            summary = screen_in_columns(run, wanted)
        else:
            summary = _screen_by_row(run, wanted)
        if summary.read == 0:
            raise SystemExit(run.exit_code())
    if wanted.shows_no_hit_list:
        tell(summary.line(lang))
    raise SystemExit(exit_codes.of_screening(summary, fail_on))


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    format: ReportFormat
    output: str | None
    rejected: str | None
    evidence: str | None
    with_text: bool
    trials: bool
    resume: bool
    memory: str | None
    threads: int | None
    engine: str
    verbose: bool

    @property
    def shows_no_hit_list(self) -> bool:
        """Whether whoever looks at the terminal would learn nothing without a line on stderr."""
        return self.format != "text" or self.output is not None

    def check(self) -> None:
        """Refuse what does not go together."""
        if self.format == "parquet" and is_stream(self.output):
            raise click.UsageError(
                t(
                    "Parquet skrives til en fil eller mappe: legg til --output.",
                    "Parquet is written to a file or folder: add --output.",
                )
            )
        if self.resume and (is_stream(self.output) or self.format not in _RESUMABLE):
            raise click.UsageError(
                t(
                    "--resume gjelder en kjøring med --output og --format parquet, ndjson eller csv.",
                    "--resume is about a run with --output and --format parquet, ndjson or csv.",
                )
            )
        if self.engine in ("durable", "reference") and (self.resume or self.format == "parquet"):
            raise click.UsageError(
                t(
                    f"--engine {self.engine} avgjør ett dokument om gangen; --resume og Parquet hører til "
                    "--engine columnar.",
                    f"--engine {self.engine} decides one document at a time; --resume and Parquet go with "
                    "--engine columnar.",
                )
            )
        if self.trials and self.format == "junit":
            raise click.UsageError(
                t(
                    "JUnit sier hva som ble stoppet, og en regel på prøve stopper ingenting: bruk --trials "
                    "med text, json, ndjson, csv eller parquet.",
                    "JUnit says what was stopped, and a rule on trial stops nothing: use --trials with text, "
                    "json, ndjson, csv or parquet.",
                )
            )
        if self.engine == "columnar" and self.format in ("json", "junit"):
            raise click.UsageError(
                t(
                    "--engine columnar skriver text, ndjson, csv og parquet.",
                    "--engine columnar writes text, ndjson, csv and parquet.",
                )
            )

    def why_columns(self, files: tuple[str, ...]) -> Text | None:
        """Why the files go through columns, where they do."""
        if self.engine in ("durable", "reference") or self.format in ("json", "junit"):
            return None
        from fakturavakt.bulk.choice import why_columns

        asked = self.engine == "columnar"
        return why_columns(files, asked=asked, bulk_output=self.resume or self.format == "parquet")


_RESUMABLE: Final = ("parquet", "ndjson", "csv")


def _engine(run: DocumentRun) -> str:
    """Which engine decides, and why."""
    if run.columns is not None:
        return run.columns.say(run.screening.language)
    name = run.screening.engine.name
    return t(f"Motor: {name}, ett dokument om gangen.", f"Engine: {name}, one document at a time.")


def _screen_by_row(run: DocumentRun, wanted: Wanted) -> Summary:
    from fakturavakt.intake.documents import Unreadable
    from fakturavakt.report.summary import Summary

    summary = Summary()
    with ExitStack() as stack:
        stream = stack.enter_context(output_stream(wanted.output))
        report = report_on(wanted.format, stream, run.screening)
        rejected = None
        if wanted.rejected is not None:
            from fakturavakt.report.machine import RejectedReport

            kept = stack.enter_context(output_stream(wanted.rejected))
            rejected = RejectedReport(kept, run.screening.language)
        # The text report names what could not be read itself; whoever looks at a file sees stderr.
        with Progress(stream) as progress:
            for document in run.documents(told=wanted.shows_no_hit_list):
                screened = (
                    document if isinstance(document, Unreadable) else run.screening.screen(document)
                )
                report.add(screened)
                summary.add(screened)
                if rejected is not None:
                    rejected.add(screened)
                progress.advance()
        report.finish(summary)
        if summary.read == 0:
            raise SystemExit(run.exit_code())
    if wanted.shows_no_hit_list:
        tell(summary.balance(run.read, run.screening.language))
    return summary


def report_on(
    name: ReportFormat, stream: TextIO, screening: Screening, *, listed: bool = True
) -> Report:
    """The report of a name on a stream; ``listed`` says whether text lists each document."""
    if name == "text":
        from fakturavakt.report.text import TextReport

        return TextReport(
            console(stream), screening.book, screening.as_of, screening.language, listed=listed
        )
    from fakturavakt.report.machine import CsvReport, JsonReport, JunitReport, NdjsonReport

    match name:
        case "json":
            return JsonReport(stream)
        case "ndjson":
            return NdjsonReport(stream)
        case "csv":
            return CsvReport(stream, screening.language, trials=screening.trials)
        case "junit":
            as_of = screening.as_of.isoformat()
            return JunitReport(stream, screening.book, as_of, screening.language)
        case "parquet":
            raise AssertionError  # written in columns, see `Wanted.check`
        case _:
            assert_never(name)
