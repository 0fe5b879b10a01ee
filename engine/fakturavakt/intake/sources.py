"""From paths to documents: which files there are, how each is opened, and in which format it is.

Files come in the order they were named, a folder's files in code point order of their paths. One file
or document that cannot be read never stops the others.
"""

from __future__ import annotations

import glob
import gzip
import io
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from fakturavakt.intake.documents import DocumentSource, RawDocument, Unreadable
from fakturavakt.intake.json_documents import read_json, read_ndjson
from fakturavakt.intake.parquet_documents import PARQUET_ENDING, is_parquet, read_parquet
from fakturavakt.problems import why_not
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import Vocabulary

STANDARD_INPUT: Final = "-"
NDJSON_ENDINGS: Final = (".ndjson", ".jsonl")
ENDINGS: Final = (".xml", ".json", *NDJSON_ENDINGS, ".csv", PARQUET_ENDING)
SIZE_MAX: Final = 1 << 30
"""Bytes of a file that is read whole, once unpacked."""

_GZIP: Final = b"\x1f\x8b"
_GLOB: Final = re.compile(r"[*?\[]")
UNPACKING_FAILED: Final = (EOFError, zlib.error, gzip.BadGzipFile)


class SourceError(Exception):
    """Paths that lead to no document: one reason for each, all at once."""

    def __init__(self, reasons: Iterable[Text]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(reason.say("en") for reason in self.reasons))


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The files to read, as they were given; ``skipped`` are files in folders that are of no format.

    A folder that cannot be listed is among the files: reading it says why it cannot be read, and the
    run does not pass for whole.
    """

    files: tuple[str, ...]
    skipped: tuple[str, ...]


def find_files(paths: Sequence[str], excluded: str | os.PathLike[str] | None = None) -> FoundFiles:
    """The files that ``paths`` (files, folders, globs, ``-``) name.

    The folder ``excluded`` (an evidence register) is left out of folders that are walked. Raises
    :class:`SourceError` with every path that leads to nothing.
    """
    left_out = None if excluded is None else Path(excluded).resolve()
    files: list[str] = []
    skipped: list[str] = []
    reasons: list[Text] = []
    for path in paths:
        found: list[str] = []
        if path == STANDARD_INPUT or Path(path).is_file():
            found = [path]
        elif Path(path).is_dir():
            found, others = files_in_folder(path, left_out)
            skipped += others
            if not found:
                reasons.append(_EMPTY_FOLDER.filled(path=path))
        elif Path(path).exists():  # a pipe or a device, named by somebody who means it
            found = [path]
        elif _GLOB.search(path):
            matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 (as it was given)
            found = [match for match in matches if Path(match).is_file()]
            if not found:
                reasons.append(_NO_MATCH.filled(path=path))
        else:
            reasons.append(_NO_SUCH_PATH.filled(path=path))
        files += found
    if reasons:
        raise SourceError(reasons)
    return FoundFiles(tuple(files), tuple(skipped))


def files_in_folder(folder: str, left_out: Path | None) -> tuple[list[str], list[str]]:
    """The files of a folder that are of a format by their names, and the others; ``left_out`` is a folder
    within that is not looked into.
    """
    found: list[str] = []
    others: list[str] = []

    def not_listed(error: OSError) -> None:
        found.append(str(error.filename))

    for root, folders, names in os.walk(folder, onerror=not_listed):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".")
            and (left_out is None or Path(root, name).resolve() != left_out)
        ]
        for name in names:
            if name.startswith("."):
                continue
            path = os.path.join(root, name)  # noqa: PTH118 (the path as it was given)
            (found if name.lower().removesuffix(".gz").endswith(ENDINGS) else others).append(path)
    return sorted(found), sorted(others)


def read_documents(
    file: str,
    vocabulary: Vocabulary,
    warn: Callable[[Text], None],
    stdin: BinaryIO | None = None,
) -> Iterator[RawDocument | Unreadable]:
    """Every document of a file, or of standard input; never fails.

    NDJSON is read line by line, every other format whole.
    """
    try:
        if is_parquet(file):
            yield from read_parquet(file, vocabulary, warn)
        elif file == STANDARD_INPUT:
            yield from _read(stdin or sys.stdin.buffer, file, vocabulary, warn)
        else:
            with Path(file).open("rb") as stream:
                yield from _read(stream, file, vocabulary, warn)
    except OSError as error:
        yield not_readable(file, 1, error)


def not_readable(file: str, position: int, error: OSError) -> Unreadable:
    """What stands for the documents of a file that cannot be read from there on."""
    why = why_not(error)
    reason = text(
        _NOT_READABLE.say("nb").format(why=why.say("nb")),
        _NOT_READABLE.say("en").format(why=why.say("en")),
    )
    return Unreadable(DocumentSource(file, position), "1:1", reason)


def broken_gzip(file: str, position: int) -> Unreadable:
    """What stands for the documents of a gzipped file from where it is broken on."""
    return Unreadable(DocumentSource(file, position), "1:1", _BROKEN_GZIP)


def is_ndjson(file: str) -> bool:
    """Whether a file's name says that it has a document a line, plain or gzipped."""
    return file.lower().removesuffix(".gz").endswith(NDJSON_ENDINGS)


