"""What would have to change: every way is decided ``send``, nothing in it can be spared, none is lacking."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books

from fakturavakt.decision import Decision, Verdict
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.facts import Facts
from fakturavakt.intake.json_documents import read_json
from fakturavakt.proof.ways_in_words import as_json, ways_lines
from fakturavakt.proof.ways_to_send import Method, WaysToSend, ways_to_send
from fakturavakt.proof.what_can_change import Effort
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screening
from fakturavakt.vocabulary.facts import NEVER

AS_OF = date(2021, 2, 2)
BOOK = load_rulebook()
METHODS = list(Method)
INVOICE: dict[str, Any] = {
    "invoice": {
        "number": "1",
        "issue_date": "2021-02-01",
        "send_date": "2021-02-02",
        "currency": "NOK",
        "lines": [
            {
                "id": "A",
                "kind": "subscription",
                "amount": "349.00",
                "consent": {
                    "given": True,
                    "informed": True,
                    "explicit": True,
                    "given_on": "2021-01-15",
                },
                "agreed": {"given": True, "given_on": "2021-01-15", "amount": "349.00"},
            }
        ],
    },
    "recipient": {"kind": "person"},
    "relationship": {"agreement": True},
}
"""It can be sent."""


def invoice(**changes: object) -> dict[str, Any]:
    """The invoice with other facts: ``line__consent__given``; None takes one away."""
    found = copy.deepcopy(INVOICE)
    for name, value in changes.items():
        *groups, key = name.split("__")
        home = found
        if groups[0] == "line":
            home = found["invoice"]["lines"][0]
            groups = groups[1:]
        for group in groups:
            home = home.setdefault(group, {})
        home[key] = value
    return found


def screened(book: RuleBook, document: RawDocument) -> tuple[Facts, Decision]:
    """What is known of it, and what is decided."""
    found = Screening(book, AS_OF, ReferenceEngine(book)).screen(document)
    return found.read.facts, found.decision


def known_of(content: dict[str, Any], book: RuleBook = BOOK) -> Facts:
    """The facts of a document."""
    (document,) = read_json(json.dumps(content).encode(), "-")
    assert isinstance(document, RawDocument)
    return screened(book, document)[0]


def ways(content: dict[str, Any], method: Method, book: RuleBook = BOOK) -> WaysToSend:
    """The ways for a document that is stopped or held."""
    found = ways_to_send(book, known_of(content, book), AS_OF, method=method)
    assert found is not None
    return found


def told(content: dict[str, Any], method: Method = Method.SOLVER, language: str = "nb") -> str:
    """What a person reads."""
    found = ways(content, method)
    return "\n".join(line for _, line in ways_lines(found, BOOK, known_of(content), language))


def sets_of(found: WaysToSend) -> set[frozenset[tuple[str, str | None]]]:
    """Each way as the facts that change; that a line is something unlikely counts beside that."""
    return {
        frozenset(
            {(each.fact, each.line) for each in way.changes}
            | {("unlikely", each.line) for each in way.changes if not each.likely}
        )
        for way in found.ways
    }


# -- what is proposed --------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_what_is_unknown_has_to_be_found_out(method: Method) -> None:
    """One unknown fact is one way; the answer that it takes is said."""
    found = ways(invoice(line__consent__explicit=None), method)
    assert (found.verdict, found.all_of_them, found.method) == (Verdict.HOLD, True, method)
    (way,) = found.ways
    (change,) = way.changes
    assert (change.fact, change.line, change.effort) == (
        "line.consent.explicit",
        "A",
        Effort.LEARN,
    )
    assert (change.now, change.to, change.evidence) == (None, True, True)


@pytest.mark.parametrize("method", METHODS)
def test_a_consent_that_is_not_explicit_has_to_be_obtained(method: Method) -> None:
    """What the line is, and that there is only one, is not the sender's to choose."""
    found = ways(invoice(line__consent__explicit=False), method)
    assert sets_of(found) == {frozenset({("line.consent.explicit", "A")})}
    assert found.ways[0].changes[0].effort is Effort.OBTAIN
    assert found.all_of_them


@pytest.mark.parametrize("method", METHODS)
def test_a_new_consent_is_not_dated_back(method: Method) -> None:
    """One of tomorrow is in time for what is sent tomorrow; or another one is given today."""
    found = ways(invoice(line__consent__given_on="2021-02-03"), method)
    assert [[(each.fact, each.effort, each.to) for each in way.changes] for way in found.ways] == [
        [("line.consent.given_on", Effort.OBTAIN, AS_OF.toordinal())],
        [("invoice.send_date", Effort.ALTER, AS_OF.toordinal() + 1)],
    ]
    assert found.ways[1].changes[0].least == AS_OF.toordinal() + 1
    assert found.ways[1].changes[0].most is None


