"""What steps there are: one definition for each, with its sentences in both languages.

Step modules define them with :func:`step`; the lint and the list of steps read :data:`DEFINITIONS`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal, TypeVar

from pytest_bdd import given, then, when

from fakturavakt.acceptance.sentences import Sentences
from fakturavakt.texts import ENGLISH, NORWEGIAN, Text, text

Step = TypeVar("Step", bound=Callable[..., object])
Kind = Literal["given", "when", "then"]


class Group(StrEnum):
    """What a step is about, in the order in which lists show them."""

    START = "start"
    DOCUMENT = "document"
    LINES = "lines"
    REGISTER = "register"
    SCREENING = "screening"
    DECISION = "decision"
    PROHIBITIONS = "prohibitions"
    CHANNELS = "channels"
    MISSING = "missing"
    ADVICE = "advice"
    PROBLEMS = "problems"
    EVIDENCE = "evidence"
    SENDER = "sender"


HEADINGS: Final[dict[Group, Text]] = {
    Group.START: text("Utgangspunktet", "Where to start"),
    Group.DOCUMENT: text("Fakturaen, avsenderen og mottakeren", "Invoice, sender and recipient"),
    Group.LINES: text("Fakturalinjene", "Invoice lines"),
    Group.REGISTER: text("Avsenderens register", "The sender's register"),
    Group.SCREENING: text("Det som skjer", "What happens"),
    Group.DECISION: text("Avgjørelsen", "The decision"),
    Group.PROHIBITIONS: text("Forbudene", "Prohibitions"),
    Group.CHANNELS: text("Kanalene", "Channels"),
    Group.MISSING: text("Det som mangler", "What is missing"),
    Group.ADVICE: text("Rådene", "Advice"),
    Group.PROBLEMS: text("Feil i dataene", "Problems of the data"),
    Group.EVIDENCE: text("Evidensen som ble brukt", "Evidence that was used"),
    Group.SENDER: text("Avsenderens avtaler", "The sender's agreements"),
}


@dataclass(frozen=True)
class StepDefinition:
    """One step. ``nb`` and ``en`` are its sentences; of a Then the first Norwegian one stands after «Så», the
    second after «Og». ``table`` is an example of the table that it takes, by language; ``takes_headings``
    tells whether its first row names the columns.
    """

    kind: Kind
    group: Group
    nb: tuple[str, ...]
    en: tuple[str, ...]
    function: Callable[..., object]
    parser: Sentences
    table: dict[str, tuple[tuple[str, ...], ...]] | None = None
    takes_headings: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """Its sentences, Norwegian first."""
        return self.nb + self.en

    def said_in(self, language: str) -> tuple[str, ...]:
        """Its sentences in one language."""
        return self.nb if language == NORWEGIAN else self.en

    def matches(self, said: str) -> bool:
        """Whether a step says one of its sentences."""
        return self.parser.is_matching(said)

    @property
    def takes_table(self) -> bool:
        """Whether a table stands under it."""
        return "datatable" in inspect.signature(self.function).parameters

    @property
    def takes_docstring(self) -> bool:
        """Whether a text in quotes stands under it."""
        return "docstring" in inspect.signature(self.function).parameters


STEP_MODULES: Final = ("given_steps", "when_steps", "then_steps", "sender_steps")
"""The modules beside this one that define steps."""
DEFINITIONS: Final[list[StepDefinition]] = []
"""Every step that comes with the program, in the order in which modules define them."""

_DECORATORS: Final[dict[Kind, Callable[..., Any]]] = {"given": given, "when": when, "then": then}


def step(
    kind: Kind,
    group: Group,
    *,
    nb: str | Sequence[str],
    en: str | Sequence[str],
    table: tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]] | None = None,
    headings: bool = False,
) -> Callable[[Step], Step]:
    """Define a step: its function is told by any of the sentences ``nb`` and ``en``."""
    norwegian = (nb,) if isinstance(nb, str) else tuple(nb)
    english = (en,) if isinstance(en, str) else tuple(en)
    parser = Sentences(norwegian + english)
    tables = None
    if table is not None:
        tables = {
            language: tuple(map(tuple, rows))
            for language, rows in zip((NORWEGIAN, ENGLISH), table, strict=True)
        }

    def define(function: Step) -> Step:
        DEFINITIONS.append(
            StepDefinition(kind, group, norwegian, english, function, parser, tables, headings)
        )
        _DECORATORS[kind](parser, stacklevel=2)(function)
        return function

    return define
