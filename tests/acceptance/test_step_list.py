"""The list of steps: each that there is, in words that are steps themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.case import Case
from fakturavakt.acceptance.names import Names
from fakturavakt.acceptance.scenario_run import definition_of
from fakturavakt.acceptance.sentences import FIELDS
from fakturavakt.acceptance.step_definitions import DEFINITIONS, HEADINGS
from fakturavakt.acceptance.step_list import listed_steps, step_list
from fakturavakt.acceptance.step_page import step_page
from fakturavakt.rulebook.loader import load_rulebook

NAMES = Names(load_rulebook())
PAGE = Path(__file__).parents[2] / "docs" / "steps.md"
LANGUAGES = ("nb", "en")
KINDS = {"Gitt": "given", "Når": "when", "Så": "then", "Given": "given", "When": "when"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("about", [None, "vipps", "avtal", "agree", "dato", "date", "line"])
def test_whatever_is_listed_is_a_step(language: str, about: str | None) -> None:
    """With its keyword, and of the group that it stands in."""
    for group, steps in listed_steps(language, NAMES, about=about):
        for step in steps:
            keyword, _, said = step.said.partition(" ")
            assert definition_of(KINDS.get(keyword, "then"), said).group is group


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_is_listed_under_its_heading(language: str) -> None:
    """In the order of the headings; a step with a table shows one."""
    said = step_list(language, NAMES)
    listed = {
        definition_of(
            KINDS.get(step.said.split()[0], "then"), step.said.partition(" ")[2]
        ).parser.name
        for _, steps in listed_steps(language, NAMES)
        for step in steps
    }
    assert listed == {each.parser.name for each in DEFINITIONS}
    places = [said.index(f"{heading.say(language)}\n") for heading in HEADINGS.values()]
    assert places == sorted(places)
    assert said.count("    | ") >= sum(each.takes_table for each in DEFINITIONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_field_are_listed(language: str) -> None:
    """In the language asked for."""
    said = step_list(language, NAMES)
    for field in FIELDS.values():
        if field.words:
            assert " / ".join(field.words[language]) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_of_each_table_can_be_screened(language: str) -> None:
    """As it stands in the list."""
    tested = BookUnderTest(NAMES.book.without_trials())
    for definition in DEFINITIONS:
        if definition.kind == "given" and definition.table is not None:
            case = Case(tested, Path())
            definition.function(case=case, datatable=[*map(list, definition.table[language])])
            case.screen()


def test_a_word_gives_the_steps_about_it() -> None:
    """Filled in with the facts, rules and channels that are called so, and nothing else."""
    said = step_list("nb", NAMES, about="Mobil")
    assert "  Gitt at mobilnummeret er «912 34 567»\n" in said
    assert (
        "  Så gis rådet «Mobilnummeret mangler», for mobilnummeret og forfallsdatoen mangler\n"
        in said
    )
    assert "  Gitt at mottakeren bruker Vipps\n" not in said
    said = step_list("en", NAMES, about="due_date")
    assert "  Given the due date is 2 February 2021\n" in said
    said = step_list("nb", NAMES, about="explisitt")
    assert said.startswith("Ingen steg handler om «explisitt».")


def test_a_question_is_asked_where_it_reads_like_one() -> None:
    """And a noun stands where one can."""
    said = step_list("nb", NAMES, about="bruker Vipps")
    assert "  Gitt at det er ukjent om mottakeren bruker Vipps\n" in said
    assert "  Gitt at svaret på «om mottakeren bruker Vipps» er nei\n" in said
    assert not re.search(r"Gitt at «om mottakeren bruker Vipps» er", said)


def test_the_page_of_the_docs_is_up_to_date() -> None:
    """``python -m fakturavakt.acceptance.step_page docs/steps.md`` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == step_page(NAMES)
