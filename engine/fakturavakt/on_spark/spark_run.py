"""One run on Spark: files of Parquet in, a folder of Parquet out, and the hit list.

Two passes. The first decides every document and writes it with its place in the input, wherever its task
happens to run. The second puts the decisions in the order of the documents. In between they are counted: as
many must be there as documents were read, or there is no result. What is in the making has a hidden name; it
gets its own when ``_SUCCESS`` is in it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from fakturavakt.bulk.decision_file import shape
from fakturavakt.decision import Verdict
from fakturavakt.engines.columnar import DOCUMENTS, Columnar
from fakturavakt.engines.columnar_conditions import PLAIN_TEXT
from fakturavakt.engines.sql_dialects import SPARK, written
from fakturavakt.engines.sql_expressions import column
from fakturavakt.intake.parquet_documents import unknown_column
from fakturavakt.on_spark.by_reference import ByReference
from fakturavakt.on_spark.failures import SparkRunError, sparks_failures_told
from fakturavakt.on_spark.spark_files import SparkFile, SparkFiles, is_there_already
from fakturavakt.on_spark.spark_session import check_workers, spark_session
from fakturavakt.on_spark.typed_parquet import (
    TypedParquet,
    check_types,
    contract_schema,
    literal,
    quoted,
)
from fakturavakt.report.summary import Summary, Tally
from fakturavakt.screening import Screening
from fakturavakt.texts import counted, text
from fakturavakt.vocabulary.own_facts import PAYABLE_AMOUNT

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FILE: Final = "document file"
FILE_ORDER: Final = "order of the file"
POSITION: Final = "position"
SUSPECT: Final = "suspect"
RAW: Final = "raw"
ORE: Final = "ore"
CURRENCY: Final = "currency"
DECIDED: Final = "by reference"
SUCCESS: Final = "_SUCCESS"
"""The file that Spark puts into a folder when every part is there."""

_KEPT_FOR_COUNTING: Final = {ORE: "BIGINT", CURRENCY: "STRING"}
_ROWS_IN_A_FILE: Final = 4_000_000


@dataclass
class SparkRun:
    """Screens files on a cluster. ``screening`` has the rule book, the screening date and the language."""

    screening: Screening
    master: str
    with_text: bool = False

    def __post_init__(self) -> None:
        self.columns = {
            key: exp.DataType.build(type_, dialect="duckdb").sql(dialect=SPARK)
            for key, type_ in shape(with_text=self.with_text, trials=self.screening.trials).items()
        }
        """The columns of decisions and their types in Spark."""

    def to_folder(self, paths: Sequence[str], output: str) -> tuple[Summary, int]:
        """Screen the files and write the decisions to the folder ``output``, which must not be there yet.
        Gives the hit list and the number of documents that were read.

        Raises :class:`~fakturavakt.on_spark.failures.SparkRunError`; then there is no such folder.
        """
        with spark_session(self.master) as session:
            files = SparkFiles(session)
            if files.exists(output):
                raise SparkRunError(is_there_already(output))
            found = files.find(paths)
            check_workers(session)
            documents = self._read(session, found)
            unsorted, sorted_ = (
                files.beside(output, f"{os.urandom(6).hex()}.{what}") for what in ("1", "2")
            )
            try:
                with sparks_failures_told():
                    self._decided(session, documents, found).write.parquet(unsorted)
                    summary = self._summary(session, unsorted)
                    read = documents.count()
                    _balance(read, summary.read)
                    self._in_order(session, unsorted, sorted_, summary.read)
                    _balance(read, session.read.parquet(sorted_).count())
                    if not files.exists(f"{sorted_}/{SUCCESS}"):
                        _balance(read, 0)
                files.rename(sorted_, output)
            finally:
                with sparks_failures_told():
                    files.remove(unsorted)
                    files.remove(sorted_)
        return summary, read

    # -- what is read ------------------------------------------------------------------------------

    def _read(self, session: SparkSession, found: list[SparkFile]) -> DataFrame:
        """The documents in the contract's types; columns that the files lack are NULL."""
        vocabulary = self.screening.book.vocabulary
        paths = [file.path for file in found]
        with sparks_failures_told():
            # Every file's types, not the first one's: files that do not agree are an error of Spark's.
            types = session.read.option("mergeSchema", True).parquet(*paths).schema
            expected = session.createDataFrame([], contract_schema(vocabulary)).schema
        for path in check_types(types, expected):
            self.screening.warn(unknown_column(path))
        with sparks_failures_told():
            documents = session.read.schema(expected).parquet(*paths)
            seen = {*documents.inputFiles()}
        for file in found:
            if file.seen_as not in seen:
                raise SparkRunError(
                    text(
                        f"{file.given}: Spark leser ikke filen (navn som begynner med _ eller . hoppes "
                        "over).",
                        f"{file.given}: Spark does not read the file (names that begin with _ or . are "
                        "skipped).",
                    )
                )
        return documents

    # -- what is decided ---------------------------------------------------------------------------

    def _decided(
        self, session: SparkSession, documents: DataFrame, found: list[SparkFile]
    ) -> DataFrame:
        """A row a document: the keys of its decision, what the hit list counts, and its file's place."""
        from pyspark.sql import functions

        book = self.screening.book
        columnar = Columnar(
            book,
            self.screening.as_of,
            self.screening.language if self.with_text else None,
            trials=self.screening.trials,
        )
        outcomes = columnar.outcomes
        table = TypedParquet(
            book.vocabulary,
            outcomes.facts,
            outcomes.compared,
            dict.fromkeys(outcomes.searched_facts(), PLAIN_TEXT),
        )
        listed = session.createDataFrame(
            [(file.seen_as, file.given, n) for n, file in enumerate(found)],
            f"seen_as STRING, {quoted(FILE)} STRING, {quoted(FILE_ORDER)} INT",
        )
        suspect = documents.selectExpr(
            "*",
            # A row names its file with one slash, the list of files with three.
            "regexp_replace(_metadata.file_path, '^file:/+', 'file:///') AS seen_as",
            f"_metadata.row_index + 1 AS {POSITION}",
            f"{table.suspect()} AS {SUSPECT}",
        )
        # An inner join would lose rows of a file under another name without a word; here they fail below.
        placed = suspect.join(functions.broadcast(listed), "seen_as", "left")
        raw = f"CASE WHEN {SUSPECT} THEN {table.raw()} END AS {RAW}"
        amounts = (f"{value} AS {quoted(key)}" for key, value in self._amount().items())
        placed.selectExpr("*", raw, *amounts).createOrReplaceTempView(DOCUMENTS)

        number = column("invoice", "number")
        carried = {key: column(key) for key in (FILE, FILE_ORDER, POSITION, RAW, ORE, CURRENCY)}
        keys = {"invoice": number, **columnar.keys.decision()}
        decided = session.sql(written(columnar.select({**keys, **carried}), SPARK))

        by_reference = functions.udf(
            ByReference(book, self.screening.as_of, self.screening.language, self.screening.trials),
            f"{_structure({**self.columns, **_KEPT_FOR_COUNTING, 'as_of': 'STRING'})}",
        )
        with_problems = decided.withColumn(
            DECIDED, by_reference(functions.col(RAW), functions.col(FILE), functions.col(POSITION))
        )
        return with_problems.selectExpr(*self._columns(), quoted(FILE_ORDER))

    def _amount(self) -> Mapping[str, str]:
        """What the hit list adds up: whole øre, negative where they are paid back, and the currency."""
        known = self.screening.book.vocabulary
        ore = f"CAST({PAYABLE_AMOUNT} * 100 AS BIGINT)"
        if "invoice.kind" in known:
            ore = f"CASE WHEN invoice.kind = 'credit_note' THEN -{ore} ELSE {ore} END"
        return {
            ORE: ore if PAYABLE_AMOUNT in known else "CAST(NULL AS BIGINT)",
            CURRENCY: "invoice.currency" if "invoice.currency" in known else "CAST(NULL AS STRING)",
        }

    def _columns(self) -> list[str]:
        """Each key of a decision: by the statement, or by reference."""
        book = self.screening.book
        file = f"coalesce({quoted(FILE)}, raise_error('a row of no file'))"
        named = f"'name', {literal(book.name)}, 'version', {literal(book.version)}"
        constants = {
            "document": f"named_struct('file', {file}, 'position', {POSITION})",
            "problems": "array()",
            "evidence": "array()",
            "as_of": literal(self.screening.as_of.isoformat()),
            "rulebook": f"named_struct({named})",
        }
        # An empty list has no type of its own.
        several = {"findings": book.prohibitions, "trials": book.trials}
        none_of = [key for key, rules in several.items() if not rules]
        found = []
        for key, type_ in {**self.columns, **_KEPT_FOR_COUNTING}.items():
            own = constants.get(key, quoted(key))
            both = f"{quoted(DECIDED)}.{quoted(key)}"
            if own == "array()":
                own = f"CAST(array() AS {type_})"
            elif own == quoted(key) and key in none_of:
                own = f"from_json('[]', {literal(type_)})"
            chosen = f"CASE WHEN {RAW} IS NULL THEN {own} ELSE {both} END"
            found.append(f"CAST({chosen} AS {type_}) AS {quoted(key)}")
        return found

    # -- what is written ---------------------------------------------------------------------------

    def _summary(self, session: SparkSession, unsorted: str) -> Summary:
        """The hit list, counted where the decisions are."""
        session.read.parquet(unsorted).createOrReplaceTempView("decisions")
        findings = ("findings", "trials") if self.screening.trials else ("findings",)
        rows = session.sql(_counts(findings)).collect()
        summary = Summary()
        for kind, name, outcome, currency, count, ore in rows:
            match kind:
                case "decision":
                    tally = summary.verdicts[Verdict(name)]
                case "findings":
                    tally = summary.rules.setdefault((name, outcome), Tally())
                case "trials":
                    tally = summary.trials.setdefault((name, outcome), Tally())
                case _:
                    tally = summary.missing.setdefault(name, Tally())
            tally.add(None if ore is None else int(ore), currency, count)
        return summary

    def _in_order(self, session: SparkSession, unsorted: str, sorted_: str, rows: int) -> None:
        """The decisions in the order of the documents, through files in the order of their names."""
        decisions = session.read.parquet(unsorted)
        files = max(1, -(-rows // _ROWS_IN_A_FILE), session.sparkContext.defaultParallelism)
        order = (quoted(FILE_ORDER), "document.position")
        placed = decisions.repartitionByRange(files, *order).sortWithinPartitions(*order)
        placed.select(*map(quoted, self.columns)).write.parquet(sorted_)


def _counts(findings: Sequence[str]) -> str:
    """What the hit list counts, over the lists of findings of those names."""
    each = "".join(
        f"transform({key}, f -> named_struct('kind', '{key}', 'name', f.rule, 'outcome', f.outcome)), "
        for key in findings
    )
    return rf"""
SELECT counted.kind, counted.name, counted.outcome, {CURRENCY}, count(*), sum(CAST({ORE} AS DECIMAL(18, 0)))
FROM (
  SELECT {CURRENCY}, {ORE}, explode(concat(
    array(named_struct('kind', 'decision', 'name', decision, 'outcome', '')),
    {each}
    transform(
      array_distinct(transform(missing, m -> regexp_replace(m, '(?s)^line\\[.*\\](?=\\.)', 'line'))),
      m -> named_struct('kind', 'missing', 'name', m, 'outcome', ''))
  )) AS counted
  FROM decisions
)
GROUP BY ALL
"""  # noqa: S608 (names of this module)


def _structure(columns: Mapping[str, str]) -> str:
    return f"STRUCT<{', '.join(f'{quoted(key)}: {type_}' for key, type_ in columns.items())}>"


def _balance(read: int, there: int) -> None:
    """Raise where not as many decisions are there as documents were read."""
    if read == there:
        return
    nb, en = (tuple(counted(n, language) for n in (read, there)) for language in ("nb", "en"))
    raise SparkRunError(
        text(
            f"{nb[0]} dokumenter ble lest, men {nb[1]} avgjørelser er å finne, så ingenting er skrevet. "
            "Mappene må være felles for alle arbeiderne og for denne maskinen.",
            f"{en[0]} documents were read, but {en[1]} decisions are to be found, so nothing was written. "
            "The folders must be shared by all workers and this machine.",
        )
    )
