"""The facts that a rule book knows: name, type, what absence means, label and business term.

The vocabulary is data (``rules/vocabulary.yaml``, read by :mod:`fakturavakt.rulebook`): a new fact is
an entry there and no change here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeAlias

from fakturavakt.texts import Text

Value: TypeAlias = bool | int | float | str
"""A known value, ready to be compared: yes/no as ``bool``, a date as its proleptic ordinal day
(``float`` only for :data:`NEVER`), money as whole øre, a count as ``int``, all else as ``str``."""

NEVER: Final = math.inf
"""The day that is never reached, not even by 9999-12-31."""

LINES: Final = "invoice.lines"
"""The one fact that is a list: its items' facts are named ``line.…``."""
LINE_PREFIX: Final = "line."
LINE_ID: Final = "line.id"
"""What a line is called, in decisions and in the register."""


class FactType(StrEnum):
    """The types of contract §1, named as ``vocabulary.yaml`` names them."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    YES_NO = "yes_no"
    COUNT = "count"
    CHOICE = "choice"
    CURRENCY = "currency"
    PAYMENT_REFERENCE = "payment_reference"
    ACCOUNT = "account"
    ORGANISATION_NUMBER = "organisation_number"
    MOBILE = "mobile"
    EMAIL = "email"
    LINES = "lines"


ORDERED_TYPES: Final = frozenset({FactType.DATE, FactType.MONEY, FactType.COUNT})
"""Types whose values stand before and after one another; all others are only equal or not."""


class Absence(StrEnum):
    """What the absence of a fact means where it is not a plain value."""

    UNKNOWN = "unknown"
    SCREENING_DATE = "screening_date"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the vocabulary. ``absent`` is what its absence means: unknown, the screening
    date, or a value of its type. ``says`` has sentences for values of a yes/no or a choice, as the
    handbook says them; they decide nothing and are no part of the rule book's version.
    """

    name: str
    type: FactType
    label: Text
    absent: Absence | Value = Absence.UNKNOWN
    choices: tuple[str, ...] = ()
    term: str | None = None
    personal: bool = False
    says: Mapping[Value, Text] = field(default_factory=dict, hash=False)

    @property
    def of_line(self) -> bool:
        """Whether each line has its own value."""
        return self.name.startswith(LINE_PREFIX)


@dataclass(frozen=True)
class Vocabulary:
    """All facts, in the order of contract §1; lookups by name."""

    facts: tuple[Fact, ...]
    _order: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_order", {fact.name: n for n, fact in enumerate(self.facts)})

    def __contains__(self, name: object) -> bool:
        return name in self._order

    def __getitem__(self, name: str) -> Fact:
        return self.facts[self._order[name]]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def order(self, name: str) -> int:
        """The place of a fact in the contract's table, from 0. A group stands where its first fact does."""
        found = self._order.get(name)
        if found is not None:
            return found
        return min(
            (n for fact, n in self._order.items() if fact.startswith(name + ".")),
            default=len(self.facts),
        )

    @cached_property
    def tree(self) -> Mapping[str, object]:
        """Documents' shape: nested mappings of key to :class:`Fact` or to a group's own mapping.

        The facts of a line hang under the key ``line``; ``invoice.lines`` is the fact of type
        ``lines`` that announces them.
        """
        root: dict[str, object] = {}
        for fact in self.facts:
            *groups, key = fact.name.split(".")
            node = root
            for group in groups:
                child = node.setdefault(group, {})
                assert isinstance(child, dict), fact.name  # the loader refuses `a.b` beside `a.b.c`
                node = child
            node[key] = fact
        return root
