"""Edits of YAML files by the places of their nodes: comments and layout stay, since only the text that is
meant changes. What cannot be found where it should stand is not edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from fakturavakt.desk.findings import Edit
from fakturavakt.problems import Place
from fakturavakt.rulebook.yaml_nodes import (
    FILE_SIZE_MAX,
    ListNode,
    MapNode,
    Node,
    Scalar,
    read_yaml,
)

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_IN_WORD: Final = r"[\w.\-\[\]]"


def text_of(file: str) -> str | None:
    """The text of a rule file, its line ends as they are; None where it cannot be read as one."""
    path = Path(file)
    try:
        if not path.is_file() or path.stat().st_size > FILE_SIZE_MAX:
            return None
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def editable_text(file: str) -> str | None:
    """The same, where its lines end as everybody counts them."""
    content = text_of(file)
    return None if content is None or _ODD_LINE_ENDS.search(content) else content


_ODD_LINE_ENDS: Final = re.compile("\r(?!\n)|[\x85\u2028\u2029]")


def lines_of(content: str) -> list[str]:
    """The lines as YAML counts them, each with its end."""
    return re.findall(r"[^\n]*\n|[^\n]+", content)


def replaced_word(place: Place, written: str, word: str) -> Edit | None:
    """``word`` in the place of what is ``written`` there, or further on in that line."""
    content = editable_text(place.file)
    if content is None:
        return None
    lines = lines_of(content)
    if place.line > len(lines):
        return None
    line = lines[place.line - 1]
    whole = re.compile(rf"(?<!{_IN_WORD}){re.escape(written)}(?!{_IN_WORD})")
    found = whole.search(line, place.column - 1)
    if found is None or "#" in line[place.column - 1 : found.start()]:
        return None
    start, end = found.start() + 1, found.end() + 1
    return Edit(Place(place.file, place.line, start), (place.line, end), written, word)


class _Item(NamedTuple):
    """An item of a list, as marks from 0: where it starts and where its last word ends."""

    start: tuple[int, int]
    end: tuple[int, int]
    flow: bool


def without_item(place: Place) -> Edit | None:
    """The item of a list that stands at a place, taken away with its dash or comma; never the first one."""
    content = editable_text(place.file)
    if content is None or content.startswith("\ufeff"):
        return None
    start = _item_start(content, place)
    for items in _lists(content):
        for before, item in pairwise(items):
            if item.start == (start.line - 1, start.column - 1):
                return _taken_away(content, place.file, before, item)
    return None


def _item_start(content: str, place: Place) -> Place:
    """Where the item of a list begins that is all about a place: the place itself, or, of the only
    operator of the only fact of an item (``- line.amount: {above: 0}``), the fact's.
    """
    waiting = list(read_yaml(content.encode(), place.file)[0])
    while waiting:
        node = waiting.pop()
        if isinstance(node, ListNode):
            waiting += node.items
        elif isinstance(node, MapNode):
            waiting += [value for _, value in node.entries]
            if len(node.entries) == 1 and isinstance(inner := node.entries[0][1], MapNode):
                operators = [key.place for key, _ in inner.entries]
                if operators == [place] and "." in node.entries[0][0].text:
                    return node.place
    return place


def _taken_away(content: str, file: str, before: _Item, item: _Item) -> Edit | None:
    lines = lines_of(content)
    if item.flow:
        start, end = before.end, item.end
    else:
        dash = lines[item.start[0]][: item.start[1]]
        if not re.fullmatch(r" *- +", dash):
            return None
        rest = lines[item.end[0]][item.end[1] :]
        if rest.strip() and not rest.lstrip().startswith(("#", "}", "]")):
            return None
        start, end = (item.start[0], 0), (item.end[0] + 1, 0)
    old = between(lines, start, end)
    if old is None:
        return None
    return Edit(Place(file, start[0] + 1, start[1] + 1), (end[0] + 1, end[1] + 1), old, "")


def between(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str | None:
    """The text from one mark up to another (lines and columns from 0)."""
    if start[0] >= len(lines) or end[0] > len(lines) or start > end:
        return None
    first, last = lines[start[0]], lines[end[0]] if end[0] < len(lines) else ""
    if start[0] == end[0]:
        return first[start[1] : end[1]]
    return first[start[1] :] + "".join(lines[start[0] + 1 : end[0]]) + last[: end[1]]


def _lists(content: str) -> Iterator[list[_Item]]:
    """The items of every list of a file."""
    try:
        yield from _lists_of(list(yaml.parse(content, Loader=_Loader)))
    except yaml.YAMLError:
        return


def _lists_of(events: Sequence[yaml.Event]) -> Iterator[list[_Item]]:
    open_lists: list[tuple[list[_Item], bool] | None] = []  # None is a mapping
    starts: list[tuple[int, int]] = []
    last_end = (0, 0)
    for event in events:
        start, end = _mark(event.start_mark), _mark(event.end_mark)
        if isinstance(event, yaml.CollectionStartEvent):
            is_list = isinstance(event, yaml.SequenceStartEvent)
            open_lists.append(([], bool(event.flow_style)) if is_list else None)
            starts.append(start)
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = open_lists.pop()
            if end != start:  # a bracket
                last_end = end
            if closed is not None:
                yield closed[0]
            _note(open_lists, starts.pop(), last_end)
        elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            last_end = end
            _note(open_lists, start, last_end)


def _note(
    open_lists: Sequence[tuple[list[_Item], bool] | None],
    start: tuple[int, int],
    end: tuple[int, int],
) -> None:
    if open_lists and (inner := open_lists[-1]) is not None:
        inner[0].append(_Item(start, end, inner[1]))


def _mark(mark: Any) -> tuple[int, int]:  # noqa: ANN401 (libyaml's marks have a type of their own)
    return mark.line, mark.column


class RuleFilePlaces:
    """Finds keys in rule files that the rule book keeps no place of. Files are read once."""

    def __init__(self) -> None:
        self._documents: dict[str, list[Node]] = {}

    def documents(self, file: str) -> Sequence[Node]:
        """The YAML documents of a file; none where it cannot be read."""
        if file not in self._documents:
            content = text_of(file)
            self._documents[file] = [] if content is None else read_yaml(content.encode(), file)[0]
        return self._documents[file]

    def key(self, document: Place, *path: str) -> Place | None:
        """Where the last key of a path stands, in the document that starts at a place."""
        node = next(
            (each for each in self.documents(document.file) if each.place == document), None
        )
        return None if node is None else _key(node, path)

    def document_with(self, file: str, key: str, value: str) -> Place | None:
        """Where the value of a key stands in the document of a file in which it is ``value``."""
        for node in self.documents(file):
            found = node.get(key) if isinstance(node, MapNode) else None
            if isinstance(found, Scalar) and found.text == value:
                return found.place
        return None

    def item_with(self, file: str, of_list: str, key: str, value: str) -> Place:
        """Where the value of a key stands in that item of a list; the start of the file where it is not
        found.
        """
        for node in self.documents(file):
            found = node.get(of_list) if isinstance(node, MapNode) else None
            for item in found.items if isinstance(found, ListNode) else ():
                word = item.get(key) if isinstance(item, MapNode) else None
                if isinstance(word, Scalar) and word.text == value:
                    return word.place
        return Place(file, 1, 1)


def _key(node: Node, path: Sequence[str]) -> Place | None:
    place = None
    for name in path:
        entries: Mapping[str, tuple[Scalar, Node]] = (
            {key.text: (key, value) for key, value in node.entries}
            if isinstance(node, MapNode)
            else {}
        )
        if name not in entries:
            return None
        key, node = entries[name]
        place = key.place
    return place
