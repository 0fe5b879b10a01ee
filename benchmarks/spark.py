"""What one core and two do on Spark: seconds and CPU seconds of the pass that decides.

``python -m benchmarks.spark`` needs the extra ``[spark]`` and Java. Of each number of cores the first pass
warms Spark up and does not count.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.random_documents import random_documents
from tests.contract_parquet import write_contract_parquet

from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.on_spark.spark_files import SparkFiles
from fakturavakt.on_spark.spark_run import SparkRun
from fakturavakt.on_spark.spark_session import spark_session
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Screening

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """CPU time of Spark's process and of all that it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / _TICKS


def measured(run: SparkRun, file: Path, folder: Path, repeats: int) -> list[tuple[float, float]]:
    """Wall and CPU seconds of the deciding pass, after one that does not count."""
    found = []
    with spark_session(run.master) as session:
        session.conf.set("spark.sql.files.maxPartitionBytes", str(file.stat().st_size // 8 + 1))
        jvm = session.sparkContext._jvm  # noqa: SLF001 (its process id)
        assert jvm is not None
        pid = int(jvm.java.lang.ProcessHandle.current().pid())
        files = SparkFiles(session)
        listed = files.find([str(file)])
        decided = run._decided(session, run._read(session, listed), listed)  # noqa: SLF001
        for _ in range(repeats + 1):
            start, cpu = time.perf_counter(), cpu_seconds(pid)
            decided.write.mode("overwrite").parquet(str(folder / "decided"))
            found.append((time.perf_counter() - start, cpu_seconds(pid) - cpu))
    return found[1:]


def main() -> None:
    """Print a line for each number of cores."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--bad", type=float, default=0.01)
    arguments = parser.parse_args()
    book = load_rulebook()
    screening = Screening(book, date(2021, 2, 2), ReferenceEngine(book))
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        file = folder / "documents.parquet"
        texts = random_documents(2026, arguments.documents, arguments.bad, plain=1.0)
        write_contract_parquet(texts, file)
        for cores in (1, 2):
            run = SparkRun(screening, f"local[{cores}]")
            found = measured(run, file, folder, arguments.repeats)
            walls = sorted(wall for wall, _ in found)
            cpu = median(cpu for _, cpu in found)
            million = arguments.documents / 1e6
            print(
                f"{cores} core(s): {median(walls):.1f} s ({walls[0]:.1f} to {walls[-1]:.1f}), "
                f"{cpu:.1f} CPU s; {cpu / million:.0f} CPU s a million documents"
            )


if __name__ == "__main__":
    main()
