"""The queue in text, for a terminal, and as JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from fakturavakt import __version__
from fakturavakt.billing.hold_groups import Group, Letter
from fakturavakt.billing.hold_queue import Queue
from fakturavakt.billing.hold_words import (
    INVOICES,
    asked_in_words,
    label_of,
    left_in_words,
    money,
    promised_in_words,
)
from fakturavakt.report.machine import safe
from fakturavakt.report.text import visible
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, counted, how_many, text
from fakturavakt.vocabulary.forms import in_json, written_ore

SCHEMA: Final = 1
"""The version of the JSON's shape."""
QUESTIONS: Final = (text("spørsmål", "question"), text("spørsmål", "questions"))


def summary(queue: Queue) -> Text:
    """``92 fakturaer er på vent (41 200,00 kr). …``: what is on hold, and what the questions promise."""
    invoices = how_many(queue.invoices, *INVOICES)
    questions = how_many(len(queue.groups), *QUESTIONS)
    promised = how_many(queue.promised, *INVOICES)
    return text(
        *(
            said.format(
                invoices=invoices.say(language),
                amount=money(queue.ore, language),
                questions=questions.say(language),
                all=counted(queue.questions, language),
                promised=promised.say(language),
            )
            for language, said in (("nb", _SUMMARY.say("nb")), ("en", _SUMMARY.say("en")))
        )
    )


def notes(queue: Queue) -> Iterator[Text]:
    """What else there is to know of what is on hold."""
    for number, said in (
        (queue.ready, _READY),
        (queue.mending, _MENDING),
        (queue.elsewhere, _ELSEWHERE),
    ):
        if number:
            words = how_many(number, *INVOICES)
            yield text(*(said.say(each).format(invoices=words.say(each)) for each in ("nb", "en")))


def as_text(queue: Queue, book: RuleBook, language: str) -> Iterator[str]:
    """The lines for a terminal."""
    yield summary(queue).say(language)
    for note in notes(queue):
        yield note.say(language)
    for group in queue.groups:
        yield ""
        who = "" if group.who is None else f" ({group.who})"
        yield visible(f"{group.place}. {asked_in_words(group, book, language)}{who}")
        yield visible(f"   {promised_in_words(group, language)}")
        yield visible(f"   {_about(group, queue, language)}")
    if queue.letters:
        yield ""
        yield _LETTER.say(language)
        for letter in queue.letters:
            yield visible(f"  {letter_in_words(letter, book, language)}")


def _about(group: Group, queue: Queue, language: str) -> str:
    question = group.question
    said = {
        _SENDER.say(language): question.sender,
        _DUE.say(language): left_in_words(group.due, queue.as_of, language),
        _ASKED.say(language): how_many(group.invoices, *INVOICES).say(language),
    }
    return " · ".join(f"{name}: {value}" for name, value in said.items())


def letter_in_words(letter: Letter, book: RuleBook, language: str) -> str:
    """``974760673: fakturadatoen mangler eller kan ikke leses på 3 fakturaer (2021-0042 …)``."""
    return _LACKS.say(language).format(
        sender=letter.sender or _NO_SENDER.say(language),
        fact=label_of(letter.fact, book, language),
        invoices=how_many(letter.invoices, *INVOICES).say(language),
        amount=money(letter.ore, language),
        shown=f": {', '.join(letter.shown)}" if letter.shown else "",
    )


def as_json(queue: Queue, book: RuleBook, language: str) -> str:
    """The queue for programs; amounts are texts, as in a decision."""
    found = {
        "schema": SCHEMA,
        "program": f"fakturavakt {__version__}",
        "as_of": queue.as_of.isoformat(),
        "rulebook": {"name": book.name, "version": book.version},
        "invoices": queue.invoices,
        "kroner": written_ore(queue.ore),
        "ready": queue.ready,
        "for_the_sender": queue.mending,
        "elsewhere": queue.elsewhere,
        "questions": queue.questions,
        "promised": queue.promised,
        "groups": [_group_as_dict(group, book, language) for group in queue.groups],
        "letters": [
            {
                "sender": letter.sender,
                "fact": letter.fact,
                "invoices": letter.invoices,
                "kroner": written_ore(letter.ore),
                "due_date": None if letter.due is None else letter.due.isoformat(),
                "examples": list(letter.shown),
            }
            for letter in queue.letters
        ],
    }
    return safe(json.dumps(found, ensure_ascii=False, indent=1))


def _group_as_dict(group: Group, book: RuleBook, language: str) -> dict[str, object]:
    question, assumed = group.question, group.assumed
    said: dict[str, object] = {}
    if question.kind is None:
        said["value"] = assumed.value
    else:
        fact = _DAY_FACT
        said["from_at_latest"] = in_json(book.vocabulary[fact], assumed.day)
        if assumed.amount is not None:
            said |= {"amount_at_least": written_ore(assumed.amount), "currency": question.currency}
    found: dict[str, object] = {
        "place": group.place,
        "question": asked_in_words(group, book, language),
        "sender": question.sender,
        "customer_number": question.customer or None,
        "service": question.service or None,
        "about": question.about,
        "missing": list(group.facts),
        "yes_means": said,
        "invoices": group.invoices,
        "kroner": written_ore(group.ore),
        "frees": group.frees,
        "kroner_freed": written_ore(group.frees_ore),
        "frees_with_others": group.helps,
        "blocks": group.blocks,
        "frees_in_order": group.adds,
        "due_date": None if group.due is None else group.due.isoformat(),
        "examples": list(group.shown),
    }
    return found if group.who is None else found | {"who": group.who}


_DAY_FACT: Final = "invoice.send_date"
_SUMMARY: Final = text(
    "{invoices} er på vent ({amount}). {questions} av {all} vises; et ja på alle frigir {promised}.",
    "{invoices} on hold ({amount}). {questions} of {all} shown; yes to all of them frees {promised}.",
)
_READY: Final = text(
    "{invoices} trenger ikke lenger noe svar: registeret har det. fakturavakt answer flytter dem.",
    "{invoices} need no answer any more: the register has it. fakturavakt answer moves them.",
)
_MENDING: Final = text(
    "{invoices} må rettes av avsenderen; for dem er ingen svar i registeret nok.",
    "{invoices} must be mended by the sender; no answers in the register are enough for them.",
)
_ELSEWHERE: Final = text(
    "{invoices} ligger ikke der kjøringen la dem, og er ikke med.",
    "{invoices} are not where the run put them, and are not counted.",
)
_LETTER: Final = text(
    "Dette må avsenderen rette i fakturaene selv:",
    "This the sender has to mend in the invoices themselves:",
)
_LACKS: Final = text(
    "{sender}: {fact} mangler eller kan ikke brukes på {invoices} ({amount}){shown}",
    "{sender}: {fact} is missing or cannot be used on {invoices} ({amount}){shown}",
)
_NO_SENDER: Final = text("ukjent avsender", "unknown sender")
_SENDER: Final = text("avsender", "sender")
_DUE: Final = text("til første forfall", "to the first due date")
_ASKED: Final = text("venter på svaret", "wait for the answer")
