"""The register joined as tables gives what the row engines look up in it, to the byte (contract §5)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest
from benchmarks.random_documents import random_documents, random_register
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bulk.columnar_answers import AS_OF, by_columns, by_rows, write_parquet
from tests.bulk.test_columnar_parquet import SHAPES, Tree, typed
from tests.engines.random_rule_books import DrawnRuleBook, rule_books

from fakturavakt.bulk.columnar_screening import ColumnarScreening
from fakturavakt.bulk.decision_file import DecisionFile
from fakturavakt.engines.columnar_conditions import PLAIN_TEXT
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.register import Register
from fakturavakt.intake.register_columns import CUSTOMERS_TABLE, ENTRIES_MAX, RegisterColumns
from fakturavakt.intake.register_evidence import entry_that_counts, spells
from fakturavakt.intake.register_tables import EVIDENCE, RECIPIENTS, SENDERS, SERVICES, EvidenceKind
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screening
from fakturavakt.vocabulary.facts import FactType

SENDER, OTHER_SENDER = "974760673", "889640782"
CUSTOMERS = ("1001", "K-17", "ukjent")
ITS_SERVICES = ("hd", "hd", "hd", "avis", "gave")
"""What is sold: most rows and lines are about one service, so that there are several entries about it."""
DAYS = ("2021-01-31", "2021-02-01", "2021-02-02", "2021-02-03")
"""The issue dates and the send dates of the documents, and the days before and after them."""
slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]

Row = dict[str, str]
Tables = dict[str, list[Row]]


@contextmanager
def columns(
    book: RuleBook, register: Register, language: str = "nb"
) -> Iterator[ColumnarScreening]:
    """A columnar screening with a register, closed again."""
    screening = Screening(book, AS_OF, ReferenceEngine(book), language, register)
    run = ColumnarScreening(screening)
    try:
        yield run
    finally:
        run.close()


def written_register(folder: Path, tables: Tables) -> Register:
    """The rows as CSV files, read and checked as ever."""
    folder.mkdir(exist_ok=True)
    for table in (SENDERS, RECIPIENTS, SERVICES, EVIDENCE):
        names = [column.name for column in table.columns]
        with (folder / table.file).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, names, restval="")
            writer.writeheader()
            writer.writerows(tables.get(table.file, []))
    return Register.load(folder)


def documents_file(path: Path, documents: Sequence[dict[str, Any]]) -> Path:
    """The documents as JSON lines."""
    lines = (json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in documents)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def maybe(values: st.SearchStrategy[str], empty: str = "") -> st.SearchStrategy[str]:
    """A cell that is often empty."""
    return st.one_of(st.just(empty), values)


DAY = st.sampled_from(DAYS)
YES_NO = st.sampled_from(["ja", "nei"])
AMOUNT = st.sampled_from(["348.99", "349.00", "349.01", "-1.00"])
TEXTS = st.sampled_from(["Kari", "Åse gave", "ΣΊΣΥΦΟΣ gave", "STRÖM*", "İ gave", "a\tb", 'q"\\'])


@st.composite
def evidence_rows(draw: st.DrawFn) -> Row:
    """A good row of ``evidence.csv``; many are about the same and begin on the same day."""
    kind = draw(st.sampled_from(list(EvidenceKind)))
    service = "" if kind.of_invoice else draw(st.sampled_from(ITS_SERVICES))
    if kind is EvidenceKind.GIFT_ACCEPTANCE and draw(st.booleans()):
        service = ""
    row = {
        "sender": draw(st.sampled_from([*[SENDER] * 7, OTHER_SENDER])),
        "customer_number": draw(st.sampled_from([*CUSTOMERS[:1] * 3, CUSTOMERS[1]])),
        "service": service,
        "kind": kind.value,
        "given": draw(maybe(YES_NO)),
        "from": draw(DAY),
        "withdrawn": draw(maybe(DAY)),
        "informed": draw(maybe(YES_NO, "ja")),
        "explicit": draw(maybe(YES_NO, "ja")),
        "currency": draw(maybe(st.sampled_from(["NOK", "SEK"]))),
        "reference": draw(maybe(st.sampled_from(["ref-1", "Æ «2»", 'a"b\\c', "a\nb", "a\x1fb"]))),
    }
    match draw(st.integers(0, 3)):
        case 0:
            row |= {"amount_with_vat": "436.25", "vat_rate": draw(st.sampled_from(["25", "0"]))}
        case 1 | 2:
            row["amount"] = draw(AMOUNT)
    return row


@st.composite
def tables(draw: st.DrawFn) -> Tables:
    """A small register in which much is about the same, and keys come twice."""
    kinds = st.lists(st.sampled_from(list(EvidenceKind)), max_size=5).map(" ".join)
    sender_row = st.fixed_dictionaries(
        {
            "organisation_number": st.sampled_from([SENDER, OTHER_SENDER]),
            "name": maybe(TEXTS),
            "efaktura_b2c_agreement": maybe(YES_NO),
            "vipps_declined": maybe(YES_NO),
            "complete_for": kinds,
        }
    )
    recipient_row = st.fixed_dictionaries(
        {
            "sender": st.sampled_from([SENDER, OTHER_SENDER]),
            "customer_number": st.sampled_from(CUSTOMERS[:2]),
            "kind": maybe(st.sampled_from(["person", "organisation"]), "person"),
            "name": maybe(TEXTS),
            "mobile": maybe(st.just("91234567")),
            "efaktura": maybe(YES_NO),
        }
    )
    service_row = st.fixed_dictionaries(
        {
            "sender": st.sampled_from([SENDER, OTHER_SENDER]),
            "service": st.sampled_from(ITS_SERVICES),
            "kind": st.sampled_from(["goods", "service", "subscription", "gift_request"]),
        }
    )
    return {
        "senders.csv": draw(st.lists(sender_row, max_size=2)),
        "recipients.csv": draw(st.lists(recipient_row, max_size=3)),
        "services.csv": draw(st.lists(service_row, max_size=4)),
        "evidence.csv": draw(st.lists(evidence_rows(), max_size=16)),
    }


ABSENT: Any = None
BAD_GROUPS: list[Any] = ["ja", 1, [], {"given": "ja"}, {"given_on": "2021-02-30"}]


@st.composite
def lines(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """A line that leaves much to the register."""
    line: dict[str, Any] = {
        "id": name,
        "service": draw(st.sampled_from([*ITS_SERVICES, *ITS_SERVICES, "annet", ABSENT])),
        "kind": draw(st.sampled_from([ABSENT, ABSENT, "subscription", "gift_request", "goods"])),
        "amount": draw(st.sampled_from([349.00, "349.00", 0, ABSENT])),
    }
    for group, key, value in (
        ("consent", "informed", True),
        ("consent", "withdrawn_on", "2021-02-02"),
        ("gift_acceptance", "given", False),
        ("agreed", "amount", "349.00"),
        ("agreed", "given", True),
    ):
        if draw(st.integers(0, 9)) == 0:
            line[group] = {key: value}
    if draw(st.integers(0, 19)) == 0:
        group = draw(st.sampled_from(["consent", "gift_acceptance", "agreed"]))
        line[group] = draw(st.sampled_from(BAD_GROUPS))
    return {key: value for key, value in line.items() if value is not None or draw(st.booleans())}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """An invoice of a sender and a customer that the register may know."""
    count = draw(st.integers(0, 3))
    return {
        "invoice": {
            "number": "2021-0042",
            "kind": "invoice",
            "issue_date": draw(st.sampled_from([*DAYS, ABSENT])),
            "due_date": "2021-02-20",
            "send_date": draw(st.sampled_from([*DAYS, ABSENT, ABSENT])),
            "currency": draw(st.sampled_from(["NOK", "NOK", "SEK", ABSENT])),
            "payable_amount": 0 if count == 0 else 436.25,
            "lines": [draw(lines(str(n))) for n in range(1, count + 1)],
        },
        "sender": {
            "organisation_number": draw(st.sampled_from([*[SENDER] * 5, OTHER_SENDER, ABSENT])),
            "efaktura_b2c_agreement": draw(st.sampled_from([ABSENT, ABSENT, True])),
        },
        "recipient": {
            "customer_number": draw(st.sampled_from([*CUSTOMERS[:1] * 6, *CUSTOMERS[1:], ABSENT])),
            "kind": draw(st.sampled_from([ABSENT, "person", "person", "organisation"])),
            "name": draw(st.sampled_from([ABSENT, "Kari gave"])),
            "mobile": draw(st.sampled_from([ABSENT, "+4791234567", "123"])),
        },
        "relationship": draw(st.sampled_from([{}, {}, {"agreement": False}, {"claim": True}])),
    }


@settings(max_examples=12, deadline=None, suppress_health_check=slow)
@given(tables(), st.lists(documents(), min_size=1, max_size=40), st.sampled_from(["nb", "en"]))
def test_small_registers_and_their_documents(
    tmp_path: Path, rows: Tables, tried: list[dict[str, Any]], language: str
) -> None:
    """Every rule of §5 at its edges: days, withdrawals, several entries, services, currencies, groups."""
    register = written_register(tmp_path / "register", rows)
    file = documents_file(tmp_path / "drawn.ndjson", tried)
    with columns(load_rulebook(), register, language) as run:
        assert by_columns(run, file)[0] == by_rows(run, file)


@settings(max_examples=6, deadline=None, suppress_health_check=slow)
@given(rule_books(), tables(), st.lists(documents(), min_size=1, max_size=20))
def test_random_rule_books_over_what_the_register_gives(
    tmp_path: Path, drawn: DrawnRuleBook, rows: Tables, tried: list[dict[str, Any]]
) -> None:
    """Facts that nobody asks about are not joined; texts that are searched for words are held against
    what all engines read alike.
    """
    register = written_register(tmp_path / "register", rows)
    file = documents_file(tmp_path / "drawn.ndjson", tried)
    with columns(drawn.book, register) as run:
        assert by_columns(run, file)[0] == by_rows(run, file)


@pytest.mark.parametrize("seed", [20261125, 8, 1814])
def test_random_registers_and_random_documents(seed: int, tmp_path: Path) -> None:
    """A thousand contract documents a seed; the register knows most of their senders and customers."""
    random_register(seed, tmp_path / "register")
    file = tmp_path / "random.ndjson"
    texts = random_documents(seed, 1000, bad=0.1)
    file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    with columns(load_rulebook(), Register.load(tmp_path / "register")) as run:
        found, in_columns = by_columns(run, file)
        assert found == by_rows(run, file)
        assert in_columns > 100
        assert sum('"evidence":[{' in said for said in found) > 100


@pytest.mark.parametrize("source", ["ndjson", "parquet"])
def test_parquet_in_and_parquet_out(source: str, tmp_path: Path) -> None:
    """The same decisions with the same evidence, whichever way documents come and decisions go."""
    random_register(77, tmp_path / "register")
    file = tmp_path / "random.ndjson"
    texts = random_documents(77, 400, bad=0.1)
    file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    if source == "parquet":
        types = SHAPES["the contract's types"]
        tree = dict(load_rulebook().vocabulary.tree)
        line = typed(cast("Tree", tree.pop("line")), types | {FactType.LINES: ""})
        groups = {
            key: typed(cast("Tree", child), types | {FactType.LINES: f"{line}[]"})
            for key, child in tree.items()
        }
        shape = ", ".join(f"{key}: '{type_}'" for key, type_ in groups.items())
        read = (
            f"'{file}', format = 'newline_delimited', ignore_errors = true, columns = {{{shape}}}"
        )
        file = tmp_path / "random.parquet"
        write_parquet(f"SELECT * FROM read_json({read})", file)  # noqa: S608
    output = tmp_path / "decisions.parquet"
    with columns(load_rulebook(), Register.load(tmp_path / "register")) as run:
        expected = by_rows(run, file)
        answers, in_columns = by_columns(run, file)
        assert answers == expected
        assert in_columns > 40
        (chunk,) = run.cutter(tmp_path).chunks([str(file)])
        DecisionFile(run, with_text=True).write(chunk, output)
    found = duckdb.execute(f"SELECT to_json(d) FROM read_parquet('{output}') AS d").fetchall()  # noqa: S608
    assert [json.loads(row[0]) for row in found] == [json.loads(each) for each in expected]


@given(st.lists(evidence_rows(), max_size=12))
def test_spells_are_the_entry_that_counts_day_by_day(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    """On each day a subject has the spell of the entry that counts, or none; and a spell says one thing."""
    register = written_register(tmp_path_factory.mktemp("r"), {"evidence.csv": rows})
    days = [date.min, *map(date.fromisoformat, DAYS), date(2021, 2, 4), date.max]
    for customer in register.customers():
        for subject in {entry.subject for entry in customer.entries}:
            alike = [entry for entry in customer.entries if entry.subject == subject]
            for day in map(date.toordinal, days):
                counting = [
                    (first, entry)
                    for first, last, entry in spells(customer.entries)
                    if entry.subject == subject and first <= day <= last
                ]
                expected = entry_that_counts(subject.kind, alike, day)
                assert [entry for _, entry in counting] == ([] if expected is None else [expected])
                if subject.kind.is_state:
                    assert all(
                        entry.given_on(first) == entry.given_on(day) for first, entry in counting
                    )


def test_register_texts_that_engines_may_read_differently_make_documents_suspect(
    tmp_path: Path,
) -> None:
    """Small letters of some alphabets differ from engine to engine, and a rule may search the text."""
    names = {"1": "Åse gave", "2": "ΣΊΣΥΦΟΣ gave", "3": "a\tb"}
    rows = [
        {"sender": SENDER, "customer_number": number, "name": name}
        for number, name in names.items()
    ]
    register = written_register(tmp_path / "register", {"recipients.csv": rows})
    searched = {"recipient.name": PLAIN_TEXT}
    wanted = frozenset(searched)
    joined = RegisterColumns(load_rulebook().vocabulary, wanted, searched, AS_OF)
    with duckdb.connect() as connection:
        joined.create(connection, register)
        found = connection.execute(
            f'SELECT customer, "recipient.name", suspect FROM {CUSTOMERS_TABLE} ORDER BY customer'  # noqa: S608
        ).fetchall()
    assert found == [(number, name, number != "1") for number, name in names.items()]


def _agreed(customer: int, entry: int) -> Row:
    """An agreement about a service, from a day of its own."""
    return {
        "sender": SENDER,
        "customer_number": str(customer),
        "kind": "agreed",
        "service": "hd",
        "from": date.fromordinal(730_000 + entry).isoformat(),
        "amount": "349.00",
        "reference": f"{customer}/{entry}",
    }


def _invoice(customer: int) -> dict[str, Any]:
    return {
        "invoice": {
            "number": str(customer),
            "issue_date": "2021-02-01",
            "currency": "NOK",
            "payable_amount": 436.25,
            "lines": [{"id": "1", "kind": "goods", "service": "hd", "amount": 349}],
        },
        "sender": {"organisation_number": SENDER},
        "recipient": {"kind": "person", "customer_number": str(customer)},
    }


def test_a_customer_with_very_many_entries_goes_through_the_row_reader(tmp_path: Path) -> None:
    """Its entries would be copied for each of its documents."""
    rows = [_agreed(1, entry) for entry in range(ENTRIES_MAX + 1)]
    rows += [_agreed(2, entry) for entry in range(ENTRIES_MAX)]
    register = written_register(tmp_path / "register", {"evidence.csv": rows})
    file = documents_file(tmp_path / "two.ndjson", [_invoice(1), _invoice(2)])
    with columns(load_rulebook(), register) as run:
        found, in_columns = by_columns(run, file)
        assert found == by_rows(run, file)
    assert in_columns == 1
    assert [f"{n}/{ENTRIES_MAX - (n == 2)}" in said for n, said in enumerate(found, 1)] == [
        True,
        True,
    ]


def test_order_is_kept_with_a_register_larger_than_the_documents(
    tmp_path: Path,
) -> None:
    """The optimizer would make its hash table of the smaller side."""
    register = written_register(
        tmp_path / "register",
        {"evidence.csv": [_agreed(customer, 1) for customer in range(20_000)]},
    )
    numbers = [n * 7919 % 30_000 for n in range(15_000)]
    file = documents_file(tmp_path / "many.ndjson", [_invoice(n) for n in numbers])
    with columns(load_rulebook(), register) as run:
        found, in_columns = by_columns(run, file)
    assert in_columns == len(numbers)
    for position, (number, said) in enumerate(zip(numbers, found, strict=True), 1):
        decision = json.loads(said)
        assert decision["invoice"] == str(number)
        assert decision["document"]["position"] == position
        reference = [{"line": "1", "kind": "agreed", "reference": f"{number}/1"}]
        assert decision["evidence"] == (reference if number < 20_000 else [])
