"""An invoice and its decision become a scenario that passes, and tells of nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from benchmarks.random_documents import random_documents, random_register
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books

from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.case import Case
from fakturavakt.acceptance.feature_lint import lint_feature
from fakturavakt.acceptance.gherkin_writing import UnsayableError
from fakturavakt.acceptance.pytest_run import run_features
from fakturavakt.acceptance.sample_invoice import sendable
from fakturavakt.acceptance.scenario_run import run_scenario, scenarios_in
from fakturavakt.acceptance.scenario_writing import new_scenario, new_scenarios
from fakturavakt.acceptance.sentences import in_use
from fakturavakt.decision import Decision
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.json_documents import read_ndjson
from fakturavakt.intake.register import Register
from fakturavakt.intake.sources import read_documents
from fakturavakt.shipped import shipped_folder
from fakturavakt.texts import NORWEGIAN
from fakturavakt.vocabulary.forms import Flaw

AS_OF = date(2021, 2, 2)
TESTED = BookUnderTest.load()
SAMPLES = shipped_folder("samples")
PERSONAL = [fact for fact in TESTED.book.vocabulary if fact.personal]
LANGUAGES = ("nb", "en")


def written(
    raw: RawDocument,
    language: str = NORWEGIAN,
    register: Register | None = None,
    *,
    keep_personal: bool = False,
    tested: BookUnderTest = TESTED,
) -> str:
    """The feature of a document."""
    return new_scenario(raw, tested, AS_OF, register, language, keep_personal=keep_personal)


def document(**invoice: Any) -> RawDocument:  # noqa: ANN401 (any JSON value)
    """The invoice that may be sent, with some facts of the invoice changed."""
    content = sendable()
    content["invoice"] |= invoice
    return RawDocument(DocumentSource("x.json", 1), content)


def decided(feature: str, tested: BookUnderTest = TESTED) -> list[Decision]:
    """Every scenario of a feature, run; and what was decided."""
    found = []
    with in_use.using(tested.names):
        for scenario, row in scenarios_in(feature):
            case = Case(tested, Path())
            run_scenario(scenario, row, case)
            assert case.decision is not None
            found.append(case.decision)
    return found


def is_clean(feature: str, folder: Path, tested: BookUnderTest = TESTED) -> None:
    """The lint finds nothing."""
    file = folder / "new.feature"
    file.write_text(feature, encoding="utf-8")
    with in_use.using(tested.names):
        assert [problem.say("en") for problem in lint_feature(file)] == []


def random_raw(seed: int, count: int) -> Iterator[RawDocument]:
    """Documents with good and bad values of every kind."""
    lines = (line.encode() for line in random_documents(seed, count))
    for raw in read_ndjson(lines, "random.ndjson"):
        if isinstance(raw, RawDocument):
            yield raw


# -- any document ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [3, 20261125])
def test_any_document_becomes_a_scenario_that_passes_and_tells_of_nobody(
    seed: int, tmp_path: Path
) -> None:
    """Good values, bad values, lines without ids and lists without lines."""
    tried = 0
    for at, raw in enumerate(random_raw(seed, 150)):
        feature = written(raw, LANGUAGES[at % 2])
        is_clean(feature, tmp_path)
        run = TESTED.screening("reference", AS_OF)
        run.warn = run.reader.warn = lambda _said: None
        screened = run.screen(raw)
        (again,) = decided(feature)
        assert again.decision is screened.decision.decision
        assert again.attempts == screened.decision.attempts
        assert [each.code for each in again.problems] == [
            each.code for each in screened.decision.problems
        ]
        shown = set(feature.split())
        for fact in PERSONAL:
            value = screened.read.invoice.as_it_was.get(fact.name)
            said = str(getattr(value, "literal", value))
            invented = str(_invented(fact.name))
            if value is not None and said.strip() and len(said) > 3 and said not in invented:
                assert said not in shown
        tried += 1
    assert tried > 100


def _invented(name: str) -> object:
    group, _, key = name.partition(".")
    return sendable()[group].get(key)


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(rule_books(), documents(), st.sampled_from(LANGUAGES))
def test_with_any_rule_book_it_passes_or_is_refused_in_words(
    tmp_path: Path, drawn: DrawnRuleBook, raw: RawDocument, language: str
) -> None:
    """What cannot be said in steps is said to be so."""
    tested = BookUnderTest(drawn.book)
    try:
        feature = written(raw, language, tested=tested)
    except UnsayableError as error:
        assert error.reason.say("nb")  # noqa: PT017 (only now and then)
        return
    is_clean(feature, tmp_path, tested)
    decided(feature, tested)


_odd_texts = st.text(
    st.characters(codec="utf-8") | st.sampled_from("«»“”|\\\n\r<>#@{}\u00a0\u2028 og,"), max_size=12
)


@settings(max_examples=80, suppress_health_check=list(HealthCheck), deadline=None)
@given(_odd_texts, _odd_texts, _odd_texts, st.sampled_from(LANGUAGES), st.booleans(), st.booleans())
def test_odd_texts_break_no_table(
    tmp_path: Path, due: str, line: str, name: str, language: str, wide: bool, keep: bool
) -> None:
    """Quotation marks, bars, backslashes, line ends and what an outline would take for a column."""
    raw = document(due_date=due, currency=line)
    content = dict(raw.content)
    content["recipient"]["name"] = name  # type: ignore[index]
    lines = content["invoice"]["lines"]  # type: ignore[index]
    lines[0] |= {"id": line, "description": f"{name} abonnement", "amount": due}
    if wide:
        lines += [{"id": str(at), "kind": name} for at in range(6)]
    feature = written(raw, language, keep_personal=keep) if _sayable(raw, keep=keep) else None
    if feature is not None:
        is_clean(feature, tmp_path)
        decided(feature)


def _sayable(raw: RawDocument, *, keep: bool) -> bool:
    """Only a person's name that may be shown can be one that no table holds."""
    try:
        written(raw, keep_personal=keep)
    except UnsayableError as error:
        assert keep
        assert "mottakerens navn" in error.reason.say("nb")  # noqa: PT017
        return False
    return True


