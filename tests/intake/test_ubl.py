"""UBL invoices: each fact from its element, what XML spells otherwise, and hostile XML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fakturavakt.intake.documents import DocumentSource, RawDocument, Unreadable
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.ubl import read_ubl
from fakturavakt.texts import text
from fakturavakt.vocabulary.facts import Fact, FactType, Vocabulary
from fakturavakt.vocabulary.forms import Flaw, JsonNumber

SAMPLES = Path(__file__).parents[2] / "samples"
COMPANY = "974760673"
PERSON = "01016050012"  # of somebody born in 1860, so of nobody alive
D_NUMBER = "41016050006"
TEST_PERSON = "01816050088"  # month + 80, as in the tax authority's test population

SPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
HEAD = (
    "<cbc:ID>2021-0042</cbc:ID><cbc:IssueDate>2021-02-01</cbc:IssueDate>"
    "<cbc:DueDate>2021-02-15</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
    "<cbc:DocumentCurrencyCode>NOK</cbc:DocumentCurrencyCode>"
)
SENDER = (
    "<cac:PartyName><cbc:Name>Strøm og Sånt</cbc:Name></cac:PartyName>"
    "<cac:PartyLegalEntity><cbc:RegistrationName>Strøm og Sånt AS</cbc:RegistrationName>"
    f'<cbc:CompanyID schemeID="0192">{COMPANY}</cbc:CompanyID></cac:PartyLegalEntity>'
)
RECIPIENT = (
    "<cac:PartyIdentification><cbc:ID>1001</cbc:ID></cac:PartyIdentification>"
    "<cac:PostalAddress><cbc:StreetName>Storgata 1</cbc:StreetName>"
    "<cbc:AdditionalStreetName>H0201</cbc:AdditionalStreetName><cbc:CityName>Oslo</cbc:CityName>"
    "<cbc:PostalZone>0155</cbc:PostalZone><cac:Country>"
    "<cbc:IdentificationCode>NO</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
    "<cac:PartyLegalEntity><cbc:RegistrationName>Kari Nordmann</cbc:RegistrationName>"
    "</cac:PartyLegalEntity><cac:Contact><cbc:Telephone>+47 912 34 567</cbc:Telephone>"
    "<cbc:ElectronicMail>kari@example.no</cbc:ElectronicMail></cac:Contact>"
)
PAYMENT = (
    "<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>"
    "<cbc:PaymentID>1234567897</cbc:PaymentID>"
    "<cac:PayeeFinancialAccount><cbc:ID>86011117947</cbc:ID></cac:PayeeFinancialAccount>"
    "</cac:PaymentMeans>"
)
TOTAL = (
    "<cac:LegalMonetaryTotal>"
    '<cbc:PayableAmount currencyID="NOK">436.25</cbc:PayableAmount></cac:LegalMonetaryTotal>'
)
LINE = (
    '<cbc:ID>1</cbc:ID><cbc:LineExtensionAmount currencyID="NOK">349.00</cbc:LineExtensionAmount>'
    "<cac:InvoicePeriod><cbc:StartDate>2021-02-01</cbc:StartDate>"
    "<cbc:EndDate>2021-02-28</cbc:EndDate></cac:InvoicePeriod>"
    "<cac:Item><cbc:Description>Månedspris</cbc:Description><cbc:Name>Strømmeabonnement</cbc:Name>"
    "<cac:SellersItemIdentification><cbc:ID>stream-hd</cbc:ID></cac:SellersItemIdentification>"
    "<cac:CommodityClassification>"
    '<cbc:ItemClassificationCode listID="STI">83111801</cbc:ItemClassificationCode>'
    "</cac:CommodityClassification><cac:CommodityClassification>"
    "<cbc:ItemClassificationCode>media</cbc:ItemClassificationCode>"
    "</cac:CommodityClassification></cac:Item>"
)


def ubl(
    *,
    head: str = HEAD,
    extra: str = "",
    sender: str = SENDER,
    recipient: str = RECIPIENT,
    payment: str = PAYMENT,
    total: str = TOTAL,
    lines: Iterable[str] = (LINE,),
    kind: str = "Invoice",
) -> str:
    """An invoice of these parts; ``extra`` stands right under the root."""
    listed = "".join(f"<cac:{kind}Line>{line}</cac:{kind}Line>" for line in lines)
    return (
        f'<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" {SPACES}>\n'
        f"{head}{extra}"
        f"<cac:AccountingSupplierParty><cac:Party>{sender}</cac:Party></cac:AccountingSupplierParty>"
        f"<cac:AccountingCustomerParty><cac:Party>{recipient}</cac:Party>"
        f"</cac:AccountingCustomerParty>{payment}{total}{listed}</{kind}>"
    )


def read(xml: str | bytes) -> RawDocument:
    """A document that must be readable."""
    found = read_ubl(xml if isinstance(xml, bytes) else xml.encode(), "faktura.xml")
    assert isinstance(found, RawDocument), found
    return found


def refused(xml: str | bytes) -> Unreadable:
    """A document that must be rejected, with a reason in both languages."""
    found = read_ubl(xml if isinstance(xml, bytes) else xml.encode(), "faktura.xml")
    assert isinstance(found, Unreadable), found
    assert found.source == DocumentSource("faktura.xml", 1)
    assert found.reason.say("nb") != found.reason.say("en")
    return found


def group(document: RawDocument, name: str) -> dict[str, Any]:
    """One group of the content."""
    found = document.content[name]
    assert isinstance(found, dict)
    return found


def lines(document: RawDocument) -> list[dict[str, Any]]:
    """The lines of the content."""
    found = group(document, "invoice")["lines"]
    assert isinstance(found, list)
    return found


def company(number: str, scheme: str | None = None) -> str:
    """BT-30 or BT-47."""
    attribute = "" if scheme is None else f' schemeID="{scheme}"'
    return (
        "<cac:PartyLegalEntity><cbc:RegistrationName>Navn</cbc:RegistrationName>"
        f"<cbc:CompanyID{attribute}>{number}</cbc:CompanyID></cac:PartyLegalEntity>"
    )


def tax(number: str, scheme: str = "VAT") -> str:
    """BT-31 or BT-48."""
    return (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID>"
        f"<cac:TaxScheme><cbc:ID>{scheme}</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    )


def charge(amount: str, code: str = "", reason: str = "", indicator: str = "true") -> str:
    """A document-level charge (BG-21), or an allowance."""
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>"
        f"<cbc:AllowanceChargeReasonCode>{code}</cbc:AllowanceChargeReasonCode>"
        f"<cbc:AllowanceChargeReason>{reason}</cbc:AllowanceChargeReason>"
        f"<cbc:Amount>{amount}</cbc:Amount></cac:AllowanceCharge>"
    )


# -- a whole document --------------------------------------------------------------------------------


def test_every_fact_comes_from_its_element() -> None:
    """A consumer's invoice in full."""
    document = read(ubl())
    assert document == RawDocument(
        DocumentSource("faktura.xml", 1),
        {
            "invoice": {
                "number": "2021-0042",
                "kind": "invoice",
                "issue_date": "2021-02-01",
                "due_date": "2021-02-15",
                "currency": "NOK",
                "payable_amount": "436.25",
                "payment_reference": "1234567897",
                "payee_account": "86011117947",
                "attachments": JsonNumber("0"),
                "lines": [
                    {
                        "id": "1",
                        "description": "Strømmeabonnement",
                        "service": "stream-hd",
                        "amount": "349.00",
                        "period_start": "2021-02-01",
                        "period_end": "2021-02-28",
                        "item_classification": "STI:83111801 media",
                    }
                ],
            },
            "sender": {"organisation_number": COMPANY, "name": "Strøm og Sånt AS"},
            "recipient": {
                "customer_number": "1001",
                "name": "Kari Nordmann",
                "street": "Storgata 1",
                "postal_code": "0155",
                "city": "Oslo",
                "country": "NO",
                "mobile": "+47 912 34 567",
                "email": "kari@example.no",
            },
        },
    )


