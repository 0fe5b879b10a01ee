"""What the rules of a rule book ask of a document: all that an example has to keep of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fakturavakt.engines.reference import has_word
from fakturavakt.rulebook.conditions import Condition, HasWord, Known, facts_of, leaves
from fakturavakt.rulebook.model import RuleBook

NO_WORDS: Final = "–"
"""A text that has none of the words looked for."""


@dataclass(frozen=True, slots=True)
class AskedFacts:
    """The facts whose value counts, those that need only be known, and the words looked for, by fact."""

    compared: frozenset[str]
    known: frozenset[str]
    searched: Mapping[str, tuple[HasWord, ...]]

    @property
    def wanted(self) -> frozenset[str]:
        """All of them."""
        return self.compared | self.known | frozenset(self.searched)


def conditions_of(book: RuleBook) -> Iterator[Condition]:
    """Every condition that comes out for a document."""
    yield book.scope
    for rule in book.rules.values():
        yield rule.condition
    for row in () if book.migration is None else book.migration.rows:
        yield row.when


def asked_facts(book: RuleBook) -> AskedFacts:
    """What all rules ask, those about senders' agreements included."""
    return facts_asked_by(conditions_of(book), asked_for_by_advice(book))


def asked_for_by_advice(book: RuleBook) -> Iterator[str]:
    """The facts that advice names where they are not known."""
    for advice in book.advice:
        yield from advice.asks_for


def facts_asked_by(conditions: Iterable[Condition], asked_for: Iterable[str]) -> AskedFacts:
    """What conditions ask; ``asked_for`` need only be known."""
    compared: set[str] = set()
    known: set[str] = set(asked_for)
    searched: dict[str, tuple[HasWord, ...]] = {}
    for condition in conditions:
        for leaf in leaves(condition):
            if isinstance(leaf, Known):
                known.add(leaf.fact)
            elif isinstance(leaf, HasWord):
                searched[leaf.fact] = (*searched.get(leaf.fact, ()), leaf)
            else:
                compared.update(facts_of(leaf))
    return AskedFacts(frozenset(compared), frozenset(known), searched)


def words_found(said: str, searched: Iterable[HasWord]) -> str:
    """The words of a text that rules look for, as they were found; a dash where none was."""
    found = [
        word
        for word in re.findall(r"[\w:-]+", said)
        if any(has_word(word, leaf.words) for leaf in searched)
    ]
    return " ".join(dict.fromkeys(found)) or NO_WORDS
