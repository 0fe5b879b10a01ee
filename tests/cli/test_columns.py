"""``screen`` in columns, as a user meets it: which engine, what comes out, what is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pytest
from benchmarks.random_documents import random_documents
from tests.cli.conftest import Run

SHARED = Path("/dev/shm")  # noqa: S108 (a disk of its own on Linux)
AS_OF = ("--as-of", "2021-02-02")


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Forty documents, two lines that hold none, and one that is blank."""
    file = tmp_path / "a.ndjson"
    lines = [*random_documents(3, 40), "{broken", "", "[]"]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize("name", ["ndjson", "csv"])
def test_columns_print_what_rows_print(name: str, fakturavakt: Run) -> None:
    """The same bytes, the same rejects, the same exit code and balance, on standard output."""
    common = ("screen", "a.ndjson", "--format", name, *AS_OF)
    rows = fakturavakt(*common, "--engine", "reference", "--rejected", "by-rows")
    columns = fakturavakt(*common, "--engine", "columnar", "--rejected", "by-columns")
    assert columns.stdout == rows.stdout
    assert columns.stderr == rows.stderr
    assert columns.returncode == rows.returncode == 3
    assert "42 dokumenter inn = 40 avgjørelser + 2 avvist" in columns.stderr


@pytest.mark.usefixtures("documents")
def test_rejected_lists_file_place_and_reason(fakturavakt: Run, tmp_path: Path) -> None:
    """One line for each, whichever engine."""
    kept = []
    for engine in ("reference", "columnar"):
        fakturavakt(
            *("screen", "a.ndjson", "--format", "ndjson", "--output", "out", *AS_OF),
            *("--rejected", "rejected", "--engine", engine, "--lang", "en"),
        )
        kept.append((tmp_path / "rejected").read_text(encoding="utf-8"))
    assert kept[0] == kept[1]
    lines = [json.loads(line) for line in kept[0].splitlines()]
    assert [(line["file"], line["position"]) for line in lines] == [
        ("a.ndjson", 41),
        ("a.ndjson", 42),
    ]
    assert [line["place"] for line in lines] == ["41:2", "43:1"]


def test_parquet_in_and_out(documents: Path, fakturavakt: Run, tmp_path: Path) -> None:
    """Parquet picks its engine by itself, and ``-v`` says so; what comes out reads as JSON does."""
    done = fakturavakt(
        *("screen", documents.name, "--format", "parquet", "-v", *AS_OF),
        *("--output", "decisions.parquet", "--with-text"),
    )
    assert "Motor: kolonner (DuckDB), fordi utdata ba om det." in done.stderr
    listed = fakturavakt("screen", documents.name, "--format", "ndjson", *AS_OF).stdout
    rows = duckdb.execute(
        f"SELECT to_json(d) FROM read_parquet('{tmp_path / 'decisions.parquet'}') AS d"  # noqa: S608
    ).fetchall()
    assert [row for (row,) in rows] == listed.splitlines()
    duckdb.execute(
        "COPY (SELECT {'number': 'F-1'} AS invoice, {'kind': 'organisation'} AS recipient) "
        f"TO '{tmp_path / 'in.parquet'}' (FORMAT parquet)"
    )
    done = fakturavakt("screen", "in.parquet", "-v", *AS_OF)
    assert "Motor: kolonner (DuckDB), fordi inndata er Parquet." in done.stderr
    assert "Så mange fakturaer listes ikke her" in done.stdout
    assert done.returncode == 0
    by_row = fakturavakt("screen", "in.parquet", "-v", "--engine", "reference", *AS_OF)
    assert "Motor: reference, ett dokument om gangen." in by_row.stderr
    assert "F-1" in by_row.stdout


def test_small_files_are_screened_one_by_one(documents: Path, fakturavakt: Run) -> None:
    """Columns are not worth their start for a few documents."""
    done = fakturavakt("screen", documents.name, "-v", "--lang", "en", *AS_OF)
    assert "one document at a time" in done.stderr


