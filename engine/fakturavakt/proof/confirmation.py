"""A document that the solver found, put to both rule books by the reference engine.

What is printed as a witness went this way: as JSON through the reader of documents, the reference engine
and the decision. A document that does not come out as the solver said is a mistake of this program, and
told as one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from fakturavakt.agreements import UNKNOWN
from fakturavakt.decision import Decision
from fakturavakt.engines.outcomes import Truth
from fakturavakt.engines.reference import ReferenceEngine, truth
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.facts import Facts, LineFacts
from fakturavakt.intake.json_documents import read_json
from fakturavakt.rulebook.conditions import Condition
from fakturavakt.rulebook.model import Migration, RuleBook
from fakturavakt.screening import Screening
from fakturavakt.texts import NORWEGIAN, text


class UnconfirmedError(Exception):
    """The reference engine does not find what the solver found: a mistake of this program."""

    def __init__(self, asked: str, content: dict[str, Any], as_of: date) -> None:
        document = json.dumps(content, ensure_ascii=False)
        self.reason = text(
            f"Løseren fant et dokument for «{asked}» som regelmotoren ikke bekrefter. Det er en feil i "
            f"fakturavakt, og ikke noe bevis. Dokumentet, kontrollert {as_of}: {document}",
            f"The solver found a document for “{asked}” that the rule engine does not confirm. This is a "
            f"mistake of fakturavakt, and no proof. The document, screened on {as_of}: {document}",
        )
        super().__init__(self.reason.say("en"))


@dataclass(frozen=True)
class Confirmed:
    """A document as one rule book sees it: its facts, and the decision on it."""

    facts: Facts
    decision: Decision

    def truth(self, condition: Condition, line: LineFacts | None = None) -> Truth:
        """What the reference engine says of a condition."""
        return truth(condition, self.facts, line)

    def action(self, migration: Migration) -> str:
        """What its sender has to do, by the first row that is true."""
        actions = (row.action for row in migration.rows if self.truth(row.when) is True)
        return next(actions, UNKNOWN)

    def truths_by_line(self, condition: Condition) -> tuple[Truth, ...]:
        """The same for a condition about one line, line by line."""
        return tuple(self.truth(condition, line) for line in self.facts.lines or ())


def decided(
    book: RuleBook, content: dict[str, Any], as_of: date, language: str = NORWEGIAN
) -> Confirmed:
    """What the rule book makes of a document in contract JSON."""
    written = json.dumps(content, ensure_ascii=False).encode()
    (document,) = read_json(written, "-")
    assert isinstance(document, RawDocument)  # it was made of plain values
    found = Screening(book, as_of, ReferenceEngine(book), language).screen(document)
    return Confirmed(found.read.facts, found.decision)
