"""``fakturavakt agreements``: where each sender's migration stands."""

from __future__ import annotations

from datetime import date

import click

from fakturavakt.cli import options
from fakturavakt.cli.language import t
from fakturavakt.cli.run_setup import document_run
from fakturavakt.cli.terminal import fail, output_stream


@click.command(
    "agreements",
    help=t(
        "Vis for hver avsender i PATH… hva overgangen 20. desember 2018 betyr: ett JSON-objekt per "
        "avsender, sortert etter organisasjonsnummer.",
        "Show for each sender in PATH… what the migration on 20 December 2018 means: one JSON object "
        "a sender, by organisation number.",
    ),
)
@options.paths_argument()
@options.evidence_option()
@options.rules_option()
@options.as_of_option()
@options.output_option()
@options.language_option()
def command(
    paths: tuple[str, ...],
    evidence: str | None,
    rules: str | None,
    as_of: date | None,
    output: str | None,
    lang: str,
) -> None:
    """See ``help`` above."""
    from fakturavakt.agreements import sender_agreements
    from fakturavakt.intake.documents import Unreadable

    with (
        document_run(paths, rules=rules, evidence=evidence, as_of=as_of, language=lang) as run,
        output_stream(output) as stream,
    ):
        facts = (
            run.screening.reader.read(document).facts
            for document in run.documents()
            if not isinstance(document, Unreadable)
        )
        book = run.screening.book
        if book.migration is None:
            fail(
                t(
                    f"Regelboken {book.name} har ingen overgang mellom avtaler (agreements/).",
                    f"The rule book {book.name} has no migration of agreements (agreements/).",
                )
            )
        answered = 0
        for answer in sender_agreements(facts, book, run.screening.as_of, lang, run.screening.warn):
            stream.write(f"{answer.as_json()}\n")
            answered += 1
        code = run.exit_code()
        if run.read and not answered:
            fail(t("Ingen avsender ble funnet.", "No sender was found."))
    raise SystemExit(code)
