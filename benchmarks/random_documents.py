"""Random contract documents: values drawn anew for each, seeded, close to every boundary.

    python benchmarks/random_documents.py --seed 7 --count 10000 [--bad 0.33] > documents.ndjson

A share ``bad`` of the documents has one to three bad values of the kinds that contract §1 names. Persons and
companies are invented; check digits are computed.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator
from typing import Any, Final

DAYS: Final = (
    "2018-12-18 2018-12-19 2018-12-20 2018-12-21 2021-02-01 2021-02-02 2021-02-03 2021-02-04 "
    "2021-02-05 2022-02-02 2022-02-03 2022-02-04 9999-12-31 2020-02-29"
).split()
AMOUNTS: Final = ("0", "0.00", "-50.00", "0.01", "348.99", "349.00", "349.01", "349.010", "12.5")
BAD_TEXTS: Final = (
    "2021-02-30 02.02.2021 1e2 1.005 12345678901234 1,50 ja true personn ２０２１-０２-０２ \u0000 x@ @"
).split(" ")


class Raw(str):
    """JSON that is written as it stands: ``1e2``, ``349.00``."""


def check_digit(digits: str) -> str:
    """MOD11 with weights 2 to 7; a dash for 10."""
    total = sum(int(digit) * (2 + n % 6) for n, digit in enumerate(reversed(digits)))
    return "0123456789-"[-total % 11]


class Draw:
    """One generator of values; everything random goes through it."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, *choices: Any) -> Any:  # noqa: ANN401 (any JSON value)
        return self.random.choice(choices)

    def digits(self, count: int) -> str:
        return "".join(self.random.choice("0123456789") for _ in range(count))

    def with_check_digit(self, count: int) -> str:
        while True:
            body = self.one("8", "9") + self.digits(count - 2)
            if check_digit(body) != "-":
                return body + check_digit(body)

    def day(self) -> str:
        if self.random.random() < 0.8:
            return str(self.one(*DAYS))
        return f"20{self.random.randint(10, 30)}-{self.random.randint(1, 12):02d}-15"

    def amount(self) -> object:
        written = self.one(*AMOUNTS, f"{self.random.randint(1, 10**6)}.{self.digits(2)}")
        return self.one(written, Raw(written))

    def yes_no(self) -> bool:
        return self.random.random() < 0.8

    def text(self) -> object:
        return self.one("Strømmeabonnement", "Gave til Røde Kors", " Kaffe\u00a0", Raw("42"), "x")

    def mobile(self) -> str:
        return str(self.one("+47", "", "0047 ", "+46")) + f"9{self.digits(7)}"

    def kid(self) -> str:
        body = self.digits(self.random.randint(3, 12))
        return self.one(body + check_digit(body), "RF18 5390 0754 7034", "se faktura")


def random_documents(seed: int, count: int, bad: float = 1 / 3) -> Iterator[str]:
    """``count`` documents as JSON texts; the same for the same arguments."""
    draw = Draw(seed)
    for n in range(1, count + 1):
        document = _document(draw, n)
        if draw.random.random() < bad:
            for _ in range(draw.random.randint(1, 3)):
                _spoil(draw, document)
        yield _written(document)


def _some(draw: Draw, share: float, **facts: Callable[[], Any]) -> dict[str, Any]:
    """Each fact with its share; now and then null or blank instead."""
    found: dict[str, Any] = {}
    for name, value in facts.items():
        chance = draw.random.random()
        if chance < share:
            found[name] = value()
        elif chance < share + 0.03:
            found[name] = draw.one(None, "", " \t")
    return found


def _document(draw: Draw, number: int) -> dict[str, Any]:
    share = draw.one(0.5, 0.9, 0.9, 1.0)
    lines = [_line(draw, n, share) for n in range(1, draw.one(0, 1, 1, 2, 2, 3, 5) + 1)]
    return {
        "invoice": {
            **_some(
                draw,
                share,
                number=lambda: f"F-{number}",
                issue_date=draw.day,
                due_date=draw.day,
                send_date=draw.day,
                currency=lambda: draw.one("NOK", "NOK", "EUR"),
                payable_amount=draw.amount,
                payment_reference=draw.kid,
                payee_account=lambda: draw.with_check_digit(11),
            ),
            **_some(
                draw, 0.2, kind=lambda: draw.one("invoice", "credit_note"), attachments=lambda: 1
            ),
            **_some(draw, 0.97, lines=lambda: lines),
        },
        "sender": _some(
            draw,
            share,
            organisation_number=lambda: draw.with_check_digit(9),
            name=draw.text,
            efaktura_b2c_agreement=draw.yes_no,
            legacy_vipps_agreement=draw.yes_no,
            vipps_declined=lambda: not draw.yes_no(),
            autopay=draw.yes_no,
        ),
        "recipient": {
            **_some(
                draw,
                share,
                customer_number=draw.text,
                name=draw.text,
                street=draw.text,
                postal_code=lambda: "0155",
                city=lambda: "Oslo",
                country=lambda: "NO",
                mobile=draw.mobile,
                email=lambda: "kari@example.no",
                efaktura=draw.yes_no,
                vipps=draw.yes_no,
            ),
            **_some(draw, 0.93, kind=lambda: draw.one("person", "person", "person", "organisation")),
        },
        "relationship": _some(draw, share, agreement=draw.yes_no, claim=draw.yes_no),
    }


def _line(draw: Draw, position: int, share: float) -> dict[str, Any]:
    evidence = {"given": draw.yes_no, "given_on": draw.day}
    return {
        **_some(draw, 0.97, id=lambda: draw.one(str(position), Raw(str(position)), "1", "#2")),
        **_some(
            draw,
            share,
            description=draw.text,
            service=draw.text,
            kind=lambda: draw.one("goods", "service", "subscription", "subscription", "gift_request"),
            amount=draw.amount,
            consent=lambda: {
                **_some(draw, share, informed=draw.yes_no, explicit=draw.yes_no, **evidence),
                **_some(draw, 0.1, withdrawn_on=draw.day),
            },
            gift_acceptance=lambda: {
                **_some(draw, share, **evidence),
                **_some(draw, 0.1, withdrawn_on=draw.day),
            },
            agreed=lambda: _some(draw, share, amount=draw.amount, **evidence),
        ),
        **_some(draw, 0.2, period_start=draw.day, period_end=draw.day),
    }


def _places(node: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """Every place of a document that has a value: container and key."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in list(items):
        yield node, key
        if isinstance(value, (dict, list)):
            yield from _places(value)


def _spoil(draw: Draw, document: dict[str, Any]) -> None:
    node, key = draw.one(*_places(document))
    node[key] = draw.one(
        *(draw.one(*BAD_TEXTS) for _ in range(3)),
        Raw(draw.one("1e2", "-1", "1.005", "1.5", "99999999999999.99", "9" * 30, "7")),
        *(True, "true", "Ja", [], {}, [None], {"x": 1}, None, " ", "974760674", "12345678901"),
        "\ud800",
        "a\u001fb",
        "+4722222222",
    )


def _written(node: Any) -> str:  # noqa: ANN401
    if isinstance(node, Raw):
        return str(node)
    if isinstance(node, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{_written(v)}" for k, v in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ",".join(map(_written, node)) + "]"
    return json.dumps(node)


def main() -> None:
    """Print documents, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--bad", type=float, default=1 / 3)
    chosen = parser.parse_args()
    for text in random_documents(chosen.seed, chosen.count, chosen.bad):
        print(text)


if __name__ == "__main__":
    main()
