"""A watched inbox: nothing is billed before it is whole, everything is billed once, and an end leaves nothing
half.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.billing.billed import AS_OF, OTHER, invoice, put

from fakturavakt.billing import inbox_watch
from fakturavakt.billing.billing_run import BillingRun, RunResult
from fakturavakt.billing.check_point import Plan
from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.inbox_screening import screened_here
from fakturavakt.billing.inbox_watch import (
    Arrivals,
    Billed,
    InboxWatch,
    is_passing,
    passing_files,
)
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.run_records import RunState
from fakturavakt.billing.screened_files import FileScreening
from fakturavakt.billing.watched_runs import Batch, WatchedRuns
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, text

SETTLE = 10.0


@pytest.fixture(scope="module")
def book() -> RuleBook:
    """The rule book that ships."""
    return load_rulebook().without_trials()


@dataclass
class Looks:
    """Looks at an inbox by a clock of the test's own."""

    inbox: Path
    now: float = 0.0
    arrivals: Arrivals = field(init=False)

    def __post_init__(self) -> None:
        self.inbox.mkdir(exist_ok=True)
        self.arrivals = Arrivals(SETTLE, lambda: self.now)

    def look(self, after: float = 0.0) -> list[str]:
        """The names of what is complete."""
        self.now += after
        there = [str(p) for p in sorted(self.inbox.iterdir()) if not is_passing(p.name)]
        found = self.arrivals.look(there, passing_files(str(self.inbox)))
        return [Path(path).name for path in found]

    def take(self, *names: str) -> list[str]:
        """Take files for a batch."""
        taken = self.arrivals.take(str(self.inbox / name) for name in names)
        return [Path(path).name for path in taken]


@pytest.fixture
def looks(tmp_path: Path) -> Looks:
    """An empty inbox."""
    return Looks(tmp_path / "in")


def test_a_file_of_lines_is_complete_when_it_has_not_changed_for_the_time(looks: Looks) -> None:
    """Every change begins the time anew."""
    path = put(looks.inbox, "a.ndjson", invoice("1"))
    assert looks.look() == []
    assert looks.look(SETTLE - 1) == []
    with path.open("a") as stream:
        stream.write("\n" + json.dumps(invoice("2")))
    assert looks.look(1) == []
    assert looks.look(SETTLE - 1) == []
    assert looks.look(1) == ["a.ndjson"]


def test_a_change_that_keeps_the_size_is_a_change(looks: Looks) -> None:
    """The time of the last change counts as well as the size; also one that lies further back."""
    path = put(looks.inbox, "a.ndjson", invoice("1"))
    looks.look()
    os.utime(path, (1, 1))
    assert looks.look(SETTLE) == []
    assert looks.look(SETTLE) == ["a.ndjson"]


def test_what_has_changed_since_the_look_is_not_taken(looks: Looks) -> None:
    """Looked at once more just before it is billed."""
    path = put(looks.inbox, "a.ndjson", invoice("1"))
    looks.look()
    assert looks.look(SETTLE) == ["a.ndjson"]
    with path.open("a") as stream:
        stream.write("\n")
    assert looks.take("a.ndjson") == []
    assert looks.look() == []
    assert looks.look(SETTLE) == ["a.ndjson"]


def test_passing_names_are_never_taken(looks: Looks) -> None:
    """However long they lie there."""
    for name in ("a.ndjson.part", "b.xml.tmp", ".c.ndjson", "d.csv~", "e.ndjson.FILEPART"):
        put(looks.inbox, name, invoice("1"))
    assert looks.look() == []
    assert looks.look(100 * SETTLE) == []


@pytest.mark.parametrize("passing", ["a.ndjson.part", ".a.ndjson.x7Yb"])
def test_what_gets_its_final_name_is_taken_at_once(looks: Looks, passing: str) -> None:
    """Also where it was still written to behind the last look at it."""
    path = put(looks.inbox, passing, invoice("1"))
    looks.look()
    with path.open("a") as stream:
        stream.write("\n" + json.dumps(invoice("2")))
    time.sleep(0.02)  # more than a tick of the file system's clock
    path.rename(looks.inbox / "a.ndjson")
    assert looks.look() == ["a.ndjson"]


