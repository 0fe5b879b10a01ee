"""An inbox of UBL invoices, a file each, and the evidence register that decides them; any number, drawn by a
seed.

    python benchmarks/ubl_inbox.py --files 20000 --seed 7 --to /tmp/inbox --register /tmp/register

Each is an EHF Billing 3.0 invoice of some four kilobytes: sums that add up, check digits that are right, one
to three lines. Most may be sent; some lack an agreement (block), some are known of no one (hold), some go to
companies (out of scope), and one in a thousand is cut off (unreadable). Every person and number is invented.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "engine")]

from benchmarks.generate_documents import CITIES, FIRST_NAMES, LAST_NAMES, STREETS  # noqa: E402

AS_OF: Final = date(2021, 2, 2)
SENDERS: Final = (
    ("310000019", "Fjordstrøm AS", "ja", "ja"),
    ("310000027", "Nordtv AS", "ja", "nei"),
    ("310000035", "Bynett SA", "nei", "ja"),
)
SERVICES: Final = (
    ("strom", "Strøm", "service", "812.40"),
    ("nettleie", "Nettleie", "service", "420.10"),
    ("bredband", "Bredbånd 500", "subscription", "549.00"),
    ("avis", "Avis, hel uke", "subscription", "329.00"),
    ("ruter", "Ruter", "goods", "1190.00"),
)
CUSTOMERS: Final = 400
"""Of each sender."""

_NAMESPACES: Final = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice {namespaces}>
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
  <cbc:ID>{number}</cbc:ID>
  <cbc:IssueDate>{issued}</cbc:IssueDate>
  <cbc:DueDate>{due}</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>NOK</cbc:DocumentCurrencyCode>
  <cbc:BuyerReference>{customer}</cbc:BuyerReference>
  <cac:AccountingSupplierParty>
    <cac:Party>
      <cbc:EndpointID schemeID="0192">{sender}</cbc:EndpointID>
      <cac:PostalAddress>
        <cbc:StreetName>Kontorgata 10</cbc:StreetName>
        <cbc:CityName>Oslo</cbc:CityName>
        <cbc:PostalZone>0150</cbc:PostalZone>
        <cac:Country><cbc:IdentificationCode>NO</cbc:IdentificationCode></cac:Country>
      </cac:PostalAddress>
      <cac:PartyTaxScheme>
        <cbc:CompanyID>NO{sender}MVA</cbc:CompanyID>
        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:PartyTaxScheme>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>{sender_name}</cbc:RegistrationName>
        <cbc:CompanyID schemeID="0192">{sender}</cbc:CompanyID>
      </cac:PartyLegalEntity>
    </cac:Party>
  </cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>
    <cac:Party>
      <cac:PartyIdentification><cbc:ID>{customer}</cbc:ID></cac:PartyIdentification>
      <cac:PostalAddress>
        <cbc:StreetName>{street}</cbc:StreetName>
        <cbc:CityName>{city}</cbc:CityName>
        <cbc:PostalZone>{postal_code}</cbc:PostalZone>
        <cac:Country><cbc:IdentificationCode>NO</cbc:IdentificationCode></cac:Country>
      </cac:PostalAddress>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>{name}</cbc:RegistrationName>{company}
      </cac:PartyLegalEntity>
    </cac:Party>
  </cac:AccountingCustomerParty>
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
    <cbc:PaymentID>{kid}</cbc:PaymentID>
    <cac:PayeeFinancialAccount><cbc:ID>15030000010</cbc:ID></cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="NOK">{tax}</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="NOK">{net}</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="NOK">{tax}</cbc:TaxAmount>
      <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>25</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="NOK">{net}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="NOK">{net}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="NOK">{gross}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="NOK">{gross}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
"""
_LINE: Final = """  <cac:InvoiceLine>
    <cbc:ID>{line}</cbc:ID>
    <cbc:InvoicedQuantity unitCode="EA">1</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="NOK">{amount}</cbc:LineExtensionAmount>
    <cac:InvoicePeriod><cbc:StartDate>2021-01-01</cbc:StartDate><cbc:EndDate>2021-01-31</cbc:EndDate></cac:InvoicePeriod>
    <cac:Item>
      <cbc:Name>{description}, januar 2021</cbc:Name>
      <cac:SellersItemIdentification><cbc:ID>{service}</cbc:ID></cac:SellersItemIdentification>
      <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>25</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory>
    </cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="NOK">{amount}</cbc:PriceAmount></cac:Price>
  </cac:InvoiceLine>
"""


@dataclass(frozen=True)
class Customer:
    """One of a sender's; ``known`` says how much the register has of them."""

    number: str
    name: str
    street: str
    postal_code: str
    city: str
    is_company: bool
    known: str


