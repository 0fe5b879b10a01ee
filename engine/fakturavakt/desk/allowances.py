"""Deviations that are meant: a comment in the rule file says which finding is let be there, and why.

``# fakturavakt: allow FV402 – the two overlap during the trial`` stands on the line of the finding, or on
the lines of comment right above it. Mistakes of form cannot be allowed. A permission without a reason is
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fakturavakt.desk.finding_codes import (
    ALLOWED_FOR_NOTHING,
    ALLOWED_WITHOUT_REASON,
    MEANING_CODES,
)
from fakturavakt.desk.findings import Finding, Severity
from fakturavakt.desk.yaml_edits import lines_of, text_of
from fakturavakt.problems import Place
from fakturavakt.texts import text

_COMMENT: Final = re.compile(
    r"(?:^|\s)(#\s*fakturavakt:\s*(?:allow|tillat)\s+"
    r"(?P<codes>FV[0-9]{3}(?:\s*,\s*FV[0-9]{3})*)(?:\s*[-–—:]\s*|\s+|$)(?P<reason>.*?))\s*$"
)
_CODES: Final = frozenset(
    entry.code
    for entry in MEANING_CODES
    if entry not in (ALLOWED_WITHOUT_REASON, ALLOWED_FOR_NOTHING)
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """A permission: for one code, on one line of a file. ``place`` is where the comment stands."""

    code: str
    line: int
    place: Place
    reason: str


def allowances_in(files: Iterable[Path]) -> Iterator[Allowance]:
    """Every permission in some rule files."""
    for file in files:
        content = text_of(str(file))
        if content is not None and "fakturavakt:" in content:
            yield from _in_lines(str(file), lines_of(content))


def _in_lines(file: str, lines: Sequence[str]) -> Iterator[Allowance]:
    for number, line in enumerate(lines, start=1):
        found = _COMMENT.search(line)
        if found is None:
            continue
        place = Place(file, number, found.start(1) + 1)
        meant = number
        if line.lstrip().startswith("#"):
            below = (
                later
                for later, each in enumerate(lines[number:], start=number + 1)
                if each.strip() and not each.lstrip().startswith("#")
            )
            meant = next(below, number)
        for code in re.split(r"\s*,\s*", found["codes"]):
            yield Allowance(code, meant, place, found["reason"])


def with_allowances(
    findings: Iterable[Finding], allowances: Sequence[Allowance], *, all_checked: bool
) -> Iterator[Finding]:
    """The findings, those marked that are allowed; and what is wrong with the permissions.

    ``all_checked``: every check was made, so that a permission that was not needed is none.
    """
    used: set[Allowance] = set()
    for finding in findings:
        fitting = next(
            (
                each
                for each in allowances
                if each.code == finding.code
                and each.code in _CODES
                and (each.place.file, each.line) == (finding.place.file, finding.place.line)
            ),
            None,
        )
        if fitting is None:
            yield finding
            continue
        used.add(fitting)
        yield replace(finding, allowed=fitting.reason) if fitting.reason else finding
    for each in allowances:
        if each.code in _CODES and not each.reason:
            yield Finding(
                ALLOWED_WITHOUT_REASON,
                Severity.WARNING,
                each.place,
                text(
                    f"{each.code} er tillatt her uten en grunn.",
                    f"{each.code} is allowed here without a reason.",
                ),
                text(
                    f"Skriv hvorfor: «# fakturavakt: tillat {each.code} – …».",
                    f"Write why: “# fakturavakt: allow {each.code} – …”.",
                ),
            )
        elif each not in used and (all_checked or each.code not in _CODES):
            yield Finding(
                ALLOWED_FOR_NOTHING,
                Severity.NOTE,
                each.place,
                text(
                    f"{each.code} er tillatt her, men det er ingenting å tillate.",
                    f"{each.code} is allowed here, but there is nothing to allow.",
                )
                if each.code in _CODES
                else text(f"{each.code} kan ikke tillates.", f"{each.code} cannot be allowed."),
                text("Ta bort kommentaren.", "Remove the comment."),
            )
