"""A rule book less what is out of force: rules of many years stay in it, and few of them are about today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from fakturavakt.rulebook.conditions import AnyOf
from fakturavakt.rulebook.model import Channel, Rule, RuleBook, Window


def has_days_in(window: Window, first: date, last: date) -> bool:
    """Whether a rule is in force on some day from ``first`` to ``last``, both included."""
    return (window.starts is None or window.starts <= last) and (
        window.before is None or first < window.before
    )


def in_force_between(book: RuleBook, first: date, last: date) -> RuleBook:
    """The rules that are in force on some of these days; a channel with none of them is left out.

    For an invoice sent on one of them, all that is left out is false. ``version`` stays: what is left decides
    for the whole.
    """

    def kept(rule: Rule) -> bool:
        return has_days_in(rule.window, first, last)

    return replace(
        book,
        prohibitions=tuple(filter(kept, book.prohibitions)),
        channels=tuple(_channels(book, first, last)),
        advice=tuple(filter(kept, book.advice)),
        suggestions=tuple(filter(kept, book.suggestions)),
        trials=tuple(filter(kept, book.trials)),
    )


def _channels(book: RuleBook, first: date, last: date) -> Iterator[Channel]:
    for channel in book.channels:
        rules = tuple(rule for rule in channel.rules if has_days_in(rule.window, first, last))
        if rules:
            conditions = tuple(rule.condition for rule in rules)
            # What is false is no part of an unknown "any": the facts that are missing are the same.
            condition = AnyOf(conditions, channel.condition.place)
            yield replace(channel, rules=rules, condition=condition)
