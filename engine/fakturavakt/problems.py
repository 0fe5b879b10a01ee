"""A mistake in a file that somebody wrote: where it is, what is wrong, what was expected.

Rule books and evidence registers are refused with *all* of their mistakes at once; raising the first
one of several is itself a mistake. May import: ``texts``.
"""

from __future__ import annotations

import difflib
import errno
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fakturavakt.texts import Text, counted, text

TOLD_MAX: Final = 100
"""Problems that are told one by one; nobody mends more in one go."""


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A place in a file; ``line`` and ``column`` count from 1 (in CSV the column is the cell)."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Meant(Text):
    """What was expected, where that is one thing to put in the place of what is ``written``.

    ``sure``: nothing else can have been meant, so that a program may put it there.
    """

    written: str = ""
    word: str = ""
    sure: bool = False

    __hash__ = Text.__hash__


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. ``code`` is a short stable phrase, apart from the wording."""

    place: Place
    code: str
    wrong: Text
    expected: Text | None = None

    def say(self, language: str) -> str:
        """``file:line:column: what is wrong; what was expected`` on one line."""
        expected = f" {self.expected.say(language)}" if self.expected else ""
        return visible(f"{self.place}: {self.wrong.say(language)}{expected}")

    def __lt__(self, other: Problem) -> bool:
        return self._in_order() < other._in_order()

    def _in_order(self) -> tuple[Place, str, str]:
        return (self.place, self.code, self.wrong.say("en"))


def visible(said: str) -> str:
    """A message repeats what a file says; what would turn or hide the rest of it is spelt out."""
    return "".join(
        f"<U+{ord(c):04X}>" if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" else c
        for c in said
    )


class ProblemsError(Exception):
    """Everything that is wrong with one set of files: ``problems`` is sorted and never empty."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(dict.fromkeys(problems)))
        super().__init__(self.say("en"))

    @property
    def told(self) -> tuple[Problem, ...]:
        """The problems that are told one by one."""
        return self.problems[:TOLD_MAX]

    def untold(self, language: str) -> str | None:
        """``… og 154 til``: how many more there are than are told, if there are."""
        more = len(self.problems) - len(self.told)
        if not more:
            return None
        number = counted(more, language)
        return text(f"… og {number} til.", f"… and {number} more.").say(language)

    def say(self, language: str) -> str:
        """The problems, one a line."""
        untold = self.untold(language)
        lines = [problem.say(language) for problem in self.told]
        return "\n".join([*lines, *([untold] if untold else [])])


def nearest(word: str, known: Iterable[str], *, at_least: float = 0.6) -> str | None:
    """The known word that ``word`` was probably meant to be, if one is near enough (1 is equal)."""
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=at_least)
    if close:
        return close[0]
    tails = [name for name in known if name.rpartition(".")[2] == word.rpartition(".")[2]]
    return tails[0] if len(tails) == 1 else None


def one_slip(written: str, word: str) -> bool:
    """Whether ``written`` is ``word`` with one letter too many, too few or wrong, or two in the wrong
    order.
    """
    if written == word:
        return False
    short, long = sorted((written, word), key=len)
    start = next(
        (n for n, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), None
    )
    if start is None:  # the longer one only goes on
        return len(long) - len(short) == 1
    if len(long) != len(short):
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return True
    swapped = short[start + 1 : start + 2] + short[start : start + 1] + short[start + 2 :]
    return swapped == long[start:]


def why_not(error: OSError) -> Text:
    """Why the system refused, as the end of a sentence: ``filen finnes ikke``."""
    if error.errno in _REFUSALS:
        return _REFUSALS[error.errno]
    said = error.strerror or type(error).__name__
    return text(said, said)


_REFUSALS: Final = {
    errno.ENOENT: text("filen eller mappen finnes ikke", "there is no such file or folder"),
    errno.EACCES: text("tilgangen er nektet", "access is denied"),
    errno.EPERM: text("tilgangen er nektet", "access is denied"),
    errno.EISDIR: text("dette er en mappe", "this is a folder"),
    errno.ENOTDIR: text("en del av stien er ingen mappe", "a part of the path is no folder"),
    errno.EEXIST: text("den finnes fra før", "it exists already"),
    errno.ENOSPC: text("det er ikke plass igjen på disken", "no space is left on the disk"),
    errno.EROFS: text("disken kan ikke skrives til", "the disk cannot be written to"),
    errno.ENAMETOOLONG: text("navnet eller stien er for lang", "the name or path is too long"),
    errno.ELOOP: text("lenken viser til seg selv", "the link leads to itself"),
    errno.EMFILE: text("for mange filer er åpne", "too many files are open"),
    errno.EIO: text("disken svarer med en feil", "the disk answers with an error"),
    errno.EFBIG: text("filen er for stor", "the file is too large"),
}
