"""Documents in Parquet: as a table for the columnar engine, and one by one for the row reader.

A file has the contract's groups as structures and ``invoice.lines`` as a list of structures; a column may
have any type that can carry its fact (money as ``DECIMAL``, ``DOUBLE``, a whole number or text). The promise
is that of :mod:`fakturavakt.intake.document_table`: what is not plainly good makes its document suspect, and
a suspect document goes through the row reader, as the JSON that its row amounts to.

Columns that are as the contract has them are handed on as they lie: only what is compared by its value and
written in another form is converted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from fakturavakt.intake.column_forms import (
    CHECKED,
    check_sums,
    column_type,
    digits_as_numbers,
    macro_statements,
    plain_form,
    sums_agree,
    value_of,
)
from fakturavakt.intake.document_table import WANTED_ALWAYS, literal, path_of, quoted
from fakturavakt.intake.documents import DocumentSource, RawDocument, Unreadable
from fakturavakt.intake.json_documents import read_line
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINES,
    Fact,
    FactType,
    Vocabulary,
)
from fakturavakt.vocabulary.own_facts import PAYABLE_AMOUNT

if TYPE_CHECKING:
    import duckdb

PARQUET_ENDING: Final = ".parquet"
ROW: Final = "row"
"""The column that numbers the rows of a file, from 1."""

_WHOLE_NUMBERS: Final = frozenset(
    ("tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint")
)
_NUMBERS_WITH_DECIMALS: Final = frozenset(("decimal", "double", "float"))
_ROWS_AT_ONCE: Final = 1024
_GOOD_TEXT: Final = r"[^\x00-\x20\x7f\x{a0}](?:[^\x00-\x1f\x7f]*[^\x00-\x20\x7f\x{a0}])?"
"""A text without control characters, and without blanks at its ends."""


def is_parquet(file: str) -> bool:
    """Whether a file's name says that it is Parquet."""
    return file.lower().endswith(PARQUET_ENDING)


@dataclass
class _Leaves:
    """What was found out about the leaves of one structure: ``same`` while it can be handed on as it lies."""

    doubts: list[str] = field(default_factory=list)
    same: bool = True


class ParquetTable:
    """The query of one Parquet file's table: groups, ``row``, ``suspect``, and ``raw`` where it is suspect.

    ``wanted`` are the facts that somebody asks about, ``compared`` those of them whose values count;
    ``plain_text`` is as in :class:`~fakturavakt.intake.document_table.DocumentTable`.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        wanted: AbstractSet[str],
        compared: AbstractSet[str],
        plain_text: Mapping[str, str],
    ) -> None:
        self.wanted = wanted | WANTED_ALWAYS
        self.compared = compared | WANTED_ALWAYS
        self.plain_text = plain_text
        tree = dict(vocabulary.tree)
        lines = tree.pop("line", {})
        assert isinstance(lines, dict)
        self.tree: Mapping[str, object] = tree
        self.line_tree: Mapping[str, object] = lines

    def query(
        self,
        connection: duckdb.DuckDBPyConnection,
        file: str,
        rows: str = "TRUE",
        *,
        every_raw: bool = False,
    ) -> str:
        """The table of one file, of those ``rows`` for which a condition on ``file_row_number`` (from 0)
        holds. ``every_raw``: with the text of each document, for a later step that may find more of them
        suspect.
        """
        types = columns_of(connection, file)
        found = _Leaves()
        self._checked: list[tuple[Fact, str]] = []
        groups = [key for key, child in self.tree.items() if isinstance(child, dict)]
        typed = ", ".join(
            f"{self._group(self.tree[key], types.get(key), quoted(key), key, found)} AS {quoted(key)}"
            for key in groups
        )
        doubt = " OR ".join(f"coalesce({each}, FALSE)" for each in found.doubts) or "FALSE"
        as_read = {key: type_ for key, type_ in types.items() if key in self.tree}
        carried = "".join(f", {quoted(key)} AS {quoted(_as_read(key))}" for key in as_read)
        raw = self._raw(self.tree, as_read, _as_read)
        names = ", ".join(map(quoted, groups))
        numbers, sums = "", ""
        for place, (fact, at) in enumerate(self._checked):
            for name, number in digits_as_numbers(fact.type, at).items():
                numbers += f", {number} AS {name}_{place}"
            for name, total in check_sums(fact.type, lambda name: f"{name}_{place}").items():  # noqa: B023
                sums += f", {total} AS {name}_{place}"
        whose = "TRUE" if every_raw else "suspect"
        return f"""
