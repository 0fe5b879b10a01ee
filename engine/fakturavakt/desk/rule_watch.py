"""Waits for changes of a rule book: of its rule files, its tables of cases and the features beside it.

Several files that are saved together are one change. The watching itself is ``watchfiles`` (extra
``[watch]``), imported only here.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any, Final

from fakturavakt.rulebook.kinds import RULE_FILE_ENDINGS
from fakturavakt.texts import Text, text

_WATCHED: Final = (*RULE_FILE_ENDINGS, ".feature")
_TOGETHER: Final = 300
"""Milliseconds in which nothing more may happen before a change is told."""
_TOGETHER_MAX: Final = 2000
_LOOK: Final = 500
"""Milliseconds between looks at ``stop``."""


class WatchMissingError(Exception):
    """What watches files is not installed; ``reason`` says how to get it."""

    def __init__(self) -> None:
        self.reason: Text = text(
            "--watch trenger watchfiles, som ikke er installert. Installer det med: "
            "pip install 'fakturavakt[watch]'",
            "--watch needs watchfiles, which is not installed. Install it with: "
            "pip install 'fakturavakt[watch]'",
        )
        super().__init__(self.reason.say("en"))


def changes(folders: Sequence[Path], stop: Event | None = None) -> Iterator[tuple[Path, ...]]:
    """First nothing, once watching has begun; then the files of each change, sorted. ``stop`` ends it.

    What changes while the caller works on one is in the next. Raises :class:`WatchMissingError`,
    ``FileNotFoundError`` where a folder is not there, and ``KeyboardInterrupt`` when the user ends it.
    """
    try:
        watchfiles: Any = importlib.import_module("watchfiles")
    except ImportError:
        raise WatchMissingError from None

    def is_watched(_change: object, path: str) -> bool:
        name = Path(path).name
        return name.endswith(_WATCHED) and not name.startswith(".")

    begun = False
    for found in watchfiles.watch(
        *folders,
        watch_filter=is_watched,
        debounce=_TOGETHER_MAX,
        step=_TOGETHER,
        rust_timeout=_LOOK,
        stop_event=stop,
        # The first answer, however empty, says that the watch stands.
        yield_on_timeout=True,
    ):
        if found or not begun:
            yield tuple(sorted({Path(path) for _, path in found})) if begun else ()
        begun = True
