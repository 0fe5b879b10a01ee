"""Kleene's logic, missing facts, and what must hold of every rule book."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books

from fakturavakt.decision import Decider, Decision
from fakturavakt.engines.missing import missing_facts
from fakturavakt.engines.reference import (
    ReferenceEngine,
    conjunction,
    disjunction,
    negation,
    truth,
)
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.facts import Facts
from fakturavakt.rulebook.conditions import Known, facts_of, leaves
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.vocabulary.facts import LINES, Absence

AS_OF = date(2021, 2, 2)
TRUTHS = (True, False, None)
slow = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def read_facts(book: RuleBook, document: RawDocument) -> Facts:
    """The document, read without a register."""
    return FactReader(book.vocabulary, AS_OF).read(document).facts


def decided(book: RuleBook, document: RawDocument) -> Decision:
    """The decision of the reference engine."""
    facts = read_facts(book, document)
    return Decider(book, AS_OF, "nb").decide(facts, ReferenceEngine(book).evaluate(facts))


def test_connectives_are_kleenes() -> None:
    """The tables of strong three-valued logic, with unknown as a half."""
    number = {False: 0.0, None: 0.5, True: 1.0}
    for a, b in itertools.product(TRUTHS, TRUTHS):
        assert number[conjunction([a, b])] == min(number[a], number[b])
        assert number[disjunction([a, b])] == max(number[a], number[b])
        # De Morgan
        assert negation(conjunction([a, b])) == disjunction([negation(a), negation(b)])
        assert negation(disjunction([a, b])) == conjunction([negation(a), negation(b)])
    for a in TRUTHS:
        assert negation(negation(a)) == a
        assert number[negation(a)] == 1 - number[a]
    for a, b, c in itertools.product(TRUTHS, TRUTHS, TRUTHS):
        assert conjunction([a, disjunction([b, c])]) == disjunction(
            [conjunction([a, b]), conjunction([a, c])]
        )
    assert conjunction([]) is True
    assert disjunction([]) is False


@slow
@given(rule_books(), documents())
def test_what_is_missing_is_unknown_and_nothing_else(
    drawn: DrawnRuleBook, document: RawDocument
) -> None:
    """An unknown condition misses at least one fact, each of them unknown and asked about; a known
    one misses nothing.
    """
    book = drawn.book
    facts = read_facts(book, document)
    for rule in book.rules.values():
        outcome = truth(rule.condition, facts)
        missing = missing_facts([rule.condition], facts, book.vocabulary)
        assert bool(missing) is (outcome is None)
        asked = {fact for leaf in leaves(rule.condition) for fact in facts_of(leaf)} | {LINES}
        for each in missing:
            assert each.fact in asked
            line = facts.lines[each.position - 1] if each.line and facts.lines else None
            assert facts.value(each.fact, line) is None
        assert list(missing) == sorted(missing)


@slow
@given(rule_books(), documents(), st.data())
def test_learning_a_fact_never_turns_true_into_false(
    drawn: DrawnRuleBook, document: RawDocument, data: st.DataObject
) -> None:
    """Without ``known``, a fact whose absence means unknown only settles what was unknown."""
    book = drawn.book
    facts = read_facts(book, document)
    unknown = [
        fact
        for fact in book.vocabulary
        if fact.absent is Absence.UNKNOWN
        and not fact.of_line
        and fact.name != LINES
        and fact.name not in facts.values
        and fact.name not in {problem.path for problem in facts.problems}
    ]
    assume(unknown)
    learnt = data.draw(st.sampled_from(unknown))
    value: bool | int | str = data.draw(st.sampled_from([True, False]))
    if learnt.choices:
        value = data.draw(st.sampled_from(learnt.choices))
    elif learnt.type.value in ("date", "money", "count"):
        value = data.draw(st.integers(730000, 740000))
    elif learnt.type.value != "yes_no":
        value = data.draw(st.sampled_from(["x", "abonnement"]))
    richer = Facts(
        source=facts.source,
        values={**facts.values, learnt.name: value},
        stated=facts.stated | {learnt.name},
        lines=facts.lines,
    )
    for rule in book.rules.values():
        if any(isinstance(leaf, Known) for leaf in leaves(rule.condition)):
            continue
        before = truth(rule.condition, facts)
        if before is not None:
            assert truth(rule.condition, richer) is before


def _shuffled(value: object, data: st.DataObject) -> object:
    if isinstance(value, Mapping):
        keys = data.draw(st.permutations(list(value)))
        return {key: _shuffled(value[key], data) for key in keys}
    if isinstance(value, list):
        return [_shuffled(item, data) for item in value]
    return value


@slow
@given(documents(), st.data())
def test_the_order_of_keys_changes_nothing(document: RawDocument, data: st.DataObject) -> None:
    """A document says the same with its keys in any order."""
    book = load_rulebook()
    shuffled = _shuffled(document.content, data)
    assert isinstance(shuffled, dict)
    other = RawDocument(document.source, shuffled)
    assert decided(book, document).as_json() == decided(book, other).as_json()


@slow
@given(documents(), st.data())
def test_the_order_of_lines_changes_only_how_they_are_named(
    document: RawDocument, data: st.DataObject
) -> None:
    """With the lines in another order the same rules strike the same lines."""
    invoice = document.content.get("invoice")
    assume(isinstance(invoice, dict) and isinstance(invoice.get("lines"), list))
    assert isinstance(invoice, dict)
    lines = [
        {**each, "id": f"L{n}"} for n, each in enumerate(invoice["lines"]) if isinstance(each, dict)
    ]
    book = load_rulebook()
    decisions = []
    for order in (lines, data.draw(st.permutations(lines))):
        content = {**document.content, "invoice": {**invoice, "lines": order}}
        decisions.append(decided(book, RawDocument(document.source, content)))
    first, second = decisions
    assert (first.decision, first.channel, first.attempts) == (
        second.decision,
        second.channel,
        second.attempts,
    )
    assert set(first.missing) == set(second.missing)
    for one, other in zip(first.findings, second.findings, strict=True):
        assert (one.rule, one.outcome) == (other.rule, other.outcome)
        assert set(one.lines) == set(other.lines)
        assert set(one.missing) == set(other.missing)


CONSENT = st.fixed_dictionaries(
    {},
    optional={
        "given": st.sampled_from([True, False, None, "ja"]),
        "informed": st.sampled_from([True, False, None]),
        "explicit": st.sampled_from([True, False, None, 1]),
        "given_on": st.sampled_from(["2021-02-01", "2021-02-02", "2021-02-03", None, "i går"]),
        "withdrawn_on": st.sampled_from(["2021-02-01", "2021-02-02", "2021-02-03", None, "x"]),
    },
)


@settings(max_examples=400, deadline=None)
@given(CONSENT, documents())
def test_no_subscription_without_complete_consent_is_ever_sent(
    consent: dict[str, object], document: RawDocument
) -> None:
    """Whatever else is known: an invoice to a person with a subscription line goes out only with a
    consent that is known to be given, informed, explicit, in time and not withdrawn.
    """
    invoice = document.content.get("invoice")
    line = {"id": "s", "kind": "subscription", "consent": consent}
    content = {
        **document.content,
        "invoice": {
            **(invoice if isinstance(invoice, dict) else {}),
            "kind": "invoice",
            "send_date": "2021-02-02",
            "lines": [line],
        },
        "recipient": {"kind": "person"},
        "relationship": {"agreement": True},
    }
    decision = decided(load_rulebook(), RawDocument(DocumentSource("x", 1), content))
    complete = (
        consent.get("given") is True
        and consent.get("informed") is True
        and consent.get("explicit") is True
        and consent.get("given_on") in ("2021-02-01", "2021-02-02")
        and consent.get("withdrawn_on") in (None, "2021-02-03")
    )
    assert complete or decision.decision.value in ("block", "hold")
