"""A rule book with one thing in it changed, made as the loader would have made it.

Promises: the rule book itself stays as it is; the changed one has a version of its own. Guarantees and rules
on trial decide nothing and are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Condition,
    Named,
    Not,
)
from fakturavakt.rulebook.in_force import channel_of, while_in_force, window_condition
from fakturavakt.rulebook.migration_check import answers_each_once
from fakturavakt.rulebook.model import Migration, Rule, RuleBook, Window

AnyRule = TypeVar("AnyRule", bound=Rule)
ChangeOfRule = Callable[[Rule], Rule]


def with_other_condition(book: RuleBook, old: Condition, new: Condition) -> RuleBook:
    """The rule book with one node exchanged wherever it counts: a definition in all that use it, a
    suggestion also in ``kind-suggested``.
    """

    def exchanged(condition: Condition) -> Condition:
        return _with_other_node(condition, old, new)

    changed = with_other_rules(book, lambda rule: replace(rule, when=exchanged(rule.when)))
    migration = book.migration
    if migration is not None:
        rows = tuple(replace(row, when=exchanged(row.when)) for row in migration.rows)
        migration = replace(migration, rows=rows)
    return replace(
        changed,
        scope=exchanged(book.scope),
        definitions={
            name: (title, exchanged(condition))
            for name, (title, condition) in book.definitions.items()
        },
        migration=migration,
    )


def with_other_rule(book: RuleBook, changed: Rule) -> RuleBook:
    """The rule book with the rule of this id in the place of its own."""
    return with_other_rules(book, lambda rule: changed if rule.id == changed.id else rule)


def with_other_rules(book: RuleBook, change: ChangeOfRule) -> RuleBook:
    """The rule book with each rule as ``change`` makes it; its window and its condition follow."""

    def of(rule: AnyRule) -> AnyRule:
        changed = change(rule)
        assert isinstance(changed, type(rule))
        at = rule.place if rule.in_force is None else rule.in_force.place
        in_force = window_condition(changed.window, at)
        condition = while_in_force(in_force, changed.when, changed.place)
        return replace(changed, in_force=in_force, condition=condition)

    return replace(
        book,
        prohibitions=tuple(map(of, book.prohibitions)),
        channels=tuple(
            channel_of(each.name, each.title, map(of, each.rules), each.place)
            for each in book.channels
        ),
        advice=tuple(map(of, book.advice)),
        suggestions=tuple(map(of, book.suggestions)),
    )


def with_migration(book: RuleBook, change: Callable[[Migration], Migration]) -> RuleBook:
    """The rule book with its migration as ``change`` makes it."""
    assert book.migration is not None
    return replace(book, migration=change(book.migration))


def can_be_read(book: RuleBook) -> bool:
    """Whether the loader would take it: each sender matches one row of the migration, the last channel is
    always there, and each rule is in force on some day.
    """
    rows = [] if book.migration is None else [row.when for row in book.migration.rows]
    if rows and not answers_each_once(rows, book.vocabulary):
        return False
    if not any(
        rule.when == All((), rule.place) and rule.window == Window()
        for rule in book.channels[-1].rules
    ):
        return False
    windows = [rule.window for rule in book.rules.values()]
    return all(
        each.starts is None or each.before is None or each.starts < each.before for each in windows
    )


def _with_other_node(condition: Condition, old: Condition, new: Condition) -> Condition:
    """The condition with one of its nodes exchanged, definitions written out included."""
    if condition is old:
        return new
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            return replace(
                condition, parts=tuple(_with_other_node(part, old, new) for part in parts)
            )
        case Not(part=part) if part is old and isinstance(new, Not):
            return new.part  # nobody writes «not» twice, and it means the same as neither
        case Not(part=part) | AnyLine(part=part) | AllLines(part=part) | Named(part=part):
            return replace(condition, part=_with_other_node(part, old, new))
        case _:
            return condition
