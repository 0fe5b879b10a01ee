"""``fakturavakt rules …``: a rule book, looked at and tried."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from fakturavakt.cli import (
    options,
    rules_check_command,
    rules_coverage_command,
    rules_handbook_command,
    rules_impact_command,
    rules_mutate_command,
    rules_test_command,
)
from fakturavakt.cli.language import t
from fakturavakt.cli.proof_commands import diff, prove
from fakturavakt.cli.terminal import check_language, console, fail, failures_told
from fakturavakt.texts import Text, text, written_date

if TYPE_CHECKING:
    from fakturavakt.rulebook.conditions import Condition, Named
    from fakturavakt.rulebook.model import Migration, Rule, RuleBook


@click.group("rules", help=t("Se på en regelbok.", "Look at a rule book."))
def command() -> None:
    """See ``help`` above."""


command.add_command(rules_check_command.command)
command.add_command(rules_test_command.command)
command.add_command(rules_coverage_command.command)
command.add_command(rules_handbook_command.command)
command.add_command(rules_impact_command.command)
command.add_command(rules_mutate_command.command)
command.add_command(diff)
command.add_command(prove)


def _loaded(rules: str | None, lang: str) -> RuleBook:
    from fakturavakt.rulebook.loader import load_rulebook

    with failures_told(lang):
        book = load_rulebook(rules)
        check_language(lang, book.languages)
        return book


@command.command("list", help=t("List opp reglene.", "List the rules."))
@options.rules_option()
@options.language_option()
def list_rules(rules: str | None, lang: str) -> None:
    """See ``help`` above."""
    from rich.table import Table

    from fakturavakt.rulebook.rule_words import kind_of, window_in_words

    book = _loaded(rules, lang)
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in (
        t("Regel", "Rule"),
        t("Slag", "Kind"),
        *([t("Status", "Status")] if book.trials else []),
        t("I kraft", "In force"),
        t("Tittel", "Title"),
    ):
        # An id is copied into `rules show`: it is never broken.
        first = not table.columns
        table.add_column(heading, header_style="bold", overflow="fold", no_wrap=first)
    for rule in book.rules.values():
        status = [_status(rule)] if book.trials else []
        table.add_row(
            rule.id,
            kind_of(rule).say(lang),
            *status,
            window_in_words(rule.window, lang),
            rule.title.say(lang),
        )
    console(sys.stdout).print(table)


@command.command(
    "show",
    help=t(
        "Vis en regel, en kanal, en definisjon eller overgangen mellom avtaler: vilkår, meldinger, "
        "kilde, og kanalens egenskaper.",
        "Show a rule, a channel, a definition or the migration of agreements: condition, messages, "
        "source, and the channel's properties.",
    ),
)
@click.argument("rule_id", metavar="ID")
@options.rules_option()
@options.language_option()
def show(rule_id: str, rules: str | None, lang: str) -> None:
    """See ``help`` above."""
    from fakturavakt.problems import nearest

    book = _loaded(rules, lang)
    pages = dict(_pages(book, lang))
    if rule_id not in pages:
        near = nearest(rule_id, pages)
        hint = t(f" Mente du «{near}»?", f" Did you mean “{near}”?") if near else ""
        fail(t(f"Ukjent regel «{rule_id}».", f"Unknown rule “{rule_id}”.") + hint)
    out = console(sys.stdout)
    for page in pages[rule_id]:
        for line in page:
            out.print(line)
        out.print()


@command.command(
    "sql",
    help=t(
        "Skriv regelboken som den SQL-setningen som avgjør, til å kjøre der dataene ligger. Bare for "
        "dialekter der den gir de samme svarene; de andre avvises med grunnen.",
        "Write the rule book as the SQL statement that decides, to be run where the data lie. Only for "
        "dialects in which it gives the same answers; others are refused with the reason.",
    ),
)
@click.option(
    "--dialect",
    default="duckdb",
    show_default=True,
    metavar="duckdb|spark|…",
    help=t("SQL-dialekten som skrives.", "The SQL dialect that is written."),
)
@click.option(
    "--with-text",
    is_flag=True,
    help=t(
        "Også meldinger, råd om hva som må gjøres, og kilder.",
        "Messages, what to do about them, and sources, too.",
    ),
)
@options.trials_option(
    text(
        "Også en kolonne «trials» med hva regler på prøve ville ha sagt.",
        "A column “trials”, too, of what rules on trial would have said.",
    )
)
@options.rules_option()
@options.as_of_option()
@options.language_option()
def sql(
    dialect: str,
    rules: str | None,
    as_of: date | None,
    lang: str,
    *,
    with_text: bool,
    trials: bool,
) -> None:
    """See ``help`` above."""
    from sqlglot.dialects.dialect import Dialects

    from fakturavakt import __version__
    from fakturavakt.engines.columnar_outcomes import ColumnarUnsupportedError
    from fakturavakt.engines.sql_dialects import DialectRefusedError
    from fakturavakt.engines.sql_statement import statement
    from fakturavakt.problems import nearest
    from fakturavakt.screening import today_in_oslo

    known = [each.value for each in Dialects if each.value]
    if dialect not in known:
        near = nearest(dialect, known)
        hint = t(f" Mente du «{near}»?", f" Did you mean “{near}”?") if near else ""
        fail(t(f"Ukjent SQL-dialekt «{dialect}».", f"Unknown SQL dialect “{dialect}”.") + hint)
    book = _loaded(rules, lang)
    try:
        said = statement(
            book,
            as_of or today_in_oslo(),
            dialect,
            lang,
            with_text=with_text,
            trials=trials,
            program=f"fakturavakt {__version__}",
        )
    except DialectRefusedError as error:
        fail(error.reason.say(lang))
    except ColumnarUnsupportedError as error:
        fail(str(error))
    click.echo(said, nl=False)


def _pages(book: RuleBook, lang: str) -> Iterator[tuple[str, list[Iterator[str]]]]:
    """All that can be shown, by its id: a channel is a page for each of its rules."""
    from fakturavakt.rulebook.model import ChannelRule

    if book.migration is not None:
        yield book.migration.name, [_migration_page(book.migration, book, lang)]
    for rule in book.rules.values():
        # Found where they are used: the program makes one of its own, of all suggestions.
        for each in _definitions_in(rule.when):
            yield each.name, [_definition_page(each.name, each.title, each.part, book, lang)]
    for name, (title, condition) in book.definitions.items():
        yield name, [_definition_page(name, title, condition, book, lang)]
    on_trial = [rule for rule in book.trials if isinstance(rule, ChannelRule)]
    of_channels: dict[str, list[Rule]] = {}
    for rule in (*(each for channel in book.channels for each in channel.rules), *on_trial):
        of_channels.setdefault(rule.channel, []).append(rule)
    for name, rules in of_channels.items():
        yield name, [_page(rule, book, lang) for rule in rules]
    for rule in book.rules.values():
        yield rule.id, [_page(rule, book, lang)]


def _definitions_in(condition: Condition) -> Iterator[Named]:
    from fakturavakt.rulebook.conditions import Named, children

    if isinstance(condition, Named):
        yield condition
    for part in children(condition):
        yield from _definitions_in(part)


def _definition_page(
    name: str, title: Text, condition: Condition, book: RuleBook, lang: str
) -> Iterator[str]:
    from fakturavakt.rulebook.rule_words import condition_in_words, definition_lead, said_lines

    yield f"{name}: {title.say(lang)}"
    yield f"{t('Slag', 'Kind')}: {t('definisjon', 'definition')}"
    lead = definition_lead(title)
    yield from said_lines(condition_in_words(lead, condition, book.vocabulary, lang))
    yield f"{t('Slik står det i filen', 'As the file has it')}:"
    yield from _written(condition, book)


def _migration_page(migration: Migration, book: RuleBook, lang: str) -> Iterator[str]:
    from fakturavakt.rulebook.rule_words import action_lead, condition_in_words, said_lines

    yield f"{migration.name}: {migration.title.say(lang)}"
    yield f"{t('Slag', 'Kind')}: {t('overgang mellom avtaler', 'migration of agreements')}"
    yield f"{t('Dato', 'Date')}: {written_date(migration.on, lang)}"
    yield f"{t('Kilde', 'Source')}: {migration.source.say(lang)}"
    for row in migration.rows:
        lead = action_lead(row.action)
        yield from said_lines(condition_in_words(lead, row.when, book.vocabulary, lang))
        yield f"{t('Slik står det i filen', 'As the file has it')}:"
        yield from _written(row.when, book)
        for wording, message in row.messages.items():
            yield f"  {t('Melding', 'Message')} ({wording.value}): {message.say(lang)}"
        yield f"  {t('Gjør dette', 'Do this')}: {row.remedy.say(lang)}"
    yield f"{t('Ellers', 'Else')}: {migration.unknown_message.say(lang)}"
    yield f"  {t('Gjør dette', 'Do this')}: {migration.unknown_remedy.say(lang)}"


def _written(condition: Condition, book: RuleBook) -> Iterator[str]:
    from fakturavakt.rulebook.written import written_condition

    for line in written_condition(condition, book.vocabulary):
        yield f"  {line}"


def _page(rule: Rule, book: RuleBook, lang: str) -> Iterator[str]:
    from fakturavakt.rulebook.model import ChannelRule
    from fakturavakt.rulebook.rule_words import (
        kind_of,
        properties_in_words,
        rule_in_words,
        said_lines,
        window_in_words,
    )

    yield f"{rule.id}: {rule.title.say(lang)}"
    yield f"{t('Slag', 'Kind')}: {kind_of(rule).say(lang)}"
    if rule.on_trial:
        yield f"Status: {_status(rule)}"
    yield f"{t('I kraft', 'In force')}: {window_in_words(rule.window, lang)}"
    yield f"{t('Kilde', 'Source')}: {rule.source.say(lang)}"
    yield f"{t('Fil', 'File')}: {rule.place}"
    yield from said_lines(rule_in_words(rule, book, lang))
    yield f"{t('Slik står det i filen', 'As the file has it')}:"
    yield from _written(rule.when, book)
    for wording, message in rule.messages.items():
        yield f"{t('Melding', 'Message')} ({wording.value}): {message.say(lang)}"
    yield f"{t('Gjør dette', 'Do this')}: {rule.remedy.say(lang)}"
    if isinstance(rule, ChannelRule):
        for name, value in properties_in_words(rule.properties, lang):
            yield f"{name.say(lang)}: {value}"


def _status(rule: Rule) -> str:
    return t("på prøve, avgjør ingenting", "on trial, decides nothing") if rule.on_trial else ""
