"""``evidence.csv``: from rows to entries, what is wrong where cells do not fit together, and which of
several entries counts on a day.

May import: ``vocabulary``, ``intake.register_files``, ``intake.register_tables``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeAlias

from fakturavakt.intake.register_files import Findings, RegisterFile, Values
from fakturavakt.intake.register_tables import EvidenceKind
from fakturavakt.vocabulary.facts import Value

_OWN_CURRENCY: Final = "NOK"
_FIRST_DAY: Final = attrgetter("first_day")
_SUBJECT: Final = attrgetter("subject")


class Subject(NamedTuple):
    """What an entry is about; ``service`` is empty where it names none. Ordered, for bisecting."""

    kind: EvidenceKind
    service: str


class Terms(NamedTuple):
    """What an entry says apart from its days; ``amount`` is without VAT, in hundredths of
    ``currency``.
    """

    given: bool
    informed: Value | None
    explicit: Value | None
    amount: int | None
    currency: str


@dataclass(slots=True)
class Evidence:
    """One entry of ``evidence.csv``: its days as ordinals, the ``line`` that its row begins on.

    There may be millions of them. Those that are alike share one subject and one terms.
    """

    subject: Subject
    first_day: int
    withdrawn: int | None
    terms: Terms
    reference: str | None
    line: int

    def given_on(self, day: int) -> bool:
        """What an entry that is a state, not an event, says about that day."""
        return self.terms.given and not self.withdrawn_by(day)

    def withdrawn_by(self, day: int) -> bool:
        """Whether it ended on that day or before."""
        return self.withdrawn is not None and self.withdrawn <= day


Customers: TypeAlias = dict[str, dict[str, tuple[Evidence, ...]]]
"""Sender, customer number: the entries by subject and first day, one of each."""


def customers_in(file: RegisterFile, findings: Findings) -> Customers:
    """All entries of ``evidence.csv``; what is wrong with its rows goes to ``findings``."""
    gathered: dict[str, dict[str, list[Evidence]]] = {}
    alike: dict[Values, tuple[Subject, Terms]] = {}
    subjects: dict[Subject, Subject] = {}
    all_terms: dict[Terms, Terms] = {}
    for line, values, whole in file.rows():
        # What makes rows alike, days and names apart: a row like an earlier good one fits as well.
        about = values[2:5] + values[7:13]
        known = alike.get(about)
        if known is None:
            fits = _cells_fit(file, line, values, findings)
            if not (whole and fits):
                continue
            service, kind, *said = about
            subject = Subject(EvidenceKind(str(kind)), str(service or ""))
            terms = _terms(said)
            known = (subjects.setdefault(subject, subject), all_terms.setdefault(terms, terms))
            alike[about] = known
        if whole:
            row: tuple[Any, ...] = values  # in a whole row each value has its column's type
            entry = Evidence(known[0], row[5], row[6], known[1], row[13], line)
            gathered.setdefault(row[0], {}).setdefault(row[1], []).append(entry)
    return {
        sender: {number: _once(entries) for number, entries in customers.items()}
        for sender, customers in gathered.items()
    }


def entry_of(values: Values, line: int = 0) -> Evidence:
    """The entry that a whole row of ``evidence.csv`` is, its cells fitting together."""
    row: tuple[Any, ...] = values
    subject = Subject(EvidenceKind(row[3]), row[2] or "")
    return Evidence(subject, row[5], row[6], _terms([row[4], *row[7:13]]), row[13], line)


def with_entry(entries: Sequence[Evidence], entry: Evidence) -> tuple[Evidence, ...]:
    """One customer's entries with one more, which takes the place of the one that it repeats."""
    return _once([*entries, entry])


def _once(entries: list[Evidence]) -> tuple[Evidence, ...]:
    """One customer's entries by subject and first day; of rows that are one entry, the last."""
    if len(entries) > 1:
        last = {(entry.subject, entry.first_day): entry for entry in entries}
        entries = [last[key] for key in sorted(last)]
    return tuple(entries)


