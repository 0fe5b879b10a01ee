"""The columnar engine's statement in the words of one SQL dialect, or the reason why that dialect cannot
carry it: a statement that decides wrongly is worse than none.

``duckdb`` and ``spark`` are run by the tests; ``databricks`` documents every function and operator below as
Spark has it. Every other dialect is refused, with the construct of the statement that it lacks. The tree that
is to be written is looked at node by node: one of a kind that nobody has held against the dialects is
refused everywhere.

May import: ``texts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.generators.duckdb import DuckDBGenerator

from fakturavakt.texts import Text, text

DUCKDB: Final = "duckdb"
SPARK: Final = "spark"
DATABRICKS: Final = "databricks"
WRITTEN: Final = (DUCKDB, SPARK, DATABRICKS)
"""The dialects that are written."""


class DialectRefusedError(Exception):
    """A statement that cannot be written in a dialect; ``reason`` says why, and which ones can carry it."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


@dataclass(frozen=True, slots=True)
class _Lack:
    """What a dialect lacks: ``constructs`` are the nodes of a statement that need it."""

    constructs: tuple[type[exp.Expression], ...]
    reason: Text


_NO_LIST_FUNCTIONS: Final = _Lack(
    (exp.Lambda,),
    text(
        "den har ingen funksjoner over lister (uttrykket spør hver fakturalinje, og skiller sant, usant og "
        "ukjent)",
        "it has no functions over lists (the expression asks each invoice line, and tells true, false and "
        "unknown apart)",
    ),
)
_LACKS: Final[Mapping[str, tuple[_Lack, ...]]] = {
    # https://docs.snowflake.com/en/sql-reference/data-types-semistructured
    "snowflake": (
        _Lack(
            (exp.Dot, exp.ArrayFilter),
            text(
                "listene dens er VARIANT, der et felt som mangler kan være JSON-verdien null, som ikke er "
                "SQLs NULL: ukjent ville blitt til noe annet",
                "its lists are VARIANT, where a field that is missing may be the JSON value null, which is "
                "not SQL's NULL: unknown would become something else",
            ),
        ),
    ),
    # https://clickhouse.com/docs/sql-reference/data-types/nullable
    "clickhouse": (
        _Lack(
            (exp.Lambda,),
            text(
                "en liste eller en gruppe kan ikke være NULL der, så ukjente linjer ville sett ut som ingen "
                "linjer",
                "a list or a group cannot be NULL there, so that unknown lines would look like no lines",
            ),
        ),
    ),
    # https://trino.io/docs/current/language/types.html#row
    **dict.fromkeys(
        ("trino", "presto", "athena", "dune"),
        (
            _Lack(
                (exp.Struct, exp.Reduce),
                text(
                    "en struktur har ikke feltnavn uten en full CAST, og funksjonene over lister er ikke "
                    "prøvd mot våre svar",
                    "a structure has no field names without a full CAST, and its functions over lists have "
                    "not been tried against our answers",
                ),
            ),
        ),
    ),
    **dict.fromkeys(
        (
            *("bigquery", "postgres", "mysql", "sqlite", "tsql", "fabric", "oracle", "redshift"),
            *("materialize", "risingwave", "hive", "drill", "druid", "teradata", "exasol"),
        ),
        (_NO_LIST_FUNCTIONS,),
    ),
}
_UNTRIED: Final = text(
    "den er ikke prøvd, og et uttrykk som ser riktig ut kan svare galt om det som er ukjent",
    "it has not been tried, and an expression that looks right may answer wrongly about what is unknown",
)

_HELD_AGAINST_DIALECTS: Final = frozenset(
    (
        # what every SQL has
        *(exp.Select, exp.From, exp.With, exp.CTE, exp.TableAlias, exp.Table, exp.Alias, exp.Star),
        *(
            exp.Column,
            exp.Dot,
            exp.Identifier,
            exp.Literal,
            exp.Boolean,
            exp.Null,
            exp.Neg,
            exp.Paren,
        ),
        *(exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Case, exp.If, exp.Coalesce, exp.Var),
        *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.DPipe, exp.Lower),
        *(exp.Cast, exp.DataType, exp.DataTypeParam, exp.Mul, exp.Add, exp.Sub),
        # what is written apart in DuckDB and in Spark, with the same answers
        *(exp.DateAdd, exp.RegexpLike, exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseRightShift),
        *(
            exp.Array,
            exp.Bracket,
            exp.ArrayConcat,
            exp.ArrayContains,
            exp.ArrayFilter,
            exp.ArraySize,
            exp.Flatten,
        ),
        *(exp.ArrayToString, exp.Lambda, exp.Reduce, exp.Transform, exp.Struct, exp.PropertyEQ),
    )
)
"""Nodes whose null semantics were looked at in the dialects that are written."""


