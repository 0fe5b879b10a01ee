"""What every question comes out as, in columns: the first steps of the columnar engine's statement.

May import: ``engines.columnar_conditions``, ``engines.sql_expressions``, ``rulebook``, ``vocabulary``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlglot import exp

from fakturavakt.engines.columnar_conditions import Conditions
from fakturavakt.engines.sql_expressions import (
    LINE,
    cases,
    column,
    conjunction,
    disjunction,
    each_line,
    is_null,
    lambda_of,
    structure_of,
    text_of,
    truth_of,
    whole,
)
from fakturavakt.rulebook.conditions import (
    AnyLine,
    Condition,
    HasWord,
    Known,
    Quantifier,
    facts_of,
    leaves,
    quantifiers,
)
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES

BITS_MAX: Final = 62
"""Facts that one rule book may ask about: which of them are missing is a whole number of 64 bits."""


class ColumnarUnsupportedError(Exception):
    """A rule book that this engine cannot evaluate; the message says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Something whose truth is a column of its own, and what it lacks where it is unknown."""

    column: str
    condition: Condition

    @property
    def reads_lines(self) -> bool:
        """Whether what it lacks may be facts of lines."""
        return any(True for _ in quantifiers(self.condition))


class ColumnarOutcomes:
    """The questions of one rule book on one screening date, and their columns.

    ``facts`` are those that they ask about, ``compared`` those whose values count.

    Raises :class:`ColumnarUnsupportedError` for a rule book that asks about more facts than there are bits.
    """

    def __init__(self, book: RuleBook, as_of: date) -> None:
        self.book = book
        self.scope = Asked("scope", book.scope)
        self.prohibitions = {
            rule.id: Asked(f"rule {rule.id}", rule.condition) for rule in book.prohibitions
        }
        self.advice = {rule.id: Asked(f"rule {rule.id}", rule.condition) for rule in book.advice}
        self.channels = {
            channel.name: Asked(f"channel {channel.name}", channel.condition)
            for channel in book.channels
        }
        self.can_miss = [self.scope, *self.prohibitions.values(), *self.channels.values()]
        facts = {
            fact
            for asked in self.can_miss
            for leaf in leaves(asked.condition)
            for fact in facts_of(leaf)
        } | {LINES}
        if len(facts) > BITS_MAX:
            message = f"the rule book asks about {len(facts)} facts; there is room for {BITS_MAX}"
            raise ColumnarUnsupportedError(message)
        ordered = sorted(facts, key=book.vocabulary.order)
        everything = [*self.can_miss, *self.advice.values()]
        in_force = [r.in_force for channel in book.channels for r in channel.rules if r.in_force]
        self.facts = {
            fact
            for condition in (*(asked.condition for asked in everything), *in_force)
            for leaf in leaves(condition)
            for fact in facts_of(leaf)
        } | {fact for rule in book.advice for fact in rule.asks_for}
        self.compared = {
            fact
            for condition in (*(asked.condition for asked in everything), *in_force)
            for leaf in leaves(condition)
            if not isinstance(leaf, Known)
            for fact in facts_of(leaf)
        }
        self._invoice_facts = [
            fact
            for fact in sorted(self.facts, key=book.vocabulary.order)
            if not fact.startswith(LINE_PREFIX) and fact != LINES
        ]
        found = dict.fromkeys(q for asked in everything for q in quantifiers(asked.condition))
        self.conditions = Conditions(
            book.vocabulary,
            as_of,
            bits={fact: bit for bit, fact in enumerate(ordered)},
            quantified={quantifier: f"lines {n}" for n, quantifier in enumerate(found, start=1)},
        )

    def searched_facts(self) -> set[str]:
        """The facts that are searched for words, in which only :data:`PLAIN_TEXT` can be trusted."""
        conditions = [asked.condition for asked in (*self.can_miss, *self.advice.values())]
        return {
            leaf.fact
            for condition in conditions
            for leaf in leaves(condition)
            if isinstance(leaf, HasWord)
        }

    # -- the steps ---------------------------------------------------------------------------------

    def facts_step(self) -> dict[str, exp.Expression]:
        """Each fact of the invoice that some rule asks about, under its own name."""
        return {fact: column(*fact.split(".")) for fact in self._invoice_facts}

    def _guarded(self) -> set[Quantifier]:
        """Each ``any line`` of a prohibition."""
        return {
            quantifier
            for asked in self.prohibitions.values()
            for quantifier in quantifiers(asked.condition)
            if isinstance(quantifier, AnyLine)
        }

    def suspects(self) -> dict[str, exp.Expression]:
        """A cheap look for a line that could make an ``any line`` of a prohibition true or unknown; most
        documents of a sound run have none, and need no closer look.
        """
        guarded = [q for q in self.conditions.quantified if q in self._guarded()]
        if not guarded:
            return {}
        maybe = exp.Coalesce(
            this=disjunction(self.conditions.truth(quantifier.part) for quantifier in guarded),
            expressions=[truth_of(True)],
        )
        some = exp.ArrayContains(this=each_line(maybe), expression=truth_of(True))
        return {"closer look": exp.Coalesce(this=some, expressions=[truth_of(True)])}

    def each_line_step(self) -> dict[str, exp.Expression]:
        """How the part of each quantifier came out for each line."""
        guarded = self._guarded()
        columns = {}
        for quantifier, named in self.conditions.quantified.items():
            each = each_line(self.conditions.truth(quantifier.part))
            columns[f"each {named}"] = (
                cases([(column("closer look"), each)]) if quantifier in guarded else each
            )
        return columns

    def lines(self) -> dict[str, exp.Expression]:
        """Each ``any line`` and ``all lines``."""
        guarded = self._guarded()
        columns = {}
        for quantifier, named in self.conditions.quantified.items():
            found = self.conditions.over_lines(quantifier, column(f"each {named}"))
            columns[named] = (
                cases([(column("closer look"), found)], truth_of(False))
                if quantifier in guarded
                else found
            )
        return columns

    def outcomes(self) -> dict[str, exp.Expression]:
        truth = self.conditions.truth
        columns = {self.scope.column: truth(self.scope.condition)}
        for rule in (*self.book.prohibitions, *self.book.advice):
            columns[f"rule {rule.id}"] = truth(rule.condition)
        for channel in self.book.channels:
            for rule in channel.rules:
                columns[f"rule {rule.id}"] = truth(rule.condition)
                if rule.in_force is not None:
                    columns[f"in force {rule.id}"] = truth(rule.in_force)
        return columns

    def verdicts(self) -> dict[str, exp.Expression]:
        scope = column(self.scope.column)
        rules = [column(asked.column) for asked in self.prohibitions.values()]
        holds = disjunction(rules)
        unknown = disjunction([is_null(scope), *(is_null(rule) for rule in rules)])
        decision = cases(
            [
                (exp.Not(this=scope.copy()), text_of("out_of_scope")),
                (conjunction([scope.copy(), holds]), text_of("block")),
                (unknown, text_of("hold")),
            ],
            text_of("send"),
        )
        channels = {
            self.channels[channel.name].column: disjunction(
                column(f"rule {rule.id}") for rule in channel.rules
            )
            for channel in self.book.channels
        }
        return {"decision": decision, **channels}

    def gaps(self) -> dict[str, exp.Expression]:
        """What the unknown ones lack of each line: a list of structures, with the line's id."""
        of_lines = [asked for asked in self.can_miss if asked.reads_lines]
        if not of_lines:
            return {}
        lacking = {
            asked.column: cases(
                [
                    (
                        is_null(column(asked.column)),
                        self.conditions.missing_bits(asked.condition, of_line=True),
                    )
                ],
                whole(0),
            )
            for asked in of_lines
        }
        any_unknown = disjunction(is_null(column(asked.column)) for asked in of_lines)
        structures = each_line(structure_of({"id": column(LINE, "id"), **lacking}))
        return {"gaps": cases([(any_unknown, structures)])}

    def missing(self) -> dict[str, exp.Expression]:
        """What each unknown one lacks, of the invoice and of all lines together, as bits."""
        columns = {}
        for asked in self.can_miss:
            bits = self.conditions.missing_bits(asked.condition, of_line=False)
            if asked.reads_lines:
                of_lines = exp.Transform(
                    this=column("gaps"), expression=lambda_of(column("gap", asked.column), "gap")
                )
                ored = exp.Reduce(
                    this=of_lines,
                    initial=whole(0),
                    merge=lambda_of(
                        exp.BitwiseOr(this=column("a"), expression=column("b")), "a", "b"
                    ),
                )
                of_all = exp.Coalesce(this=ored, expressions=[whole(0)])
                bits = exp.BitwiseOr(this=exp.Paren(this=bits), expression=of_all)
            columns[f"missing {asked.column}"] = cases(
                [(is_null(column(asked.column)), bits)], whole(0)
            )
        return columns
