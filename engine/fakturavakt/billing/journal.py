"""The journal of an outbox: which documents ever came, in which run, and where each was put.

One file, ``OUTBOX/.fakturavakt/journal.sqlite``. Whoever changes it holds the lock of the outbox; others may
read it at any time. It is written in transactions that are on the disk when they return, and with a rollback
journal rather than a write-ahead log: that one needs memory shared between processes, which an outbox on a
network share does not have.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.journal_tables import (
    DOCUMENT,
    RUN,
    SETTINGS,
    SOURCE,
    TABLES,
    VERSION,
    as_text,
    document_of,
    row_of_document,
    row_of_source,
    run_of,
    source_of,
    stored,
)
from fakturavakt.billing.run_records import (
    DocumentRecord,
    Mode,
    RunRecord,
    RunState,
    SourceRecord,
    SourceState,
    Sum,
)
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.intake.document_places import Span
from fakturavakt.screening import OSLO
from fakturavakt.texts import text

_OPEN: Final = (RunState.PLANNING, RunState.WAITING, RunState.PLACING)


class Journal:
    """Opened for reading and writing; closed as a context."""

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        """At ``path``; without one, for a run that only says what it would do, in a file that nobody sees."""
        self.path = path or Path("-")
        # Also who only reads opens it for writing: an interrupted transaction has to be rolled back first.
        mode = "rw" if read_only else "rwc"
        name = "" if path is None else f"{path.absolute().as_uri()}?mode={mode}"
        with _failures_told(self.path):
            self._database = sqlite3.connect(name, uri=True, isolation_level=None, timeout=60)
            if read_only:
                self._database.execute("PRAGMA query_only = TRUE")
            else:
                for setting in SETTINGS:
                    self._database.execute(setting)
                self._database.execute(
                    "CREATE TEMP TABLE taken (key TEXT PRIMARY KEY) WITHOUT ROWID"
                )
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            if version == 0 and not read_only:
                with self.transaction():
                    for statement in TABLES.split(";\n"):
                        self._database.execute(statement)
                    self._database.execute(f"PRAGMA user_version = {VERSION}")
            elif version != VERSION:
                raise RunError(_OTHER_VERSION.filled(path=self.path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        self._database.close()
        if isinstance(error, sqlite3.Error):
            with _failures_told(self.path):
                raise error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written within is on the disk behind it, or nothing of it."""
        with _failures_told(self.path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """For what else is kept in the journal, beside its runs and documents (``run_figures.py``)."""
        return self._database.execute(statement, values).fetchall()

    def say_about(self, run: str, key: str, said: object) -> None:
        """Keep one more thing about a run, for its report."""
        self._database.execute(
            "UPDATE runs SET about = json_set(about, ?, json(?)) WHERE run = ?",
            (f"$.{key}", json.dumps(said), run),
        )

    # -- runs ----------------------------------------------------------------------------------------

    def begin(self, inbox: str, mode: Mode, about: Mapping[str, Any]) -> str:
        """A new run, in the state of planning; its id."""
        now = datetime.now(ZoneInfo(OSLO))
        while True:
            run = f"{now:%Y-%m-%dT%H%M}-{secrets.token_hex(2)}"
            if not self._one("SELECT 1 FROM runs WHERE run = ?", run):
                break
        self._database.execute(
            "INSERT INTO runs (run, state, inbox, mode, started, about) VALUES (?, ?, ?, ?, ?, ?)",
            (run, RunState.PLANNING, os.fsencode(inbox), mode, _now(), json.dumps(dict(about))),
        )
        return run

    def open_run(self) -> RunRecord | None:
        """The run that has begun and not ended, if there is one."""
        found = self._one(f"SELECT {RUN} FROM runs WHERE state IN (?, ?, ?)", *_OPEN)  # noqa: S608
        return None if found is None else run_of(found)

    def run(self, run: str) -> RunRecord | None:
        """The run of an id."""
        found = self._one(f"SELECT {RUN} FROM runs WHERE run = ?", run)  # noqa: S608
        return None if found is None else run_of(found)

    def runs(self) -> Iterator[RunRecord]:
        """All runs, the newest first."""
        statement = f"SELECT {RUN} FROM runs ORDER BY started DESC, rowid DESC"  # noqa: S608
        yield from map(run_of, self._database.execute(statement).fetchall())

    def planned(self, run: str, documents_in: int, summary: Mapping[str, Any]) -> None:
        """The plan is whole: ``documents_in`` were read, counted where they were read."""
        self._database.execute(
            "UPDATE runs SET state = ?, documents_in = ?, summary = ? WHERE run = ?",
            (RunState.WAITING, documents_in, json.dumps(summary), run),
        )

    def wait(self, run: str, reasons: Sequence[str]) -> None:
        """A run that is planned waits for somebody to release it."""
        self._database.execute(
            "UPDATE runs SET waits_for = ? WHERE run = ?", (json.dumps(list(reasons)), run)
        )

    def release(self, run: str, by: str | None) -> None:
        """A run that is planned may be carried out."""
        self._database.execute(
            "UPDATE runs SET state = ?, released_by = ?, released_at = ? WHERE run = ? AND state = ?",
            (RunState.PLACING, by, _now(), run, RunState.WAITING),
        )

    def end(self, run: str) -> None:
        """All that was planned is done; what was only for doing it goes."""
        self._database.execute("DELETE FROM said")
        self._database.execute(
            "UPDATE runs SET state = ?, ended = ? WHERE run = ?", (RunState.ENDED, _now(), run)
        )

    def discard(self, run: str) -> None:
        """Forget a plan of which nothing has been carried out."""
        self._database.execute("DELETE FROM said")
        for table in ("documents", "sources"):
            self._database.execute(f"DELETE FROM {table} WHERE run = ?", (run,))  # noqa: S608
        self._database.execute(
            "UPDATE runs SET state = ?, ended = ? WHERE run = ?", (RunState.DISCARDED, _now(), run)
        )

    # -- a plan as it is made ------------------------------------------------------------------------

    def next_ids(self) -> tuple[int, int]:
        """The ids that the next file and the next document get."""
        source = self._one("SELECT coalesce(max(source), 0) + 1 FROM sources")
        document = self._one("SELECT coalesce(max(document), 0) + 1 FROM documents")
        assert source is not None
        assert document is not None
        return source[0], document[0]

    def take(self, keys: Iterable[str]) -> bool:
        """Take names for the plan that is being made; see :class:`TakenNames`."""
        wanted = list(dict.fromkeys(map(as_text, keys)))
        marks = ", ".join("?" * len(wanted))
        if self._one(f"SELECT 1 FROM taken WHERE key IN ({marks})", *wanted):  # noqa: S608
            return False
        self._database.executemany("INSERT INTO taken VALUES (?)", ((key,) for key in wanted))
        return True

    def taken(self, keys: Iterable[str]) -> None:
        """Names that are there already."""
        self._database.executemany(
            "INSERT OR IGNORE INTO taken VALUES (?)", ((as_text(key),) for key in keys)
        )

    def add_source(self, run: str, source: SourceRecord) -> None:
        """A file of the run."""
        self._database.execute(
            "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row_of_source(run, source)
        )

    def add_document(self, document: DocumentRecord, said: bytes) -> None:
        """A document of the run, and what is to stand beside it."""
        row = row_of_document(document)
        marks = ", ".join("?" * len(row))
        self._database.execute(f"INSERT INTO documents VALUES ({marks})", row)  # noqa: S608
        self._database.execute("INSERT INTO said VALUES (?, ?)", (document.document, said))

    def forget(self, source: int) -> None:
        """Take the documents of a file out of the plan that is being made."""
        self._database.execute(
            "DELETE FROM said WHERE document IN (SELECT document FROM documents WHERE source = ?)",
            (source,),
        )
        self._database.execute("DELETE FROM documents WHERE source = ?", (source,))

    # -- a plan as it is carried out -----------------------------------------------------------------

    def sources(self, run: str, *states: SourceState, limit: int = -1) -> list[SourceRecord]:
        """The files of a run that are so far, in the order in which they were read."""
        marks = ", ".join("?" * len(states))
        statement = (
            f"SELECT {SOURCE} FROM sources WHERE state IN ({marks}) AND run = ? "  # noqa: S608
            "ORDER BY source LIMIT ?"
        )
        return [source_of(row) for row in self._database.execute(statement, (*states, run, limit))]

    def set_state(self, sources: Iterable[SourceRecord], state: SourceState) -> None:
        """So far they are now."""
        self._database.executemany(
            "UPDATE sources SET state = ? WHERE source = ?",
            ((state, each.source) for each in sources),
        )

    def not_placed(self, source: SourceRecord, state: SourceState) -> None:
        """Nothing of a file is placed, and why: its documents count as never seen."""
        self.set_state([source], state)
        self._database.execute(
            "UPDATE documents SET destination = ?, placed_as = NULL WHERE source = ?",
            (Destination.NOT_PLACED, source.source),
        )

    def places(self, source: SourceRecord) -> list[tuple[str | None, int]]:
        """Where the documents of a file go, and how many there; in the order of their first ones. None stands
        for those that are put nowhere.
        """
        found = self._database.execute(
            "SELECT placed_as, count(*) FROM documents WHERE source = ? GROUP BY placed_as "
            "ORDER BY min(position)",
            (source.source,),
        )
        return [(None if place is None else os.fsdecode(place), count) for place, count in found]

    def spans(self, source: SourceRecord) -> Iterator[tuple[str, tuple[Span, ...]]]:
        """The documents of a file that is split, in its order: where each goes, and where it stands."""
        found = self._database.execute(
            "SELECT placed_as, spans FROM documents WHERE source = ? AND placed_as IS NOT NULL "
            "ORDER BY position",
            (source.source,),
        )
        for place, spans in found:
            yield os.fsdecode(place), tuple((begin, end) for begin, end in json.loads(spans))

    def said(self, source: SourceRecord, place: str) -> Iterator[bytes]:
        """What is to stand beside the documents of a file that go to one place; packed as the plan packed
        it.
        """
        found = self._database.execute(
            "SELECT line FROM documents JOIN said USING (document) WHERE source = ? AND placed_as = ? "
            "ORDER BY position",
            (source.source, stored(place)),
        )
        yield from (line for (line,) in found)

    def repeated(self, sources: Sequence[SourceRecord]) -> Iterator[tuple[int, int, bool]]:
        """Of these files, which repeat a document of the same run: the file, the one that has the document
        first, and whether that one was placed, or still may be.
        """
        if not sources:
            return
        found = self._database.execute(
            "SELECT DISTINCT again.source, first.source, first.destination <> 'not-placed' "
            "FROM documents AS again JOIN documents AS first ON again.first = first.document "
            "WHERE again.source BETWEEN ? AND ? AND again.destination = 'duplicate' AND again.run = "
            "first.run "
            "ORDER BY again.source",
            (sources[0].source, sources[-1].source),
        )
        yield from ((source, first, bool(placed)) for source, first, placed in found)

    # -- questions -----------------------------------------------------------------------------------

    def known(self, sha256: bytes, *, but_of: str | None = None) -> DocumentRecord | None:
        """The document of these bytes that was placed, or is planned to be; not one of the run ``but_of``."""
        found = self._documents(
            "documents.sha256 = ? AND destination NOT IN ('duplicate', 'not-placed') "
            "AND documents.run IS NOT ?",
            sha256,
            but_of,
        )
        return next(found, None)

    def document(self, document: int) -> DocumentRecord | None:
        """The document of an id."""
        return next(self._documents("document = ?", document), None)

    def documents(
        self, run: str | None = None, destination: Destination | None = None
    ) -> Iterator[DocumentRecord]:
        """Documents in the order in which they came; of one run, or with one destination."""
        where, values = ["TRUE"], []
        if run is not None:
            where.append("documents.run = ?")
            values.append(run)
        if destination is not None:
            where.append("destination = ?")
            values.append(destination.value)
        yield from self._documents(" AND ".join(where) + " ORDER BY document", *values)

    def counts(self, run: str) -> dict[tuple[Destination, str | None], int]:
        """How many documents of a run have each destination, and channel."""
        found = self._database.execute(
            "SELECT destination, channel, count(*) FROM documents WHERE run = ? GROUP BY 1, 2 ORDER BY 1, 2",
            (run,),
        )
        return {(Destination(name), channel): count for name, channel, count in found}

    def sums(self, run: str) -> Iterator[Sum]:
        """What the documents of a run amount to, by all that tells them apart for whoever compares runs."""
        found = self._database.execute(
            "SELECT sender, destination, channel, currency, is_credit_note, count(*), sum(ore) "
            "FROM documents WHERE run = ? GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
            (run,),
        )
        for sender, destination, channel, currency, credit_note, count, ore in found:
            yield Sum(
                sender,
                Destination(destination),
                channel,
                currency,
                bool(credit_note),
                count,
                ore or 0,
            )

    def places_of_senders(self, run: str) -> Iterator[tuple[str, str]]:
        """For each sender one of the files that its documents were put into, of each destination."""
        found = self._database.execute(
            "SELECT sender, max(placed_as) FROM documents "
            "WHERE run = ? AND sender IS NOT NULL AND placed_as IS NOT NULL "
            "GROUP BY sender, destination ORDER BY 1, 2",
            (run,),
        )
        yield from ((sender, os.fsdecode(place)) for sender, place in found)

    def senders_beside(self, source: int) -> set[str]:
        """The senders of the documents of a file, where they say who they are."""
        found = self._database.execute(
            "SELECT DISTINCT sender FROM documents WHERE source = ? AND sender IS NOT NULL",
            (source,),
        )
        return {sender for (sender,) in found}

    def count_of(self, destination: Destination) -> int:
        """How many documents have a destination, whatever run brought them."""
        (found,) = self._one("SELECT count(*) FROM documents WHERE destination = ?", destination)
        return int(found)

    def held_between(self, placed_as: str, first: int, last: int) -> list[DocumentRecord]:
        """The documents of one file that are on hold, of which these are the first and the last."""
        found = self._documents(
            "document BETWEEN ? AND ? AND destination = 'hold' AND placed_as = ? ORDER BY document",
            first,
            last,
            stored(placed_as),
        )
        return list(found)

    # -- what comes after the runs -------------------------------------------------------------------

    def redecided(self, document: DocumentRecord) -> None:
        """A document that was on hold is decided anew, and this is its record now."""
        row = row_of_document(document)
        marks = ", ".join("?" * len(row))
        self._database.execute(f"REPLACE INTO documents VALUES ({marks})", row)  # noqa: S608

    def has_table(self, name: str) -> bool:
        """Whether somebody has made such a table."""
        return self._one("SELECT 1 FROM sqlite_master WHERE name = ?", name) is not None

    def _documents(self, where: str, *values: object) -> Iterator[DocumentRecord]:
        statement = (
            f"SELECT {DOCUMENT} FROM documents LEFT JOIN sources USING (source) WHERE {where}"  # noqa: S608
        )
        yield from map(document_of, self._database.execute(statement, values))

    def _one(self, statement: str, *values: object) -> Any:  # noqa: ANN401 (a row)
        return self._database.execute(statement, values).fetchone()


@contextmanager
def _failures_told(path: Path) -> Iterator[None]:
    """What SQLite cannot do, as an error that a command tells."""
    try:
        yield
    except sqlite3.Error as error:
        why = str(error)
        raise RunError(_FAILED.filled(path=path, why=why)) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


_FAILED: Final = text(
    "Journalen {path} kan ikke brukes ({why}). Ingenting er tapt: rett feilen, og kjør på nytt.",
    "The journal {path} cannot be used ({why}). Nothing is lost: mend it, and run again.",
)
_OTHER_VERSION: Final = text(
    "Journalen {path} er ikke skrevet av denne versjonen av fakturavakt. Bruk den som skrev den, eller "
    "skriv til en ny utboks.",
    "The journal {path} was not written by this version of fakturavakt. Use the one that wrote it, or write "
    "to a "
    "new outbox.",
)
