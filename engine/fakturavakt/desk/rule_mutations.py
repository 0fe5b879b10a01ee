"""Everything that can be written wrong in a rule book, one thing at a time: its mutants.

A mutant is a rule book that differs in one operator, value, connective, fact, window, property or order.
What people read (titles, messages, remedies, sources) decides nothing and stays. A definition is changed
where it is written, once, however many rules use it; rules on trial decide nothing and are left out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, partial
from itertools import pairwise
from typing import Any, Final, NamedTuple

from fakturavakt.desk.condition_mutations import (
    ConditionMutations,
    Mutation,
    became,
    confused_with,
)
from fakturavakt.desk.mutated_book import (
    can_be_read,
    with_migration,
    with_other_condition,
    with_other_rule,
)
from fakturavakt.problems import Place
from fakturavakt.rulebook.conditions import Condition
from fakturavakt.rulebook.files import ARRIVALS, BENEFITS, PRICE_CLASSES
from fakturavakt.rulebook.model import (
    Advice,
    ChannelProperties,
    ChannelRule,
    Migration,
    MigrationRow,
    Rule,
    RuleBook,
    Suggestion,
    Window,
)
from fakturavakt.rulebook.version import version_of
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.own_facts import LINE_KIND

SCOPE: Final = "scope"
CHANNELS: Final = "channels"
"""What is no rule and has no id."""
_DAY: Final = timedelta(days=1)

Change = Callable[[RuleBook], RuleBook]


class Changed(NamedTuple):
    """One thing changed: what kind of thing, whose it is (a rule, a definition, the scope, the channels, the
    migration), where it stands, what was done to it, and the change itself.
    """

    kind: Mutation
    rule: str
    place: Place
    said: Text
    change: Change


@dataclass(frozen=True)
class Mutant:
    """A rule book with one thing changed. ``number`` finds it again among the :func:`candidates`."""

    number: int
    original: RuleBook = field(repr=False)
    changed: Changed

    @cached_property
    def book(self) -> RuleBook:
        """The changed rule book, with its own version."""
        changed = self.changed.change(self.original)
        return replace(changed, version=version_of(changed))

    @property
    def can_be_read(self) -> bool:
        """Whether the loader would take it; what it refuses can never decide anything."""
        return can_be_read(self.book)


def mutants(book: RuleBook) -> tuple[Mutant, ...]:
    """All mutants, in the order of the rule book; each is another rule book than all the others."""
    found: dict[str, Mutant] = {}
    for mutant in candidates(book):
        if mutant.book.version != book.version:
            found.setdefault(mutant.book.version, mutant)
    return tuple(found.values())


def candidates(book: RuleBook) -> tuple[Mutant, ...]:
    """The same with repetitions, none of them made yet: of one rule book the same in every process."""
    original = replace(book.without_trials(), guarantees=())
    found = (
        *_of_conditions(original),
        *_of_rules(original),
        *_of_channels(original),
        *_of_migration(original),
    )
    return tuple(Mutant(number, original, each) for number, each in enumerate(found))


def sample(found: Sequence[Mutant], size: int | None, seed: int) -> tuple[Mutant, ...]:
    """So many of them, drawn at random: of one seed always the same; all, where no size is given."""
    if size is None or size >= len(found):
        return tuple(found)
    chosen = random.Random(seed).sample(range(len(found)), size)  # noqa: S311 (no secret)
    return tuple(found[number] for number in sorted(chosen))


# -- conditions ------------------------------------------------------------------------------------


def _of_conditions(book: RuleBook) -> Iterator[Changed]:
    for owner, condition in _written(book):
        defined = owner if owner in book.definitions else None
        for each in ConditionMutations(book.vocabulary, book.definitions, defined).of(condition):
            change = partial(with_other_condition, old=each.old, new=each.new)
            yield Changed(each.kind, owner, each.old.place, each.said, change)


def _written(book: RuleBook) -> Iterator[tuple[str, Condition]]:
    """Each condition with whose it is; windows are no part of them."""
    yield SCOPE, book.scope
    for name, (_, condition) in book.definitions.items():
        yield name, condition
    for rule in book.rules.values():
        yield rule.id, rule.when
    if book.migration is not None:
        for row in book.migration.rows:
            yield book.migration.name, row.when


# -- what a rule says beside its condition ------------------------------------------------------------


def _of_rules(book: RuleBook) -> Iterator[Changed]:
    for rule in book.rules.values():
        for kind, said, changed in _of_rule(rule, book):
            change = partial(with_other_rule, changed=changed)
            yield Changed(kind, rule.id, rule.place, said, change)


def _of_rule(rule: Rule, book: RuleBook) -> Iterator[tuple[Mutation, Text, Rule]]:
    for window in _other_windows(rule.window):
        said = became(_window(rule.window), _window(window))
        yield Mutation.WINDOW, said, replace(rule, window=window)
    match rule:
        case ChannelRule(properties=properties):
            for name, value in _other_properties(properties):
                said = _value_became(name, getattr(properties, name), value)
                other = replace(properties, **{name: value})
                yield Mutation.PROPERTY, said, replace(rule, properties=other)
        case Advice(asks_for=asked):
            for name in asked:
                rest = tuple(each for each in asked if each != name)
                if rest:
                    said = text(f"«asks_for» er uten «{name}»", f"“asks_for” is without “{name}”")
                    yield Mutation.FACT, said, replace(rule, asks_for=rest)
                for other_name in confused_with(name, book.vocabulary, set(asked), any_type=True):
                    said = became(f"asks_for: {name}", f"asks_for: {other_name}")
                    yield Mutation.FACT, said, replace(rule, asks_for=(*rest, other_name))
        case Suggestion(kind=kind):
            for choice in book.vocabulary[LINE_KIND].choices:
                if choice != kind:
                    said = became(f"kind: {kind}", f"kind: {choice}")
                    yield Mutation.VALUE, said, replace(rule, kind=choice)


def _other_windows(window: Window) -> Iterator[Window]:
    """A day earlier, a day later, without the bound, and the bound at the other end."""
    starts, before = window.starts, window.before
    if starts is not None:
        yield from (replace(window, starts=starts + step) for step in (-_DAY, _DAY))
        yield replace(window, starts=None)
    if before is not None:
        yield from (replace(window, before=before + step) for step in (-_DAY, _DAY))
        yield replace(window, before=None)
    if (starts is None) != (before is None):
        yield Window(before, starts)


def _window(window: Window) -> str:
    bounds = [
        f"{word}: {day}"
        for word, day in (("from", window.starts), ("before", window.before))
        if day is not None
    ]
    return f"effective: {{{', '.join(bounds)}}}" if bounds else "effective: –"


def _other_properties(properties: ChannelProperties) -> Iterator[tuple[str, Any]]:
    for name, words in (("price_class", PRICE_CLASSES), ("payment_arrives", ARRIVALS)):
        yield from ((name, word) for word in words if word != getattr(properties, name))
    fee = properties.bank_fee
    yield from (("bank_fee", other) for other in ((0,) if fee is None else (fee + 1, None)))
    for name in ("carries_attachments", "balance_shown"):
        yield name, not getattr(properties, name)


# -- channels and the migration -----------------------------------------------------------------------


def _of_channels(book: RuleBook) -> Iterator[Changed]:
    names = [each.name for each in book.channels]
    for at, channel in enumerate(book.channels[:-1]):
        order = [*names[:at], names[at + 1], names[at], *names[at + 2 :]]
        said = became(", ".join(names), ", ".join(order))
        change = partial(_with_channels_in_order, order=order)
        yield Changed(Mutation.ORDER, CHANNELS, channel.place, said, change)


def _with_channels_in_order(book: RuleBook, order: Iterable[str]) -> RuleBook:
    by_name = {each.name: each for each in book.channels}
    return replace(book, channels=tuple(by_name[name] for name in order))


def _of_migration(book: RuleBook) -> Iterator[Changed]:
    migration = book.migration
    if migration is None:
        return
    for step in (-_DAY, _DAY):
        on = migration.on + step
        said = became(f"on: {migration.on}", f"on: {on}")
        change = partial(with_migration, change=partial(_replaced, on=on))
        yield Changed(Mutation.WINDOW, migration.name, migration.place, said, change)
    for at, row in enumerate(migration.rows):
        for said, other in _other_rows(row):
            rows = (*migration.rows[:at], other, *migration.rows[at + 1 :])
            change = partial(with_migration, change=partial(_replaced, rows=rows))
            yield Changed(Mutation.PROPERTY, migration.name, row.place, said, change)
    for at, (row, following) in enumerate(pairwise(migration.rows)):
        exchanged = (
            replace(row, when=following.when),
            replace(following, when=row.when),
        )
        rows = (*migration.rows[:at], *exchanged, *migration.rows[at + 2 :])
        said = text(
            f"vilkårene for «{row.action}» og «{following.action}» har byttet plass",
            f"the conditions of “{row.action}” and “{following.action}” changed places",
        )
        change = partial(with_migration, change=partial(_replaced, rows=rows))
        yield Changed(Mutation.ORDER, migration.name, row.place, said, change)


def _replaced(
    migration: Migration, on: date | None = None, rows: tuple[MigrationRow, ...] | None = None
) -> Migration:
    return replace(migration, on=on or migration.on, rows=rows or migration.rows)


def _other_rows(row: MigrationRow) -> Iterator[tuple[Text, MigrationRow]]:
    told = row.notified_by_email
    yield (
        _value_became("notified_by_email", told, not told),
        replace(row, notified_by_email=not told),
    )
    for benefit in BENEFITS:
        if benefit in row.benefits:
            said = text(f"fordelen «{benefit}» er tatt bort", f"the benefit “{benefit}” is gone")
            rest = tuple(each for each in row.benefits if each != benefit)
        else:
            said = text(f"fordelen «{benefit}» er kommet til", f"the benefit “{benefit}” is new")
            rest = (*row.benefits, benefit)
        yield said, replace(row, benefits=rest)


def _value_became(name: str, old: object, new: object) -> Text:
    return became(f"{name}: {_as_written(old)}", f"{name}: {_as_written(new)}")


def _as_written(value: object) -> str:
    """A property as ``channels/*.yaml`` writes it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "unknown"
        case int():
            return f"{Decimal(value) / 100:f}"
        case _:
            return str(value)