def test_a_large_file_is_screened_in_columns(tmp_path: Path, fakturavakt: Run) -> None:
    """And ``-v`` says how large it took the input to be."""
    line = '{"invoice":{"number":"F-1"},"recipient":{"kind":"organisation","name":"' + "x" * 3000
    (tmp_path / "large.ndjson").write_text(f'{line}"}}}}\n' * 12_000, encoding="utf-8")
    done = fakturavakt("screen", "large.ndjson", "-v", "--format", "ndjson", *AS_OF)
    assert "fordi inndata er stort (om lag 35 MB)" in done.stderr
    counted = "12\N{NO-BREAK SPACE}000"
    assert f"{counted} dokumenter inn = {counted} avgjørelser + 0 avvist" in done.stderr
    assert done.stdout.count('"decision":"out_of_scope"') == 12_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "parquet"), "legg til --output"),
        (("--resume",), "--resume gjelder en kjøring med --output"),
        (("--resume", "--output", "o", "--format", "text"), "--resume gjelder en kjøring"),
        (("--engine", "durable", "--format", "parquet", "--output", "o"), "ett dokument om gangen"),
        (("--engine", "columnar", "--format", "junit"), "skriver text, ndjson, csv og parquet"),
        (("--memory", "mye"), "«mye» er ingen minnemengde; skriv den som 2GB"),
        (("--threads", "0"), "--threads"),
    ],
)
def test_what_does_not_go_together_is_refused(
    arguments: tuple[str, ...], said: str, documents: Path, fakturavakt: Run
) -> None:
    """Before anything is read."""
    done = fakturavakt("screen", documents.name, *arguments, *AS_OF)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_nothing_to_screen_is_an_error_and_leaves_nothing(tmp_path: Path, fakturavakt: Run) -> None:
    """An empty output could pass for an answer."""
    (tmp_path / "empty.ndjson").write_text("\n", encoding="utf-8")
    for name in ("parquet", "ndjson"):
        done = fakturavakt(
            *("screen", "empty.ndjson", "--engine", "columnar", "--format", name, "--output", "o")
        )
        assert done.returncode == 2
        assert done.stderr == "Ingen dokumenter ble funnet.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["empty.ndjson"]


def test_many_rejects_are_told_of_up_to_a_point(tmp_path: Path, fakturavakt: Run) -> None:
    """The terminal stays readable; the count is whole."""
    (tmp_path / "bad.ndjson").write_text("{broken\n" * 150, encoding="utf-8")
    done = fakturavakt(
        "screen", "bad.ndjson", "--engine", "columnar", "--format", "ndjson", "--lang", "en"
    )
    assert done.stderr.count("bad.ndjson:") == 100
    assert "50 more could not be read; --rejected FILE lists all of them." in done.stderr
    assert "150 documents in = 0 decisions + 150 rejected" in done.stderr
    assert done.returncode == 3


