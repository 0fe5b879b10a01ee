"""The evidence register (contract §5): what a sender can show about its customers, looked up.

A folder of CSV files is read and checked whole by :meth:`Register.load`; a register that exists has
no bad row. It answers from memory, for one day at a time, and repairs nothing: what of an answer a
document uses is decided where the document's own facts are. The other ``register_…`` modules are
its parts: the columns, the reading of one file, the entries of ``evidence.csv``. May import:
``texts``, ``problems``, ``vocabulary``, those parts.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Final, Self

from fakturavakt.intake.register_evidence import (
    Customers,
    Evidence,
    Subject,
    customers_in,
    entry_of,
    entry_that_counts,
    with_entry,
)
from fakturavakt.intake.register_files import Findings, RegisterFile, Row, Table, Values
from fakturavakt.intake.register_tables import (
    EVIDENCE,
    RECIPIENTS,
    SENDERS,
    SERVICES,
    EvidenceKind,
)
from fakturavakt.problems import Place, Problem, ProblemsError
from fakturavakt.texts import Text, listed, text
from fakturavakt.vocabulary.facts import Value

__all__ = [
    "Answer",
    "Customer",
    "Entry",
    "Evidence",
    "EvidenceKind",
    "Register",
    "RegisterError",
    "given_by",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says of a sender, a recipient or a service.

    ``values`` has its known facts by their full names (``recipient.mobile``); ``place`` is where
    the row begins.
    """

    values: Mapping[str, Value]
    place: Place


@dataclass(frozen=True, slots=True)
class Answer:
    """What the register knows about one kind of evidence on one day.

    ``values`` has those of ``given``, ``given_on``, ``withdrawn_on``, ``informed``, ``explicit``
    and ``amount`` that are known: days as ordinals, the amount as øre. ``reference`` and ``entry``,
    where it begins, are those of the entry that gave them; None where no entry did, and
    ``complete_for`` in ``senders.csv`` turned that into a *no*: ``complete`` is the sender's row.
    """

    values: Mapping[str, Value]
    reference: str | None
    entry: Place | None
    complete: Place | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """All that the register has on a sender's customer: the known ``recipient.…`` facts, and the entries of
    ``evidence.csv`` by subject and first day, one of each.
    """

    sender: str
    number: str
    values: Mapping[str, Value]
    entries: tuple[Evidence, ...]


class RegisterError(ProblemsError):
    """A register that cannot be used, with all of its mistakes."""


