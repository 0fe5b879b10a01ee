"""The handbook: everything that a rule book says is in it, in sentences that differ where rules differ."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from tests.engines.random_rule_books import DrawnRuleBook, rule_books

from fakturavakt.desk.feature_documents import feature_documents
from fakturavakt.desk.handbook import Handbook, make_handbook
from fakturavakt.desk.handbook_page import page
from fakturavakt.desk.rule_history import rule_history
from fakturavakt.rulebook.case_files import load_cases
from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    Not,
    OneOf,
    Relation,
    children,
)
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.rulebook.sentences import Sentence, sentence
from fakturavakt.shipped import shipped_folder
from fakturavakt.texts import Text

RULES = shipped_folder("rules")
LANGUAGES = ("nb", "en")
RANDOM = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def said_in(book: RuleBook) -> Iterator[str]:
    """Everything that must be found: ids, names of facts, titles, labels, messages, remedies, clauses."""
    texts: list[Text] = [book.title]
    for rule in book.rules.values():
        yield rule.id
        texts += [rule.title, rule.remedy, rule.source.clause, *rule.messages.values()]
    for name, (title, _) in book.definitions.items():
        yield name
        texts.append(title)
    for guarantee in book.guarantees:
        yield guarantee.name
        texts += [guarantee.title, guarantee.source.clause]
    for fact in book.vocabulary:
        yield fact.name
        texts.append(fact.label)
    if book.migration is not None:
        texts += [book.migration.unknown_message, book.migration.unknown_remedy]
        for row in book.migration.rows:
            yield row.action
            texts += [*row.messages.values(), row.remedy]
    for said in texts:
        yield from (said.say(language) for language in LANGUAGES)


def parsed(html: str) -> etree._Element:
    """The page, which is well-formed XML too: whatever is not closed or not escaped fails here."""
    return etree.fromstring(html.encode(), etree.XMLParser(resolve_entities=False))


def found(root: etree._Element, path: str) -> list[etree._Element]:
    """The elements at an XPath."""
    nodes = root.xpath(path)
    assert isinstance(nodes, list)
    return [node for node in nodes if etree.iselement(node)]


def text_of(node: etree._Element) -> str:
    """All that is to be read, its blanks as one."""
    return " ".join("".join(map(str, node.itertext())).split())


def check(handbook: Handbook) -> etree._Element:
    """What holds of every handbook."""
    root = parsed(page(handbook))
    text = text_of(found(root, "/html/body")[0])
    for said in said_in(handbook.book):
        assert " ".join(said.split()) in text, said
    names = [node.get("id") for node in found(root, "//*[@id]")]
    assert len(names) == len(set(names))
    assert {str(link.get("href"))[1:] for link in found(root, "//a")} <= set(names)
    assert root.get("lang") == handbook.languages[0]
    levels = [int(str(heading.tag)[1]) for heading in root.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), "a level is left out"
    return root


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Handbook:
    """The rule book that ships, with its cases and a few of its scenarios."""
    book = load_rulebook(guarantees=True)
    cases = load_cases(RULES, book).cases
    features = tmp_path_factory.mktemp("features")
    for name in ("raad.feature", "forbud/abonnement_uten_samtykke.feature"):
        shutil.copy(shipped_folder("features") / name, features)
    documents = feature_documents(features, RULES)
    return make_handbook(book, RULES, LANGUAGES, cases=cases, documents=documents)


def test_the_rule_book_that_ships_is_in_its_handbook(shipped: Handbook) -> None:
    """All of it, each text in an element of its language, and nothing from elsewhere."""
    root = check(shipped)
    assert not found(root, "//script | //link | //img | //*[@src]")
    nested = found(root, "/html/body//*[@lang]//*[@lang]")
    assert not nested, [etree.tostring(each) for each in nested]


def test_a_rule_is_said_as_an_officer_would(shipped: Handbook) -> None:
    """The sentence, its list, what follows when a fact is missing."""
    root = parsed(page(shipped))
    (article,) = found(root, "//article[@id='rule-unagreed-upgrade']")
    said = text_of(article)
    for expected in (
        "Fakturaen stoppes når alt dette gjelder: dokumentet er et betalingskrav payment-demand",
        "minst én linje er slik at alt dette gjelder: linjen gjelder en vare, en tjeneste eller et",
        "abonnement linjens beløp uten merverdiavgift er over 0,00 kr",
        "dette gjelder ikke: ytelsen og beløpet var avtalt senest på fakturadatoen agreed-beforehand",
        "The invoice is blocked when all of this holds: the document is a payment demand",
        "the line's amount without VAT is more than NOK 0.00",
        "Da settes fakturaen på vent, og avgjørelsen sier hva som mangler.",
        "Endringer i B2C-fakturaer via AutoInvoice (16. februar 2021), forbudte betalingskrav, fjerde punkt",
    ):
        assert expected in said, expected


def test_scenarios_and_cases_are_examples_of_the_rules_they_trigger(shipped: Handbook) -> None:
    """Under the prohibition that they break, and not under one that they never mention."""
    root = parsed(page(shipped))

    def examples(rule: str) -> str:
        rows = found(root, f"//article[@id='rule-{rule}']//table[@class='examples']//tr")
        return "\n".join(map(text_of, rows))

    consent = examples("unconsented-subscription")
    assert "Et ufullstendig samtykke stopper fakturaen" in consent
    assert "linje 1: datoen samtykket ble trukket tilbake: 1. februar 2021" in consent
    assert "Mangler mobilnummeret, gis det råd om å skaffe det" in examples("missing-mobile")
    assert "Et ufullstendig samtykke stopper fakturaen" not in examples("unsolicited-gift-request")


def test_the_same_rule_book_gives_the_same_bytes(shipped: Handbook) -> None:
    """Whoever writes it, and whenever."""
    book = load_rulebook(guarantees=True)
    cases = load_cases(RULES, book).cases
    once, again = (
        page(make_handbook(load_rulebook(guarantees=True), RULES, LANGUAGES, cases=cases))
        for _ in range(2)
    )
    assert once == again
    assert page(shipped) == page(shipped)


@RANDOM
@given(rule_books())
def test_every_rule_book_has_a_handbook(drawn: DrawnRuleBook) -> None:
    """Each rule id, each named fact, each message, and HTML that is well formed."""
    check(make_handbook(drawn.book, Path("nowhere"), LANGUAGES))


# -- two conditions that differ give two sentences -----------------------------------------------------


def flat(said: Sentence) -> tuple[object, ...]:
    """A sentence with all that is shown of it."""
    return (said.clause, said.definition, tuple(flat(part) for part in said.parts))


OPPOSITES = {
    Relation.BELOW: Relation.AT_LEAST,
    Relation.AT_LEAST: Relation.BELOW,
    Relation.ABOVE: Relation.AT_MOST,
    Relation.AT_MOST: Relation.ABOVE,
}


def meaning(condition: Condition, *, negated: bool = False) -> object:
    """A form that conditions share which mean the same by their form: no list of one, no ``all`` right in an
    ``all``, no negation of a negation, of an order or of a yes.
    """
    match condition:
        case Not(part=part):
            return meaning(part, negated=not negated)
        case All(parts=(part,)) | AnyOf(parts=(part,)):
            return meaning(part, negated=negated)
        case All() | AnyOf():
            parts: list[object] = []
            for part in condition.parts:
                inner = meaning(part)
                same = isinstance(inner, tuple) and inner[:2] == (type(condition).__name__, False)
                parts += inner[2] if same and inner[2] else [inner]  # type: ignore[index]
            return (type(condition).__name__, negated, parts)
        case AnyLine(part=part) | AllLines(part=part):
            return (type(condition).__name__, negated, meaning(part))
        case Comparison(relation=relation) if negated and relation in OPPOSITES:
            return (condition.fact, OPPOSITES[relation], condition.operand)
        case Comparison() if not negated:
            return (condition.fact, condition.relation, condition.operand)
        case OneOf(fact=fact, values=(bool() as value,)):
            return (fact, value is not negated)
        case _:
            return (condition, negated)


def everything_in(condition: Condition) -> Iterator[Condition]:
    """The condition and all of its parts."""
    yield condition
    for part in children(condition):
        yield from everything_in(part)


def test_conditions_that_differ_are_said_differently() -> None:
    """Held over all conditions of all books that are drawn, in each language."""
    seen: dict[tuple[str, object], object] = {}

    @settings(RANDOM, max_examples=60)
    @given(rule_books())
    def collect(drawn: DrawnRuleBook) -> None:
        for rule in drawn.book.rules.values():
            for condition in everything_in(rule.condition):
                for language in LANGUAGES:
                    said = flat(sentence(condition, drawn.book.vocabulary, language))
                    if any(part == "Named" for part in nodes(condition)):
                        continue  # another book's definition of the same name says something else
                    means = meaning(condition)
                    assert seen.setdefault((language, said), means) == means, said

    collect()
    assert len(seen) > 300


def nodes(condition: Condition) -> Iterator[str]:
    """The kinds of its nodes."""
    return (type(each).__name__ for each in everything_in(condition))


# -- history -------------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str, day: str = "2021-02-01") -> None:
    """Git as somebody who is nobody."""
    names = ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL")
    days = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *arguments],
        cwd=folder,
        env={**os.environ, **dict.fromkeys(names, "nobody"), **days},
        capture_output=True,
        check=True,
    )


def test_the_history_of_a_rule_follows_its_file(tmp_path: Path) -> None:
    """Through a move of the file; what is not committed is told; who did it is not."""
    rules = tmp_path / "regler"
    (rules / "prohibitions").mkdir(parents=True)
    old = rules / "prohibitions" / "old.yaml"
    old.write_text("rule: old\n" * 20, encoding="utf-8")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "Første utgave <b>")
    git(tmp_path, "mv", "regler/prohibitions/old.yaml", "regler/prohibitions/new.yaml")
    git(tmp_path, "commit", "-m", "Nytt navn\n\nHvorfor", day="2021-03-02")
    new = rules / "prohibitions" / "new.yaml"
    new.write_text("rule: new\n", encoding="utf-8")
    (rules / "uvedkommende.md").write_text("x", encoding="utf-8")
    history = rule_history(rules)
    assert history is not None
    found = history.revisions["prohibitions/new.yaml"]
    assert [(str(each.day), each.subject) for each in found] == [
        ("2021-03-02", "Nytt navn"),
        ("2021-02-01", "Første utgave <b>"),
    ]
    assert history.unsaved == {"prohibitions/new.yaml", "uvedkommende.md"}


def test_a_rule_book_that_is_not_in_git_has_no_history(tmp_path: Path) -> None:
    """And its handbook says what stands in for it."""
    assert rule_history(tmp_path) is None
    book = load_rulebook()
    assert "Regelboken ligger ikke i git" in page(make_handbook(book, RULES, ("nb",)))
