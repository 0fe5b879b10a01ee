"""Conditions compiled to one SQL expression: tens of millions of documents, decided where they lie.

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
``suspects``   whether some line needs a closer look
``each_line``  how the part of each ``any line`` came out for each line
``lines``      each ``any line`` and ``all lines``
``outcomes``   every rule: true, false or unknown
``verdicts``   the decision and the channels
``gaps``       what each unknown one lacks of each line, as bits
``missing``    what it lacks in all, as bits
``named``      lines and missing facts by their names
``once``, ``said``  the same as words in a sentence, where texts are wanted
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from string import Formatter
from typing import Final, assert_never

from sqlglot import exp
from sqlglot.tokens import Tokenizer

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
    facts_of,
    leaves,
    quantifiers,
)
from fakturavakt.rulebook.model import (
    UNKNOWN_LINES,
    Advice,
    Channel,
    ChannelRule,
    Rule,
    RuleBook,
    Wording,
)
from fakturavakt.texts import listed
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
from fakturavakt.vocabulary.forms import written_ore

DOCUMENTS: Final = "documents"
"""The table that the statement reads."""

PLAIN_LETTERS: Final = "À-ÖØ-Þà-öø-þ"
"""Letters beyond ASCII whose small form is the same in every engine."""
PLAIN_TEXT: Final = rf"[ -~{PLAIN_LETTERS}\x{{a0}}§°«»–—‘’“”€]*"
"""Texts in which ``has_word`` finds the same words in every engine (a regular expression, for RE2 and Java);
a document with any other text in a fact that a rule searches for words goes through ``reference``."""
_WORD_MARK: Final = "[0-9a-z_à-öø-þ:-]"

BITS_MAX: Final = 62
"""Facts that one rule book may ask about: which of them are missing is a whole number of 64 bits."""

_LINE: Final = "line"


class ColumnarUnsupportedError(Exception):
    """A rule book that this engine cannot evaluate; the message says why."""


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


# -- small expressions ---------------------------------------------------------------------------------


def name(word: str) -> exp.Identifier:
    """A name, quoted where SQL would take it for something else."""
    plain = word.isidentifier() and word.isascii() and word.upper() not in Tokenizer.KEYWORDS
    return exp.to_identifier(word, quoted=not plain)


def column(*parts: str) -> exp.Expression:
    """A column, or a field inside one: ``column("invoice", "due_date")``."""
    first, *rest = parts
    found: exp.Expression = exp.Column(this=name(first))
    for part in rest:
        found = exp.Dot(this=found, expression=name(part))
    return found


def _whole(number: int) -> exp.Expression:
    return exp.cast(exp.Literal.number(number), "bigint")


def _together(bits: Iterable[exp.Expression]) -> exp.Expression:
    """All bits that are set in one of them."""
    found: exp.Expression | None = None
    for each in bits:
        found = each if found is None else exp.BitwiseOr(this=found, expression=each)
    return _whole(0) if found is None else found


def text_of(written: str) -> exp.Expression:
    """A text constant."""
    return exp.Literal.string(written)


def truth_of(truth: bool | None) -> exp.Expression:
    """``TRUE``, ``FALSE``, or an unknown that has the type of both."""
    return exp.cast(exp.Null(), "boolean") if truth is None else exp.Boolean(this=truth)


def is_null(value: exp.Expression) -> exp.Expression:
    """``value IS NULL``."""
    return exp.Is(this=_wrapped(value), expression=exp.Null())


def is_known(value: exp.Expression) -> exp.Expression:
    """``value IS NOT NULL``."""
    return exp.Not(this=is_null(value))


def conjunction(parts: Iterable[exp.Expression]) -> exp.Expression:
    """``AND``, true without parts."""
    return _joined(exp.And, list(parts), empty=True)


def disjunction(parts: Iterable[exp.Expression]) -> exp.Expression:
    """``OR``, false without parts."""
    return _joined(exp.Or, list(parts), empty=False)


def cases(
    whens: Iterable[tuple[exp.Expression, exp.Expression]],
    otherwise: exp.Expression | None = None,
) -> exp.Expression:
    """``CASE WHEN … THEN … ELSE … END``; without branches what is left."""
    ifs = [exp.If(this=when, true=then) for when, then in whens]
    if not ifs:
        return otherwise or exp.Null()
    return exp.Case(ifs=ifs, default=otherwise)


def lambda_of(body: exp.Expression, *names: str) -> exp.Lambda:
    """``name -> body``."""
    return exp.Lambda(this=body, expressions=[name(each) for each in names or (_LINE,)])


def each_line(body: exp.Expression) -> exp.Expression:
    """A list of ``body`` for every line."""
    return exp.Transform(this=column(*LINES.split(".")), expression=lambda_of(body))


def without_nulls(items: Sequence[exp.Expression]) -> exp.Expression:
    """A list of those items that are not ``NULL``."""
    listed = exp.Array(expressions=list(items))
    return exp.ArrayFilter(this=listed, expression=lambda_of(is_known(column("x")), "x"))


def no_texts() -> exp.Expression:
    """An empty list of texts."""
    return exp.cast(exp.Array(expressions=[]), exp.DataType.build("array<varchar>"))


def structure(**fields: exp.Expression) -> exp.Expression:
    """A structure with named fields."""
    return structure_of(fields)


def structure_of(fields: Mapping[str, exp.Expression]) -> exp.Expression:
    """A structure with named fields, whatever their names."""
    return exp.Struct(
        expressions=[
            exp.PropertyEQ(
                this=exp.to_identifier(key, quoted=not key.isidentifier()), expression=value
            )
            for key, value in fields.items()
        ]
    )


def joined_text(*parts: exp.Expression) -> exp.Expression:
    """Texts one after another; ``NULL`` if one is."""
    if len(parts) == 1:
        return parts[0]
    found = parts[0]
    for part in parts[1:]:
        found = exp.DPipe(this=found, expression=_wrapped(part), safe=True)
    return found


def _joined(
    kind: type[exp.And | exp.Or], parts: list[exp.Expression], *, empty: bool
) -> exp.Expression:
    if not parts:
        return truth_of(empty)
    found = _wrapped(parts[0])
    for part in parts[1:]:
        found = kind(this=found, expression=_wrapped(part))
    return found if len(parts) > 1 else parts[0]


def _wrapped(value: exp.Expression) -> exp.Expression:
    """In parentheses where another operator could take a part of it."""
    return (
        exp.Paren(this=value)
        if isinstance(value, (exp.Binary, exp.Not, exp.Is)) and not isinstance(value, exp.Dot)
        else value
    )


# -- conditions ----------------------------------------------------------------------------------------


@dataclass
class Conditions:
    """The walk over the closed set of nodes: conditions to expressions with three truth values."""

    vocabulary: Vocabulary
    as_of: date
    bits: Mapping[str, int] = field(default_factory=dict)
    quantified: Mapping[Quantifier, str] = field(default_factory=dict)

    def truth(self, condition: Condition, *, alone: bool = False) -> exp.Expression:
        """The truth of a condition. ``alone``: read for the one line at hand, so that its quantifiers
        are about that line.
        """
        match condition:
            case All(parts=parts):
                whole = conjunction(self.truth(part, alone=alone) for part in parts)
                dear = [part for part in parts if _searches_text(part)]
                cheap = [self.truth(part, alone=alone) for part in parts if part not in dear]
                if not dear or not cheap:
                    return whole
                # `AND` looks at all of its parts; a search through text is worth a look beforehand.
                worth = exp.Coalesce(this=conjunction(cheap), expressions=[truth_of(True)])
                return cases([(worth, whole)], truth_of(False))
            case AnyOf(parts=parts):
                return disjunction(self.truth(part, alone=alone) for part in parts)
            case Not(part=part):
                return exp.Not(this=_wrapped(self.truth(part, alone=alone)))
            case Named(part=part):
                return self.truth(part, alone=alone)
            case AnyLine(part=part) | AllLines(part=part):
                return self.truth(part) if alone else column(self.quantified[condition])
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

    def over_lines(self, quantifier: Quantifier, each: exp.Expression) -> exp.Expression:
        """The quantifier, given a list of how its part came out for each line: Kleene's, also where a
        list function would skip what is unknown.
        """
        settles = _is_settled_by(quantifier)
        unknown = exp.ArrayFilter(this=each.copy(), expression=lambda_of(is_null(column("x")), "x"))
        return cases(
            [
                (is_null(self.stated(LINES)), truth_of(None)),
                (
                    exp.ArrayContains(this=each, expression=truth_of(settles)),
                    truth_of(settles),
                ),
                (
                    exp.GT(this=exp.ArraySize(this=unknown), expression=exp.Literal.number(0)),
                    truth_of(None),
                ),
            ],
            truth_of(not settles),
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

    def is_missing(self, fact: str) -> exp.Expression | None:
        """Whether nobody knows the fact; None where that cannot be."""
        if self.vocabulary[fact].absent is Absence.UNKNOWN:
            return is_null(self.stated(fact))
        return None

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
                right_can_be_unknown = self.is_missing(fact) is not None
                if days:
                    right = exp.DateAdd(
                        this=right, expression=exp.Literal.number(days), unit=exp.var("DAY")
                    )
            case _:
                assert_never(operand)
        relation = condition.relation
        compared = _compared(relation)(this=left, expression=right)
        left_can_be_unknown = self.is_missing(condition.fact) is not None
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

    def missing_bits(self, condition: Condition, *, of_line: bool) -> exp.Expression:
        """The facts that the condition lacks, as bits, given that the condition itself is unknown:
        the unknown facts of its unknown leaves whose ancestors are all unknown (contract §2).

        ``of_line``: what the quantifiers ask of the line at hand; else what is asked of the invoice
        outside of them, and whether its lines are unknown.
        """
        return _together(self._gaps(condition, of_line=of_line, within=False))

    def _gaps(self, condition: Condition, *, of_line: bool, within: bool) -> list[exp.Expression]:
        """Whole numbers whose bits together are the facts that an unknown condition lacks.

        ``within``: the walk is inside a quantifier.
        """
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                found = [self._gaps_if_unknown(p, of_line=of_line, within=within) for p in parts]
                return list(dict.fromkeys(each for several in found for each in several))
            case Not(part=part) | Named(part=part):  # unknown exactly where the part is
                return self._gaps(part, of_line=of_line, within=within)
            case AnyLine(part=part) | AllLines(part=part):
                if of_line:
                    return self._gaps_if_unknown(part, of_line=True, within=True)
                return [self._bit_if(is_null(self.stated(LINES)), LINES)]
            case Known():  # never unknown
                return []
            case OneOf() | HasWord() | Comparison():
                missing = [
                    (f, self.is_missing(f)) for f in facts_of(condition) if of_line is within
                ]
                return [self._bit_if(gone, fact) for fact, gone in missing if gone is not None]
            case _:
                assert_never(condition)

    def _gaps_if_unknown(
        self, condition: Condition, *, of_line: bool, within: bool
    ) -> list[exp.Expression]:
        """The same of a condition that may also be known, and then lacks nothing."""
        found = self._gaps(condition, of_line=of_line, within=within)
        # A leaf needs no test of its own: it is unknown exactly where its fact is missing.
        if not found or _is_leaf(condition):
            return found
        return [cases([(is_null(self.truth(condition)), _together(found))], _whole(0))]

    def _bit_if(self, when: exp.Expression, fact: str) -> exp.Expression:
        return cases([(when, _whole(1 << self.bits[fact]))], _whole(0))


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


def constant(fact_type: FactType, value: Value) -> exp.Expression:
    """A value of a fact's type as SQL writes it."""
    match fact_type:
        case FactType.YES_NO:
            return truth_of(bool(value))
        case FactType.DATE:
            assert isinstance(value, int)
            return exp.cast(text_of(date.fromordinal(value).isoformat()), "date")
        case FactType.MONEY:
            assert isinstance(value, int)
            return exp.cast(text_of(written_ore(value)), exp.DataType.build("decimal(15,2)"))
        case FactType.COUNT:
            return exp.cast(exp.Literal.number(int(value)), "bigint")
        case _:
            return text_of(str(value))


