"""The oracle against the example of the contract and cases that were worked out by hand."""

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from benchmarks.random_documents import random_documents, random_register
from tests.oracle.contract_oracle import (
    Decision,
    Register,
    agreements,
    decide,
    lines_without_kind,
)

AS_OF = date(2021, 2, 2)
Document = dict[str, Any]

EXAMPLE = """
{"invoice": {"number": "2021-0042", "issue_date": "2021-02-01", "due_date": "2021-02-15",
             "send_date": "2021-02-02", "currency": "NOK", "payable_amount": 436.25,
             "lines": [{"id": "1", "description": "Strømmeabonnement", "kind": "subscription",
                        "service": "stream-hd", "amount": 349.00,
                        "consent": {"given": true, "informed": true, "explicit": false,
                                    "given_on": "2020-11-05"},
                        "agreed": {"given": true, "given_on": "2020-11-05", "amount": 349.00}}]},
 "sender": {"organisation_number": "974760673", "efaktura_b2c_agreement": true},
 "recipient": {"kind": "person", "name": "Kari Nordmann", "street": "Storgata 1",
               "postal_code": "0155", "city": "Oslo", "mobile": "+4791234567",
               "efaktura": false, "vipps": true},
 "relationship": {"agreement": true}}
"""

# §4, the texts left out.
EXAMPLE_DECISION = {
    "invoice": "2021-0042",
    "document": {"file": "invoices.json", "position": 1},
    "decision": "block",
    "channel": None,
    "attempts": [],
    "missing": [],
    "findings": [
        {"rule": "unconsented-subscription", "outcome": "holds", "lines": ["1"], "missing": []}
    ],
    "channels": [
        {"channel": "efaktura", "eligible": False, "missing": []},
        {"channel": "vipps_regning", "eligible": True, "missing": []},
        {"channel": "paper", "eligible": True, "missing": []},
    ],
    "advice": [],
    "problems": [],
    "evidence": [],
    "as_of": "2021-02-02",
}


def example() -> Document:
    """Give the example with the explicit consent that it lacks: nothing stands in its way."""
    document: Document = json.loads(EXAMPLE)
    document["invoice"]["lines"][0]["consent"]["explicit"] = True
    return document


def line_of(document: Document, at: int = 0) -> Document:
    """Give one line of a document."""
    line: Document = document["invoice"]["lines"][at]
    return line


def judge(document: object, register: Register | None = None) -> Decision:
    """Decide a document, or its text, that can be read."""
    text = document if isinstance(document, str) else json.dumps(document)
    decision = decide(text, file="-", position=1, as_of=AS_OF, register=register)
    assert decision is not None
    return decision


def problems(decision: Decision) -> list[tuple[str, str]]:
    """Give the problems as pairs of fact and code."""
    return [(one["fact"], one["code"]) for one in decision["problems"]]


def findings(decision: Decision) -> dict[str, tuple[str, list[str], list[str]]]:
    """Give outcome, lines and missing facts by rule."""
    return {
        one["rule"]: (one["outcome"], one["lines"], one["missing"]) for one in decision["findings"]
    }


def channel(decision: Decision, name: str) -> tuple[bool | None, list[str]]:
    """Give whether a channel is eligible, and what it misses."""
    return next(
        (one["eligible"], one["missing"]) for one in decision["channels"] if one["channel"] == name
    )


def test_example_of_the_contract() -> None:
    """The document of §1 gives the decision of §4."""
    assert decide(EXAMPLE, file="invoices.json", position=1, as_of=AS_OF) == EXAMPLE_DECISION


def test_send_goes_through_what_is_uncertain_to_what_is_certain() -> None:
    """Attempts end at the first channel that is certain."""
    document = example()
    assert judge(document)["decision"] == "send"
    assert judge(document)["attempts"] == ["vipps_regning"]
    del document["recipient"]["efaktura"]
    decision = judge(document)
    assert decision["attempts"] == ["efaktura", "vipps_regning"]
    assert decision["channel"] == "vipps_regning"
    assert channel(decision, "efaktura") == (None, ["recipient.efaktura"])
    document["recipient"]["mobile"] = None
    decision = judge(document)
    assert decision["attempts"] == ["efaktura", "paper"]
    assert decision["advice"] == [{"rule": "missing-mobile", "missing": ["recipient.mobile"]}]