def test_a_new_file_in_the_place_of_a_passing_one_is_not_taken_for_it(looks: Looks) -> None:
    """File systems use inodes again."""
    passing = put(looks.inbox, "a.ndjson.part", invoice("1"))
    looks.look()
    inode = passing.stat().st_ino
    for _ in range(50):  # where inodes are not used again, there is nothing to mix up
        passing.unlink()
        passing = put(looks.inbox, "b.ndjson", invoice("1"), invoice("2"))
        if passing.stat().st_ino == inode:
            break
    assert looks.look() == []


def test_xml_and_json_that_are_whole_are_taken_at_once_and_others_not(looks: Looks) -> None:
    """Nothing can follow behind the end of a document; of lines there can always be more."""
    whole = json.dumps(invoice("1"))
    put(looks.inbox, "a.json", whole)
    put(looks.inbox, "b.json", whole[:-10])
    put(looks.inbox, "c.ndjson", whole)
    sample = Path(__file__).parents[2] / "samples" / "01-efaktura.xml"
    xml = sample.read_bytes()
    (looks.inbox / "d.xml").write_bytes(xml)
    (looks.inbox / "e.xml").write_bytes(xml[:-20])
    (looks.inbox / "f.json").touch()
    assert looks.look() == ["a.json", "d.xml"]


