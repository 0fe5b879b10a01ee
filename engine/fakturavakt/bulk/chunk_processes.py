"""Chunks decided side by side, each by a process of its own, and given in their order.

Half of what a chunk takes is Python's (words for new patterns, documents with problems, lines put together),
which threads would do one after another. The processes are started anew and inherit nothing: DuckDB has
threads, which a copy of its process would lack.

They end with whoever started them, however that ends: each waits for the end of a pipe whose other end only
the first process has.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from types import ModuleType
from typing import TYPE_CHECKING, Final, TypeAlias

from fakturavakt.bulk.columnar_screening import ColumnarScreening
from fakturavakt.bulk.decided_chunk import ChunkDecider, ChunkTask, DecidedChunk

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue

Heard: TypeAlias = Callable[[int, int], None]
"""Is told of which chunk how many documents are decided."""

_LOOKED_EVERY: Final = 0.2
"""Seconds between two looks at what the processes have to say."""


class ProcessEndedError(Exception):
    """One of the processes came to its end from outside."""


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
                with _as_a_process_begins():
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
    context = multiprocessing.get_context("spawn")
    ends, kept_open = context.Pipe(duplex=False)
    words = context.SimpleQueue()
    executor = ProcessPoolExecutor(processes, context, _begin, (decider, words, ends))
    try:
        yield executor, words
        executor.shutdown()
    finally:
        kept_open.close()  # whatever ended the run, nobody waits for the rest
        executor.shutdown(cancel_futures=True)
        ends.close()
        words.close()


@contextmanager
def _as_a_process_begins() -> Iterator[None]:
    """What a process that is begun in here inherits: no Ctrl-C, which is sent to all processes of a terminal
    and would be told by each of those that have come no further than their imports; and nothing of the
    program that began it, which else would run once more in each of them.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        with _interrupts_waiting():
            yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _interrupts_waiting() -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# -- in each of the processes ----------------------------------------------------------------------

_here: tuple[ChunkDecider, ColumnarScreening, SimpleQueue[tuple[int, int]]]


def _begin(decider: ChunkDecider, words: SimpleQueue[tuple[int, int]], ends: Connection) -> None:
    global _here  # noqa: PLW0603 (what a process of a pool is begun with)
    # Ctrl-C ends the first process, and so this one. On Windows it could not be held back any earlier.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(ends,), daemon=True).start()
    _here = decider, decider.opened(), words


def _end_with(ends: Connection) -> None:
    """Nothing comes through this pipe but its end."""
    ends.poll(None)
    os._exit(1)


def _decide(task: ChunkTask) -> DecidedChunk:
    decider, columns, words = _here
    return decider.decide(columns, task, lambda documents: words.put((task.n, documents)))
