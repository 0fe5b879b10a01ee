"""The pieces of work that are timed, each in a process of its own: `python -m benchmarks.works '{"work":
…}'`.

Every work reads a file and writes a file. Made ready before the clock starts: imports, the rule book and
a peer's rules; the clock covers all that happens for each document, fakturavakt's making of its SQL too.
The last line that the process prints is what it measured, as JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "engine")]

from benchmarks.generate_documents import AS_OF  # noqa: E402

from fakturavakt.rulebook.loader import load_rulebook  # noqa: E402

MEMORY: Final = "1GB"
"""What DuckDB may use: the command's default."""

Work = Callable[[], None]


def fakturavakt(job: dict[str, Any]) -> Work:
    """The function behind ``fakturavakt screen --engine columnar --output``."""
    from fakturavakt.bulk.columnar_run import BulkOutput, ColumnarRun
    from fakturavakt.bulk.decided_chunk import BulkFormat
    from fakturavakt.engines.reference import ReferenceEngine
    from fakturavakt.screening import Screening

    book = load_rulebook(job.get("rules"))
    run = ColumnarRun(
        Screening(book, AS_OF, ReferenceEngine(book)),
        [job["input"]],
        threads=job["threads"],
        memory=MEMORY,
    )
    target = Path(job["output"])
    form: BulkFormat = "parquet" if target.suffix == ".parquet" else "ndjson"

    def work() -> None:
        run.to_file(BulkOutput(target, form, with_text=form == "ndjson"))
        if run.summary.read != job["documents"]:
            raise AssertionError(f"{run.summary.read} answers to {job['documents']} documents")

    return work


def impact(job: dict[str, Any]) -> Work:
    """The function behind ``fakturavakt rules impact --format html``: the shipped rule book and ``new``."""
    from fakturavakt.desk.impact_page import page
    from fakturavakt.desk.impact_run import ImpactRun
    from fakturavakt.desk.impact_samples import told_sample
    from fakturavakt.desk.impact_words import Occasion
    from fakturavakt.engines.reference import ReferenceEngine
    from fakturavakt.screening import Screening

    old, new = load_rulebook(), load_rulebook(job["new"])
    before, after = (Screening(book, AS_OF, ReferenceEngine(book)) for book in (old, new))
    run = ImpactRun(before, after, [job["input"]], threads=job["threads"], memory=MEMORY)
    occasion = Occasion(("old", old), ("new", new), AS_OF, 1)

    def work() -> None:
        found = run.impact()
        told = [told_sample(each, old, new, "nb", shows_persons=False) for each in found.samples]
        Path(job["output"]).write_text(page(found, occasion, told, "nb"), encoding="utf-8")
        if found.documents != job["documents"] or not found.changed:
            raise AssertionError(f"{found.changed} of {found.documents} documents changed")

    return work


def duckdb_sql(job: dict[str, Any]) -> Work:
    """DuckDB alone: the statement ``sql``, where ``{input}`` and ``{output}`` stand for the files."""
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute(f"SET threads = {int(job['threads'])}")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET enable_progress_bar = false")
    statement = job["sql"].format(input=job["input"], output=job["output"])
    return lambda: (connection.execute(statement).fetchall(), None)[1]


def peer(job: dict[str, Any]) -> Work:
    """A module of ``benchmarks/peers``."""
    from benchmarks.peers.task import Rules
    from benchmarks.peers.two_rails import rails_of

    book = load_rulebook(job["rules"])
    module = importlib.import_module(f"benchmarks.peers.{job['peer']}")
    run = module.prepare(Rules(book, rails_of(book), AS_OF))
    return lambda: run(Path(job["input"]), Path(job["output"]))


def fakturavakt_by_document(job: dict[str, Any]) -> Work:
    """The engine ``reference`` or ``durable`` of fakturavakt, a document at a time, whole decisions out."""
    from fakturavakt.engines.choose import choose_engine
    from fakturavakt.intake.documents import RawDocument
    from fakturavakt.intake.json_documents import read_ndjson
    from fakturavakt.screening import Screening

    book = load_rulebook(job["rules"])
    run = Screening(book, AS_OF, choose_engine(book, job["engine"], print))

    def work() -> None:
        source, target = Path(job["input"]), Path(job["output"])
        with source.open("rb") as lines, target.open("w", encoding="utf-8") as out:
            for document in read_ndjson(lines, job["input"]):
                assert isinstance(document, RawDocument)
                out.write(run.screen(document).decision.as_json() + "\n")

    return work


WORKS: Final = {
    each.__name__: each for each in (fakturavakt, impact, duckdb_sql, peer, fakturavakt_by_document)
}


def _processor_time() -> float:
    """Seconds that this process took, and those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _peak_memory(processes: int) -> int:
    """The most that this process had, in bytes, and so many times the most that one of its own had.

    On Linux a new process begins with its parent's peak as ``ru_maxrss``; ``VmHWM`` is its own.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        peak = _bytes(resource.RUSAGE_SELF)
    else:
        peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    return peak + processes * _bytes(resource.RUSAGE_CHILDREN)


def _bytes(who: int) -> int:
    peak = resource.getrusage(who).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main() -> None:
    """Do one piece of work."""
    job = json.loads(sys.argv[1])
    started = time.perf_counter()
    work = WORKS[job["work"]](job)
    ready, before = time.perf_counter(), _processor_time()
    work()
    done, after = time.perf_counter(), _processor_time()
    measured = {
        "start": ready - started,
        "wall": done - ready,
        "cpu": after - before,
        "memory": _peak_memory(int(job.get("threads", 1))),
    }
    print(json.dumps(measured), flush=True)
    # What an engine built would be taken down for seconds.
    os._exit(0)


if __name__ == "__main__":
    main()
