"""``fakturavakt schema``: JSON Schemas of the rule files."""

from __future__ import annotations

from pathlib import Path

import click

from fakturavakt.cli import options
from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import failures_told
from fakturavakt.rulebook.json_schemas import KINDS


@click.command(
    "schema",
    help=t(
        "Skriv JSON Schema for regelfilene, over vokabularet i regelboken: én slags til stdout, eller "
        "alle til en mappe.",
        "Write the JSON Schema of the rule files, over the rule book's vocabulary: one kind to stdout, "
        "or all of them to a folder.",
    ),
)
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False),
    metavar=t("MAPPE", "FOLDER"),
    help=t("Skriv alle skjemaene hit.", "Write all schemas here."),
)
@options.rules_option()
@options.language_option()
def command(kind: str | None, output: str | None, rules: str | None, lang: str) -> None:
    """See ``help`` above."""
    from fakturavakt.rulebook.json_schemas import write_schemas, written_schema
    from fakturavakt.rulebook.loader import load_rulebook

    if (kind is None) is (output is None):
        message = t(
            "Oppgi enten én slags regelfil eller --output MAPPE for alle.",
            "Name either one kind of rule file, or --output FOLDER for all of them.",
        )
        raise click.UsageError(message)
    with failures_told(lang):
        book = load_rulebook(rules)
        if kind is not None:
            click.echo(written_schema(kind, book), nl=False)
        if output is not None:
            for path in write_schemas(book, Path(output)):
                click.echo(str(path), err=True)