# -- what it says ----------------------------------------------------------------------------------


def test_it_reads_as_somebody_would_write_it() -> None:
    """Whole: what matters as sentences, and a title made of the decision."""
    raw = document()
    raw.content["invoice"]["lines"][0] |= {  # type: ignore[index]
        "kind": "subscription",
        "consent": {
            "given": True,
            "informed": True,
            "explicit": False,
            "given_on": "2020-11-05",
        },
    }
    rule = "forbudet mot abonnement uten opplyst og eksplisitt samtykke"
    assert written(raw).partition("\n\n")[2] == (
        f"  Scenario: En faktura som stoppes fordi {rule} er brutt\n"
        "    Gitt en faktura med disse opplysningene:\n"
        "      | fakturadatoen     | 1. februar 2021  |\n"
        "      | forfallsdatoen    | 15. februar 2021 |\n"
        "      | utsendelsesdatoen | 2. februar 2021  |\n"
        "      | mottakerens navn  | Kari Nordmann    |\n"
        "      | gateadressen      | Storgata 1       |\n"
        "      | postnummeret      | 0155             |\n"
        "      | poststedet        | Oslo             |\n"
        "      | mobilnummeret     | 912 34 567       |\n"
        "    Og at avsenderen har B2C-avtalen\n"
        "    Og at mottakeren er en privatperson\n"
        "    Og at mottakeren tar imot eFaktura fra avsenderen\n"
        "    Og at mottakeren bruker Vipps\n"
        "    Og at det er etablert en avtale med mottakeren\n"
        "    Og at fakturaen har disse linjene:\n"
        "      | linje | gjelder       | beløp     |\n"
        "      | 1     | et abonnement | 349,00 kr |\n"
        "    Og at samtykke til linje 1 er gitt\n"
        "    Og at samtykket til linje 1 er opplyst\n"
        "    Og at samtykket til linje 1 ikke er eksplisitt\n"
        "    Og at datoen samtykket til linje 1 ble gitt, er 5. november 2020\n"
        "    Og at linje 1 ble avtalt 15. januar 2021 for inntil 349,00 kr\n"
        "    Når fakturaen kontrolleres 2. februar 2021\n"
        "    Så blir fakturaen stoppet\n"
        f"    Og {rule} er brutt på linje 1\n"
    )


