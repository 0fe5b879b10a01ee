"""The migration table must answer for every sender exactly once: no gap, no overlap.

Its facts have few values each, so every sender that there can be is tried.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Final

from fakturavakt.rulebook.conditions import (
    All,
    AnyOf,
    Condition,
    Named,
    Not,
    OneOf,
    facts_of,
    leaves,
    reads_lines,
)
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.shapes import Read
from fakturavakt.texts import text
from fakturavakt.vocabulary.facts import FactType, Value

SENDERS_MAX: Final = 4096


def check_migration(migration: Read, reading: Reading) -> None:
    """Report rows that overlap, senders that no row answers for, and conditions of other kinds."""
    rows: list[Read] = list(migration["rows"] or ())
    if not rows or any(row["when"] is None or row["action"] is None for row in rows):
        return  # reported already
    facts = sorted(
        {fact for row in rows for leaf in leaves(row["when"]) for fact in facts_of(leaf)}
    )
    values = [_values(fact, reading) for fact in facts]
    if (
        any(not _answerable(row["when"]) for row in rows)
        or any(not each for each in values)
        or math.prod(len(each) for each in values) > SENDERS_MAX
    ):
        reading.report(
            migration.places["rows"],
            "migration-facts",
            text(
                "Radene kan bare spørre etter ja/nei og valg, og ikke etter linjer.",
                "The rows can only ask about yes/no and choices, and not about lines.",
            ),
        )
        return
    reported: set[tuple[str, ...]] = set()
    unanswered: list[Mapping[str, Value]] = []
    for chosen in itertools.product(*values):
        sender = dict(zip(facts, chosen, strict=True))
        matching = [row for row in rows if _holds(row["when"], sender)]
        names = tuple(row["action"] for row in matching)
        if not matching:
            unanswered.append(sender)
        elif len(matching) > 1 and names not in reported:
            reported.add(names)
            reading.report(
                matching[1].place,
                "migration-overlap",
                text(
                    f"Flere rader svarer ({', '.join(names)}) når {_described(sender)}.",
                    f"Several rows answer ({', '.join(names)}) when {_described(sender)}.",
                ),
                text("Gjør den ene snevrere.", "Make one of them narrower."),
            )
    for gap in _gaps(unanswered, dict(zip(facts, values, strict=True))):
        reading.report(
            migration.places["rows"],
            "migration-gap",
            text(
                f"Ingen rad svarer når {_described(gap)}.",
                f"No row answers when {_described(gap)}.",
            ),
            text("Legg til en rad for det.", "Add a row for it."),
        )


def _gaps(
    senders: list[Mapping[str, Value]], values: Mapping[str, tuple[Value, ...]]
) -> list[Mapping[str, Value]]:
    """The senders, those taken together that differ in one fact only and have all of its values."""
    for fact, choices in values.items():
        alike: dict[tuple[tuple[str, Value], ...], list[Mapping[str, Value]]] = {}
        for sender in senders:
            rest = tuple((name, value) for name, value in sender.items() if name != fact)
            alike.setdefault(rest, []).append(sender)
        senders = [
            each
            for rest, group in alike.items()
            # Where nothing is left to tell them by, no sender at all is answered for.
            for each in ([dict(rest)] if rest and len(group) == len(choices) else group)
        ]
    return senders


def _described(sender: Mapping[str, Value]) -> str:
    return ", ".join(f"{fact}: {_word(value)}" for fact, value in sender.items())


def _values(fact: str, reading: Reading) -> tuple[Value, ...]:
    known = reading.vocabulary[fact]
    if known.type is FactType.YES_NO:
        return (True, False)
    return known.choices if known.type is FactType.CHOICE else ()


def _word(value: Value) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _answerable(condition: Condition) -> bool:
    return not reads_lines(condition) and all(isinstance(leaf, OneOf) for leaf in leaves(condition))


def _holds(condition: Condition, sender: Mapping[str, Value]) -> bool:
    """Plain two-valued logic: all facts of these senders are known."""
    match condition:
        case All(parts=parts):
            return all(_holds(part, sender) for part in parts)
        case AnyOf(parts=parts):
            return any(_holds(part, sender) for part in parts)
        case Not(part=part):
            return not _holds(part, sender)
        case Named(part=part):
            return _holds(part, sender)
        case OneOf(fact=fact, values=values):
            return sender[fact] in values
        case _:
            raise AssertionError(condition)  # `_answerable` has refused it
