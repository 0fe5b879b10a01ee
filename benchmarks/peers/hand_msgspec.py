"""No engine: the fifteen rules written by hand for speed, over ``msgspec``.

Typed structures (what is not asked for is not even read), dates as the ISO texts that they are, each rule
looked at only where the ones before leave something to say. The fastest Python that its writer knew.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec
from benchmarks.peers.task import Decide, Limits, Rules

LIMITS = Limits(
    package="msgspec",
    unknown="by hand",
    absent="by hand",
    dates="ISO texts compared; days between looked up in a cache",
    lines="by hand",
    notes="the rules are code; no texts, no missing facts, no check of values beyond JSON's types",
)

NEVER = "9999-12-32"


class Consent(msgspec.Struct, frozen=True):
    """``line.consent``."""

    given: bool | None = None
    informed: bool | None = None
    explicit: bool | None = None
    given_on: str | None = None
    withdrawn_on: str = NEVER


class Gift(msgspec.Struct, frozen=True):
    """``line.gift_acceptance``."""

    given: bool | None = None
    given_on: str | None = None
    withdrawn_on: str = NEVER


class Agreed(msgspec.Struct, frozen=True):
    """``line.agreed``."""

    given: bool | None = None
    given_on: str | None = None
    amount: float | None = None


NO_CONSENT, NO_GIFT, NOT_AGREED = Consent(), Gift(), Agreed()


class Line(msgspec.Struct, frozen=True):
    """A line, as far as the rules ask."""

    kind: str | None = None
    amount: float | None = None
    period_start: str | None = None
    consent: Consent = NO_CONSENT
    gift_acceptance: Gift = NO_GIFT
    agreed: Agreed = NOT_AGREED


class Invoice(msgspec.Struct, frozen=True):
    """The invoice, as far as the rules ask."""

    number: str | None = None
    kind: str = "invoice"
    issue_date: str | None = None
    due_date: str | None = None
    send_date: str | None = None
    currency: str | None = None
    payable_amount: float | None = None
    attachments: int = 0
    lines: list[Line] | None = None


class Sender(msgspec.Struct, frozen=True):
    """The sender, as far as the rules ask."""

    efaktura_b2c_agreement: bool | None = None
    legacy_vipps_agreement: bool | None = None
    vipps_declined: bool = False


class Recipient(msgspec.Struct, frozen=True):
    """The recipient, as far as the rules ask."""

    kind: str | None = None
    mobile: str | None = None
    efaktura: bool | None = None
    vipps: bool | None = None


class Relationship(msgspec.Struct, frozen=True):
    """Agreement and claim."""

    agreement: bool | None = None
    claim: bool | None = None


NO_INVOICE, NO_SENDER = Invoice(), Sender()
NO_RECIPIENT, NO_RELATIONSHIP = Recipient(), Relationship()


class Document(msgspec.Struct, frozen=True):
    """A document."""

    invoice: Invoice = NO_INVOICE
    sender: Sender = NO_SENDER
    recipient: Recipient = NO_RECIPIENT
    relationship: Relationship = NO_RELATIONSHIP


@cache
def _plus(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _subscription_forbidden(line: Line, send: str, issue: str | None) -> bool | None:
    """The three rules on subscriptions, for a line that is one: no consent, an old one, billed ahead."""
    consent = line.consent
    given_on = consent.given_on
    if consent.given is False or consent.informed is False or consent.explicit is False:
        return True
    if consent.withdrawn_on <= send:
        return True
    if given_on is not None and (given_on > send or given_on < _plus(send, -1500)):
        return True
    start = line.period_start
    if start is not None and issue is not None and start > _plus(issue, 60):
        return True
    if (
        given_on is None
        or start is None
        or issue is None
        or consent.given is None
        or consent.informed is None
        or consent.explicit is None
    ):
        return None
    return False


def _gift_forbidden(line: Line, send: str) -> bool | None:
    """The two rules on gifts, for a line that asks for one."""
    gift = line.gift_acceptance
    amount = line.amount
    if gift.given is False or gift.withdrawn_on <= send:
        return True
    if (gift.given_on is not None and gift.given_on > send) or (
        amount is not None and amount > 1950
    ):
        return True
    return None if gift.given is None or gift.given_on is None or amount is None else False


def _upgrade_forbidden(line: Line, issue: str | None) -> bool | None:
    """The rule on what was not agreed, for a line that is goods, a service or a subscription."""
    amount, agreed = line.amount, line.agreed
    if amount is not None and amount <= 0:
        return False
    agreed_amount, given_on = agreed.amount, agreed.given_on
    certainly_not = (
        agreed.given is False
        or (given_on is not None and issue is not None and given_on > issue)
        or (amount is not None and agreed_amount is not None and agreed_amount < amount)
    )
    if certainly_not:
        return True if amount is not None else None
    if agreed.given and given_on is not None and issue is not None:
        if amount is None or agreed_amount is None:
            return None
        return False
    return None


def _line_forbidden(line: Line, send: str, issue: str | None) -> bool | None:
    kind = line.kind
    if kind == "gift_request":
        return _gift_forbidden(line, send)
    upgrade = _upgrade_forbidden(line, issue)
    if kind == "subscription":
        if upgrade is True:
            return True
        subscription = _subscription_forbidden(line, send, issue)
        return None if subscription is False and upgrade is None else subscription
    if kind is not None:
        return upgrade
    # The kind is not known: certainly allowed only where every kind would be.
    if (
        upgrade is False
        and _subscription_forbidden(line, send, issue) is False
        and _gift_forbidden(line, send) is False
    ):
        return False
    return None


def _forbidden(document: Document, send: str) -> bool | None:
    invoice = document.invoice
    if invoice.kind != "invoice":
        return False
    unknown = False
    agreement, claim = document.relationship.agreement, document.relationship.claim
    if not agreement and not claim:
        if agreement is False and claim is False:
            return True
        unknown = True
    due, issue = invoice.due_date, invoice.issue_date
    if due is None:
        unknown = True
    elif due < send or (issue is not None and due > _plus(issue, 365)):
        return True
    payable, currency = invoice.payable_amount, invoice.currency
    if payable is not None and payable > 8900:
        return True
    if currency is None:
        unknown = True
    elif currency not in ("NOK", "SEK", "DKK"):
        return True
    if invoice.lines is None or payable is None or issue is None:
        unknown = True
    for line in invoice.lines or ():
        found = _line_forbidden(line, send, issue)
        if found:
            return True
        if found is None:
            unknown = True
    return None if unknown else False


def _channel(document: Document, send: str) -> str:
    sender, recipient, invoice = document.sender, document.recipient, document.invoice
    if sender.efaktura_b2c_agreement and recipient.efaktura:
        return "efaktura"
    if recipient.mobile is None or not recipient.vipps:
        return "paper"
    if send < "2018-12-20":
        fits = sender.legacy_vipps_agreement and invoice.attachments == 0
        return "vipps_regning" if fits else "paper"
    due = invoice.due_date
    if (
        sender.efaktura_b2c_agreement
        and not sender.vipps_declined
        and invoice.kind == "invoice"
        and due is not None
        and _plus(send, 3) <= due <= _plus(send, 365)
    ):
        return "vipps_regning"
    return "paper"


class Row(msgspec.Struct, frozen=True):
    """A line out."""

    invoice: str | None
    decision: str
    channel: str | None


def _decided(document: Document, as_of: str) -> Row:
    invoice = document.invoice
    kind = document.recipient.kind
    if kind == "organisation":
        return Row(invoice.number, "out_of_scope", None)
    send = invoice.send_date or as_of
    forbidden = _forbidden(document, send)
    if kind is None or forbidden is None:
        return Row(invoice.number, "hold", None)
    if forbidden:
        return Row(invoice.number, "block", None)
    return Row(invoice.number, "send", _channel(document, send))


def prepare(rules: Rules) -> Decide:
    """The function; it knows the fifteen rules, whatever the book says."""
    as_of = rules.as_of.isoformat()
    read = msgspec.json.Decoder(Document).decode
    write = msgspec.json.Encoder().encode

    def run(source: Path, target: Path) -> None:
        with source.open("rb") as lines, target.open("wb") as out:
            for line in lines:
                out.write(write(_decided(read(line), as_of)) + b"\n")

    return run
