"""Which clause of the source document which scenario is about: told by tags, ``@S12``.

A tag may stand on a scenario, its rule, its examples or its feature. Every clause must have a scenario, and a
tag that looks like a clause must be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fakturavakt.acceptance.run_result import FeatureResult, ScenarioResult, Status
from fakturavakt.acceptance.run_words import status_of
from fakturavakt.problems import Place, Problem, nearest
from fakturavakt.rulebook.clause_files import Clause
from fakturavakt.texts import text


@dataclass(frozen=True, slots=True)
class Coverage:
    """A clause with the scenarios that are about it, each with its feature, rows one by one."""

    clause: Clause
    scenarios: tuple[tuple[FeatureResult, ScenarioResult], ...]

    @property
    def status(self) -> Status | None:
        """How its scenarios ended; None where it has none."""
        if not self.scenarios:
            return None
        return status_of(tuple(scenario for _, scenario in self.scenarios))


def coverage(clauses: Iterable[Clause], features: Sequence[FeatureResult]) -> tuple[Coverage, ...]:
    """Each clause, in its order, with its scenarios in theirs."""
    return tuple(
        Coverage(
            clause,
            tuple(
                (feature, scenario)
                for feature in features
                for scenario in feature.scenarios
                if clause.name in scenario.tags
            ),
        )
        for clause in clauses
    )


def clause_findings(
    clauses: Sequence[Clause], features: Sequence[FeatureResult]
) -> tuple[Problem, ...]:
    """Clauses that no scenario is tagged with, at the clause; tags that look like a clause and are none, at
    the scenario. Without clauses there is nothing to hold tags to, and nothing is found.
    """
    found = [
        Problem(
            each.clause.place,
            "clause-without-scenario",
            text(
                f"Ingen scenario er tagget med punktet «{each.clause.name}».",
                f"No scenario is tagged with the clause “{each.clause.name}”.",
            ),
            text(
                f"Sett @{each.clause.name} over et scenario som viser det.",
                f"Put @{each.clause.name} above a scenario that shows it.",
            ),
        )
        for each in coverage(clauses, features)
        if not each.scenarios
    ]
    names = [clause.name for clause in clauses]
    for feature in features:
        told: set[str] = set()
        for scenario in feature.scenarios:
            for tag in scenario.tags:
                if tag not in told and tag not in names and _looks_like_one(tag, names):
                    told.add(tag)
                    found.append(_no_clause(feature, scenario, tag, names))
    return tuple(sorted(found))


def _looks_like_one(tag: str, names: Iterable[str]) -> bool:
    """Whether a tag has the form of a clause: ``S99`` or ``s1`` where there is an ``S12``."""
    return any(
        re.fullmatch(re.sub(r"\d+", r"\\d+", re.escape(name)), tag, re.IGNORECASE)
        for name in names
        if re.search(r"\d", name)
    )


def _no_clause(
    feature: FeatureResult, scenario: ScenarioResult, tag: str, names: Sequence[str]
) -> Problem:
    line = feature.line if tag in feature.tags else scenario.line
    near = nearest(tag, names)
    return Problem(
        Place(feature.file, line, 1),
        "unknown-clause",
        text(
            f"Taggen @{tag} viser til et punkt som ikke finnes.",
            f"The tag @{tag} refers to a clause that there is not.",
        ),
        None if near is None else text(f"Mente du @{near}?", f"Did you mean @{near}?"),
    )
