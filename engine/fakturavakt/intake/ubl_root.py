"""From bytes to the one UBL 2.1 invoice in them, or the reason why there is none.

The XML comes from outside: no entity is expanded, nothing is fetched, a DOCTYPE is refused, and
libxml2's limits on depth (256), text (10 MB) and expansion stay on. Reasons are worded here, never by
libxml2, whose messages repeat what the document says. May import: ``texts``.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree
from lxml.etree import _Element as Element

from fakturavakt.texts import Text, text

SIZE_MAX: Final = 50_000_000
"""Bytes of one file. A consumer invoice has some kilobytes, and its attachments seldom more than 10 MB."""

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE: Final = f"{{{_UBL}Invoice-2}}Invoice"
CREDIT_NOTE: Final = f"{{{_UBL}CreditNote-2}}CreditNote"

_ENVELOPE_SPACE: Final = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
_ENVELOPE: Final = f"{{{_ENVELOPE_SPACE}}}StandardBusinessDocument"
_NAME_SHOWN_MAX: Final = 60

# Bytes of the prolog, in any encoding that has ASCII in it; atomic groups, so it never backtracks.
_DOCTYPE: Final = re.compile(rb"(?>\s++|<\?.*?\?>|<!--.*?-->)*+(?=<!DOCTYPE)", re.DOTALL)

_EXPECTED: Final = text(
    "Ventet en faktura i UBL 2.1 (rotelementet Invoice eller CreditNote), som i EHF 3.0.",
    "Expected a UBL 2.1 invoice (root element Invoice or CreditNote), as in EHF 3.0.",
)


class NoUblInvoiceError(Exception):
    """The bytes hold no UBL 2.1 invoice that can be read. ``place`` as in ``Unreadable``."""

    def __init__(self, place: str, wrong: Text, expected: Text = _EXPECTED) -> None:
        self.place = place
        self.reason = text(
            *(f"{wrong.say(language)} {expected.say(language)}" for language in ("nb", "en"))
        )
        super().__init__(f"{place}: {self.reason.say('en')}")


def invoice_element(data: bytes) -> Element:
    """The element ``Invoice`` or ``CreditNote``: the root, or what the root envelope holds.

    Raises :class:`NoUblInvoiceError`.
    """
    root = _parsed(data)
    if root.tag in (INVOICE, CREDIT_NOTE):
        return root
    if root.tag == _ENVELOPE:
        return _enveloped(root)
    raise NoUblInvoiceError(_place(root), _what_it_is(root))


def _parsed(data: bytes) -> Element:
    if len(data) > SIZE_MAX:
        raise NoUblInvoiceError("1:1", _TOO_LARGE, _SMALLER)
    if not data.strip():
        raise NoUblInvoiceError("1:1", text("Filen er tom.", "The file is empty."))
    _refuse_doctype(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,  # else a comment would cut a value in two
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        wrong, expected = _SYNTAX.get(getattr(error, "code", None), _NOT_WELL_FORMED)
        raise NoUblInvoiceError(f"{max(line, 1)}:{max(column, 1)}", wrong, expected) from None
    if root.getroottree().docinfo.internalDTD is not None:
        # In an encoding that hid it from the look at the bytes, such as UTF-7.
        raise NoUblInvoiceError(_place(root), _HAS_DOCTYPE, _NO_DOCTYPE)
    return root


def _refuse_doctype(data: bytes) -> None:
    """Refuse it before anything that it declares is read."""
    if b"\0" in data[:4]:  # UTF-16 or UTF-32: what is ASCII in it is enough here
        data = data.replace(b"\0", b"")
    found = _DOCTYPE.match(data.lstrip(b"\xef\xbb\xbf\xff\xfe"))
    if found:
        before = found[0]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        raise NoUblInvoiceError(f"{line}:{column}", _HAS_DOCTYPE, _NO_DOCTYPE)


def _enveloped(envelope: Element) -> Element:
    """The one invoice in a Standard Business Document, as Peppol hands documents over."""
    inside = [child for child in envelope if not child.tag.startswith(f"{{{_ENVELOPE_SPACE}}}")]
    invoices = [child for child in inside if child.tag in (INVOICE, CREDIT_NOTE)]
    if len(invoices) == 1:
        return invoices[0]
    if invoices:
        raise NoUblInvoiceError(
            _place(invoices[1]),
            text(
                f"Konvolutten (StandardBusinessDocument) inneholder {len(invoices)} fakturaer.",
                f"The envelope (StandardBusinessDocument) holds {len(invoices)} invoices.",
            ),
            text("Ventet nøyaktig én.", "Expected exactly one."),
        )
    if inside:
        raise NoUblInvoiceError(_place(inside[0]), _what_it_is(inside[0]))
    raise NoUblInvoiceError(
        _place(envelope),
        text(
            "Konvolutten (StandardBusinessDocument) er tom.",
            "The envelope (StandardBusinessDocument) is empty.",
        ),
    )


def _place(element: Element) -> str:
    return f"/{_name(element)}:{element.sourceline}"


def _name(element: Element) -> str:
    return etree.QName(element).localname[:_NAME_SHOWN_MAX]


def _what_it_is(element: Element) -> Text:
    """Names a document that is no UBL 2.1 invoice, so that its sender knows what to change."""
    name, space = _name(element), etree.QName(element).namespace or ""
    if space.startswith(
        ("urn:un:unece:uncefact:data:standard:CrossIndustry", "urn:ferd:CrossIndustry")
    ):
        return text(
            f"Dette er en CII-faktura (rsm:{name}); det formatet leses ikke.",
            f"This is a CII invoice (rsm:{name}); that format is not read.",
        )
    headers = {etree.QName(child).localname for child in element}
    if (
        space.startswith("http://www.e2b.no/")
        or name == "Interchange"
        or (name == "Invoice" and "InvoiceHeader" in headers)
    ):
        return text(
            "Dette er en e2b-faktura; det formatet leses ikke.",
            "This is an e2b invoice; that format is not read.",
        )
    if "visma" in f"{space} {name}".lower():
        return text(
            "Dette er Visma XML; det formatet leses ikke.",
            "This is Visma XML; that format is not read.",
        )
    if name in ("Invoice", "CreditNote"):
        return text(
            f"Rotelementet heter {name}, men står ikke i navnerommet {_UBL}{name}-2.",
            f"The root element is called {name}, but is not in the namespace {_UBL}{name}-2.",
        )
    if space.startswith(_UBL):
        return text(
            f"Dette er et UBL-dokument av typen {name}, ikke en faktura.",
            f"This is a UBL document of the type {name}, not an invoice.",
        )
    return text(f"Rotelementet {name} er ukjent.", f"The root element {name} is unknown.")


_TOO_LARGE: Final = text("Filen er for stor.", "The file is too large.")
_SMALLER: Final = text(
    f"Høyst {SIZE_MAX // 1_000_000} MB leses.", f"At most {SIZE_MAX // 1_000_000} MB are read."
)
_HAS_DOCTYPE: Final = text("Dokumentet har en DOCTYPE.", "The document has a DOCTYPE.")
_NO_DOCTYPE: Final = text(
    "En UBL-faktura har ingen, og den avvises fordi den kan brukes til angrep.",
    "A UBL invoice has none, and it is refused because it can be used for attacks.",
)
_WELL_FORMED: Final = text("Ventet velformet XML.", "Expected well-formed XML.")
_NOT_WELL_FORMED: Final = (text("XML-en er ikke velformet.", "The XML is malformed."), _WELL_FORMED)
_BAD_ENCODING: Final = (
    text(
        "Tegnkodingen stemmer ikke med innholdet.",
        "The character encoding does not fit the content.",
    ),
    text(
        "Ventet den tegnkodingen som XML-deklarasjonen oppgir, ellers UTF-8.",
        "Expected the encoding that the XML declaration names, else UTF-8.",
    ),
)
_CUT_OFF: Final = (
    text("Dokumentet slutter før alle elementer er avsluttet.", "The document is cut off."),
    text("Ventet at alle elementer avsluttes.", "Expected an end to every element."),
)
_SYNTAX: Final = {
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: (
        text("Dette er ikke XML.", "This is not XML."),
        _EXPECTED,
    ),
    etree.ErrorTypes.ERR_DOCUMENT_END: (
        text(
            "Det står noe etter at rotelementet er avsluttet.",
            "Something follows the end of the root element.",
        ),
        text("Ventet ett dokument i filen.", "Expected one document in the file."),
    ),
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: (
        text(
            "Et element avsluttes med et annet navn enn det begynte med.",
            "An element ends with another name than it began with.",
        ),
        _WELL_FORMED,
    ),
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: _CUT_OFF,
    etree.ErrorTypes.ERR_GT_REQUIRED: _CUT_OFF,
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: (
        text(
            "Dokumentet viser til en entitet som ikke finnes.",
            "The document refers to an entity that does not exist.",
        ),
        text(
            "Ventet bare de som XML selv har, som &amp; og &lt;.",
            "Expected only those of XML itself, such as &amp; and &lt;.",
        ),
    ),
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING: (
        text("Tegnkodingen er ukjent.", "The character encoding is unknown."),
        text("Ventet for eksempel UTF-8.", "Expected UTF-8, for example."),
    ),
    etree.ErrorTypes.ERR_INVALID_ENCODING: _BAD_ENCODING,
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: (
        text(
            "Dokumentet har for mange nivåer eller en for stor verdi.",
            "The document is nested too deeply or has a value that is too large.",
        ),
        text(
            "Høyst 256 nivåer og 10 MB i én verdi leses, altså et vedlegg på rundt 7 MB.",
            "At most 256 levels and 10 MB in one value are read: an attachment of about 7 MB.",
        ),
    ),
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: (
        text(
            "Et navneromsprefiks er ikke deklarert.",
            "A namespace prefix is not declared.",
        ),
        text(
            "Ventet en xmlns-deklarasjon for hvert prefiks.",
            "Expected an xmlns declaration for every prefix.",
        ),
    ),
}
"""By libxml2's code: what is wrong, and what was expected."""
