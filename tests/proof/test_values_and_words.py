"""Values that are made up are values that documents can have."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakturavakt.engines.reference import has_word
from fakturavakt.proof.mentions import Mentions
from fakturavakt.proof.plausible_values import WordPatterns, another, bad_value, has_another
from fakturavakt.proof.search import Search, UndecidedError
from fakturavakt.proof.symbolic_document import SymbolicDocument
from fakturavakt.proof.terms import Terms
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import LINES, ORDERED_TYPES, Fact, FactType
from fakturavakt.vocabulary.forms import Flaw

FACTS = [fact for fact in load_rulebook().vocabulary if fact.name != LINES]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_a_bad_value_is_refused(fact: Fact) -> None:
    """So its fact is unknown, whatever its absence means."""
    assert isinstance(forms.read(fact, bad_value(fact)), Flaw)


@pytest.mark.parametrize(
    "fact",
    [f for f in FACTS if f.type not in (*ORDERED_TYPES, FactType.CHOICE, FactType.YES_NO)],
    ids=lambda fact: fact.name,
)
def test_another_value_is_valid_and_none_of_those_named(fact: Fact) -> None:
    """With its check digits; and it is read as it is written."""
    named = [another(fact, (), position) for position in range(3)]
    assert has_another(fact, named)
    found = another(fact, named)
    assert found not in named
    assert len(set(named)) == 3
    for value in (*named, found):
        assert forms.read(fact, value) == value


PATTERNS = st.lists(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "*"]),
        st.text("abzq:-æ", min_size=1, max_size=4),
        st.sampled_from(["", "*"]),
    ),
    min_size=1,
    max_size=5,
    unique=True,
)


@given(
    patterns=PATTERNS, named=st.lists(st.text("abz q", max_size=6), max_size=2), n=st.integers(0, 2)
)
def test_a_text_has_just_the_words_that_were_asked_for(
    patterns: list[str], named: list[str], n: int
) -> None:
    """For each set of patterns that has with a pattern all that it implies."""
    words = WordPatterns.of(patterns, named)
    subsets = chain.from_iterable(combinations(patterns, size) for size in range(len(patterns) + 1))
    for subset in subsets:
        implied = [words.implied(pattern) for pattern in subset]
        if None in implied or not all(set(each or ()) <= set(subset) for each in implied):
            continue
        made = words.text_with(subset, named, n)
        assert words.in_text(made) == set(subset)
        assert made not in named
        assert made.strip()


@given(patterns=PATTERNS, text=st.text("abzq:-æ ", max_size=12))
def test_no_text_has_a_set_of_words_that_is_thought_impossible(
    patterns: list[str], text: str
) -> None:
    """The patterns that match a word of any text are closed under what they imply."""
    words = WordPatterns.of(patterns, ())
    there = {pattern for pattern in patterns if has_word(text, (pattern,))}
    for pattern in there:
        implied = words.implied(pattern)
        assert implied is not None
        assert set(implied) <= there


def test_a_question_that_takes_too_long_is_undecided() -> None:
    """Thirteen pigeons in twelve holes: never a guess."""
    terms = Terms()
    document = SymbolicDocument(terms, [load_rulebook().vocabulary], Mentions(), 1)
    sits = [[terms.flag(f"{pigeon} in {hole}") for hole in range(12)] for pigeon in range(13)]
    housed = terms.both(terms.either(row) for row in sits)
    alone = terms.both(
        terms.negated(terms.both([one[hole], other[hole]]))
        for one, other in combinations(sits, 2)
        for hole in range(12)
    )
    with pytest.raises(UndecidedError):
        Search(document, load_rulebook().source.updated, seconds=0.05).find(
            terms.both([housed, alone])
        )
