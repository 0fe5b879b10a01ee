"""What `rules impact` costs, against screening the same file: in one run, in turns, each in a process of its
own.

    python benchmarks/impact.py                          # a million documents, Parquet and NDJSON
    python benchmarks/impact.py --documents 100000 --repeats 3 --formats parquet

The edit is the one that is easily made and hard to see: `explicit` is dropped from what a valid consent is.
Screening writes its decisions to a file of the same format; the impact is written as a page. Figures are
minimum – median – maximum; ratios are taken repeat by repeat. The goal is three times, by the median.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "engine")]

from benchmarks.generate_documents import generate  # noqa: E402
from benchmarks.measure import (  # noqa: E402
    Clock,
    Goal,
    Job,
    Result,
    in_turns,
    machine,
    table,
    versions,
)

from fakturavakt.shipped import shipped_folder  # noqa: E402

SEED: Final = 4
AT_MOST: Final = 3.0
DROPPED: Final = "    - line.consent.explicit: yes\n"
RESULTS: Final = ROOT / "benchmarks" / "results"


def edited_rules(folder: Path) -> Path:
    """The shipped rule book with a consent that need not be explicit."""
    rules = Path(shutil.copytree(shipped_folder("rules"), folder / "rules"))
    definition = rules / "definitions" / "consent-valid.yaml"
    written = definition.read_text(encoding="utf-8")
    if DROPPED not in written:
        raise ValueError(f"{definition}: {DROPPED.strip()} is not there any more")
    definition.write_text(written.replace(DROPPED, ""), encoding="utf-8")
    return rules


def compared(
    folder: Path, documents: int, repeats: int, formats: tuple[str, ...], threads: int, clock: Clock
) -> Result:
    """Screening and impact of each format's file."""
    new = edited_rules(folder)
    jobs: dict[str, Job] = {}
    for ending in formats:
        source = folder / f"documents.{ending}"
        print(f"  {documents:,} documents as {ending}", file=sys.stderr, flush=True)
        generate(source, documents, SEED)
        common = {"input": str(source), "documents": documents, "threads": threads}
        decisions, page = (str(folder / f"out.{each}") for each in (ending, "html"))
        jobs[f"screen, {ending}"] = {"work": "fakturavakt", "output": decisions, **common}
        jobs[f"impact, {ending}"] = {
            "work": "impact",
            "output": page,
            "new": str(new),
            **common,
        }
    found = in_turns(jobs, repeats, clock)
    rows, goals = [], []
    for ending in formats:
        screened, impact = found[f"screen, {ending}"], found[f"impact, {ending}"]
        for series in (screened, impact):
            ratio = series.over(screened)
            rows.append(
                (
                    series.name,
                    series.microseconds.written(),
                    "1" if series is screened else ratio.written(),
                    f"{series.memory:,.0f}",
                )
            )
        goals.append(Goal(f"impact, of screening ({ending})", impact.over(screened), AT_MOST))
    words = "processor time" if clock == "cpu" else "wall-clock time"
    about = (
        f"{documents:,} documents, 15 rules, {threads} thread(s), `--memory 1GB`, {words}, {repeats} "
        f"repeats in turns. {machine()}; {versions('duckdb', 'sqlglot')}."
    )
    columns = ("", "µs a document", "of screening", "peak MiB")
    title = "The impact of an edit"
    return Result("impact", title, machine(), about, [table(columns, rows)], goals, found)


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--formats", nargs="+", choices=("parquet", "ndjson"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--keep", action="store_true", help="write benchmarks/results/impact.json")
    chosen = parser.parse_args()
    formats = tuple(chosen.formats or ("parquet", "ndjson"))
    with tempfile.TemporaryDirectory() as folder:
        result = compared(
            *(Path(folder), chosen.documents, chosen.repeats, formats),
            chosen.threads,
            chosen.clock,
        )
    print(result.markdown())
    if chosen.keep:
        result.save(RESULTS)
    raise SystemExit(0 if all(goal.met for goal in result.goals) else 1)


if __name__ == "__main__":
    main()
