"""What every question comes out as, in columns: the first steps of the columnar engine's statement.

May import: ``engines.columnar_conditions``, ``engines.sql_expressions``, ``rulebook``, ``vocabulary``.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    is_set,
    lambda_of,
    no_texts,
    ored,
    structure_of,
    text_of,
    together,
    truth_of,
    whole,
)
from fakturavakt.rulebook.conditions import (
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

QUANTIFIERS_MAX: Final = 31
"""Quantifiers that one whole number of 64 bits can tell of, two bits each."""
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


@dataclass(frozen=True, slots=True)
class LineCodes:
    """Quantifiers that are asked of each line at once, two bits each: settled, unknown. ``in_force``: the
    window outside of which none of them counts.
    """

    number: int
    quantifiers: tuple[Quantifier, ...]
    in_force: Condition | None

    @property
    def each(self) -> str:
        """The column with the list of lines, each with its id and its code."""
        return f"each line {self.number}"

    @property
    def seen(self) -> str:
        """The column with all codes together."""
        return f"seen {self.number}"


def _settled_or_not(code: exp.Expression, place: int) -> tuple[exp.Expression, exp.Expression]:
    """Whether a code says that a quantifier is settled, and whether it says that it may be."""
    return is_set(code, 1 << 2 * place), is_set(code.copy(), 2 << 2 * place)


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
        self.line_codes = self._coded(found)
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

    def _coded(self, found: Iterable[Quantifier]) -> list[LineCodes]:
        """The quantifiers in lists that are asked of lines at once: those that only count while some window
        is open by themselves, so that outside of it no line is looked at.
        """
        windows: dict[Quantifier, set[Condition | None]] = {}
        for window, condition in (
            (None, self.scope.condition),
            *((rule.in_force, rule.condition) for rule in self.book.prohibitions),
            *((rule.in_force, rule.condition) for rule in self.book.advice),
            *((r.in_force, r.condition) for channel in self.book.channels for r in channel.rules),
        ):
            for quantifier in quantifiers(condition):
                windows.setdefault(quantifier, set()).add(window)
        by_window: dict[Condition | None, list[Quantifier]] = {}
        for quantifier in found:
            several = windows[quantifier]
            window = next(iter(several)) if len(several) == 1 else None
            by_window.setdefault(window, []).append(quantifier)
        codes: list[LineCodes] = []
        for window, together_ in by_window.items():
            for start in range(0, len(together_), QUANTIFIERS_MAX):
                part = tuple(together_[start : start + QUANTIFIERS_MAX])
                codes.append(LineCodes(len(codes) + 1, part, window))
        return codes

    # -- the steps ---------------------------------------------------------------------------------

    def facts_step(self) -> dict[str, exp.Expression]:
        """Each fact of the invoice that some rule asks about, under its own name."""
        return {fact: column(*fact.split(".")) for fact in self._invoice_facts}

    def each_line_step(self) -> dict[str, exp.Expression]:
        """How the parts of quantifiers came out for each line: its id and a code, two bits a quantifier."""
        columns = {}
        for asked in self.line_codes:
            codes = [
                self._shifted(self.conditions.settled(quantifier), 2 * place)
                for place, quantifier in enumerate(asked.quantifiers)
            ]
            each = each_line(structure_of({"id": column(LINE, "id"), "code": together(codes)}))
            if asked.in_force is not None:
                each = cases([(self._may_be_in_force(asked.in_force), each)])
            columns[asked.each] = each
        return columns

    def seen(self) -> dict[str, exp.Expression]:
        """The codes of all lines together."""
        return {
            asked.seen: exp.Coalesce(
                this=ored(
                    exp.Transform(
                        this=column(asked.each), expression=lambda_of(column("e", "code"), "e")
                    )
                ),
                expressions=[whole(0)],
            )
            for asked in self.line_codes
        }

    def lines(self) -> dict[str, exp.Expression]:
        """Each ``any line`` and ``all lines``."""
        return {
            self.conditions.quantified[quantifier]: self.conditions.over_lines(
                quantifier, *_settled_or_not(column(asked.seen), place)
            )
            for asked in self.line_codes
            for place, quantifier in enumerate(asked.quantifiers)
        }

    def _may_be_in_force(self, in_force: Condition) -> exp.Expression:
        truth = self.conditions.truth(in_force)
        return exp.Coalesce(this=truth, expressions=[truth_of(True)])

    def _shifted(self, code: exp.Expression, bits: int) -> exp.Expression:
        return exp.Mul(this=code, expression=whole(1 << bits)) if bits else code

    def lines_that_are(self, asked: Asked, truth: bool | None) -> exp.Expression:
        """The ids of the lines for which the rule, read for that line alone, is so."""
        found = set(quantifiers(asked.condition))
        for each in self.line_codes:
            if found <= set(each.quantifiers):
                alone = self.conditions.truth(
                    asked.condition,
                    lambda q: self.conditions.for_line(  # called before the loop goes on
                        q,
                        *_settled_or_not(column(LINE, "code"), each.quantifiers.index(q)),  # noqa: B023
                    ),
                )
                lines = column(each.each)
                break
        else:
            alone = self.conditions.truth(asked.condition, lambda q: self.conditions.truth(q.part))
            lines = column(*LINES.split("."))
        which = alone if truth else is_null(alone)
        kept = exp.ArrayFilter(this=lines, expression=lambda_of(which))
        names = exp.Transform(this=kept, expression=lambda_of(column(LINE, "id")))
        return exp.Coalesce(this=names, expressions=[no_texts()])

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
                of_all = exp.Coalesce(this=ored(of_lines), expressions=[whole(0)])
                bits = exp.BitwiseOr(this=exp.Paren(this=bits), expression=of_all)
            columns[f"missing {asked.column}"] = cases(
                [(is_null(column(asked.column)), bits)], whole(0)
            )
        return columns
