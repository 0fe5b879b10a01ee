"""Rules on two rails say what three-valued rules say: the reference engine, on random documents."""

from __future__ import annotations

import operator
from typing import assert_never

import pytest
from benchmarks.generate_documents import AS_OF, generate
from benchmarks.peers.two_rails import (
    And,
    Compares,
    Equals,
    Expression,
    OfLines,
    Or,
    Rails,
    There,
    negated,
    rails_of,
)
from benchmarks.rule_books import write_rule_book

from fakturavakt.engines.outcomes import About, Asked
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.facts import Facts, LineFacts
from fakturavakt.intake.json_documents import read_ndjson
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.vocabulary.facts import LINES

OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


def holds(expression: Expression, facts: Facts, line: LineFacts | None = None) -> bool:
    """The plain reading of an expression of two values."""
    match expression:
        case There(fact=fact, wanted=wanted):
            is_there = facts.lines is not None if fact == LINES else facts.has(fact, line)
            return is_there is wanted
        case Equals(fact=fact, values=values, wanted=wanted):
            return (facts.value(fact, line) in values) is wanted
        case Compares(fact=fact, sign=sign, other=other, plus=plus):
            left = facts.value(fact, line)
            right = plus if other is None else facts.value(other, line)
            if left is None or right is None:
                return False  # never asked: *there* stands before it
            assert not isinstance(left, str)
            assert not isinstance(right, str)
            return bool(OPERATORS[sign](left, right if other is None else right + plus))
        case And(parts=parts):
            return all(holds(part, facts, line) for part in parts)
        case Or(parts=parts):
            return any(holds(part, facts, line) for part in parts)
        case OfLines(part=part, every=every):
            quantifier = all if every else any
            return quantifier(holds(part, facts, each) for each in facts.lines or ())
        case _:
            assert_never(expression)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[RuleBook, Rails, list[Facts]]:
    """The fifteen rules, and documents."""
    folder = tmp_path_factory.mktemp("rails")
    book = load_rulebook(write_rule_book(folder / "rules", 15))
    file = folder / "documents.ndjson"
    generate(file, 1500, 3)
    reader = FactReader(book.vocabulary, AS_OF)
    with file.open("rb") as lines:
        read = [
            reader.read(each).facts
            for each in read_ndjson(lines, "x")
            if isinstance(each, RawDocument)
        ]
    return book, rails_of(book, in_ore=True), read


def test_both_rails_together_are_the_three_values(
    measured: tuple[RuleBook, Rails, list[Facts]],
) -> None:
    """Certainly so, certainly not, or neither: and all three occur."""
    book, rails, documents = measured
    engine = ReferenceEngine(book)
    seen = set()
    for facts in documents:
        outcomes = engine.evaluate(facts)
        for rule in book.prohibitions:
            yes, no = rails.prohibitions[rule.id]
            expected = outcomes.whole[Asked(About.RULE, rule.id)]
            seen.add(expected)
            assert holds(yes, facts) is (expected is True)
            assert holds(no, facts) is (expected is False)
            assert holds(negated(no), facts) is not holds(no, facts)
    assert seen == {True, False, None}
