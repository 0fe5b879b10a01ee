"""A connection to Spark, with the settings that the decisions depend on."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from fakturavakt import __version__
from fakturavakt.on_spark.failures import SparkRunError, sparks_failures_told
from fakturavakt.texts import text

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SETTINGS: Final = {
    # What the decisions depend on, whatever the cluster's defaults are.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",  # `Invoice` is an unknown key, not the invoice
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.session.timeZone": "UTC",
    # Two attempts of one task must not both be part of the result; `_SUCCESS` says that all are there.
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "1",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "true",
}


@contextmanager
def spark_session(master: str) -> Iterator[SparkSession]:
    """A session on ``master`` (``spark://HOST:PORT``, ``local[2]``), stopped again.

    Everything else is set where Spark looks for it: ``SPARK_CONF_DIR``, ``spark-defaults.conf``. Raises
    :class:`~fakturavakt.on_spark.failures.SparkRunError` where pyspark or Java is lacking, or the cluster
    does not answer.
    """
    if importlib.util.find_spec("pyspark") is None:
        raise SparkRunError(
            text(
                "pyspark er ikke installert. Kjør: pip install 'fakturavakt[spark]'",
                "pyspark is not installed. Run: pip install 'fakturavakt[spark]'",
            )
        )
    if shutil.which("java") is None and not _java_home():
        raise SparkRunError(
            text(
                "Spark trenger Java 17 eller 21, som ikke finnes her. Installer det, eller sett JAVA_HOME.",
                "Spark needs Java 17 or 21, which is not here. Install it, or set JAVA_HOME.",
            )
        )
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("fakturavakt")
    for key, value in _SETTINGS.items():
        builder = builder.config(key, value)
    builder = builder.config("spark.log.level", "ERROR")
    builder = builder.config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
    with sparks_failures_told():
        session = builder.getOrCreate()
        try:
            yield session
        finally:
            session.stop()


def _java_home() -> bool:
    import os

    return bool(os.environ.get("JAVA_HOME"))


def check_workers(session: SparkSession) -> None:
    """The workers must have this very fakturavakt, which decides the documents with problems.

    Raises :class:`~fakturavakt.on_spark.failures.SparkRunError` where they do not.
    """
    context = session.sparkContext
    tasks = max(context.defaultParallelism, 2)
    try:
        found = context.parallelize(range(tasks), tasks).mapPartitions(_version_here).collect()
    except Exception as error:
        raise SparkRunError(_lacking("?")) from error
    other = sorted({str(version) for version in found} - {__version__})
    if other:
        raise SparkRunError(_lacking(", ".join(other)))


def _version_here(_rows: Iterator[Any]) -> Iterator[str]:
    import fakturavakt.screening

    yield fakturavakt.__version__


def _lacking(found: str) -> Any:  # noqa: ANN401
    return text(
        f"Arbeiderne i klyngen må ha fakturavakt {__version__} i den Python som Spark bruker der (fant "
        f"{found}). Se docs/spark.md.",
        f"The cluster's workers must have fakturavakt {__version__} in the Python that Spark uses there "
        f"(found {found}). See docs/spark.md.",
    )
