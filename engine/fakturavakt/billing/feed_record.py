"""What a run was decided by, besides its documents: the files of the register, the program.

Kept with the run, so that the next one can say what is different.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from fakturavakt import __version__
from fakturavakt.intake.register_tables import EVIDENCE, RECIPIENTS, SENDERS, SERVICES
from fakturavakt.screening import OSLO
from fakturavakt.texts import Text, counted, text, written_date

FILES: Final = tuple(table.file for table in (EVIDENCE, RECIPIENTS, SENDERS, SERVICES))
FEWER: Final = 0.95
"""A register that has less than this of the rows, or bytes, that it had is told of."""
_PORTION: Final = 1 << 20


def feed_of(evidence: Path | str | None) -> dict[str, Any]:
    """The program, and of each file of the register its size, rows, time of change and SHA-256; what is not
    there, or cannot be read, is None.
    """
    if evidence is None:
        return {"program": __version__, "evidence": None}
    found = {name: _file(Path(evidence) / name) for name in FILES}
    return {"program": __version__, "evidence": found}


def _file(path: Path) -> dict[str, Any] | None:
    hash_ = hashlib.sha256()
    size = lines = 0
    last = b""
    try:
        with path.open("rb") as stream:
            changed = os.fstat(stream.fileno()).st_mtime
            while portion := stream.read(_PORTION):
                hash_.update(portion)
                size += len(portion)
                lines += portion.count(b"\n")
                last = portion[-1:]
    except OSError:
        return None
    lines += last not in {b"", b"\n"}
    modified = datetime.fromtimestamp(changed, UTC).isoformat(timespec="seconds")
    return {
        "bytes": size,
        "rows": max(0, lines - 1),
        "modified": modified,
        "sha256": hash_.hexdigest(),
    }


def differences(now: Mapping[str, Any], last: Mapping[str, Any]) -> list[Text]:
    """What is different between two runs, by what is kept ``about`` them: what most likely did harm first."""
    feed, feed_before = now.get("feed") or {}, last.get("feed") or {}
    of_register = sorted(_of_register(feed, feed_before), key=lambda each: each[0])
    found = [said for rank, said in of_register if rank < _CHANGED]
    book, book_before = now.get("rulebook") or {}, last.get("rulebook") or {}
    if book.get("version") != book_before.get("version"):
        versions = {"now": _short(book.get("version")), "last": _short(book_before.get("version"))}
        found.append(_OTHER_BOOK.filled(**versions))
    program, program_before = feed.get("program"), feed_before.get("program")
    if program_before and program != program_before:
        found.append(_OTHER_PROGRAM.filled(now=program, last=program_before))
    # That a register grows is ordinary. That it changed and did not grow explains little.
    return found or [said for _, said in of_register]


def empty_files(about: Mapping[str, Any]) -> list[Text]:
    """What can be said of a run that no other can be compared with."""
    files = (about.get("feed") or {}).get("evidence") or {}
    return [
        _NO_ROWS.filled(file=name)
        for name, file in files.items()
        if file is not None and not file["rows"]
    ]


_GONE, _EMPTY, _SMALLER, _OLDER, _CHANGED = range(5)


def _of_register(feed: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[tuple[int, Text]]:
    files, files_before = feed.get("evidence"), before.get("evidence")
    if not files_before:
        return
    if not files:
        yield _GONE, _NO_REGISTER
        return
    for name, was in files_before.items():
        if was is None:
            continue
        file = files.get(name)
        if file is None:
            yield _GONE, _NO_FILE.filled(file=name)
        elif file["rows"] < FEWER * was["rows"]:
            rank = _SMALLER if file["rows"] else _EMPTY
            yield rank, _rows(name, file["rows"], was["rows"])
        elif file["bytes"] < FEWER * was["bytes"]:
            yield _SMALLER, _bytes(name, file["bytes"], was["bytes"])
        elif file["modified"] < was["modified"]:
            yield _OLDER, _older(name, file["modified"], was["modified"])
        elif file["sha256"] != was["sha256"] and file["rows"] <= was["rows"]:
            yield _CHANGED, _rows(name, file["rows"], was["rows"], changed=True)


def _rows(name: str, rows: int, before: int, *, changed: bool = False) -> Text:
    nb, en = ("er endret og har", "was changed, and has") if changed else ("har", "has")
    return text(
        f"{name} {nb} {counted(rows, 'nb')} {'rad' if rows == 1 else 'rader'}, sist {counted(before, 'nb')}",
        f"{name} {en} {counted(rows, 'en')} row{'' if rows == 1 else 's'}, last time {counted(before, 'en')}",
    )


def _bytes(name: str, size: int, before: int) -> Text:
    return text(
        f"{name} har {counted(size, 'nb')} byte, sist {counted(before, 'nb')}",
        f"{name} has {counted(size, 'en')} bytes, last time {counted(before, 'en')}",
    )


def _older(name: str, modified: str, before: str) -> Text:
    now, then = (
        datetime.fromisoformat(each).astimezone(ZoneInfo(OSLO)) for each in (modified, before)
    )
    nb, en = (
        (f"{written_date(now, each)} {now:%H:%M}", f"{written_date(then, each)} {then:%H:%M}")
        for each in ("nb", "en")
    )
    return text(
        f"{name} er eldre enn sist: fra {nb[0]}, sist fra {nb[1]}",
        f"{name} is older than last time: of {en[0]}, last time of {en[1]}",
    )


def _short(version: object) -> str:
    """``sha256:0123abcd…``: enough to tell two versions apart."""
    kind, mark, digits = str(version).partition(":")
    return f"{kind}:{digits[:8]}…" if mark else kind


_NO_REGISTER: Final = text(
    "kjøringen har ikke noe evidensregister, det hadde den sist",
    "the run has no evidence register, which it had last time",
)
_NO_ROWS: Final = text("{file} har ingen rader", "{file} has no rows")
_NO_FILE: Final = text(
    "{file} er ikke der, det var den sist", "{file} is not there, which it was last time"
)
_OTHER_BOOK: Final = text(
    "regelboken er en annen: {now}, sist {last}",
    "the rule book is another one: {now}, last time {last}",
)
_OTHER_PROGRAM: Final = text(
    "fakturavakt er {now}, sist {last}", "fakturavakt is {now}, last time {last}"
)
