"""The folder of a run in the making, beside its output: what is done of it, so that it can go on.

``.NAME.run/`` holds the outputs as far as they are, what the run is about, and a record of how far it is:
written after each chunk, whole, when the outputs are safe on the disk. Whatever stands behind the record is
cut off when the run goes on, so a chunk is in the outputs once, however often it was begun. When all is done
the outputs are renamed to where they belong, and the folder is removed.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self, TextIO

from fakturavakt.texts import Text, text

RECORD: Final = "record.json"


class RunError(Exception):
    """A run that cannot begin, go on or end; ``reason`` says why, and what to do."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


@dataclass
class Record:
    """How far a run is: what it is about, how many chunks and documents are done, how long each output is,
    and what was counted.
    """

    about: Mapping[str, Any]
    chunks: int = 0
    documents: int = 0
    lengths: dict[str, int] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    summary: Mapping[str, Any] | None = None
    finished: bool = False


class RunFolder:
    """Kept open, and locked against a second run, while it is used as a context."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.path = output.with_name(f".{output.name}.run")
        self._streams: dict[str, TextIO] = {}
        self.record = Record({})

    def __enter__(self) -> Self:
        with self._named_in_failures():
            self.path.mkdir(exist_ok=True)
            self._lock = (self.path / "lock").open("w")
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self._lock.close()
                raise RunError(_IN_USE.filled(output=self.output)) from None
        return self

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        for stream in self._streams.values():
            with contextlib.suppress(OSError):  # a full disk: what was recorded stands
                stream.close()
        self._lock.close()
        if isinstance(error, OSError):
            with self._named_in_failures():
                raise error

    @contextlib.contextmanager
    def _named_in_failures(self) -> Iterator[None]:
        """A failure to write names the output that was asked for, not what is written first."""
        try:
            yield
        except OSError as error:
            place = error.filename
            if place is None or self.path in (Path(place), *Path(place).parents):
                raise OSError(error.errno, error.strerror, str(self.output)) from error
            raise

    def begin(self, about: Mapping[str, Any], *, resume: bool) -> bool:
        """Go on with the interrupted run where there is one and ``resume`` says so, else begin afresh.
        Whether something was thrown away for that.

        Raises :class:`RunError` where the interrupted run is about something else.
        """
        kept = self._kept()
        if kept is not None and resume:
            differing = [key for key, value in about.items() if kept.about.get(key) != value]
            if differing:
                named = ", ".join(differing)
                raise RunError(_ABOUT_ELSE.filled(folder=self.path, what=named))
            self.record = kept
            return False
        for entry in self.path.iterdir():
            if entry.name != "lock":
                _remove(entry)
        self.record = Record(about)
        return kept is not None

    def _kept(self) -> Record | None:
        try:
            return Record(**json.loads((self.path / RECORD).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            raise RunError(_NO_RECORD.filled(folder=self.path)) from None

    def stream(self, name: str) -> TextIO:
        """The text file ``name``, cut off behind what the record says of it."""
        path = self.path / name
        if name not in self._streams:
            stream = path.open("a+", encoding="utf-8", errors="replace", newline="\n")
            stream.truncate(self.record.lengths.get(name, 0))
            stream.seek(0, os.SEEK_END)
            self._streams[name] = stream
        return self._streams[name]

    def discard(self) -> None:
        """Remove the folder: there is nothing to keep."""
        for stream in self._streams.values():
            stream.close()
        self._streams.clear()
        _remove(self.path)

    def commit(self, documents: int, summary: Mapping[str, Any], part: str | None = None) -> None:
        """Another chunk is done: what was written of it stays."""
        for name, stream in self._streams.items():
            stream.flush()
            os.fsync(stream.fileno())
            self.record.lengths[name] = stream.tell()
        if part is not None:
            _sync(self.path / part)
            self.record.parts.append(part)
        self.record.chunks += 1
        self.record.documents += documents
        self.record.summary = summary
        self._write_record()

    def _write_record(self) -> None:
        new = self.path / f"{RECORD}.new"
        with new.open("w", encoding="utf-8") as stream:
            json.dump(vars(self.record), stream, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(self.path / RECORD)
        _sync(self.path)

    def publish(self, places: Mapping[str, Path]) -> None:
        """Rename each named file (or folder) of the run to where it belongs, the output itself last, and
        remove the folder. Done again after an interruption it does what is left.
        """
        for stream in self._streams.values():
            stream.close()
        self._streams.clear()
        self.record.finished = True
        self._write_record()
        for name, place in places.items():
            source = self.path / name
            if source.exists():
                _sync(source)
                if place.is_dir() and source.is_dir():
                    place.rmdir()  # an empty one, see `columnar_run`
                put(source, place)
        _remove(self.path)


def put(source: Path, place: Path) -> None:
    """Move what is written to where it belongs, whole, also to another disk. A link stays a link; what is
    there and is no file (a device, a pipe) is written to.
    """
    import shutil

    if place.exists() and not place.is_file() and not place.is_dir():
        with source.open("rb") as written, place.open("wb") as stream:
            shutil.copyfileobj(written, stream)
        source.unlink()
        return
    target = Path(os.path.realpath(place))
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise OSError(error.errno, error.strerror, str(place)) from error
        beside = target.with_name(f".{target.name}.{os.urandom(6).hex()}")
        try:
            shutil.copyfile(source, beside)
            _sync(beside)
            beside.replace(target)
        except OSError as failure:
            beside.unlink(missing_ok=True)
            raise OSError(failure.errno, failure.strerror, str(place)) from failure
        source.unlink()
    _sync(target.parent)


def check_writable(place: Path) -> None:
    """Raise the :class:`OSError` now that would come when all is decided."""
    import tempfile

    if place.exists() and not place.is_file():
        return
    try:
        with tempfile.TemporaryFile(dir=Path(os.path.realpath(place)).parent):
            pass
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(place)) from error


def _remove(path: Path) -> None:
    import shutil

    shutil.rmtree(path) if path.is_dir() else path.unlink()


def _sync(path: Path) -> None:
    """Have a file, or a folder's entries, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def files_as_they_are(files: Sequence[str]) -> list[list[Any]]:
    """Path, size and time of change of each file: what makes an interrupted run the same run."""
    found: list[list[Any]] = []
    for file in files:
        try:
            status = Path(file).stat()
        except OSError:
            found.append([file, None, None])
        else:
            found.append([file, status.st_size, status.st_mtime_ns])
    return found


_IN_USE: Final = text(
    "En annen kjøring skriver til {output} nå. Vent til den er ferdig, eller skriv til en annen fil.",
    "Another run is writing to {output} now. Wait until it has ended, or write to another file.",
)
_ABOUT_ELSE: Final = text(
    "Den avbrutte kjøringen i {folder} gjaldt noe annet: {what} er ikke som da. Kjør uten --resume for å "
    "begynne på nytt.",
    "The interrupted run in {folder} was about something else: {what} is not as it was then. Run without "
    "--resume to begin afresh.",
)
_NO_RECORD: Final = text(
    "{folder} er ikke skrevet av denne versjonen av fakturavakt. Slett mappen, og kjør på nytt.",
    "{folder} was not written by this version of fakturavakt. Delete the folder, and run again.",
)