def test_what_is_not_there_has_no_key() -> None:
    """Kind, attachments and lines are always told; all else is absent, not empty."""
    document = read(ubl(head="", sender="", recipient="", payment="", total="", lines=()))
    assert document.content == {
        "invoice": {"kind": "invoice", "attachments": JsonNumber("0"), "lines": []},
        "sender": {},
        "recipient": {},
    }
    assert not document.flaws


def test_an_empty_element_is_as_absent_as_none() -> None:
    """The next place of the fact is asked then."""
    empty_name = RECIPIENT.replace("Kari Nordmann", " \n ").replace(
        "<cac:PostalAddress>",
        "<cac:PartyName><cbc:Name>Kari N.</cbc:Name></cac:PartyName><cac:PostalAddress>",
    )
    document = read(ubl(recipient=empty_name, lines=[LINE.replace("<cbc:ID>1<", "<cbc:ID> <")]))
    assert group(document, "recipient")["name"] == "Kari N."
    assert "id" not in lines(document)[0]


def test_comments_and_white_space_do_not_change_a_value() -> None:
    """What stands round a value is layout."""
    head = HEAD.replace(">2021-0042<", ">\n\t 2021-<!-- ! -->00<?x y?>42 \r\n<").replace(
        ">2021-02-01<", "> 2021-02-01\n<"
    )
    invoice = group(read(ubl(head=head)), "invoice")
    assert (invoice["number"], invoice["issue_date"]) == ("2021-0042", "2021-02-01")


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8-sig", None), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_any_declared_encoding_is_read(encoding: str, declared: str | None) -> None:
    """Norwegian letters come out right."""
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    document = read((declaration + ubl()).encode(encoding))
    assert group(document, "sender")["name"] == "Strøm og Sånt AS"


