"""The hit list at the end of a run: decisions, rules and missing facts, with counts and amounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from fakturavakt.decision import Verdict, amount_of
from fakturavakt.intake.documents import Unreadable
from fakturavakt.intake.facts import Facts
from fakturavakt.screening import Answer, Tallied, Written
from fakturavakt.texts import counted, how_many, text, written_amount
from fakturavakt.verdict_words import UNREADABLE, VERDICTS
from fakturavakt.vocabulary.own_facts import INVOICE_KIND

_LINE = re.compile(r"^line\[.*\](?=\.)", re.DOTALL)


@dataclass
class Tally:
    """How many invoices, and how much: whole øre by currency (None where it is unknown)."""

    count: int = 0
    ore: Counter[str | None] = field(default_factory=Counter)

    def add(self, amount: object, currency: str | None, count: int = 1) -> None:
        """Count an invoice, or several with what they amount to; a credit note's amount is negative."""
        self.count += count
        if isinstance(amount, int):
            self.ore[currency] += amount

    def merge(self, other: Tally) -> None:
        """Count what another one counted, too."""
        self.count += other.count
        for currency, ore in other.ore.items():
            self.ore[currency] += ore

    def say(self, language: str) -> str:
        """The amounts, one a currency: ``1 200,25 kr + EUR …``."""
        return " + ".join(
            written_amount(Decimal(ore) / 100, currency, language)
            for currency, ore in sorted(self.ore.items(), key=lambda item: item[0] or "")
        )


@dataclass
class Summary:
    """Collects while a run goes on."""

    verdicts: dict[Verdict, Tally] = field(
        default_factory=lambda: {verdict: Tally() for verdict in Verdict}
    )
    rules: dict[tuple[str, str], Tally] = field(default_factory=dict)
    missing: dict[str, Tally] = field(default_factory=dict)
    trials: dict[tuple[str, str], Tally] = field(default_factory=dict)
    """As ``rules``, of rules on trial."""
    unreadable: int = 0

    def add(self, screened: Answer) -> None:
        """Count a document."""
        if isinstance(screened, Unreadable):
            self.unreadable += 1
            return
        if isinstance(screened, Written):
            self.add_tallied(screened.tallied, screened.ore)
            return
        decision = screened.decision
        amount, currency = amount_of(screened.read.facts)
        if isinstance(amount, int) and is_credit_note(screened.read.facts):
            amount = -amount
        self.verdicts[decision.decision].add(amount, currency)
        for finding in decision.findings:
            key = (finding.rule, finding.outcome)
            self.rules.setdefault(key, Tally()).add(amount, currency)
        for finding in decision.trials or ():
            key = (finding.rule, finding.outcome)
            self.trials.setdefault(key, Tally()).add(amount, currency)
        for fact in facts_of_paths(decision.missing):
            self.missing.setdefault(fact, Tally()).add(amount, currency)

    def add_tallied(self, tallied: Tallied, ore: int | None, count: int = 1) -> None:
        """Count documents that were decided in columns, all alike; ``ore`` is what they amount to."""
        if ore is not None and tallied.is_credit_note:
            ore = -ore
        currency = tallied.currency
        self.verdicts[tallied.decision].add(ore, currency, count)
        for key in tallied.findings.items():
            self.rules.setdefault(key, Tally()).add(ore, currency, count)
        for key in tallied.trials.items():
            self.trials.setdefault(key, Tally()).add(ore, currency, count)
        for fact in tallied.missing:
            self.missing.setdefault(fact, Tally()).add(ore, currency, count)

    def merge(self, other: Summary) -> None:
        """Count what another one counted, too."""
        for verdict, tally in other.verdicts.items():
            self.verdicts[verdict].merge(tally)
        for rule, tally in other.rules.items():
            self.rules.setdefault(rule, Tally()).merge(tally)
        for rule, tally in other.trials.items():
            self.trials.setdefault(rule, Tally()).merge(tally)
        for fact, tally in other.missing.items():
            self.missing.setdefault(fact, Tally()).merge(tally)
        self.unreadable += other.unreadable

    @property
    def decided(self) -> int:
        """Documents with a decision."""
        return sum(tally.count for tally in self.verdicts.values())

    @property
    def read(self) -> int:
        """All documents, those without a decision too."""
        return self.decided + self.unreadable

    def balance(self, read: int, language: str) -> str:
        """Documents in, decisions out, and what was rejected, as the sum that they have to be."""
        documents = how_many(read, text("dokument", "document"), text("dokumenter", "documents"))
        decisions = how_many(
            self.decided, text("avgjørelse", "decision"), text("avgjørelser", "decisions")
        )
        rejected = counted(self.unreadable, language)
        return text(
            f"{documents.say('nb')} inn = {decisions.say('nb')} + {rejected} avvist",
            f"{documents.say('en')} in = {decisions.say('en')} + {rejected} rejected",
        ).say(language)

    def as_dict(self) -> dict[str, object]:
        """The summary as plain JSON values, for :meth:`from_dict`."""

        def plain(tally: Tally) -> list[object]:
            return [tally.count, [[currency, ore] for currency, ore in tally.ore.items()]]

        return {
            "verdicts": {verdict.value: plain(tally) for verdict, tally in self.verdicts.items()},
            "rules": [[*key, plain(tally)] for key, tally in self.rules.items()],
            "missing": {fact: plain(tally) for fact, tally in self.missing.items()},
            "trials": [[*key, plain(tally)] for key, tally in self.trials.items()],
            "unreadable": self.unreadable,
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The summary that :meth:`as_dict` wrote down."""

        def tally(plain: list[Any]) -> Tally:
            return Tally(plain[0], Counter(dict(plain[1])))

        return cls(
            {Verdict(verdict): tally(plain) for verdict, plain in kept["verdicts"].items()},
            {(rule, outcome): tally(plain) for rule, outcome, plain in kept["rules"]},
            {fact: tally(plain) for fact, plain in kept["missing"].items()},
            {(rule, outcome): tally(plain) for rule, outcome, plain in kept.get("trials", ())},
            kept["unreadable"],
        )

    def line(self, language: str) -> str:
        """The decisions on one line."""
        said = [
            f"{counted(tally.count, language)} {VERDICTS[verdict].say(language)}"
            for verdict, tally in self.verdicts.items()
            if tally.count
        ]
        if self.unreadable:
            said.append(f"{counted(self.unreadable, language)} {UNREADABLE.say(language)}")
        return ", ".join(said)


def facts_of_paths(paths: Iterable[str]) -> dict[str, None]:
    """The facts of some paths of contract §4, each once: ``line.agreed.given`` of every line."""
    return dict.fromkeys(_LINE.sub("line", path) for path in paths)


def is_credit_note(facts: Facts) -> bool:
    """Whether the amount is paid back and not demanded."""
    return facts.values.get(INVOICE_KIND) == "credit_note"


def commonest(tallies: Iterable[tuple[str, Tally]]) -> list[tuple[str, Tally]]:
    """Most first; by name where they are as many."""
    return sorted(tallies, key=lambda item: (-item[1].count, item[0]))
