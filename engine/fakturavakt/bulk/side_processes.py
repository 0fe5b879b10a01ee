"""Processes beside this one, for work that threads of Python would do one after another.

They are started anew and inherit nothing: DuckDB has threads, which a copy of its process would lack. They
end with whoever started them, however that ends: each waits for the end of a pipe whose other end only the
first process has.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from types import ModuleType
from typing import Final

CONTEXT: Final[SpawnContext] = multiprocessing.get_context("spawn")


class ProcessEndedError(Exception):
    """One of the processes came to its end from outside."""


@contextmanager
def side_processes(
    processes: int, begin: Callable[..., None], *given: object
) -> Iterator[ProcessPoolExecutor]:
    """So many processes, each begun by ``begin(*given)``. Submit within :func:`as_a_process_begins`."""
    ends, kept_open = CONTEXT.Pipe(duplex=False)
    executor = ProcessPoolExecutor(processes, CONTEXT, _begin, (begin, given, ends))
    try:
        yield executor
        executor.shutdown()
    finally:
        kept_open.close()  # whatever ended the run, nobody waits for the rest
        executor.shutdown(cancel_futures=True)
        ends.close()


@contextmanager
def as_a_process_begins() -> Iterator[None]:
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


def _begin(begin: Callable[..., None], given: tuple[object, ...], ends: Connection) -> None:
    # Ctrl-C ends the first process, and so this one. On Windows it could not be held back any earlier.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(ends,), daemon=True).start()
    begin(*given)


def _end_with(ends: Connection) -> None:
    """Nothing comes through this pipe but its end."""
    ends.poll(None)
    os._exit(1)
