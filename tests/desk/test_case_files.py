"""A table of cases says what its owner meant, or every mistake in it is told with its place."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.rulebook.case_files import (
    Case,
    CasesError,
    CaseTable,
    Given,
    Slot,
    Special,
    case_document,
    load_cases,
    put,
)
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.shipped import shipped_folder
from fakturavakt.vocabulary.facts import LINES, Fact, FactType
from fakturavakt.vocabulary.forms import Flaw

BOOK = load_rulebook()
AS_OF = date(2021, 2, 2)

TABLE = """\
bases:
  - base: start
    as_of: 2021-02-02
    with:
      recipient.kind: person
      line[1].kind: goods
cases:
  - case: Et tilfelle
    given: start
    with:
      recipient: {name: Kari, vipps: yes}
    expect: {decision: hold}
"""


def table_of(folder: Path, content: str, name: str = "x.test.yaml") -> CaseTable:
    """The cases of one file."""
    (folder / name).write_text(content, encoding="utf-8")
    return load_cases(folder, BOOK)


def only(folder: Path, content: str) -> Case:
    """The one case of a file."""
    (case,) = table_of(folder, content).cases
    return case


def test_the_table_as_it_stands_is_well_formed(tmp_path: Path) -> None:
    """What the mistakes below are made in."""
    case = only(tmp_path, TABLE)
    assert case.document == {
        "recipient": {"kind": "person", "name": "Kari", "vipps": True},
        "invoice": {"lines": [{"kind": "goods", "id": "1"}]},
    }


@pytest.mark.parametrize(
    ("old", "new", "code", "hint"),
    [
        ("case: Et", "cas: Et", "unknown-key", "«case»"),
        ("expect:", "forventet:", "unknown-key", "«expect»"),
        ("given: start", "given: strat", "unknown-base", "«start»"),
        ("given: start", "given: null", "wrong-kind", ""),
        ("    given: start\n", "", "missing-key", "as_of"),
        ("as_of: 2021-02-02", "as_of: 2.2.2021", "bad-value", "2018-12-20"),
        ("as_of: 2021-02-02", "given: start", "circular-base", "given"),
        ("recipient.kind: person", "recipient.knd: person", "unknown-fact", "«recipient.kind»"),
        ("line[1].kind: goods", "line[1].knd: goods", "unknown-fact", "«line[1].kind»"),
        ("line[1].kind: goods", "line.kind: goods", "line-without-number", "line[1].kind"),
        ("line[1].kind: goods", "line[2].kind: goods", "line-left-out", "line[1]"),
        ("line[1].kind: goods", "line[1].kind: gods", "bad-value", "«goods»"),
        ("line[1].kind: goods", "line[1].amount: 1,50", "bad-value", "1.50"),
        ("line[1].kind: goods", "line[1].kind: mangler", "bad-value", "«absent»"),
        ("line[1].kind: goods", "invoice.lines: 1", "wrong-kind", "line[1].kind"),
        ("line[1].kind: goods", "line[1]: goods", "wrong-kind", ""),
        ("name: Kari", "nam: Kari", "unknown-fact", "«recipient.name»"),
        ("name: Kari", "kind: ''", "wrong-kind", ""),
        ("recipient: {name: Kari, vipps: yes}", "{line[1].kind: goods}", "yaml-syntax", '"line[1].kind"'),
        ("decision: hold", "decision: venter", "unknown-word", "send"),
        ("decision: hold", "decision: på vent", "unknown-word", "«hold»"),
        ("decision: hold", "channel: efaktra", "unknown-word", "«efaktura»"),
        ("decision: hold", "", "nothing-expected", "decision"),
        ("decision: hold", "rules: {paper-allways: holds}", "unknown-name", "«paper-always»"),
        ("decision: hold", "rules: {paper-always: ikke}", "unknown-word", "«not»"),
        ("decision: hold", "channels: {papir: holds}", "unknown-name", "«paper»"),
        ("decision: hold", "missing: [recipient.kin]", "unknown-fact", "«recipient.kind»"),
        ("decision: hold", 'missing: ["line.kind"]', "unknown-fact", ""),
        ("decision: hold", "advice: [missing-mobil]", "unknown-word", "«missing-mobile»"),
        ("decision: hold", "action: ingen", "unknown-word", "«none»"),
        ("cases:\n", "cases:\n  - case: Et tilfelle\n    given: start\n    expect: {decision: hold}\n", "duplicate-id", ""),
        ("cases:\n", "  - base: start\n    as_of: 2021-02-02\n    with: {}\ncases:\n", "duplicate-id", ""),
    ],
)  # fmt: skip
def test_one_mistake(tmp_path: Path, old: str, new: str, code: str, hint: str) -> None:
    """It is told on its line, or on the one above it, with what was meant, in two languages."""
    assert TABLE.count(old) == 1
    content = TABLE.replace(old, new)
    line = TABLE[: TABLE.index(old)].count("\n") + 1
    with pytest.raises(CasesError) as raised:
        table_of(tmp_path, content)
    (problem,) = [each for each in raised.value.problems if each.code == code]
    assert problem.place.file == str(tmp_path / "x.test.yaml")
    assert line - 3 <= problem.place.line <= content.count("\n") + 1
    assert problem.place.column >= 1
    assert hint in problem.say("nb")
    assert problem.say("en") != problem.say("nb")
    assert re.sub("[«»]", "", hint) in problem.say("en")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Of every file, in the order of their places."""
    table_of(tmp_path, TABLE)
    first = TABLE.replace("decision: hold", "decision: blok").replace("goods", "gods")
    with pytest.raises(CasesError) as raised:
        table_of(tmp_path, first.replace("vipps: yes", "vipps: kanskje"))
    assert [each.place.line for each in raised.value.problems] == [6, 11, 12]
    (tmp_path / "y.test.yml").write_text("cases: 3\n", encoding="utf-8")
    with pytest.raises(CasesError) as raised:
        load_cases(tmp_path, BOOK)
    assert len(raised.value.problems) == 4


