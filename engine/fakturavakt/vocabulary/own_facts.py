"""The facts that the program reads itself, whatever the rules of a rule book ask about."""

from __future__ import annotations

from typing import Final

from fakturavakt.vocabulary.facts import LINE_ID, LINES

NUMBER: Final = "invoice.number"
INVOICE_KIND: Final = "invoice.kind"
ISSUE_DATE: Final = "invoice.issue_date"
SEND_DATE: Final = "invoice.send_date"
"""The fact that effective windows are about."""
CURRENCY: Final = "invoice.currency"
PAYABLE_AMOUNT: Final = "invoice.payable_amount"
SENDER: Final = "sender.organisation_number"
AUTOPAY: Final = "sender.autopay"
CUSTOMER: Final = "recipient.customer_number"
LINE_KIND: Final = "line.kind"
"""The fact that the classification suggests."""
SERVICE: Final = "line.service"

OWN_FACTS: Final = frozenset(
    {
        NUMBER,
        INVOICE_KIND,
        ISSUE_DATE,
        SEND_DATE,
        CURRENCY,
        PAYABLE_AMOUNT,
        LINES,
        SENDER,
        AUTOPAY,
        CUSTOMER,
        LINE_ID,
        LINE_KIND,
        SERVICE,
    }
)
"""By them invoices are told apart, looked up in the register, counted and dated."""
