"""A decision that somebody disagrees with becomes a case that comes out the same, and tells of nobody."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from benchmarks.random_documents import random_documents
from hypothesis import HealthCheck, given, settings
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books

from fakturavakt.desk.case_run import Status, run_cases
from fakturavakt.desk.case_writing import quoted, written_table
from fakturavakt.desk.disputed_decision import (
    DisputeError,
    disputed_case,
    document_of,
    one_decision,
    read_decisions,
)
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.json_documents import read_ndjson
from fakturavakt.intake.register import Register
from fakturavakt.rulebook.case_files import load_cases
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screening
from fakturavakt.shipped import shipped_folder

AS_OF = date(2021, 2, 2)
BOOK = load_rulebook()
SAMPLES = shipped_folder("samples")
PERSONAL = [fact.name for fact in BOOK.vocabulary if fact.personal]


def decided(book: RuleBook, raw: RawDocument, register: Register | None = None) -> str:
    """The decision, as it is printed."""
    return (
        Screening(book, AS_OF, ReferenceEngine(book), "en", register).screen(raw).decision.as_json()
    )


def comes_out_the_same(book: RuleBook, raw: RawDocument, folder: Path) -> str:
    """The table of a document's case, read back and run: nothing deviates."""
    (disputed,) = read_decisions(decided(book, raw))
    case = disputed_case(book, disputed, raw, None, None)
    table = written_table([case], book.vocabulary, ())
    (folder / "x.test.yaml").write_text(table, encoding="utf-8")
    read = load_cases(folder, book)
    assert dict(read.cases[0].slots) == dict(case.changes)
    done = run_cases(book, read.cases, engines=())
    assert [each.status for each in done.results] == [Status.UNCONFIRMED]
    return table


@pytest.mark.parametrize("seed", [1, 20261125])
def test_the_case_of_any_document_comes_out_as_it_did(seed: int, tmp_path: Path) -> None:
    """Good values, bad values, lines without ids and lists without lines; and no value of a person's."""
    lines = (line.encode() for line in random_documents(seed, 300))
    tried = 0
    for raw in read_ndjson(lines, "random.ndjson"):
        if not isinstance(raw, RawDocument):
            continue
        table = comes_out_the_same(BOOK, raw, tmp_path)
        read = Screening(BOOK, AS_OF, ReferenceEngine(BOOK)).screen(raw).read
        for fact in PERSONAL:
            value = read.invoice.stated.get(fact)
            if isinstance(value, str) and len(value) > 5 and value != "+4791234567":
                assert value not in table
        tried += 1
    assert tried > 200


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
@given(rule_books(), documents())
def test_with_any_rule_book_it_comes_out_the_same_or_is_refused(
    tmp_path: Path, drawn: DrawnRuleBook, raw: RawDocument
) -> None:
    """What cannot be written without more of the document is refused in words."""
    try:
        comes_out_the_same(drawn.book, raw, tmp_path)
    except DisputeError as error:
        assert "by hand" in error.reason.say("en")  # noqa: PT017 (only now and then)


def test_with_the_register_the_evidence_is_written_out(tmp_path: Path) -> None:
    """The case needs no register; without one, the register is asked for."""
    register = Register.load(SAMPLES / "evidence")
    run = Screening(BOOK, AS_OF, ReferenceEngine(BOOK), "nb", register)
    used = 0
    for raw in run.documents([str(SAMPLES / "01-efaktura.xml"), str(SAMPLES / "10-avis.ndjson")]):
        assert isinstance(raw, RawDocument)
        (disputed,) = read_decisions(decided(BOOK, raw, register))
        case = disputed_case(BOOK, disputed, raw, register, None)
        (tmp_path / "x.test.yaml").write_text(
            written_table([case], BOOK.vocabulary, ()), encoding="utf-8"
        )
        (result,) = run_cases(BOOK, load_cases(tmp_path, BOOK).cases, engines=()).results
        assert result.status is Status.UNCONFIRMED
        if disputed.uses_evidence:
            used += 1
            with pytest.raises(DisputeError) as raised:
                disputed_case(BOOK, disputed, raw, None, None)
            assert "--evidence" in raised.value.reason.say("nb")
    assert used


