"""The entries of a register that an invoice was decided by, as rows that a scenario writes itself.

The rows are made of the facts that they gave: what else the register holds, of whom, stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from fakturavakt.acceptance.gherkin_writing import Rows
from fakturavakt.acceptance.sample_invoice import CUSTOMER, SENDER
from fakturavakt.acceptance.written_values import amount_in_words
from fakturavakt.intake.fact_reader import ReadDocument, ReadValues
from fakturavakt.intake.facts import UsedEvidence
from fakturavakt.texts import Text, text, written_date
from fakturavakt.vocabulary import own_facts
from fakturavakt.vocabulary.facts import Value
from fakturavakt.vocabulary.forms import written_ore

_COLUMNS: Final = {
    "service": text("varenummer", "item"),
    "kind": text("slag", "kind"),
    "given": text("gitt", "given"),
    "from": text("fra", "from"),
    "withdrawn": text("trukket tilbake", "withdrawn"),
    "informed": text("opplyst", "informed"),
    "explicit": text("eksplisitt", "explicit"),
    "amount": text("beløp", "amount"),
    "currency": text("valuta", "currency"),
    "reference": text("referanse", "reference"),
}
_KINDS: Final = {
    "agreement": text("avtale", "agreement"),
    "claim": text("fordring", "claim"),
    "consent": text("samtykke", "consent"),
    "gift_acceptance": text("aksept", "acceptance"),
    "agreed": text("avtalt ytelse", "agreed item"),
}
_OF_INVOICE: Final = {"agreement": "relationship.agreement", "claim": "relationship.claim"}
_PLAIN: Final = re.compile(r"\w[\w-]{0,19}")
_KRONER: Final = "NOK"
_YES_NO: Final = {True: text("ja", "yes"), False: text("nei", "no")}


@dataclass(frozen=True, slots=True)
class RegisteredEvidence:
    """Rows of the register, and the references of the entries that are used, in the decision's order.

    ``keys`` are the facts by which the rows are found, ``services`` those of lines by position. ``groups``
    are what the invoice leaves to the register: by position (0 for the invoice itself), facts or groups.
    """

    rows: Rows
    references: tuple[str, ...]
    keys: Mapping[str, Value]
    services: Mapping[int, str]
    groups: frozenset[tuple[int, str]]


def registered_evidence(
    read: ReadDocument, as_of: date, language: str
) -> RegisteredEvidence | None:
    """The entries that gave facts; None where there are none, or where facts do not tell enough of them."""
    used = read.facts.evidence
    if not used:
        return None
    gathered = _Gathered(read, as_of, language)
    references = [gathered.add(each) for each in used]
    if None in references:
        return None
    header = [name for name in _COLUMNS if any(row.get(name) for row in gathered.rows.values())]
    return RegisteredEvidence(
        rows=(
            tuple(_COLUMNS[name].say(language) for name in header),
            *(tuple(row.get(name, "") for name in header) for row in gathered.rows.values()),
        ),
        references=tuple(each for each in references if each is not None),
        keys=dict(gathered.keys()),
        services=gathered.services,
        groups=frozenset(gathered.groups),
    )


class _Gathered:
    """Rows on their way: one for each service and kind, since of one service one entry counts."""

    def __init__(self, read: ReadDocument, as_of: date, language: str) -> None:
        self._read = read
        self._as_of = as_of
        self._language = language
        self._lines = {
            name: (position, values)
            for position, (name, values) in enumerate(read.lines or (), start=1)
        }
        self.rows: dict[tuple[str, str], dict[str, str]] = {}
        self.services: dict[int, str] = {}
        self.groups: set[tuple[int, str]] = set()
        self._called: dict[str, str] = {}

    def add(self, used: UsedEvidence) -> str | None:
        """A row for an entry; its reference, or None where it cannot be written."""
        if used.line is None:
            fact = _OF_INVOICE[used.kind]
            self.groups.add((0, fact))
            sent = self._read.invoice.stated.get(own_facts.SEND_DATE, self._as_of.toordinal())
            values = {"given": self._read.invoice.stated[fact], "given_on": sent}
            return self._row("", used, values)
        position, line = self._lines[used.line]
        self.groups.add((position, f"line.{used.kind}"))
        self.services[position] = self._service(line)
        prefix = f"line.{used.kind}."
        values = {
            name.removeprefix(prefix): value
            for name, value in line.stated.items()
            if name.startswith(prefix)
        }
        return self._row(self.services[position], used, values)

    def _service(self, line: ReadValues) -> str:
        """The item of a line: as the sender calls it, where that is a plain word."""
        own = str(line.stated[own_facts.SERVICE])
        plain = own if _PLAIN.fullmatch(own) else f"vare-{len(self._called) + 1}"
        return self._called.setdefault(own, plain)

    def _row(self, service: str, used: UsedEvidence, values: Mapping[str, Value]) -> str | None:
        started = values.get("given_on")
        if not isinstance(started, int):
            return None
        key = (service, used.kind)
        if key not in self.rows:
            reference = f"E-{len(self.rows) + 1}"
            row = dict(self._cells(values, started))
            kind = self._say(_KINDS[used.kind])
            self.rows[key] = {"service": service, "kind": kind, **row, "reference": reference}
        return self.rows[key]["reference"]

    def _cells(self, values: Mapping[str, Value], started: int) -> Iterator[tuple[str, str]]:
        yield "from", self._day(started)
        if values.get("given") is False:
            yield "given", self._say(_YES_NO[False])
        ended = values.get("withdrawn_on")
        if isinstance(ended, int):
            yield "withdrawn", self._day(ended)
        for name in ("informed", "explicit"):
            answer = values.get(name)
            if isinstance(answer, bool):
                yield name, self._say(_YES_NO[answer])
        if "amount" in values:
            ore = int(values["amount"])
            currency = self._read.invoice.stated.get(own_facts.CURRENCY)
            if currency == _KRONER:
                yield "amount", amount_in_words(Decimal(ore) / 100, _KRONER, self._language)
            else:
                yield "amount", written_ore(ore)
                yield "currency", str(currency)

    def _day(self, ordinal: int) -> str:
        return written_date(date.fromordinal(ordinal), self._language)

    def _say(self, said: Text) -> str:
        return said.say(self._language)

    def keys(self) -> Iterator[tuple[str, Value]]:
        """By whom and by what days entries are found."""
        stated = self._read.invoice.stated
        for name in (own_facts.ISSUE_DATE, own_facts.SEND_DATE, own_facts.CURRENCY):
            if name in stated:
                yield name, stated[name]
        yield own_facts.SENDER, SENDER
        yield own_facts.CUSTOMER, CUSTOMER
