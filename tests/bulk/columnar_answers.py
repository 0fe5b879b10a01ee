"""What the columnar engine says of a file, and what the reference engine says of it, as bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from fakturavakt.bulk.columnar_screening import ChunkError, ColumnarScreening
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import RawDocument
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Answer, Screened, Screening, Written

AS_OF = date(2021, 2, 2)


@contextmanager
def columns(
    book: RuleBook, language: str = "nb", *, trials: bool = False
) -> Iterator[ColumnarScreening]:
    """A columnar screening, closed again."""
    screening = Screening(book, AS_OF, ReferenceEngine(book), language, trials=trials)
    run = ColumnarScreening(screening)
    try:
        yield run
    finally:
        run.close()


def said(answer: Answer) -> str:
    """A decision as bytes would be written, or what is wrong with a document and where."""
    match answer:
        case Written(json=json):
            return json
        case Screened(decision=decision):
            return decision.as_json()
        case _:
            return f"{answer.source} {answer.place} {answer.reason.say('en')}"


def by_rows(run: ColumnarScreening, file: Path) -> list[str]:
    """What the reference engine says."""
    return [
        said(run.screening.screen(each) if isinstance(each, RawDocument) else each)
        for each in run.screening.documents([str(file)])
    ]


def by_columns(run: ColumnarScreening, file: Path) -> tuple[list[str], int]:
    """What the columns say, and how many of them were decided there."""
    answers: list[Answer] = []
    for chunk in run.cutter(file.parent).chunks([str(file)]):
        try:
            answers += list(run.screen(chunk))
        except ChunkError:
            answers += run.screen_one_by_one(chunk)
    return [said(each) for each in answers], sum(isinstance(each, Written) for each in answers)


def write_parquet(select: str, file: Path) -> None:
    """What a query gives, as a file."""
    duckdb.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet)")
