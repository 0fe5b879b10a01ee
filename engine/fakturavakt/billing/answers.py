"""Answers held against the register: what is new in them, what it has already, and what it says otherwise.

An answer that contradicts the register is not taken: one of the two is wrong, and a person has to say which.
Answers are held against those before them, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from fakturavakt.billing.questions import (
    Assumed,
    Question,
    RegisterRow,
    completed,
    day_of,
    row_of,
    with_fact,
)
from fakturavakt.billing.register_writing import NewRow
from fakturavakt.intake.register import EvidenceKind, Register
from fakturavakt.intake.register_evidence import Evidence, entry_of
from fakturavakt.intake.register_tables import EVIDENCE, RECIPIENTS
from fakturavakt.problems import Place
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import Value


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered. ``cells`` is the row of ``evidence.csv`` as far as it is filled in; of a
    question about a fact ``value`` is what it is. ``place`` is the row of the questionnaire.
    """

    question: Question
    place: Place
    cells: Mapping[str, Value | None] = field(default_factory=dict)
    value: Value | None = None
    needed: int = 0
    """The day on which it has to hold, if the question is to be answered by it."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An answer that the register says otherwise, with what it says. Neither is shown with personal data."""

    answer: Answer
    said: Text


@dataclass
class HeldAgainst:
    """What became of each answer, in the order in which they came."""

    register: Register
    new: list[tuple[Answer, NewRow]] = field(default_factory=list)
    known: list[Answer] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    _of_customer: dict[tuple[str, str], list[RegisterRow]] = field(default_factory=dict)
    _of_all: list[RegisterRow] = field(default_factory=list)

    def take(self, answer: Answer) -> None:
        """Hold one more against the register and against those before it."""
        question = answer.question
        key = (question.sender, question.customer)
        rows = [*self._of_all, *self._of_customer.get(key, ())]
        now = self.register.with_rows(*key, rows)
        said = next(contradictions(answer, now), None)
        if said is not None:
            self.contradictions.append(Contradiction(answer, said))
            return
        row, is_new = row_of_answer(answer, now)
        if not is_new:
            self.known.append(answer)
            return
        self.new.append((answer, row))
        added = (row.table, row.values)
        if row.table in (EVIDENCE, RECIPIENTS):
            self._of_customer.setdefault(key, []).append(added)
        else:
            self._of_all.append(added)


def yes_to(question: Question, assumed: Assumed, register: Register) -> Answer:
    """The answer that a yes is taken to be."""
    table, values = row_of(question, assumed, register)
    names = (column.name for column in table.columns)
    return Answer(question, _NOWHERE, dict(zip(names, values, strict=True)), assumed.value)


def row_of_answer(answer: Answer, register: Register) -> tuple[NewRow, bool]:
    """The row that an answer is, and whether it says anything that the register does not."""
    question = answer.question
    if question.kind is None:
        table, values = with_fact(question, answer.value, register)
        is_new = known_fact(question, register) != answer.value
        return NewRow(table, values, question.column), is_new
    values = completed(answer.cells, register)
    same = _same_key(answer, register)
    new = entry_of(values)
    is_new = same is None or (same.terms, same.withdrawn) != (new.terms, new.withdrawn)
    return NewRow(EVIDENCE, values), is_new


def known_fact(question: Question, register: Register) -> Value | None:
    """What the register says of the fact that is asked for."""
    table = question.table
    second = question.customer if table is RECIPIENTS else question.service
    row = register.row(table, question.sender, second)
    return None if row is None else row[1][table.columns.index(question.column)]


