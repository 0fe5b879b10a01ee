"""Cases and the documents of features, put together into one coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fakturavakt.desk.coverage import Coverage, CoverageRecorder
from fakturavakt.desk.coverage_report import Sources
from fakturavakt.desk.feature_documents import FeatureDocument
from fakturavakt.desk.tried_facts import facts_of_case, facts_of_feature
from fakturavakt.rulebook.case_files import Case
from fakturavakt.rulebook.model import RuleBook


def measure(
    book: RuleBook, cases: Iterable[Case], documents: Sequence[FeatureDocument] | None
) -> tuple[Coverage, Sources]:
    """What the confirmed ``cases`` and the ``documents`` of features put to the test, and how many they are.

    ``documents`` is None where no features were run. A case that nobody has confirmed tests nothing.
    """
    recorder = CoverageRecorder(book)
    confirmed = [case for case in cases if case.confirmed]
    for case in confirmed:
        recorder.watch(facts_of_case(book, case))
    for each in documents or ():
        recorder.watch(facts_of_feature(book, each))
    found = None if documents is None else len(documents)
    return recorder.coverage(), Sources(len(confirmed), found)
