"""Where a document can end, and the name that it gets there.

Names stay as they came, whatever subfolder of the inbox they came from: who collects invoices from the
outbox looks in one folder a channel. A name that is taken in its folder, also by one that differs in case
only, or that is too long for what stands beside it, gets a part of the content's hash.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from fakturavakt.decision import Verdict


class Destination(StrEnum):
    """What becomes of a document in a run, by the name of its folder.

    ``not-placed`` has no folder: the document stayed where it was, and the run says why.
    """

    SEND = "send"
    BLOCK = "block"
    HOLD = "hold"
    OUT_OF_SCOPE = "out-of-scope"
    UNREADABLE = "unreadable"
    DUPLICATE = "duplicate"
    NOT_PLACED = "not-placed"


OF_VERDICT: Final = {
    Verdict.SEND: Destination.SEND,
    Verdict.BLOCK: Destination.BLOCK,
    Verdict.HOLD: Destination.HOLD,
    Verdict.OUT_OF_SCOPE: Destination.OUT_OF_SCOPE,
}
PLACES: Final = tuple(each for each in Destination if each is not Destination.NOT_PLACED)

DECISION: Final = ".decision.json"
"""What is added to a document's name for what was decided about it: one line, as ``screen`` prints it."""
DECISIONS: Final = ".decisions.ndjson"
"""The same where the source has several documents: a line a document, in their order."""
NAME_MAX: Final = 255
"""Bytes of a name, on nearly every file system."""
_HASH_SHOWN: Final = 8


def folder_of(destination: Destination, channel: str | None) -> str:
    """The folder within the outbox: ``send/efaktura``, ``block``."""
    return f"{destination}/{channel}" if destination is Destination.SEND else str(destination)


class TakenNames(Protocol):
    """The names that are taken in the outbox, folder by folder."""

    def take(self, keys: Iterable[str]) -> bool:
        """Take all of the keys; False, and none taken, where one is taken already."""
        ...


def name_in(
    folder: str, wanted: str, beside: tuple[str, ...], hash_: str, taken: TakenNames
) -> str:
    """A name that is free in the folder, also with each of ``beside`` behind it; all of them are then
    taken.
    """
    for name in _names(wanted, max(beside, key=len), hash_):
        if taken.take(key_of(folder, each) for each in (name, *(name + end for end in beside))):
            return name
    raise AssertionError  # the names never end


def key_of(folder: str, name: str) -> str:
    """What two names have in common that some file system or other takes for the same."""
    return f"{folder}/{unicodedata.normalize('NFC', unicodedata.normalize('NFC', name).casefold())}"


def _names(wanted: str, beside: str, hash_: str) -> Iterator[str]:
    if len(os.fsencode(wanted + beside)) <= NAME_MAX:
        yield wanted
    stem, ending = _split(wanted)
    for n in range(_HASH_SHOWN, len(hash_) + 1, _HASH_SHOWN):
        yield _fitted(stem, f"~{hash_[:n]}{ending}", beside)
    n = 2
    while True:  # the same bytes under the same name, and each is a document by itself
        yield _fitted(stem, f"~{hash_[:_HASH_SHOWN]}-{n}{ending}", beside)
        n += 1


def _split(name: str) -> tuple[str, str]:
    """``a.ndjson.gz`` as ``a`` and ``.ndjson.gz``."""
    path = Path(name)
    ending = path.suffix
    if ending.lower() == ".gz":
        ending = path.with_suffix("").suffix + ending
    return name.removesuffix(ending), ending


def _fitted(stem: str, rest: str, beside: str) -> str:
    """The stem cut so that all of it fits, between characters."""
    while stem and len(os.fsencode(stem + rest + beside)) > NAME_MAX:
        stem = stem[:-1]
    return stem + rest
