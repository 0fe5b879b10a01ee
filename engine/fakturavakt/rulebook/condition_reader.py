"""YAML to conditions: the grammar of ``when``, and everything that can be wrong with it.

Which operators a fact of each type takes, :func:`operators_of` says: reading, the schema and what
``rules show`` prints all follow it. docs/rule-language.md says the same to an officer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias, assert_never

from fakturavakt.problems import TOLD_MAX, Meant, Place, nearest
from fakturavakt.rulebook.conditions import (
    SIZE_MAX,
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    Connective,
    Constant,
    HasWord,
    Known,
    Named,
    Not,
    OneOf,
    OtherFact,
    Relation,
    children,
    facts_of,
    reads_lines,
)
from fakturavakt.rulebook.fact_words import (
    YES_NO,
    decimal_point,
    known_fact,
    read_constant,
    read_scalar,
)
from fakturavakt.rulebook.kinds import CLASSIFICATION, DEFINITION
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.shapes import JsonSchema
from fakturavakt.rulebook.yaml_nodes import ListNode, MapNode, Node, Scalar
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES, ORDERED_TYPES, Fact, FactType, Value

ALWAYS: Final = "always"
SUGGESTED: Final = "kind-suggested"
"""The definition that the program makes out of ``classification/``: some rule suggests a kind."""

DEFINITION_DEPTH_MAX: Final = 32
DEPTH_MAX: Final = 120
"""Levels of one condition with its definitions written out; walkers are recursive."""
DAYS_MAX: Final = 100_000
_WORD: Final = re.compile(r"\*?[\w:-]+\*?")
_DAYS: Final = re.compile(r"([0-9]{1,9}) days? (after|before) (\S+)")
_DAYS_IN_NORWEGIAN: Final = re.compile(r"([0-9]{1,9}) (?:dager|dag) (etter|før) (\S+)")
_NO_COLON: Final = re.compile(
    r"(all lines|any line|all|any|not|known|[a-z_]+\.[a-z0-9_.]+)\s+(\S.*)"
)
_SURE: Final = 0.85
"""How near a misspelt fact must be for what is said of it to be read as said of the known one."""


class Membership(StrEnum):
    """Operators that look for a value, or for words, among several."""

    ONE_OF = "one_of"
    NOT_ONE_OF = "not_one_of"
    HAS_WORD = "has_word"


Operator: TypeAlias = Relation | Membership

_DATE_OPERATORS: Final[Mapping[str, Operator]] = {
    "before": Relation.BELOW,
    "after": Relation.ABOVE,
    "on": Relation.EQUAL,
    "on_or_before": Relation.AT_MOST,
    "on_or_after": Relation.AT_LEAST,
    "at_least": Relation.AT_LEAST,
    "at_most": Relation.AT_MOST,
}
_NUMBER_OPERATORS: Final[Mapping[str, Operator]] = {
    "above": Relation.ABOVE,
    "below": Relation.BELOW,
    "at_least": Relation.AT_LEAST,
    "at_most": Relation.AT_MOST,
    "equals": Relation.EQUAL,
}
_VALUE_OPERATORS: Final[Mapping[str, Operator]] = {
    "one_of": Membership.ONE_OF,
    "not_one_of": Membership.NOT_ONE_OF,
}
_TEXT_OPERATORS: Final[Mapping[str, Operator]] = {
    **_VALUE_OPERATORS,
    "has_word": Membership.HAS_WORD,
}


def operators_of(fact_type: FactType) -> Mapping[str, Operator]:
    """The operators that a fact of the type takes: each word, and what it means."""
    match fact_type:
        case FactType.DATE:
            return _DATE_OPERATORS
        case FactType.MONEY | FactType.COUNT:
            return _NUMBER_OPERATORS
        case FactType.TEXT:
            return _TEXT_OPERATORS
        case (
            FactType.YES_NO
            | FactType.CHOICE
            | FactType.CURRENCY
            | FactType.PAYMENT_REFERENCE
            | FactType.ACCOUNT
            | FactType.ORGANISATION_NUMBER
            | FactType.MOBILE
            | FactType.EMAIL
        ):
            return _VALUE_OPERATORS
        case FactType.LINES:
            return {}
        case _:
            assert_never(fact_type)


_ONLY_WITH_DAYS: Final = frozenset({"at_least", "at_most"})
_KNOWN: Final = "known"
_CONNECTIVES: Final[Mapping[str, Connective]] = {word.value: word for word in Connective}
_KEYS: Final = (*_CONNECTIVES, _KNOWN)
"""What can stand before the colon in a condition, but for the facts."""


class _Extent(NamedTuple):
    """How large a condition is with its definitions written out: nodes, and levels."""

    size: int
    depth: int

    @property
    def too_large(self) -> bool:
        return self.size > SIZE_MAX or self.depth > DEPTH_MAX


@dataclass
class ConditionReader:
    """Reads conditions of one rule book; resolves its definitions, each once.

    ``definitions`` maps a name to its title and the node of its ``when``; ``suggested`` is what
    ``kind-suggested`` stands for, once the classification has been read.
    """

    reading: Reading
    definitions: Mapping[str, tuple[Text, Node]]
    suggested: Condition | None = None
    _resolved: dict[str, Condition | None] = field(default_factory=dict)
    _under_way: list[str] = field(default_factory=list)
    _extents: dict[str, _Extent] = field(default_factory=dict)

    def read(self, node: Node, *, about_line: bool) -> Condition | None:
        """The condition of ``node``; ``about_line``: it is about one line, not the whole invoice."""
        return self._within_bounds(self._read(node, inside_line=about_line), node.place)

    def _within_bounds(self, condition: Condition | None, place: Place) -> Condition | None:
        if condition is None or not self._extent(condition).too_large:
            return condition
        self.reading.report(
            place,
            "too-large",
            text(
                "Betingelsen blir for stor eller for dyp når definisjonene skrives ut.",
                "The condition gets too large or too deep once its definitions are written out.",
            ),
            text(
                f"Høyst {SIZE_MAX} ledd i høyst {DEPTH_MAX} nivåer.",
                f"At most {SIZE_MAX} nodes in at most {DEPTH_MAX} levels.",
            ),
        )
        return None

    def definition(self, name: str) -> Condition | None:
        """The condition of a definition, read in its own right; None if it was wrong."""
        if name not in self._resolved:
            _, node = self.definitions[name]
            self._under_way.append(name)
            # A definition may be about a line or about the invoice: where it is used decides.
            self._resolved[name] = self._within_bounds(
                self._read(node, inside_line=None), node.place
            )
            self._under_way.pop()
        return self._resolved[name]

    def _extent(self, condition: Condition) -> _Extent:
        """Each definition is measured once, then remembered: written out they can be enormous."""
        if isinstance(condition, Named) and condition.name in self._extents:
            return self._extents[condition.name]
        parts = [self._extent(part) for part in children(condition)]
        extent = _Extent(
            1 + sum(part.size for part in parts),
            1 + max((part.depth for part in parts), default=0),
        )
        if isinstance(condition, Named):
            self._extents[condition.name] = extent
        return extent

    def _read(self, node: Node, *, inside_line: bool | None) -> Condition | None:
        """``inside_line``: True within a line, False outside, None where it is open (definitions)."""
        if isinstance(node, Scalar):
            return self._name(node, inside_line)
        if not isinstance(node, MapNode):
            self.reading.report(
                node.place,
                "wrong-kind",
                text("Her står en liste uten å si hvordan.", "There is a bare list here."),
                text(
                    "Skriv «all:» eller «any:» foran listen.",
                    "Write “all:” or “any:” before the list.",
                ),
            )
            return None
        if len(node.entries) != 1:
            self.reading.report(
                node.place,
                "several-keys",
                text(
                    f"Her står {len(node.entries)} nøkler ved siden av hverandre.",
                    f"There are {len(node.entries)} keys side by side here.",
                ),
                text(
                    "Sett dem som ledd (med -) under «all:» eller «any:».",
                    "Put them as items (with -) under “all:” or “any:”.",
                ),
            )
            # Each is read all the same, so that its own mistakes are told in the same run.
            for key, value in node.entries:
                self._entry(key, value, inside_line)
            return None
        return self._entry(*node.entries[0], inside_line)

    def _entry(self, key: Scalar, value: Node, inside_line: bool | None) -> Condition | None:
        if key.text == _KNOWN:
            return self._known(value, key.place, inside_line)
        word = _CONNECTIVES.get(key.text)
        if word is not None:
            return self._connected(word, value, key.place, inside_line)
        return self._test(key.text, value, key.place, inside_line)

    def _connected(
        self, word: Connective, value: Node, place: Place, inside_line: bool | None
    ) -> Condition | None:
        match word:
            case Connective.ALL:
                parts = self._parts(value, inside_line)
                return None if parts is None else All(parts, place)
            case Connective.ANY:
                parts = self._parts(value, inside_line)
                return None if parts is None else AnyOf(parts, place)
            case Connective.NOT:
                part = self._read(value, inside_line=inside_line)
                return None if part is None else Not(part, place)
            case Connective.ANY_LINE:
                part = self._line_part(value, place, inside_line)
                return None if part is None else AnyLine(part, place)
            case Connective.ALL_LINES:
                part = self._line_part(value, place, inside_line)
                return None if part is None else AllLines(part, place)
            case _:
                assert_never(word)

    def _parts(self, node: Node, inside_line: bool | None) -> tuple[Condition, ...] | None:
        if not isinstance(node, ListNode):
            self.reading.expected_kind(node, "en liste av betingelser", "a list of conditions")
            return None
        if not node.items:
            self.reading.report(
                node.place,
                "empty-list",
                text("Listen av betingelser er tom.", "The list of conditions is empty."),
                text(
                    "Skriv «always» for det som alltid gjelder.",
                    "Write “always” if it always holds.",
                ),
            )
            return None
        parts = [self._read(item, inside_line=inside_line) for item in node.items]
        return None if None in parts else tuple(part for part in parts if part is not None)

    def _line_part(self, node: Node, place: Place, inside_line: bool | None) -> Condition | None:
        if inside_line:
            self._report_nested_lines(place)
        return self._read(node, inside_line=True)

    def _report_nested_lines(self, place: Place) -> None:
        self.reading.report(
            place,
            "nested-lines",
            text(
                "Linjene gjennomgås allerede her; det kan ikke gjøres inne i hverandre.",
                "The lines are already being looked through here; this cannot be nested.",
            ),
            text("Flytt den ene betingelsen ut.", "Move one of the conditions outside."),
        )

    def _known(self, node: Node, place: Place, inside_line: bool | None) -> Condition | None:
        name = read_scalar(node, self.reading, "navnet på et faktum", "the name of a fact")
        if name is None:
            return None
        if name == LINES:
            return Known(name, place)
        fact = known_fact(name, node.place, self.reading)
        if fact is None or not self._line_fact_fits(fact, node.place, inside_line):
            return None
        return Known(name, place)

    def _name(self, node: Scalar, inside_line: bool | None) -> Condition | None:
        name = read_scalar(node, self.reading, "en betingelse", "a condition")
        if name is None:
            return None
        if name == ALWAYS:
            return All((), node.place)
        if name == SUGGESTED and self.suggested is not None:
            title = text("varetypen kan foreslås", "a kind can be suggested")
            return self._fitting(Named(name, title, self.suggested, node.place), inside_line)
        if name not in self.definitions:
            self._report_unknown_name(name, node.place)
            return None
        if name in self._under_way:
            circle = " → ".join([*self._under_way[self._under_way.index(name) :], name])
            self.reading.report(
                node.place,
                "circular-definition",
                text(
                    f"Definisjonen viser til seg selv: {circle}.", f"Circular definition: {circle}."
                ),
                text("Skriv ut en av dem uten de andre.", "Write one of them without the others."),
            )
            return None
        if len(self._under_way) >= DEFINITION_DEPTH_MAX:
            self.reading.report(
                node.place,
                "too-deep",
                text(
                    f"Definisjonene viser til hverandre i over {DEFINITION_DEPTH_MAX} ledd.",
                    f"Definitions refer to one another more than {DEFINITION_DEPTH_MAX} deep.",
                ),
            )
            return None
        part = self.definition(name)
        if part is None:
            return None
        return self._fitting(Named(name, self.definitions[name][0], part, node.place), inside_line)

    def _fitting(self, named: Named, inside_line: bool | None) -> Condition | None:
        """Refuse a definition about a line outside the lines, and one about all lines inside one."""
        if self._extent(named).too_large:
            return named  # reported where the whole condition is; walking it would take for ever
        if inside_line and reads_lines(named):
            self._report_nested_lines(named.place)
            return None
        if inside_line is False and any(
            fact.startswith(LINE_PREFIX) for fact in _facts_outside_lines(named)
        ):
            self.reading.report(
                named.place,
                "line-fact-outside-line",
                text(
                    f"«{named.name}» handler om én linje, men her er det hele fakturaen.",
                    f"“{named.name}” is about one line, but this is about the whole invoice.",
                ),
                text("Sett den under «any line:» eller «all lines:».", "Put it under “any line:”."),
            )
            return None
        return named

    def _report_unknown_name(self, name: str, place: Place) -> None:
        if (
            name in self.reading.lost_names
            or self.reading.excused(DEFINITION)
            or (name == SUGGESTED and self.reading.excused(CLASSIFICATION))
        ):
            return
        if name == SUGGESTED:
            expected: Text | None = text(
                "Den finnes når classification/ har minst én regel.",
                "It exists when classification/ has at least one rule.",
            )
        else:
            expected = self.reading.did_you_mean(
                name,
                [*self.definitions, ALWAYS],
                text("Definisjonene står i definitions/.", "The definitions are in definitions/."),
            )
        if (parts := _NO_COLON.fullmatch(name)) is not None:
            key, rest = parts.groups()
            expected = text(
                f"Mangler kolon? «{key}: {rest}»", f"Is a colon missing? “{key}: {rest}”"
            )
        elif "." in name:
            expected = text(
                f"Skriv «{name}: VERDI» for å spørre etter et faktum.",
                f"Write “{name}: VALUE” to ask about a fact.",
            )
        self.reading.report(
            place,
            "unknown-definition",
            text(f"Ukjent definisjon «{name}».", f"Unknown definition “{name}”."),
            expected,
        )

    def _line_fact_fits(self, fact: Fact, place: Place, inside_line: bool | None) -> bool:
        if inside_line is not False or not fact.of_line:
            return True
        self.reading.report(
            place,
            "line-fact-outside-line",
            text(
                f"«{fact.name}» er et faktum om én linje, men her er det hele fakturaen.",
                f"“{fact.name}” is a fact of one line, but this is about the whole invoice.",
            ),
            text("Sett det under «any line:» eller «all lines:».", "Put it under “any line:”."),
        )
        return False

    def _test(
        self, name: str, node: Node, place: Place, inside_line: bool | None
    ) -> Condition | None:
        """``FACT: VALUE`` or ``FACT: {OPERATOR: OPERAND, …}``."""
        if "." not in name:
            near = self.reading.meant(name, _KEYS)
            self.reading.report(
                place,
                "unknown-key",
                text(
                    f"Ukjent nøkkel «{name}» i en betingelse.",
                    f"Unknown key “{name}” in a condition.",
                ),
                self.reading.perhaps(name, near, _KEYS)
                if near
                else text(
                    "Her kan stå " + ", ".join(_KEYS) + " eller et faktum.",
                    "These can stand here: " + ", ".join(_KEYS) + " or a fact.",
                ),
            )
            if near is not None:  # what stands under it is read too, for its own mistakes
                self._entry(Scalar(place, near, quoted=False), node, inside_line)
            return None
        fact = known_fact(name, place, self.reading)
        if fact is None:
            self._read_as_meant(name, node, place)
            return None
        if not self._line_fact_fits(fact, place, inside_line):
            return None
        return self._compared(fact, node, place, inside_line)

    def _read_as_meant(self, name: str, node: Node, place: Place) -> None:
        """What is said of a misspelt fact is read too, for its own mistakes."""
        if name in self.reading.lost_names or len(self.reading.problems) > TOLD_MAX:
            return
        near = nearest(name, [fact.name for fact in self.reading.vocabulary], at_least=_SURE)
        if near is not None and near != LINES:
            self._compared(self.reading.vocabulary[near], node, place, None)

    def _compared(
        self, fact: Fact, node: Node, place: Place, inside_line: bool | None
    ) -> Condition | None:
        if isinstance(node, MapNode):
            return self._operators(fact, node, place, inside_line)
        if fact.type in ORDERED_TYPES:
            operators = list(operators_of(fact.type))
            self.reading.report(
                node.place,
                "operator-missing",
                text(
                    f"«{fact.name}» må sammenlignes med en operator.",
                    f"“{fact.name}” must be compared with an operator.",
                ),
                text(
                    f"Skriv «{fact.name}: {{{operators[0]}: …}}»; "
                    f"operatorer: {', '.join(operators)}.",
                    f"Write “{fact.name}: {{{operators[0]}: …}}”; "
                    f"operators: {', '.join(operators)}.",
                ),
            )
            return None
        value = read_constant(fact, node, self.reading)
        return None if value is None else OneOf(fact.name, (value,), place)

    def _operators(
        self, fact: Fact, node: MapNode, place: Place, inside_line: bool | None
    ) -> Condition | None:
        allowed = operators_of(fact.type)
        found: list[Condition | None] = []
        before: Node | None = None
        for key, operand in node.entries:
            operator = allowed.get(key.text)
            amount = before
            before = operand
            if operator is None and _is_decimals(amount, key, operand):
                assert isinstance(amount, Scalar)
                self.reading.report(
                    amount.place,
                    "bad-value",
                    text(
                        f"«{amount.text},{key.text}» er ikke ett tall her.",
                        f"“{amount.text},{key.text}” is not one number here.",
                    ),
                    decimal_point(amount.text, key.text),
                )
                found.append(None)
            elif operator is None:
                near = self.reading.meant(key.text, allowed)
                self.reading.report(
                    key.place,
                    "operator-not-for-type",
                    text(
                        f"«{key.text}» kan ikke brukes på «{fact.name}» ({fact.type.value}).",
                        f"“{key.text}” cannot be used on “{fact.name}” ({fact.type.value}).",
                    ),
                    self.reading.did_you_mean(key.text, allowed),
                )
                found.append(None)
                if near is not None:  # its operand is read too, for its own mistakes
                    self._operator(fact, allowed[near], key, operand, inside_line)
            else:
                found.append(self._operator(fact, operator, key, operand, inside_line))
        if not node.entries:
            self.reading.expected_kind(node, "en verdi eller en operator", "a value or an operator")
            return None
        parts = tuple(part for part in found if part is not None)
        if len(parts) < len(found):
            return None
        return parts[0] if len(parts) == 1 else All(parts, place)

    def _operator(
        self, fact: Fact, operator: Operator, key: Scalar, operand: Node, inside_line: bool | None
    ) -> Condition | None:
        match operator:
            case Membership.ONE_OF:
                values = self._values(fact, key.text, operand)
                return None if values is None else OneOf(fact.name, values, key.place)
            case Membership.NOT_ONE_OF:
                values = self._values(fact, key.text, operand)
                return (
                    None if values is None else Not(OneOf(fact.name, values, key.place), key.place)
                )
            case Membership.HAS_WORD:
                return self._words(fact, key, operand)
            case Relation():
                against = self._operand(fact, key.text, operand, inside_line)
                return (
                    None if against is None else Comparison(fact.name, operator, against, key.place)
                )
            case _:
                assert_never(operator)

    def _values(self, fact: Fact, word: str, node: Node) -> tuple[Value, ...] | None:
        if not isinstance(node, ListNode) or not node.items:
            self.reading.expected_kind(
                node, "en liste med minst én verdi", "a list of values", _as_list(word, node)
            )
            return None
        values = [read_constant(fact, item, self.reading) for item in node.items]
        known = [value for value in values if value is not None]
        return tuple(sorted(set(known), key=str)) if len(known) == len(values) else None

    def _words(self, fact: Fact, key: Scalar, node: Node) -> Condition | None:
        if not isinstance(node, ListNode) or not node.items:
            self.reading.expected_kind(
                node, "en liste med minst ett ord", "a list of words", _as_list(key.text, node)
            )
            return None
        words: list[str] = []
        for item in node.items:
            word = read_scalar(item, self.reading, "et ord", "a word")
            if word is not None and not _WORD.fullmatch(word):
                self.reading.report(
                    item.place,
                    "bad-value",
                    text(f"«{word}» er ikke ett ord.", f"“{word}” is not one word."),
                    text(
                        "Et ord har bokstaver, sifre, : og -; * bare først og sist.",
                        "A word has letters, digits, : and -; * only at its ends.",
                    ),
                )
                word = None
            if word is not None:
                words.append(word.casefold())
        if len(words) < len(node.items):
            return None
        return HasWord(fact.name, tuple(sorted(set(words))), key.place)

    def _operand(
        self, fact: Fact, operator: str, node: Node, inside_line: bool | None
    ) -> Constant | OtherFact | None:
        written = read_scalar(node, self.reading, "en verdi eller et faktum", "a value or a fact")
        if written is None:
            return None
        days = 0
        name = written
        if fact.type is FactType.DATE and (found := _DAYS_IN_NORWEGIAN.fullmatch(written)):
            number, direction, name = found.groups()
            english = f"{number} days {'after' if direction == 'etter' else 'before'} {name}"
            self.reading.report(
                node.place,
                "bad-operand",
                text(f"«{written}» er ikke forstått.", f"“{written}” is not understood."),
                Meant(
                    {
                        "nb": f"Skriv det på engelsk: «{english}».",
                        "en": f"Write it in English: “{english}”.",
                    },
                    written,
                    english,
                    sure=True,
                ),
            )
            return None
        if fact.type is FactType.DATE and (found := _DAYS.fullmatch(written)):
            number, direction, name = found.groups()
            days = int(number) if direction == "after" else -int(number)
            if abs(days) > DAYS_MAX:
                self.reading.report(
                    node.place,
                    "bad-value",
                    text(f"{number} dager er for mange.", f"{number} days are too many."),
                    text(f"Høyst {DAYS_MAX}.", f"At most {DAYS_MAX}."),
                )
                return None
        elif fact.type is FactType.DATE and operator in _ONLY_WITH_DAYS:
            self.reading.report(
                node.place,
                "bad-operand",
                text(
                    f"«{operator}» på en dato trenger et antall dager.",
                    f"“{operator}” on a date needs a number of days.",
                ),
                text(
                    "Skriv som «3 days after invoice.send_date», eller bruk on_or_after/on_or_before.",
                    "Write like “3 days after invoice.send_date”, or use on_or_after/on_or_before.",
                ),
            )
            return None
        if not re.match(r"[a-z_]+\.", name):
            value = read_constant(fact, node, self.reading)
            return None if value is None else Constant(value)
        other = known_fact(name, node.place, self.reading)
        if other is None or not self._line_fact_fits(other, node.place, inside_line):
            return None
        if other.type is not fact.type:
            self.reading.report(
                node.place,
                "wrong-type",
                text(
                    f"«{other.name}» ({other.type.value}) kan ikke sammenlignes med «{fact.name}» "
                    f"({fact.type.value}).",
                    f"“{other.name}” ({other.type.value}) cannot be compared with “{fact.name}” "
                    f"({fact.type.value}).",
                ),
                text("Begge må være av samme type.", "Both must be of the same type."),
            )
            return None
        return OtherFact(other.name, days)


def _is_decimals(amount: Node | None, key: Scalar, operand: Node) -> bool:
    """Whether a key is what stands behind a decimal comma: ``{above: 349,50}`` has the key 50."""
    return (
        isinstance(amount, Scalar)
        and isinstance(operand, Scalar)
        and operand.empty
        and re.fullmatch(r"-?[0-9]+", amount.text) is not None
        and re.fullmatch(r"[0-9]+", key.text) is not None
    )


def _as_list(operator: str, node: Node) -> Text | None:
    if not isinstance(node, Scalar) or node.empty:
        return None
    return text(f"Skriv {operator}: [{node.text}].", f"Write {operator}: [{node.text}].")


def _facts_outside_lines(condition: Condition) -> Iterator[str]:
    match condition:
        case AnyLine() | AllLines():
            return
        case All() | AnyOf() | Not() | Named():
            for part in children(condition):
                yield from _facts_outside_lines(part)
        case Known() | OneOf() | HasWord() | Comparison():
            yield from facts_of(condition)
        case _:
            assert_never(condition)


@dataclass(frozen=True)
class When:
    """The shape of ``when``: read by the rule book's :class:`ConditionReader`."""

    reader: Callable[[], ConditionReader]
    about_line: bool = False

    def read(self, node: Node, _reading: Reading) -> Condition | None:
        return self.reader().read(node, about_line=self.about_line)

    def schema(self, _reading: Reading) -> JsonSchema:
        return {"$ref": "#/$defs/condition"}


