"""Coverage says of each condition what a count by hand says, and the shipped rule book has all of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.desk.overridden import NUMBERS, nodes, number
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books

from fakturavakt.desk.coverage import (
    Coverage,
    CoverageRecorder,
    Goal,
    possible,
)
from fakturavakt.desk.coverage_report import Sources, page, percent, text_lines
from fakturavakt.desk.coverage_run import measure
from fakturavakt.desk.feature_documents import FeaturesError, feature_documents
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.facts import Facts, LineFacts
from fakturavakt.rulebook.case_files import load_cases
from fakturavakt.rulebook.conditions import Condition
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.shipped import shipped_folder

AS_OF = date(2021, 2, 2)
RULES = shipped_folder("rules")


def covered_by_cases(rules: Path) -> tuple[Coverage, Sources]:
    """What the cases of a rule book put to the test, without features."""
    book = load_rulebook(rules)
    return measure(book, load_cases(rules, book).cases, None)


def test_the_cases_that_ship_put_every_condition_to_the_test() -> None:
    """All outcomes, and each condition deciding alone both ways: what is lacking is named."""
    coverage, sources = covered_by_cases(RULES)
    assert [(str(each.place), each.missing) for each in coverage.conditions if each.missing] == []
    assert coverage.seen == coverage.goals > 500
    assert [
        (str(each.place), each.missing_edges) for each in coverage.conditions if each.missing_edges
    ] == []
    assert coverage.edges_seen == coverage.edges > 20
    assert sources.cases > 100


@pytest.mark.parametrize("taken", ["advice", "classification", "channels", "agreements"])
def test_without_its_cases_a_folder_of_rules_is_not_whole(tmp_path: Path, taken: str) -> None:
    """Whole is no matter of course: each folder's cases are needed, and what is lacking is there."""
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    for file in (rules / taken).glob("*.test.yaml"):
        file.unlink()
    coverage, _ = covered_by_cases(rules)
    lacking = [each for each in coverage.conditions if each.missing]
    assert lacking
    assert coverage.share < 1
    assert any(Path(each.place.file).parent.name == taken for each in lacking)


def roots(book: RuleBook, facts: Facts) -> Iterator[tuple[Condition, LineFacts | None]]:
    """Everything that comes out for a document, suggestions for each of its lines."""
    yield book.scope, None
    for rule in (*book.prohibitions, *book.advice, *book.trials):
        yield rule.condition, None
    for channel in book.channels:
        yield from ((rule.condition, None) for rule in channel.rules)
    for suggestion in book.suggestions:
        yield from ((suggestion.when, line) for line in facts.lines or ())
    if book.migration is not None:
        yield from ((row.when, None) for row in book.migration.rows)


def seen_by_hand(book: RuleBook, facts: Facts) -> dict[int, set[Goal]]:
    """Each node's outcomes, and whether the opposite of each, set by hand, turns its root around."""
    truths = {value: outcome for outcome, value in NUMBERS.items()}
    found: dict[int, set[Goal]] = {}
    for root, line in roots(book, facts):
        whole = number(root, facts, line, {})
        for path, condition, where in nodes(root, facts, line):
            value = number(condition, facts, where, {})
            goals = found.setdefault(id(condition), set())
            goals.add(Goal(truths[value]))
            if (
                value != 1
                and whole != 1
                and number(root, facts, line, {path: 2 - value}) == 2 - whole
            ):
                goals.add(Goal(truths[value], alone=True))
    return found


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rule_books(), st.lists(documents(), min_size=1, max_size=4))
def test_what_was_seen_is_what_setting_each_condition_by_hand_shows(
    drawn: DrawnRuleBook, tried: list[RawDocument]
) -> None:
    """Over random rule books and documents; and nothing is seen that was called impossible."""
    book = drawn.book
    recorder = CoverageRecorder(book)
    expected: dict[int, set[Goal]] = {}
    for document in tried:
        facts = FactReader(book.vocabulary, AS_OF).read(document).facts
        recorder.watch(facts)
        for node, goals in seen_by_hand(book, facts).items():
            expected.setdefault(node, set()).update(goals)
    written = [condition for _, condition, _ in recorder._written]  # noqa: SLF001 (which node is which)
    for condition, covered in zip(written, recorder.coverage().conditions, strict=True):
        assert covered.seen == expected.get(id(condition), set())
        assert {goal.outcome for goal in covered.seen} <= possible(condition)


