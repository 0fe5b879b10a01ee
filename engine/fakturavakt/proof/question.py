"""One question: a document of which nothing is settled, and what each rule book reads of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from fakturavakt.decision import Verdict
from fakturavakt.proof.mentions import Mentions, lines_needed
from fakturavakt.proof.outcome_formulas import ConditionFormulas
from fakturavakt.proof.search import Example, Search
from fakturavakt.proof.symbolic_document import Reader, SymbolicDocument
from fakturavakt.proof.terms import Formula, Terms
from fakturavakt.rulebook.conditions import Condition
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.vocabulary.facts import Vocabulary


class Question:
    """``asked`` are all conditions that the question is about, each with the vocabulary it is read by.

    ``line_alone``: the condition is about one line, the first. ``learning``: there is a second document,
    which says all that the first one does and perhaps more. ``lines``: how many a document can have here,
    which is as many as any of these questions needs (:func:`~fakturavakt.proof.mentions.lines_needed`) and
    ``lines_besides``, which the question itself is about.
    """

    def __init__(
        self,
        asked: Sequence[tuple[Condition, Vocabulary]],
        *,
        as_of: date | None,
        line_alone: bool = False,
        learning: bool = False,
        lines_besides: int = 0,
    ) -> None:
        mentions = Mentions()
        for condition, _ in asked:
            mentions.add(condition)
        self.terms = Terms()
        documents = 2 if learning else 1
        self.lines = lines_besides + lines_needed(asked, line_alone=line_alone, documents=documents)
        self.document = SymbolicDocument(
            self.terms,
            list(dict.fromkeys(vocabulary for _, vocabulary in asked)),
            mentions,
            self.lines,
            as_of,
            learning,
        )
        self._formulas: dict[tuple[Vocabulary, bool], ConditionFormulas] = {}
        if line_alone:
            self.document.rules += [self.document.lines_given, self.document.line_there[0]]

    def read_by(self, vocabulary: Vocabulary, *, later: bool = False) -> ConditionFormulas:
        """The conditions of the rule book with this vocabulary; ``later``: of the second document."""
        key = (vocabulary, later)
        if key not in self._formulas:
            self._formulas[key] = ConditionFormulas(Reader(self.document, vocabulary, later))
        return self._formulas[key]

    def find(self, wanted: Formula, day: date, seconds: float) -> Example | None:
        """See :meth:`~fakturavakt.proof.search.Search.find`."""
        return Search(self.document, day, seconds).find(wanted)

    def exists(self, wanted: Formula, seconds: float) -> bool:
        """See :meth:`~fakturavakt.proof.search.Search.exists`."""
        return Search(self.document, date.min, seconds).exists(wanted)

    def any_example(self, wanted: Formula, seconds: float) -> Example | None:
        """See :meth:`~fakturavakt.proof.search.Search.any_example`."""
        return Search(self.document, date.min, seconds).any_example(wanted)


def deciding(book: RuleBook, *verdicts: Verdict) -> Iterator[Condition]:
    """The conditions that a decision is made of; without the channels where only verdicts are asked for."""
    yield book.scope
    for rule in book.prohibitions:
        yield rule.condition
    if not verdicts:
        for channel in book.channels:
            yield channel.condition
