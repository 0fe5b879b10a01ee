"""Prohibitions that no document ever triggered: neither a confirmed case beside the rules nor a feature.

Features are run only where the cases leave something to look for, since running them takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from fakturavakt.desk.feature_documents import FeatureDocument
from fakturavakt.desk.finding_codes import UNTRIED_PROHIBITION
from fakturavakt.desk.findings import Finding, Severity
from fakturavakt.engines.reference import truth
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.facts import Facts
from fakturavakt.rulebook.case_files import Case
from fakturavakt.rulebook.model import Prohibition, RuleBook
from fakturavakt.texts import text

Features = Callable[[], Sequence[FeatureDocument] | None]
"""Runs the features; None where there are none, or they cannot run."""


def tried_findings(
    book: RuleBook, cases: Iterable[Case], features: Features, *, besides: Collection[str] = ()
) -> Iterator[Finding]:
    """A finding for each prohibition that nothing triggers, ``besides`` those that nothing can trigger."""
    rules = [rule for rule in book.prohibitions if rule.id not in besides]
    untried = list(_untried(book, rules, _facts_of_cases(book, cases)))
    if not untried:
        return
    documents = features()
    if documents:
        untried = list(_untried(book, untried, _facts_of_features(book, documents)))
    for rule in untried:
        where = (
            text("Verken tilfeller eller scenarier utløser", "Neither cases nor features trigger")
            if documents is not None
            else text("Ingen tilfeller utløser", "No case triggers")
        )
        yield Finding(
            UNTRIED_PROHIBITION,
            Severity.WARNING,
            rule.place,
            text(
                f"{where.say('nb')} forbudet «{rule.id}».",
                f"{where.say('en')} the prohibition “{rule.id}”.",
            ),
            text(
                "Skriv et tilfelle som skal stoppes; «rules test --propose» foreslår et.",
                "Write a case that is to be blocked; “rules test --propose” suggests one.",
            ),
            subject=rule.id,
        )


def _untried(
    book: RuleBook, rules: Iterable[Prohibition], documents: Iterable[Facts]
) -> Iterator[Prohibition]:
    """Those that hold for none of the documents in scope."""
    in_scope = [facts for facts in documents if truth(book.scope, facts) is not False]
    for rule in rules:
        if not any(truth(rule.condition, facts) is True for facts in in_scope):
            yield rule


def _facts_of_cases(book: RuleBook, cases: Iterable[Case]) -> list[Facts]:
    found = []
    for case in cases:
        if case.confirmed:  # what nobody has said is right shows nothing
            raw = RawDocument(DocumentSource(case.place.file, case.place.line), case.document)
            found.append(FactReader(book.vocabulary, case.as_of).read(raw).facts)
    return found


def _facts_of_features(book: RuleBook, documents: Iterable[FeatureDocument]) -> list[Facts]:
    return [FactReader(book.vocabulary, each.as_of).read(each.raw).facts for each in documents]
