"""The queue as a questionnaire: a row a question, to be filled in with a spreadsheet and read back.

What is asked stands in the row by itself, so that a row can be sent to whoever knows. A file that is read
back has only good rows, or none: all that is wrong is told at once, as ``file:line:column``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, TextIO

from fakturavakt.billing.answers import Answer
from fakturavakt.billing.hold_groups import Group
from fakturavakt.billing.hold_words import asked_in_words
from fakturavakt.billing.questions import COLUMN_OF, Question
from fakturavakt.billing.register_writing import written_cell
from fakturavakt.intake.csv_text import CsvRecord, CsvTextError, decoded, records
from fakturavakt.intake.register import EvidenceKind
from fakturavakt.intake.register_files import Column
from fakturavakt.intake.register_tables import EVIDENCE
from fakturavakt.problems import Place, Problem, ProblemsError, why_not
from fakturavakt.report.machine import disarmed
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import FactType, Value
from fakturavakt.vocabulary.forms import BLANKS, Flaw, is_absent, written_ore

_DELIMITER: Final = ";"
_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""What tells a spreadsheet that the file is UTF-8."""
KEYS: Final = (
    "sender",
    "customer_number",
    "service",
    "about",
    "entry_from",
    "needed_from",
    "currency",
)
"""What a question is known by when it comes back; these cells stay as they are."""
ANSWERS: Final = (
    "answer",
    "from",
    "informed",
    "explicit",
    "amount",
    "reference",
    "recorded_by",
    "recorded_on",
)
"""What is filled in."""
_TOLD: Final = ("place", "question", "frees", "invoices", "kroner", "due_date", "examples")
_COLUMNS: Final = (*_TOLD, *KEYS, *ANSWERS)
_YES_NO: Final = {"yes": True, "no": False}
_OF_EVIDENCE: Final = {column.name: column for column in EVIDENCE.columns}


class QuestionnaireError(ProblemsError):
    """A questionnaire with mistakes, all of them."""


def write(
    groups: Iterable[Group], book: RuleBook, language: str, stream: TextIO, *, personal: bool
) -> None:
    """The questionnaire of a queue; with ``personal`` who the customers are."""
    columns = [*_COLUMNS, *(["who"] if personal else [])]
    stream.write(_MARK)
    writer = csv.writer(stream, delimiter=_DELIMITER, lineterminator="\r\n")
    writer.writerow(columns)
    for group in groups:
        cells = _written(group, book, language)
        writer.writerow([disarmed(cells.get(name, "")) for name in columns])


def _written(group: Group, book: RuleBook, language: str) -> dict[str, str]:
    question, assumed = group.question, group.assumed
    return {
        "place": str(group.place),
        "question": asked_in_words(group, book, language),
        "frees": str(group.frees),
        "invoices": str(group.invoices),
        "kroner": written_ore(group.ore).replace(".", ","),
        "due_date": "" if group.due is None else group.due.isoformat(),
        "examples": " ".join(group.shown),
        "sender": question.sender,
        "customer_number": question.customer,
        "service": question.service,
        "about": question.about,
        "entry_from": date.fromordinal(question.entry).isoformat() if question.entry else "",
        "needed_from": date.fromordinal(assumed.day).isoformat() if assumed.day else "",
        "currency": question.currency,
        "from": date.fromordinal(question.entry).isoformat() if question.entry else "",
        "who": group.who or "",
    }


def filled_in_with_yes(group: Group, by: str, on: date) -> dict[str, str]:
    """The cells of a yes as the queue takes it: what its promise is about."""
    question, assumed = group.question, group.assumed
    cells = {"answer": "ja", "recorded_by": by, "recorded_on": on.isoformat()}
    if question.kind is None:
        return cells | {"answer": written_cell(question.column, assumed.value, _DELIMITER)}
    cells["from"] = date.fromordinal(question.entry or assumed.day).isoformat()
    if question.kind in (EvidenceKind.CONSENT, EvidenceKind.GIFT_ACCEPTANCE):
        cells |= {"informed": "ja", "explicit": "ja"}
    if assumed.amount is not None:
        cells["amount"] = written_ore(assumed.amount)
    return cells


