"""Two rule books over one history: chunk by chunk on several threads, summed up, with senders and samples.

What is kept of a chunk are sums and some samples, so memory does not grow with the history; senders, of which
there may be many, are summed up in files until the end.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, Final

from fakturavakt.bulk.columnar_run import (
    FEW,
    FILE_CHANGED,
    MEMORY_A_PROCESS,
    NO_BALANCE,
    RULES_A_CHUNK,
    TOO_LITTLE_MEMORY,
)
from fakturavakt.bulk.columnar_screening import (
    ColumnarScreening,
    DuckDBLimits,
    FileChangedError,
)
from fakturavakt.bulk.memory import bytes_of, cores
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.desk.impact import (
    CHANGES,
    Compared,
    Effect,
    Impact,
    Sample,
    SenderHit,
)
from fakturavakt.desk.impact_chunk import CARRIED, EFFECTS, ChunkImpact, Groups, Pair, Wanting
from fakturavakt.intake.document_chunks import BYTES_MAX, ROWS_MAX, Chunk, Cutter, NdjsonChunk
from fakturavakt.intake.document_table import literal
from fakturavakt.intake.documents import Unreadable
from fakturavakt.report.summary import Tally
from fakturavakt.screening import Screening
from fakturavakt.vocabulary.facts import Vocabulary

SENDERS_MAX: Final = 20
"""Senders that are told of; the others are counted."""
SAMPLES: Final = 3
"""Samples of each effect, unless another number is asked for."""


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
            senders = Senders(folder)
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
            except FileChangedError as error:
                raise RunError(FILE_CHANGED.filled(file=error)) from error
        found.samples = _chosen(found, kept, self.samples)
        return found

    def _threads(self) -> int:
        if self.threads is not None:
            return self.threads
        memory = None if self.memory is None else bytes_of(self.memory)
        return cores() if memory is None else max(1, min(cores(), memory // (2 * MEMORY_A_PROCESS)))

    @contextmanager
    def _pairs(self, folder: Path) -> Iterator[list[Pair]]:
        """A pair of columnar screenings for each thread."""
        threads = self._threads()
        memory = None if self.memory is None else bytes_of(self.memory)
        limits = DuckDBLimits(None if memory is None else f"{memory // threads}B", folder)
        groups = Groups()
        several: list[Pair] = []
        try:
            for _ in range(threads):
                old = ColumnarScreening(self.old, limits)
                new = ColumnarScreening(self.new, limits, carried=CARRIED, beside=old)
                several.append(Pair(old, new, groups))
            yield several
        finally:
            for each in several:
                each.close()

    def _done(
        self,
        several: list[Pair],
        folder: Path,
        senders: Senders,
        kept: Mapping[Compared, list[Sample]],
    ) -> Iterator[ChunkImpact]:
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
        free: SimpleQueue[Pair] = SimpleQueue()
        for each in several:
            free.put(each)

        def taken(n: int, chunk: Chunk, size: int) -> ChunkImpact:
            pair = free.get()
            try:
                wanting = Wanting(kept, self.samples)
                done = pair.compare(chunk, size, wanting, one_by_one=self._is_small(chunk))
                pair.write_senders(done, senders.of_chunk(n))
                return done
            finally:
                free.put(pair)
                if isinstance(chunk, NdjsonChunk) and chunk.is_copy:
                    chunk.path.unlink()

        with ThreadPoolExecutor(len(several)) as threads:
            under_way: deque[Future[ChunkImpact]] = deque()
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


class Senders:
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
            same = EFFECTS.index(Effect.UNCHANGED)
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
            tally = changed.setdefault(sender, {}).setdefault(EFFECTS[effect], Tally())
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