def test_lines_that_come_out_are_read_by_the_forms() -> None:
    """The document goes through the one reader of all formats."""
    facts = [
        Fact("invoice.due_date", FactType.DATE, text("forfall", "due date")),
        Fact("invoice.attachments", FactType.COUNT, text("vedlegg", "attachments")),
        Fact("invoice.lines", FactType.LINES, text("linjer", "lines")),
        Fact("line.id", FactType.TEXT, text("id", "id")),
        Fact("line.amount", FactType.MONEY, text("beløp", "amount")),
    ]
    reader = FactReader(Vocabulary(tuple(facts)), date(2021, 2, 2))
    found = reader.read(read(ubl(extra=charge("0.5", code="FC")))).facts
    assert found.lines is not None
    assert [(line.name, line.values["line.amount"]) for line in found.lines] == [
        ("1", 34900),
        ("charge#1", 50),
    ]
    assert found.values["invoice.attachments"] == 0
    assert not found.problems


# -- the invoice -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2018-12-20Z", "2018-12-20"),
        ("2018-12-20+01:00", "2018-12-20"),
        ("2018-12-20-05:00", "2018-12-20"),
        ("20.12.2018", "20.12.2018"),
        ("2018-12-20T00:00:00", "2018-12-20"),
        ("2018-12-20T10:15:00.5Z", "2018-12-20"),
        ("2018-12-20 10:15", "2018-12-20 10:15"),
    ],
)
def test_the_time_of_a_day_is_dropped(written: str, day: str) -> None:
    """The day counts; anything else stays as it is, to be a problem."""
    document = read(
        ubl(
            head=HEAD.replace("2021-02-15", written),
            lines=[LINE.replace("2021-02-01", written).replace("2021-02-28", written)],
        )
    )
    assert group(document, "invoice")["due_date"] == day
    assert (lines(document)[0]["period_start"], lines(document)[0]["period_end"]) == (day, day)


@pytest.mark.parametrize(
    "amount", ["+5.00", ".5", "5.", "-3.960", "1.005", "1E2", "1,50", ".", "--5", "٥"]
)
def test_amounts_are_handed_on_as_they_are_written(amount: str) -> None:
    """One form of money for all formats: what XML allows beyond it is a problem as elsewhere."""
    document = read(
        ubl(total=TOTAL.replace("436.25", amount), lines=[LINE.replace("349.00", amount)])
    )
    assert group(document, "invoice")["payable_amount"] == amount
    assert lines(document)[0]["amount"] == amount


