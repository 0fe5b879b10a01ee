"""The statement that gives each document its pattern, and the words for the patterns that come out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from fakturavakt.bulk.told_patterns import ToldPatterns
from fakturavakt.decision import Decider
from fakturavakt.engines.columnar import Columnar
from fakturavakt.engines.columnar_conditions import BY_LINE
from fakturavakt.engines.columnar_outcomes import ColumnarOutcomes
from fakturavakt.engines.columnar_pattern import PATTERN, PATTERN_OF_LINES
from fakturavakt.engines.sql_dialects import DUCKDB, written
from fakturavakt.engines.sql_expressions import cases, cast, column, lambda_of, text_of, truth_of
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screening
from fakturavakt.vocabulary.own_facts import CURRENCY, INVOICE_KIND, PAYABLE_AMOUNT

if TYPE_CHECKING:
    from sqlglot import exp


class PatternStatement:
    """Asks the questions of ``book``: the rule book of ``screening``, or what of it is in force. ``carried``
    are facts of the invoice whose values stand beside the answers, under their names.
    """

    def __init__(self, screening: Screening, book: RuleBook, carried: Sequence[str] = ()) -> None:
        self._carried = carried
        self._columnar = Columnar(book, screening.as_of)
        self._known = book.vocabulary
        self._has_register = screening.register is not None
        # A channel of which no rule is in force is told of all the same.
        spoken = replace(book, channels=screening.book.channels)
        decider = Decider(spoken, screening.as_of, screening.language, screening.trials)
        self.patterns = ToldPatterns(self._columnar.patterns, decider)

    @property
    def outcomes(self) -> ColumnarOutcomes:
        """Which facts it reads, and how."""
        return self._columnar.outcomes

    def over(self, documents: str) -> str:
        """The statement over a query of documents."""
        return self._statement.replace("WITH ", f"WITH documents AS ({documents}), ", 1)

    @cached_property
    def _statement(self) -> str:
        """A row a document, over a table ``documents``: ``suspect`` and ``raw``, its number, its patterns and
        the ids of its lines, the payable amount in whole øre, its currency and direction, and what the
        register gave.
        """
        from sqlglot import exp

        listed = exp.Transform(this=column(BY_LINE), expression=lambda_of(column("line", "id")))
        ids = cast(exp.Anonymous(this="TO_JSON", expressions=[listed]), "varchar")
        has_lines = exp.NEQ(this=column(PATTERN_OF_LINES), expression=text_of(""))
        columns: dict[str, exp.Expression] = {
            "suspect": column("suspect"),
            "raw": column("raw"),
            "number": column("invoice", "number"),
            "pattern": column(PATTERN),
            "of_lines": column(PATTERN_OF_LINES),
            "line_ids": cases([(has_lines, ids)])
            if self.outcomes.line_codes
            else cast(exp.Null(), "varchar"),
            **self._amount(),
            "position": cast(exp.Null(), "bigint"),
            "evidence": exp.Array(expressions=[]),
        }
        if self._has_register:
            out_of_scope = exp.EQ(this=column("decision"), expression=text_of("out_of_scope"))
            columns["position"] = column("position")
            columns["evidence"] = cases([(exp.Not(this=out_of_scope), column("evidence"))])
        for fact in self._carried:
            value = column(*fact.split("."))
            columns[fact] = value if fact in self._known else cast(exp.Null(), "varchar")
        return written(self._columnar.select_patterns(columns), DUCKDB)

    def _amount(self) -> dict[str, exp.Expression]:
        from sqlglot import exp

        hundred = exp.Literal.number(100)
        amount, currency = column(*PAYABLE_AMOUNT.split(".")), column(*CURRENCY.split("."))
        kind = exp.EQ(
            this=column(*INVOICE_KIND.split(".")), expression=exp.Literal.string("credit_note")
        )
        is_credit_note = exp.Coalesce(this=kind, expressions=[truth_of(False)])
        return {
            "ore": cast(exp.Mul(this=amount, expression=hundred), "bigint")
            if PAYABLE_AMOUNT in self._known
            else cast(exp.Null(), "bigint"),
            "currency": currency if CURRENCY in self._known else cast(exp.Null(), "varchar"),
            "is_credit_note": is_credit_note if INVOICE_KIND in self._known else truth_of(False),
        }
