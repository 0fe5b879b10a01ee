"""A mistake in a file that somebody wrote: where it is, what is wrong, what was expected.

Rule books and evidence registers are refused with *all* of their mistakes at once; raising the first
one of several is itself a mistake. May import: ``texts``.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from fakturavakt.texts import Text, text


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A place in a file; ``line`` and ``column`` count from 1 (in CSV the column is the cell)."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake. ``code`` is a short stable phrase, apart from the wording."""

    place: Place
    code: str
    wrong: Text = field(compare=False)
    expected: Text | None = field(default=None, compare=False)

    def say(self, language: str) -> str:
        """``file:line:column: what is wrong; what was expected`` on one line."""
        expected = f" {self.expected.say(language)}" if self.expected else ""
        return f"{self.place}: {self.wrong.say(language)}{expected}"


class ProblemsError(Exception):
    """Everything that is wrong with one set of files: ``problems`` is sorted and never empty."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(dict.fromkeys(problems)))
        super().__init__(self.say("en"))

    def say(self, language: str) -> str:
        """All problems, one a line."""
        return "\n".join(problem.say(language) for problem in self.problems)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` was probably meant to be, if one is near enough."""
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return close[0]
    tails = [name for name in known if name.rpartition(".")[2] == word.rpartition(".")[2]]
    return tails[0] if len(tails) == 1 else None


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
