"""YAML to nodes that keep their place, hardened against files that mean harm or only look harmless.

A scalar stays the text that was written: what ``NO``, ``10:30`` or ``1.10`` is, the fact's type says
later. The tree is built from the parser's events, so that depth and aliases are refused before anything
is built (the C composer ends in a segmentation fault on 100,000 nested brackets).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import yaml

from fakturavakt.problems import Place, Problem
from fakturavakt.texts import Text, text

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
    _values: Mapping[str, Node] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_values", {key.text: value for key, value in self.entries})

    def get(self, key: str) -> Node | None:
        """The value of ``key``, if it is there."""
        return self._values.get(key)


Node: TypeAlias = Scalar | ListNode | MapNode


def read_yaml(data: bytes, file: str) -> tuple[list[Node], list[Problem]]:
    """All YAML documents of a file, and all that is wrong with it as YAML.

    Where the syntax itself is broken, the documents before the break are returned too.
    """
    if len(data) > FILE_SIZE_MAX:
        return [], [too_large(file)]
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


def too_large(file: str) -> Problem:
    """A file of more bytes than any rule file has."""
    return Problem(
        Place(file, 1, 1),
        "too-large",
        text("Filen er for stor for en regelfil.", "The file is too large for a rule file."),
        text(
            f"Største størrelse er {FILE_SIZE_MAX:,} byte.".replace(",", " "),
            f"At most {FILE_SIZE_MAX:,} bytes are read.",
        ),
    )


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
            # Most often a word with a wild card: read as what was written, it is one mistake.
            return Scalar(place, f"*{event.anchor}", quoted=True)
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
            # libyaml calls a plain scalar's style "", PyYAML's own parser None.
            return Scalar(place, event.value, quoted=event.style not in (None, ""))
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


_NUMBERED_LINE: Final = re.compile(r"[{\[,]\s*(line\[[0-9]+\][a-z0-9_.]*)")


def _syntax_problem(error: yaml.YAMLError, file: str, content: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        place = Place(file, mark.line + 1, mark.column + 1)
    else:
        position = min(getattr(error, "position", 0) or 0, len(content))
        line = content.count("\n", 0, position) + 1
        place = Place(file, line, position - content.rfind("\n", 0, position))
    detail = getattr(error, "problem", None) or getattr(error, "reason", None) or ""
    lines = content.splitlines()
    written = lines[place.line - 1] if place.line <= len(lines) else ""
    wrong, mend = _explained_syntax(detail, written, place.column)
    return Problem(
        place,
        "yaml-syntax",
        wrong,
        text(
            f"{mend.say('nb')} Resten av filen er ikke kontrollert.",
            f"{mend.say('en')} The rest of the file has not been checked.",
        ),
    )


def _explained_syntax(detail: str, written: str, column: int) -> tuple[Text, Text]:
    """What is wrong with the line that is ``written`` and how to mend it, by the parser's reason."""
    here = written[column - 1 : column]
    indentation = written[: len(written) - len(written.lstrip())]
    if "\t" in here + indentation:
        return (
            text("Linjen har tabulator.", "The line has a tab."),
            text("Bruk mellomrom.", "Use spaces."),
        )
    if "expected ',' or" in detail and (found := _NUMBERED_LINE.search(written)):
        path = found[1]
        return (
            text(
                f"«{path}» kan ikke stå inne i klammer uten anførselstegn.",
                f"“{path}” cannot stand inside brackets without quotes.",
            ),
            text(
                f'Skriv det på en egen linje, eller som "{path}".',
                f'Write it on a line of its own, or as "{path}".',
            ),
        )
    if "alphabetic or numeric" in detail and (found := _STAR_WORD.search(written)):
        sign, word = found[1][0], found[1]
        return (
            text(
                f"Et ord som begynner med {sign} må ha anførselstegn.",
                f"A word that begins with {sign} needs quotes.",
            ),
            text(f'Skriv "{word}".', f'Write "{word}".'),
        )
    if "mapping values" in detail and _COLON.search(written[: column - 1]):
        return (
            text("Det står to kolon på linjen.", "There are two colons on the line."),
            text("Sett teksten i anførselstegn.", "Put the text in quotes."),
        )
    for reason, wrong, mend in _SYNTAX:
        if reason in detail:
            return wrong.filled(here=here), mend.filled(here=here)
    return (
        text("Filen er ikke gyldig YAML.", "The file is not valid YAML."),
        text(
            "Se etter innrykk, kolon og anførselstegn på denne linjen og den foran.",
            "Look at indentation, colons and quotes on this line and the one before it.",
        ),
    )


_COLON: Final = re.compile(r":\s")
_STAR_WORD: Final = re.compile(r"(?:^|[\s:,\[{-])([*&][^\s,\]}]*)")
_OUT_OF_PLACE = text(
    "Innrykket passer ikke, eller det står noe etter et anførselstegn.",
    "The indentation does not fit, or something follows a quote.",
)
_ALIGN = text(
    "La nøkler som hører sammen, begynne i samme kolonne; sett hele teksten i anførselstegn.",
    "Let keys that belong together begin in one column; put the whole text in quotes.",
)
_SYNTAX: Final[tuple[tuple[str, Text, Text], ...]] = (
    (
        "cannot start any token",
        text("«{here}» kan ikke stå først i en verdi.", "“{here}” cannot begin a value."),
        text("Sett verdien i anførselstegn.", "Put the value in quotes."),
    ),
    (
        "mapping values are not allowed",
        text(
            "Nøkkelen passer ikke inn her.",
            "The key does not fit in here.",
        ),
        text(
            "Se etter innrykket, og om linjen foran mangler et kolon.",
            "Look at the indentation, and whether the line before it lacks a colon.",
        ),
    ),
    (
        "equence entries are not allowed",
        text(
            "Et ledd med - kan ikke begynne her.",
            "An item with - cannot begin here.",
        ),
        text("Sett det på en egen linje.", "Put it on a line of its own."),
    ),
    (
        "find expected ':'",
        text("Det mangler et kolon.", "A colon is missing."),
        text("Skriv «nøkkel: verdi».", "Write “key: value”."),
    ),
    (
        "',' or",
        text(
            "En parentes ([ eller {{) er ikke lukket, eller det mangler et komma i den.",
            "A bracket ([ or {{) is not closed, or a comma is missing in it.",
        ),
        text("Se etter ], }} og komma her og foran.", "Look for ], }} and commas here and before."),
    ),
    (
        "unexpected end of stream",
        text("Et anførselstegn er ikke lukket.", "A quote is not closed."),
        text("Se etter der det begynner.", "Look where it begins."),
    ),
    (
        "unknown escape character",
        text(
            "En omvendt skråstrek betyr noe eget inne i doble anførselstegn.",
            "A backslash means something of its own inside double quotes.",
        ),
        text("Bruk enkle anførselstegn: '…'.", "Use single quotes: '…'."),
    ),
    (
        "characters are not allowed",
        text("Her står et usynlig styretegn.", "There is an invisible control character here."),
        text("Slett det.", "Delete it."),
    ),
    (
        "expected key",
        _OUT_OF_PLACE,
        _ALIGN,
    ),
    ("expected '-' indicator", _OUT_OF_PLACE, _ALIGN),
    ("expected <block end>", _OUT_OF_PLACE, _ALIGN),
)
"""The parsers' reasons (libyaml's and PyYAML's own), each in words that say what to do."""
