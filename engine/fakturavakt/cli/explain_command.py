"""``fakturavakt explain``: why an invoice came out as it did."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

import click
from rich.text import Text as Styled

from fakturavakt.cli import options
from fakturavakt.cli.language import t
from fakturavakt.cli.run_setup import document_run
from fakturavakt.cli.terminal import console, fail

if TYPE_CHECKING:
    from fakturavakt.engines.outcomes import Truth
    from fakturavakt.explanation import Change, Explained, Explainer
    from fakturavakt.rulebook.model import Channel, Rule
    from fakturavakt.screening import Screened, Screening

_Format: TypeAlias = Literal["text", "json"]
_MARKS: Final = {True: "✓", False: "✗", None: "?"}


@click.command(
    "explain",
    help=t(
        "Vis hva som må til for at en faktura som er stoppet eller på vent, kan sendes, og hver regels "
        "eget tre med utfall, verdiene og hvor de kom fra. Viser verdier fra fakturaen, også "
        "personopplysninger.",
        "Show what would have to change for an invoice that is stopped or on hold to be sent, and each "
        "rule's own tree with outcomes, the values and where they came from. Shows values of the "
        "invoice, personal data included.",
    ),
)
@options.paths_argument()
@click.option(
    "--rule",
    metavar="ID",
    help=t("Vis bare denne regelen eller kanalen.", "Show only this rule or channel."),
)
@options.evidence_option()
@options.rules_option()
@options.as_of_option()
@options.language_option()
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(_Format)),
    default="text",
    show_default=True,
    help=t("Form på det som skrives ut.", "Form of the output."),
)
def command(
    paths: tuple[str, ...],
    rule: str | None,
    evidence: str | None,
    rules: str | None,
    as_of: date | None,
    lang: str,
    form: _Format,
) -> None:
    """See ``help`` above."""
    from fakturavakt.intake.documents import Unreadable
    from fakturavakt.problems import nearest
    from fakturavakt.proof.confirmation import UnconfirmedError

    with document_run(
        paths, rules=rules, evidence=evidence, as_of=as_of, language=lang, trials=True
    ) as run:
        book = run.screening.book
        channels = [channel.name for channel in book.channels]
        if rule is not None and rule not in (*book.rules, *channels):
            near = nearest(rule, [*book.rules, *channels])
            hint = t(f" Mente du «{near}»?", f" Did you mean “{near}”?") if near else ""
            fail(t(f"Ukjent regel «{rule}».", f"Unknown rule “{rule}”.") + hint)
        readable = (each for each in run.documents() if not isinstance(each, Unreadable))
        screened = map(run.screening.screen, readable)
        try:
            if form == "json":
                from fakturavakt.cli.explain_json import print_json

                print_json(run.screening, screened, rule, sys.stdout)
            else:
                out = console(sys.stdout)
                for each in screened:
                    _Page(run.screening, each, out).show(rule)
        except UnconfirmedError as error:
            fail(error.reason.say(lang))
        raise SystemExit(run.exit_code())


class _Page:
    """The explanation of one document."""

    def __init__(self, screening: Screening, screened: Screened, out: Any) -> None:  # noqa: ANN401
        from fakturavakt.explanation import Explainer

        self.screening = screening
        self.screened = screened
        self.out = out
        self.explainer: Explainer = Explainer(
            screening.book, screened.read.facts, screening.language
        )

    def show(self, only: str | None) -> None:
        """Print it; ``only`` is the rule, or the channel, that alone was asked for."""
        from fakturavakt.report.text import TextReport

        book = self.screening.book
        TextReport(self.out, book, self.screening.as_of, self.screening.language).add(self.screened)
        self.out.print()
        if only is not None:
            for channel in book.channels:
                if channel.name == only:
                    self._channel(channel)
            if only in book.rules:
                self._rule(book.rules[only])
            return
        self._ways_to_send()
        applies = self.explainer.explain(book.scope)
        word = {True: t("ja", "yes"), False: t("nei", "no"), None: _word(None)}[applies.outcome]
        asked = t("Omfanget: gjelder regelboken?", "Scope: does the rule book apply?")
        self._print_tree(f"{_MARKS[applies.outcome]} {asked} ({word})", applies)
        self.out.print()
        for rule in book.prohibitions:
            self._rule(rule)
        for channel in book.channels:
            self._channel(channel)
        for advice in book.advice:
            self._rule(advice)
        for trial in book.trials:
            self._rule(trial)
        self._suggestions()

    def _ways_to_send(self) -> None:
        """What would have to change for the whole decision to be otherwise."""
        from fakturavakt.proof.ways_in_words import ways_lines
        from fakturavakt.proof.ways_to_send import ways_to_send

        book, facts = self.screening.book, self.screened.read.facts
        found = ways_to_send(book, facts, self.screening.as_of)
        if found is None:
            return
        for indent, line in ways_lines(found, book, facts, self.screening.language):
            self._indented(Styled(_visible(line), "bold" if indent == 0 else ""), indent)
        self.out.print()

    def _rule(self, rule: Rule) -> None:
        from fakturavakt.rulebook.model import Advice, Prohibition, Suggestion

        title = f"{rule.title.say(self.screening.language)} [{rule.id}]"
        if rule.on_trial:
            title += t(" – på prøve, avgjør ingenting", " – on trial, decides nothing")
        if isinstance(rule, Suggestion):
            for line in self.screened.read.facts.lines or ():
                where = f"{t('linje', 'line')} {line.name}"
                explained = self.explainer.explain(rule.when, line)
                word = _applies(explained.outcome)
                head = f"{_MARKS[explained.outcome]} {title} – {where} ({word})"
                self._print_tree(head, explained)
            return
        explained = self.explainer.explain(rule.condition)
        outcome = explained.outcome
        forbids = isinstance(rule, Prohibition)
        # As in the report: a cross is what stops an invoice, and that is a prohibition that holds.
        mark = _MARKS[None if outcome is None else outcome is not forbids]
        if isinstance(rule, Advice) and outcome is False:
            mark = "–"  # no need of an advice is nothing wrong, and nobody wants a way to need it
        word = _broken(outcome) if forbids else _applies(outcome)
        self._print_tree(f"{mark} {title} ({word})", explained)
        if mark in (_MARKS[False], _MARKS[None]):
            heading = (
                t("Forbudet ville ikke ramme med:", "The prohibition would not strike with:")
                if forbids
                else t("Regelen ville gjelde med:", "The rule would hold with:")
            )
            self._ways(heading, self.explainer.ways(rule.condition, wanted=not forbids))
        self._indented(
            Styled(f"{t('Kilde', 'Source')}: {rule.source.say(self.screening.language)}"), 2
        )
        self.out.print()

    def _channel(self, channel: Channel) -> None:
        decision = self.screened.decision
        title = channel.title.say(self.screening.language)
        eligible = self.explainer.explain(channel.condition).outcome
        if decision.channel == channel.name:
            why = t("valgt", "chosen")
        elif eligible is False:
            why = t(
                "ikke valgt: vilkårene er ikke oppfylt", "not chosen: its conditions are not met"
            )
        elif eligible is None:
            why = t("ikke valgt: noe er ukjent", "not chosen: something is unknown")
        elif decision.channel is not None:
            why = t(
                "ikke valgt: en kanal foran er sikker", "not chosen: a channel before it is certain"
            )
        else:
            why = t("kan brukes, men fakturaen sendes ikke", "could be used, but nothing is sent")
        head = f"{_MARKS[eligible]} {t('Kanal', 'Channel')} {title} – {why}"
        self._print_tree(head, self.explainer.explain(channel.condition))
        if eligible is not True:
            self._ways(
                t("Kanalen kunne brukes med:", "The channel could be used with:"),
                self.explainer.ways(channel.condition, wanted=True),
            )
        self.out.print()

    def _suggestions(self) -> None:
        facts = self.screened.read.facts
        for line in facts.lines or ():
            if "line.kind" in line.stated:
                continue
            for rule in self.screening.book.suggestions:
                explained = self.explainer.explain(rule.when, line)
                if explained.outcome is True:
                    head = t(
                        f"Linje {line.name}: {rule.id} foreslår slaget {rule.kind}",
                        f"Line {line.name}: {rule.id} suggests the kind {rule.kind}",
                    )
                    self._print_tree(f"{_MARKS[True]} {head}", explained)

    def _print_tree(self, head: str, explained: Explained) -> None:
        self._indented(Styled(_visible(head), "bold"), 0)
        for depth, node in _walk(explained):
            style = {True: "green", False: "red", None: "yellow"}[node.outcome]
            line = Styled().append(f"{_word(node.outcome):<7} ", style)
            line.append(_visible(node.written))
            if node.values:
                line.append(f"    [{_visible('; '.join(node.values))}]", "dim")
            self._indented(line, 2 * (depth + 1))

    def _ways(self, heading: str, ways: list[tuple[Change, ...]]) -> None:
        if not ways:
            return
        self._indented(Styled(heading), 2)
        for way in ways:
            said = t(" og ", " and ").join(_wanted(change) for change in way)
            self._indented(Styled(_visible(f"• {said}")), 4)

    def _indented(self, line: Styled, indent: int) -> None:
        from fakturavakt.report.text import print_indented

        print_indented(self.out, line, indent)


def _visible(written: str) -> str:
    from fakturavakt.report.text import visible

    return visible(written)


def _wanted(change: Change) -> str:
    where = f" ({t('linje', 'line')} {change.line})" if change.line is not None else ""
    return f"{change.written}{where} = {_word(change.wanted)}"


def _broken(outcome: Truth) -> str:
    return {
        True: t("brutt", "broken"),
        False: t("ikke brutt", "not broken"),
        None: _word(None),
    }[outcome]


def _applies(outcome: Truth) -> str:
    return {
        True: t("gjelder", "applies"),
        False: t("gjelder ikke", "does not apply"),
        None: _word(None),
    }[outcome]


def _word(outcome: Truth) -> str:
    return {
        True: t("sann", "true"),
        False: t("usann", "false"),
        None: t("ukjent", "unknown"),
    }[outcome]


def _walk(explained: Explained, depth: int = 0) -> Iterator[tuple[int, Explained]]:
    yield depth, explained
    for part in explained.parts:
        yield from _walk(part, depth + 1)