def test_in_english_too() -> None:
    """A whole scenario of an invoice that is sent."""
    said = written(document(), "en")
    assert "  Scenario: An invoice that is sent as eFaktura\n" in said
    assert "    And line 1 was agreed on 15 January 2021 for up to NOK 349.00\n" in said
    assert "    When the invoice is screened on 2 February 2021\n" in said
    assert "    Then the invoice is sent\n    And the invoice goes as eFaktura\n" in said


def test_a_bad_value_stands_exactly_as_it_did_unless_it_is_personal() -> None:
    """What is personal cannot be read, and nobody sees what it was."""
    raw = document(due_date="2021-02-30", issue_date="|\\«x", payment_reference="1234567890")
    content = dict(raw.content)
    content["recipient"]["mobile"] = "ring 12345"  # type: ignore[index]
    said = written(raw)
    assert "| forfallsdatoen    | «2021-02-30»" in said
    assert r"| fakturadatoen     | «\|\\«x»" in said
    assert "Og at mobilnummeret ikke kan leses, en feil av slaget «form»" in said
    assert "ring" not in said
    assert "1234567890" not in said
    assert "«ring 12345»" in written(raw, keep_personal=True)


def test_a_bad_value_that_repeats_a_persons_is_not_shown() -> None:
    """Somebody wrote the name in the wrong place."""
    raw = document(due_date="Ola Normann, 15. februar")
    raw.content["recipient"]["name"] = "Ola Normann"  # type: ignore[index]
    assert "Normann" not in written(raw)
    assert "Og at forfallsdatoen ikke kan leses, en feil av slaget «form»" in written(raw)


def test_what_only_a_format_can_tell_is_said() -> None:
    """Rows that disagree, of the invoice and of a line."""
    flaws = {"invoice.due_date": Flaw.CONFLICT, "line[#1].amount": Flaw.FORM}
    raw = RawDocument(DocumentSource("x.csv", 1), sendable(), flaws)
    (decision,) = decided(written(raw))
    assert [(each.fact, each.code) for each in decision.problems] == [
        ("invoice.due_date", "conflict"),
        ("line[1].amount", "form"),
    ]


def test_lines_are_called_by_their_position() -> None:
    """Whatever the sender calls them; what cannot be an id stays one that cannot."""
    line = sendable()["invoice"]["lines"][0]
    ids = ["post/7", "post/7", None, "x (1), 2 og 3"]
    raw = document(lines=[line | {"id": each, "kind": "subscription"} for each in ids])
    said = written(raw)
    assert "er brutt på linje 1, #2, #3 og 4" in said
    (decision,) = decided(said)
    assert [each.fact for each in decision.problems] == ["line[#2].id", "line[#3].id"]


def test_many_lines_are_a_table() -> None:
    """A sentence a fact would be a list that nobody reads."""
    line = sendable()["invoice"]["lines"][0]
    said = written(document(lines=[line | {"id": str(at)} for at in range(1, 8)]))
    assert "| linje | gjelder | beløp     | avtalt | avtalt den      | avtalt beløp |" in said
    assert "ble avtalt 15. januar" not in said


def test_of_a_text_only_the_words_that_rules_look_for_are_kept() -> None:
    """And only where they matter: where it is not known what the line is."""
    line = sendable()["invoice"]["lines"][0] | {"description": "Avisabonnement for Ola Normann"}
    assert "Avisabonnement" not in written(document(lines=[line]))
    del line["kind"]
    said = written(document(lines=[line]))
    assert "Avisabonnement" in said
    assert "Normann" not in said


