"""What every question comes out as, in columns: the first steps of the columnar engine's statement.

May import: ``engines.columnar_conditions``, ``engines.outcomes``, ``engines.sql_expressions``, ``rulebook``,
``vocabulary``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlglot import exp

from fakturavakt.engines.columnar_conditions import ABSENT, BY_LINE, Conditions
from fakturavakt.engines.outcomes import names_lines
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
from fakturavakt.rulebook.model import ChannelRule, Rule, RuleBook
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES, Absence

BITS_MAX: Final = 62
"""Bits of one whole number that are used. So many facts may a rule book ask about: which of them are absent
is such a number.
"""


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


@dataclass
class LineCode:
    """A whole number for each line that says how conditions came out for it. ``settled``: the first of a
    quantifier's two bits, its part settles the quantifier, or is unknown. ``unknown``: the bit of a condition
    inside a quantifier. ``in_force``: the window outside of which nobody asks.
    """

    number: int
    in_force: Condition | None
    size: int = 0
    settled: dict[Quantifier, int] = field(default_factory=dict)
    unknown: dict[tuple[Quantifier, Condition], int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its field in a line."""
        return f"code {self.number}"

    @property
    def seen(self) -> str:
        """The column with the numbers of all lines together."""
        return f"seen {self.number}"