@dataclass
class _Reading:
    """One file that is read back; ``today`` is when an answer was recorded that does not say."""

    path: str
    today: date
    problems: list[Problem] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def wrong(
        self, line: int, column: str, code: str, said: Text, expected: Text | None = None
    ) -> None:
        """Note a mistake."""
        place = Place(self.path, line, self.numbers.get(column, 1))
        self.problems.append(Problem(place, code, said, expected))

    def cell(self, record: CsvRecord, name: str) -> str:
        """A cell, trimmed; empty where the file has no such column."""
        number = self.numbers.get(name)
        cell = "" if number is None else record.cells[number - 1].strip(BLANKS)
        return cell[1:] if cell[1:] and disarmed(cell[1:]) == cell else cell

    def value(self, record: CsvRecord, column: Column) -> Value | None:
        """What a cell says in the form of a column of the register; None and a mistake where that is bad."""
        cell = self.cell(record, column.name)
        if column.fact.type is FactType.YES_NO and cell.lower() in _YES_NO:
            return _YES_NO[cell.lower()]
        found = column.reading(cell)
        if isinstance(found, Flaw):
            said = _BAD.filled(column=column.name)
            self.wrong(record.line, column.name, found, said, column.expectation)
            return None
        return found

    def answers(self) -> Iterator[Answer]:
        """Every row that has an answer."""
        try:
            rows = records(decoded(Path(self.path).read_bytes()))
            header = next(rows, None)
            if header is None or not self._header(header):
                return
            for record in rows:
                if all(map(is_absent, record.cells)):
                    continue
                if len(record.cells) != len(header.cells):
                    self.wrong(record.line, "", "cell-count", _CELLS)
                elif self.cell(record, "answer"):
                    found = self._answer(record)
                    if found is not None:
                        yield found
                elif any(
                    self.cell(record, name) for name in ("reference", "recorded_by", "amount")
                ):
                    self.wrong(record.line, "answer", "no-value", _NO_ANSWER)
        except OSError as error:
            why = why_not(error)
            said = text(*(_UNREADABLE.say(each).format(why=why.say(each)) for each in ("nb", "en")))
            self.wrong(1, "", "unreadable", said)
        except CsvTextError as error:
            self.wrong(error.line, "", "not-csv", error.reason)

    def _header(self, header: CsvRecord) -> bool:
        for number, name in enumerate(header.cells, start=1):
            self.numbers.setdefault(name.strip(BLANKS).lower(), number)
        lacking = [
            name
            for name in ("sender", "about", "answer", "recorded_by")
            if name not in self.numbers
        ]
        if lacking:
            self.wrong(header.line, "", "no-column", _NO_COLUMN.filled(columns=", ".join(lacking)))
        return not lacking

    def _answer(self, record: CsvRecord) -> Answer | None:
        before = len(self.problems)
        place = Place(self.path, record.line, self.numbers["answer"])
        question = self._question(record)
        by = self.cell(record, "recorded_by")
        if not by:
            self.wrong(record.line, "recorded_by", "no-value", _NO_ONE)
        if question is None:
            return None
        if question.kind is None:
            value = self._fact(record, question)
            return None if len(self.problems) > before else Answer(question, place, {}, value)
        cells = self._evidence(record, question, question.kind) | {"recorded_by": by}
        needed = self._day(record, "needed_from") or 0
        if len(self.problems) > before:
            return None
        return Answer(question, place, cells, needed=needed)

    def _question(self, record: CsvRecord) -> Question | None:
        about = self.cell(record, "about")
        if about not in COLUMN_OF and about not in set(EvidenceKind):
            self.wrong(record.line, "about", "choice", _NOT_ASKED)
            return None
        sender = self.value(record, _OF_EVIDENCE["sender"])
        if sender is None:
            if not self.cell(record, "sender"):
                self.wrong(record.line, "sender", "no-value", _NO_KEY)
            return None
        customer, service = self.cell(record, "customer_number"), self.cell(record, "service")
        entry = self._day(record, "entry_from")
        question = Question(
            str(sender), customer, service, about, entry or 0, self.cell(record, "currency")
        )
        kind = question.kind
        needs_customer = kind is not None or about.startswith("recipient.")
        if needs_customer and not customer:
            self.wrong(record.line, "customer_number", "no-value", _NO_KEY)
        needs_service = (kind is not None and kind.needs_service) or about == "line.kind"
        if needs_service and not service:
            self.wrong(record.line, "service", "no-value", _NO_KEY)
        if kind is not None and kind.of_invoice and service:
            self.wrong(record.line, "service", "service-not-taken", _NO_SERVICE)
        return question

    def _fact(self, record: CsvRecord, question: Question) -> Value | None:
        column = question.column
        return self.value(record, Column("answer", column.fact, check=column.check))

    def _evidence(
        self, record: CsvRecord, question: Question, kind: EvidenceKind
    ) -> dict[str, Value | None]:
        given = self.value(record, Column("answer", _OF_EVIDENCE["given"].fact))
        said = {
            name: self.value(record, _OF_EVIDENCE[name])
            for name in ("from", "informed", "explicit", "amount", "reference", "recorded_on")
        }
        if given is False and said["from"] is None and not self.cell(record, "from"):
            said["from"] = self._day(record, "needed_from")
        if said["from"] is None and not self.cell(record, "from"):
            self.wrong(record.line, "from", "no-value", _NO_FIRST_DAY)
        needed = {
            EvidenceKind.CONSENT: ("informed", "explicit"),
            EvidenceKind.AGREED: ("amount",),
        }.get(kind, ())
        for name in needed if given else ():
            if said[name] is None and not self.cell(record, name):
                self.wrong(record.line, name, "no-value", _MUST_SAY.filled(column=name))
        if kind is EvidenceKind.AGREED and given and said["amount"] is not None:
            said["currency"] = question.currency or None
        return {
            "sender": question.sender,
            "customer_number": question.customer,
            "service": question.service or None,
            "kind": kind.value,
            "given": given,
            **said,
            "recorded_on": said["recorded_on"] or self.today.toordinal(),
        }

    def _day(self, record: CsvRecord, name: str) -> int | None:
        found = self.value(record, Column(name, _OF_EVIDENCE["from"].fact))
        return None if found is None else int(found)