def document(**invoice: Any) -> RawDocument:  # noqa: ANN401 (any JSON value)
    """A small document."""
    content = json.dumps({"invoice": {"number": "7", **invoice}, "recipient": {"kind": "person"}})
    (raw,) = read_ndjson([content.encode()], "x.ndjson")
    assert isinstance(raw, RawDocument)
    return raw


def test_another_document_than_was_decided_on_is_refused() -> None:
    """By the same rule book it would have to give the same decision."""
    (disputed,) = read_decisions(decided(BOOK, document()))
    with pytest.raises(DisputeError) as raised:
        disputed_case(BOOK, disputed, document(kind="credit_note"), None, None)
    assert "--document" in raised.value.reason.say("nb")


def test_what_should_have_come_out_is_expected_and_confirmed(tmp_path: Path) -> None:
    """It fails until the rules say so."""
    (disputed,) = read_decisions(decided(BOOK, document()))
    case = disputed_case(BOOK, disputed, document(), None, "send")
    table = written_table([case], BOOK.vocabulary, ())
    (tmp_path / "x.test.yaml").write_text(table, encoding="utf-8")
    (result,) = run_cases(BOOK, load_cases(tmp_path, BOOK).cases, engines=()).results
    assert result.status is Status.FAILED
    assert "confirmed" not in table


def test_decisions_are_read_in_every_form_that_is_printed() -> None:
    """One object, a line each, a list, and the report."""
    one = decided(BOOK, document())
    for content in (one, f"{one}\n{one}\n", f"[{one}]", f'{{"schema":1,"decisions":[{one}]}}'):
        found = read_decisions(content)
        assert found[0].invoice == "7"
        assert len(found) == content.count('"invoice":"7"')
    for content in ("", "3", "[]x", '{"decisions": [{}]}', "[" * 100_000):
        with pytest.raises(DisputeError):
            one_decision(read_decisions(content), None)
    two = read_decisions(f"{one}\n{one}\n")
    for invoice, said in ((None, "--invoice"), ("7", "--invoice"), ("8", "no decision")):
        with pytest.raises(DisputeError) as raised:
            one_decision(two, invoice)
        assert said in raised.value.reason.say("en")


def test_a_document_is_found_beside_the_decisions_or_asked_for(tmp_path: Path) -> None:
    """A decision does not itself say what stood in the invoice."""
    (disputed,) = read_decisions(decided(BOOK, document()))
    decisions = tmp_path / "decisions.ndjson"
    with pytest.raises(DisputeError) as raised:
        document_of(disputed, decisions, None, BOOK)
    assert "--document" in raised.value.reason.say("en")
    content = '{"invoice": {"number": "7"}}\n'
    (tmp_path / "x.ndjson").write_text(content, encoding="utf-8")
    assert document_of(disputed, decisions, None, BOOK).content == {"invoice": {"number": "7"}}
    (tmp_path / "y.ndjson").write_text(content, encoding="utf-8")
    assert document_of(disputed, decisions, str(tmp_path / "y.ndjson"), BOOK).source.position == 1


@pytest.mark.parametrize("title", ['"', "\\", "a\x85b", "a\ufeffb", "a: b # c", "🧾", "\x7f", "ja"])
def test_any_title_is_read_back(tmp_path: Path, title: str) -> None:
    """Whatever an invoice is called."""
    table = f"cases:\n  - case: {quoted(title)}\n    as_of: 2021-02-02\n    expect: {{decision: hold}}\n"
    (tmp_path / "x.test.yaml").write_text(table, encoding="utf-8")
    (case,) = load_cases(tmp_path, BOOK).cases
    assert case.title == title