def test_of_a_full_inbox_only_some_are_opened_in_one_look_and_none_twice(
    looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are complete in the end; what is no document is not read again and again."""
    opened: list[str] = []
    as_it_is = inbox_watch._is_whole  # noqa: SLF001 (how often it is asked)

    def is_whole(path: str, stamp: inbox_watch._Stamp) -> bool:
        opened.append(Path(path).name)
        return as_it_is(path, stamp)

    monkeypatch.setattr(inbox_watch, "_is_whole", is_whole)
    monkeypatch.setattr(inbox_watch, "ASKED_MAX", 10)
    for n in range(25):
        put(looks.inbox, f"{n}.json", invoice(str(n)))
    put(looks.inbox, "broken.xml", "<Invoice>")
    assert [len(looks.look()) for _ in range(4)] == [10, 20, 25, 25]
    assert len(opened) == len(set(opened)) == 26
    assert len(looks.look(SETTLE)) == 26


def test_what_stays_in_the_inbox_is_taken_once_until_it_changes(looks: Looks) -> None:
    """A copied inbox is not billed again and again."""
    path = put(looks.inbox, "a.json", invoice("1"))
    assert looks.take(*looks.look()) == ["a.json"]
    assert looks.look(SETTLE) == []
    put(looks.inbox, "a.json", invoice("2"))
    os.utime(path, ns=(7, 7))
    assert looks.look() == ["a.json"]


# -- batches ---------------------------------------------------------------------------------------


@dataclass
class Runs:
    """What bills batches, and how they ended."""

    root: Path
    book: RuleBook
    reasons: tuple[Text, ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)
    ended: list[RunResult] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inbox = self.root / "in"
        self.inbox.mkdir(exist_ok=True)
        self.outbox = Outbox(self.root / "out")
        self.runs = WatchedRuns(
            self.outbox,
            str(self.inbox),
            self.batch,
            self.stop,
            lambda _journal, result: self.ended.append(result),
        )

    def batch(self) -> Batch:
        """The next batch, which waits where there are reasons."""

        def check_point(_plan: Plan) -> tuple[Text, ...]:
            return self.reasons

        screening = FileScreening(self.book, AS_OF, "reference", "en", None)
        run = BillingRun(self.outbox, {"language": "en"}, check_point)
        return Batch(run, "move", lambda files: screened_here(screening, files))

    def bill(self, *paths: Path) -> Billed:
        """Bill files."""
        return self.runs.bill(tuple(map(str, paths)))

    def placed(self) -> list[str]:
        """The invoices that were put anywhere, by their numbers."""
        with self.outbox.journal(read_only=True) as journal:
            found = [
                str(each.figures.invoice)
                for each in journal.documents()
                if each.placed_as is not None and each.destination is not Destination.DUPLICATE
            ]
        files = [
            path
            for path in self.outbox.root.rglob("*.json")
            if path.parent.name not in ("out", "runs") and ".decision" not in path.name
        ]
        assert len(files) == len(found)
        return sorted(found)


def test_each_batch_is_a_run_of_its_own(tmp_path: Path, book: RuleBook) -> None:
    """With only the files that it was given."""
    runs = Runs(tmp_path, book)
    one, two = (put(runs.inbox, f"{n}.json", invoice(n)) for n in "12")
    assert runs.bill(one) == Billed()
    assert two.exists()
    assert not one.exists()
    runs.bill(two)
    assert [each.books.documents_in for each in runs.ended] == [1, 1]
    assert runs.placed() == ["1", "2"]


def test_batches_wait_behind_a_run_that_waits_to_be_released(
    tmp_path: Path, book: RuleBook
) -> None:
    """Whoever releases it needs the outbox meanwhile, and gets it."""
    runs = Runs(tmp_path, book, (text("for stor", "too large"),))
    one, two = (put(runs.inbox, f"{n}.json", invoice(n)) for n in "12")
    assert runs.bill(one) == Billed(waits=True)
    assert runs.bill(two) == Billed((str(two),), waits=True)
    runs.reasons = ()
    (waiting,) = runs.ended
    with runs.outbox.locked(), runs.outbox.journal() as journal:
        runs.batch().run.release(journal, waiting.run.run, "Kari")
    assert runs.bill(two) == Billed()
    assert runs.placed() == ["1", "2"]


def test_files_of_a_discarded_run_are_billed_anew(tmp_path: Path, book: RuleBook) -> None:
    """The inbox was never touched."""
    runs = Runs(tmp_path, book, (text("for stor", "too large"),))
    one = put(runs.inbox, "1.json", invoice("1"))
    runs.bill(one)
    runs.reasons = ()
    with runs.outbox.locked(), runs.outbox.journal() as journal:
        runs.batch().run.discard(journal, runs.ended[0].run.run)
    assert runs.bill() == Billed((str(one),))
    runs.bill(one)
    assert runs.placed() == ["1"]


def test_while_another_process_has_the_outbox_batches_wait(tmp_path: Path, book: RuleBook) -> None:
    """And are billed when it is done."""
    runs = Runs(tmp_path, book)
    one = put(runs.inbox, "1.json", invoice("1"))
    with Outbox(tmp_path / "out").locked():
        assert runs.bill(one) == Billed((str(one),), waits=True)
    runs.bill(one)
    assert runs.placed() == ["1"]


def test_a_run_that_is_told_to_stop_is_carried_to_its_end_by_the_next(
    tmp_path: Path, book: RuleBook
) -> None:
    """While it plans, and nothing has been put out; and behind a batch that is placed, taken away too."""
    runs = Runs(tmp_path, book)
    files = [put(runs.inbox, f"{n}.json", invoice(str(n))) for n in range(5)]
    runs.stop.set()
    assert runs.bill(*files) == Billed(tuple(map(str, files)))
    assert runs.ended == []
    runs.stop.clear()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("fakturavakt.billing.placing.FILES_AT_ONCE", 2)
        patched.setattr(
            "fakturavakt.billing.placing.Placer._take_away", _then(runs.stop.set), raising=True
        )
        runs.bill(*files)
    left = sorted(path.name for path in runs.inbox.iterdir())
    assert len(left) == 3
    assert runs.ended == []
    runs.stop.clear()
    assert runs.bill() == Billed()
    assert [each.run.state for each in runs.ended] == [RunState.ENDED]
    assert runs.placed() == list("01234")
    assert not list(runs.inbox.iterdir())


def _then(does: Callable[[], None]) -> Callable[[object], None]:
    from fakturavakt.billing.placing import Placer

    as_it_is = Placer._take_away  # noqa: SLF001 (a step to stop behind)

    def taken_away(placer: Placer) -> None:
        as_it_is(placer)
        does()

    return taken_away  # type: ignore[return-value]


# -- watching --------------------------------------------------------------------------------------


def test_many_small_files_are_billed_each_once_in_few_batches(tmp_path: Path) -> None:
    """A watch that sees them come in one by one."""
    inbox = tmp_path / "in"
    inbox.mkdir()
    stop = threading.Event()
    billed: list[tuple[str, ...]] = []

    def bill(files: tuple[str, ...]) -> Billed:
        if files:
            billed.append(files)
            for file in files:
                Path(file).unlink()
        if sum(map(len, billed)) == 300:
            stop.set()
        return Billed()

    def listing() -> tuple[list[str], list[str]]:
        return sorted(map(str, inbox.glob("*.json"))), list(passing_files(str(inbox)))

    watch = InboxWatch(str(inbox), Arrivals(SETTLE), listing, bill, stop)
    guard = threading.Timer(60, stop.set)
    guard.start()
    writer = threading.Thread(
        target=lambda: [put(inbox, f"{n}.json", invoice(str(n))) for n in range(300)]
    )
    writer.start()
    watch.run()
    guard.cancel()
    writer.join()
    names = [file for batch in billed for file in batch]
    assert len(names) == len(set(names)) == 300
    assert len(billed) < 30


@contextmanager
def watching(tmp_path: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The command, once it watches; killed behind it if it is still there."""
    (tmp_path / "in").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "fakturavakt", "run", str(tmp_path / "in"), "--to"]
    command += [str(tmp_path / "out"), "--watch", "--lang", "en", "--as-of", AS_OF.isoformat()]
    command += ["--engine", "reference"]  # which every Python has: no line about a stand-in
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            assert "Watching" in process.stderr.readline()
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()


