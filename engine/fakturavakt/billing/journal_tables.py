"""The tables of a journal, and what a row of each is to the program."""

from __future__ import annotations

import json
import os
from datetime import date
from typing import Any, Final

from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.run_records import (
    AskedFact,
    DocumentRecord,
    Figures,
    RunRecord,
    RunState,
    SourceRecord,
    SourceState,
)

VERSION: Final = 1
"""Of the tables: a journal of a later one is refused."""

TABLES: Final = """
CREATE TABLE runs (
  run TEXT PRIMARY KEY, state TEXT NOT NULL, inbox BLOB NOT NULL, mode TEXT NOT NULL, started TEXT NOT NULL,
  ended TEXT, documents_in INTEGER NOT NULL DEFAULT 0, waits_for TEXT NOT NULL DEFAULT '[]', released_by TEXT,
  released_at TEXT, about TEXT NOT NULL, summary TEXT
);
CREATE TABLE sources (
  source INTEGER PRIMARY KEY, run TEXT NOT NULL, path NOT NULL, sha256 BLOB NOT NULL, size INTEGER NOT NULL,
  changed_ns INTEGER NOT NULL, whole INTEGER NOT NULL, state TEXT NOT NULL
);
CREATE INDEX open_sources ON sources (state, source) WHERE state IN ('planned', 'written', 'placed');
CREATE INDEX sources_of_run ON sources (run);
CREATE TABLE documents (
  document INTEGER PRIMARY KEY, run TEXT NOT NULL, source INTEGER NOT NULL, position INTEGER NOT NULL,
  sha256 BLOB NOT NULL, destination TEXT NOT NULL, channel TEXT, placed_as, first INTEGER, invoice TEXT,
  sender TEXT, customer TEXT, ore INTEGER, currency TEXT, is_credit_note INTEGER NOT NULL, issue_date TEXT,
  due_date TEXT, send_date TEXT, findings TEXT NOT NULL, missing TEXT NOT NULL, spans TEXT
);
-- What makes a second copy of a document impossible, whatever the code above does.
CREATE UNIQUE INDEX known_documents ON documents (sha256)
  WHERE destination NOT IN ('duplicate', 'not-placed');
CREATE INDEX documents_of_source ON documents (source);
CREATE INDEX documents_of_run ON documents (run, destination);
CREATE TABLE said (document INTEGER PRIMARY KEY, line BLOB NOT NULL);
"""
SETTINGS: Final = (
    "PRAGMA journal_mode = TRUNCATE",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32000",  # 32 MB, whatever the journal has grown to
)
DOCUMENT: Final = (
    "document, documents.run, documents.source, sources.path, position, documents.sha256, destination, "
    "channel, placed_as, first, invoice, sender, customer, ore, currency, is_credit_note, issue_date, "
    "due_date, send_date, findings, missing, spans"
)
SOURCE: Final = "source, path, sha256, size, changed_ns, whole, state"
RUN: Final = (
    "run, state, inbox, mode, started, ended, documents_in, waits_for, released_by, released_at, about, "
    "summary"
)


def stored(path: str) -> str | bytes:
    """A path as text, or as bytes where it is no text: SQLite keeps either."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def as_text(key: str) -> str:
    """A name that need not be found again, only told from others."""
    return key.encode("utf-8", "backslashreplace").decode()


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _from_day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def row_of_source(run: str, source: SourceRecord) -> tuple[object, ...]:
    """A file as the table has it."""
    return (
        source.source,
        run,
        stored(source.path),
        source.sha256,
        source.size,
        source.changed_ns,
        source.whole,
        source.state,
    )


def row_of_document(document: DocumentRecord) -> tuple[object, ...]:
    """A document as the table has it."""
    figures = document.figures
    missing = [[each.fact, each.line, each.service] for each in figures.missing]
    return (
        document.document,
        document.run,
        document.source,
        document.position,
        document.sha256,
        document.destination,
        document.channel,
        None if document.placed_as is None else stored(document.placed_as),
        document.first,
        figures.invoice,
        figures.sender,
        figures.customer,
        figures.ore,
        figures.currency,
        figures.is_credit_note,
        *map(_day, (figures.issue_date, figures.due_date, figures.send_date)),
        json.dumps(dict(figures.findings)) if figures.findings else "{}",
        json.dumps(missing) if missing else "[]",
        json.dumps(document.spans) if document.spans else None,
    )


def run_of(row: tuple[Any, ...]) -> RunRecord:
    """A row of ``runs``."""
    run, state, inbox, mode, started, ended, read, waits_for, by, at, about, summary = row
    return RunRecord(
        run,
        RunState(state),
        os.fsdecode(inbox),
        mode,
        started,
        ended,
        read,
        tuple(json.loads(waits_for)),
        by,
        at,
        json.loads(about),
        None if summary is None else json.loads(summary),
    )


def source_of(row: tuple[Any, ...]) -> SourceRecord:
    """A row of ``sources``."""
    source, path, sha256, size, changed_ns, whole, state = row
    return SourceRecord(
        source, os.fsdecode(path), sha256, size, changed_ns, bool(whole), SourceState(state)
    )


def document_of(row: tuple[Any, ...]) -> DocumentRecord:
    """A row of ``documents``, with the path of its file."""
    document, run, source, path, position, sha256, destination, channel, placed_as, first = row[:10]
    invoice, sender, customer, ore, currency, credit_note, issued, due, sent = row[10:19]
    findings, missing, spans = row[19:]
    return DocumentRecord(
        document=document,
        run=run,
        source=source,
        path="" if path is None else os.fsdecode(path),
        position=position,
        sha256=sha256,
        destination=Destination(destination),
        channel=channel,
        placed_as=None if placed_as is None else os.fsdecode(placed_as),
        first=first,
        figures=Figures(
            invoice=invoice,
            sender=sender,
            customer=customer,
            ore=ore,
            currency=currency,
            is_credit_note=bool(credit_note),
            issue_date=_from_day(issued),
            due_date=_from_day(due),
            send_date=_from_day(sent),
            findings=json.loads(findings),
            missing=tuple(AskedFact(*each) for each in json.loads(missing)),
        ),
        spans=() if spans is None else tuple((begin, end) for begin, end in json.loads(spans)),
    )