def test_the_due_date_may_stand_at_the_payment_means() -> None:
    """The document's own goes first; without it the first payment means that has one."""
    payment = PAYMENT + PAYMENT.replace(
        "<cbc:PaymentID>", "<cbc:PaymentDueDate>2021-03-01</cbc:PaymentDueDate><cbc:PaymentID>"
    )
    older = HEAD.replace("<cbc:DueDate>2021-02-15</cbc:DueDate>", "")
    assert group(read(ubl(head=older, payment=payment)), "invoice")["due_date"] == "2021-03-01"
    assert group(read(ubl(payment=payment)), "invoice")["due_date"] == "2021-02-15"
    credit_note = read(ubl(kind="CreditNote", head=older, payment=payment))
    assert group(credit_note, "invoice")["due_date"] == "2021-03-01"


def test_the_first_payment_means_that_has_it_counts() -> None:
    """A card first, the bank account after it."""
    card = "<cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode></cac:PaymentMeans>"
    other = PAYMENT.replace("1234567897", "2345676").replace("86011117947", "12345678903")
    invoice = group(read(ubl(payment=card + PAYMENT + other)), "invoice")
    assert invoice["payment_reference"] == "1234567897"
    assert invoice["payee_account"] == "86011117947"


@pytest.mark.parametrize(
    ("code", "kind"),
    [("380", "invoice"), ("381", "credit_note"), ("383", "invoice"), ("", "invoice")],
)
def test_the_type_code_tells_the_kind(code: str, kind: str) -> None:
    """381 is a credit note also under the root Invoice."""
    assert group(read(ubl(head=HEAD.replace("380", code))), "invoice")["kind"] == kind


def test_a_credit_note_is_read_alike() -> None:
    """Its lines have another name; its amounts stay as they are."""
    document = read(ubl(kind="CreditNote"))
    assert group(document, "invoice")["kind"] == "credit_note"
    assert [line["amount"] for line in lines(document)] == ["349.00"]


def test_references_with_an_attachment_are_counted() -> None:
    """A reference without one is no attachment."""
    bare = "<cac:AdditionalDocumentReference><cbc:ID>a</cbc:ID></cac:AdditionalDocumentReference>"
    full = bare.replace("</cbc:ID>", "</cbc:ID><cac:Attachment/>")
    assert group(read(ubl(extra=full + bare + full)), "invoice")["attachments"] == JsonNumber("2")


# -- lines -------------------------------------------------------------------------------------------


def test_the_description_stands_in_for_the_name() -> None:
    """BT-154 where there is no BT-153; a line's kind is never guessed."""
    line = lines(read(ubl(lines=[LINE.replace("<cbc:Name>Strømmeabonnement</cbc:Name>", "")])))[0]
    assert line["description"] == "Månedspris"
    assert "kind" not in line


def test_a_charge_on_the_document_is_a_line() -> None:
    """Charges follow the lines and count by themselves; an allowance is no line."""
    extra = (
        charge("50", code="FC", reason="Frakt")
        + charge("100", code="95", reason="Rabatt", indicator="false")
        + charge("29.00", reason="Fakturagebyr", indicator="1")
    )
    assert lines(read(ubl(extra=extra)))[1:] == [
        {
            "id": "charge#1",
            "kind": "service",
            "description": "Frakt",
            "service": "FC",
            "amount": "50",
        },
        {
            "id": "charge#2",
            "kind": "service",
            "description": "Fakturagebyr",
            "service": "Fakturagebyr",
            "amount": "29.00",
        },
    ]


def test_a_charge_of_a_line_is_part_of_its_amount() -> None:
    """Only charges right under the root are lines."""
    assert len(lines(read(ubl(lines=[LINE + charge("12", reason="Test")])))) == 1


# -- values that cannot be ---------------------------------------------------------------------------


