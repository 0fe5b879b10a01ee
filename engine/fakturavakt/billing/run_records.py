"""What a journal holds of runs, of the files that they took in and of the documents in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from fakturavakt.billing.destinations import Destination

Mode: TypeAlias = Literal["copy", "move"]


class RunState(StrEnum):
    """How far a run is. A journal has at most one that has neither ended nor been discarded."""

    PLANNING = "planning"
    """Documents are being screened; after an interruption the plan is made anew."""
    WAITING = "waiting"
    """All is planned, and something said that a person must look first; nothing has been put anywhere."""
    PLACING = "placing"
    """Documents are being put where they belong; after an interruption this goes on."""
    ENDED = "ended"
    DISCARDED = "discarded"
    """A plan that was never carried out. Its documents are forgotten."""


class SourceState(StrEnum):
    """How far a file of the inbox is."""

    PLANNED = "planned"
    WRITTEN = "written"
    """What is to be placed of it is whole on the disk, beside the outbox's folders: what is not there any
    more has been renamed to its place.
    """
    PLACED = "placed"
    DONE = "done"
    """Placed, and taken away from the inbox where that was asked for."""
    CHANGED = "changed"
    GONE = "gone"
    """Not as it was, or not there, when it was to be placed; nothing of it was."""
    LEFT = "left"
    """It repeats a document of a file that could not be placed, and stays for the next run."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run. ``inbox`` is absolute; times are UTC in ISO 8601; ``about`` is what it was started with: rule
    book, version, as-of date, program, language. ``summary`` is :meth:`Summary.as_dict` of its decisions.
    """

    run: str
    state: RunState
    inbox: str
    mode: Mode
    started: str
    ended: str | None
    documents_in: int
    waits_for: tuple[str, ...]
    released_by: str | None
    released_at: str | None
    about: Mapping[str, Any]
    summary: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A file of the inbox as it was when it was screened; ``path`` is relative to the inbox.

    ``whole`` says that it is placed as it is: all of its documents go to one place.
    """

    source: int
    path: str
    sha256: bytes
    size: int
    changed_ns: int
    whole: bool
    state: SourceState


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A fact that a decision lacks; for a line with its name and the service that it sells."""

    fact: str
    line: str | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What is kept of a document for whoever looks at a run as a whole, or at what is on hold.

    No name and no address: ``customer`` is the sender's own number for the recipient. ``ore`` is the payable
    amount in whole øre, positive for a credit note too. ``findings`` are rule ids with ``holds`` or
    ``unknown``.
    """

    invoice: str | None = None
    sender: str | None = None
    customer: str | None = None
    ore: int | None = None
    currency: str | None = None
    is_credit_note: bool = False
    issue_date: date | None = None
    due_date: date | None = None
    send_date: date | None = None
    findings: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[AskedFact, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document of a run. ``placed_as`` is its path within the outbox, None where it is put nowhere;
    ``first`` is the document that a duplicate repeats; ``spans`` is where it stands in its (unpacked) file.
    """

    document: int
    run: str
    source: int
    path: str
    position: int
    sha256: bytes
    destination: Destination
    channel: str | None
    placed_as: str | None
    first: int | None
    figures: Figures
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """Documents of a run that have all of this in common: how many, and what they amount to in whole øre (of
    credit notes, what is paid back).
    """

    sender: str | None
    destination: Destination
    channel: str | None
    currency: str | None
    is_credit_note: bool
    documents: int
    ore: int
