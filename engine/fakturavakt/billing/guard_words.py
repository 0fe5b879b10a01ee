"""What the guard says: which figure is outside, what is usual, and what most likely caused it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from fakturavakt.billing.run_figures import WHOLE, Kind
from fakturavakt.texts import OWN_LANGUAGES, Text, counted, how_many, text, written_date

if TYPE_CHECKING:
    from fakturavakt.billing.guard import Outside

FIGURES_TOLD: Final = 8
"""Figures that are told of one by one; the rest is in the report."""
OF_ONE: Final = 3
"""Figures of one sender that are."""
CAUSES_TOLD: Final = 3
_SPACE: Final = "\N{NO-BREAK SPACE}"


def sentences(outside: Sequence[Outside]) -> list[Text]:
    """The figures that say most, one sentence each. What is so of a sender is not said again of the whole."""
    of_senders = {each.figure for each in outside if each.sender != WHOLE}
    said_once = [each for each in outside if each.sender != WHOLE or each.figure not in of_senders]
    told: list[Outside] = []
    for each in said_once:
        if sum(other.sender == each.sender for other in told) < OF_ONE and len(told) < FIGURES_TOLD:
            told.append(each)
    found = [sentence(each) for each in told]
    if (more := len(said_once) - len(told)) > 0:
        said = how_many(more, _FIGURE, _FIGURES)
        found.append(text(*(f"{said.say(each)} {_IN_REPORT.say(each)}" for each in OWN_LANGUAGES)))
    return found


def sentence(outside: Outside) -> Text:
    """As in *48 % er på vent hos 974760673; vanlig er 8 til 14 % (12 kjøringer)*."""
    of_documents = outside.figure.kind is Kind.DOCUMENTS
    whole, one = (_ALL, _FROM) if of_documents else (_WHOLE, _OF)
    whose = whole if outside.sender == WHOLE else one.filled(sender=outside.sender)
    said = {}
    for language in OWN_LANGUAGES:
        if of_documents:
            value = how_many(outside.count, _DOCUMENT, _DOCUMENTS).say(language)
        elif not outside.count:
            value = _NONE_OF.filled(n=counted(outside.documents, language)).say(language)
        else:
            value = shown_share(outside.share, language, _digits(outside))
        what = _WHAT[outside.figure.kind].filled(value=value, name=outside.figure.name)
        begins = what.say(language)
        if outside.figure.kind is not Kind.MISSING:  # which begins with the name of a fact
            begins = f"{begins[:1].upper()}{begins[1:]}"
        said[language] = f"{begins} {whose.say(language)}; {_usual(outside, language)}."
    return Text(said)


def likely_cause(causes: Sequence[Text], compared_with: date | None = None) -> Text:
    """As in *Trolig årsak: evidence.csv har 0 rader, sist 12 400*; with the day of the run that it was held
    against where that is not the last one.
    """
    if not causes:
        return _NO_CAUSE
    told = causes[:CAUSES_TOLD]
    nb, en = "", ""
    if compared_with is not None:
        nb = f" (sammenlignet med kjøringen {written_date(compared_with, 'nb')})"
        en = f" (compared with the run of {written_date(compared_with, 'en')})"
    return text(
        f"Trolig årsak{nb}: {'; '.join(each.say('nb') for each in told)}.",
        f"Likely cause{en}: {'; '.join(each.say('en') for each in told)}.",
    )


def no_run_before() -> Text:
    """There is nothing to compare a first run with."""
    return _FIRST


def inbox_first() -> Text:
    """Where only the number of documents is outside."""
    return _INBOX


def new_sender(newcomers: Sequence[tuple[str, int]]) -> Iterable[Text]:
    """Senders that no earlier run had; the largest by name."""
    name, documents = newcomers[0]
    several = how_many(documents, _DOCUMENT, _DOCUMENTS)
    rest = len(newcomers) - 1
    nb, en = (f" (og {rest} til)", f" (and {rest} more)") if rest else ("", "")
    yield text(
        f"{name}{nb} er ny avsender, med {several.say('nb')}",
        f"{name}{en} is a new sender, with {several.say('en')}",
    )


def _usual(outside: Outside, language: str) -> str:
    if outside.limit is not None:
        said = _LIMIT if outside.limit_is_own else _ABSURD
        return said.filled(limit=shown_share(outside.limit, language, _digits(outside))).say(
            language
        )
    assert outside.band is not None
    band = outside.band
    runs = how_many(band.runs, _RUN, _RUNS).say(language)
    if not outside.count:
        return _AROUND.filled(share=shown_share(band.middle, language), runs=runs).say(language)
    if outside.figure.kind is Kind.DOCUMENTS:
        low, high = (
            counted(each, language) for each in (math.ceil(band.low), math.floor(band.high))
        )
    else:
        digits = _digits(outside)
        low = _number(band.low, language, digits)
        high = shown_share(band.high, language, digits)
    return _USUAL.filled(low=low, high=high, runs=runs).say(language)


def shown_share(share: float, language: str, digits: int | None = None) -> str:
    """``48 %``, ``0,4 %``; in English ``48%``. With so many digits, else as many as say enough."""
    return f"{_number(share, language, digits)}{_sign(language)}"


def _digits(outside: Outside) -> int | None:
    """How many digits tell a share from the bound that it is beyond: 14.4 % is not above 14 %."""
    bounds = [outside.limit] if outside.limit is not None else []
    if outside.limit is None and outside.band is not None:
        bounds = [outside.band.low, outside.band.high]
    for digits in (None, 1, 2, 3):
        shown = _number(outside.share, "en", digits)
        if shown not in [_number(each, "en", digits) for each in bounds]:
            return digits
    return 4


def _number(share: float, language: str, digits: int | None = None) -> str:
    percent = 100 * share
    if digits is None:
        digits = 0 if 10 <= percent <= 99 or abs(percent - round(percent)) < 0.05 else 1
    written = f"{percent:.{digits}f}"
    return written.replace(".", ",") if language == "nb" else written


def _sign(language: str) -> str:
    return f"{_SPACE}%" if language == "nb" else "%"


_DOCUMENT: Final = text("dokument", "document")
_DOCUMENTS: Final = text("dokumenter", "documents")
_RUN: Final = text("kjøring", "run")
_RUNS: Final = text("kjøringer", "runs")
_OF: Final = text("hos {sender}", "for {sender}")
_FROM: Final = text("fra {sender}", "from {sender}")
_ALL: Final = text("i alt", "in all")
_NONE_OF: Final = text("ingen av de siste {n} dokumentene", "none of the last {n} documents")
_AROUND: Final = text("vanlig er rundt {share} ({runs})", "usual is about {share} ({runs})")
_WHOLE: Final = text("i hele kjøringen", "in the whole run")
_WHAT: Final = {
    Kind.UNREADABLE: text("{value} kan ikke leses", "{value} cannot be read"),
    Kind.BLOCK: text("{value} er stoppet", "{value} is blocked"),
    Kind.HOLD: text("{value} er på vent", "{value} is on hold"),
    Kind.OUT_OF_SCOPE: text("{value} er ikke omfattet", "{value} is out of scope"),
    Kind.RULE: text("Regelen {name} slår til på {value}", "The rule {name} holds in {value}"),
    Kind.RULE_UNKNOWN: text(
        "Regelen {name} kan ikke avgjøres for {value}", "The rule {name} is undecided in {value}"
    ),
    Kind.MISSING: text(
        "{name} mangler og trengs på {value}", "{name} is missing and needed in {value}"
    ),
    Kind.CHANNEL: text("{value} går til kanalen {name}", "{value} goes to the channel {name}"),
    Kind.DOCUMENTS: text("{value} er kommet denne dagen", "{value} came on this day"),
}
_USUAL: Final = text("vanlig er {low} til {high} ({runs})", "usual is {low} to {high} ({runs})")
_LIMIT: Final = text(
    "grensen i fakturavakt.toml er {limit}", "the limit in fakturavakt.toml is {limit}"
)
_ABSURD: Final = text(
    "mer enn {limit} skal noen se på, når fakturavakt.toml ikke sier noe annet",
    "above {limit} somebody should look, where fakturavakt.toml says nothing else",
)
_FIGURE: Final = text("annet tall er", "other figure is")
_FIGURES: Final = text("andre tall er", "other figures are")
_IN_REPORT: Final = text(
    "også utenfor; alle står i run.json.", "outside, too; all of them stand in run.json."
)
_NO_CAUSE: Final = text(
    "Register og regelbok forklarer det ikke: se på fakturaene.",
    "Neither register nor rule book explains it: look at the invoices.",
)
_INBOX: Final = text(
    "Se i innboksen om leveransen er hel, og om noe er levert to ganger.",
    "See in the inbox whether the delivery is whole, and whether anything was delivered twice.",
)
_FIRST: Final = text(
    "Ingen kjøring før denne er avsluttet, så det er ingenting å sammenligne register og regelbok med.",
    "No run before this one has ended, so there is nothing to compare register and rule book with.",
)
