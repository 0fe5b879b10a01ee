"""The texts of the steps, and what scenarios may call facts, rules and channels."""

from __future__ import annotations

import re
from typing import Any

import pytest

from fakturavakt.acceptance.names import (
    advice_id,
    channel_name,
    fact_path,
    prohibition_id,
    shipped_book,
)
from fakturavakt.acceptance.steps import PATTERNS

EXAMPLES = {
    "Day": {"nb": "2. februar 2021", "en": "2 February 2021"},
    "Amount": {"nb": "1 200,25 kr", "en": "NOK 1200.25"},
    "List": {"nb": "1, 2 og #3", "en": "1, 2 and #3"},
    "Verdict": {"nb": "satt på vent", "en": "held"},
    "Document": {"nb": "en kreditnota", "en": "a credit note"},
    "Kind": {"nb": "en vare", "en": "goods"},
    "d": {"nb": "2", "en": "2"},
    None: {"nb": "om samtykke er gitt (linje 1)", "en": "whether consent was given (line 1)"},
}


def _filled(text: str, language: str) -> str:
    return re.sub(r"\{\w+(?::(\w+))?\}", lambda found: EXAMPLES[found[1]][language], text)


@pytest.mark.parametrize("step", PATTERNS, ids=lambda step: step[1].name)
def test_a_step_is_understood_in_one_way(step: tuple[str, Any]) -> None:
    """Each text, filled in, is matched by itself and by no other of its kind."""
    kind, parser = step
    said = [_filled(parser.name, language) for language in ("nb", "en")]
    meant = [each for each in said if parser.is_matching(each)]
    assert meant
    for each in meant:
        matching = [other.name for of, other in PATTERNS if of == kind and other.is_matching(each)]
        assert matching == [parser.name]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_label_and_title_leads_to_its_fact_rule_or_channel(language: str) -> None:
    """As it stands in the rule book; the fact of a line with its line."""
    book = shipped_book()
    for fact in book.vocabulary:
        label = fact.label.say(language)
        if fact.of_line:
            path = fact.name.replace("line.", "line[2].")
            assert fact_path(f"{label} (linje 2)") == fact_path(f"{label} (line 2)") == path
        else:
            assert fact_path(label) == fact.name
    for prohibition in book.prohibitions:
        assert prohibition_id(prohibition.title.say(language)) == prohibition.id
    for advice in book.advice:
        assert advice_id(advice.title.say(language)) == advice.id
    for channel in book.channels:
        assert channel_name(channel.title.say(language)) == channel.name


def test_ids_and_paths_are_taken_as_they_stand() -> None:
    """Also those of lines and groups that no label names."""
    for path in ("invoice.due_date", "line[1].consent.given", "line[#2].id", "line[#1]", "sender"):
        assert fact_path(path) == path
    assert prohibition_id("unagreed-upgrade") == "unagreed-upgrade"
    assert advice_id("missing-mobile") == "missing-mobile"
    assert channel_name("paper") == "paper"


def test_what_a_label_explains_in_brackets_may_be_left_out() -> None:
    """The reader of a feature need not be told each time."""
    assert fact_path("om avsenderen har B2C-avtalen") == "sender.efaktura_b2c_agreement"
    assert fact_path("hva linjen gjelder (linje 3)") == "line[3].kind"


@pytest.mark.parametrize("written", ["om samtykke er gitt", "mobilnummeret (linje 1)"])
def test_a_line_is_named_where_the_fact_is_a_lines(written: str) -> None:
    """And nowhere else."""
    with pytest.raises(KeyError, match="must name a line"):
        fact_path(written)


def test_a_misspelt_rule_or_channel_is_refused() -> None:
    """It would otherwise never be broken, and the scenario would pass."""
    for name in (prohibition_id, advice_id, channel_name):
        with pytest.raises(KeyError):
            name("Vips Regning")
