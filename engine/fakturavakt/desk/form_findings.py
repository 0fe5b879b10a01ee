"""The loader's mistakes of form as findings, each with its code, and mended where only one thing can be
meant.
"""

from __future__ import annotations

from fakturavakt.desk.finding_codes import FORM_CODES, UNLISTED
from fakturavakt.desk.findings import Finding, Fix, Severity
from fakturavakt.desk.yaml_edits import replaced_word
from fakturavakt.problems import Meant, Problem
from fakturavakt.texts import text


def form_finding(problem: Problem) -> Finding:
    """One mistake as a finding."""
    return Finding(
        FORM_CODES.get(problem.code, UNLISTED),
        Severity.ERROR,
        problem.place,
        problem.wrong,
        problem.expected,
        fix=_fix(problem),
    )


def _fix(problem: Problem) -> Fix | None:
    meant = problem.expected
    if not isinstance(meant, Meant) or not meant.sure:
        return None
    edit = replaced_word(problem.place, meant.written, meant.word)
    says = text(
        f"Skriver «{meant.word}» i stedet for «{meant.written}».",
        f"Writes “{meant.word}” in place of “{meant.written}”.",
    )
    return None if edit is None else Fix(says, (edit,))