def test_two_different_values_for_one_fact_are_a_conflict() -> None:
    """The fact is known to be bad and has no value; the others are untouched."""
    document = read(
        ubl(
            head=HEAD + "<cbc:ID>2021-0043</cbc:ID>",
            lines=[LINE, LINE + "<cbc:LineExtensionAmount>1</cbc:LineExtensionAmount>"],
            extra=charge("5", code="FC") + charge("6"),
        )
    )
    assert document.flaws == {
        "invoice.number": Flaw.CONFLICT,
        "line[#2].amount": Flaw.CONFLICT,
    }
    assert "number" not in group(document, "invoice")
    assert [line.get("amount") for line in lines(document)] == ["349.00", None, "5", "6"]


def test_one_value_said_twice_is_no_conflict() -> None:
    """However it is spelled."""
    document = read(ubl(head=HEAD + "<cbc:DueDate> 2021-02-15Z</cbc:DueDate>"))
    assert group(document, "invoice")["due_date"] == "2021-02-15"
    assert not document.flaws


def test_flaws_of_charges_are_named_by_their_place_among_all_lines() -> None:
    """Two lines, then the charges."""
    twice = charge("5").replace("</cbc:Amount>", "</cbc:Amount><cbc:Amount>6</cbc:Amount>")
    document = read(ubl(lines=[LINE, LINE], extra=charge("1") + twice))
    assert document.flaws == {"line[#4].amount": Flaw.CONFLICT}


def test_an_element_with_elements_inside_is_no_value() -> None:
    """A number cut in two by markup is not its first half."""
    document = read(ubl(total=TOTAL.replace("436.25", "4<cbc:ID>3</cbc:ID>6.25")))
    assert document.flaws == {"invoice.payable_amount": Flaw.TYPE}
    assert "payable_amount" not in group(document, "invoice")


# -- the sender --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "number"),
    [
        (company(COMPANY), COMPANY),
        (company("974 760 673"), COMPANY),
        (company("974.760.673", "NO:ORGNR"), COMPANY),
        (company("97476067", "0192"), "97476067"),
        (company("974760674"), "974760674"),
        (tax("NO974760673MVA"), COMPANY),
        (tax("NO 974 760 673 MVA"), COMPANY),
        (tax("Foretaksregisteret", "TAX") + tax("NO974760673MVA"), COMPANY),
        (company("552100554", "0002"), None),
        (company("GB983294") + tax("GB76576657"), None),
        (company("556036079301", "0007") + tax("SE556036079301"), None),
        (company("", "0192") + tax("NO974760673MVA"), COMPANY),
    ],
)
def test_the_senders_organisation_number(sender: str, number: str | None) -> None:
    """BT-30, else BT-31; a foreign company has none, a malformed 0192 stays to be a problem."""
    document = read(ubl(sender=sender))
    assert group(document, "sender").get("organisation_number") == number
    assert not document.flaws


def test_two_senders_are_none() -> None:
    """Nobody can tell whose agreements count."""
    document = read(ubl(sender=company(COMPANY, "0192") + company("889640782", "0192")))
    assert document.flaws == {"sender.organisation_number": Flaw.CONFLICT}


def test_a_sole_traders_own_number_is_not_passed_on() -> None:
    """It is bad as an organisation number, and nobody's to see."""
    document = read(ubl(sender=company(PERSON, "0192")))
    assert document.flaws == {"sender.organisation_number": Flaw.FORM}
    assert PERSON not in repr(document)


# -- the recipient -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipient", "kind"),
    [
        (company(COMPANY), "organisation"),
        (company("974 760 673", "0192"), "organisation"),
        (company("5560360793", "0007"), "organisation"),
        (company("0123456789", "0208"), "organisation"),
        (tax("NO974760673MVA"), "organisation"),
        (tax("SE556036079301"), "organisation"),
        (tax("CHE-123.456.788 MWST"), "organisation"),
        (company("974760674"), None),  # the check digit fails
        (company("", "0192"), None),
        (company("7300010000001", "0088"), None),  # a place
        (company("0101302989", "0196"), None),  # Icelanders have one too
        (company("RSSMRA80A01H501U", "0210"), None),  # and Italians
        (company("1001"), None),
        (tax("NO974760674MVA"), None),
        (tax("SE556036079301", "TAX"), None),
        (tax("PRIVAT"), None),
        ("", None),
    ],
)
def test_only_a_company_number_makes_the_recipient_an_organisation(
    recipient: str, kind: str | None
) -> None:
    """Nothing in UBL proves a person: the rest is left to the register."""
    assert group(read(ubl(recipient=recipient)), "recipient").get("kind") == kind