def test_an_organisation_is_out_of_scope_and_an_unknown_recipient_is_held() -> None:
    """Scope decides before prohibitions do."""
    document = json.loads(EXAMPLE)
    document["recipient"]["kind"] = "organisation"
    decision = judge(document)
    assert decision["decision"] == "out_of_scope"
    assert (decision["findings"], decision["channels"], decision["advice"]) == ([], [], [])
    document["recipient"]["kind"] = "Person"
    decision = judge(document)  # a prohibition holds while scope is unknown
    assert decision["decision"] == "hold"
    assert decision["missing"] == ["recipient.kind"]
    assert findings(decision)["unconsented-subscription"] == ("holds", ["1"], [])
    assert problems(decision) == [("recipient.kind", "choice")]
    assert channel(decision, "vipps_regning") == (None, ["recipient.kind"])


def test_missing_facts_stand_in_the_order_of_the_table_lines_last() -> None:
    """Three unknown prohibitions, and one that needs only one fact more."""
    document = example()
    del document["relationship"]
    line = line_of(document)
    del line["consent"], line["agreed"]
    document["invoice"]["issue_date"] = "2021-02-30"
    decision = judge(document)
    assert decision["decision"] == "hold"
    assert decision["missing"] == [
        "invoice.issue_date",
        "relationship.agreement",
        "relationship.claim",
        "line[1].consent.given",
        "line[1].consent.informed",
        "line[1].consent.explicit",
        "line[1].consent.given_on",
        "line[1].agreed.given",
        "line[1].agreed.given_on",
        "line[1].agreed.amount",
    ]
    assert list(findings(decision)) == [
        "no-creditor-relationship",
        "unagreed-upgrade",
        "unconsented-subscription",
    ]
    document["relationship"] = {"agreement": False}
    assert findings(judge(document))["no-creditor-relationship"][2] == ["relationship.claim"]


@pytest.mark.parametrize(
    ("withdrawn", "outcome"),
    [
        (None, "send"),
        (" ", "send"),
        ("2021-02-03", "send"),
        ("9999-12-31", "send"),
        ("2021-02-02", "block"),
        ("snart", "hold"),
    ],
)
def test_withdrawn_consent(withdrawn: str | None, outcome: str) -> None:
    """Withdrawn on the send date is withdrawn, absent is never, unreadable is unknown."""
    document = example()
    line_of(document)["consent"]["withdrawn_on"] = withdrawn
    decision = judge(document)
    assert decision["decision"] == outcome
    if outcome == "hold":  # an unreadable day is not "never"
        assert decision["missing"] == ["line[1].consent.withdrawn_on"]
        assert problems(decision) == [("line[1].consent.withdrawn_on", "form")]


@pytest.mark.parametrize(
    ("amount", "agreed", "outcome"),
    [
        ("349.01", "349.00", "block"),
        ("349.00", "349.000", "send"),
        ("0.00", "0.00", "send"),
        ("-1", "-2", "send"),  # a rebate demands nothing
        ("3.49e2", "349.00", "hold"),
        ("349.00", "1.005", "hold"),
        ("12345678901234", "1", "hold"),
    ],
)
def test_agreed_amount(amount: str, agreed: str, outcome: str) -> None:
    """More by 0.01 is too much, as a number and as a text."""
    document = example()
    line_of(document)["amount"] = "AMOUNT"
    line_of(document)["agreed"]["amount"] = agreed
    as_text = json.dumps(document).replace('"AMOUNT"', f'"{amount}"')
    as_number = json.dumps(document).replace('"AMOUNT"', amount)
    assert judge(as_text)["decision"] == outcome
    assert judge(as_number) == judge(as_text)


