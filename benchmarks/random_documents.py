"""Random documents of the contract, and a random evidence register whose keys match them.

Values lie close to every boundary that the contract names, and are drawn anew for every document;
one seed always gives the same documents. Every identifier is invented: only its check digits are
computed, so that it passes. Nothing here is about a real person.

    python benchmarks/random_documents.py --seed 7 --count 10000 > documents.ndjson
    python benchmarks/random_documents.py --seed 7 --count 0 --register register/
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

# The new Vipps from 2018-12-20, the example of the contract, the turn of a year, a leap day.
DAYS = (date(2018, 12, 20), date(2021, 2, 2), date(2020, 1, 1), date(2020, 2, 29))
AS_OF = date(2021, 2, 2)  # the screening date round which the documents without send date lie

AMOUNTS = ("349.00", "99.00", "1200.25", "0.01", "49.90", "10000.00")
ORE = Decimal("0.01")
KINDS = ("goods", "service", "subscription", "gift_request")
EVIDENCE = ("agreement", "claim", "consent", "gift_acceptance", "agreed")
RATES = ("25", "15", "12", "0", "11.11", "6")

CUSTOMERS = ("1001", "1002", "K-17", "K-18", "Ærlig 5", "0007", "kunde/9", "33")
SERVICES = ("stream-hd", "avis-papir", "4711", "0042", "gave", "Strøm", "charge#1", "x y")
WORDS = (
    "Strømmeabonnement",
    "Avis, hel uke",
    "Gave",
    "Frakt",
    "Ladekabel 2 m",
    "Støtte",
    "HD-pakke",
)
NAMES = ("Navn Navnesen", "Åse Prøve", "Test Testesen", "Eksempel AS", "李 Prøve")
CITIES = ("Oslo", "Bergen", "Tromsø", "Hamar")


# --------------------------------------------------------------------------------------------
# Identifiers, invented, with their check digits
# --------------------------------------------------------------------------------------------


def _digits(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(count))


def _mod11(digits: str) -> str:
    """Give the check character of weights 2 to 7 from the right, `-` for 10."""
    total = sum(int(one) * (2 + at % 6) for at, one in enumerate(reversed(digits)))
    check = -total % 11
    return "-" if check == 10 else str(check)


def _mod10(digits: str) -> str:
    total = 0
    for at, one in enumerate(reversed(digits)):
        doubled = int(one) * (1 if at % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def organisation_number(random: Random) -> str:
    """Invent a number of 9 digits with its check digit."""
    while True:
        body = random.choice("89") + _digits(random, 7)
        if (check := _mod11(body)) != "-":
            return body + check


def account(random: Random) -> str:
    """Invent a Norwegian account of 11 digits with its check digit."""
    while True:
        body = _digits(random, 10)
        if (check := _mod11(body)) != "-":
            return body + check


def iban(country: str, bban: str) -> str:
    """Give an IBAN with its check digits."""
    turned = "".join(str(int(one, 36)) for one in f"{bban}{country}00")
    return f"{country}{98 - int(turned) % 97:02}{bban}"


def kid(random: Random) -> str:
    """Invent a KID of 2 to 25 characters."""
    body = _digits(random, random.choice((1, 2, 3, 4, 9, 12, 23, 24)))
    return body + random.choice((_mod10, _mod11))(body)


_POOL = Random(974_760_673)
SENDERS = tuple(organisation_number(_POOL) for _ in range(5))

# --------------------------------------------------------------------------------------------
# JSON, also what json.dumps never writes
# --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Raw:
    """A piece of JSON, as it shall be written."""

    text: str


@dataclass(frozen=True)
class Twice:
    """An object that has its keys twice: unreadable."""

    keys: dict[str, object]


Json = dict[str, object]


def _is_printable(text: str) -> bool:
    return all(one.isprintable() or one in "\u00a0\u200b" for one in text)


def _dump(value: object, random: Random) -> str:
    match value:
        case Raw():
            return value.text
        case Twice():
            inner = _dump(value.keys, random)[1:-1]
            return f"{{{inner},{inner}}}"
        case dict():
            pairs = (f"{_dump(key, random)}:{_dump(one, random)}" for key, one in value.items())
            return "{" + ",".join(pairs) + "}"
        case list():
            return "[" + ",".join(_dump(one, random) for one in value) + "]"
        case str() if _is_printable(value) and random.random() < 0.8:
            return json.dumps(value, ensure_ascii=False)
        case _:
            return json.dumps(value)


# --------------------------------------------------------------------------------------------
# Good values
# --------------------------------------------------------------------------------------------


def _near(random: Random, day: date, *offsets: int) -> str:
    return (day + timedelta(days=random.choice(offsets))).isoformat()


def _money(random: Random, amount: Decimal) -> object:
    """Write an amount as a number or a text, with or without superfluous zeros."""
    text = f"{amount:.2f}"
    form = random.randrange(6)
    if form == 0 and text.endswith("0"):
        text = text[:-1]
    elif form == 1 and text.endswith(".00"):
        text = text[:-3]
    elif form == 2:
        text += random.choice(("0", "00", "00000000000000000000"))
    return Raw(text) if random.random() < 0.6 else text


def _text(random: Random, text: str) -> object:
    """Write a text, sometimes with blanks round it or as the integer that it also is."""
    chance = random.random()
    if chance < 0.05:
        return random.choice((" ", "\t", "\n", "\u00a0", "\r\n ")) + text
    if chance < 0.1:
        return text + random.choice((" ", "\t", "\n", "\u00a0", " \u00a0"))
    if chance < 0.3 and text.isascii() and text.isdigit() and str(int(text)) == text:
        return Raw(text)
    return text


def _yes(random: Random, chance: float) -> bool:
    return random.random() < chance


def _mobile(random: Random) -> object:
    number = random.choice("49") + _digits(random, 7)
    spaced = f"{number[:3]} {number[3:5]} {number[5:]}"
    return random.choice(
        (
            _text(random, number),
            f"+47{number}",
            f"+47 {spaced}",
            f"0047{number}",
            f"(+47) {number[:4]}-{number[4:]}",
            f"00 47 {spaced}",
            spaced,
            "+46" + _digits(random, random.choice((5, 9, 13))),
            "0045" + _digits(random, 8),
        )
    )


def _account(random: Random) -> object:
    number = account(random)
    norwegian = iban("NO", number)
    return random.choice(
        (
            _text(random, number),
            f"{number[:4]}.{number[4:6]}.{number[6:]}",
            f"{number[:4]} {number[4:6]} {number[6:]}",
            norwegian,
            " ".join(norwegian[at : at + 4] for at in range(0, 15, 4)),
            norwegian.lower(),
            iban("SE", _digits(random, 20)),
            iban("GB", "TEST" + _digits(random, 14)),
        )
    )


def _organisation(random: Random) -> object:
    number = random.choice(SENDERS) if _yes(random, 0.95) else organisation_number(random)
    return random.choice(
        (
            _text(random, number),
            number,
            number,
            f"{number[:3]} {number[3:6]} {number[6:]}",
            f"{number[:3]}.{number[3:6]}.{number[6:]}",
        )
    )


def _absent(random: Random, keys: Json, name: str) -> None:
    """Make a fact absent in one of the ways that are the same."""
    form = random.randrange(8)
    if form < 4:
        keys.pop(name, None)
    elif form < 6:
        keys[name] = None
    else:
        keys[name] = random.choice(("", " ", "\t", "\u00a0", " \n "))


def _thin_out(random: Random, keys: Json, chance: float) -> Json:
    for name in list(keys):
        if _yes(random, chance):
            _absent(random, keys, name)
    return keys


def _consent(random: Random, send: date) -> Json:
    consent: Json = {
        "given": _yes(random, 0.93),
        "informed": _yes(random, 0.93),
        "explicit": _yes(random, 0.93),
        "given_on": _near(random, send, -400, -1, -1, 0, 0, 1),
    }
    if _yes(random, 0.2):
        consent["withdrawn_on"] = random.choice(("9999-12-31", _near(random, send, -1, 0, 1, 1)))
    return _thin_out(random, consent, 0.04)


def _acceptance(random: Random, send: date) -> Json:
    acceptance: Json = {
        "given": _yes(random, 0.93),
        "given_on": _near(random, send, -400, -1, -1, 0, 0, 1),
    }
    if _yes(random, 0.2):
        acceptance["withdrawn_on"] = _near(random, send, -1, 0, 1, 1)
    return _thin_out(random, acceptance, 0.04)


def _agreed(random: Random, issue: date, amount: Decimal) -> Json:
    agreed: Json = {
        "given": _yes(random, 0.95),
        "given_on": _near(random, issue, -90, -1, -1, 0, 0, 1),
        "amount": _money(random, amount + random.choice((-ORE, 0, 0, 0, ORE, ORE, 100 * ORE))),
    }
    return _thin_out(random, agreed, 0.04)


def _line(random: Random, position: int, send: date, issue: date) -> Json:
    amount = random.choice(
        (Decimal(random.choice(AMOUNTS)), Decimal(random.randrange(1, 200000)) / 100)
    )
    if _yes(random, 0.1):
        amount = random.choice((Decimal("0.00"), -amount, ORE, -ORE))
    line: Json = {
        "id": _text(random, str(position)),
        "description": _text(random, random.choice(WORDS)),
        "service": _text(random, random.choice(SERVICES)),
        "kind": random.choice(KINDS),
        "amount": _money(random, amount),
        "period_start": _near(random, issue, -31, 0, 1),
        "period_end": _near(random, issue, 30, 31, 364),
    }
    _thin_out(random, line, 0.04)
    if _yes(random, 0.05):  # odd, absent and doubled ids
        line["id"] = random.choice(
            ("1", Raw("1"), "#1", "#2", "#", "#1a", "a]b", "1.consent", " 2", None, "", "#01", "æ")
        )
    if _yes(random, 0.75):
        line["consent"] = _consent(random, send)
    if _yes(random, 0.7):
        line["gift_acceptance"] = _acceptance(random, send)
    if _yes(random, 0.75):
        line["agreed"] = _agreed(random, issue, amount)
    if _yes(random, 0.03):
        group = random.choice(("consent", "gift_acceptance", "agreed"))
        line[group] = random.choice(({}, None, "", {"given": None}, {"given_on": " "}))
    return line


def _invoice(random: Random, send: date, issue: date) -> Json:
    lines = [
        _line(random, at, send, issue)
        for at in range(1, random.choice((0, 1, 1, 1, 1, 2, 2, 2, 3, 4, 5)) + 1)
    ]
    payable = Decimal(random.randrange(1, 500000)) / 100
    if _yes(random, 0.5 if not lines else 0.05):
        payable = Decimal("0.00")
    invoice: Json = {
        "number": _text(random, random.choice(("F-", "2021-", "", "Å ")) + _digits(random, 5)),
        "kind": "credit_note" if _yes(random, 0.08) else "invoice",
        "issue_date": issue.isoformat(),
        "due_date": _near(random, send, 2, 3, 3, 14, 14, 14, 30, 365, 366, -1),
        "send_date": send.isoformat(),
        "currency": _text(random, random.choice(("NOK", "NOK", "NOK", "NOK", "SEK", "EUR"))),
        "payable_amount": _money(random, payable),
        "payment_reference": random.choice(
            (kid(random), kid(random), "RF18539007547034", "ref. 7")
        ),
        "payee_account": _account(random),
        "attachments": random.choice((0, 0, 1, 2, 17)),
    }
    _thin_out(random, invoice, 0.06)
    if _yes(random, 0.5):
        invoice.pop("kind", None)
    invoice["lines"] = lines
    if _yes(random, 0.03):
        _absent(random, invoice, "lines")
    return invoice


def _sender(random: Random) -> Json:
    sender: Json = {
        "organisation_number": _organisation(random),
        "name": _text(random, random.choice(NAMES)),
        "efaktura_b2c_agreement": _yes(random, 0.8),
        "legacy_vipps_agreement": _yes(random, 0.5),
        "vipps_declined": _yes(random, 0.15),
        "autopay": _yes(random, 0.5),
    }
    _thin_out(random, sender, 0.08)
    if _yes(random, 0.5):
        for name in random.sample(list(sender), random.randint(0, len(sender))):
            if name != "organisation_number":
                sender.pop(name)
    return sender


def _recipient(random: Random) -> Json:
    name = random.choice(NAMES)
    recipient: Json = {
        "kind": "organisation" if _yes(random, 0.06) else "person",
        "customer_number": _text(random, random.choice(CUSTOMERS)),
        "name": _text(random, name),
        "street": _text(random, f"Oppdiktet vei {random.randrange(1, 99)}"),
        "postal_code": _text(random, random.choice(("0155", "5003", "9008"))),
        "city": _text(random, random.choice(CITIES)),
        "country": random.choice(("NO", "SE")),
        "mobile": _mobile(random),
        "email": _text(random, random.choice(("a@b", "kunde@example.no", "ø@example.org"))),
        "efaktura": _yes(random, 0.6),
        "vipps": _yes(random, 0.7),
    }
    _thin_out(random, recipient, 0.06)
    if _yes(random, 0.3):
        for fact in random.sample(list(recipient), random.randint(0, len(recipient))):
            if fact != "customer_number":
                recipient.pop(fact)
    return recipient


def _document(random: Random) -> Json:
    send = random.choice(DAYS) + timedelta(days=random.choice((-2, -1, -1, 0, 0, 0, 1, 1, 30)))
    issue = send + timedelta(days=random.choice((-14, -1, 0, 0, 1)))
    document: Json = {
        "invoice": _invoice(random, send, issue),
        "sender": _sender(random),
        "recipient": _recipient(random),
    }
    if _yes(random, 0.85):
        relationship: Json = {"agreement": _yes(random, 0.8), "claim": _yes(random, 0.3)}
        document["relationship"] = _thin_out(random, relationship, 0.2)
    if _yes(random, 0.03):
        group = random.choice(("invoice", "sender", "recipient", "relationship"))
        _absent(random, document, group)
    if _yes(random, 0.5):
        items = list(document.items())
        random.shuffle(items)
        document = dict(items)
    return document


# --------------------------------------------------------------------------------------------
# Plain good documents, each leading to the decision that it is named after (without a register)
# --------------------------------------------------------------------------------------------


def plain_document(random: Random, decision: str) -> Json:
    """Give a document of ordinary values: `send`, `block`, `hold` or `out_of_scope`."""
    send = random.choice(DAYS) + timedelta(days=random.randrange(300))
    amount = Decimal(random.randrange(1000, 99999)) / 100
    yesterday = (send - timedelta(days=1)).isoformat()
    lines: list[object] = [
        {
            "id": str(at),
            "description": random.choice(WORDS),
            "service": random.choice(SERVICES),
            "kind": random.choice(("subscription", "service", "goods")),
            "amount": Raw(f"{amount:.2f}"),
            "consent": {"given": True, "informed": True, "explicit": True, "given_on": yesterday},
            "agreed": {"given": True, "given_on": yesterday, "amount": Raw(f"{amount:.2f}")},
        }
        for at in range(1, random.randint(1, 5) + 1)
    ]
    relationship: Json = {"agreement": True}
    if decision == "block":
        relationship = {"agreement": False, "claim": False}
    elif decision == "hold":
        relationship = {"agreement": False}
    return {
        "invoice": {
            "number": f"{send.year}-{_digits(random, 5)}",
            "issue_date": send.isoformat(),
            "due_date": (send + timedelta(days=14)).isoformat(),
            "send_date": send.isoformat(),
            "currency": "NOK",
            "payable_amount": Raw(f"{amount * len(lines):.2f}"),
            "payment_reference": kid(random),
            "payee_account": account(random),
            "lines": lines,
        },
        "sender": {
            "organisation_number": random.choice(SENDERS),
            "name": "Eksempel AS",
            "efaktura_b2c_agreement": True,
            "legacy_vipps_agreement": False,
        },
        "recipient": {
            "kind": "organisation" if decision == "out_of_scope" else "person",
            "customer_number": random.choice(CUSTOMERS),
            "name": random.choice(NAMES),
            "street": f"Oppdiktet vei {random.randrange(1, 99)}",
            "postal_code": "0155",
            "city": random.choice(CITIES),
            "mobile": "+47" + random.choice("49") + _digits(random, 7),
            "efaktura": _yes(random, 0.5),
            "vipps": _yes(random, 0.5),
        },
        "relationship": relationship,
    }


# --------------------------------------------------------------------------------------------
# Bad values of every kind that the contract names
# --------------------------------------------------------------------------------------------

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def _other(digit: str, random: Random) -> str:
    return random.choice([one for one in "0123456789" if one != digit])


def _wrong_check(number: str, random: Random) -> str:
    return number[:-1] + _other(number[-1], random)


def _bad_date(random: Random) -> object:
    day = random.choice(DAYS).isoformat()
    return random.choice(
        (
            "2021-02-30",
            "2019-02-29",
            "2020-13-01",
            "2020-00-10",
            "0000-01-01",
            "20210202",
            "2021-2-2",
            "02.02.2021",
            "2021-02-02T00:00:00",
            "2021-02-02Z",
            "2021-W05-2",
            "2021-033",
            "12021-02-02",
            f" {day}",
            f"{day}\u00a0",
            f"{day}\n",
            day.translate(ARABIC),
            day.replace("-", "\u2010"),
            Raw("20210202"),
            Raw("44229.0"),
        )
    )


def _bad_money(random: Random) -> object:
    text = random.choice(
        (
            "1.005",
            "349.001",
            "1e3",
            "1E-2",
            "3.49e2",
            "0e0",
            "1e400",
            "12345678901234",
            "99999999999999.99",
            "9" * 400,
            "0.00000000000000000001",
            "-12345678901234.00",
        )
    )
    if _yes(random, 0.5):
        return Raw(text)
    return random.choice(
        (
            text,
            "349,00",
            "1 200.25",
            "1\u00a0200.25",
            "+349.00",
            " 349.00",
            "349.00\u00a0",
            "349.00 NOK",
            "kr 10",
            ".50",
            "5.",
            "--1",
            "-",
            "1.2.3",
            "00000000000001",
            "NaN",
            "Infinity",
            "0x10",
            "1_000",
            "349.00".translate(ARABIC),
            "٣٤٩",
        )
    )


def _bad_text(random: Random) -> object:
    return random.choice((Raw("-5"), Raw("5.5"), Raw("5.0"), Raw("1e3"), Raw("-1"), Raw("2E0")))


def _bad_yes_no(random: Random) -> object:
    words = ("true", "false", "ja", "nei", "1", "0", "True", "yes", "JA", " true", "\u00a0ja")
    return random.choice((*words, Raw("1"), Raw("0"), Raw("1.0")))


def _bad_count(random: Random) -> object:
    return random.choice(
        (Raw("-1"), Raw("1.5"), Raw("2.0"), Raw("1e1"), Raw("1E400"), "2", "0", "ingen", "٢", "1 ")
    )


def _bad_choice(random: Random, *words: str) -> object:
    word = random.choice(words)
    return random.choice(
        (
            word.upper(),
            word.capitalize(),
            f" {word}",
            f"{word} ",
            f"{word}\u00a0",
            word[:-1],
            f"{word}s",
            word.replace("e", "\u0435"),  # a Cyrillic look-alike
            word + "\u200b",
            "annet",
            "\ud800",
            Raw("1"),
        )
    )


def _bad_organisation(random: Random) -> object:
    number = random.choice(SENDERS)
    return random.choice(
        (
            _wrong_check(number, random),
            Raw(_wrong_check(number, random)),
            number[:-1],
            f"{number}0",
            f"NO{number}MVA",
            number.translate(ARABIC),
            f"{number[:3]}\u00a0{number[3:6]}\u00a0{number[6:]}",
            f"{number[:3]}-{number[3:]}",
            Raw(f"{number}.0"),
            Raw(f"-{number}"),
            "ukjent",
            "000000001",
        )
    )


def _bad_account(random: Random) -> object:
    number = account(random)
    norwegian, wrong = iban("NO", number), _wrong_check(number, random)
    return random.choice(
        (
            wrong,
            f"{wrong[:4]}.{wrong[4:6]}.{wrong[6:]}",
            number[:-1],
            f"{number}1",
            number.translate(ARABIC),
            f"{number[:4]}\u00a0{number[4:]}",
            _wrong_check(norwegian, random),
            iban("NO", wrong),  # its own check is right, its account's is not
            iban("NO", number + "0"),
            f"{norwegian[:4]}.{norwegian[4:]}",
            f"{norwegian}0",
            "NO",
            "konto",
        )
    )


def _bad_kid(random: Random) -> object:
    body = _digits(random, random.choice((1, 5, 12, 24)))
    right = {_mod10(body), _mod11(body)}
    wrong = body + random.choice([one for one in "0123456789-" if one not in right])
    return random.choice(
        (
            wrong,
            wrong,
            "1",
            "0",
            _digits(random, 26),
            _digits(random, 25) + "-",
            Raw("7"),
            Raw("-18"),
        )
    )


def _odd_kid(random: Random) -> object:
    """Give what looks like a bad KID and is none: any other text is no KID and no problem."""
    return random.choice(("12 34", "-", "--", "12-3", "RF00", "٣٤٩", "1-\u00a0", "KID 12", "12--"))


def _bad_mobile(random: Random) -> object:
    return random.choice(
        (
            "21234567",
            "9123456",
            "912345678",
            "+4721234567",
            "+479123456",
            "+4791234567890",
            "4791234567",
            "+123456",
            "+1234567890123456",
            "000",
            "---",
            "91234567".translate(ARABIC),
            "912\u00a034\u00a0567",
            "91.23.45.67",
            "tlf 91234567",
            "+",
            Raw("-91234567"),
            Raw("91234567.0"),
            Raw("9.1234567e7"),
        )
    )


def _bad_email(random: Random) -> object:
    return random.choice(
        ("kunde", "@example.no", "kunde@", "a@b@c", " @ ", "@", Raw("5"), "a\uff20b")
    )


def _bad_currency(random: Random) -> object:
    return random.choice(
        (
            "nok",
            "NO",
            "NOKK",
            "N K",
            "N\u00a0K",
            "KR.",
            "123",
            "NÖK",
            Raw("578"),
            "\uff2e\uff2f\uff2b",
        )
    )


def _wrong_type(random: Random) -> object:
    """Give another kind of JSON value than most facts take."""
    return random.choice((True, False, [], {}, ["2021-02-02"], {"value": "1"}, [None], Raw("7")))


BAD: dict[str, Callable[[Random], object]] = {
    "text": _bad_text,
    "date": _bad_date,
    "money": _bad_money,
    "yes_no": _bad_yes_no,
    "count": _bad_count,
    "invoice_kind": lambda random: _bad_choice(random, "invoice", "credit_note"),
    "recipient_kind": lambda random: _bad_choice(random, "person", "organisation"),
    "line_kind": lambda random: _bad_choice(random, *KINDS),
    "organisation_number": _bad_organisation,
    "account": _bad_account,
    "kid": _bad_kid,
    "mobile": _bad_mobile,
    "email": _bad_email,
    "currency": _bad_currency,
}

GROUPS: dict[str, dict[str, str]] = {
    "invoice": {
        "number": "text",
        "kind": "invoice_kind",
        "issue_date": "date",
        "due_date": "date",
        "send_date": "date",
        "currency": "currency",
        "payable_amount": "money",
        "payment_reference": "kid",
        "payee_account": "account",
        "attachments": "count",
    },
    "sender": {
        "organisation_number": "organisation_number",
        "name": "text",
        "efaktura_b2c_agreement": "yes_no",
        "legacy_vipps_agreement": "yes_no",
        "vipps_declined": "yes_no",
        "autopay": "yes_no",
    },
    "recipient": {
        "kind": "recipient_kind",
        "customer_number": "text",
        "name": "text",
        "street": "text",
        "postal_code": "text",
        "city": "text",
        "country": "text",
        "mobile": "mobile",
        "email": "email",
        "efaktura": "yes_no",
        "vipps": "yes_no",
    },
    "relationship": {"agreement": "yes_no", "claim": "yes_no"},
}
LINE = {
    "description": "text",
    "service": "text",
    "kind": "line_kind",
    "amount": "money",
    "period_start": "date",
    "period_end": "date",
}
LINE_GROUPS: dict[str, dict[str, str]] = {
    "consent": {
        "given": "yes_no",
        "informed": "yes_no",
        "explicit": "yes_no",
        "given_on": "date",
        "withdrawn_on": "date",
    },
    "gift_acceptance": {"given": "yes_no", "given_on": "date", "withdrawn_on": "date"},
    "agreed": {"given": "yes_no", "given_on": "date", "amount": "money"},
}


def _bad_value(random: Random, form: str) -> object:
    if _yes(random, 0.25):
        return _wrong_type(random)
    if form == "kid" and _yes(random, 0.3):
        return _odd_kid(random)
    return BAD[form](random)


def _group(keys: Json, name: str) -> Json:
    """Give the group to spoil a fact in, made where it is not one."""
    group = keys.get(name)
    if not isinstance(group, dict):
        group = keys[name] = {}
    return group


def _bad_group(random: Random) -> object:
    return random.choice(
        (
            True,
            False,
            Raw("0"),
            Raw("1"),
            "ja",
            "{}",
            [],
            [{"given": True}],
            [[]],
            Raw("1e3"),
            "\ud800",
        )
    )


def _spoil_line(random: Random, lines: list[object]) -> None:
    at = random.randrange(len(lines))
    line = lines[at]
    if not isinstance(line, dict) or _yes(random, 0.08):
        lines[at] = random.choice((None, "", "linje", Raw("1"), [], True, [{}], Raw("1.5")))
        return
    form = random.randrange(10)
    if form == 0:
        line["id"] = random.choice(
            (
                True,
                [],
                {},
                Raw("-1"),
                Raw("1.0"),
                Raw("1e0"),
                "#1",
                "#99",
                "1",
                None,
                "\u00a0",
                "\udfff",
            )
        )
    elif form < 5:
        name = random.choice(list(LINE))
        line[name] = _bad_value(random, LINE[name])
    else:
        group = random.choice(list(LINE_GROUPS))
        if form == 5:
            line[group] = _bad_group(random)
            return
        name = random.choice(list(LINE_GROUPS[group]))
        _group(line, group)[name] = _bad_value(random, LINE_GROUPS[group][name])


def _spoil(random: Random, document: Json) -> None:
    """Put one bad value into a document."""
    chance = random.random()
    if chance < 0.04:
        group = random.choice(list(GROUPS))
        document[group] = _bad_group(random)
        return
    if chance < 0.08:
        invoice = _group(document, "invoice")
        invoice["lines"] = random.choice(
            ({}, "linjer", True, Raw("0"), {"1": {}}, [], [None], "\t")
        )
        return
    if chance < 0.14:  # keys that the table does not know
        keys = random.choice((document, _group(document, random.choice(list(GROUPS)))))
        name = random.choice(("ukjent", "Invoice", "line", "kommentar", "", "\ud834", "kind "))
        keys[name] = random.choice((None, "x", {"kind": "person"}, [Raw("1e99")], Raw("9" * 60)))
        return
    if chance < 0.5:
        invoice_lines = _group(document, "invoice").get("lines")
        if isinstance(invoice_lines, list) and invoice_lines:
            _spoil_line(random, invoice_lines)
            return
    if chance < 0.62:  # check digits
        group, name, wrong = random.choice(
            (
                ("sender", "organisation_number", _bad_organisation),
                ("invoice", "payee_account", _bad_account),
                ("invoice", "payment_reference", _bad_kid),
                ("recipient", "mobile", _bad_mobile),
            )
        )
        _group(document, group)[name] = wrong(random)
        return
    group = random.choice(list(GROUPS))
    name = random.choice(list(GROUPS[group]))
    if _yes(random, 0.03):  # a text with half a character, good or bad
        _group(document, group)[name] = random.choice(("\ud800", "a\udc00b", "\udbff7"))
        return
    _group(document, group)[name] = _bad_value(random, GROUPS[group][name])


def _unreadable(random: Random, document: Json) -> object:
    """Give no object, or an object with a key twice, at the top or deep inside."""
    form = random.randrange(4)
    if form == 0:
        return random.choice(([], "dokument", Raw("1"), None, True, [document]))
    if form == 1:
        return Twice(document)
    if form == 2:
        document["ukjent"] = {"dypt": [Twice({"a": Raw("1")})]}
    else:
        document["sender"] = Twice({"autopay": True})
    return document


# --------------------------------------------------------------------------------------------
# Documents
# --------------------------------------------------------------------------------------------


def random_documents(
    seed: int,
    count: int,
    bad: float = 1 / 3,
    *,
    plain: float = 0.1,
    unreadable: float = 0.0,
) -> Iterator[str]:
    """Give documents as one JSON text each.

    A share `bad` gets one to three bad values, a share `plain` is plain and good and leads to each
    decision in turn, a share `unreadable` is no document at all (none, unless asked for).
    """
    random = Random(seed)
    for at in range(count):
        chance = random.random()
        document: object
        if chance >= bad and chance >= 1 - plain:
            decision = ("send", "block", "hold", "out_of_scope")[at % 4]
            yield _dump(plain_document(random, decision), random)
            continue
        keys = _document(random)
        if chance < bad:
            for _ in range(random.randint(1, 3)):
                _spoil(random, keys)
        document = keys
        if _yes(random, unreadable):
            document = _unreadable(random, keys)
        yield _dump(document, random)


# --------------------------------------------------------------------------------------------
# The evidence register
# --------------------------------------------------------------------------------------------


def _cell_yes_no(random: Random, chance: float) -> str:
    yes = _yes(random, chance)
    return random.choice(("ja", "Ja", "true", "TRUE", "1") if yes else ("nei", "NEI", "false", "0"))


def _maybe(random: Random, cell: str, chance: float = 0.85) -> str:
    return cell if _yes(random, chance) else random.choice(("", "", " "))


def _cell_money(random: Random, amount: Decimal) -> str:
    text = f"{amount:.2f}" + random.choice(("", "", "", "00"))  # three decimals are no good form
    return text.replace(".", ",") if _yes(random, 0.4) else text


def _write(
    random: Random, path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]
) -> None:
    order = list(columns)
    if _yes(random, 0.5):
        random.shuffle(order)
    encoding = "utf-8-sig" if _yes(random, 0.3) else "utf-8"
    with path.open("w", encoding=encoding, newline="") as handle:
        writer = csv.DictWriter(
            handle,
            order,
            restval="",
            delimiter=random.choice(",;"),
            lineterminator=random.choice(("\n", "\r\n")),
        )
        writer.writeheader()
        writer.writerows(rows)


def _sender_row(random: Random, sender: str) -> dict[str, str]:
    complete = random.sample(EVIDENCE, random.choice((0, 0, 1, 2, 5)))
    return {
        "organisation_number": _number(random, sender),
        "name": _maybe(random, random.choice(NAMES)),
        "efaktura_b2c_agreement": _maybe(random, _cell_yes_no(random, 0.8)),
        "legacy_vipps_agreement": _maybe(random, _cell_yes_no(random, 0.5)),
        "vipps_declined": _maybe(random, _cell_yes_no(random, 0.2)),
        "autopay": _maybe(random, _cell_yes_no(random, 0.5)),
        "complete_for": " ".join(complete),
    }


def _number(random: Random, sender: str) -> str:
    return random.choice((sender, sender, f"{sender[:3]} {sender[3:6]} {sender[6:]}", f" {sender}"))


def _recipient_row(random: Random, sender: str, customer: str) -> dict[str, str]:
    mobile = random.choice(("+47", "0047", "")) + random.choice("49") + _digits(random, 7)
    return {
        "sender": _number(random, sender),
        "customer_number": customer,
        "kind": _maybe(random, random.choice(("person", "person", "person", "organisation")), 0.9),
        "name": _maybe(random, random.choice(NAMES)),
        "street": _maybe(random, f"Registerveien {random.randrange(1, 99)}"),
        "postal_code": _maybe(random, "0155"),
        "city": _maybe(random, random.choice(CITIES)),
        "country": _maybe(random, "NO"),
        "mobile": _maybe(random, mobile),
        "email": _maybe(random, "kunde@example.no"),
        "efaktura": _maybe(random, _cell_yes_no(random, 0.6)),
        "vipps": _maybe(random, _cell_yes_no(random, 0.7)),
    }


def _evidence_row(random: Random, at: int) -> dict[str, str]:
    kind = random.choice(EVIDENCE)
    start = random.choice(DAYS) + timedelta(days=random.choice((-90, -15, -3, -2, -1, 0, 1, 2, 30)))
    service = "" if kind in {"agreement", "claim"} else random.choice(SERVICES)
    if kind == "gift_acceptance" and _yes(random, 0.4):
        service = ""
    row = {
        "sender": _number(random, random.choice(SENDERS)),
        "customer_number": random.choice(CUSTOMERS),
        "service": service,
        "kind": kind,
        "given": _maybe(random, _cell_yes_no(random, 0.85), 0.6),
        "from": start.isoformat(),
        "informed": _maybe(random, _cell_yes_no(random, 0.9), 0.9),
        "explicit": _maybe(random, _cell_yes_no(random, 0.9), 0.9),
        "currency": _maybe(random, random.choice(("NOK", "NOK", "SEK")), 0.4),
        "reference": _maybe(random, f"ref-{at}", 0.8),
        "recorded_by": _maybe(random, "kontor 2", 0.5),
        "recorded_on": _maybe(random, _near(random, start, 0, 1, 30), 0.5),
    }
    if _yes(random, 0.3):
        near = random.choice((start, random.choice(DAYS)))
        row["withdrawn"] = _near(random, near, -1, 0, 1, 2, 60)
    if kind == "agreed" or _yes(random, 0.05):
        _agreed_cells(random, row)
    return row


def _agreed_cells(random: Random, row: dict[str, str]) -> None:
    net = Decimal(random.choice(AMOUNTS)) + random.choice((-ORE, 0, 0, 0, ORE))
    form = random.random()
    if form < 0.5:
        row["amount"] = _cell_money(random, net)
    elif form < 0.9:
        rate = Decimal(random.choice(RATES))
        gross = (net * (100 + rate) / 100).quantize(ORE, ROUND_HALF_UP)
        gross += random.choice((-ORE, 0, 0, 0, ORE))
        row["amount_with_vat"] = _cell_money(random, gross)
        row["vat_rate"] = str(rate).replace(".", random.choice(".,"))


def random_register(
    seed: int,
    folder: Path,
    *,
    entries: int = 1500,
    double: float = 0.1,
) -> None:
    """Write a register of good rows whose keys are those of the documents above.

    A share `double` of the rows comes twice, with one key and other values: the last one counts.
    """
    random = Random(f"register {seed}")
    folder.mkdir(parents=True, exist_ok=True)
    senders = [_sender_row(random, sender) for sender in SENDERS[:4]]
    senders += [_sender_row(random, sender) for sender in SENDERS[:4] if _yes(random, double)]
    pairs = [(sender, one) for sender in SENDERS for one in CUSTOMERS if _yes(random, 0.8)]
    pairs += [pair for pair in pairs if _yes(random, double)]
    recipients = [_recipient_row(random, sender, customer) for sender, customer in pairs]
    keys = [(sender, one) for sender in SENDERS for one in SERVICES if _yes(random, 0.7)]
    keys += [key for key in keys if _yes(random, double)]
    services = [
        {"sender": _number(random, sender), "service": service, "kind": random.choice(KINDS)}
        for sender, service in keys
    ]
    evidence: list[dict[str, str]] = []
    for at in range(entries):
        row = _evidence_row(random, at)
        if evidence and _yes(random, double):
            other = random.choice(evidence)
            if other["kind"] == row["kind"]:
                row |= {
                    name: other[name] for name in ("sender", "customer_number", "service", "from")
                }
        evidence.append(row)
    _write(
        random,
        folder / "senders.csv",
        (
            "organisation_number",
            "name",
            "efaktura_b2c_agreement",
            "legacy_vipps_agreement",
            "vipps_declined",
            "autopay",
            "complete_for",
        ),
        senders,
    )
    _write(
        random,
        folder / "recipients.csv",
        (
            "sender",
            "customer_number",
            *[one for one in GROUPS["recipient"] if one != "customer_number"],
        ),
        recipients,
    )
    _write(random, folder / "services.csv", ("sender", "service", "kind"), services)
    _write(
        random,
        folder / "evidence.csv",
        (
            "sender",
            "customer_number",
            "service",
            "kind",
            "given",
            "from",
            "withdrawn",
            "informed",
            "explicit",
            "amount",
            "amount_with_vat",
            "vat_rate",
            "currency",
            "reference",
            "recorded_by",
            "recorded_on",
        ),
        evidence,
    )


def main() -> None:
    """Write documents as NDJSON to standard output, and a register where a folder is given."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--bad", type=float, default=1 / 3)
    parser.add_argument("--unreadable", type=float, default=0.0)
    parser.add_argument("--register", type=Path)
    arguments = parser.parse_args()
    if arguments.register is not None:
        random_register(arguments.seed, arguments.register)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    for text in random_documents(
        arguments.seed, arguments.count, arguments.bad, unreadable=arguments.unreadable
    ):
        print(text)


if __name__ == "__main__":
    main()