@pytest.mark.parametrize("number", [PERSON, D_NUMBER, TEST_PERSON, f"{PERSON[:6]} {PERSON[6:]}"])
@pytest.mark.parametrize("scheme", [None, "0192", "0007"])
def test_a_national_identity_number_of_the_buyer_is_never_passed_on(
    number: str, scheme: str | None
) -> None:
    """Where an organisation's number belongs (BT-47), whatever its scheme says: it decides nothing and
    comes out nowhere.
    """
    recipient = company(number, scheme) + tax("NO974760673MVA")
    document = read(ubl(recipient=recipient))
    assert group(document, "recipient") == {"name": "Navn"}
    assert not re.search(r"\d{6} ?\d{5}", repr(group(document, "recipient")))


def test_the_first_identifier_that_is_one_is_the_customer_number() -> None:
    """Empty ones are none; one that a sender made out of a person's own is personal data like any other."""
    recipient = "".join(
        f"<cac:PartyIdentification><cbc:ID>{number}</cbc:ID></cac:PartyIdentification>"
        for number in ("", PERSON, "K-7", "K-8")
    )
    document = read(ubl(recipient=recipient, extra="<cbc:BuyerReference>1001</cbc:BuyerReference>"))
    assert group(document, "recipient")["customer_number"] == PERSON
    assert document.customer_number_if_registered is None


@pytest.mark.parametrize("indicator", ["true", "1", "TRUE", "yes"])
def test_what_does_not_plainly_say_allowance_is_a_charge(indicator: str) -> None:
    """Money that is asked for is never lost to a misspelt word."""
    written = charge("12.00", code="FC").replace(">true<", f">{indicator}<")
    assert [line["id"] for line in lines(read(ubl(extra=written)))] == ["1", "charge#1"]


def test_the_buyer_reference_is_a_customer_number_if_the_register_knows_it() -> None:
    """BT-10 may be anything, so it is handed on apart."""
    document = read(ubl(recipient="", extra="<cbc:BuyerReference> 1001 </cbc:BuyerReference>"))
    assert "customer_number" not in group(document, "recipient")
    assert document.customer_number_if_registered == "1001"


@pytest.mark.parametrize(
    ("telephone", "mobile"),
    [
        ("91234567", "91234567"),
        ("0047 41234567", "0047 41234567"),
        ("22 33 44 55", None),
        ("-", None),
    ],
)
def test_a_land_line_is_no_mobile_and_no_problem(telephone: str, mobile: str | None) -> None:
    """BT-57 holds any telephone."""
    document = read(ubl(recipient=RECIPIENT.replace("+47 912 34 567", telephone)))
    assert group(document, "recipient").get("mobile") == mobile
    assert not document.flaws


# -- envelopes and other documents -------------------------------------------------------------------

ENVELOPE = (
    '<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/'
    'StandardBusinessDocumentHeader"><StandardBusinessDocumentHeader/>{}</StandardBusinessDocument>'
)


def test_a_peppol_envelope_is_opened() -> None:
    """The invoice inside is the document."""
    assert read(ENVELOPE.format(ubl())).content == read(ubl()).content


@pytest.mark.parametrize(
    ("inside", "place", "word"),
    [
        ("", "/StandardBusinessDocument (line 1)", "empty"),
        (ubl() + ubl(), "/Invoice (line 2)", "2 invoices"),
        (
            '<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>',
            "/Order",
            "Order",
        ),
    ],
)
def test_an_envelope_must_hold_one_invoice(inside: str, place: str, word: str) -> None:
    """Nothing is picked out of several."""
    found = refused(ENVELOPE.format(inside))
    assert found.place.startswith(place)
    assert word in found.reason.say("en")


CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (
            f'<rsm:CrossIndustryInvoice xmlns:rsm="{CII}"/>',
            "CII-faktura (rsm:CrossIndustryInvoice)",
        ),
        ('<Interchange xmlns="http://www.e2b.no/XMLSchema"/>', "e2b-faktura"),
        ("<Invoice><InvoiceHeader/></Invoice>", "e2b-faktura"),
        ("<VismaInvoice/>", "Visma XML"),
        (f'<Order xmlns="{UBL}Order-2"/>', "UBL-dokument av typen Order"),
        (f'<Reminder xmlns="{UBL}Reminder-2"/>', "UBL-dokument av typen Reminder"),
        (f'<A xmlns="{UBL}ApplicationResponse-2"/>', "UBL-dokument av typen A"),
        (ubl().replace("Invoice-2", "Invoice-1.0"), f"navnerommet {UBL}Invoice-2"),
        ("<Invoice/>", f"navnerommet {UBL}Invoice-2"),
        ("<html/>", "Rotelementet html er ukjent"),
    ],
)
def test_other_documents_are_rejected_by_their_name(xml: str, said: str) -> None:
    """The reason says what it is and what was expected."""
    found = refused(f"<?xml version='1.0'?>\n{xml}")
    assert re.fullmatch(r"/\w+ \(line 2\)", found.place)
    assert said in found.reason.say("nb")
    assert "UBL 2.1" in found.reason.say("nb")


# -- hostile and broken XML --------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE Invoice PUBLIC "a" "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE Invoice [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>',
        f'<!DOCTYPE Invoice [<!ENTITY l0 "lol">{LAUGHS}<!ENTITY x "&l9;">]>',
        "<!DOCTYPE Invoice [<!ENTITY x 'y'>]>",
        "<!DOCTYPE Invoice>",
    ],
)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le", "utf-7"]
)
def test_a_doctype_is_refused_in_any_encoding(doctype: str, encoding: str) -> None:
    """Whether it fetches, reads files, laughs or does nothing."""
    declared = {"utf-16-be": "utf-16", "utf-32-le": "utf-32", "utf-8-sig": "utf-8"}
    xml = (
        f'<?xml version="1.0" encoding="{declared.get(encoding, encoding)}"?>\n<!-- x -->'
        f"{doctype}{ubl(head='<cbc:ID>&x;</cbc:ID>')}"
    )
    found = refused(xml.encode(encoding))
    if encoding.startswith("utf-8"):
        assert found.place == "2:11"
        assert "DOCTYPE" in found.reason.say("nb")
    assert "root:" not in repr(found)


def test_a_hidden_doctype_is_found_after_parsing() -> None:
    """UTF-7 can write it without a single '<'."""
    declaration = b'<?xml version="1.0" encoding="utf-7"?>'
    body = f"<!DOCTYPE Invoice [<!ENTITY x 'y'>]>{ubl()}".encode("utf-7").replace(b"<", b"+ADw-")
    found = refused(declaration + body)
    assert found.place.startswith("/Invoice (line ")
    assert "DOCTYPE" in found.reason.say("en")


def test_the_word_in_a_comment_or_a_value_is_no_doctype() -> None:
    """Only where one may stand it is one."""
    note = "<cbc:Note><![CDATA[<!DOCTYPE x>]]></cbc:Note>"
    assert read(f"<!-- <!DOCTYPE x> -->{ubl(extra=note)}").content == read(ubl()).content


