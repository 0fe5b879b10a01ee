"""What a scenario builds up and asks: one invoice, what is known of it, and what came out."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fakturavakt.acceptance.names import book_under_test
from fakturavakt.agreements import SenderAgreements, sender_agreements
from fakturavakt.decision import Decision
from fakturavakt.engines.choose import EngineName, choose_engine, durable_rules_can_run
from fakturavakt.engines.outcomes import Engine
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import ReadDocument
from fakturavakt.intake.register import Register
from fakturavakt.rulebook.model import ChannelProperties
from fakturavakt.screening import Screening
from fakturavakt.texts import Text
from fakturavakt.vocabulary.facts import Fact, FactType
from fakturavakt.vocabulary.forms import JsonNumber

SENDER = "974760673"
CUSTOMER = "K1"
_LINE = re.compile(r"line\[(\d+)\]\.(.+)")


def sendable() -> dict[str, Any]:
    """An invoice with everything in order: a person, an agreement, one agreed item, eFaktura."""
    return {
        "invoice": {
            "number": "1001",
            "issue_date": "2021-02-01",
            "due_date": "2021-02-15",
            "send_date": "2021-02-02",
            "currency": "NOK",
            "payable_amount": "436.25",
            "lines": [agreed_line(1)],
        },
        "sender": {
            "organisation_number": SENDER,
            "efaktura_b2c_agreement": True,
            "legacy_vipps_agreement": False,
        },
        "recipient": {
            "kind": "person",
            "customer_number": CUSTOMER,
            "name": "Kari Nordmann",
            "street": "Storgata 1",
            "postal_code": "0155",
            "city": "Oslo",
            "mobile": "+4791234567",
            "efaktura": True,
            "vipps": True,
        },
        "relationship": {"agreement": True},
    }


def agreed_line(number: int) -> dict[str, Any]:
    """A line for an item that was agreed in time, for its amount."""
    return {
        "id": str(number),
        "description": "Kaffe",
        "service": f"vare-{number}",
        "kind": "goods",
        "amount": "349.00",
        "agreed": {"given": True, "given_on": "2021-01-15", "amount": "349.00"},
    }


def consent() -> dict[str, Any]:
    """A complete consent, given in time."""
    return {"given": True, "informed": True, "explicit": True, "given_on": "2021-01-15"}


watchers: list[Callable[[ReadDocument, date], None]] = []
"""Told of every document that a scenario decides, or judges a sender by, and of its screening date."""


def _told_of(read: ReadDocument, as_of: date) -> ReadDocument:
    for watcher in watchers:
        watcher(read, as_of)
    return read


@cache
def _engines() -> tuple[Engine, ...]:
    """Every engine that can run here."""
    names: tuple[EngineName, ...] = ("reference",)
    if durable_rules_can_run():
        names += ("durable",)
    return tuple(choose_engine(book_under_test(), name, _refuse) for name in names)


@dataclass
class Case:
    """A scenario under way."""

    folder: Path
    document: dict[str, Any] = field(default_factory=sendable)
    as_of: date = date(2021, 2, 2)
    evidence: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    complete_for: str = ""
    decision: Decision | None = None
    agreements: SenderAgreements | None = None

    def place(self, path: str) -> tuple[dict[str, Any], str]:
        """Where a fact stands in the document: its group and key, made where they are not there."""
        node = self.document
        found = _LINE.fullmatch(path)
        if found:
            number, path = int(found[1]), found[2]
            lines = self.document["invoice"]["lines"]
            while len(lines) < number:
                lines.append(agreed_line(len(lines) + 1))
            node = lines[number - 1]
        *groups, key = path.split(".")
        for group in groups:
            node = node.setdefault(group, {})
        return node, key

    def set(self, path: str, value: object) -> None:
        """State a fact."""
        node, key = self.place(path)
        node[key] = value

    def forget(self, path: str) -> None:
        """Take a fact away."""
        self._known(path)
        node, key = self.place(path)
        node.pop(key, None)

    def set_whole(self, group: str, words: str) -> None:
        """Put a text where a group of facts, or the list of lines, should stand."""
        within = _LINE.sub(r"line.\2", group)
        known = [fact.name for fact in book_under_test().vocabulary]
        if within != "invoice.lines" and not any(name.startswith(f"{within}.") for name in known):
            raise KeyError(f"unknown group {group}")
        self.set(group, words)

    def properties(self, channel: str) -> ChannelProperties:
        """What a channel declares of itself, by its rule in force on the send date."""
        day = date.fromisoformat(self.document["invoice"]["send_date"])
        (found,) = [each for each in book_under_test().channels if each.name == channel]
        (rule,) = [
            rule
            for rule in found.rules
            if (rule.window.starts or day) <= day < (rule.window.before or date.max)
        ]
        return rule.properties

    def line(self, number: int) -> dict[str, Any]:
        """The line at a position, from 1; lines before it are made where they are not there."""
        node, _ = self.place(f"line[{number}].id")
        return node

    def value(self, path: str, written: str) -> object:
        """A value as a scenario writes it, in the JSON that the fact's type takes."""
        match self._known(path).type:
            case FactType.YES_NO if written in ("ja", "yes"):
                return True
            case FactType.YES_NO if written in ("nei", "no"):
                return False
            case FactType.COUNT if written.isdigit():
                return JsonNumber(written)
            case _:
                return written

    @staticmethod
    def _known(path: str) -> Fact:
        """The fact of a path; one that the vocabulary does not have is a mistake of the scenario."""
        name = _LINE.sub(r"line.\2", path)
        vocabulary = book_under_test().vocabulary
        if name not in vocabulary:
            raise KeyError(f"unknown fact {path}")
        return vocabulary[name]

    def _run(self, engine: Engine) -> Screening:
        register = None
        if self.evidence or self.services or self.complete_for:
            self.folder.mkdir(exist_ok=True)
            (self.folder / "senders.csv").write_text(
                f"organisation_number,complete_for\n{SENDER},{self.complete_for}\n",
                encoding="utf-8",
            )
            (self.folder / "evidence.csv").write_text(
                "\n".join(self.evidence) + "\n" if self.evidence else _EVIDENCE_HEADER,
                encoding="utf-8",
            )
            if self.services:
                (self.folder / "services.csv").write_text(
                    "\n".join(self.services) + "\n", encoding="utf-8"
                )
            register = Register.load(self.folder)
        return Screening(book_under_test(), self.as_of, engine, "nb", register, _refuse)

    def screen(self) -> None:
        """Decide with every engine; they must agree to the byte."""
        raw = RawDocument(DocumentSource("scenario", 1), deepcopy(self.document))
        screened = [self._run(engine).screen(raw) for engine in _engines()]
        assert len({each.decision.as_json() for each in screened}) == 1
        _told_of(screened[0].read, self.as_of)
        self.decision = screened[0].decision

    def judge_sender(self) -> None:
        """What the migration means for the sender."""
        run = self._run(_engines()[0])
        raw = RawDocument(DocumentSource("scenario", 1), deepcopy(self.document))
        (self.agreements,) = sender_agreements(
            [_told_of(run.reader.read(raw), self.as_of).facts], run.book, self.as_of, "nb", _refuse
        )


_EVIDENCE_HEADER = "sender,customer_number,kind,from\n"


def _refuse(said: Text) -> None:
    """A scenario that makes the program warn names a fact that is none."""
    raise AssertionError(said.say("nb"))
