"""The sentences that a step is known by, and what their fields take.

A sentence is written as it is read, with fields in braces: ``at linje {number:Count} er på {amount:Amount}``.
A field without a kind takes whatever stands there. A field of a name (``{channel:Channel}``) takes it in
quotation marks, as it stands, or without them where the rule book has such a name; so a misspelt name is no
other sentence's text.

One step has all of its sentences, Norwegian and English, in one definition: pytest-bdd asks every definition
about every step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pytest_bdd.parsers import StepParser

from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.texts import ENGLISH, NORWEGIAN, text

if TYPE_CHECKING:
    from fakturavakt.acceptance.names import Names

_FIELD: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")
QUOTED: Final = r"«[^»]*»|“[^”]*”"
UNQUOTED: Final = r"[^«»“”]+?"
_MONTHS: Final = {
    month: number
    for number, months in enumerate(
        (
            *(("januar", "january"), ("februar", "february"), ("mars", "march"), ("april",)),
            *(("mai", "may"), ("juni", "june"), ("juli", "july"), ("august",), ("september",)),
            *(("oktober", "october"), ("november",), ("desember", "december")),
        ),
        start=1,
    )
    for month in months
}


class NamesInUse:
    """The names that unquoted fields are held against: those of the run's rule book."""

    def __init__(self) -> None:
        self._names: Names | None = None

    def use(self, names: Names | None) -> None:
        """Those of another rule book; None is the one that ships."""
        self._names = names

    @contextmanager
    def using(self, names: Names) -> Iterator[None]:
        """Those of another rule book, for a while."""
        before, self._names = self._names, names
        try:
            yield
        finally:
            self._names = before

    @property
    def names(self) -> Names:
        """Read when they are first asked for."""
        if self._names is None:
            from fakturavakt.acceptance.names import Names
            from fakturavakt.rulebook.loader import load_rulebook

            self._names = Names(load_rulebook())
        return self._names


in_use = NamesInUse()


def quoted(written: str) -> bool:
    """Whether a name or value stands in quotation marks."""
    return written[:1] in "«“" and len(written) > 1


def bare(written: str) -> str:
    """A name or value without the quotation marks around it."""
    return written[1:-1] if quoted(written) else written


def named(written: str) -> str:
    """A name without quotation marks, and without the comma that may end a clause behind it."""
    return bare(written.removesuffix(","))


def listed(written: str) -> list[str]:
    """``1, 2 og 3`` as a list; what stands in parentheses is not taken apart."""
    parts = re.split(r"(?:,| og | and )(?![^()]*\))", bare(written))
    return [part.strip() for part in parts if part.strip()]


def day(written: str) -> str:
    """``2. februar 2021`` or ``2 February 2021`` as ``2021-02-02``; else :class:`ScenarioError`."""
    number, month, year = written.replace(".", "").split()
    try:
        return date(int(year), _MONTHS[month.lower()], int(number)).isoformat()
    except (KeyError, ValueError):
        wrong = text(f"«{written}» er ingen dato.", f"“{written}” is no date.")
        raise ScenarioError(wrong) from None


def amount(written: str) -> str:
    """``1 200,25 kr`` or ``NOK 1200.25`` as ``1200.25``."""
    return re.sub(r"kr|NOK|\s", "", written).replace(",", ".")


DAY: Final = r"\d{1,2}\.? \w+ \d{4}"
AMOUNT: Final = r"(?:NOK )?-?[\d\u00a0 ]+(?:[,.]\d{1,2})?(?: kr)?"


@dataclass(frozen=True, slots=True)
class Field:
    """What a kind of field takes: a pattern, and for what is written without quotation marks a test.

    ``examples`` stand in lists of steps, by language; so do the ``words`` of a field that takes no others.
    """

    pattern: str
    examples: Mapping[str, str]
    read: Callable[[str], Any] = bare
    known: Callable[[str], bool] | None = None
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def takes(self, written: str) -> bool:
        """Whether this can stand in the field."""
        return self.known is None or quoted(written) or self.known(written)


def _words(nb: Mapping[str, str], en: Mapping[str, str]) -> Field:
    """A field of one of some words, each read as what it stands for. The first ones are the examples."""
    words = {**nb, **en}
    longest_first = sorted(words, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest_first))
    by_language = {NORWEGIAN: tuple(nb), ENGLISH: tuple(en)}
    examples = {language: found[0] for language, found in by_language.items()}
    return Field(pattern, examples, words.__getitem__, words=by_language)


def _name(
    known: Callable[[str], bool], nb: str, en: str, read: Callable[[str], Any] = named
) -> Field:
    examples = {NORWEGIAN: nb, ENGLISH: en}
    return Field(f"{QUOTED}|{UNQUOTED}", examples, read, known)


def _is_fact(written: str) -> bool:
    return in_use.names.known_fact(named(written)) is not None


def _is_place(written: str) -> bool:
    return in_use.names.known_place(named(written)) is not None