# -- the register ----------------------------------------------------------------------------------


def test_entries_that_were_used_are_rows_of_the_register() -> None:
    """With references that tell nothing; the sender's row and the customer's are facts of the invoice."""
    register = Register.load(SAMPLES / "evidence")
    (raw,) = read_documents(str(SAMPLES / "01-efaktura.xml"), TESTED.book.vocabulary, print, None)
    assert isinstance(raw, RawDocument)
    said = written(raw, register=register)
    assert "| strom      | avtalt ytelse | 1. juni 2019    | 2 000,00 kr | E-2       |" in said
    assert "Og avgjørelsen bygger på «E-1, E-2 og E-3» i registeret" in said
    for personal in ("A-1001", "1001", "310000019", "kari.nordmann"):
        assert personal not in said
    assert len(decided(said)[0].evidence) == 3


def test_with_any_register_it_passes(tmp_path: Path) -> None:
    """Entries withdrawn, in other currencies, shared by lines, and registers that are complete."""
    random_register(11, tmp_path / "register", entries=2000)
    register = Register.load(tmp_path / "register")
    features = [written(raw, "en", register) for raw in random_raw(11, 80)]
    for feature in features:
        decided(feature)
    assert sum("the register has this evidence" in feature for feature in features) > 20


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_samples_pass_under_pytest(tmp_path: Path, language: str) -> None:
    """Each file a feature; pytest finds what the program found."""
    files = []
    for sample in sorted(SAMPLES.glob("[0-9]*")):
        found = read_documents(str(sample), TESTED.book.vocabulary, lambda _said: None, None)
        new = new_scenarios(found, TESTED, AS_OF, None, language, keep_personal=False)
        assert new.feature is not None
        assert (new.refused, new.left_out) == ((), 0)
        files.append(tmp_path / f"{sample.name}.feature")
        files[-1].write_text(new.feature, encoding="utf-8")
    done = run_features(files, TESTED, language)
    assert done.problems == ()
    assert done.run.passed


def test_of_many_documents_the_first_become_scenarios() -> None:
    """Titles that are alike are numbered, each says where it comes from, and none comes twice."""
    days = ("15", "16", "15", "17", "18")
    many = [
        RawDocument(DocumentSource("x", at), document(due_date=f"2021-02-{day}").content)
        for at, day in enumerate(days, start=1)
    ]
    new = new_scenarios(many, TESTED, AS_OF, None, "nb", keep_personal=False, limit=3)
    assert (new.written, new.alike, new.left_out) == (3, 1, 1)
    assert new.feature is not None
    assert "  # Dokument 1 og 3 sier det samme\n  Scenario: En faktura som sendes" in new.feature
    assert "  # Dokument 4\n  Scenario: En faktura som sendes som eFaktura (3)\n" in new.feature


def test_what_compares_personal_data_is_refused_unless_they_are_shown(tmp_path: Path) -> None:
    """With the facts, and the option that keeps them."""
    rules = tmp_path / "rules"
    shutil.copytree(shipped_folder("rules"), rules)
    file = rules / "prohibitions" / "no-creditor-relationship.yaml"
    text = file.read_text(encoding="utf-8")
    head, _, tail = text.partition("when:\n")
    after = tail[tail.index("\nmessage:") :] if "\nmessage:" in tail else tail
    file.write_text(f"{head}when: {{recipient.city: Hamar}}{after}", encoding="utf-8")
    tested = BookUnderTest.load(str(rules))
    raw = document()
    raw.content["recipient"]["city"] = "Hamar"  # type: ignore[index]
    with pytest.raises(UnsayableError) as raised:
        written(raw, tested=tested)
    assert "poststedet" in raised.value.reason.say("nb")
    assert "--show-personal-data" in raised.value.reason.say("en")
    assert "| poststedet" in written(raw, tested=tested, keep_personal=True)
    assert "Hamar" in written(raw, tested=tested, keep_personal=True)
