"""When the files of a rule book were changed, and why: what git knows of them.

Promises: the same commits give the same history, whoever asks and wherever the checkout lies. Who made a
change is left out: a handbook is handed round, and names do not decide. A rule book that is not in git has
no history, and that is no mistake.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit that changed a file: the day it was written, and the first line of what it says."""

    day: date
    subject: str


@dataclass(frozen=True, slots=True)
class History:
    """By file, as its path in the rule book: its revisions, the latest first. ``unsaved`` are files that
    are not, or not so, in the latest commit.
    """

    revisions: Mapping[str, tuple[Revision, ...]]
    unsaved: frozenset[str]


_RECORD: Final = "\x1e"
_FIELD: Final = "\x1f"
_LOG: Final = (
    "log",
    "--relative",
    "--no-color",
    "--no-show-signature",
    "--name-status",
    "-M",
    "-z",
    "--date=short",
    f"--format={_RECORD}%ad{_FIELD}%s{_FIELD}",
)
_RENAMED: Final = ("R", "C")


def rule_history(rules: Path) -> History | None:
    """The history of the rule book in ``rules``; None where that is no part of a git checkout."""
    log = _git(rules, *_LOG, "--", ".")
    if not log:
        return None
    found: dict[str, list[Revision]] = {}
    now: dict[str, str] = {}
    """What a file that is met on the way back is called today."""
    for revision, files in _commits(log):
        for before, after in files:
            name = now.get(after, after)
            found.setdefault(name, []).append(revision)
            if before != after:
                now[before] = name
    changed = _git(rules, "diff", "--name-only", "--relative", "-z", "HEAD", "--", ".") or ""
    new = _git(rules, "ls-files", "--others", "--exclude-standard", "-z", "--", ".") or ""
    unsaved = frozenset(name for name in (changed + new).split("\0") if name)
    return History({name: tuple(each) for name, each in found.items()}, unsaved)


def _commits(log: str) -> Iterator[tuple[Revision, list[tuple[str, str]]]]:
    """Each commit with its files: what each was called before it and after."""
    for record in log.split(_RECORD)[1:]:
        day, subject, rest = record.split(_FIELD, 2)
        words = iter([word for word in rest.replace("\n", "\0").split("\0") if word])
        files: list[tuple[str, str]] = []
        for status in words:
            before = next(words)
            files.append((before, next(words) if status.startswith(_RENAMED) else before))
        yield Revision(date.fromisoformat(day), subject), files


def _git(folder: Path, *arguments: str) -> str | None:
    """What git prints; None where it refuses, or is not there."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    except OSError:
        return None
    return done.stdout.decode(errors="replace") if done.returncode == 0 else None
