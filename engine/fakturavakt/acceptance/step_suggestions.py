"""The step definitions that a text comes near to, filled the way an example would be."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fakturavakt.acceptance.known_steps import KnownStep
from fakturavakt.acceptance.nearest_steps import nearest_steps
from fakturavakt.acceptance.sentences import FIELDS
from fakturavakt.acceptance.step_definitions import StepDefinition
from fakturavakt.texts import ENGLISH, NORWEGIAN

_NEAR: Final = 0.6
_FIELD: Final = re.compile(r"\{(\w*)(?::(\w+))?[^{}]*\}|\(\?P<(\w+)>[^()]*\)")
_VALUE: Final = re.compile(r"«[^»]*»|“[^”]*”|<[^<>]*>|\b\d[\d.,\s]*")
_LANGUAGE_OF: Final = {"no": NORWEGIAN, "en": ENGLISH}
"""By Gherkin's codes."""


@dataclass(frozen=True, slots=True)
class _Known:
    definition: KnownStep
    text: str
    plain: str
    language: str | None


class Suggestions:
    """The texts of all definitions, to be compared with what somebody wrote."""

    def __init__(self, definitions: Sequence[KnownStep]) -> None:
        self._known = [each for definition in definitions for each in _known(definition)]

    def resembles(self, said: str, at_least: float) -> bool:
        """Whether some definition, of whatever kind, has a text so near."""
        plain = _plain(said)
        return any(_alike(plain, each.plain) >= at_least for each in self._known if each.plain)

    def nearest(self, said: str, kind: str, language: str) -> list[str]:
        """Up to three texts of a kind, nearest first: a user's own, and those that ship with what was said in
        them, in the language of the feature.
        """
        plain = _plain(said)
        own = _LANGUAGE_OF.get(language, ENGLISH)
        scored = [
            (max(_alike(plain, each.plain), _found_in(plain, each.plain)), each)
            for each in self._known
            if each.definition.kind not in {"given", "when", "then"} - {kind}
            and each.language is None
        ]
        best = max((score for score, _ in scored), default=0.0)
        close = [pair for pair in scored if pair[0] >= max(_NEAR, best * 0.8)]
        close.sort(key=lambda pair: -pair[0])
        users = [_filled(each, own) for _, each in close]
        shipped = nearest_steps(said, kind, own)  # type: ignore[arg-type]
        return list(dict.fromkeys((*users, *shipped)))[:3]


def _known(definition: KnownStep) -> list[_Known]:
    """The texts of a definition; those that ship say which language they are in."""
    if isinstance(definition, StepDefinition):
        languages: tuple[str | None, ...] = (NORWEGIAN, ENGLISH)
    else:
        languages = (None,)
    return [
        _Known(definition, each, _plain(_FIELD.sub("", each)), language)
        for language in languages
        for each in (
            definition.said_in(language)
            if isinstance(definition, StepDefinition) and language
            else definition.texts
        )
    ]


def _alike(one: str, other: str) -> float:
    """How near two texts are, from 0 to 1; the order of words, which Norwegian changes, counts little."""
    in_order = difflib.SequenceMatcher(None, one, other)
    if in_order.real_quick_ratio() < _NEAR:
        return 0.0
    by_word = difflib.SequenceMatcher(None, _sorted_words(one), _sorted_words(other))
    return max(in_order.ratio(), by_word.ratio() * 0.95)


def _found_in(said: str, text: str) -> float:
    """How much of a text stands in what was said, around values that have no quotation marks."""
    if len(text) < 10 or len(said) < len(text):
        return 0.0
    blocks = difflib.SequenceMatcher(None, said, text).get_matching_blocks()
    return 0.8 * sum(each.size for each in blocks if each.size > 1) / len(text)


def _sorted_words(said: str) -> str:
    return " ".join(sorted(said.split()))


def _plain(said: str) -> str:
    """A text without its values, which say nothing of which step is meant."""
    return " ".join(_VALUE.sub(" ", said).casefold().replace("«»", " ").replace("“”", " ").split())


def _filled(known: _Known, language: str) -> str:
    """A text with an example in each field; where that is not known, as its definition has it."""

    def example(found: re.Match[str]) -> str:
        field = FIELDS.get(found[2] or "Any")
        return field.examples[language] if field else "1"

    said = _FIELD.sub(example, known.text)
    return said if known.definition.matches(said) else known.text
