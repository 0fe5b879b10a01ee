"""A random evidence register whose keys are those of given documents, days close to the boundaries."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any, Final

DAYS: Final = ("2018-12-19", "2018-12-20", "2021-01-31", "2021-02-01", "2021-02-02", "2021-02-03")
KINDS: Final = ("agreement", "claim", "consent", "agreed", "gift_acceptance")


def random_register(seed: int, folder: Path, documents: list[str]) -> None:
    """Write senders, recipients, services and evidence of about half of the documents' keys."""
    draw = random.Random(seed)
    senders, customers, services = set(), set(), set()
    for text in documents:
        document: Any = json.loads(text)
        sender = _text(document, "sender", "organisation_number")
        customer = _text(document, "recipient", "customer_number")
        if sender is None or len(sender) != 9 or not sender.isdigit():
            continue
        senders.add(sender)
        if customer is not None:
            customers.add((sender, customer))
        invoice = document.get("invoice")
        lines = invoice.get("lines") if isinstance(invoice, dict) else None
        for line in lines if isinstance(lines, list) else ():
            service = _text({"line": line}, "line", "service")
            if service is not None:
                services.add((sender, service))

    def maybe(*values: str) -> str:
        return draw.choice([*values, ""])

    _write(
        folder / "senders.csv",
        "organisation_number,name,efaktura_b2c_agreement,legacy_vipps_agreement,vipps_declined,"
        "autopay,complete_for",
        [
            [
                *(sender, maybe("Strøm AS"), maybe("ja", "nei"), maybe("ja", "nei")),
                *(maybe("ja", "nei"), maybe("ja", "nei")),
                " ".join(draw.sample(KINDS, draw.randint(0, 3))),
            ]
            for sender in sorted(senders)
            if _passes_mod11(sender)
        ],
    )
    good = sorted((s, c) for s, c in customers if _passes_mod11(s))
    _write(
        folder / "recipients.csv",
        "sender,customer_number,kind,name,street,postal_code,city,country,mobile,email,efaktura,vipps",
        [
            [
                *(
                    sender,
                    customer,
                    maybe("person", "organisation"),
                    maybe("Kari"),
                    maybe("Gata 1"),
                ),
                *(maybe("0155"), maybe("Oslo"), maybe("NO"), maybe("91234567"), maybe("a@b.no")),
                *(maybe("ja", "nei"), maybe("ja", "nei")),
            ]
            for sender, customer in good
            if draw.random() < 0.7
        ],
    )
    offered = sorted((s, v) for s, v in services if _passes_mod11(s))
    _write(
        folder / "services.csv",
        "sender,service,kind",
        [
            [sender, service, draw.choice(["goods", "service", "subscription", "gift_request"])]
            for sender, service in offered
            if draw.random() < 0.7
        ],
    )
    rows = []
    for sender, customer in good:
        own = [service for each, service in offered if each == sender]
        for _ in range(draw.randint(0, 6)):
            kind = draw.choice(KINDS)
            needs = kind in ("consent", "agreed")
            if needs and not own:
                continue
            takes = needs or (kind == "gift_acceptance" and own and draw.random() < 0.6)
            amount = draw.choice(["", "349.00", "349,01", "0"])
            gross = "" if amount else draw.choice(["", "436.25", "100,01"])
            rows.append(
                [
                    *(sender, customer, draw.choice(own) if takes else "", kind),
                    *(maybe("ja", "nei"), draw.choice(DAYS), draw.choice(["", "", *DAYS])),
                    *(maybe("ja", "ja", "nei"), maybe("ja", "ja", "nei")),
                    *(amount, gross, draw.choice(["25", "15", "12,5"]) if gross else ""),
                    *(maybe("NOK", "EUR"), maybe("R-1"), maybe("ola"), maybe("2021-01-01")),
                ]
            )
    _write(
        folder / "evidence.csv",
        "sender,customer_number,service,kind,given,from,withdrawn,informed,explicit,amount,"
        "amount_with_vat,vat_rate,currency,reference,recorded_by,recorded_on",
        rows,
    )


def _text(document: Any, group: str, key: str) -> str | None:  # noqa: ANN401 (JSON)
    found = document.get(group)
    value = found.get(key) if isinstance(found, dict) else None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        value = str(value)
    blanks = " \t\r\n\N{NO-BREAK SPACE}"
    if not isinstance(value, str) or not value.strip(blanks):
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return value.strip(blanks)


def _passes_mod11(number: str) -> bool:
    total = sum(int(digit) * (2 + n % 6) for n, digit in enumerate(reversed(number[:-1])))
    return number.isascii() and "0123456789-"[-total % 11] == number[-1]


def _write(path: Path, header: str, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header.split(","))
        writer.writerows(rows)
