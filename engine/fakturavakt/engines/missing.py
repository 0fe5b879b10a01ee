"""Which facts an unknown condition lacks (contract §2).

The unknown facts of its unknown leaves whose ancestors are all unknown; one document at a time, and
only for what is unknown, so the plain walk is fast enough for every engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, assert_never

from fakturavakt.engines.reference import truth
from fakturavakt.intake.facts import Facts, LineFacts
from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    HasWord,
    Known,
    Named,
    Not,
    OneOf,
    children,
    facts_of,
)
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES, Vocabulary


class MissingFact(NamedTuple):
    """A fact that is unknown: of the invoice, or of the line at ``position`` called ``line``.

    Tuples sort in the order of contract §2 once ``order`` is the fact's place in the vocabulary.
    """

    position: int
    order: int
    fact: str
    line: str | None

    @property
    def path(self) -> str:
        """As a decision names it: ``recipient.mobile``, ``line[1].amount``."""
        if self.line is None:
            return self.fact
        return f"line[{self.line}].{self.fact.removeprefix(LINE_PREFIX)}"


def missing_fact(fact: str, line: LineFacts | None, vocabulary: Vocabulary) -> MissingFact:
    """A fact, of ``line`` where it is a fact of lines."""
    if line is not None and fact.startswith(LINE_PREFIX):
        return MissingFact(line.position, vocabulary.order(fact), fact, line.name)
    return MissingFact(0, vocabulary.order(fact), fact, None)


def missing_facts(
    conditions: Iterable[Condition], facts: Facts, vocabulary: Vocabulary
) -> tuple[MissingFact, ...]:
    """What the unknown ones among the conditions lack, without repeats, in the order of §2."""
    found = {
        missing_fact(fact, line, vocabulary)
        for condition in conditions
        for fact, line in _missing(condition, facts, None)
    }
    return tuple(sorted(found))


def _missing(
    condition: Condition, facts: Facts, line: LineFacts | None
) -> Iterator[tuple[str, LineFacts | None]]:
    if truth(condition, facts, line) is not None:
        return
    match condition:
        case Known() | OneOf() | HasWord() | Comparison():
            for fact in facts_of(condition):
                if facts.value(fact, line) is None:
                    yield fact, line
        case AnyLine(part=part) | AllLines(part=part):
            if facts.lines is None:
                yield LINES, None
            for each in facts.lines or ():
                yield from _missing(part, facts, each)
        case All() | AnyOf() | Not() | Named():
            for part in children(condition):
                yield from _missing(part, facts, line)
        case _:
            assert_never(condition)
