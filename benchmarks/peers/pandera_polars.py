"""pandera over polars: two tables, one of documents and one of lines, a check a question.

A check is the nearest thing to a rule that pandera has. ``validate(lazy=True)`` gives all failures: which
check failed on which row. So each question of the two rails is a check that fails where the question's
answer is yes, and the decision is put together from the failures, in polars.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, assert_never

import pandera.polars as pa
import polars as pl
from benchmarks.peers.task import Decide, Limits, Rules
from benchmarks.peers.two_rails import (
    LINES,
    And,
    Compares,
    Equals,
    Expression,
    OfLines,
    Or,
    Rails,
    There,
    asked_facts,
    flat_name,
    lines_apart,
    negated,
)
from pandera.errors import SchemaErrors

from fakturavakt.vocabulary.facts import FactType, Vocabulary

LIMITS = Limits(
    package="pandera[polars]",
    unknown="null fails a check or is ignored, for all of a check alike: two checks a rule",
    absent="nulls of polars",
    dates="polars has days; as whole numbers here, made in polars",
    lines="a table of its own, grouped by document",
    notes="answers which rows fail which check; scope, order and channel are put together in "
    "polars behind it",
)

_TYPES: dict[FactType, Any] = {
    FactType.YES_NO: pl.Boolean,
    FactType.MONEY: pl.Float64,
    FactType.COUNT: pl.Int64,
}
EPOCH = date(1970, 1, 1).toordinal()
KEY = "row"


def _column(expression: Expression) -> pl.Expr:
    """The condition over columns, never null."""

    def col(fact: str) -> pl.Expr:
        return pl.col(flat_name(fact))

    match expression:
        case There(fact=fact, wanted=wanted):
            return col(fact).is_not_null() if wanted else col(fact).is_null()
        case Equals(fact=fact, values=values, wanted=wanted):
            found = col(fact).is_in(list(values)) if len(values) > 1 else col(fact) == values[0]
            return (found if wanted else ~found).fill_null(value=False)
        case Compares(fact=fact, sign=sign, other=other, plus=plus):
            right = pl.lit(plus) if other is None else col(other) + int(plus)
            left = col(fact)
            return {
                "<": left < right,
                "<=": left <= right,
                "==": left == right,
                "!=": left != right,
                ">=": left >= right,
                ">": left > right,
            }[sign].fill_null(value=False)
        case And(parts=parts):
            return pl.all_horizontal([pl.col(KEY).is_not_null(), *map(_column, parts)])
        case Or(parts=parts):
            return pl.any_horizontal([pl.col(KEY).is_null(), *map(_column, parts)])
        case OfLines():
            raise AssertionError("lines are asked about apart")
        case _:
            assert_never(expression)


def _schema(questions: dict[str, Expression]) -> pa.DataFrameSchema:
    """A check a question, on the column of row numbers, so that a failure is a row number."""

    def check(name: str, asked: Expression) -> pa.Check:
        return pa.Check(lambda data: data.lazyframe.select(~_column(asked)), name=name)

    checks = [check(name, asked) for name, asked in questions.items()]
    return pa.DataFrameSchema({KEY: pa.Column(pl.UInt32, checks=checks)})


def _failures(schema: pa.DataFrameSchema, table: pl.DataFrame) -> pl.DataFrame:
    """Row numbers and names of the questions whose answer is yes."""
    try:
        schema.validate(table, lazy=True)
    except SchemaErrors as error:
        return error.failure_cases.select(
            "check", pl.col("failure_case").cast(pl.UInt32).alias(KEY)
        )
    return pl.DataFrame(schema={"check": pl.String, KEY: pl.UInt32})


def _json_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """The shape of NDJSON: days as text."""

    def of(tree: Any) -> Any:  # noqa: ANN401
        if isinstance(tree, dict):
            return pl.Struct({key: of(child) for key, child in tree.items()})
        if tree.type is FactType.LINES:
            return pl.List(of(vocabulary.tree["line"]))
        return _TYPES.get(tree.type, pl.String)

    return {key: of(child) for key, child in vocabulary.tree.items() if key != "line"}


def _values(facts: list[str], vocabulary: Vocabulary, as_of: date) -> list[pl.Expr]:
    """A flat column a fact, days as ordinals, and what absence means filled in."""
    found = []
    for name in facts:
        fact = vocabulary[name]
        first, *rest = name.split(".")
        column = pl.col(first)
        for key in rest:
            column = column.struct.field(key)
        if fact.type is FactType.DATE:
            column = column.str.to_date("%Y-%m-%d").to_physical() + EPOCH
        if name == "invoice.send_date":
            column = column.fill_null(as_of.toordinal())
        elif name.endswith("withdrawn_on"):
            column = column.fill_null(date.max.toordinal() + 1)
        elif fact.absent != "unknown":
            column = column.fill_null(fact.absent)
        found.append(column.alias(flat_name(name)))
    return found


def prepare(rules: Rules) -> Decide:
    """Makes both schemas once."""
    rails, of_lines = lines_apart(rules.rails)
    vocabulary = rules.book.vocabulary
    questions = rails.questions()
    parts = {
        # Of *every line* it is asked whether one breaks it.
        name: negated(asked.part) if asked.every else asked.part
        for name, asked in of_lines.items()
    }
    whole, each_line = _schema(questions), _schema(parts)
    line_names = asked_facts(parts.values())
    names = list(dict.fromkeys([*asked_facts(questions.values()), *line_names]))
    of_document = [
        name for name in names if not name.startswith(("line.", "asked.")) and name != LINES
    ]
    of_line = [name for name in line_names if name.startswith("line.")]
    copied = [flat_name(name) for name in line_names if not name.startswith("line.")]
    shape = _json_schema(vocabulary)

    def run(source: Path, target: Path) -> None:
        raw = pl.read_ndjson(source, schema=shape).with_row_index(KEY)
        lines = pl.col("invoice").struct.field("lines")
        documents = raw.select(
            KEY,
            *_values(of_document, vocabulary, rules.as_of),
            lines.alias("line"),
            lines.is_not_null().alias(flat_name(LINES)).replace({False: None}),
            pl.col("invoice").struct.field("number"),
        )
        table = documents.select(KEY, *copied, "line").explode("line").drop_nulls("line")
        table = table.select(KEY, *copied, *_values(of_line, vocabulary, rules.as_of))
        broken = _failures(each_line, table).unique()
        documents = documents.drop("line").with_columns(
            _answered(broken, name, asked.every).alias(flat_name(name))
            for name, asked in of_lines.items()
        )
        decided = _decided(rails, _failures(whole, documents.drop("number")), documents)
        target.write_text(
            decided.select("invoice", "decision", "channel").write_ndjson(), encoding="utf-8"
        )

    return run


def _answered(failures: pl.DataFrame, name: str, every: bool) -> pl.Expr:
    rows = failures.filter(pl.col("check") == name)[KEY].implode()
    found = pl.col(KEY).is_in(rows)
    return ~found if every else found


def _decided(rails: Rails, failures: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Contract §4 out of the answers."""

    def rows(names: list[str]) -> pl.DataFrame:
        return failures.filter(pl.col("check").is_in(names)).group_by(KEY).len()

    def is_one_of(found: pl.DataFrame) -> pl.Expr:
        return pl.col(KEY).is_in(found[KEY].implode())

    holds = rows([f"{name} yes" for name in rails.prohibitions])
    cleared = rows([f"{name} no" for name in rails.prohibitions])
    cleared = cleared.filter(pl.col("len") == len(rails.prohibitions))
    in_scope = is_one_of(rows(["scope yes"]))
    decision = (
        pl.when(is_one_of(rows(["scope no"])))
        .then(pl.lit("out_of_scope"))
        .when(in_scope & is_one_of(holds))
        .then(pl.lit("block"))
        .when(in_scope & is_one_of(cleared))
        .then(pl.lit("send"))
        .otherwise(pl.lit("hold"))
    )
    channel: Any = pl.lit(None, dtype=pl.String)
    for name in reversed(rails.channels):
        channel = (
            pl.when(is_one_of(rows([f"{name} eligible"]))).then(pl.lit(name)).otherwise(channel)
        )
    return documents.with_columns(decision.alias("decision")).select(
        pl.col("number").alias("invoice"),
        "decision",
        pl.when(pl.col("decision") == "send").then(channel).alias("channel"),
    )
