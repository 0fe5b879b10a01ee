"""Names for places on a page, made of what stands there: readable, and the same from run to run."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count
from typing import Final

_NORWEGIAN: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss"})
_LENGTH_MAX: Final = 70


def slug(name: str) -> str:
    """``Ny ytelse, på 5 kr`` as ``ny-ytelse-paa-5-kr``; of a long name the beginning."""
    plain = unicodedata.normalize("NFC", name).casefold().translate(_NORWEGIAN)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) <= _LENGTH_MAX:
        return words
    return words[:_LENGTH_MAX].rpartition("-")[0] or words[:_LENGTH_MAX]


class Anchors:
    """Gives each place a name of its own: what would be there twice gets a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, *parts: str) -> str:
        """``give("scenario", "raad", "En rabatt")`` is ``scenario-raad-en-rabatt``."""
        return self.unique("-".join(filter(None, map(slug, parts))))

    def unique(self, first: str) -> str:
        """``first`` itself, or with a number."""
        found = next(each for each in _numbered(first) if each not in self._taken)
        self._taken.add(found)
        return found


def _numbered(first: str) -> Iterator[str]:
    yield first
    yield from (f"{first}-{n}" for n in count(2))
