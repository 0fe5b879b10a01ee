"""The living documentation: all of a run is on the page, each place once, and every link leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from tests.acceptance.acceptance_runs import (
    BOOK,
    ENGLISH,
    ERROR,
    GREEN,
    NORWEGIAN,
    RUN,
    runs,
)

from fakturavakt.acceptance.anchors import Anchors, slug
from fakturavakt.acceptance.living_page import page
from fakturavakt.acceptance.outlines import outline_of, template_of
from fakturavakt.acceptance.run_history import RunRecord, record_of
from fakturavakt.acceptance.run_result import AcceptanceRun, ScenarioResult, Status
from fakturavakt.rulebook.clause_files import load_clauses
from fakturavakt.shipped import shipped_folder

CLAUSES = load_clauses(shipped_folder("rules"), BOOK)
RANDOM = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def parsed(html: str) -> etree._Element:
    """The page, which is well-formed XML too: whatever is not closed or not escaped fails here."""
    return etree.fromstring(html.encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))


def found(root: etree._Element, path: str) -> list[etree._Element]:
    """The elements at an XPath."""
    nodes = root.xpath(path)
    assert isinstance(nodes, list)
    return [node for node in nodes if etree.iselement(node)]


def text_of(node: etree._Element) -> str:
    """All that is to be read, its blanks as one."""
    return one_line("".join(map(str, node.itertext())))


def cells_of(node: etree._Element) -> list[str]:
    """The rows of its tables, without their heads."""
    return [" | ".join(map(text_of, row)) for row in found(node, ".//tbody/tr")]


def one_line(said: str) -> str:
    """As a page shows it, but for characters that no page can hold."""
    return " ".join(said.split())


def is_plain(said: str) -> bool:
    """Whether a page can hold all of it as it is."""
    return all(char.isprintable() or char in " \u00a0\n\t" for char in said)


def written_in(run: AcceptanceRun) -> Iterator[str]:
    """All that features and the run say."""
    for feature in run.features:
        yield feature.name
        yield feature.description
        for scenario in feature.scenarios:
            yield from written_of(scenario)


def written_of(scenario: ScenarioResult) -> Iterator[str]:
    """A scenario's own."""
    if scenario.rule_heading:
        yield scenario.rule_heading
    if scenario.error and scenario.status is not Status.PASSED:
        yield scenario.error
    for _, value in scenario.example:
        yield value
    if not scenario.example:
        yield scenario.name
        yield scenario.description
        for step in scenario.steps:
            if not step.background:
                yield f"{step.keyword} {step.text}"
                yield step.docstring or ""
                yield from (cell for row in step.table for cell in row)


def check(html: str) -> etree._Element:
    """What holds of every page."""
    root = parsed(html)
    names = [str(node.get("id")) for node in found(root, "//*[@id]")]
    assert len(names) == len(set(names))
    assert all(name.isascii() and " " not in name for name in names)
    assert {str(link.get("href"))[1:] for link in found(root, "//a")} <= set(names)
    levels = [int(str(each.tag)[1]) for each in root.iter("h1", "h2", "h3", "h4", "h5")]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after <= before + 1 for before, after in pairwise(levels)), "a level is left out"
    assert not found(root, "//script | //link | //img | //*[@src]")
    assert not found(root, "/html/body//*[@lang]//*[@lang]")
    return root


@pytest.mark.parametrize("language", ["nb", "en"])
def test_all_of_a_run_is_on_the_page(language: str) -> None:
    """Each text in an element of its language."""
    root = check(page(RUN, BOOK, CLAUSES, (), language))
    assert root.get("lang") == language
    text = text_of(found(root, "/html/body")[0])
    for said in written_in(RUN):
        assert one_line(said) in text, said
    for rule in (*BOOK.prohibitions, *BOOK.advice):
        for each in (rule.title, rule.remedy, *rule.messages.values()):
            assert one_line(each.say(language)) in text
    for clause in CLAUSES:
        assert one_line(clause.says.say(language)) in text
    assert len(found(root, "//h4[@lang='en']")) == 1
    assert len(found(root, "//*[@lang='nb'][self::h4 or self::h5]")) == 2