SELECT {names}, {ROW}, suspect, CASE WHEN {whose} THEN CAST(to_json({raw}) AS VARCHAR) END AS raw
FROM (
  SELECT *, doubtful OR {self._doubts_about_lines()} AS suspect
  FROM (
    SELECT {typed}, {doubt} AS doubtful, file_row_number + 1 AS {ROW}{carried}
    FROM (
      SELECT *{sums}
      FROM (
        SELECT *{numbers}
        FROM read_parquet({literal(file)}, file_row_number = true)
        WHERE {rows}
      )
    )
  )
)"""  # noqa: S608 (names are the vocabulary's, quoted; the file's is a literal)

    def _group(self, tree: object, type_: Any, at: str, path: str, found: _Leaves) -> str:  # noqa: ANN401
        """A group as the rules have it; what is doubtful about it goes to ``found``."""
        assert isinstance(tree, dict)
        children: dict[str, Any] = {}
        own = _Leaves()
        if type_ is not None and type_.id == "struct":
            children = dict(type_.children)
        elif type_ is not None:
            own.doubts.append(f"{at} IS NOT NULL")
        if not children and any(name in self.wanted for name in _facts_in(tree)):
            own.same = False
        fields = []
        for key, child in tree.items():
            here, name = f"{at}.{quoted(key)}", f"{path}.{key}"
            if not isinstance(child, Fact):
                value = self._group(child, children.get(key), here, name, own)
            elif child.type is FactType.LINES:
                value = self._lines(children.get(key), here, own)
            else:
                value = self._leaf(child, children.get(key), here, own)
            fields.append(f"{quoted(key)}: {value}")
        found.doubts += own.doubts
        found.same = found.same and own.same
        if own.same and children:
            return at
        return "{" + ", ".join(fields) + "}"

    def _lines(self, type_: Any, at: str, found: _Leaves) -> str:  # noqa: ANN401
        element = type_.children[0][1] if type_ is not None and type_.id == "list" else None
        of_line = _Leaves()
        if element is None or element.id != "struct":
            if type_ is not None:
                found.doubts.append(f"{at} IS NOT NULL")
            found.same = False
            typed = self._group(self.line_tree, None, "line", "line", of_line)
            return f"list_transform(CAST(NULL AS INTEGER[]), lambda line: {typed})"
        typed = self._group(self.line_tree, element, "line", "line", of_line)
        if of_line.doubts:
            doubtful = " OR ".join(f"coalesce({doubt}, FALSE)" for doubt in of_line.doubts)
            found.doubts.append(
                f"list_contains(list_transform({at}, lambda line: {doubtful}), TRUE)"
            )
        if of_line.same:
            return at
        found.same = False
        return f"list_transform({at}, lambda line: {typed})"

    def _leaf(self, fact: Fact, type_: Any, at: str, found: _Leaves) -> str:  # noqa: ANN401
        """The value of a fact; a doubt where something stands there that may be no plainly good value."""
        kind = None if type_ is None else type_.id
        no_value = f"CAST(NULL AS {column_type(fact)})"
        if kind is None:
            found.same = found.same and fact.name not in self.wanted
            return no_value
        lies_well = _lies_well(fact, type_, at)
        if lies_well is not None:
            found.doubts.append(f"NOT ({lies_well})")
            return at
        value = self._read(fact, type_, at)
        saying = f"{at} IS NOT NULL"
        if kind == "varchar" and fact.type is FactType.PAYMENT_REFERENCE:
            saying = f"is_kid({_as_json_text(at)})"
        if kind == "varchar" and fact.type is FactType.TEXT:
            found.doubts.append(f"NOT regexp_full_match({at}, '{_GOOD_TEXT}')")
            if fact.name in self.plain_text:
                pattern = literal(self.plain_text[fact.name])
                # Only letters beyond ASCII can make a difference, and they are more bytes than characters.
                found.doubts.append(
                    f"strlen({at}) <> length({at}) AND NOT regexp_full_match({at}, {pattern})"
                )
        elif value != at:
            doubt = f"({saying}) AND ({value or no_value}) IS NULL"
            if kind == "varchar" and fact.type in CHECKED and not fact.of_line:
                # Digits as they mostly are written, weighed in columns of their own.
                place = len(self._checked)
                self._checked.append((fact, at))
                agree = sums_agree(fact.type, at, lambda name: f"{name}_{place}")
                is_plain = f"regexp_full_match({at}, {literal(plain_form(fact)[1:-1])})"
                doubt = f"CASE WHEN {is_plain} THEN NOT ({agree}) ELSE {doubt} END"
            found.doubts.append(doubt)
        if value is None:
            found.same = found.same and fact.name not in self.wanted
            return no_value
        if value == at:
            return at
        if fact.name not in self.compared and kind == "varchar":
            return at  # whether it is known is all that is asked; how it is written does not matter
        found.same = False
        return value

    def _read(self, fact: Fact, type_: Any, at: str) -> str | None:  # noqa: ANN401
        """The value that a column's type makes of a fact, ``NULL`` where it is bad; None where no value of
        that type can be good.
        """
        kind = type_.id
        if str(type_) == column_type(fact) and fact.type in (FactType.YES_NO, FactType.MONEY):
            return at
        if fact.type is FactType.TEXT and kind == "varchar":
            return at
        if kind == "varchar" and fact.type not in (FactType.YES_NO, FactType.COUNT):
            # A macro works out its argument wherever it names it; a list has it once.
            read = value_of(fact, "written", wanted=True)
            return f"list_transform([{_as_json_text(at)}], lambda written: {read})[1]"
        if fact.type is FactType.MONEY and kind in ("double", "float"):
            number = f"TRY_CAST(CAST({at} AS VARCHAR) AS DOUBLE)"  # by its shortest decimal text
            money = f"TRY_CAST({number} AS DECIMAL(15, 2))"
            return f"CASE WHEN CAST({money} AS DOUBLE) = {number} THEN {money} END"
        if fact.type is FactType.MONEY and kind in _WHOLE_NUMBERS | _NUMBERS_WITH_DECIMALS:
            money = f"TRY_CAST({at} AS DECIMAL(15, 2))"
            return f"CASE WHEN {money} = {at} THEN {money} END"
        if kind in _WHOLE_NUMBERS and fact.type not in (
            FactType.DATE,
            FactType.CHOICE,
            FactType.YES_NO,
            FactType.CURRENCY,
            FactType.EMAIL,
        ):
            return value_of(fact, f"CAST({at} AS VARCHAR)", wanted=True)
        return None

    def _doubts_about_lines(self) -> str:
        lines, payable = path_of("", LINES), path_of("", PAYABLE_AMOUNT)
        id_ = LINE_ID.removeprefix("line.")
        odd = f"line.{id_} IS NULL OR regexp_matches(line.{id_}, '^#[0-9]+$')"
        ids = f"list_transform({lines}, lambda line: line.{id_})"
        return (
            f"coalesce(list_contains(list_transform({lines}, lambda line: {odd}), TRUE), FALSE)"
            f" OR coalesce(list_unique({ids}) <> len({lines}), FALSE)"
            f" OR (coalesce(len({lines}) = 0, FALSE) AND coalesce({payable} <> 0, TRUE))"
        )

    def _raw(
        self,
        tree: Mapping[str, object],
        types: Mapping[str, Any],
        path: Callable[[str], str],
    ) -> str:
        """The row as contract JSON; ``path`` says what a key's column is called."""
        fields = []
        for key, type_ in types.items():
            child, here = tree.get(key), ".".join(map(quoted, path(key).split("\x00")))
            if isinstance(child, dict) and type_.id == "struct":
                inner = self._raw(child, dict(type_.children), _inside(path(key)))
                here = f"CASE WHEN {here} IS NOT NULL THEN {inner} END"
            elif isinstance(child, Fact) and child.type is FactType.LINES and type_.id == "list":
                element = type_.children[0][1]
                if element.id == "struct":
                    inner = self._raw(self.line_tree, dict(element.children), _inside("line"))
                    each = f"CASE WHEN line IS NOT NULL THEN {inner} END"
                    here = f"list_transform({here}, lambda line: {each})"
            elif (
                isinstance(child, Fact)
                and child.type is FactType.MONEY
                and type_.id in _NUMBERS_WITH_DECIMALS
            ):
                here = f"CAST({here} AS VARCHAR)"  # exact, and what is no number stays a bad value
            fields.append(f"{quoted(key)}: {here}")
        return "{" + ", ".join(fields) + "}" if fields else "CAST('{}' AS JSON)"


