"""Decisions for people: what becomes of each invoice at a glance, and the hit list at the end."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from fakturavakt.decision import (
    ChannelDecision,
    Decision,
    Finding,
    GivenAdvice,
    Verdict,
    amount_of,
)
from fakturavakt.engines.reference import truth
from fakturavakt.intake.documents import Unreadable
from fakturavakt.report.bad_data import said_of, split_path
from fakturavakt.report.summary import Summary, Tally, commonest, is_credit_note
from fakturavakt.rulebook.model import RuleBook, Wording
from fakturavakt.screening import Answer, Screened
from fakturavakt.texts import Text, counted, listed, text, written_amount, written_date
from fakturavakt.verdict_words import UNREADABLE, VERDICTS
from fakturavakt.vocabulary.own_facts import LINE_KIND

if TYPE_CHECKING:
    from datetime import date

_MARKS: Final = {
    Verdict.SEND: ("✓", "green"),
    Verdict.BLOCK: ("✗", "bold red"),
    Verdict.HOLD: ("?", "yellow"),
    Verdict.OUT_OF_SCOPE: ("–", "dim"),
}
_NUMBERLESS: Final = text("uten nummer", "without a number")
_MISSING: Final = text("Mangler: ", "Missing: ")
_TRIES: Final = text("Forsøkes i rekkefølge: ", "Tried in order: ")
_ON_TRIAL: Final = text("På prøve: ", "On trial: ")
_WOULD_HOLD: Final = text("ville slått til", "would hold")
_WOULD_BE_UNKNOWN: Final = text("ville vært ukjent", "would be unknown")
_REMEDY: Final = text("Gjør dette: ", "Do this: ")
_ADVICE: Final = text("Råd: ", "Advice: ")
_PROBLEM: Final = text("Feil i data: ", "Bad data: ")
_ON_LINE: Final = text("Linje {name}: ", "Line {name}: ")
_CREDIT_NOTE: Final = text("(kreditnota)", "(credit note)")
_SUGGESTED: Final = text(
    "Forslag for linje {name}: {kind} [{rule}]", "Suggestion for line {name}: {kind} [{rule}]"
)
_ONLY_COUNTED: Final = text(
    "Så mange fakturaer listes ikke her: --format ndjson, csv eller parquet gir avgjørelsen for hver.",
    "So many invoices are not listed here: --format ndjson, csv or parquet gives the decision on each.",
)
_PAPER: Final = "paper"

_HOLDS: Final = text("brutt", "broken")
_UNKNOWN: Final = text("ukjent", "unknown")


def visible(written: str) -> str:
    """Text from a document, safe to print: control characters cannot move the cursor."""
    return "".join(
        c if c.isprintable() or c == "\N{NO-BREAK SPACE}" else "\N{REPLACEMENT CHARACTER}"
        for c in written
    )


def print_indented(console: Console, styled: Styled, indent: int) -> None:
    """A line, indented; where the terminal wraps it, what follows is indented as it is."""
    if console.soft_wrap:  # a pipe: one line a thing, nothing padded
        console.print(Styled(" " * indent) + styled)
    else:
        console.print(Padding(styled, (0, 0, 0, indent)))


class TextReport:
    """Prints each document as it is decided; unless they are ``listed``, only those that cannot be read."""

    def __init__(
        self, console: Console, book: RuleBook, as_of: date, language: str, *, listed: bool = True
    ) -> None:
        self.console = console
        self.book = book
        self.as_of = as_of
        self.language = language
        self.listed = listed
        self._titles = {channel.name: channel.title for channel in book.channels}
        self._on_paper = {
            channel.name
            for channel in book.channels
            if all(rule.properties.price_class == _PAPER for rule in channel.rules)
        }

    def _print(self, styled: Styled, indent: int = 0) -> None:
        print_indented(self.console, styled, indent)

    def add(self, screened: Answer) -> None:
        if isinstance(screened, Unreadable):
            self._add_unreadable(screened)
        elif isinstance(screened, Screened) and self.listed:
            self._add_decision(screened)

    def _add_unreadable(self, unreadable: Unreadable) -> None:
        source = unreadable.source
        head = Styled("! ", "bold magenta")
        head.append(f"{UNREADABLE.say(self.language):<14}")
        head.append(f"{visible(source.file)} #{source.position}  ({unreadable.place})", "dim")
        self._print(head)
        self._print(Styled(visible(unreadable.reason.say(self.language))), 4)

    def _add_decision(self, screened: Screened) -> None:
        decision = screened.decision
        mark, style = _MARKS[decision.decision]
        head = Styled(f"{mark} ", style)
        head.append(f"{VERDICTS[decision.decision].say(self.language):<14}", style)
        head.append(visible(decision.invoice or _NUMBERLESS.say(self.language)), "bold")
        amount, currency = amount_of(screened.read.facts)
        if isinstance(amount, int):
            head.append(f"  {written_amount(Decimal(amount) / 100, currency, self.language)}")
        if is_credit_note(screened.read.facts):
            head.append(f" {_CREDIT_NOTE.say(self.language)}")
        if decision.channel is not None:
            head.append(f"  → {self._title(decision.channel)}", style)
        head.append(f"  {visible(decision.document.file)} #{decision.document.position}", "dim")
        self._print(head)
        for line in self._details(screened):
            self._print(line, 4)

    def _details(self, screened: Screened) -> Iterator[Styled]:
        decision = screened.decision
        if len(decision.attempts) > 1:
            names = [self._title(channel) for channel in decision.attempts]
            yield Styled(_TRIES.say(self.language) + ", ".join(names))
        for channel in self._left_out(decision):
            yield Styled(f"{self._title(channel.channel)}: {visible(channel.message)}", "dim")
        for finding in decision.findings:
            line = Styled().append(f"{self._rule(finding.rule, finding.outcome)}: ", "bold")
            yield line.append(visible(finding.message))
            yield Styled(f"{_REMEDY.say(self.language)}{finding.remedy}", "cyan")
        yield from self._missing(decision)
        for problem in decision.problems:
            line = Styled().append(_PROBLEM.say(self.language), "magenta")
            yield line.append(visible(said_of(problem, self.book.vocabulary, self.language)))
        for advice in decision.advice:
            yield Styled(_ADVICE.say(self.language) + visible(advice.message), "dim")
            for suggestion in self._suggestions(advice, screened):
                yield Styled(f"  {visible(suggestion)}", "dim")
        for finding in decision.trials or ():
            line = Styled(_ON_TRIAL.say(self.language), "blue")
            line.append(f"{self._trial(finding.rule, finding.outcome)}: ")
            yield line.append(visible(finding.message))

    def _left_out(self, decision: Decision) -> Iterator[ChannelDecision]:
        """The channels that were no way to go, where the invoice ends on paper."""
        if decision.channel is None or decision.channel not in self._on_paper:
            return
        for channel in decision.channels:
            if channel.channel == decision.channel:
                return
            yield channel

    def _missing(self, decision: Decision) -> Iterator[Styled]:
        """What no finding has said is missing; and line by line, where several lines are concerned."""
        said = {
            path
            for finding in decision.findings
            if "{missing}" in self._wording(finding)
            for path in finding.missing
        }
        by_line: dict[str | None, list[str]] = {}
        for path in decision.missing:
            by_line.setdefault(split_path(path)[0], []).append(path)
        several = len(by_line.keys() - {None}) > 1
        for line, paths in by_line.items():
            shown = [path for path in paths if path not in said or (several and line is not None)]
            if shown:
                head = _MISSING if line is None else _ON_LINE.filled(name=visible(line))
                labels = dict.fromkeys(self._label(path) for path in shown)
                missing = listed(list(labels), self.language)
                yield Styled(head.say(self.language) + missing, "yellow")

    def _wording(self, finding: Finding) -> str:
        wording = Wording.HOLDS if finding.outcome == "holds" else Wording.UNKNOWN
        return self.book.rules[finding.rule].messages[wording].say(self.language)

    def _suggestions(self, advice: GivenAdvice, screened: Screened) -> Iterator[str]:
        """Where an advice asks what a line is: the kinds that the rules suggest."""
        asked = {line for line, fact in map(split_path, advice.missing) if fact == LINE_KIND}
        facts = screened.read.facts
        for line in facts.lines or ():
            for rule in self.book.suggestions if line.name in asked else ():
                if truth(rule.when, facts, line) is True:
                    said = _SUGGESTED.filled(name=line.name, kind=rule.kind, rule=rule.id)
                    yield said.say(self.language)

    def _title(self, channel: str) -> str:
        return self._titles[channel].say(self.language)

    def _rule(self, rule: str, outcome: str) -> str:
        """A prohibition and how it came out: ``Tittel [id] (brutt)``."""
        word = _HOLDS if outcome == "holds" else _UNKNOWN
        title = self.book.rules[rule].title.say(self.language)
        return f"{title} [{rule}] ({word.say(self.language)})"

    def _trial(self, rule: str, outcome: str) -> str:
        word = _WOULD_HOLD if outcome == "holds" else _WOULD_BE_UNKNOWN
        title = self.book.rules[rule].title.say(self.language)
        return f"{title} [{rule}] ({word.say(self.language)})"

    def _label(self, path: str) -> str:
        """A missing fact in words: ``om samtykket er gitt``."""
        return self.book.vocabulary[split_path(path)[1]].label.say(self.language)

    def finish(self, summary: Summary) -> None:
        if not summary.read:
            return  # a hit list of nothing could pass for an answer
        self.console.print()
        for table in self._tables(summary):
            self.console.print(table)
            self.console.print()
        dated = written_date(self.as_of, self.language)
        several = summary.read != 1
        version = self.book.version[7:19]
        said = text(
            f"Kontrollert {{n}} {'dokumenter' if several else 'dokument'} per {dated} etter "
            f"regelboken {self.book.name}, versjon {version}.",
            f"Checked {{n}} {'documents' if several else 'document'} as of {dated} by the rule book "
            f"{self.book.name}, version {version}.",
        )
        read = counted(summary.read, self.language)
        if not self.listed:
            self.console.print(Styled(_ONLY_COUNTED.say(self.language), "dim"))
        self.console.print(Styled(said.filled(n=read).say(self.language), "dim"))

    def _tables(self, summary: Summary) -> Iterator[Table]:
        verdicts = [
            (VERDICTS[verdict].say(self.language), tally)
            for verdict, tally in summary.verdicts.items()
            if tally.count
        ]
        if summary.unreadable:
            verdicts.append((UNREADABLE.say(self.language), Tally(count=summary.unreadable)))
        yield self._table(text("Avgjørelse", "Decision"), verdicts)
        if summary.rules:
            rules = [
                (self._rule(rule, outcome), tally)
                for (rule, outcome), tally in summary.rules.items()
            ]
            yield self._table(text("Forbud", "Prohibition"), commonest(rules))
        if summary.trials:
            trials = [
                (self._trial(rule, outcome), tally)
                for (rule, outcome), tally in summary.trials.items()
            ]
            heading = text("På prøve (avgjør ingenting)", "On trial (decides nothing)")
            yield self._table(heading, commonest(trials))
        if summary.missing:
            missing = [
                (f"{self.book.vocabulary[fact].label.say(self.language)} [{fact}]", tally)
                for fact, tally in summary.missing.items()
            ]
            yield self._table(text("Mangler", "Missing"), commonest(missing))

    def _table(self, heading: Text, rows: list[tuple[str, Tally]]) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
        table.add_column(heading.say(self.language), header_style="bold", overflow="fold")
        table.add_column(text("Antall", "Count").say(self.language), justify="right")
        table.add_column(text("Beløp", "Amount").say(self.language), justify="right")
        for name, tally in rows:
            amount = tally.say(self.language)
            table.add_row(Styled(name), counted(tally.count, self.language), amount)
        return table