@pytest.mark.parametrize("method", METHODS)
def test_a_consent_that_was_withdrawn_is_given_anew(method: Method) -> None:
    """Sending it earlier than today, before it was withdrawn, is no way."""
    found = ways(invoice(line__consent__withdrawn_on="2021-02-01"), method)
    (way,) = found.ways
    (change,) = way.changes
    assert (change.fact, change.stands) == ("line.consent.withdrawn_on", False)
    assert "må være aldri (nå 1. februar 2021)" in told(
        invoice(line__consent__withdrawn_on="2021-02-01"), method
    )


@pytest.mark.parametrize("method", METHODS)
def test_what_was_agreed_too_late_needs_a_later_invoice(method: Method) -> None:
    """As the rule's remedy says; and no invoice is issued after it was sent."""
    late = invoice(line__agreed__given_on="2021-02-02")
    found = ways(late, method)
    assert [[(each.fact, each.to) for each in way.changes] for way in found.ways] == [
        [("invoice.issue_date", AS_OF.toordinal())]
    ]
    change = found.ways[0].changes[0]
    assert (change.least, change.most) == (AS_OF.toordinal(), AS_OF.toordinal())


@pytest.mark.parametrize("method", METHODS)
def test_a_line_that_costs_more_than_was_agreed(method: Method) -> None:
    """More is agreed, less is demanded, or the line goes, which the only line cannot."""
    dear = invoice(line__amount="400.00")
    lower, *rest = ways(dear, method).ways[::-1]
    assert [each.fact for each in lower.changes] == ["line.amount"]
    assert (lower.changes[0].most, lower.changes[0].to) == (34900, 34900)
    assert [[each.fact for each in way.changes] for way in rest] == [["line.agreed.amount"]]
    dear["invoice"]["lines"].append({"id": "B", "kind": "gift_request", "amount": "0.00"})
    dear["invoice"]["lines"][1]["gift_acceptance"] = {"given": True, "given_on": "2021-01-01"}
    assert frozenset({("line", "A")}) in sets_of(ways(dear, method))
    assert "Ta linje A ut av fakturaen" in told(dear, method)


@pytest.mark.parametrize("method", METHODS)
def test_lines_that_nobody_knows_have_to_be_found_out(method: Method) -> None:
    """What they could be is shown, and decided as said."""
    unknown = invoice(invoice__lines=None)
    found = ways(unknown, method)
    (way,) = found.ways
    (change,) = way.changes
    assert (change.fact, change.line, change.effort) == ("invoice.lines", None, Effort.LEARN)
    with_lines = copy.deepcopy(unknown)
    with_lines["invoice"]["lines"] = [dict(line) for line in change.lines]
    assert ways_to_send(BOOK, known_of(with_lines), AS_OF) is None


def test_nothing_is_told_of_what_is_sent_or_out_of_scope() -> None:
    """Nothing has to change."""
    assert ways_to_send(BOOK, known_of(INVOICE), AS_OF) is None
    business = invoice(recipient__kind="organisation")
    assert ways_to_send(BOOK, known_of(business), AS_OF) is None


@pytest.mark.parametrize("method", METHODS)
def test_nothing_in_the_senders_hands_is_said_plainly(
    rules: Path, edit: Callable[[str, str, str], None], method: Method
) -> None:
    """A rule book that forbids what the sender cannot change: what is sold."""
    edit("prohibitions/unsolicited-gift-request.yaml", "- not: gift-accepted", "- always")
    edit(
        "prohibitions/unsolicited-gift-request.yaml",
        "- line.kind: gift_request",
        "- line.kind: subscription",
    )
    book = load_rulebook(rules)
    found = ways(INVOICE, method, book)
    assert (found.verdict, found.ways, found.all_of_them) == (Verdict.BLOCK, (), True)
    lines = [line for _, line in ways_lines(found, book, known_of(INVOICE, book), "en")]
    assert (
        lines[0]
        == "Nothing that the sender can find out, obtain or alter lets the invoice be sent."
    )


@pytest.mark.parametrize("method", METHODS)
def test_a_persons_data_is_never_repeated(
    rules: Path, edit: Callable[[str, str, str], None], method: Method
) -> None:
    """Neither what it is nor what it would have to be."""
    edit(
        "prohibitions/no-creditor-relationship.yaml",
        "    - payment-demand\n",
        "    - payment-demand\n    - not: {recipient.mobile: '91234567'}\n",
    )
    book = load_rulebook(rules)
    content = invoice(relationship__agreement=None, relationship__claim=False)
    found = ways(content, method, book)
    assert frozenset({("recipient.mobile", None)}) in sets_of(found)
    facts = known_of(content, book)
    said = json.dumps(as_json(found, book, facts, "nb")) + "".join(
        line for _, line in ways_lines(found, book, facts, "nb")
    )
    assert "Finn ut mobilnummeret" in said
    assert "91234567" not in said


