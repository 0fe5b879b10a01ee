"""``fakturavakt run``: from an inbox to an outbox."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.language import t
from fakturavakt.cli.progress import Progress
from fakturavakt.cli.run_setup import loaded, warn_of_skipped
from fakturavakt.cli.terminal import failures_told, tell, teller

if TYPE_CHECKING:
    from fakturavakt.billing.run_records import Mode
    from fakturavakt.engines.choose import EngineName


@click.command(
    "run",
    help=t(
        "Kontroller alt i INNBOKS, og legg hvert dokument, byte for byte, der avgjørelsen sier: send/KANAL, "
        "block, "
        "hold, out-of-scope eller unreadable i utboksen, med avgjørelsen ved siden av.\n\n"
        "En kjøring som ble avbrutt, fullføres av den neste. Et dokument som er kommet før, legges ikke ut "
        "en "
        "gang til.\n\n"
        "Avslutningskoder: 0 ingenting ble stoppet, 1 noe ble stoppet eller er på vent, 2 feil i bruk, "
        "regelbok, register eller utboks, 3 noe kunne ikke leses.",
        "Screen everything in INBOX, and put each document, byte for byte, where its decision says: "
        "send/CHANNEL, block, hold, out-of-scope or unreadable of the outbox, with the decision beside "
        "it.\n\n"
        "A run that was interrupted is carried to its end by the next one. A document that came before is "
        "not put "
        "out again.\n\n"
        "Exit codes: 0 nothing was stopped, 1 something was blocked or held, 2 an error of usage, rule book, "
        "register "
        "or outbox, 3 something could not be read.",
    ),
)
@click.argument(
    "inbox", metavar=t("INNBOKS", "INBOX"), type=click.Path(exists=True, file_okay=False)
)
@click.option(
    "--to",
    required=True,
    type=click.Path(file_okay=False),
    metavar=t("UTBOKS", "OUTBOX"),
    envvar="FAKTURAVAKT_TO",
    help=t("Mappen som dokumentene legges i.", "The folder that documents are put in."),
)
@options.evidence_option()
@options.rules_option()
@options.as_of_option()
@options.engine_option("auto", "durable", "reference")
@click.option(
    "--move",
    "mode",
    flag_value="move",
    default=True,
    help=t(
        "Ta filene ut av innboksen når de er lagt ut (standard).",
        "Take files out of the inbox when they are placed (the default).",
    ),
)
@click.option(
    "--copy",
    "mode",
    flag_value="copy",
    help=t("La innboksen være som den er.", "Leave the inbox as it is."),
)
@options.language_option()
@options.fail_on_option()
def command(
    inbox: str,
    to: str,
    evidence: str | None,
    rules: str | None,
    as_of: date | None,
    engine: EngineName,
    mode: Mode,
    lang: str,
    fail_on: exit_codes.FailOn,
) -> None:
    """See ``help`` above."""
    with failures_told(lang):
        from fakturavakt.billing.billing_run import BillingRun, Listener, screened_here
        from fakturavakt.billing.outbox import Outbox
        from fakturavakt.billing.run_records import RunState
        from fakturavakt.billing.screened_files import FileScreening
        from fakturavakt.intake.sources import files_in_folder
        from fakturavakt.screening import today_in_oslo

        book, register = loaded(rules, evidence, lang)
        day = as_of or today_in_oslo()
        screening = FileScreening(book, day, engine, lang, register)
        outbox = Outbox(Path(to))
        results = []
        with Progress(None) as progress, outbox.locked():
            outbox.make()
            listener = Listener(
                teller(lang), lambda file: tell(file.reason.say(lang)), progress.advance
            )
            about = {
                "as_of": day.isoformat(),
                "rulebook": {"name": book.name, "version": book.version},
                "language": lang,
            }
            run = BillingRun(outbox, about, language=lang, listener=listener)
            with outbox.journal() as journal:
                earlier = run.finish(journal)
                if earlier is not None:
                    results.append(earlier)
                if earlier is None or earlier.run.state is RunState.ENDED:
                    left_out = None if evidence is None else Path(evidence).resolve()
                    files, skipped = files_in_folder(inbox, left_out)
                    warn_of_skipped(skipped, teller(lang))
                    results.append(run.run(journal, inbox, mode, screened_here(screening, files)))
    for result in results:
        click.echo(result.books.sentence().say(lang))
    raise SystemExit(exit_codes.of_billing(results, fail_on))
