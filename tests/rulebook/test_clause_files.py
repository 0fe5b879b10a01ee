"""The clauses of the source document: read with places, all mistakes at once, and no part of what decides."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from fakturavakt.desk.rule_check import check_rule_book
from fakturavakt.rulebook.clause_files import ClausesError, load_clauses
from fakturavakt.rulebook.loader import RuleBookError, load_rulebook
from fakturavakt.shipped import shipped_folder

RULES = shipped_folder("rules")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rule book that ships."""
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


def test_the_clauses_are_those_of_the_table_of_the_field() -> None:
    """``docs/domain.md`` has the same, in the same order; each guarantee covers one that there is."""
    book = load_rulebook(guarantees=True)
    names = [clause.name for clause in load_clauses(RULES, book)]
    field = (ROOT / "docs" / "domain.md").read_text(encoding="utf-8")
    assert names == re.findall(r"^\| (S\d+) \|", field, re.MULTILINE)
    assert {each for guarantee in book.guarantees for each in guarantee.covers} <= {*names}


def test_a_clause_knows_its_place_and_both_languages() -> None:
    """The place is that of its number."""
    clause = load_clauses(RULES, load_rulebook())[11]
    lines = (RULES / "clauses.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[clause.place.line - 1][clause.place.column - 1 :] == clause.name == "S12"
    assert "opplyst og eksplisitt samtykke" in clause.says.say("nb")
    assert "informed and explicit consent" in clause.says.say("en")


def test_a_rule_book_may_have_none_and_means_the_same(rules: Path) -> None:
    """The version does not change with the list, nor does loading need it to be right."""
    with_clauses = load_rulebook(rules).version
    (rules / "clauses.yaml").write_text("clauses: [", encoding="utf-8")
    assert load_rulebook(rules).version == with_clauses
    (rules / "clauses.yaml").unlink()
    book = load_rulebook(rules)
    assert book.version == with_clauses
    assert load_clauses(rules, book) == ()


def test_every_mistake_is_told_at_once_with_its_place(rules: Path) -> None:
    """By the reader, and by ``rules check``."""
    (rules / "clauses.yaml").write_text(
        "clauses:\n"
        "  - clause: S1\n"
        "    says: {nb: noe, en: something}\n"
        "  - clause: S1\n"
        "    says: {nb: noe, en: something}\n"
        "  - clause: § 2\n"
        "    sier: {nb: noe}\n",
        encoding="utf-8",
    )
    with pytest.raises(ClausesError) as caught:
        load_clauses(rules, load_rulebook(rules))
    found = [(p.place.line, p.place.column, p.code) for p in caught.value.problems]
    assert found == [
        (4, 13, "duplicate-id"),
        (6, 13, "bad-name"),
        (7, 5, "unknown-key"),
        (7, 11, "missing-language"),
    ]
    report = check_rule_book(rules, solver=False)
    assert report.ill_formed
    assert len(report.findings) == 4


def test_a_misspelt_file_is_told_what_it_was_meant_to_be(rules: Path) -> None:
    """It would not be read, and its clauses would be covered by nobody."""
    (rules / "clauses.yaml").rename(rules / "clause.yaml")
    with pytest.raises(RuleBookError) as caught:
        load_rulebook(rules)
    (problem,) = caught.value.problems
    assert problem.code == "unknown-file"
    assert "clauses.yaml" in problem.say("en")
