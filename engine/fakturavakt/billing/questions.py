"""What one row of the register can answer, and the row that a yes would be.

A question is asked where a fact is missing that the register can give: evidence of a kind, about a customer
and perhaps a service; a fact of a recipient or a sender; the kind of what a sender sells. What no row can
give has to be mended in the invoice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.facts import Facts, LineFacts
from fakturavakt.intake.register import EvidenceKind, Register
from fakturavakt.intake.register_evidence import Evidence, entry_that_counts
from fakturavakt.intake.register_files import Column, Table, Values
from fakturavakt.intake.register_tables import EVIDENCE, RECIPIENTS, SENDERS, SERVICES
from fakturavakt.report.bad_data import split_path
from fakturavakt.vocabulary.facts import FactType, Value
from fakturavakt.vocabulary.own_facts import (
    CURRENCY,
    CUSTOMER,
    ISSUE_DATE,
    LINE_KIND,
    SEND_DATE,
    SENDER,
    SERVICE,
)

RegisterRow: TypeAlias = tuple[Table, Values]
"""A row that is whole: a value or None for each column of its table."""

TABLES: Final = (SENDERS, RECIPIENTS, SERVICES, EVIDENCE)
_OF_INVOICE: Final = {
    "relationship.agreement": EvidenceKind.AGREEMENT,
    "relationship.claim": EvidenceKind.CLAIM,
}
_OF_LINE: Final = {
    "line.consent": EvidenceKind.CONSENT,
    "line.gift_acceptance": EvidenceKind.GIFT_ACCEPTANCE,
    "line.agreed": EvidenceKind.AGREED,
}
_AMOUNT: Final = "line.amount"
_KINDS: Final = frozenset(EvidenceKind)
_PLAIN: Final = (FactType.YES_NO, FactType.CHOICE)
"""The types whose values can be told in advance; of a name or a number nobody can say what a yes would be."""


class Question(NamedTuple):
    """What is asked. ``about`` is a kind of evidence, or the full name of a fact; texts are empty where they
    have no part in it. ``entry`` is the first day of the entry that the answer completes, 0 where it is new;
    ``currency`` is the one of the amount that is asked for.
    """

    sender: str
    customer: str
    service: str
    about: str
    entry: int = 0
    currency: str = ""

    @property
    def kind(self) -> EvidenceKind | None:
        """The kind of evidence that is asked for."""
        return EvidenceKind(self.about) if self.about in _KINDS else None

    @property
    def table(self) -> Table:
        """The file that has the answer."""
        if self.kind is not None:
            return EVIDENCE
        if self.about == LINE_KIND:
            return SERVICES
        return RECIPIENTS if self.about.startswith("recipient.") else SENDERS

    @property
    def column(self) -> Column:
        """The column of the answer, of a question that is not about evidence."""
        return COLUMN_OF[self.about]


class Assumed(NamedTuple):
    """What a yes is taken to say, of all invoices that ask: that it holds from ``day`` on (an ordinal), for
    ``amount`` in hundredths; or the ``value`` of the fact.
    """

    day: int = 0
    amount: int | None = None
    value: Value | None = None

    def and_for(self, other: Assumed) -> Assumed:
        """What is enough for both."""
        amounts = [each for each in (self.amount, other.amount) if each is not None]
        value = other.value if self.value is None else self.value
        return Assumed(min(self.day, other.day), max(amounts, default=None), value)


Asked: TypeAlias = tuple[Question, Assumed]

COLUMN_OF: Final[Mapping[str, Column]] = {
    column.fact.name: column
    for table in (SENDERS, RECIPIENTS, SERVICES)
    for column in table.columns
    if column.gives_fact
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Turns the missing facts of one document into questions; ``register`` is what is known now."""

    register: Register
    raw: RawDocument
    facts: Facts

    def question(self, path: str) -> Asked | str:
        """The question whose answer gives a missing fact; where no row of the register can, the fact that the
        invoice itself lacks.
        """
        sender = self.facts.values.get(SENDER)
        line_name, fact = split_path(path)
        line = next((each for each in self.facts.lines or () if each.name == line_name), None)
        kind = _OF_INVOICE.get(fact) or _OF_LINE.get(fact.rpartition(".")[0])
        column = COLUMN_OF.get(fact)
        if kind is None and (column is None or column.fact.type not in _PLAIN):
            return fact
        if sender is None:
            return SENDER
        if kind is not None:
            return self._of_evidence(str(sender), kind, line)
        return self._of_fact(str(sender), fact, line)

    @property
    def customer(self) -> str | None:
        """Its customer number; also one that counts only once the register knows it."""
        found = self.facts.values.get(CUSTOMER)
        if found is None and CUSTOMER not in {each.path for each in self.facts.problems}:
            found = (self.raw.customer_number_if_registered or "").strip() or None
        return None if found is None else str(found)

    def _of_fact(self, sender: str, fact: str, line: LineFacts | None) -> Asked | str:
        choices = COLUMN_OF[fact].fact.choices
        assumed = Assumed(value=choices[0] if choices else True)
        if fact == LINE_KIND:
            service = None if line is None else line.values.get(SERVICE)
            return (
                SERVICE if service is None else (Question(sender, "", str(service), fact), assumed)
            )
        if fact.startswith("sender."):
            return Question(sender, "", "", fact), assumed
        customer = self.customer
        return CUSTOMER if customer is None else (Question(sender, customer, "", fact), assumed)

    def _of_evidence(self, sender: str, kind: EvidenceKind, line: LineFacts | None) -> Asked | str:
        agreed = kind is EvidenceKind.AGREED
        when = ISSUE_DATE if agreed else SEND_DATE
        needed: dict[str, Value | None] = {CUSTOMER: self.customer}
        if not kind.of_invoice:
            needed[SERVICE] = None if line is None else line.values.get(SERVICE)
        needed[when] = self.facts.values.get(when)
        if agreed:
            needed[CURRENCY] = self.facts.values.get(CURRENCY)
            needed[_AMOUNT] = None if line is None else line.values.get(_AMOUNT)
        lacking = next((fact for fact, value in needed.items() if value is None), None)
        if lacking is not None:
            return lacking
        customer, service = str(needed[CUSTOMER]), str(needed.get(SERVICE, ""))
        currency, day = str(needed.get(CURRENCY, "")), int(needed[when] or 0)
        amount = needed.get(_AMOUNT)
        found = self._entry(sender, customer, kind, service, day)
        if agreed and found is not None and found[1].terms.amount is not None:
            return CURRENCY  # it was agreed in another one, and of two entries only one can count
        about, entry = (service, None) if found is None else found
        first = 0 if entry is None else entry.first_day
        asked = Question(sender, customer, about, kind.value, first, currency)
        return asked, Assumed(first or day, None if amount is None else int(amount))

    def _entry(
        self, sender: str, customer: str, kind: EvidenceKind, service: str, day: int
    ) -> tuple[str, Evidence] | None:
        for about in (service, "") if kind is EvidenceKind.GIFT_ACCEPTANCE else (service,):
            entries = self.register.entries(sender, customer, kind, about)
            counts = entry_that_counts(kind, entries, day)
            if counts is not None:
                return about, counts
        return None


