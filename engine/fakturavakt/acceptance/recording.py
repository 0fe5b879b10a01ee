"""A pytest plugin that writes down every document that scenarios decide: ``--record-documents FILE``.

Each line is ``{"as_of": "YYYY-MM-DD", "scenario": {…}, "document": {…}}``, the document after catalogue and
evidence, so that it says all that was known.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fakturavakt.acceptance.case import Case, watchers
from fakturavakt.intake.contract_json import written_facts
from fakturavakt.intake.fact_reader import ReadDocument

OPTION = "--record-documents"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The file that documents are added to."""
    parser.addoption(OPTION, metavar="FILE", help="write down what scenarios decide on")


_now: dict[str, object] = {}
"""The scenario that is running."""


def pytest_bdd_before_scenario(request: pytest.FixtureRequest, feature: Any, scenario: Any) -> None:  # noqa: ANN401, ARG001 (pytest-bdd's own)
    """Note whose documents come next."""
    _now.update(
        feature=feature.name,
        title=scenario.name,
        language=feature.language,
        file=feature.filename,
        line=scenario.line_number,
        steps=[step.name for step in scenario.steps],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Watch, where a file is named."""
    named = config.getoption(OPTION)
    if named is None:
        return
    file = Path(named)

    def write_down(case: Case, read: ReadDocument) -> None:
        document = written_facts(read, case.tested.book.vocabulary)
        with file.open("a", encoding="utf-8") as stream:
            scenario = json.dumps(_now, ensure_ascii=False, separators=(",", ":"))
            stream.write(
                f'{{"as_of":"{case.as_of}","scenario":{scenario},"document":{document}}}\n'
            )

    watchers.append(write_down)
