"""A document of which nothing is settled: each fact absent, bad, or of any value of its type.

It stands for every document there can be, with at most so many lines; what rule books make of it (what
absence means, which words a choice has) is said by a :class:`Reader` for each rule book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from fakturavakt.engines.reference import has_word
from fakturavakt.intake.fact_reader import POSITION_NAME
from fakturavakt.proof.mentions import Mentions
from fakturavakt.proof.plausible_values import WordPatterns, has_another
from fakturavakt.proof.terms import Formula, Number, Terms
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINE_PREFIX,
    LINES,
    NEVER,
    ORDERED_TYPES,
    Absence,
    Fact,
    FactType,
    Value,
    Vocabulary,
)
from fakturavakt.vocabulary.own_facts import PAYABLE_AMOUNT

DAY_MIN: Final = date.min.toordinal()
DAY_MAX: Final = date.max.toordinal()
NEVER_DAY: Final = 10**9
"""A day after every other, also after one that is any number of days later than a day there is."""
ORE_MAX: Final = 10**15 - 1
"""Thirteen digits before the point, two behind it."""
_COUNTS_BEYOND: Final = 1000
"""Counts are only compared with one another and with constants; no document here has so many of them."""
_COUNT_MAX: Final = 10**3999 - 1
"""The largest that is read."""


@dataclass(frozen=True, slots=True)
class SymbolicFact:
    """A fact of the document, or of the line at ``line`` (from 0), as variables.

    ``given``: a good value stands there; ``bad``: a bad one. ``learnt`` (only where two documents are looked
    at): it stands in the second one only. ``value``: yes/no as a flag; a day, øre or a count as a
    number; all else as the position of the value in ``words``, or the number of ``words`` for one that is
    none of them. ``matches``: which patterns of words the text has.
    """

    fact: Fact
    line: int | None
    given: Formula
    bad: Formula
    learnt: Formula
    value: Formula
    words: tuple[str, ...]
    patterns: WordPatterns | None
    matches: Mapping[str, Formula]

    @property
    def path(self) -> tuple[str, int | None]:
        """The fact and its line, as the document keeps it."""
        return self.fact.name, self.line


@dataclass
class SymbolicDocument:
    """One document (or two, the second of which has more facts) for one question.

    ``vocabularies`` are those of the rule books that read it; a fact that several have is of one type in all
    of them. ``as_of`` is the screening date, or None for any day. ``gaps``: a line may be missing whichever
    others there are; else they are there from the first one on, since which is which is all the same.
    ``rules`` is what must hold of the variables for there to be such a document.
    """

    terms: Terms
    vocabularies: Sequence[Vocabulary]
    mentions: Mentions
    lines_max: int
    as_of: date | None = None
    learning: bool = False
    gaps: bool = False
    facts: dict[tuple[str, int | None], SymbolicFact] = field(default_factory=dict)
    rules: list[Formula] = field(default_factory=list)

    def __post_init__(self) -> None:
        terms = self.terms
        self.lines_given = terms.flag("lines given")
        self.lines_learnt: Formula = terms.flag("lines learnt") if self.learning else False
        self.line_there = [terms.flag(f"line {n} there") for n in range(self.lines_max)]
        pairs = zip(self.line_there, self.line_there[1:], strict=False)
        for before, there in () if self.gaps else pairs:
            self.rules.append(terms.implied(there, before))
        self.rules.append(
            terms.implied(self.any_line, terms.either([self.lines_given, self.lines_learnt]))
        )
        self.rules.append(
            terms.negated(terms.both([self.lines_given, self.lines_learnt]))
            if self.learning
            else True
        )
        if self.as_of is None:
            self.day: Number = terms.number("screening date")
            self.rules += [self.day >= DAY_MIN, self.day <= DAY_MAX]
        else:
            self.day = self.as_of.toordinal()

    @property
    def any_line(self) -> Formula:
        """Whether there is a line at all."""
        return self.terms.either(self.line_there) if self.gaps else self.line_there[0]

    def fact(self, name: str, line: int | None) -> SymbolicFact:
        """The variables of a fact, of the line where it is a line's; the same whenever it is asked for."""
        line = line if name.startswith(LINE_PREFIX) else None
        if (name, line) not in self.facts:
            self.facts[name, line] = self._new_fact(name, line)
        return self.facts[name, line]

    def _new_fact(self, name: str, line: int | None) -> SymbolicFact:
        terms = self.terms
        known_in = [each[name] for each in self.vocabularies if name in each]
        fact = known_in[0]
        of = name if line is None else f"{name} of line {line}"
        given, learnt = terms.flag(f"{of} given"), False
        # Where absence is unknown anyway, a bad value says nothing else.
        bad: Formula = False
        if name != LINE_ID and any(each.absent is not Absence.UNKNOWN for each in known_in):
            bad = terms.flag(f"{of} bad")
            self.rules.append(terms.negated(terms.both([given, bad])))
        elif self.learning:
            learnt = terms.flag(f"{of} learnt")
            self.rules.append(terms.negated(terms.both([given, learnt])))
        if line is not None:
            stands = terms.either([given, bad, learnt])
            self.rules.append(terms.implied(stands, self.line_there[line]))
        named = sorted(self.mentions.values.get(name, ()))
        if fact.type is FactType.CHOICE:
            named = list(dict.fromkeys(word for each in known_in for word in each.choices))
        if name == LINE_ID:
            named = [word for word in named if not _is_position(word)]
        patterns = self._patterns(name, named)
        made = SymbolicFact(
            fact=fact,
            line=line,
            given=given,
            bad=bad,
            learnt=learnt,
            value=terms.flag(f"{of} value")
            if fact.type is FactType.YES_NO
            else terms.number(f"{of} value"),
            words=tuple(named),
            patterns=patterns,
            matches={
                pattern: terms.flag(f"{of} has {pattern}")
                for pattern in (patterns.patterns if patterns else ())
            },
        )
        self.rules += self._value_rules(made)
        return made

    def _patterns(self, name: str, named: Iterable[str]) -> WordPatterns | None:
        looked_for = self.mentions.words.get(name)
        return WordPatterns.of(looked_for, named) if looked_for else None

    def _value_rules(self, made: SymbolicFact) -> list[Formula]:
        """Which values there are."""
        value, terms, name = made.value, self.terms, made.fact.name
        match made.fact.type:
            case FactType.YES_NO | FactType.LINES:
                return []
            case FactType.DATE:
                return [value >= DAY_MIN, value <= DAY_MAX]
            case FactType.MONEY:
                return [value >= -ORE_MAX, value <= ORE_MAX]
            case FactType.COUNT:
                most = max((max(each) for each in self.mentions.numbers.values()), default=0)
                return [value >= 0, value <= min(most + _COUNTS_BEYOND, _COUNT_MAX)]
            case _:
                last = len(made.words) - (0 if has_another(made.fact, made.words) else 1)
                found = [value >= 0, value <= last]
        if name == LINE_ID:
            for other in [each for each in self.facts.values() if each.fact.name == LINE_ID]:
                # Two lines of one id: the second is called by its position, and has none.
                here = [made.given, made.learnt], [other.given, other.learnt]
                both = terms.both([terms.either(here[0]), terms.either(here[1])])
                alike = terms.both([value == other.value, value < len(made.words)])
                found.append(terms.negated(terms.both([both, alike])))
        if made.patterns is not None:
            for pattern, matches in made.matches.items():
                implied = made.patterns.implied(pattern)
                if implied is None:
                    found.append(terms.negated(matches))
                else:
                    found += [terms.implied(matches, made.matches[each]) for each in implied]
                for position, word in enumerate(made.words):
                    there = pattern in made.patterns.in_text(word)
                    found.append(terms.implied(value == position, terms.same(matches, there)))
        return found

    def costs(self) -> list[tuple[Formula, int]]:
        """What a document says, piece by piece: the smallest one costs least. A line wants its id."""
        found = [(self.lines_given, 1)]
        found += [(there, 1) for there in self.line_there]
        if self.learning:
            found.append((self.lines_learnt, 1))
        for each in self.facts.values():
            if each.fact.name == LINE_ID and each.line is not None:
                there = self.line_there[each.line]
                found.append((self.terms.both([there, self.terms.negated(each.given)]), 1))
            else:
                found.append((each.given, 1))
            if each.bad is not False:
                found.append((each.bad, 3))
            if each.learnt is not False:
                found.append((each.learnt, 2))
        return found


