"""Conditions as a rule file writes them: what ``rules show`` and ``explain`` print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, assert_never

from fakturavakt.rulebook.condition_reader import operators_of
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
    Leaf,
    Named,
    Not,
    OneOf,
    Relation,
    connective,
)
from fakturavakt.vocabulary.facts import FactType, Value, Vocabulary

WORDS_SHOWN: Final = 4
_OF_SPANS: Final = {"on_or_after": "at_least", "on_or_before": "at_most"}


def written_condition(condition: Condition, vocabulary: Vocabulary) -> Iterator[str]:
    """The condition as indented YAML lines, definitions by their names."""
    match condition:
        case All(parts=()):
            yield "always"
        case All(parts=parts) | AnyOf(parts=parts):
            yield f"{connective(condition)}:"
            for part in parts:
                first, *rest = written_condition(part, vocabulary)
                yield f"  - {first}"
                yield from (f"    {line}" for line in rest)
        case Not(part=part) | AnyLine(part=part) | AllLines(part=part):
            word = connective(condition)
            first, *rest = written_condition(part, vocabulary)
            if rest:
                yield f"{word}:"
                yield from (f"  {line}" for line in (first, *rest))
            elif ":" in first:
                yield f"{word}: {{{first}}}"
            else:
                yield f"{word}: {first}"
        case Named(name=name):
            yield name
        case Known() | OneOf() | HasWord() | Comparison():
            yield written_leaf(condition, vocabulary)
        case _:
            assert_never(condition)


def written_leaf(leaf: Leaf, vocabulary: Vocabulary) -> str:
    """A leaf on one line; a long list of words is cut short."""
    match leaf:
        case Known(fact=fact):
            return f"known: {fact}"
        case OneOf(fact=fact, values=(value,)):
            return f"{fact}: {_constant(fact, value, vocabulary)}"
        case OneOf(fact=fact, values=values):
            listed = ", ".join(_constant(fact, value, vocabulary) for value in values)
            return f"{fact}: {{one_of: [{listed}]}}"
        case HasWord(fact=fact, words=words):
            shown = ", ".join(words[:WORDS_SHOWN]) + (", …" if len(words) > WORDS_SHOWN else "")
            return f"{fact}: {{has_word: [{shown}]}}"
        case Comparison(fact=fact, relation=relation, operand=operand):
            operator = _operator(fact, relation, vocabulary)
            if isinstance(operand, Constant):
                against = _constant(fact, operand.value, vocabulary)
            else:
                against = operand.fact
                if operand.days:
                    way = "after" if operand.days > 0 else "before"
                    unit = "day" if abs(operand.days) == 1 else "days"
                    against = f"{abs(operand.days)} {unit} {way} {against}"
                    # A span is written as one, though it compares as the other word does.
                    operator = _OF_SPANS.get(operator, operator)
            return f"{fact}: {{{operator}: {against}}}"
        case _:
            assert_never(leaf)


def _operator(fact: str, relation: Relation, vocabulary: Vocabulary) -> str:
    operators = operators_of(vocabulary[fact].type)
    return next(word for word, meaning in operators.items() if meaning is relation)


def _constant(fact: str, value: Value, vocabulary: Vocabulary) -> str:
    match vocabulary[fact].type:
        case FactType.YES_NO:
            return "yes" if value else "no"
        case FactType.DATE:
            return date.fromordinal(int(value)).isoformat()
        case FactType.MONEY:
            return f"{Decimal(int(value)) / 100:f}"
        case _:
            return str(value)