def _cells_fit(file: RegisterFile, line: int, values: Values, findings: Findings) -> bool:
    """Whether the cells of a row of ``evidence.csv`` fit together; notes what does not.

    A cell with a bad value is filled in all the same: its row may be wrong in both ways.
    """
    service, kind = values[2:4]
    amount, amount_with_vat, vat_rate = values[9:12]
    wrong: list[tuple[str, str, str, str]] = []
    if service is not None and kind in _TAKES_NO_SERVICE:
        wrong.append(
            (
                "service",
                "service-not-taken",
                f"Evidens av typen {kind} gjelder hele fakturaen og skal ikke ha noen tjeneste.",
                f"Evidence of the kind {kind} is about the whole invoice and takes no service.",
            )
        )
    if service is None and kind in _NEEDS_SERVICE:
        wrong.append(
            (
                "service" if file.cell_number("service") else "kind",
                "no-service",
                f"Evidens av typen {kind} må si hvilken tjeneste den gjelder.",
                f"Evidence of the kind {kind} must name the service that it is about.",
            )
        )
    if amount is not None and amount_with_vat is not None:
        wrong.append(
            (
                "amount_with_vat",
                "both-amounts",
                "Beløpet står både uten og med mva. Fyll ut bare det ene.",
                "The amount stands both without and with VAT. Fill in only one.",
            )
        )
    if (amount_with_vat is None) != (vat_rate is None):
        wrong.append(
            (
                "vat_rate" if amount_with_vat is None else "amount_with_vat",
                "half-amount",
                "Kolonnene amount_with_vat og vat_rate må fylles ut sammen.",
                "The columns amount_with_vat and vat_rate must be filled in together.",
            )
        )
    for column, code, nb, en in wrong:
        findings.wrong(file.place(line, file.cell_number(column) or 1), code, nb, en)
    return not wrong


_TAKES_NO_SERVICE: Final = frozenset(kind for kind in EvidenceKind if kind.of_invoice)
_NEEDS_SERVICE: Final = frozenset(kind for kind in EvidenceKind if kind.needs_service)


def _terms(said: Sequence[Value | None]) -> Terms:
    """``given``, ``informed``, ``explicit``, the three amounts and ``currency``, taken together."""
    given, informed, explicit, amount, amount_with_vat, vat_rate, currency = said
    if amount_with_vat is not None:
        assert isinstance(amount_with_vat, int)
        assert isinstance(vat_rate, int)
        amount = without_vat(amount_with_vat, vat_rate)
    assert amount is None or isinstance(amount, int)
    return Terms(given is not False, informed, explicit, amount, str(currency or _OWN_CURRENCY))


def without_vat(ore: int, rate_hundredths: int) -> int:
    """An amount with VAT, in øre, without it: rounded half up to øre, exactly (contract §5).

    ``rate_hundredths`` is the rate in hundredths of a percent, from 0: 2500 is 25 %. Half up is
    away from zero, as in ``decimal`` and SQL, so that a rebate mirrors its charge.
    """
    divisor = 10_000 + rate_hundredths
    rounded = (2 * abs(ore) * 10_000 + divisor) // (2 * divisor)
    return -rounded if ore < 0 else rounded


def entry_that_counts(kind: EvidenceKind, entries: Sequence[Evidence], day: int) -> Evidence | None:
    """The one entry that counts on a day, of those about one subject, ordered by first day."""
    until_day = entries[: bisect_right(entries, day, key=_FIRST_DAY)]
    if not kind.is_state:
        # A consent that was withdrawn counts until there is a new one: it says so itself.
        newest = until_day[-1] if until_day else None
    else:
        in_force = (entry for entry in reversed(until_day) if not entry.withdrawn_by(day))
        newest = next(in_force, until_day[-1] if until_day else None)
    if newest is None and entries and not kind.of_invoice:
        return entries[0]  # one to come; its `given_on` shows that it is too late
    return newest


def spells(entries: Sequence[Evidence]) -> Iterator[tuple[int, int, Evidence]]:
    """Which entry counts when: ``(first day, last day, entry)``, over all days, both included.

    ``entries`` are one customer's, by subject and first day. Within a spell neither the entry that counts
    nor what it gives changes; days for which there is none are in no spell.
    """
    first_of_all, behind_all = date.min.toordinal(), date.max.toordinal() + 1
    for subject, group in groupby(entries, key=_SUBJECT):
        alike = tuple(group)
        if len(alike) == 1 and (alike[0].withdrawn is None or not subject.kind.is_state):
            begins = alike[0].first_day if subject.kind.of_invoice else first_of_all
            yield begins, behind_all - 1, alike[0]  # as nearly always
            continue
        turns = {first_of_all, *(entry.first_day for entry in alike)}
        if subject.kind.is_state:
            turns.update(entry.withdrawn for entry in alike if entry.withdrawn is not None)
        for first, behind in pairwise([*sorted(turns), behind_all]):
            found = entry_that_counts(subject.kind, alike, first)
            if found is not None:
                yield first, behind - 1, found
