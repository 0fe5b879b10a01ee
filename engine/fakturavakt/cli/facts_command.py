"""``fakturavakt facts``: what was read of each document."""

from __future__ import annotations

from datetime import date

import click

from fakturavakt.cli import options
from fakturavakt.cli.language import t
from fakturavakt.cli.run_setup import document_run
from fakturavakt.cli.terminal import output_stream


@click.command(
    "facts",
    help=t(
        "Skriv det som ble lest av hvert dokument, etter katalog og evidens, som kontrakt-JSON med ett "
        "dokument per linje. Resultatet kan kontrolleres igjen med screen og gir de samme "
        "avgjørelsene. Viser personopplysninger.",
        "Write what was read of each document, after catalogue and evidence, as contract JSON, one "
        "document a line. The result can be screened again and gives the same decisions. Shows "
        "personal data.",
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
    from fakturavakt.intake.contract_json import written_facts
    from fakturavakt.intake.documents import Unreadable

    with (
        document_run(paths, rules=rules, evidence=evidence, as_of=as_of, language=lang) as run,
        output_stream(output) as stream,
    ):
        for document in run.documents():
            if not isinstance(document, Unreadable):
                read = run.screening.reader.read(document)
                stream.write(f"{written_facts(read, run.screening.book.vocabulary)}\n")
        code = run.exit_code()
    raise SystemExit(code)
