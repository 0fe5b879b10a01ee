"""Cases and the documents of features, put together into one coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fakturavakt.desk.coverage import Coverage, CoverageRecorder
from fakturavakt.desk.coverage_report import Sources
from fakturavakt.desk.feature_documents import FeatureDocument
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import FactReader
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
        raw = RawDocument(DocumentSource(case.place.file, case.place.line), case.document)
        recorder.watch(FactReader(book.vocabulary, case.as_of).read(raw).facts)
    for each in documents or ():
        recorder.watch(FactReader(book.vocabulary, each.as_of).read(each.raw).facts)
    found = None if documents is None else len(documents)
    return recorder.coverage(), Sources(len(confirmed), found)
