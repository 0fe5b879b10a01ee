"""What every peer does: read NDJSON, decide each document, write a line a document.

A line out is ``{"invoice":"2021-0042","decision":"send","channel":"efaktura"}``: the part of contract §4
that every peer can be asked for. fakturavakt itself writes whole decisions, with findings, missing facts
and texts. Equal answers are promised for documents without problems: no peer checks values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from benchmarks.peers.two_rails import Rails, rails_of

from fakturavakt.rulebook.model import RuleBook

Document: TypeAlias = dict[str, Any]
Decide: TypeAlias = Callable[[Path, Path], None]
"""Reads a file of documents, writes a file of decisions."""


@dataclass(frozen=True)
class Rules:
    """What a peer gets: the rule book, on two rails too, and the screening date."""

    book: RuleBook
    rails: Rails
    as_of: date


@dataclass(frozen=True)
class Limits:
    """What a peer cannot express of the rule book, and what was done instead."""

    package: str
    unknown: str
    absent: str
    dates: str
    lines: str
    notes: str = ""


TWICE = "no third value: two conditions a rule"
"""What most peers have to say of *unknown*."""
ORDINALS = "whole numbers instead, made in Python before"

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.encode


class Facts:
    """A document made ready for engines: all groups there, what absence means filled in, dates as ordinals.

    Done in plain Python for all peers alike, since none of them reads the forms of contract §1. ``null`` and
    blank texts do not occur in the measured documents.
    """

    def __init__(self, as_of: date) -> None:
        self._as_of = as_of.toordinal()
        self._never = date.max.toordinal() + 1

    def prepared(self, document: Document) -> Document:
        """The document, changed in place."""
        invoice = document.setdefault("invoice", {})
        sender = document.setdefault("sender", {})
        document.setdefault("recipient", {})
        document.setdefault("relationship", {})
        day = date.fromisoformat
        invoice.setdefault("kind", "invoice")
        invoice.setdefault("attachments", 0)
        if "send_date" in invoice:
            invoice["send_date"] = day(invoice["send_date"]).toordinal()
        else:
            invoice["send_date"] = self._as_of
        for name in ("issue_date", "due_date"):
            if name in invoice:
                invoice[name] = day(invoice[name]).toordinal()
        sender.setdefault("vipps_declined", False)
        for line in invoice.get("lines", ()):
            for name in ("period_start", "period_end"):
                if name in line:
                    line[name] = day(line[name]).toordinal()
            for name in ("consent", "gift_acceptance"):
                group = line.setdefault(name, {})
                if "given_on" in group:
                    group["given_on"] = day(group["given_on"]).toordinal()
                group["withdrawn_on"] = (
                    day(group["withdrawn_on"]).toordinal()
                    if "withdrawn_on" in group
                    else self._never
                )
            agreed = line.setdefault("agreed", {})
            if "given_on" in agreed:
                agreed["given_on"] = day(agreed["given_on"]).toordinal()
        return document


def a_line_each(decide: Callable[[Document], str], as_of: date) -> Decide:
    """For engines that take a document at a time: ``decide`` gets it ready, and says ``hold``, or
    ``send efaktura``.
    """
    prepared = Facts(as_of).prepared

    def run(source: Path, target: Path) -> None:
        with source.open("rb") as lines, target.open("wb") as out:
            for line in lines:
                document = prepared(_decode(line))
                decision, _, channel = decide(document).partition(" ")
                out.write(written(document["invoice"].get("number"), decision, channel or None))

    return run


def written(number: object, decision: str, channel: str | None) -> bytes:
    """The line of a document."""
    return _encode({"invoice": number, "decision": decision, "channel": channel}) + b"\n"


def in_ore(rules: Rules) -> Rules:
    """The same rules with amounts as whole øre, for engines without doubles."""
    return replace(rules, rails=rails_of(rules.book, in_ore=True))


def nested(root: str = "") -> Callable[[str], str]:
    """Names of facts as paths: of the document as they are (behind ``root``), of a line as ``line.…``."""
    return lambda fact: fact if fact.startswith("line.") else f"{root}{fact}"