def customers(seed: int) -> dict[str, list[Customer]]:
    """The customers of each sender."""
    draw = random.Random(seed)
    found = {}
    for sender, *_ in SENDERS:
        found[sender] = [
            Customer(
                f"{1000 + n}",
                f"{draw.choice(FIRST_NAMES)} {draw.choice(LAST_NAMES)}",
                f"{draw.choice(STREETS)} {draw.randint(1, 240)}",
                f"{draw.randint(10, 9990):04}",
                draw.choice(CITIES),
                draw.random() < 0.03,
                draw.choices(("all", "no agreement", "nothing"), (90, 5, 5))[0],
            )
            for n in range(CUSTOMERS)
        ]
    return found


def write_register(folder: Path, seed: int) -> None:
    """The evidence register of all senders."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(seed + 1)

    def table(name: str, header: str, rows: Iterator[str]) -> None:
        (folder / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")

    columns = "organisation_number;name;efaktura_b2c_agreement;legacy_vipps_agreement;complete_for"
    table("senders.csv", columns, (";".join((*sender, "agreed")) for sender in SENDERS))
    services = (
        f"{sender};{service};{kind}" for sender, *_ in SENDERS for service, _, kind, _ in SERVICES
    )
    table("services.csv", "sender;service;kind", services)
    everybody = [(sender, each) for sender, found in customers(seed).items() for each in found]
    columns = "sender;customer_number;kind;name;mobile;efaktura;vipps"
    recipients = (
        f"{sender};{each.number};person;{each.name};{draw.randint(90000000, 99999999)};"
        f"{draw.choice(('ja', 'nei'))};{draw.choice(('ja', 'nei'))}"
        for sender, each in everybody
        if each.known != "nothing" and not each.is_company
    )
    table("recipients.csv", columns, recipients)

    def evidence() -> Iterator[str]:
        for sender, each in everybody:
            if each.known == "nothing" or each.is_company:
                continue
            yield f"{sender};{each.number};;agreement;2019-06-01;;;"
            for service, _, kind, _ in SERVICES:
                if kind == "subscription":
                    yield f"{sender};{each.number};{service};consent;2019-06-01;ja;ja;"
                if each.known == "all":
                    yield f"{sender};{each.number};{service};agreed;2019-06-01;;;2000.00"

    table(
        "evidence.csv",
        "sender;customer_number;service;kind;from;informed;explicit;amount",
        evidence(),
    )


def invoices(files: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many invoices with the names of their files."""
    draw = random.Random(seed + 2)
    everybody = customers(seed)
    for n in range(files):
        sender, sender_name, *_ = draw.choice(SENDERS)
        customer = draw.choice(everybody[sender])
        chosen = draw.sample(SERVICES, draw.choice((1, 1, 2, 3)))
        amounts = [Decimal(price) - draw.randint(0, 9) for *_, price in chosen]
        net = sum(amounts, Decimal(0))
        tax = (net * Decimal("0.25")).quantize(Decimal("0.01"))
        issued = AS_OF - timedelta(days=draw.randint(0, 3))
        company = '<cbc:CompanyID schemeID="0192">974760673</cbc:CompanyID>'
        written = _HEAD.format(
            namespaces=_NAMESPACES,
            number=f"F-2021-{n:08}",
            issued=issued,
            due=issued + timedelta(days=14),
            customer=customer.number,
            sender=sender,
            sender_name=sender_name,
            street=customer.street,
            city=customer.city,
            postal_code=customer.postal_code,
            name=customer.name,
            company=f"\n        {company}" if customer.is_company else "",
            kid=_kid(n),
            tax=tax,
            net=net,
            gross=net + tax,
        )
        lines = zip(chosen, amounts, strict=True)
        for line, ((service, description, _, _), amount) in enumerate(lines, start=1):
            written += _LINE.format(
                line=line, amount=amount, description=description, service=service
            )
        data = f"{written}</Invoice>\n".encode()
        yield f"{sender}-F-2021-{n:08}.xml", data[:-200] if draw.random() < 0.001 else data


def write_inbox(folder: Path, files: int, seed: int) -> int:
    """The invoices as files; their bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for name, data in invoices(files, seed):
        (folder / name).write_bytes(data)
        size += len(data)
    return size


def _kid(n: int) -> str:
    """A payment reference with its MOD10 check digit."""
    body = f"{2021_0000_0000 + n}"
    total = 0
    for at, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if at % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{body}{-total % 10}"


def main() -> None:
    """See the top of the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--register", type=Path, required=True)
    asked = parser.parse_args()
    write_register(asked.register, asked.seed)
    size = write_inbox(asked.to, asked.files, asked.seed)
    print(f"{asked.files} files, {size / asked.files:.0f} bytes each")


if __name__ == "__main__":
    main()
