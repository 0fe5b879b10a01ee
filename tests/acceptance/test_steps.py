"""The sentences of the steps, and what scenarios may call facts, rules and channels."""

from __future__ import annotations

import pytest

from fakturavakt.acceptance import given_steps, sender_steps, then_steps, when_steps  # noqa: F401
from fakturavakt.acceptance.names import Names, Statement
from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.acceptance.sentences import FIELDS, Sentence
from fakturavakt.acceptance.step_definitions import DEFINITIONS, HEADINGS, StepDefinition
from fakturavakt.acceptance.table_words import EVIDENCE_KINDS, register_rows
from fakturavakt.intake.register import EvidenceKind
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.vocabulary.facts import FactType
from fakturavakt.vocabulary.forms import Flaw

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
        title = prohibition.title.say(language)
        assert NAMES.prohibition(title) == prohibition.id
        assert NAMES.prohibition(title[0].lower() + title[1:]) == prohibition.id
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
    ("written", "path"),
    [
        ("hva fakturadatoen er", "invoice.issue_date"),
        ("what the issue date is", "invoice.issue_date"),
        ("når samtykket til linje 2 ble gitt", "line[2].consent.given_on"),
        ("when consent was given (line 2)", "line[2].consent.given_on"),
        ("om samtykket til linje 2 er opplyst", "line[2].consent.informed"),
        ("hva linje 2 gjelder", "line[2].kind"),
        ("beskrivelsen av linje #2", "line[#2].description"),
        ("opplysningen om mottakeren bruker Vipps", "recipient.vipps"),
        ("opplysningen om når ytelsen på linje 1 ble avtalt", "line[1].agreed.given_on"),
        ("the answer to whether the recipient uses Vipps", "recipient.vipps"),
        ("hva linjen gjelder", None),
        ("hva fakturadatoen på linje 1 er", None),
        ("avsenderen", None),
    ],
)
def test_a_fact_may_be_asked_for(written: str, path: str | None) -> None:
    """As a question, or behind *opplysningen om*; a line's with its line in it."""
    assert NAMES.known_fact(written) == path


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("samtykket til linje 1", "line[1].consent"),
        ("the consent to line 1", "line[1].consent"),
        ("linje #2", "line[#2]"),
        ("avsenderen", "sender"),
        ("mobilnummeret", "recipient.mobile"),
        ("samtykket", None),
        ("avsenderen på linje 1", None),
    ],
)
def test_a_group_and_a_line_have_names(written: str, path: str | None) -> None:
    """Where the whole of it is meant."""
    assert NAMES.known_place(written) == path


def test_a_choice_is_said_in_words() -> None:
    """By what its sentence does not share with the others', with and without an article."""
    kinds = NAMES.choices("line.kind")
    for said in ("et abonnement", "abonnement", "a subscription", "subscription"):
        assert kinds[said] == "subscription"
    assert NAMES.choices("recipient.kind")["privatperson"] == "person"
    assert NAMES.choices("invoice.number") == {}


def test_every_kind_of_evidence_has_words() -> None:
    """One or several of it; its id in quotation marks is its own."""
    read = FIELDS["EvidenceKinds"].read
    kinds = ["agreement", "claim", "consent", "gift_acceptance", "agreed"]
    assert read("avtaler, fordringer, samtykker, aksepter og avtalte ytelser") == kinds
    assert read("agreements, claims, consents, acceptances and agreed items") == kinds
    assert read("«consent»") == ["consent"]
    assert set(EVIDENCE_KINDS.values()) == {kind.value for kind in EvidenceKind} == set(kinds)


def test_every_problem_has_words() -> None:
    """The codes of the contract, in both languages."""
    read = FIELDS["Flaw"].read
    for words in (
        (
            *(
                "er av feil type",
                "ikke er et av valgene",
                "har feil kontrollsiffer",
                "har feil form",
            ),
            *("ikke kan brukes", "mangler", "er motstridende"),
        ),
        (
            *("is of the wrong type", "is none of the choices", "has a wrong check digit"),
            *("has the wrong form", "cannot be used", "are missing", "is contradictory"),
        ),
    ):
        assert {read(said) for said in words} == {flaw.value for flaw in Flaw}


def test_the_register_is_written_as_people_write() -> None:
    """Words for columns, kinds, dates and amounts; in quotation marks exactly what stands in the file."""
    table = [
        ["varenummer", "slag", "fra", "gitt", "beløp med merverdiavgift", "sats", "referanse"],
        ["tv", "avtalt ytelse", "15. januar 2021", "nei", "1 200,25 kr", "25 %", "«nei»"],
    ]
    (row,) = register_rows(table, EVIDENCE_KINDS)
    assert row == {
        "service": "tv",
        "kind": "agreed",
        "from": "2021-01-15",
        "given": "false",
        "amount_with_vat": "1200.25",
        "vat_rate": "25",
        "reference": "nei",
    }


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
        ("samtykket til linje 1 ikke er eksplisitt", "line[1].consent.explicit", False),
        ("ytelsen på linje 2 er avtalt med mottakeren", "line[2].agreed.given", True),
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
