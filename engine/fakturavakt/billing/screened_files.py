"""Files of an inbox, read once, with the decision on each of their documents: as much as a plan needs to
know.

What stands beside a document in the outbox is made here, too: the line that ``screen --format ndjson`` prints
of it, and for what cannot be read the line that ``screen --rejected`` has.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final, TypeAlias

from fakturavakt.billing.run_records import AskedFact, DocumentRecord, Figures
from fakturavakt.decision import Verdict, amount_of
from fakturavakt.engines.choose import EngineName, choose_engine
from fakturavakt.intake.document_places import (
    PlacedDocument,
    Span,
    TooLargeError,
    documents_with_places,
    format_of,
)
from fakturavakt.intake.documents import DocumentSource, Unreadable
from fakturavakt.intake.facts import Facts
from fakturavakt.intake.register import Register
from fakturavakt.intake.sources import UNPACKING_FAILED, broken_gzip, not_readable
from fakturavakt.report.bad_data import split_path
from fakturavakt.report.machine import safe
from fakturavakt.report.summary import facts_of_paths, is_credit_note
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screened, Screening, Tallied
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.own_facts import (
    CUSTOMER,
    ISSUE_DATE,
    SEND_DATE,
    SENDER,
    SERVICE,
)

AT_ONCE: Final = 1 << 20
"""Bytes of a file that is held whole while it is screened; a larger one is read once more to be hashed."""
_DUE_DATE: Final = "invoice.due_date"
_PORTION: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ScreenedDocument:
    """A document of a file. ``verdict`` is None where it could not be read; ``said`` is packed
    (:func:`unpacked`).
    """

    position: int
    sha256: bytes
    spans: tuple[Span, ...]
    verdict: Verdict | None
    channel: str | None
    said: bytes
    figures: Figures
    tallied: Tallied | None


@dataclass(frozen=True, slots=True)
class ScreenedFile:
    """A file, told before its documents are; ``path`` as it was given."""

    path: str
    sha256: bytes
    size: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that stays where it is, and why; ``failed`` says that somebody has to see to it."""

    path: str
    reason: Text
    failed: bool = True


@dataclass(frozen=True, slots=True)
class Warned:
    """What a person should know and no decision says."""

    said: Text


@dataclass(frozen=True, slots=True)
class FileScreening:
    """All that is needed to screen any file of an inbox, wherever that is: it can be pickled."""

    book: RuleBook
    as_of: date
    engine: EngineName
    language: str
    register: Register | None

    def opened(self) -> FileScreener:
        """What screens, in this process; to be closed again."""
        warnings: list[Text] = []
        engine = choose_engine(self.book, self.engine, lambda _said: None)
        screening = Screening(
            self.book, self.as_of, engine, self.language, self.register, warnings.append
        )
        return FileScreener(screening, warnings)


Told: TypeAlias = ScreenedFile | ScreenedDocument | RefusedFile | Warned


class FileScreener:
    """Screens one file after another."""

    def __init__(self, screening: Screening, warnings: list[Text]) -> None:
        self._screening = screening
        self._warnings = warnings

    def close(self) -> None:
        """Let go of the engine."""
        self._screening.engine.close()

    def screen(self, path: str) -> Iterator[Told]:
        """The file and then its documents, or why it stays where it is; never fails."""
        if not format_of(path):
            yield RefusedFile(path, _PARQUET.filled(path=path))
            return
        try:
            with open(path, "rb", opener=_without_waiting) as stream:
                status = os.fstat(stream.fileno())
                if not stat.S_ISREG(status.st_mode):
                    yield RefusedFile(path, _NO_FILE.filled(path=path))
                    return
                yield from self._screen(stream, path, status)
        except OSError as error:
            reason = not_readable(path, 1, error).reason
            yield RefusedFile(path, text(*(f"{path}: {reason.say(each)}" for each in ("nb", "en"))))

    def _screen(self, stream: BinaryIO, path: str, status: os.stat_result) -> Iterator[Told]:
        small = status.st_size <= AT_ONCE
        held: BinaryIO = io.BytesIO(stream.read()) if small else stream
        sha256, size = _hashed(held)
        yield ScreenedFile(path, sha256, size, status.st_mtime_ns)
        for each in self._documents(held, path):
            yield self._document(each, sha256)
        for said in self._warnings:
            yield Warned(said)
        self._warnings.clear()

    def _documents(self, stream: BinaryIO, path: str) -> Iterator[PlacedDocument]:
        """The documents; a gzipped file that is broken is one that cannot be read: what it has before the
        break could not be taken out of it for good.
        """
        begins = stream.read(2)
        stream.seek(0)
        vocabulary, warn = self._screening.book.vocabulary, self._screening.warn
        if begins != b"\x1f\x8b":
            unpacked = stream
        else:
            try:
                with gzip.open(stream) as packed:
                    while packed.read(_PORTION):
                        pass
            except UNPACKING_FAILED:
                yield PlacedDocument(broken_gzip(path, 1), b"")
                return
            stream.seek(0)
            unpacked = gzip.open(stream)  # type: ignore[assignment]  # noqa: SIM115 (closed with the file)
        try:
            yield from documents_with_places(unpacked, path, vocabulary, warn)
        except TooLargeError as error:
            yield PlacedDocument(Unreadable(DocumentSource(path, 1), "1:1", error.reason), b"")

    def _document(self, placed: PlacedDocument, of_file: bytes) -> ScreenedDocument:
        document = placed.document
        position = document.source.position
        if isinstance(document, Unreadable):
            # Of what cannot be read, nothing says where it ends: it is the same where its file is.
            sha256 = of_file if not placed.spans else _of_part(of_file, position)
            said = _packed(_rejected(document, self._screening.language))
            return ScreenedDocument(
                position, sha256, placed.spans, None, None, said, Figures(), None
            )
        screened = self._screening.screen(document)
        decision = screened.decision
        return ScreenedDocument(
            position,
            hashlib.sha256(placed.data).digest(),
            placed.spans,
            decision.decision,
            decision.channel,
            _packed(safe(decision.as_json())),
            figures_of(screened),
            tallied_of(screened),
        )


