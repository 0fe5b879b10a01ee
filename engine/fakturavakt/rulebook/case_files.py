"""Tables of cases beside the rules: ``*.test.yaml``, read like rule files.

A base is a document with a name; a case says which base it starts from, what is otherwise, and what must
come out. Facts are written by their paths (``line[1].consent.given``) or in groups, each value by its fact's
type; ``absent`` takes a fact away, ``unreadable`` puts a value there that nobody can read. Every mistake is
told with its place, all at once. docs/rules-test.md says the same to an officer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from fakturavakt.problems import Place
from fakturavakt.rulebook.fact_words import YES_NO, read_constant, read_scalar
from fakturavakt.rulebook.kinds import CASES, SCHEMAS, holds_cases
from fakturavakt.rulebook.loader import RuleBookError, read_rule_file
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.rulebook.shapes import (
    Day,
    FreeText,
    JsonSchema,
    ListOf,
    OneWordOf,
    Read,
    Record,
    Word,
    YesNo,
)
from fakturavakt.rulebook.yaml_nodes import MapNode, Node, Scalar
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINE_PREFIX,
    LINES,
    Fact,
    FactType,
    Value,
    Vocabulary,
)

DECISIONS: Final = ("send", "block", "hold", "out_of_scope")
NO_CHANNEL: Final = "none"
UNKNOWN_ACTION: Final = "unknown"
OUTCOMES: Final[Mapping[str, bool | None]] = {"holds": True, "not": False, "unknown": None}
"""How a table writes the three values of a rule."""
LINE: Final = "line"
"""The path of a whole line."""
_LINE: Final = re.compile(r"line\[([1-9][0-9]{0,3})\](?:\.(.+))?")
_MISSING_LINE: Final = re.compile(r"line\[([^\]]+)\]\.(.+)")


class Special(StrEnum):
    """What can stand where a value could, unquoted."""

    ABSENT = "absent"
    UNREADABLE = "unreadable"
    NONE = "none"
    """Only of ``invoice.lines``: a list without lines."""


class Slot(NamedTuple):
    """What a case can set: a fact, a group of facts, a whole line, or the list of lines.

    ``line`` is the line's number from 1; 0 for what belongs to the invoice.
    """

    name: str
    line: int = 0

    @property
    def path(self) -> str:
        """As a table writes it: ``recipient.mobile``, ``line[1].amount``."""
        if not self.line:
            return self.name
        return f"line[{self.line}]{self.name.removeprefix(LINE)}"


Given: TypeAlias = Value | Special
"""What a slot is set to."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come out; only what a case writes is checked, and None says that it does not.

    ``channel`` is :data:`NO_CHANNEL` where none may be chosen. ``rules`` and ``channels`` give the truth of
    rules and channels by name, ``lines`` the ids of the lines that make a rule so. ``missing`` and ``advice``
    are all there may be, in any order. ``action`` is what the sender's migration asks of it.
    """

    decision: str | None = None
    channel: str | None = None
    rules: Mapping[str, bool | None] = field(default_factory=dict)
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    channels: Mapping[str, bool | None] = field(default_factory=dict)
    missing: tuple[str, ...] | None = None
    advice: tuple[str, ...] | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case. ``slots`` is all that its document says, base included, and ``document`` the same as contract
    JSON; ``changes`` what the case itself wrote.
    """

    title: str
    place: Place
    base: str | None
    changes: Mapping[Slot, Given]
    slots: Mapping[Slot, Given]
    document: Mapping[str, object]
    as_of: date
    expected: Expected
    confirmed: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Base:
    """A document with a name, to start from."""

    name: str
    place: Place
    slots: Mapping[Slot, Given]
    document: Mapping[str, object]
    as_of: date


@dataclass(frozen=True, slots=True)
class CaseTable:
    """All cases of a rule book, in the order of their files."""

    files: tuple[str, ...]
    bases: Mapping[str, Base]
    cases: tuple[Case, ...]


