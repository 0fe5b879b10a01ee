"""What conditions ask about: the facts, the constants, the words, and how many lines that takes.

**How many lines suffice.** What a condition says of the lines, it says through ``any line`` and
``all lines`` alone. Take any document. Of each ``any line`` keep one line for which its part is true, or,
where there is none, one for which it is unknown; of each ``all lines`` one for which its part is false,
or else unknown. Drop all other lines. Then each of them comes out as before: a true ``any line`` kept what
made it true; an unknown one has no true part and kept an unknown one; a false one has only false parts,
whichever are dropped; and ``all lines`` is its mirror. Where nothing had to be kept, one line is kept all the
same, since a list that becomes empty may mean something else (contract §1). So a document with as many lines
as there are different quantifiers, or one, shows whatever any document shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from fakturavakt.rulebook.conditions import (
    Comparison,
    Condition,
    Constant,
    HasWord,
    Known,
    OneOf,
    facts_of,
    leaves,
    quantifiers,
)
from fakturavakt.vocabulary.facts import LINES, Vocabulary


@dataclass
class Mentions:
    """What some conditions mention, by fact: values that are compared with, words that are looked for.

    ``days`` are the distances between dates.
    """

    facts: set[str] = field(default_factory=set)
    values: dict[str, set[str]] = field(default_factory=dict)
    numbers: dict[str, set[int]] = field(default_factory=dict)
    words: dict[str, set[str]] = field(default_factory=dict)
    days: set[int] = field(default_factory=set)

    def add(self, condition: Condition) -> None:
        """Note all that a condition mentions."""
        for leaf in leaves(condition):
            self.facts.update(facts_of(leaf))
            match leaf:
                case OneOf(fact=fact, values=values):
                    for value in values:
                        if isinstance(value, str):
                            self.values.setdefault(fact, set()).add(value)
                case HasWord(fact=fact, words=words):
                    self.words.setdefault(fact, set()).update(words)
                case Comparison(fact=fact, operand=operand):
                    if isinstance(operand, Constant):
                        self.numbers.setdefault(fact, set()).add(int(operand.value))
                    elif operand.days:
                        self.days.update({operand.days, -operand.days})
                case Known():
                    pass
                case _:
                    assert_never(leaf)


def lines_needed(
    asked: Iterable[tuple[Condition, Vocabulary]], *, line_alone: bool = False, documents: int = 1
) -> int:
    """How many lines show whatever any document shows of these conditions.

    ``line_alone``: one of them is about a single line. ``documents``: how many documents that share
    their lines are looked at together.
    """
    different = {
        each for condition, vocabulary in asked for each in _read_as(condition, vocabulary)
    }
    return max(1, documents * len(different) + (1 if line_alone else 0))


def _read_as(condition: Condition, vocabulary: Vocabulary) -> Iterator[object]:
    """Every quantifier, with what its rule book's vocabulary makes of the facts in it."""
    for quantifier in quantifiers(condition):
        names = sorted({fact for leaf in leaves(quantifier) for fact in facts_of(leaf)} - {LINES})
        meanings = tuple(
            (name, vocabulary[name].absent, vocabulary[name].choices) for name in names
        )
        yield quantifier, meanings
