"""What a party's identifier in an e-invoice tells: a company, a VAT payer, a private person.

A wrong *organisation* takes an invoice out of scope, past every prohibition. So only what certainly
names an organisation counts here; all else is left for the register to know.
May import: ``texts``, ``vocabulary``.
"""

from __future__ import annotations

import re
from typing import Final

from fakturavakt.texts import text
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import Fact, FactType

NORWEGIAN_REGISTER: Final = "0192"
"""The ICD scheme (ISO 6523) of the Norwegian Enhetsregisteret."""

COMPANY_REGISTERS: Final = frozenset(
    {
        "0002",  # FR: Sirene, number of the unit (SIREN)
        "0007",  # SE: organisationsnummer; kept apart from personnummer by its third digit
        "0009",  # FR: Sirene, number of the establishment (SIRET)
        "0037",  # FI: LY-tunnus
        "0060",  # D-U-N-S number
        "0096",  # DK: P-number, a production unit of a company
        "0106",  # NL: Kamer van Koophandel
        "0131",  # CN: national organisation code
        "0151",  # AU: Australian Business Number
        "0154",  # CZ: IČO
        "0169",  # CH: Zefix, the index of business names
        "0183",  # CH: UID
        "0184",  # DK: CVR
        "0188",  # JP: corporate number
        "0190",  # NL: OIN, for government and its suppliers
        "0191",  # EE: company code
        NORWEGIAN_REGISTER,
        "0195",  # SG: Unique Entity Number
        "0198",  # DK: ERSTORG, of the business authority
        "0199",  # Legal Entity Identifier
        "0200",  # LT: legal entity code
        "0201",  # IT: index of public administrations
        "0204",  # DE: Leitweg-ID, a public authority
        "0208",  # BE: Kruispuntbank van Ondernemingen
        "0211",  # IT: partita IVA
        "0212",  # FI: organisation identifier
        "0213",  # FI: VAT number
        "0216",  # FI: OVT code of an organisation
    }
)
"""ICD schemes that number companies, public bodies and other organisations only.

From the ISO 6523 ICD list that Peppol BIS Billing allows for BT-47. Left out on purpose: numbers of
places and things (0088 GLN, 0160 GTIN, 0209 GS1 keys), of networks and addresses (0193, 0202, 0205,
0215), and those that private persons have too: 0196 (IS: kennitala), 0210 (IT: codice fiscale), 0158
(SK: also natural persons), 0220 (LV: natural persons).
"""

_ORGANISATION_NUMBER: Final = Fact(
    "organisation_number",
    FactType.ORGANISATION_NUMBER,
    text("organisasjonsnummer", "organisation number"),
)
_NORWEGIAN_VAT_NUMBER: Final = re.compile(r"NO([0-9]+)MVA|([0-9]{9})MVA")
_FOREIGN_VAT_NUMBER: Final = re.compile(r"(?!NO)[A-Z]{2}(?=(?:.*[0-9]){2})[0-9A-Z+*]{2,14}")
_SEPARATORS: Final = re.compile(r"[\s.:-]")


def compact(written: str) -> str:
    """Without the spaces and points that people set between digits, as contract §1 removes them."""
    return written.replace(" ", "").replace(".", "")


def is_organisation_number(written: str) -> bool:
    """Whether it is a Norwegian organisation number, check digit and all."""
    value = forms.read(_ORGANISATION_NUMBER, written)
    return value is not None and not isinstance(value, forms.Flaw)


def number_before_mva(written: str) -> str | None:
    """The digits of ``NO974760673MVA`` (spaces and points allowed), unchecked; else None."""
    found = _NORWEGIAN_VAT_NUMBER.fullmatch(compact(written).upper())
    return (found[1] or found[2]) if found else None


def is_vat_number(written: str, tax_scheme: str) -> bool:
    """Whether it is a VAT number (BT-48).

    A Norwegian one tells that by itself and is checked. Any other must stand under the scheme
    ``VAT``: without it, two letters and some digits may be anything.
    """
    norwegian = number_before_mva(written)
    if norwegian is not None:
        return is_organisation_number(norwegian)
    return (
        tax_scheme.upper() == "VAT"
        and _FOREIGN_VAT_NUMBER.fullmatch(_SEPARATORS.sub("", written).upper()) is not None
    )


def is_national_identity_number(written: str) -> bool:
    """Whether it is a Norwegian fødselsnummer or D-number, also one of the tax authority's test
    population (whose months are raised by 80), however it is spaced.

    A number of somebody who is not born yet counts too: else the answer would depend on the day.
    """
    digits = _SEPARATORS.sub("", written)
    if not re.fullmatch(r"[0-9]{11}", digits):
        return False
    from stdnum.exceptions import ValidationError  # most documents have no 11 digits here
    from stdnum.no import fodselsnummer

    checked = fodselsnummer.calc_check_digit1(digits) + fodselsnummer.calc_check_digit2(digits)
    if digits[9:] != checked:
        return False
    month = int(digits[2:4]) % 80
    try:
        fodselsnummer.get_birth_date(f"{digits[:2]}{month:02d}{digits[4:]}")
    except ValidationError:
        return False
    return True
