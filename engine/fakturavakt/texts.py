"""What a person reads, in every language that there is.

A :class:`Text` holds one wording a language. The program's own texts are written with
:func:`text` in Norwegian (bokmål) and English; the rule book brings its own, in the languages that
``rulebook.yaml`` lists. May import: nothing of fakturavakt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

NORWEGIAN: Final = "nb"
ENGLISH: Final = "en"
OWN_LANGUAGES: Final = (NORWEGIAN, ENGLISH)
"""The languages that the program itself speaks; a rule book may speak more."""

_MONTHS: Final = {
    NORWEGIAN: [
        "januar",
        "februar",
        "mars",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "desember",
    ],
    ENGLISH: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_AND: Final = {NORWEGIAN: "og", ENGLISH: "and"}
_NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in several languages: ``wordings`` maps a language code to what is said."""

    wordings: Mapping[str, str]

    def __hash__(self) -> int:
        return hash(frozenset(self.wordings.items()))

    def say(self, language: str) -> str:
        """The wording in ``language``, else in English, else in whatever language there is."""
        found = self.wordings.get(language) or self.wordings.get(ENGLISH)
        return found if found is not None else next(iter(self.wordings.values()), "")

    def filled(self, **fields: object) -> Text:
        """The same text with its ``{fields}`` filled in, in every language."""
        return Text({language: said.format(**fields) for language, said in self.wordings.items()})


def text(nb: str, en: str) -> Text:
    """A text of the program's own, in Norwegian (bokmål) and English."""
    return Text({NORWEGIAN: nb, ENGLISH: en})


def listed(items: Sequence[str], language: str) -> str:
    """``1``, ``1 og 3``, ``1, 2 og 3``: items in a row as a person writes them."""
    if len(items) < 2:
        return "".join(items)
    word = _AND.get(language, _AND[ENGLISH])
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def written_amount(amount: Decimal, currency: str | None, language: str) -> str:
    """``1 200,25 kr`` in Norwegian, ``NOK 1,200.25`` in English; whatever the system's locale is."""
    if language == NORWEGIAN:
        number = f"{amount:,.2f}".replace(",", _NO_BREAK_SPACE).replace(".", ",")
        unit = {"NOK": "kr", None: ""}.get(currency, currency or "")
        return f"{number}{_NO_BREAK_SPACE}{unit}".rstrip(_NO_BREAK_SPACE)
    return f"{currency or ''}{_NO_BREAK_SPACE}{amount:,.2f}".lstrip(_NO_BREAK_SPACE)


def written_date(day: date, language: str) -> str:
    """``2. februar 2021`` in Norwegian, ``2 February 2021`` in English."""
    month = _MONTHS.get(language, _MONTHS[ENGLISH])[day.month - 1]
    return f"{day.day}{'.' if language == NORWEGIAN else ''} {month} {day.year}"


def counted(number: int, language: str) -> str:
    """A whole number with its thousands set apart: ``12 000`` or ``12,000``."""
    written = f"{number:,}"
    return written if language != NORWEGIAN else written.replace(",", _NO_BREAK_SPACE)


def how_many(number: int, one: Text, several: Text) -> Text:
    """``1 dokument`` or ``12 000 dokumenter``: a number and what it counts, in both languages."""
    word = one if number == 1 else several
    return text(*(f"{counted(number, each)} {word.say(each)}" for each in (NORWEGIAN, ENGLISH)))
