"""Chunks decided side by side, each by a process of its own, and given in their order.

Half of what a chunk takes is Python's (words for new patterns, documents with problems, lines put together),
which threads would do one after another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from fakturavakt.bulk.columnar_screening import ColumnarScreening
from fakturavakt.bulk.decided_chunk import ChunkDecider, ChunkTask, DecidedChunk
from fakturavakt.bulk.side_processes import (
    CONTEXT,
    ProcessEndedError,
    as_a_process_begins,
    side_processes,
)

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue

Heard: TypeAlias = Callable[[int, int], None]
"""Is told of which chunk how many documents are decided."""

_LOOKED_EVERY: Final = 0.2
"""Seconds between two looks at what the processes have to say."""


def decided_here(
    decider: ChunkDecider, tasks: Iterable[ChunkTask], heard: Heard
) -> Generator[DecidedChunk, None, None]:
    """Each chunk decided in this process."""
    columns = decider.opened()
    try:
        for task in tasks:
            yield decider.decide(columns, task, partial(heard, task.n))
    finally:
        columns.close()


def decided_side_by_side(
    decider: ChunkDecider, tasks: Iterable[ChunkTask], processes: int, heard: Heard
) -> Generator[DecidedChunk, None, None]:
    """Each chunk decided by whichever process is free; no more are begun than there are processes for, and
    one.

    Raises :class:`ProcessEndedError`.
    """
    with _started(decider, processes) as (executor, words):
        under_way: deque[Future[DecidedChunk]] = deque()

        def settled(future: Future[DecidedChunk]) -> DecidedChunk:
            while not future.done():
                wait([future], _LOOKED_EVERY)
                while not words.empty():
                    heard(*words.get())
            return future.result()

        try:
            for task in tasks:
                with as_a_process_begins():
                    under_way.append(executor.submit(_decide, task))
                if len(under_way) > processes:
                    yield settled(under_way.popleft())
            while under_way:
                yield settled(under_way.popleft())
        except BrokenProcessPool as error:
            raise ProcessEndedError from error


@contextmanager
def _started(
    decider: ChunkDecider, processes: int
) -> Iterator[tuple[ProcessPoolExecutor, SimpleQueue[tuple[int, int]]]]:
    words = CONTEXT.SimpleQueue()
    try:
        with side_processes(processes, _begin, decider, words) as executor:
            yield executor, words
    finally:
        words.close()


# -- in each of the processes ----------------------------------------------------------------------

_here: tuple[ChunkDecider, ColumnarScreening, SimpleQueue[tuple[int, int]]]


def _begin(decider: ChunkDecider, words: SimpleQueue[tuple[int, int]]) -> None:
    global _here  # noqa: PLW0603 (what a process of a pool is begun with)
    _here = decider, decider.opened(), words


def _decide(task: ChunkTask) -> DecidedChunk:
    decider, columns, words = _here
    return decider.decide(columns, task, lambda documents: words.put((task.n, documents)))
