"""The queue as one HTML page that needs nothing beside itself, to read and to print.

Promises: what invoices and the register say is escaped; the same queue gives the same bytes; a customer is a
number unless the queue was made with personal data. How it looks stands in ``templates/``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from fakturavakt.billing.hold_queue import Queue
from fakturavakt.billing.hold_report import notes
from fakturavakt.billing.hold_words import (
    asked_in_words,
    label_of,
    left_in_words,
    money,
    promised_in_words,
)
from fakturavakt.report.machine import PROGRAM, safe
from fakturavakt.report.text import visible
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import counted, text, written_date

_TEMPLATES: Final = Path(__file__).parent / "templates"


def page(queue: Queue, book: RuleBook, language: str) -> str:
    """The whole page."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    written = environment.get_template("holds.html").render(
        queue=queue,
        book=book,
        language=language,
        program=PROGRAM,
        css=Markup((_TEMPLATES / "holds.css").read_text(encoding="utf-8")),  # noqa: S704 (our own)
        notes=list(notes(queue)),
        questions=list(_questions(queue, book, language)),
        letters=list(_letters(queue, book, language)),
        t=lambda nb, en: text(nb, en).say(language),
        number=lambda number: counted(number, language),
        money=lambda ore: money(ore, language),
        date=lambda day: written_date(day, language),
    )
    return safe(written)


def _visible(value: Any) -> Any:  # noqa: ANN401 (whatever a template prints)
    """What would turn or hide the rest of a text is spelt out."""
    return visible(value) if type(value) is str else value


def _questions(queue: Queue, book: RuleBook, language: str) -> Iterator[dict[str, object]]:
    so_far = accumulate(group.adds for group in queue.groups)
    for group, freed in zip(queue.groups, so_far, strict=True):
        yield {
            "group": group,
            "asked": asked_in_words(group, book, language),
            "promised": promised_in_words(group, language),
            "so_far": freed,
            "left": left_in_words(group.due, queue.as_of, language),
            "late": group.due is not None and group.due < queue.as_of,
        }


def _letters(queue: Queue, book: RuleBook, language: str) -> Iterator[dict[str, object]]:
    for letter in queue.letters:
        yield {
            "letter": letter,
            "fact": label_of(letter.fact, book, language),
            "left": left_in_words(letter.due, queue.as_of, language),
        }
