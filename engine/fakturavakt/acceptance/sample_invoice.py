"""The invoice that scenarios start from: everything in order, persons and numbers invented."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

SENDER: Final = "974760673"
CUSTOMER: Final = "K1"
SCREENED_ON: Final = date(2021, 2, 2)
"""The day of scenarios that name none."""


def sendable() -> dict[str, Any]:
    """An invoice with everything in order: a person, an agreement, one agreed item, eFaktura."""
    return {
        "invoice": {
            "number": "1001",
            "issue_date": "2021-02-01",
            "due_date": "2021-02-15",
            "send_date": "2021-02-02",
            "currency": "NOK",
            "payable_amount": "436.25",
            "lines": [agreed_line(1)],
        },
        "sender": {
            "organisation_number": SENDER,
            "efaktura_b2c_agreement": True,
            "legacy_vipps_agreement": False,
        },
        "recipient": {
            "kind": "person",
            "customer_number": CUSTOMER,
            "name": "Kari Nordmann",
            "street": "Storgata 1",
            "postal_code": "0155",
            "city": "Oslo",
            "mobile": "+4791234567",
            "efaktura": True,
            "vipps": True,
        },
        "relationship": {"agreement": True},
    }


def agreed_line(number: int) -> dict[str, Any]:
    """A line for an item that was agreed in time, for its amount."""
    return {
        "id": str(number),
        "description": "Kaffe",
        "service": f"vare-{number}",
        "kind": "goods",
        "amount": "349.00",
        "agreed": {"given": True, "given_on": "2021-01-15", "amount": "349.00"},
    }


def consent() -> dict[str, Any]:
    """A complete consent, given in time."""
    return {"given": True, "informed": True, "explicit": True, "given_on": "2021-01-15"}
