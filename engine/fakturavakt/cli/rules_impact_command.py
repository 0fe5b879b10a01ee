"""``fakturavakt rules impact``: which invoices of a history would have gone otherwise."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, assert_never, get_args

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.language import t
from fakturavakt.cli.progress import Progress
from fakturavakt.cli.run_setup import warn_of_skipped
from fakturavakt.cli.terminal import (
    check_language,
    fail,
    failures_told,
    output_stream,
    tell,
    teller,
)
from fakturavakt.texts import text

if TYPE_CHECKING:
    from fakturavakt.desk.impact import Impact
    from fakturavakt.desk.impact_words import Occasion
    from fakturavakt.intake.documents import Unreadable

_Format: TypeAlias = Literal["text", "json", "html"]
TOLD_MAX: Final = 100
"""Documents that could not be read and are told of on stderr."""


@click.command(
    "impact",
    help=t(
        "Kjør to regelbøker over en historikk av fakturaer, og vis hva som ville gått annerledes: nye "
        "stoppede, på vent, sendte og ikke omfattede, annen kanal og uendret, med årsak, beløp, avsendere, "
        "uke for uke og eksempler. OLD og NEW er mapper, wheels eller revisjoner i git (HEAD~1, v1.2:rules). "
        "Med --trials og én regelbok: hva reglene på prøve ville gjort om de gjaldt.\n\n"
        "Avslutningskoder: 0 ingenting endres, 1 noe endres (--fail-on), 2 feil i bruk, regelbok eller "
        "register, 3 noe kunne ikke leses.",
        "Run two rule books over a history of invoices, and show what would have gone otherwise: newly "
        "blocked, held, sent and out of scope, other channel and unchanged, with cause, amounts, senders, "
        "week by week and samples. OLD and NEW are folders, wheels or revisions of git (HEAD~1, "
        "v1.2:rules). With --trials and one rule book: what its rules on trial would have done had they "
        "counted.\n\n"
        "Exit codes: 0 nothing changes, 1 something does (--fail-on), 2 an error of usage, rule book or "
        "register, 3 something could not be read.",
    ),
)
@click.argument("books", metavar="OLD [NEW]", nargs=-1, required=True)
@click.option(
    "--on",
    "history",
    metavar="PATH",
    multiple=True,
    required=True,
    help=t(
        "Historikken: filer, mapper, jokermønstre eller - for stdin, alt som screen leser. Kan gjentas.",
        "The history: files, folders, globs or - for stdin, all that screen reads. May be repeated.",
    ),
)
@options.trials_option(
    text(
        "Sammenlign én regelbok med seg selv, som om reglene på prøve (status: trial) gjaldt.",
        "Compare one rule book with itself, as if its rules on trial (status: trial) counted.",
    )
)
@options.evidence_option()
@options.as_of_option()
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(_Format)),
    default="text",
    show_default=True,
    help=t(
        "Form på det som skrives ut; html er én side som er hel i seg selv.",
        "Form of the output; html is one page, complete in itself.",
    ),
)
@options.output_option()
@click.option(
    "--samples",
    type=click.IntRange(0, 50),
    default=3,
    show_default=True,
    help=t("Eksempler på hver endring.", "Samples of each change."),
)
@click.option(
    "--show-personal-data",
    is_flag=True,
    help=t(
        "Vis i eksemplene også filnavn, fakturanumre og verdier som kan si hvem noen er; ellers skjules de.",
        "Show file names, invoice numbers and values that may tell who somebody is in samples, too; else "
        "they are hidden.",
    ),
)
@click.option(
    "--fail-on",
    type=click.Choice(exit_codes.FAIL_ON_CHANGE),
    default="any",
    show_default=True,
    help=t(
        "Hva som gir avslutningskode 1: any er enhver annen avgjørelse eller kanal; looser at noe slipper "
        "lettere gjennom.",
        "What gives exit code 1: any is any other decision or channel; looser is that something gets through "
        "more easily.",
    ),
)
@options.memory_option()
@options.threads_option()
@options.language_option()
def command(
    books: tuple[str, ...],
    history: tuple[str, ...],
    evidence: str | None,
    as_of: date | None,
    form: _Format,
    output: str | None,
    samples: int,
    fail_on: exit_codes.FailOnChange,
    memory: str | None,
    threads: int | None,
    lang: str,
    *,
    trials: bool,
    show_personal_data: bool,
) -> None:
    """See ``help`` above."""
    with failures_told(lang):
        from fakturavakt.bulk.run_folder import RunError
        from fakturavakt.desk.impact_run import ImpactRun, without_warnings
        from fakturavakt.engines.columnar_outcomes import ColumnarUnsupportedError
        from fakturavakt.engines.reference import ReferenceEngine
        from fakturavakt.intake.document_chunks import size_of
        from fakturavakt.intake.register import Register
        from fakturavakt.intake.sources import find_files
        from fakturavakt.screening import Screening, today_in_oslo

        day = as_of or today_in_oslo()
        occasion = _occasion(books, day, lang, trials=trials)
        warn = teller(lang)
        register = None if evidence is None else Register.load(evidence)
        for warning in () if register is None else register.warnings:
            warn(warning)
        found = find_files(history, evidence)
        warn_of_skipped(found.skipped, warn)
        screenings = [
            Screening(book, day, ReferenceEngine(book), lang, register, warn)
            for book in (each.without_trials() for each in occasion.books)
        ]
        told = _Told(lang)
        run = ImpactRun(
            without_warnings(screenings[0]),
            screenings[1],
            found.files,
            threads,
            memory,
            sys.stdin.buffer,
            samples,
            unreadable=told,
        )
        try:
            with Progress(None, size_of(found.files)) as progress:
                run.advance = progress.reach
                impact = run.impact()
        except RunError as error:
            fail(error.reason.say(lang))
        except ColumnarUnsupportedError as error:
            fail(str(error))
        told.finish()
        if not impact.documents:
            fail(t("Ingen dokumenter ble funnet.", "No documents were found."))
        occasion = _counted(occasion, len(found.files))
        _write(impact, occasion, form, output, lang, shows_persons=show_personal_data)
    raise SystemExit(exit_codes.of_impact(impact, fail_on))


def _occasion(books: tuple[str, ...], day: date, lang: str, *, trials: bool) -> Occasion:
    """The rule books that are compared."""
    from fakturavakt.desk.impact_words import Occasion
    from fakturavakt.proof.rule_book_sources import RuleBookSourceError, rule_book_of

    if trials and len(books) != 1:
        raise click.UsageError(
            t(
                "--trials sammenligner én regelbok med seg selv: oppgi bare den.",
                "--trials compares one rule book with itself: name only that.",
            )
        )
    if not trials and len(books) != 2:
        raise click.UsageError(
            t(
                "Oppgi to regelbøker, OLD og NEW, eller én med --trials.",
                "Name two rule books, OLD and NEW, or one with --trials.",
            )
        )
    try:
        loaded = [(given, rule_book_of(given)) for given in books]
    except RuleBookSourceError as error:
        fail(error.reason.say(lang))
    promoted: tuple[str, ...] = ()
    if trials:
        given, book = loaded[0]
        if book.promoted is None:
            fail(
                t(
                    f"{given}: ingen regel er på prøve. Skriv «status: trial» i regelen som skal prøves.",
                    f"{given}: no rule is on trial. Write “status: trial” in the rule that is to be tried.",
                )
            )
        promoted = tuple(rule.id for rule in book.trials)
        loaded.append((given, book.promoted))
    old, new = loaded
    for _, book in loaded:
        check_language(lang, book.languages)
    return Occasion(old, new, day, 0, promoted)


def _counted(occasion: Occasion, files: int) -> Occasion:
    from dataclasses import replace

    return replace(occasion, files=files)


def _write(
    impact: Impact,
    occasion: Occasion,
    form: _Format,
    output: str | None,
    lang: str,
    *,
    shows_persons: bool,
) -> None:
    from fakturavakt.desk.impact_samples import told_sample

    told = [
        told_sample(sample, *occasion.books, lang, shows_persons=shows_persons)
        for sample in impact.samples
    ]
    with output_stream(output) as stream:
        match form:
            case "text":
                from fakturavakt.desk.impact_report import text_lines

                for line in text_lines(impact, occasion, told, lang):
                    stream.write(f"{line}\n")
            case "json":
                from fakturavakt.desk.impact_report import as_json

                stream.write(f"{as_json(impact, occasion, told, lang)}\n")
            case "html":
                from fakturavakt.desk.impact_page import page

                stream.write(page(impact, occasion, told, lang))
            case _:
                assert_never(form)
    if output is not None or form != "text":
        from fakturavakt.desk.impact_words import balance

        tell(balance(impact, lang))


class _Told:
    """Tells of documents that could not be read, as many as somebody would read of."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.count = 0

    def __call__(self, document: Unreadable) -> None:
        self.count += 1
        if self.count <= TOLD_MAX:
            source = document.source
            reason = document.reason.say(self.lang)
            tell(f"{source.file}:{document.place}: {reason} (#{source.position})")

    def finish(self) -> None:
        """Say that there were more."""
        if self.count > TOLD_MAX:
            more = self.count - TOLD_MAX
            tell(t(f"{more} til kunne ikke leses.", f"{more} more could not be read."))
