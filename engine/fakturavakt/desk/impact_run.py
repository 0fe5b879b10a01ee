"""Two rule books over one history, in columns: both decide each chunk of documents, and DuckDB compares.

Of a chunk, both statements give each document its pattern (:mod:`fakturavakt.engines.columnar_pattern`); a
pair of patterns is compared once, whatever number of documents have it. Documents with problems, and chunks
that are not worth a statement, go through the reference engine one by one. What is kept of a chunk are sums
and some samples, so memory does not grow with the history; senders, of which there may be many, are counted
in a database on the disk.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any, BinaryIO, Final, TypeAlias, TypeVar

from fakturavakt.bulk.columnar_run import (
    FEW,
    MEMORY_A_THREAD,
    NO_BALANCE,
    RULES_A_CHUNK,
    TOO_LITTLE_MEMORY,
)
from fakturavakt.bulk.columnar_screening import (
    ChunkError,
    ColumnarPlan,
    ColumnarScreening,
    DuckDBLimits,
    Suspects,
    check_place,
    reading_a_chunk,
)
from fakturavakt.bulk.memory import bytes_of, cores
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.decision import amount_of
from fakturavakt.desk.impact import (
    CHANGES,
    Compared,
    Effect,
    Impact,
    Sample,
    SenderHit,
    Told,
    compared,
    told_of,
)
from fakturavakt.engines.outcomes import SCOPE
from fakturavakt.intake.document_chunks import BYTES_MAX, ROWS_MAX, Chunk, Cutter, NdjsonChunk
from fakturavakt.intake.document_table import literal
from fakturavakt.intake.documents import Unreadable
from fakturavakt.intake.parquet_documents import ROW, ParquetTable
from fakturavakt.report.summary import Tally, is_credit_note
from fakturavakt.screening import Screened, Screening
from fakturavakt.vocabulary.facts import Vocabulary

SENDER: Final = "sender.organisation_number"
SEND_DATE: Final = "invoice.send_date"
ISSUE_DATE: Final = "invoice.issue_date"
CARRIED: Final = (SENDER, SEND_DATE, ISSUE_DATE)
"""Facts that documents are counted by, whatever the rules ask about."""

SENDERS_MAX: Final = 20
"""Senders that are told of; the others are counted."""
SAMPLES: Final = 3
"""Samples of each effect, unless another number is asked for."""
_GROUPS_WITH_SAMPLES_MAX: Final = 1000
_TOLD_MAX: Final = 32_768
"""Patterns whose meaning is kept."""

_Pattern: TypeAlias = tuple[str, str]


@dataclass
class ImpactRun:
    """``old`` and ``new`` decide on the same screening date, with the same register. ``advance`` hears how
    many documents, and bytes of the files, are done; ``unreadable`` of each document that could not be read.
    """

    old: Screening
    new: Screening
    files: Sequence[str]
    threads: int | None = None
    memory: str | None = None
    stdin: BinaryIO | None = None
    samples: int = SAMPLES
    few: int = FEW
    chunk_bytes: int | None = None
    chunk_rows: int | None = None
    advance: Callable[[int, int], None] = lambda _documents, _size: None
    unreadable: Callable[[Unreadable], None] = lambda _document: None

    def impact(self) -> Impact:
        """Decide every document twice, and compare.

        Raises :class:`~fakturavakt.bulk.run_folder.RunError` where the books do not balance or memory is too
        little, and :class:`~fakturavakt.engines.columnar_outcomes.ColumnarUnsupportedError`.
        """
        import duckdb

        found = Impact()
        numbers = {file: n for n, file in enumerate(dict.fromkeys(self.files), start=1)}
        kept: dict[Compared, list[Sample]] = {}
        with tempfile.TemporaryDirectory(prefix="fakturavakt-") as temporary:
            folder = Path(temporary)
            senders = _Senders(folder)
            try:
                with self._pairs(folder) as several:
                    for done in self._done(several, folder, senders, kept):
                        found.documents += done.count
                        done.add_to(found, kept, numbers)
                        for document in done.unreadable:
                            self.unreadable(document)
                        if found.decided + found.rejected != found.documents:
                            settled = found.decided + found.rejected
                            raise RunError(NO_BALANCE.filled(read=found.documents, settled=settled))
                        self.advance(found.documents, done.size)
                memory = None if self.memory is None else bytes_of(self.memory)
                limit = None if memory is None else f"{memory}B"
                found.senders, found.senders_hit = senders.hit_most(limit)
            except duckdb.OutOfMemoryException as error:
                raise RunError(TOO_LITTLE_MEMORY.filled(memory=self.memory)) from error
        found.samples = _chosen(found, kept, self.samples)
        return found

    def _threads(self) -> int:
        if self.threads is not None:
            return self.threads
        memory = None if self.memory is None else bytes_of(self.memory)
        return cores() if memory is None else max(1, min(cores(), memory // (2 * MEMORY_A_THREAD)))

    @contextmanager
    def _pairs(self, folder: Path) -> Iterator[list[_Pair]]:
        """A pair of columnar screenings for each thread; they share the plans."""
        threads = self._threads()
        memory = None if self.memory is None else bytes_of(self.memory)
        limits = DuckDBLimits(None if memory is None else f"{memory // threads}B", folder)
        plans = ColumnarPlan(self.old), ColumnarPlan(self.new, CARRIED)
        groups = _Groups()
        several: list[_Pair] = []
        try:
            for _ in range(threads):
                old = ColumnarScreening(plans[0], limits)
                several.append(_Pair(old, ColumnarScreening(plans[1], limits, beside=old), groups))
            yield several
        finally:
            for each in several:
                each.close()

    def _done(
        self,
        several: list[_Pair],
        folder: Path,
        senders: _Senders,
        kept: Mapping[Compared, list[Sample]],
    ) -> Iterator[_ChunkImpact]:
        """Every chunk, compared, in order; no more are begun than there are hands for, and one."""
        books = self.old.book, self.new.book
        # What only one of them knows is read for it, too.
        facts = {fact.name: fact for book in books for fact in book.vocabulary}
        cutter = Cutter(
            Vocabulary(tuple(facts.values())),
            folder,
            self.new.warn,
            several[0].new.connection.cursor(),
            self.stdin,
        )
        times = 1 + max(len(book.rules) for book in books) // RULES_A_CHUNK
        cutter.bytes_max = self.chunk_bytes or times * BYTES_MAX
        cutter.rows_max = self.chunk_rows or times * ROWS_MAX
        free: SimpleQueue[_Pair] = SimpleQueue()
        for each in several:
            free.put(each)

        def taken(n: int, chunk: Chunk, size: int) -> _ChunkImpact:
            pair = free.get()
            try:
                wanting = _Wanting(kept, self.samples)
                done = pair.compare(chunk, size, wanting, one_by_one=self._is_small(chunk))
                pair.write_senders(done, senders.of_chunk(n))
                return done
            finally:
                free.put(pair)
                if isinstance(chunk, NdjsonChunk) and chunk.is_copy:
                    chunk.path.unlink()

        with ThreadPoolExecutor(len(several)) as threads:
            under_way: deque[Future[_ChunkImpact]] = deque()
            try:
                for n, chunk in enumerate(cutter.chunks(self.files), start=1):
                    under_way.append(threads.submit(taken, n, chunk, cutter.bytes_done))
                    if len(under_way) > len(several):
                        yield under_way.popleft().result()
                while under_way:
                    yield under_way.popleft().result()
            finally:
                for future in under_way:
                    future.cancel()
                if under_way:  # whatever ended the run, nobody waits for the rest
                    for each in several:
                        each.interrupt()

    def _is_small(self, chunk: Chunk) -> bool:
        return isinstance(chunk, NdjsonChunk) and chunk.count <= self.few


@dataclass(frozen=True, slots=True)
class _Wanting:
    """Which groups lack samples, as far as is known before a chunk."""

    kept: Mapping[Compared, list[Sample]]
    samples: int

    def of(self, group: Compared) -> bool:
        """Whether a document of the group may be told of."""
        if group.effect not in CHANGES:
            return False
        found = self.kept.get(group)
        if found is None:
            return len(self.kept) < _GROUPS_WITH_SAMPLES_MAX
        return len(found) < self.samples


@dataclass
class _ChunkImpact:
    """The sums of one chunk; ``size`` is how many bytes of the files are done with it."""

    count: int
    size: int
    groups: dict[Compared, Tally] = field(default_factory=dict)
    weeks: dict[tuple[date | None, Effect], Tally] = field(default_factory=dict)
    by_sender: dict[tuple[str | None, Effect], Tally] = field(default_factory=dict)
    """Of documents that were decided on their own; the others are in a table."""
    in_columns: bool = False
    unreadable: list[Unreadable] = field(default_factory=list)
    undated: int = 0
    samples: list[tuple[int, Compared, Screened, Screened]] = field(default_factory=list)
    """With the place of each in the chunk."""

    def add_to(
        self, impact: Impact, kept: dict[Compared, list[Sample]], numbers: Mapping[str, int]
    ) -> None:
        """Count what this one counted, too."""
        for group, tally in self.groups.items():
            impact.groups.setdefault(group, Tally()).merge(tally)
        for (week, effect), tally in self.weeks.items():
            impact.weeks.setdefault(week, {}).setdefault(effect, Tally()).merge(tally)
        impact.rejected += len(self.unreadable)
        impact.undated += self.undated
        for _, group, old, new in sorted(self.samples, key=lambda each: each[0]):
            if group in kept or len(kept) < _GROUPS_WITH_SAMPLES_MAX:
                file = numbers[new.decision.document.file]
                kept.setdefault(group, []).append(Sample(group, file, old, new))

    def add(self, group: Compared, new: Screened) -> None:
        """Count a document that was decided on its own."""
        facts = new.read.facts
        amount, currency = amount_of(facts)
        ore = amount if isinstance(amount, int) else None
        if ore is not None and is_credit_note(facts):
            ore = -ore
        sender = facts.values.get(SENDER)
        dates = [
            _day(facts.values[each]) for each in (SEND_DATE, ISSUE_DATE) if each in facts.stated
        ]
        day = dates[0] if dates else None
        self.undated += SEND_DATE not in facts.stated
        week = None if day is None else day - timedelta(days=day.weekday())
        self.groups.setdefault(group, Tally()).add(ore, currency)
        self.weeks.setdefault((week, group.effect), Tally()).add(ore, currency)
        key = (None if sender is None else str(sender), group.effect)
        self.by_sender.setdefault(key, Tally()).add(ore, currency)


def _day(value: object) -> date:
    assert isinstance(value, (int, float))
    return date.fromordinal(int(value))


class _Groups:
    """The groups that were met so far, by number: threads share them."""

    def __init__(self) -> None:
        self._numbers: dict[Compared, int] = {}
        self._lock = Lock()
        self.all: list[Compared] = []

    def number(self, group: Compared) -> int:
        """The number of a group, from 0."""
        with self._lock:
            found = self._numbers.get(group)
            if found is None:
                found = self._numbers[group] = len(self.all)
                self.all.append(group)
            return found


class _TypedPatterns:
    """What patterns of one rule book say, as far as it is compared."""

    def __init__(self, columns: ColumnarScreening) -> None:
        self._patterns = columns.plan.columnar.patterns
        self._decider = columns.screening.decider
        self._told: dict[_Pattern, Told] = {}

    def told(self, pattern: str, of_lines: str) -> Told:
        """What all documents of a pattern are told."""
        key = (pattern, of_lines)
        found = self._told.get(key)
        if found is None:
            names = list(map(str, range(1, of_lines.count("/") + 2)))
            read = self._patterns.read(pattern, of_lines, names)
            if len(self._told) >= _TOLD_MAX:
                self._told.clear()
            found = told_of(self._decider.conclude(read), read.truth(SCOPE))
            self._told[key] = found
        return found


class _Pair:
    """Both rule books on one thread."""

    def __init__(self, old: ColumnarScreening, new: ColumnarScreening, groups: _Groups) -> None:
        self.old = old
        self.new = new
        self.groups = groups
        self._patterns = _TypedPatterns(old), _TypedPatterns(new)

    def close(self) -> None:
        self.new.close()
        self.old.close()

    def interrupt(self) -> None:
        self.old.connection.interrupt()
        self.new.connection.interrupt()

    def compare(
        self, chunk: Chunk, size: int, wanting: _Wanting, *, one_by_one: bool
    ) -> _ChunkImpact:
        """The documents of a chunk under both rule books."""
        if not one_by_one:
            try:
                return self._in_columns(chunk, size, wanting)
            except ChunkError:
                pass
        found = _ChunkImpact(chunk.count, size)
        pairs = zip(
            self.old.screen_one_by_one(chunk), self.new.screen_one_by_one(chunk), strict=True
        )
        for place, (old, new) in enumerate(pairs):
            self._add(found, place, old, new, wanting)
        return found

    def _add(
        self,
        found: _ChunkImpact,
        place: int,
        old: Screened | Unreadable,
        new: Screened | Unreadable,
        wanting: _Wanting,
    ) -> None:
        if isinstance(new, Unreadable):
            found.unreadable.append(new)
            return
        assert isinstance(old, Screened)  # whether a document can be read is no matter of rules
        group = _compared(old, new)
        found.add(group, new)
        told = sum(1 for _, each, _, _ in found.samples if each == group)
        if wanting.of(group) and told < wanting.samples:
            found.samples.append((place, group, old, new))

    def _in_columns(self, chunk: Chunk, size: int, wanting: _Wanting) -> _ChunkImpact:
        execute = self.new.connection.execute
        with reading_a_chunk():
            self.old.connection.execute(
                "CREATE OR REPLACE TABLE old_found AS "  # noqa: S608 (the statement's own columns)
                "SELECT suspect AS old_suspect, CASE WHEN suspect THEN raw END AS old_raw, "
                "CASE WHEN NOT suspect THEN pattern END AS old_pattern, of_lines AS old_of_lines, "
                f"position AS old_position FROM ({self.old.query(chunk)})"
            )
            execute(
                "CREATE OR REPLACE TEMP TABLE pairs AS SELECT *, suspect OR old_suspect AS alone "  # noqa: S608
                f"FROM old_found POSITIONAL JOIN ({self.new.query(chunk)})"
            )
            ((count, unpaired, misplaced),) = execute(
                "SELECT count(*), count(*) FILTER (alone IS NULL), min(rowid) FILTER ("
                "coalesce(position <> rowid + 1, FALSE) OR coalesce(old_position <> rowid + 1, FALSE)"
                ") FROM pairs"
            ).fetchall()
        if count != chunk.count or unpaired:
            raise ChunkError
        if misplaced is not None:
            check_place(misplaced, misplaced)
        found = _ChunkImpact(chunk.count, size, in_columns=True)
        self._group()
        self._sum(found)
        self._take_samples(found, chunk, wanting)
        suspects = Suspects(self.old.screening, chunk), Suspects(self.new.screening, chunk)
        rows = execute(
            "SELECT rowid, coalesce(raw, old_raw) FROM pairs WHERE alone ORDER BY rowid"
        ).fetchall()
        for place, raw in rows:
            old, new = (each.decide(place, raw) for each in suspects)
            self._add(found, place, old, new, wanting)
        return found

    def _group(self) -> None:
        """Compare each pair of patterns once: the table ``grouped``, a row a document that columns decide."""
        execute = self.new.connection.execute
        patterns = "old_pattern, old_of_lines, pattern, of_lines"
        met = execute(f"SELECT DISTINCT {patterns} FROM pairs WHERE NOT alone").fetchall()  # noqa: S608
        told_by_old, told_by_new = (each.told for each in self._patterns)
        numbers = [
            self.groups.number(
                compared(told_by_old(pattern, of_lines), told_by_new(new_pattern, new_of_lines))
            )
            for pattern, of_lines, new_pattern, new_of_lines in met
        ]
        columns = [list(each) for each in zip(*met, strict=True)] or [[], [], [], []]
        execute(
            "CREATE OR REPLACE TEMP TABLE met AS SELECT unnest($1::VARCHAR[]) AS old_pattern, "
            "unnest($2::VARCHAR[]) AS old_of_lines, unnest($3::VARCHAR[]) AS pattern, "
            "unnest($4::VARCHAR[]) AS of_lines, unnest($5::INTEGER[]) AS met_group",
            [*columns, numbers],
        )
        effects = [_EFFECTS.index(group.effect) for group in self.groups.all]
        execute(
            "CREATE OR REPLACE TEMP TABLE effects AS SELECT unnest($1::INTEGER[]) AS met_group, "
            "unnest($2::INTEGER[]) AS effect",
            [list(range(len(effects))), effects],
        )
        day = f'coalesce("{SEND_DATE}", "{ISSUE_DATE}")'
        execute(
            "CREATE OR REPLACE TEMP TABLE grouped AS "  # noqa: S608 (names of this module)
            f'SELECT m.met_group, e.effect, p.place, "{SENDER}" AS sender, "{SEND_DATE}" IS NULL AS undated, '
            f"CAST(date_trunc('week', {day}) AS DATE) AS week, p.currency, "
            "CASE WHEN p.is_credit_note THEN -p.ore ELSE p.ore END AS ore "
            "FROM (SELECT *, rowid AS place FROM pairs WHERE NOT alone) AS p "
            f"JOIN met AS m USING ({patterns}) JOIN effects AS e USING (met_group)"
        )

    def _sum(self, found: _ChunkImpact) -> None:
        execute = self.new.connection.execute
        sums = "count(*), CAST(sum(ore) AS HUGEINT), count(ore)"

        def rows(by: str) -> Iterable[tuple[Any, ...]]:
            return execute(
                f"SELECT {by}, currency, {sums} FROM grouped GROUP BY ALL"  # noqa: S608
            ).fetchall()

        for number, currency, *counted in rows("met_group"):
            _add(found.groups, self.groups.all[number], currency, counted)
        for week, effect, currency, *counted in rows("week, effect"):
            _add(found.weeks, (week, _EFFECTS[effect]), currency, counted)
        ((found.undated,),) = execute("SELECT count(*) FILTER (undated) FROM grouped").fetchall()

    def write_senders(self, done: _ChunkImpact, path: Path) -> None:
        """The sums of a chunk by sender and effect, as a file; amounts stand beside the numbers of documents,
        in rows of their own where they are of documents decided one by one.
        """
        rows: list[tuple[str | None, int, str | None, int, int | None]] = []
        for (sender, effect), tally in done.by_sender.items():
            number = _EFFECTS.index(effect)
            rows.append((sender, number, None, tally.count, None))
            rows += [(sender, number, currency, 0, ore) for currency, ore in tally.ore.items()]
        execute = self.new.connection.execute
        execute(
            "CREATE OR REPLACE TEMP TABLE by_sender AS SELECT unnest($1::VARCHAR[]) AS sender, "
            "unnest($2::INTEGER[]) AS effect, unnest($3::VARCHAR[]) AS currency, "
            "unnest($4::BIGINT[]) AS number, unnest($5::DECIMAL(38, 0)[]) AS ore",
            [list(each) for each in zip(*rows, strict=True)] or [[]] * 5,
        )
        if done.in_columns:
            execute(
                "INSERT INTO by_sender SELECT sender, effect, currency, count(*), sum(ore) FROM grouped "
                "GROUP BY ALL"
            )
        execute(f"COPY by_sender TO {literal(str(path))} (FORMAT parquet)")

    def _take_samples(self, found: _ChunkImpact, chunk: Chunk, wanting: _Wanting) -> None:
        """Samples of groups that lack them, each decided by both reference engines."""
        wanted = [n for n, group in enumerate(self.groups.all) if wanting.of(group)]
        if not wanted:
            return
        execute = self.new.connection.execute
        rows = execute(
            "SELECT met_group, min(place, $1::BIGINT) FROM grouped WHERE list_contains($2, met_group) "
            "GROUP BY met_group",
            [wanting.samples, wanted],
        ).fetchall()
        suspects = Suspects(self.old.screening, chunk), Suspects(self.new.screening, chunk)
        raws = self._raws(chunk, [place for _, places in rows for place in places])
        for number, places in rows:
            for place in places:
                old, new = (each.decide(place, raws.get(place)) for each in suspects)
                assert isinstance(old, Screened)
                assert isinstance(new, Screened)
                found.samples.append((place, self.groups.all[number], old, new))

    def _raws(self, chunk: Chunk, places: Sequence[int]) -> dict[int, str]:
        """Documents of a chunk of Parquet, as contract JSON, by their places; of NDJSON there are lines."""
        if isinstance(chunk, NdjsonChunk) or not places:
            return {}
        table = ParquetTable(self.new.screening.book.vocabulary, frozenset(), frozenset(), {})
        listed = ", ".join(str(chunk.first - 1 + place) for place in places)
        connection = self.new.connection
        query = table.query(
            connection, chunk.file, f"file_row_number IN ({listed})", every_raw=True
        )
        rows = connection.execute(f"SELECT {ROW}, raw FROM ({query})").fetchall()  # noqa: S608
        return {row - chunk.first: raw for row, raw in rows}


_EFFECTS: Final = tuple(Effect)


def _compared(old: Screened, new: Screened) -> Compared:
    return compared(
        told_of(old.decision, old.outcomes.whole[SCOPE]),
        told_of(new.decision, new.outcomes.whole[SCOPE]),
    )


_Key = TypeVar("_Key")


def _add(
    tallies: dict[_Key, Tally], key: _Key, currency: str | None, counted: Sequence[int | None]
) -> None:
    """Count documents, and what those of them amount to that say so."""
    count, ore, with_amount = counted
    tally = tallies.setdefault(key, Tally())
    tally.add(ore if with_amount else None, currency, count or 0)


class _Senders:
    """Documents and amounts by sender and effect: a file of sums for each chunk, put together at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "senders"
        self.folder.mkdir()

    def of_chunk(self, n: int) -> Path:
        """The file of a chunk."""
        return self.folder / f"{n:06}.parquet"

    def hit_most(self, memory: str | None) -> tuple[list[SenderHit], int]:
        """The senders of whose documents most fare otherwise, and how many there are in all."""
        import duckdb

        files = literal(str(self.folder / "*.parquet"))
        if not any(self.folder.iterdir()):
            return [], 0
        with duckdb.connect(":memory:") as connection:
            execute = connection.execute
            execute("SET enable_progress_bar = false")
            execute("SET temp_directory = ?", [str(self.folder)])
            if memory is not None:
                execute("SET memory_limit = ?", [memory])
            same = _EFFECTS.index(Effect.UNCHANGED)
            most = execute(
                "SELECT sender, sum(number)::BIGINT AS documents, "  # noqa: S608 (a path of our own)
                "(sum(number) FILTER (effect <> $1))::BIGINT AS changed, count(*) OVER () AS hit "
                f"FROM read_parquet({files}) GROUP BY sender HAVING changed > 0 "
                "ORDER BY changed DESC, sender NULLS LAST LIMIT $2",
                [same, SENDERS_MAX],
            ).fetchall()
            rows = execute(
                "SELECT sender, effect, currency, sum(number)::BIGINT, sum(ore)::HUGEINT "  # noqa: S608 (the same)
                f"FROM read_parquet({files}) WHERE effect <> $1 "
                "AND (list_contains($2::VARCHAR[], sender) OR sender IS NULL) GROUP BY ALL ORDER BY ALL",
                [same, [sender for sender, *_ in most if sender is not None]],
            ).fetchall()
        changed: dict[str | None, dict[Effect, Tally]] = {}
        for sender, effect, currency, number, ore in rows:
            tally = changed.setdefault(sender, {}).setdefault(_EFFECTS[effect], Tally())
            tally.add(ore, currency, number)
        return (
            [SenderHit(sender, documents, changed[sender]) for sender, documents, *_ in most],
            most[0][3] if most else 0,
        )


def _chosen(impact: Impact, kept: Mapping[Compared, list[Sample]], number: int) -> list[Sample]:
    """So many samples of each effect, of the largest groups first, one of each before a second of any."""
    found = []
    for effect in CHANGES:
        own = [
            kept[each] for each in impact.sample_order() if each.effect is effect and each in kept
        ]
        in_turn = [samples[at] for at in range(number) for samples in own if at < len(samples)]
        found += in_turn[:number]
    return found


def without_warnings(screening: Screening) -> Screening:
    """The same, silent: of one document a person is warned once."""
    return replace(screening, warn=lambda _text: None)
