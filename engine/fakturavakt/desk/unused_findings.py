"""Definitions and facts that nothing asks about.

A fact that stands in the European invoice standard (``term``) is not unused: it is read from invoices, and
its form is checked, whether or not a rule asks about it. Nor is one that the program itself reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fakturavakt.desk.finding_codes import UNUSED_DEFINITION, UNUSED_FACT
from fakturavakt.desk.findings import Finding, Severity
from fakturavakt.desk.yaml_edits import RuleFilePlaces
from fakturavakt.problems import nearest
from fakturavakt.rulebook.conditions import Condition, Named, children, facts_of, leaves
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import text
from fakturavakt.vocabulary.own_facts import OWN_FACTS


def unused_findings(book: RuleBook, root: Path, places: RuleFilePlaces) -> Iterator[Finding]:
    """All of them; ``root`` is the folder of the rule book."""
    yield from _definitions(book, places)
    yield from _facts(book, root, places)


def _roots(book: RuleBook) -> Iterator[Condition]:
    yield book.scope
    for rule in book.rules.values():
        yield rule.condition
    for row in () if book.migration is None else book.migration.rows:
        yield row.when
    for guarantee in book.guarantees:
        yield guarantee.condition


def _definitions(book: RuleBook, places: RuleFilePlaces) -> Iterator[Finding]:
    used = {name for root in _roots(book) for name in _named(root)}
    for name, (_, condition) in book.definitions.items():
        if name in used:
            continue
        file = condition.place.file
        users = sorted(
            other for other, (_, part) in book.definitions.items() if name in set(_named(part))
        )
        nb = f"; bare «{users[0]}» bruker den, og den brukes heller ikke" if users else ""
        en = f"; only “{users[0]}” uses it, and is not used itself" if users else ""
        near = nearest(name, sorted(used), at_least=0.75)
        hint = (
            text(f" Det finnes en som heter «{near}».", f" There is one called “{near}”.")
            if near
            else text("", "")
        )
        yield Finding(
            UNUSED_DEFINITION,
            Severity.WARNING,
            places.document_with(file, "define", name) or condition.place,
            text(
                f"Ingen regel bruker definisjonen «{name}»{nb}.",
                f"No rule uses the definition “{name}”{en}.",
            ),
            text(
                f"Bruk den der den skulle vært brukt, eller slett den.{hint.say('nb')}",
                f"Use it where it was to be used, or delete it.{hint.say('en')}",
            ),
            subject=name,
        )


def _named(condition: Condition) -> Iterator[str]:
    """The definitions that a condition uses, and those that these use."""
    if isinstance(condition, Named):
        yield condition.name
    for part in children(condition):
        yield from _named(part)


def _facts(book: RuleBook, root: Path, places: RuleFilePlaces) -> Iterator[Finding]:
    conditions = [*_roots(book), *(condition for _, condition in book.definitions.values())]
    asked = {fact for root in conditions for leaf in leaves(root) for fact in facts_of(leaf)}
    asked |= {fact for advice in book.advice for fact in advice.asks_for}
    file = str(root / "vocabulary.yaml")
    for fact in book.vocabulary:
        if fact.name in asked | OWN_FACTS or fact.term is not None:
            continue
        yield Finding(
            UNUSED_FACT,
            Severity.WARNING,
            places.item_with(file, "facts", "fact", fact.name),
            text(
                f"Ingen regel spør etter «{fact.name}», og det er ikke noe felt i fakturastandarden.",
                f"No rule asks about “{fact.name}”, and it is no field of the invoice standard.",
            ),
            text(
                "Bruk det i en regel, oppgi feltet med «term», eller ta det bort.",
                "Use it in a rule, name its field with “term”, or remove it.",
            ),
            subject=fact.name,
        )
