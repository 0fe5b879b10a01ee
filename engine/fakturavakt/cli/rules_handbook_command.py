"""``fakturavakt rules handbook``: the rule book for people, as one page."""

from __future__ import annotations

import click

from fakturavakt.cli import options
from fakturavakt.cli.language import BOTH, t
from fakturavakt.cli.scenarios_beside_rules import cases_only_option, features_option, scenarios
from fakturavakt.cli.terminal import check_language, failures_told, output_stream
from fakturavakt.texts import OWN_LANGUAGES


@click.command(
    "handbook",
    help=t(
        "Skriv regelboken som en håndbok (HTML): hver regel som en setning, med kilde, historikk, meldinger "
        "og eksempler, og en ordliste over fakta. Den kan leses for seg og skrives ut.",
        "Write the rule book as a handbook (HTML): every rule as a sentence, with its source, history, "
        "messages and examples, and a glossary of facts. It stands alone and prints well.",
    ),
)
@features_option()
@cases_only_option()
@click.option(
    "--lang",
    default=BOTH,
    show_default=True,
    metavar="nb|en|both",
    envvar="FAKTURAVAKT_LANG",
    help=t("Språk i håndboken; «both» er begge.", "Language of the handbook; “both” is both."),
)
@options.output_option()
@options.rules_option()
def command(
    features: str | None, lang: str, output: str | None, rules: str | None, *, cases_only: bool
) -> None:
    """See ``help`` above."""
    spoken = t(*OWN_LANGUAGES)
    with failures_told(spoken):
        from fakturavakt.desk.handbook import make_handbook
        from fakturavakt.desk.handbook_page import page
        from fakturavakt.desk.rule_history import rule_history
        from fakturavakt.rulebook.case_files import load_cases
        from fakturavakt.rulebook.loader import folder_of_rules, load_rulebook

        root = folder_of_rules(rules)
        book = load_rulebook(root, guarantees=True)
        languages = [lang]
        if lang == BOTH:
            languages = [each for each in OWN_LANGUAGES if each in book.languages]
            languages = languages or [book.languages[0]]
        else:
            check_language(lang, book.languages)
        table = load_cases(root, book)
        documents = scenarios(root, features, spoken, cases_only=cases_only)
        handbook = make_handbook(
            book,
            root,
            languages,
            cases=table.cases,
            documents=documents or (),
            history=rule_history(root),
        )
        with output_stream(output) as stream:
            stream.write(page(handbook))
