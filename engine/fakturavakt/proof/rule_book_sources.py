"""Where a rule book is named: a folder, a wheel, or a revision of git.

A revision is ``REV`` (``HEAD~1``, a tag, a branch), whose rule book lies in ``rules/`` at the top of the
repository, or ``REV:PATH``. What is not a folder is unpacked into a folder that goes away again; mistakes
in it are told by the name that was given.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from fakturavakt.problems import Place, Problem
from fakturavakt.rulebook.loader import RuleBookError, load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, text

_IN_WHEEL: Final = PurePosixPath("fakturavakt/shipped/rules")
_IN_REPOSITORY: Final = "rules"
_BYTES_MAX: Final = 50_000_000
"""Of all rule files together; the shipped rule book has less than a million."""


class RuleBookSourceError(Exception):
    """Nothing that holds a rule book; ``reason`` names what was given and what was expected."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


def rule_book_of(named: str) -> RuleBook:
    """The rule book of a folder, a wheel (``*.whl``) or a git revision, with its guarantees.

    Raises :class:`RuleBookSourceError` and ``RuleBookError``.
    """
    path = Path(named)
    if path.is_dir():
        return load_rulebook(path, guarantees=True)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if path.is_file():
            _unpack_wheel(path, root)
            called = named
        else:
            called = _unpack_revision(named, root)
        try:
            return load_rulebook(root, guarantees=True)
        except RuleBookError as error:
            raise RuleBookError(_named(error.problems, folder, called)) from None


def _named(problems: Iterable[Problem], folder: str, called: str) -> list[Problem]:
    """The problems, their files called as somebody would find them."""
    return [
        replace(
            problem,
            place=Place(
                called + problem.place.file.removeprefix(folder),
                problem.place.line,
                problem.place.column,
            ),
        )
        for problem in problems
    ]


def _unpack_wheel(path: Path, root: Path) -> None:
    try:
        with zipfile.ZipFile(path) as wheel:
            members = [each for each in wheel.infolist() if not each.is_dir()]
            inside = [(PurePosixPath(each.filename), each) for each in members]
            rules = [(each, info) for each, info in inside if each.is_relative_to(_IN_WHEEL)]
            if sum(info.file_size for _, info in rules) > _BYTES_MAX:
                raise RuleBookSourceError(_too_large(str(path)))
            for each, info in rules:
                _write(root, each.relative_to(_IN_WHEEL), wheel.read(info))
    except zipfile.BadZipFile:
        raise RuleBookSourceError(
            text(
                f"«{path}» er ingen mappe og ingen wheel (.whl).",
                f"“{path}” is no folder and no wheel (.whl).",
            )
        ) from None
    if not rules:
        raise RuleBookSourceError(
            text(
                f"«{path}» har ingen regelbok i {_IN_WHEEL}/.",
                f"“{path}” has no rule book in {_IN_WHEEL}/.",
            )
        )


def _unpack_revision(named: str, root: Path) -> str:
    """Write the rule book of a revision to ``root``; what git calls it."""
    revision, colon, inside = named.partition(":")
    inside = inside.strip("/") if colon else _IN_REPOSITORY
    if not revision or named.startswith("-"):
        raise RuleBookSourceError(_nothing(named, None))
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise RuleBookSourceError(_nothing(named, None))
    top = _git("rev-parse", "--show-toplevel")
    assert top is not None  # the commit was found in it
    tree = f"{commit.decode().strip()}:{inside}"
    archive = _git("-C", top.decode().rstrip("\n"), "archive", "--format=tar", tree)
    if archive is None:
        raise RuleBookSourceError(_nothing(named, inside))
    if len(archive) > _BYTES_MAX:
        raise RuleBookSourceError(_too_large(named))
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files.getmembers():
            content = files.extractfile(member) if member.isfile() else None
            if content is not None:
                _write(root, PurePosixPath(member.name), content.read())
    return f"{revision}:{inside}"


def _write(root: Path, inside: PurePosixPath, content: bytes) -> None:
    if inside.is_absolute() or ".." in inside.parts:
        return  # no file of a rule book
    target = root / inside
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _git(*arguments: str) -> bytes | None:
    """What git prints; None where it refuses, or is not there."""
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _nothing(named: str, inside: str | None) -> Text:
    if inside is not None:
        return text(
            f"«{named}»: revisjonen har ingen mappe «{inside}». Skriv REVISJON:MAPPE.",
            f"“{named}”: the revision has no folder “{inside}”. Write REVISION:FOLDER.",
        )
    return text(
        f"«{named}» er ingen mappe, ingen wheel (.whl) og ingen revisjon i git her.",
        f"“{named}” is no folder, no wheel (.whl) and no revision of git here.",
    )


def _too_large(named: str) -> Text:
    return text(
        f"«{named}» er for stor for en regelbok.", f"“{named}” is too large for a rule book."
    )