class CasesError(RuleBookError):
    """Everything that is wrong with the tables of cases, each with its place."""


def load_cases(folder: Path, book: RuleBook) -> CaseTable:
    """The cases in ``*.test.yaml`` anywhere under the rule book's folder; none where there is no such file.

    Raises :class:`CasesError` with every mistake of every file.
    """
    reading = Reading(book.vocabulary, book.languages)
    shape = cases_shape(book)
    files = sorted(_files(folder))
    tables: list[Read] = []
    for file in files:
        for node in read_rule_file(file, CASES, reading) or ():
            table = shape.read(node, reading)
            if table is not None:
                tables.append(table)
    builder = _Builder(reading)
    bases = builder.bases([read for table in tables for read in table["bases"] or ()])
    cases = tuple(builder.cases(tables))
    if reading.problems:
        raise CasesError(reading.problems)
    return CaseTable(tuple(map(str, files)), bases, cases)


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in parts)
        if holds_cases(path.name) and parts[0] != SCHEMAS and not hidden:
            yield path


# -- shapes ------------------------------------------------------------------------------------------


def cases_shape(book: RuleBook) -> Record:
    """A table of cases over one rule book."""
    channels = tuple(channel.name for channel in book.channels)
    actions = () if book.migration is None else tuple(row.action for row in book.migration.rows)
    expect = Record(
        "expect",
        {
            "decision": OneWordOf(DECISIONS),
            "channel": OneWordOf((*channels, NO_CHANNEL)),
            "rules": _ByName(tuple(book.rules), OneWordOf(tuple(OUTCOMES)), _NO_RULE),
            "lines": _ByName(tuple(book.rules), ListOf(FreeText(), at_least=0), _NO_RULE),
            "channels": _ByName(channels, OneWordOf(tuple(OUTCOMES)), _NO_CHANNEL_NAMED),
            "missing": ListOf(_MissingPath(), at_least=0),
            "advice": ListOf(OneWordOf(tuple(rule.id for rule in book.advice)), at_least=0),
            "action": OneWordOf((*actions, UNKNOWN_ACTION)),
        },
        frozenset(
            {"decision", "channel", "rules", "lines", "channels", "missing", "advice", "action"}
        ),
    )
    name = Word("et navn", "a name")
    base = Record(
        "base",
        {"base": name, "given": name, "as_of": Day(), "with": _FactsGiven()},
        frozenset({"given", "as_of"}),
    )
    case = Record(
        "case",
        {
            "case": FreeText(),
            "given": name,
            "as_of": Day(),
            "with": _FactsGiven(),
            "expect": expect,
            "confirmed": YesNo(),
            "note": FreeText(),
        },
        frozenset({"given", "as_of", "with", "confirmed", "note"}),
    )
    return Record(
        "cases", {"bases": ListOf(base), "cases": ListOf(case)}, frozenset({"bases", "cases"})
    )


_NO_RULE: Final = text(
    "Regelboken har ingen regel «{name}».", "The rule book has no rule “{name}”."
)
_NO_CHANNEL_NAMED: Final = text(
    "Regelboken har ingen kanal «{name}».", "The rule book has no channel “{name}”."
)


