"""The forms of contract §1: from what stands in a document to a known value, a bad value or none.

One reading for all formats. JSON and UBL differ from CSV in what they can say (JSON has its own yes
and no, CSV has only text), so a form is read in one of two ways (:class:`Spelling`). Nothing is ever
rounded, guessed or repaired here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Final, assert_never

from fakturavakt.vocabulary.facts import Fact, FactType, Value

BLANKS: Final = " \t\r\n\N{NO-BREAK SPACE}"
"""What text and identifiers are trimmed of; a text of these alone is absent."""


class Spelling(Enum):
    """How a document can write its values."""

    JSON = "json"
    """JSON values; also UBL, whose values all are text."""
    CSV = "csv"
    """Text only: ``ja``/``nei``, a decimal comma, digits for a count."""


class Flaw(StrEnum):
    """Why a value is bad: the problem codes of contract §4."""

    TYPE = "type"
    CHOICE = "choice"
    CHECK_DIGIT = "check_digit"
    FORM = "form"
    LINE_ID = "line_id"
    NO_LINES = "no_lines"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class JsonNumber:
    """A number as the document writes it: no float has touched it, ``1e2`` is still ``1e2``."""

    literal: str

    @property
    def digits(self) -> str | None:
        """The digits of a whole number from 0, else None."""
        return self.literal if _DIGITS.fullmatch(self.literal) else None


def is_absent(raw: object) -> bool:
    """Whether ``null`` or a text of blanks only stands there."""
    return raw is None or (isinstance(raw, str) and not raw.strip(BLANKS))


def read(fact: Fact, raw: object, spelling: Spelling = Spelling.JSON) -> Value | Flaw | None:
    """The value of ``fact`` as ``raw`` gives it; a :class:`Flaw` if it is bad, None if absent.

    ``raw`` is ``None``, ``bool``, ``str``, :class:`JsonNumber`, ``list`` or ``dict``. A text that
    is no payment reference at all (``RF…``, free text) is absent.
    """
    if is_absent(raw):
        return None
    if isinstance(raw, (list, dict)):
        return Flaw.TYPE
    match fact.type:
        case FactType.YES_NO:
            return _read_yes_no(raw, spelling)
        case FactType.MONEY:
            return _read_money(raw, spelling)
        case FactType.COUNT:
            return _read_count(raw, spelling)
        case FactType.DATE:
            return _read_date(raw)
        case FactType.CHOICE:
            return _read_choice(raw, fact.choices)
        case FactType.TEXT:
            return _read_text(raw)
        case (
            FactType.CURRENCY
            | FactType.PAYMENT_REFERENCE
            | FactType.ACCOUNT
            | FactType.ORGANISATION_NUMBER
            | FactType.MOBILE
            | FactType.EMAIL
        ):
            written = _read_text(raw)
            return written if isinstance(written, Flaw) else _IDENTIFIERS[fact.type](written)
        case FactType.LINES:
            return Flaw.TYPE  # a list is no single value
        case _:
            assert_never(fact.type)


def in_json(fact: Fact, value: Value) -> object:
    """A known value as contract JSON writes it: a date and money as text, a count as a number."""
    match fact.type:
        case FactType.DATE:
            assert isinstance(value, int)
            return date.fromordinal(value).isoformat()
        case FactType.MONEY:
            assert isinstance(value, int)
            return written_ore(value)
        case FactType.COUNT:
            return JsonNumber(str(value))
        case _:
            return value


def written_ore(ore: int) -> str:
    """Whole øre as the contract writes money: ``"349.00"``."""
    sign = "-" if ore < 0 else ""
    return f"{sign}{abs(ore) // 100}.{abs(ore) % 100:02d}"


_DIGITS: Final = re.compile(r"[0-9]+")
_MONEY: Final = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2})0*)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CSV_THREE_DECIMALS: Final = re.compile(r".*[.,][0-9]{3}")
_CSV_YES_NO: Final = {"ja": True, "true": True, "1": True, "nei": False, "false": False, "0": False}


def _read_yes_no(raw: object, spelling: Spelling) -> bool | Flaw:
    if spelling is Spelling.CSV:
        return _CSV_YES_NO.get(str(raw).lower(), Flaw.FORM)
    return raw if isinstance(raw, bool) else Flaw.TYPE


def _read_money(raw: object, spelling: Spelling) -> int | Flaw:
    if isinstance(raw, JsonNumber):
        written = raw.literal
    elif isinstance(raw, str):
        written = raw
    else:
        return Flaw.TYPE
    if spelling is Spelling.CSV:
        if _CSV_THREE_DECIMALS.fullmatch(written):
            return Flaw.FORM  # 1.200 may be one and twenty or one thousand two hundred: no guess
        written = written.replace(",", ".", 1)
    found = _MONEY.fullmatch(written)
    if not found:
        return Flaw.FORM
    sign, kroner, decimals = found.groups()
    ore = int(kroner) * 100 + int((decimals or "0").ljust(2, "0"))
    return -ore if sign else ore


def _read_count(raw: object, spelling: Spelling) -> int | Flaw:
    if isinstance(raw, JsonNumber):
        written = raw.literal
    elif isinstance(raw, str) and spelling is Spelling.CSV:
        written = raw
    else:
        return Flaw.TYPE
    # Python reads at most 4,300 digits at once; no invoice has so many attachments.
    return int(written) if _DIGITS.fullmatch(written) and len(written) < 4000 else Flaw.FORM


def _read_date(raw: object) -> int | Flaw:
    if not isinstance(raw, str):
        return Flaw.TYPE
    if not _DATE.fullmatch(raw):
        return Flaw.FORM
    try:
        return date.fromisoformat(raw).toordinal()
    except ValueError:
        return Flaw.FORM  # a day that does not exist


def _read_choice(raw: object, choices: tuple[str, ...]) -> str | Flaw:
    if not isinstance(raw, str):
        return Flaw.TYPE
    return raw if raw in choices else Flaw.CHOICE


def _read_text(raw: object) -> str | Flaw:
    if isinstance(raw, JsonNumber):
        return raw.digits or Flaw.TYPE
    if not isinstance(raw, str):
        return Flaw.TYPE
    try:
        raw.encode()
    except UnicodeEncodeError:  # half a surrogate pair is no character
        return Flaw.FORM
    return raw.strip(BLANKS)


def _mod11_remainder(digits: str) -> int:
    """The MOD11 sum with weights 2 to 7 from the right, modulo 11."""
    weighted = (int(digit) * (2 + n % 6) for n, digit in enumerate(reversed(digits)))
    return sum(weighted) % 11


def mod11_check_character(digits: str) -> str:
    """The MOD11 check character of ``digits``; ``-`` where it would be 10."""
    return "0123456789-"[-_mod11_remainder(digits) % 11]


def _passes_mod11(number: str) -> bool:
    return mod11_check_character(number[:-1]) == number[-1]


def _read_organisation_number(written: str) -> str | Flaw:
    number = written.replace(" ", "").replace(".", "")
    if not _DIGITS.fullmatch(number) or len(number) != 9:
        return Flaw.FORM
    return number if _passes_mod11(number) else Flaw.CHECK_DIGIT


def _read_account(written: str) -> str | Flaw:
    number = written.replace(" ", "")
    if re.match(r"[A-Za-z]{2}", number):
        return _read_iban(number.upper())
    number = number.replace(".", "")
    if not _DIGITS.fullmatch(number) or len(number) != 11:
        return Flaw.FORM
    return number if _passes_mod11(number) else Flaw.CHECK_DIGIT


def _read_iban(number: str) -> str | Flaw:
    """By the check digits alone: how long a country's account numbers are changes over the years."""
    if not re.fullmatch(r"NO[0-9]{13}|(?!NO)[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", number):
        return Flaw.FORM
    if int("".join(str(int(each, 36)) for each in number[4:] + number[:4])) % 97 != 1:
        return Flaw.CHECK_DIGIT
    if number.startswith("NO") and not _passes_mod11(number[4:]):
        return Flaw.CHECK_DIGIT
    return number


