"""What a pytest session keeps: the rule book that scenarios are about, and what is wrong with features."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.sentences import in_use
from fakturavakt.problems import Problem
from fakturavakt.rulebook.kinds import TOP_FILES

TESTED: Final = pytest.StashKey[BookUnderTest]()
"""The rule book that scenarios are about."""
PROBLEMS: Final = pytest.StashKey[list[Problem]]()
"""What the lint says of the features that were collected, and of the step definitions."""


def rules_beside(folder: Path) -> str | None:
    """``rules`` in a folder, where it is a rule book; None where there is none."""
    found = folder / "rules"
    return str(found) if all((found / name).is_file() for name in TOP_FILES) else None


def put_to_the_test(config: pytest.Config, tested: BookUnderTest) -> None:
    """Let scenarios be about this rule book from now on; also while a session is under way."""
    config.stash[TESTED] = tested
    in_use.use(tested.names)


def problems_of(config: pytest.Config) -> list[Problem]:
    """The problems of a session, to read and to add to."""
    return config.stash.setdefault(PROBLEMS, [])
