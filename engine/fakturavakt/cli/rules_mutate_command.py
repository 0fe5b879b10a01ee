"""``fakturavakt rules mutate``: does some scenario notice, whatever is written wrong in a rule book."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, assert_never, get_args

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.language import t
from fakturavakt.cli.progress import Progress
from fakturavakt.cli.scenarios_beside_rules import features_option
from fakturavakt.cli.terminal import check_language, fail, failures_told, output_stream
from fakturavakt.texts import text

if TYPE_CHECKING:
    from fakturavakt.desk.rule_mutations import Mutant

_Format: TypeAlias = Literal["text", "json"]
_MUTANTS: Final = text("mutanter", "mutants")


@click.command(
    "mutate",
    help=t(
        "Prøv om scenariene merker det når noe i regelboken er skrevet feil: hver operator, verdi, hvert "
        "bindeord, faktum, tidsrom og hver egenskap endres, én om gangen, og minst ett scenario må feile. "
        "Det som ingen scenarier oppdager, nevnes ett for ett. RULES er mappen med regelboken.",
        "Try whether the features notice when something in the rule book is written wrong: each operator, "
        "value, connective, fact, window and property is changed, one at a time, and at least one scenario "
        "has to fail. What no scenario notices is named one by one. RULES is the folder of the rule book.",
    ),
)
@click.argument("folder", metavar="[RULES]", required=False, type=click.Path(file_okay=False))
@features_option()
@click.option(
    "--rule",
    "chosen",
    multiple=True,
    metavar="ID",
    help=t(
        "Bare endringer i denne regelen, definisjonen eller overgangen; «scope» og «channels» er omfanget og "
        "kanalenes rekkefølge. Kan gjentas.",
        "Only changes of this rule, definition or migration; “scope” and “channels” are the scope and the "
        "order of the channels. May be repeated.",
    ),
)
@click.option(
    "--sample",
    "size",
    type=click.IntRange(min=1),
    metavar=t("ANTALL", "NUMBER"),
    help=t("Prøv bare så mange, trukket tilfeldig.", "Try only so many, drawn at random."),
)
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    metavar=t("TALL", "NUMBER"),
    help=t("Trekk de samme på nytt: samme tall, samme mutanter.", "Draw the same ones again."),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(_Format)),
    default="text",
    show_default=True,
    help=t("Tekst for mennesker, eller JSON.", "Text for people, or JSON."),
)
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    metavar=t("ANTALL", "NUMBER"),
    envvar="FAKTURAVAKT_THREADS",
    help=t(
        "Hvor mange som prøves samtidig; ellers én per kjerne.",
        "How many are tried at once; else one a core.",
    ),
)
@options.output_option()
@options.rules_option()
@options.language_option()
def command(
    folder: str | None,
    features: str | None,
    chosen: tuple[str, ...],
    size: int | None,
    seed: int,
    form: _Format,
    threads: int | None,
    output: str | None,
    rules: str | None,
    lang: str,
) -> None:
    """See ``help`` above."""
    with failures_told(lang):
        from fakturavakt.acceptance.pytest_settings import NOT_INSTALLED, features_can_run
        from fakturavakt.bulk.memory import cores

        if not features_can_run():
            fail(NOT_INSTALLED.say(lang))
        from fakturavakt.desk.feature_documents import FeaturesError, features_of, has_features
        from fakturavakt.desk.mutation_report import as_json, text_lines
        from fakturavakt.desk.mutation_run import try_mutants
        from fakturavakt.desk.rule_mutations import mutants, sample
        from fakturavakt.proof.confirmation import UnconfirmedError
        from fakturavakt.rulebook.loader import folder_of_rules, load_rulebook

        root = folder_of_rules(folder or rules)
        book = load_rulebook(root)
        check_language(lang, book.languages)
        beside = features_of(root, None if features is None else Path(features))
        if not has_features(beside):
            fail(t(f"{beside}: her er ingen scenarier.", f"{beside}: there are no features here."))
        known = mutants(book)
        tried = sample(_of_rules(known, chosen), size, seed)
        try:
            with Progress(None, len(tried), _MUTANTS) as progress:
                run = try_mutants(
                    tried, len(known), beside, root, threads or cores(), progress.reach
                )
        except (FeaturesError, UnconfirmedError) as error:
            fail(error.reason.say(lang))
        with output_stream(output) as stream:
            match form:
                case "text":
                    stream.writelines(f"{line}\n" for line in text_lines(run, book, lang))
                case "json":
                    stream.write(as_json(run, book, lang))
                case _:
                    assert_never(form)
    raise SystemExit(exit_codes.of_mutation(run))


def _of_rules(known: Sequence[Mutant], chosen: Sequence[str]) -> Sequence[Mutant]:
    """The mutants of the rules that were chosen; of all, where none was."""
    from fakturavakt.problems import nearest

    names = {mutant.changed.rule for mutant in known}
    for name in chosen:
        if name not in names:
            near = nearest(name, names)
            hint = t(f" Mente du «{near}»?", f" Did you mean “{near}”?") if near else ""
            fail(t(f"Ukjent regel «{name}».", f"Unknown rule “{name}”.") + hint)
    return [mutant for mutant in known if not chosen or mutant.changed.rule in chosen]
