"""YAML to nodes that keep their place, hardened against files that mean harm or only look harmless.

A scalar stays the text that was written: what ``NO``, ``10:30`` or ``1.10`` is, the fact's type says
later. The tree is built from the parser's events, so that depth and aliases are refused before anything
is built (the C composer ends in a segmentation fault on 100,000 nested brackets).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import yaml

from fakturavakt.problems import Place, Problem
from fakturavakt.texts import text

FILE_SIZE_MAX: Final = 1_000_000
"""Bytes. The largest rule file that ships has 15,000."""
DEPTH_MAX: Final = 64

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as it was written. ``quoted`` tells ``"no"`` from ``no``."""

    place: Place
    text: str
    quoted: bool

    @property
    def empty(self) -> bool:
        """Whether nothing, ``~`` or ``null`` was written."""
        return not self.quoted and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class ListNode:
    """A YAML sequence."""

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    """A YAML mapping; keys are scalars and stand once."""

    place: Place
    entries: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        """The value of ``key``, if it is there."""
        return next((value for name, value in self.entries if name.text == key), None)


Node: TypeAlias = Scalar | ListNode | MapNode


def read_yaml(data: bytes, file: str) -> tuple[list[Node], list[Problem]]:
    """All YAML documents of a file, and all that is wrong with it as YAML.

    Where the syntax itself is broken, the documents before the break are returned too.
    """
    start = Place(file, 1, 1)
    if len(data) > FILE_SIZE_MAX:
        return [], [
            Problem(
                start,
                "too-large",
                text(
                    "Filen er for stor for en regelfil.", "The file is too large for a rule file."
                ),
                text(
                    f"Største størrelse er {FILE_SIZE_MAX:,} byte.".replace(",", " "),
                    f"At most {FILE_SIZE_MAX:,} bytes are read.",
                ),
            )
        ]
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        return [], [
            Problem(
                Place(file, line, column),
                "not-text",
                text("Filen er ikke tekst i UTF-8.", "The file is not text in UTF-8."),
                text("Lagre den som UTF-8.", "Save it as UTF-8."),
            )
        ]
    builder = _Builder(file)
    documents: list[Node] = []
    try:
        documents.extend(builder.documents(yaml.parse(content, Loader=_Loader)))
    except _TooDeepError as error:
        builder.problems.append(
            Problem(
                error.place,
                "too-deep",
                text("Innholdet er nøstet for dypt.", "The content is nested too deeply."),
                text(f"Høyst {DEPTH_MAX} nivåer.", f"At most {DEPTH_MAX} levels."),
            )
        )
    except yaml.YAMLError as error:
        builder.problems.append(_syntax_problem(error, file, content))
    return documents, builder.problems


class _TooDeepError(Exception):
    def __init__(self, place: Place) -> None:
        self.place = place


class _Builder:
    """Builds nodes from events, collecting what is wrong on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def documents(self, events: Iterator[yaml.Event]) -> Iterator[Node]:
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                yield self._node(event, events, depth=1)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None  # the parser gives every event its place
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        place = self._place(event)
        if depth > DEPTH_MAX:
            raise _TooDeepError(place)
        if isinstance(event, yaml.AliasEvent):
            self._refuse_alias(place)
            return Scalar(place, "", quoted=False)
        assert isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent))
        if event.anchor is not None:
            self._refuse_alias(place)
        if event.tag is not None:
            self.problems.append(
                Problem(
                    place,
                    "tag",
                    text(
                        "YAML-merker (!) kan ikke brukes her.", "YAML tags (!) cannot be used here."
                    ),
                    text("Skriv verdien uten merke.", "Write the value without a tag."),
                )
            )
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(place, event.value, quoted=event.style is not None)
        if isinstance(event, yaml.SequenceStartEvent):
            return ListNode(place, tuple(self._children(events, yaml.SequenceEndEvent, depth)))
        children = list(self._children(events, yaml.MappingEndEvent, depth))
        return MapNode(place, tuple(self._entries(children)))

    def _children(
        self, events: Iterator[yaml.Event], end: type[yaml.Event], depth: int
    ) -> Iterator[Node]:
        for event in events:
            if isinstance(event, end):
                return
            yield self._node(event, events, depth + 1)

    def _entries(self, children: list[Node]) -> Iterator[tuple[Scalar, Node]]:
        first_places: dict[str, Place] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.problems.append(
                    Problem(
                        key.place,
                        "key-not-text",
                        text("En nøkkel må være ett ord.", "A key must be a single word."),
                    )
                )
            elif (first := first_places.get(key.text)) is not None:
                self.problems.append(
                    Problem(
                        key.place,
                        "duplicate-key",
                        text(
                            f"Nøkkelen «{key.text}» står to ganger; første gang på linje "
                            f"{first.line}, kolonne {first.column}.",
                            f"The key “{key.text}” stands twice; first on line {first.line}, "
                            f"column {first.column}.",
                        ),
                        text("Behold bare én av dem.", "Keep only one of them."),
                    )
                )
            else:
                first_places[key.text] = key.place
                yield key, value

    def _refuse_alias(self, place: Place) -> None:
        self.problems.append(
            Problem(
                place,
                "alias",
                text(
                    "YAML-ankere (&) og -referanser (*) kan ikke brukes her.",
                    "YAML anchors (&) and aliases (*) cannot be used here.",
                ),
                text(
                    "Lag en definisjon under definitions/ for det som skal brukes flere steder; "
                    "sett anførselstegn om en tekst som begynner med * eller &.",
                    "Make a definition under definitions/ for what is used in several places; "
                    "put quotes round a text that begins with * or &.",
                ),
            )
        )


def _syntax_problem(error: yaml.YAMLError, file: str, content: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        place = Place(file, mark.line + 1, mark.column + 1)
    else:
        position = min(getattr(error, "position", 0) or 0, len(content))
        line = content.count("\n", 0, position) + 1
        place = Place(file, line, position - content.rfind("\n", 0, position))
    detail = getattr(error, "problem", None) or getattr(error, "reason", None) or "invalid YAML"
    return Problem(
        place,
        "yaml-syntax",
        text(f"Filen er ikke gyldig YAML ({detail}).", f"The file is not valid YAML ({detail})."),
        text(
            "Se etter innrykk, kolon og anførselstegn på denne linjen og den foran.",
            "Look at indentation, colons and quotes on this line and the one before it.",
        ),
    )
