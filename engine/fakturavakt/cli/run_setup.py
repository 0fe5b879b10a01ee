"""What every command that reads documents does first: rule book, language, register, files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fakturavakt.cli import exit_codes
from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import (
    check_language,
    failures_told,
    tell,
    teller,
)
from fakturavakt.texts import Text, text

if TYPE_CHECKING:
    from fakturavakt.engines.choose import EngineName
    from fakturavakt.intake.documents import RawDocument, Unreadable
    from fakturavakt.intake.register import Register
    from fakturavakt.rulebook.model import RuleBook
    from fakturavakt.screening import Screening


@dataclass
class DocumentRun:
    """A screening over the files that were named; counts what it reads. ``columns`` says why it goes through
    columns, where it does.
    """

    screening: Screening
    files: tuple[str, ...]
    columns: Text | None = None
    read: int = 0
    unreadable: int = 0

    def documents(self, *, told: bool = True) -> Iterator[RawDocument | Unreadable]:
        """Every document; those that cannot be read are ``told`` on stderr, where the output that
        follows does not say so itself.
        """
        from fakturavakt.intake.documents import Unreadable

        for document in self.screening.documents(self.files, sys.stdin.buffer):
            self.read += 1
            if isinstance(document, Unreadable):
                self.unreadable += 1
            if isinstance(document, Unreadable) and told:
                self.tell_unreadable(document)
            yield document

    def tell_unreadable(self, document: Unreadable) -> None:
        """On stderr: where a document is, and why it cannot be read."""
        source = document.source
        reason = document.reason.say(self.screening.language)
        tell(f"{source.file}:{document.place}: {reason} (#{source.position})")

    def exit_code(self) -> int:
        """See :func:`fakturavakt.cli.exit_codes.of_reading`; says so where nothing was read."""
        if not self.read:
            tell(t("Ingen dokumenter ble funnet.", "No documents were found."))
        return exit_codes.of_reading(self.read, self.unreadable)


def warn_of_skipped(files: Iterable[str], warn: Callable[[Text], None]) -> None:
    """Tell of files of a folder that are no documents by their names."""
    for file in files:
        warn(
            text(
                f"Hoppet over {file}: endelsen er ikke .xml, .json, .ndjson, .jsonl, .csv, .parquet.",
                f"Skipped {file}: its ending is not .xml, .json, .ndjson, .jsonl, .csv or .parquet.",
            )
        )


def loaded(
    rules: str | None, evidence: str | None, language: str, *, trials: bool = False
) -> tuple[RuleBook, Register | None]:
    """The rule book and the register; what is odd about the register is told on stderr."""
    from fakturavakt.intake.register import Register
    from fakturavakt.rulebook.loader import load_rulebook

    book = load_rulebook(rules)
    check_language(language, book.languages)
    if not trials:
        book = book.without_trials()
    register = None if evidence is None else Register.load(evidence)
    for warning in () if register is None else register.warnings:
        tell(warning.say(language))
    return book, register


@contextmanager
def document_run(
    paths: tuple[str, ...],
    *,
    rules: str | None,
    evidence: str | None,
    as_of: date | None,
    language: str,
    engine: EngineName = "reference",
    columns: Callable[[tuple[str, ...]], Text | None] | None = None,
    trials: bool = False,
) -> Iterator[DocumentRun]:
    """A run over ``paths``; failures that a user can mend end it with exit code 2.

    ``columns`` says of the files why they go through columns; its documents with problems then go through
    ``reference``. With ``trials`` rules on trial are evaluated and told of, too.
    """
    with failures_told(language):
        from fakturavakt.engines.choose import choose_engine
        from fakturavakt.intake.sources import find_files
        from fakturavakt.screening import Screening, today_in_oslo

        warn = teller(language)
        book, register = loaded(rules, evidence, language, trials=trials)
        found = find_files(paths, evidence)
        warn_of_skipped(found.skipped, warn)
        why = None if columns is None else columns(found.files)
        chosen = choose_engine(book, engine if why is None else "reference", warn)
        try:
            yield DocumentRun(
                Screening(book, as_of or today_in_oslo(), chosen, language, register, warn, trials),
                found.files,
                why,
            )
        finally:
            chosen.close()
