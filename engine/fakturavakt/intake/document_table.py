"""Documents as a table for the columnar engine: NDJSON read by DuckDB, in the contract's own shape.

A row a document, in the order of the file: the groups of contract §1 as structures whose leaves have their
types, ``suspect``, and ``raw``, the document's text where it is suspect. A document is suspect when anything
about it is not plainly good: it then goes through the row reader, which says what is wrong. So nothing here
has to tell a bad value from an odd one, and a bad value never becomes a quiet ``NULL``.

How it is made sure that nothing is overlooked: by counting. DuckDB places the keys that it is told of and is
silent about the rest (an unknown key, one that stands twice, a text where a group should be), so the keys in
the document's text must be as many as were placed. And a form that does not fit leaves ``NULL``, so the
values must be as many as the keys that say something. A colon behind a quotation mark ends a key, or an
escaped quotation mark inside a text: then one more is counted than was placed, and the document is suspect.
A key whose value is ``null`` is not counted, so where there is one the
keys themselves are looked at. So no two mistakes make up for one another.

Nearly all documents of most files are *plain*: every key is known, stands where it should, and has a value in
the form in which programs write it. One regular expression over the text says so; then the values can be
read with their types at once, and only the number of keys, check digits and doubled line ids are left to look
at. Where most documents are plain, the way above is not taken at all: the others are suspect.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice
from pathlib import Path
from typing import Final

from fakturavakt.intake.column_forms import (
    CHECKED,
    as_canonical,
    check_sums,
    column_type,
    digits_as_numbers,
    plain_form,
    says_something,
    sums_agree,
    value_of,
)
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINES,
    Fact,
    FactType,
    Vocabulary,
)
from fakturavakt.vocabulary.own_facts import CURRENCY, INVOICE_KIND, NUMBER, PAYABLE_AMOUNT

WANTED_ALWAYS: Final = frozenset((NUMBER, LINE_ID, PAYABLE_AMOUNT, CURRENCY, INVOICE_KIND))
"""Facts whose values are needed whatever the rules ask about."""

HIDDEN: Final = (
    r"[:,\[ \t]-?[0-9](?:[0-9.]{15}|[0-9.]*[eE])"  # an exponent, or more digits than a double has
    r"|[:,\[ \t]-0*[,}\] \t]"  # -0, which is no count
    r'|"[ \t]+:'  # a key that the count below does not see
    r"|,[ \t]*[}\]]"  # a comma too many, which DuckDB forgives
)
"""What DuckDB's reading of JSON hides, as a regular expression over the text of a document."""

OBJECT_BYTES_MAX: Final = 64 << 20
"""The longest document that DuckDB reads; a file with a longer one is left to the row reader."""

LOOKED_AT: Final = 200
"""The documents of a file by which it is judged how the file is best read."""
MOSTLY: Final = 0.9
"""The share of plain documents from which on it pays to read a file as if all were: the row reader takes ten
times as long over one document as it takes here to read a document that is not plain.
"""

Tree = Mapping[str, object]


