"""From raw document to facts: bad values, lines, absence, and what the register may give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.facts import Facts, UsedEvidence
from fakturavakt.intake.register import Register
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.texts import Text
from fakturavakt.vocabulary.facts import NEVER
from fakturavakt.vocabulary.forms import Flaw, JsonNumber

AS_OF = date(2021, 2, 2)
SENDER = "974760673"


def read(
    content: Mapping[str, object],
    register: Register | None = None,
    flaws: Mapping[str, Flaw] | None = None,
    customer: str | None = None,
) -> Facts:
    """A document, read by the shipped vocabulary."""
    raw = RawDocument(DocumentSource("x", 1), content, flaws or {}, customer)
    return FactReader(load_rulebook().vocabulary, AS_OF, register).read(raw).facts


def problems(facts: Facts) -> list[tuple[str, str]]:
    """Paths and codes, in order."""
    return [(problem.path, problem.flaw.value) for problem in facts.problems]


def test_absence_means_what_the_vocabulary_says() -> None:
    """Kind, send date, attachments, declined, autopay and withdrawal have a meaning when absent; a
    fact that is only meant is not *known*.
    """
    facts = read({"invoice": {"lines": [{"id": "1"}]}})
    assert facts.values["invoice.kind"] == "invoice"
    assert facts.values["invoice.send_date"] == AS_OF.toordinal()
    assert facts.values["invoice.attachments"] == 0
    assert facts.values["sender.vipps_declined"] is False
    assert "invoice.kind" not in facts.stated
    assert "recipient.kind" not in facts.values
    assert facts.lines is not None
    assert facts.lines[0].values["line.consent.withdrawn_on"] == NEVER


@pytest.mark.parametrize("absent", [None, "", " \t\N{NO-BREAK SPACE}\r\n"])
def test_null_blank_and_missing_are_the_same(absent: object) -> None:
    """In a fact, in a group and in the list of lines."""
    for content in (
        {"invoice": {"kind": absent, "due_date": absent, "lines": absent}, "sender": absent},
        {"invoice": absent, "recipient": {"kind": absent}},
    ):
        facts = read(content)
        assert facts.problems == ()
        assert facts.lines is None
        assert facts.values["invoice.kind"] == "invoice"


def test_a_bad_value_is_unknown_also_where_absence_means_something() -> None:
    """An unreadable date of withdrawal is not *never withdrawn*."""
    facts = read(
        {
            "invoice": {
                "kind": "faktura",
                "send_date": "2.2.2021",
                "lines": [{"id": "1", "consent": {"withdrawn_on": "i går"}}],
            }
        }
    )
    assert problems(facts) == [
        ("invoice.kind", "choice"),
        ("invoice.send_date", "form"),
        ("line[1].consent.withdrawn_on", "form"),
    ]
    assert not {"invoice.kind", "invoice.send_date"} & set(facts.values)
    assert facts.lines is not None
    assert "line.consent.withdrawn_on" not in facts.lines[0].values


def test_a_group_of_the_wrong_type_is_one_problem_and_blocks_its_facts() -> None:
    """``sender`` that is a number, consent that is a list: all of their facts are unknown."""
    facts = read(
        {
            "sender": JsonNumber("7"),
            "invoice": {"lines": [{"id": "1", "consent": ["x"], "amount": "1.005"}]},
        }
    )
    assert problems(facts) == [
        ("sender", "type"),
        ("line[1].amount", "form"),
        ("line[1].consent", "type"),
    ]
    assert "sender.vipps_declined" not in facts.values
    assert facts.lines is not None
    assert "line.consent.withdrawn_on" not in facts.lines[0].values


def test_lines_without_a_usable_id_are_called_by_their_position() -> None:
    """Absent, bad, of the form # and digits, or taken: a problem, and judged like any other."""
    lines: list[object] = [
        {"id": "a"},
        {},
        {"id": "a"},
        {"id": "#1"},
        {"id": True},
        None,
        {"id": "#x"},
    ]
    facts = read({"invoice": {"lines": lines}})
    assert facts.lines is not None
    assert [line.name for line in facts.lines] == ["a", "#2", "#3", "#4", "#5", "#6", "#x"]
    assert problems(facts) == [
        ("line[#2].id", "line_id"),
        ("line[#3].id", "line_id"),
        ("line[#4].id", "line_id"),
        ("line[#5].id", "line_id"),
        ("line[#6]", "type"),
    ]


@pytest.mark.parametrize(
    ("amount", "known"),
    [("0", True), ("-0.00", True), ("0.01", False), (None, False), ("x", False)],
)
def test_no_lines_are_known_only_where_nothing_is_to_be_paid(
    amount: str | None, *, known: bool
) -> None:
    """Otherwise lines were lost on the way."""
    facts = read({"invoice": {"payable_amount": amount, "lines": []}})
    assert (facts.lines == ()) is known
    assert (("invoice.lines", "no_lines") in problems(facts)) is not known