def written(tree: exp.Expr, dialect: str, *, pretty: bool = False) -> str:
    """The statement in a dialect.

    Raises :class:`DialectRefusedError` for a dialect that cannot carry it.
    """
    if dialect not in WRITTEN:
        used = {type(node) for node in tree.walk()}
        lacks = (lack.reason for lack in _LACKS.get(dialect, ()) if used & {*lack.constructs})
        raise DialectRefusedError(_refusal(dialect, next(lacks, _UNTRIED)))
    functions = _DUCKDB_FUNCTIONS
    if dialect != DUCKDB:
        tree, functions = tree.transform(_in_spark, copy=True), _SPARK_FUNCTIONS
    used, called = set(), set()
    for node in tree.walk():
        used.add(type(node))
        if isinstance(node, exp.Anonymous):
            called.add(node.name.upper())
    strangers = [kind.__name__ for kind in used - _HELD_AGAINST_DIALECTS - {exp.Anonymous}]
    strangers += called - functions
    if strangers:
        named = ", ".join(sorted(strangers))
        reason = text(
            f"uttrykket bruker {named}, som ikke er prøvd der",
            f"the expression uses {named}, which has not been tried there",
        )
        raise DialectRefusedError(_refusal(dialect, reason))
    return tree.sql(dialect=InDuckDB if dialect == DUCKDB else dialect, pretty=pretty, copy=False)


class InDuckDB(DuckDB):
    """DuckDB's dialect, but days are added to a date as a whole number: with an ``INTERVAL`` the day becomes
    a point in time, which takes twice as long.
    """

    class Generator(DuckDBGenerator):
        """Writes it."""

        TRANSFORMS: ClassVar = {
            **DuckDBGenerator.TRANSFORMS,
            exp.DateAdd: lambda self, node: (
                f"{self.sql(node, 'this')} + {self.sql(node, 'expression')}"
            ),
        }


def _refusal(dialect: str, reason: Text) -> Text:
    known = ", ".join(WRITTEN)
    return text(
        f"Regelboken skrives ikke som SQL for {dialect}: {reason.say('nb')}. Den kan skrives for {known}; "
        f"eller eksporter dokumentene som Parquet og kjør fakturavakt screen.",
        f"The rule book is not written as SQL for {dialect}: {reason.say('en')}. It can be written for "
        f"{known}; or export the documents as Parquet and run fakturavakt screen.",
    )


# -- Spark -----------------------------------------------------------------------------------------

_DUCKDB_FUNCTIONS: Final = frozenset(
    ("LIST_SLICE", "LIST_EXTRACT", "LIST_POSITION", "CONCAT", "TO_JSON")
)
_SPARK_FUNCTIONS: Final = frozenset(("SLICE", "TRY_ELEMENT_AT", "ARRAY_DISTINCT", "GREATEST"))
"""Functions that sqlglot has no node of its own for."""


def _in_spark(node: exp.Expr) -> exp.Expr:
    """DuckDB's functions that sqlglot has no node for, in Spark's words."""
    if isinstance(node, exp.ArrayFilter):
        return _words_once(node)
    if isinstance(node, exp.Bracket):
        return _item(node)
    if isinstance(node, exp.Anonymous):
        match node.name.upper():
            case "LIST_SLICE":
                return _slice(*node.expressions)
            case "LIST_EXTRACT":  # NULL where the list is shorter, and no error
                return exp.Anonymous(this="TRY_ELEMENT_AT", expressions=node.expressions)
            case _:
                pass
    return node


def _item(node: exp.Bracket) -> exp.Expr:
    """An item by its place from 0. Spark counts from 1 there, and takes no whole number of 64 bits."""
    assert node.args["offset"] == 0
    (place,) = node.expressions
    from_one = exp.Add(this=exp.cast(place, "int"), expression=exp.Literal.number(1))
    return exp.Anonymous(this="TRY_ELEMENT_AT", expressions=[node.this, from_one])


def _words_once(node: exp.ArrayFilter) -> exp.Expr:
    """The words without those that came before: what DuckDB says by positions, ``array_distinct`` says in
    Spark, which keeps the first of each in its place (DuckDB's promises no order). Other filters stay.
    """
    kept = node.expression.this
    position = kept.this if isinstance(kept, exp.EQ) else None
    if isinstance(position, exp.Anonymous) and position.name.upper() == "LIST_POSITION":
        return exp.Anonymous(this="ARRAY_DISTINCT", expressions=[node.this])
    return node


def _slice(of: exp.Expr, first: exp.Expr, last: exp.Expr) -> exp.Expr:
    """A list from its first item to the one that is ``last`` from its end (-1 is the last)."""
    assert first.sql() == "1"
    assert int(last.sql()) < 0
    size = exp.Add(this=exp.ArraySize(this=of.copy()), expression=exp.Paren(this=last))
    length = exp.Add(this=size, expression=exp.Literal.number(1))
    none = exp.Literal.number(0)
    at_least_none = exp.Anonymous(this="GREATEST", expressions=[length, none])
    return exp.Anonymous(this="SLICE", expressions=[of, first, at_least_none])
