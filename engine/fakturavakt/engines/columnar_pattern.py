"""All that a decision depends on, as one text a document: documents with the same pattern get the same
decision, but for the ids of their lines. There are few patterns among many documents, so that a decision is
put into words once a pattern and not once a document.

``CODES | LACKS | ASKS`` of an invoice, and apart from it a text of its lines, ``TOLD ; LACKS ; ASKS`` each:

``CODES``  how the scope and every rule came out, two bits each, in whole numbers
``LACKS``  ``place:bits`` for what is unknown and which facts it lacks
``ASKS``   ``place:bits`` for an advice that holds, and which facts that it asks for are absent
``TOLD``   for which rules a line is named, a bit each, in whole numbers

The pattern is empty where an invoice is out of scope, and the text of its lines where no rule names a line.

May import: ``engines.columnar_outcomes`` and what it may, ``engines.missing``, ``intake.facts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from fakturavakt.engines.columnar_conditions import ABSENT, BY_LINE
from fakturavakt.engines.columnar_outcomes import BITS_MAX, Asked, ColumnarOutcomes
from fakturavakt.engines.missing import MissingFact
from fakturavakt.engines.outcomes import SCOPE, About, Truth
from fakturavakt.engines.outcomes import Asked as Question
from fakturavakt.engines.sql_expressions import (
    LINE,
    cases,
    cast,
    column,
    conjunction,
    disjunction,
    is_null,
    is_set,
    lambda_of,
    masked,
    text_of,
    together,
    whole,
)
from fakturavakt.rulebook.conditions import Condition
from fakturavakt.rulebook.model import Advice, ChannelRule
from fakturavakt.vocabulary.facts import LINE_PREFIX

PATTERN: Final = "pattern"
PATTERN_OF_LINES: Final = "pattern of lines"
NOTHING_OF_A_LINE: Final = "/0;;"
"""How a line that no rule names ends the pattern of lines, where one whole number is enough for the rules."""

_READ_MAX: Final = 4096
"""Codes whose meaning is kept."""
_HOLDS, _UNKNOWN = 1, 2
_TRUTHS: Final[tuple[Truth, ...]] = (False, True, None)


@dataclass(frozen=True, slots=True)
class _Code:
    """A whole number that says how some questions came out; ``in_force``: outside of which all are false."""

    column: str
    in_force: Condition | None
    asked: list[Question]


class Patterns:
    """The pattern of documents under one rule book: as columns, and read again."""

    def __init__(self, outcomes: ColumnarOutcomes) -> None:
        self.outcomes = outcomes
        self.book = outcomes.book
        self.conditions = outcomes.conditions
        asking_or_missing = (*outcomes.can_miss, *outcomes.advice.values())
        self._place = {asked.column: place for place, asked in enumerate(asking_or_missing)}
        self._named = outcomes.naming_lines
        self._asking = {outcomes.advice[rule.id].column: rule for rule in self.book.advice}
        self._codes = self._coded()
        self._code_of = {
            _column(question): (code.column, 2 * place)
            for code in self._codes
            for place, question in enumerate(code.asked)
        }
        self._told_at = {
            asked.column: divmod(place, BITS_MAX) for place, asked in enumerate(self._named)
        }
        self._read: dict[str, Mapping[Question, Truth]] = {}
        self._facts = {bit: fact for fact, bit in self.conditions.bits.items()}

    def _coded(self) -> list[_Code]:
        """Two bits for the scope, for each rule and for the window of each channel's rules."""
        windows: list[tuple[Condition | None, Question]] = [(None, SCOPE)]
        for rule in self.outcomes.rules:
            windows.append((rule.in_force, Question(About.RULE, rule.id)))
            if rule.in_force is not None and isinstance(rule, ChannelRule):
                windows.append((None, Question(About.IN_FORCE, rule.id)))
        codes: list[_Code] = []
        newest: dict[Condition | None, _Code] = {}
        for window, question in windows:
            code = newest.get(window)
            if code is None or len(code.asked) * 2 >= BITS_MAX:
                code = newest[window] = _Code(f"outcome {len(codes) + 1}", window, [])
                codes.append(code)
            code.asked.append(question)
        return codes

    # -- as columns --------------------------------------------------------------------------------

    def codes(self) -> dict[str, exp.Expression]:
        """How everything came out, in whole numbers."""
        return {
            code.column: self.outcomes.while_open(
                code.in_force,
                together(
                    exp.Mul(
                        this=exp.Coalesce(
                            this=cast(column(_column(question)), "bigint"),
                            expressions=[whole(_UNKNOWN)],
                        ),
                        expression=whole(1 << 2 * place),
                    )
                    for place, question in enumerate(code.asked)
                ),
                whole(0),
            )
            for code in self._codes
        }

    def columns(self) -> dict[str, exp.Expression]:
        """The pattern, and that of the lines."""
        in_scope = exp.NEQ(this=column("decision"), expression=text_of("out_of_scope"))
        codes: list[exp.Expression] = []
        for code in self._codes:
            codes += [cast(column(code.column), "varchar"), text_of(",")]
        of_invoice = _concat(
            [*codes[:-1], text_of("|"), *self._lacks(), text_of("|"), *self._asks()]
        )
        return {
            PATTERN: cases([(in_scope, of_invoice)], text_of("")),
            PATTERN_OF_LINES: cases([(in_scope.copy(), self._of_lines())], text_of("")),
        }

    def _lacks(self) -> list[exp.Expression]:
        """What the unknown ones lack of the invoice."""
        pieces = []
        for asked in self.outcomes.can_miss:
            bits = self.conditions.missing_bits(asked.condition)
            if bits != whole(0):
                pieces.append((asked, self._piece(asked, bits)))
        return self._guarded(pieces, _UNKNOWN)

    def _asks(self) -> list[exp.Expression]:
        """Which facts are absent that an advice asks for."""
        return self._guarded(
            [
                (self.outcomes.advice[rule.id], self._piece(asked, masked(column(ABSENT), mask)))
                for rule in self.book.advice
                for asked in [self.outcomes.advice[rule.id]]
                if (mask := self._asked_for(rule, of_line=False))
            ],
            _HOLDS,
        )

    def _of_lines(self) -> exp.Expression:
        told = self._named
        lacking = [
            (asked, self._piece(asked, bits))
            for asked in self.outcomes.can_miss
            if asked.reads_lines
            and (bits := self.conditions.missing_bits_of_line(asked.condition)) != whole(0)
        ]
        asking = [
            (asked, self._piece(asked, masked(column(LINE, ABSENT), mask)))
            for rule in self.book.advice
            for asked in [self.outcomes.advice[rule.id]]
            if asked.reads_lines and (mask := self._asked_for(rule, of_line=True))
        ]
        if not told and not lacking:
            return text_of("")
        pieces: list[exp.Expression] = []
        for start in range(0, len(told), BITS_MAX):
            named = [
                self._names_line(asked, 1 << place)
                for place, asked in enumerate(told[start : start + BITS_MAX])
            ]
            pieces += [cast(together(named), "varchar"), text_of(".")]
        of_line = [*pieces[:-1], text_of(";"), *self._guarded(lacking, _UNKNOWN)]
        of_line += [text_of(";"), *self._guarded(asking, _HOLDS)]
        of_each = exp.Transform(this=column(BY_LINE), expression=lambda_of(_concat(of_line)))
        listed = exp.ArrayToString(this=of_each, expression=text_of("/"))
        some = disjunction(
            [
                *self._are([asked for asked in told if self._asking.get(asked.column) is None], 3),
                *self._are([asked for asked in told if asked.column in self._asking], _HOLDS),
                *self._are([asked for asked, _ in lacking], _UNKNOWN),
            ]
        )
        return cases([(some, exp.Coalesce(this=listed, expressions=[text_of("")]))], text_of(""))

    def _names_line(self, asked: Asked, bit: int) -> exp.Expression:
        """``bit`` if the line at hand is one of those that are named: the rule, read for it alone, came out
        as for all.
        """
        code, place = self._code_of[asked.column]
        holds, unknown = (is_set(column(code), which << place) for which in (_HOLDS, _UNKNOWN))
        alone = self.outcomes.truth_on_line(asked)
        as_for_all = disjunction(
            [conjunction([holds, alone]), conjunction([unknown, is_null(alone.copy())])]
        )
        named = cases([(as_for_all, whole(bit))], whole(0))
        return cases([(is_set(column(code), 3 << place), named)], whole(0))

    def _piece(self, asked: Asked, bits: exp.Expression) -> exp.Expression:
        place = self._place[asked.column]
        return _concat([text_of(f" {place}:"), cast(bits, "varchar")])

    def _asked_for(self, rule: Advice, *, of_line: bool) -> int:
        facts = {fact for fact in rule.asks_for if fact.startswith(LINE_PREFIX) is of_line}
        return sum(1 << self.conditions.bits[fact] for fact in facts)

    def _guarded(
        self, pieces: Sequence[tuple[Asked, exp.Expression]], which: int
    ) -> list[exp.Expression]:
        """Each piece where what it is about came out so; one test for all of a code before."""
        found: list[exp.Expression] = []
        by_code: dict[str, list[tuple[int, exp.Expression]]] = {}
        for asked, piece in pieces:
            if asked.column in self._code_of:
                code, place = self._code_of[asked.column]
                by_code.setdefault(code, []).append((which << place, piece))
            else:
                found.append(cases([(is_null(column(asked.column)), piece)], text_of("")))
        for code, several in by_code.items():
            each = [
                cases([(is_set(column(code), bit), piece)], text_of("")) for bit, piece in several
            ]
            if len(each) > 1:
                some = is_set(column(code), sum(bit for bit, _ in several))
                each = [cases([(some, _concat(each))], text_of(""))]
            found += each
        return found

    def _are(self, several: Iterable[Asked], which: int) -> Iterator[exp.Expression]:
        """Whether one of them came out so."""
        masks: dict[str, int] = {}
        for asked in several:
            if asked.column in self._code_of:
                code, place = self._code_of[asked.column]
                masks[code] = masks.get(code, 0) | which << place
            else:
                yield is_null(column(asked.column))
        for code, mask in masks.items():
            yield is_set(column(code), mask)

    # -- read again --------------------------------------------------------------------------------

    def read(self, pattern: str, of_lines: str, line_names: Sequence[str]) -> FoundPattern:
        """What a pattern says. ``line_names`` has a name for each line of the pattern, or more."""
        if not pattern:
            return FoundPattern(self, {SCOPE: False}, {}, (), line_names)
        codes, lacks, asks = pattern.split("|")
        lines = [_read_line(line) for line in of_lines.split("/")] if of_lines else []
        found = {**_bits(lacks), **_bits(asks)}
        return FoundPattern(self, self._truths(codes), found, tuple(lines), line_names)

    def _truths(self, codes: str) -> Mapping[Question, Truth]:
        """How everything came out, by its codes, which many patterns share."""
        truths = self._read.get(codes)
        if truths is not None:
            return truths
        truths = {}
        for code, written in zip(self._codes, codes.split(","), strict=True):
            number = int(written)
            for place, question in enumerate(code.asked):
                truths[question] = _TRUTHS[number >> 2 * place & 3]
        for channel in self.book.channels:
            of_rules = [truths[Question(About.RULE, rule.id)] for rule in channel.rules]
            eligible = True if True in of_rules else None if None in of_rules else False
            truths[Question(About.CHANNEL, channel.name)] = eligible
        if len(self._read) >= _READ_MAX:
            self._read.clear()
        self._read[codes] = truths
        return truths

    def facts_of(self, bits: int) -> Iterator[str]:
        """The facts whose bits are set."""
        while bits:
            lowest = bits & -bits
            yield self._facts[lowest.bit_length() - 1]
            bits ^= lowest

    def place(self, question: Question) -> int:
        """Where ``question`` stands among what may lack facts or ask for them."""
        return self._place[_column(question)]

    def is_named(self, question: Question, told: Sequence[int]) -> bool:
        """Whether a line is named by a rule, by what its pattern tells."""
        at = self._told_at.get(_column(question))
        return at is not None and bool(told[at[0]] >> at[1] & 1)


