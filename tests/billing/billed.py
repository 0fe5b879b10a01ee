"""Documents of invented senders, and an outbox that a billing run has put them into."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from fakturavakt.billing.billing_run import BillingRun
from fakturavakt.billing.inbox_screening import screened_here
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.screened_files import FileScreening
from fakturavakt.rulebook.loader import load_rulebook

SENDER: Final = "974760673"
OTHER: Final = "310000019"
AS_OF: Final = date(2021, 2, 2)


def invoice(number: str, sender: str = SENDER, **changed: object) -> dict[str, Any]:
    """An invoice that is sent; a change is ``line__consent={…}``, ``invoice__due_date="…"``."""
    line: dict[str, Any] = {
        "id": "1",
        "kind": "subscription",
        "amount": 349.0,
        "consent": {"given": True, "informed": True, "explicit": True, "given_on": "2020-11-05"},
        "agreed": {"given": True, "given_on": "2020-11-05", "amount": 349.0},
    }
    found: dict[str, Any] = {
        "invoice": {
            "number": number,
            "issue_date": "2021-02-01",
            "due_date": "2021-02-15",
            "send_date": "2021-02-02",
            "currency": "NOK",
            "payable_amount": 436.25,
            "lines": [line],
        },
        "sender": {"organisation_number": sender, "name": "Nordlys Nett AS"},
        "recipient": {
            "kind": "person",
            "name": "Kari Nordmann",
            "customer_number": f"K-{number}",
            "mobile": "+4791234567",
        },
        "relationship": {"agreement": True},
    }
    for key, value in changed.items():
        group, _, fact = key.partition("__")
        (line if group == "line" else found[group])[fact] = value
    return found


BLOCKED: Final[Mapping[str, Any]] = {"relationship__agreement": False, "relationship__claim": False}
UNCLEAR: Final[Mapping[str, Any]] = {"relationship__agreement": None}


def put(inbox: Path, name: str, *documents: object) -> Path:
    """A file of the inbox: JSON, or a line a document in NDJSON; text as it is."""
    inbox.mkdir(parents=True, exist_ok=True)
    lines = [each if isinstance(each, str) else json.dumps(each) for each in documents]
    path = inbox / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def bill(
    inbox: Path, outbox: Outbox, run_with: Callable[[BillingRun], None] = lambda _run: None
) -> None:
    """One billing run over all of the inbox."""
    book = load_rulebook()
    screening = FileScreening(book, AS_OF, "reference", "nb", None)
    files = sorted(str(path) for path in inbox.iterdir())
    run = BillingRun(outbox, {"language": "nb"})
    run_with(run)
    with outbox.locked():
        outbox.make()
        with outbox.journal() as journal:
            run.finish(journal)
            run.run(journal, str(inbox), "copy", screened_here(screening, files))
