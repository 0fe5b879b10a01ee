"""The kinds of rule file, where each lies in the folder of a rule book, and what else may lie there."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

RULE_BOOK: Final = "rulebook"
VOCABULARY: Final = "vocabulary"
DEFINITION: Final = "definition"
PROHIBITION: Final = "prohibition"
CHANNEL: Final = "channel"
AGREEMENTS: Final = "agreements"
ADVICE: Final = "advice"
CLASSIFICATION: Final = "classification"
GUARANTEE: Final = "guarantee"
CLAUSES: Final = "clauses"
"""The clauses of the source document: beside the rules, and no part of the rule book either."""
CASES: Final = "cases"
"""Tables of cases: they lie beside the rules, and are no part of the rule book (``rules test``)."""

TOP_FILES: Final[Mapping[str, str]] = {"rulebook.yaml": RULE_BOOK, "vocabulary.yaml": VOCABULARY}
CLAUSES_FILE: Final = "clauses.yaml"
FOLDERS: Final[Mapping[str, str]] = {
    "definitions": DEFINITION,
    "prohibitions": PROHIBITION,
    "channels": CHANNEL,
    "agreements": AGREEMENTS,
    "advice": ADVICE,
    "classification": CLASSIFICATION,
    "guarantees": GUARANTEE,
}

SCHEMAS: Final = "schema"
"""The folder of JSON Schemas: for editors, not part of the rule book."""
RULE_FILE_ENDINGS: Final = (".yaml", ".yml")
CASE_FILES: Final = ("*.test.yaml", "*.test.yml")
NOT_RULES: Final = (".*", "*.md", "*~", "#*#", "thumbs.db", "desktop.ini", *CASE_FILES)
"""Names (in small letters) that may stand among the rules: notes, tables of cases, and what editors and
systems leave behind. Whatever else is there and not read is told: a prohibition must not get lost by its
file's name.
"""


def holds_cases(name: str) -> bool:
    """Whether a file is a table of cases."""
    hidden = name.startswith(".")
    return not hidden and any(fnmatchcase(name.lower(), pattern) for pattern in CASE_FILES)


def may_lie_among_rules(name: str) -> bool:
    """Whether a file that is not read is nothing to tell of."""
    return any(fnmatchcase(name.lower(), pattern) for pattern in NOT_RULES)
