"""Rule books with one condition changed: what cases have to notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    Named,
    Not,
    Relation,
    children,
)
from fakturavakt.rulebook.model import Advice, ChannelRule, Prohibition, RuleBook, Suggestion

NEIGHBOURS = {
    Relation.BELOW: Relation.AT_MOST,
    Relation.AT_MOST: Relation.BELOW,
    Relation.AT_LEAST: Relation.ABOVE,
    Relation.ABOVE: Relation.AT_LEAST,
    Relation.EQUAL: Relation.AT_LEAST,
}
"""What each relation is most easily taken for."""


AnyRule = TypeVar("AnyRule", bound=Prohibition | ChannelRule | Advice | Suggestion)


def with_other(condition: Condition, old: Condition, new: Condition) -> Condition:
    """The condition with one of its nodes exchanged, definitions included."""
    if condition is old:
        return new
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            return replace(condition, parts=tuple(with_other(part, old, new) for part in parts))
        case Not(part=part) | AnyLine(part=part) | AllLines(part=part) | Named(part=part):
            return replace(condition, part=with_other(part, old, new))
        case _:
            return condition


def mutated(book: RuleBook, old: Condition, new: Condition) -> RuleBook:
    """The rule book with one node exchanged wherever it counts."""

    def exchanged(condition: Condition) -> Condition:
        return with_other(condition, old, new)

    def of(rule: AnyRule) -> AnyRule:
        in_force = None if rule.in_force is None else exchanged(rule.in_force)
        return replace(
            rule, in_force=in_force, when=exchanged(rule.when), condition=exchanged(rule.condition)
        )

    migration = book.migration
    if migration is not None:
        rows = tuple(replace(row, when=exchanged(row.when)) for row in migration.rows)
        migration = replace(migration, rows=rows)
    return replace(
        book,
        scope=exchanged(book.scope),
        prohibitions=tuple(of(rule) for rule in book.prohibitions),
        channels=tuple(
            replace(
                channel,
                rules=tuple(of(rule) for rule in channel.rules),
                condition=exchanged(channel.condition),
            )
            for channel in book.channels
        ),
        advice=tuple(of(rule) for rule in book.advice),
        suggestions=tuple(of(rule) for rule in book.suggestions),
        migration=migration,
        trials=tuple(of(rule) for rule in book.trials),
    )


def everything(condition: Condition) -> Iterator[Condition]:
    """Every node that the condition writes itself; what a definition writes is its own."""
    yield condition
    if not isinstance(condition, Named):
        for part in children(condition):
            yield from everything(part)


def mutants(book: RuleBook) -> Iterator[tuple[str, Condition, Condition]]:
    """Each condition of the rule book, what it is exchanged for, and what to call that.

    A condition is taken out (as if it always held), made impossible, and turned into its opposite; a
    comparison is also made to take one day, øre or piece more or less.
    """
    roots = [book.scope, *(condition for _, condition in book.definitions.values())]
    for rule in book.rules.values():
        roots += [rule.when] if rule.in_force is None else [rule.in_force, rule.when]
    if book.migration is not None:
        roots += [row.when for row in book.migration.rows]
    for root in roots:
        for node in everything(root):
            if node == All((), node.place):
                continue
            yield f"{node.place} always", node, All((), node.place)
            yield f"{node.place} never", node, AnyOf((), node.place)
            yield f"{node.place} not", node, Not(node, node.place)
            if isinstance(node, Comparison):
                other = replace(node, relation=NEIGHBOURS[node.relation])
                yield f"{node.place} {other.relation}", node, other
