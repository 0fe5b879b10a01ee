"""The migration table must answer for every sender exactly once: no gap, no overlap.

Its facts have few values each, so every sender that there can be is tried.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
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
from fakturavakt.vocabulary.facts import FactType, Value, Vocabulary

SENDERS_MAX: Final = 4096


def check_migration(migration: Read, reading: Reading) -> None:
    """Report rows that overlap, senders that no row answers for, and conditions of other kinds."""
    rows: list[Read] = list(migration["rows"] or ())
    if not rows or any(row["when"] is None or row["action"] is None for row in rows):
        return  # reported already
    values = _values_asked_about([row["when"] for row in rows], reading.vocabulary)
    if values is None:
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
    for sender in _senders(values):
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
    for gap in _gaps(unanswered, values):
        reading.report(
            migration.places["rows"],
            "migration-gap",
            text(
                f"Ingen rad svarer når {_described(gap)}.",
                f"No row answers when {_described(gap)}.",
            ),
            text("Legg til en rad for det.", "Add a row for it."),
        )


def answers_each_once(rows: Sequence[Condition], vocabulary: Vocabulary) -> bool:
    """The same question put to rows that were read: whether there is nothing to report."""
    values = _values_asked_about(rows, vocabulary)
    return values is not None and all(
        sum(_holds(row, sender) for row in rows) == 1 for sender in _senders(values)
    )


def _values_asked_about(
    rows: Sequence[Condition], vocabulary: Vocabulary
) -> Mapping[str, tuple[Value, ...]] | None:
    """The values of each fact that the rows ask about; None where they ask about others than yes/no and
    choices, or about too many.
    """
    facts = sorted({fact for row in rows for leaf in leaves(row) for fact in facts_of(leaf)})
    values = {fact: _values(fact, vocabulary) for fact in facts}
    answerable = all(map(_answerable, rows)) and all(values.values())
    few_enough = math.prod(len(each) for each in values.values()) <= SENDERS_MAX
    return values if answerable and few_enough else None


def _senders(values: Mapping[str, tuple[Value, ...]]) -> Iterator[Mapping[str, Value]]:
    """Every sender that there can be."""
    for chosen in itertools.product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


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


def _values(fact: str, vocabulary: Vocabulary) -> tuple[Value, ...]:
    known = vocabulary[fact]
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
