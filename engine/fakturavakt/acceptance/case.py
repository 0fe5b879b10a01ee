"""What a scenario builds up and asks: one invoice, what is known of it, and what came out."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from fakturavakt.acceptance.book_under_test import BookUnderTest, refuse
from fakturavakt.acceptance.sample_invoice import (
    CUSTOMER,
    SCREENED_ON,
    SENDER,
    agreed_line,
    sendable,
)
from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.acceptance.sentences import AMOUNT, DAY, amount, bare, day, quoted
from fakturavakt.acceptance.table_words import LINE_COLUMNS
from fakturavakt.agreements import SenderAgreements, sender_agreements
from fakturavakt.decision import Decision
from fakturavakt.engines.reference import truth
from fakturavakt.intake.documents import DocumentSource, RawDocument, Unreadable
from fakturavakt.intake.fact_reader import ReadDocument
from fakturavakt.intake.register import Register
from fakturavakt.intake.sources import SourceError, find_files, read_documents
from fakturavakt.problems import ProblemsError
from fakturavakt.rulebook.model import ChannelProperties
from fakturavakt.texts import OWN_LANGUAGES, Text, text
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES, Fact, FactType
from fakturavakt.vocabulary.forms import Flaw, JsonNumber

_LINE: Final = re.compile(r"line\[(\d+)\](?:\.(.+))?")


@dataclass
class Case:
    """A scenario under way. ``folder`` is that of its feature: files are named from there.

    ``named`` are the rules and channels that its steps speak of; ``read`` is what was decided on.
    """

    tested: BookUnderTest
    folder: Path
    document: dict[str, Any] = field(default_factory=sendable)
    as_of: date = SCREENED_ON
    evidence: list[dict[str, str]] = field(default_factory=list)
    services: list[dict[str, str]] = field(default_factory=list)
    complete_for: list[str] = field(default_factory=list)
    register: str | None = None
    flaws: dict[str, Flaw] = field(default_factory=dict)
    customer_number_if_registered: str | None = None
    read: ReadDocument | None = None
    decision: Decision | None = None
    agreements: dict[str, SenderAgreements] = field(default_factory=dict)
    """What the migration means for the sender, as it is told in each language."""
    named: set[str] = field(default_factory=set)
    _started_with: dict[str, Any] = field(default_factory=sendable)

    # -- where to start ----------------------------------------------------------------------------

    def start(self, document: dict[str, Any]) -> None:
        """Begin with a document. :class:`ScenarioError` where facts were stated that it would take away."""
        if self.document != self._started_with:
            raise ScenarioError(_STARTED_OVER)
        self.document = document
        self._started_with = deepcopy(document)
        self.flaws.clear()
        self.customer_number_if_registered = None

    def start_from_file(self, written: str, position: int | None) -> None:
        """Begin with a document of a file of any format; the only one, unless a position is named.

        Raises :class:`ScenarioError` where there is no such document, or where it cannot be read.
        """
        path = self.folder / bare(written)
        if not path.is_file():
            wrong = text("Filen «{file}» finnes ikke.", "There is no file “{file}”.")
            raise ScenarioError(wrong.filled(file=bare(written)))
        try:
            files = find_files([str(path)]).files
        except SourceError as error:
            raise ScenarioError(error.reasons[0]) from None
        found = [
            raw
            for file in files
            for raw in read_documents(file, self.tested.book.vocabulary, refuse, None)
        ]
        if position is None and len(found) != 1:
            raise ScenarioError(_WHICH_DOCUMENT.filled(file=bare(written), count=len(found)))
        if position is not None and not 1 <= position <= len(found):
            raise ScenarioError(_NO_SUCH_DOCUMENT.filled(file=bare(written), count=len(found)))
        raw = found[(position or 1) - 1]
        if isinstance(raw, Unreadable):
            raise ScenarioError(
                text(
                    f"{bare(written)}:{raw.place}: {raw.reason.say('nb')}",
                    f"{bare(written)}:{raw.place}: {raw.reason.say('en')}",
                )
            )
        self.start(deepcopy(dict(raw.content)))
        self.flaws = dict(raw.flaws)
        self.customer_number_if_registered = raw.customer_number_if_registered

    def use_rule_book(self, written: str) -> None:
        """Be about another rule book than the run; :class:`ScenarioError` with all that is wrong with it."""
        folder = self.folder / bare(written)
        try:
            self.tested = BookUnderTest.load(str(folder), self.tested.engines)
        except ProblemsError as error:
            raise ScenarioError(text(error.say("nb"), error.say("en"))) from None

    # -- facts -------------------------------------------------------------------------------------

    def place(self, path: str) -> tuple[dict[str, Any], str]:
        """Where a fact stands in the document: its group and key, made where they are not there."""
        node = self.document
        found = _LINE.fullmatch(path)
        if found and found[2]:
            number, path = int(found[1]), found[2]
            invoice = self.document.setdefault("invoice", {})
            lines = invoice.setdefault("lines", [])
            while len(lines) < number:
                lines.append(agreed_line(len(lines) + 1))
            node = lines[number - 1]
        *groups, key = path.split(".")
        for group in groups:
            node = node.setdefault(group, {})
        return node, key

    def set(self, path: str, value: object) -> None:
        """State a fact."""
        node, key = self.place(path)
        node[key] = value
        self._mend(path)

    def state(self, written: str, value: str) -> None:
        """State a fact by its name, with a value as a scenario writes it."""
        path = self.tested.names.fact_path(bare(written))
        self.set(path, self.value(path, value))

    def state_so(self, statement: str) -> None:
        """State a fact by a sentence: ``mottakeren er en virksomhet``."""
        found = self.tested.names.statement(statement)
        if found is None:
            wrong = text("«{said}» sier ingenting om en opplysning.", "“{said}” states no fact.")
            raise ScenarioError(wrong.filled(said=statement))
        self.set(found.path, found.value)

    def forget(self, written: str) -> None:
        """Take a fact away."""
        path = self.tested.names.fact_path(bare(written))
        self._fact(path)
        node, key = self.place(path)
        node.pop(key, None)
        self._mend(path)

    def _mend(self, path: str) -> None:
        """Take back that a fact cannot be read; of a line that is noted by its position."""
        self.flaws.pop(_LINE.sub(r"line[#\1].\2", path), None)

    def spoil(self, written: str, code: str) -> None:
        """Make a fact one that cannot be read, for a reason that a decision would name."""
        if code not in tuple(Flaw):
            raise ScenarioError(_NO_FLAW.filled(code=code, codes=", ".join(Flaw)))
        path = self.tested.names.fact_path(bare(written))
        self._fact(path)
        self.place(path)
        self.flaws[_LINE.sub(r"line[#\1].\2", path)] = Flaw(code)

    def set_whole(self, written: str, words: str) -> None:
        """Put a text where a group of facts, the list of lines or a line should stand; in the place of a line
        also the null of JSON.
        """
        path = self.tested.names.place_path(bare(written))
        whole = re.fullmatch(r"line\[(\d+)\]", path)
        if whole is None:
            self.set(path, words)
            return
        number = int(whole[1])
        self.line(number)
        self.document["invoice"]["lines"][number - 1] = None if words == "null" else words

    def line(self, number: int) -> dict[str, Any]:
        """The line at a position, from 1; lines before it are made where they are not there."""
        node, _ = self.place(f"line[{number}].id")
        return node

    def line_numbers(self, names: Iterable[str]) -> int:
        """The number of the last line that some facts are of; 0 where none is a line's."""
        paths = [self.tested.names.fact_path(bare(name)) for name in names]
        return max((int(found[1]) for path in paths if (found := _LINE.fullmatch(path))), default=0)

    def state_lines(self, table: Sequence[Sequence[str]]) -> None:
        """Lines with a fact in each column, named by path or label; an empty cell says nothing."""
        header, *rows = table
        names = [self._column(written) for written in header]
        lines: list[dict[str, Any]] = []
        self.set(LINES, lines)
        for position, row in enumerate(rows, start=1):
            lines.append({})
            for name, cell in zip(names, row, strict=True):
                if cell:
                    path = f"line[{position}].{name}"
                    self.set(path, self.value(path, cell))

    def _column(self, written: str) -> str:
        """A fact of a line without the line: a short word, its label, or its path."""
        name = LINE_COLUMNS.get(written, written.removeprefix(LINE_PREFIX))
        path = self.tested.names.known_fact(f"{written} (linje 1)")
        if path is None:
            path = self.tested.names.fact_path(f"line[1].{name}")
        return path.removeprefix("line[1].")

    def value(self, path: str, written: str) -> object:
        """A value as a scenario writes it, in the JSON that the fact's type takes.

        Without quotation marks it is read as people write it (``2. februar 2021``, ``1 200,25 kr``), and must
        be a value of the fact; within them it is what stands in the document, good or bad.
        """
        fact = self._fact(path)
        value = self._as_written(fact, written)
        if not quoted(written) and isinstance(forms.read(fact, value), Flaw):
            raise ScenarioError(_NO_VALUE.filled(value=written, fact=path))
        return value

    def _as_written(self, fact: Fact, written: str) -> object:
        kind = fact.type
        said = bare(written)
        if not quoted(written):
            if kind is FactType.CHOICE:
                return self.tested.names.choices(fact.name).get(written, written)
            if kind is FactType.DATE and re.fullmatch(DAY, written):
                return day(written)
            if kind is FactType.MONEY and re.fullmatch(AMOUNT, written):
                return amount(written)
        match kind:
            case FactType.YES_NO if said in ("ja", "yes"):
                return True
            case FactType.YES_NO if said in ("nei", "no"):
                return False
            case FactType.COUNT if said.isdigit():
                return JsonNumber(said)
            case _:
                return said

    def _fact(self, path: str) -> Fact:
        try:
            return self.tested.names.fact(path)
        except KeyError:
            wrong = text("«{path}» er ingen enkelt opplysning.", "“{path}” is no single fact.")
            raise ScenarioError(wrong.filled(path=path)) from None

    def properties(self, channel: str) -> ChannelProperties:
        """What a channel declares of itself, by its rule in force on the send date."""
        sent = date.fromisoformat(self.document["invoice"]["send_date"])
        (found,) = [each for each in self.tested.book.channels if each.name == channel]
        (rule,) = [
            rule
            for rule in found.rules
            if (rule.window.starts or sent) <= sent < (rule.window.before or date.max)
        ]
        return rule.properties

    # -- what comes out ----------------------------------------------------------------------------

    def raw(self) -> RawDocument:
        """The document as intake would hand it on."""
        return RawDocument(
            DocumentSource("scenario", 1),
            deepcopy(self.document),
            dict(self.flaws),
            self.customer_number_if_registered,
        )

    def _register(self) -> Register | None:
        written = bool(self.evidence or self.services or self.complete_for)
        if self.register is not None:
            if written:
                raise ScenarioError(_TWO_REGISTERS)
            return _loaded(str(self.folder / self.register))
        if not written:
            return None
        with tempfile.TemporaryDirectory(prefix="fakturavakt-") as name:
            complete = {
                "organisation_number": SENDER,
                "complete_for": " ".join(dict.fromkeys(self.complete_for)),
            }
            keys = {"sender": SENDER, "customer_number": CUSTOMER, "kind": "", "from": ""}
            _write(Path(name) / "senders.csv", [complete])
            _write(Path(name) / "evidence.csv", [keys | row for row in self.evidence], keys)
            if self.services:
                _write(
                    Path(name) / "services.csv", [{"sender": SENDER} | row for row in self.services]
                )
            return _loaded(name)

    def screen(self) -> None:
        """Decide with every engine; they must agree to the byte."""
        screened = self.tested.screen(self.raw(), self.as_of, self._register())
        self._tell_of(screened.read)
        self.read = screened.read
        self.decision = screened.decision

    def suggested(self, number: int) -> list[str]:
        """The kinds that the rules suggest for a line of what was decided on; the first line is 1."""
        assert self.read is not None  # what was decided was read
        facts = self.read.facts
        return sorted(
            {
                str(rule.kind)
                for rule in self.tested.book.suggestions
                for line in (facts.lines or ())[number - 1 : number]
                if truth(rule.condition, facts, line) is True
            }
        )

    def _tell_of(self, read: ReadDocument) -> None:
        for watcher in watchers:
            watcher(self, read)

    def judge_sender(self) -> None:
        """What the migration means for the sender."""
        run = self.tested.screening("reference", self.as_of, self._register())
        read = run.reader.read(self.raw())
        self._tell_of(read)
        for language in OWN_LANGUAGES:
            found = list(sender_agreements([read.facts], run.book, self.as_of, language, refuse))
            if not found:
                raise ScenarioError(_NO_MIGRATION)
            (self.agreements[language],) = found


