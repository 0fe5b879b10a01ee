"""CSV documents: grouping, forms of cells, rows that disagree, rows that do not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakturavakt.intake.csv_documents import read_csv
from fakturavakt.intake.documents import RawDocument, Unreadable
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.texts import Text
from fakturavakt.vocabulary.forms import Flaw, JsonNumber

VOCABULARY = load_rulebook().vocabulary


def read(text: str | bytes) -> tuple[list[RawDocument | Unreadable], list[str]]:
    """The documents of a CSV file, and the warnings."""
    told: list[Text] = []
    data = text if isinstance(text, bytes) else text.encode()
    found = list(read_csv(data, "a.csv", VOCABULARY, told.append))
    return found, [said.say("en") for said in told]


def documents(text: str | bytes) -> list[RawDocument]:
    """Those that could be read."""
    return [each for each in read(text)[0] if isinstance(each, RawDocument)]


def test_rows_of_one_invoice_become_its_lines() -> None:
    """Grouped by sender and number wherever they stand; a document stands where its first row does."""
    found = documents(
        "sender.organisation_number,invoice.number,line.id\n"
        "974760673,2,a\n974760673,1,b\n974 760 673,2,c\n923609016,2,d\n"
    )
    assert [
        (each.content["invoice"], [line["id"] for line in each.content["invoice"]["lines"]])  # type: ignore[index]
        for each in found
    ] == [
        ({"number": "2", "lines": [{"id": "a"}, {"id": "c"}]}, ["a", "c"]),
        ({"number": "1", "lines": [{"id": "b"}]}, ["b"]),
        ({"number": "2", "lines": [{"id": "d"}]}, ["d"]),
    ]
    assert [each.source.position for each in found] == [1, 2, 3]


def test_a_row_without_a_number_is_an_invoice_of_its_own() -> None:
    """Two such rows are two invoices."""
    assert len(documents("invoice.number,line.id\n,a\n,b\n")) == 2


@pytest.mark.parametrize("cells", [("person", "person "), ("person ", "person")])
def test_a_bad_cell_beside_a_good_one_disagrees(cells: tuple[str, str]) -> None:
    """In whatever order the rows come: a bad value is never dropped for a good one."""
    (document,) = documents(
        f"invoice.number;recipient.kind;line.id\n1;{cells[0]};1\n1;{cells[1]};2\n"
    )
    assert document.flaws["recipient.kind"] is Flaw.CONFLICT


def test_rows_that_disagree_make_a_fact_of_the_invoice_a_conflict() -> None:
    """The same amount written in two ways agrees, and a blank cell says nothing."""
    (document,) = documents(
        "invoice.number;invoice.payable_amount;invoice.currency;invoice.due_date\n"
        "1;349,00;NOK;2021-02-15\n1;349.0;EUR;\n1;;NOK;2021-02-15\n"
    )
    assert document.flaws == {"invoice.currency": Flaw.CONFLICT}
    invoice = document.content["invoice"]
    assert isinstance(invoice, dict)
    assert invoice["payable_amount"] == "349.00"
    assert invoice["due_date"] == "2021-02-15"


def test_cells_are_read_by_the_forms_of_csv() -> None:
    """Yes and no in words, a decimal comma, a count of digits; three decimals are no guess."""
    (document,) = documents(
        "invoice.number;invoice.attachments;relationship.agreement;relationship.claim;line.amount\n"
        "1;2;JA;kanskje;1.200\n"
    )
    assert document.content == {
        "invoice": {"number": "1", "attachments": JsonNumber("2"), "lines": [{"amount": "1.200"}]},
        "relationship": {"agreement": True, "claim": "kanskje"},
    }
    assert document.flaws == {"relationship.claim": Flaw.FORM, "line[#1].amount": Flaw.FORM}


def test_without_line_columns_the_lines_are_not_known() -> None:
    """They were not exported; with a line column every row is a line."""
    assert "lines" not in str(documents("invoice.number\n1\n")[0].content)
    assert "lines" in str(documents("invoice.number,line.id\n1,\n")[0].content)


def test_windows_1252_and_semicolons() -> None:
    """What a Norwegian spreadsheet saves."""
    (document,) = documents("recipient.name;recipient.city\nKåre Ødegård;Bodø\n".encode("cp1252"))
    assert document.content == {"recipient": {"name": "Kåre Ødegård", "city": "Bodø"}}


def test_a_row_of_another_length_rejects_its_invoice_only() -> None:
    """With the row's line, and never a line of it dropped."""
    found, _ = read("invoice.number,line.id\n1,a\n2,b\n1,c,d\n3\n")
    assert [isinstance(each, RawDocument) for each in found] == [False, True, False]
    assert [each.place for each in found if isinstance(each, Unreadable)] == ["4:1", "5:1"]


def test_an_unclosed_quote_costs_the_rest_and_says_where() -> None:
    """What came before it is read."""
    found, _ = read('invoice.number,line.description\n1,a\n2,"b\n3,c\n')
    assert [isinstance(each, RawDocument) for each in found] == [True, False]
    assert isinstance(found[1], Unreadable)
    assert found[1].place == "3:1"


def test_blank_rows_are_no_invoices() -> None:
    """Spreadsheets leave rows of semicolons behind."""
    assert len(documents("invoice.number;line.id\n1;a\n;\n\n ; \n")) == 1


def test_unknown_columns_are_told_of_and_ignored() -> None:
    """One warning a column; a list is no column."""
    found, told = read("invoice.number,colour,invoice.lines\n1,red,x\n")
    assert len(told) == 2
    assert isinstance(found[0], RawDocument)
    assert found[0].content == {"invoice": {"number": "1"}}


def test_a_header_that_cannot_be_used_rejects_the_file() -> None:
    """No known column, a column twice, or nothing at all."""
    for text in ("a,b\n1,2\n", "invoice.number,invoice.number\n1,1\n", "", "\n\n"):
        (found,) = read(text)[0]
        assert isinstance(found, Unreadable)


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda t: f"invoice.number,line.id\n{t}".encode())
)
def test_no_input_ends_in_a_crash(data: bytes) -> None:
    """Arbitrary bytes are documents or are rejected."""
    assert all(isinstance(each, (RawDocument, Unreadable)) for each in read(data)[0])