@RANDOM
@given(runs())
def test_whatever_a_feature_writes_is_escaped_and_there(run: AcceptanceRun) -> None:
    """And nothing of it becomes a part of the page."""
    root = check(page(run, BOOK, CLAUSES, (), "nb"))
    text = text_of(found(root, "/html/body")[0])
    for said in filter(is_plain, written_in(run)):
        assert one_line(said) in text, said


def test_a_background_is_said_once() -> None:
    """Whatever the number of scenarios; a row that failed shows the whole way to where it failed."""
    root = parsed(page(GREEN, BOOK, CLAUSES, (), "nb"))
    said = text_of(found(root, "//section[@id='features']")[0])
    assert said.count("fakturaen er datert 1. februar 2021") == 1
    failing = parsed(page(RUN, BOOK, CLAUSES, (), "nb"))
    (steps,) = found(failing, "//div[@class='failure']//ol")
    assert text_of(steps[0]) == "Gitt en faktura som kan sendes"
    assert text_of(steps[-1]).startswith("Så blir fakturaen stoppet ✗ feilet")
    assert ERROR in "".join(map(str, steps[-1].itertext()))
    assert len(found(failing, "//pre[@class='error'][contains(., 'grunnen')]")) == 1


def test_an_outline_has_its_steps_once_and_a_result_for_each_row() -> None:
    """The steps with their columns, as the feature writes them."""
    root = parsed(page(RUN, BOOK, CLAUSES, (), "nb"))
    (outline,) = found(root, "//article[.//table[@class='examples']]")
    steps = found(outline, "./ol/li")
    assert text_of(steps[0]) == "Gitt at linje 1 er på <beløp>"
    assert cells_of(outline) == [
        "1 | 348,99 kr | sendt | ✓ bestått",
        "2 | 349,01 kr | stoppet | ✗ feilet",
    ]
    assert text_of(found(outline, ".//caption")[0]) == "På øret"


def test_rules_and_scenarios_lead_to_one_another() -> None:
    """From a rule to the scenarios that show it, with the outcome, and back."""
    root = parsed(page(RUN, BOOK, CLAUSES, (), "nb"))
    (rule,) = found(root, "//article[@id='prohibition-unagreed-upgrade']")
    assert cells_of(rule) == [
        "En rabatt krever ingenting | ikke brutt | ✓ bestått",
        "Beløpet på linjen, holdt opp mot det som er avtalt | ikke brutt (1), brutt (1) | ✗ feilet",
    ]
    for link in found(rule, ".//tbody//a"):
        (scenario,) = found(root, f"//article[@id='{str(link.get('href'))[1:]}']")
        assert found(scenario, ".//a[@href='#prohibition-unagreed-upgrade']")
    (passing,) = found(root, "//article[@id='prohibition-no-creditor-relationship']//details")
    assert text_of(passing).startswith("Er med i 1 scenario til")


def test_rules_that_no_scenario_shows_are_listed() -> None:
    """Those that none tries, and those that none breaks, uses or gives."""
    root = parsed(page(RUN, BOOK, CLAUSES, (), "en"))
    said = text_of(found(root, "//section[@id='rules']/ul")[0])
    assert "Subscription without informed and explicit consent: no scenario tries it." in said
    assert "Payment demand without agreement or claim: no scenario breaks it." in said
    assert "Vipps Regning: it can be used in no scenario." in said
    assert "New service" not in said


def test_clauses_are_covered_by_scenarios_or_not() -> None:
    """A whole feature stands for its scenarios; a clause nobody shows says so."""
    whole = replace(NORWEGIAN, tags=("S15",))
    run = replace(RUN, features=(whole, ENGLISH))
    root = parsed(page(run, BOOK, CLAUSES, (), "nb"))
    s15 = text_of(found(root, "//tr[@id='clause-s15']")[0])
    assert "Ny ytelse eller utvidet abonnement hele egenskapen, 3 scenarier, 1 feilet" in s15
    assert s15.endswith("✗ feilet")
    assert text_of(found(root, "//tr[@id='clause-s1']")[0]).endswith("○ ikke dekket")
    (sum_of_all,) = found(root, "//section[@id='clauses']/p")
    assert "2 av 15 punkter har scenarier. Ingen scenarier viser S1, S3," in text_of(sum_of_all)
    without = page(run, BOOK, (), (), "nb")
    assert 'id="clauses"' not in without