def until(reached: Callable[[], bool]) -> None:
    """Wait for something, not for ever."""
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.05)


def decisions(tmp_path: Path) -> int:
    """Documents that stand in the outbox, by what stands beside them."""
    return sum(
        len(path.read_bytes().splitlines())
        for path in (tmp_path / "out").rglob("*.decision*")
        if ".fakturavakt" not in path.parts
    )


def test_a_slow_writer_is_waited_for_and_sigterm_ends_with_0(tmp_path: Path) -> None:
    """Also by polling; no line of the file is left behind."""
    with watching(tmp_path, "--settle", "1500ms", "--poll") as process:
        with (tmp_path / "in" / "slow.ndjson").open("w") as stream:
            for n in range(8):
                stream.write(json.dumps(invoice(str(n))) + "\n")
                stream.flush()
                time.sleep(0.25)
                assert not decisions(tmp_path)
        until(lambda: decisions(tmp_path) == 8)
        until(lambda: not list((tmp_path / "in").iterdir()))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.parametrize("wait", [0.0, 0.3, 0.6, 1.0])
def test_sigterm_in_the_middle_leaves_nothing_half(tmp_path: Path, wait: float) -> None:
    """Each document is in one place with its decision, or still in the inbox; the next run has the rest."""
    inbox = tmp_path / "in"
    for n in range(400):
        put(inbox, f"{n}.json", invoice(str(n), OTHER if n % 2 else "974760673"))
    with watching(tmp_path) as process:
        time.sleep(wait)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    out = tmp_path / "out"
    placed = [p for p in out.rglob("*.json") if p.with_name(p.name + ".decision.json").exists()]
    assert len(placed) == decisions(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "fakturavakt", "run", str(inbox), "--to", str(out)],
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1)
    assert not list(inbox.iterdir())
    assert decisions(tmp_path) == 400


def test_a_second_watch_is_refused_and_a_run_is_not(tmp_path: Path) -> None:
    """One watch an outbox; a run finds it free in between."""
    with watching(tmp_path):
        base = [sys.executable, "-m", "fakturavakt", "run", str(tmp_path / "in")]
        base += ["--to", str(tmp_path / "out"), "--lang", "en"]
        second = subprocess.run([*base, "--watch"], capture_output=True, text=True, check=False)
        assert second.returncode == 2
        assert "has a --watch already" in second.stderr
        assert subprocess.run(base, capture_output=True, check=False).returncode == 0


def test_without_watchfiles_it_says_how_to_get_it(tmp_path: Path) -> None:
    """The extra that brings it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "watchfiles.py").write_text("raise ImportError\n", encoding="utf-8")
    command = [sys.executable, "-m", "fakturavakt", "run", str(tmp_path / "in")]
    command += ["--to", str(tmp_path / "out"), "--watch", "--lang", "en"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "without")},
        check=False,
    )
    assert done.returncode == 2
    assert "pip install 'fakturavakt[watch]'" in done.stderr
