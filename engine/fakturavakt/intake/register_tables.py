"""The files of the evidence register and their columns, as contract §5 lists them.

A new column is an entry here. May import: ``texts``, ``vocabulary``, ``intake.register_files``.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from fakturavakt.intake.register_files import Column, Table, these_words
from fakturavakt.texts import text
from fakturavakt.vocabulary.facts import Fact, FactType, Value
from fakturavakt.vocabulary.forms import Flaw


class EvidenceKind(StrEnum):
    """What a piece of evidence shows, in the order in which a decision names its evidence."""

    AGREEMENT = "agreement"
    CLAIM = "claim"
    CONSENT = "consent"
    GIFT_ACCEPTANCE = "gift_acceptance"
    AGREED = "agreed"

    @property
    def of_invoice(self) -> bool:
        """Whether it is about sender and recipient alone, and so takes no service."""
        return self in (EvidenceKind.AGREEMENT, EvidenceKind.CLAIM)

    @property
    def is_state(self) -> bool:
        """Whether it is in force until it is withdrawn; else it is an event, and says itself what became
        of it.
        """
        return self not in (EvidenceKind.CONSENT, EvidenceKind.GIFT_ACCEPTANCE)

    @property
    def needs_service(self) -> bool:
        """Whether a row of this kind without a service would say nothing."""
        return self in (EvidenceKind.CONSENT, EvidenceKind.AGREED)


def _column(
    name: str,
    type_: FactType,
    *,
    fact: str | None = None,
    choices: Iterable[str] = (),
    required: bool = False,
    repeats: bool = True,
) -> Column:
    """A column; ``fact`` is the full name of what it gives, where that is a fact of documents."""
    read_as = Fact(fact or name, type_, text(name, name), choices=tuple(choices))
    return Column(name, read_as, required=required, repeats=repeats)


def _known_kinds(words: Value) -> Flaw | None:
    known = set(EvidenceKind)
    return None if known.issuperset(str(words).split()) else Flaw.CHOICE


def _from_zero(number: Value) -> Flaw | None:
    assert isinstance(number, int)
    return Flaw.FORM if number < 0 else None


_COMPLETE_FOR: Final = Column(
    "complete_for",
    Fact("complete_for", FactType.TEXT, text("fullstendig for", "complete for")),
    check=_known_kinds,
    expected=these_words(tuple(EvidenceKind)),
)
_VAT_RATE: Final = Column(
    "vat_rate",
    Fact("vat_rate", FactType.MONEY, text("mva-sats", "VAT rate")),
    check=_from_zero,
    expected=text("En prosent fra 0, med høyst to desimaler.", "A percent from 0, two decimals."),
)

SENDERS: Final = Table(
    "senders.csv",
    (
        _column("organisation_number", FactType.ORGANISATION_NUMBER, required=True),
        _column("name", FactType.TEXT, fact="sender.name", repeats=False),
        *(
            _column(name, FactType.YES_NO, fact=f"sender.{name}")
            for name in (
                "efaktura_b2c_agreement",
                "legacy_vipps_agreement",
                "vipps_declined",
                "autopay",
            )
        ),
        _COMPLETE_FOR,
    ),
)
RECIPIENTS: Final = Table(
    "recipients.csv",
    (
        _column("sender", FactType.ORGANISATION_NUMBER, required=True),
        _column("customer_number", FactType.TEXT, required=True, repeats=False),
        _column("kind", FactType.CHOICE, fact="recipient.kind", choices=("person", "organisation")),
        _column("name", FactType.TEXT, fact="recipient.name", repeats=False),
        _column("street", FactType.TEXT, fact="recipient.street", repeats=False),
        _column("postal_code", FactType.TEXT, fact="recipient.postal_code"),
        _column("city", FactType.TEXT, fact="recipient.city"),
        _column("country", FactType.TEXT, fact="recipient.country"),
        _column("mobile", FactType.MOBILE, fact="recipient.mobile", repeats=False),
        _column("email", FactType.EMAIL, fact="recipient.email", repeats=False),
        _column("efaktura", FactType.YES_NO, fact="recipient.efaktura"),
        _column("vipps", FactType.YES_NO, fact="recipient.vipps"),
    ),
)
SERVICES: Final = Table(
    "services.csv",
    (
        _column("sender", FactType.ORGANISATION_NUMBER, required=True),
        _column("service", FactType.TEXT, required=True),
        _column(
            "kind",
            FactType.CHOICE,
            fact="line.kind",
            choices=("goods", "service", "subscription", "gift_request"),
            required=True,
        ),
    ),
)
EVIDENCE: Final = Table(
    "evidence.csv",
    (
        _column("sender", FactType.ORGANISATION_NUMBER, required=True),
        _column("customer_number", FactType.TEXT, required=True, repeats=False),
        _column("service", FactType.TEXT),
        _column("kind", FactType.CHOICE, choices=EvidenceKind, required=True),
        _column("given", FactType.YES_NO),
        _column("from", FactType.DATE, required=True),
        _column("withdrawn", FactType.DATE),
        _column("informed", FactType.YES_NO),
        _column("explicit", FactType.YES_NO),
        _column("amount", FactType.MONEY),
        _column("amount_with_vat", FactType.MONEY),
        _VAT_RATE,
        _column("currency", FactType.CURRENCY),
        _column("reference", FactType.TEXT, repeats=False),
        _column("recorded_by", FactType.TEXT),
        _column("recorded_on", FactType.DATE),
    ),
)
