"""``fakturavakt screen --on``: the run on Spark, what it takes, and the balance at its end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import check_language, fail, failures_told, tell, teller

if TYPE_CHECKING:
    from fakturavakt.cli.screen_command import Wanted
    from fakturavakt.report.summary import Summary


def screen_on_spark(
    paths: tuple[str, ...],
    wanted: Wanted,
    *,
    master: str,
    rules: str | None,
    as_of: date | None,
    language: str,
) -> Summary:
    """Screen Parquet where it lies; the decisions are a folder of Parquet."""
    output = _output(wanted)
    with failures_told(language):
        from fakturavakt.engines.columnar_outcomes import ColumnarUnsupportedError
        from fakturavakt.engines.reference import ReferenceEngine
        from fakturavakt.engines.sql_dialects import DialectRefusedError
        from fakturavakt.on_spark.failures import SparkRunError
        from fakturavakt.on_spark.spark_run import SparkRun
        from fakturavakt.rulebook.loader import load_rulebook
        from fakturavakt.screening import Screening, today_in_oslo

        book = load_rulebook(rules)
        check_language(language, book.languages)
        if not wanted.trials:
            book = book.without_trials()
        engine = ReferenceEngine(book)
        day = as_of or today_in_oslo()
        screening = Screening(
            book, day, engine, language, warn=teller(language), trials=wanted.trials
        )
        try:
            run = SparkRun(screening, master, wanted.with_text)
            summary, read = run.to_folder(paths, output)
        except (SparkRunError, DialectRefusedError) as error:
            fail(error.reason.say(language))
        except ColumnarUnsupportedError as error:
            fail(str(error))
    if not summary.read:
        fail(t("Ingen dokumenter ble funnet.", "No documents were found."))
    tell(summary.balance(read, language))
    return summary


def _output(wanted: Wanted) -> str:
    """The folder to write; refuses what does not go with ``--on``."""
    source = click.get_current_context().get_parameter_source("format")
    if wanted.output is None or (
        wanted.format != "parquet" and source is not ParameterSource.DEFAULT
    ):
        raise click.UsageError(
            t(
                "--on skriver en mappe med Parquet: bruk --output MAPPE, og --format parquet eller ingen.",
                "--on writes a folder of Parquet: use --output FOLDER, and --format parquet or none.",
            )
        )
    for option, given in (
        ("--evidence", wanted.evidence is not None),
        ("--rejected", wanted.rejected is not None),
        ("--resume", wanted.resume),
        ("--engine", wanted.engine not in ("auto", "columnar")),
    ):
        if given:
            raise click.UsageError(
                t(
                    f"{option} kan ikke brukes sammen med --on.",
                    f"{option} cannot be used together with --on.",
                )
            )
    return wanted.output