def row_of(question: Question, assumed: Assumed, register: Register) -> RegisterRow:
    """The row that a yes would be."""
    kind = question.kind
    if kind is None:
        return with_fact(question, assumed.value, register)
    cells: dict[str, Value | None] = {
        "sender": question.sender,
        "customer_number": question.customer,
        "service": question.service or None,
        "kind": kind.value,
        "from": question.entry or assumed.day,
    }
    if kind in (EvidenceKind.CONSENT, EvidenceKind.GIFT_ACCEPTANCE):
        cells |= {"informed": True, "explicit": True}
    if kind is EvidenceKind.AGREED:
        cells |= {"amount": assumed.amount, "currency": question.currency}
    return EVIDENCE, completed(cells, register)


def completed(cells: Mapping[str, Value | None], register: Register) -> Values:
    """A row of ``evidence.csv``, with what an entry of the same key says already and the cells leave open."""
    kind = EvidenceKind(str(cells["kind"]))
    service = str(cells.get("service") or "")
    same = next(
        (
            each
            for each in register.entries(
                str(cells["sender"]), str(cells["customer_number"]), kind, service
            )
            if each.first_day == cells["from"]
        ),
        None,
    )
    found = dict(cells)
    if same is not None:
        terms = same.terms
        known: dict[str, Value | None] = {
            "given": None if terms.given else False,
            "withdrawn": same.withdrawn,
            "informed": terms.informed,
            "explicit": terms.explicit,
            "reference": same.reference,
        }
        if terms.amount is not None and found.get("amount_with_vat") is None:
            known |= {"amount": terms.amount, "currency": terms.currency}
        found = known | {name: value for name, value in cells.items() if value is not None}
    return tuple(found.get(column.name) for column in EVIDENCE.columns)


def with_fact(question: Question, value: Value | None, register: Register) -> RegisterRow:
    """The row that counts for a key, with one fact filled in."""
    table = question.table
    keys = [question.sender]
    if table is not SENDERS:
        keys.append(question.customer if table is RECIPIENTS else question.service)
    before = register.row(table, *keys)
    empty: Values = (None,) * len(table.columns)
    values = list(empty if before is None else before[1])
    values[: len(keys)] = keys
    values[table.columns.index(question.column)] = value
    return table, tuple(values)


def day_of(ordinal: int) -> date:
    """A day of the register."""
    return date.fromordinal(ordinal)
