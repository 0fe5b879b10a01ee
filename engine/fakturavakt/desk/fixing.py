"""Mends what can be mended without asking, in the files, by small edits of text: comments and layout stay.

It is tried out on a copy of the folder first, again and again until nothing is left that can be mended; only
then are the files written, all of them or none. Nothing is written that leaves more mistakes than there were.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fakturavakt.desk.findings import Edit, Finding, Fix
from fakturavakt.desk.rule_check import CheckReport, fixable, rule_files
from fakturavakt.desk.yaml_edits import between, lines_of
from fakturavakt.problems import Place
from fakturavakt.rulebook.yaml_nodes import FILE_SIZE_MAX

_ROUNDS_MAX: Final = 50
"""A mended mistake can bring the next to light; more often than this it does not."""

Check = Callable[[Path], CheckReport]
"""Checks the rule book in a folder."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What was mended (``findings``, with the places as they were found), and each file before and after."""

    findings: tuple[Finding, ...]
    files: Mapping[Path, tuple[str, str]]

    def changes(self) -> Iterator[str]:
        """A unified diff of all files, line by line."""
        for path, (old, new) in sorted(self.files.items()):
            yield from difflib.unified_diff(
                [line.rstrip("\r\n") for line in lines_of(old)],
                [line.rstrip("\r\n") for line in lines_of(new)],
                str(path),
                str(path),
                lineterm="",
            )


def mend(root: Path, check: Check) -> Mended:
    """Mend the rule files in ``root``; ``check`` tells what can be mended.

    Raises ``OSError`` where a file cannot be written; then all are as they were.
    """
    with tempfile.TemporaryDirectory(prefix="fakturavakt-") as name:
        copy = Path(name) / "rules"
        _copy_rules(root, copy)
        findings = tuple(_mend_copy(copy, root, check))
        files = {
            root / path.relative_to(copy): (before, after)
            for path in rule_files(copy)
            if (before := read_text(root / path.relative_to(copy))) != (after := read_text(path))
        }
    write_all({path: after for path, (_, after) in files.items()})
    return Mended(findings, files)


def _copy_rules(root: Path, copy: Path) -> None:
    """What a rule book is made of; what else lies there (a pipe, a huge file) is not touched."""
    copy.mkdir()
    for path in rule_files(root):
        if path.is_file() and path.stat().st_size <= FILE_SIZE_MAX:
            target = copy / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())


def _mend_copy(copy: Path, root: Path, check: Check) -> Iterator[Finding]:
    """Mend round by round; each finding that was mended, with its place in ``root``."""
    given_up: set[tuple[str, str, str]] = set()
    report = check(copy)
    for _ in range(_ROUNDS_MAX):
        found = [each for each in fixable(report.findings) if _named(each) not in given_up]
        if not found:
            return
        for together in (found, *([each] for each in found)):
            before = {path: read_text(path) for path in rule_files(copy)}
            mended = _apply(together)
            after = check(copy)
            if mended and _better(report, after):
                yield from (_in_folder(each, copy, root) for each in mended)
                report = after
                break
            _write(before)
            if len(together) == 1:
                given_up.add(_named(together[0]))


def _named(finding: Finding) -> tuple[str, str, str]:
    return str(finding.place), finding.code, finding.wrong.say("en")


def _better(before: CheckReport, after: CheckReport) -> bool:
    """Whether less is wrong. Where the form came right, what is found after that is news, and no loss."""
    if before.book is None and after.book is not None:
        return True
    if before.ill_formed and not after.ill_formed:
        return True
    alike = before.ill_formed is after.ill_formed
    return alike and len(after.findings) < len(before.findings)


def _apply(findings: Sequence[Finding]) -> list[Finding]:
    """Make the edits that do not touch one another; the findings that are mended by them."""
    taken: list[Edit] = []
    mended: list[Finding] = []
    for finding in findings:
        edits = finding.fix.edits if finding.fix is not None else ()
        if any(_touch(edit, other) for edit in edits for other in taken):
            continue
        taken += edits
        mended.append(finding)
    contents: dict[str, str] = {}
    for edit in sorted(taken, reverse=True):  # from the end, so that places before it stay
        content = contents.get(edit.place.file) or read_text(Path(edit.place.file))
        edited = _edited(content, edit)
        if edited is None:
            return []
        contents[edit.place.file] = edited
    _write({Path(file): content for file, content in contents.items()})
    return mended


def _touch(one: Edit, other: Edit) -> bool:
    if one.place.file != other.place.file:
        return False
    first, second = sorted((one, other))
    return (second.place.line, second.place.column) < first.end


def _edited(content: str, edit: Edit) -> str | None:
    """The content with an edit; None where something else stands there."""
    lines = lines_of(content)
    start = (edit.place.line - 1, edit.place.column - 1)
    end = (edit.end[0] - 1, edit.end[1] - 1)
    if between(lines, start, end) != edit.old:
        return None
    at = sum(len(line) for line in lines[: start[0]]) + start[1]
    return content[:at] + edit.new + content[at + len(edit.old) :]


def read_text(path: Path) -> str:
    """A file as it is, line ends and all; what is no text comes back as it was when it is written."""
    return path.read_bytes().decode("utf-8", errors="surrogateescape")


def _write(contents: Mapping[Path, str]) -> None:
    for path, content in contents.items():
        path.write_bytes(content.encode("utf-8", errors="surrogateescape"))


def write_all(contents: Mapping[Path, str]) -> None:
    """Each file is written beside itself first; then all take their places, or none does."""
    written: list[tuple[Path, Path, bytes]] = []
    done: list[tuple[Path, bytes]] = []
    try:
        for path, content in contents.items():
            target = Path(os.path.realpath(path))
            beside = target.with_name(f".{target.name}.{os.urandom(6).hex()}")
            beside.write_bytes(content.encode("utf-8", errors="surrogateescape"))
            shutil.copymode(target, beside)
            written.append((beside, target, target.read_bytes()))
        for beside, target, before in written:
            beside.replace(target)
            done.append((target, before))
    except BaseException:
        for target, before in done:
            target.write_bytes(before)
        raise
    finally:
        for beside, _, _ in written:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)


def _in_folder(finding: Finding, copy: Path, root: Path) -> Finding:
    """The finding with its places in the folder that was copied."""

    def moved(place: Place) -> Place:
        path = Path(place.file)
        inside = path.relative_to(copy) if path.is_relative_to(copy) else path
        return replace(place, file=str(root / inside))

    fix = finding.fix
    return replace(
        finding,
        place=moved(finding.place),
        related=tuple((moved(place), said) for place, said in finding.related),
        fix=None
        if fix is None
        else Fix(fix.says, tuple(replace(edit, place=moved(edit.place)) for edit in fix.edits)),
    )