def _read_payment_reference(written: str) -> str | Flaw | None:
    if not re.fullmatch(r"[0-9]+-?", written):
        return None  # no KID, and no problem
    if not 2 <= len(written) <= 25:
        return Flaw.FORM
    if _passes_mod11(written):
        return written
    from stdnum import luhn

    return written if written.isdigit() and luhn.is_valid(written) else Flaw.CHECK_DIGIT


def _read_mobile(written: str) -> str | Flaw:
    number = written.translate({ord(mark): None for mark in " -()"})
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if re.fullmatch(r"[49][0-9]{7}", number):
        return f"+47{number}"
    national = r"\+47[49][0-9]{7}"
    foreign = r"\+(?!47)[0-9]{7,15}"
    return number if re.fullmatch(f"{national}|{foreign}", number) else Flaw.FORM


def _read_email(written: str) -> str | Flaw:
    name, at, domain = written.partition("@")
    return written if name and at and domain and "@" not in domain else Flaw.FORM


def _read_currency(written: str) -> str | Flaw:
    return written if re.fullmatch(r"[A-Z]{3}", written) else Flaw.FORM


_IDENTIFIERS: Final[Mapping[FactType, Callable[[str], str | Flaw | None]]] = {
    FactType.CURRENCY: _read_currency,
    FactType.PAYMENT_REFERENCE: _read_payment_reference,
    FactType.ACCOUNT: _read_account,
    FactType.ORGANISATION_NUMBER: _read_organisation_number,
    FactType.MOBILE: _read_mobile,
    FactType.EMAIL: _read_email,
}