class DocumentTable:
    """The table's query, for one vocabulary.

    ``wanted`` are the facts whose values somebody asks for. ``plain_text`` maps facts that are searched for
    words to what their text must match (a regular expression) for every engine to find the same.
    """

    def __init__(
        self, vocabulary: Vocabulary, wanted: AbstractSet[str], plain_text: Mapping[str, str]
    ) -> None:
        self.vocabulary = vocabulary
        self.wanted = wanted | WANTED_ALWAYS
        self.plain_text = plain_text
        tree = dict(vocabulary.tree)
        lines = tree.pop("line", {})
        assert isinstance(lines, dict)
        self.tree: Tree = tree
        self.line_tree: Tree = lines
        self.plain = self._object(tree)

    def _object(self, tree: Tree) -> str:
        """What an object looks like that is plainly good, as a regular expression. Commas are not looked at
        closely: DuckDB does that, but for one before the end, which it forgives.
        """
        members = []
        for key, child in tree.items():
            if not isinstance(child, Fact):
                assert isinstance(child, dict)
                value = self._object(child)
            elif child.type is FactType.LINES:
                value = rf"\[(?:(?:, ?)?{self._object(self.line_tree)})*\]"
            else:
                value = plain_form(child)
            members.append(f'"{re.escape(key)}": ?(?:{value}|null)')
        return rf"\{{(?:(?:, ?)?(?:{'|'.join(members)}))*\}}"

    def query(self, file: str, *, every_raw: bool = False, plainly: bool | None = None) -> str:
        """The table of one NDJSON file. ``every_raw``: with the text of each document, for a later step that
        may find more of them suspect. ``plainly``: read as if every document were plain, so that those that
        are not are suspect; unless it is said, the first documents of the file are looked at.
        """
        raw = "raw" if every_raw else "CASE WHEN suspect THEN raw END AS raw"
        if plainly is None:
            plainly = self._is_mostly_plain(file)
        return self._plain_query(file, raw) if plainly else self._loose_query(file, raw)

    def _is_mostly_plain(self, file: str) -> bool:
        """Whether so many of the first documents are plain that the row reader can have the others."""
        form = re.compile(self.plain)
        with Path(file).open("rb") as stream:
            lines = [line.decode(errors="replace").strip() for line in islice(stream, LOOKED_AT)]
        documents = [line for line in lines if line]
        plain = sum(form.fullmatch(line) is not None for line in documents)
        return plain >= MOSTLY * len(documents)

    def _plain_query(self, file: str, raw: str) -> str:
        shape = json.dumps(self._shape(self.tree, column_type))
        groups = [key for key, child in self.tree.items() if isinstance(child, dict)]
        typed = ", ".join(
            f"{self._as_read(self.tree[key], f't.{quoted(key)}')} AS {quoted(key)}"
            for key in groups
        )
        numbers, sums = self._check_sums()
        checked = "".join(
            f"\n    OR ({self._is_checked(fact)}) IS FALSE" for fact in self._checked()
        )
        of_lines = "\n    OR ".join(self._doubts_about_lines())
        return f"""
SELECT {", ".join(map(quoted, groups))}, suspect, {raw}
FROM (
  SELECT *, NOT plain OR coalesce(keys_in_text <> placed, TRUE){checked}
    OR {of_lines} AS suspect
  FROM (
    SELECT raw, plain, t, {sums}
    {_keys_in_text()} AS keys_in_text,
    {self._placed_plainly()} AS placed,
    {typed}
    FROM (
      SELECT {numbers} *
      FROM (
        SELECT raw, plain, json_transform(raw, {literal(shape)}) AS t
        FROM (
          SELECT raw, coalesce(regexp_full_match(raw, {literal(self.plain)}), FALSE) AS plain
          FROM (
            SELECT CAST(json AS VARCHAR) AS raw
            FROM read_ndjson_objects({literal(file)}, ignore_errors = true,
                                     maximum_object_size = {OBJECT_BYTES_MAX})
          )
        )
      )
    )
  )
)"""  # noqa: S608 (names are the vocabulary's, quoted; the file's is a literal)

    def _loose_query(self, file: str, raw: str) -> str:
        shape = json.dumps(self._shape(self.tree, lambda _: "JSON"))
        groups = [key for key, child in self.tree.items() if isinstance(child, dict)]
        typed = ",\n    ".join(
            f"{self._structure(self.tree[key], f'd.{quoted(key)}', key)} AS {quoted(key)}"
            for key in groups
        )
        placed, saying = self._counts(self.tree, "d")
        lines = path_of("d", LINES)
        of_line_placed, of_line_saying = self._counts(self.line_tree, "line")
        text_doubts = " OR ".join(
            ["raw IS NULL", "NOT starts_with(raw, '{')", f"regexp_matches(raw, {literal(HIDDEN)})"]
        )
        doubts = [
            "text_is_doubtful",
            f"keys_in_text <> placed + {_over_lines('placed')}",
            f"groups_in_text <> groups + {_over_lines('groups')}",
            f"saying <> {self._values(self.tree, '')}",
            *self._doubts_about_loose_lines(),
            *self._doubts_about_lines(),
        ]
        suspect = "\n      OR ".join(f"coalesce({doubt}, TRUE)" for doubt in doubts)
        return f"""
SELECT {", ".join(map(quoted, groups))}, suspect, {raw}
FROM (
  SELECT *, {suspect} AS suspect
  FROM (
    SELECT raw,
    {text_doubts} AS text_is_doubtful,
    {_keys_in_text()} AS keys_in_text,
    {_times('":{')} + {_times('": {')} AS groups_in_text,
    {placed} AS placed,
    {saying} AS saying,
    {self._groups(self.tree, "d")} AS groups,
    list_transform({lines}, lambda line:
      {{'placed': {of_line_placed}, 'saying': {of_line_saying},
       'groups': {self._groups(self.line_tree, "line")}}}) AS line_counts,
    {typed}
    FROM (
      SELECT raw, json_transform(raw, {literal(shape)}) AS d
      FROM (
        SELECT CAST(json AS VARCHAR) AS raw
        FROM read_ndjson_objects({literal(file)}, ignore_errors = true,
                                 maximum_object_size = {OBJECT_BYTES_MAX})
      )
    )
  )
)"""  # noqa: S608 (names are the vocabulary's, quoted; the file's is a literal)

    def _as_read(self, tree: object, at: str) -> str:
        """A group of a plain document: as it was read, but for values that have another form."""
        assert isinstance(tree, dict)
        fields = {key: f"{at}.{quoted(key)}" for key in tree}
        changed = {
            key: as_canonical(child, fields[key])
            for key, child in tree.items()
            if isinstance(child, Fact)
        }
        if all(changed.get(key, here) == here for key, here in fields.items()):
            return at
        return "{" + ", ".join(f"{quoted(k)}: {changed.get(k, v)}" for k, v in fields.items()) + "}"

    def _placed_plainly(self) -> str:
        """How many keys of a plain document have a value; a day that does not exist has none."""
        placed = " + ".join(
            _one_if(f"{here} IS NOT NULL") for _, here in self._leaves(self.tree, "t")
        )
        of_line = " + ".join(
            _one_if(f"{here} IS NOT NULL") for _, here in self._leaves(self.line_tree, "line")
        )
        lines = f"list_transform({path_of('t', LINES)}, lambda line: {of_line})"
        return f"({placed} + coalesce(list_sum({lines}), 0))"

    def _checked(self) -> list[Fact]:
        """The facts of the invoice that have a check digit."""
        return [fact for fact in self.vocabulary if fact.type in CHECKED and not fact.of_line]

    def _check_sums(self) -> tuple[str, str]:
        """Their digits as numbers, and what these come to: columns of their own, since DuckDB works out
        twice what stands twice in a ``CASE`` or a lambda.
        """
        numbers, sums = [], []
        for place, fact in enumerate(self._checked()):
            for name, number in digits_as_numbers(fact.type, path_of("t", fact.name)).items():
                numbers.append(f"{number} AS {name}_{place}, ")
            for name, total in check_sums(fact.type, lambda name: f"{name}_{place}").items():  # noqa: B023
                sums.append(f"{total} AS {name}_{place},")
        return "".join(numbers), "\n    ".join(sums)

    def _is_checked(self, fact: Fact) -> str:
        place = self._checked().index(fact)
        return sums_agree(fact.type, path_of("t", fact.name), lambda name: f"{name}_{place}")

    def _shape(self, tree: Tree, leaf: Callable[[Fact], str]) -> dict[str, object]:
        """What DuckDB is asked for, with the type of every leaf."""
        found: dict[str, object] = {}
        for key, child in tree.items():
            if isinstance(child, Fact):
                is_list = child.type is FactType.LINES
                found[key] = [self._shape(self.line_tree, leaf)] if is_list else leaf(child)
            else:
                assert isinstance(child, dict)
                found[key] = self._shape(child, leaf)
        return found

    def _structure(self, tree: object, at: str, path: str) -> str:
        """A group, each of its values of its type."""
        assert isinstance(tree, dict)
        fields = []
        for key, child in tree.items():
            here, name = f"{at}.{quoted(key)}", f"{path}.{key}"
            if not isinstance(child, Fact):
                typed = self._structure(child, here, name)
            elif child.type is FactType.LINES:
                of_line = self._structure(self.line_tree, "line", "line")
                typed = f"list_transform({here}, lambda line: {of_line})"
            else:
                typed = value_of(child, _json_text(here), wanted=name in self.wanted)
            fields.append(f"{quoted(key)}: {typed}")
        return "{" + ", ".join(fields) + "}"

    def _leaves(self, tree: Tree, at: str) -> Iterator[tuple[Fact | None, str]]:
        """Every key of a shape: its fact, None for a group, and where it lies."""
        for key, child in tree.items():
            here = f"{at}.{quoted(key)}" if at else quoted(key)
            if isinstance(child, Fact):
                yield child, here
            else:
                assert isinstance(child, dict)
                yield None, here
                yield from self._leaves(child, here)

    def _has_a_key_twice(self) -> str:
        """Whether some object has a key twice, looked at where something is ``null``: such a key is not
        counted, so that a second one with a value, or before one, would not be missed.
        """
        objects = ["$", *self._objects(self.tree, "$")]
        lines = f"$.{LINES}[*]"
        keys = [
            f"json_keys(raw, [{', '.join(map(literal, objects))}])",
            *(
                f"json_keys(raw, {literal(at)})"
                for at in (lines, *self._objects(self.line_tree, lines))
            ),
        ]
        twice = "list_transform(flatten([" + ", ".join(f"coalesce({each}, [])" for each in keys)
        twice += "]), lambda k: list_unique(k) <> len(k))"
        return f"CASE WHEN contains(raw, 'null') THEN list_contains({twice}, TRUE) ELSE FALSE END"

    def _objects(self, tree: Tree, at: str) -> Iterator[str]:
        """Where the groups of a shape lie, as JSON paths."""
        for key, child in tree.items():
            if not isinstance(child, Fact):
                assert isinstance(child, dict)
                yield f"{at}.{key}"
                yield from self._objects(child, f"{at}.{key}")

    def _counts(self, tree: Tree, at: str) -> tuple[str, str]:
        """How many keys were placed, and how many facts say something."""
        placed = [_one_if(f"{here} IS NOT NULL") for _, here in self._leaves(tree, at)]
        saying = [
            _one_if(f"coalesce({says_something(fact, _json_text(here))}, FALSE)")
            for fact, here in self._leaves(tree, at)
            if fact is not None and fact.type is not FactType.LINES
        ]
        return " + ".join(placed), " + ".join(saying)

    def _groups(self, tree: Tree, at: str) -> str:
        """How many groups are there. A number where a group should be looks like an empty group to DuckDB,
        so the objects in the text are counted too.
        """
        found = [_one_if(f"{here} IS NOT NULL") for f, here in self._leaves(tree, at) if f is None]
        return " + ".join(found) or "0"

    def _values(self, tree: Tree, at: str) -> str:
        """How many facts have a value."""
        return " + ".join(
            _one_if(f"{here} IS NOT NULL")
            for fact, here in self._leaves(tree, at)
            if fact is not None and fact.type is not FactType.LINES
        )

    def _doubts_about_loose_lines(self) -> Iterator[str]:
        lines = path_of("", LINES)
        of_line = self._values(self.line_tree, "line")
        values = f"list_sum(list_transform({lines}, lambda line: {of_line}))"
        yield f"coalesce(list_sum(list_transform(line_counts, lambda c: c.saying)) <> {values}, FALSE)"
        is_odd = "line IS NULL OR line.id IS NULL OR regexp_matches(line.id, '^#[0-9]+$')"
        yield f"coalesce(list_contains(list_transform({lines}, lambda line: {is_odd}), TRUE), FALSE)"

    def _doubts_about_lines(self) -> Iterator[str]:
        lines = path_of("", LINES)
        yield f"coalesce({self._has_a_key_twice()}, TRUE)"
        ids = f"list_transform({lines}, lambda line: line.id)"
        yield f"coalesce(list_unique({ids}) <> len({lines}), FALSE)"  # an id that is absent is not counted
        payable = path_of("", PAYABLE_AMOUNT)
        yield f"(coalesce(len({lines}) = 0, FALSE) AND coalesce({payable} <> 0, TRUE))"
        for fact, pattern in self.plain_text.items():
            found = path_of("", fact)
            # Only letters beyond ASCII can make a difference, and they are more bytes than characters.
            is_odd = (
                f"coalesce(strlen({found}) <> length({found}) "
                f"AND NOT regexp_full_match({found}, {literal(pattern)}), FALSE)"
            )
            if self.vocabulary[fact].of_line:
                of_lines = f"list_transform({lines}, lambda line: {is_odd})"
                is_odd = f"coalesce(list_contains({of_lines}, TRUE), FALSE)"
            yield is_odd


def _keys_in_text() -> str:
    """Keys in the text less those whose value is ``null``."""
    nulls = f"""{_times('":null')} + {_times('": null')}"""
    return f"""{_times('":')} - CASE WHEN contains(raw, 'null') THEN {nulls} ELSE 0 END"""


def _times(written: str) -> str:
    """How often something stands in the text."""
    return f"(strlen(raw) - strlen(replace(raw, '{written}', ''))) // {len(written)}"


def _over_lines(count: str) -> str:
    return f"coalesce(list_sum(list_transform(line_counts, lambda c: c.{count})), 0)"


def _one_if(condition: str) -> str:
    return f"CAST({condition} AS INTEGER)"


def _json_text(leaf: str) -> str:
    """A leaf as text: JSON is text to DuckDB, but not when it is compared."""
    return f"CAST({leaf} AS VARCHAR)"


def path_of(at: str, fact: str) -> str:
    """Where a fact lies, in ``at`` or at the top."""
    parts = ".".join(map(quoted, fact.split(".")))
    return f"{at}.{parts}" if at else parts


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def literal(written: str) -> str:
    """A text as SQL has it."""
    return "'" + written.replace("'", "''") + "'"
