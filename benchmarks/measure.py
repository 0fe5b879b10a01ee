"""Repeats in turns, spreads, ratios and what they are held against."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

ROOT: Final = Path(__file__).parents[1]
Clock: TypeAlias = Literal["wall", "cpu"]
Job: TypeAlias = Mapping[str, Any]


class WorkError(RuntimeError):
    """A piece of work ended otherwise than by measuring itself."""


def machine() -> str:
    """The class of machine: never its name, nor a path on it."""
    cores = os.cpu_count()
    gib = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    return (
        f"{cores} {platform.machine()} cores, {gib} GiB, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def versions(*packages: str) -> str:
    """Names and versions of those packages that are installed."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for package in packages:
        try:
            found.append(f"{package} {version(package.partition('[')[0])}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


@dataclass(frozen=True)
class Measured:
    """One repeat: seconds by both clocks, and the peak of memory in bytes."""

    start: float
    wall: float
    cpu: float
    memory: int


def measure(job: Job, timeout: float | None = None) -> Measured:
    """Do a job in a process of its own.

    Raises :class:`WorkError` where it fails or does not end in ``timeout`` seconds.
    """
    command = [sys.executable, "-m", "benchmarks.works", json.dumps(dict(job))]
    try:
        ended = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=timeout
        )
    except subprocess.TimeoutExpired:
        raise WorkError(f"not done in {timeout:.0f} s") from None
    if ended.returncode:
        lines = (ended.stderr or ended.stdout).strip().splitlines() or ["no word"]
        # DuckDB points at the place behind what is wrong.
        named = [line for line in lines if re.match(r"[\w.]+(Error|Exception)\b", line)]
        raise WorkError((named or lines)[-1][:300])
    return Measured(**json.loads(ended.stdout.strip().rpartition("\n")[2]))


@dataclass(frozen=True)
class Spread:
    """Minimum, median and maximum."""

    low: float
    median: float
    high: float

    @staticmethod
    def of(values: Sequence[float]) -> Spread:
        """Of the values."""
        return Spread(min(values), statistics.median(values), max(values))

    def written(self) -> str:
        """``1.20 – 1.25 – 1.31``; one number where there was one repeat."""
        numbers = (self.low, self.median, self.high)
        digits = 0 if self.median >= 100 else 1 if self.median >= 10 else 2
        texts = [f"{number:,.{digits}f}" for number in numbers]
        return texts[0] if len(set(numbers)) == 1 else " – ".join(texts)


@dataclass
class Series:
    """All repeats of one job."""

    name: str
    documents: int
    clock: Clock
    repeats: list[Measured] = field(default_factory=list)

    def each(self) -> list[float]:
        """Microseconds a document, repeat by repeat."""
        return [getattr(each, self.clock) / self.documents * 1e6 for each in self.repeats]

    @property
    def microseconds(self) -> Spread:
        """A document."""
        return Spread.of(self.each())

    @property
    def memory(self) -> float:
        """The highest peak, in MiB."""
        return max(each.memory for each in self.repeats) / 2**20

    def over(self, base: Series) -> Spread:
        """How many times as long as another takes, a document; repeat by repeat, since they took turns."""
        return Spread.of(
            [ours / theirs for ours, theirs in zip(self.each(), base.each(), strict=True)]
        )


def in_turns(jobs: Mapping[str, Job], repeats: int, clock: Clock) -> dict[str, Series]:
    """Every job so many times, taking turns, so that whatever else the machine does strikes all."""
    series = {name: Series(name, job["documents"], clock) for name, job in jobs.items()}
    names = list(jobs)
    for repeat in range(repeats):
        # Another one is first each time.
        at = repeat % len(names)
        for name in names[at:] + names[:at]:
            print(f"  {repeat + 1}/{repeats} {name}", file=sys.stderr, flush=True)
            series[name].repeats.append(measure(jobs[name]))
    return series


@dataclass(frozen=True)
class Goal:
    """What a figure was to be."""

    what: str
    figure: Spread
    bound: float
    is_least: bool = False

    @property
    def met(self) -> bool:
        """By the median."""
        return (
            (self.figure.median >= self.bound)
            if self.is_least
            else self.figure.median <= self.bound
        )

    def written(self) -> str:
        """A line of the table of goals."""
        word = "at least" if self.is_least else "at most"
        verdict = "met" if self.met else "**not met**"
        return f"| {self.what} | {word} {self.bound:g} | {self.figure.written()} | {verdict} |"


@dataclass
class Result:
    """What one command found out: tables as Markdown, goals, and the numbers themselves."""

    name: str
    title: str
    machine: str
    about: str
    tables: list[str]
    goals: list[Goal]
    series: dict[str, Series]
    more: dict[str, Any] = field(default_factory=dict)

    def markdown(self) -> str:
        """A section of the docs."""
        parts = [f"### {self.title}", self.about, *self.tables]
        if self.goals:
            rows = "\n".join(goal.written() for goal in self.goals)
            parts.append(f"| goal | | found | |\n|---|---|---|---|\n{rows}")
        return "\n\n".join(parts) + "\n"

    def save(self, folder: Path) -> None:
        """Keep it as JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        kept = asdict(self)
        kept["goals"] = [{**asdict(goal), "met": goal.met} for goal in self.goals]
        path = folder / f"{self.name}.json"
        path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
