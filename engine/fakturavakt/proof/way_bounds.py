"""How far a proposed day, amount or count can go either way, the other changes as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fakturavakt.engines.reference import truth
from fakturavakt.intake.facts import Facts
from fakturavakt.proof.what_can_change import Situation, Slot
from fakturavakt.rulebook.conditions import Comparison, Constant, OneOf, OtherFact, facts_of, leaves
from fakturavakt.vocabulary.facts import LINE_PREFIX, Value


def bounds(
    situation: Situation, slot: Slot, changed: Facts, line: int | None
) -> tuple[int | None, int | None]:
    """The least and the most that would do; None where it is bounded by nothing but its type.

    ``changed`` is what is known once all is changed, ``line`` the position of the fact's line there.
    Between two neighbours of what the fact is compared with nothing turns, so that these are enough to try.
    """
    name = slot.path[0]
    to = changed.value(name, None if line is None else (changed.lines or ())[line])
    assert isinstance(to, int)
    lowered = slot.most is not None and slot.now is not None and to < int(slot.now)
    turning = sorted(
        {
            value
            for point in _compared_with(situation, name, changed, line)
            for value in (point - 1, point, point + 1)
            if slot.admits(value)
        }
        | {to}
    )

    about = [
        (condition, outcome)
        for condition, outcome in situation.wanted
        if any(name in facts_of(leaf) for leaf in leaves(condition))
    ]

    def is_sent(value: int) -> bool:
        facts = _with(changed, name, line, value)
        return all(truth(condition, facts) is outcome for condition, outcome in about)

    def end(way: list[int], furthest: int | None) -> int | None:
        last = to
        for value in way:
            if not is_sent(value):
                return last
            last = value
        return None if slot.now is None else furthest

    at = turning.index(to)
    return (
        end(turning[:at][::-1], None if lowered else slot.least),
        end(turning[at + 1 :], slot.most if lowered else None),
    )


def _with(facts: Facts, name: str, line: int | None, value: Value) -> Facts:
    if line is None:
        return replace(facts, values={**facts.values, name: value})
    lines = list(facts.lines or ())
    lines[line] = replace(lines[line], values={**lines[line].values, name: value})
    return replace(facts, lines=tuple(lines))


def _compared_with(
    situation: Situation, name: str, facts: Facts, line: int | None
) -> Iterator[int]:
    """The values at which a condition about the fact may turn."""
    for condition, _ in situation.wanted:
        for leaf in leaves(condition):
            match leaf:
                case OneOf(fact=fact, values=values) if fact == name:
                    yield from (int(each) for each in values if isinstance(each, int))
                case Comparison(fact=fact, operand=Constant(value=value)):
                    if fact == name:
                        yield int(value)
                case Comparison(fact=fact, operand=OtherFact(fact=other, days=days)):
                    if fact == name:
                        yield from (value + days for value in _values(other, facts, line))
                    if other == name:
                        yield from (value - days for value in _values(fact, facts, line))
                case _:
                    pass


def _values(name: str, facts: Facts, line: int | None) -> Iterator[int]:
    """What another fact is, on the same line, or on all lines for a fact of the invoice."""
    lines = facts.lines or ()
    if name.startswith(LINE_PREFIX):
        found = [facts.value(name, each) for each in (lines if line is None else (lines[line],))]
    else:
        found = [facts.value(name, None)]
    yield from (each for each in found if isinstance(each, int))
