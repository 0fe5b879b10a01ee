"""A rule book as one SQL statement: tens of millions of documents, decided where they lie.

Conditions become expressions in ``columnar_conditions``, the questions of a rule book columns in
``columnar_outcomes``, the keys of a decision in ``columnar_decision``, and all that they depend on one text
in ``columnar_pattern``.

The expression reads a table in the contract's own shape (columns ``invoice``, ``sender``, …, with
``invoice.lines`` a list of structures; a date is ``DATE``, money ``DECIMAL(15, 2)``, a count ``BIGINT``,
yes and no ``BOOLEAN``, everything else text) and gives a row a document: decision, channel, attempts,
findings with their lines, and missing facts. It is built of sqlglot nodes and rendered for the engine that
runs it.

SQL's ``AND``, ``OR`` and ``NOT`` are Kleene's, and so is what is made here of lists: ``any line`` is true
where a line is, else unknown where a line is or where the lines are. Whatever a column cannot say (a bad
value is unknown even where its absence means something) is not for this engine: documents with problems go
through ``reference``. ``NULL`` means absent.

The statement is a chain of steps, each a CTE over the one before it:

``facts``      what rules ask about the invoice, each in a column of its own
``opened``     which of them are absent, as bits, and which windows of rules are open
``each_line``  how the parts of ``any line`` and ``all lines`` came out for each line, as bits
``seen``       the same of all lines together
``lines``      each ``any line`` and ``all lines``
``outcomes``   every rule: true, false or unknown
``verdicts``   the decision and the channels
``gaps``       what each unknown one lacks of each line, as bits
``missing``    what it lacks in all, as bits
``line_names`` lines by their ids
``named``      missing facts by their names
``once``, ``said``  the same as words in a sentence, where texts are wanted

Or, from ``verdicts`` on, only all that those depend on, for whoever puts it into words otherwise:

``codes``      every outcome, two bits each
``patterns``   one text for an invoice, and one for its lines
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from sqlglot import exp

from fakturavakt.engines.columnar_decision import DecisionColumns
from fakturavakt.engines.columnar_outcomes import ColumnarOutcomes
from fakturavakt.engines.columnar_pattern import Patterns
from fakturavakt.engines.sql_expressions import name, selected
from fakturavakt.rulebook.model import RuleBook

DOCUMENTS: Final = "documents"
"""The table that the statement reads."""


class Columnar:
    """One rule book on one screening date, as one statement; with a ``language`` its texts, too, and with
    ``trials`` what its rules on trial would have done.

    Raises :class:`~fakturavakt.engines.columnar_outcomes.ColumnarUnsupportedError` for a rule book that asks
    about more facts than there are bits.
    """

    def __init__(
        self, book: RuleBook, as_of: date, language: str | None = None, *, trials: bool = False
    ) -> None:
        self.outcomes = ColumnarOutcomes(book, as_of)
        self.keys = DecisionColumns(self.outcomes, language, trials=trials)
        self.patterns = Patterns(self.outcomes)

    def _deciding(self) -> Iterator[tuple[str, Mapping[str, exp.Expression]]]:
        """The steps to a decision."""
        yield from (
            ("facts", self.outcomes.facts_step()),
            ("opened", self.outcomes.opened()),
            ("each_line", self.outcomes.by_line()),
            ("seen", self.outcomes.seen()),
            ("lines", self.outcomes.lines()),
            ("outcomes", self.outcomes.outcomes()),
            ("verdicts", self.outcomes.verdicts()),
        )

    def _telling(self) -> Iterator[tuple[str, Mapping[str, exp.Expression]]]:
        """The steps from there to all of its keys."""
        yield from (
            ("gaps", self.outcomes.gaps()),
            ("missing", self.outcomes.missing()),
            ("line_names", self.keys.line_names()),
            ("named", self.keys.named()),
            ("once", self.keys.once()),
            ("said", self.keys.words()),
        )

    def _pattern(self) -> Iterator[tuple[str, Mapping[str, exp.Expression]]]:
        """The steps from a decision to all that its keys depend on."""
        yield from (
            ("codes", self.patterns.codes()),
            ("patterns", self.patterns.columns()),
        )

    def select(self, columns: Mapping[str, exp.Expression]) -> exp.Select:
        """These columns, over all steps to the keys of a decision."""
        return _selected(columns, (*self._deciding(), *self._telling()))

    def select_patterns(self, columns: Mapping[str, exp.Expression]) -> exp.Select:
        """These columns, over the steps to patterns, which :class:`Patterns` reads."""
        return _selected(columns, (*self._deciding(), *self._pattern()))


def _selected(
    columns: Mapping[str, exp.Expression],
    steps: Iterable[tuple[str, Mapping[str, exp.Expression]]],
) -> exp.Select:
    """The columns over the steps, each of which is over the one before it."""
    source = DOCUMENTS
    chain = []
    for step, its_columns in steps:
        if its_columns:
            chain.append((step, selected(source, its_columns, and_all=True)))
            source = step
    found = selected(source, columns)
    ctes = [exp.CTE(this=select, alias=exp.TableAlias(this=name(step))) for step, select in chain]
    found.set("with_", exp.With(expressions=ctes))
    return found
