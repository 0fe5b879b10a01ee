"""The forms of contract §1, to the letter, in JSON and in CSV."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakturavakt.texts import Text
from fakturavakt.vocabulary.facts import Fact, FactType, Value
from fakturavakt.vocabulary.forms import (
    Flaw,
    JsonNumber,
    Spelling,
    in_json,
    mod11_check_character,
    read,
)

N = JsonNumber


def fact(kind: FactType) -> Fact:
    """A fact of a type; a choice has the words ``person`` and ``organisation``."""
    choices = ("person", "organisation") if kind is FactType.CHOICE else ()
    return Fact("x.y", kind, Text({}), choices=choices)


def value(kind: FactType, raw: object, spelling: Spelling = Spelling.JSON) -> Value | Flaw | None:
    """What the form makes of a raw value."""
    return read(fact(kind), raw, spelling)


@pytest.mark.parametrize("kind", FactType)
@pytest.mark.parametrize("absent", [None, "", " ", "\t\r\n\N{NO-BREAK SPACE}"])
def test_nothing_is_absent_in_every_form(kind: FactType, absent: object) -> None:
    """``null`` and a text of blanks."""
    assert value(kind, absent) is None


@pytest.mark.parametrize(
    ("raw", "ore"),
    [
        (N("349.00"), 34900),
        (N("0"), 0),
        ("-12.5", -1250),
        ("349.0000", 34900),
        ("1.200", 120),
        ("9999999999999.99", 999999999999999),
        (N("10000000000000"), Flaw.FORM),
        (N("1e2"), Flaw.FORM),
        ("1.005", Flaw.FORM),
        ("12,50", Flaw.FORM),
        (" 1.00", Flaw.FORM),
        ("+1", Flaw.FORM),
        (".5", Flaw.FORM),
        ("1 200.00", Flaw.FORM),
        ("١٢", Flaw.FORM),
        (True, Flaw.TYPE),
        ([], Flaw.TYPE),
    ],
)
def test_money(raw: object, ore: object) -> None:
    """Exact, at most 13 and 2 digits, never rounded."""
    assert value(FactType.MONEY, raw) == ore


@pytest.mark.parametrize(
    ("cell", "ore"),
    [
        ("12,50", 1250),
        ("12.5", 1250),
        ("-0,01", -1),
        ("1.200", Flaw.FORM),
        ("1,200", Flaw.FORM),
        ("1,2000", 120),
        ("1.200,00", Flaw.FORM),
        ("1e2", Flaw.FORM),
    ],
)
def test_money_in_csv(cell: str, ore: object) -> None:
    """A decimal comma too; exactly three digits behind the mark are no guess."""
    assert value(FactType.MONEY, cell, Spelling.CSV) == ore


@given(st.decimals(-(10**13) + 1, 10**13 - 1, places=2))
def test_money_is_exact(amount: Decimal) -> None:
    """Every amount within the form is read as it is, and written back as it was."""
    ore = value(FactType.MONEY, N(f"{amount:f}"))
    assert ore == int(amount * 100)
    assert isinstance(ore, int)
    written = in_json(fact(FactType.MONEY), ore)
    assert value(FactType.MONEY, written) == ore


@given(st.dates())
def test_every_day_that_exists_is_a_date(day: date) -> None:
    """And is written back as it was."""
    ordinal = value(FactType.DATE, day.isoformat())
    assert ordinal == day.toordinal()
    assert in_json(fact(FactType.DATE), day.toordinal()) == day.isoformat()


@pytest.mark.parametrize(
    "raw",
    [
        *("2021-02-30", "2021-2-3", "20210203", "2021-02-03T00:00", "2021-02-03 ", "03.02.2021"),
        *("2021-02-03Z", "0000-01-01", "2021-W05-3", "２０２１-０２-０３"),
    ],
)
def test_nothing_else_is_a_date(raw: str) -> None:
    """``YYYY-MM-DD``, a day that exists; not trimmed."""
    assert value(FactType.DATE, raw) is Flaw.FORM


def test_yes_and_no() -> None:
    """JSON has its own; CSV has words, in any case."""
    assert value(FactType.YES_NO, raw=True) is True
    for raw in ("true", "ja", N("1")):
        assert value(FactType.YES_NO, raw) is Flaw.TYPE
    for cell in ("ja", "JA", "True", "1"):
        assert value(FactType.YES_NO, cell, Spelling.CSV) is True
    for cell in ("nei", "FALSE", "0"):
        assert value(FactType.YES_NO, cell, Spelling.CSV) is False
    for cell in ("j", "yes", " ja"):
        assert value(FactType.YES_NO, cell, Spelling.CSV) is Flaw.FORM


def test_counts_choices_and_texts() -> None:
    """Whole numbers from 0; words exactly; texts trimmed, whole numbers as their digits."""
    assert value(FactType.COUNT, N("3")) == 3
    assert value(FactType.COUNT, "3", Spelling.CSV) == 3
    assert value(FactType.COUNT, "3") is Flaw.TYPE
    for number in ("-1", "1.5", "1e2", "9" * 5000):
        assert value(FactType.COUNT, N(number)) is Flaw.FORM
    assert value(FactType.CHOICE, "person") == "person"
    for word in ("Person", " person", "people"):
        assert value(FactType.CHOICE, word) is Flaw.CHOICE
    assert value(FactType.CHOICE, N("1")) is Flaw.TYPE
    assert value(FactType.TEXT, " \N{NO-BREAK SPACE}a b\t") == "a b"
    assert value(FactType.TEXT, N("0042")) == "0042"
    assert value(FactType.TEXT, N("1.0")) is Flaw.TYPE
    assert value(FactType.TEXT, "\ud800") is Flaw.FORM


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (FactType.ORGANISATION_NUMBER, " 974 760.673 ", "974760673"),
        (FactType.ORGANISATION_NUMBER, N("974760673"), "974760673"),
        (FactType.ORGANISATION_NUMBER, "974760674", Flaw.CHECK_DIGIT),
        (FactType.ORGANISATION_NUMBER, "974-760-673", Flaw.FORM),
        (FactType.ORGANISATION_NUMBER, "９７４７６０６７３", Flaw.FORM),
        (FactType.ACCOUNT, "8601.11.17947", "86011117947"),
        (FactType.ACCOUNT, "86011117948", Flaw.CHECK_DIGIT),
        (FactType.ACCOUNT, "8601 1117", Flaw.FORM),
        (FactType.ACCOUNT, "no93 8601 1117 947", "NO9386011117947"),
        (FactType.ACCOUNT, "NO9286011117947", Flaw.CHECK_DIGIT),
        (FactType.ACCOUNT, "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        (FactType.ACCOUNT, "DE88370400440532013000", Flaw.CHECK_DIGIT),
        (FactType.ACCOUNT, "DE8937040044", Flaw.FORM),
        (FactType.ACCOUNT, "N O93 8601 1117 947", "NO9386011117947"),
        (FactType.ACCOUNT, "SE1212341234123412", Flaw.CHECK_DIGIT),
        (FactType.ACCOUNT, "ZZ80539007547034000", Flaw.CHECK_DIGIT),
        (FactType.ACCOUNT, "NO93860111179471", Flaw.FORM),
        (FactType.PAYMENT_REFERENCE, "1234567897", "1234567897"),  # MOD10
        (FactType.PAYMENT_REFERENCE, "12345678903", "12345678903"),  # MOD10
        (FactType.PAYMENT_REFERENCE, "06-", "06-"),  # MOD11, 10
        (FactType.PAYMENT_REFERENCE, "1234567890", Flaw.CHECK_DIGIT),
        (FactType.PAYMENT_REFERENCE, "7", Flaw.FORM),
        (FactType.PAYMENT_REFERENCE, "1" * 26, Flaw.FORM),
        (FactType.PAYMENT_REFERENCE, "RF18539007547034", None),
        (FactType.PAYMENT_REFERENCE, "se fakturaen", None),
        (FactType.MOBILE, "912 34 567", "+4791234567"),
        (FactType.MOBILE, "(0047) 412-34-567", "+4741234567"),
        (FactType.MOBILE, "+46 70 123 45 67", "+46701234567"),
        (FactType.MOBILE, "+4722334455", Flaw.FORM),
        (FactType.MOBILE, "22334455", Flaw.FORM),
        (FactType.MOBILE, "4791234567", Flaw.FORM),
        (FactType.EMAIL, "kari@example.no", "kari@example.no"),
        (FactType.EMAIL, "kari@", Flaw.FORM),
        (FactType.EMAIL, "a@b@c", Flaw.FORM),
        (FactType.CURRENCY, "NOK", "NOK"),
        (FactType.CURRENCY, "nok", Flaw.FORM),
        (FactType.CURRENCY, N("578"), Flaw.FORM),
    ],
)
def test_identifiers(kind: FactType, raw: object, expected: object) -> None:
    """Trimmed, marks removed where the contract says so, and their check."""
    assert value(kind, raw) == expected


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_caught(body: str, place: int, by: int) -> None:
    """MOD11 finds every single wrong digit."""
    check = mod11_check_character(body)
    if check == "-":
        return  # there is no such organisation number
    number = body + check
    assert value(FactType.ORGANISATION_NUMBER, number) == number
    digit = str((int(number[place]) + by) % 10)
    wrong = number[:place] + digit + number[place + 1 :]
    assert value(FactType.ORGANISATION_NUMBER, wrong) is Flaw.CHECK_DIGIT


@given(
    st.sampled_from(FactType), st.text() | st.booleans() | st.from_regex(r"-?\d+(\.\d+)?").map(N)
)
def test_every_raw_value_is_read_or_refused(kind: FactType, raw: object) -> None:
    """And what is read is read again as the same, once written down."""
    for spelling in Spelling:
        found = value(kind, raw if spelling is Spelling.JSON else str(raw), spelling)
        if found is not None and not isinstance(found, Flaw):
            assert value(kind, in_json(fact(kind), found)) == found
