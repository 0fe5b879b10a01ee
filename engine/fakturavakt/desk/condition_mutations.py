"""What can be written wrong in a condition: each of its nodes, exchanged for what it is easily taken for.

Promises: what takes a node's place could have been written there (facts of the same type, of a line only
where a line is looked at); it never means the same by its form alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, assert_never

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
    connective,
    facts_of,
    reads_lines,
)
from fakturavakt.rulebook.written import written_condition
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES, Fact, FactType, Value, Vocabulary


class Mutation(StrEnum):
    """What was changed."""

    OPERATOR = "operator"
    VALUE = "value"
    CONNECTIVE = "connective"
    FACT = "fact"
    WINDOW = "window"
    PROPERTY = "property"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A node of a condition, and what stands in its place instead."""

    kind: Mutation
    old: Condition
    new: Condition
    said: Text


OTHER_RELATIONS: Final[Mapping[Relation, tuple[Relation, ...]]] = {
    Relation.BELOW: (Relation.AT_MOST, Relation.ABOVE),
    Relation.AT_MOST: (Relation.BELOW, Relation.AT_LEAST),
    Relation.EQUAL: (Relation.AT_MOST, Relation.AT_LEAST),
    Relation.AT_LEAST: (Relation.ABOVE, Relation.AT_MOST),
    Relation.ABOVE: (Relation.AT_LEAST, Relation.BELOW),
}
"""What each relation is taken for: its neighbour, and the same the other way round."""
CONFUSED_MAX: Final = 2
"""Facts that one is exchanged for, and definitions."""

Definitions = Mapping[str, tuple[Text, Condition]]


@dataclass(frozen=True, slots=True)
class ConditionMutations:
    """The exchanges in one condition. ``owner`` is the definition whose condition it is, if it is one's."""

    vocabulary: Vocabulary
    definitions: Definitions
    owner: str | None = None

    def of(self, root: Condition, parent: Condition | None = None) -> Iterator[Exchange]:
        """Of every node that is written there, the outer ones first."""
        yield from self._any_node(root, parent)
        match root:
            case All(parts=(_, _, *_)):
                yield self._replaced(Mutation.CONNECTIVE, root, AnyOf(root.parts, root.place))
            case AnyOf(parts=(_, _, *_)):
                yield self._replaced(Mutation.CONNECTIVE, root, All(root.parts, root.place))
            case All() | AnyOf():
                pass  # of one part both mean that part
            case Not(part=part):
                yield Exchange(
                    Mutation.CONNECTIVE, root, part, _taken_away("not", self._said(part))
                )
            case AnyLine() | AllLines():
                yield self._replaced(Mutation.CONNECTIVE, root, _other_quantifier(root))
            case Named():
                yield from self._other_definitions(root)
            case Known() | OneOf() | HasWord() | Comparison():
                yield from self._leaf(root)
            case _:
                assert_never(root)
        if not isinstance(root, Named):
            for part in children(root):
                yield from self.of(part, root)

    # -- any node -------------------------------------------------------------------------------

    def _any_node(self, node: Condition, parent: Condition | None) -> Iterator[Exchange]:
        """Taken out, made impossible, turned around; what comes to the same as another is left out."""
        always, said = All((), node.place), self._said(node)
        never = Not(always, node.place)
        if node == always:
            yield self._replaced(Mutation.CONNECTIVE, node, never)
            return
        if isinstance(parent, Not):
            return
        if not isinstance(parent, AnyOf):
            yield Exchange(Mutation.CONNECTIVE, node, always, _always(said))
        if not isinstance(parent, All):
            yield Exchange(Mutation.CONNECTIVE, node, never, _never(said))
        if not isinstance(node, Not):
            yield Exchange(Mutation.CONNECTIVE, node, Not(node, node.place), _negated(said))

    def _replaced(self, kind: Mutation, old: Condition, new: Condition) -> Exchange:
        if isinstance(old, All | AnyOf | Quantifier) and isinstance(new, All | AnyOf | Quantifier):
            said = became(connective(old).value, connective(new).value)
        else:
            said = became(self._said(old), self._said(new))
        return Exchange(kind, old, new, said)

    def _said(self, condition: Condition) -> str:
        """On one line, cut short where it has parts of its own."""
        first, *rest = written_condition(condition, self.vocabulary)
        return f"{first} …" if rest else first

    def _other_definitions(self, node: Named) -> Iterator[Exchange]:
        about = (_about_line(node.part), reads_lines(node.part))
        fitting = [
            Named(name, title, condition, node.place)
            for name, (title, condition) in self.definitions.items()
            if name not in (node.name, self.owner)
            and (_about_line(condition), reads_lines(condition)) == about
            and not (self.owner is not None and _uses(condition, self.owner))
        ]
        for other in fitting[:CONFUSED_MAX]:
            yield self._replaced(Mutation.FACT, node, other)

    # -- leaves ---------------------------------------------------------------------------------

    def _leaf(self, leaf: Leaf) -> Iterator[Exchange]:
        match leaf:
            case Known():
                pass
            case OneOf():
                yield from self._other_values(leaf)
            case HasWord():
                yield from self._other_words(leaf)
            case Comparison():
                for relation in OTHER_RELATIONS[leaf.relation]:
                    yield self._replaced(Mutation.OPERATOR, leaf, replace(leaf, relation=relation))
                for operand in self._other_operands(leaf):
                    yield self._replaced(Mutation.VALUE, leaf, replace(leaf, operand=operand))
            case _:
                assert_never(leaf)
        yield from self._other_facts(leaf)

    def _other_values(self, leaf: OneOf) -> Iterator[Exchange]:
        fact = self.vocabulary[leaf.fact]
        choices = _values_of(fact)
        others = [each for each in choices if each not in leaf.values]
        found: list[Sequence[Value]] = []
        if len(leaf.values) == 1:
            found += [(each,) for each in others]
        else:
            found += [[v for v in leaf.values if v != each] for each in leaf.values]
        if len(choices) > len(leaf.values) + 1:  # one more, and it would hold of all
            found += [(*leaf.values, each) for each in others]
        for values in found:
            other = replace(leaf, values=tuple(sorted(values, key=str)))
            yield self._replaced(Mutation.VALUE, leaf, other)

    def _other_words(self, leaf: HasWord) -> Iterator[Exchange]:
        """Without a word; with a wild card less; and a word that ends in a letter with one behind it."""
        for word in leaf.words:
            rest = tuple(each for each in leaf.words if each != word)
            if rest:
                said = text(f"ordet «{word}» er tatt bort", f"the word “{word}” was taken out")
                yield Exchange(Mutation.VALUE, leaf, replace(leaf, words=rest), said)
            for other in _other_wildcards(word):
                if other not in leaf.words:
                    words = tuple(sorted((*rest, other)))
                    changed = replace(leaf, words=words)
                    yield Exchange(Mutation.OPERATOR, leaf, changed, became(word, other))

    def _other_operands(self, leaf: Comparison) -> Iterator[Constant | OtherFact]:
        """A day, an øre or one less, and more."""
        for step in (-1, 1):
            match leaf.operand:
                case Constant(value=value):
                    assert isinstance(value, int)
                    lowest = 0 if self.vocabulary[leaf.fact].type is FactType.COUNT else None
                    if lowest is None or value + step >= lowest:
                        yield Constant(value + step)
                case OtherFact(fact=fact, days=days):
                    if self.vocabulary[fact].type is FactType.DATE:
                        yield OtherFact(fact, days + step)
                case _:
                    assert_never(leaf.operand)

    def _other_facts(self, leaf: Leaf) -> Iterator[Exchange]:
        operand = leaf.operand if isinstance(leaf, Comparison) else None
        compared = {operand.fact} if isinstance(operand, OtherFact) else set()
        known = isinstance(leaf, Known)
        for name in confused_with(leaf.fact, self.vocabulary, compared, any_type=known):
            yield self._replaced(Mutation.FACT, leaf, replace(leaf, fact=name))
        if isinstance(leaf, Comparison) and isinstance(operand, OtherFact):
            for name in confused_with(operand.fact, self.vocabulary, {leaf.fact}):
                other = replace(leaf, operand=replace(operand, fact=name))
                yield self._replaced(Mutation.FACT, leaf, other)


