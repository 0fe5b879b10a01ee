"""Values that a document can really have: valid ones beside those that a rule names, and a bad one.

Each is held against ``vocabulary/forms.py``, which reads documents: what is made here is what is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, product
from string import ascii_uppercase
from typing import Final, assert_never

from fakturavakt.engines.reference import has_word
from fakturavakt.vocabulary.facts import Fact, FactType
from fakturavakt.vocabulary.forms import mod11_check_character

_LETTERS: Final = "zqxwjøæåkvy"
_CURRENCIES: Final = ("NOK", "EUR", "SEK", "DKK", "USD")
_CURRENCIES_THERE_ARE: Final = len(ascii_uppercase) ** 3
_ISSUER: Final = "97476067"


def bad_value(fact: Fact) -> object:
    """A JSON value that is refused for the fact, whatever the choices."""
    match fact.type:
        case FactType.TEXT | FactType.PAYMENT_REFERENCE:
            return True  # whatever is text is a text, and what is no KID is no problem
        case _:
            return "?"


def has_another(fact: Fact, named: Iterable[str]) -> bool:
    """Whether the fact can have a value that is none of those named."""
    if fact.type is FactType.CHOICE:
        return False
    return fact.type is not FactType.CURRENCY or len(set(named)) < _CURRENCIES_THERE_ARE


def another(fact: Fact, named: Iterable[str], position: int = 0) -> str:
    """A valid value of an identifier's or a text's type that is none of those named.

    ``position``: different for each, where several are needed.
    """
    taken = set(named)
    found = (value for value in _valid_values(fact.type) if value not in taken)
    for _ in range(position):
        next(found)
    return next(found)


def _valid_values(fact_type: FactType) -> Iterator[str]:
    match fact_type:
        case FactType.TEXT:
            return (str(n) for n in count(1))
        case FactType.CURRENCY:
            return iter([*_CURRENCIES, *map("".join, product(ascii_uppercase, repeat=3))])
        case FactType.ORGANISATION_NUMBER:
            return _with_check_digit(8, 97476067)
        case FactType.ACCOUNT:
            return _with_check_digit(10, 8601111794)
        case FactType.PAYMENT_REFERENCE:
            return _with_check_digit(9, 123456789)
        case FactType.MOBILE:
            return (f"+47{91234567 + n}" for n in range(1_000_000))
        case FactType.EMAIL:
            return (f"{name}@example.no" for name in _numbered("kari"))
        case (
            FactType.DATE
            | FactType.MONEY
            | FactType.YES_NO
            | FactType.COUNT
            | FactType.CHOICE
            | FactType.LINES
        ):
            return iter(())
        case _:
            assert_never(fact_type)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}{n}" for n in count(2))


def _with_check_digit(length: int, first: int) -> Iterator[str]:
    """Numbers of so many digits and their MOD11 check digit, those left out that would need a ``-``."""
    for number in range(first, 10**length):
        digits = f"{number:0{length}d}"
        check = mod11_check_character(digits)
        if check != "-":
            yield f"{digits}{check}"


@dataclass(frozen=True)
class WordPatterns:
    """The words that rules look for in one text fact, and texts that have just some of them.

    A pattern is a word, with ``*`` before or behind it or both. ``filler`` is a letter that stands in none
    of the patterns and in no value that is named. A word of a text that a pattern matches can be replaced by
    the pattern with the filler for each ``*``: that word is matched by those patterns alone that match
    *every* word which the pattern matches (``implied``). So a text can have just the patterns of a set if,
    and only if, the set has with each pattern those that it implies: then the pattern's words, in a row,
    are such a text.
    """

    patterns: tuple[str, ...]
    filler: str

    @staticmethod
    def of(patterns: Iterable[str], named: Iterable[str]) -> WordPatterns:
        """The patterns, with a filler that occurs in none of them and in no value that is named."""
        patterns = tuple(sorted(patterns))
        used = set("".join([*patterns, *named]).casefold())
        letters = [*_LETTERS, *map(chr, range(ord("a"), ord("z") + 1)), *map(chr, _MORE_LETTERS)]
        return WordPatterns(patterns, next(letter for letter in letters if letter not in used))

    def implied(self, pattern: str) -> tuple[str, ...] | None:
        """The patterns that match whatever ``pattern`` does; None if it matches no word at all."""
        word = self._word(pattern)
        if not has_word(word, (pattern,)):
            return None  # folding its case made of a letter something that is in no word
        return tuple(other for other in self.patterns if has_word(word, (other,)))

    def in_text(self, value: str) -> frozenset[str]:
        """The patterns that match a word of the text."""
        return frozenset(pattern for pattern in self.patterns if has_word(value, (pattern,)))

    def text_with(self, patterns: Iterable[str], named: Iterable[str], position: int) -> str:
        """A text in which just these patterns (a set closed under ``implied``) match a word.

        It is no value that is named, and another one for each ``position``.
        """
        wanted = frozenset(patterns)
        words: list[str] = []
        for pattern in sorted(wanted):
            if wanted <= self.in_text(" ".join(words)):
                break
            # Without the filler the word reads better, but may be one that was not to be there.
            bare = pattern.replace("*", "")
            words.append(bare if self.in_text(bare) <= wanted else self._word(pattern))
        if position or not words or " ".join(words) in set(named):
            words.append(self.filler * (position + 1))
        return " ".join(words)

    def _word(self, pattern: str) -> str:
        return pattern.replace("*", self.filler)


_MORE_LETTERS: Final = range(0x3B1, 0x3C1)
"""Greek small letters: words have letters, and these stand in few of them."""
