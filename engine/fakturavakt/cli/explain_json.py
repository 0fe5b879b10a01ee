"""``explain --format json``: decisions, each with its rules' trees and what would have to change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO

from fakturavakt.explanation import Explained, Explainer
from fakturavakt.proof.ways_in_words import as_json
from fakturavakt.proof.ways_to_send import ways_to_send
from fakturavakt.report.machine import PROGRAM, SCHEMA, safe

if TYPE_CHECKING:
    from fakturavakt.screening import Screened, Screening


def print_json(
    screening: Screening, documents: Iterable[Screened], only: str | None, stream: TextIO
) -> None:
    """``{"schema": 1, "program": …, "explanations": […]}``, one document a line.

    ``only``: the one rule or channel that was asked for.
    """
    stream.write(f'{{"schema":{SCHEMA},"program":{json.dumps(PROGRAM)},"explanations":[')
    separator = "\n"
    for screened in documents:
        stream.write(separator + _explanation(screening, screened, only))
        separator = ",\n"
    stream.write("\n]}\n")


def _explanation(screening: Screening, screened: Screened, only: str | None) -> str:
    book, facts = screening.book, screened.read.facts
    found = None if only else ways_to_send(book, facts, screening.as_of)
    ways = None if found is None else as_json(found, book, facts, screening.language)
    parts = {
        "ways_to_send": ways,
        "explained": list(_explained(screening, screened, only)),
    }
    rest = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    # As ``screen`` gives it; what rules on trial say stands among the trees.
    decision = replace(screened.decision, trials=None)
    return safe(f'{{"decision":{decision.as_json()},{rest[1:]}')


def _explained(
    screening: Screening, screened: Screened, only: str | None
) -> Iterator[dict[str, Any]]:
    book = screening.book
    explainer = Explainer(book, screened.read.facts, screening.language)
    asked = [("scope", "scope", book.scope)]
    asked += [("prohibition", rule.id, rule.condition) for rule in book.prohibitions]
    asked += [("channel", channel.name, channel.condition) for channel in book.channels]
    asked += [("advice", advice.id, advice.condition) for advice in book.advice]
    asked += [("trial", trial.id, trial.condition) for trial in book.trials]
    if only is not None:
        rule = book.rules.get(only)
        known = [each for each in asked if each[1] == only]
        asked = known or ([("rule", rule.id, rule.condition)] if rule is not None else [])
    for kind, name, condition in asked:
        yield {"kind": kind, "name": name, **_tree(explainer.explain(condition))}


def _tree(node: Explained) -> dict[str, Any]:
    return {
        "written": node.written,
        "outcome": node.outcome,
        "values": list(node.values),
        "parts": [_tree(part) for part in node.parts],
    }
