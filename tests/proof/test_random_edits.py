"""Random edits of rule books: each document that is shown is confirmed, and none that is not there is found.

The same, a thousand times: ``python -m tests.proof.random_edits --edits 1000``.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings
from tests.proof.random_edits import Edited, edited_rule_books, examine, examine_promises


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(edited=edited_rule_books())
def test_no_document_shows_the_solver_wrong(edited: Edited) -> None:
    """Every witness is confirmed and smallest; what is equivalent differs for no random document."""
    tally: Counter[str] = Counter()
    examine(edited, 30.0, tally)
    examine_promises(edited, tally)
    assert tally["random documents"]
