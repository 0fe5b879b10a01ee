"""``fakturavakt letter``: what a sender is told about its invoices."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from fakturavakt.cli import options
from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import (
    check_language,
    fail,
    failures_told,
    output_stream,
    tell,
    teller,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakturavakt.billing.letter import Letter
    from fakturavakt.rulebook.clause_files import Clause
    from fakturavakt.rulebook.model import RuleBook

_DAYS: Final = 30


@click.command(
    "letter",
    help=t(
        "Skriv brevet til en avsender: hva som ble stoppet av kjøringene i UTBOKS, hvorfor, hva som må "
        "rettes, og hvor overgangen mellom avtalene står. Uten --sender: ett brev til hver, i en mappe.",
        "Write the letter to a sender: what the runs in OUTBOX stopped, why, what to mend, and where its "
        "migration stands. Without --sender: one letter each, into a folder.",
    ),
)
@click.argument(
    "outbox", metavar=t("UTBOKS", "OUTBOX"), type=click.Path(exists=True, file_okay=False)
)
@click.option(
    "--sender",
    metavar=t("ORGNR", "ORGNO"),
    help=t("Organisasjonsnummeret til avsenderen.", "The organisation number of the sender."),
)
@click.option(
    "--since",
    type=options.Day(),
    metavar=t("DATO", "DATE"),
    help=t(
        "Første dag som brevet dekker (ÅÅÅÅ-MM-DD); ellers de siste 30 dagene.",
        "The first day that the letter covers (YYYY-MM-DD); else the last 30 days.",
    ),
)
@click.option(
    "--show-personal-data",
    is_flag=True,
    help=t(
        "Vis mottakerens navn og kundenummer i eksemplene; ellers er mottakerne skjult.",
        "Show the recipient's name and customer number in the examples; else recipients are hidden.",
    ),
)
@options.evidence_option()
@options.rules_option()
@options.as_of_option()
@click.option(
    "--output",
    "-o",
    type=click.Path(),
    metavar=t("FIL|MAPPE", "FILE|FOLDER"),
    envvar="FAKTURAVAKT_OUTPUT",
    help=t(
        "Filen som brevet skrives til; uten --sender mappen, med en fil for hver avsender.",
        "The file that the letter is written to; without --sender the folder, with a file a sender.",
    ),
)
@options.language_option()
def command(
    outbox: str,
    sender: str | None,
    since: date | None,
    show_personal_data: bool,
    evidence: str | None,
    rules: str | None,
    as_of: date | None,
    output: str | None,
    lang: str,
) -> None:
    """See ``help`` above."""
    if sender is None and output is None:
        raise click.UsageError(
            t(
                "Si hvem brevet er til med --sender, eller gi en mappe med --output.",
                "Say who the letter is to with --sender, or give a folder with --output.",
            )
        )
    with failures_told(lang):
        from fakturavakt.billing.letter import LetterWriter
        from fakturavakt.billing.letter_documents import PlacedDocuments
        from fakturavakt.billing.outbox import Outbox
        from fakturavakt.intake.register import Register
        from fakturavakt.rulebook.clause_files import load_clauses
        from fakturavakt.rulebook.loader import folder_of_rules, load_rulebook
        from fakturavakt.screening import today_in_oslo

        book = load_rulebook(rules, guarantees=True)
        check_language(lang, book.languages)
        clauses = load_clauses(folder_of_rules(rules), book)
        register = None if evidence is None else Register.load(evidence)
        until = as_of or today_in_oslo()
        box = Outbox(Path(outbox))
        if not box.has_journal():
            fail(
                t(
                    f"{outbox} er ingen utboks: ingen kjøring har vært her.",
                    f"{outbox} is no outbox: no run has been here.",
                )
            )
        placed = PlacedDocuments(box, book, until, register)
        first = since or until - timedelta(days=_DAYS)
        with box.journal(read_only=True) as journal:
            writer = LetterWriter(
                placed, journal, first, until, lang, show_personal_data, teller(lang)
            )
            letters = writer.letters(None if sender is None else _digits(sender))
        _write(letters, book, clauses, output, lang, one=sender is not None)


def _digits(sender: str) -> str:
    """An organisation number as facts have it."""
    return "".join(each for each in sender if each not in " .\N{NO-BREAK SPACE}")


def _write(
    letters: Sequence[Letter],
    book: RuleBook,
    clauses: Sequence[Clause],
    output: str | None,
    language: str,
    *,
    one: bool,
) -> None:
    from fakturavakt.billing.letter_page import page
    from fakturavakt.texts import how_many, text

    if one:
        with output_stream(output) as stream:
            stream.write(page(letters[0], book, clauses, language))
        return
    assert output is not None
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    for letter in letters:
        with output_stream(str(folder / f"{letter.sender}.html")) as stream:
            stream.write(page(letter, book, clauses, language))
    written = how_many(len(letters), text("brev", "letter"), text("brev", "letters"))
    tell(
        t(
            f"{written.say('nb')} er skrevet i {output}.",
            f"{written.say('en')} written into {output}.",
        )
    )