def _settled_or_not(code: exp.Expression, bit: int) -> tuple[exp.Expression, exp.Expression]:
    """Whether a code says that a quantifier is settled, and whether it says that it may be."""
    return is_set(code, 1 << bit), is_set(code.copy(), 2 << bit)


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
        self.trials = {rule.id: Asked(f"rule {rule.id}", rule.condition) for rule in book.trials}
        self.channels = {
            channel.name: Asked(f"channel {channel.name}", channel.condition)
            for channel in book.channels
        }
        channel_rules = (rule for channel in book.channels for rule in channel.rules)
        self.rules: tuple[Rule, ...] = (
            *book.prohibitions,
            *book.advice,
            *channel_rules,
            *book.trials,
        )
        self.can_miss = [
            self.scope,
            *self.prohibitions.values(),
            *self.channels.values(),
            *self.trials.values(),
        ]
        naming = (*book.prohibitions, *book.advice, *book.trials)
        self.naming_lines = [
            Asked(f"rule {rule.id}", rule.condition) for rule in naming if names_lines(rule)
        ]
        """Those that tell of which lines they are so."""
        facts = {
            fact
            for asked in self.can_miss
            for leaf in leaves(asked.condition)
            for fact in facts_of(leaf)
            if book.vocabulary[fact].absent is Absence.UNKNOWN
        }
        facts |= {LINES, *(fact for rule in book.advice for fact in rule.asks_for)}
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
            unknown_bits={},
        )
        self.line_codes = self._coded(found)
        self._settled_at = {
            quantifier: (code.name, bit)
            for code in self.line_codes
            for quantifier, bit in code.settled.items()
        }
        self.conditions.unknown_bits = {
            place: (code.name, 1 << bit)
            for code in self.line_codes
            for place, bit in code.unknown.items()
        }
        self.windows = {
            window: f"open {n}"
            for n, window in enumerate(
                dict.fromkeys(rule.in_force for rule in self.rules if rule.in_force is not None),
                start=1,
            )
        }

    def searched_facts(self) -> set[str]:
        """The facts that are searched for words, in which only :data:`PLAIN_TEXT` can be trusted."""
        conditions = [asked.condition for asked in (*self.can_miss, *self.advice.values())]
        return {
            leaf.fact
            for condition in conditions
            for leaf in leaves(condition)
            if isinstance(leaf, HasWord)
        }

    def _coded(self, found: Iterable[Quantifier]) -> list[LineCode]:
        """The quantifiers in numbers that are asked of lines at once: those that only count while some window
        is open by themselves, so that outside of it nobody looks.
        """
        windows: dict[Quantifier, set[Condition | None]] = {}
        for window, condition in (
            (None, self.scope.condition),
            *((rule.in_force, rule.condition) for rule in self.rules),
        ):
            for quantifier in quantifiers(condition):
                windows.setdefault(quantifier, set()).add(window)
        codes: list[LineCode] = []
        newest: dict[Condition | None, LineCode] = {}

        def room_for(window: Condition | None, bits: int) -> LineCode:
            code = newest.get(window)
            if code is None or code.size + bits > BITS_MAX:
                code = newest[window] = LineCode(len(codes) + 1, window)
                codes.append(code)
            code.size += bits
            return code

        for quantifier in found:
            several = windows[quantifier]
            window = next(iter(several)) if len(several) == 1 else None
            code = room_for(window, 2)
            bit = code.settled[quantifier] = code.size - 2
            for node in self.conditions.nodes_of_line(quantifier):
                if node == quantifier.part:
                    code.unknown[quantifier, node] = bit + 1
                else:
                    other = room_for(window, 1)
                    other.unknown[quantifier, node] = other.size - 1
        return codes

    # -- the steps ---------------------------------------------------------------------------------

    def facts_step(self) -> dict[str, exp.Expression]:
        """Each fact of the invoice that some rule asks about, under its own name."""
        return {fact: column(*fact.split(".")) for fact in self._invoice_facts}

    def opened(self) -> dict[str, exp.Expression]:
        """Which facts of the invoice are absent, as bits, and whether each window of rules may be open."""
        of_invoice = [fact for fact in self.conditions.bits if not fact.startswith(LINE_PREFIX)]
        windows = {
            named: exp.Coalesce(this=self.conditions.truth(window), expressions=[truth_of(True)])
            for window, named in self.windows.items()
        }
        return {ABSENT: self._absent(of_invoice), **windows}

    def by_line(self) -> dict[str, exp.Expression]:
        """What is to be known of each line: its id, which of its facts are absent, and its codes."""
        if not self.line_codes:
            return {}
        of_line = [fact for fact in self.conditions.bits if fact.startswith(LINE_PREFIX)]
        fields = {"id": column(LINE, "id"), ABSENT: self._absent(of_line)}
        for code in self.line_codes:
            found = [
                self._shifted(self.conditions.settled(quantifier), bit)
                for quantifier, bit in code.settled.items()
            ]
            for (quantifier, node), bit in code.unknown.items():
                if node != quantifier.part:
                    unknown = is_null(self.conditions.truth(node))
                    found.append(cases([(unknown, whole(1 << bit))], whole(0)))
            fields[code.name] = self.while_open(code.in_force, together(found), whole(0))
        return {BY_LINE: each_line(structure_of(fields))}

    def _absent(self, facts: Iterable[str]) -> exp.Expression:
        return together(
            cases(
                [(is_null(self.conditions.stated(fact)), whole(1 << self.conditions.bits[fact]))],
                whole(0),
            )
            for fact in facts
        )

    def while_open(
        self, window: Condition | None, then: exp.Expression, otherwise: exp.Expression
    ) -> exp.Expression:
        """``then``, not looked at where the window is certainly closed."""
        if window is None:
            return then
        return cases([(column(self.windows[window]), then)], otherwise)

    def seen(self) -> dict[str, exp.Expression]:
        """The codes of all lines together."""
        return {
            code.seen: exp.Coalesce(
                this=ored(
                    exp.Transform(
                        this=column(BY_LINE), expression=lambda_of(column("e", code.name), "e")
                    )
                ),
                expressions=[whole(0)],
            )
            for code in self.line_codes
        }

    def lines(self) -> dict[str, exp.Expression]:
        """Each ``any line`` and ``all lines``."""
        return {
            self.conditions.quantified[quantifier]: self.conditions.over_lines(
                quantifier, *_settled_or_not(column(code.seen), bit)
            )
            for code in self.line_codes
            for quantifier, bit in code.settled.items()
        }

    def _shifted(self, code: exp.Expression, bits: int) -> exp.Expression:
        return exp.Mul(this=code, expression=whole(1 << bits)) if bits else code

    def truth_on_line(self, asked: Asked) -> exp.Expression:
        """The rule read for the line at hand alone, an item of the list :data:`BY_LINE`."""

        def alone(quantifier: Quantifier) -> exp.Expression:
            code, bit = self._settled_at[quantifier]
            return self.conditions.for_line(quantifier, *_settled_or_not(column(LINE, code), bit))

        return self.conditions.truth(asked.condition, alone)

    def lines_that_are(self, asked: Asked, truth: bool | None) -> exp.Expression:
        """The ids of the lines for which the rule, read for that line alone, is so."""
        alone = self.truth_on_line(asked)
        which = alone if truth else is_null(alone)
        kept = exp.ArrayFilter(this=column(BY_LINE), expression=lambda_of(which))
        names = exp.Transform(this=kept, expression=lambda_of(column(LINE, "id")))
        return exp.Coalesce(this=names, expressions=[no_texts()])

    def outcomes(self) -> dict[str, exp.Expression]:
        """Every rule: true, false or unknown."""
        truth = self.conditions.truth
        columns = {self.scope.column: truth(self.scope.condition)}
        for rule in self.rules:
            columns[f"rule {rule.id}"] = self.while_open(
                rule.in_force, truth(rule.condition), truth_of(False)
            )
            if rule.in_force is not None and isinstance(rule, ChannelRule):
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
                        self.conditions.missing_bits_of_line(asked.condition),
                    )
                ],
                whole(0),
            )
            for asked in of_lines
        }
        any_unknown = disjunction(is_null(column(asked.column)) for asked in of_lines)
        structures = exp.Transform(
            this=column(BY_LINE),
            expression=lambda_of(structure_of({"id": column(LINE, "id"), **lacking})),
        )
        return {"gaps": cases([(any_unknown, structures)])}

    def missing(self) -> dict[str, exp.Expression]:
        """What each unknown one lacks, of the invoice and of all lines together, as bits."""
        columns = {}
        for asked in self.can_miss:
            bits = self.conditions.missing_bits(asked.condition)
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
