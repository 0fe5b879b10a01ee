"""What was compared and proved, for people and as JSON: the command line and a web page print the same."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from fakturavakt.proof.difference import (
    Change,
    Compared,
    Decided,
    Difference,
    Outcome,
    Shown,
    Subject,
)
from fakturavakt.proof.proving import Answer, BuiltIn, Proof
from fakturavakt.proof.search import Example
from fakturavakt.proof.word_changes import Aspect, Kind, Part, WordChange
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, counted, how_many, listed, text, written_date
from fakturavakt.verdict_words import VERDICTS

SCHEMA: Final = 1
"""Of the JSON; it changes when a key changes its meaning or goes away."""

_CHANGES: Final[Mapping[Change, Text]] = {
    Change.EQUIVALENT: text("likeverdig", "equivalent"),
    Change.STRICTER: text("strengere", "stricter"),
    Change.LOOSER: text("løsere", "looser"),
    Change.DIFFERENT: text("annerledes", "different"),
    Change.UNDECIDED: text("ikke avgjort", "undecided"),
    Change.NOT_COMPARABLE: text("kan ikke sammenlignes", "not comparable"),
}
_SUBJECTS: Final[Mapping[Subject, Text]] = {
    Subject.DECISION: text("avgjørelsen", "the decision"),
    Subject.SCOPE: text("hva regelboken omfatter", "what the rule book covers"),
    Subject.PROHIBITION: text("forbudet", "prohibition"),
    Subject.CHANNEL: text("kanalen", "channel"),
    Subject.CHANNEL_RULE: text("kanalregelen", "channel rule"),
    Subject.ADVICE: text("rådet", "advice"),
    Subject.SUGGESTION: text("forslaget", "suggestion"),
    Subject.AGREEMENTS: text("overgangen", "migration"),
}
_TRUTHS: Final[Mapping[bool | None, Text]] = {
    True: text("sann", "true"),
    False: text("usann", "false"),
    None: text("ukjent", "unknown"),
}
_KINDS: Final[Mapping[Kind, Text]] = {
    Kind.ADDED: text("ny", "new"),
    Kind.REMOVED: text("fjernet", "removed"),
    Kind.CHANGED: text("endret", "changed"),
}
_PARTS: Final[Mapping[Part, Text]] = {
    Part.RULE: text("regel", "rule"),
    Part.DEFINITION: text("definisjon", "definition"),
    Part.FACT: text("faktum", "fact"),
    Part.SCOPE: text("omfang", "scope"),
    Part.CHANNELS: text("kanaler", "channels"),
    Part.AGREEMENTS: text("overgang", "migration"),
    Part.GUARANTEE: text("garanti", "guarantee"),
    Part.BOOK: text("regelbok", "rule book"),
}
_ANSWERS: Final[Mapping[Answer, tuple[str, Text]]] = {
    Answer.PROVED: ("✓", text("bevist", "proved")),
    Answer.REFUTED: ("✗", text("motbevist", "refuted")),
    Answer.UNDECIDED: ("?", text("ikke avgjort", "undecided")),
}
_SHOWS_THAT_IT_CAN: Final = (BuiltIn.RULE_CAN_HOLD, BuiltIn.REACHABLE)


def difference_in_words(
    difference: Difference, old: tuple[str, RuleBook], new: tuple[str, RuleBook], language: str
) -> Iterator[str]:
    """The difference, line by line; ``old`` and ``new`` are the names given, and the rule books."""
    versions = [f"{name} ({book.version[7:19]})" for name, book in (old, new)]
    yield text(f"Fra {versions[0]} til {versions[1]}", f"From {versions[0]} to {versions[1]}").say(
        language
    )
    yield ""
    yield text("I ord", "In words").say(language)
    if not difference.words:
        yield "  " + text("Ingenting er endret.", "Nothing has changed.").say(language)
    for change in difference.words:
        yield from _word_change(change, language)
    yield ""
    days = text("alle kontrolldatoer", "all screening dates")
    if difference.as_of is not None:
        days = text(
            f"kontrolldatoen {written_date(difference.as_of, 'nb')}",
            f"the screening date {written_date(difference.as_of, 'en')}",
        )
    yield text(
        f"I betydning, for alle dokumenter og {days.say('nb')}",
        f"In meaning, for all documents and {days.say('en')}",
    ).say(language)
    same = [each for each in difference.compared if each.change is Change.EQUIVALENT]
    for each in difference.compared:
        if each not in same or each.subject is Subject.DECISION:
            yield from compared_in_words(each, language)
    others = [each for each in same if each.subject is not Subject.DECISION]
    if others:
        number = how_many(len(others), text("annen", "other"), text("andre", "others")).say(
            language
        )
        proved = counted(sum(1 for each in others if each.lines), language)
        how = text("skrevet likt", "written alike")
        if proved == counted(len(others), language):
            how = text("ved bevis", "by proof")
        elif proved != "0":
            how = text(
                f"{proved} av dem ved bevis, resten er skrevet likt",
                f"{proved} of them by proof, the rest are written alike",
            )
        yield (
            "  "
            + text(f"likeverdig: {number}", f"equivalent: {number}").say(language)
            + (f" ({how.say(language)})")
        )
    for name, book in (old, new):
        yield from left_out(name, book, language)
    yield from _bound(max((each.lines for each in difference.compared), default=0), language)


def left_out(given: str, book: RuleBook, language: str) -> Iterator[str]:
    """The rules that no answer is about."""
    if book.trials:
        named = ", ".join(rule.id for rule in book.trials)
        yield "  " + text(
            f"holdt utenfor, på prøve i {given}: {named}",
            f"left out, on trial in {given}: {named}",
        ).say(language)


def _word_change(change: WordChange, language: str) -> Iterator[str]:
    only = text(", bare tekst", ", text only").say(language) if change.only_words else ""
    kind, part = _KINDS[change.kind].say(language), _PARTS[change.part].say(language)
    name = "" if change.name == change.part.value else f" {change.name}"
    yield f"  {kind}: {part}{name}{only}"
    for aspect in change.aspects:
        yield f"    {aspect.name}:"
        yield from (f"      {line}" for line in _lines_changed(aspect))


def _lines_changed(aspect: Aspect) -> Iterator[str]:
    for line in difflib.ndiff(aspect.old, aspect.new):
        if line[0] in "+-":
            yield line.rstrip()


def compared_in_words(compared: Compared, language: str) -> Iterator[str]:
    """What became of one rule, channel or decision, with the documents that show it."""
    subject = _SUBJECTS[compared.subject].say(language)
    name = ""
    if compared.subject not in (Subject.DECISION, Subject.SCOPE):
        name = f" {compared.name} ({compared.title.say(language)})"
    said = f"  {subject}{name}: {_CHANGES[compared.change].say(language)}"
    yield said if compared.reason is None else f"{said}. {compared.reason.say(language)}"
    for shown in compared.shown:
        yield from _shown(shown, language)


def _shown(shown: Shown, language: str) -> Iterator[str]:
    direction = _CHANGES[shown.direction].say(language)
    old, new = (_outcome(each, language) for each in (shown.old, shown.new))
    yield f"    {direction}: {old} → {new}. {_document_said(shown.example, language)}"
    yield f"      {_one_line(shown.example.content)}"


def _document_said(example: Example, language: str) -> str:
    size = text("Minste dokument", "Smallest document")
    if not example.smallest:
        size = text("Dokument", "Document")
    return text(
        f"{size.say('nb')} som viser det, kontrollert {written_date(example.as_of, 'nb')}:",
        f"{size.say('en')} that shows it, screened on {written_date(example.as_of, 'en')}:",
    ).say(language)


def _outcome(outcome: Outcome, language: str) -> str:
    if isinstance(outcome, str):
        return outcome
    if not isinstance(outcome, Decided):
        return _TRUTHS[outcome].say(language)
    said = VERDICTS[outcome.verdict].say(language)
    if not outcome.attempts:
        return said
    tried = text("forsøk", "attempts").say(language)
    return f"{said} ({tried}: {', '.join(outcome.attempts)})"


def _bound(lines: int, language: str) -> Iterator[str]:
    if lines:
        yield ""
        most = how_many(lines, text("linje", "line"), text("linjer", "lines")).say(language)
        yield text(
            f"Det ble lett blant dokumenter med inntil {most}. Det er nok: hver «any line» og "
            "«all lines» trenger én linje for å komme ut som den gjør, og flere linjer viser ikke mer.",
            f"Documents of up to {most} were looked at. That is enough: each “any line” and "
            "“all lines” needs one line to come out as it does, and more lines show nothing more.",
        ).say(language)


def difference_as_json(
    difference: Difference, old: tuple[str, RuleBook], new: tuple[str, RuleBook], language: str
) -> str:
    """The difference as JSON; what is said in words is in one language, codes are in none."""
    return _json(
        {
            "schema": SCHEMA,
            "old": _book(*old),
            "new": _book(*new),
            "as_of": None if difference.as_of is None else difference.as_of.isoformat(),
            "words": [
                {
                    "change": change.kind.value,
                    "part": change.part.value,
                    "name": change.name,
                    "only_words": change.only_words,
                    "declared": change.declared,
                    "aspects": [
                        {"name": each.name, "old": list(each.old), "new": list(each.new)}
                        for each in change.aspects
                    ],
                }
                for change in difference.words
            ],
            "meaning": [compared_as_dict(each, language) for each in difference.compared],
        }
    )


def _book(named: str, book: RuleBook) -> dict[str, object]:
    tried = [rule.id for rule in book.trials]
    return {"given": named, "name": book.name, "version": book.version, "trials": tried}


def compared_as_dict(compared: Compared, language: str) -> dict[str, object]:
    """The same as JSON has it."""
    return {
        "subject": compared.subject.value,
        "name": compared.name,
        "title": compared.title.say(language),
        "change": compared.change.value,
        "lines": compared.lines,
        "reason": None if compared.reason is None else compared.reason.say(language),
        "documents": [
            {
                "direction": shown.direction.value,
                "old": _outcome_dict(shown.old),
                "new": _outcome_dict(shown.new),
                **_example_dict(shown.example),
            }
            for shown in compared.shown
        ],
    }


def _outcome_dict(outcome: Outcome) -> object:
    if not isinstance(outcome, Decided):
        return outcome
    return {
        "decision": outcome.verdict.value,
        "channel": outcome.channel,
        "attempts": list(outcome.attempts),
    }


def _example_dict(example: Example) -> dict[str, object]:
    found: dict[str, object] = {
        "as_of": example.as_of.isoformat(),
        "smallest": example.smallest,
        "document": example.content,
    }
    if example.later is not None:
        found["later"] = example.later
    return found


def proof_in_words(proof: Proof, language: str) -> Iterator[str]:
    """One guarantee, line by line."""
    mark, answer = _ANSWERS[proof.answer]
    covers = f" ({', '.join(proof.covers)})" if proof.covers else ""
    yield f"{mark} {proof.title.say(language)} [{proof.name}]{covers}: {answer.say(language)}"
    can = proof.name in _SHOWS_THAT_IT_CAN
    if proof.answer is not Answer.PROVED and proof.place is not None:
        yield f"    {proof.place}"
    if proof.reason is not None:
        yield f"    {proof.reason.say(language)}"
    if proof.example is not None and not (can and proof.answer is Answer.PROVED):
        outcomes = listed(proof.outcomes, language)
        came = text(f"Utfall: {outcomes}. ", f"Outcome: {outcomes}. ").say(language)
        yield f"    {came}{_document_said(proof.example, language)}"
        yield f"      {_one_line(proof.example.content)}"
        if proof.example.later is not None:
            yield "    " + text("Og når mer blir kjent:", "And once more is known:").say(language)
            yield f"      {_one_line(proof.example.later)}"


def proofs_in_summary(proofs: Sequence[Proof], language: str) -> Iterator[str]:
    """How many were proved, and why that is all there is to ask."""
    yield ""
    numbers = [(sum(1 for proof in proofs if proof.answer is answer), answer) for answer in Answer]
    said = ", ".join(
        f"{counted(number, language)} {_ANSWERS[answer][1].say(language)}"
        for number, answer in numbers
        if number or answer is not Answer.UNDECIDED
    )
    yield f"{said}."
    yield from list(_bound(max((proof.lines for proof in proofs), default=0), language))[1:]


def proofs_as_json(proofs: Iterable[Proof], book: tuple[str, RuleBook], language: str) -> str:
    """The proofs as JSON."""
    return _json(
        {
            "schema": SCHEMA,
            "rulebook": _book(*book),
            "guarantees": [
                {
                    "guarantee": proof.name,
                    "title": proof.title.say(language),
                    "subject": proof.subject,
                    "covers": list(proof.covers),
                    "place": None if proof.place is None else str(proof.place),
                    "answer": proof.answer.value,
                    "outcomes": list(proof.outcomes),
                    "lines": proof.lines,
                    "reason": None if proof.reason is None else proof.reason.say(language),
                    **({} if proof.example is None else _example_dict(proof.example)),
                }
                for proof in proofs
            ],
        }
    )


def _one_line(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)


def _json(found: Mapping[str, object]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2)
