"""Both engines give the same decision to the byte, whatever the rule book and the document."""

from __future__ import annotations

import shutil
import threading
from datetime import date
from pathlib import Path

import pytest
from benchmarks.random_documents import random_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.random_rule_books import DrawnRuleBook, documents, rule_books

from fakturavakt.decision import Decider
from fakturavakt.engines.durable import DurableEngine
from fakturavakt.engines.outcomes import Engine
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.json_documents import read_ndjson
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.shipped import shipped_folder

AS_OF = date(2021, 2, 2)


def decided(book: RuleBook, engine: Engine, document: RawDocument) -> str:
    """The decision as bytes would be written."""
    facts = FactReader(book.vocabulary, AS_OF).read(document).facts
    decider = Decider(book, AS_OF, "nb", trials=True)
    return decider.decide(facts, engine.evaluate(facts)).as_json()


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(rule_books(), st.lists(documents(), min_size=1, max_size=6))
def test_random_rule_books_and_documents(drawn: DrawnRuleBook, tried: list[RawDocument]) -> None:
    """Random conditions of every form over facts of every type, good values and bad ones."""
    book = drawn.book
    durable, reference = DurableEngine(book), ReferenceEngine(book)
    try:
        for document in tried:
            assert decided(book, durable, document) == decided(book, reference, document)
    finally:
        durable.close()


@pytest.mark.parametrize("seed", [20261124, 7, 1812])
def test_the_shipped_rule_book_on_random_documents(seed: int) -> None:
    """A thousand contract documents a seed, a third of them with bad values."""
    book = load_rulebook()
    durable, reference = DurableEngine(book), ReferenceEngine(book)
    lines = (text.encode() for text in random_documents(seed, 1000))
    for document in read_ndjson(lines, "random.ndjson"):
        if isinstance(document, RawDocument):
            assert decided(book, durable, document) == decided(book, reference, document)
    durable.close()


def test_a_rule_book_over_hundreds_of_facts(tmp_path: Path) -> None:
    """More of them than one fact of durable-rules can hold."""
    rules = Path(shutil.copytree(shipped_folder("rules"), tmp_path / "rules"))
    names = [f"invoice.extra_{n}" for n in range(300)]
    with (rules / "vocabulary.yaml").open("a", encoding="utf-8") as vocabulary:
        for name in names:
            vocabulary.write(
                f"  - {{fact: {name}, type: count, label: {{nb: {name}, en: {name}}}}}\n"
            )
    gift = (rules / "prohibitions" / "unsolicited-gift-request.yaml").read_text(encoding="utf-8")
    head, rest = gift.split("when:\n")
    _, tail = rest.split("message:\n")
    for n in range(0, 300, 30):
        parts = "".join(f"    - {name}: {{above: {n}}}\n" for name in names[n : n + 30])
        own = head.replace("unsolicited-gift-request", f"extra-{n}")
        text = f"{own}when:\n  any:\n{parts}message:\n{tail.replace('{lines}', '')}"
        (rules / "prohibitions" / f"extra-{n}.yaml").write_text(text, encoding="utf-8")
    book = load_rulebook(rules)
    durable, reference = DurableEngine(book), ReferenceEngine(book)
    try:
        for at in (0, 29, 150, 299):
            extra = {f"extra_{n}": n + (n == at) for n in range(300)}
            document = RawDocument(DocumentSource("a.json", 1), {"invoice": extra})
            assert decided(book, durable, document) == decided(book, reference, document)
    finally:
        durable.close()


def test_more_alternatives_than_durable_rules_compiles(tmp_path: Path) -> None:
    """Fourteen alternatives of two parts each are its error 113: they are answered all the same."""
    rules = Path(shutil.copytree(shipped_folder("rules"), tmp_path / "rules"))
    parts = "".join(
        f"    - all: [invoice.attachments: {{at_least: {n}}}, invoice.payable_amount: {{above: {n}}}]\n"
        for n in range(20)
    )
    file = rules / "prohibitions" / "no-creditor-relationship.yaml"
    head, rest = file.read_text(encoding="utf-8").split("when:\n")
    _, tail = rest.split("message:\n")
    file.write_text(f"{head}when:\n  any:\n{parts}message:\n{tail}", encoding="utf-8")
    book = load_rulebook(rules)
    durable, reference = DurableEngine(book), ReferenceEngine(book)
    for invoice in ({}, {"attachments": 3}, {"attachments": 3, "payable_amount": "7.00"}):
        document = RawDocument(DocumentSource("a.json", 1), {"invoice": invoice})
        assert decided(book, durable, document) == decided(book, reference, document)
    durable.close()


def test_a_rule_book_of_two_hundred_rules_about_lines(tmp_path: Path) -> None:
    """Each asks something of its own about lines, which is one more property of the invoice's fact."""
    rules = Path(shutil.copytree(shipped_folder("rules"), tmp_path / "rules"))
    rule = (rules / "prohibitions" / "unagreed-upgrade.yaml").read_text(encoding="utf-8")
    for n in range(200):
        own = rule.replace("rule: unagreed-upgrade", f"rule: upgrade-{n}")
        own = own.replace("{above: 0}", f"{{above: {n}}}")
        (rules / "prohibitions" / f"upgrade-{n}.yaml").write_text(own, encoding="utf-8")
    book = load_rulebook(rules)
    durable, reference = DurableEngine(book), ReferenceEngine(book)
    lines = (text.encode() for text in random_documents(11, 10))
    for document in read_ndjson(lines, "random.ndjson"):
        if isinstance(document, RawDocument):
            assert decided(book, durable, document) == decided(book, reference, document)
    durable.close()


def test_eight_threads_share_one_engine() -> None:
    """A service evaluates on many threads at once; every answer is that of its own document."""
    book = load_rulebook()
    engine = DurableEngine(book)
    lines = [text.encode() for text in random_documents(3, 200)]
    drawn = [each for each in read_ndjson(lines, "x") if isinstance(each, RawDocument)]
    expected = [decided(book, ReferenceEngine(book), document) for document in drawn]
    wrong: list[int] = []

    def work() -> None:
        for n, document in enumerate(drawn):
            if decided(book, engine, document) != expected[n]:
                wrong.append(n)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    engine.close()
