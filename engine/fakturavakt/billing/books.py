"""The books of a run: documents in, and what became of each of them; and the reports that are kept of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fakturavakt import __version__
from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.durable_files import replace_whole
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.run_records import RunRecord, RunState
from fakturavakt.texts import Text, counted, how_many, text

SCHEMA: Final = 1
"""The version of the report's shape."""
LAST_RUN: Final = "run.json"


@dataclass(frozen=True, slots=True)
class Books:
    """``documents_in`` is what was counted as documents were read; ``placed`` what the journal has of
    them.
    """

    documents_in: int
    placed: Mapping[tuple[Destination, str | None], int]

    @classmethod
    def of(cls, run: RunRecord, journal: Journal) -> Books:
        """Of a run that is planned, or has ended."""
        return cls(run.documents_in, journal.counts(run.run))

    def __getitem__(self, destination: Destination) -> int:
        """How many documents have a destination."""
        return sum(count for (each, _), count in self.placed.items() if each is destination)

    @property
    def balance(self) -> bool:
        """Whether every document is accounted for."""
        return self.documents_in == sum(self.placed.values())

    def sentence(self) -> Text:
        """``12 dokumenter inn = 7 sendt + 2 stoppet + …``."""
        documents = how_many(
            self.documents_in, text("dokument", "document"), text("dokumenter", "documents")
        )
        shown = [each for each in Destination if each in _ALWAYS or self[each]]
        said = (
            " + ".join(
                f"{counted(self[each], language)} {_WORDS[each].say(language)}" for each in shown
            )
            for language in ("nb", "en")
        )
        nb, en = said
        sign = "=" if self.balance else "≠"
        return text(
            f"{documents.say('nb')} inn {sign} {nb}", f"{documents.say('en')} in {sign} {en}"
        )

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return {
            "in": self.documents_in,
            **{each.replace("-", "_"): self[each] for each in Destination},
            "balance": self.balance,
        }


def write_report(outbox: Outbox, run: RunRecord, books: Books) -> None:
    """``run.json``, and of a run that has ended, last, since it says that both are written,
    ``runs/RUN.json``: each whole, or as it was before.
    """
    report = f"{json.dumps(report_on(run, books), ensure_ascii=False, indent=1)}\n".encode(
        errors="replace"
    )
    replace_whole(outbox.root / LAST_RUN, report, outbox.staged / LAST_RUN)
    if run.state is RunState.ENDED:
        replace_whole(outbox.report_of(run.run), report, outbox.staged / LAST_RUN)


def report_on(run: RunRecord, books: Books) -> dict[str, object]:
    """What is kept of a run for programs."""
    return {
        "schema": SCHEMA,
        "program": f"fakturavakt {__version__}",
        "run": run.run,
        "state": run.state,
        "inbox": run.inbox,
        "mode": run.mode,
        **run.about,
        "started": run.started,
        "ended": run.ended,
        "waits_for": list(run.waits_for),
        "released_by": run.released_by,
        "released_at": run.released_at,
        "documents": books.as_dict(),
        "channels": {
            channel: count
            for (destination, channel), count in books.placed.items()
            if destination is Destination.SEND and channel is not None
        },
    }


_ALWAYS: Final = tuple(each for each in Destination if each is not Destination.NOT_PLACED)
_WORDS: Final = {
    Destination.SEND: text("til sending", "to be sent"),
    Destination.BLOCK: text("stoppet", "blocked"),
    Destination.HOLD: text("på vent", "on hold"),
    Destination.OUT_OF_SCOPE: text("ikke omfattet", "out of scope"),
    Destination.UNREADABLE: text("ikke lest", "not read"),
    Destination.DUPLICATE: text("kommet før", "seen before"),
    Destination.NOT_PLACED: text("ikke lagt ut", "not placed"),
}
