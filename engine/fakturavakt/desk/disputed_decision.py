"""A decision that somebody disagreed with, made into a case.

A decision says what was decided and why, and not on what: its document is needed too, and the evidence
register where it took part. Of the document the case keeps what rules ask about and nothing else. A fact
whose value no rule looks at, only whether it is known, gets an invented value; of a text in which rules look
for words, only the words that were found are kept. That the case comes out as the document does, rule by
rule and line by line, is checked before it is given away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from fakturavakt.decision import Decision
from fakturavakt.desk.case_run import rule_truth
from fakturavakt.desk.case_writing import NewCase
from fakturavakt.engines.asked_facts import AskedFacts, asked_facts, words_found
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import ReadDocument, ReadValues
from fakturavakt.intake.register import Register
from fakturavakt.intake.sources import read_documents
from fakturavakt.rulebook.case_files import (
    LINE,
    NO_CHANNEL,
    Expected,
    Given,
    Slot,
    Special,
    case_document,
    put,
)
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screened, Screening
from fakturavakt.texts import NORWEGIAN, OWN_LANGUAGES, Text, text
from fakturavakt.vocabulary.facts import LINE_ID, LINES
from fakturavakt.vocabulary.invented_values import invented
from fakturavakt.vocabulary.own_facts import PAYABLE_AMOUNT


class DisputeError(Exception):
    """A decision that no case can be made of; ``reason`` says why, and what to do."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


@dataclass(frozen=True, slots=True)
class DisputedDecision:
    """What a decision tells of itself: the keys of contract §4 that are needed here."""

    invoice: str | None
    file: str
    position: int
    as_of: date
    version: str
    uses_evidence: bool
    content: Mapping[str, Any]


