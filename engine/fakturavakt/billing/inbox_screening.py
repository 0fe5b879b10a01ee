"""The files of an inbox screened side by side, and told of in their order.

Most of what a small file costs is Python's, so each core gets a process. What is under way at once is bounded
by number and by size; a large file is screened by this process, document by document.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Final

from fakturavakt.billing.screened_files import AT_ONCE, FileScreener, FileScreening, Told
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.bulk.side_processes import as_a_process_begins, side_processes
from fakturavakt.texts import text

FILES_A_TASK: Final = 64
BYTES_A_TASK: Final = 1 << 20
FEW: Final = 1000
"""Files that are screened before other processes would be ready to begin."""
_PACKED: Final = 30
"""How many times as large a gzipped file of documents may be, unpacked."""


def screened_here(screening: FileScreening, files: Sequence[str]) -> Generator[Told, None, None]:
    """All that is told of the files, screened in this process."""
    screener = screening.opened()
    try:
        for file in files:
            yield from screener.screen(file)
    finally:
        screener.close()


def screened_side_by_side(
    screening: FileScreening, files: Sequence[str], processes: int
) -> Generator[Told, None, None]:
    """The same, screened by several processes where there are enough files for it."""
    if processes < 2 or len(files) < FEW:
        yield from screened_here(screening, files)
        return
    here = screening.opened()
    try:
        with side_processes(processes, _begin, screening) as executor:
            under_way: deque[Future[list[Told]]] = deque()
            for task in _tasks(files):
                if isinstance(task, str):
                    while under_way:
                        yield from under_way.popleft().result()
                    yield from here.screen(task)
                    continue
                with as_a_process_begins():
                    under_way.append(executor.submit(_screen, task))
                if len(under_way) > processes:
                    yield from under_way.popleft().result()
            while under_way:
                yield from under_way.popleft().result()
    except BrokenProcessPool:
        raise RunError(_PROCESS_ENDED) from None
    finally:
        here.close()


def _tasks(files: Sequence[str]) -> Iterator[tuple[str, ...] | str]:
    """Files that are small enough to be sent about, several at once; each large one by itself."""
    task: list[str] = []
    size = 0
    for file in files:
        one = _size_of(file)
        if task and (len(task) == FILES_A_TASK or size + one > BYTES_A_TASK):
            yield tuple(task)
            task, size = [], 0
        if one > AT_ONCE:
            yield file
        else:
            task.append(file)
            size += one
    if task:
        yield tuple(task)


def _size_of(file: str) -> int:
    try:
        size = os.stat(file).st_size  # noqa: PTH116 (one call, a hundred thousand times)
    except OSError:
        return 0  # whoever reads it says why that cannot be done
    packed = file.lower().endswith(".gz") and not file.lower().endswith(".xml.gz")
    return size * _PACKED if packed else size


# -- in each of the processes ----------------------------------------------------------------------

_here: FileScreener


def _begin(screening: FileScreening) -> None:
    global _here  # noqa: PLW0603 (what a process of a pool is begun with)
    _here = screening.opened()


def _screen(files: tuple[str, ...]) -> list[Told]:
    return [told for file in files for told in _here.screen(file)]


_PROCESS_ENDED: Final = text(
    "En av prosessene som kontrollerte dokumenter, ble avsluttet utenfra, kanskje fordi minnet tok slutt. "
    "Ingenting er lagt ut; kjør på nytt.",
    "One of the processes that screened documents was ended from outside, perhaps because memory ran out. "
    "Nothing has been put out; run again.",
)
