"""The facts of what tries a rule book: the cases beside it, and the documents that its features decide on."""

from __future__ import annotations

from fakturavakt.desk.feature_documents import FeatureDocument
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.intake.facts import Facts
from fakturavakt.rulebook.case_files import Case
from fakturavakt.rulebook.model import RuleBook


def facts_of_case(book: RuleBook, case: Case) -> Facts:
    """What is known in a case, on its screening date."""
    raw = RawDocument(DocumentSource(case.place.file, case.place.line), case.document)
    return FactReader(book.vocabulary, case.as_of).read(raw).facts


def facts_of_feature(book: RuleBook, document: FeatureDocument) -> Facts:
    """What is known in the document of a scenario, on its screening date."""
    return FactReader(book.vocabulary, document.as_of).read(document.raw).facts
