"""What is known about one document: the facts that engines evaluate, and where each came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fakturavakt.intake.documents import DocumentSource
from fakturavakt.problems import Place
from fakturavakt.vocabulary.facts import LINE_PREFIX, Value
from fakturavakt.vocabulary.forms import Flaw


@dataclass(frozen=True, slots=True)
class Origin:
    """The register row that a fact came from.

    ``complete_for`` is set where no entry gave the fact, and the sender's row says that the register
    has all entries of this kind: then there is none.
    """

    place: Place
    complete_for: str | None = None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line. ``name`` is its id, or ``#N``; ``values`` and ``stated`` as in :class:`Facts`."""

    name: str
    position: int
    values: Mapping[str, Value]
    stated: frozenset[str] | set[str]
    origins: Mapping[str, Origin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FactProblem:
    """A bad value: its path as the decision names it (``line[1].amount``), and why."""

    path: str
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class UsedEvidence:
    """A register entry that gave facts: to a line, or to the whole document (``line`` is None)."""

    line: str | None
    kind: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """A document, read.

    ``values`` has every fact of the invoice that can be compared, those included whose absence means
    something; ``stated`` names the facts that are there (what ``known`` asks about). What is in
    neither is unknown. ``lines`` is None where the lines are unknown. ``origins`` holds the register
    row of each fact that the document did not give. Problems stand in the order of contract §2.
    """

    source: DocumentSource
    values: Mapping[str, Value]
    stated: frozenset[str] | set[str]
    lines: tuple[LineFacts, ...] | None
    problems: tuple[FactProblem, ...] = ()
    evidence: tuple[UsedEvidence, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def value(self, fact: str, line: LineFacts | None) -> Value | None:
        """The value of a fact, of the line where it is a line's; None if it is unknown."""
        if line is not None and fact.startswith(LINE_PREFIX):
            return line.values.get(fact)
        return self.values.get(fact)

    def has(self, fact: str, line: LineFacts | None) -> bool:
        """Whether the fact is there: stated, and not bad."""
        if line is not None and fact.startswith(LINE_PREFIX):
            return fact in line.stated
        return fact in self.stated
