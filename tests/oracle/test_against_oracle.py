"""The program against an independent reading of the contract, on random documents.

The oracle (``contract_oracle.py``) was written from the contract alone, by somebody who had not seen the
code. Whatever the two disagree on is a mistake of one of them, or a sentence to be settled.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from benchmarks.random_documents import random_documents
from tests.oracle import contract_oracle
from tests.oracle.random_register import random_register

from fakturavakt.agreements import sender_agreements
from fakturavakt.engines.choose import choose_engine
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.json_documents import read_ndjson
from fakturavakt.intake.register import Register
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Screening

AS_OF = date(2021, 2, 2)


def without_texts(decision: Any) -> Any:  # noqa: ANN401 (JSON)
    """A decision without what is the rule book's own wording."""
    if isinstance(decision, dict):
        texts = {"message", "remedy", "source", "rulebook"}
        return {key: without_texts(value) for key, value in decision.items() if key not in texts}
    if isinstance(decision, list):
        return [without_texts(item) for item in decision]
    return decision


def screened(run: Screening, texts: list[str]) -> Iterator[Any]:
    """Our decisions as the contract's JSON, None for what is not readable."""
    for document in read_ndjson((text.encode() for text in texts), "x.ndjson"):
        if not isinstance(document, RawDocument):
            yield None
            continue
        decision = without_texts(json.loads(run.screen(document).decision.as_json()))
        # What suggests a kind is the rule book's own; that only unknown kinds get it is tested apart.
        decision["advice"] = [a for a in decision["advice"] if a["rule"] != "suggested-kind"]
        yield decision


@pytest.mark.parametrize("seed", [1, 42, 20181220])
@pytest.mark.parametrize("with_register", [False, True])
def test_decisions_are_the_oracles(seed: int, tmp_path: Path, *, with_register: bool) -> None:
    """Six hundred documents a seed, a third of them with bad values, with and without a register."""
    texts = list(random_documents(seed, 600))
    register = oracle_register = None
    if with_register:
        random_register(seed, tmp_path, texts)
        register = Register.load(tmp_path)
        oracle_register = contract_oracle.Register.load(tmp_path)
    book = load_rulebook()
    run = Screening(book, AS_OF, choose_engine(book, "auto", lambda _: None), "nb", register)
    for position, (text, ours) in enumerate(zip(texts, screened(run, texts), strict=True), start=1):
        expected = contract_oracle.decide(
            text, file="x.ndjson", position=position, as_of=AS_OF, register=oracle_register
        )
        assert ours == json.loads(json.dumps(expected)), text
    run.engine.close()


@pytest.mark.parametrize("seed", [5, 6])
def test_only_lines_without_a_kind_are_given_a_suggestion(seed: int) -> None:
    """Whatever the words suggest."""
    book = load_rulebook()
    run = Screening(book, AS_OF, choose_engine(book, "reference", lambda _: None))
    for text in random_documents(seed, 300):
        (document,) = read_ndjson([text.encode()], "x")
        if not isinstance(document, RawDocument):
            continue
        kindless = contract_oracle.lines_without_kind(text, as_of=AS_OF)
        for advice in run.screen(document).decision.advice:
            if advice.rule == "suggested-kind":
                assert set(advice.missing) <= {f"line[{line}].kind" for line in kindless}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_agreements_are_the_oracles(seed: int, tmp_path: Path) -> None:
    """Actions, benefits, routes, missing facts and problems of every sender."""
    texts = list(random_documents(seed, 300))
    random_register(seed, tmp_path, texts)
    register = Register.load(tmp_path)
    book = load_rulebook()
    run = Screening(book, AS_OF, choose_engine(book, "reference", lambda _: None), "nb", register)
    facts = [
        run.reader.read(document).facts
        for document in read_ndjson((text.encode() for text in texts), "x")
        if isinstance(document, RawDocument)
    ]
    answers = sender_agreements(facts, book, AS_OF, "nb", lambda _: None)
    ours = [without_texts(json.loads(answer.as_json())) for answer in answers]
    expected = contract_oracle.agreements(
        texts, as_of=AS_OF, register=contract_oracle.Register.load(tmp_path)
    )
    assert ours == json.loads(json.dumps(expected))
