"""From a raw document to facts: contract §1 (forms, bad values, lines) and the joins of §5.

Every format comes here as contract JSON, so that a form is read in one place. A bad value makes its
fact unknown, also where absence would mean something, and nothing repairs it; what is absent may come
from the sender's catalogue and the evidence register; what is still absent means what the vocabulary
says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.facts import FactProblem, Facts, LineFacts, Origin, UsedEvidence
from fakturavakt.intake.register import Answer, Entry, EvidenceKind, Register
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINE_PREFIX,
    LINES,
    Absence,
    Fact,
    FactType,
    Value,
    Vocabulary,
)
from fakturavakt.vocabulary.forms import Flaw
from fakturavakt.vocabulary.own_facts import (
    CURRENCY,
    CUSTOMER,
    ISSUE_DATE,
    PAYABLE_AMOUNT,
    SEND_DATE,
    SENDER,
    SERVICE,
)

WARNINGS_MAX: Final = 100
"""Different unknown keys that are told of in one run."""

POSITION_NAME: Final = re.compile(r"#[0-9]+")
"""An id that no line can have: so are those called that have none."""
_FIELD_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_FLAW_OF_LINE: Final = re.compile(r"line\[(?P<name>.*)\](?:\.(?P<fact>[a-z0-9_.]+))?", re.DOTALL)
_INVOICE_EVIDENCE: Final = {
    EvidenceKind.AGREEMENT: "relationship.agreement",
    EvidenceKind.CLAIM: "relationship.claim",
}
_LINE_EVIDENCE: Final = {
    EvidenceKind.CONSENT: "line.consent",
    EvidenceKind.GIFT_ACCEPTANCE: "line.gift_acceptance",
    EvidenceKind.AGREED: "line.agreed",
}


@dataclass(slots=True)
class ReadValues:
    """What was read of the invoice itself, or of one line.

    ``stated``: known values by fact. ``bad``: flaws by fact or group. ``blocked``: the facts that a
    flaw makes unknown. ``as_it_was``: what stood in the document, by fact or bad group.
    """

    stated: dict[str, Value] = field(default_factory=dict)
    bad: dict[str, Flaw] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    as_it_was: dict[str, object] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)

    def is_open(self, fact: str) -> bool:
        """Whether the document leaves the fact to the register: neither stated nor bad."""
        return fact not in self.stated and fact not in self.blocked

    def fill(self, fact: str, value: Value, origin: Origin) -> None:
        """Take a value from the register."""
        self.stated[fact] = value
        self.origins[fact] = origin

    def spoil(self, facts: list[str], name: str, flaw: Flaw) -> None:
        """Make a fact, or all facts of a group, unknown for a flaw."""
        self.bad[name] = flaw
        for fact in facts:
            self.stated.pop(fact, None)
            self.blocked.add(fact)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document, read: its facts, and what is needed to write it down again."""

    facts: Facts
    invoice: ReadValues
    lines: tuple[tuple[str, ReadValues], ...] | None


