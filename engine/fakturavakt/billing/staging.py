"""One file of the inbox as the files that become of it, written where they are staged.

A file whose documents all go to one place is written as it is. Another one is split: for each place a file of
the same format, with the very bytes of its documents; in CSV under the header, in gzip what was in gzip.
Either way its bytes are those that were screened, or nothing is left of what was written.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from fakturavakt.billing.durable_files import new_file, remove
from fakturavakt.billing.run_records import SourceRecord, SourceState
from fakturavakt.intake.document_places import Span, format_of

_PORTION: Final = 1 << 20
_MARK: Final = b"\xef\xbb\xbf"
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes one file of the outbox: documents of one source, with one place. ``beside`` is what is
    added to the name for what stands beside it.
    """

    source: SourceRecord
    number: int
    placed_as: str
    documents: int
    beside: str

    @property
    def folder(self) -> str:
        """The folder within the outbox."""
        return self.placed_as.rpartition("/")[0]

    @property
    def staged_document(self) -> str:
        """Its name while it is staged."""
        return f"{self.source.source}-{self.number}"

    @property
    def staged_beside(self) -> str:
        """The name of what stands beside it, while that is staged."""
        return f"{self.staged_document}.beside"


def stage(
    path: Path, parts: Sequence[Part], spans: Iterable[tuple[str, tuple[Span, ...]]], staged: Path
) -> SourceState | None:
    """Write the documents of one file; else say what has happened to it since it was screened.

    ``spans`` are the places and spans of its documents, which are asked for where it is split.
    """
    (source, *_) = (part.source for part in parts)
    files = [staged / part.staged_document for part in parts]
    state = SourceState.CHANGED
    try:
        with path.open("rb", buffering=0) as raw, ExitStack() as stack:
            read = _Hashing(raw)
            outputs = [stack.enter_context(new_file(file)) for file in files]
            if source.whole:
                while portion := read.read(_PORTION):
                    outputs[0].write(portion)
            else:
                by_place = {part.placed_as: out for part, out in zip(parts, outputs, strict=True)}
                _split(read, source.path, by_place, spans)
            if read.rest() == source.sha256:
                return None
    except FileNotFoundError:
        state = SourceState.GONE
    except (EOFError, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
            raise
        # It cannot be unpacked any more: it is not what was screened.
    for file in files:
        remove(file)
    return state


class _Hashing(io.RawIOBase):
    """A file that is read once, from its beginning to its end, and hashed on the way."""

    def __init__(self, raw: io.FileIO) -> None:
        self._raw = raw
        self._hash = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = self._raw.readinto(buffer)
        self._hash.update(buffer[:size])
        return size

    def rest(self) -> bytes:
        """The hash of all of it."""
        while self.read(_PORTION):
            pass
        return self._hash.digest()


def _split(
    read: _Hashing,
    path: str,
    outputs: Mapping[str, BinaryIO],
    spans: Iterable[tuple[str, tuple[Span, ...]]],
) -> None:
    packed = io.BufferedReader(read, _PORTION)
    stream: BinaryIO = packed
    with ExitStack() as stack:
        if packed.peek(2)[:2] == _GZIP:
            stream = stack.enter_context(gzip.open(packed))  # type: ignore[assignment]
            outputs = {
                place: stack.enter_context(_gzipped(output)) for place, output in outputs.items()
            }
        source = _Forward(stream)
        match format_of(path):
            case ".ndjson":
                _split_lines(source, outputs, spans)
            case ".json":
                _split_list(source, outputs, spans)
            case ".csv":
                _split_rows(source, outputs, spans)
            case _:
                raise AssertionError(path)
        while stream.read(_PORTION):
            pass  # what stands behind the last document belongs to the file's hash, too
    packed.detach()


def _gzipped(output: BinaryIO) -> BinaryIO:
    """Without a time or a name in it: the same documents give the same bytes."""
    return gzip.GzipFile("", "wb", fileobj=output, mtime=0)  # type: ignore[return-value]


class _Forward:
    """A stream in which what is asked for lies further and further on."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._at = 0
        self._held = b""

    def ahead(self, begin: int, size: int) -> bytes:
        """Up to so many bytes from a place on, which are still there afterwards."""
        self._skip(begin)
        while len(self._held) < size and (portion := self._stream.read(_PORTION)):
            self._held += portion
        return self._held[:size]

    def take(self, span: Span) -> bytes:
        """The bytes of a span."""
        begin, end = span
        found = self.ahead(begin, end - begin)
        self._skip(begin + len(found))
        return found

    def _skip(self, to: int) -> None:
        while self._at < to:
            if not self._held:
                self._held = self._stream.read(_PORTION)
                if not self._held:
                    return
            gone = min(to - self._at, len(self._held))
            self._held, self._at = self._held[gone:], self._at + gone


def _line_end(source: _Forward, behind: int) -> bytes:
    """What ends the line that ends there."""
    found = source.ahead(behind, 2)
    if found == b"\r\n":
        return found
    return found[:1] if found[:1] in (b"\r", b"\n") else b"\n"


def _split_lines(
    source: _Forward,
    outputs: Mapping[str, BinaryIO],
    spans: Iterable[tuple[str, tuple[Span, ...]]],
) -> None:
    end = None
    for place, (span,) in spans:
        line = source.take(span)
        end = end or _line_end(source, span[1])
        outputs[place].write(line + end)


def _split_list(
    source: _Forward,
    outputs: Mapping[str, BinaryIO],
    spans: Iterable[tuple[str, tuple[Span, ...]]],
) -> None:
    begun: set[str] = set()
    for place, (span,) in spans:
        outputs[place].write(b",\n" if place in begun else b"[\n")
        outputs[place].write(source.take(span))
        begun.add(place)
    for place in begun:
        outputs[place].write(b"\n]\n")


def _split_rows(
    source: _Forward,
    outputs: Mapping[str, BinaryIO],
    spans: Iterable[tuple[str, tuple[Span, ...]]],
) -> None:
    """The rows of one document need not stand together, so they are put in their order first."""
    mark = source.ahead(0, len(_MARK))
    rows: list[tuple[Span, str]] = []
    header: Span = (0, 0)
    for place, (first, *others) in spans:
        header = first
        rows += ((span, place) for span in others)
    title = source.take(header)
    end = _line_end(source, header[1])
    for output in outputs.values():
        output.write((mark if mark == _MARK else b"") + title + end)
    for span, place in sorted(rows):
        outputs[place].write(source.take(span) + end)