def _lies_well(fact: Fact, type_: Any, at: str) -> str | None:  # noqa: ANN401
    """What makes a column's value good just as it lies there; None where it may have to be converted."""
    kind = type_.id
    if fact.type is FactType.CHOICE and kind == "varchar":
        return f"{at} IN ({', '.join(map(literal, fact.choices))})"
    if fact.type is FactType.CURRENCY and kind == "varchar":
        return f"regexp_full_match({at}, '[A-Z]{{3}}')"
    if fact.type is FactType.DATE and kind == "date":
        return f"{at} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
    if fact.type is FactType.COUNT and kind == "bigint":
        return f"{at} >= 0"
    return None


def _as_read(key: str) -> str:
    return f"{key} as read"


def _inside(at: str) -> Callable[[str], str]:
    return lambda key: f"{at}\x00{key}"


def _as_json_text(at: str) -> str:
    """A text as the macros of column_forms take it. A control character or a backslash would be an escape
    there: it is vouched for by nobody.
    """
    odd = f"regexp_matches({at}, '[\\x00-\\x1f\\\\]')"
    return f"CASE WHEN {odd} THEN '\"\\' ELSE '\"' || {at} || '\"' END"


def _facts_in(tree: Mapping[str, object]) -> Iterator[str]:
    for child in tree.values():
        if isinstance(child, Fact):
            yield child.name
        else:
            assert isinstance(child, dict)
            yield from _facts_in(child)


