"""UBL 2.1 invoices and credit notes (EHF 3.0, Peppol BIS Billing 3.0) as contract JSON.

Where each fact stands is the tables below; what those cannot say is the functions after them. A value
is handed on as it is written, but for what XML allows and contract §1 does not: white space round
it, the time zone of a date, and the spellings ``+5``, ``.5`` and ``5.`` of a decimal.
May import: ``texts``, ``vocabulary``, ``intake.documents``, ``intake.party_identifiers``,
``intake.ubl_root``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml.etree import _Element as Element

from fakturavakt.intake import party_identifiers as identifiers
from fakturavakt.intake.documents import DocumentSource, RawDocument, Unreadable
from fakturavakt.intake.ubl_root import CREDIT_NOTE, NoUblInvoiceError, invoice_element
from fakturavakt.texts import text
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import Fact, FactType
from fakturavakt.vocabulary.forms import Flaw, JsonNumber


def read_ubl(data: bytes, file: str) -> RawDocument | Unreadable:
    """The one document of a UBL file; never fails, whatever the bytes are."""
    source = DocumentSource(file, 1)
    try:
        root = invoice_element(data)
    except NoUblInvoiceError as error:
        return Unreadable(source, error.place, error.reason)
    return _Mapping(root).document(source)


# -- where the facts stand ---------------------------------------------------------------------------

_PREFIXES: Final = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
_XML_SPACE: Final = " \t\r\n"
_DATE_WITH_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


def _path(prefixed: str) -> str:
    """``cac:Item/cbc:Name`` with the namespaces written out, as lxml finds it fastest."""
    return re.sub(r"(\w+):", lambda found: f"{{{_PREFIXES[found[1]]}}}", prefixed)


def _day(written: str) -> str:
    found = _DATE_WITH_TIME.fullmatch(written)
    return found[1] if found else written


def _as_written(written: str) -> str:
    return written


@dataclass(frozen=True, slots=True)
class _Source:
    """One place of a fact: ``path``, below each element ``within`` (the first that has it counts)."""

    within: str | None
    path: str

    @classmethod
    def of(cls, prefixed: str) -> _Source:
        """``cac:PaymentMeans*/cbc:PaymentID``: what stands before ``*`` may be there many times."""
        within, star, rest = prefixed.rpartition("*/")
        return cls(_path(within) if star else None, _path(rest))

    def scopes(self, element: Element) -> list[Element]:
        """The elements to look below."""
        return [element] if self.within is None else element.findall(self.within)


class _Where:
    """Where a fact stands: the first of its sources that has a value; and how it is spelled."""

    def __init__(self, *sources: str, spell: Callable[[str], str] = _as_written) -> None:
        self.sources: Final = tuple(map(_Source.of, sources))
        self.spell: Final = spell


_SUPPLIER: Final = "cac:AccountingSupplierParty/cac:Party"
_CUSTOMER: Final = "cac:AccountingCustomerParty/cac:Party"
_DOCUMENT: Final = {
    "invoice.number": _Where("cbc:ID"),
    "invoice.issue_date": _Where("cbc:IssueDate", spell=_day),
    # A credit note has only the second, and so have older invoices.
    "invoice.due_date": _Where("cbc:DueDate", "cac:PaymentMeans*/cbc:PaymentDueDate", spell=_day),
    "invoice.currency": _Where("cbc:DocumentCurrencyCode"),
    "invoice.payable_amount": _Where("cac:LegalMonetaryTotal/cbc:PayableAmount"),
    "invoice.payment_reference": _Where("cac:PaymentMeans*/cbc:PaymentID"),
    "invoice.payee_account": _Where("cac:PaymentMeans*/cac:PayeeFinancialAccount/cbc:ID"),
    "sender.name": _Where(
        f"{_SUPPLIER}/cac:PartyLegalEntity/cbc:RegistrationName",
        f"{_SUPPLIER}/cac:PartyName/cbc:Name",
    ),
    "recipient.name": _Where(
        f"{_CUSTOMER}/cac:PartyLegalEntity/cbc:RegistrationName",
        f"{_CUSTOMER}/cac:PartyName/cbc:Name",
    ),
    "recipient.street": _Where(f"{_CUSTOMER}/cac:PostalAddress/cbc:StreetName"),
    "recipient.postal_code": _Where(f"{_CUSTOMER}/cac:PostalAddress/cbc:PostalZone"),
    "recipient.city": _Where(f"{_CUSTOMER}/cac:PostalAddress/cbc:CityName"),
    "recipient.country": _Where(
        f"{_CUSTOMER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode"
    ),
    "recipient.email": _Where(f"{_CUSTOMER}/cac:Contact/cbc:ElectronicMail"),
}
_LINE: Final = {
    "id": _Where("cbc:ID"),
    "description": _Where("cac:Item/cbc:Name", "cac:Item/cbc:Description"),
    "service": _Where("cac:Item/cac:SellersItemIdentification/cbc:ID"),
    "amount": _Where("cbc:LineExtensionAmount"),
    "period_start": _Where("cac:InvoicePeriod/cbc:StartDate", spell=_day),
    "period_end": _Where("cac:InvoicePeriod/cbc:EndDate", spell=_day),
}
_CHARGE: Final = {
    "description": _Where("cbc:AllowanceChargeReason"),
    "service": _Where("cbc:AllowanceChargeReasonCode", "cbc:AllowanceChargeReason"),
    "amount": _Where("cbc:Amount"),
}
_TYPE_CODE: Final = _Where("cbc:InvoiceTypeCode")
_TELEPHONE: Final = _Where(f"{_CUSTOMER}/cac:Contact/cbc:Telephone")
_BUYER_REFERENCE: Final = _Where("cbc:BuyerReference")
_TAX_SCHEME: Final = _Where("cac:TaxScheme/cbc:ID")

_CUSTOMER_IDS: Final = _path(f"{_CUSTOMER}/cac:PartyIdentification/cbc:ID")
_SUPPLIER_COMPANIES: Final = _path(f"{_SUPPLIER}/cac:PartyLegalEntity/cbc:CompanyID")
_CUSTOMER_COMPANIES: Final = _path(f"{_CUSTOMER}/cac:PartyLegalEntity/cbc:CompanyID")
_SUPPLIER_TAX: Final = _path(f"{_SUPPLIER}/cac:PartyTaxScheme")
_CUSTOMER_TAX: Final = _path(f"{_CUSTOMER}/cac:PartyTaxScheme")
_COMPANY_ID: Final = _path("cbc:CompanyID")
_REFERENCES: Final = _path("cac:AdditionalDocumentReference")
_ATTACHMENT: Final = _path("cac:Attachment")
_INVOICE_LINES: Final = _path("cac:InvoiceLine")
_CREDIT_NOTE_LINES: Final = _path("cac:CreditNoteLine")
_CLASSIFICATIONS: Final = _path("cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode")
_CHARGES: Final = _path("cac:AllowanceCharge")
_CHARGE_INDICATOR: Final = _path("cbc:ChargeIndicator")

_CREDIT_NOTE_CODE: Final = "381"
_MOBILE: Final = Fact("recipient.mobile", FactType.MOBILE, text("mobil", "mobile"))


@dataclass(slots=True)
class _Mapping:
    """One document on its way to contract JSON. ``flaws``: the facts found to be bad on that way."""

    root: Element
    flaws: dict[str, Flaw] = field(default_factory=dict)

    def document(self, source: DocumentSource) -> RawDocument:
        """All that the document says."""
        groups: dict[str, dict[str, object]] = {"invoice": {}, "sender": {}, "recipient": {}}
        for fact, where in _DOCUMENT.items():
            self._put(groups, fact, self._value(self.root, where, fact))
        self._put(groups, "invoice.kind", self._kind())
        self._put(groups, "invoice.attachments", self._attachments())
        self._put(groups, "sender.organisation_number", self._sender_number())
        self._put(groups, "recipient.kind", self._recipient_kind())
        self._put(groups, "recipient.mobile", self._mobile())
        customer = self._customer_number()
        self._put(groups, "recipient.customer_number", customer)
        groups["invoice"]["lines"] = list(self._lines())
        return RawDocument(
            source,
            groups,
            self.flaws,
            customer_number_if_registered=None if customer else self._buyer_reference(),
        )

    @staticmethod
    def _put(groups: dict[str, dict[str, object]], fact: str, value: object) -> None:
        group, _, key = fact.partition(".")
        if value is not None:
            groups[group][key] = value

    def _value(self, element: Element, where: _Where, fact: str) -> str | None:
        """The value that stands there, if any. Two that differ are no value but a flaw of ``fact``,
        and so is an element that has elements inside.
        """
        for source in where.sources:
            for scope in source.scopes(element):
                found = scope.findall(source.path)
                if any(map(len, found)):
                    self.flaws[fact] = Flaw.TYPE
                    return None
                values = {where.spell(value) for value in map(_text, found) if value}
                if len(values) > 1:
                    self.flaws[fact] = Flaw.CONFLICT
                    return None
                if values:
                    return values.pop()
        return None

    # -- the invoice -----------------------------------------------------------------------------

    def _kind(self) -> str:
        code = self._value(self.root, _TYPE_CODE, "invoice.kind")
        is_credit_note = self.root.tag == CREDIT_NOTE or code == _CREDIT_NOTE_CODE
        return "credit_note" if is_credit_note else "invoice"

    def _attachments(self) -> JsonNumber:
        attached = [
            reference
            for reference in self.root.findall(_REFERENCES)
            if reference.find(_ATTACHMENT) is not None
        ]
        return JsonNumber(str(len(attached)))

    def _lines(self) -> Iterator[dict[str, object]]:
        """The lines, and after them the charges on the whole document (BG-21)."""
        path = _CREDIT_NOTE_LINES if self.root.tag == CREDIT_NOTE else _INVOICE_LINES
        position = 0
        for position, element in enumerate(self.root.findall(path), start=1):
            line = self._line(element, _LINE, position)
            codes = " ".join(_classifications(element))
            yield {**line, "item_classification": codes} if codes else line
        charges = filter(_is_charge, self.root.findall(_CHARGES))
        for number, element in enumerate(charges, start=1):
            line = self._line(element, _CHARGE, position + number)
            yield {"id": f"charge#{number}", "kind": "service", **line}

    def _line(
        self, element: Element, places: dict[str, _Where], position: int
    ) -> dict[str, object]:
        line: dict[str, object] = {}
        for key, where in places.items():
            value = self._value(element, where, f"line[#{position}].{key}")
            if value is not None:
                line[key] = value
        return line

    # -- the parties -----------------------------------------------------------------------------

    def _sender_number(self) -> str | None:
        """The sender's Norwegian organisation number, as it is written; None for a foreign company."""
        found = {identifiers.compact(number): number for number in self._sender_companies()}
        if not found:
            vat_numbers = (
                identifiers.number_before_mva(_text(company))
                for tax in self.root.findall(_SUPPLIER_TAX)
                for company in tax.findall(_COMPANY_ID)
            )
            found = {number: number for number in vat_numbers if number is not None}
        if any(map(identifiers.is_national_identity_number, found)):
            # A sole trader's own number in place of the company's: bad, and nobody's to see.
            self.flaws["sender.organisation_number"] = Flaw.FORM
            return None
        if len(found) > 1:
            self.flaws["sender.organisation_number"] = Flaw.CONFLICT
            return None
        return next(iter(found.values()), None)

    def _sender_companies(self) -> Iterator[str]:
        """What BT-30 holds of Norwegian organisation numbers, good or bad."""
        for company in self.root.findall(_SUPPLIER_COMPANIES):
            number, scheme = _text(company), company.get("schemeID", "").strip()
            if not number:
                continue
            if scheme == identifiers.NORWEGIAN_REGISTER:
                yield number
            # A SIREN or a D-U-N-S number has nine digits too, and says so by its scheme.
            elif scheme not in identifiers.COMPANY_REGISTERS and re.fullmatch(
                r"[0-9]{9}", identifiers.compact(number)
            ):
                yield identifiers.compact(number)

    def _recipient_kind(self) -> str | None:
        """``organisation`` where BT-47 or BT-48 proves it; nothing here proves a person."""
        companies = [
            (_text(company), company.get("schemeID", "").strip())
            for company in self.root.findall(_CUSTOMER_COMPANIES)
        ]
        if any(identifiers.is_national_identity_number(number) for number, _ in companies):
            return None  # a human being, whatever the scheme or a VAT number beside it says
        if any(
            identifiers.is_organisation_number(number)
            or (number and scheme in identifiers.COMPANY_REGISTERS)
            for number, scheme in companies
        ):
            return "organisation"
        for tax in self.root.findall(_CUSTOMER_TAX):
            scheme = self._value(tax, _TAX_SCHEME, "recipient.kind") or ""
            numbers = map(_text, tax.findall(_COMPANY_ID))
            if any(identifiers.is_vat_number(number, scheme) for number in numbers):
                return "organisation"
        return None

    def _customer_number(self) -> str | None:
        """The first of the buyer's identifiers (BT-46) that is one."""
        numbers = map(_text, self.root.findall(_CUSTOMER_IDS))
        return next((number for number in numbers if number), None)

    def _buyer_reference(self) -> str | None:
        return self._value(self.root, _BUYER_REFERENCE, "recipient.customer_number")

    def _mobile(self) -> str | None:
        """The telephone number where it is a mobile's: a land line is absent, not bad."""
        number = self._value(self.root, _TELEPHONE, _MOBILE.name)
        return None if isinstance(forms.read(_MOBILE, number), Flaw) else number


def _text(element: Element) -> str:
    return (element.text or "").strip(_XML_SPACE)


def _is_charge(element: Element) -> bool:
    """Whether it asks for money. What does not plainly say that it is an allowance is judged."""
    return not any(_text(each) in ("false", "0") for each in element.findall(_CHARGE_INDICATOR))


def _classifications(line: Element) -> Iterator[str]:
    """``LISTID:CODE`` of each classification code, or the code alone."""
    for element in line.findall(_CLASSIFICATIONS):
        code, scheme = _text(element), element.get("listID", "").strip()
        if code:
            yield f"{scheme}:{code}" if scheme else code