@pytest.mark.parametrize(
    ("send", "due", "vipps"),
    [
        ("2018-12-19", "2018-12-20", True),  # the legacy agreement, and no due date asked for
        ("2018-12-20", "2018-12-22", False),
        ("2018-12-20", "2018-12-23", True),
        ("2018-12-20", "2019-12-20", True),
        ("2018-12-20", "2019-12-21", False),
    ],
)
def test_vipps_changes_hands(send: str, due: str, *, vipps: bool) -> None:
    """The day before and the day of the change, and both ends of the due date."""
    document = example()
    document["invoice"] |= {"send_date": send, "due_date": due}
    document["sender"]["legacy_vipps_agreement"] = True
    assert channel(judge(document), "vipps_regning") == (vipps, [])
    document["invoice"]["attachments"] = 1
    expected = vipps and send != "2018-12-19"
    assert channel(judge(document), "vipps_regning") == (expected, [])


def test_an_unknown_send_date_leaves_both_solutions_open() -> None:
    """A bad send date is not the screening date."""
    document = example()
    document["invoice"]["send_date"] = True
    decision = judge(document)
    assert problems(decision) == [("invoice.send_date", "type")]
    missing = ["invoice.send_date", "sender.legacy_vipps_agreement"]
    assert channel(decision, "vipps_regning") == (None, missing)
    assert decision["decision"] == "hold"
    assert decision["missing"] == ["invoice.send_date"]
    document["sender"]["efaktura_b2c_agreement"] = False  # then only the old one can be
    document["sender"]["legacy_vipps_agreement"] = True
    assert channel(judge(document), "vipps_regning") == (None, ["invoice.send_date"])


def test_lines_that_have_no_name_or_no_form() -> None:
    """Doubled and forbidden ids, and a line that is null."""
    document = example()
    good = line_of(document)
    bad = {**copy.deepcopy(good), "id": "#7", "consent": [], "agreed": {"given": "ja"}}
    document["invoice"]["lines"] = [good, None, {**good, "id": 1}, bad, {**good, "id": " 5 "}]
    decision = judge(document)
    assert problems(decision) == [
        ("line[#2]", "type"),
        ("line[#3].id", "line_id"),
        ("line[#4].id", "line_id"),
        ("line[#4].consent", "type"),
        ("line[#4].agreed.given", "type"),
    ]
    assert decision["decision"] == "hold"
    found = findings(decision)
    assert found["unsolicited-gift-request"][1] == ["#2"]
    assert found["unconsented-subscription"][1] == ["#2", "#4"]
    assert found["unconsented-subscription"][2][-2:] == [
        "line[#4].consent.given_on",
        "line[#4].consent.withdrawn_on",
    ]
    assert lines_without_kind(json.dumps(document), as_of=AS_OF) == ["#2"]


@pytest.mark.parametrize(
    ("lines", "payable", "expected"),
    [
        ([], 0, []),
        ([], "-0.00", []),
        ([], 1, [("invoice.lines", "no_lines")]),
        ([], None, [("invoice.lines", "no_lines")]),
        ({}, 0, [("invoice.lines", "type")]),
        ("", 0, None),
        (None, 0, None),
    ],
)
def test_no_lines(lines: object, payable: object, expected: list[tuple[str, str]] | None) -> None:
    """No lines are lines only where nothing is asked for."""
    document = example()
    document["invoice"] |= {"lines": lines, "payable_amount": payable}
    decision = judge(document)
    assert problems(decision) == (expected or [])
    if expected == []:
        assert decision["decision"] == "send"
        return
    assert decision["missing"] == ["invoice.lines"]
    found = list(findings(decision).values())
    assert found == [("unknown", [], ["invoice.lines"])] * 3
    document["invoice"]["kind"] = "credit_note"  # breaks no prohibition
    assert judge(document)["decision"] == "send"