# -- the statement -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """Something whose truth is a column of its own, and what it lacks where it is unknown."""

    column: str
    condition: Condition

    @property
    def reads_lines(self) -> bool:
        """Whether what it lacks may be facts of lines."""
        return any(True for _ in quantifiers(self.condition))


class Columnar:
    """One rule book on one screening date, as one statement. ``facts``: those that it asks about.

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
        self._can_miss = [self.scope, *self.prohibitions.values(), *self.channels.values()]
        facts = {
            fact
            for asked in self._can_miss
            for leaf in leaves(asked.condition)
            for fact in facts_of(leaf)
        } | {LINES}
        if len(facts) > BITS_MAX:
            message = f"the rule book asks about {len(facts)} facts; there is room for {BITS_MAX}"
            raise ColumnarUnsupportedError(message)
        ordered = sorted(facts, key=book.vocabulary.order)
        everything = [*self._can_miss, *self.advice.values()]
        in_force = [r.in_force for channel in book.channels for r in channel.rules if r.in_force]
        self.facts = {
            fact
            for condition in (*(asked.condition for asked in everything), *in_force)
            for leaf in leaves(condition)
            for fact in facts_of(leaf)
        } | {fact for rule in book.advice for fact in rule.asks_for}
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
        conditions = [asked.condition for asked in (*self._can_miss, *self.advice.values())]
        return {
            leaf.fact
            for condition in conditions
            for leaf in leaves(condition)
            if isinstance(leaf, HasWord)
        }

    # -- the steps ---------------------------------------------------------------------------------

    def steps(self, language: str | None = None) -> Iterator[tuple[str, exp.Select]]:
        """The steps, each over the one before it; with a ``language`` those that texts need, too."""
        source = DOCUMENTS
        for step, columns in (
            ("facts", self._facts()),
            ("suspects", self._suspects()),
            ("each_line", self._each_line()),
            ("lines", self._lines()),
            ("outcomes", self._outcomes()),
            ("verdicts", self._verdicts()),
            ("gaps", self._gaps()),
            ("missing", self._missing()),
            ("named", self._named(language)),
            ("once", {} if language is None else self._once()),
            ("said", {} if language is None else self._words(language)),
        ):
            if columns:
                yield step, added(source, columns)
                source = step

    def _facts(self) -> dict[str, exp.Expression]:
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

    def _suspects(self) -> dict[str, exp.Expression]:
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

    def _each_line(self) -> dict[str, exp.Expression]:
        """How the part of each quantifier came out for each line."""
        guarded = self._guarded()
        columns = {}
        for quantifier, named in self.conditions.quantified.items():
            each = each_line(self.conditions.truth(quantifier.part))
            columns[f"each {named}"] = (
                cases([(column("closer look"), each)]) if quantifier in guarded else each
            )
        return columns

    def _lines(self) -> dict[str, exp.Expression]:
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

    def _outcomes(self) -> dict[str, exp.Expression]:
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

    def _verdicts(self) -> dict[str, exp.Expression]:
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

    def _gaps(self) -> dict[str, exp.Expression]:
        """What the unknown ones lack of each line: a list of structures, with the line's id."""
        of_lines = [asked for asked in self._can_miss if asked.reads_lines]
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
                _whole(0),
            )
            for asked in of_lines
        }
        any_unknown = disjunction(is_null(column(asked.column)) for asked in of_lines)
        structures = each_line(structure_of({"id": column(_LINE, "id"), **lacking}))
        return {"gaps": cases([(any_unknown, structures)])}

    def _missing(self) -> dict[str, exp.Expression]:
        """What each unknown one lacks, of the invoice and of all lines together, as bits."""
        columns = {}
        for asked in self._can_miss:
            bits = self.conditions.missing_bits(asked.condition, of_line=False)
            if asked.reads_lines:
                of_lines = exp.Transform(
                    this=column("gaps"), expression=lambda_of(column("gap", asked.column), "gap")
                )
                together = exp.Reduce(
                    this=of_lines,
                    initial=_whole(0),
                    merge=lambda_of(
                        exp.BitwiseOr(this=column("a"), expression=column("b")), "a", "b"
                    ),
                )
                whole = exp.Coalesce(this=together, expressions=[_whole(0)])
                bits = exp.BitwiseOr(this=exp.Paren(this=bits), expression=whole)
            columns[f"missing {asked.column}"] = cases(
                [(is_null(column(asked.column)), bits)], _whole(0)
            )
        return columns

    # -- names out of bits -------------------------------------------------------------------------

    def _may_miss(self, several: Iterable[Asked]) -> list[str]:
        """The facts that they ask about, in the contract's order."""
        found = {
            fact for asked in several for leaf in leaves(asked.condition) for fact in facts_of(leaf)
        }
        if any(asked.reads_lines for asked in several):
            found.add(LINES)
        return sorted(found, key=self.book.vocabulary.order)

    def missing_paths(self, several: Sequence[Asked]) -> exp.Expression:
        """The facts that the unknown ones among ``several`` lack, as the contract names them, in its
        order: those of the invoice, then line by line.
        """

        def path(fact: str) -> exp.Expression:
            if not fact.startswith(LINE_PREFIX):
                return text_of(fact)
            tail = text_of(f"].{fact.removeprefix(LINE_PREFIX)}")
            return joined_text(text_of("line["), column("gap", "id"), tail)

        return self._missing_as(several, path)

    def missing_labels(self, asked: Asked, language: str) -> exp.Expression:
        """The same in words; a word comes as often as a line lacks its fact."""
        label = {
            fact: text_of(self.book.vocabulary[fact].label.say(language))
            for fact in self._may_miss([asked])
        }
        return self._missing_as([asked], label.__getitem__)

    def _missing_as(
        self, several: Sequence[Asked], word: Callable[[str], exp.Expression]
    ) -> exp.Expression:
        facts = self._may_miss(several)
        bits = _together(column(f"missing {asked.column}") for asked in several)
        of_invoice = without_nulls(
            [
                self._if_bit(bits, fact, word(fact))
                for fact in facts
                if not fact.startswith(LINE_PREFIX)
            ]
        )
        of_line = [fact for fact in facts if fact.startswith(LINE_PREFIX)]
        through_lines = [asked for asked in several if asked.reads_lines]
        if not of_line or not through_lines:
            return of_invoice
        bits = _together(column("gap", asked.column) for asked in through_lines)
        words = without_nulls([self._if_bit(bits, fact, word(fact)) for fact in of_line])
        of_lines = flattened(exp.Transform(this=column("gaps"), expression=lambda_of(words, "gap")))
        return exp.ArrayConcat(this=of_invoice, expressions=[of_lines])

    def _if_bit(self, bits: exp.Expression, fact: str, then: exp.Expression) -> exp.Expression:
        masked = exp.BitwiseAnd(
            this=exp.Paren(this=bits.copy()), expression=_whole(1 << self.conditions.bits[fact])
        )
        return cases([(exp.NEQ(this=exp.Paren(this=masked), expression=_whole(0)), then)])

    # -- the keys of a decision --------------------------------------------------------------------

    def _named(self, language: str | None) -> dict[str, exp.Expression]:
        """Lines and missing facts by their names, for all that is told of; with a ``language`` the labels
        of missing facts, too.
        """
        columns: dict[str, exp.Expression] = {}
        in_scope = exp.NEQ(this=column("decision"), expression=text_of("out_of_scope"))
        for asked in (*self.prohibitions.values(), *self.channels.values()):
            unknown = conjunction([in_scope.copy(), is_null(column(asked.column))])
            columns[f"paths {asked.column}"] = cases(
                [(unknown, self.missing_paths([asked]))], no_texts()
            )
            if language is not None:
                labels = self.missing_labels(asked, language)
                columns[f"labels {asked.column}"] = cases([(unknown.copy(), labels)], no_texts())
        for asked in (*self.prohibitions.values(), *self.advice.values()):
            if asked.reads_lines:
                columns[f"names {asked.column}"] = self._line_names(asked, in_scope)
        for rule in self.book.advice:
            asked = self.advice[rule.id]
            given = conjunction([in_scope.copy(), column(asked.column)])
            columns[f"paths {asked.column}"] = cases(
                [(given, self._asked_for(rule, str))], no_texts()
            )
            if language is not None:
                vocabulary = self.book.vocabulary

                def label(fact: str) -> str:
                    return vocabulary[fact].label.say(language)  # noqa: B023 (called at once)

                labels = self._asked_for(rule, label, with_line=False)
                columns[f"labels {asked.column}"] = cases([(given.copy(), labels)], no_texts())
        held = exp.EQ(this=column("decision"), expression=text_of("hold"))
        columns["missing"] = cases(
            [(held, self.missing_paths([self.scope, *self.prohibitions.values()]))], no_texts()
        )
        return columns

    def _line_names(self, asked: Asked, in_scope: exp.Expression) -> exp.Expression:
        """The lines for which the rule, read for that line alone, came out as it did for all."""
        alone = self.conditions.truth(asked.condition, alone=True)
        lines = column(*LINES.split("."))

        def ids(of: exp.Expression) -> exp.Expression:
            found = exp.ArrayFilter(this=lines.copy(), expression=lambda_of(of))
            names = exp.Transform(this=found, expression=lambda_of(column(_LINE, "id")))
            return exp.Coalesce(this=names, expressions=[no_texts()])

        rule = column(asked.column)
        return cases(
            [
                (conjunction([in_scope.copy(), rule]), ids(alone)),
                (conjunction([in_scope.copy(), is_null(rule.copy())]), ids(is_null(alone.copy()))),
            ],
            no_texts(),
        )

    def _asked_for(
        self, rule: Advice, word: Callable[[str], str], *, with_line: bool = True
    ) -> exp.Expression:
        """Those of the facts an advice asks for that are not there."""
        facts = sorted(rule.asks_for, key=self.book.vocabulary.order)
        of_invoice = without_nulls(
            [
                cases([(is_null(self.conditions.stated(fact)), text_of(word(fact)))])
                for fact in facts
                if not fact.startswith(LINE_PREFIX)
            ]
            or [exp.cast(exp.Null(), "varchar")]
        )
        of_line = [fact for fact in facts if fact.startswith(LINE_PREFIX)]
        asked = self.advice[rule.id]
        if not of_line or not asked.reads_lines:
            return of_invoice

        def path(fact: str) -> exp.Expression:
            if not with_line:
                return text_of(word(fact))
            tail = text_of(f"].{word(fact).removeprefix(LINE_PREFIX)}")
            return joined_text(text_of("line["), column(_LINE, "id"), tail)

        words = without_nulls(
            [cases([(is_null(self.conditions.stated(fact)), path(fact))]) for fact in of_line]
        )
        on_lines = exp.ArrayFilter(
            this=column(*LINES.split(".")),
            expression=lambda_of(self.conditions.truth(asked.condition, alone=True)),
        )
        of_lines = flattened(exp.Transform(this=on_lines, expression=lambda_of(words)))
        return exp.ArrayConcat(this=of_invoice, expressions=[of_lines])

    def _once(self) -> dict[str, exp.Expression]:
        """The labels of missing facts, each once: several lines may lack the same."""
        return {
            f"words {asked.column}": once_each(column(f"labels {asked.column}"))
            for asked in (
                *self.prohibitions.values(),
                *self.channels.values(),
                *self.advice.values(),
            )
        }

    def _words(self, language: str) -> dict[str, exp.Expression]:
        """Lines and missing facts as a sentence has them."""
        unknown = text_of(UNKNOWN_LINES.say(language))
        columns: dict[str, exp.Expression] = {}
        for asked in (*self.prohibitions.values(), *self.channels.values(), *self.advice.values()):
            words = column(f"words {asked.column}")
            columns[f"missing words {asked.column}"] = listed_words(words, language)
            columns[f"line words {asked.column}"] = unknown.copy()
            if asked.reads_lines and asked.column.startswith("rule "):
                names = column(f"names {asked.column}")
                none = exp.EQ(this=exp.ArraySize(this=names.copy()), expression=_number(0))
                columns[f"line words {asked.column}"] = cases(
                    [(none, unknown.copy())], listed_words(names, language)
                )
        return columns

    def _said(self, rule: Rule, wording: Wording, asked: Asked, language: str) -> exp.Expression:
        lines, missing = (column(f"{what} words {asked.column}") for what in ("line", "missing"))
        return filled(rule.messages[wording].say(language), lines, missing)

    def decision(self, language: str | None) -> dict[str, exp.Expression]:
        """The keys of contract §4 that the rules decide, in order; without a ``language`` no texts."""
        in_scope = exp.NEQ(this=column("decision"), expression=text_of("out_of_scope"))
        sent = exp.EQ(this=column("decision"), expression=text_of("send"))
        return {
            "decision": column("decision"),
            "channel": cases([(sent, self._channel())]),
            "attempts": cases([(sent.copy(), self._attempts(0, ()))], no_texts()),
            "missing": column("missing"),
            "findings": _listed_if(
                in_scope,
                [
                    (
                        exp.Coalesce(this=column(asked.column), expressions=[truth_of(True)]),
                        self._finding(self.book.rules[rule], asked, language),
                    )
                    for rule, asked in self.prohibitions.items()
                ],
            ),
            "channels": _listed_if(
                in_scope.copy(),
                [
                    (None, self._channel_decision(channel, language))
                    for channel in self.book.channels
                ],
            ),
            "advice": _listed_if(
                in_scope.copy(),
                [
                    (column(self.advice[rule.id].column), self._given_advice(rule, language))
                    for rule in self.book.advice
                ],
            ),
        }

    def _finding(self, rule: Rule, asked: Asked, language: str | None) -> exp.Expression:
        holds = column(asked.column)
        names = column(f"names {asked.column}") if asked.reads_lines else no_texts()
        fields = {
            "rule": text_of(rule.id),
            "outcome": cases([(holds, text_of("holds"))], text_of("unknown")),
            "lines": names,
            "missing": column(f"paths {asked.column}"),
        }
        if language is not None:
            fields |= {
                "message": cases(
                    [(holds.copy(), self._said(rule, Wording.HOLDS, asked, language))],
                    self._said(rule, Wording.UNKNOWN, asked, language),
                ),
                "remedy": text_of(rule.remedy.say(language)),
                "source": text_of(rule.source.say(language)),
            }
        return structure_of(fields)

    def _channel_decision(self, channel: Channel, language: str | None) -> exp.Expression:
        asked = self.channels[channel.name]
        eligible = column(asked.column)
        fields = {
            "channel": text_of(channel.name),
            "eligible": eligible,
            "missing": column(f"paths {asked.column}"),
        }
        if language is not None:

            def said(wording: Wording) -> exp.Expression:
                """By the rule that speaks: the one that made the channel so, else the one in force."""

                def message(rule: ChannelRule) -> exp.Expression:
                    return self._said(rule, wording, asked, language)

                whens: list[tuple[exp.Expression, exp.Expression]] = []
                for rule in channel.rules:
                    outcome = column(f"rule {rule.id}")
                    if wording is Wording.ELIGIBLE:
                        whens.append((outcome, message(rule)))
                    elif wording is Wording.UNKNOWN:
                        whens.append((is_null(outcome), message(rule)))
                for rule in channel.rules:
                    in_force = truth_of(True)
                    if rule.in_force is not None:
                        in_force = exp.Coalesce(
                            this=column(f"in force {rule.id}"), expressions=[truth_of(True)]
                        )
                    whens.append((in_force, message(rule)))
                return cases(whens, message(channel.rules[-1]))

            fields["message"] = cases(
                [
                    (eligible.copy(), said(Wording.ELIGIBLE)),
                    (is_null(eligible.copy()), said(Wording.UNKNOWN)),
                ],
                said(Wording.INELIGIBLE),
            )
        return structure_of(fields)

    def _given_advice(self, rule: Advice, language: str | None) -> exp.Expression:
        asked = self.advice[rule.id]
        fields = {"rule": text_of(rule.id), "missing": column(f"paths {asked.column}")}
        if language is not None:
            fields |= {
                "message": self._said(rule, Wording.HOLDS, asked, language),
                "source": text_of(rule.source.say(language)),
            }
        return structure_of(fields)

    def _channel(self) -> exp.Expression:
        """The first channel that is certainly eligible; the last one always is."""
        return cases(
            (column(asked.column), text_of(channel)) for channel, asked in self.channels.items()
        )

    def _attempts(self, position: int, tried: tuple[str, ...]) -> exp.Expression:
        """The channels that are not ineligible, up to and with the first certain one: constants under a
        ``CASE``, since lists put together cost more than all else.
        """
        channels = list(self.channels.items())
        if position == len(channels):
            return _texts(tried)
        channel, asked = channels[position]
        eligible = column(asked.column)
        return cases(
            [
                (eligible, _texts((*tried, channel))),
                (is_null(eligible.copy()), self._attempts(position + 1, (*tried, channel))),
            ],
            self._attempts(position + 1, tried),
        )

    def select(self, columns: Mapping[str, exp.Expression], language: str | None) -> exp.Select:
        """These columns, over all steps."""
        chain = list(self.steps(language))
        aliased = [exp.alias_(value, name(key)) for key, value in columns.items()]
        found = exp.select(*aliased, copy=False).from_(name(chain[-1][0]))
        for step, select in chain:
            found = found.with_(name(step), as_=select, copy=False)
        return found


