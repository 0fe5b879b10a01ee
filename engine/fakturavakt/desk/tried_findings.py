"""Prohibitions that no document ever triggered: neither a confirmed case beside the rules nor a feature.

Features are run only where the cases leave something to look for, since running them takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from fakturavakt.desk.feature_documents import FeatureDocument
from fakturavakt.desk.finding_codes import UNTRIED_PROHIBITION
from fakturavakt.desk.findings import Finding, Severity
from fakturavakt.desk.tried_facts import facts_of_case, facts_of_feature
from fakturavakt.engines.reference import truth
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
    # What nobody has said is right shows nothing.
    confirmed = [facts_of_case(book, case) for case in cases if case.confirmed]
    untried = list(_untried(book, rules, confirmed))
    if not untried:
        return
    documents = features()
    if documents:
        of_features = [facts_of_feature(book, each) for each in documents]
        untried = list(_untried(book, untried, of_features))
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
