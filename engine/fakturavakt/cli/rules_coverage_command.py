"""``fakturavakt rules coverage``: which conditions the cases and the features put to the test."""

from __future__ import annotations

from typing import Literal, TypeAlias, assert_never, get_args

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.cases_beside_rules import with_cases
from fakturavakt.cli.language import t
from fakturavakt.cli.scenarios_beside_rules import cases_only_option, features_option, scenarios
from fakturavakt.cli.terminal import fail, failures_told, output_stream

_Format: TypeAlias = Literal["text", "html"]


@click.command(
    "coverage",
    help=t(
        "Vis for hvert vilkår i regelboken om tilfellene (*.test.yaml) og scenariene har gjort det sant, "
        "usant og ukjent, og om det har avgjort alene. RULES er mappen med regelboken.",
        "Show for each condition of the rule book whether the cases (*.test.yaml) and the features have made "
        "it true, false and unknown, and whether it decided alone. RULES is the folder of the rule book.",
    ),
)
@click.argument("folder", metavar="[RULES]", required=False, type=click.Path(file_okay=False))
@features_option()
@cases_only_option()
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(_Format)),
    default="text",
    show_default=True,
    help=t("Form på det som skrives ut.", "Form of the output."),
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar=t("PROSENT", "PERCENT"),
    help=t(
        "Slutt med kode 1 når mindre enn dette er prøvd.", "End with code 1 where less is tested."
    ),
)
@click.option(
    "--verbose",
    "-v",
    "every",
    is_flag=True,
    help=t("Nevn også vilkårene som er prøvd.", "Name the conditions that are tested, too."),
)
@options.output_option()
@options.rules_option()
@options.language_option()
def command(
    folder: str | None,
    features: str | None,
    form: _Format,
    fail_under: float | None,
    output: str | None,
    rules: str | None,
    lang: str,
    *,
    cases_only: bool,
    every: bool,
) -> None:
    """See ``help`` above."""
    with failures_told(lang):
        from fakturavakt.desk.coverage_report import page, text_lines
        from fakturavakt.desk.coverage_run import measure

        root, book, table = with_cases(folder or rules, lang)
        documents = scenarios(root, features, lang, cases_only=cases_only)
        coverage, sources = measure(book, table.cases, documents)
        if not coverage.documents:
            fail(
                t(
                    f"{root}: her er verken tilfeller (*.test.yaml) eller scenarier.",
                    f"{root}: there are neither cases (*.test.yaml) nor features here.",
                )
            )
        with output_stream(output) as stream:
            match form:
                case "text":
                    for line in text_lines(coverage, sources, lang, every=every):
                        stream.write(f"{line}\n")
                case "html":
                    stream.write(page(coverage, sources, root, lang))
                case _:
                    assert_never(form)
    lacking = fail_under is not None and coverage.share * 100 < fail_under
    raise SystemExit(exit_codes.STOPPED if lacking else 0)
