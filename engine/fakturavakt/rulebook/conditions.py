"""The condition tree: the whole language in which rules are written, and nothing more.

The set of nodes is closed. Every walker (the engines, the hash, the explanation) matches over all of
them and ends in ``assert_never``, so that a new node fails the type check wherever it is forgotten.
Nodes are immutable, keep the place they were read from, and are equal when they mean the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias, assert_never

from fakturavakt.problems import Place
from fakturavakt.texts import Text
from fakturavakt.vocabulary.facts import Value


@dataclass(frozen=True, slots=True)
class All:
    """True if every part is; ``always`` is the one without parts."""

    parts: tuple[Condition, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True if at least one part is."""

    parts: tuple[Condition, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """True if the part is false."""

    part: Condition
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class AnyLine:
    """True if the part is true of at least one line."""

    part: Condition
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class AllLines:
    """True if the part is true of every line."""

    part: Condition
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Named:
    """A definition, used by its name."""

    name: str
    title: Text = field(compare=False)
    part: Condition
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Known:
    """True if the fact is there, else false; never unknown."""

    fact: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class OneOf:
    """True if the fact is one of the values (sorted, at least one, of the fact's type)."""

    fact: str
    values: tuple[Value, ...]
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class HasWord:
    """True if one of the words stands in the text; ``*`` at a word's end is a wild card."""

    fact: str
    words: tuple[str, ...]
    place: Place = field(compare=False)


class Relation(StrEnum):
    """How a fact stands to the operand of a :class:`Comparison`."""

    BELOW = "<"
    AT_MOST = "<="
    EQUAL = "="
    AT_LEAST = ">="
    ABOVE = ">"


@dataclass(frozen=True, slots=True)
class Constant:
    """An operand that is a day, whole øre or a count."""

    value: Value


@dataclass(frozen=True, slots=True)
class OtherFact:
    """An operand that is another fact of the same type, ``days`` later (dates only)."""

    fact: str
    days: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """True if the fact (a date, money or a count) stands in the relation to the operand."""

    fact: str
    relation: Relation
    operand: Constant | OtherFact
    place: Place = field(compare=False)


Leaf: TypeAlias = Known | OneOf | HasWord | Comparison
Quantifier: TypeAlias = AnyLine | AllLines
Condition: TypeAlias = All | AnyOf | Not | AnyLine | AllLines | Named | Leaf


class Connective(StrEnum):
    """The words that a rule file writes before the parts of a condition."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    ANY_LINE = "any line"
    ALL_LINES = "all lines"


def connective(condition: All | AnyOf | Not | Quantifier) -> Connective:
    """The word that a rule file writes before the parts of ``condition``."""
    match condition:
        case All():
            return Connective.ALL
        case AnyOf():
            return Connective.ANY
        case Not():
            return Connective.NOT
        case AnyLine():
            return Connective.ANY_LINE
        case AllLines():
            return Connective.ALL_LINES
        case _:
            assert_never(condition)


SIZE_MAX: Final = 20_000
"""Nodes of one condition with its definitions written out: more would only be an attack."""


def children(condition: Condition) -> tuple[Condition, ...]:
    """The direct parts of a node, in order."""
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            return parts
        case Not(part=part) | AnyLine(part=part) | AllLines(part=part) | Named(part=part):
            return (part,)
        case Known() | OneOf() | HasWord() | Comparison():
            return ()
        case _:
            assert_never(condition)


def facts_of(leaf: Leaf) -> tuple[str, ...]:
    """The facts that a leaf asks about."""
    match leaf:
        case Comparison(fact=fact, operand=OtherFact(fact=other)):
            return (fact, other)
        case Known() | OneOf() | HasWord() | Comparison():
            return (leaf.fact,)
        case _:
            assert_never(leaf)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf, left to right, definitions written out."""
    if isinstance(condition, Leaf):
        yield condition
    else:
        for part in children(condition):
            yield from leaves(part)


def quantifiers(condition: Condition) -> Iterator[Quantifier]:
    """Every ``any line`` and ``all lines``, left to right; they do not nest."""
    if isinstance(condition, Quantifier):
        yield condition
    else:
        for part in children(condition):
            yield from quantifiers(part)


def reads_lines(condition: Condition) -> bool:
    """Whether the condition looks through the lines of the invoice."""
    return any(True for _ in quantifiers(condition))
