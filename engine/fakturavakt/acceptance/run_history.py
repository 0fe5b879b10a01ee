"""The history of acceptance runs: a file of one line of JSON a run, which runs add to.

Promises: a run is added whole or not at all; a line that is no run is a problem with its place, never left
out in silence. Of scenarios only the names of those that failed are kept.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any, Final

from fakturavakt.acceptance.run_result import AcceptanceRun, Status
from fakturavakt.problems import Place, Problem, ProblemsError
from fakturavakt.texts import Text, text


class HistoryError(ProblemsError):
    """Every line of a history that is no run, with its place."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What is kept of a run; ``failing`` are the names of scenarios that failed, each once."""

    started: str
    program: str
    rulebook: str
    version: str
    passed: int
    failed: int
    not_run: int
    failing: tuple[str, ...]

    @property
    def moment(self) -> datetime:
        """When it started."""
        return datetime.fromisoformat(self.started)


def record_of(run: AcceptanceRun) -> RunRecord:
    """What is kept of ``run``."""
    failing = (each.name for each in run.scenarios() if each.status is Status.FAILED)
    return RunRecord(
        started=run.started.isoformat(timespec="seconds"),
        program=run.program,
        rulebook=run.rulebook,
        version=run.version,
        passed=run.count(Status.PASSED),
        failed=run.count(Status.FAILED),
        not_run=run.count(Status.NOT_RUN),
        failing=tuple(dict.fromkeys(failing)),
    )


def with_run(history: Sequence[RunRecord], run: AcceptanceRun) -> tuple[RunRecord, ...]:
    """The history with ``run`` at its end, whether or not it was added already; none where none is kept."""
    own = record_of(run)
    earlier = tuple(each for each in history if each != own)
    return (*earlier, own) if history else ()


def append_run(file: Path, run: AcceptanceRun) -> None:
    """Add a run, with one write at the end of the file, which is made where it is not there.

    A line that was left unfinished is ended first, so that it spoils only itself. Raises :class:`OSError`,
    with the file as it was.
    """
    line = json.dumps(asdict(record_of(run)), ensure_ascii=True, separators=(",", ":"))
    with file.open("a+b", buffering=0) as stream, _alone(stream):
        size = stream.seek(0, os.SEEK_END)
        written = f"{line}\n".encode("ascii")
        if size and _last_byte(stream) != b"\n":
            written = b"\n" + written
        try:
            if stream.write(written) != len(written):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
            os.fsync(stream.fileno())
        except OSError:
            with suppress(OSError):  # the first reason is the one to tell
                stream.truncate(size)
            raise


@contextmanager
def _alone(stream: FileIO) -> Iterator[None]:
    """Two runs that end at once add their lines one after the other; where the system has no such lock, they
    do so by luck, and a mixed line is told of when it is read.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    fcntl.flock(stream, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(stream, fcntl.LOCK_UN)


def _last_byte(stream: FileIO) -> bytes:
    stream.seek(-1, os.SEEK_END)
    return stream.read(1)


def read_history(file: Path) -> tuple[RunRecord, ...]:
    """All runs, in the order in which they were added; none where there is no such file.

    Raises :class:`HistoryError` with every line that is no run, and :class:`OSError`.
    """
    if not file.exists():
        return ()
    found: list[RunRecord] = []
    problems: list[Problem] = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        try:
            found.append(_record(line))
        except _NoRunError as error:
            problems.append(
                Problem(Place(str(file), number, error.column), "no-run", error.wrong, _MEND)
            )
    if problems:
        raise HistoryError(problems)
    return tuple(found)


_MEND: Final = text(
    "Ta linjen bort, eller hent filen fra en sikkerhetskopi.",
    "Remove the line, or take the file from a backup.",
)
_TYPES: Final[Mapping[str, type]] = {
    "started": str,
    "program": str,
    "rulebook": str,
    "version": str,
    "passed": int,
    "failed": int,
    "not_run": int,
    "failing": list,
}


class _NoRunError(Exception):
    def __init__(self, wrong: Text, column: int = 1) -> None:
        self.wrong = wrong
        self.column = column
        super().__init__(wrong.say("en"))


def _record(line: bytes) -> RunRecord:
    try:
        found = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _NoRunError(_NO_TEXT, error.start + 1) from None
    except json.JSONDecodeError as error:
        raise _NoRunError(_NO_JSON, error.colno) from None
    except RecursionError:
        raise _NoRunError(_NO_JSON) from None
    if not isinstance(found, dict) or found.keys() != _TYPES.keys():
        keys = ", ".join(_TYPES)
        raise _NoRunError(_NO_KEYS.filled(keys=keys))
    for key, expected in _TYPES.items():
        if not _fits(key, found[key], expected):
            raise _NoRunError(_NO_VALUE.filled(key=key))
    return RunRecord(**{**found, "failing": tuple(found["failing"])})


def _fits(key: str, value: Any, expected: type) -> bool:  # noqa: ANN401 (JSON)
    if not isinstance(value, expected) or isinstance(value, bool):
        return False
    if isinstance(value, int):
        return value >= 0
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    if key == "started" and isinstance(value, str):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return False
    return True


_NO_TEXT: Final = text("Linjen er ikke UTF-8.", "The line is not UTF-8.")
_NO_JSON: Final = text("Linjen er ikke JSON.", "The line is not JSON.")
_NO_KEYS: Final = text(
    "Linjen er ingen kjøring; en kjøring har {keys}.", "The line is no run; a run has {keys}."
)
_NO_VALUE: Final = text(
    "«{key}» har ikke en verdi som en kjøring har.", "“{key}” has no value that a run has."
)