def history(number: int) -> tuple[RunRecord, ...]:
    """So many runs before this one, a day each."""
    own = record_of(RUN)
    days = [RUN.started - timedelta(days=number - n) for n in range(number)]
    return tuple(replace(own, started=day.isoformat(), passed=n) for n, day in enumerate(days))


def test_a_history_is_a_table_and_a_picture() -> None:
    """The latest first; this run is its last whether or not it was added already."""
    earlier = history(40)
    html = page(RUN, BOOK, CLAUSES, earlier, "nb")
    assert html == page(RUN, BOOK, CLAUSES, (*earlier, record_of(RUN)), "nb")
    root = check(html)
    rows = found(root, "//section[@id='history']//tbody/tr")
    assert len(rows) == 30
    assert text_of(rows[0]).startswith("2. februar 2021 kl. 14:05")
    assert "11 eldre kjøringer er ikke vist." in text_of(found(root, "//section[@id='history']")[0])
    assert len(found(root, "//*[local-name()='svg']")) == 1
    assert 'id="history"' not in page(RUN, BOOK, CLAUSES, (), "nb")


def test_the_same_run_gives_the_same_bytes_and_anchors_stay() -> None:
    """A feature more moves no anchor of another."""
    html = page(RUN, BOOK, CLAUSES, (), "nb")
    assert html == page(RUN, BOOK, CLAUSES, (), "nb")
    ids = {node.get("id") for node in found(parsed(html), "//article")}
    fewer = page(replace(RUN, features=(ENGLISH,)), BOOK, CLAUSES, (), "nb")
    assert {node.get("id") for node in found(parsed(fewer), "//article")} <= ids
    assert "scenario-ytelse-uten-avtale-en-rabatt-krever-ingenting" in ids


def test_characters_that_turn_what_follows_are_spelt_out() -> None:
    """And those that no page can hold."""
    turned = replace(ENGLISH, name="a\u202eb\x00c")
    html = page(replace(RUN, features=(turned,)), BOOK, CLAUSES, (), "nb")
    assert "a&lt;U+202E&gt;b&lt;U+0000&gt;c" in html
    check(html)


# -- outlines and anchors ----------------------------------------------------------------------------


def test_a_template_is_found_where_the_rows_agree_on_it() -> None:
    """A value that stands in a text by chance is no column."""
    rows = [{"n": "1", "kr": "5"}, {"n": "2", "kr": "6"}]
    assert (
        template_of(["linje 1 er på 5 kr", "linje 1 er på 6 kr"], rows) == "linje 1 er på <kr> kr"
    )
    assert template_of(["1 av 1", "2 av 2"], rows) == "<n> av <n>"
    assert template_of(["likt 1", "likt 1"], rows) == "likt 1"
    assert template_of(["noe", "noe annet"], rows) is None


def test_rows_that_do_not_agree_are_shown_in_full() -> None:
    """Rather than a step that none of them has."""
    first, second = NORWEGIAN.scenarios[1:]
    odd = replace(second.steps[-1], text="noe helt annet", template=None)
    plain = replace(first, steps=(*first.steps[:-1], replace(first.steps[-1], template=None)))
    rows = (plain, replace(second, steps=(*second.steps[:-1], odd)))
    assert outline_of(rows).steps is None
    run = replace(RUN, features=(replace(NORWEGIAN, scenarios=rows),))
    text = text_of(check(page(run, BOOK, CLAUSES, (), "nb")))
    assert "blir fakturaen sendt" in text
    assert "noe helt annet" in text


def test_anchors_can_be_read() -> None:
    """In the letters of an address; what would be there twice gets a number."""
    assert slug("Ærlig talt: ø på 5 kr!") == "aerlig-talt-oe-paa-5-kr"
    assert len(slug("ord " * 50)) <= 70
    anchors = Anchors()
    assert [anchors.give("scenario", "raad", "«?»") for _ in range(2)] == [
        "scenario-raad",
        "scenario-raad-2",
    ]
