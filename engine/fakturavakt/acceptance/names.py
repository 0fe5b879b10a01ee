"""What scenarios call facts, rules and channels: their ids, or what people read in their place.

A name that could mean two things means none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text
from fakturavakt.vocabulary.facts import LINE_PREFIX

_LANGUAGES: Final = ("nb", "en")
_OF_A_LINE: Final = re.compile(r"(.+) \((?:linje|line) ([^()]+)\)")
_BRACKETS: Final = re.compile(r" \([^()]*\)$")


@cache
def shipped_book() -> RuleBook:
    """The rule book that scenarios are about, read once."""
    return load_rulebook()


def fact_path(written: str) -> str:
    """The path of a fact: written as one, or as its label.

    A label may leave out what it explains in brackets; that of a line's fact names the line behind it:
    ``om samtykke er gitt (linje 1)``. A path is taken as it stands.
    """
    found = _OF_A_LINE.fullmatch(written)
    label, line = (found[1], found[2]) if found else (written, None)
    name = _facts().get(label)
    if name is None:
        return written
    if name.startswith(LINE_PREFIX) != (line is not None):
        raise KeyError(f"“{written}” must name a line exactly where the fact is a line's")
    return name if line is None else f"line[{line}].{name.removeprefix(LINE_PREFIX)}"


def channel_name(written: str) -> str:
    """The name of a channel, written as that or as its title."""
    return _channels()[written]


def prohibition_id(written: str) -> str:
    """The id of a prohibition, written as that or as its title."""
    return _prohibitions()[written]


def advice_id(written: str) -> str:
    """The id of an advice, written as that or as its title."""
    return _advice()[written]


@cache
def _facts() -> Mapping[str, str]:
    labels = [(fact.name, fact.label) for fact in shipped_book().vocabulary]
    whole = _names(labels)
    short = {_BRACKETS.sub("", label): name for label, name in whole.items()}
    return {
        written: name
        for written, name in (short | whole).items()
        if written not in shipped_book().vocabulary
    }


@cache
def _channels() -> Mapping[str, str]:
    return _names((channel.name, channel.title) for channel in shipped_book().channels)


@cache
def _prohibitions() -> Mapping[str, str]:
    return _names((rule.id, rule.title) for rule in shipped_book().prohibitions)


@cache
def _advice() -> Mapping[str, str]:
    return _names((rule.id, rule.title) for rule in shipped_book().advice)


def _names(named: Iterable[tuple[str, Text]]) -> dict[str, str]:
    """Each id under itself and under its text in every language, but for texts that several share."""
    ids: dict[str, set[str]] = {}
    for identity, title in named:
        for written in (identity, *map(title.say, _LANGUAGES)):
            ids.setdefault(written, set()).add(identity)
    return {written: min(found) for written, found in ids.items() if len(found) == 1}
