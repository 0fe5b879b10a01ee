"""Files that are on the disk when the function returns: written, renamed, removed.

Everything that a run changes in a folder goes through here, so that a test can end the program at each of
these calls in turn.
"""

from __future__ import annotations

import ctypes
import errno
import io
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

WRITERS: Final = 8
"""Files that are brought to the disk at once. A disk that must confirm each file confirms eight in hardly
more time than one, since file systems write the confirmations of a moment together.
"""

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
_BUFFER: Final = 1 << 18
_AT_FDCWD: Final = -100
_RENAME_NOREPLACE: Final = 1


class _Portions(io.RawIOBase):
    """Bytes to a descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 (whatever has bytes)
        return os.write(self._descriptor, data)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, under a name that nobody else uses: on the disk behind it. What is there is written
    anew.
    """
    descriptor = os.open(path, _NEW, 0o666)
    try:
        stream = io.BufferedWriter(_Portions(descriptor), _BUFFER)
        yield stream
        stream.flush()
        os.fsync(descriptor)
    except OSError as error:
        if error.filename is None:  # what fails about a descriptor has no name
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
    finally:
        os.close(descriptor)


def write_new(path: Path, data: bytes) -> None:
    """A file of these bytes, as :func:`new_file` makes it."""
    with new_file(path) as stream:
        stream.write(data)


def write_many(files: Iterable[tuple[Path, bytes]]) -> None:
    """Many files as :func:`write_new` writes one; raises the first failure, when none is being written."""
    with ThreadPoolExecutor(WRITERS) as writers:
        written = [writers.submit(write_new, path, data) for path, data in files]
    for each in written:
        each.result()


def replace_whole(path: Path, data: bytes, passing: Path) -> None:
    """A file of our own anew: whoever reads it sees the old one or the new one. It is written as ``passing``,
    which is on the same disk.
    """
    write_new(passing, data)
    os.replace(passing, path)  # noqa: PTH105 (all changes of folders are calls of `os`)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on the disk."""
    if sys.platform == "win32":
        return  # folders cannot be opened there; a rename is on the disk when it returns
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """A folder, and those above it, on the disk."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        os.mkdir(folder)  # noqa: PTH102
    except FileExistsError:
        if not folder.is_dir():
            raise
    sync_folder(folder.parent)


def rename_new(source: Path, target: Path) -> None:
    """Rename within one disk, and never over anything.

    Raises :class:`FileExistsError` where the name is taken. A link to a new name and removal of the old one
    would be two steps, and between them the document would be there twice.
    """
    if _renameat2 is not None:
        if _renameat2(
            _AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), _RENAME_NOREPLACE
        ):
            code = ctypes.get_errno()
            if code not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
                raise OSError(code, os.strerror(code), str(target))
        else:
            return
    # A file system that cannot do it in one step: the run holds the lock of the outbox.
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    os.rename(source, target)  # noqa: PTH104


def remove(path: Path) -> None:
    """Take a file away, if it is there."""
    try:
        os.unlink(path)  # noqa: PTH108
    except FileNotFoundError:
        return


def _found_renameat2() -> ctypes._NamedFuncPointer | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return None
    function.argtypes = [
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_uint,
    ]
    return function


_renameat2: Final = _found_renameat2()
