"""Files and folders where Spark sees them: on its own disks, on HDFS, in an object store.

A path without a scheme is a file of this machine, which driver and workers then have to share.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fakturavakt.intake.parquet_documents import PARQUET_ENDING, is_parquet
from fakturavakt.intake.sources import find_files
from fakturavakt.on_spark.failures import SparkRunError
from fakturavakt.texts import text

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_GLOB_MARKS: Final = re.compile(r"([\\*?\[\]{}])")


@dataclass(frozen=True, slots=True)
class SparkFile:
    """One file: ``given`` as decisions name it, ``path`` as it is read, ``seen_as`` as Spark names it."""

    given: str
    path: str
    seen_as: str


@dataclass(frozen=True)
class SparkFiles:
    """Hadoop's view of files, through a session."""

    session: SparkSession

    @property
    def _jvm(self) -> Any:  # noqa: ANN401 (py4j)
        return self.session.sparkContext._jvm  # noqa: SLF001 (the only way to Hadoop's file systems)

    def _path(self, given: str) -> Any:  # noqa: ANN401
        named = given if _SCHEME.match(given) else f"file://{os.path.abspath(given)}"  # noqa: PTH100
        return self._jvm.org.apache.hadoop.fs.Path(named)

    def _of(self, path: Any) -> Any:  # noqa: ANN401
        """The file system of a path."""
        configuration = self.session.sparkContext._jsc.hadoopConfiguration()  # noqa: SLF001
        return path.getFileSystem(configuration)

    def find(self, paths: Sequence[str]) -> list[SparkFile]:
        """The Parquet files that ``paths`` (files, folders, globs, with or without a scheme) name, in order;
        a folder's in code point order.

        Raises :class:`~fakturavakt.intake.sources.SourceError` and
        :class:`~fakturavakt.on_spark.failures.SparkRunError` for what is not there, or is no Parquet.
        """
        found: list[SparkFile] = []
        for given in paths:
            remote = _SCHEME.match(given) is not None
            names = sorted(self._under(given)) if remote else list(find_files([given]).files)
            other = [name for name in names if not is_parquet(name)]
            if other or not names:
                raise SparkRunError(_no_parquet(other[0] if other else given))
            found += map(self._file, names)
        return found

    def _under(self, given: str) -> Iterator[str]:
        path = self._path(given)
        for status in self._of(path).globStatus(path) or ():
            if not status.isDirectory():
                yield given if status.getPath().equals(path) else status.getPath().toString()
                continue
            inside = self._of(path).listFiles(status.getPath(), True)
            while inside.hasNext():
                name = inside.next().getPath().toString()
                if name.endswith(PARQUET_ENDING):
                    yield name

    def _file(self, given: str) -> SparkFile:
        path = self._path(given)
        qualified = self._of(path).makeQualified(path)
        seen_as = self._jvm.org.apache.spark.paths.SparkPath.fromPath(qualified).urlEncoded()
        # Spark takes a path for a pattern.
        return SparkFile(given, _GLOB_MARKS.sub(r"\\\1", qualified.toString()), seen_as)

    def exists(self, given: str) -> bool:
        """Whether there is a file or folder of that name."""
        path = self._path(given)
        return bool(self._of(path).exists(path))

    def beside(self, given: str, mark: str) -> str:
        """A hidden name in the same folder, which no reader of Parquet takes for a result."""
        path = self._path(given)
        hidden = self._jvm.org.apache.hadoop.fs.Path(path.getParent(), f".{path.getName()}.{mark}")
        return str(hidden.toString())

    def rename(self, given: str, to: str) -> None:
        """Give a folder its name. Raises :class:`~fakturavakt.on_spark.failures.SparkRunError` where somebody
        else took the name in the meantime.
        """
        path, target = self._path(given), self._path(to)
        if self.exists(to) or not self._of(path).rename(path, target):
            raise SparkRunError(is_there_already(to))

    def remove(self, given: str) -> None:
        """Take a folder away, if it is there."""
        path = self._path(given)
        self._of(path).delete(path, True)


def is_there_already(output: str) -> Any:  # noqa: ANN401
    """The reason for not writing over something."""
    return text(
        f"{output} finnes allerede. Velg et annet navn for --output, eller ta mappen bort først.",
        f"{output} exists already. Choose another name for --output, or take the folder away first.",
    )


def _no_parquet(given: str) -> Any:  # noqa: ANN401
    return text(
        f"{given}: på Spark leses Parquet med kontraktens typer. Gjør filen om til Parquet først, eller bruk "
        "fakturavakt screen uten --on, som leser alle formater.",
        f"{given}: on Spark, Parquet with the contract's types is read. Turn the file into Parquet first, or "
        "use fakturavakt screen without --on, which reads all formats.",
    )