@pytest.mark.parametrize("name", ["bases.test.yaml", "prohibitions/mine.test.yml"])
def test_tables_of_cases_are_no_part_of_the_rule_book(tmp_path: Path, name: str) -> None:
    """Neither its mistakes nor its hash know of them."""
    rules = Path(shutil.copytree(shipped_folder("rules"), tmp_path / "rules"))
    (rules / name).write_text("cases: [nothing that a rule file says]\n", encoding="utf-8")
    assert load_rulebook(rules).version == BOOK.version


def test_hidden_files_and_schemas_are_no_tables(tmp_path: Path) -> None:
    """An editor's leftovers are not run."""
    for name in (".x.test.yaml", ".git/x.test.yaml", "schema/x.test.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("nonsense", encoding="utf-8")
    assert table_of(tmp_path, TABLE).files == (str(tmp_path / "x.test.yaml"),)


@pytest.mark.parametrize(
    ("changes", "known", "lines"),
    [
        ("recipient: absent", False, 1),
        ("recipient.kind: absent", False, 1),
        ("recipient: unreadable", None, 1),
        ("recipient.kind: unreadable", None, 1),
        ("invoice.lines: absent", True, None),
        ("invoice.lines: unreadable", True, None),
        ("invoice: {payable_amount: 0.00, lines: none}", True, 0),
        ("line[1]: absent", True, None),
        ("line[1]: unreadable", True, 1),
        ("line[2].kind: service", True, 2),
    ],
)
def test_what_is_taken_away_or_made_unreadable(
    tmp_path: Path, changes: str, known: bool | None, lines: int | None
) -> None:
    """Absent is no problem of the document; unreadable is one, and unknown all the same."""
    case = only(tmp_path, TABLE.replace("recipient: {name: Kari, vipps: yes}", changes))
    facts = FactReader(BOOK.vocabulary, AS_OF).read(
        RawDocument(DocumentSource("x", 1), case.document)
    )
    assert facts.facts.has("recipient.kind", None) is bool(known)
    problems = [each.path for each in facts.facts.problems]
    assert any(path.startswith("recipient") for path in problems) is (known is None)
    found = facts.facts.lines
    assert (None if found is None else len(found)) == lines


def values_of(fact: Fact) -> st.SearchStrategy[Given]:
    """What a case can set a fact to, apart from identifiers with check digits."""
    match fact.type:
        case FactType.YES_NO:
            good: st.SearchStrategy[Given] = st.booleans()
        case FactType.CHOICE:
            good = st.sampled_from(fact.choices)
        case FactType.DATE:
            good = st.dates().map(date.toordinal)
        case FactType.MONEY:
            good = st.integers(-(10**14), 10**14)
        case FactType.COUNT:
            good = st.integers(0, 10**6)
        case FactType.CURRENCY:
            good = st.just("NOK")
        case _:
            good = st.just("tekst")
    return st.one_of(good, good, st.sampled_from([Special.ABSENT, Special.UNREADABLE]))


FACTS = [
    fact
    for fact in BOOK.vocabulary
    if fact.type
    in (
        FactType.YES_NO,
        FactType.CHOICE,
        FactType.DATE,
        FactType.MONEY,
        FactType.COUNT,
        FactType.CURRENCY,
        FactType.TEXT,
    )
    and fact.name != "line.id"
]


@given(st.data())
def test_the_last_that_is_said_of_a_fact_is_what_the_document_says(data: st.DataObject) -> None:
    """Facts, groups, lines and the list of lines, set in any order: each fact is read as it was set."""
    slots: dict[Slot, Given] = {}
    expected: dict[Slot, Given] = {}
    for _ in range(data.draw(st.integers(1, 12))):
        fact = data.draw(st.sampled_from(FACTS))
        slot = Slot(fact.name, data.draw(st.integers(1, 2)) if fact.of_line else 0)
        given = data.draw(values_of(fact))
        put(slots, slot, given)
        expected[slot] = given
        if data.draw(st.integers(0, 5)) == 0:
            group = Slot(fact.name.rpartition(".")[0], slot.line)
            put(slots, group, Special.ABSENT)
            whole = f"{group.name}."
            of_lines = group.name == "invoice"
            expected = {
                each: value
                for each, value in expected.items()
                if not (each.line == group.line and each.name.startswith(whole))
                and not (of_lines and each.line)
            }
    raw = RawDocument(DocumentSource("x", 1), case_document(slots, BOOK.vocabulary))
    facts = FactReader(BOOK.vocabulary, AS_OF).read(raw).facts
    lines = {line.name: line for line in facts.lines or ()}
    flaws = {problem.path: problem.flaw for problem in facts.problems}
    for slot, given in expected.items():
        line = lines.get(str(slot.line))
        if isinstance(given, Special):
            assert not facts.has(slot.name, line)
            assert (flaws.get(slot.path) is Flaw.TYPE) is (given is Special.UNREADABLE)
        else:
            assert facts.value(slot.name, line) == given
    stated = {Slot(name) for name in facts.stated if name != LINES}
    stated |= {Slot(name, int(line.name)) for line in lines.values() for name in line.stated}
    assert {slot for slot in stated if slot.name != "line.id"} <= set(expected)
