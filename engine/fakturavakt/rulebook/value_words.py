"""Values of facts as people write them: yes and no, days, amounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from fakturavakt.texts import Text, counted, text, written_amount, written_date
from fakturavakt.vocabulary.facts import NEVER, FactType, Value

YES = text("ja", "yes")
NO = text("nei", "no")
_NEVER = text("aldri", "never")


def value_in_words(
    fact_type: FactType, value: Value, language: str, *, currency: str | None
) -> str:
    """``ja``, ``2. februar 2021``, ``1 200,25 kr``; a text or an identifier as it is.

    ``currency`` is that of an amount, None where nobody knows it.
    """
    if value == NEVER:
        return _NEVER.say(language)
    match fact_type:
        case FactType.YES_NO:
            return yes_or_no(bool(value)).say(language)
        case FactType.DATE:
            return written_date(date.fromordinal(int(value)), language)
        case FactType.MONEY:
            return written_amount(Decimal(int(value)) / 100, currency, language)
        case FactType.COUNT:
            return counted(int(value), language)
        case _:
            return str(value)


def yes_or_no(value: bool) -> Text:
    """``ja`` or ``nei``."""
    return YES if value else NO
