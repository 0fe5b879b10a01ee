"""A finding: what is wrong or doubtful in a rule file, how bad it is, where it stands, why, and what mends
it.

Mistakes of form (:class:`~fakturavakt.problems.Problem`) and doubts about meaning both become findings, so
that whoever shows them (a terminal, an editor, a CI job, a page) has one shape to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from fakturavakt.desk.finding_codes import CodeEntry
from fakturavakt.problems import Place
from fakturavakt.texts import Text


class Severity(StrEnum):
    """How bad it is: an ``error`` makes the rule book unfit for use, or surely says what nobody means; a
    ``warning`` most likely is a mistake; a ``note`` is worth knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITIES: Final[Sequence[Severity]] = tuple(Severity)
"""From the worst on."""


def at_least_as_bad(severity: Severity, threshold: Severity) -> bool:
    """Whether a severity reaches a threshold."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(threshold)


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One change of a file: what stands from ``place`` up to ``end`` (line and column, from 1, not included)
    is ``old``, and ``new`` is put there.
    """

    place: Place
    end: tuple[int, int]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What may be done about a finding without asking: it never changes what a document gets, or the rule
    book could not be used before. ``says`` what it does.
    """

    says: Text
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``related`` are places that it also speaks of, each with what stands there.

    ``allowed`` is the reason that the rule file itself gives for letting it be; None where it gives none.
    """

    entry: CodeEntry
    severity: Severity
    place: Place
    wrong: Text
    mend: Text | None = None
    related: tuple[tuple[Place, Text], ...] = ()
    fix: Fix | None = None
    subject: str = ""
    allowed: str | None = field(default=None)

    @property
    def code(self) -> str:
        """The stable code, such as ``FV101``."""
        return self.entry.code

    @property
    def in_order(self) -> tuple[Place, str, str]:
        """What findings are sorted by."""
        return self.place, self.code, self.wrong.say("en")
