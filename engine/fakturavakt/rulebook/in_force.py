"""A rule's effective window: as a condition of the rule, and a rule book less what is out of force (rules of
many years stay in it, and few of them are about today).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from fakturavakt.problems import Place
from fakturavakt.rulebook.conditions import All, AnyOf, Comparison, Condition, Constant, Relation
from fakturavakt.rulebook.model import Channel, ChannelRule, Rule, RuleBook, Window
from fakturavakt.texts import Text
from fakturavakt.vocabulary.own_facts import SEND_DATE


def window_condition(window: Window, place: Place) -> Condition | None:
    """An effective window is a condition like any other, on the send date."""
    bounds: list[Condition] = []
    if window.starts is not None:
        starts = Constant(window.starts.toordinal())
        bounds.append(Comparison(SEND_DATE, Relation.AT_LEAST, starts, place))
    if window.before is not None:
        before = Constant(window.before.toordinal())
        bounds.append(Comparison(SEND_DATE, Relation.BELOW, before, place))
    if not bounds:
        return None
    return bounds[0] if len(bounds) == 1 else All(tuple(bounds), place)


def while_in_force(in_force: Condition | None, when: Condition, place: Place) -> Condition:
    """What engines evaluate of a rule: *in force and when*."""
    return when if in_force is None else All((in_force, when), place)


def channel_of(name: str, title: Text, rules: Iterable[ChannelRule], place: Place) -> Channel:
    """The channel that these rules make eligible, at least one, each in its window."""
    own = sorted(rules, key=lambda rule: (rule.window.starts or date.min, rule.id))
    conditions = tuple(rule.condition for rule in own)
    condition = conditions[0] if len(own) == 1 else AnyOf(conditions, place)
    return Channel(name, title, tuple(own), condition, place)


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
