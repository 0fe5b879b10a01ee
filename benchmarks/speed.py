"""Documents a second for each engine, and the time of whole processes.

    python benchmarks/speed.py [--documents N] [--repeats N]

Every figure is a ratio taken in one run: engines against bare reading of the same JSON, processes
against a Python that imports click and yaml. Medians with minimum and maximum, over alternating
repeats, so that whatever else the machine does strikes both sides.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "engine")]

from benchmarks.random_documents import random_documents  # noqa: E402

from fakturavakt.engines.choose import choose_engine, durable_rules_can_run  # noqa: E402
from fakturavakt.intake.documents import RawDocument  # noqa: E402
from fakturavakt.intake.json_documents import read_ndjson  # noqa: E402
from fakturavakt.rulebook.loader import load_rulebook  # noqa: E402
from fakturavakt.screening import Screening  # noqa: E402

AS_OF = date(2021, 2, 2)
GOALS = {"--version": 2.0, "screen": 5.0}


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def repeated(works: Sequence[Callable[[], object]], repeats: int) -> list[list[float]]:
    """Times of each piece of work, in turns."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(repeats):
        for n, work in enumerate(works):
            times[n].append(seconds(work))
    return times


def row(name: str, times: list[float], base: list[float], note: str) -> str:
    """A line of the table: median, spread, ratio of medians."""
    median = statistics.median(times)
    ratio = median / statistics.median(base)
    spread = f"{min(times) * 1000:.0f}-{max(times) * 1000:.0f}"
    return f"{name:<34}{median * 1000:>9.0f}{spread:>16}{ratio:>9.2f}   {note}"


def engines(count: int, repeats: int) -> None:
    """From lines of JSON to lines of decisions, against reading the same JSON."""
    lines = [text.encode() for text in random_documents(1, count)]
    book = load_rulebook()
    runs = {
        name: Screening(book, AS_OF, choose_engine(book, name, print))
        for name in ("reference", "durable")
        if name == "reference" or durable_rules_can_run()
    }

    def read() -> None:
        for line in lines:
            json.loads(line)

    def screen(run: Screening) -> None:
        for document in read_ndjson(lines, "x"):
            if isinstance(document, RawDocument):
                run.screen(document).decision.as_json()

    works = [read, *(lambda run=run: screen(run) for run in runs.values())]
    base, *each = repeated(works, repeats)
    print(f"{'one document at a time':<34}{'ms':>9}{'min-max':>16}{'ratio':>9}")
    print(row("json.loads", base, base, f"{count / statistics.median(base):,.0f} documents/s"))
    for name, times in zip(runs, each, strict=True):
        print(row(name, times, base, f"{count / statistics.median(times):,.0f} documents/s"))
        runs[name].engine.close()


def processes(repeats: int) -> bool:
    """Whole processes, against a bare Python with the two libraries that every command needs."""
    sample = next((ROOT / "samples").glob("*.xml"))
    program = [sys.executable, "-m", "fakturavakt"]
    bare = [sys.executable, "-c", "import click, yaml"]
    commands = {
        "--version": [*program, "--version"],
        "screen": [*program, "screen", str(sample), "--as-of", "2021-02-02"],
    }
    with tempfile.TemporaryDirectory() as folder:
        # An installed program has its bytecode; a checkout gets it in the first run.
        compiled = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

        def start(command: list[str]) -> Callable[[], object]:
            return lambda: subprocess.run(
                command,
                cwd=folder,
                env=compiled,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )

        works = [start(bare), *(start(command) for command in commands.values())]
        repeated(works, 1)
        base, *each = repeated(works, repeats)
    print(f"\n{'whole process':<34}{'ms':>9}{'min-max':>16}{'ratio':>9}")
    print(row("python -c 'import click, yaml'", base, base, ""))
    met = True
    for name, times in zip(commands, each, strict=True):
        ratio = statistics.median(times) / statistics.median(base)
        met = met and ratio <= GOALS[name]
        verdict = "met" if ratio <= GOALS[name] else "NOT met"
        print(row(f"fakturavakt {name}", times, base, f"goal {GOALS[name]:.0f}: {verdict}"))
    return met


def main() -> None:
    """Print both tables; exit code 1 where a goal was not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=7)
    chosen = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}\n")
    engines(chosen.documents, chosen.repeats)
    raise SystemExit(0 if processes(chosen.repeats) else 1)


if __name__ == "__main__":
    main()
