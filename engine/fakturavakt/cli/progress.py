"""Progress on a terminal: documents, or what else there are many of, how many a second, and the time left."""

from __future__ import annotations

import sys
import time
from typing import Any, Final, Self, TextIO

from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import console
from fakturavakt.texts import Text, text

DOCUMENTS: Final = text("dokumenter", "documents")


class Progress:
    """On a terminal's stderr, unless the decisions themselves go to a terminal. ``size`` is the bytes to be
    read, where they are known: then there is a bar, and the time that is left. ``what`` is counted.
    """

    def __init__(
        self, stream: TextIO | None, size: int | None = None, what: Text = DOCUMENTS
    ) -> None:
        self.what = what
        self.shown = sys.stderr.isatty() and (stream is None or not stream.isatty())
        self.size = size
        self.documents = 0
        self._before = 0

    def __enter__(self) -> Self:
        if self.shown:
            from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns: list[Any] = [SpinnerColumn(), TextColumn("{task.description}")]
            if self.size is not None:
                columns += [
                    BarColumn(),
                    TextColumn("{task.percentage:.0f} %"),
                    TimeRemainingColumn(),
                ]
            self._bar = Bar(*columns, console=console(sys.stderr), transient=True)
            self._task = self._bar.add_task(self._said(), total=self.size)
            self._begun = time.monotonic()
            self._bar.start()
        return self

    def _said(self) -> str:
        done = self.documents - self._before
        rate = done / max(time.monotonic() - self._begun, 1e-9) if done else 0
        nb, en = self.what.say("nb"), self.what.say("en")
        return t(
            f"{self.documents} {nb}, {rate:.0f} i sekundet",
            f"{self.documents} {en}, {rate:.0f} a second",
        )

    def advance(self) -> None:
        """One more document is done."""
        self.documents += 1
        if self.shown and self.documents % 64 == 0:
            self._bar.update(self._task, description=self._said())

    def begin(self, documents: int, size: int) -> None:
        """So many were done by an earlier run: they say nothing about the speed of this one."""
        self._before = documents
        self.reach(documents, size)

    def reach(self, documents: int, size: int) -> None:
        """So many documents, and bytes, are done in all."""
        self.documents = documents
        if self.shown:
            self._bar.update(self._task, description=self._said(), completed=size)

    def __exit__(self, *_exception: object) -> None:
        if self.shown:
            self._bar.stop()
