"""The hit list at the end of a run: decisions, rules and missing facts, with counts and amounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from fakturavakt.decision import Verdict, amount_of
from fakturavakt.intake.documents import Unreadable
from fakturavakt.intake.facts import Facts
from fakturavakt.report.words import UNREADABLE, VERDICTS
from fakturavakt.screening import Screened
from fakturavakt.texts import counted, written_amount

_LINE = re.compile(r"^line\[.*\](?=\.)", re.DOTALL)


@dataclass
class Tally:
    """How many invoices, and how much: whole øre by currency (None where it is unknown)."""

    count: int = 0
    ore: Counter[str | None] = field(default_factory=Counter)

    def add(self, amount: object, currency: str | None) -> None:
        """Count an invoice; the amount of a credit note is negative."""
        self.count += 1
        if isinstance(amount, int):
            self.ore[currency] += amount

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
    unreadable: int = 0

    def add(self, screened: Screened | Unreadable) -> None:
        """Count a document."""
        if isinstance(screened, Unreadable):
            self.unreadable += 1
            return
        decision = screened.decision
        amount, currency = amount_of(screened.read.facts)
        if isinstance(amount, int) and is_credit_note(screened.read.facts):
            amount = -amount
        self.verdicts[decision.decision].add(amount, currency)
        for finding in decision.findings:
            key = (finding.rule, finding.outcome)
            self.rules.setdefault(key, Tally()).add(amount, currency)
        for fact in dict.fromkeys(_LINE.sub("line", path) for path in decision.missing):
            self.missing.setdefault(fact, Tally()).add(amount, currency)

    @property
    def decided(self) -> int:
        """Documents with a decision."""
        return sum(tally.count for tally in self.verdicts.values())

    @property
    def read(self) -> int:
        """All documents, those without a decision too."""
        return self.decided + self.unreadable

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


def is_credit_note(facts: Facts) -> bool:
    """Whether the amount is paid back and not demanded."""
    return facts.values.get("invoice.kind") == "credit_note"


def commonest(tallies: Iterable[tuple[str, Tally]]) -> list[tuple[str, Tally]]:
    """Most first; by name where they are as many."""
    return sorted(tallies, key=lambda item: (-item[1].count, item[0]))
