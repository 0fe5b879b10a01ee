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
So no two mistakes make up for one another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from fakturavakt.intake.column_forms import says_something, value_of
from fakturavakt.vocabulary.facts import LINES, Fact, FactType, Vocabulary

NUMBER: Final = "invoice.number"
LINE_ID: Final = "line.id"
PAYABLE_AMOUNT: Final = "invoice.payable_amount"
CURRENCY: Final = "invoice.currency"
WANTED_ALWAYS: Final = frozenset((NUMBER, LINE_ID, PAYABLE_AMOUNT, CURRENCY))
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

    def query(self, file: str, *, every_raw: bool = False) -> str:
        """The table of one NDJSON file. ``every_raw``: with the text of each document, for a later step that
        may find more of them suspect.
        """
        raw = "raw" if every_raw else "CASE WHEN suspect THEN raw END AS raw"
        shape = json.dumps(self._shape(self.tree))
        groups = [key for key, child in self.tree.items() if isinstance(child, dict)]
        typed = ",\n    ".join(
            f"{self._structure(self.tree[key], f'd.{quoted(key)}', key)} AS {quoted(key)}"
            for key in groups
        )
        placed, saying = self._counts(self.tree, "d")
        lines = _path("d", LINES)
        of_line_placed, of_line_saying = self._counts(self.line_tree, "line")
        text_doubts = " OR ".join(
            ["raw IS NULL", "NOT starts_with(raw, '{')", f"regexp_matches(raw, {literal(HIDDEN)})"]
        )
        doubts = [
            "text_is_doubtful",
            f"keys_in_text <> placed + {_over_lines('placed')}",
            f"groups_in_text <> groups + {_over_lines('groups')}",
            f"saying <> {self._values(self.tree, '')}",
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

    def _shape(self, tree: Tree) -> dict[str, object]:
        """What DuckDB is asked for: every leaf as the JSON that stands there."""
        found: dict[str, object] = {}
        for key, child in tree.items():
            if isinstance(child, Fact):
                is_list = child.type is FactType.LINES
                found[key] = [self._shape(self.line_tree)] if is_list else "JSON"
            else:
                assert isinstance(child, dict)
                found[key] = self._shape(child)
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

    def _doubts_about_lines(self) -> Iterator[str]:
        lines = _path("", LINES)
        of_line = self._values(self.line_tree, "line")
        values = f"list_sum(list_transform({lines}, lambda line: {of_line}))"
        yield f"coalesce(list_sum(list_transform(line_counts, lambda c: c.saying)) <> {values}, FALSE)"
        is_odd = "line IS NULL OR line.id IS NULL OR regexp_matches(line.id, '^#[0-9]+$')"
        yield f"coalesce(list_contains(list_transform({lines}, lambda line: {is_odd}), TRUE), FALSE)"
        ids = f"list_transform({lines}, lambda line: line.id)"
        yield f"coalesce(list_unique({ids}) <> len({lines}), FALSE)"
        payable = _path("", PAYABLE_AMOUNT)
        yield f"coalesce(len({lines}) = 0, FALSE) AND coalesce({payable} <> 0, TRUE)"
        for fact, pattern in self.plain_text.items():
            found = _path("", fact)
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


def _path(at: str, fact: str) -> str:
    parts = ".".join(map(quoted, fact.split(".")))
    return f"{at}.{parts}" if at else parts


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def literal(written: str) -> str:
    """A text as SQL has it."""
    return "'" + written.replace("'", "''") + "'"