def test_a_bad_group_makes_all_its_facts_unknown() -> None:
    """Also those that mean something when absent."""
    document = example()
    document |= {"sender": "Eksempel AS", "invoice": []}
    decision = judge(document)
    assert problems(decision) == [("invoice", "type"), ("sender", "type")]
    assert decision["invoice"] is None
    assert decision["missing"] == ["invoice.kind", "invoice.lines"]  # it may be a credit note
    eligible, missing = channel(decision, "vipps_regning")
    assert eligible is None
    assert missing == [
        "invoice.kind",
        "invoice.due_date",
        "invoice.send_date",
        "invoice.attachments",
        "sender.efaktura_b2c_agreement",
        "sender.legacy_vipps_agreement",
        "sender.vipps_declined",
    ]


@pytest.mark.parametrize(
    ("group", "fact", "value", "code"),
    [
        ("sender", "organisation_number", " 974 760.673\u00a0", None),
        ("sender", "organisation_number", 974760673, None),
        ("sender", "organisation_number", "974760674", "check_digit"),
        ("sender", "organisation_number", "97476067", "form"),
        ("sender", "efaktura_b2c_agreement", "true", "type"),
        ("invoice", "number", 5, None),
        ("invoice", "number", -5, "type"),
        ("invoice", "attachments", "1", "type"),
        ("invoice", "attachments", -1, "form"),
        ("invoice", "payee_account", "8601.11.17947", None),
        ("invoice", "payee_account", "8601.11.17948", "check_digit"),
        ("invoice", "payee_account", "no93 8601 1117 947", None),
        ("invoice", "payee_account", "NO9486011117947", "check_digit"),
        ("invoice", "payee_account", "DE89370400440532013000", None),
        ("invoice", "payment_reference", "00", None),
        ("invoice", "payment_reference", "12345678903", None),
        ("invoice", "payment_reference", "12345678901", "check_digit"),
        ("invoice", "payment_reference", "0", "form"),
        ("invoice", "payment_reference", "06-", None),  # 2 x 6 = 12, which leaves 10
        ("invoice", "payment_reference", "RF18539007547034", None),
        ("invoice", "currency", "nok", "form"),
        ("invoice", "due_date", "2021-02-15 ", "form"),
        ("recipient", "mobile", "00 (47) 912-34-567", None),
        ("recipient", "mobile", "+4722334455", "form"),
        ("recipient", "mobile", "4791234567", "form"),
        ("recipient", "mobile", "+46701234567", None),
        ("recipient", "email", "a@b@c", "form"),
        ("recipient", "kind", "person ", "choice"),
    ],
)
def test_forms(group: str, fact: str, value: object, code: str | None) -> None:
    """One value of each form and of each way to miss it."""
    document = example()
    document[group][fact] = value
    expected = [] if code is None else [(f"{group}.{fact}", code)]
    assert problems(judge(document)) == expected


@pytest.mark.parametrize(
    "text",
    ["[]", '"faktura"', "null", '{"a": 1, "a": 1}', '{"a": {"b": [{"c": 1, "\\u0063": 2}]}}'],
)
def test_unreadable(text: str) -> None:
    """No object, or a key twice, also deep inside and written in another way."""
    assert decide(text, file="-", position=1, as_of=AS_OF) is None


# --- §5 -----------------------------------------------------------------------------------


def load(folder: Path, **files: str) -> Register:
    """Load a register of these files."""
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return Register.load(folder)


def joined() -> Document:
    """Give the example without what a register can tell."""
    document = example()
    document["recipient"] = {"customer_number": "7"}
    document["sender"] = {"organisation_number": "974760673"}
    del document["relationship"]
    line = line_of(document)
    del line["consent"], line["agreed"], line["kind"]
    return document


EVIDENCE = "sender,customer_number,service,kind,from,withdrawn,informed,explicit"
AGREED = "sender;customer_number;service;kind;from;amount;amount_with_vat;vat_rate;currency"
SENDER = "974760673"