_SUBJECT: Final = attrgetter("subject")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Register:
    """A register that was read and found good; :meth:`load` makes one, ``Register()`` is empty.

    Senders are named by organisation number, nine digits. Texts are trimmed, as all facts are.
    ``warnings`` is for people: one for each column that is unknown and therefore not used. It has
    no ``repr`` of its contents, which are personal data.
    """

    warnings: tuple[Text, ...] = ()
    _folder: Path = Path()
    _senders: Mapping[str, Row] = field(default_factory=dict)
    _recipients: Mapping[tuple[str, str], Row] = field(default_factory=dict)
    _services: Mapping[tuple[str, str], Row] = field(default_factory=dict)
    _customers: Customers = field(default_factory=dict)
    _complete_for: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """Reads the CSV files of a folder; files that are not there have no rows.

        Raises :class:`RegisterError` with every mistake of every file: a folder or a file that
        cannot be read, a header that does not fit, every bad row of contract §5.
        """
        folder = Path(folder)
        _check_folder(folder)
        _check_files(folder)
        findings = Findings()
        senders_file = RegisterFile(folder, SENDERS, findings)
        senders = {str(values[0]): (line, values) for line, values in _whole_rows(senders_file)}
        recipients = _by_sender_and_second(RegisterFile(folder, RECIPIENTS, findings))
        services = _by_sender_and_second(RegisterFile(folder, SERVICES, findings))
        evidence_file = RegisterFile(folder, EVIDENCE, findings)
        customers = customers_in(evidence_file, findings)
        complete_for = {
            sender: frozenset(str(values[-1]).split())
            for sender, (_, values) in senders.items()
            if values[-1] is not None
        }
        if not evidence_file.exists:
            for sender in complete_for:
                _no_evidence(senders_file, senders[sender][0], findings)
        if findings.problems:
            raise RegisterError(findings.problems)
        return cls(
            tuple(findings.warnings), folder, senders, recipients, services, customers, complete_for
        )

    def senders(self) -> list[str]:
        """The organisation numbers in ``senders.csv``, sorted."""
        return sorted(self._senders)

    def sender(self, organisation_number: str) -> Entry | None:
        """What ``senders.csv`` knows about a sender: its ``sender.…`` facts."""
        return self._entry(SENDERS, self._senders.get(organisation_number))

    def recipient(self, sender: str, customer_number: str) -> Entry | None:
        """What ``recipients.csv`` knows about a sender's customer: its ``recipient.…`` facts."""
        return self._entry(RECIPIENTS, self._recipients.get((sender, customer_number)))

    def line_kind(self, sender: str, service: str) -> Entry | None:
        """The ``line.kind`` of what a sender sells, by its own catalogue ``services.csv``."""
        return self._entry(SERVICES, self._services.get((sender, service)))

    def complete_for(self, sender: str) -> frozenset[str]:
        """The kinds of evidence for which no entry means *no*, by ``senders.csv``."""
        return self._complete_for.get(sender, frozenset())

    def customers(self) -> Iterator[Customer]:
        """Every customer in ``recipients.csv`` or ``evidence.csv``."""
        for (sender, number), row in self._recipients.items():
            entries = self._customers.get(sender, {}).get(number, ())
            yield Customer(sender, number, _known(RECIPIENTS, row), entries)
        for sender, customers in self._customers.items():
            for number, entries in customers.items():
                if (sender, number) not in self._recipients:
                    yield Customer(sender, number, {}, entries)

    def catalogue(self) -> Iterator[tuple[str, str, str]]:
        """Sender, service and kind of all that is sold, by ``services.csv``."""
        for (sender, service), (_, values) in self._services.items():
            yield sender, service, str(values[-1])

    def knows_customer(self, sender: str, customer_number: str) -> bool:
        """Whether the sender has such a customer, by ``recipients.csv`` or ``evidence.csv``."""
        return (sender, customer_number) in self._recipients or customer_number in (
            self._customers.get(sender, {})
        )

    def evidence(
        self,
        kind: EvidenceKind,
        sender: str,
        customer_number: str,
        service: str | None,
        day: int,
        currency: str | None,
    ) -> Answer | None:
        """What the register knows about one kind of evidence; None where it knows nothing.

        ``day`` is the ordinal of the issue date for ``agreed``, else of the send date. ``service``
        is the line's; without one there is nothing to find, but for ``agreement`` and ``claim``,
        which take none. ``currency`` is the invoice's, for the amount that was agreed; None if
        unknown.
        """
        if kind.of_invoice:
            entries = self._about(sender, customer_number, Subject(kind, ""))
        elif service is None:
            return None
        else:
            entries = self._about(sender, customer_number, Subject(kind, service))
            if not entries and kind is EvidenceKind.GIFT_ACCEPTANCE:
                entries = self._about(sender, customer_number, Subject(kind, ""))
        found = entry_that_counts(kind, entries, day)
        if found is not None:
            place = Place(str(self._folder / EVIDENCE.file), found.line, 1)
            return Answer(given_by(found, day, currency), found.reference, place)
        if kind in self._complete_for.get(sender, ()):
            line, _ = self._senders[sender]
            place = Place(str(self._folder / SENDERS.file), line, 1)
            return Answer({"given": False}, None, None, place)
        return None

    def row(self, table: Table, sender: str, second: str = "") -> Row | None:
        """The row of ``senders.csv``, ``recipients.csv`` or ``services.csv`` that counts for a key."""
        if table is SENDERS:
            return self._senders.get(sender)
        return (self._recipients if table is RECIPIENTS else self._services).get((sender, second))

    def entries(
        self, sender: str, customer_number: str, kind: EvidenceKind, service: str
    ) -> Sequence[Evidence]:
        """What a sender has recorded about a customer and one subject, by first day."""
        return self._about(sender, customer_number, Subject(kind, service))

    def with_rows(
        self, sender: str, customer_number: str, rows: Iterable[tuple[Table, Values]]
    ) -> Register:
        """The register as it would be with further rows, each whole and its cells fitting together.

        For documents of this one customer: it has the evidence of no other, so that nothing of the register
        is copied. What the rows say of other customers is left out.
        """
        senders, services = dict[str, Row](), dict[tuple[str, str], Row]()
        recipients = dict[tuple[str, str], Row]()
        entries: Sequence[Evidence] = self._customers.get(sender, {}).get(customer_number, ())
        key = (sender, customer_number)
        if key in self._recipients:
            recipients[key] = self._recipients[key]
        for table, values in rows:
            if table is SENDERS:
                senders[str(values[0])] = (0, values)
            elif table is SERVICES:
                services[str(values[0]), str(values[1])] = (0, values)
            elif values[:2] == key and table is RECIPIENTS:
                recipients[key] = (0, values)
            elif values[:2] == key:
                entries = with_entry(entries, entry_of(values))
        return Register(
            (),
            self._folder,
            ChainMap(senders, self._senders) if senders else self._senders,  # type: ignore[arg-type]
            recipients,
            ChainMap(services, self._services) if services else self._services,  # type: ignore[arg-type]
            {sender: {customer_number: tuple(entries)}} if entries else {},
            self._complete_for,
        )

    def _about(self, sender: str, customer_number: str, subject: Subject) -> Sequence[Evidence]:
        """A customer's entries about one subject, by first day."""
        entries = self._customers.get(sender, {}).get(customer_number, ())
        begin = bisect_left(entries, subject, key=_SUBJECT)
        return entries[begin : bisect_right(entries, subject, lo=begin, key=_SUBJECT)]

    def _entry(self, table: Table, row: Row | None) -> Entry | None:
        if row is None:
            return None
        return Entry(_known(table, row), Place(str(self._folder / table.file), row[0], 1))


