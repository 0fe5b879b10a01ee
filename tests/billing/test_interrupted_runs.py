"""Whatever ends a run, the next one ends with every document in one place, byte for byte, and none twice.

A part of what there is to interrupt; all of it, and 200 random moments, with `FAKTURAVAKT_FAULTS=all`. The
system calls, SQLite's own too, need strace: `python -m tests.billing.faults syscalls FOLDER`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakturavakt.billing.outbox import Outbox

ALL = os.environ.get("FAKTURAVAKT_FAULTS") == "all"
EVERY = 1 if ALL else 7
KILLS = 200 if ALL else 20
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where that can be had: what is tested is the order of steps, and a disk takes its time."""
    memory = Path("/dev/shm")  # noqa: S108 (a folder of its own is made in it)
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


def interrupted(*arguments: str) -> int:
    """How many runs were interrupted; see `faults.py`, which forks and so is a program of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.billing.faults", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "engine")])},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout)


def test_a_run_that_ends_at_any_step(folder: Path) -> None:
    """Before each write, fsync, rename, removal and commit; documents are collected in between, or not."""
    assert interrupted("steps", str(folder), str(EVERY)) > 400 / EVERY


def test_a_disk_that_is_full_from_any_step_on(folder: Path) -> None:
    """The run says so; with space again, the next one goes on."""
    assert interrupted("disk", str(folder), str(EVERY)) > 400 / EVERY


def test_a_run_that_is_killed_at_random_moments(folder: Path) -> None:
    """Several times in a row, too."""
    assert interrupted("moments", str(folder), str(KILLS), "3") >= KILLS


def test_two_runs_at_once(folder: Path) -> None:
    """One goes on, the other one ends or finds nothing left to do; then all is in its place."""
    assert interrupted("two", str(folder)) > 0


def test_what_holds_the_outbox_is_told(tmp_path: Path) -> None:
    """Exit code 2, and the process that another run waits for."""
    (tmp_path / "in").mkdir()
    with Outbox(tmp_path / "out").locked():
        done = subprocess.run(
            [sys.executable, "-m", "fakturavakt", "run", "in", "--to", "out", "--lang", "en"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 2
    assert f"process {os.getpid()} on" in done.stderr
    assert len(done.stderr.splitlines()) == 1
