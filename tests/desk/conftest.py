"""A copy of the shipped rule book to edit, as in the tests of the rule book."""

from tests.rulebook.conftest import edit, rules

__all__ = ["edit", "rules"]
