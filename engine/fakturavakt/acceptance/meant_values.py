"""What was meant by the words that stand where a step has a field: the value as the step takes it.

``5.februar 2021`` is ``5. februar 2021``, ``mobilnumeret`` is ``mobilnummeret``, and in a Norwegian feature
``blocked`` is ``stoppet``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Final

from fakturavakt.acceptance.gherkin_writing import quoted
from fakturavakt.acceptance.names import Names
from fakturavakt.acceptance.sentences import FIELDS, Field
from fakturavakt.acceptance.written_names import WrittenNames
from fakturavakt.acceptance.written_values import amount_in_words
from fakturavakt.texts import ENGLISH, NORWEGIAN, OWN_LANGUAGES, listed, text, written_date
from fakturavakt.vocabulary.facts import LINE_PREFIX, FactType

_NEAR: Final = 0.78
_NEAR_TITLE: Final = 0.6
"""People shorten titles."""
_DAY: Final = re.compile(r"(?:den )?(\d{1,2})(?:st|nd|rd|th)?[. ]*([^\W\d]+)[. ,]*(\d{4})")
_MONTH_FIRST: Final = re.compile(r"([^\W\d]+) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_DAY_IN_DIGITS: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_AMOUNT: Final = re.compile(
    r"(?:NOK|kr\.?)? ?(-?\d[\d\u00a0 ]*)(?:[.,](\d{2}|-))? ?(?:kroner|kr\.?|NOK|,-)?", re.IGNORECASE
)
_LINE: Final = re.compile(r"\(?\b(?:linje|line) (#?\d+)\)?")
_NUMBERS: Final = {
    word: number
    for number, words in enumerate(("en én one", "to two", "tre three", "fire four"), start=1)
    for word in words.split()
}
_YES_NO: Final = {
    **dict.fromkeys(("ja", "yes"), text("ja", "yes")),
    **dict.fromkeys(("nei", "no"), text("nei", "no")),
}
_NO_WORDS: Final = re.compile(r"[+\d][\d ()+-]*|[A-Z]{3}|\S+@\S+")
_QUOTES: Final = "«»“”\"'„‟"


class MeantValues:
    """Guesses what was meant, and writes it in a language."""

    def __init__(self, names: Names, language: str) -> None:
        self._names: Final = names
        self._language: Final = language
        self._words: Final = WrittenNames(names, language)
        self._readers: Final[Mapping[str, Callable[[str], str | None]]] = {
            "Day": self._day,
            "Amount": self._amount,
            "Count": self._count,
            "List": self._list,
            "Fact": self._fact,
            "Facts": self._facts,
            "Place": self._place,
            "Statement": self._statement,
            "Channel": self._channel,
            "Channels": self._channels,
            "Prohibition": self._prohibition,
            "Advice": self._advice,
            "Value": self._value,
        }
        self.meant: Final = cache(self._meant)

    def _meant(self, kind: str, said: str) -> str | None:
        """What a field of a kind would hold where this was said; None where it is nothing of the sort."""
        field = FIELDS[kind]
        if field.words:
            return self._word(field, _plain(said))
        reader = self._readers.get(kind)
        if reader is not None:
            return reader(said)
        plain = _plain(said)
        whole = re.fullmatch(field.pattern, plain) is not None and field.takes(plain)
        return plain if plain and (kind == "Any" or whole) else None

    def is_value_of(self, fact: str, value: str) -> bool:
        """Whether a value, as it stands in a sentence, can be one of a fact; in quotes anything can."""
        path = self._names.known_fact(_plain(fact)) or _plain(fact)
        kind = self._names.fact(path).type
        if value[:1] in _QUOTES:
            return kind is not FactType.LINES
        match kind:
            case FactType.DATE:
                return self._day(value) is not None
            case FactType.MONEY:
                return self._amount(value) is not None
            case FactType.YES_NO:
                return value.casefold() in _YES_NO
            case FactType.CHOICE:
                return value in self._names.fact(path).choices
            case _:
                return kind is not FactType.LINES

    # -- days, amounts, numbers ----------------------------------------------------------------------

    def _day(self, said: str) -> str | None:
        written = _plain(said)
        if _ISO.fullmatch(written):
            year, month, day = map(int, written.split("-"))
        elif found := _DAY_IN_DIGITS.fullmatch(written):
            day, month, year = map(int, found.groups())
        elif found := _DAY.fullmatch(written):
            day, month, year = int(found[1]), _month(found[2]), int(found[3])
        elif found := _MONTH_FIRST.fullmatch(written):
            day, month, year = int(found[2]), _month(found[1]), int(found[3])
        else:
            return None
        try:
            return written_date(date(year, month, day), self._language)
        except ValueError:
            return None

    def _amount(self, said: str) -> str | None:
        found = _AMOUNT.fullmatch(_plain(said))
        if found is None:
            return None
        ore = (found[2] or "0").replace("-", "0")
        kroner = re.sub(r"\s", "", found[1])
        return amount_in_words(Decimal(f"{kroner}.{ore}"), "NOK", self._language)

    def _count(self, said: str) -> str | None:
        written = _plain(said).rstrip(".")
        if written.casefold() in _NUMBERS:
            return str(_NUMBERS[written.casefold()])
        return written if written.isdecimal() else None

    def _list(self, said: str) -> str | None:
        parts = re.findall(r"#?\d+", said)
        rest = re.sub(r"#?\d+|\b(?:og|and|linje|line|lines|linjene)\b|[,&\s]", "", said)
        return listed(parts, self._language) if parts and not rest else None

    # -- words and names -----------------------------------------------------------------------------

    def _word(self, field: Field, said: str) -> str | None:
        """The word of the language that means the same as the nearest word of any."""
        near = _nearest(said, [word for words in field.words.values() for word in words])
        if near is None:
            return None
        meaning = field.read(near)
        return next(word for word in field.words[self._language] if field.read(word) == meaning)

    def _fact(self, said: str) -> str | None:
        written = _plain(said)
        line = _LINE.search(written)
        label = _LINE.sub("", written).strip()
        label = re.sub(r"^(?:svaret på|the answer to) ", "", label)
        near = _nearest(label, self._labels)
        if near is None:
            return None
        name = self._labels[near]
        if not name.startswith(LINE_PREFIX):
            return None if line else self._words.fact(name)
        number = line[1] if line else "1"
        return self._words.fact(f"line[{number}].{name.removeprefix(LINE_PREFIX)}")

    def _place(self, said: str) -> str | None:
        """A fact, a group of facts or a line."""
        path = self._names.known_place(_plain(said).rstrip(","))
        return self._fact(said) if path is None else self._words.place(path)

    @cached_property
    def _labels(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for fact in self._names.book.vocabulary:
            found[fact.name] = fact.name
            for language in OWN_LANGUAGES:
                label = fact.label.say(language)
                found.setdefault(label, fact.name)
                found.setdefault(re.sub(r" \([^()]*\)$", "", label), fact.name)
        return found

    def _facts(self, said: str) -> str | None:
        parts = re.split(r", | og | and ", _plain(said))
        found = [self._fact(part) for part in parts]
        if None in found:
            return None
        paths = [self._names.known_fact(_plain(each)) for each in found if each is not None]
        return self._words.facts([path for path in paths if path is not None])

    def _statement(self, said: str) -> str | None:
        written = re.sub(r"^(?:at|that) ", "", _plain(said))
        line = _LINE.search(written)
        plain = re.sub(r"\s+", " ", _LINE.sub("§", written)).strip()
        near = _nearest(plain, self._statements)
        if near is None:
            return None
        name, value = self._statements[near]
        if not name.startswith(LINE_PREFIX):
            return None if line else self._words.statement(name, value)
        number = line[1] if line else "1"
        return self._words.statement(f"line[{number}].{name.removeprefix(LINE_PREFIX)}", value)

    @cached_property
    def _statements(self) -> dict[str, tuple[str, bool | str]]:
        """Statements of every language, in the order of a clause and of a sentence; § stands for a line."""
        found: dict[str, tuple[str, bool | str]] = {}
        for language in OWN_LANGUAGES:
            words = (
                self._words if language == self._language else WrittenNames(self._names, language)
            )
            for fact in self._names.book.vocabulary:
                path = fact.name.replace(LINE_PREFIX, "line[1].") if fact.of_line else fact.name
                values = (True, False) if fact.type is FactType.YES_NO else fact.choices
                for value in values:
                    said = words.statement(path, value)
                    if said is not None:
                        found.setdefault(_LINE.sub("§", said), (fact.name, value))
        for sentence, meant in self._names.statements.items():
            said = re.sub(r"^linjen|^the line", "§", sentence)
            found.setdefault(said, (meant.path, meant.value))
        return found

    def _channel(self, said: str) -> str | None:
        near = _nearest(_plain(said), self._names.channels)
        if near is None:
            return None
        name = self._names.channels[near]
        titles = {each.name: each.title for each in self._names.book.channels}
        return titles[name].say(self._language)

    def _channels(self, said: str) -> str | None:
        found = [self._channel(part) for part in re.split(r", | og | and ", _plain(said))]
        return None if None in found else listed([each for each in found if each], self._language)

    def _prohibition(self, said: str) -> str | None:
        named = _plain(re.sub(r"^mot ", "", said)).rstrip(",")
        near = _nearest(named, self._names.prohibitions, _NEAR_TITLE)
        return None if near is None else self._words.prohibition(self._names.prohibitions[near])[0]

    def _advice(self, said: str) -> str | None:
        near = _nearest(_plain(said), self._names.advices, _NEAR_TITLE)
        if near is None:
            return None
        title = self._names.book.rules[self._names.advices[near]].title.say(self._language)
        return quoted(title, self._language)

    def _value(self, said: str) -> str | None:
        """In quotation marks anything; without, only what can hardly be anything but a value."""
        plain = _plain(said)
        if plain != said.strip():
            return quoted(plain, self._language) if plain else None
        if not plain.isdecimal():
            found = self._day(said) or self._amount(said)
            if found is not None:
                return found
        if plain.casefold() in _YES_NO:
            return _YES_NO[plain.casefold()].say(self._language)
        return plain if _NO_WORDS.fullmatch(plain) or plain in self._choices else None

    @cached_property
    def _choices(self) -> frozenset[str]:
        return frozenset(choice for fact in self._names.book.vocabulary for choice in fact.choices)


def _plain(said: str) -> str:
    return said.strip().strip(_QUOTES).strip()


def _month(written: str) -> int:
    """A month in either language, short or spelt nearly so; 0 where it is none."""
    months = {
        written_date(date(2021, month, 1), language).split()[1]: month
        for month in range(1, 13)
        for language in (NORWEGIAN, ENGLISH)
    }
    short = [each for each in months if len(written) >= 3 and each.startswith(written.casefold())]
    near = short[0] if short else _nearest(written, months)
    return 0 if near is None else months[near]


def _nearest(said: str, known: Iterable[str], at_least: float = _NEAR) -> str | None:
    """The known text that is near enough, whatever its case."""
    by_fold: dict[str, str] = {}
    for each in known:
        by_fold.setdefault(each.casefold(), each)
    close = difflib.get_close_matches(said.casefold(), by_fold, n=1, cutoff=at_least)
    return by_fold[close[0]] if close else None