def _without_waiting(path: str, flags: int) -> int:
    """A pipe would be waited for until somebody writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def figures_of(screened: Screened) -> Figures:
    """What a journal keeps of a decision and of the facts behind it."""
    facts, decision = screened.read.facts, screened.decision
    ore, currency = amount_of(facts)
    return Figures(
        invoice=decision.invoice,
        sender=_text(facts, SENDER),
        customer=_text(facts, CUSTOMER),
        ore=ore if isinstance(ore, int) else None,
        currency=currency,
        is_credit_note=is_credit_note(facts),
        issue_date=_day(facts, ISSUE_DATE),
        due_date=_day(facts, _DUE_DATE),
        send_date=_day(facts, SEND_DATE),
        findings={finding.rule: finding.outcome for finding in decision.findings},
        missing=tuple(_asked(facts, decision.missing)),
    )


def tallied_of(screened: Screened) -> Tallied:
    """What the hit list counts of a decision."""
    decision = screened.decision
    return Tallied(
        decision.decision,
        {finding.rule: finding.outcome for finding in decision.findings},
        tuple(facts_of_paths(decision.missing)),
        amount_of(screened.read.facts)[1],
        is_credit_note(screened.read.facts),
    )


def unpacked(said: bytes) -> bytes:
    """What is to stand beside a document: one line, with its end."""
    return zlib.decompress(said)


def _packed(line: str) -> bytes:
    # A decision has five kilobytes, most of them sentences, and waits in the journal until it is placed.
    return zlib.compress(f"{line}\n".encode(errors="replace"), 1)


def said_of_duplicate(path: str, position: int, first: DocumentRecord) -> bytes:
    """What stands beside a document that was here before: when that was, and where it went; packed."""
    row = {
        "file": path,
        "position": position,
        "sha256": first.sha256.hex(),
        "duplicate_of": {
            "run": first.run,
            "file": first.path,
            "position": first.position,
            "destination": first.destination,
            "channel": first.channel,
            "placed_as": first.placed_as,
        },
    }
    return _packed(safe(json.dumps(row, ensure_ascii=False, separators=(",", ":"))))


def _rejected(document: Unreadable, language: str) -> str:
    row = {
        "file": document.source.file,
        "position": document.source.position,
        "place": document.place,
        "reason": document.reason.say(language),
    }
    return safe(json.dumps(row, ensure_ascii=False))


def _hashed(stream: BinaryIO) -> tuple[bytes, int]:
    found = hashlib.sha256()
    size = 0
    while portion := stream.read(_PORTION):
        found.update(portion)
        size += len(portion)
    stream.seek(0)
    return found.digest(), size


def _of_part(of_file: bytes, position: int) -> bytes:
    return hashlib.sha256(of_file + str(position).encode()).digest()


def _asked(facts: Facts, missing: tuple[str, ...]) -> Iterator[AskedFact]:
    services = {line.name: line.values.get(SERVICE) for line in facts.lines or ()}
    for path in missing:
        line, fact = split_path(path)
        service = None if line is None else services.get(line)
        yield AskedFact(fact, line, None if service is None else str(service))


def _text(facts: Facts, name: str) -> str | None:
    value = facts.values.get(name)
    return None if value is None else str(value)


def _day(facts: Facts, name: str) -> date | None:
    value = facts.values.get(name)
    return date.fromordinal(value) if isinstance(value, int) else None


_PARQUET: Final = text(
    "{path}: Parquet har ingen dokumenter som kan legges ut byte for byte, og filen blir liggende. "
    "Kontroller den "
    "med screen, eller lever NDJSON.",
    "{path}: Parquet has no documents that could be put out byte for byte, and the file stays where it is. "
    "Screen "
    "it with screen, or deliver NDJSON.",
)
_NO_FILE: Final = text(
    "{path}: dette er ingen vanlig fil, og den blir liggende.",
    "{path}: this is no regular file, and it stays where it is.",
)