def test_register_gives_what_the_document_lacks(tmp_path: Path) -> None:
    """And repairs nothing that the document has."""
    register = load(
        tmp_path,
        senders=f"organisation_number,efaktura_b2c_agreement\n{SENDER},JA\n",
        recipients=f"sender,customer_number,kind,mobile,vipps\n{SENDER},7,person,91234567,1\n",
        services=f"sender;service;kind\n{SENDER};stream-hd;subscription\n",
        evidence=f"{EVIDENCE},amount,reference\n"
        f"{SENDER},7,,agreement,2020-01-01,,,,,avtale\n"
        f"{SENDER},7,stream-hd,consent,2020-01-01,2020-06-01,nei,nei,,gammelt\n"
        f"{SENDER},7,stream-hd,consent,2021-02-02,,ja,ja,,\n"
        f"{SENDER},7,stream-hd,consent,2021-02-03,,nei,nei,,senere\n"
        f'{SENDER},7,stream-hd,agreed,2020-11-05,,,,"349,00",avtalt\n',
    )
    decision = judge(joined(), register)
    assert decision["decision"] == "send"
    assert decision["channel"] == "vipps_regning"
    assert decision["attempts"] == ["efaktura", "vipps_regning"]
    assert decision["evidence"] == [
        {"line": None, "kind": "agreement", "reference": "avtale"},
        {"line": "1", "kind": "consent", "reference": None},
        {"line": "1", "kind": "agreed", "reference": "avtalt"},
    ]
    document = joined()
    document["relationship"] = {"agreement": "ja"}  # a bad fact is not repaired
    line_of(document)["consent"] = {"informed": False}  # the group comes whole from the document
    decision = judge(document, register)
    assert findings(decision)["no-creditor-relationship"][2] == [
        "relationship.agreement",
        "relationship.claim",
    ]
    assert findings(decision)["unconsented-subscription"] == ("holds", ["1"], [])
    assert [one["kind"] for one in decision["evidence"]] == ["agreed"]


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ("2021-02-01;349;;;", "send"),
        ("2021-02-02;349;;;", "block"),  # behind the issue date
        ("2021-02-01;;436,25;25;", "send"),
        ("2021-02-01;;436,24;25;", "block"),  # 348.992
        ("2021-02-01;;436,2438;25;", "error"),
        ("2021-02-01;349;;;SEK", "hold"),
        ("2021-02-01;;;;", "hold"),
        ("2021-02-01;1.349;;;", "error"),
        ("2021-02-01;349;436,25;25;", "error"),
        ("2021-02-01;;436,25;;", "error"),
        (";349;;;", "error"),
        ("2021-02-01;349;;", "error"),
    ],
)
def test_agreed_in_the_register(tmp_path: Path, row: str, outcome: str) -> None:
    """Days, amounts with VAT, currencies, and rows that are bad."""
    evidence = f"{AGREED}\n{SENDER};7;stream-hd;agreed;{row}\n"
    if outcome == "error":
        with pytest.raises(ValueError, match="evidence"):
            load(tmp_path, evidence=evidence)
        return
    document = example()
    document["recipient"]["customer_number"] = 7
    del line_of(document)["agreed"]
    assert judge(document, load(tmp_path, evidence=evidence))["decision"] == outcome


def test_complete_for_and_the_entry_that_counts(tmp_path: Path) -> None:
    """Entries in force, entries for a service, and none at all."""
    senders = f"organisation_number,complete_for\n{SENDER},agreement claim gift_acceptance\n"
    with pytest.raises(ValueError, match="complete_for"):
        load(tmp_path, senders=senders)
    register = load(
        tmp_path,
        evidence=f"{EVIDENCE}\n"
        f"{SENDER},7,,agreement,2020-01-01,,,\n"
        f"{SENDER},7,,agreement,2021-01-01,2021-02-02,,\n"
        f"{SENDER},8,,claim,2021-02-03,,,\n"
        f"{SENDER},7,,gift_acceptance,2020-01-01,,,\n"
        f"{SENDER},7,stream-hd,gift_acceptance,2021-02-03,,,\n",
    )
    document = example()
    del document["relationship"]
    line_of(document)["kind"] = "gift_request"
    document["recipient"]["customer_number"] = "7"
    # The older agreement is still in force; the acceptance for the service comes too late.
    assert list(findings(judge(document, register))) == ["unsolicited-gift-request"]
    line_of(document)["service"] = "annet"
    assert judge(document, register)["decision"] == "send"
    document["recipient"]["customer_number"] = "8"  # only a claim of tomorrow: no entry, so no
    assert findings(judge(document, register)) == {
        "no-creditor-relationship": ("holds", [], []),
        "unsolicited-gift-request": ("holds", ["1"], []),
    }


