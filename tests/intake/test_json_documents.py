"""JSON and NDJSON: one document by itself, numbers as written, hostile input in a message."""

from __future__ import annotations

import json

import pytest
from benchmarks.random_documents import random_documents
from hypothesis import given
from hypothesis import strategies as st

from fakturavakt.intake.documents import FIRST_READING, RawDocument, Unreadable
from fakturavakt.intake.json_documents import read_json, read_ndjson
from fakturavakt.vocabulary.forms import Flaw, JsonNumber


def kinds(read: list[RawDocument | Unreadable]) -> str:
    """``d`` for a document, ``u`` for one that is not readable, in order."""
    return "".join("d" if isinstance(each, RawDocument) else "u" for each in read)


def test_numbers_stay_as_they_were_written() -> None:
    """No float touches an amount."""
    (document,) = read_json(
        b'{"a": 99999999999999.99, "b": 1e2, "c": 007e0}'.replace(b"007", b"7"), "x"
    )
    assert isinstance(document, RawDocument)
    assert document.content == {
        "a": JsonNumber("99999999999999.99"),
        "b": JsonNumber("1e2"),
        "c": JsonNumber("7e0"),
    }


def test_a_number_of_any_length_is_read() -> None:
    """Python refuses to read over 4,300 digits at once."""
    (document,) = read_json(b'{"a": ' + b"9" * 10_000 + b"}", "x")
    assert isinstance(document, RawDocument)


@pytest.mark.parametrize(
    ("element", "place"),
    [
        (b"7", "/1"),
        (b"null", "/1"),
        (b"[]", "/1"),
        (b'{"a": 1, "a": 2}', "/1"),
        (b'{"invoice": {"lines": [{"id": 1, "id": 1}]}}', "/1/invoice/lines/0"),
    ],
)
def test_one_bad_element_rejects_only_itself(element: bytes, place: str) -> None:
    """The other documents of the list are read, and positions count on."""
    read = list(read_json(b'[{"a": 1}, ' + element + b', {"b": 2}]', "x"))
    assert kinds(read) == "dud"
    bad = read[1]
    assert isinstance(bad, Unreadable)
    assert bad.place == place
    assert [each.source.position for each in read] == [1, 2, 3]


def test_broken_syntax_costs_what_follows_and_says_where() -> None:
    """Line and column of the break; what came before it is read."""
    read = list(read_json(b'[{"a": 1},\n {"b": }, {"c": 1}]', "x"))
    assert kinds(read) == "du"
    assert isinstance(read[1], Unreadable)
    assert read[1].place == "2:8"


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"nonsense", b"{", b'{"a": NaN}', b"\xff{}", b"[1", b"[{}"]
)
def test_what_is_no_document_is_rejected(data: bytes) -> None:
    """Always with a place and a reason in both languages."""
    read = list(read_json(data, "x"))
    assert isinstance(read[-1], Unreadable)
    assert read[-1].place
    assert read[-1].reason.say("nb") != read[-1].reason.say("en")


def test_more_after_a_document_hints_at_ndjson() -> None:
    """Two documents in a .json file are a mistake, not one document."""
    (read,) = read_json(b'{"a": 1}\n{"a": 2}', "x")
    assert isinstance(read, Unreadable)
    assert ".ndjson" in read.reason.say("en")


@pytest.mark.parametrize(
    "deep", [b'{"a":' * 100_000, b"[" * 100_000, b'{"a":' * 80 + b"1" + b"}" * 80]
)
def test_deep_nesting_is_rejected(deep: bytes) -> None:
    """Whether the parser gives up or we do."""
    assert kinds(list(read_json(deep, "x"))) == "u"
    assert kinds(list(read_ndjson([deep, b'{"a": 1}'], "x"))) == "ud"


def test_ndjson_counts_documents_not_lines() -> None:
    """Blank lines have no position, unreadable documents have one; places are physical lines."""
    lines = [b"\n", b'{"a": 1}\n', b"  \r\n", b"{\n", b'{"a": 1} x\n', b'{"b": 2}']
    read = list(read_ndjson(lines, "x"))
    assert kinds(read) == "duud"
    assert [each.source.position for each in read] == [1, 2, 3, 4]
    assert [each.place for each in read if isinstance(each, Unreadable)] == ["4:2", "5:10"]


def test_a_byte_order_mark_is_accepted() -> None:
    """Windows programs write one."""
    assert kinds(list(read_json(b"\xef\xbb\xbf{}", "x"))) == "d"
    assert kinds(list(read_ndjson([b"\xef\xbb\xbf{}"], "x"))) == "d"


def test_problems_written_by_facts_come_back_as_flaws() -> None:
    """Only well-formed ones, and the key is no part of the document."""
    problems = [
        {"fact": "invoice.due_date", "code": "conflict"},
        {"fact": "line[1].amount", "code": "form"},
        {"fact": "x", "code": "no_lines"},
        {"fact": 7, "code": "form"},
        "x",
    ]
    (document,) = read_json(json.dumps({FIRST_READING: problems}).encode(), "x")
    assert isinstance(document, RawDocument)
    assert document.content == {}
    assert document.flaws == {"invoice.due_date": Flaw.CONFLICT, "line[1].amount": Flaw.FORM}


def test_a_documents_own_problems_are_a_key_like_any_other_unknown_one() -> None:
    """Another program's word for its troubles makes no fact unknown."""
    written = {"problems": [{"fact": "recipient.kind", "code": "form"}]}
    (document,) = read_json(json.dumps(written).encode(), "x")
    assert isinstance(document, RawDocument)
    assert document.flaws == {}
    assert "problems" in document.content


@pytest.mark.parametrize(
    "broken", ['{"a":1,"a":2}', '{"a":NaN}', "[" * 200_000 + "]" * 200_000, "5"]
)
def test_a_broken_element_costs_only_itself(broken: str) -> None:
    """As long as it can be seen where it ends."""
    assert kinds(list(read_json(f"[{broken},{{}}]".encode(), "x"))) == "ud"


def test_a_comma_too_many_is_told() -> None:
    """A list that ends in one may have lost its last document."""
    assert kinds(list(read_json(b"[{},]", "x"))) == "du"


def test_a_key_that_stands_twice_is_told_with_its_line() -> None:
    """And with a pointer to the object."""
    found = list(read_ndjson([b"{}\n", b'{"invoice":{"number":"1","number":"2"}}\n'], "x"))
    assert [each.place for each in found if isinstance(each, Unreadable)] == ["2:1 /invoice"]


def test_list_and_lines_give_the_same_documents() -> None:
    """The same documents as one list and one a line."""
    texts = list(random_documents(4, 50))
    listed = list(read_json(("[" + ",".join(texts) + "]").encode(), "x"))
    assert listed == list(read_ndjson([text.encode() for text in texts], "x"))


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_no_input_ends_in_a_crash(data: bytes) -> None:
    """Arbitrary bytes are documents or are rejected."""
    for read in (read_json(data, "x"), read_ndjson([data], "x")):
        assert all(isinstance(each, (RawDocument, Unreadable)) for each in read)
