"""Mutants: everything that is written is changed, each change is another rule book, and each could be
written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from tests.rulebook.test_every_node import WRITTEN, node_types

from fakturavakt.desk.condition_mutations import (
    OTHER_RELATIONS,
    ConditionMutations,
    Mutation,
)
from fakturavakt.desk.rule_mutations import Mutant, candidates, mutants, sample
from fakturavakt.problems import Place
from fakturavakt.rulebook.condition_reader import ConditionReader
from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    Constant,
    HasWord,
    Known,
    Named,
    Not,
    OneOf,
    OtherFact,
    Quantifier,
    Relation,
    connective,
)
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.model import ChannelRule, Suggestion, Window
from fakturavakt.rulebook.written import written_leaf
from fakturavakt.rulebook.yaml_nodes import read_yaml
from fakturavakt.vocabulary.facts import Vocabulary

BOOK = load_rulebook()
MUTANTS = mutants(BOOK)
HERE = Place("rule.yaml", 1, 1)
PERSON = OneOf("recipient.kind", ("person",), HERE)
GOODS = OneOf("line.kind", ("goods",), HERE)
NODES: dict[str, Condition] = {
    "All": All((PERSON, Known("recipient.mobile", HERE)), HERE),
    "AnyOf": AnyOf((PERSON, Known("recipient.mobile", HERE)), HERE),
    "Not": Not(PERSON, HERE),
    "AnyLine": AnyLine(GOODS, HERE),
    "AllLines": AllLines(GOODS, HERE),
    "Named": Named("payment-demand", *BOOK.definitions["payment-demand"], HERE),
    "Known": Known("recipient.mobile", HERE),
    "OneOf": GOODS,
    "HasWord": HasWord("line.description", ("*gave", "gåve"), HERE),
    "Comparison": Comparison("invoice.payable_amount", Relation.ABOVE, Constant(0), HERE),
}


def exchanges(condition: Condition) -> set[str]:
    """What is done to a condition, in English."""
    found = ConditionMutations(BOOK.vocabulary, BOOK.definitions).of(condition)
    return {each.said.say("en") for each in found}


def of_rule(rule: str, kind: Mutation) -> set[str]:
    """What is done to a rule of the book that ships."""
    return {
        mutant.changed.said.say("en")
        for mutant in MUTANTS
        if (mutant.changed.rule, mutant.changed.kind) == (rule, kind)
    }


# -- conditions ------------------------------------------------------------------------------------


def test_every_node_has_an_example_here() -> None:
    """A new node gets a line above, and with it a test below."""
    assert set(NODES) == {node.__name__ for node in node_types()} == set(WRITTEN)


@pytest.mark.parametrize("node", NODES)
def test_every_node_is_changed(node: str) -> None:
    """Into something that it is not."""
    found = list(ConditionMutations(BOOK.vocabulary, BOOK.definitions).of(NODES[node]))
    assert found
    for each in found:
        assert each.new != each.old
        assert each.said.say("nb") != each.said.say("en")


@pytest.mark.parametrize("relation", Relation)
def test_a_relation_becomes_its_neighbour_and_turns_round(relation: Relation) -> None:
    """Never itself."""
    assert len(OTHER_RELATIONS[relation]) == 2
    assert relation not in OTHER_RELATIONS[relation]


def test_a_value_moves_by_a_day_an_ore_or_one() -> None:
    """A count no lower than none."""
    day, amount = date(2018, 12, 20).toordinal(), 34900
    for leaf, expected in (
        (
            Comparison("invoice.send_date", Relation.BELOW, Constant(day), HERE),
            {"before: 2018-12-19", "before: 2018-12-21", "on_or_before: 2018-12-20"},
        ),
        (
            Comparison("line.amount", Relation.ABOVE, Constant(amount), HERE),
            {"above: 348.99", "above: 349.01", "at_least: 349", "below: 349"},
        ),
        (
            Comparison("invoice.attachments", Relation.EQUAL, Constant(0), HERE),
            {"equals: 1", "at_most: 0", "at_least: 0"},
        ),
        (
            Comparison(
                "invoice.due_date", Relation.AT_LEAST, OtherFact("invoice.send_date", 3), HERE
            ),
            {
                "at_least: 2 days after invoice.send_date",
                "at_least: 4 days after invoice.send_date",
            },
        ),
    ):
        became = {
            said.rpartition("{")[2].rstrip("}”") for said in exchanges(leaf) if "became" in said
        }
        assert expected <= became
        assert "equals: -1" not in became


def test_choices_and_words_come_and_go() -> None:
    """One for another, one more, one less; a wild card less, and one that was left out on purpose."""
    kinds = OneOf("line.kind", ("goods", "service"), HERE)
    old = "line.kind: {one_of: [goods, service]}"
    for new in ("line.kind: goods", "line.kind: {one_of: [gift_request, goods, service]}"):
        assert f"“{old}” became “{new}”" in exchanges(kinds)
    assert "“recipient.kind: person” became “recipient.kind: organisation”" in exchanges(PERSON)
    assert {
        "the word “*gave” was taken out",
        "“*gave” became “gave”",
        "“gåve” became “gåve*”",
    } <= exchanges(NODES["HasWord"])


def test_facts_are_confused_with_their_neighbours_of_the_same_type() -> None:
    """Those of the same group first; the other side of a comparison is no neighbour."""
    leaf = Comparison(
        "line.consent.given_on", Relation.AT_MOST, OtherFact("invoice.send_date"), HERE
    )
    said = exchanges(leaf)
    for fact in ("line.consent.withdrawn_on", "line.gift_acceptance.given_on"):
        assert any(f"became “{fact}: {{on_or_before" in each for each in said)
    for fact in ("invoice.due_date", "invoice.issue_date"):
        assert any(each.endswith(f"{{on_or_before: {fact}}}”") for each in said)
    amounts = Comparison("line.amount", Relation.AT_MOST, OtherFact("line.agreed.amount"), HERE)
    assert not any("“line.amount: {at_most: line.amount}”" in each for each in exchanges(amounts))


def test_what_comes_to_the_same_is_changed_once() -> None:
    """A part of ``all`` that is never true is an ``all`` that is never true; nobody writes ``not`` twice."""
    said = exchanges(NODES["All"])
    assert "“recipient.kind: person” was taken out" in said
    assert "“recipient.kind: person” can never be true" not in said
    assert exchanges(NODES["Not"]) == {
        "“not: {recipient.kind: person}” was taken out",
        "“not: {recipient.kind: person}” can never be true",
        "“not” before “recipient.kind: person” was taken out",
        "“recipient.kind: person” became “recipient.kind: organisation”",
    }


# -- the rule book that ships ------------------------------------------------------------------------


def test_every_rule_is_changed_in_every_way_that_applies() -> None:
    """Its connectives always, for each rule can be taken out and turned round; the rest where it has any."""
    kinds: dict[str, set[Mutation]] = defaultdict(set)
    for mutant in MUTANTS:
        kinds[mutant.changed.rule].add(mutant.changed.kind)
    migration = BOOK.migration
    assert migration is not None
    assert set(kinds) == {"scope", "channels", migration.name, *BOOK.definitions, *BOOK.rules}
    for rule in BOOK.rules.values():
        assert Mutation.CONNECTIVE in kinds[rule.id]
        assert (rule.window != Window()) is (Mutation.WINDOW in kinds[rule.id])
        assert isinstance(rule, ChannelRule) is (Mutation.PROPERTY in kinds[rule.id])
        if isinstance(rule, Suggestion):
            assert Mutation.VALUE in kinds[rule.id]
    assert {Mutation.PROPERTY, Mutation.WINDOW, Mutation.ORDER} <= kinds[migration.name]
    assert kinds["channels"] == {Mutation.ORDER}


def test_every_definition_is_changed_where_it_is_written() -> None:
    """Once, and in all rules that use it."""
    demand = [mutant for mutant in MUTANTS if mutant.changed.rule == "payment-demand"]
    places = {mutant.changed.place.file for mutant in demand}
    assert {re.sub(r".*/", "", place) for place in places} == {"payment-demand.yaml"}
    taken_out = next(each for each in demand if each.changed.said.say("en").endswith("taken out"))
    for rule in ("unconsented-subscription", "vipps-regning-b2c"):
        assert taken_out.book.rules[rule].condition != BOOK.rules[rule].condition


def test_what_is_declared_is_changed() -> None:
    """Fees, attachments, the way payments come; benefits, e-mail and the day of the migration; the facts that
    advice asks for; the kind that is suggested; the order in which channels are tried.
    """
    assert {
        "“bank_fee: 0” became “bank_fee: unknown”",
        "“bank_fee: 0” became “bank_fee: 0.01”",
        "“carries_attachments: yes” became “carries_attachments: no”",
        "“price_class: electronic” became “price_class: legacy”",
    } <= of_rule("vipps-regning-b2c", Mutation.PROPERTY)
    assert {
        "“effective: {from: 2018-12-20}” became “effective: {from: 2018-12-19}”",
        "“effective: {from: 2018-12-20}” became “effective: {from: 2018-12-21}”",
        "“effective: {from: 2018-12-20}” became “effective: –”",
        "“effective: {from: 2018-12-20}” became “effective: {before: 2018-12-20}”",
    } == of_rule("vipps-regning-b2c", Mutation.WINDOW)
    assert {
        "“notified_by_email: yes” became “notified_by_email: no”",
        "the benefit “same_price” is gone",
        "the benefit “one_agreement” is new",
    } <= of_rule("migration", Mutation.PROPERTY)
    assert "“on: 2018-12-20” became “on: 2018-12-21”" in of_rule("migration", Mutation.WINDOW)
    assert "“asks_for” is without “recipient.city”" in of_rule(
        "incomplete-recipient", Mutation.FACT
    )
    assert "“kind: gift_request” became “kind: goods”" in of_rule("words-of-a-gift", Mutation.VALUE)
    assert "“efaktura, vipps_regning, paper” became “vipps_regning, efaktura, paper”" in of_rule(
        "channels", Mutation.ORDER
    )


def test_each_mutant_is_another_rule_book() -> None:
    """By its version; the rule book itself stays as it was."""
    versions = [mutant.book.version for mutant in MUTANTS]
    assert len({*versions, BOOK.version}) == len(versions) + 1
    assert load_rulebook().version == BOOK.version
    again = candidates(load_rulebook())
    for mutant in MUTANTS:
        assert again[mutant.number].changed.said == mutant.changed.said


def test_what_the_loader_refuses_is_known() -> None:
    """A migration that leaves senders out, or answers twice; paper that is not last, or not always there."""
    refused = [mutant for mutant in MUTANTS if not mutant.can_be_read]
    assert {mutant.changed.rule for mutant in refused} == {"migration", "paper-always", "channels"}
    of_migration = [m for m in MUTANTS if m.changed.rule == "migration"]
    exchanged = [m for m in of_migration if m.changed.kind is Mutation.ORDER]
    assert exchanged
    assert all(mutant.can_be_read for mutant in exchanged)


def test_a_sample_is_the_same_every_time() -> None:
    """Of one seed; in the order of the rule book, and no more than there are."""
    drawn = sample(MUTANTS, 30, 1)
    assert len(drawn) == 30
    assert drawn == sample(MUTANTS, 30, 1) != sample(MUTANTS, 30, 2)
    numbers = [mutant.number for mutant in drawn]
    assert numbers == sorted(numbers)
    assert sample(MUTANTS, None, 1) == sample(MUTANTS, len(MUTANTS) + 1, 1) == MUTANTS


# -- each could be written -----------------------------------------------------------------------------


def written(condition: Condition, vocabulary: Vocabulary) -> str:
    """A condition as YAML on one line, with every word."""
    match condition:
        case All(parts=()):
            return "always"
        case All(parts=parts) | AnyOf(parts=parts):
            listed = ", ".join(written(part, vocabulary) for part in parts)
            return f"{{{connective(condition)}: [{listed}]}}"
        case Not(part=part) | AnyLine(part=part) | AllLines(part=part):
            return f"{{{connective(condition)}: {written(part, vocabulary)}}}"
        case Named(name=name):
            return name
        case HasWord(fact=fact, words=words):
            quoted = ", ".join(f'"{word}"' for word in words)
            return f"{{{fact}: {{has_word: [{quoted}]}}}}"
        case _:
            assert isinstance(condition, Known | OneOf | Comparison)
            return f"{{{written_leaf(condition, vocabulary)}}}"


def changed_conditions(mutant: Mutant) -> Iterator[tuple[Condition, bool]]:
    """The conditions that are written otherwise, and whether each is about one line."""
    book, before = mutant.book, mutant.original
    if book.scope != before.scope:
        yield book.scope, False
    for rule in book.rules.values():
        if rule.when != before.rules[rule.id].when:
            yield rule.when, isinstance(rule, Suggestion)


def test_every_changed_condition_could_be_written() -> None:
    """Read from a file, it is the same condition: no mutant asks what the rule language cannot say."""
    seen = 0
    for mutant in MUTANTS:
        titles: dict[str, Any] = {}
        for name, (title, condition) in mutant.book.definitions.items():
            titles[name] = (title, node_of(written(condition, BOOK.vocabulary)))
        reading = Reading(BOOK.vocabulary)
        suggested = AnyOf(tuple(rule.when for rule in mutant.book.suggestions), HERE)
        reader = ConditionReader(reading, titles, suggested)
        for condition, about_line in changed_conditions(mutant):
            node = node_of(written(condition, BOOK.vocabulary))
            assert reader.read(node, about_line=about_line) == condition
            assert not reading.problems
            seen += 1
    assert seen > 300


def node_of(said: str) -> Any:  # noqa: ANN401 (a node of whatever kind)
    """A line of YAML as the loader sees it."""
    (node,), problems = read_yaml(said.encode(), "rule.yaml")
    assert not problems
    return node


def test_a_quantifier_is_no_part_of_another() -> None:
    """Lines are looked through once."""

    def nested(condition: Condition, *, inside: bool) -> bool:
        if isinstance(condition, Quantifier):
            return inside or nested(condition.part, inside=True)
        parts = getattr(condition, "parts", None) or [getattr(condition, "part", None)]
        return any(nested(part, inside=inside) for part in parts if part is not None)

    for mutant in MUTANTS:
        assert not any(nested(each.when, inside=False) for each in mutant.book.rules.values())
