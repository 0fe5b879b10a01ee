"""What ``facts`` writes screens to the same decisions, whatever was read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from benchmarks.random_documents import random_documents
from tests.oracle.random_register import random_register

from fakturavakt.engines.choose import choose_engine
from fakturavakt.intake.contract_json import written_facts
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.json_documents import read_ndjson
from fakturavakt.intake.register import Register
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Screening

AS_OF = date(2021, 2, 2)


@pytest.mark.parametrize("seed", [11, 12])
def test_facts_screen_to_the_same_decisions(seed: int, tmp_path: Path) -> None:
    """With all that the register gave written out; ids and bad values as they were."""
    texts = list(random_documents(seed, 400))
    random_register(seed, tmp_path, texts)
    book = load_rulebook()
    engine = choose_engine(book, "reference", lambda _: None)
    first = Screening(book, AS_OF, engine, "nb", Register.load(tmp_path))
    again = Screening(book, AS_OF, engine, "nb")
    for document in read_ndjson((text.encode() for text in texts), "x"):
        assert isinstance(document, RawDocument)
        screened = first.screen(document)
        written = written_facts(screened.read, book.vocabulary)
        (reread,) = read_ndjson([written.encode()], "y")
        assert isinstance(reread, RawDocument)
        before, after = screened.decision.as_dict(), again.screen(reread).decision.as_dict()
        for key in ("document", "evidence"):
            del before[key], after[key]
        assert before == after
