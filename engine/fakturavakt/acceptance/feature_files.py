"""Which files pytest-bdd takes for features, and which look like features and are taken by nobody."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from fakturavakt.acceptance.feature_words import meant_title
from fakturavakt.problems import Place, Problem, one_slip
from fakturavakt.texts import text

ENDING: Final = ".feature"
_OF_EDITORS: Final = ("~", ".swp", ".swo", "#")
_NOT_ONES_OWN: Final = frozenset({".git", "node_modules", "build", "dist", "__pycache__"})
_BEGINNING: Final = 2000
"""A file that is a feature says so in its first characters."""


def feature_files(paths: Iterable[Path]) -> list[Path]:
    """Files as they are named, and of a folder those that pytest-bdd finds in it, sorted."""
    found = [each for path in paths for each in (_in_folder(path) if path.is_dir() else (path,))]
    return sorted(dict.fromkeys(found))


def _in_folder(folder: Path) -> Iterator[Path]:
    # As pytest-bdd finds them: names that begin with a dot are left out. Nobody's own features lie in what
    # others have installed or built.
    for file in _ones_own(folder):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.name.endswith(ENDING) and not hidden:
            yield file


def _ones_own(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in order, but for what others have installed or built."""
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(
            each
            for each in folders
            if each not in _NOT_ONES_OWN and not (Path(parent) / each / "pyvenv.cfg").is_file()
        )
        yield from (Path(parent) / each for each in sorted(names))


def not_collected(paths: Iterable[Path]) -> Iterator[Problem]:
    """Files that are features by their name or by how they begin, and that no run would find."""
    for folder in filter(Path.is_dir, paths):
        collected = set(_in_folder(folder))
        for file in _ones_own(folder):
            if file.name.endswith(_OF_EDITORS) or file in collected or not file.is_file():
                continue
            hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
            if _named_like_one(file) or (not hidden and _begins_like_one(file)):
                yield Problem(
                    Place(str(file), 1, 1),
                    "not-collected",
                    text(
                        f"Filen «{file.name}» ser ut som en egenskap, men blir aldri kjørt.",
                        f"The file “{file.name}” looks like a feature, but is never run.",
                    ),
                    text(
                        "La navnet på filen slutte på «.feature», og la verken fil eller mappe begynne med "
                        "punktum.",
                        "Let its name end in “.feature”, and no file or folder begin with a dot.",
                    ),
                )


def _named_like_one(file: Path) -> bool:
    name = file.name.lower()
    return ENDING in name or one_slip(file.suffix.lower(), ENDING)


def _begins_like_one(file: Path) -> bool:
    """Whether the first line that is neither a comment nor a tag is the heading of a feature."""
    try:
        with file.open(encoding="utf-8") as stream:
            beginning = stream.read(_BEGINNING)
    except (OSError, UnicodeDecodeError):
        return False
    for line in beginning.split("\n"):
        said = line.strip().lstrip("\ufeff")
        if said and not said.startswith(("#", "@")):
            return said[0].isupper() and meant_title(said, "feature") in ("Egenskap", "Feature")
    return False