def test_unknown_keys_are_told_of_once() -> None:
    """Ignored, with one warning a path, however many documents and lines have them."""
    told: list[Text] = []
    reader = FactReader(load_rulebook().vocabulary, AS_OF, warn=told.append)
    content = {"invoice": {"lines": [{"id": "1", "x": 1}, {"id": "2", "x": 2}]}, "y": {"z": 1}}
    for _ in range(2):
        reader.read(RawDocument(DocumentSource("x", 1), content))
    assert sorted(said.say("en") for said in told) == [
        "The unknown key “line.x” is not used.",
        "The unknown key “y” is not used.",
    ]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """A register with one sender, one customer, one service, and evidence for them."""
    (tmp_path / "senders.csv").write_text(
        f"organisation_number;name;efaktura_b2c_agreement;complete_for\n{SENDER};Strøm AS;ja;claim\n"
    )
    (tmp_path / "recipients.csv").write_text(
        f"sender;customer_number;kind;mobile\n{SENDER};K1;person;91234567\n"
    )
    (tmp_path / "services.csv").write_text(f"sender;service;kind\n{SENDER};tv;subscription\n")
    (tmp_path / "evidence.csv").write_text(
        "sender;customer_number;service;kind;given;from;withdrawn;informed;explicit;amount;reference\n"
        f"{SENDER};K1;;agreement;;2020-01-01;;;;;A-1\n"
        f"{SENDER};K1;tv;consent;;2020-01-01;;ja;ja;;S-1\n"
        f"{SENDER};K1;tv;agreed;;2020-01-01;;;;100,00;\n"
    )
    return Register.load(tmp_path)


def document(**line: object) -> dict[str, object]:
    """A document that names sender, customer and service, and nothing that the register knows."""
    return {
        "sender": {"organisation_number": SENDER},
        "recipient": {"customer_number": "K1"},
        "invoice": {
            "issue_date": "2021-02-01",
            "currency": "NOK",
            "lines": [{"id": "1", "service": "tv", **line}],
        },
    }


def test_the_register_gives_what_the_document_lacks(register: Register) -> None:
    """Catalogue, sender, recipient and evidence, each named once in ``evidence``."""
    facts = read(document(), register)
    assert facts.values["sender.efaktura_b2c_agreement"] is True
    assert facts.values["recipient.mobile"] == "+4791234567"
    assert facts.values["relationship.agreement"] is True
    assert facts.values["relationship.claim"] is False  # the register has all claims there are
    assert facts.lines is not None
    line = facts.lines[0].values
    assert line["line.kind"] == "subscription"
    assert line["line.consent.explicit"] is True
    assert line["line.agreed.amount"] == 10000
    assert facts.evidence == (
        UsedEvidence(None, "agreement", "A-1"),
        UsedEvidence("1", "consent", "S-1"),
        UsedEvidence("1", "agreed", None),
    )
    assert facts.origins["recipient.mobile"].place.line == 2


def test_a_fact_in_the_document_wins_also_a_bad_one(register: Register) -> None:
    """The register repairs nothing."""
    content = document(kind="abonnement")
    content["relationship"] = {"agreement": False}
    facts = read(content, register)
    assert facts.values["relationship.agreement"] is False
    assert facts.lines is not None
    assert "line.kind" not in facts.lines[0].values


@pytest.mark.parametrize(
    "consent", [{"given": True}, {"informed": "ja"}, "x", {"withdrawn_on": "2020-06-01"}]
)
def test_a_group_comes_whole_from_document_or_register(register: Register, consent: object) -> None:
    """One key that is there, good or bad, and the register's consent is not mixed in."""
    facts = read(document(consent=consent), register)
    assert facts.lines is not None
    assert "line.consent.explicit" not in facts.lines[0].values
    assert "consent" not in [used.kind for used in facts.evidence]


@pytest.mark.parametrize(
    ("path", "value"), [("sender", {}), ("recipient", {}), ("sender", {"organisation_number": "1"})]
)
def test_without_a_join_key_the_register_gives_nothing(
    register: Register, path: str, value: object
) -> None:
    """An unknown sender or customer number is nobody's."""
    facts = read(document() | {path: value}, register)
    assert "relationship.agreement" not in facts.values
    assert "relationship.claim" not in facts.values
    assert facts.evidence == ()


def test_a_buyer_reference_counts_only_where_the_register_knows_it(register: Register) -> None:
    """BT-10 is often an order number; as a customer number it must be one."""
    content = document() | {"recipient": {}}
    assert read(content, register, customer="K1").values["recipient.customer_number"] == "K1"
    assert "recipient.customer_number" not in read(content, register, customer="K2").values


def test_a_flaw_of_the_format_makes_a_fact_unknown() -> None:
    """Whatever the content says there."""
    content = {"invoice": {"due_date": "2021-02-15", "lines": [{"id": "a", "amount": "1.00"}]}}
    flaws = {"invoice.due_date": Flaw.CONFLICT, "line[#1].amount": Flaw.FORM}
    facts = read(content, flaws=flaws)
    assert problems(facts) == [("invoice.due_date", "conflict"), ("line[a].amount", "form")]
    assert "invoice.due_date" not in facts.values