def test_features_are_watched_after_catalogue_and_evidence(tmp_path: Path) -> None:
    """A scenario whose facts only the register gives is judged again without its register."""
    (tmp_path / "evidens.feature").write_text(
        """# language: no
Egenskap: Registeret
  Scenario: Samtykket står i registeret
    Gitt en faktura som kan sendes
    Og at linje 1 er et abonnement
    Gitt at registeret har denne evidensen:
      | service | kind    | from       | withdrawn | informed | explicit | reference |
      | vare-1  | consent | 2021-01-15 |           | ja       | nei      | S-1       |
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
""",
        encoding="utf-8",
    )
    (document,) = feature_documents(tmp_path, RULES)
    book = load_rulebook()
    facts = FactReader(book.vocabulary, document.as_of).read(document.raw).facts
    assert facts.lines is not None
    assert facts.lines[0].values["line.consent.explicit"] is False


def test_features_that_fail_are_no_measure(tmp_path: Path) -> None:
    """The end of the test run is shown, in both languages."""
    (tmp_path / "feil.feature").write_text(
        """# language: no
Egenskap: Noe som ikke stemmer
  Scenario: En faktura i orden stoppes ikke
    Gitt en faktura som kan sendes
    Når fakturaen kontrolleres
    Så blir fakturaen stoppet
""",
        encoding="utf-8",
    )
    with pytest.raises(FeaturesError) as raised:
        feature_documents(tmp_path, RULES)
    assert "1 failed" in raised.value.reason.say("nb")
    assert "Mend them" in raised.value.reason.say("en")


class Page(HTMLParser):
    """What a page says: the text of its cells, and whether every tag was closed in its place."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.said: list[str] = []
        self.sources: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.in_source = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open it, unless it is one that has no end."""
        named = dict(attrs)
        self.ids += [named["id"]] if named.get("id") else []  # type: ignore[list-item]
        self.links += [named["href"]] if named.get("href") else []  # type: ignore[list-item]
        assert "src" not in named
        if tag != "meta":
            self.open.append(tag)
        if named.get("class") == "source":
            self.in_source = True
            self.sources.append("")

    def handle_endtag(self, tag: str) -> None:
        """Close the one that was opened last."""
        assert self.open.pop() == tag
        self.in_source = self.in_source and tag != "td"

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.said.append(data)
        if self.in_source:
            self.sources[-1] += data


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_shows_every_rule_file_as_it_is_written(tmp_path: Path, language: str) -> None:
    """Whatever stands in a comment, nothing of it becomes HTML; every link leads somewhere in the page."""
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    (rules / "advice" / "advice.test.yaml").unlink()
    hostile = '# <script>alert("1")</script> & </td></table> &lt;b&gt;'
    file = rules / "advice" / "incomplete-recipient.yaml"
    file.write_text(f"{hostile}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    coverage, sources = covered_by_cases(rules)
    written = page(coverage, sources, rules, language)
    parsed = Page()
    parsed.feed(written)
    assert not parsed.open
    assert "<script" not in written
    assert hostile in parsed.sources
    lines = [
        line
        for name in sorted({each.place.file for each in coverage.conditions})
        for line in Path(name).read_text(encoding="utf-8").splitlines()
    ]
    assert parsed.sources == lines
    assert len(parsed.ids) == len(set(parsed.ids)) == len(coverage.conditions)
    assert parsed.links
    assert {link.removeprefix("#") for link in parsed.links} <= set(parsed.ids)
    assert f'<html lang="{language}">' in written
    assert str(tmp_path) not in written


def test_the_text_names_what_was_not_seen_in_both_languages(tmp_path: Path) -> None:
    """With its place, so that an editor opens it."""
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    (rules / "advice" / "advice.test.yaml").unlink()
    coverage, sources = covered_by_cases(rules)
    norwegian, english = (list(text_lines(coverage, sources, each)) for each in ("nb", "en"))
    assert len(norwegian) == len(english) > 1
    assert re.search(r"incomplete-recipient\.yaml:\d+:\d+: .*aldri: usann", "\n".join(norwegian))
    assert re.search(r"incomplete-recipient\.yaml:\d+:\d+: .*never: false", "\n".join(english))


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_only_what_is_whole_is_a_hundred_per_cent(seen: int, goals: int) -> None:
    """A share is cut, and never rounded up to what it is not."""
    share = min(seen, goals) / goals
    said = percent(share, "en")
    assert (said == "100%") is (share == 1)
    assert float(said.rstrip("%")) <= share * 100 + 1e-9
