"""The columnar engine gives the same decisions to the byte, whatever the rule book and the documents."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from benchmarks.random_documents import random_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bulk.columnar_answers import AS_OF, by_columns, by_rows, columns
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books

from fakturavakt.bulk.columnar_screening import ColumnarScreening
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.contract_json import written
from fakturavakt.intake.documents import RawDocument
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Screening

Tree: TypeAlias = Mapping[str, object]
slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


@settings(max_examples=25, deadline=None, suppress_health_check=slow)
@given(rule_books(), st.lists(documents(), min_size=1, max_size=12), st.sampled_from(["nb", "en"]))
def test_random_rule_books_and_documents(
    tmp_path: Path, drawn: DrawnRuleBook, tried: list[RawDocument], language: str
) -> None:
    """Random conditions of every form over facts of every type, good values and bad ones."""
    file = tmp_path / "drawn.ndjson"
    file.write_text("".join(f"{written(each.content)}\n" for each in tried), encoding="utf-8")
    with columns(drawn.book, language) as run:
        assert by_columns(run, file)[0] == by_rows(run, file)


@pytest.mark.parametrize("seed", [20261125, 8, 1814])
def test_the_shipped_rule_book_on_random_documents(seed: int, tmp_path: Path) -> None:
    """A thousand contract documents a seed, a third of them with bad values; many go by columns."""
    file = tmp_path / "random.ndjson"
    file.write_text("".join(f"{text}\n" for text in random_documents(seed, 1000)), encoding="utf-8")
    with columns(load_rulebook()) as run:
        found, in_columns = by_columns(run, file)
        assert found == by_rows(run, file)
        assert in_columns > 100


TEXTS = list(random_documents(31, 60))
SCRATCHES = [
    *(b"", b",", b'"', b"{", b"}", b"]", b"[", b":", b" ", b"\t", b"\r", b"0", b"-", b"e2"),
    *(b"null", b"NaN", b"\xff", b"\\", b"\\ud800", b'\\"', b'":{', b'":null', b"\x00"),
    *(b'"x":1,', b'"x":{"y":null},', b"\xef\xbb\xbf", b"\xc2\xa0", b"true", b"1e5"),
]


@settings(max_examples=60, deadline=None, suppress_health_check=slow)
@given(st.data())
def test_documents_with_holes_and_scratches(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes cut out, put in and changed: what DuckDB forgives, and what it cannot read, is told alike."""
    lines = []
    for _ in range(data.draw(st.integers(1, 6))):
        line = data.draw(st.sampled_from(TEXTS)).encode()
        start = data.draw(st.integers(0, len(line) - 1))
        length = data.draw(st.sampled_from([0, 0, 1, 2, 30]))
        scratch = data.draw(st.sampled_from(SCRATCHES))
        lines.append(line[:start] + scratch + line[start + length :])
    blank = data.draw(st.sampled_from([b"", b"\n", b"  \t\n", b"\r\n"]))
    file = tmp_path / "scratched.ndjson"
    file.write_bytes(blank + (data.draw(st.sampled_from([b"\n", b"\r\n"]))).join(lines))
    run = _shipped()
    assert by_columns(run, file)[0] == by_rows(run, file)


_SHARED: list[ColumnarScreening] = []


def _shipped() -> ColumnarScreening:
    """One for all examples: the statement is the same."""
    if not _SHARED:
        book = load_rulebook()
        _SHARED.append(ColumnarScreening(Screening(book, AS_OF, ReferenceEngine(book)), threads=1))
    return _SHARED[0]
