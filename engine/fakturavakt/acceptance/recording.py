"""A pytest plugin that writes down every document that scenarios decide: ``--record-documents FILE``.

Each line is ``{"as_of": "YYYY-MM-DD", "document": {…}}``, the document after catalogue and evidence, so that
it is judged again without the register of its scenario. Loaded with ``-p fakturavakt.acceptance.recording``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fakturavakt.acceptance import case
from fakturavakt.acceptance.names import book_under_test
from fakturavakt.intake.contract_json import written_facts
from fakturavakt.intake.fact_reader import ReadDocument

OPTION = "--record-documents"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The file that documents are added to."""
    parser.addoption(OPTION, metavar="FILE", help="write down what scenarios decide on")


def pytest_configure(config: pytest.Config) -> None:
    """Watch, where a file is named."""
    named = config.getoption(OPTION)
    if named is None:
        return
    file = Path(named)

    def write_down(read: ReadDocument, as_of: date) -> None:
        document = written_facts(read, book_under_test().vocabulary)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(f'{{"as_of":"{as_of}","document":{document}}}\n')

    case.watchers.append(write_down)
