"""Patterns of the columnar engine's statement, put into words: once a pattern, whatever number of documents
have it.

A decision names lines by their ids. What is said of a pattern has a mark in each id's place, so that
documents whose lines are called otherwise share it.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from fakturavakt.decision import Decider, Verdict
from fakturavakt.engines.columnar_pattern import NOTHING_OF_A_LINE, Patterns
from fakturavakt.report.summary import facts_of_paths
from fakturavakt.screening import Tallied

_KEPT_MAX: Final = 32_768
"""Patterns that are kept in words; some kilobytes each."""


@dataclass(slots=True)
class ToldPattern:
    """What all documents of one pattern are told.

    ``pieces`` are the keys and values that the rules decide as JSON has them, and between any two of them the
    place (from 0) of a line whose id stands there. The rest is what the hit list counts: each finding's
    outcome by its rule, and the facts that are missing.
    """

    pieces: list[str]
    places: list[int]
    decision: Verdict
    findings: dict[str, str]
    missing: tuple[str, ...]
    trials: dict[str, str]
    _tallied: dict[tuple[str | None, bool], Tallied] = field(default_factory=dict)

    def json(self, line_ids: str | None) -> str:
        """Its keys and values with the ids of a document's lines, which are given as a JSON list."""
        if not self.places:
            return self.pieces[0]
        ids = [json.dumps(each, ensure_ascii=False)[1:-1] for each in json.loads(line_ids or "[]")]
        said = [self.pieces[0]]
        for place, piece in zip(self.places, self.pieces[1:], strict=True):
            said += (ids[place], piece)
        return "".join(said)

    def tallied(self, currency: str | None, is_credit_note: bool) -> Tallied:
        """What the hit list counts of it."""
        found = self._tallied.get((currency, is_credit_note))
        if found is None:
            found = self._tallied[currency, is_credit_note] = Tallied(
                self.decision, self.findings, self.missing, currency, is_credit_note, self.trials
            )
        return found


class ToldPatterns:
    """Those of one rule book that were met so far, or lately."""

    def __init__(self, patterns: Patterns, decider: Decider) -> None:
        self.patterns = patterns
        self.decider = decider
        # Nobody can have written this into a rule book or a document.
        self._mark = secrets.token_hex(16)
        self._marked = re.compile(f"{self._mark}_([0-9]+)_")
        self._told: dict[tuple[str, str], ToldPattern] = {}

    def told(self, pattern: str, of_lines: str) -> ToldPattern:
        """What is told of a pattern, and the pattern of its lines."""
        while of_lines.endswith(NOTHING_OF_A_LINE):  # a last line of which nothing is told
            of_lines = of_lines.removesuffix(NOTHING_OF_A_LINE)
        key = (pattern, of_lines)
        found = self._told.get(key)
        if found is None:
            if len(self._told) >= _KEPT_MAX:
                for oldest in list(islice(self._told, _KEPT_MAX // 2)):
                    del self._told[oldest]
            found = self._told[key] = self._tell(pattern, of_lines)
        return found

    def _tell(self, pattern: str, of_lines: str) -> ToldPattern:
        names = [f"{self._mark}_{place}_" for place in range(of_lines.count("/") + 1)]
        concluded = self.decider.conclude(self.patterns.read(pattern, of_lines, names))
        pieces = self._marked.split(concluded.as_json())
        return ToldPattern(
            pieces[::2],
            [int(place) for place in pieces[1::2]],
            concluded.decision,
            {finding.rule: finding.outcome for finding in concluded.findings},
            tuple(facts_of_paths(concluded.missing)),
            {finding.rule: finding.outcome for finding in concluded.trials or ()},
        )