def condition_schema(reading: Reading) -> JsonSchema:
    """JSON Schema of a condition over the facts of the vocabulary; goes under ``$defs``."""
    own: JsonSchema = {"$ref": "#/$defs/condition"}
    several: JsonSchema = {"type": "array", "items": own, "minItems": 1}
    facts = [fact for fact in reading.vocabulary if fact.name != LINES]
    keys: dict[str, JsonSchema] = {}
    for word in Connective:
        match word:
            case Connective.ALL | Connective.ANY:
                keys[word.value] = several
            case Connective.NOT | Connective.ANY_LINE | Connective.ALL_LINES:
                keys[word.value] = own
            case _:
                assert_never(word)
    keys[_KNOWN] = {"enum": [fact.name for fact in reading.vocabulary]}
    for fact in facts:
        keys[fact.name] = {"description": fact.label.say("en"), **_test_schema(fact)}
    return {
        "anyOf": [
            {"type": "string", "pattern": "^[a-z][a-z0-9-]*$", "description": "a definition"},
            {
                "type": "object",
                "properties": keys,
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
            },
        ]
    }


def _test_schema(fact: Fact) -> JsonSchema:
    value = _value_schema(fact)
    operators = {
        word: _operand_schema(operator, value) for word, operator in operators_of(fact.type).items()
    }
    operator_map = {"type": "object", "properties": operators, "additionalProperties": False}
    return operator_map if fact.type in ORDERED_TYPES else {"anyOf": [value, operator_map]}


def _operand_schema(operator: Operator, value: JsonSchema) -> JsonSchema:
    match operator:
        case Membership.ONE_OF | Membership.NOT_ONE_OF:
            return {"type": "array", "items": value, "minItems": 1}
        case Membership.HAS_WORD:
            return {"type": "array", "items": {"type": "string"}, "minItems": 1}
        case Relation():
            return {"anyOf": [value, {"type": "string"}]}
        case _:
            assert_never(operator)


def _value_schema(fact: Fact) -> JsonSchema:
    match fact.type:
        case FactType.YES_NO:
            return {"enum": [True, False, *YES_NO]}
        case FactType.CHOICE:
            return {"enum": list(fact.choices)}
        case FactType.MONEY | FactType.COUNT:
            return {"type": "number"}
        case FactType.DATE:
            return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        case _:
            return {"type": ["string", "integer"]}
