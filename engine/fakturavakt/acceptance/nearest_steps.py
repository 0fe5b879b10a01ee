"""The steps that somebody came near to, filled in with what was said.

Words of a step and of what was said are laid beside one another at the least cost; what falls on a field is
its value, written as the step takes it. Both languages are tried: who knows a step in English is given the
Norwegian one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from fakturavakt.acceptance.known_steps import shipped_steps
from fakturavakt.acceptance.meant_values import MeantValues
from fakturavakt.acceptance.sentences import Sentence, in_use, quoted
from fakturavakt.acceptance.step_definitions import DEFINITIONS, Kind, StepDefinition
from fakturavakt.texts import ENGLISH, OWN_LANGUAGES

_NEAR: Final = 0.55
_NEAR_BY_NAME: Final = 0.28
"""Where a fact, a rule or a channel was named, few words need be right."""
_BESIDE_THE_BEST: Final = 0.85
_OTHER_LANGUAGE: Final = 0.95
_FIELD: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")
_SMALL: Final = 3
"""Letters of words that say little of which step is meant."""
_NAMES: Final = {"Fact", "Statement", "Channel", "Prohibition", "Advice"}
_OF_WHAT_IS_KNOWN: Final = {"mangler": "ukjent", "missing": "unknown"}
"""What comes out is missing; what is not known is unknown."""
_NUMBERS: Final = {"Day", "Amount", "Count", "List"}
_NO_VALUE_MAX: Final = 3
"""Words that may stand where a day or a number should: «i dag»."""
_FIELD_WORDS: Final = 14
_LOOKED_AT: Final = 14
"""Sentences that are laid beside what was said, word by word; the others have hardly a word of it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A word of a sentence, or a field of it (``kind``); ``quoted`` where quotation marks stand around it."""

    word: str
    name: str = ""
    kind: str = ""
    quoted: bool = False

    @property
    def weight(self) -> float:
        return 1.0 if self.kind or len(self.word) > _SMALL else 0.4


def nearest_steps(said: str, kind: Kind, language: str, limit: int = 3) -> tuple[str, ...]:
    """Steps of a kind that are near to what was said, nearest first, in a language (``nb`` or ``en``)."""
    shipped_steps()
    own = language if language in OWN_LANGUAGES else ENGLISH
    values = MeantValues(in_use.names, own)
    words = tuple(said.split())
    if kind == "given":
        words = tuple(_OF_WHAT_IS_KNOWN.get(word, word) for word in words)
    candidates = [
        (definition, each, parts_of(each))
        for definition in DEFINITIONS
        if definition.kind == kind
        for each in OWN_LANGUAGES
        for each in definition.said_in(each)
    ]
    candidates.sort(key=lambda each: -_in_common(each[2], words))
    best: dict[str, tuple[float, str]] = {}
    for definition, sentence, parts in candidates[:_LOOKED_AT]:
        aligned = _Alignment(parts, words, values)
        score = aligned.score
        said_of = aligned.values
        if {"fact", "value"} <= said_of.keys() and not values.is_value_of(
            said_of["fact"], said_of["value"]
        ):
            continue
        named = any(part.kind in _NAMES and part.name in said_of for part in parts)
        if score < (_NEAR_BY_NAME if named else _NEAR):
            continue
        if sentence not in definition.said_in(own):
            score *= _OTHER_LANGUAGE
        # Of one step the sentence that is nearest: three ways to say the same would be no choice.
        if score > best.get(definition.texts[0], (0.0, ""))[0]:
            step = _filled(definition, sentence, said_of, own)
            best[definition.texts[0]] = (score, step)
    at_least = _BESIDE_THE_BEST * max((score for score, _ in best.values()), default=0)
    ranked = sorted(best.values(), key=lambda each: -each[0])
    return tuple(dict.fromkeys(step for score, step in ranked if score >= at_least))[:limit]


def parts_of(sentence: str) -> tuple[_Part, ...]:
    """The words and fields of a sentence."""
    parts = []
    for word in sentence.split():
        field = _FIELD.search(word)
        if field is None:
            parts.append(_Part(_folded(word)))
        else:
            parts.append(_Part("", field[1], field[2] or "Any", word[0] in "«“"))
    return tuple(parts)


def _in_common(parts: Sequence[_Part], words: Sequence[str]) -> float:
    """How much of a sentence was said, in whatever order; one that is all field is always worth a look."""
    own = [part for part in parts if not part.kind]
    total = sum(part.weight for part in own)
    if total <= 1:
        return 1.0
    folded = [_folded(word) for word in words]
    said = sum(
        part.weight * max((_alike(part.word, each) for each in folded), default=0.0) for part in own
    )
    return said / total


class _Alignment:
    """A sentence laid beside what was said: how near they are, and what stands in its fields."""

    def __init__(
        self, parts: tuple[_Part, ...], words: tuple[str, ...], values: MeantValues
    ) -> None:
        self._parts: Final = parts
        self._words: Final = words
        self._folded: Final = tuple(map(_folded, words))
        self._meant: Final = values.meant
        self._cost: Final = cache(self._least)
        cost = self._cost(0, 0)[0]
        weight = max(
            sum(part.weight for part in parts),
            sum(1.0 if len(word) > _SMALL else 0.4 for word in words),
        )
        self.score: Final = max(1 - cost / max(weight, 1.0), self._in_any_order())
        self.values: Final = dict(self._found())

    def _least(self, at: int, word: int) -> tuple[float, int]:
        """What the rest costs from a part and a word on; and how many words the part takes, -1 for none that
        it takes over.
        """
        left = self._words[word:]
        if at == len(self._parts):
            return sum(0.7 if len(each) > _SMALL else 0.35 for each in left), 0
        part = self._parts[at]
        ways = [(self._cost(at + 1, word)[0] + part.weight * 0.9, 0)]
        if left:
            said = 0.7 if len(left[0]) > _SMALL else 0.35
            ways.append((self._cost(at, word + 1)[0] + said, -1))
            if part.kind:
                ways += self._field_ways(at, word, part)
            else:
                unlike = 1 - _alike(part.word, self._folded[word])
                ways.append((self._cost(at + 1, word + 1)[0] + 1.7 * part.weight * unlike, 1))
        return min(ways)

    def _field_ways(self, at: int, word: int, part: _Part) -> Iterator[tuple[float, int]]:
        for count in range(1, min(_FIELD_WORDS, len(self._words) - word) + 1):
            said = " ".join(self._words[word : word + count])
            fits = self._fit(part.kind, said)
            if fits is None:
                continue
            yield self._cost(at + 1, word + count)[0] + fits, count

    def _fit(self, kind: str, said: str) -> float | None:
        """What it costs to take this for a value: little, and the less the nearer; a few words that are none
        may stand in its place.
        """
        if kind == "Any":
            in_quotes = said[0] in "«“\"'" and said.rstrip(".,")[-1] in "»”\"'"
            return 0.1 if in_quotes else 0.4 + 0.3 * said.count(" ")
        meant = self._meant(kind, said)
        if meant is None:
            words = said.count(" ") + 1
            return 0.6 + 0.1 * words if kind in _NUMBERS and words <= _NO_VALUE_MAX else None
        if kind == "Value":
            return 0.15 + 0.2 * said.count(" ")
        return 0.5 * (1 - _alike(_folded(meant), _folded(said)))

    def _found(self) -> Iterator[tuple[str, str]]:
        """The values on the cheapest way."""
        at = word = 0
        while at < len(self._parts):
            count = self._cost(at, word)[1]
            part = self._parts[at]
            if count < 0:
                word += 1
                continue
            if part.kind and count:
                said = " ".join(self._words[word : word + count])
                meant = (
                    said.strip("«»“”\"'.,") if part.kind == "Any" else self._meant(part.kind, said)
                )
                if meant:
                    yield part.name, meant
            at, word = at + 1, word + count

    def _in_any_order(self) -> float:
        """The words of a sentence without fields may have come in another order."""
        if any(part.kind for part in self._parts):
            return 0.0
        own = " ".join(sorted(part.word for part in self._parts))
        return 0.95 * difflib.SequenceMatcher(None, own, " ".join(sorted(self._folded))).ratio()


def _filled(
    definition: StepDefinition, sentence: str, values: Mapping[str, str], language: str
) -> str:
    """The step in a language: with what was said, as far as the step takes it; else with examples."""
    own = definition.said_in(language)
    same = [sentence] if sentence in own else list(own)
    if not quoted(values.get("rule", "«»")):
        # What a prohibition forbids follows «mot»; its title in quotation marks does not.
        same = [
            each for each in own if each == sentence.replace("forbudet {", "forbudet mot {")
        ] + same
    for said in (Sentence(each).example(language, **values) for each in same):
        if definition.matches(said):
            return said
    return Sentence(same[0]).example(language)


@cache
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    matcher = difflib.SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.real_quick_ratio() > 0.5 else 0.0


def _folded(word: str) -> str:
    return word.strip("«»“”\"',.:;!?()").casefold()
