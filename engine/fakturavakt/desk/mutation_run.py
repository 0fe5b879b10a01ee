"""Mutants tried on the features beside a rule book: which of them some scenario notices.

Promises: a mutant is noticed only where a scenario was run, with all of its steps, and failed.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from fakturavakt.desk.condition_mutations import Mutation
from fakturavakt.desk.feature_documents import command, environment, failing
from fakturavakt.desk.mutation_proof import Equivalence, Unnoticed, examine
from fakturavakt.desk.mutation_session import OPTION, Task, Tried, read_result, written_task
from fakturavakt.desk.rule_mutations import Mutant

_PLUGIN: Final = "fakturavakt.desk.mutation_session"
_LOOKED_EVERY: Final = 0.1
"""Seconds between two looks at what the processes have to say."""

_OF_THE_FEATURES: Final = (1, 2, 4, 5)
"""How pytest ends where scenarios fail, cannot be read, have a wrong ``conftest.py``, or are none."""


class Fate(StrEnum):
    """What became of a mutant. What cannot be read, or decides alike for every document, does not count."""

    NOTICED = "noticed"
    UNNOTICED = "unnoticed"
    EQUIVALENT = "equivalent"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class TriedMutant:
    """A mutant and what became of it. ``tried`` is None where the loader would refuse it: it was not tried;
    ``unnoticed`` is there where no scenario failed.
    """

    mutant: Mutant
    tried: Tried | None
    unnoticed: Unnoticed | None = None

    @property
    def fate(self) -> Fate:
        """What became of it."""
        if self.tried is None:
            return Fate.UNREADABLE
        if self.tried.failed is not None:
            return Fate.NOTICED
        assert self.unnoticed is not None
        alike = self.unnoticed.equivalence is Equivalence.PROVED
        return Fate.EQUIVALENT if alike else Fate.UNNOTICED


@dataclass(frozen=True, slots=True)
class MutationRun:
    """All mutants that were asked for, in the order of the rule book; ``known`` is how many it has in all."""

    mutants: tuple[TriedMutant, ...]
    known: int
    scenarios: int
    run_again: int

    def of(self, fate: Fate) -> tuple[TriedMutant, ...]:
        """Those that came out so."""
        return tuple(each for each in self.mutants if each.fate is fate)

    @property
    def counts(self) -> Counter[tuple[Mutation, Fate]]:
        """How many of each kind came out how."""
        return Counter((each.mutant.changed.kind, each.fate) for each in self.mutants)

    @property
    def counted(self) -> int:
        """Those that some scenario should notice."""
        return len(self.of(Fate.NOTICED)) + len(self.of(Fate.UNNOTICED))

    @property
    def score(self) -> float | None:
        """The share of them that one does, from 0 to 1; None where there are none."""
        return len(self.of(Fate.NOTICED)) / self.counted if self.counted else None


def try_mutants(
    chosen: Sequence[Mutant],
    known: int,
    features: Path,
    rules: Path,
    processes: int,
    reached: Callable[[int, int], object] = lambda _mutants, _size: None,
) -> MutationRun:
    """Try the mutants on every scenario in ``features``, several at once; ``known`` is how many there are in
    all. ``reached`` is told how many are done, twice: each of them is as large as the others.

    Raises :class:`~fakturavakt.desk.feature_documents.FeaturesError` where scenarios cannot run, where there
    are none, or where one fails on the rule book as it is.
    """
    tried: dict[int, Tried] = {}
    readable = [mutant.number for mutant in chosen if mutant.can_be_read]
    done = len(chosen) - len(readable)
    for result in _results(readable, features, rules, processes):
        tried[result.mutant] = result
        done += result.failed is not None
        reached(done, done)
    found = []
    for mutant in chosen:
        of_mutant = tried.get(mutant.number)
        unnoticed = None
        if of_mutant is not None and of_mutant.failed is None:
            unnoticed = examine(mutant, of_mutant)
            done += 1
            reached(done, done)
        found.append(TriedMutant(mutant, of_mutant, unnoticed))
    return MutationRun(
        tuple(found),
        known,
        max((each.scenarios for each in tried.values()), default=0),
        sum(each.run_again for each in tried.values()),
    )


def _results(
    numbers: Sequence[int], features: Path, rules: Path, processes: int
) -> Iterator[Tried]:
    """What became of each mutant, as it comes."""
    # Each process runs all scenarios once before it begins: for a few mutants one is quickest.
    shares = [numbers[at::processes] for at in range(processes) if numbers[at::processes]]
    with tempfile.TemporaryDirectory(prefix="fakturavakt-") as name:
        folder = Path(name)
        with _started(folder, features, rules, shares) as started:
            yield from _heard(started, features)


@dataclass
class _Process:
    running: subprocess.Popen[bytes]
    said: Path
    results: IO[str]
    rest: str = ""

    def new_results(self) -> Iterator[Tried]:
        """What was written since; a line that is half written waits."""
        *lines, self.rest = (self.rest + self.results.read()).split("\n")
        yield from map(read_result, lines)


@contextmanager
def _started(
    folder: Path, features: Path, rules: Path, shares: Sequence[Sequence[int]]
) -> Iterator[list[_Process]]:
    """A process for each share of the mutants; all of them end with this one."""
    started: list[_Process] = []
    try:
        for number, share in enumerate(shares):
            results, task, said = (
                folder / f"{what}-{number}" for what in ("results", "task", "said")
            )
            results.touch()
            given = written_task(Task(tuple(share), str(results), str(features.resolve())))
            task.write_text(given, encoding="utf-8")
            # Each its own: pytest would take away what another one is at work in.
            options = [OPTION, str(task), "--basetemp", str(folder / f"tmp-{number}")]
            options += ["-p", _PLUGIN, "--fakturavakt-engine", "reference"]
            with said.open("wb") as out:
                running = subprocess.Popen(  # noqa: S603 (our own interpreter, and no shell)
                    command(features, rules, *options),
                    env=environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
            started.append(_Process(running, said, results.open(encoding="utf-8")))
        yield started
    finally:
        for each in started:
            each.running.kill()
        for each in started:
            each.running.wait()
            each.results.close()


def _heard(processes: Sequence[_Process], features: Path) -> Iterator[Tried]:
    running = list(processes)
    while running:
        time.sleep(_LOOKED_EVERY)
        for each in list(running):
            ended = each.running.poll()
            yield from each.new_results()
            if ended is None:
                continue
            running.remove(each)
            if ended != 0:
                said = each.said.read_text(encoding="utf-8", errors="replace")
                if ended in _OF_THE_FEATURES:
                    raise failing(features, said)
                raise RuntimeError(said)  # a mistake of this program
