"""Where the rows of examples stand: pytest-bdd keeps the line of a table, not those of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from gherkin.parser import Parser

Node = Mapping[str, Any]


@lru_cache(maxsize=512)
def example_lines(file: Path) -> Mapping[int, tuple[int, ...]]:
    """The line of each row of examples, by the line of the scenario. ``file`` is valid Gherkin."""
    document: Node = Parser().parse(file.read_text(encoding="utf-8"))
    return {
        scenario["location"]["line"]: tuple(
            row["location"]["line"]
            for table in scenario["examples"]
            for row in table.get("tableBody") or ()
        )
        for scenario in _scenarios(document["feature"])
    }


def _scenarios(node: Node) -> Iterator[Node]:
    for child in node["children"]:
        if "rule" in child:
            yield from _scenarios(child["rule"])
        elif "scenario" in child:
            yield child["scenario"]
