"""A copy of the shipped rule book to break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from fakturavakt.problems import Problem
from fakturavakt.rulebook.loader import RuleBookError, load_rulebook
from fakturavakt.shipped import shipped_folder

Edit: TypeAlias = Callable[[str, str, str], int]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The folder of the copy."""
    return Path(shutil.copytree(shipped_folder("rules"), tmp_path / "rules"))


@pytest.fixture
def edit(rules: Path) -> Edit:
    """``edit(file, old, new)`` replaces a text that stands once; the line it stands on, from 1."""

    def replace(name: str, old: str, new: str) -> int:
        path = rules / name
        content = path.read_text(encoding="utf-8")
        assert content.count(old) == 1, (name, old, content.count(old))
        path.write_text(content.replace(old, new), encoding="utf-8")
        return content[: content.index(old)].count("\n") + 1

    return replace


def problems_of(rules: Path) -> list[Problem]:
    """Everything that is wrong with a rule book; nothing if it loads."""
    try:
        load_rulebook(rules)
    except RuleBookError as error:
        return list(error.problems)
    return []


def found(rules: Path) -> list[tuple[str, str, int]]:
    """File, code and line of each problem."""
    return [
        (str(Path(p.place.file).relative_to(rules)), p.code, p.place.line)
        for p in problems_of(rules)
    ]