def columns_of(connection: duckdb.DuckDBPyConnection, file: str) -> dict[str, Any]:
    """The columns of a file with their types. Raises ``duckdb.Error`` where it cannot be read."""
    relation = connection.sql(f"SELECT * FROM read_parquet({literal(file)}) LIMIT 0")  # noqa: S608
    return dict(zip(relation.columns, relation.types, strict=True))


def unknown_columns(vocabulary: Vocabulary, types: Mapping[str, Any]) -> list[str]:
    """The paths of columns that the vocabulary does not know."""
    tree = dict(vocabulary.tree)
    line_tree = tree.pop("line", {})
    assert isinstance(line_tree, dict)

    def unknown(tree: Mapping[str, object], types: Mapping[str, Any], prefix: str) -> Iterator[str]:
        for key, type_ in types.items():
            child = tree.get(key)
            if child is None:
                yield f"{prefix}{key}"
            elif isinstance(child, dict) and type_.id == "struct":
                yield from unknown(child, dict(type_.children), f"{prefix}{key}.")
            elif isinstance(child, Fact) and child.type is FactType.LINES and type_.id == "list":
                element = type_.children[0][1]
                if element.id == "struct":
                    yield from unknown(line_tree, dict(element.children), "line.")

    return list(unknown(tree, types, ""))


def number_of_rows(connection: duckdb.DuckDBPyConnection, file: str) -> int | Unreadable:
    """The documents in a file."""
    import duckdb

    try:
        ((rows,),) = connection.execute(
            "SELECT sum(num_rows) FROM parquet_file_metadata(?)", [file]
        ).fetchall()
    except (duckdb.Error, OSError):
        return broken_row(file, 1)
    return int(rows or 0)


def read_parquet(
    file: str, vocabulary: Vocabulary, warn: Callable[[Text], None]
) -> Iterator[RawDocument | Unreadable]:
    """Every document of a Parquet file, one by one."""
    import duckdb

    position = 0
    with duckdb.connect(":memory:") as connection:
        try:
            for statement in macro_statements():
                connection.execute(statement)
            table = ParquetTable(vocabulary, frozenset(), frozenset(), {})
            types = columns_of(connection, file)
            for path in unknown_columns(vocabulary, types):
                warn(unknown_column(path))
            known = {key: type_ for key, type_ in types.items() if key in table.tree}
            raw = table._raw(table.tree, known, str)  # noqa: SLF001 (a class of this module)
            rows = connection.execute(
                f"SELECT CAST(to_json({raw}) AS VARCHAR) FROM read_parquet({literal(file)})"  # noqa: S608
            )
            while batch := rows.fetchmany(_ROWS_AT_ONCE):
                for (line,) in batch:
                    position += 1
                    yield read_line(line.encode(), position, DocumentSource(file, position))
        except duckdb.Error:
            yield broken_row(file, position + 1)


def broken_row(file: str, row: int) -> Unreadable:
    """What stands for a row that cannot be read."""
    return Unreadable(DocumentSource(file, row), f"{row}:1", _NOT_PARQUET)


def unknown_column(path: str) -> Text:
    """A warning, as for a key of JSON."""
    return text(f"Ukjent nøkkel «{path}» brukes ikke.", f"The unknown key “{path}” is not used.")


_NOT_PARQUET: Final = text(
    "Filen er ikke en Parquet-fil, eller den er ødelagt herfra; hent den på nytt.",
    "The file is no Parquet file, or it is broken from here on; fetch it again.",
)
