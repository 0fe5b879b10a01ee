"""The walk over the closed tree of conditions that makes SQL expressions of them, unknown included.

May import: ``engines.sql_expressions``, ``rulebook``, ``vocabulary``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, assert_never

from sqlglot import exp

from fakturavakt.engines.sql_expressions import (
    LINE,
    cases,
    cast,
    column,
    conjunction,
    constant,
    disjunction,
    is_known,
    is_null,
    is_set,
    masked,
    text_of,
    together,
    truth_of,
    whole,
    wrapped,
)
from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    Constant,
    HasWord,
    Known,
    Leaf,
    Named,
    Not,
    OneOf,
    OtherFact,
    Quantifier,
    Relation,
    children,
    facts_of,
    leaves,
)
from fakturavakt.vocabulary.facts import (
    LINE_PREFIX,
    LINES,
    NEVER,
    Absence,
    Fact,
    FactType,
    Value,
    Vocabulary,
)

PLAIN_LETTERS: Final = "À-ÖØ-Þà-öø-þ"
"""Letters beyond ASCII whose small form is the same in every engine."""
PLAIN_TEXT: Final = rf"[ -~{PLAIN_LETTERS}\x{{a0}}§°«»–—‘’“”€]*"
"""Texts in which ``has_word`` finds the same words in every engine (a regular expression, for RE2 and Java);
a document with any other text in a fact that a rule searches for words goes through ``reference``."""
ABSENT: Final = "absent"
"""The facts that are not there, as bits: a column, and a field of each line in :data:`BY_LINE`."""
BY_LINE: Final = "by line"
"""The column with what is to be known of each line, in a list of structures."""
_WORD_MARK: Final = "[0-9a-z_à-öø-þ:-]"


def _compared(relation: Relation) -> Callable[..., exp.Expression]:
    match relation:
        case Relation.BELOW:
            return exp.LT
        case Relation.AT_MOST:
            return exp.LTE
        case Relation.EQUAL:
            return exp.EQ
        case Relation.AT_LEAST:
            return exp.GTE
        case Relation.ABOVE:
            return exp.GT
        case _:
            assert_never(relation)


def _is_settled_by(quantifier: Quantifier) -> bool:
    """How one line must come out to settle what the quantifier is, and how it then comes out."""
    match quantifier:
        case AnyLine():
            return True
        case AllLines():
            return False
        case _:
            assert_never(quantifier)


@dataclass
class Conditions:
    """The walk over the closed set of nodes: conditions to expressions with three truth values."""

    vocabulary: Vocabulary
    as_of: date
    bits: Mapping[str, int] = field(default_factory=dict)
    """The bit of each fact in :data:`ABSENT`."""
    quantified: Mapping[Quantifier, str] = field(default_factory=dict)
    """The column that says how a quantifier came out."""
    unknown_bits: Mapping[tuple[Quantifier, Condition], tuple[str, int]] = field(
        default_factory=dict
    )
    """Where a line says that a condition inside a quantifier is unknown: a code, and the bit in it."""

    def truth(
        self,
        condition: Condition,
        of_quantifier: Callable[[Quantifier], exp.Expression] | None = None,
    ) -> exp.Expression:
        """The truth of a condition. ``of_quantifier`` says how a quantifier came out; without it that stands
        in a column.
        """
        match condition:
            case All(parts=parts):
                everything = conjunction(self.truth(part, of_quantifier) for part in parts)
                dear = [part for part in parts if _searches_text(part)]
                cheap = [self.truth(part, of_quantifier) for part in parts if part not in dear]
                if not dear or not cheap:
                    return everything
                # `AND` looks at all of its parts; a search through text is worth a look beforehand.
                worth = exp.Coalesce(this=conjunction(cheap), expressions=[truth_of(True)])
                return cases([(worth, everything)], truth_of(False))
            case AnyOf(parts=parts):
                return disjunction(self.truth(part, of_quantifier) for part in parts)
            case Not(part=part):
                return exp.Not(this=wrapped(self.truth(part, of_quantifier)))
            case Named(part=part):
                return self.truth(part, of_quantifier)
            case AnyLine() | AllLines():
                if of_quantifier is not None:
                    return of_quantifier(condition)
                return column(self.quantified[condition])
            case Known(fact=fact):
                return is_known(self.stated(fact))
            case OneOf(fact=fact, values=values):
                return self._one_of(self.vocabulary[fact], values)
            case HasWord(fact=fact, words=words):
                pattern = f"(^|[^{_WORD_MARK[1:-1]}])({'|'.join(map(_word_pattern, words))})"
                pattern += f"($|[^{_WORD_MARK[1:-1]}])"
                return exp.RegexpLike(
                    this=exp.Lower(this=self.value(fact)), expression=text_of(pattern)
                )
            case Comparison():
                return self._comparison(condition)
            case _:
                assert_never(condition)

    def settled(self, quantifier: Quantifier) -> exp.Expression:
        """Whether the line at hand settles what the quantifier is: 1 yes, 0 no, 2 unknown."""
        part = self.truth(quantifier.part)
        if not _is_settled_by(quantifier):
            part = exp.Not(this=wrapped(part))
        return exp.Coalesce(this=cast(part, "bigint"), expressions=[whole(2)])

    def over_lines(
        self, quantifier: Quantifier, settled: exp.Expression, unsettled: exp.Expression
    ) -> exp.Expression:
        """The quantifier, given whether some line settles it, and whether some line might: Kleene's, also
        where a list function would skip what is unknown.
        """
        settles = _is_settled_by(quantifier)
        return cases(
            [
                (is_null(self.stated(LINES)), truth_of(None)),
                (settled, truth_of(settles)),
                (unsettled, truth_of(None)),
            ],
            truth_of(not settles),
        )

    def for_line(
        self, quantifier: Quantifier, settled: exp.Expression, unsettled: exp.Expression
    ) -> exp.Expression:
        """The same over one line alone."""
        settles = _is_settled_by(quantifier)
        return cases(
            [(settled, truth_of(settles)), (unsettled, truth_of(None))], truth_of(not settles)
        )

    def stated(self, fact: str) -> exp.Expression:
        """What the document says of a fact; ``NULL`` where it says nothing."""
        if fact.startswith(LINE_PREFIX) or fact == LINES:
            return column(*fact.split("."))
        # A column of its own: a function over lines copies each column that it looks at for every line,
        # and with ``invoice`` all of its lines.
        return column(fact)

    def value(self, fact: str) -> exp.Expression:
        """The value of a fact, its absence given the meaning that it has (*never* stays ``NULL``)."""
        found = self.stated(fact)
        absent = self.vocabulary[fact].absent
        if absent is Absence.UNKNOWN or absent == NEVER:
            return found
        return exp.Coalesce(this=found, expressions=[self._meaning(self.vocabulary[fact])])

    def _meaning(self, fact: Fact) -> exp.Expression:
        if isinstance(fact.absent, Absence):
            return constant(FactType.DATE, self.as_of.toordinal())
        return constant(fact.type, fact.absent)

    def can_be_missing(self, fact: str) -> bool:
        """Whether the fact is unknown where nobody states it."""
        return self.vocabulary[fact].absent is Absence.UNKNOWN

    def _one_of(self, fact: Fact, values: tuple[Value, ...]) -> exp.Expression:
        found = self.value(fact.name)
        if values == (True,):
            return found
        if values == (False,):
            return exp.Not(this=found)
        constants = [constant(fact.type, value) for value in values]
        if len(constants) == 1:
            return exp.EQ(this=found, expression=constants[0])
        return exp.In(this=found, expressions=constants)

    def _comparison(self, condition: Comparison) -> exp.Expression:
        left, left_is_never = self.value(condition.fact), self._can_be_never(condition.fact)
        operand = condition.operand
        match operand:
            case Constant(value=value):
                right = constant(self.vocabulary[condition.fact].type, value)
                right_is_never = right_can_be_unknown = False
            case OtherFact(fact=fact, days=days):
                right, right_is_never = self.value(fact), self._can_be_never(fact)
                right_can_be_unknown = self.can_be_missing(fact)
                if days:
                    right = exp.DateAdd(
                        this=right, expression=exp.Literal.number(days), unit=exp.var("DAY")
                    )
            case _:
                assert_never(operand)
        relation = condition.relation
        compared = _compared(relation)(this=left, expression=right)
        left_can_be_unknown = self.can_be_missing(condition.fact)
        # Never lies after every day: the relation holds, or not, whatever the other day is, if it is known.
        whens: list[tuple[exp.Expression, exp.Expression]] = []
        if left_is_never and right_is_never:
            both = conjunction([is_null(left.copy()), is_null(right.copy())])
            whens.append((both, truth_of(_holds(relation, 0))))
        if left_is_never:
            known = is_known(right.copy()) if right_can_be_unknown else None
            whens.append((is_null(left.copy()), _if_known(known, _holds(relation, 1))))
        if right_is_never:
            known = is_known(left.copy()) if left_can_be_unknown else None
            whens.append((is_null(right.copy()), _if_known(known, _holds(relation, -1))))
        return cases(whens, compared)

    def _can_be_never(self, fact: str) -> bool:
        return self.vocabulary[fact].absent == NEVER

    # -- what is missing ---------------------------------------------------------------------------

    def missing_bits(self, condition: Condition) -> exp.Expression:
        """The facts that the condition lacks outside of quantifiers, as bits, given that the condition itself
        is unknown: the unknown facts of its unknown leaves whose ancestors are all unknown (contract §2).
        Whether the lines are unknown is one of them.
        """
        return self._lacked(condition).bits()

    def missing_bits_of_line(self, condition: Condition) -> exp.Expression:
        """The facts that its quantifiers lack for the line at hand, an item of the list :data:`BY_LINE`."""
        return self._lacked_by_line(condition).bits()

    def nodes_of_line(self, quantifier: Quantifier) -> list[Condition]:
        """The conditions inside a quantifier of which has to be known whether they are unknown for a line,
        so that what it lacks can be told.
        """
        return list(dict.fromkeys(_nodes(quantifier.part)))

    def _lacked(self, condition: Condition) -> _Lacked:
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                return _Lacked.of_parts(parts, self._lacked, self._is_unknown)
            case Not(part=part) | Named(part=part):  # unknown exactly where the part is
                return self._lacked(part)
            case AnyLine() | AllLines():
                return _Lacked(1 << self.bits[LINES])
            case Known():  # never unknown
                return _Lacked()
            case OneOf() | HasWord() | Comparison():
                return _Lacked(self._can_be_missing(condition, of_line=False))
            case _:
                assert_never(condition)

    def _lacked_by_line(self, condition: Condition) -> _Lacked:
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                return _Lacked.of_parts(parts, self._lacked_by_line, self._is_unknown)
            case Not(part=part) | Named(part=part):
                return self._lacked_by_line(part)
            case AnyLine(part=part) | AllLines(part=part):

                def is_unknown(node: Condition) -> exp.Expression:
                    return self._is_unknown_on_line(condition, node)

                def lacked(node: Condition) -> _Lacked:
                    return self._lacked_inside(node, is_unknown)

                return _Lacked.of_parts((part,), lacked, is_unknown)
            case Known() | OneOf() | HasWord() | Comparison():
                return _Lacked()
            case _:
                assert_never(condition)

    def _lacked_inside(
        self, condition: Condition, is_unknown: Callable[[Condition], exp.Expression]
    ) -> _Lacked:
        """The same of a condition inside a quantifier."""
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                return _Lacked.of_parts(
                    parts, lambda part: self._lacked_inside(part, is_unknown), is_unknown
                )
            case Not(part=part) | Named(part=part):
                return self._lacked_inside(part, is_unknown)
            case Known():
                return _Lacked()
            case OneOf() | HasWord() | Comparison():
                return _Lacked(
                    self._can_be_missing(condition, of_line=False),
                    self._can_be_missing(condition, of_line=True),
                )
            case AnyLine() | AllLines():
                raise AssertionError("quantifiers do not nest")
            case _:
                assert_never(condition)

    def _can_be_missing(self, leaf: Leaf, *, of_line: bool) -> int:
        facts = {fact for fact in facts_of(leaf) if fact.startswith(LINE_PREFIX) is of_line}
        return sum(1 << self.bits[fact] for fact in facts if self.can_be_missing(fact))

    def _is_unknown(self, condition: Condition) -> exp.Expression:
        return is_null(self.truth(condition))

    def _is_unknown_on_line(self, quantifier: Quantifier, node: Condition) -> exp.Expression:
        code, bit = self.unknown_bits[quantifier, node]
        return is_set(column(LINE, code), bit)


@dataclass(frozen=True)
class _Lacked:
    """What an unknown condition lacks: of the facts in ``mask`` those that the invoice has not, of those in
    ``line_mask`` those that the line at hand has not and, for each of ``parts`` that is unknown itself, what
    that one lacks.
    """

    mask: int = 0
    line_mask: int = 0
    parts: tuple[tuple[exp.Expression, _Lacked], ...] = ()

    @classmethod
    def of_parts(
        cls,
        parts: Sequence[Condition],
        lacked: Callable[[Condition], _Lacked],
        is_unknown: Callable[[Condition], exp.Expression],
    ) -> _Lacked:
        """Of several conditions under one that is unknown."""
        mask = line_mask = 0
        nested = []
        for part in dict.fromkeys(parts):
            found = lacked(part)
            if _is_leaf(part):
                # No test of its own: a leaf is unknown exactly where its fact is missing.
                mask |= found.mask
                line_mask |= found.line_mask
            elif found.mask or found.line_mask or found.parts:
                nested.append((is_unknown(part), found))
        return cls(mask, line_mask, tuple(nested))

    def bits(self) -> exp.Expression:
        """As bits."""
        found = [masked(column(ABSENT), self.mask)] if self.mask else []
        if self.line_mask:
            found.append(masked(column(LINE, ABSENT), self.line_mask))
        for unknown, part in self.parts:
            found.append(cases([(unknown, part.bits())], whole(0)))
        return together(found)


def _nodes(condition: Condition) -> Iterator[Condition]:
    """``condition`` itself and all in it that is more than a leaf and stands below ``all`` or ``any``."""
    if not _is_leaf(condition):
        yield condition
        while isinstance(condition, (Not, Named)):
            condition = condition.part
        for part in children(condition):
            yield from _nodes(part)


def _searches_text(condition: Condition) -> bool:
    return any(isinstance(leaf, HasWord) for leaf in leaves(condition))


def _is_leaf(condition: Condition) -> bool:
    """Whether there is one leaf and nothing else, under whatever names and negations."""
    while isinstance(condition, (Not, Named)):
        condition = condition.part
    return isinstance(condition, Leaf)


def _holds(relation: Relation, order: int) -> bool:
    """Whether the relation holds of two values that stand in this order (-1, 0 or 1)."""
    match relation:
        case Relation.BELOW:
            return order < 0
        case Relation.AT_MOST:
            return order <= 0
        case Relation.EQUAL:
            return order == 0
        case Relation.AT_LEAST:
            return order >= 0
        case Relation.ABOVE:
            return order > 0
        case _:
            assert_never(relation)


def _if_known(known: exp.Expression | None, truth: bool) -> exp.Expression:
    return truth_of(truth) if known is None else cases([(known, truth_of(truth))], truth_of(None))


def _word_pattern(word: str) -> str:
    # A word has letters, digits, `:`, `-` and `_` only, none of them special here.
    return word.replace("*", f"{_WORD_MARK}*")
