"""The rule books to measure with have so many rules, and as many in force."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.generate_documents import AS_OF
from benchmarks.rule_books import SHIPPED, write_rule_book

from fakturavakt.rulebook.loader import load_rulebook


@pytest.mark.parametrize(("count", "in_force"), [(15, 1.0), (150, 1.0), (150, 0.05)])
def test_so_many_rules_of_which_so_many_are_in_force(
    count: int, in_force: float, tmp_path: Path
) -> None:
    """The shipped ones are always there."""
    book = load_rulebook(write_rule_book(tmp_path / "rules", count, in_force))
    assert len(book.rules) == count
    own = [rule for rule in book.prohibitions if rule.source.document == "fakturavakt, benchmarks"]
    assert len(own) == count - SHIPPED
    active = [
        rule
        for rule in own
        if (rule.window.starts is None or rule.window.starts <= AS_OF)
        and (rule.window.before is None or rule.window.before > AS_OF)
    ]
    assert len(active) == int(in_force * len(own))


def test_fewer_rules_than_the_shipped_ones_are_refused(tmp_path: Path) -> None:
    """Rather than left out."""
    with pytest.raises(ValueError, match="shipped book"):
        write_rule_book(tmp_path / "rules", SHIPPED - 1)