@pytest.mark.skipif(sys.platform != "linux", reason="children are listed by /proc")
def test_ctrl_c_says_one_line_whatever_is_being_started(tmp_path: Path) -> None:
    """A terminal sends it to all processes at once, also to those that are at their imports."""
    for name in "ab":
        (tmp_path / f"{name}.ndjson").write_text("{}\n" * 20, encoding="utf-8")
    screen = ("screen", "a.ndjson", "b.ndjson", "--format", "ndjson", "--output", "out")
    running = subprocess.Popen(
        [sys.executable, "-m", "fakturavakt", *screen, "--engine", "columnar", "--threads", "2"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    deadline = time.monotonic() + 60
    while len(children.read_text().split()) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)  # two, and the one that cleans up behind them
    time.sleep(0.1)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.split() == ["Avbrutt."]
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors as files")
@pytest.mark.parametrize("engine", ["reference", "columnar"])
def test_a_pipe_of_the_shell_is_written_to(documents: Path, engine: str, fakturavakt: Run) -> None:
    """``--output >(…)``: what the link leads to has a name, but none that can be opened."""
    screen = ("screen", documents.name, "--format", "ndjson", "--engine", engine, *AS_OF)
    outlet, inlet = os.pipe()
    with subprocess.Popen(["cat"], stdin=outlet, stdout=subprocess.PIPE) as reader:
        os.close(outlet)
        subprocess.run(
            [sys.executable, "-m", "fakturavakt", *screen, "--output", f"/dev/fd/{inlet}"],
            cwd=documents.parent,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            pass_fds=[inlet],
            check=False,
            timeout=60,
        )
        os.close(inlet)
        written, _ = reader.communicate(timeout=60)
    assert written.decode() == fakturavakt(*screen).stdout != ""


@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize(
    "asked", [["--format", "parquet"], ["--format", "ndjson", "--resume"]], ids=str
)
def test_what_needs_a_file_is_not_written_to_a_stream(asked: list[str], fakturavakt: Run) -> None:
    """Parquet in pieces, one behind the other, is no Parquet."""
    done = fakturavakt("screen", "a.ndjson", "--output", "/dev/stdout", *asked)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--output" in done.stderr


@pytest.mark.usefixtures("documents")
def test_a_place_for_rejects_that_cannot_be_written_is_told_first(
    fakturavakt: Run, tmp_path: Path
) -> None:
    """Not when all is decided."""
    for output in ([], ["--output", "out"]):
        done = fakturavakt(
            *("screen", "a.ndjson", "--format", "ndjson", "--engine", "columnar", *output),
            *("--rejected", "nowhere/rejected"),
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.endswith("nowhere/rejected: filen eller mappen finnes ikke.\n")
    assert [each.name for each in tmp_path.iterdir()] == ["a.ndjson"]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes that have a name")
@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize("output", [[], ["--output", "out"]], ids=["stdout", "file"])
def test_rejects_may_go_to_a_pipe(output: list[str], fakturavakt: Run, tmp_path: Path) -> None:
    """It is written to, and stays what it is: as root, ``/dev/null`` had become a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        fakturavakt(
            *("screen", "a.ndjson", "--format", "ndjson", "--engine", "columnar", *output),
            *("--rejected", "pipe"),
        )
        said, _ = reader.communicate(timeout=60)
    assert len(said.splitlines()) == 2
    assert pipe.is_fifo()


@pytest.mark.skipif(
    not SHARED.is_dir() or SHARED.stat().st_dev == Path(tempfile.gettempdir()).stat().st_dev,
    reason="there is one disk only",
)
@pytest.mark.usefixtures("documents")
def test_rejects_may_lie_on_another_disk(fakturavakt: Run, tmp_path: Path) -> None:
    """A file cannot be renamed from one to the other."""
    with tempfile.TemporaryDirectory(dir=SHARED) as other:
        screen = ("screen", "a.ndjson", "--format", "ndjson", "--engine", "columnar")
        done = fakturavakt(*screen, "--output", "out", "--rejected", f"{other}/rejected")
        assert done.returncode == 3
        assert [each.name for each in Path(other).iterdir()] == ["rejected"]
        assert len(Path(other, "rejected").read_text(encoding="utf-8").splitlines()) == 2
    assert not list(tmp_path.glob(".out*"))


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("name", ["ndjson", "parquet"])
def test_no_room_names_the_output(name: str, threads: str, tmp_path: Path) -> None:
    """Told as of any other file, whoever writes at that moment."""
    for each in "ab":
        lines = random_documents(4, 60)
        (tmp_path / f"{each}.ndjson").write_text("\n".join(lines), encoding="utf-8")
    screen = ["screen", "a.ndjson", "b.ndjson", "--format", name, "--output", "out"]
    limited = ["sh", "-c", 'ulimit -f 8 && exec "$@"', "sh", sys.executable, "-m", "fakturavakt"]
    done = subprocess.run(
        [*limited, *screen, "--engine", "columnar", "--threads", threads],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == f"{tmp_path / 'out'}: filen er for stor.\n"
    assert not (tmp_path / "out").exists()