# --- agreements -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "action", "notified", "benefits", "missing"),
    [
        ({"efaktura_b2c_agreement": True, "legacy_vipps_agreement": True}, "none", False, 4, []),
        (
            {"efaktura_b2c_agreement": True, "legacy_vipps_agreement": False},
            "vipps_included",
            True,
            5,
            [],
        ),
        (
            {
                "efaktura_b2c_agreement": True,
                "legacy_vipps_agreement": False,
                "vipps_declined": True,
            },
            "vipps_declined",
            False,
            0,
            [],
        ),
        (
            {"efaktura_b2c_agreement": False, "legacy_vipps_agreement": True},
            "sign_b2c_agreement",
            True,
            0,
            [],
        ),
        (
            {"efaktura_b2c_agreement": False, "legacy_vipps_agreement": False},
            "no_agreement",
            False,
            0,
            [],
        ),
        (
            {"legacy_vipps_agreement": True},
            "unknown",
            None,
            0,
            ["sender.efaktura_b2c_agreement"],
        ),
    ],
)
def test_agreements(
    facts: Document, action: str, notified: bool | None, benefits: int, missing: list[str]
) -> None:
    """The rows of the table."""
    text = json.dumps({"sender": {"organisation_number": SENDER, "autopay": True, **facts}})
    [only] = agreements([text, text, "[]", "{}"], as_of=AS_OF)
    assert (only["sender"], only["action"], only["missing"]) == (SENDER, action, missing)
    assert (only["notified_by_email"], len(only["benefits"])) == (notified, benefits)
    assert only["payment_route"] == ("autopay" if benefits else None)
    assert only["problems"] == []


def test_documents_that_disagree_on_a_sender() -> None:
    """A conflict is unknown."""
    texts = [
        json.dumps(
            {
                "sender": {
                    "organisation_number": SENDER,
                    "efaktura_b2c_agreement": yes,
                    "legacy_vipps_agreement": False,
                }
            }
        )
        for yes in (True, False)
    ]
    [only] = agreements(texts, as_of=AS_OF)
    assert only["action"] == "unknown"
    assert only["missing"] == ["sender.efaktura_b2c_agreement"]
    assert only["problems"] == [{"fact": "sender.efaktura_b2c_agreement", "code": "conflict"}]


# --- random documents -------------------------------------------------------------------------


def test_good_random_documents_have_no_bad_values(tmp_path: Path) -> None:
    """Good values pass, and every decision and channel comes up."""
    random_register(3, tmp_path)
    register = Register.load(tmp_path)
    decisions = set()
    for text in random_documents(3, 400, bad=0):
        decision = judge(text, register)
        assert {code for _, code in problems(decision)} <= {"line_id", "no_lines"}, text
        decisions.add((decision["decision"], decision["channel"]))
    assert len(decisions) == 6  # three channels, and three without one


def test_plain_documents_lead_where_they_say() -> None:
    """Each to the decision that it is named after."""
    outcomes = ("send", "block", "hold", "out_of_scope")
    texts = random_documents(5, 40, bad=0, plain=1)
    assert [judge(text)["decision"] for text in texts] == [*outcomes] * 10


def test_random_documents_have_every_kind_of_problem() -> None:
    """All codes of one document; the same again with the same seed."""
    codes = set()
    for text in random_documents(5, 600, bad=1):
        codes |= {code for _, code in problems(judge(text))}
    assert codes == {"type", "choice", "check_digit", "form", "line_id", "no_lines"}
    assert list(random_documents(5, 9)) == list(random_documents(5, 9))
