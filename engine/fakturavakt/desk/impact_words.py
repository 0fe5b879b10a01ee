"""The words for what a new rule book changes, the same in every format of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from fakturavakt.desk.impact import Effect, Impact, OutcomeChange, Subject
from fakturavakt.desk.impact_samples import title_of
from fakturavakt.report.summary import Tally
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, counted, how_many, text, written_amount, written_date

EFFECTS: Final[Mapping[Effect, Text]] = {
    Effect.NEWLY_BLOCKED: text("stoppes nå", "newly blocked"),
    Effect.NEWLY_HELD: text("settes nå på vent", "newly held"),
    Effect.NEWLY_SENT: text("sendes nå", "newly sent"),
    Effect.NEWLY_OUT_OF_SCOPE: text("ikke lenger omfattet", "newly out of scope"),
    Effect.OTHER_CHANNEL: text("annen kanal", "other channel"),
    Effect.UNCHANGED: text("uendret", "unchanged"),
}
REJECTED: Final = text("ikke lest", "not read")
SENDER_UNKNOWN: Final = text("ukjent avsender", "sender not known")
_NO_CURRENCY: Final = text("uten valuta", "without currency")
WEEK_UNKNOWN: Final = text("uten dato", "no date")
_OUTCOMES: Final[Mapping[str, Text]] = {
    "holds": text("brutt", "broken"),
    "not": text("ikke brutt", "not broken"),
    "unknown": text("ukjent", "unknown"),
    "eligible": text("kan brukes", "eligible"),
    "ineligible": text("kan ikke brukes", "not eligible"),
}
_SCOPE_OUTCOMES: Final[Mapping[str, Text]] = {
    "holds": text("omfattet", "in scope"),
    "not": text("ikke omfattet", "out of scope"),
    "unknown": text("ukjent", "unknown"),
}


@dataclass(frozen=True)
class Occasion:
    """What was compared: both rule books with the names they were given, the screening date, and how many
    files the history lies in. ``promoted`` are the rules on trial that the new one is about.
    """

    old: tuple[str, RuleBook]
    new: tuple[str, RuleBook]
    as_of: date
    files: int
    promoted: tuple[str, ...] = ()

    @property
    def books(self) -> tuple[RuleBook, RuleBook]:
        """The rule books alone."""
        return self.old[1], self.new[1]


_DOCUMENTS: Final = (text("dokument", "document"), text("dokumenter", "documents"))


def title(occasion: Occasion) -> Text:
    """What the report is called."""
    if occasion.promoted:
        return text("Virkningen av reglene på prøve", "The effect of the rules on trial")
    return text("Virkningen av en endret regelbok", "The effect of an edited rule book")


def compared_books(occasion: Occasion, language: str) -> str:
    """Which rule books were compared."""
    if occasion.promoted:
        names = ", ".join(occasion.promoted)
        given, book = occasion.old
        return text(
            f"{given} ({_short(book)}) som den er, og som om dette gjaldt: {names} "
            f"({_short(occasion.new[1])})",
            f"{given} ({_short(book)}) as it is, and as if these counted: {names} "
            f"({_short(occasion.new[1])})",
        ).say(language)
    old, new = (f"{given} ({_short(book)})" for given, book in (occasion.old, occasion.new))
    return text(f"Fra {old} til {new}", f"From {old} to {new}").say(language)


def _short(book: RuleBook) -> str:
    return book.version[7:19]


def history(impact: Impact, occasion: Occasion, language: str) -> str:
    """What they were tried on."""
    documents = how_many(impact.documents, *_DOCUMENTS).say(language)
    files = how_many(occasion.files, text("fil", "file"), text("filer", "files")).say(language)
    day = written_date(occasion.as_of, language)
    return text(
        f"{documents} i {files}, kontrollert per {day}",
        f"{documents} in {files}, checked as of {day}",
    ).say(language)


def undated(impact: Impact, occasion: Occasion, language: str) -> str | None:
    """That some documents were judged as if they were sent on the screening date."""
    if not impact.undated:
        return None
    documents = how_many(impact.undated, *_DOCUMENTS).say(language)
    day = written_date(occasion.as_of, language)
    one = impact.undated == 1
    return text(
        f"{documents} har ingen utsendelsesdato, og er vurdert som om {'det' if one else 'de'} ble sendt "
        f"{day}. Oppgi en annen dag med --as-of, eller ta med invoice.send_date i dataene.",
        f"{documents} {'has' if one else 'have'} no send date, and {'was' if one else 'were'} judged as if "
        f"sent on {day}. Give another day with --as-of, or put invoice.send_date into the data.",
    ).say(language)


def left_out(occasion: Occasion, language: str) -> list[str]:
    """The rules on trial that neither decision is about."""
    found = []
    for given, book in dict([occasion.old, occasion.new]).items():
        if book.trials and not occasion.promoted:
            named = ", ".join(rule.id for rule in book.trials)
            found.append(
                text(
                    f"Holdt utenfor, på prøve i {given}: {named}.",
                    f"Left out, on trial in {given}: {named}.",
                ).say(language)
            )
    return found


def balance(impact: Impact, language: str) -> str:
    """The sum that everything has to come to."""
    parts = [
        f"{counted(tally.count, language)} {EFFECTS[effect].say(language)}"
        for effect, tally in impact.effects().items()
        if tally.count
    ]
    parts.append(f"{counted(impact.rejected, language)} {REJECTED.say(language)}")
    read = how_many(impact.documents, *_DOCUMENTS).say(language)
    return f"{read} {text('inn', 'in').say(language)} = {' + '.join(parts)}"


def change_in_words(change: OutcomeChange, occasion: Occasion, language: str) -> str:
    """``Tittel [id]: ukjent → brutt``."""
    titled = title_of(change, *occasion.books).say(language)
    if change.subject is Subject.CHANNEL_ORDER:
        return f"{titled}: {change.old} → {change.new}"
    before, after = (outcome(change, each, language) for each in (change.old, change.new))
    named = "" if change.subject is Subject.SCOPE else f" [{change.name}]"
    return f"{titled}{named}: {before} → {after}"


def outcome(change: OutcomeChange, word: str, language: str) -> str:
    """An outcome in words."""
    words = _SCOPE_OUTCOMES if change.subject is Subject.SCOPE else _OUTCOMES
    return words[word].say(language)


def amounts(tally: Tally, language: str) -> str:
    """What documents amount to, one a currency."""
    return " + ".join(each_amount(tally, language))


def each_amount(tally: Tally, language: str) -> list[str]:
    """The amounts apart."""
    known = {currency: ore for currency, ore in tally.ore.items() if ore}
    return [
        written_amount(Decimal(ore) / 100, currency, language)
        + ("" if currency is not None else f" {_NO_CURRENCY.say(language)}")
        for currency, ore in sorted(known.items(), key=lambda item: item[0] or "~")
    ]


def share(part: int, whole: int, language: str) -> str:
    """``1,2 %`` or ``1.2%``; what is there at all is never 0."""
    if not whole:
        return "–"
    tenths = (1000 * part + whole // 2) // whole
    below = part and not tenths
    written = f"{max(tenths, 1) // 10}.{max(tenths, 1) % 10}" if part else "0"
    if language == "nb":
        return f"{'< ' if below else ''}{written.replace('.', ',')}\N{NO-BREAK SPACE}%"
    return f"{'< ' if below else ''}{written}%"
