"""The line of a rule file that a message is about, with a caret under the place."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from fakturavakt.problems import Place
from fakturavakt.rulebook.yaml_nodes import FILE_SIZE_MAX

_WIDTH: Final = 120


def excerpt(place: Place) -> list[str]:
    """The line and the caret, indented; nothing where there is no such line to show."""
    lines = _lines_of(place.file)
    if place.line > len(lines):
        return []
    written = lines[place.line - 1]
    shown = "".join("→" if c == "\t" else c if c.isprintable() else " " for c in written)
    if place.column > _WIDTH:
        return []
    return [f"    {shown[:_WIDTH]}", f"    {' ' * (place.column - 1)}^"]


def forget() -> None:
    """Read the files again when they are next shown."""
    _lines_of.cache_clear()


@cache
def _lines_of(file: str) -> list[str]:
    """The lines of a file: read once, however many mistakes are in it."""
    path = Path(file)
    try:
        # A pipe is never read to its end, and neither is what was refused for its size.
        if path.is_file() and path.stat().st_size <= FILE_SIZE_MAX:
            return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        pass
    return []