def test_the_easiest_come_first_and_more_are_told_of() -> None:
    """What has to be learnt before what has to be obtained, and that before what has to be altered."""
    content = invoice(relationship__agreement=None, line__agreed__amount="300.00")
    found = ways(content, Method.SOLVER)
    ranks = [way.rank for way in found.ways]
    assert ranks == sorted(ranks)
    for way in found.ways:
        efforts = [list(Effort).index(each.effort) for each in way.changes]
        assert efforts == sorted(efforts)
    few = ways_to_send(BOOK, known_of(content), AS_OF, most=1)
    assert few is not None
    assert few.ways == found.ways[:1]
    assert not few.all_of_them
    assert "flere måter" in "".join(
        line for _, line in ways_lines(few, BOOK, known_of(content), "nb")
    )


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_keys_and_lines_changes_nothing(method: Method) -> None:
    """The same facts, the same ways."""
    content = invoice(line__amount="400.00", relationship__agreement=None)
    other = {"id": "B", "kind": "goods", "amount": "1.00", "agreed": {"given": False}}
    content["invoice"]["lines"].append(other)
    turned = dict(reversed(content.items()))
    turned["invoice"] = dict(reversed(content["invoice"].items()))
    turned["invoice"]["lines"] = content["invoice"]["lines"][::-1]
    one, again, two = (
        ways_to_send(BOOK, known_of(each), AS_OF, most=60, method=method)
        for each in (content, content, turned)
    )
    assert one is not None
    assert two is not None
    assert one == again
    assert one.all_of_them
    assert sets_of(one) == sets_of(two)


def test_every_kind_of_change_is_said_in_both_languages() -> None:
    """With its line, the value that it takes, and what is known today."""
    dear = invoice(line__amount="400.00")
    assert "Sett ned linjens beløp uten merverdiavgift (linje A) til høyst 349,00" in told(dear)
    assert (
        "has to be at least NOK\N{NO-BREAK SPACE}400.00 (now NOK\N{NO-BREAK SPACE}349.00)"
        in told(dear, language="en")
    )
    no = invoice(line__consent__explicit=False)
    assert "Innhent og dokumenter at samtykket er eksplisitt (linje A)" in told(no)
    assert "Obtain and document that the consent was explicit (line A)" in told(no, language="en")
    unknown = invoice(line__consent__given_on=None)
    assert (
        "Finn ut datoen samtykket ble gitt (linje A): det må være senest 2. februar 2021"
        in told(unknown)
    )


# -- over any document and any rule book -------------------------------------------------------------


def agree(book: RuleBook, document: RawDocument) -> None:
    """Solver and search answer alike, and each of their ways needs all that it names."""
    facts, decision = screened(book, document)
    solver = ways_to_send(book, facts, AS_OF, most=40, method=Method.SOLVER)
    search = ways_to_send(book, facts, AS_OF, most=40, method=Method.SEARCH)
    if solver is None or search is None:
        assert solver is search is None
        assert decision.decision in (Verdict.SEND, Verdict.OUT_OF_SCOPE)
        return
    assert solver.verdict is search.verdict is decision.decision
    if decision.decision is Verdict.BLOCK:
        efforts = [{each.effort for each in way.changes} for way in solver.ways]
        assert all(each != {Effort.LEARN} for each in efforts) or _known_is_asked(book)
    for found in (solver, search):
        sets = sets_of(found)
        assert len(sets) == len(found.ways)
        assert not any(one < other for one in sets for other in sets)
        assert all(
            each.now != each.to or each.now in (None, NEVER)
            for way in found.ways
            for each in way.changes
        )
    if solver.all_of_them and search.all_of_them:
        assert sets_of(solver) == sets_of(search)
    elif solver.all_of_them:
        # A search that was cut may have missed that something could be spared.
        assert all(any(one <= each for one in sets_of(solver)) for each in sets_of(search))


def _known_is_asked(book: RuleBook) -> bool:
    """Whether learning can turn a block into a send (docs/proof.md): where rules ask what is known."""
    return book.source.document == "D"


ANY = settings(
    max_examples=12,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # made smaller, a failing example takes longer than it saves
    suppress_health_check=list(HealthCheck),
)


@ANY
@given(documents())
def test_solver_and_search_agree_on_the_rule_book_that_ships(document: RawDocument) -> None:
    """Whatever is known of the invoice."""
    agree(BOOK, document)


@ANY
@given(rule_books(), st.lists(documents(), min_size=3, max_size=3))
def test_solver_and_search_agree_on_any_rule_book(
    drawn: DrawnRuleBook, drawn_documents: list[RawDocument]
) -> None:
    """Whatever it forbids."""
    for document in drawn_documents:
        agree(drawn.book, document)
