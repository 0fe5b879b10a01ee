"""Documents with problems, decided on the workers by the reference engine, one by one.

On the workers and not at the driver: where one document in a hundred has a problem, ten thousand cores would
wait for one. So the workers have fakturavakt, of the same version (``check_workers``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fakturavakt.decision import amount_of
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.json_documents import read_line
from fakturavakt.report.summary import is_credit_note
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screening


@dataclass
class ByReference:
    """A function of Spark's: a document's JSON, file and position to its decision and what the hit list
    counts. It travels with the rule book in it; what it works with is made where it arrives.
    """

    book: RuleBook
    as_of: date
    language: str
    trials: bool = False
    _screening: Screening | None = field(default=None, repr=False)

    def __call__(self, raw: str | None, file: str, position: int) -> dict[str, Any] | None:
        if raw is None:  # a document that the statement decides
            return None
        if self._screening is None:
            engine = ReferenceEngine(self.book)
            self._screening = Screening(
                self.book, self.as_of, engine, self.language, trials=self.trials
            )
        document = read_line(raw.encode(), 0, DocumentSource(file, position))
        # Spark itself has written the JSON, out of typed columns.
        assert isinstance(document, RawDocument)
        screened = self._screening.screen(document)
        decided: dict[str, Any] = json.loads(screened.decision.as_json())
        facts = screened.read.facts
        ore, currency = amount_of(facts)
        return decided | {"ore": ore, "currency": currency, "is_credit_note": is_credit_note(facts)}