def read(path: str, today: date) -> tuple[Answer, ...]:
    """The answers of a questionnaire.

    Raises :class:`QuestionnaireError` with all that is wrong.
    """
    reading = _Reading(path, today)
    answers = tuple(reading.answers())
    if reading.problems:
        raise QuestionnaireError(reading.problems)
    return answers


_BAD: Final = text(
    "Verdien i kolonnen {column} kan ikke leses.",
    "The value in the column {column} cannot be read.",
)
_CELLS: Final = text(
    "Raden har ikke like mange celler som overskriften.",
    "The row does not have as many cells as the header.",
)
_NO_ANSWER: Final = text(
    "Raden er fylt ut, men svaret mangler.", "The row is filled in, but the answer is missing."
)
_UNREADABLE: Final = text("Filen kan ikke leses: {why}.", "The file cannot be read: {why}.")
_NO_COLUMN: Final = text(
    "Overskriften mangler {columns}. Bruk filen som fakturavakt holds --format csv skriver.",
    "The header lacks {columns}. Use the file that fakturavakt holds --format csv writes.",
)
_NO_ONE: Final = text(
    "Skriv hvem som har svart, i recorded_by.", "Write who answered, in recorded_by."
)
_NOT_ASKED: Final = text(
    "Dette er det ikke spurt om: about er endret.", "This was not asked: about was changed."
)
_NO_KEY: Final = text(
    "Cellen sier hvem og hva spørsmålet gjelder, og kan ikke være tom.",
    "The cell says whom and what the question is about, and cannot be empty.",
)
_NO_SERVICE: Final = text(
    "Spørsmålet gjelder hele fakturaen og har ingen tjeneste.",
    "The question is about the whole invoice and has no service.",
)
_NO_FIRST_DAY: Final = text(
    "Skriv i from fra hvilken dag svaret gjelder, som ÅÅÅÅ-MM-DD.",
    "Write in from since which day the answer holds, as YYYY-MM-DD.",
)
_MUST_SAY: Final = text(
    "Et ja må fylle ut kolonnen {column}.", "A yes has to fill in the column {column}."
)
