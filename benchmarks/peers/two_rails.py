"""Three-valued rules for engines that know two: two conditions a rule, *certainly* and *certainly not*.

:func:`certainly` takes a condition of the rule book to one that is true or false of every document: true
where the condition has the truth value asked for, whatever the unknown facts are. A test stands behind the
question whether its facts are there, so that no engine ever compares what is absent. What is neither
certainly so nor certainly not so is unknown. Each peer writes this small tree in its own language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

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
    Named,
    Not,
    OneOf,
    OtherFact,
    Relation,
    facts_of,
)
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.vocabulary.facts import FactType, Value, Vocabulary

Literal: TypeAlias = bool | int | float | str


@dataclass(frozen=True)
class There:
    """The fact is there (or, not ``wanted``, absent)."""

    fact: str
    wanted: bool = True


@dataclass(frozen=True)
class Equals:
    """The fact, which is there, is one of the values (not ``wanted``: none of them)."""

    fact: str
    values: tuple[Literal, ...]
    wanted: bool = True


@dataclass(frozen=True)
class Compares:
    """A number that is there stands so to a constant, or to another number plus ``plus``."""

    fact: str
    sign: str
    """``<``, ``<=``, ``==``, ``!=``, ``>=`` or ``>``."""
    other: str | None
    plus: int | float


@dataclass(frozen=True)
class And:
    """All parts; none: true."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Or:
    """A part; none: false."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class OfLines:
    """The part is true of a line (``every``: of every line)."""

    part: Expression
    every: bool


Expression: TypeAlias = There | Equals | Compares | And | Or | OfLines

LINES = "invoice.lines"
_TURNED = {"<": ">=", "<=": ">", "=": "!=", ">=": "<", ">": "<="}
_SIGNS = {each.value: "==" if each.value == "=" else each.value for each in Relation}


def certainly(
    condition: Condition, vocabulary: Vocabulary, *, wanted: bool = True, in_ore: bool = False
) -> Expression:
    """True where the condition is certainly true (``wanted``) or certainly false.

    Raises ``ValueError`` for ``has_word``, which none of the measured rules has.
    """

    def again(part: Condition) -> Expression:
        return certainly(part, vocabulary, wanted=wanted, in_ore=in_ore)

    match condition:
        case Named(part=part):
            return again(part)
        case Not(part=part):
            return certainly(part, vocabulary, wanted=not wanted, in_ore=in_ore)
        case All(parts=parts):
            return _join(And if wanted else Or, map(again, parts))
        case AnyOf(parts=parts):
            return _join(Or if wanted else And, map(again, parts))
        case AnyLine(part=part) | AllLines(part=part):
            every = isinstance(condition, AllLines) is wanted
            return And((There(LINES), OfLines(again(part), every)))
        case Known(fact=fact):
            return There(fact, wanted)
        case HasWord():
            raise ValueError("the measured rules look for no words")
        case OneOf() | Comparison():
            needs = tuple(
                There(fact)
                for fact in dict.fromkeys(facts_of(condition))
                if _may_lack(fact, vocabulary)
            )
            test = _test(condition, vocabulary, wanted, in_ore)
            return And((*needs, test)) if needs else test
        case _:
            assert_never(condition)


def _may_lack(fact: str, vocabulary: Vocabulary) -> bool:
    """Facts whose absence means something are filled in before an engine sees the document."""
    return vocabulary[fact].absent == "unknown"


def _join(kind: type[And | Or], parts: Iterator[Expression]) -> Expression:
    flat: list[Expression] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    # A part that stands twice says nothing more.
    once = tuple(dict.fromkeys(flat))
    return once[0] if len(once) == 1 else kind(once)


def _test(
    leaf: OneOf | Comparison, vocabulary: Vocabulary, wanted: bool, in_ore: bool
) -> Expression:
    fact = vocabulary[leaf.fact]
    if isinstance(leaf, OneOf):
        return Equals(
            leaf.fact, tuple(_literal(each, fact.type, in_ore) for each in leaf.values), wanted
        )
    sign = _SIGNS[leaf.relation] if wanted else _TURNED[leaf.relation]
    match leaf.operand:
        case Constant(value=value):
            plain = _literal(value, fact.type, in_ore)
            assert isinstance(plain, (int, float))
            return Compares(leaf.fact, sign, None, plain)
        case OtherFact(fact=other, days=days):
            return Compares(leaf.fact, sign, other, days)
        case _:
            assert_never(leaf.operand)


def _literal(value: Value, kind: FactType, in_ore: bool) -> Literal:
    """As the engines see it: money as the number that JSON gives (a double) unless ``in_ore``, a date as its
    ordinal.
    """
    return (
        value / 100 if kind is FactType.MONEY and isinstance(value, int) and not in_ore else value
    )


def negated(expression: Expression) -> Expression:
    """What is true where the expression is false; a test of absent facts counts as false."""
    match expression:
        case There(fact=fact, wanted=wanted):
            return There(fact, not wanted)
        case Equals(fact=fact, values=values, wanted=wanted):
            return Equals(fact, values, not wanted)
        case Compares(fact=fact, sign=sign, other=other, plus=plus):
            turned = {**_TURNED, "==": "!=", "!=": "=="}[sign]
            return Compares(fact, turned, other, plus)
        case And(parts=parts):
            return Or(tuple(map(negated, parts)))
        case Or(parts=parts):
            return And(tuple(map(negated, parts)))
        case OfLines(part=part, every=every):
            return OfLines(negated(part), not every)
        case _:
            assert_never(expression)


# --------------------------------------------------------------------------------------------
# The whole decision
# --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rails:
    """What a peer is asked: of each question whether it is certainly so, and whether it is certainly not."""

    scope: tuple[Expression, Expression]
    prohibitions: dict[str, tuple[Expression, Expression]]
    channels: dict[str, Expression]
    """Whether a channel is certainly eligible, in order; the last one always is."""

    def branches(self) -> tuple[list[tuple[Expression, str]], str]:
        """The decision as one chain: conditions with what is decided where one is the first to be true, and
        what is decided where none is. ``send`` has its channel behind it.
        """
        yes, no = self.scope
        nothing_forbids = And((yes, *(no for _, no in self.prohibitions.values())))
        *tried, last = self.channels
        send = [(And((nothing_forbids, self.channels[each])), f"send {each}") for each in tried]
        block = And((yes, Or(tuple(holds for holds, _ in self.prohibitions.values()))))
        return [
            (no, "out_of_scope"),
            (block, "block"),
            *send,
            (nothing_forbids, f"send {last}"),
        ], "hold"

    def questions(self) -> dict[str, Expression]:
        """The same, a question a name, for engines that say which of many rules fired."""
        yes, no = self.scope
        asked = {"scope yes": yes, "scope no": no}
        for name, (holds, holds_not) in self.prohibitions.items():
            asked |= {f"{name} yes": holds, f"{name} no": holds_not}
        return asked | {f"{name} eligible": each for name, each in self.channels.items()}

    def decided(self, fired: AbstractSet[str]) -> str:
        """The decision, out of the questions whose answer was true."""
        if "scope no" in fired:
            return "out_of_scope"
        if "scope yes" not in fired:
            return "hold"
        if any(f"{name} yes" in fired for name in self.prohibitions):
            return "block"
        if not all(f"{name} no" in fired for name in self.prohibitions):
            return "hold"
        return f"send {next(name for name in self.channels if f'{name} eligible' in fired)}"


def rails_of(book: RuleBook, *, in_ore: bool = False) -> Rails:
    """The rule book on two rails."""

    def certain(condition: Condition, *, wanted: bool = True) -> Expression:
        return certainly(condition, book.vocabulary, wanted=wanted, in_ore=in_ore)

    def both(condition: Condition) -> tuple[Expression, Expression]:
        return certain(condition), certain(condition, wanted=False)

    return Rails(
        both(book.scope),
        {rule.id: both(rule.condition) for rule in book.prohibitions},
        {channel.name: certain(channel.condition) for channel in book.channels},
    )


# --------------------------------------------------------------------------------------------
# For engines that cannot look through a list
# --------------------------------------------------------------------------------------------


def lines_apart(rails: Rails) -> tuple[Rails, dict[str, OfLines]]:
    """The same rails with every question about lines replaced by a yes/no fact (``asked.q0`` …), and those
    questions by the name of their fact: asked of each line first, their answers are facts of the invoice.
    """
    names: dict[OfLines, str] = {}

    def replaced(expression: Expression) -> Expression:
        match expression:
            case OfLines():
                return Equals(names.setdefault(expression, f"asked.q{len(names)}"), (True,))
            case And(parts=parts):
                return And(tuple(map(replaced, parts)))
            case Or(parts=parts):
                return Or(tuple(map(replaced, parts)))
            case _:
                return expression

    def each(pair: tuple[Expression, Expression]) -> tuple[Expression, Expression]:
        return replaced(pair[0]), replaced(pair[1])

    apart = Rails(
        each(rails.scope),
        {name: each(pair) for name, pair in rails.prohibitions.items()},
        {name: replaced(condition) for name, condition in rails.channels.items()},
    )
    return apart, {name: asked for asked, name in names.items()}


def asked_facts(expressions: Iterable[Expression]) -> list[str]:
    """The facts that the expressions ask about, in a fixed order."""
    found: dict[str, None] = {}

    def visit(expression: Expression) -> None:
        match expression:
            case And(parts=parts) | Or(parts=parts):
                for part in parts:
                    visit(part)
            case OfLines(part=part):
                visit(part)
            case There(fact=fact) | Equals(fact=fact):
                found[fact] = None
            case Compares(fact=fact, other=other):
                found[fact] = None
                if other is not None:
                    found[other] = None
            case _:
                assert_never(expression)

    for each in expressions:
        visit(each)
    return list(found)


class FlatFacts:
    """The facts that are asked about, by names without points; amounts as whole øre where ``in_ore`` is."""

    def __init__(
        self, expressions: Iterable[Expression], vocabulary: Vocabulary, *, in_ore: bool
    ) -> None:
        asked = [fact for fact in asked_facts(expressions) if not fact.startswith("asked.")]
        self.names = [flat_name(fact) for fact in asked]
        self._paths = [
            (
                flat_name(fact),
                fact.startswith("line."),
                tuple(fact.removeprefix("line.").split(".")),
                in_ore and fact in vocabulary and vocabulary[fact].type is FactType.MONEY,
            )
            for fact in asked
        ]

    def of(
        self, document: Mapping[str, Any], line: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Those that are there."""
        found: dict[str, Any] = {}
        for name, of_line, path, in_ore in self._paths:
            value: Any = line if of_line else document
            for key in path:
                value = None if value is None else value.get(key)
            if value is not None:
                is_list = isinstance(
                    value, list
                )  # of lines it is only asked whether they are there
                found[name] = True if is_list else round(value * 100) if in_ore else value
        return found


