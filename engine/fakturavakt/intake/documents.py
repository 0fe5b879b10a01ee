"""What intake hands on: a document as contract JSON, or the place and reason why there is none.

Every format (UBL, CSV, JSON) is brought to this one shape first, so that the forms of contract §1 are
read by one function, from :mod:`fakturavakt.intake.fact_reader`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fakturavakt.texts import Text
from fakturavakt.vocabulary.forms import Flaw

FIRST_READING: Final = "problems_of_first_reading"
"""The key under which ``fakturavakt facts`` keeps the flaws of another format. No program names one of its
own so: a stranger's ``problems`` are ignored like any key that the contract does not know.
"""


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """Whose decision it is: ``file`` as it was given (``-`` for standard input), and the position
    in that file, counted from 1 over documents, unreadable ones too.
    """

    file: str
    position: int


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A document as contract JSON (§1), its values not yet read.

    ``content`` holds ``None``, ``bool``, ``str``, ``JsonNumber``, ``list`` and ``dict`` only.
    ``flaws`` names facts that the format already knows to be bad, by path (``invoice.due_date``;
    facts of a line by the line's position, ``line[#2].amount``): whatever ``content`` says there,
    they are unknown. ``customer_number_if_registered`` is a customer number (BT-10 in UBL) that
    counts only where the evidence register knows it.
    """

    source: DocumentSource
    content: Mapping[str, object]
    flaws: Mapping[str, Flaw] = field(default_factory=dict)
    customer_number_if_registered: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that gets no decision. ``place`` is where in the file (``12:5``, ``/3/invoice``,
    or an element with its line); ``reason`` says what is wrong and what was expected, and repeats
    no value of the document.
    """

    source: DocumentSource
    place: str
    reason: Text
