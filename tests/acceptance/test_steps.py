"""The sentences of the steps, and what scenarios may call facts, rules and channels."""

from __future__ import annotations

import pytest

from fakturavakt.acceptance import given_steps, sender_steps, then_steps, when_steps  # noqa: F401
from fakturavakt.acceptance.names import Names, Statement
from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.acceptance.sentences import Sentence
from fakturavakt.acceptance.step_definitions import DEFINITIONS, HEADINGS, StepDefinition
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.vocabulary.facts import FactType

NAMES = Names(load_rulebook())
LANGUAGES = ("nb", "en")
SENTENCES = [
    (definition, language, sentence)
    for definition in DEFINITIONS
    for language in LANGUAGES
    for sentence in definition.said_in(language)
]


@pytest.mark.parametrize(
    ("definition", "language", "sentence"), SENTENCES, ids=lambda each: str(each)[:60]
)
def test_a_step_is_understood_in_one_way(
    definition: StepDefinition, language: str, sentence: str
) -> None:
    """Each sentence, filled in, is its own definition's and no other's of its kind."""
    said = Sentence(sentence).example(language)
    matching = [
        each.texts[0] for each in DEFINITIONS if each.kind == definition.kind and each.matches(said)
    ]
    assert matching == [definition.texts[0]]


def test_there_are_few_definitions_in_both_languages() -> None:
    """pytest-bdd asks every definition about every step: a new sentence joins the one that means the same."""
    assert len(DEFINITIONS) <= 80
    assert all(each.nb and each.en for each in DEFINITIONS)
    assert {each.group for each in DEFINITIONS} == set(HEADINGS)
    assert all((each.table is not None) is each.takes_table for each in DEFINITIONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_and_title_leads_to_its_fact_rule_or_channel(language: str) -> None:
    """As it stands in the rule book; the fact of a line with its line."""
    for fact in NAMES.book.vocabulary:
        label = fact.label.say(language)
        if fact.of_line:
            path = fact.name.replace("line.", "line[2].")
            assert NAMES.fact_path(f"{label} (linje 2)") == path
            assert NAMES.fact_path(f"{label} (line 2)") == path
        else:
            assert NAMES.fact_path(label) == fact.name
    for prohibition in NAMES.book.prohibitions:
        assert NAMES.prohibition(prohibition.title.say(language)) == prohibition.id
    for advice in NAMES.book.advice:
        assert NAMES.advice(advice.title.say(language)) == advice.id
    for channel in NAMES.book.channels:
        assert NAMES.channel(channel.title.say(language)) == channel.name


def test_ids_and_paths_are_taken_as_they_stand() -> None:
    """Also those of lines and groups that no label names."""
    for path in ("invoice.due_date", "line[1].consent.given", "line[#2].id", "line[#1]", "sender"):
        assert NAMES.fact_path(path) == path
    assert NAMES.prohibition("unagreed-upgrade") == "unagreed-upgrade"
    assert NAMES.advice("missing-mobile") == "missing-mobile"
    assert NAMES.channel("paper") == "paper"


def test_what_a_label_explains_in_brackets_may_be_left_out() -> None:
    """The reader of a feature need not be told each time."""
    assert NAMES.fact_path("om avsenderen har B2C-avtalen") == "sender.efaktura_b2c_agreement"
    assert NAMES.fact_path("hva linjen gjelder (linje 3)") == "line[3].kind"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("om samtykke er gitt", "Si hvilken: «om samtykke er gitt (linje 1)»"),
        ("mobilnummeret (linje 1)", "gjelder hele fakturaen"),
        ("mobilnumeret", "Mente du «mobilnummeret»?"),
        ("invoice.duedate", "Mente du «invoice.due_date»?"),
    ],
)
def test_a_name_that_is_none_is_refused_with_what_was_meant(written: str, reason: str) -> None:
    """It would otherwise say nothing of the invoice, and the scenario would pass."""
    with pytest.raises(ScenarioError) as raised:
        NAMES.fact_path(written)
    assert reason in raised.value.reason.say("nb")


def test_a_misspelt_rule_or_channel_is_refused() -> None:
    """It would otherwise never be broken, and the scenario would pass."""
    for name in (NAMES.advice, NAMES.channel, NAMES.prohibition):
        with pytest.raises(ScenarioError, match="Vips Regning"):
            name("Vips Regning")


@pytest.mark.parametrize(
    ("said", "path", "value"),
    [
        ("mottakeren er en virksomhet", "recipient.kind", "organisation"),
        ("mottakeren bruker Vipps", "recipient.vipps", True),
        ("mottakeren ikke bruker Vipps", "recipient.vipps", False),
        ("mottakeren bruker ikke Vipps", "recipient.vipps", False),
        ("avsenderen ikke har B2C-avtalen", "sender.efaktura_b2c_agreement", False),
        ("the sender does not have the B2C agreement", "sender.efaktura_b2c_agreement", False),
        ("linje 2 gjelder et abonnement", "line[2].kind", "subscription"),
        ("the line 2 is for goods", None, None),
        ("line 2 is for goods", "line[2].kind", "goods"),
        ("samtykket er eksplisitt (linje 1)", "line[1].consent.explicit", True),
        ("samtykket ikke er eksplisitt (linje 1)", "line[1].consent.explicit", False),
        ("samtykket er eksplisitt", None, None),
        ("mottakeren er en fotballklubb", None, None),
    ],
)
def test_a_sentence_states_a_fact(said: str, path: str | None, value: object) -> None:
    """With «ikke» where a main or a subordinate clause has it, and a line where the fact is a line's."""
    found = NAMES.statement(said)
    assert found == (None if path is None else Statement(path, value))  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_yes_no_and_every_choice_has_a_sentence(language: str) -> None:
    """What the vocabulary says of a value is a step; of a yes/no both answers are."""
    stated = {(meant.path, meant.value) for meant in NAMES.statements.values()}
    for fact in NAMES.book.vocabulary:
        if fact.type is FactType.YES_NO:
            assert {(fact.name, True), (fact.name, False)} <= stated
        for value, sentence in fact.says.items():
            assert NAMES.statements[sentence.say(language)] == Statement(fact.name, value)  # type: ignore[arg-type]
