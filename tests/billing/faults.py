"""A billing run that ends at the n-th thing that it does to a folder or a journal, for every n; and what the
next run makes of it. Run as a program, since it forks: `python -m tests.billing.faults KIND FOLDER`.

Kinds, each of which prints how many runs it interrupted:

- `steps EVERY` ends the process before each step that its code takes (or one of so many);
- `disk EVERY` leaves no space from each step on;
- `moments N SEED` kills it at N random moments;
- `two` starts two at once, again and again;
- `syscalls` kills it at each system call that changes something, also those within SQLite, by `strace`, which
  must be there and be allowed.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from benchmarks.ubl_inbox import AS_OF
from tests.billing.inboxes import (
    Delivery,
    check_every_document_is_beside_its_decision,
    documents_under,
    every_format,
    found_in,
    register,
)

from fakturavakt.billing import durable_files, inbox_screening, placing
from fakturavakt.billing.billing_run import BillingRun
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.run_records import Mode
from fakturavakt.billing.screened_files import FileScreening
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.intake.documents import Unreadable
from fakturavakt.intake.register import Register
from fakturavakt.intake.sources import files_in_folder
from fakturavakt.report.machine import safe
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import screen

ENDED: Final = 9
BOOK: Final = load_rulebook().without_trials()
BATCH: Final = 4
"""Files that are placed at once, so that a small inbox takes several batches."""


def hooked(before: Callable[[str], None]) -> None:
    """Have ``before`` called before each step that changes something, in this process."""

    def wrapped(owner: Any, name: str, *, only: Callable[..., bool] = lambda *_: True) -> None:  # noqa: ANN401
        real = getattr(owner, name)

        def call(*args: Any, **named: Any) -> Any:  # noqa: ANN401
            if only(*args):
                before(name)
            return real(*args, **named)

        setattr(owner, name, call)

    wrapped(os, "open", only=lambda _path, flags, *_: bool(flags & os.O_CREAT))
    for name in ("write", "fsync", "rename", "replace", "unlink", "mkdir"):
        wrapped(os, name)
    wrapped(durable_files, "_renameat2")

    class Told(sqlite3.Connection):
        def execute(self, statement: str, *args: Any) -> sqlite3.Cursor:  # noqa: ANN401
            if statement == "COMMIT":
                before("commit")
            return super().execute(statement, *args)

    real = sqlite3.connect
    sqlite3.connect = lambda *args, **named: real(*args, **named, factory=Told)  # type: ignore[assignment]


@cache
def loaded(evidence: Path) -> Register:
    """The register, once: its processes inherit it."""
    return Register.load(str(evidence))


def billing_run(inbox: Path, outbox: Path, evidence: Path, mode: Mode) -> None:
    """As the command does it, in this process."""
    placing.FILES_AT_ONCE = BATCH  # type: ignore[misc]
    screening = FileScreening(BOOK, AS_OF, "reference", "nb", loaded(evidence))
    place = Outbox(outbox)
    with place.locked():
        place.make()
        with place.journal() as journal:
            run = BillingRun(place, {"as_of": AS_OF.isoformat()})
            run.finish(journal)
            files, _ = files_in_folder(str(inbox), None)
            if files:
                run.run(journal, str(inbox), mode, inbox_screening.screened_here(screening, files))


def in_a_process(
    work: Callable[[], None], kill_after: float | None = None, traced: str | None = None
) -> int:
    """How a process of its own ended: 0, the code, or the negative signal."""
    child = os.fork()
    if child == 0:
        try:
            if traced is not None:
                os.kill(os.getpid(), signal.SIGSTOP)
            work()
            os._exit(0)
        except (OSError, RunError) as error:
            sys.stderr.write(f"{error}\n")
            sys.stderr.flush()
            os._exit(2)
        except BaseException:  # noqa: BLE001 (what a child of this process must not run on with)
            import traceback

            traceback.print_exc()
            os._exit(70)
    if traced is not None:
        os.waitpid(child, os.WUNTRACED)
        names = traced.partition(":")[0]
        command = ["strace", "-f", "-qq", "-o", os.devnull, "-p", str(child)]
        tracer = subprocess.Popen([*command, f"-etrace={names}", f"-einject={traced}"])
        while f"TracerPid:\t{tracer.pid}" not in Path(f"/proc/{child}/status").read_text():
            time.sleep(0.001)
        os.kill(child, signal.SIGCONT)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if traced is not None:
        tracer.wait()
    return os.waitstatus_to_exitcode(status)


@cache
def said_by_screen(files: tuple[str, ...], evidence: Path) -> dict[tuple[str, int], str]:
    """What `screen` says of each document; of the same files always the same."""
    told = {}
    for each in screen(files, BOOK, evidence=evidence, as_of=AS_OF, engine="reference"):
        if isinstance(each, Unreadable):
            source = each.source
            row = {
                "file": source.file,
                "position": source.position,
                "place": each.place,
                "reason": each.reason.say("nb"),
            }
            told[source.file, source.position] = json.dumps(row, ensure_ascii=False)
        else:
            told[each.document.file, each.document.position] = safe(each.as_json())
    return told


class World:
    """An inbox, an outbox, and somebody who may collect what is to be sent."""

    def __init__(self, folder: Path, delivery: Delivery, evidence: Path, mode: Mode) -> None:
        self.inbox, self.outbox = folder / "in", folder / "out"
        self.collected = folder / "collected"
        self.delivery, self.evidence, self.mode = delivery, evidence, mode
        for each in (self.inbox, self.outbox, self.collected):
            shutil.rmtree(each, ignore_errors=True)
        self.collected.mkdir()
        delivery.write(self.inbox)
        files, _ = files_in_folder(str(self.inbox), None)
        self.said = said_by_screen(tuple(files), evidence)
        loaded(evidence)

    def run(self) -> None:
        """The command."""
        billing_run(self.inbox, self.outbox, self.evidence, self.mode)

    def collect(self) -> None:
        """Take away all that is to be sent, as whoever sends it does at any moment."""
        for path in documents_under(self.outbox):
            if path.relative_to(self.outbox).parts[0] == "send":
                target = self.collected / path.relative_to(self.outbox)
                target.parent.mkdir(parents=True, exist_ok=True)
                for each in (path, *path.parent.glob(f"{path.name}.decision*")):
                    moved = target.with_name(each.name)
                    assert not moved.exists(), moved
                    each.rename(moved)

    def check(self) -> None:
        """Every document in one place, byte for byte, none twice, each beside its decision."""
        there = [*documents_under(self.outbox), *documents_under(self.collected)]
        wanted = self.delivery.documents
        if self.mode == "move":
            assert found_in(there, wanted) == wanted
            assert not [path for path in self.inbox.rglob("*") if path.is_file()]
        else:
            once = dict.fromkeys(wanted, 1)
            assert found_in(there, wanted) == once
            assert found_in(documents_under(self.inbox), wanted) == wanted
        for folder in (self.outbox, self.collected):
            check_every_document_is_beside_its_decision(folder, self.said)
        assert not list((self.outbox / ".fakturavakt" / "staged").iterdir())
        for report in (self.outbox / "runs").glob("*.json"):
            found = json.loads(report.read_text(encoding="utf-8"))
            assert found["state"] == "ended"
            assert found["documents"]["balance"]


def fresh(folder: Path, mode: Mode, extra: int = 0) -> World:
    """A world in which nothing has happened yet."""
    evidence = folder / "register"
    if not evidence.exists():
        register(evidence)
    return World(folder, every_format(extra), evidence, mode)


def ends_at(n: int) -> Callable[[str], None]:
    """End the process before the n-th step."""
    left = [n]
    one_at_a_time = threading.Lock()

    def before(_name: str) -> None:
        with one_at_a_time:
            left[0] -= 1
            if left[0] == 0:
                os._exit(ENDED)

    return before


def full_from(n: int) -> Callable[[str], None]:
    """No space is left on the disk from the n-th step on."""
    left = [n]

    def before(name: str) -> None:
        left[0] -= 1
        if left[0] <= 0 and name in ("open", "write", "mkdir"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if left[0] <= 0 and name == "commit":
            raise sqlite3.OperationalError("database or disk is full")

    return before


def every_step(
    folder: Path, fault: Callable[[int], Callable[[str], None]], code: int, every: int
) -> int:
    """Interrupt at every step in turn until a run comes to its end; each time with the next run after it."""
    interrupted = 0
    modes: tuple[Mode, ...] = ("move", "copy")
    for mode in modes:
        n = 1 - every
        ended = code
        while ended == code:
            n += every
            world = fresh(folder, mode)

            def work(world: World = world, n: int = n) -> None:
                hooked(fault(n))
                world.run()

            ended = in_a_process(work)
            assert ended in (0, code), (n, ended)
            if n % 2:
                world.collect()
            assert in_a_process(world.run) == 0, n
            world.check()
            interrupted += ended == code
    return interrupted


def random_moments(folder: Path, kills: int, seed: int) -> int:
    """Kill runs at random moments, several in a row before one comes to its end."""
    draw = random.Random(seed)
    begun = time.monotonic()
    world = fresh(folder, "move", extra=30)
    begun = time.monotonic()
    assert in_a_process(world.run) == 0
    takes = time.monotonic() - begun
    killed = 0
    while killed < kills:
        mode: Mode = draw.choice(("move", "move", "copy"))
        world = fresh(folder, mode, extra=30)
        for _ in range(draw.choice((1, 1, 2, 4))):
            killed += in_a_process(world.run, kill_after=draw.random() * takes) == -signal.SIGKILL
            if draw.random() < 0.5:
                world.collect()
        assert in_a_process(world.run) == 0
        world.check()
    return killed


def two_at_once(folder: Path) -> int:
    """Runs that found the outbox in use."""
    refused = 0
    for n in range(12):
        world = fresh(folder, "move")
        children = []
        for _ in range(2):
            child = os.fork()
            if child == 0:
                os._exit(in_a_process(world.run))
            children.append(child)
            time.sleep(n * 0.01)
        codes = [os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) for each in children]
        assert sorted(codes) in ([0, 0], [0, 2]), codes
        refused += codes.count(2)
        world.check()
    return refused


SYSCALLS: Final = (
    *("openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate"),
    *("rename", "renameat2", "unlink", "mkdir"),
)


def every_system_call(folder: Path) -> int:
    """Kill at each system call in turn. `strace` counts for each thread and name by itself."""
    killed = 0
    for name in SYSCALLS:
        n = 0
        while True:
            n += 1
            world = fresh(folder, "move")
            ended = in_a_process(world.run, traced=f"{name}:signal=KILL:when={n}")
            if n % 2:
                world.collect()
            assert in_a_process(world.run) == 0, (name, n)
            try:
                world.check()
            except AssertionError as error:
                raise AssertionError(name, n) from error
            if ended == 0:
                break
            assert ended == -signal.SIGKILL, (name, n, ended)
            killed += 1
        sys.stderr.write(f"{name}: {n - 1}\n")
    return killed


def main() -> None:
    """See the top of the file."""
    kind, folder, numbers = sys.argv[1], Path(sys.argv[2]), list(map(int, sys.argv[3:]))
    match kind:
        case "steps":
            interrupted = every_step(folder, ends_at, ENDED, *numbers)
        case "disk":
            interrupted = every_step(folder, full_from, 2, *numbers)
        case "moments":
            interrupted = random_moments(folder, *numbers)
        case "two":
            interrupted = two_at_once(folder)
        case "syscalls":
            interrupted = every_system_call(folder)
        case _:
            raise ValueError(kind)
    sys.stdout.write(f"{interrupted}\n")


if __name__ == "__main__":
    main()