def read_decisions(content: str) -> tuple[DisputedDecision, ...]:
    """The decisions of a file: one object, a list, ``--format json`` or ``--format ndjson``.

    Raises :class:`DisputeError` where it is none of these.
    """
    try:
        try:
            found: Any = json.loads(content)
        except json.JSONDecodeError:
            found = [json.loads(line) for line in content.splitlines() if line.strip()]
        if isinstance(found, dict) and "decisions" in found:
            found = found["decisions"]
        return tuple(_decision(each) for each in (found if isinstance(found, list) else [found]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DisputeError(_NO_DECISIONS) from None


def _decision(content: Any) -> DisputedDecision:  # noqa: ANN401 (whatever JSON holds)
    source = content["document"]
    return DisputedDecision(
        invoice=content["invoice"],
        file=str(source["file"]),
        position=int(source["position"]),
        as_of=date.fromisoformat(content["as_of"]),
        version=str(content["rulebook"]["version"]),
        uses_evidence=bool(content["evidence"]),
        content=content,
    )


def one_decision(decisions: Sequence[DisputedDecision], invoice: str | None) -> DisputedDecision:
    """The decision that is meant: the one there is, or that of the ``invoice``'s number.

    Raises :class:`DisputeError` where there is none, or more than one.
    """
    found = [each for each in decisions if invoice is None or each.invoice == invoice]
    if len(found) == 1:
        return found[0]
    if not decisions:
        raise DisputeError(_NO_DECISIONS)
    raise DisputeError(_WHICH if found else _NO_SUCH_INVOICE)


def document_of(
    disputed: DisputedDecision, decisions: Path, document: str | None, book: RuleBook
) -> RawDocument:
    """The document that was decided on: where the decision says, seen from here or from beside the file of
    ``decisions``, unless ``document`` names another file. Its position in the file is the decision's.

    Raises :class:`DisputeError` where it is not there or cannot be read.
    """
    named = (
        [document]
        if document is not None
        else [disputed.file, str(decisions.parent / disputed.file)]
    )
    for file in named:
        if not Path(file).is_file():
            continue
        for raw in read_documents(file, book.vocabulary, lambda _said: None):
            if raw.source.position == disputed.position and isinstance(raw, RawDocument):
                return raw
    raise DisputeError(_NO_DOCUMENT.filled(file=named[0], position=disputed.position))


def disputed_case(
    book: RuleBook,
    disputed: DisputedDecision,
    raw: RawDocument,
    register: Register | None,
    should_be: str | None,
    language: str = NORWEGIAN,
) -> NewCase:
    """The case of a decision and its document, its title in ``language``.

    With ``should_be`` (a decision) it expects that, and fails until the rules say so too. Without, it expects
    what came out, is marked unconfirmed, and waits for somebody to write what should have come out.

    Raises :class:`DisputeError` where the register is lacking, or where the document is not, or no longer,
    what the decision was made on.
    """
    if disputed.uses_evidence and register is None:
        raise DisputeError(_REGISTER_NEEDED)
    run = Screening(book, disputed.as_of, ReferenceEngine(book), "nb", register)
    screened = run.screen(raw)
    if disputed.version == book.version and not _same(disputed.content, screened.decision):
        raise DisputeError(_ANOTHER_DOCUMENT)
    slots = dict(_slots(book, screened.read))
    again = Screening(book, disputed.as_of, ReferenceEngine(book), "nb").screen(
        RawDocument(DocumentSource("case", 1), case_document(slots, book.vocabulary))
    )
    if _outcomes(book, again) != _outcomes(book, screened):
        raise DisputeError(_NOT_THE_SAME)
    decision = screened.decision
    if should_be is not None:
        expected = Expected(decision=should_be)
    else:
        expected = Expected(
            decision=decision.decision.value,
            channel=decision.channel or NO_CHANNEL,
            rules={
                finding.rule: finding.outcome == "holds" or None for finding in decision.findings
            },
        )
    return NewCase(
        title=_title(disputed).say(language),
        given=None,
        as_of=disputed.as_of,
        changes=slots,
        expected=expected,
        confirmed=should_be is not None,
        note=f"{decision.decision.value} ({disputed.version.removeprefix('sha256:')[:12]})",
        comments=()
        if should_be is not None
        else tuple(_TO_BE_CONFIRMED.say(each) for each in OWN_LANGUAGES),
    )


def _title(disputed: DisputedDecision) -> Text:
    if disputed.invoice is not None:
        number = disputed.invoice
        return text(f"Omstridt avgjørelse: {number}", f"Disputed decision: {number}")
    position = disputed.position
    return text(
        f"Omstridt avgjørelse: dokument {position}", f"Disputed decision: document {position}"
    )


def _same(content: Mapping[str, Any], decision: Decision) -> bool:
    """Whether two decisions say the same, whatever language they say it in."""
    return _said(content) == _said(json.loads(decision.as_json()))


def _said(content: Mapping[str, Any]) -> object:
    findings = content.get("findings") or ()
    return (
        [content.get(key) for key in ("decision", "channel", "attempts", "missing")],
        [[each.get(key) for key in ("rule", "outcome", "lines", "missing")] for each in findings],
    )


def _outcomes(book: RuleBook, screened: Screened) -> object:
    return (
        screened.outcomes,
        {name: rule_truth(rule, screened) for name, rule in book.rules.items()},
        screened.decision.missing,
        [advice.missing for advice in screened.decision.advice],
    )


# -- what the case keeps -----------------------------------------------------------------------------


def _slots(book: RuleBook, read: ReadDocument) -> Iterator[tuple[Slot, Given]]:
    asked = asked_facts(book)
    slots: dict[Slot, Given] = {}
    for slot, given in _values(book, asked, read.invoice, 0):
        put(slots, slot, given)
    if LINES.rpartition(".")[0] in read.invoice.bad:
        pass  # nothing of the invoice can be read, and its lines neither
    elif read.lines is None:
        bad = LINES in read.invoice.bad
        put(slots, Slot(LINES), Special.UNREADABLE if bad else Special.ABSENT)
    elif not read.lines:
        put(slots, Slot(PAYABLE_AMOUNT), 0)
        put(slots, Slot(LINES), Special.NONE)
    for number, (name, values) in enumerate(read.lines or (), start=1):
        if LINE in values.bad:
            put(slots, Slot(LINE, number), Special.UNREADABLE)
            continue
        if name != str(number):
            own = Special.UNREADABLE if LINE_ID in values.bad else name
            put(slots, Slot(LINE_ID, number), own)
        before = len(slots)
        for slot, given in _values(book, asked, values, number):
            if slot.name != LINE_ID:
                put(slots, slot, given)
        if len(slots) == before and Slot(LINE_ID, number) not in slots:
            put(
                slots, Slot(LINE_ID, number), name
            )  # a line of which nothing is known is one all the same
    yield from slots.items()


def _values(
    book: RuleBook, asked: AskedFacts, values: ReadValues, line: int
) -> Iterator[tuple[Slot, Given]]:
    wanted = asked.wanted
    for name in values.bad:
        if name != LINES and any(fact == name or fact.startswith(f"{name}.") for fact in wanted):
            yield Slot(name, line), Special.UNREADABLE
    for fact in book.vocabulary:
        if fact.name not in values.stated or fact.name not in wanted:
            continue
        value = values.stated[fact.name]
        if fact.name in asked.searched and fact.name not in asked.compared:
            value = words_found(str(value), asked.searched[fact.name])
        elif fact.name not in asked.compared:
            value = invented(fact)
        yield Slot(fact.name, line), value


_NO_DECISIONS: Final = text(
    "Filen har ingen avgjørelser. Den skal være skrevet av «screen --format json» eller «ndjson».",
    "The file has no decisions. It should have been written by “screen --format json” or “ndjson”.",
)
_WHICH: Final = text(
    "Filen har flere avgjørelser. Oppgi hvilken faktura det gjelder, med --invoice NUMMER.",
    "The file has several decisions. Name the invoice that is meant, with --invoice NUMBER.",
)
_NO_SUCH_INVOICE: Final = text(
    "Filen har ingen avgjørelse om en faktura med det nummeret.",
    "The file has no decision on an invoice of that number.",
)
_NO_DOCUMENT: Final = text(
    "Finner ikke dokument {position} i {file}. En avgjørelse sier ikke selv hva som sto i fakturaen: oppgi "
    "filen den ble lest fra, med --document.",
    "Cannot find document {position} of {file}. A decision does not itself say what stood in the invoice: "
    "name the file that it was read from, with --document.",
)
_REGISTER_NEEDED: Final = text(
    "Avgjørelsen bygger på evidensregisteret. Oppgi det med --evidence.",
    "The decision was made with the evidence register. Name it with --evidence.",
)
_ANOTHER_DOCUMENT: Final = text(
    "Dokumentet gir en annen avgjørelse nå enn den som er omstridt, etter samme regelbok: dokumentet eller "
    "registeret er et annet. Oppgi dem som ble brukt, med --document og --evidence.",
    "The document now gives another decision than the disputed one, by the same rule book: the document or "
    "the register is another. Name those that were used, with --document and --evidence.",
)
_NOT_THE_SAME: Final = text(
    "Tilfellet lar seg ikke skrive uten opplysninger som ikke skal stå der: det kommer ikke ut som "
    "dokumentet. Skriv det for hånd.",
    "The case cannot be written without data that do not belong there: it does not come out as the document "
    "does. Write it by hand.",
)
_TO_BE_CONFIRMED: Final = text(
    "Skriv under «expect» hva som skulle kommet ut, og ta bort «confirmed: no».",
    "Write under “expect” what should have come out, and take “confirmed: no” away.",
)
