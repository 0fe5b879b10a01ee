"""Scenarios, run by pytest from within the program: the same that ``pytest`` finds in the same place.

Promises: the project's own settings and ``conftest.py`` hold; no other plugin that happens to be installed
has a say; nothing is written anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from fakturavakt import __version__
from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.feature_syntax import scenario_count
from fakturavakt.acceptance.pytest_settings import PYTEST_ARGUMENTS, PYTEST_ENVIRONMENT
from fakturavakt.acceptance.run_recorder import RunRecorder
from fakturavakt.acceptance.run_result import AcceptanceRun
from fakturavakt.problems import Problem
from fakturavakt.screening import OSLO
from fakturavakt.texts import Text, text


class AcceptanceError(Exception):
    """Scenarios that could not be run at all; ``reason`` says why, and what to do."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run, and the ``problems`` of its features: where there are any, nothing of theirs was run."""

    run: AcceptanceRun
    problems: tuple[Problem, ...]


def run_features(
    files: Sequence[Path], tested: BookUnderTest, language: str, *, only_lint: bool = False
) -> Outcome:
    """Run every scenario in ``files`` against a rule book, or only collect and lint them.

    Raises :class:`AcceptanceError` where pytest cannot start: a ``conftest.py`` or a setting is wrong.
    """
    recorder = RunRecorder(Path.cwd(), tested)
    started = datetime.now(ZoneInfo(OSLO))
    clock = perf_counter()
    arguments = [*PYTEST_ARGUMENTS, "-p", "no:terminal", *(["--collect-only"] * only_lint)]
    said = StringIO()
    with (
        _environment({**PYTEST_ENVIRONMENT, "FAKTURAVAKT_LANG": language}),
        redirect_stdout(said),
        redirect_stderr(said),
    ):
        pytest.main([*arguments, *map(str, files)], plugins=[recorder])
    problems = tuple(sorted(recorder.problems))
    if not recorder.collected and not problems:
        raise AcceptanceError(_NOT_STARTED.filled(said=said.getvalue().strip()))
    features = recorder.features()
    if not problems:
        _check_all_were_found(files, sum(len(each.scenarios) for each in features))
    run = AcceptanceRun(
        program=f"fakturavakt {__version__}",
        rules=tested.folder,
        rulebook=tested.book.name,
        version=tested.book.version,
        engines=tested.engines,
        started=started,
        seconds=perf_counter() - clock,
        features=features,
    )
    return Outcome(run, problems)


def _check_all_were_found(files: Sequence[Path], found: int) -> None:
    """That as many scenarios were found as stand in the files: whatever took one away, it is not green."""
    written = sum(map(scenario_count, files))
    if written != found:
        raise AcceptanceError(_NOT_ALL_FOUND.filled(written=written, found=found))


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


_NOT_ALL_FOUND: Final = text(
    "I filene står det {written} scenarier, og pytest fant {found}. Se etter «collect_ignore» og lignende i "
    "conftest.py.",
    "The files have {written} scenarios, and pytest found {found}. Look for “collect_ignore” and the like in "
    "conftest.py.",
)
_NOT_STARTED: Final = text(
    "Scenariene kunne ikke kjøres. pytest sier:\n{said}",
    "The scenarios could not be run. pytest says:\n{said}",
)
