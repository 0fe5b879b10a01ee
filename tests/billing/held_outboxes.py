"""Outboxes with invoices on hold: documents and a register drawn by a seed, gone through a run."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.ubl_inbox import AS_OF

from fakturavakt.billing.answering import Answering, AnswerResult
from fakturavakt.billing.billing_run import BillingRun
from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.hold_groups import Group
from fakturavakt.billing.hold_queue import Queue, QueueMaker
from fakturavakt.billing.inbox_screening import screened_here
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.questionnaire import filled_in_with_yes, read, write
from fakturavakt.billing.screened_files import FileScreening
from fakturavakt.intake.register import Register
from fakturavakt.intake.sources import files_in_folder
from fakturavakt.rulebook.loader import load_rulebook

BOOK = load_rulebook().without_trials()
SENDERS = ("310000019", "310000027")
CUSTOMERS = ("1001", "1002", "=3", "Ærlig 4")
SERVICES = ("strom", "tv", "gave;stor")
KINDS = ("goods", "service", "subscription", "gift_request")
DAYS = ("2020-05-01", "2021-01-15", "2021-02-01", "2021-02-02", "2021-03-01")
HEADERS = {
    "senders.csv": "organisation_number;name;complete_for",
    "recipients.csv": "note;sender;customer_number;kind;name",
    "services.csv": "sender;service;kind",
    "evidence.csv": "sender;customer_number;service;kind;given;from;withdrawn;informed;explicit;amount;"
    "currency;reference;recorded_by;recorded_on",
}


@dataclass(frozen=True)
class Desk:
    """An outbox and the register beside it."""

    outbox: Outbox
    evidence: Path

    def queue(self, limit: int = -1, *, personal: bool = False) -> Queue:
        """The queue as it is now."""
        register = Register.load(self.evidence)
        maker = QueueMaker(self.outbox, BOOK, register, AS_OF, "nb", personal)
        with self.outbox.journal(read_only=True) as journal:
            return maker.queue(journal, limit)

    def questionnaire(self, groups: Sequence[Group], **cells: str) -> Path:
        """The questionnaire of the groups, with a yes to each, or other ``cells``."""
        stream = io.StringIO()
        write(groups, BOOK, "nb", stream, personal=False)
        rows = list(
            csv.DictReader(io.StringIO(stream.getvalue().removeprefix("\ufeff")), delimiter=";")
        )
        path = self.evidence.parent / "answers.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            names = list(rows[0]) if rows else ["sender", "about", "answer", "recorded_by"]
            writer = csv.DictWriter(file, names, delimiter=";")
            writer.writeheader()
            for group, row in zip(groups, rows, strict=True):
                writer.writerow(row | filled_in_with_yes(group, "Kari", AS_OF) | cells)
        return path

    def answer(self, path: Path | None) -> AnswerResult:
        """As the command does it."""
        answers = None if path is None else read(str(path), AS_OF)
        with self.outbox.locked():
            self.outbox.make()
            with self.outbox.journal() as journal:
                return Answering(self.outbox, BOOK, self.evidence, AS_OF, "nb").take(
                    journal, answers
                )

    def counts(self) -> dict[Destination, int]:
        """How many documents are where, by the journal."""
        with self.outbox.journal(read_only=True) as journal:
            return {each: journal.count_of(each) for each in Destination}


def run(inbox: Path, outbox: Path, evidence: Path) -> Desk:
    """A run over an inbox."""
    place = Outbox(outbox)
    screening = FileScreening(BOOK, AS_OF, "reference", "nb", Register.load(evidence))
    files, _ = files_in_folder(str(inbox), None)
    with place.locked():
        place.make()
        with place.journal() as journal:
            billing = BillingRun(place, {"as_of": AS_OF.isoformat()})
            billing.finish(journal)
            billing.run(journal, str(inbox), "move", screened_here(screening, files))
    return Desk(place, evidence)


def drawn(folder: Path, seed: int, count: int = 24) -> Desk:
    """An outbox of so many documents, in files of several formats."""
    draw = random.Random(seed)
    inbox, evidence = folder / "in", folder / "register"
    for each in (inbox, evidence):
        each.mkdir()
    register(draw, evidence)
    lines = [json.dumps(document(draw, n), ensure_ascii=False).encode() for n in range(count)]
    thirds = [lines[n::3] for n in range(3)]
    (inbox / "lines.ndjson").write_bytes(b"\r\n".join(thirds[0]))
    (inbox / "list.json").write_bytes(b"[" + b", ".join(thirds[1]) + b"]")
    (inbox / "packed.ndjson.gz").write_bytes(gzip.compress(b"\n".join(thirds[2][1:]) + b"\n"))
    (inbox / "one.json").write_bytes(thirds[2][0])
    return run(inbox, folder / "out", evidence)


def document(draw: random.Random, number: int) -> dict[str, Any]:
    """An invoice that the register has to say most of."""
    return {
        "invoice": {
            "number": f"F-{number}",
            "issue_date": draw.choice(["2021-02-01", "2021-01-20", "2021-01-20", None]),
            "due_date": draw.choice(["2021-02-15", "2021-01-31", "2021-03-01", None]),
            "send_date": draw.choice(["2021-02-02", "2021-02-02", None]),
            "currency": draw.choice(["NOK", "NOK", "NOK", "EUR"]),
            "payable_amount": draw.randrange(1, 2000),
            "lines": [line(draw, n) for n in range(draw.choice([1, 1, 2]))],
        },
        "sender": {"organisation_number": draw.choice(SENDERS)},
        "recipient": {
            "kind": draw.choice(["person", "person", None]),
            "customer_number": draw.choice([*CUSTOMERS, *CUSTOMERS, None]),
            "name": "Ola Hemmelig",
        },
        "relationship": draw.choice([None, None, {"agreement": True}, {"claim": False}]),
    }


def line(draw: random.Random, number: int) -> dict[str, Any]:
    """A line of one."""
    return {
        "id": str(number + 1),
        "kind": draw.choice([*KINDS, *KINDS, None]),
        "service": draw.choice([*SERVICES, *SERVICES, None]),
        "amount": draw.choice([100, 349.5, 1200, None] if draw.random() < 0.1 else [100, 349.5]),
        "consent": draw.choice([None, None, None, {"given": True}]),
        "agreed": draw.choice(
            [None, None, {"given": True, "given_on": "2020-01-01", "amount": 5000}]
        ),
    }


def register(draw: random.Random, folder: Path) -> None:
    """Entries that answer some of it, leave some of it open and say no to some."""
    rows: dict[str, list[list[str]]] = {name: [] for name in HEADERS}
    complete = draw.choice(["", "", "consent"])
    rows["senders.csv"] = [[each, "Avsender AS", complete] for each in SENDERS]
    for sender in SENDERS:
        for customer in CUSTOMERS:
            if draw.random() < 0.5:
                kind = draw.choice(["person", ""])
                rows["recipients.csv"].append(["beholdes", sender, customer, kind, "Ola Hemmelig"])
            for _ in range(draw.choice([0, 1, 3])):
                kind = draw.choice(["agreement", "claim", "consent", "gift_acceptance", "agreed"])
                service = draw.choice(SERVICES)
                if kind in ("agreement", "claim") or (
                    kind == "gift_acceptance" and draw.random() < 0.5
                ):
                    service = ""
                yes_no = draw.choice(["ja", ""])
                rows["evidence.csv"].append(
                    [
                        *(sender, customer, service, kind, draw.choice(["", "ja", "nei"])),
                        *(draw.choice(DAYS), draw.choice(["", "", "2021-02-10"]), yes_no, yes_no),
                        *(draw.choice(["", "200,00", "349,50"]), draw.choice(["", "", "EUR"])),
                        *("R-1", "salg", "2020-01-01"),
                    ]
                )
        if draw.random() < 0.5:
            rows["services.csv"].append([sender, draw.choice(SERVICES), draw.choice(KINDS)])
    for name, header in HEADERS.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            file.write(header + "\n")
            csv.writer(file, delimiter=";", lineterminator="\n").writerows(rows[name])


def decided(journal: Journal) -> dict[int, str]:
    """Where each document is."""
    return {each.document: str(each.destination) for each in journal.documents()}


__all__ = ["AS_OF", "BOOK", "Desk", "date", "decided", "drawn", "run"]
