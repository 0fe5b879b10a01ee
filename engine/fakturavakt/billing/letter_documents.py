"""What stands in an outbox about documents that were stopped: the decisions beside them, and their facts.

Either may be gone, collected or taken away by hand: then there is less to tell, and nothing fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from fakturavakt.billing.destinations import DECISION, DECISIONS
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.run_records import DocumentRecord
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.facts import Facts
from fakturavakt.intake.register import Register
from fakturavakt.intake.sources import read_documents
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text
from fakturavakt.vocabulary.own_facts import NUMBER, SENDER

_GROUP: Final = SENDER.partition(".")[0]


@dataclass
class PlacedDocuments:
    """Reads from the places of one outbox."""

    outbox: Outbox
    book: RuleBook
    as_of: date
    register: Register | None = None
    _last: tuple[str, list[Facts | None]] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._reader = FactReader(self.book.vocabulary, self.as_of, self.register)

    def decisions(
        self, placed_as: str, documents: Sequence[DocumentRecord]
    ) -> list[Mapping[str, Any]]:
        """What stands beside the documents of one file, in their order; empty where it is not there, or is
        about another document.
        """
        found: list[Mapping[str, Any]] = []
        for beside in (DECISION, DECISIONS):
            try:
                written = (self.outbox.root / (placed_as + beside)).read_text("utf-8")
                found = [json.loads(line) for line in written.splitlines()]
                break
            except (OSError, ValueError):
                continue
        if len(found) != len(documents) or not all(isinstance(row, dict) for row in found):
            return [{}] * len(documents)
        return [
            row if row.get("invoice") == document.figures.invoice else {}
            for row, document in zip(found, documents, strict=True)
        ]

    def facts(self, placed_as: str) -> list[Facts | None]:
        """The facts of the documents of one file, in their order; None for one that cannot be read."""
        if self._last is None or self._last[0] != placed_as:
            path = str(self.outbox.root / placed_as)
            read = [
                self._reader.read(raw).facts if isinstance(raw, RawDocument) else None
                for raw in read_documents(path, self.book.vocabulary, _say_nothing)
            ]
            self._last = placed_as, read
        return self._last[1]

    def of_register(self, sender: str) -> Facts:
        """What is known of a sender without any document."""
        content = {_GROUP: {SENDER.removeprefix(f"{_GROUP}."): sender}}
        return self._reader.read(RawDocument(DocumentSource("", 1), content)).facts

    def recipient(self, document: DocumentRecord, position: int, fact: str) -> str | None:
        """What a document says of its recipient; ``position`` is its place in its file of the outbox, from
        0.
        """
        if document.placed_as is None:
            return None
        found = self.facts(document.placed_as)
        facts = found[position] if position < len(found) else None
        if facts is None or facts.values.get(NUMBER) != document.figures.invoice:
            return None
        value = facts.values.get(fact)
        return None if value is None else str(value)


def in_files(documents: Iterator[DocumentRecord]) -> Iterator[tuple[str, list[DocumentRecord]]]:
    """The documents of one run and one destination by the file that they were placed as."""
    found: dict[str, list[DocumentRecord]] = {}
    for document in documents:
        if document.placed_as is not None:
            found.setdefault(document.placed_as, []).append(document)
    yield from found.items()


def _say_nothing(_said: Text) -> None:
    """What is odd about a document was told when it was screened."""
