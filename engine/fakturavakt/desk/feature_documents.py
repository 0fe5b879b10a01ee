"""The documents that features decide on: the scenarios are run, and what they screen is written down.

Promises: nothing of Gherkin is read here; a scenario's document is the one that its steps made.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from fakturavakt.acceptance.pytest_settings import (
    NOT_INSTALLED,
    PYTEST_ARGUMENTS,
    PYTEST_ENVIRONMENT,
    features_can_run,
)
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.json_documents import read_line
from fakturavakt.texts import Text, text

_SHOWN: Final = 15
"""Lines of the test run's end that are shown where scenarios fail."""
NOT_RUN: Final = text(
    "Scenariene er ikke kjørt: det trengs pip install 'fakturavakt[acceptance]'.",
    "The features were not run: that takes pip install 'fakturavakt[acceptance]'.",
)
"""Where they are run if they can be, and go without saying if not."""


class FeaturesError(Exception):
    """Scenarios that cannot run, or that fail; ``reason`` says what to do."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


@dataclass(frozen=True, slots=True)
class Scenario:
    """Whose document it is. ``file`` lies in the folder of features, ``language`` is Gherkin's own code, and
    ``steps`` are the scenario's, those of its background first, as they stand.
    """

    feature: str
    title: str
    language: str
    file: str
    line: int
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeatureDocument:
    """A document that a scenario decided on, after catalogue and evidence, and its screening date."""

    raw: RawDocument
    as_of: date
    scenario: Scenario


def features_of(rules: Path, features: Path | None = None) -> Path:
    """The folder of features of the rule book in ``rules``: the one that was named, else that beside it."""
    return features or rules.resolve().parent / "features"


def has_features(folder: Path) -> bool:
    """Whether there is any."""
    return folder.is_dir() and any(folder.rglob("*.feature"))


def feature_documents(features: Path, rules: Path) -> tuple[FeatureDocument, ...]:
    """Run every scenario in ``features`` against the rule book in ``rules``; what they decided on.

    Raises :class:`FeaturesError` where they cannot run, or where one fails: what a broken scenario puts to
    the test is nobody's guess.
    """
    with tempfile.TemporaryDirectory(prefix="fakturavakt-") as name:
        record = Path(name) / "documents.ndjson"
        record.touch()
        recording = ("-p", "fakturavakt.acceptance.recording", "--record-documents", str(record))
        done = subprocess.run(  # noqa: S603 (our own interpreter, and no shell)
            command(features, rules, *recording),
            env=environment(),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            raise failing(features, done.stdout)
        return tuple(_documents(record, features.resolve()))


def command(features: Path, rules: Path, *options: str) -> list[str]:
    """What runs every scenario in ``features`` against the rule book in ``rules``, by pytest.

    Raises :class:`FeaturesError` where scenarios cannot run.
    """
    if not features_can_run():
        raise FeaturesError(NOT_INSTALLED)
    return [
        *(sys.executable, "-m", "pytest", *PYTEST_ARGUMENTS, *options),
        *("--fakturavakt-rules", str(rules.resolve()), str(features.resolve())),
    ]


def environment() -> dict[str, str]:
    """For the process that runs them."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **PYTEST_ENVIRONMENT}


def failing(features: Path, output: str) -> FeaturesError:
    """What to say where scenarios do not pass: the end of what the run said."""
    end = "\n".join(output.splitlines()[-_SHOWN:])
    return FeaturesError(_FAILING.filled(folder=features, end=end))


_AS_OF: Final = len('{"as_of":"')
_SCENARIO: Final = len('{"as_of":"YYYY-MM-DD","scenario":')
_DOCUMENT: Final = len(',"document":')


def _documents(record: Path, features: Path) -> Iterator[FeatureDocument]:
    """As the recording writes them: the day, the scenario, and then the document up to the last bracket."""
    with record.open(encoding="utf-8") as lines:
        for position, line in enumerate(lines, start=1):
            as_of = date.fromisoformat(line[_AS_OF : _AS_OF + 10])
            told, end = json.JSONDecoder().raw_decode(line, _SCENARIO)
            document = line.rstrip("\n")[end + _DOCUMENT : -1].encode()
            raw = read_line(document, position, DocumentSource("features", position))
            assert isinstance(raw, RawDocument)  # the recording wrote it
            file = Path(told["file"])
            within = file.relative_to(features) if file.is_relative_to(features) else file
            steps = tuple(told["steps"])
            scenario = Scenario(**{**told, "file": within.as_posix(), "steps": steps})
            yield FeatureDocument(raw, as_of, scenario)


_FAILING: Final = text(
    "Scenariene i {folder} går ikke gjennom, så det er ikke til å si hva de prøver. Rett dem først:\n{end}",
    "The scenarios in {folder} do not pass, so there is no saying what they put to the test. Mend them "
    "first:\n{end}",
)
