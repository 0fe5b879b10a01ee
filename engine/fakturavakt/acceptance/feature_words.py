"""Gherkin's keywords in Norwegian and English, and which of them a line was meant to begin with."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

from gherkin.dialect import DIALECTS

from fakturavakt.problems import one_slip

_LANGUAGES: Final = ("no", "en")
_TITLES: Final = ("feature", "rule", "background", "scenario", "scenarioOutline", "examples")
_STEPS: Final = ("given", "when", "then", "and", "but")
_LONGEST_TITLE: Final = 25
"""No keyword before a colon is longer, slips included; what is longer is prose."""


@cache
def _keywords(*kinds: str) -> tuple[str, ...]:
    found = [
        word.strip()
        for language in _LANGUAGES
        for kind in kinds
        for word in DIALECTS[language][kind]  # type: ignore[literal-required]
    ]
    return tuple(dict.fromkeys(word for word in found if word != "*"))


def folded(word: str) -> str:
    """A word without case, accents and what cannot be seen: ``NÅR``, ``Nar`` and ``naar`` are one."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    seen = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))
    return seen.replace("aa", "a")


def _near(word: str, keywords: Iterable[str]) -> str | None:
    """The keyword that is the same but for case and accents, or, if it is long enough, a slip away."""
    plain = folded(word)
    for keyword in keywords:
        if plain == folded(keyword):
            return keyword
    for keyword in keywords:
        target = folded(keyword)
        if len(target) > 4 and one_slip(plain, target):  # «Rule» is a slip away from too many words
            return keyword
    return None


def meant_keyword(line: str, *kinds: str) -> str | None:
    """The keyword that a line begins with, or was meant to: a title's before its colon, a step's alone."""
    return meant_title(line, *kinds) or (None if kinds else meant_step_word(line)[0])


def meant_title(line: str, *kinds: str) -> str | None:
    """``Bakgrunn`` for ``bakgrun:``; None where no word stands before a colon, or one far from all."""
    before, colon, _ = line.partition(":")
    if not colon or len(before) > _LONGEST_TITLE:
        return None
    keywords = _keywords(*(kinds or _TITLES))
    before = " ".join(before.split())
    found = _near(before, keywords)
    if found is None and len(before) > 4:
        by_fold = {folded(keyword): keyword for keyword in keywords if len(keyword) > 4}
        close = difflib.get_close_matches(folded(before), by_fold, n=1, cutoff=0.85)
        # «Bakgrunnen» and «Egenskaper» are words of their own, no slips.
        if close and not folded(before).startswith(close[0]):
            found = by_fold[close[0]]
    return found


def meant_step_word(line: str) -> tuple[str | None, bool, str]:
    """The keyword of a step that a line begins with, whether it is surely that one, and the rest.

    Sure is what is wrong in case or accents only, or has a colon behind it; else it is a slip away.
    """
    parts = line.split(maxsplit=1)
    if not parts:
        return None, False, ""
    word, rest = parts[0], parts[1] if len(parts) > 1 else ""
    bare = re.sub(r"\W+$", "", word)
    for keyword in _keywords(*_STEPS):
        if folded(bare) == folded(keyword):
            return keyword, True, rest
    for keyword in _keywords(*_STEPS):
        if len(bare) > 2 and one_slip(folded(bare), folded(keyword)):
            return keyword, False, rest
    return None, False, rest


def is_conjunction(keyword: str) -> bool:
    """Whether a step's keyword names no kind (``Og``, ``Men``)."""
    return keyword in _keywords("and", "but")


def kind_of_word(keyword: str) -> str | None:
    """``given`` for ``Gitt``; None for a conjunction."""
    for kind in ("given", "when", "then"):
        if keyword in _keywords(kind):
            return kind
    return None
