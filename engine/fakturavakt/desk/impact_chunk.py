"""One chunk of a history under two rule books: decided by both in columns, and compared in DuckDB.

Both statements give each document its pattern (:mod:`fakturavakt.engines.columnar_pattern`) in one database;
a pair of patterns is compared once, whatever number of documents have it. Documents with problems, and chunks
that DuckDB cannot read or that are not worth a statement, go through the reference engine one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeAlias, TypeVar

from fakturavakt.bulk.columnar_screening import (
    ChunkError,
    ColumnarScreening,
    Suspects,
    check_place,
    reading_a_chunk,
)
from fakturavakt.bulk.told_patterns import ToldPatterns
from fakturavakt.decision import amount_of
from fakturavakt.desk.impact import (
    CHANGES,
    Compared,
    Effect,
    Impact,
    Sample,
    Told,
    compared,
    told_of,
)
from fakturavakt.engines.outcomes import SCOPE
from fakturavakt.intake.document_chunks import Chunk, NdjsonChunk
from fakturavakt.intake.document_table import literal
from fakturavakt.intake.documents import Unreadable
from fakturavakt.intake.parquet_documents import ROW, ParquetTable
from fakturavakt.report.summary import Tally, is_credit_note
from fakturavakt.screening import Screened
from fakturavakt.vocabulary.own_facts import ISSUE_DATE, SEND_DATE, SENDER

CARRIED: Final = (SENDER, SEND_DATE, ISSUE_DATE)
"""Facts that documents are counted by, whatever the rules ask about."""

EFFECTS: Final = tuple(Effect)
"""Effects by the numbers that stand for them in tables."""
GROUPS_WITH_SAMPLES_MAX: Final = 1000
_TOLD_MAX: Final = 32_768
"""Patterns whose meaning is kept."""

_Pattern: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wanting:
    """Which groups lack samples, as far as is known before a chunk."""

    kept: Mapping[Compared, list[Sample]]
    samples: int

    def of(self, group: Compared) -> bool:
        """Whether a document of the group may be told of."""
        if group.effect not in CHANGES or not self.samples:
            return False
        found = self.kept.get(group)
        if found is None:
            return len(self.kept) < GROUPS_WITH_SAMPLES_MAX
        return len(found) < self.samples


@dataclass
class ChunkImpact:
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
            if group in kept or len(kept) < GROUPS_WITH_SAMPLES_MAX:
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


class Groups:
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
    """What patterns of one statement say, as far as it is compared."""

    def __init__(self, words: ToldPatterns) -> None:
        self._patterns = words.patterns
        self._decider = words.decider
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


class Pair:
    """Both rule books on one thread."""

    def __init__(self, old: ColumnarScreening, new: ColumnarScreening, groups: Groups) -> None:
        self.old = old
        self.new = new
        self.groups = groups
        self._typed: dict[ToldPatterns, _TypedPatterns] = {}

    def close(self) -> None:
        self.new.close()
        self.old.close()

    def interrupt(self) -> None:
        self.old.connection.interrupt()
        self.new.connection.interrupt()

    def compare(
        self, chunk: Chunk, size: int, wanting: Wanting, *, one_by_one: bool
    ) -> ChunkImpact:
        """The documents of a chunk under both rule books."""
        if not one_by_one:
            try:
                return self._in_columns(chunk, size, wanting)
            except ChunkError:
                pass
        found = ChunkImpact(chunk.count, size)
        pairs = zip(
            self.old.screen_one_by_one(chunk), self.new.screen_one_by_one(chunk), strict=True
        )
        for place, (old, new) in enumerate(pairs):
            self._add(found, place, old, new, wanting)
        return found

    def _add(
        self,
        found: ChunkImpact,
        place: int,
        old: Screened | Unreadable,
        new: Screened | Unreadable,
        wanting: Wanting,
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

    def _in_columns(self, chunk: Chunk, size: int, wanting: Wanting) -> ChunkImpact:
        execute = self.new.connection.execute
        with reading_a_chunk():
            old_query, old_words = self.old.asked_of(chunk)
            new_query, new_words = self.new.asked_of(chunk)
            self.old.connection.execute(
                "CREATE OR REPLACE TABLE old_found AS "  # noqa: S608 (the statement's own columns)
                "SELECT suspect AS old_suspect, CASE WHEN suspect THEN raw END AS old_raw, "
                "CASE WHEN NOT suspect THEN pattern END AS old_pattern, of_lines AS old_of_lines, "
                f"position AS old_position FROM ({old_query})"
            )
            execute(
                "CREATE OR REPLACE TEMP TABLE pairs AS SELECT *, suspect OR old_suspect AS alone "  # noqa: S608
                f"FROM old_found POSITIONAL JOIN ({new_query})"
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
        found = ChunkImpact(chunk.count, size, in_columns=True)
        self._group(old_words, new_words)
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

    def _typed_of(self, words: ToldPatterns) -> _TypedPatterns:
        """Where other rules are in force, patterns are of another statement, and say other things."""
        if words not in self._typed:
            self._typed[words] = _TypedPatterns(words)
        return self._typed[words]

    def _group(self, old_words: ToldPatterns, new_words: ToldPatterns) -> None:
        """Compare each pair of patterns once: the table ``grouped``, a row a document that columns decide."""
        execute = self.new.connection.execute
        patterns = "old_pattern, old_of_lines, pattern, of_lines"
        met = execute(f"SELECT DISTINCT {patterns} FROM pairs WHERE NOT alone").fetchall()  # noqa: S608
        told_by_old, told_by_new = (self._typed_of(each).told for each in (old_words, new_words))
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
        effects = [EFFECTS.index(group.effect) for group in self.groups.all]
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

    def _sum(self, found: ChunkImpact) -> None:
        execute = self.new.connection.execute
        sums = "count(*), CAST(sum(ore) AS HUGEINT), count(ore)"

        def rows(by: str) -> Iterable[tuple[Any, ...]]:
            return execute(
                f"SELECT {by}, currency, {sums} FROM grouped GROUP BY ALL"  # noqa: S608
            ).fetchall()

        for number, currency, *counted in rows("met_group"):
            _add(found.groups, self.groups.all[number], currency, counted)
        for week, effect, currency, *counted in rows("week, effect"):
            _add(found.weeks, (week, EFFECTS[effect]), currency, counted)
        ((found.undated,),) = execute("SELECT count(*) FILTER (undated) FROM grouped").fetchall()

    def write_senders(self, done: ChunkImpact, path: Path) -> None:
        """The sums of a chunk by sender and effect, as a file; amounts stand beside the numbers of documents,
        in rows of their own where they are of documents decided one by one.
        """
        rows: list[tuple[str | None, int, str | None, int, int | None]] = []
        for (sender, effect), tally in done.by_sender.items():
            number = EFFECTS.index(effect)
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

    def _take_samples(self, found: ChunkImpact, chunk: Chunk, wanting: Wanting) -> None:
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
