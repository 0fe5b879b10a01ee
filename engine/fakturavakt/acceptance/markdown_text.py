"""Text as MyST Markdown that shows exactly that text: none of what a feature writes becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fakturavakt.acceptance.living_words import holdable


def plain(written: str) -> str:
    """On one line. Every mark of ASCII is escaped: Markdown takes a backslash before any of them."""
    one_line = " ".join(holdable(written).split())
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", one_line)


def link(written: str, target: str) -> str:
    """A link to a label anywhere in the site."""
    return f"[{plain(written)}](#{target})"


def label(name: str) -> str:
    """What links lead to: it stands right above a heading."""
    return f"({name})="


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Of cells that are Markdown already."""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def verbatim(written: str) -> Iterator[str]:
    """Lines as they are, between fences longer than any in them."""
    shown = holdable(written)
    longest = max((len(each) for each in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text"
    yield from re.split(r"\n", shown)
    yield fence


def indented(lines: Sequence[str], by: int) -> Iterator[str]:
    """What belongs to an item of a list."""
    yield from (f"{' ' * by}{line}" if line else "" for line in lines)