def is_gzipped(stream: BinaryIO) -> bool:
    """Whether a stream that can be looked ahead in begins as gzip does."""
    return stream.peek(2)[:2] == _GZIP  # type: ignore[attr-defined, no-any-return]


def _read(
    raw: BinaryIO, file: str, vocabulary: Vocabulary, warn: Callable[[Text], None]
) -> Iterator[RawDocument | Unreadable]:
    stream: BinaryIO = raw if hasattr(raw, "peek") else io.BufferedReader(raw)  # type: ignore[type-var]
    if is_gzipped(stream):
        stream = gzip.open(stream)  # type: ignore[assignment]  # noqa: SIM115 (closed with the file)
    position = 0
    try:
        ending = Path(file.lower().removesuffix(".gz")).suffix
        if ending in NDJSON_ENDINGS:
            documents = read_ndjson(stream, file)
        else:
            data = stream.read(SIZE_MAX + 1)
            if len(data) > SIZE_MAX:
                yield Unreadable(DocumentSource(file, 1), "1:1", TOO_LARGE)
                return
            documents = _in_format(_format(ending, data, vocabulary), data, file, vocabulary, warn)
        for document in documents:
            position = document.source.position
            yield document
    except UNPACKING_FAILED:
        yield broken_gzip(file, position + 1)
    except OSError as error:  # in the middle of it
        yield not_readable(file, position + 1, error)


def _format(ending: str, data: bytes, vocabulary: Vocabulary) -> str:
    """The format that the ending names, else the one that the content looks like."""
    if ending in ENDINGS:
        return ending
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<")):
        return ".xml"
    if start.startswith(b"["):
        return ".json"
    if start.startswith(b"{") and all(isinstance(d, RawDocument) for d in read_json(data, "")):
        return ".json"
    begins = sum(line.startswith(b"{") for line in data.splitlines())
    if begins > 1 or (begins and not start.startswith(b"{")):
        # Documents under one another. Whatever the first of them is, it must not cost the others.
        return ".ndjson"
    if begins:
        return ".json"
    from fakturavakt.intake.csv_documents import knows_a_column

    line = start.partition(b"\n")[0].decode("latin-1")
    return ".csv" if knows_a_column(line, vocabulary) else ""


def _in_format(
    ending: str,
    data: bytes,
    file: str,
    vocabulary: Vocabulary,
    warn: Callable[[Text], None],
) -> Iterator[RawDocument | Unreadable]:
    match ending:
        case ".xml":
            from fakturavakt.intake.ubl import read_ubl

            yield read_ubl(data, file)
        case ".csv":
            from fakturavakt.intake.csv_documents import read_csv

            yield from read_csv(data, file, vocabulary, warn)
        case ".json":
            yield from read_json(data, file)
        case ".ndjson":
            yield from read_ndjson(io.BytesIO(data), file)
        case _:
            yield Unreadable(DocumentSource(file, 1), "1:1", _UNKNOWN_FORMAT if data else _EMPTY)


_NO_SUCH_PATH: Final = text(
    "{path}: filen eller mappen finnes ikke.", "{path}: there is no such file or folder."
)
_NO_MATCH: Final = text("{path}: ingen fil passer.", "{path}: no file matches.")
_EMPTY_FOLDER: Final = text(
    "{path}: mappen har ingen dokumenter (.parquet, eller .xml, .json, .ndjson, .jsonl eller .csv, også med "
    ".gz).",
    "{path}: the folder has no documents (.parquet, or .xml, .json, .ndjson, .jsonl or .csv, also with .gz).",
)
_NOT_READABLE: Final = text("Dette kan ikke leses: {why}.", "This cannot be read: {why}.")
TOO_LARGE: Final = text(
    "Filen er for stor til å leses hel; del den, eller bruk NDJSON, som leses linje for linje.",
    "The file is too large to be read whole; split it, or use NDJSON, which is read line by line.",
)
_BROKEN_GZIP: Final = text(
    "Den gzippede filen er ødelagt eller avkortet her; hent den på nytt.",
    "The gzipped file is broken or cut off here; fetch it again.",
)
_UNKNOWN_FORMAT: Final = text(
    "Formatet er ukjent; UBL (XML), JSON, NDJSON eller CSV med kolonnenavn som invoice.number ventes.",
    "The format is unknown; UBL (XML), JSON, NDJSON or CSV with column names such as invoice.number was "
    "expected.",
)
_EMPTY: Final = text("Filen er tom.", "The file is empty.")
