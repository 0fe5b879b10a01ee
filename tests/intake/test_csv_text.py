"""CSV files as programs and spreadsheets write them, cut into records with their lines."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakturavakt.intake.csv_text import CsvRecord, CsvTextError, decoded, records


def cells(csv_text: str) -> list[tuple[str, ...]]:
    """The cells of every record."""
    return [record.cells for record in records(csv_text)]


def error_line(csv_text: str) -> int:
    """The line that a text is refused with."""
    with pytest.raises(CsvTextError) as caught:
        list(records(csv_text))
    return caught.value.line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_norwegian_letters_survive_every_usual_encoding(encoding: str) -> None:
    """Excel writes Windows-1252 or marked UTF-8, other programs plain UTF-8: all give the letters."""
    assert decoded("navn;sted\r\nÅse Bjørnø;Tromsø\r\n".encode(encoding)) == (
        "navn;sted\r\nÅse Bjørnø;Tromsø\r\n"
    )


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param("a;b\r\n".encode("utf-16"), 1, id="UTF-16 with its mark"),
        pytest.param("a;b\r\nå".encode("utf-16-be"), 1, id="UTF-16 without its mark"),
        pytest.param(b"a;b\r\n1;2\r\n3;\0", 3, id="NUL"),
        pytest.param(b"\xef\xbb\xbfa;b\n1;\xe5", 2, id="marked as UTF-8 and is not"),
        pytest.param(b"a;b\r1;\x81\xe5", 2, id="no character in Windows-1252"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_its_line(data: bytes, line: int) -> None:
    """Nothing is replaced or dropped: a wrong letter in a name would be a wrong name."""
    with pytest.raises(CsvTextError) as caught:
        decoded(data)
    assert caught.value.line == line
    assert caught.value.reason.say("nb") != caught.value.reason.say("en")


@given(st.text())
def test_any_text_comes_back_from_utf8(said: str) -> None:
    """UTF-8 is tried first, so that no text in UTF-8 is ever read as Windows-1252."""
    said = said.replace("\0", "").lstrip("\ufeff")
    assert decoded(said.encode()) == said


@pytest.mark.parametrize(
    ("csv_text", "expected"),
    [
        pytest.param("a,b\n1;2,3\n", [("a", "b"), ("1;2", "3")], id="comma"),
        pytest.param("a;b\n1,5;2\n", [("a", "b"), ("1,5", "2")], id="semicolon"),
        pytest.param('"a,b,c";d\n1;2\n', [("a,b,c", "d"), ("1", "2")], id="quoted commas"),
        pytest.param(' "x;y;z",b\n', [(' "x', "y", 'z",b')], id="no quote behind a space"),
        pytest.param("\n \t\na;b\n", [("a", "b")], id="blank lines before the header"),
        pytest.param("a\n1\n", [("a",), ("1",)], id="one column"),
        pytest.param('"a\nb;,";c\n', [("a\nb;,", "c")], id="a header over two lines"),
    ],
)
def test_the_header_tells_the_delimiter(csv_text: str, expected: list[tuple[str, ...]]) -> None:
    """Only the header counts, and only what stands outside of its quoted cells."""
    assert cells(csv_text) == expected


def test_a_record_is_named_by_the_line_that_it_begins_on() -> None:
    """An address of three lines in one cell is one record; an editor finds it by its first line."""
    found = list(records('a;b\r\n\r\n"Storgata 1\r\n0155 ""Oslo""\nNorge";1\r;\r\nx;2'))
    assert found == [
        CsvRecord(1, ("a", "b")),
        CsvRecord(3, ('Storgata 1\r\n0155 "Oslo"\nNorge', "1")),
        CsvRecord(6, ("", "")),
        CsvRecord(7, ("x", "2")),
    ]


@pytest.mark.parametrize("csv_text", ["", "\n\r\n", " \n\t\n\u00a0", '""\n'])
def test_a_text_of_blank_lines_has_no_records(csv_text: str) -> None:
    """Not even a header: the reader of the file says so."""
    assert cells(csv_text) == []


@pytest.mark.parametrize("separator", ["\u2028", "\x0b", "\x0c", "\x85", "\x1c"])
def test_only_line_ends_end_a_line(separator: str) -> None:
    """What Python also counts as a line end may stand in a name that was copied from a web page."""
    assert cells(f"a;b\nKari{separator}Nordmann;2\n")[1:] == [(f"Kari{separator}Nordmann", "2")]


def test_a_quotation_mark_that_is_never_closed_is_named_where_its_row_begins() -> None:
    """Otherwise one mark would swallow the rest of the file as one cell, in silence."""
    assert error_line('a;b\n1;2\n3;"fire\n5;6\n7;8\n') == 3
    assert error_line('"a;b\n1;2\n') == 1


def test_text_behind_a_closing_quotation_mark_is_refused() -> None:
    """``"Kari" Nordmann`` may be meant in two ways."""
    assert error_line('a;b\n1;2\n"Kari" Nordmann;4\n') == 3


def test_records_before_a_broken_one_are_given() -> None:
    """So that all that can be found wrong with them is found in one run."""
    found = records('a;b\n1;2\n"3')
    assert [next(found).cells, next(found).cells] == [("a", "b"), ("1", "2")]
    with pytest.raises(CsvTextError):
        next(found)


def test_a_cell_may_be_long_but_not_endless() -> None:
    """A million characters are read; ten times as many are a quotation mark that is missing."""
    long = "x" * 1_000_000
    assert cells(f'a;b\n"{long}";2\n')[1] == (long, "2")
    assert error_line('a;b\n"' + "x\n" * 5_000_000 + '";2\n') == 2


CELL = st.text(st.sampled_from('ab ,;"\r\n\u00a0æ\u2028'), max_size=6)


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5),
    st.sampled_from(",;"),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_a_writer_quotes_is_read_as_it_was(
    rows: list[list[str]], delimiter: str, line_end: str
) -> None:
    """Cells come back untouched; a record's line is one more than the line ends before it."""
    rows.insert(0, ["a", "b", "c"])
    written = io.StringIO(newline="")
    writer = csv.writer(
        written, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL
    )
    lines = []
    for row in rows:
        before = written.getvalue()
        lines.append(1 + before.count("\n") + before.count("\r") - before.count("\r\n"))
        writer.writerow(row)
    expected = [CsvRecord(line, tuple(row)) for line, row in zip(lines, rows, strict=True)]
    assert list(records(written.getvalue())) == expected


@given(st.text(st.sampled_from('ab,;"\r\n '), max_size=40))
def test_no_text_makes_the_reader_crash(csv_text: str) -> None:
    """Whatever stands in a file, it is records or a reason why not, and lines never go backwards."""
    lines = [0]
    try:
        lines.extend(record.line for record in records(csv_text))
    except CsvTextError as error:
        lines.append(error.line)
    assert lines == sorted(set(lines))
