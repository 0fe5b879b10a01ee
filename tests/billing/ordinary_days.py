"""Ordinary days of a biller: senders that differ, customers of whom something is always missing, Mondays that
are busier than Sundays, and a register that grows. One seed always gives the same days.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from fakturavakt.billing.billing_run import BillingRun, Listener, RunResult
from fakturavakt.billing.feed_record import feed_of
from fakturavakt.billing.fixed_limits import FixedLimits
from fakturavakt.billing.guard import Guard
from fakturavakt.billing.inbox_screening import screened_here
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.screened_files import FileScreening
from fakturavakt.intake.register import Register
from fakturavakt.intake.sources import files_in_folder
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text

FIRST_DAY: Final = date(2021, 2, 1)  # a Monday
BOOK: Final = load_rulebook().without_trials()


@dataclass(frozen=True)
class Sender:
    """Sells one thing. ``lacking`` is how large a share of customers the register knows too little of;
    ``by_weekday`` how much of ``documents`` a day has.
    """

    number: str
    sells: str
    documents: int
    lacking: float
    by_weekday: tuple[float, ...]
    complete_for: str = ""


SENDERS: Final = (
    Sender(
        "310000027", "subscription", 110, 0.07, (2.0, 1.1, 1, 1, 0.9, 0.3, 0.2), "consent agreement"
    ),
    Sender("310000035", "subscription", 60, 0.15, (1, 1, 1.2, 1, 1, 0, 0)),
    Sender("310000019", "service", 90, 0.02, (1, 1, 1, 1, 1.3, 0.5, 0.5)),
    Sender("310000043", "gift_request", 30, 0.2, (1, 0.7, 1, 0.7, 1, 1, 1)),
    Sender("310000078", "service", 4, 0.1, (1, 1, 1, 1, 1, 1, 0)),
)


@dataclass
class World:
    """All of it, in a folder: ``in``, ``register`` and ``out``."""

    folder: Path
    seed: int
    random: Random = field(default_factory=Random)
    days: int = 0
    told: list[str] = field(default_factory=list)
    known: dict[tuple[str, str], tuple[bool, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.days:
            self.random.seed(self.seed)
        of_seed = Random(self.seed)
        self._busy = {sender.number: of_seed.uniform(0.6, 1.6) for sender in SENDERS}

    @property
    def day(self) -> date:
        """Today."""
        return FIRST_DAY + timedelta(days=self.days)

    def deliver(self) -> int:
        """A day's documents, in one file a sender, and the register as it is that day; how many."""
        inbox = self.folder / "in"
        inbox.mkdir(parents=True, exist_ok=True)
        count = 0
        for sender in SENDERS:
            documents = list(self._documents(sender))
            count += len(documents)
            if documents:
                name = f"{sender.number}-{self.day}.ndjson"
                (inbox / name).write_text("\n".join(documents) + "\n", encoding="utf-8")
        if self.random.random() < 0.3:
            (inbox / f"broken-{self.day}.json").write_text(f"{{{self.day}", encoding="utf-8")
            count += 1
        self._write_register()
        return count

    def _documents(self, sender: Sender) -> Iterator[str]:
        usual = sender.documents * self._busy[sender.number] * sender.by_weekday[self.day.weekday()]
        number = (
            round(self.random.gauss(usual, (usual + (0.12 * usual) ** 2) ** 0.5)) if usual else 0
        )
        # Some days new customers come faster than they are written down.
        lacking = min(0.9, sender.lacking * self.random.lognormvariate(0, 0.35))
        for n in range(number):
            customer = str(self.random.randrange(1, 4 * sender.documents * 30))
            self.known.setdefault(
                (sender.number, customer),
                (self.random.random() >= lacking, self.random.random() >= lacking / 4),
            )
            yield json.dumps(
                {
                    "invoice": {
                        "number": f"{self.day:%m%d}-{n}",
                        "kind": "invoice",
                        "issue_date": str(self.day),
                        "due_date": str(self.day + timedelta(days=14)),
                        "send_date": str(self.day),
                        "currency": "NOK",
                        "payable_amount": "100.00",
                        "lines": [{"id": "1", "service": "it", "amount": "100.00"}],
                    },
                    "sender": {"organisation_number": sender.number},
                    "recipient": {"customer_number": customer},
                }
            )

    def _write_register(self) -> None:
        folder = self.folder / "register"
        folder.mkdir(exist_ok=True)
        _write(
            folder / "senders.csv",
            ["organisation_number", "efaktura_b2c_agreement", "complete_for"],
            ([each.number, "ja", each.complete_for] for each in SENDERS),
        )
        _write(
            folder / "services.csv",
            ["sender", "service", "kind"],
            ([each.number, "it", each.sells] for each in SENDERS),
        )
        _write(
            folder / "recipients.csv",
            ["sender", "customer_number", "kind", "name", "mobile", "efaktura", "vipps"],
            (
                [
                    sender,
                    number,
                    "person",
                    "Kari Nordmann",
                    "",
                    "ja" if int(number) % 3 else "nei",
                    "",
                ]
                for (sender, number), (_, is_person) in self.known.items()
                if is_person
            ),
        )
        kinds = ("agreement", "agreed", "consent", "gift_acceptance")
        header = [
            "sender",
            "customer_number",
            "service",
            "kind",
            "from",
            "informed",
            "explicit",
            "amount",
        ]
        _write(
            folder / "evidence.csv",
            header,
            (
                [
                    sender,
                    number,
                    "" if kind == "agreement" else "it",
                    kind,
                    "2020-01-01",
                    *(("ja", "ja") if kind == "consent" else ("", "")),
                    "100.00" if kind == "agreed" else "",
                ]
                for (sender, number), (has_evidence, _) in self.known.items()
                for kind in kinds
                if has_evidence or kind != "consent"
            ),
        )

    def run(
        self, out: Path | None = None, book: RuleBook = BOOK, limits: FixedLimits | None = None
    ) -> RunResult:
        """Today's run, as the command does it; what it says is in ``told``."""
        evidence, outbox = self.folder / "register", Outbox(out or self.folder / "out")
        screening = FileScreening(book, self.day, "reference", "nb", Register.load(evidence))
        about = {
            "as_of": self.day.isoformat(),
            "rulebook": {"name": book.name, "version": book.version},
            "language": "nb",
            "feed": feed_of(evidence),
        }
        self.told.clear()
        inbox = str(self.folder / "in")
        with outbox.locked():
            outbox.make()
            with outbox.journal() as journal:
                run = BillingRun(
                    outbox, about, Guard(limits or FixedLimits()), "nb", Listener(self._hear)
                )
                waiting = run.finish(journal)
                if waiting is not None:
                    return waiting
                files, _ = files_in_folder(inbox, None)
                return run.run(journal, inbox, "move", screened_here(screening, files))

    def release(self, result: RunResult, out: Path) -> RunResult:
        """Somebody looked at it."""
        outbox = Outbox(out)
        with outbox.locked(), outbox.journal() as journal:
            return BillingRun(outbox, {}).release(journal, result.run.run, "kari")

    def _hear(self, said: Text) -> None:
        self.told.append(said.say("nb"))


def _write(path: Path, header: list[str], rows: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(header)
        writer.writerows(rows)
