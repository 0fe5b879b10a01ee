"""Between planning and placing: may this run put anything anywhere.

Whatever looks at a run as a whole (is it ten times as large as usual, does half of it go to one recipient) is
a :class:`CheckPoint`. It sees the plan in the journal, and nothing has been put anywhere yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from fakturavakt.billing.journal import Journal
from fakturavakt.billing.run_records import RunRecord
from fakturavakt.texts import Text


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that is planned: its record, with counts and sums, and the journal, with its documents.

    ``history`` is the journal of the runs before it, where that is another one: of a rehearsal.
    """

    run: RunRecord
    journal: Journal
    history: Journal | None = None


CheckPoint: TypeAlias = Callable[[Plan], tuple[Text, ...]]
"""Why a run must wait for somebody to release it; nothing where it may go on."""


def may_go_on(_plan: Plan) -> tuple[Text, ...]:
    """No reason to wait, ever."""
    return ()
