"""The shapes of rule files: one declaration each, from which files are read and JSON Schemas made.

A shape reads a YAML node into a value, reports everything that does not fit and goes on (it then returns
None), and describes itself as JSON Schema. Own code rather than a validation library, for two reasons
(docs/decisions/0002-shapes.md): every value and every mistake needs its line and column, and start-up
is part of every screening of a single invoice.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from fakturavakt.problems import Place
from fakturavakt.rulebook.fact_words import YES_NO, known_fact, read_constant, read_scalar
from fakturavakt.rulebook.kinds import RULE_BOOK
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.yaml_nodes import ListNode, MapNode, Node, Scalar
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import LINES, Fact, FactType

JsonSchema = dict[str, Any]


class Shape(Protocol):
    """Reads one node; describes itself."""

    def read(self, node: Node, reading: Reading) -> Any:  # noqa: ANN401 (each shape has its own)
        """The value of ``node``, or None after a report."""
        ...

    def schema(self, reading: Reading) -> JsonSchema:
        """The same as JSON Schema (draft 2020-12)."""
        ...


@dataclass(frozen=True)
class Word:
    """A name: small letters, digits, ``-`` and ``_``, unless ``pattern`` says otherwise."""

    nb: str
    en: str
    pattern: str = r"[a-z][a-z0-9_-]*"
    mend: Text = field(
        default=text(
            "Bruk små bokstaver a–z, sifre, bindestrek og understrek.",
            "Use small letters a–z, digits, hyphens and underscores.",
        )
    )

    def read(self, node: Node, reading: Reading) -> str | None:
        word = read_scalar(node, reading, self.nb, self.en)
        if word is None or re.fullmatch(self.pattern, word):
            return word
        reading.report(
            node.place,
            "bad-name",
            text(f"«{word}» er ikke {self.nb}.", f"“{word}” is not {self.en}."),
            self.mend,
        )
        return None

    def schema(self, _reading: Reading) -> JsonSchema:
        return {"type": "string", "pattern": f"^{self.pattern}$"}


@dataclass(frozen=True)
class OneWordOf:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, reading: Reading) -> str | None:
        word = read_scalar(node, reading, "ett av ordene som gjelder her", "one of a few words")
        if word is None or word in self.words:
            return word
        reading.report(
            node.place,
            "unknown-word",
            text(f"«{word}» er ikke et ord som gjelder her.", f"“{word}” is not one of the words."),
            reading.did_you_mean(word, self.words),
        )
        return None

    def schema(self, _reading: Reading) -> JsonSchema:
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class FreeText:
    """A text in one language."""

    def read(self, node: Node, reading: Reading) -> str | None:
        return read_scalar(node, reading, "en tekst", "a text")

    def schema(self, _reading: Reading) -> JsonSchema:
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class PlainValue(FreeText):
    """A value whose type another key tells; kept as it was written."""

    def schema(self, _reading: Reading) -> JsonSchema:
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True)
class Texts:
    """One text in every language of the rule book; only ``placeholders`` may stand in braces."""

    placeholders: tuple[str, ...] = ()

    def read(self, node: Node, reading: Reading) -> Text | None:
        if not isinstance(node, MapNode):
            languages = ", ".join(reading.languages)
            reading.expected_kind(
                node, f"en tekst på hvert språk ({languages})", f"a text per language ({languages})"
            )
            return None
        wordings: dict[str, str] = {}
        for key, value in node.entries:
            if key.text not in reading.languages:
                if reading.excused(RULE_BOOK):
                    continue
                reading.report(
                    key.place,
                    "unknown-language",
                    text(
                        f"Regelboken har ikke språket «{key.text}».",
                        f"The rule book does not have the language “{key.text}”.",
                    ),
                    reading.did_you_mean(key.text, reading.languages),
                )
                continue
            wording = FreeText().read(value, reading)
            # A text that was reported is not reported again as missing.
            wordings[key.text] = wording or " "
            self._check_placeholders(wordings[key.text], value.place, reading)
        for language in reading.languages:
            if language not in wordings:
                reading.lacks_language(node.place, language)
        return Text(wordings)

    def _check_placeholders(self, wording: str, place: Place, reading: Reading) -> None:
        try:
            found = [part for part in string.Formatter().parse(wording) if part[1] is not None]
            if "{{" in wording or "}}" in wording:
                raise ValueError
        except ValueError:
            reading.report(
                place,
                "bad-braces",
                text(
                    "Krøllparentesene i teksten går ikke opp.",
                    "The braces in the text do not match.",
                ),
                text(
                    "De brukes bare om felt, som {missing}.",
                    "They are only for fields, such as {missing}.",
                ),
            )
            return
        for _, name, specification, conversion in found:
            if name in self.placeholders and not specification and not conversion:
                continue
            reading.report(
                place,
                "unknown-placeholder",
                text(
                    f"Teksten kan ikke vise «{{{name}}}» her.",
                    f"The text cannot show “{{{name}}}” here.",
                ),
                text(
                    "Her kan " + " og ".join(f"{{{p}}}" for p in self.placeholders) + " brukes.",
                    "Here " + " and ".join(f"{{{p}}}" for p in self.placeholders) + " can be used.",
                )
                if self.placeholders
                else text("Her kan ingen felt brukes.", "No fields can be used here."),
            )

    def schema(self, reading: Reading) -> JsonSchema:
        each: JsonSchema = {"type": "string", "minLength": 1}
        return {
            "type": "object",
            "properties": dict.fromkeys(reading.languages, each),
            "required": list(reading.languages),
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class TextsByWord:
    """A text in every language for each of some words; which words, another key tells."""

    def read(self, node: Node, reading: Reading) -> dict[str, tuple[Place, Text]] | None:
        if not isinstance(node, MapNode):
            reading.expected_kind(
                node, "ord med en tekst på hvert språk", "words, each with a text per language"
            )
            return None
        read = ((key, Texts().read(value, reading)) for key, value in node.entries)
        return {key.text: (key.place, said) for key, said in read if said is not None}

    def schema(self, reading: Reading) -> JsonSchema:
        return {
            "type": "object",
            "additionalProperties": Texts().schema(reading),
            "minProperties": 1,
        }


@dataclass(frozen=True)
class YesNo:
    """``yes`` or ``no`` (also ja/nei, true/false)."""

    def read(self, node: Node, reading: Reading) -> bool | None:
        word = read_scalar(node, reading, "ja eller nei", "yes or no")
        if word is None:
            return None
        value = YES_NO.get(word.lower())
        if value is None:
            reading.report(
                node.place,
                "bad-value",
                text(f"«{word}» er verken ja eller nei.", f"“{word}” is neither yes nor no."),
                text("Skriv yes eller no.", "Write yes or no."),
            )
        return value

    def schema(self, _reading: Reading) -> JsonSchema:
        return {"enum": [True, False, *YES_NO]}


@dataclass(frozen=True)
class Day:
    """A date, ``YYYY-MM-DD``."""

    def read(self, node: Node, reading: Reading) -> date | None:
        ordinal = read_constant(Fact("", FactType.DATE, Text({})), node, reading)
        return None if ordinal is None else date.fromordinal(int(ordinal))

    def schema(self, _reading: Reading) -> JsonSchema:
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@dataclass(frozen=True)
class Fee:
    """Kroner as whole øre, or ``unknown`` (None)."""

    def read(self, node: Node, reading: Reading) -> int | None:
        if isinstance(node, Scalar) and node.text == "unknown":
            return None
        ore = read_constant(Fact("", FactType.MONEY, Text({})), node, reading, also=("unknown",))
        return None if ore is None else int(ore)

    def schema(self, _reading: Reading) -> JsonSchema:
        return {"anyOf": [{"const": "unknown"}, {"type": "number"}]}


@dataclass(frozen=True)
class FactName:
    """The name of a fact of the vocabulary that has a value of its own."""

    def read(self, node: Node, reading: Reading) -> str | None:
        name = read_scalar(node, reading, "navnet på et faktum", "the name of a fact")
        if name is None:
            return None
        return name if known_fact(name, node.place, reading) else None

    def schema(self, reading: Reading) -> JsonSchema:
        return {"enum": [fact.name for fact in reading.vocabulary if fact.name != LINES]}


@dataclass(frozen=True)
class ListOf:
    """A list, each item of one shape."""

    item: Shape
    at_least: int = 1

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...] | None:
        if not isinstance(node, ListNode):
            reading.expected_kind(node, "en liste", "a list")
            return None
        if len(node.items) < self.at_least:
            reading.report(
                node.place,
                "empty-list",
                text("Listen er tom.", "The list is empty."),
                text("Den må ha minst ett ledd.", "It needs at least one item."),
            )
        found = [self.item.read(item, reading) for item in node.items]
        return tuple(value for value in found if value is not None)

    def schema(self, reading: Reading) -> JsonSchema:
        return {"type": "array", "items": self.item.schema(reading), "minItems": self.at_least}


@dataclass(frozen=True)
class OneOrMore:
    """One item, or a list of them: always read as several."""

    item: Shape

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...] | None:
        if isinstance(node, ListNode):
            return ListOf(self.item).read(node, reading)
        value = self.item.read(node, reading)
        return None if value is None else (value,)

    def schema(self, reading: Reading) -> JsonSchema:
        return {"anyOf": [self.item.schema(reading), ListOf(self.item).schema(reading)]}


@dataclass(frozen=True)
class Read:
    """What a :class:`Record` was read into: values by key, and the places of keys and values.

    A key that was wrong is there with the value None: it has been reported.
    """

    place: Place
    values: Mapping[str, Any]
    places: Mapping[str, Place]
    value_places: Mapping[str, Place]

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 (each key has its own type)
        return self.values.get(key)


@dataclass(frozen=True)
class Record:
    """Keys with values; every key not in ``optional`` must be there. ``notes`` say what is easily
    got wrong about a key.
    """

    title: str
    keys: Mapping[str, Shape]
    optional: frozenset[str] = field(default_factory=frozenset)
    notes: Mapping[str, Text] = field(default_factory=dict)

    def read(self, node: Node, reading: Reading) -> Read | None:
        if not isinstance(node, MapNode):
            names = ", ".join(self.keys)
            reading.expected_kind(node, f"nøkler ({names})", f"keys ({names})")
            return None
        values: dict[str, Any] = {}
        places: dict[str, Place] = {}
        value_places: dict[str, Place] = {}
        for key, value in node.entries:
            name: str | None = key.text
            if name not in self.keys:
                # A key that was only misspelt is one mistake, not two, and its value is read too.
                free = [each for each in self.keys if not node.get(each) and each not in places]
                name = self._meant(key, free, reading)
            if name is not None:
                places[name] = key.place
                value_places[name] = value.place
                values[name] = self.keys[name].read(value, reading)
        for name in self.keys:
            if name not in self.optional and name not in places:
                reading.report(
                    node.place,
                    "missing-key",
                    text(f"Nøkkelen «{name}» mangler.", f"The key “{name}” is missing."),
                    text(f"Legg til «{name}: …».", f"Add “{name}: …”."),
                )
        return Read(node.place, values, places, value_places)

    def _meant(self, key: Scalar, free: list[str], reading: Reading) -> str | None:
        """Report an unknown key; which of the ``free`` keys, that have no value, it was meant to be."""
        meant = reading.meant(key.text, free)
        there = None if meant else reading.meant(key.text, [*self.keys])
        if meant is not None:
            expected: Text = reading.perhaps(key.text, meant, free, self.notes.get(meant))
        elif there is not None:
            expected = text(
                f"«{there}» står her allerede; behold bare den.",
                f"“{there}” is here already; keep only that.",
            )
        elif free:
            listed = ", ".join(free)
            expected = text(
                f"Ta den bort, eller bruk en av {listed}.", f"Remove it, or use one of {listed}."
            )
        else:
            expected = text("Ta den bort; alle nøkler er her.", "Remove it; all keys are here.")
        reading.report(
            key.place,
            "unknown-key",
            text(f"Ukjent nøkkel «{key.text}».", f"Unknown key “{key.text}”."),
            expected,
        )
        return meant

    def schema(self, reading: Reading) -> JsonSchema:
        return {
            "title": self.title,
            "type": "object",
            "properties": {key: shape.schema(reading) for key, shape in self.keys.items()},
            "required": [key for key in self.keys if key not in self.optional],
            "additionalProperties": False,
        }
