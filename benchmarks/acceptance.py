"""What 300 scenarios of six steps cost, against pytest collecting 300 empty tests: in one run, in turns.

    python benchmarks/acceptance.py [--scenarios N] [--repeats N] [--clock cpu] [--keep]

Each scenario has another amount and date, so that nothing is decided twice, and is decided by every engine
for single invoices. Beside them stand the same scenarios with steps that do nothing: what pytest-bdd itself
takes. Figures are minimum – median – maximum of whole processes; ratios are taken repeat by repeat.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "engine")]

from benchmarks.measure import (  # noqa: E402
    Clock,
    Goal,
    Result,
    Spread,
    machine,
    table,
    versions,
)

AT_MOST: Final = 4.0
RESULTS: Final = ROOT / "benchmarks" / "results"
EMPTY: Final = "pytest, 300 empty tests collected"
BARE: Final = "pytest-bdd, steps that do nothing"
PLUGIN: Final = "pytest features/"
ACCEPT: Final = "fakturavakt accept"
MONTHS: Final = (
    *("januar", "februar", "mars", "april", "mai", "juni", "juli"),
    *("august", "september", "oktober", "november", "desember"),
)


def scenario(number: int) -> str:
    """Six steps; amount, day and outcome are the number's."""
    day = date(2021, 3, 1) + timedelta(days=number)
    over = number % 2
    verdict = "stoppet" if over else "sendt"
    broken = "er brutt på linje 1" if over else "er ikke brutt"
    rule = "«Ny ytelse eller utvidet abonnement utover det som er avtalt»"
    return f"""
  Scenario: Avtalt beløp nummer {number}
    Gitt en faktura som kan sendes
    Og at fakturaen sendes {day.day}. {MONTHS[day.month - 1]} {day.year}
    Og at linje 1 er på {349 + number + over},00 kr
    Og at linje 1 ble avtalt 15. januar 2021 for inntil {349 + number},00 kr
    Når fakturaen kontrolleres
    Så blir fakturaen {verdict}
    Og forbudet {rule} {broken}
"""


NOTHING: Final = """
from pytest_bdd import given, parsers, scenarios, then, when

scenarios("ours.feature")


@given(parsers.re("(en|at) .*"))
def given_nothing():
    pass


@when(parsers.re(".*"))
def when_nothing():
    pass


@then(parsers.re(".*"))
def then_nothing():
    pass
"""


def commands(folder: Path, scenarios: int) -> Mapping[str, tuple[Path, Sequence[str]]]:
    """Each piece of work with the folder it is done in."""
    feature = "# language: no\nEgenskap: Mange avtalte beløp\n"
    feature += "".join(map(scenario, range(scenarios)))
    empty, bare, ours = (folder / name for name in ("empty", "bare", "ours"))
    for each in (empty, bare, ours):
        each.mkdir()
    tests = "".join(f"def test_{number}():\n    pass\n\n\n" for number in range(scenarios))
    (empty / "test_empty.py").write_text(tests, encoding="utf-8")
    (bare / "ours.feature").write_text(feature, encoding="utf-8")
    (bare / "test_bare.py").write_text(NOTHING, encoding="utf-8")
    (ours / "ours.feature").write_text(feature, encoding="utf-8")
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return {
        EMPTY: (empty, [*pytest, "-p", "no:fakturavakt", "--collect-only"]),
        BARE: (bare, [*pytest, "-p", "no:fakturavakt"]),
        PLUGIN: (ours, pytest),
        ACCEPT: (ours, [sys.executable, "-m", "fakturavakt", "accept"]),
    }


def seconds(folder: Path, command: Sequence[str], clock: Clock) -> float:
    """Of one process, which must end well."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "engine")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu if clock == "cpu" else wall


def compared(folder: Path, scenarios: int, repeats: int, clock: Clock) -> Result:
    """All in turns; the first round, which compiles Python's files, does not count."""
    works = commands(folder, scenarios)
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(repeats + 1):
        for name, (place, command) in works.items():
            took = seconds(place, command, clock)
            if turn:
                times[name].append(took)
    base = times[EMPTY]
    ratios = {
        name: Spread.of([each / of for each, of in zip(found, base, strict=True)])
        for name, found in times.items()
    }
    rows = [
        (name, Spread.of(found).written(), "1" if name == EMPTY else ratios[name].written())
        for name, found in times.items()
    ]
    words = "processor time" if clock == "cpu" else "wall-clock time"
    about = (
        f"{scenarios} scenarios of six steps, {words}, {repeats} repeats in turns. {machine()}; "
        f"{versions('pytest', 'pytest-bdd')}."
    )
    goals = [Goal(f"{name}, of collecting", ratios[name], AT_MOST) for name in (PLUGIN, ACCEPT)]
    columns = ("", "seconds", "of collecting")
    title = "Scenarios"
    return Result("acceptance", title, machine(), about, [table(columns, rows)], goals, {})


def main() -> None:
    """Measure, print and keep; exit code 1 where a goal was not met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scenarios", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--keep", action="store_true", help="write benchmarks/results/")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = compared(Path(folder), chosen.scenarios, chosen.repeats, chosen.clock)
    print(result.markdown())
    if chosen.keep:
        result.save(RESULTS)
    raise SystemExit(0 if all(goal.met for goal in result.goals) else 1)


if __name__ == "__main__":
    main()