def flat_name(fact: str) -> str:
    """A name without points."""
    return fact.replace(".", "_")


# --------------------------------------------------------------------------------------------
# As text, for languages that write it much alike
# --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spelling:
    """How a language with infix operators writes the tree."""

    path: Callable[[str], str]
    """A fact's name to how it is read (of a line too)."""
    there: Callable[[str], str]
    absent: Callable[[str], str]
    of_lines: Callable[[str, bool], str]
    """The text of a condition on a line, and whether every line must meet it."""
    both: str = " && "
    either: str = " || "
    literal: Callable[[Literal], str] = lambda value: (
        str(value).lower()
        if isinstance(value, bool)
        else f'"{value}"'
        if isinstance(value, str)
        else repr(value)
    )
    equal: str = "=="
    unequal: str = "!="

    def write(self, expression: Expression) -> str:
        """The expression in the language, in parentheses where it has parts."""
        match expression:
            case There(fact=fact, wanted=wanted):
                return self.there(fact) if wanted else self.absent(fact)
            case Equals(fact=fact, values=values, wanted=wanted):
                sign, word = (self.equal, self.either) if wanted else (self.unequal, self.both)
                tests = [f"{self.path(fact)} {sign} {self.literal(value)}" for value in values]
                return tests[0] if len(tests) == 1 else f"({word.join(tests)})"
            case Compares(fact=fact, sign=sign, other=other, plus=plus):
                written = {"==": self.equal, "!=": self.unequal}.get(sign, sign)
                right = self.literal(plus) if other is None else self._sum(other, plus)
                return f"{self.path(fact)} {written} {right}"
            case And(parts=parts):
                return f"({self.both.join(map(self.write, parts))})" if parts else "true"
            case Or(parts=parts):
                return f"({self.either.join(map(self.write, parts))})" if parts else "false"
            case OfLines(part=part, every=every):
                return self.of_lines(self.write(part), every)
            case _:
                assert_never(expression)

    def _sum(self, other: str, plus: float) -> str:
        if plus == 0:
            return self.path(other)
        return f"{self.path(other)} {'+' if plus > 0 else '-'} {abs(plus)}"
