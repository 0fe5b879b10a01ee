"""Rule books for the benchmarks: 15, 150 or 500 rules that decide, all in YAML, read by the real loader.

    python benchmarks/rule_books.py --rules 150 [--in-force 0.05] --output rules150/

The 15 are the shipped book's four prohibitions and four rules of channels, and seven further prohibitions
(one of each of :data:`FAMILIES`: four ask about the invoice, three about its lines). More rules are
further members of the same families, each for amounts of a narrow band: many rules of which few concern
one invoice, as large rule books are. The shipped book's scope, definitions and vocabulary stay; its
advice and classification, which decide nothing, are left out, since peers cannot be asked for them.
``--in-force``: the share of the rules beyond the eight shipped ones that is in force in the documents'
month; the others ended years before, or begin years after it.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import yaml

from fakturavakt.shipped import shipped_folder

SHIPPED: Final = 8
"""Prohibitions and rules of channels of the shipped book."""
LEFT_OUT: Final = ("advice", "agreements", "classification", "guarantees", "schema")

Written = dict[str, Any]
DEMAND: Final = "payment-demand"


Family = tuple[str, str, list[Written]]


def _band(fact: str, n: int, width: int) -> Family:
    """What the members of a family after the first are restricted to: amounts of a narrow band."""
    if n == 0:
        return "", "", []
    low, high = width * n, width * (n + 1)
    band = {fact: {"at_least": f"{low}.00", "below": f"{high}.00"}}
    return (
        f" (beløp fra {low} til {high} kroner)",
        f" (amounts from {low} to {high} kroner)",
        [band],
    )


def _of_invoice(n: int, nb: str, en: str, *parts: Written) -> Family:
    band_nb, band_en, band = _band("invoice.payable_amount", n, 60)
    return nb + band_nb, en + band_en, [*band, *parts]


def _of_line(n: int, nb: str, en: str, *parts: Written) -> Family:
    band_nb, band_en, band = _band("line.amount", n, 20)
    return nb + band_nb, en + band_en, [{"any line": {"all": [*band, *parts]}}]


def _due_before_sent(n: int) -> Family:
    return _of_invoice(
        n,
        "Fakturaen forfaller før den sendes",
        "The invoice is due before it is sent",
        {"invoice.due_date": {"before": "invoice.send_date"}},
    )


def _due_too_late(n: int) -> Family:
    return _of_invoice(
        n,
        "Fakturaen forfaller mer enn et år etter fakturadatoen",
        "The invoice is due more than a year after its issue date",
        {"invoice.due_date": {"after": "365 days after invoice.issue_date"}},
    )


def _amount_too_high(n: int) -> Family:
    limit = 8900 + n
    parts: list[Written] = [{"invoice.payable_amount": {"above": f"{limit}.00"}}]
    if n:  # an amount has its band here already
        parts.append({"invoice.due_date": {"before": f"{n % 3} days after invoice.send_date"}})
    return (
        f"Kravet er høyere enn {limit} kroner" + (", med kort frist" if n else ""),
        f"The demand is higher than {limit} kroner" + (", at short notice" if n else ""),
        parts,
    )


def _foreign_currency(n: int) -> Family:
    return _of_invoice(
        n,
        "Kravet er i en valuta som ikke er avtalt",
        "The demand is in a currency that was not agreed",
        {"invoice.currency": {"not_one_of": ["NOK", "SEK", "DKK"]}},
    )


def _old_consent(n: int) -> Family:
    days = 1500 + n
    return _of_line(
        n,
        f"Samtykket til abonnementet er eldre enn {days} dager",
        f"The consent to the subscription is older than {days} days",
        {"line.kind": "subscription"},
        {"line.consent.given_on": {"before": f"{days} days before invoice.send_date"}},
    )


def _gift_too_high(n: int) -> Family:
    limit = 1950 - n
    return _of_line(
        n,
        f"Det bes om en gave på mer enn {limit} kroner",
        f"A gift of more than {limit} kroner is asked for",
        {"line.kind": "gift_request"},
        {"line.amount": {"above": f"{limit}.00"}},
    )


def _period_ahead(n: int) -> Family:
    return _of_line(
        n,
        f"Abonnementet kreves betalt mer enn {60 + n} dager før perioden begynner",
        f"The subscription is billed more than {60 + n} days before its period begins",
        {"line.kind": "subscription"},
        {"line.period_start": {"after": f"{60 + n} days after invoice.issue_date"}},
    )


FAMILIES: Final[dict[str, Callable[[int], Family]]] = {
    "due-before-sent": _due_before_sent,
    "due-too-late": _due_too_late,
    "amount-too-high": _amount_too_high,
    "foreign-currency": _foreign_currency,
    "old-consent": _old_consent,
    "gift-too-high": _gift_too_high,
    "period-ahead": _period_ahead,
}


def _prohibition(at: int, window: Written) -> Written:
    """The rule numbered ``at``, from 0."""
    name, family = list(FAMILIES.items())[at % len(FAMILIES)]
    n = at // len(FAMILIES)
    nb, en, parts = family(n)
    lines = " (linje {lines})" if any("any line" in part for part in parts) else ""
    lines_en = lines.replace("linje", "line")
    rule: Written = {
        "rule": f"{name}-{n + 1}",
        "title": {"nb": nb, "en": en},
        "source": {
            "document": "fakturavakt, benchmarks",
            "updated": "2021-02-01",
            "clause": {"nb": "regel til måling", "en": "a rule to measure with"},
        },
        "then": "prohibit",
        "when": {"all": [DEMAND, *parts]},
        "message": {
            "holds": {"nb": f"{nb}{lines}.", "en": f"{en}{lines_en}."},
            "unknown": {
                "nb": f"Det er ukjent om dette gjelder: {nb.lower()}{lines}. Dette må avklares: {{missing}}.",
                "en": f"It is not known whether this is so: {en.lower()}{lines_en}. "
                "This must be established: {missing}.",
            },
        },
        "remedy": {"nb": "Rett fakturaen.", "en": "Correct the invoice."},
    }
    return rule | ({"effective": window} if window else {})


def write_rule_book(folder: Path, rules: int, in_force: float = 1.0) -> Path:
    """Make a rule book of so many rules in ``folder``, which must not exist; the folder again.

    Raises ``ValueError`` for fewer rules than the shipped book's eight.
    """
    if rules < SHIPPED:
        raise ValueError(f"{rules} rules: the shipped book has {SHIPPED} that decide")
    shutil.copytree(shipped_folder("rules"), folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    more = rules - SHIPPED
    for at in range(more):
        # Evenly spread over the families; every other one of the rest is over, or has not begun.
        is_in_force = int((at + 1) * in_force) > int(at * in_force)
        window: Written = {}
        if not is_in_force:
            window = {"before": "2015-01-01"} if at % 2 else {"from": "2031-01-01"}
        rule = _prohibition(at, window)
        text = yaml.safe_dump(rule, allow_unicode=True, sort_keys=False, width=1000)
        path = folder / "prohibitions" / f"{rule['rule']}.yaml"
        path.write_text(text, encoding="utf-8")
    return folder


def main() -> None:
    """Write a rule book."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rules", type=int, required=True)
    parser.add_argument("--in-force", type=float, default=1.0)
    parser.add_argument("--output", type=Path, required=True)
    chosen = parser.parse_args()
    write_rule_book(chosen.output, chosen.rules, chosen.in_force)


if __name__ == "__main__":
    main()
