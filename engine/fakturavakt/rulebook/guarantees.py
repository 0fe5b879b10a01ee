"""What a rule book promises: which keys of a guarantee go together, and what they can name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from fakturavakt.problems import Place
from fakturavakt.rulebook import kinds
from fakturavakt.rulebook.files import (
    CHANNEL_OUTCOMES,
    DECISIONS,
    RULE_OUTCOMES,
    UNKNOWN_ACTION,
)
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.model import Guarantee, Promised, Source, Status
from fakturavakt.rulebook.shapes import Read
from fakturavakt.texts import Text, text

_PROMISES: Final = ("never", "always", "declares")
_SUBJECTS: Final[Mapping[str, Promised]] = {
    "channel": Promised.CHANNEL,
    "rule": Promised.RULE,
    "agreements": Promised.AGREEMENTS,
}
_KINDS: Final[Mapping[Promised, tuple[str, ...]]] = {
    Promised.CHANNEL: (kinds.RULE_BOOK,),
    Promised.RULE: (kinds.PROHIBITION, kinds.CHANNEL, kinds.ADVICE),
    Promised.AGREEMENTS: (kinds.AGREEMENTS,),
}
"""The files in which such a name stands."""

Names = Mapping[Promised, Mapping[str, tuple[str, ...]]]
"""For each kind of subject those that there are, each with the outcomes that it can have."""


def promised_names(top: Read | None, rules: Collection[Read], migration: Read | None) -> Names:
    """All that a guarantee can be about, as far as it could be read."""
    tried = {read["channel"] for read in rules if read["status"] == Status.TRIAL}
    tried -= {read["channel"] for read in rules if read["status"] != Status.TRIAL}
    listed = [read["channel"] for read in (top and top["channels"]) or ()]
    channels = [name for name in listed if name not in tried]  # a channel on trial carries nothing
    actions = [row["action"] for row in (migration and migration["rows"]) or ()]
    named = (
        {}
        if migration is None or not migration["agreements"]
        else {migration["agreements"]: (*(each for each in actions if each), UNKNOWN_ACTION)}
    )
    return {
        Promised.DECISION: {"": DECISIONS},
        Promised.CHANNEL: {name: CHANNEL_OUTCOMES for name in channels if name},
        Promised.RULE: {read["rule"]: RULE_OUTCOMES for read in rules if read["rule"]},
        Promised.AGREEMENTS: named,
    }


def read_guarantee(read: Read, names: Names, reading: Reading) -> Guarantee | None:
    """The guarantee of a file; None after a report, or where a part of it was reported before."""
    subjects = [key for key in _SUBJECTS if key in read.places]
    promises = [key for key in _PROMISES if key in read.places]
    for extra in subjects[1:]:
        _report_together(read.places[extra], subjects[0], extra, reading)
    for extra in promises[1:]:
        _report_together(read.places[extra], promises[0], extra, reading)
    if not promises:
        reading.report(
            read.place,
            "missing-key",
            text(
                "Garantien sier ikke hva den lover.", "The guarantee does not say what it promises."
            ),
            text(
                "Legg til «never: …», «always: …» eller, for en kanal, «declares: …».",
                "Add “never: …”, “always: …” or, for a channel, “declares: …”.",
            ),
        )
        return None
    promise = promises[0]
    about = _SUBJECTS[subjects[0]] if subjects else Promised.DECISION
    subject = read[subjects[0]] if subjects else ""
    if subject is None:
        return None  # reported where it was read
    if subject not in names[about]:
        if not any(reading.excused(kind) for kind in _KINDS[about]):
            _report_unknown(read, subjects[0], names[about], reading)
        return None
    if promise == "declares":
        if about is not Promised.CHANNEL:
            reading.report(
                read.places["declares"],
                "bad-guarantee",
                text(
                    "«declares» lover hva en kanal oppgir om seg selv, men her er ingen kanal.",
                    "“declares” promises what a channel says of itself, but here is no channel.",
                ),
                text("Legg til «channel: …».", "Add “channel: …”."),
            )
            return None
    else:
        _check_outcomes(read, promise, names[about][subject], reading)
    if read["while"] is None or read["source"] is None or read[promise] is None:
        return None
    return Guarantee(
        name=read["guarantee"],
        place=read.place,
        title=read["title"],
        source=Source(
            read["source"]["document"], read["source"]["updated"], read["source"]["clause"]
        ),
        covers=read["covers"] or (),
        about=about,
        subject=subject,
        always=promise == "always",
        outcomes=() if promise == "declares" else read[promise],
        declares=dict(read["declares"].values) if promise == "declares" else {},
        condition=read["while"],
    )


def _check_outcomes(read: Read, promise: str, known: tuple[str, ...], reading: Reading) -> None:
    for word in read[promise] or ():
        if word not in known:
            reading.report(
                read.value_places[promise],
                "unknown-word",
                text(
                    f"«{word}» er ikke noe som kan komme ut her.",
                    f"“{word}” is not one of the outcomes here.",
                ),
                reading.did_you_mean(word, known),
            )


def _report_together(place: Place, one: str, other: str, reading: Reading) -> None:
    reading.report(
        place,
        "bad-guarantee",
        text(
            f"«{one}» og «{other}» kan ikke stå i samme garanti.",
            f"“{one}” and “{other}” cannot stand in one guarantee.",
        ),
        text("Lag to garantier.", "Make two guarantees."),
    )


def _report_unknown(read: Read, key: str, known: Iterable[str], reading: Reading) -> None:
    name = read[key]
    what: Text = _WHAT[key]
    reading.report(
        read.value_places[key],
        "unknown-name",
        text(
            f"Regelboken har ingen {what.say('nb')} «{name}».",
            f"The rule book has no {what.say('en')} “{name}”.",
        ),
        reading.did_you_mean(name, known),
    )


_WHAT: Final[Mapping[str, Text]] = {
    "channel": text("kanal", "channel"),
    "rule": text("regel", "rule"),
    "agreements": text("overgang", "migration called"),
}