def confused_with(
    name: str, vocabulary: Vocabulary, but: set[str], *, any_type: bool = False
) -> list[str]:
    """The facts that one is most easily confused with: of the same type and the same choices, first those
    of its group, then those that end alike, then the nearest in the vocabulary.

    ``any_type``: where it is only asked whether they are there.
    """
    fact = vocabulary[name]
    if fact.type is FactType.LINES:
        return []
    alike = [
        other
        for other in vocabulary
        if other.name not in (name, LINES, *but)
        and (any_type or (other.type, other.choices) == (fact.type, fact.choices))
    ]
    # Where a line is looked at, its invoice can be asked about too, if there is nothing nearer.
    of_both = [other for other in alike if other.of_line == fact.of_line]
    if not of_both and fact.of_line:
        of_both = alike
    group, _, end = name.rpartition(".")

    def distance(other: Fact) -> tuple[int, int]:
        other_group, _, other_end = other.name.rpartition(".")
        kin = 0 if other_group == group else 1 if other_end == end else 2
        return kin, abs(vocabulary.order(other.name) - vocabulary.order(name))

    return [other.name for other in sorted(of_both, key=distance)[:CONFUSED_MAX]]


def became(old: str, new: str) -> Text:
    """What was written, and what is written instead."""
    return text(f"«{old}» ble «{new}»", f"“{old}” became “{new}”")


def _always(said: str) -> Text:
    return text(f"«{said}» er tatt bort", f"“{said}” was taken out")


def _never(said: str) -> Text:
    return text(f"«{said}» kan aldri være sant", f"“{said}” can never be true")


def _negated(said: str) -> Text:
    return text(f"«{said}» fikk «not» foran", f"“{said}” got a “not” before it")


def _taken_away(word: str, said: str) -> Text:
    return text(f"«{word}» foran «{said}» er tatt bort", f"“{word}” before “{said}” was taken out")


def _other_quantifier(node: Quantifier) -> Quantifier:
    other = AllLines if isinstance(node, AnyLine) else AnyLine
    return other(node.part, node.place)


def _values_of(fact: Fact) -> tuple[Value, ...]:
    """All values of a fact that has few."""
    return (True, False) if fact.type is FactType.YES_NO else fact.choices


def _other_wildcards(word: str) -> Iterator[str]:
    if "*" not in word and word[-1].isalpha():  # a code is whole as it stands
        yield f"{word}*"
    if word.startswith("*"):
        yield word[1:]
    if word.endswith("*"):
        yield word[:-1]


def _about_line(condition: Condition) -> bool:
    """Whether it asks about one line, outside of ``any line`` and ``all lines``."""
    if isinstance(condition, Quantifier):
        return False
    if isinstance(condition, Leaf):
        return any(fact.startswith(LINE_PREFIX) for fact in facts_of(condition))
    return any(_about_line(part) for part in children(condition))


def _uses(condition: Condition, name: str) -> bool:
    if isinstance(condition, Named) and condition.name == name:
        return True
    return any(_uses(part, name) for part in children(condition))