def contradictions(answer: Answer, register: Register) -> Iterator[Text]:
    """What the register says otherwise."""
    question = answer.question
    kind = question.kind
    if kind is None:
        known = known_fact(question, register)
        if known is not None and known != answer.value:
            yield _OTHER_VALUE.filled(file=question.table.file, column=question.column.name)
        return
    service = str(answer.cells.get("service") or "")
    entries = register.entries(question.sender, question.customer, kind, service)
    given = answer.cells.get("given") is not False
    first = int(answer.cells["from"] or 0)
    last = max(first, answer.needed)
    for entry in entries:
        where = _IN_FILE.filled(line=entry.line) if entry.line else _ABOVE
        fields = {"from": day_of(entry.first_day), "kind": kind.value}
        if entry.first_day == first:
            yield from (_told(each, where, fields) for each in _other_terms(answer, entry, given))
        elif given and not entry.terms.given and first < entry.first_day <= last:
            yield _told(_SAYS_NO, where, fields)
        elif given and entry.terms.given and _ended_within(entry, first, last):
            ended = {**fields, "withdrawn": day_of(entry.withdrawn or 0)}
            yield _told(_ENDED, where, ended)
        elif not given and entry.terms.given and _in_force(kind, entry, first):
            yield _told(_SAYS_YES, where, fields)
    if not entries and given and kind in register.complete_for(question.sender):
        yield _COMPLETE.filled(kind=kind.value)


def _told(said: Text, where: Text, fields: Mapping[str, object]) -> Text:
    return text(*(said.say(e).format(where=where.say(e), **fields) for e in ("nb", "en")))


def _other_terms(answer: Answer, entry: Evidence, given: bool) -> Iterator[Text]:
    if entry.terms.given != given:
        yield _SAYS_NO if given else _SAYS_YES
        return
    said = entry_of(tuple(answer.cells.get(c.name) for c in EVIDENCE.columns))
    pairs = {
        "withdrawn": (said.withdrawn, entry.withdrawn),
        "informed": (said.terms.informed, entry.terms.informed),
        "explicit": (said.terms.explicit, entry.terms.explicit),
        "amount": (said.terms.amount, entry.terms.amount),
    }
    if None not in pairs["amount"]:
        pairs["currency"] = (said.terms.currency, entry.terms.currency)
    for name, (new, old) in pairs.items():
        if new is not None and old is not None and new != old:
            yield _OTHER_TERM.filled(column=name, **{"from": "{from}", "where": "{where}"})


def _ended_within(entry: Evidence, first: int, last: int) -> bool:
    """Whether it was in force when the answer begins, and ended by the day that is asked about."""
    ended = entry.withdrawn
    return entry.first_day < first and ended is not None and first <= ended <= last


def _in_force(kind: EvidenceKind, entry: Evidence, first: int) -> bool:
    """Whether the register has a yes that reaches the day from which the answer is no."""
    if entry.first_day > first:
        return not kind.of_invoice  # of a consent the newest counts, whatever was said before
    return not entry.withdrawn_by(first)


def _same_key(answer: Answer, register: Register) -> Evidence | None:
    question = answer.question
    assert question.kind is not None
    service = str(answer.cells.get("service") or "")
    entries = register.entries(question.sender, question.customer, question.kind, service)
    return next((each for each in entries if each.first_day == answer.cells["from"]), None)


_NOWHERE: Final = Place("-", 1, 1)
_IN_FILE: Final = text("evidence.csv, linje {line}", "evidence.csv, line {line}")
_ABOVE: Final = text("et svar lenger oppe", "an answer further up")
_OTHER_VALUE: Final = text(
    "{file} har alt en annen verdi i kolonnen {column}.",
    "{file} already has another value in the column {column}.",
)
_SAYS_NO: Final = text(
    "Registeret sier nei: {kind} fra {from} ({where}).",
    "The register says no: {kind} from {from} ({where}).",
)
_SAYS_YES: Final = text(
    "Registeret sier ja: {kind} fra {from} ({where}).",
    "The register says yes: {kind} from {from} ({where}).",
)
_ENDED: Final = text(
    "Registeret sier at {kind} fra {from} ble trukket {withdrawn} ({where}).",
    "The register says that {kind} from {from} was withdrawn on {withdrawn} ({where}).",
)
_OTHER_TERM: Final = text(
    "Registeret har en annen verdi for {column} fra {from} ({where}).",
    "The register has another value for {column} from {from} ({where}).",
)
_COMPLETE: Final = text(
    "Registeret er oppgitt å være fullstendig for {kind} (senders.csv), og har ingen slik oppføring: det er "
    "et nei.",
    "The register is said to be complete for {kind} (senders.csv), and has no such entry: that is a no.",
)
