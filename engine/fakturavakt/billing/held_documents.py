"""What is on hold, read from where it lies: each document with the journal's record of it, and what stands
beside it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Final

from fakturavakt.billing.destinations import DECISION, DECISIONS
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.run_records import DocumentRecord
from fakturavakt.intake.document_places import (
    PlacedDocument,
    TooLargeError,
    documents_with_places,
)
from fakturavakt.intake.documents import DocumentSource, RawDocument, Unreadable
from fakturavakt.intake.sources import UNPACKING_FAILED
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import Vocabulary

_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document on hold. ``beside`` is the line that was said of it."""

    record: DocumentRecord
    raw: RawDocument
    placed: PlacedDocument
    beside: bytes


class NotAsItWasError(Exception):
    """A file of ``hold`` that is not as the journal has it."""


@dataclass(frozen=True, slots=True)
class HeldReader:
    """Reads the files of ``hold``, document by document."""

    outbox: Outbox
    vocabulary: Vocabulary
    warn: Callable[[Text], None] = lambda _said: None

    def all(self, journal: Journal) -> Iterator[HeldDocument]:
        """Every document on hold, in the order in which they came. What is not there as it was is told of and
        left out from there on.
        """
        for place, records in groupby(journal.held(), key=lambda each: each.placed_as):
            if place is None:
                continue
            try:
                yield from self.file(self.outbox.root / place, records)
            except NotAsItWasError:
                self.warn(NOT_AS_IT_WAS.filled(path=self.outbox.root / place))

    def file(self, path: Path, records: Iterable[DocumentRecord]) -> Iterator[HeldDocument]:
        """The documents of one file, which are these of the journal.

        Raises :class:`NotAsItWasError` as soon as something else stands there.
        """
        try:
            with opened(path) as stream, beside_of(path).open("rb") as lines:
                placed = documents_with_places(stream, path.name, self.vocabulary, _say_nothing)
                for record in records:
                    yield _held(record, next(placed, None), lines.readline())
                if next(placed, None) is not None or lines.readline():
                    raise NotAsItWasError
        except (OSError, TooLargeError, *UNPACKING_FAILED) as error:
            raise NotAsItWasError from error


def _say_nothing(_said: Text) -> None:
    """What there is to say of a file was said when it came."""


def _held(record: DocumentRecord, placed: PlacedDocument | None, line: bytes) -> HeldDocument:
    source = _source(line)
    if placed is None or source is None or isinstance(placed.document, Unreadable):
        raise NotAsItWasError
    if hashlib.sha256(placed.data).digest() != record.sha256:
        raise NotAsItWasError
    return HeldDocument(record, replace(placed.document, source=source), placed, line)


def beside_of(path: Path) -> Path:
    """What stands beside a document file."""
    one = path.with_name(path.name + DECISION)
    return one if one.exists() else path.with_name(path.name + DECISIONS)


def opened(path: Path) -> BinaryIO:
    """A document file, unpacked."""
    with path.open("rb") as stream:
        packed = stream.read(2) == _GZIP
    if packed:
        return gzip.open(path)  # type: ignore[return-value]
    return path.open("rb")


def _source(line: bytes) -> DocumentSource | None:
    """Whose decision it was."""
    try:
        said = json.loads(line)["document"]
        return DocumentSource(said["file"], said["position"])
    except (ValueError, KeyError, TypeError):
        return None


NOT_AS_IT_WAS: Final = text(
    "{path} er ikke som kjøringen la den, eller er borte. Den er ikke regnet med.",
    "{path} is not as the run put it there, or is gone. It is not counted.",
)
