"""``fakturavakt holds``: what is on hold in an outbox, by the answers that free it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.language import t
from fakturavakt.cli.run_setup import loaded
from fakturavakt.cli.terminal import fail, failures_told, output_stream, tell, teller

if TYPE_CHECKING:
    from fakturavakt.billing.hold_queue import Queue
    from fakturavakt.rulebook.model import RuleBook

HoldsFormat: TypeAlias = Literal["text", "csv", "json", "html"]
FORMATS: Final[tuple[HoldsFormat, ...]] = ("text", "csv", "json", "html")
SHOWN: Final = {"text": 10, "html": 50}
"""Questions that are shown where nothing else is asked for; CSV and JSON have them all."""


@click.command(
    "holds",
    help=t(
        "Vis hva som er på vent i UTBOKS, samlet etter det ene svaret som frigir det: flest fakturaer først. "
        "Hvert tall er prøvd: fakturaene er kontrollert på nytt som om svaret var ja.\n\n"
        "--format csv er et spørreskjema. Fylt ut går det tilbake med fakturavakt answer.\n\n"
        "Avslutningskoder: 0 køen er vist, 2 feil i bruk, regelbok, register eller utboks, 3 noe ligger ikke "
        "der kjøringen la det.",
        "Show what is on hold in OUTBOX, by the one answer that frees it: most invoices first. Each "
        "number was "
        "tried: the invoices were screened again as if the answer were yes.\n\n"
        "--format csv is a questionnaire. Filled in, it goes back with fakturavakt answer.\n\n"
        "Exit codes: 0 the queue was shown, 2 an error of usage, rule book, register or outbox, 3 "
        "something is "
        "not where the run put it.",
    ),
)
@click.argument(
    "outbox", metavar=t("UTBOKS", "OUTBOX"), type=click.Path(exists=True, file_okay=False)
)
@options.evidence_option()
@options.rules_option()
@options.as_of_option()
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    envvar="FAKTURAVAKT_FORMAT",
    help=t("Hva som skrives.", "What is written."),
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar=t("ANTALL", "NUMBER"),
    help=t(
        "Så mange spørsmål vises; ellers 10 som tekst, 50 på siden, alle i CSV og JSON.",
        "So many questions are shown; else 10 as text, 50 on the page, all in CSV and JSON.",
    ),
)
@click.option(
    "--show-personal-data",
    is_flag=True,
    help=t(
        "Ta med mottakernes navn, adresser og telefonnumre.",
        "Include names, addresses and telephone numbers of recipients.",
    ),
)
@options.output_option()
@options.language_option()
def command(
    outbox: str,
    evidence: str | None,
    rules: str | None,
    as_of: date | None,
    format: HoldsFormat,  # noqa: A002 (the option's name)
    top: int | None,
    show_personal_data: bool,
    output: str | None,
    lang: str,
) -> None:
    """See ``help`` above."""
    with failures_told(lang):
        from fakturavakt.billing.answering import is_unfinished
        from fakturavakt.billing.hold_queue import QueueMaker
        from fakturavakt.billing.outbox import Outbox
        from fakturavakt.intake.register import Register
        from fakturavakt.screening import today_in_oslo

        book, register = loaded(rules, evidence, lang)
        place = Outbox(Path(outbox))
        if not place.has_journal():
            fail(t(f"{outbox} er ingen utboks.", f"{outbox} is no outbox."))
        maker = QueueMaker(
            place,
            book,
            register or Register(),
            as_of or today_in_oslo(),
            lang,
            show_personal_data,
            teller(lang),
        )
        with place.journal(read_only=True) as journal:
            if is_unfinished(journal):
                tell(_unfinished())
            queue = maker.queue(journal, top or SHOWN.get(format, -1))
        _write(queue, book, lang, format, output, personal=show_personal_data)
    raise SystemExit(exit_codes.UNREADABLE if queue.elsewhere else 0)


def _write(
    queue: Queue,
    book: RuleBook,
    lang: str,
    form: HoldsFormat,
    output: str | None,
    *,
    personal: bool,
) -> None:
    from fakturavakt.billing import hold_report, questionnaire

    with output_stream(output) as stream:
        match form:
            case "text":
                for line in hold_report.as_text(queue, book, lang):
                    print(line, file=stream)
            case "csv":
                questionnaire.write(queue.groups, book, lang, stream, personal=personal)
            case "json":
                print(hold_report.as_json(queue, book, lang), file=stream)
            case "html":
                from fakturavakt.billing.hold_page import page

                stream.write(page(queue, book, lang))


def _unfinished() -> str:
    return t(
        "Svar som ble ført inn, er ikke ferdig behandlet: kjør fakturavakt answer på nytt.",
        "Answers that were taken have not been dealt with to the end: run fakturavakt answer again.",
    )