@dataclass(frozen=True, slots=True)
class _LinePattern:
    told: tuple[int, ...]
    bits: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class FoundPattern:
    """What a pattern says of its documents, see :class:`~fakturavakt.decision.Found`."""

    patterns: Patterns
    truths: Mapping[Question, Truth]
    bits: Mapping[int, int]
    lines: tuple[_LinePattern, ...]
    line_names: Sequence[str]

    def truth(self, question: Question) -> Truth:
        """How it came out; what was not asked is out of force on every day that may be meant."""
        return self.truths.get(question, False)

    def lines_of(self, question: Question) -> tuple[str, ...]:
        """The lines for which the rule, read for that line alone, came out as it did for all."""
        return tuple(
            name
            for line, name in zip(self.lines, self.line_names, strict=False)
            if self.patterns.is_named(question, line.told)
        )

    def missing(self, questions: Iterable[tuple[Question, Condition]]) -> tuple[MissingFact, ...]:
        """What the unknown ones lack, in the order of contract §2."""
        found: set[MissingFact] = set()
        for question, _ in questions:
            if self.truth(question) is None:
                place = self.patterns.place(question)
                found |= set(self._facts(self.bits.get(place, 0), 0))
                for at in range(len(self.lines)):
                    found |= set(self._facts(self.lines[at].bits.get(place, 0), at + 1))
        return tuple(sorted(found))

    def absent(self, rule: Advice) -> tuple[MissingFact, ...]:
        """The facts that are not there of those that an advice asks for."""
        place = self.patterns.place(Question(About.RULE, rule.id))
        found = set(self._facts(self.bits.get(place, 0), 0))
        for at, line in enumerate(self.lines):
            if self.patterns.is_named(Question(About.RULE, rule.id), line.told):
                found |= set(self._facts(line.bits.get(place, 0), at + 1))
        return tuple(sorted(found))

    def _facts(self, bits: int, position: int) -> Iterator[MissingFact]:
        order = self.patterns.book.vocabulary.order
        for fact in self.patterns.facts_of(bits):
            if fact.startswith(LINE_PREFIX):
                yield MissingFact(position, order(fact), fact, self.line_names[position - 1])
            else:
                yield MissingFact(0, order(fact), fact, None)


def _concat(pieces: Sequence[exp.Expression]) -> exp.Expression:
    """Texts one after another; many of them, where ``||`` would nest too deep."""
    if not pieces:
        return text_of("")
    return pieces[0] if len(pieces) == 1 else exp.Anonymous(this="CONCAT", expressions=list(pieces))


def _bits(written: str) -> dict[int, int]:
    pairs = (each.split(":") for each in written.split())
    return {int(place): int(bits) for place, bits in pairs}


def _read_line(written: str) -> _LinePattern:
    told, lacks, asks = written.split(";")
    return _LinePattern(
        tuple(map(int, told.split("."))) if told else (), {**_bits(lacks), **_bits(asks)}
    )


_WORDS: Final = {About.RULE: "rule", About.CHANNEL: "channel", About.IN_FORCE: "in force"}


def _column(question: Question) -> str:
    """The column that answers a question."""
    return "scope" if question == SCOPE else f"{_WORDS[question.subject]} {question.name}"
