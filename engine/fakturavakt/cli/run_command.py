"""``fakturavakt run``: from an inbox to an outbox."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.language import t
from fakturavakt.cli.progress import Progress
from fakturavakt.cli.run_guard import discard_run, guard_of, release_run, tell_what_to_do
from fakturavakt.cli.run_setup import loaded, warn_of_skipped
from fakturavakt.cli.run_watching import measured, watch_options, watched
from fakturavakt.cli.terminal import failures_told, tell, teller

if TYPE_CHECKING:
    from fakturavakt.billing.billing_run import BillingRun, RunResult
    from fakturavakt.billing.check_point import CheckPoint
    from fakturavakt.billing.outbox import Outbox
    from fakturavakt.billing.run_records import DocumentRecord, Mode
    from fakturavakt.billing.screened_files import FileScreening, Told
    from fakturavakt.billing.watched_runs import Batch
    from fakturavakt.cli.run_output import RunFormat
    from fakturavakt.engines.choose import EngineName


@click.command(
    "run",
    help=t(
        "Kontroller alt i INNBOKS, og legg hvert dokument, byte for byte, der avgjørelsen sier: send/KANAL, "
        "block, "
        "hold, out-of-scope eller unreadable i utboksen, med avgjørelsen ved siden av.\n\n"
        "En kjøring som ble avbrutt, fullføres av den neste. Et dokument som er kommet før, legges ikke ut "
        "en "
        "gang til. En kjøring som er uvanlig for avsenderne sine, venter, uten at noe legges ut, på "
        "--release eller --discard.\n\n"
        "Avslutningskoder: 0 ingenting ble stoppet, 1 noe ble stoppet eller er på vent, eller kjøringen "
        "venter, 2 feil i bruk, regelbok, register eller utboks, 3 noe kunne ikke leses.",
        "Screen everything in INBOX, and put each document, byte for byte, where its decision says: "
        "send/CHANNEL, block, hold, out-of-scope or unreadable of the outbox, with the decision beside "
        "it.\n\n"
        "A run that was interrupted is carried to its end by the next one. A document that came before is "
        "not put "
        "out again. A run that is unusual for its senders waits, with nothing put out, for --release or "
        "--discard.\n\n"
        "Exit codes: 0 nothing was stopped, 1 something was blocked or held, or the run waits, "
        "2 an error of usage, rule book, register or outbox, 3 something could not be read.",
    ),
)
@click.argument(
    "inbox",
    metavar=t("[INNBOKS]", "[INBOX]"),
    required=False,
    type=click.Path(exists=True, file_okay=False),
)
@click.option(
    "--to",
    required=True,
    type=click.Path(file_okay=False),
    metavar=t("UTBOKS", "OUTBOX"),
    envvar="FAKTURAVAKT_TO",
    help=t("Mappen som dokumentene legges i.", "The folder that documents are put in."),
)
@click.option(
    "--release",
    metavar=t("KJØRING", "RUN"),
    help=t(
        "Legg ut kjøringen som venter, etter at noen har sett på den; uten INNBOKS.",
        "Put out the run that waits, after somebody looked at it; without INBOX.",
    ),
)
@click.option(
    "--discard",
    metavar=t("KJØRING", "RUN"),
    help=t(
        "Glem kjøringen som venter; den neste kontrollerer innboksen på nytt. Uten INNBOKS.",
        "Forget the run that waits; the next one screens the inbox anew. Without INBOX.",
    ),
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
@click.option(
    "--dry-run",
    is_flag=True,
    help=t(
        "Si hva som ville blitt lagt hvor, og gjør ingenting.",
        "Say what would be put where, and do nothing.",
    ),
)
@click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    envvar="FAKTURAVAKT_FORMAT",
    help=t("Hva som skrives.", "What is written."),
)
@watch_options()
@options.language_option()
@options.fail_on_option()
def command(
    inbox: str | None,
    to: str,
    release: str | None,
    discard: str | None,
    evidence: str | None,
    rules: str | None,
    as_of: date | None,
    engine: EngineName,
    mode: Mode,
    dry_run: bool,
    format: RunFormat,  # noqa: A002 (the option's name)
    watch: bool,
    settle: float,
    poll: bool,
    metrics: str | None,
    lang: str,
    fail_on: exit_codes.FailOn,
) -> None:
    """See ``help`` above."""
    if release is not None or discard is not None:
        _check_alone(inbox, release, discard)
        with failures_told(lang), measured(metrics, to):
            if discard is not None:
                discard_run(Path(to), discard, lang)
                return
            results = [release_run(Path(to), str(release), format, lang)]
        raise SystemExit(exit_codes.of_billing(results, fail_on))
    if inbox is None:
        raise click.UsageError(t("INNBOKS mangler.", "INBOX is missing."))
    _check_apart(inbox, to)
    if dry_run and (watch or metrics):
        raise click.UsageError(
            t(
                "--dry-run gjør ingenting, og går ikke sammen med --watch eller --metrics.",
                "--dry-run does nothing, and does not go with --watch or --metrics.",
            )
        )
    with failures_told(lang), measured(metrics, to):
        from fakturavakt.billing.screened_files import FileScreening
        from fakturavakt.engines.choose import choose_engine
        from fakturavakt.screening import today_in_oslo

        def wanted() -> Wanted:
            book, register = loaded(rules, evidence, lang)
            guard = guard_of(book)
            # Told and refused here, once, and not by each process.
            chosen = choose_engine(book, engine, teller(lang))
            chosen.close()
            screening = FileScreening(book, as_of or today_in_oslo(), engine, lang, register)
            return Wanted(inbox, Path(to), evidence, mode, format, screening, guard)

        if watch:
            watched(wanted, inputs=(rules, evidence), settle=settle, poll=poll, metrics=metrics)
            return
        results = wanted().rehearse() if dry_run else wanted().run()
    raise SystemExit(exit_codes.of_billing(results, fail_on))


def _check_alone(inbox: str | None, release: str | None, discard: str | None) -> None:
    if inbox is not None or (release is not None and discard is not None):
        raise click.UsageError(
            t(
                "--release og --discard står hver for seg, og uten INNBOKS.",
                "--release and --discard stand each alone, and without INBOX.",
            )
        )


def _check_apart(inbox: str, to: str) -> None:
    """Documents that were put out must not come in again."""
    one, other = Path(inbox).resolve(), Path(to).resolve()
    if one == other or one in other.parents or other in one.parents:
        raise click.UsageError(
            t(
                "Innboksen og utboksen kan ikke ligge i hverandre.",
                "The inbox and the outbox cannot lie in one another.",
            )
        )


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    inbox: str
    to: Path
    evidence: str | None
    mode: Mode
    format: RunFormat
    screening: FileScreening
    guard: CheckPoint

    def run(self) -> list[RunResult]:
        """Finish what was interrupted, then do what the inbox holds."""
        from fakturavakt.billing.outbox import Outbox
        from fakturavakt.billing.run_records import RunState
        from fakturavakt.cli.run_output import tell_duplicates, write_results

        outbox = Outbox(self.to)
        results = []
        with outbox.locked():
            outbox.make()
            with Progress(None) as progress, outbox.journal() as journal:
                run = self._billing_run(outbox, lambda _document: progress.advance())
                run.listener.placed = _Placed(progress)
                earlier = run.finish(journal)
                if earlier is not None:
                    results.append(earlier)
                waits = earlier is not None and earlier.run.state is RunState.WAITING
                files = () if waits else self._files()
                if files:
                    results.append(run.run(journal, self.inbox, self.mode, self._told(files)))
                elif not results:
                    tell(_nothing_in(self.inbox))
                for each in results:
                    tell_duplicates(journal, each)
                    if each.run.state is RunState.WAITING:
                        tell_what_to_do(self.to, each.run.run)
        write_results(results, self.format, self.screening)
        return results

    def rehearse(self) -> list[RunResult]:
        """Say what would be done."""
        from fakturavakt.billing.outbox import Outbox
        from fakturavakt.cli.run_output import RehearsalOutput, write_text

        output = RehearsalOutput(self.format)
        run = self._billing_run(Outbox(self.to), output)
        result = run.rehearse(self.inbox, self.mode, self._told(self._files()))
        output.finish(result)
        if self.format == "text":
            write_text(result, self.screening)
        return [result]

    def _billing_run(self, outbox: Outbox, planned: Callable[[DocumentRecord], None]) -> BillingRun:
        from fakturavakt.billing.billing_run import BillingRun, Listener
        from fakturavakt.billing.feed_record import feed_of

        language, book = self.screening.language, self.screening.book
        about = {
            "as_of": self.screening.as_of.isoformat(),
            "rulebook": {"name": book.name, "version": book.version},
            "language": language,
            "feed": feed_of(self.evidence),
        }
        listener = Listener(teller(language), lambda file: tell(file.reason.say(language)), planned)
        return BillingRun(outbox, about, self.guard, language, listener)

    def batch(self, outbox: Outbox) -> Batch:
        """What bills some of the files of the inbox."""
        from fakturavakt.billing.watched_runs import Batch

        return Batch(self._billing_run(outbox, lambda _document: None), self.mode, self._told)

    def listed(self) -> tuple[list[str], list[str]]:
        """What the inbox holds now; what is no document by its name."""
        from fakturavakt.intake.sources import files_in_folder

        left_out = None if self.evidence is None else Path(self.evidence).resolve()
        return files_in_folder(self.inbox, left_out)

    def _files(self) -> tuple[str, ...]:
        """What the inbox holds now; what is no document by its name stays where it is."""
        files, skipped = self.listed()
        warn_of_skipped(skipped, teller(self.screening.language))
        return tuple(files)

    def _told(self, files: tuple[str, ...]) -> Generator[Told, None, None]:
        from fakturavakt.billing.inbox_screening import screened_side_by_side
        from fakturavakt.bulk.memory import cores

        return screened_side_by_side(self.screening, files, cores())


class _Placed:
    """Shows documents again, as they are placed."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.documents = 0

    def __call__(self, documents: int) -> None:
        self.documents += documents
        self.progress.reach(self.documents, 0)


def _nothing_in(inbox: str) -> str:
    return t(f"Innboksen {inbox} er tom.", f"The inbox {inbox} is empty.")