def _texts(words: Sequence[str]) -> exp.Expression:
    if not words:
        return no_texts()
    return exp.Array(expressions=[text_of(word) for word in words])


def _listed_if(
    when: exp.Expression, items: Sequence[tuple[exp.Expression | None, exp.Expression]]
) -> exp.Expression:
    """A list of those items whose condition is true (or that have none); empty unless ``when``."""
    if not items:
        return exp.cast(exp.Array(expressions=[]), exp.DataType.build("array<varchar>"))
    always = all(condition is None for condition, _ in items)
    each = [
        value if condition is None else cases([(condition, value)]) for condition, value in items
    ]
    listed = exp.Array(expressions=each) if always else without_nulls(each)
    nothing = exp.ArrayFilter(
        this=exp.Array(expressions=[items[0][1].copy()]), expression=lambda_of(truth_of(False), "x")
    )
    if always:
        return cases([(when, listed)], nothing)
    some = disjunction(condition.copy() for condition, _ in items if condition is not None)
    return cases([(conjunction([when, some]), listed)], nothing)


def filled(message: str, lines: exp.Expression, missing: exp.Expression) -> exp.Expression:
    """A message with its fields filled in, as :meth:`str.format` would."""
    fields = {"lines": lines, "missing": missing}
    parts: list[exp.Expression] = []
    for literal, field_name, _, _ in Formatter().parse(message):
        if literal:
            parts.append(text_of(literal))
        if field_name is not None:
            parts.append(fields[field_name].copy())
    return joined_text(*parts) if parts else text_of("")