watchers: list[Callable[[Case, ReadDocument], None]] = []
"""Told of every document that a scenario decides, or judges a sender by."""


def _loaded(folder: str) -> Register:
    """A register of which nothing was ignored; :class:`ScenarioError` with all that is wrong with it."""
    try:
        register = Register.load(folder)
    except ProblemsError as error:
        said = {each: error.say(each).replace(f"{folder}/", "") for each in OWN_LANGUAGES}
        raise ScenarioError(Text(said)) from None
    for warning in register.warnings:
        refuse(warning)
    return register


def _write(
    file: Path, rows: Sequence[Mapping[str, str]], header: Mapping[str, str] | None = None
) -> None:
    """Rows as CSV; a row says nothing in the columns that it lacks."""
    columns = list(dict.fromkeys([*(header or ()), *(key for row in rows for key in row)]))
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(written.getvalue(), encoding="utf-8")


_NO_VALUE: Final = text(
    "«{value}» er ingen verdi som «{fact}» kan ha. Er det meningen at den er gal, sett den i anførselstegn.",
    "“{value}” is no value that “{fact}” can have. If it is meant to be wrong, put it in quotation marks.",
)
_STARTED_OVER: Final = text(
    "Steget begynner på nytt med en annen faktura, og opplysninger som alt er gitt, ville gått tapt. "
    "Begynn med fakturaen, og gi opplysningene etterpå.",
    "The step starts over with another invoice, and facts that were stated would be lost. Start with the "
    "invoice, and state facts after it.",
)
_WHICH_DOCUMENT: Final = text(
    "Filen «{file}» har {count} dokumenter. Si hvilket: «dokument nummer 1 i filen …».",
    "The file “{file}” has {count} documents. Say which: “document number 1 of the file …”.",
)
_NO_SUCH_DOCUMENT: Final = text(
    "Filen «{file}» har ikke så mange dokumenter; den har {count}.",
    "The file “{file}” has not so many documents; it has {count}.",
)
_NO_FLAW: Final = text(
    "«{code}» er ikke noe slags feil. Velg blant {codes}.",
    "“{code}” is no kind of problem. Choose one of {codes}.",
)
_TWO_REGISTERS: Final = text(
    "Scenariet har et register i en mappe, og skriver selv rader i et. Bruk ett av dem.",
    "The scenario has a register in a folder and writes rows of one itself. Use one of them.",
)
_NO_MIGRATION: Final = text(
    "Regelboken sier ingenting om avsenderes avtaler, eller fakturaen sier ikke hvem avsenderen er.",
    "The rule book says nothing of senders' agreements, or the invoice does not say who its sender is.",
)