FIELDS: Final[dict[str, Field]] = {
    "Any": Field(".+?", {NORWEGIAN: "kaffe", ENGLISH: "coffee"}, str),
    "Count": Field(r"\d+", {NORWEGIAN: "2", ENGLISH: "2"}, int),
    "Day": Field(DAY, {NORWEGIAN: "2. februar 2021", ENGLISH: "2 February 2021"}, day),
    "Amount": Field(AMOUNT, {NORWEGIAN: "1 200,25 kr", ENGLISH: "NOK 1200.25"}, amount),
    "List": Field(r"[\w#, -]+", {NORWEGIAN: "1, 2 og #3", ENGLISH: "1, 2 and #3"}, listed),
    "Verdict": _words(
        {
            "satt på vent": "hold",
            "stoppet": "block",
            "ikke omfattet": "out_of_scope",
            "sendt": "send",
        },
        {"held": "hold", "blocked": "block", "out of scope": "out_of_scope", "sent": "send"},
    ),
    "Kind": _words(
        {
            "en vare": "goods",
            "en tjeneste": "service",
            "et abonnement": "subscription",
            "en forespørsel om pengegave": "gift_request",
        },
        {
            "goods": "goods",
            "a service": "service",
            "a subscription": "subscription",
            "a request for a gift": "gift_request",
        },
    ),
    "Fact": _name(_is_fact, "mobilnummeret", "the mobile number"),
    "Facts": _name(
        lambda written: all(map(_is_fact, listed(written))),
        "mobilnummeret og forfallsdatoen",
        "the mobile number and the due date",
        listed,
    ),
    # A fact, a group of facts or a line: what can be of a wrong type.
    "Place": _name(_is_place, "samtykket på linje 1", "the consent to line 1"),
    "Statement": Field(
        UNQUOTED,
        {NORWEGIAN: "mottakeren bruker Vipps", ENGLISH: "the recipient uses Vipps"},
        str,
        lambda written: in_use.names.statement(written) is not None,
    ),
    # What people write, or, in quotation marks, exactly what stands in the document.
    "Value": Field(
        f"{QUOTED}|{UNQUOTED}",
        {NORWEGIAN: "«912 34 567»", ENGLISH: "“912 34 567”"},
        str,
        lambda written: written not in ("ukjent", "unknown"),
    ),
    "Channel": _name(
        lambda written: written in in_use.names.channels, "Vipps Regning", "Vipps Regning"
    ),
    "Channels": _name(
        lambda written: all(each in in_use.names.channels for each in listed(written)),
        "eFaktura og Vipps Regning",
        "eFaktura and Vipps Regning",
        listed,
    ),
    "Prohibition": _name(
        lambda written: named(written) in in_use.names.prohibitions,
        "betalingskrav uten avtale eller fordring",
        "“Payment demand without agreement or claim”",
    ),
    "Advice": _name(
        lambda written: written in in_use.names.advices,
        "«Mobilnummeret mangler»",
        "“The mobile number is missing”",
    ),
}
"""Every kind of field. A kind that a step adds is added here before its sentences are read."""


def add_field(kind: str, nb: Mapping[str, str], en: Mapping[str, str]) -> None:
    """A kind of field that takes one of some words, each read as what it stands for, or an id in quotes."""
    words = {**nb, **en}
    found = _words(nb, en)

    def read(written: str) -> str:
        return words.get(written, bare(written))

    FIELDS[kind] = replace(found, pattern=f"{found.pattern}|{QUOTED}", read=read)


@dataclass(frozen=True)
class Sentence:
    """One sentence, as it is written in a step definition."""

    written: str

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The kind of each field, in order."""
        return {found[1]: FIELDS[found[2] or "Any"] for found in _FIELD.finditer(self.written)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts, at = [], 0
        for found in _FIELD.finditer(self.written):
            parts.append(re.escape(self.written[at : found.start()]))
            parts.append(f"(?P<{found[1]}>{FIELDS[found[2] or 'Any'].pattern})")
            at = found.end()
        parts.append(re.escape(self.written[at:]))
        return re.compile("".join(parts))

    @cached_property
    def _begins(self) -> str:
        """What every step of this sentence begins with: most are told apart by that alone."""
        return self.written.partition("{")[0]

    def match(self, said: str) -> dict[str, str] | None:
        """What stands in each field of a step; None where it is another sentence."""
        if not said.startswith(self._begins):
            return None
        found = self._pattern.fullmatch(said)
        if found is None:
            return None
        written = found.groupdict()
        if all(field.takes(written[name]) for name, field in self.fields.items()):
            return written
        return None

    def example(self, language: str, **filled: str) -> str:
        """The sentence as a scenario could say it, each field with an example of its kind."""
        return _FIELD.sub(
            lambda field: filled.get(field[1]) or FIELDS[field[2] or "Any"].examples[language],
            self.written,
        )


class Sentences(StepParser):
    """All sentences of one step, as pytest-bdd asks about them."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(sentences[0])
        self.sentences: Final = tuple(map(Sentence, sentences))

    def is_matching(self, name: str) -> bool:
        """Whether one of the sentences is what a step says."""
        return any(sentence.match(name) is not None for sentence in self.sentences)

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        """What stands in the fields of the sentence that a step says, read."""
        for sentence in self.sentences:
            written = sentence.match(name)
            if written is not None:
                return {field: sentence.fields[field].read(said) for field, said in written.items()}
        return None
