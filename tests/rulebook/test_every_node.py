"""The condition tree is closed, and every node of it can be written, drawn at random and looked up.

``mypy`` finds the walkers that forget a new node; this finds the reader, the random rule books and the
rule language's page.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from tests.engines.random_rule_books import DrawnRuleBook, rule_books
from tests.rulebook.conftest import Edit

from fakturavakt.rulebook.condition_reader import Membership, operators_of
from fakturavakt.rulebook.conditions import Comparison, Condition, Relation, children, leaves
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.vocabulary.facts import FactType

WRITTEN = {
    "All": "{all: [always]}",
    "AnyOf": "{any: [always]}",
    "Not": "{not: always}",
    "AnyLine": "{any line: {line.kind: goods}}",
    "AllLines": "{all lines: {line.kind: goods}}",
    "Named": "payment-demand",
    "Known": "{known: recipient.mobile}",
    "OneOf": "{recipient.kind: person}",
    "HasWord": "{recipient.name: {has_word: [as]}}",
    "Comparison": "{invoice.payable_amount: {above: 0}}",
}
"""Each node, as an officer would write it."""


def node_types(union: Any = Condition) -> Iterator[type]:  # noqa: ANN401 (a union of types)
    """The classes of the closed union, nested unions opened."""
    for member in get_args(union):
        if get_args(member):
            yield from node_types(member)
        else:
            yield member


def nodes_in(condition: Condition) -> Iterator[str]:
    """The names of the classes of all nodes of a condition."""
    yield type(condition).__name__
    for part in children(condition):
        yield from nodes_in(part)


def test_every_node_is_written_here() -> None:
    """A new node gets a line above, and with it everything below."""
    assert {node.__name__ for node in node_types()} == set(WRITTEN)


@pytest.mark.parametrize("node", WRITTEN)
def test_an_officer_can_write_it(node: str, rules: Path, edit: Edit) -> None:
    """The reader makes the node out of what is written."""
    edit(
        "advice/missing-mobile.yaml",
        "when:\n  not: {known: recipient.mobile}",
        f"when: {WRITTEN[node]}",
    )
    assert type(load_rulebook(rules).rules["missing-mobile"].when).__name__ == node


def test_random_rule_books_draw_every_node() -> None:
    """What the property tests of the engines never draw, they never compare."""
    nodes: set[str] = set()
    relations: set[Relation] = set()

    @settings(
        max_examples=150,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(rule_books())
    def collect(drawn: DrawnRuleBook) -> None:
        for rule in drawn.book.rules.values():
            nodes.update(nodes_in(rule.condition))
            relations.update(
                leaf.relation for leaf in leaves(rule.condition) if isinstance(leaf, Comparison)
            )

    collect()
    assert nodes == set(WRITTEN)
    assert relations == set(Relation)


def test_every_operator_can_be_written() -> None:
    """What stands in no type's table, no officer can write."""
    written = {meaning for fact_type in FactType for meaning in operators_of(fact_type).values()}
    assert written == {*Relation, *Membership}


def test_a_failing_property_prints_the_files_of_its_rule_book() -> None:
    """Whoever reads a failure sees rules as an officer writes them."""
    files: dict[str, list[object]] = {"rulebook.yaml": [{"rulebook": "random"}]}
    assert repr(DrawnRuleBook(load_rulebook(), files)) == "# rulebook.yaml\nrulebook: random\n"


def test_every_operator_is_in_the_rule_language() -> None:
    """The page for officers names what each type of fact takes."""
    page = (Path(__file__).parents[2] / "docs" / "rule-language.md").read_text(encoding="utf-8")
    operators = {name for fact_type in FactType for name in operators_of(fact_type)}
    assert len(operators) > 10
    for operator in operators:
        assert operator in page, operator
