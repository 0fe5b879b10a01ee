"""What is counted of a run, and what of earlier runs is kept."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from fakturavakt.billing import run_figures
from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.run_figures import ALL, WHOLE, Figure, Kind, RunFigures
from fakturavakt.billing.run_records import AskedFact, DocumentRecord, Figures

SENDER = "974760673"
NUMBERS = count(1)


def planned(journal: Journal, day: str, *documents: tuple[Destination, Figures]) -> str:
    """A run with these documents; its id."""
    run = journal.begin("/in", "move", {"as_of": day})
    for destination, figures in documents:
        number = next(NUMBERS)
        channel = "paper" if destination is Destination.SEND else None
        record = DocumentRecord(
            number, run, 1, "a", 1, b"%d" % number, destination, channel, None, None, figures
        )
        journal.add_document(record, b"")
    journal.planned(run, len(documents), {})
    run_figures.take(journal, run)
    return run


def ended(
    journal: Journal, day: str, *documents: tuple[Destination, Figures], by: str | None = None
) -> str:
    """The same, carried out."""
    run = planned(journal, day, *documents)
    journal.release(run, by)
    journal.end(run)
    return run


def figures_of(journal: Journal, run: str) -> tuple[RunFigures, list[RunFigures]]:
    """As the guard asks for them."""
    found = journal.run(run)
    assert found is not None
    return run_figures.runs_up_to(journal, found, journal)


def of(figures: RunFigures, sender: str) -> Mapping[Figure, int]:
    """What is counted of a sender."""
    return figures.senders[sender].of


SENT = (Destination.SEND, Figures(sender=SENDER))


def test_each_document_counts_once_in_each_figure() -> None:
    """A fact that is missing on two lines is missing in one document; what came before is not counted."""
    consent = "line.consent.given"
    held = Figures(
        sender=SENDER,
        findings={"a": "holds", "b": "unknown"},
        missing=(AskedFact(consent, "1"), AskedFact(consent, "2"), AskedFact("recipient.kind")),
    )
    with Journal(None) as journal, journal.transaction():
        run = planned(
            journal,
            "2021-02-01",
            SENT,
            (Destination.HOLD, held),
            (Destination.UNREADABLE, Figures()),
            (Destination.DUPLICATE, held),
        )
        now, earlier = figures_of(journal, run)
    assert not earlier
    own = {
        ALL: 2,
        Figure(Kind.CHANNEL, "paper"): 1,
        Figure(Kind.HOLD): 1,
        Figure(Kind.RULE, "a"): 1,
        Figure(Kind.RULE_UNKNOWN, "b"): 1,
        Figure(Kind.MISSING, consent): 1,
        Figure(Kind.MISSING, "recipient.kind"): 1,
    }
    assert of(now, SENDER) == own
    assert of(now, WHOLE) == own | {ALL: 3, Figure(Kind.UNREADABLE): 1}


def test_only_runs_that_ended_are_earlier_runs() -> None:
    """The oldest first; those that were discarded leave nothing, and those of one day are added up."""
    with Journal(None) as journal, journal.transaction():
        first = ended(journal, "2021-02-01", SENT)
        second = ended(journal, "2021-02-02", SENT, SENT, by="kari")
        journal.discard(planned(journal, "2021-02-02", SENT))
        now, earlier = figures_of(journal, planned(journal, "2021-02-02", SENT, SENT, SENT))
        left = journal.execute("SELECT count(DISTINCT run) FROM figures")
    assert [(each.run, each.seen_by_hand) for each in earlier] == [(first, False), (second, True)]
    assert now.senders[SENDER].documents == 3
    assert now.senders[SENDER].of_day == 5
    assert left == [(3,)]


def test_sixty_days_are_looked_back_on() -> None:
    """However many runs they have."""
    with Journal(None) as journal, journal.transaction():
        for day in range(1, 32):
            for month in ("01", "03", "05"):
                ended(journal, f"2021-{month}-{day:02}", SENT)
                ended(journal, f"2021-{month}-{day:02}", SENT)
        _, earlier = figures_of(journal, planned(journal, "2021-06-01", SENT))
    assert len(earlier) == 2 * run_figures.DAYS