@dataclass(frozen=True)
class _ByName:
    """Keys that are names of the rule book, each with a value of one shape."""

    names: tuple[str, ...]
    value: OneWordOf | ListOf
    unknown: Text

    def read(self, node: Node, reading: Reading) -> dict[str, Any] | None:
        if not isinstance(node, MapNode):
            reading.expected_kind(node, "navn med verdier", "names with values")
            return None
        found: dict[str, Any] = {}
        for key, value in node.entries:
            if key.text not in self.names:
                reading.report(
                    key.place,
                    "unknown-name",
                    self.unknown.filled(name=key.text),
                    reading.did_you_mean(key.text, self.names),
                )
            found[key.text] = self.value.read(value, reading)
        return found

    def schema(self, reading: Reading) -> JsonSchema:
        return {
            "type": "object",
            "properties": dict.fromkeys(self.names, self.value.schema(reading)),
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class _MissingPath:
    """The path of a fact as a decision names it: ``recipient.mobile``, ``line[1].amount``."""

    def read(self, node: Node, reading: Reading) -> str | None:
        path = read_scalar(node, reading, "et faktum", "a fact")
        if path is None:
            return None
        found = _MISSING_LINE.fullmatch(path)
        name = f"{LINE_PREFIX}{found[2]}" if found else path
        if name in reading.vocabulary and (found is not None) is name.startswith(LINE_PREFIX):
            return path
        _report_unknown_path(path, 0, node.place, reading)
        return None

    def schema(self, _reading: Reading) -> JsonSchema:
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class _FactsGiven:
    """Facts by path, alone or in groups; read into slots in the order they are written."""

    def read(self, node: Node, reading: Reading) -> dict[Slot, tuple[Given, Place]] | None:
        if not isinstance(node, MapNode):
            reading.expected_kind(node, "fakta med verdier", "facts with values")
            return None
        found: dict[Slot, tuple[Given, Place]] = {}
        for key, value in node.entries:
            self._read_entry(key, value, "", 0, found, reading)
        return found

    def _read_entry(
        self,
        key: Scalar,
        node: Node,
        prefix: str,
        line: int,
        found: dict[Slot, tuple[Given, Place]],
        reading: Reading,
    ) -> None:
        path = f"{prefix}{key.text}"
        if not prefix and (numbered := _LINE.fullmatch(path)):
            line = int(numbered[1])
            path = LINE if numbered[2] is None else f"{LINE_PREFIX}{numbered[2]}"
        of_line = path == LINE or path.startswith(LINE_PREFIX)
        is_group = any(fact.name.startswith(f"{path}.") for fact in reading.vocabulary)
        if of_line and not line:
            fact = path.removeprefix(LINE_PREFIX)
            reading.report(
                key.place,
                "line-without-number",
                text(f"«{path}» sier ikke hvilken linje.", f"“{path}” does not say which line."),
                text(
                    f"Skriv linjens nummer: line[1].{fact}.",
                    f"Write the line's number: line[1].{fact}.",
                ),
            )
            return
        if path not in reading.vocabulary and not is_group:
            _report_unknown_path(path, line, key.place, reading)
            return
        slot = Slot(path, line)
        if isinstance(node, MapNode) and is_group:
            for inner, value in node.entries:
                self._read_entry(inner, value, f"{path}.", line, found, reading)
            return
        if slot in found:
            first = found[slot][1]
            reading.report(
                key.place,
                "duplicate-key",
                text(
                    f"«{slot.path}» står to ganger; første gang på linje {first.line}.",
                    f"“{slot.path}” stands twice; first on line {first.line}.",
                ),
                text("Behold bare én av dem.", "Keep only one of them."),
            )
            return
        given = self._given(path, node, reading, is_group=is_group)
        if given is not None:
            found[slot] = (given, key.place)

    @staticmethod
    def _given(path: str, node: Node, reading: Reading, *, is_group: bool) -> Given | None:
        written = node.text if isinstance(node, Scalar) and not node.quoted else None
        allowed = _SPECIALS_OF_LINES if path == LINES else _SPECIALS
        if written is not None and written in allowed:
            return Special(written)
        if path == LINES or is_group:
            words = ", ".join(allowed)
            nb = f"ett av ordene {words}" if path == LINES else f"fakta i gruppen, eller {words}"
            en = f"one of the words {words}" if path == LINES else f"facts of the group, or {words}"
            reading.expected_kind(node, nb, en, _LINES_HINT if path == LINES else None)
            return None
        return read_constant(reading.vocabulary[path], node, reading, also=_SPECIALS)

    def schema(self, reading: Reading) -> JsonSchema:
        tree = dict(reading.vocabulary.tree)
        line_tree = tree.pop(LINE, {})
        assert isinstance(line_tree, dict)
        top = dict(_paths(tree, ""))
        number = r"^line\[[1-9][0-9]*\]"
        in_lines = {f"{number}$": _node_schema(line_tree)}
        for path, schema in _paths(line_tree, ""):
            in_lines[rf"{number}\.{re.escape(path)}$"] = schema
        return {
            "type": "object",
            "properties": top,
            "patternProperties": in_lines,
            "additionalProperties": False,
        }


_SPECIALS: Final = (Special.ABSENT.value, Special.UNREADABLE.value)
_SPECIALS_OF_LINES: Final = (*_SPECIALS, Special.NONE.value)
_LINES_HINT: Final = text(
    "Linjene skrives hver for seg: line[1].kind, line[1].amount, …",
    "Lines are written one by one: line[1].kind, line[1].amount, …",
)


def _report_unknown_path(path: str, line: int, place: Place, reading: Reading) -> None:
    found = _LINE.fullmatch(path)
    name = f"{LINE_PREFIX}{found[2]}" if found else path
    shown = path if not line else Slot(path, line).path
    names = [fact.name for fact in reading.vocabulary]
    near = reading.meant(name, names)
    expected: Text | None = text(
        "Faktaene står i vocabulary.yaml.", "The facts are in vocabulary.yaml."
    )
    if near is not None:
        number = line or (int(found[1]) if found else 1)
        meant = Slot(near, number if near.startswith(LINE_PREFIX) else 0).path
        known = [Slot(each, number if each.startswith(LINE_PREFIX) else 0).path for each in names]
        expected = reading.perhaps(shown, meant, known)
    reading.report(
        place,
        "unknown-fact",
        text(f"Ukjent faktum «{shown}».", f"Unknown fact “{shown}”."),
        expected,
    )


def _paths(tree: Mapping[str, object], prefix: str) -> Iterator[tuple[str, JsonSchema]]:
    """Every fact and group under a group, by its path."""
    for key, node in tree.items():
        yield f"{prefix}{key}", _node_schema(node)
        if not isinstance(node, Fact):
            assert isinstance(node, dict)
            yield from _paths(node, f"{prefix}{key}.")


def _node_schema(node: object) -> JsonSchema:
    if isinstance(node, Fact):
        return _fact_schema(node)
    assert isinstance(node, dict)
    inner = {"type": "object", "properties": dict(_paths(node, "")), "additionalProperties": False}
    return {"anyOf": [{"enum": list(_SPECIALS)}, inner]}


def _fact_schema(fact: Fact) -> JsonSchema:
    label = {"description": fact.label.say("en")}
    match fact.type:
        case FactType.LINES:
            return {**label, "enum": list(_SPECIALS_OF_LINES)}
        case FactType.YES_NO:
            return {**label, "enum": [True, False, *YES_NO, *_SPECIALS]}
        case FactType.CHOICE:
            return {**label, "enum": [*fact.choices, *_SPECIALS]}
        case FactType.MONEY | FactType.COUNT:
            return {**label, "anyOf": [{"type": "number"}, {"enum": list(_SPECIALS)}]}
        case _:
            return {**label, "type": ["string", "integer", "number"]}


# -- bases and cases ---------------------------------------------------------------------------------


@dataclass
class _Builder:
    """Puts bases and cases together; reports what only then is wrong."""

    reading: Reading
    _reads: dict[str, Read] = field(default_factory=dict)
    _built: dict[str, Base | None] = field(default_factory=dict)
    _under_way: list[str] = field(default_factory=list)

    def bases(self, reads: list[Read]) -> dict[str, Base]:
        """Every base by its name."""
        for read in reads:
            name = read["base"]
            if name is None:
                continue
            if name in self._reads:
                self._report_twice(read.places["base"], name, self._reads[name].places["base"])
                continue
            self._reads[name] = read
        found = {name: self._base(name) for name in self._reads}
        return {name: base for name, base in found.items() if base is not None}

    def _base(self, name: str) -> Base | None:
        if name in self._built:
            return self._built[name]
        read = self._reads[name]
        self._under_way.append(name)
        slots, as_of = self._start(read)
        self._under_way.pop()
        self._apply(slots, read["with"] or {})
        base = None
        if as_of is not None:
            plain = dict(slots)
            base = Base(name, read.place, plain, _document(plain, self.reading.vocabulary), as_of)
        self._built[name] = base
        return base

    def _start(self, read: Read) -> tuple[dict[Slot, Given], date | None]:
        """What a base or a case starts from, and its screening date."""
        slots: dict[Slot, Given] = {}
        as_of: date | None = read["as_of"]
        given: str | None = read["given"]
        if given is None:
            if as_of is None and "as_of" not in read.places and "given" not in read.places:
                self.reading.report(
                    read.place,
                    "missing-key",
                    text(
                        "Her mangler kontrolldatoen: uten «given» er det ingenting å hente den fra.",
                        "The screening date is missing here: without “given” there is nothing to take "
                        "it from.",
                    ),
                    text("Legg til «as_of: ÅÅÅÅ-MM-DD».", "Add “as_of: YYYY-MM-DD”."),
                )
            return slots, as_of
        place = read.value_places["given"]
        if given in self._under_way:
            self.reading.report(
                place,
                "circular-base",
                text(
                    f"Grunnlaget «{given}» bygger på seg selv.",
                    f"The base “{given}” is built on itself.",
                ),
                text("La ett av dem stå uten «given».", "Leave one of them without “given”."),
            )
            return slots, None
        if given not in self._reads:
            self.reading.report(
                place,
                "unknown-base",
                text(f"Det finnes ikke noe grunnlag «{given}».", f"There is no base “{given}”."),
                self.reading.did_you_mean(
                    given,
                    self._reads,
                    text("Grunnlag står under «bases:».", "Bases stand under “bases:”."),
                ),
            )
            return slots, None
        base = self._base(given)
        if base is None:
            return slots, None
        return dict(base.slots), as_of or base.as_of

    def cases(self, tables: list[Read]) -> Iterator[Case]:
        """Every case, in order."""
        taken: dict[tuple[str, str], Place] = {}
        for read in (each for table in tables for each in table["cases"] or ()):
            title = read["case"]
            if title is not None:
                key = (read.place.file, title)
                if key in taken:
                    self._report_twice(read.places["case"], title, taken[key])
                taken.setdefault(key, read.places["case"])
            expected = self._expected(read)
            slots, as_of = self._start(read)
            changes = read["with"] or {}
            self._apply(slots, changes)
            if title is None or as_of is None or expected is None:
                continue
            yield Case(
                title=title,
                place=read.place,
                base=read["given"],
                changes={slot: given for slot, (given, _) in changes.items()},
                slots=slots,
                document=_document(slots, self.reading.vocabulary),
                as_of=as_of,
                expected=expected,
                confirmed=read["confirmed"] is not False,
                note=read["note"],
            )

    def _expected(self, read: Read) -> Expected | None:
        expect: Read | None = read["expect"]
        if expect is None:
            return None
        if not expect.places:
            self.reading.report(
                expect.place,
                "nothing-expected",
                text("Tilfellet venter ingenting.", "The case expects nothing."),
                text("Skriv minst «decision: …».", "Write at least “decision: …”."),
            )
        values = {
            key: expect[key] for key in ("decision", "channel", "missing", "advice", "action")
        }
        return Expected(
            **values,
            rules={name: OUTCOMES[word] for name, word in (expect["rules"] or {}).items() if word},
            lines={name: ids for name, ids in (expect["lines"] or {}).items() if ids is not None},
            channels={
                name: OUTCOMES[word] for name, word in (expect["channels"] or {}).items() if word
            },
        )

    def _apply(self, slots: dict[Slot, Given], changes: Mapping[Slot, tuple[Given, Place]]) -> None:
        """Set what is written, in its order: the last that is said of a thing counts."""
        for slot, (given, place) in changes.items():
            last = max((each.line for each in slots), default=0)
            if slot.line > last + 1:
                self.reading.report(
                    place,
                    "line-left-out",
                    text(
                        f"Linje {slot.line} er satt, men linje {last + 1} finnes ikke.",
                        f"Line {slot.line} is set, but there is no line {last + 1}.",
                    ),
                    text(
                        f"Neste linje er line[{last + 1}].", f"The next line is line[{last + 1}]."
                    ),
                )
            put(slots, slot, given)

    def _report_twice(self, place: Place, name: str, first: Place) -> None:
        self.reading.report(
            place,
            "duplicate-id",
            text(
                f"Navnet «{name}» er allerede brukt i {first}.",
                f"The name “{name}” is already taken at {first}.",
            ),
            text("Gi det ene et annet navn.", "Give one of them another name."),
        )


def put(slots: dict[Slot, Given], slot: Slot, given: Given) -> None:
    """Set one slot; what it replaces (the facts of a group, the lines, their absence) goes."""
    inside = f"{slot.name}."
    for other in [*slots]:
        same_line = other.line == slot.line
        covered = same_line and (other.name == slot.name or other.name.startswith(inside))
        # A fact that is set ends the absence of its group, of its line, or of all lines.
        covers = same_line and slot.name.startswith(f"{other.name}.")
        of_lines = (_holds_lines(slot) and other.line > 0) or (
            _holds_lines(other) and slot.line > 0
        )
        if covered or covers or of_lines:
            del slots[other]
    slots[slot] = given


def _holds_lines(slot: Slot) -> bool:
    """Whether a slot is the list of lines, or the group that it stands in."""
    return slot.line == 0 and f"{LINES}.".startswith(f"{slot.name}.")


def case_document(slots: Mapping[Slot, Given], vocabulary: Vocabulary) -> dict[str, object]:
    """What slots say as contract JSON: a line without an id gets its number."""
    return _document(slots, vocabulary)


_UNREADABLE: Final[object] = []
"""A list is a value of the wrong type for every fact and every group."""


def _document(slots: Mapping[Slot, Given], vocabulary: Vocabulary) -> dict[str, object]:
    content: dict[str, object] = {}
    lines: dict[int, dict[str, object] | None] = {}
    whole: object = None
    for slot, given in slots.items():
        if slot.name == LINES:
            whole = [] if given is Special.NONE else "?" if given is Special.UNREADABLE else None
            continue
        raw = _raw(slot, given, vocabulary)
        if slot.line == 0:
            _place(content, slot.name, raw)
        elif slot.name == LINE:
            lines[slot.line] = None if given is Special.UNREADABLE else {}
            if given is Special.ABSENT:
                del lines[slot.line]
        else:
            line = lines.setdefault(slot.line, {})
            assert line is not None  # `put` has ended what the whole line was
            _place(line, slot.name.removeprefix(LINE_PREFIX), raw)
    for number, line in lines.items():
        if line is not None and Slot(LINE_ID, number) not in slots:
            line["id"] = str(number)
    if lines:
        whole = [lines[number] for number in sorted(lines)]
    if whole is not None:
        _place(content, LINES, whole)
    return content


def _raw(slot: Slot, given: Given, vocabulary: Vocabulary) -> object:
    if given is Special.ABSENT:
        return None
    if isinstance(given, Special):
        return _UNREADABLE
    return forms.in_json(vocabulary[slot.name], given)


def _place(content: dict[str, object], path: str, raw: object) -> None:
    if raw is None:
        return
    *groups, key = path.split(".")
    node = content
    for group in groups:
        inner = node.setdefault(group, {})
        assert isinstance(inner, dict)
        node = inner
    node[key] = raw