def _known(table: Table, row: Row) -> Mapping[str, Value]:
    """The facts of a row that are filled in, by their full names."""
    return {
        column.fact.name: value
        for column, value in zip(table.columns, row[1], strict=True)
        if value is not None and column.gives_fact
    }


def given_by(entry: Evidence, day: int, currency: str | None) -> Mapping[str, Value]:
    """What an entry gives on a day, by the short names of :class:`Answer`."""
    kind, terms = entry.subject.kind, entry.terms
    found: dict[str, Value | None]
    if kind.of_invoice:
        found = {"given": entry.given_on(day)}
    elif kind is EvidenceKind.AGREED:
        same_currency = currency == terms.currency
        found = {
            "given": entry.given_on(day),
            "given_on": entry.first_day,
            "amount": terms.amount if same_currency else None,
        }
    else:
        found = {
            "given": terms.given,
            "given_on": entry.first_day,
            "withdrawn_on": entry.withdrawn,
            "informed": terms.informed,
            "explicit": terms.explicit,
        }
    return {name: value for name, value in found.items() if value is not None}


def _check_folder(folder: Path) -> None:
    try:
        if folder.is_dir():
            return
        wrong = (
            text("Dette er ikke en mappe.", "This is no folder.")
            if folder.exists()
            else text("Mappen finnes ikke.", "There is no such folder.")
        )
    except OSError:
        wrong = text("Mappen kan ikke leses.", "The folder cannot be read.")
    expected = text(
        f"Et register er en mappe med filer som {SENDERS.file} og {EVIDENCE.file}.",
        f"A register is a folder of files such as {SENDERS.file} and {EVIDENCE.file}.",
    )
    raise RegisterError([Problem(Place(str(folder), 1, 1), "no-folder", wrong, expected)])


def _check_files(folder: Path) -> None:
    """One file that is missing has no rows; none of them at all is another folder than was meant."""
    names = [table.file for table in (SENDERS, RECIPIENTS, SERVICES, EVIDENCE)]
    if any(os.path.lexists(folder / name) for name in names):
        return
    wrong = text(
        f"Ingen av filene {listed(names, 'nb')} finnes her.",
        f"None of the files {listed(names, 'en')} is here.",
    )
    raise RegisterError([Problem(Place(str(folder), 1, 1), "no-files", wrong)])


def _no_evidence(senders_file: RegisterFile, line: int, findings: Findings) -> None:
    """A sender whose register is said to be complete, and none of it is there."""
    cell = senders_file.cell_number("complete_for")
    assert cell is not None
    findings.wrong(
        senders_file.place(line, cell),
        "no-evidence",
        f"Registeret skal være fullstendig, men filen {EVIDENCE.file} finnes ikke.",
        f"The register should be complete, but there is no file {EVIDENCE.file}.",
        text(
            f"Legg til {EVIDENCE.file}, om så bare med overskriften, eller tøm cellen.",
            f"Add {EVIDENCE.file}, if only with its header, or empty the cell.",
        ),
    )


def _whole_rows(file: RegisterFile) -> Iterable[Row]:
    return ((line, values) for line, values, whole in file.rows() if whole)


def _by_sender_and_second(file: RegisterFile) -> dict[tuple[str, str], Row]:
    """Rows by sender and the column behind it; of rows with one key the last, whole."""
    return {(str(values[0]), str(values[1])): (line, values) for line, values in _whole_rows(file)}
