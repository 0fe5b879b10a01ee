"""The columnar engine gives the same decisions to the byte, whatever the rule book and the documents."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partialmethod
from pathlib import Path
from typing import TypeAlias

import pytest
from benchmarks.generate_documents import generate
from benchmarks.random_documents import random_documents
from benchmarks.rule_books import write_rule_book
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bulk.columnar_answers import AS_OF, by_columns, by_rows, columns, write_parquet
from tests.engines.random_rule_books import MOSTLY_GOOD, DrawnRuleBook, rule_books

from fakturavakt.bulk.columnar_screening import ColumnarScreening
from fakturavakt.engines.columnar import Columnar
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.engines.sql_dialects import DUCKDB
from fakturavakt.engines.sql_dialects import written as in_dialect
from fakturavakt.engines.sql_expressions import column
from fakturavakt.intake.contract_json import written
from fakturavakt.intake.document_table import DocumentTable
from fakturavakt.intake.documents import RawDocument
from fakturavakt.rulebook.in_force import has_days_in
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Screening

Tree: TypeAlias = Mapping[str, object]
slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


@settings(max_examples=16, deadline=None, suppress_health_check=slow)
@given(
    rule_books(),
    st.lists(MOSTLY_GOOD, min_size=1, max_size=12),
    st.sampled_from(["nb", "en"]),
    st.booleans(),
)
def test_random_rule_books_and_documents(
    tmp_path: Path,
    drawn: DrawnRuleBook,
    tried: list[RawDocument],
    language: str,
    look: bool,
) -> None:
    """Random conditions of every form over facts of every type, good values and bad ones; all rules asked, or
    those that are in force on the days of the documents.
    """
    file = tmp_path / "drawn.ndjson"
    file.write_text("".join(f"{written(each.content)}\n" for each in tried), encoding="utf-8")
    with columns(drawn.book, language, trials=True) as run:
        run.windows_worth_a_look = 0 if look else 1_000_000
        assert by_columns(run, file)[0] == by_rows(run, file)


def test_rules_out_of_force_are_not_asked_for(tmp_path: Path) -> None:
    """Sixty rules, of which three are in force in the month of the documents: the others are not in the
    statement, and the decisions are those of all sixty.
    """
    book = load_rulebook(write_rule_book(tmp_path / "rules", 60, 0.05))
    file = tmp_path / "documents.ndjson"
    generate(file, 400, 20261128)
    open_ = {rule.id for rule in book.rules.values() if has_days_in(rule.window, AS_OF, AS_OF)}
    assert 0 < len(open_) < 10
    with columns(book) as run:
        (chunk,) = run.cutter(tmp_path).chunks([str(file)])
        query, _ = run.asked_of(chunk)
        assert {rule.id for rule in book.rules.values() if f"{rule.id}" in query} == open_
        assert by_columns(run, file)[0] == by_rows(run, file)


@settings(max_examples=8, deadline=None, suppress_health_check=slow)
@given(rule_books(), st.lists(MOSTLY_GOOD, min_size=1, max_size=12), st.sampled_from(["nb", "en"]))
def test_keys_and_texts_in_sql(
    tmp_path: Path, drawn: DrawnRuleBook, tried: list[RawDocument], language: str
) -> None:
    """Random rule books by the statement that makes every key of a decision itself, as ``rules sql`` and
    Spark have it: what it says of a document without problems is what the reference engine says.
    """
    file = tmp_path / "drawn.ndjson"
    file.write_text("".join(f"{written(each.content)}\n" for each in tried), encoding="utf-8")
    columnar = Columnar(drawn.book, AS_OF, language, trials=True)
    keys = {"suspect": column("suspect"), **columnar.keys.decision()}
    statement = in_dialect(columnar.select(keys), DUCKDB)
    with columns(drawn.book, language, trials=True) as run:
        (chunk,) = run.cutter(tmp_path).chunks([str(file)])
        query = statement.replace("WITH ", f"WITH documents AS ({run.documents(chunk)}), ", 1)
        rows = run.connection.execute(
            f"SELECT suspect, to_json(d)::VARCHAR FROM ({query}) AS d"  # noqa: S608
        ).fetchall()
        for (suspect, said), expected in zip(rows, by_rows(run, file), strict=True):
            if not suspect:
                decision, found = json.loads(expected), json.loads(said)
                assert found.pop("suspect") is False
                assert found == {key: decision[key] for key in found}


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


@settings(max_examples=25, deadline=None, suppress_health_check=slow)
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
        _SHARED.append(ColumnarScreening(Screening(book, AS_OF, ReferenceEngine(book))))
    return _SHARED[0]


PLAIN = (
    '{"invoice":{"number":"2021-1","kind":"invoice","issue_date":"2021-02-01","due_date":"2021-02-15",'
    '"send_date":"2021-02-02","currency":"NOK","payable_amount":436.25,"payment_reference":"9780123459",'
    '"payee_account":"15032080119","attachments":1,"lines":[{"id":"1","description":"Strøm: «hel uke»",'
    '"service":"stream-hd","kind":"subscription","amount":349.00,"period_start":"2021-01-01",'
    '"consent":{"given":true,"informed":true,"explicit":true,"given_on":"2020-11-05"},'
    '"agreed":{"given":true,"given_on":"2020-11-05","amount":"349.00"}},'
    '{"id":"2","kind":"gift_request","amount":87.25,"gift_acceptance":{"given":true,"given_on":"2021-01-04",'
    '"withdrawn_on":null}}]},"sender":{"organisation_number":"974760673","efaktura_b2c_agreement":true},'
    '"recipient":{"kind":"person","name":"Navn Navnesen","mobile":"41234567","email":"a@example.no",'
    '"efaktura":false,"vipps":true},"relationship":{"agreement":true,"claim":false}}'
)
VALUES = [
    *("null", "true", '"true"', "0", "-0", "-1", "1.5", "1e2", "1.005", "349", "9999999999999.99"),
    *(
        "123456789012345",
        "1234567890123456",
        '""',
        '" "',
        '"x "',
        '"\\u00a0x"',
        '"\\u00f8"',
        '"\\n"',
    ),
    *('"\\"a\\":1"', '"a\\":null"', '"#1"', '"1"', '"2021-02-30"', '"2020-02-29"', '"2021-1-5"'),
    *(
        '"0000-01-01"',
        '"2021-02-02 "',
        '"person"',
        '"Person"',
        '"credit_note"',
        '"nok"',
        '"gave ﬁ"',
    ),
    *('"15032080118"', '"1503.20.80119"', '"974760674"', "974760673", '"9780123456"', '"123-"'),
    *(
        '"+4741234567"',
        '"004741234567"',
        '"+46701234567"',
        '"a@b@c"',
        '"349.005"',
        '"007.10"',
        "{}",
        "[]",
    ),
]
_VALUE = re.compile(r'"([a-z0-9_]+)":("[^"]*"|[-0-9.]+|true|false|null)')


@settings(max_examples=8, deadline=None, suppress_health_check=slow)
@given(st.data())
def test_documents_read_as_plain(tmp_path: Path, data: st.DataObject) -> None:
    """Where most documents are plain all are read as if they were: no odd value passes for a good one, and
    a key that is unknown, misplaced or there twice is noticed.
    """
    lines = [PLAIN]
    for _ in range(data.draw(st.integers(1, 6))):
        line = PLAIN
        for _ in range(data.draw(st.integers(0, 2))):
            found = data.draw(st.sampled_from(list(_VALUE.finditer(line))))
            value = data.draw(st.sampled_from(VALUES))
            key = data.draw(
                st.sampled_from([found[1], found[1], found[1], "amount", "kind", "xyz"])
            )
            again = data.draw(st.sampled_from(["", "", "", f",{found[0]}", ",", ", "]))
            line = f'{line[: found.start()]}"{key}":{value}{again}{line[found.end() :]}'
        lines.append(line)
    file = tmp_path / "plain.ndjson"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    run = _shipped()
    by_row = by_rows(run, file)
    read = DocumentTable.query
    for plainly in (True, False):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(DocumentTable, "query", partialmethod(read, plainly=plainly))
            found_, in_columns = by_columns(run, file)
        assert found_ == by_row
        assert in_columns > 0  # the first line at least


@pytest.mark.parametrize("day", ["0000-01-01", "10000-01-01", "infinity", "-infinity"])
def test_days_that_only_a_database_has(day: str, tmp_path: Path) -> None:
    """The days of a chunk are looked at though one is before or behind all that a date can be."""
    rows, lines = tmp_path / "days.parquet", tmp_path / "days.ndjson"
    in_duckdb = "0001-01-01 (BC)" if day.startswith("0000") else day
    write_parquet(
        "SELECT {'send_date': day} AS invoice, {'kind': 'person'} AS recipient "  # noqa: S608
        f"FROM (VALUES (DATE '{in_duckdb}'), (DATE '2021-02-02'), (NULL)) AS t(day)",
        rows,
    )
    # Where most documents are plain all are read as if they were.
    listed = [*[PLAIN] * 50, PLAIN.replace("2021-02-02", day)]
    lines.write_text("".join(f"{each}\n" for each in listed), encoding="utf-8")
    for file in (rows, lines):
        with columns(load_rulebook()) as run:
            run.windows_worth_a_look = 0
            assert by_columns(run, file)[0] == by_rows(run, file)
