"""``fakturavakt rules check|list|show``: a rule book, looked at."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from fakturavakt.cli import options
from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import check_language, console, fail, failures_told
from fakturavakt.texts import text, written_amount, written_date

if TYPE_CHECKING:
    from fakturavakt.rulebook.model import ChannelProperties, Rule, RuleBook


@click.group("rules", help=t("Se på en regelbok.", "Look at a rule book."))
def command() -> None:
    """See ``help`` above."""


def _loaded(rules: str | None, lang: str) -> RuleBook:
    from fakturavakt.rulebook.loader import load_rulebook

    with failures_told(lang):
        book = load_rulebook(rules)
        check_language(lang, book.languages)
        return book


@command.command(
    "check",
    help=t(
        "Finn alle feil i regelboken på én gang, hver med fil, linje og kolonne.",
        "Find all mistakes in the rule book at once, each with file, line and column.",
    ),
)
@options.rules_option()
@options.language_option()
def check(rules: str | None, lang: str) -> None:
    """See ``help`` above."""
    book = _loaded(rules, lang)
    facts, found = len(book.vocabulary.facts), len(book.rules)
    click.echo(
        t(
            f"Regelboken {book.name} er i orden: {found} regler over {facts} fakta.",
            f"The rule book {book.name} is well formed: {found} rules over {facts} facts.",
        )
    )
    click.echo(book.version)


@command.command("list", help=t("List opp reglene.", "List the rules."))
@options.rules_option()
@options.language_option()
def list_rules(rules: str | None, lang: str) -> None:
    """See ``help`` above."""
    from rich.table import Table

    book = _loaded(rules, lang)
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in (
        t("Regel", "Rule"),
        t("Slag", "Kind"),
        t("I kraft", "In force"),
        t("Tittel", "Title"),
    ):
        table.add_column(heading, header_style="bold", overflow="fold")
    for rule in book.rules.values():
        table.add_row(rule.id, _kind(rule, lang), _window(rule, lang), rule.title.say(lang))
    console(sys.stdout).print(table)


@command.command(
    "show",
    help=t(
        "Vis en regel: vilkår, meldinger, kilde, og kanalens egenskaper.",
        "Show a rule: condition, messages, source, and the channel's properties.",
    ),
)
@click.argument("rule_id", metavar="ID")
@options.rules_option()
@options.language_option()
def show(rule_id: str, rules: str | None, lang: str) -> None:
    """See ``help`` above."""
    from fakturavakt.problems import nearest

    book = _loaded(rules, lang)
    shown = [book.rules[rule_id]] if rule_id in book.rules else []
    for channel in book.channels:
        if channel.name == rule_id:
            shown = list(channel.rules)
    if not shown:
        near = nearest(rule_id, [*book.rules, *(channel.name for channel in book.channels)])
        hint = t(f" Mente du «{near}»?", f" Did you mean “{near}”?") if near else ""
        fail(t(f"Ukjent regel «{rule_id}».", f"Unknown rule “{rule_id}”.") + hint)
    out = console(sys.stdout)
    for rule in shown:
        for line in _page(rule, book, lang):
            out.print(line)
        out.print()


def _page(rule: Rule, book: RuleBook, lang: str) -> Iterator[str]:
    from fakturavakt.rulebook.model import ChannelRule
    from fakturavakt.rulebook.written import written_condition

    yield f"{rule.id}: {rule.title.say(lang)}"
    yield f"{t('Slag', 'Kind')}: {_kind(rule, lang)}"
    yield f"{t('I kraft', 'In force')}: {_window(rule, lang)}"
    yield f"{t('Kilde', 'Source')}: {rule.source.say(lang)}"
    yield f"{t('Fil', 'File')}: {rule.place}"
    yield f"{t('Gjelder når', 'Holds when')}:"
    for line in written_condition(rule.when, book.vocabulary):
        yield f"  {line}"
    for wording, message in rule.messages.items():
        yield f"{t('Melding', 'Message')} ({wording.value}): {message.say(lang)}"
    yield f"{t('Gjør dette', 'Do this')}: {rule.remedy.say(lang)}"
    if isinstance(rule, ChannelRule):
        yield from _properties(rule.properties, lang)


def _properties(properties: ChannelProperties, lang: str) -> Iterator[str]:
    fee = properties.bank_fee
    if fee is None:
        fee_said = text("ikke kjent", "not known").say(lang)
    elif fee == 0:
        fee_said = text("ingen", "none").say(lang)
    else:
        fee_said = written_amount(Decimal(fee) / 100, "NOK", lang)
    yes, no = text("ja", "yes").say(lang), text("nei", "no").say(lang)
    classes = {
        "electronic": text("elektronisk", "electronic"),
        "legacy": text("gammel løsning", "legacy solution"),
        "paper": text("papir", "paper"),
    }
    arrivals = {
        "ordinary_or_autopay": text(
            "på ordinær måte, gjennom AutoPay der avsenderen har det",
            "in the ordinary way, through AutoPay where the sender has it",
        ),
        "separate_settlement": text("i eget oppgjør", "in a settlement of its own"),
        "ordinary": text("på ordinær måte", "in the ordinary way"),
    }
    yield f"{t('Prisklasse', 'Price class')}: {classes[properties.price_class].say(lang)}"
    yield f"{t('Bankgebyr', 'Bank fee')}: {fee_said}"
    yield f"{t('Vedlegg', 'Attachments')}: {yes if properties.carries_attachments else no}"
    shown = yes if properties.balance_shown else no
    yield f"{t('Mottakeren ser saldo', 'The payer sees the balance')}: {shown}"
    yield f"{t('Betalingen kommer', 'The payment arrives')}: {arrivals[properties.payment_arrives].say(lang)}"


def _kind(rule: Rule, lang: str) -> str:
    from fakturavakt.rulebook.model import Advice, ChannelRule, Prohibition, Suggestion

    match rule:
        case Prohibition():
            return text("forbud", "prohibition").say(lang)
        case ChannelRule(channel=channel):
            return text(f"kanal {channel}", f"channel {channel}").say(lang)
        case Advice():
            return text("råd", "advice").say(lang)
        case Suggestion(kind=kind):
            return text(f"forslag: {kind}", f"suggestion: {kind}").say(lang)
        case _:
            return ""


def _window(rule: Rule, lang: str) -> str:
    starts, before = rule.window.starts, rule.window.before
    said = []
    if starts is not None:
        said.append(text("fra og med ", "from ").say(lang) + written_date(starts, lang))
    if before is not None:
        said.append(text("før ", "before ").say(lang) + written_date(before, lang))
    return ", ".join(said) or text("alltid", "always").say(lang)
