"""Steps between two rule books as formulas: the documents that go further up a ladder, or all the way.

The ladders are those of ``difference.py``: false, unknown, true; let through, held, blocked.
"""

from __future__ import annotations

from typing import Final

from fakturavakt.decision import Verdict
from fakturavakt.proof.outcome_formulas import DecisionFormulas, Kleene
from fakturavakt.proof.terms import Formula, Terms

RELEASED: Final = (Verdict.SEND, Verdict.OUT_OF_SCOPE)
"""What lets an invoice through."""


def further(before: Kleene, after: Kleene, terms: Terms) -> Formula:
    """The documents for which ``after`` is further from false to true."""
    return terms.either(
        [
            terms.both([after.holds, terms.negated(before.holds)]),
            terms.both([before.fails, terms.negated(after.fails)]),
        ]
    )


def all_the_way(before: Kleene, after: Kleene, terms: Terms) -> Formula:
    """The documents for which it goes from false to true."""
    return terms.both([before.fails, after.holds])


def stopped_at_once(before: DecisionFormulas, after: DecisionFormulas, terms: Terms) -> Formula:
    """The documents that ``before`` lets through and ``after`` blocks."""
    released = terms.either(before.verdict(each) for each in RELEASED)
    return terms.both([released, after.verdict(Verdict.BLOCK)])


def later_decision(before: DecisionFormulas, after: DecisionFormulas, terms: Terms) -> Formula:
    """The documents that ``after`` stops, or holds, more than ``before``."""
    released = terms.either(before.verdict(each) for each in RELEASED)
    stopped = terms.either([after.verdict(Verdict.HOLD), after.verdict(Verdict.BLOCK)])
    return terms.either(
        [
            terms.both([released, stopped]),
            terms.both([before.verdict(Verdict.HOLD), after.verdict(Verdict.BLOCK)]),
        ]
    )
