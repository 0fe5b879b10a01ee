"""A rule book with the tables of cases beside it, for the commands that work on both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakturavakt.cli.terminal import check_language

if TYPE_CHECKING:
    from pathlib import Path

    from fakturavakt.rulebook.case_files import CaseTable
    from fakturavakt.rulebook.model import RuleBook


def with_cases(rules: str | None, lang: str) -> tuple[Path, RuleBook, CaseTable]:
    """The folder (that of the shipped rule book where none is given), its rule book and its cases.

    Raises what :func:`~fakturavakt.rulebook.loader.load_rulebook` and
    :func:`~fakturavakt.rulebook.case_files.load_cases` raise; a language that the rule book lacks ends
    the command.
    """
    from fakturavakt.rulebook.case_files import load_cases
    from fakturavakt.rulebook.loader import folder_of_rules, load_rulebook

    root = folder_of_rules(rules)
    book = load_rulebook(root)
    check_language(lang, book.languages)
    return root, book, load_cases(root, book)
