"""The forms of contract §1 in columns, held against the row reader's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import pytest

from fakturavakt.intake.column_forms import macro_statements
from fakturavakt.intake.document_table import DocumentTable, quoted
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.json_documents import read_line
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import Fact, FactType, Value
from fakturavakt.vocabulary.forms import Flaw

VOCABULARY = load_rulebook().vocabulary
FACTS = {
    "invoice.due_date": ['"2021-02-28"', '"2021-02-29"', '"0001-01-01"', '"21-2-1"', "20210201"],
    "invoice.payable_amount": ["436.25", "-0.5", '"12.5"', '"12,5"', "1e2", "99999999999999.99", "0", "-0", "1.005"],
    "invoice.attachments": ["0", "12", "-1", "1.5", '"1"', "007", "12345678901234567890"],
    "invoice.kind": ['"invoice"', '"credit_note"', '"Invoice"', "1"],
    "invoice.currency": ['"NOK"', '"nok"', '"NO"', '"KR1"'],
    "invoice.payment_reference": ['"12345678903"', '"2345676"', '"1234-"', '"RF18"', "12345678903", '"' + "1" * 26 + '"'],
    "invoice.payee_account": ['"8601 11 17947"', '"86011117947"', '"8601.11.17947"', '"NO9386011117947"', '"NO93 8601 1117 947"', '"DE89370400440532013000"'],
    "sender.organisation_number": ['"974760673"', '"974 760 673"', '"974.760.673"', "974760673", '"974760674"'],
    "sender.autopay": ["true", "false", '"true"', "1", '"ja"'],
    "recipient.mobile": ['"91234567"', '"+4791234567"', '"912 34 567"', '"+47 912 34 567"', '"0046701234567"', '"+4721234567"', "91234567"],
    "recipient.email": ['"a@b"', '"a@b@c"', '"@b"', '"a b@c"', '" a@b"'],
    "recipient.name": ['"Kari"', '" Kari "', '"\\u00c5se"', '"a\\"b"', '""', '"  "', "12", '"\\t"', '"\\u00a0x"'],
}  # fmt: skip
"""Facts of each type, with values to begin from."""


def tried(seed: int) -> list[tuple[Fact, str]]:
    """Values as JSON, and values a character away from them."""
    random = Random(seed)
    found = []
    for name, values in FACTS.items():
        for value in values:
            for _ in range(30):
                changed = list(value)
                for _ in range(random.choice([0, 1, 1, 2])):
                    at = random.randrange(len(changed) + 1)
                    put = random.choice(
                        ["", *"0123456789", *' .-+@aAÅ"', "\\", "\N{NO-BREAK SPACE}"]
                    )
                    changed[at : at + random.choice([0, 1])] = [put]
                found.append((VOCABULARY[name], "".join(changed)))
            digits = "".join(random.choice("0123456789") if c.isdigit() else c for c in value)
            found += [(VOCABULARY[name], digits)] * value.startswith('"')
    return found


def document(fact: Fact, value: str) -> str:
    """A document with that one fact."""
    group, key = fact.name.split(".")
    return f'{{"{group}":{{"{key}":{value}}}}}'


def in_column(fact: Fact, value: Value | None) -> object:
    """What the row reader's value is in a column."""
    if value is None:
        return None
    if fact.type is FactType.DATE:
        return date.fromordinal(int(value))
    if fact.type is FactType.MONEY:
        return Decimal(int(value)) / 100
    return value


@pytest.mark.parametrize("plainly", [True, False])
@pytest.mark.parametrize("seed", [1, 2021])
def test_columns_vouch_for_what_the_row_reader_reads(
    seed: int, plainly: bool, tmp_path: Path
) -> None:
    """No bad value passes for a good one, no good one for another; most good ones pass."""
    values = tried(seed)
    file = tmp_path / "values.ndjson"
    file.write_text("".join(f"{document(*each)}\n" for each in values), encoding="utf-8")
    table = DocumentTable(VOCABULARY, {fact.name for fact in VOCABULARY}, {})
    with duckdb.connect(":memory:") as connection:
        for statement in macro_statements():
            connection.execute(statement).fetchall()
        query = table.query(str(file), plainly=plainly)
        paths = ", ".join(".".join(map(quoted, name.split("."))) for name in FACTS)
        rows = connection.execute(f"SELECT suspect, {paths} FROM ({query})").fetchall()  # noqa: S608
    assert len(rows) == len(values)
    vouched = good = 0
    for (fact, value), (suspect, *columns) in zip(values, rows, strict=True):
        found = read_line(document(fact, value).encode(), 1, DocumentSource("x", 1))
        read: Value | Flaw | None = Flaw.FORM
        if isinstance(found, RawDocument):
            group, key = fact.name.split(".")
            content = found.content[group]
            assert isinstance(content, dict)
            read = forms.read(fact, content.get(key))
        is_good = not isinstance(read, Flaw)
        good += is_good
        if suspect:
            continue
        vouched += 1
        assert not isinstance(read, Flaw), (fact.name, value)
        column = columns[list(FACTS).index(fact.name)]
        assert column == in_column(fact, read), (fact.name, value)
    assert vouched > good * 0.5
