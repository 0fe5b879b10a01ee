"""What tables say in place of the words of contract and register: columns, kinds of evidence, values.

An id stands for itself, and a label of the vocabulary for its fact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from fakturavakt.acceptance.sentences import (
    AMOUNT,
    DAY,
    FIELDS,
    QUOTED,
    UNQUOTED,
    Field,
    amount,
    bare,
    day,
    listed,
    quoted,
)
from fakturavakt.texts import ENGLISH, NORWEGIAN

LINE_COLUMNS: Final[Mapping[str, str]] = {
    "linje": "id",
    "varenummer": "service",
    "beskrivelse": "description",
    "gjelder": "kind",
    "beløp": "amount",
    "avtalt": "agreed.given",
    "avtalt den": "agreed.given_on",
    "avtalt beløp": "agreed.amount",
    "samtykke": "consent.given",
    "opplyst": "consent.informed",
    "eksplisitt": "consent.explicit",
    "samtykke gitt den": "consent.given_on",
    "samtykke trukket tilbake den": "consent.withdrawn_on",
    "aksept": "gift_acceptance.given",
    "aksept gitt den": "gift_acceptance.given_on",
    "aksept trukket tilbake den": "gift_acceptance.withdrawn_on",
    "line": "id",
    "item": "service",
    "what it is": "kind",
    "agreed": "agreed.given",
    "agreed on": "agreed.given_on",
    "agreed amount": "agreed.amount",
    "consent": "consent.given",
    "informed": "consent.informed",
    "explicit": "consent.explicit",
    "consent given on": "consent.given_on",
    "consent withdrawn on": "consent.withdrawn_on",
    "acceptance": "gift_acceptance.given",
    "acceptance given on": "gift_acceptance.given_on",
    "acceptance withdrawn on": "gift_acceptance.withdrawn_on",
}
"""Short words for facts of a line, beside their labels."""

EVIDENCE_KINDS: Final[Mapping[str, str]] = {
    "avtale": "agreement",
    "avtaler": "agreement",
    "fordring": "claim",
    "fordringer": "claim",
    "samtykke": "consent",
    "samtykker": "consent",
    "aksept": "gift_acceptance",
    "aksepter": "gift_acceptance",
    "avtalt ytelse": "agreed",
    "avtalte ytelser": "agreed",
    "agreements": "agreement",
    "claims": "claim",
    "consents": "consent",
    "acceptance": "gift_acceptance",
    "acceptances": "gift_acceptance",
    "agreed item": "agreed",
    "agreed items": "agreed",
}
"""Kinds of evidence, one or several."""

FIELDS["EvidenceKinds"] = Field(
    f"{QUOTED}|{UNQUOTED}",
    {NORWEGIAN: "samtykker og avtaler", ENGLISH: "consents and agreements"},
    lambda written: [EVIDENCE_KINDS.get(kind, kind) for kind in listed(written)],
    lambda written: all(kind in EVIDENCE_KINDS for kind in listed(written)),
)

_REGISTER_COLUMNS: Final[Mapping[str, str]] = {
    "varenummer": "service",
    "slag": "kind",
    "gjelder": "kind",
    "gitt": "given",
    "fra": "from",
    "trukket tilbake": "withdrawn",
    "opphørt": "withdrawn",
    "opplyst": "informed",
    "eksplisitt": "explicit",
    "beløp": "amount",
    "beløp med merverdiavgift": "amount_with_vat",
    "sats": "vat_rate",
    "valuta": "currency",
    "referanse": "reference",
    "item": "service",
    "what it is": "kind",
    "ended": "withdrawn",
    "amount with VAT": "amount_with_vat",
    "rate": "vat_rate",
}
_YES_NO: Final = {"ja": "true", "yes": "true", "nei": "false", "no": "false"}


def register_rows(table: Sequence[Sequence[str]], kinds: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows as the register's files write them; ``kinds`` are words for the column *kind*. A column that the
    register has not is left to it: it warns.
    """
    header, *rows = table
    columns = [_REGISTER_COLUMNS.get(written, written) for written in header]
    return [
        {
            column: _cell(cell, kinds if column == "kind" else _YES_NO)
            for column, cell in zip(columns, row, strict=True)
        }
        for row in rows
    ]


def _cell(written: str, words: Mapping[str, str]) -> str:
    """In quotation marks exactly what stands in the register, else as people write it."""
    if quoted(written):
        return bare(written)
    if written in words:
        return words[written]
    if re.fullmatch(DAY, written):
        return day(written)
    if re.fullmatch(r"\d+ ?%", written):
        return written.rstrip(" %")
    if re.fullmatch(AMOUNT, written) and ("kr" in written or "NOK" in written):
        return amount(written)
    return written
