"""The way through the house: documents, facts, outcomes, decisions; one document at a time.

Promises: a decision or a rejection for every document, in the order they came. May import: everything
to its left (``intake``, ``rulebook``, ``engines``, ``decision``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO, Final, TypeAlias
from zoneinfo import ZoneInfo

from fakturavakt.decision import Decider, Decision, Verdict
from fakturavakt.engines.choose import EngineName, choose_engine
from fakturavakt.engines.outcomes import Engine, Outcomes
from fakturavakt.intake.documents import RawDocument, Unreadable
from fakturavakt.intake.fact_reader import FactReader, ReadDocument
from fakturavakt.intake.register import Register
from fakturavakt.intake.sources import find_files, read_documents
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import NORWEGIAN, Text

OSLO: Final = "Europe/Oslo"


def today_in_oslo() -> date:
    """The screening date where none is given."""
    return datetime.now(ZoneInfo(OSLO)).date()


def _say_nothing(_text: Text) -> None:
    """Warnings are only for people at a terminal."""


@dataclass(frozen=True, slots=True)
class Screened:
    """A document with all that was found out about it on the way to its decision."""

    read: ReadDocument
    outcomes: Outcomes
    decision: Decision


@dataclass(frozen=True, slots=True)
class Tallied:
    """What the hit list counts of a decision made in columns: each finding's outcome by rule, the facts that
    are missing (``line.agreed.given``), the currency, and whether the amount is paid back; and the same as of
    findings of rules on trial.
    """

    decision: Verdict
    findings: Mapping[str, str]
    missing: tuple[str, ...]
    currency: str | None
    is_credit_note: bool
    trials: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """A decision made in columns, as the JSON that is printed; ``ore`` is the payable amount in whole øre."""

    json: str
    tallied: Tallied
    ore: int | None


Answer: TypeAlias = Written | Screened | Unreadable
"""What a run says of a document."""


@dataclass
class Screening:
    """One run: one rule book, one register, one screening date, one engine.

    ``warn`` is told what a person should know and no decision says. With ``trials`` each decision tells what
    the rules on trial would have said; without, give a rule book ``without_trials``, which is faster.
    """

    book: RuleBook
    as_of: date
    engine: Engine
    language: str = NORWEGIAN
    register: Register | None = None
    warn: Callable[[Text], None] = _say_nothing
    trials: bool = False

    def __post_init__(self) -> None:
        self.reader = FactReader(self.book.vocabulary, self.as_of, self.register, self.warn)
        self.decider = Decider(self.book, self.as_of, self.language, self.trials)

    def documents(
        self, files: Iterable[str], stdin: BinaryIO | None = None
    ) -> Iterator[RawDocument | Unreadable]:
        """Every document of the files, unread."""
        for file in files:
            yield from read_documents(file, self.book.vocabulary, self.warn, stdin)

    def screen(self, document: RawDocument) -> Screened:
        """The decision on one document."""
        read = self.reader.read(document)
        outcomes = self.engine.evaluate(read.facts)
        return Screened(read, outcomes, self.decider.decide(read.facts, outcomes))


def screen(
    paths: Iterable[str | os.PathLike[str]],
    rulebook: RuleBook | None = None,
    *,
    evidence: str | os.PathLike[str] | None = None,
    as_of: date | None = None,
    engine: EngineName = "auto",
    language: str = NORWEGIAN,
    warn: Callable[[Text], None] = _say_nothing,
    trials: bool = False,
) -> Iterator[Decision | Unreadable]:
    """Decide for each document in ``paths`` whether it may be sent, over which channel, and why.

    ``paths`` are files, folders and globs (UBL, JSON, NDJSON, CSV, plain or gzipped); ``rulebook``
    is the one that ships unless another was loaded; ``evidence`` is a folder with an evidence
    register; ``as_of`` is the screening date, today in Oslo unless given; with ``trials`` decisions tell
    what the rules on trial would have said. Yields a
    :class:`~fakturavakt.decision.Decision`, or an
    :class:`~fakturavakt.intake.documents.Unreadable` with its place and reason, for each document in
    order.

    Raises ``RuleBookError``, ``RegisterError``, ``SourceError`` (a path that matches nothing) and
    ``EngineUnavailableError``, all before the first decision.
    """
    book = rulebook or load_rulebook()
    if not trials:
        book = book.without_trials()
    register = None if evidence is None else Register.load(os.fspath(evidence))
    found = find_files([os.fspath(path) for path in paths], evidence)
    run = Screening(
        book,
        as_of or today_in_oslo(),
        choose_engine(book, engine, warn),
        language,
        register,
        warn,
        trials,
    )
    return _decisions(run, found.files)


def _decisions(run: Screening, files: Iterable[str]) -> Iterator[Decision | Unreadable]:
    try:
        for document in run.documents(files):
            yield document if isinstance(document, Unreadable) else run.screen(document).decision
    finally:
        run.engine.close()