@pytest.mark.parametrize(
    ("data", "place", "word"),
    [
        (b"", "1:1", "empty"),
        (b" \r\n\t", "1:1", "empty"),
        (b"\x00\x01\x02\xff", "1:1", "not XML"),
        (b"%PDF-1.7", "1:1", "not XML"),
        (b"PK\x03\x04", "1:1", "not XML"),
        (b'{"invoice": {}}', "1:1", "not XML"),
        (ubl().encode()[:400], "2:", "cut off"),
        (ubl().encode() + b"<a/>", "2:", "follows the end"),
        (b"<a>\n<b></a>", "2:", "another name"),
        (b"<a>&nbsp;</a>", "1:", "entity"),
        (b"<a>\n&#0;</a>", "2:", "malformed"),
        (b"<cbc:ID/>", "1:", "prefix"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "1:", "encoding is unknown"),
        (f'<?xml version="1.0" encoding="utf-8"?>{ubl()}'.encode("latin-1"), "", "does not fit"),
        (b"<a>" * 10_000, "1:", "nested too deeply"),
        (b"<a>" + b"x" * 10_500_000 + b"</a>", "1:", "too large"),
    ],
)
def test_what_is_no_xml_is_rejected_with_its_place(data: bytes, place: str, word: str) -> None:
    """Line and column, and words of our own: libxml2 repeats the document in its messages."""
    found = refused(data)
    assert re.fullmatch(r"[1-9][0-9]*:[1-9][0-9]*", found.place)
    assert found.place.startswith(place)
    assert word in found.reason.say("en")


def test_a_file_beyond_the_limit_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is on bytes, so it costs nothing."""
    monkeypatch.setattr("fakturavakt.intake.ubl_root.SIZE_MAX", len(ubl().encode()) - 1)
    assert "too large" in refused(ubl()).reason.say("en")


def test_reasons_repeat_no_value() -> None:
    """A rejected document may be full of personal data."""
    broken = ubl().replace("</cbc:RegistrationName>", "&Kari;", 1)
    assert "Kari" not in repr(refused(broken))


def readable_or_refused(data: bytes) -> None:
    """What holds for any bytes."""
    found = read_ubl(data, "-")
    if isinstance(found, Unreadable):
        assert found.place
        assert found.reason.say("nb")
    else:
        assert isinstance(lines(found), list)
        assert group(found, "invoice")["kind"] in ("invoice", "credit_note")


@given(st.binary())
@example(b"<?xml version='1.0' encoding='utf-16'?><a/>")
@example(b"\xff\xfe")
def test_any_bytes_give_an_answer(data: bytes) -> None:
    """Nothing raises."""
    readable_or_refused(data)


WHOLE = (f'<?xml version="1.0"?>{ubl(extra=charge("1", code="FC"))}').encode()


@given(st.data())
def test_any_broken_invoice_gives_an_answer(data: st.DataObject) -> None:
    """Cut, overwritten and shuffled, it still raises nothing."""
    start = data.draw(st.integers(0, len(WHOLE)))
    end = data.draw(st.integers(start, len(WHOLE)))
    piece = data.draw(
        st.one_of(st.binary(max_size=8), st.sampled_from(re.findall(rb"<[^>]+>", WHOLE)))
    )
    readable_or_refused(WHOLE[:start] + piece + WHOLE[end:])


VALUES = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="<&>\ufffe\uffff"
    )
)


@given(st.lists(VALUES, min_size=6, max_size=6))
def test_any_values_give_a_document(values: list[str]) -> None:
    """Whatever people write between the tags."""
    number, day, identifier, vat, telephone, amount = values
    document = read(
        ubl(
            head=f"<cbc:ID>{number}</cbc:ID><cbc:DueDate>{day}</cbc:DueDate>",
            sender=company(identifier) + tax(vat),
            recipient=company(identifier)
            + tax(vat)
            + f"<cac:Contact><cbc:Telephone>{telephone}</cbc:Telephone></cac:Contact>",
            lines=[f"<cbc:LineExtensionAmount>{amount}</cbc:LineExtensionAmount>"],
        )
    )
    assert group(document, "invoice").get("number", "") == number.strip(" \t\r\n")


def test_every_sample_is_read_or_rejected_with_a_reason() -> None:
    """The invoices that ship with the program."""
    found = {
        path: read_ubl(path.read_bytes(), str(path)) for path in sorted(SAMPLES.rglob("*.xml"))
    }
    assert all(
        document.reason.say("nb") if isinstance(document, Unreadable) else lines(document)
        for document in found.values()
    )