@dataclass
class FactReader:
    """Reads documents of one run.

    ``as_of`` is the screening date; ``warn`` is told once of each key that the vocabulary lacks.
    """

    vocabulary: Vocabulary
    as_of: date
    register: Register | None = None
    warn: Callable[[Text], None] = lambda _text: None
    unknown_keys: dict[str, None] = field(default_factory=dict)
    """Paths of the keys that the vocabulary lacks, as they came, up to one more than are told of."""

    def __post_init__(self) -> None:
        tree = dict(self.vocabulary.tree)
        line_tree = tree.pop("line", {})
        assert isinstance(line_tree, dict)
        self._invoice_tree: Mapping[str, object] = tree
        self._line_tree: Mapping[str, object] = line_tree
        meanings = [
            (fact.name, fact.of_line, self._meaning(fact))
            for fact in self.vocabulary
            if fact.absent is not Absence.UNKNOWN
        ]
        self._invoice_meanings = [(name, value) for name, of_line, value in meanings if not of_line]
        self._line_meanings = [(name, value) for name, of_line, value in meanings if of_line]
        self._of_group = {
            group: [f.name for f in self.vocabulary if f.name.startswith(f"{group}.")]
            for fact in self.vocabulary
            for group in _groups(fact.name)
        }

    def _meaning(self, fact: Fact) -> Value:
        if isinstance(fact.absent, Absence):
            return self.as_of.toordinal()
        return fact.absent

    def read(self, raw: RawDocument) -> ReadDocument:
        """All facts of a document; never fails."""
        invoice = ReadValues()
        self._read_group(self._invoice_tree, raw.content, "", invoice)
        self._apply_flaws(raw.flaws, invoice)
        self._take_registered_customer(raw, invoice)
        items = self._line_items(invoice)
        lines: list[tuple[str, ReadValues]] | None = None
        if items is not None:
            lines = []
            taken: set[str] = set()
            for position, item in enumerate(items, start=1):
                lines.append(self._read_line(item, position, taken))
            self._apply_line_flaws(raw.flaws, lines)
        evidence = tuple(self._join(invoice, lines or []))
        return ReadDocument(
            self._facts(raw, invoice, lines, evidence),
            invoice,
            None if lines is None else tuple(lines),
        )

    # -- the document's own values ---------------------------------------------------------------

    def _read_group(
        self, tree: Mapping[str, object], raw: Mapping[str, object], prefix: str, scope: ReadValues
    ) -> None:
        for key, value in raw.items():
            child = tree.get(key)
            if child is None:
                # A key that is no name of a field may be the name of a person.
                self.warn_of_unknown(f"{prefix}{key if _FIELD_NAME.fullmatch(key) else '…'}")
            elif isinstance(child, Fact):
                self._read_fact(child, value, scope)
            elif isinstance(value, dict):
                assert isinstance(child, dict)
                self._read_group(child, value, f"{prefix}{key}.", scope)
            elif not forms.is_absent(value):
                self._spoil(f"{prefix}{key}", Flaw.TYPE, scope)
                scope.as_it_was[f"{prefix}{key}"] = value

    def _read_fact(self, fact: Fact, raw: object, scope: ReadValues) -> None:
        if forms.is_absent(raw):
            return
        scope.as_it_was[fact.name] = raw
        if fact.type is FactType.LINES:
            return  # read once the invoice's own facts are
        value = forms.read(fact, raw)
        if isinstance(value, Flaw):
            self._spoil(fact.name, value, scope)
        elif value is not None:
            scope.stated[fact.name] = value

    def _spoil(self, name: str, flaw: Flaw, scope: ReadValues) -> None:
        scope.spoil(self._of_group.get(name, [name]), name, flaw)

    def warn_of_unknown(self, path: str) -> None:
        """Say once that a key is not used."""
        if path in self.unknown_keys or len(self.unknown_keys) > WARNINGS_MAX:
            return
        self.unknown_keys[path] = None
        if len(self.unknown_keys) > WARNINGS_MAX:
            self.warn(
                text("Flere ukjente nøkler nevnes ikke.", "Further unknown keys are not named.")
            )
            return
        self.warn(
            text(f"Ukjent nøkkel «{path}» brukes ikke.", f"The unknown key “{path}” is not used.")
        )

    def _apply_flaws(self, flaws: Mapping[str, Flaw], scope: ReadValues) -> None:
        """What the format itself knows to be bad, of the invoice."""
        for path, flaw in flaws.items():
            known = path in self.vocabulary or path in self._of_group
            if known and not path.startswith(LINE_PREFIX) and path != "line":
                self._spoil(path, flaw, scope)

    def _apply_line_flaws(
        self, flaws: Mapping[str, Flaw], lines: list[tuple[str, ReadValues]]
    ) -> None:
        if not flaws:
            return
        scopes = {f"#{n}": scope for n, (_, scope) in enumerate(lines, start=1)}
        scopes.update(lines)
        for path, flaw in flaws.items():
            found = _FLAW_OF_LINE.fullmatch(path)
            scope = scopes.get(found["name"]) if found else None
            if found is None or scope is None or found["fact"] is None:
                continue
            name = f"{LINE_PREFIX}{found['fact']}"
            if name in self.vocabulary or name in self._of_group:
                self._spoil(name, flaw, scope)

    def _take_registered_customer(self, raw: RawDocument, scope: ReadValues) -> None:
        number = raw.customer_number_if_registered
        if number is None or self.register is None or not scope.is_open(CUSTOMER):
            return
        sender = scope.stated.get(SENDER)
        customer = forms.read(self.vocabulary[CUSTOMER], number)
        if (
            sender is not None
            and isinstance(customer, str)
            and not isinstance(customer, Flaw)
            and self.register.knows_customer(str(sender), customer)
        ):
            scope.stated[CUSTOMER] = customer

    # -- lines -----------------------------------------------------------------------------------

    def _line_items(self, invoice: ReadValues) -> list[object] | None:
        """The items of the list of lines; None where the lines are unknown."""
        raw = invoice.as_it_was.get(LINES)
        if raw is None or LINES in invoice.blocked:
            return None
        if not isinstance(raw, list):
            self._spoil(LINES, Flaw.TYPE, invoice)
            return None
        if not raw and invoice.stated.get(PAYABLE_AMOUNT) != 0:
            # Somebody demands money for nothing that can be seen: the lines were lost on the way.
            self._spoil(LINES, Flaw.NO_LINES, invoice)
            return None
        return raw

    def _read_line(self, item: object, position: int, taken: set[str]) -> tuple[str, ReadValues]:
        scope = ReadValues()
        if not isinstance(item, dict):
            self._spoil("line", Flaw.TYPE, scope)
            scope.as_it_was["line"] = item
            return f"#{position}", scope
        self._read_group(self._line_tree, item, LINE_PREFIX, scope)
        name = scope.stated.get(LINE_ID)
        if isinstance(name, str) and name not in taken and not POSITION_NAME.fullmatch(name):
            taken.add(name)
            return name, scope
        self._spoil(LINE_ID, Flaw.LINE_ID, scope)
        return f"#{position}", scope

    # -- catalogue and evidence ------------------------------------------------------------------

    def _join(
        self, invoice: ReadValues, lines: list[tuple[str, ReadValues]]
    ) -> Iterator[UsedEvidence]:
        register = self.register
        sender = invoice.stated.get(SENDER)
        if register is None or sender is None:
            return
        sender = str(sender)
        for _, line in lines:
            service = line.stated.get(SERVICE)
            if service is not None:
                self._fill(line, register.line_kind(sender, str(service)))
        self._fill(invoice, register.sender(sender))
        customer = invoice.stated.get(CUSTOMER)
        if customer is None:
            return
        customer = str(customer)
        self._fill(invoice, register.recipient(sender, customer))
        send_day = self._send_day(invoice)
        issue_day = invoice.stated.get(ISSUE_DATE)
        currency = invoice.stated.get(CURRENCY)
        for kind, fact in _INVOICE_EVIDENCE.items():
            if fact not in self.vocabulary or send_day is None or not invoice.is_open(fact):
                continue
            answer = register.evidence(kind, sender, customer, None, send_day, None)
            if answer is not None and "given" in answer.values:
                invoice.fill(fact, answer.values["given"], _origin(answer, kind))
                if answer.entry is not None:
                    yield UsedEvidence(None, kind.value, answer.reference)
        for name, line in lines:
            service = line.stated.get(SERVICE)
            for kind, group in _LINE_EVIDENCE.items():
                day = issue_day if kind is EvidenceKind.AGREED else send_day
                facts = self._of_group.get(group, [])
                # A group comes whole from one of the two: mixed, it would be nobody's statement.
                if day is None or service is None or not all(map(line.is_open, facts)):
                    continue
                answer = register.evidence(
                    kind,
                    sender,
                    customer,
                    str(service),
                    int(day),
                    None if currency is None else str(currency),
                )
                if answer is None:
                    continue
                for key, value in answer.values.items():
                    if f"{group}.{key}" in self.vocabulary:
                        line.fill(f"{group}.{key}", value, _origin(answer, kind))
                if answer.entry is not None:
                    yield UsedEvidence(name, kind.value, answer.reference)

    def _fill(self, scope: ReadValues, entry: Entry | None) -> None:
        """Take from a register entry what the document lacks."""
        if entry is None:
            return
        for fact, value in entry.values.items():
            if fact in self.vocabulary and scope.is_open(fact):
                scope.fill(fact, value, Origin(entry.place))

    def _send_day(self, invoice: ReadValues) -> int | None:
        """The send date as a day; it is the screening date where the document has none."""
        if SEND_DATE in invoice.blocked:
            return None
        return int(invoice.stated.get(SEND_DATE, self.as_of.toordinal()))

    # -- the result ------------------------------------------------------------------------------

    def _facts(
        self,
        raw: RawDocument,
        invoice: ReadValues,
        lines: list[tuple[str, ReadValues]] | None,
        evidence: tuple[UsedEvidence, ...],
    ) -> Facts:
        return Facts(
            source=raw.source,
            values=_with_meanings(invoice, self._invoice_meanings),
            stated=frozenset(invoice.stated),
            lines=None
            if lines is None
            else tuple(
                LineFacts(
                    name,
                    position,
                    _with_meanings(scope, self._line_meanings),
                    frozenset(scope.stated),
                    scope.origins,
                )
                for position, (name, scope) in enumerate(lines, start=1)
            ),
            problems=self._problems(invoice, lines or []),
            evidence=evidence,
            origins=invoice.origins,
        )

    def _problems(
        self, invoice: ReadValues, lines: list[tuple[str, ReadValues]]
    ) -> tuple[FactProblem, ...]:
        """In the order of §2, a group before its facts."""
        found = [
            ((0, self.vocabulary.order(name), len(name)), FactProblem(name, flaw))
            for name, flaw in invoice.bad.items()
        ]
        for position, (line, scope) in enumerate(lines, start=1):
            for name, flaw in scope.bad.items():
                path = f"line[{line}]{name.removeprefix('line')}"
                key = (position, self.vocabulary.order(name), len(name))
                found.append((key, FactProblem(path, flaw)))
        return tuple(problem for _, problem in sorted(found, key=lambda each: each[0]))


def _origin(answer: Answer, kind: EvidenceKind) -> Origin:
    """The row that an answer of the register comes from."""
    place = answer.entry or answer.complete
    assert place is not None
    return Origin(place, None if answer.entry else kind.value)


def _groups(name: str) -> Iterator[str]:
    parts = name.split(".")
    for depth in range(1, len(parts)):
        yield ".".join(parts[:depth])


def _with_meanings(scope: ReadValues, meanings: list[tuple[str, Value]]) -> dict[str, Value]:
    """The stated values, and what the absence of the others means."""
    values = dict(scope.stated)
    for name, value in meanings:
        if name not in values and name not in scope.blocked:
            values[name] = value
    return values
