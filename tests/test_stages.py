"""Data runs one way through the house: a stage imports only from its left (docs/architecture.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "engine" / "fakturavakt"

STAGES = (
    {"texts", "shipped", "xml_text", "__init__"},
    {"problems"},
    {"vocabulary"},
    {"intake", "rulebook"},
    {"engines"},
    {"decision"},
    {"screening", "agreements", "explanation", "verdict_words"},
    {"report", "proof"},
    {"bulk"},
    {"on_spark", "acceptance", "billing"},
    {"desk"},
    {"cli"},
    {"__main__", "pytest_plugin"},
)
"""From left to right; stages side by side do not import one another."""
RANK = {name: rank for rank, names in enumerate(STAGES) for name in names}


def stage_of(path: Path) -> str:
    """The folder, or the module, right under the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_stages(path: Path) -> Iterator[tuple[int, str]]:
    """Every import of the package's own modules, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.module == "fakturavakt":
                names = [f"fakturavakt.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            top, _, rest = name.partition(".")
            stage = rest.partition(".")[0]
            if top == "fakturavakt" and stage in RANK:
                yield node.lineno, stage


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_stage_imports_only_from_its_left(path: Path) -> None:
    """No import points right, and none points to a stage beside its own."""
    own = stage_of(path)
    if own == "__init__":
        return  # the public names, imported when they are first used
    wrong = [
        f"{path}:{line}: {own} imports {stage}"
        for line, stage in imported_stages(path)
        if stage != own and RANK[stage] >= RANK[own]
    ]
    assert not wrong


def test_every_module_belongs_to_a_stage() -> None:
    """A new folder gets its place in the drawing before it gets code."""
    assert {stage_of(path) for path in MODULES} <= set(RANK)


def test_every_folder_says_what_it_promises_and_may_import() -> None:
    """The first paragraph of each folder is its contract."""
    for folder in {path.parent for path in MODULES} - {PACKAGE}:
        said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        assert said is not None
        assert "Promises" in said
        assert "ay import" in said


FOLDERS = sorted({path.parent for path in MODULES} - {PACKAGE})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_imports_only_what_it_says(folder: Path) -> None:
    """Where the first paragraph lists what may be imported, the list is whole."""
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    allowed = said[said.index("ay import") :]
    if "everything" in allowed:
        return  # held by the order of the stages
    listed = set(re.findall(r"``(\w+)``", allowed)) | {folder.name}
    for path in folder.rglob("*.py"):
        imported = {stage for _, stage in imported_stages(path)}
        assert imported <= listed, path