def listed_words(words: exp.Expression, language: str) -> exp.Expression:
    """``1``, ``1 og 3``, ``1, 2 og 3``."""
    size = exp.ArraySize(this=words)
    before = exp.ArrayToString(
        this=exp.Anonymous(this="LIST_SLICE", expressions=[words.copy(), _number(1), _number(-2)]),
        expression=text_of(", "),
    )
    last = exp.Anonymous(this="LIST_EXTRACT", expressions=[words.copy(), _number(-1)])
    several = joined_text(before, text_of(listed(("", ""), language)), last)
    one = exp.ArrayToString(this=words.copy(), expression=text_of(""))
    return cases([(exp.LT(this=size, expression=_number(2)), one)], several)


def once_each(words: exp.Expression) -> exp.Expression:
    """The words in their order, without those that came before."""
    position = exp.Anonymous(this="LIST_POSITION", expressions=[words.copy(), column("x")])
    return exp.ArrayFilter(
        this=words,
        expression=lambda_of(exp.EQ(this=position, expression=column("i")), "x", "i"),
    )


def _number(number: int) -> exp.Expression:
    return exp.Literal.number(number)


def flattened(lists: exp.Expression) -> exp.Expression:
    """One list of a list of lists; empty where there is none."""
    return exp.Coalesce(this=exp.Flatten(this=lists), expressions=[no_texts()])


def added(source: str, columns: Mapping[str, exp.Expression]) -> exp.Select:
    """``SELECT *, … FROM source``."""
    aliased = [exp.alias_(value, name(key)) for key, value in columns.items()]
    return exp.select(exp.Star(), *aliased, copy=False).from_(name(source))