def _is_position(word: str) -> bool:
    return POSITION_NAME.fullmatch(word) is not None


@dataclass
class Reader:
    """What one rule book reads of a document; ``later``: of the second one, where more is known."""

    document: SymbolicDocument
    vocabulary: Vocabulary
    later: bool = False

    @property
    def terms(self) -> Terms:
        return self.document.terms

    def stated(self, name: str, line: int | None) -> Formula:
        """Whether the fact is there, and not bad: what ``known`` asks about."""
        if name not in self.vocabulary:
            return False
        found = self.document.fact(name, line)
        there = [found.given, found.learnt] if self.later else [found.given]
        return self.terms.both([self.terms.either(there), self._own(found)])

    def _own(self, found: SymbolicFact) -> Formula:
        """Whether the value is one of the words that this rule book has for a choice."""
        choices = self.vocabulary[found.fact.name].choices
        if not choices or set(choices) == set(found.words):
            return True
        return self.terms.either(
            found.value == position for position, word in enumerate(found.words) if word in choices
        )

    def known(self, name: str, line: int | None) -> Formula:
        """Whether the fact has a value, stated or by what its absence means."""
        stated = self.stated(name, line)
        if self._meaning(name) is None:
            return stated
        found = self.document.fact(name, line)
        foreign = self.terms.both([found.given, self.terms.negated(self._own(found))])
        return self.terms.negated(self.terms.either([found.bad, foreign]))

    def _meaning(self, name: str) -> Value | Absence | None:
        absent = self.vocabulary[name].absent
        return None if absent is Absence.UNKNOWN or name == LINE_ID else absent

    def number(self, name: str, line: int | None) -> Number:
        """The value of a date, an amount or a count, where it is known."""
        found = self.document.fact(name, line)
        meaning = self._meaning(name)
        if meaning is None:
            return found.value
        otherwise: Number
        if meaning is Absence.SCREENING_DATE:
            otherwise = self.document.day
        else:
            otherwise = NEVER_DAY if meaning == NEVER else int(meaning)
        return self.terms.chosen(self.stated(name, line), found.value, otherwise)

    def later_number(self, name: str, line: int | None, days: int) -> Number:
        """The same, some days later; a day that is never reached stays where it is."""
        found = self.number(name, line)
        if days == 0 or self._meaning(name) != NEVER:
            return found + days
        return self.terms.chosen(self.stated(name, line), found + days, NEVER_DAY)

    def is_one_of(self, name: str, line: int | None, values: Sequence[Value]) -> Formula:
        """Whether the value, where it is known, is one of these."""
        found = self.document.fact(name, line)
        there: Formula
        if found.fact.type is FactType.YES_NO:
            there = self.terms.either(
                self.terms.same(found.value, value is True) for value in values
            )
        elif found.fact.type in ORDERED_TYPES:
            there = self.terms.either(found.value == int(value) for value in values)
        else:
            positions = [n for n, word in enumerate(found.words) if word in values]
            there = self.terms.either(found.value == position for position in positions)
        return self._or_by_absence(name, line, there, lambda meaning: meaning in values)

    def has_word(self, name: str, line: int | None, words: Sequence[str]) -> Formula:
        """Whether the text, where it is known, has one of the words."""
        found = self.document.fact(name, line)
        there = self.terms.either(found.matches[word] for word in words)
        return self._or_by_absence(
            name, line, there, lambda meaning: has_word(str(meaning), tuple(words))
        )

    def _or_by_absence(
        self, name: str, line: int | None, there: Formula, by_absence: Callable[[Value], bool]
    ) -> Formula:
        meaning = self._meaning(name)
        if meaning is None or isinstance(meaning, Absence):
            return there
        stated = self.stated(name, line)
        return self.terms.either(
            [
                self.terms.both([stated, there]),
                self.terms.both([self.terms.negated(stated), by_absence(meaning)]),
            ]
        )

    def lines_known(self) -> Formula:
        """Whether the rule book knows the lines: a list of none is one only where nothing is to pay."""
        document, terms = self.document, self.terms
        if LINES not in self.vocabulary:
            return False
        given = (
            [document.lines_given, document.lines_learnt] if self.later else [document.lines_given]
        )
        nothing: Formula = False
        if PAYABLE_AMOUNT in self.vocabulary and (
            self.vocabulary[PAYABLE_AMOUNT].type in ORDERED_TYPES
        ):
            amount = document.fact(PAYABLE_AMOUNT, None).value
            nothing = terms.both([self.stated(PAYABLE_AMOUNT, None), amount == 0])
        return terms.both([terms.either(given), terms.either([document.any_line, nothing])])
