"""What a billing run costs, against copying the same folder with the same care: in one run, in turns.

    python benchmarks/billing_run.py                         # 20,000 invoices of 4 kB, three repeats
    python benchmarks/billing_run.py --files 100000 --repeats 1 --on /var/tmp

The peer does what `cp` would do if it were held to the same: each file is read, written under a passing
name, brought to the disk (fsync), renamed; the folder is brought to the disk after every 512 files. A run
does that for the document and once more for the decision beside it, screens each, and keeps its journal.
Both start with an empty outbox; the inbox is copied, so that each repeat finds it again. The peer with
eight files under way at once is shown, too: it is how a run writes, and what a copying program could do
that took the trouble.

Figures are minimum – median – maximum; ratios are taken repeat by repeat. The goal is three times, by the
median, on the disk that `--on` names (an fsync that costs nothing, as in memory, leaves only the screening
to be compared).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "engine")]

from benchmarks.measure import Goal, Measured, Result, Series, Spread, machine, table  # noqa: E402
from benchmarks.ubl_inbox import AS_OF, write_inbox, write_register  # noqa: E402

SEED: Final = 7
AT_MOST: Final = 3.0
FOLDER_EVERY: Final = 512
RESULTS: Final = ROOT / "benchmarks" / "results"


def copied(inbox: Path, outbox: Path, at_once: int) -> None:
    """The peer."""
    outbox.mkdir()

    def copy(name: str) -> None:
        data = (inbox / name).read_bytes()
        passing = outbox / f".{name}"
        descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        os.write(descriptor, data)
        os.fsync(descriptor)
        os.close(descriptor)
        passing.rename(outbox / name)

    names = sorted(os.listdir(inbox))  # noqa: PTH208
    with ThreadPoolExecutor(at_once) as pool:
        for at in range(0, len(names), FOLDER_EVERY):
            some = names[at : at + FOLDER_EVERY]
            if at_once == 1:
                for name in some:
                    copy(name)
            else:
                list(pool.map(copy, some))
            descriptor = os.open(outbox, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


def in_a_process(command: list[str]) -> Measured:
    """By wall clock; memory is the peak of the largest of its processes."""
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    if os.waitstatus_to_exitcode(status) not in (0, 1, 3):
        assert process.stderr is not None
        raise RuntimeError(process.stderr.read().decode()[-2000:])
    return Measured(begun, wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def works(folder: Path) -> dict[str, Callable[[], Measured]]:
    """What is compared, each with an outbox of its own that is not there yet."""
    inbox, evidence, outbox = folder / "in", folder / "register", folder / "out"
    python = [sys.executable]
    peer = [*python, str(Path(__file__)), "--peer", str(inbox), str(outbox)]
    run = [
        *(*python, "-m", "fakturavakt", "run", str(inbox), "--to", str(outbox), "--copy"),
        *("--evidence", str(evidence), "--as-of", AS_OF.isoformat()),
    ]
    return {
        "copied, one by one": lambda: in_a_process([*peer, "1"]),
        "copied, eight at once": lambda: in_a_process([*peer, "8"]),
        "`fakturavakt run`": lambda: in_a_process(run),
    }


def compared(folder: Path, files: int, repeats: int) -> Result:
    """All of them, in turns."""
    write_register(folder / "register", SEED)
    size = write_inbox(folder / "in", files, SEED)
    os.sync()
    jobs = works(folder)
    series = {name: Series(name, files, "wall") for name in jobs}
    for repeat in range(repeats):
        for name, work in jobs.items():
            print(f"  {repeat + 1}/{repeats} {name}", file=sys.stderr, flush=True)
            series[name].repeats.append(work())
            shutil.rmtree(folder / "out")
            os.sync()
    one_by_one, at_once, run = series.values()
    rows = [
        [
            each.name,
            each.microseconds.written(),
            each.over(one_by_one).written(),
            f"{Spread.of([one.cpu / files * 1e6 for one in each.repeats]).written()}",
            f"{each.memory:,.0f}",
        ]
        for each in (one_by_one, at_once, run)
    ]
    return Result(
        "billing_run",
        "A billing run",
        machine(),
        f"{files:,} UBL invoices of {size / files:,.0f} bytes, on {_disk(folder)}; wall clock.",
        [table(["", "µs a file", "of copying", "processor µs a file", "peak MiB"], rows)],
        [Goal("`fakturavakt run` against copying, a file", run.over(one_by_one), AT_MOST)],
        series,
        {"eight at once": run.over(at_once).written()},
    )


def _disk(folder: Path) -> str:
    """The file system that the folder lies on."""
    found = subprocess.run(
        ["stat", "-f", "-c", "%T", str(folder)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "an unknown file system"


def main() -> None:
    """See the top of the file."""
    if sys.argv[1:2] == ["--peer"]:
        copied(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--on", type=Path, help="a folder on the disk that is meant")
    parser.add_argument(
        "--save", action="store_true", help="keep the numbers in benchmarks/results"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.on) as name:
        result = compared(Path(name), asked.files, asked.repeats)
    print(result.markdown())
    if asked.save:
        result.save(RESULTS)


if __name__ == "__main__":
    main()
