"""The bound on lines, as it is argued in ``proof/mentions.py``: a document with more lines shows no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books, vocabulary

from fakturavakt.engines.reference import truth
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.facts import Facts, LineFacts
from fakturavakt.proof.mentions import lines_needed
from fakturavakt.rulebook.conditions import AnyLine, Condition, Quantifier, quantifiers

READER = FactReader(vocabulary(), date(2021, 2, 2))


def kept(conditions: list[Condition], facts: Facts) -> Iterator[LineFacts]:
    """For each quantifier the one line that it needs; at least one line."""
    lines = facts.lines or ()
    some: list[LineFacts] = []
    for quantifier in dict.fromkeys(q for condition in conditions for q in quantifiers(condition)):
        some += needed(quantifier, facts)
    names = {line.position for line in some} or {1}
    yield from (line for line in lines if line.position in names)


def needed(quantifier: Quantifier, facts: Facts) -> list[LineFacts]:
    """The line that makes it come out as it does; none where every line does."""
    decisive = isinstance(quantifier, AnyLine)
    for wanted in (decisive, None):
        found = [
            line for line in facts.lines or () if truth(quantifier.part, facts, line) is wanted
        ]
        if found:
            return found[:1]
    return []


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(drawn=rule_books(), raws=st.lists(documents(), min_size=3, max_size=6))
def test_every_document_has_a_part_with_few_lines_that_comes_out_alike(
    drawn: DrawnRuleBook, raws: list[object]
) -> None:
    """Each condition of the rule book has the same truth value on as many lines as are said to suffice."""
    book = drawn.book
    conditions = [book.scope, *(rule.condition for rule in book.rules.values())]
    bound = lines_needed([(condition, book.vocabulary) for condition in conditions])
    for raw in raws:
        facts = READER.read(raw).facts  # type: ignore[arg-type]
        if facts.lines is None:
            continue
        lines = tuple(kept(conditions, facts))
        assert len(lines) <= bound
        fewer = replace(facts, lines=lines)
        for condition in conditions:
            assert truth(condition, fewer) is truth(condition, facts)
