"""Runs in columns: what is written, that it is whole or not there, and that an interrupted run goes on."""

from __future__ import annotations

import csv
import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from benchmarks.random_documents import random_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bulk.columnar_answers import AS_OF, write_parquet
from tests.engines.random_rule_books import MOSTLY_GOOD, DrawnRuleBook, rule_books

from fakturavakt.bulk.chunk_answers import ChunkAnswers
from fakturavakt.bulk.columnar_run import BulkOutput, ColumnarRun
from fakturavakt.bulk.decided_chunk import BulkFormat
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.contract_json import written
from fakturavakt.intake.document_chunks import Chunk, Cutter
from fakturavakt.intake.documents import RawDocument, Unreadable
from fakturavakt.report.machine import CsvReport, NdjsonReport, RejectedReport
from fakturavakt.report.summary import Summary
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Answer, Screening

BOOK = load_rulebook()


def screening(language: str = "nb") -> Screening:
    """A screening with the shipped rule book."""
    return Screening(BOOK, AS_OF, ReferenceEngine(BOOK), language)


def run_over(files: list[Path], **settings_: int) -> ColumnarRun:
    """A run in small chunks."""
    sizes = {"chunk_bytes": 90_000, "chunk_rows": 60, "threads": 1, "few": 0} | settings_
    return ColumnarRun(screening(), [str(file) for file in files], **sizes)  # type: ignore[arg-type]


def by_rows(files: list[Path]) -> tuple[list[Answer], Summary]:
    """What the reference engine says of the same files."""
    one_by_one, summary = screening(), Summary()
    answers: list[Answer] = [
        one_by_one.screen(each) if isinstance(each, RawDocument) else each
        for each in one_by_one.documents([str(file) for file in files])
    ]
    for answer in answers:
        summary.add(answer)
    return answers, summary


def in_format(answers: list[Answer], name: BulkFormat) -> str:
    """Answers as a report writes them."""
    stream = io.StringIO(newline="")
    report = CsvReport(stream, "nb") if name == "csv" else NdjsonReport(stream)
    for answer in answers:
        report.add(answer)
    return stream.getvalue()


def rejected(answers: list[Answer]) -> str:
    """Those that could not be read, as the rejected output has them."""
    stream = io.StringIO()
    for answer in answers:
        RejectedReport(stream, "nb").add(answer)
    return stream.getvalue()


def rows_as_json(path: str) -> list[str]:
    """The rows of a Parquet file of decisions as the JSON that they would be printed as."""
    rows = duckdb.execute(f"SELECT to_json(d) FROM read_parquet('{path}') AS d").fetchall()  # noqa: S608
    return [row for (row,) in rows]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """NDJSON with broken lines, Parquet with bad values, CSV and JSON."""
    folder = tmp_path_factory.mktemp("inputs")
    lines = list(random_documents(20261, 150, unreadable=0.05))
    (folder / "a.ndjson").write_text("\n".join([*lines, "{broken", "", "[1]"]), encoding="utf-8")
    reference = "CASE WHEN n % 7 = 0 THEN '12345' END"
    lines_ = "[{'id': '1', 'kind': 'goods', 'amount': 5}]"
    numbers = f"'number': 'F-' || n, 'payable_amount': n / 8, 'payment_reference': {reference}"
    invoice = f"{{{numbers}, 'lines': {lines_}}}"
    kind = "CASE WHEN n % 3 = 0 THEN 'organisation' ELSE 'person' END"
    write_parquet(
        f"SELECT {invoice} AS invoice, {{'kind': {kind}}} AS recipient FROM range(100) AS t(n)",  # noqa: S608
        folder / "b.parquet",
    )
    (folder / "c.csv").write_text(
        "invoice.number,line.amount,sender.autopay\n"
        + "".join(f"C-{n},{n},{'ja' if n % 2 else 'kanskje'}\n" for n in range(60)),
        encoding="utf-8",
    )
    (folder / "d.json").write_text(f"[{','.join(random_documents(20262, 40))}]", encoding="utf-8")
    return [folder / name for name in ("a.ndjson", "b.parquet", "c.csv", "d.json")]


@pytest.mark.parametrize("name", ["ndjson", "csv"])
def test_text_formats_are_the_same_bytes(
    name: BulkFormat, inputs: list[Path], tmp_path: Path
) -> None:
    """Many files in many chunks: decisions, rejects, hit list and balance as document by document."""
    answers, summary = by_rows(inputs)
    run = run_over(inputs)
    run.to_file(BulkOutput(tmp_path / "out", name, tmp_path / "rejected"))
    assert (tmp_path / "out").read_bytes().decode() == in_format(answers, name)
    assert (tmp_path / "rejected").read_text(encoding="utf-8") == rejected(answers)
    assert run.summary == summary
    assert run.documents == len(answers)
    assert summary.unreadable > 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "rejected"]


@pytest.mark.parametrize("is_folder", [False, True])
def test_parquet_has_the_same_keys_and_values(
    is_folder: bool, inputs: list[Path], tmp_path: Path
) -> None:
    """With texts, each row is the decision that NDJSON has, key by key."""
    answers, summary = by_rows(inputs)
    output = tmp_path / ("out" if is_folder else "out.parquet")
    run = run_over(inputs)
    run.to_file(
        BulkOutput(output, "parquet", tmp_path / "rejected", with_text=True, is_folder=is_folder)
    )
    rows = rows_as_json(f"{output}/*.parquet" if is_folder else str(output))
    assert rows == in_format(answers, "ndjson").splitlines()
    assert sorted(rejected(answers).splitlines()) == sorted(
        (tmp_path / "rejected").read_text(encoding="utf-8").splitlines()
    )
    assert run.summary == summary


def test_parquet_without_text_has_no_messages(inputs: list[Path], tmp_path: Path) -> None:
    """All keys but those that are words for people."""
    answers, _ = by_rows(inputs)
    run_over(inputs).to_file(BulkOutput(tmp_path / "out.parquet", "parquet"))
    said = ("message", "remedy", "source")

    def bare(value: object) -> object:
        if isinstance(value, dict):
            return {key: bare(item) for key, item in value.items() if key not in said}
        return [bare(item) for item in value] if isinstance(value, list) else value

    expected = [bare(json.loads(line)) for line in in_format(answers, "ndjson").splitlines()]
    assert [json.loads(row) for row in rows_as_json(str(tmp_path / "out.parquet"))] == expected


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(rule_books(), st.lists(MOSTLY_GOOD, min_size=1, max_size=12))
def test_random_rule_books_in_parquet(
    tmp_path: Path, drawn: DrawnRuleBook, tried: list[RawDocument]
) -> None:
    """Whatever the rule book: the Parquet file says what the reference engine says, and counts the same."""
    file, output = tmp_path / "drawn.ndjson", tmp_path / "out.parquet"
    file.write_text("".join(f"{written(each.content)}\n" for each in tried), encoding="utf-8")
    one_by_one = Screening(drawn.book, AS_OF, ReferenceEngine(drawn.book), trials=True)
    run = ColumnarRun(one_by_one, [str(file)], threads=1, few=0)
    run.to_file(BulkOutput(output, "parquet", with_text=True))
    expected = Summary()
    lines = []
    for each in one_by_one.documents([str(file)]):
        answer = each if isinstance(each, Unreadable) else one_by_one.screen(each)
        expected.add(answer)
        if not isinstance(answer, Unreadable):
            lines.append(answer.decision.as_json())
    assert rows_as_json(str(output)) == lines
    assert run.summary == expected


SCRIPT = """
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from fakturavakt.bulk.chunk_answers import ChunkAnswers
from fakturavakt.bulk.columnar_run import BulkOutput, ColumnarRun
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Screening

book = load_rulebook()
name, output, *files = sys.argv[1:]
run = ColumnarRun(
    Screening(book, date(2021, 2, 2), ReferenceEngine(book)), files, chunk_bytes=40_000, chunk_rows=20, few=0
)
run.advance = lambda documents, size: print(documents, flush=True)
run.to_file(BulkOutput(Path(output), name, Path(output + ".rejected")), resume=True)
"""


@pytest.mark.parametrize("name", ["ndjson", "csv", "parquet"])
def test_a_killed_run_leaves_nothing_and_goes_on(
    name: BulkFormat, inputs: list[Path], tmp_path: Path
) -> None:
    """``kill -9`` after some chunks, twice: no output is there, and the third time it is whole."""
    output = tmp_path / "out"
    command = [sys.executable, "-c", SCRIPT, name, str(output), *map(str, inputs)]
    reached = []
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            reached.append(int(process.stdout.readline()))
            reached.append(int(process.stdout.readline()))
            process.send_signal(signal.SIGKILL)
        assert not output.exists()
        assert not Path(f"{output}.rejected").exists()
    assert reached == sorted(set(reached))  # the second run began behind what the first had done
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[0]) > reached[-1]
    answers, _ = by_rows(inputs)
    if name == "parquet":
        found = [json.loads(row)["document"] for row in rows_as_json(str(output))]
        lines = in_format(answers, "ndjson").splitlines()
        assert found == [json.loads(line)["document"] for line in lines]
    else:
        assert output.read_bytes().decode() == in_format(answers, name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.rejected"]


class StoppedError(Exception):
    """Stands for whatever ends a run in the middle."""


def interrupted(inputs: list[Path], output: BulkOutput) -> None:
    """A run that ends after its second chunk."""
    run = run_over(inputs)
    calls = 0

    def stop(_documents: int, _size: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise StoppedError

    run.advance = stop
    with pytest.raises(StoppedError):
        run.to_file(output)


def test_another_run_is_not_gone_on_with(inputs: list[Path], tmp_path: Path) -> None:
    """An interrupted run over other files, or another day, says what differs."""
    output = BulkOutput(tmp_path / "out", "ndjson")
    interrupted(inputs, output)
    with pytest.raises(RunError, match="PATH is not as it was"):
        run_over(inputs[:2]).to_file(output, resume=True)
    other = run_over(inputs)
    other.screening.as_of = date(2021, 2, 3)
    with pytest.raises(RunError, match="--as-of is not as it was"):
        other.to_file(output, resume=True)
    assert run_over(inputs).to_file(output) is True  # begun afresh, and said so
    assert (tmp_path / "out").read_text(encoding="utf-8") == in_format(by_rows(inputs)[0], "ndjson")


def test_two_runs_to_one_file_are_refused(inputs: list[Path], tmp_path: Path) -> None:
    """The second one says so and touches nothing."""
    output = BulkOutput(tmp_path / "out", "ndjson")
    first = run_over(inputs[:1])
    tried: list[str] = []

    def second(_documents: int, _size: int) -> None:
        with pytest.raises(RunError, match="Another run is writing"):
            run_over(inputs[:1]).to_file(output)
        tried.append("refused")

    first.advance = second
    first.to_file(output)
    assert tried
    assert (tmp_path / "out").read_text(encoding="utf-8") == in_format(
        by_rows(inputs[:1])[0], "ndjson"
    )


def test_a_file_in_the_folder_of_parts_is_not_overwritten(
    inputs: list[Path], tmp_path: Path
) -> None:
    """A folder with something in it is somebody's."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "kept").touch()
    with pytest.raises(RunError, match="is not empty"):
        run_over(inputs).to_file(BulkOutput(tmp_path / "out", "parquet", is_folder=True))
    assert (tmp_path / "out" / "kept").exists()


def test_broken_parquet_is_rejected_row_by_row(tmp_path: Path) -> None:
    """A page that cannot be read costs its chunk, counted; the other files are decided."""
    whole, broken = tmp_path / "whole.parquet", tmp_path / "broken.parquet"
    for path in (whole, broken):
        write_parquet("SELECT {'number': 'F-' || n} AS invoice FROM range(50) AS t(n)", path)
    data = bytearray(broken.read_bytes())
    data[4:60] = os.urandom(56)
    broken.write_bytes(data)
    (tmp_path / "none.parquet").write_bytes(b"no parquet")
    run = run_over([broken, whole, tmp_path / "none.parquet"], chunk_rows=1000)
    run.to_file(BulkOutput(tmp_path / "out", "parquet", tmp_path / "rejected"))
    assert (run.documents, run.summary.decided, run.summary.unreadable) == (101, 50, 51)
    with (tmp_path / "rejected").open(encoding="utf-8") as stream:
        lines = [json.loads(line) for line in stream]
    assert [line["position"] for line in lines] == [*range(1, 51), 1]
    assert len(rows_as_json(str(tmp_path / "out"))) == 50


def test_amounts_are_summed_whatever_they_come_to(tmp_path: Path) -> None:
    """Ten thousand of the largest amount there can be are more than 64 bits of øre."""
    file = tmp_path / "large.parquet"
    write_parquet(
        "SELECT {'number': 'F-' || n, 'currency': 'NOK', "
        "'payable_amount': 9999999999999.99::DECIMAL(15, 2)} AS invoice FROM range(10_000) AS t(n)",
        file,
    )
    run = run_over([file], chunk_rows=100_000)
    run.to_file(BulkOutput(tmp_path / "out.parquet", "parquet"))
    (tally,) = [each for each in run.summary.verdicts.values() if each.count]
    assert (tally.count, tally.ore) == (10_000, {"NOK": 9_999_999_999_999_990_000})


def test_csv_rows_have_the_columns_of_the_header(inputs: list[Path], tmp_path: Path) -> None:
    """A header once, also when a run goes on."""
    output = BulkOutput(tmp_path / "out", "csv")
    interrupted(inputs, output)
    run_over(inputs).to_file(output, resume=True)
    with (tmp_path / "out").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(by_rows(inputs)[0])
    assert sum(row["file"] == "file" for row in rows) == 0


def test_books_that_do_not_balance_deliver_nothing(
    inputs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decision that is lost on its way ends the run with words, and no output."""
    run = run_over(inputs)
    add = ChunkAnswers.add
    lost: list[Answer] = []

    def lose_one(answers: ChunkAnswers, answer: Answer) -> None:
        if lost:
            add(answers, answer)
        lost.append(answer)

    monkeypatch.setattr(ChunkAnswers, "add", lose_one)
    with pytest.raises(RunError, match="The books do not balance"):
        run.to_file(BulkOutput(tmp_path / "out", "ndjson"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["ndjson", "parquet"])
def test_few_documents_are_decided_one_by_one(
    name: BulkFormat, inputs: list[Path], tmp_path: Path
) -> None:
    """A folder of small files is not worth a statement each; what comes out is the same."""
    output = tmp_path / "out"
    run = run_over(inputs, few=1000)
    run.to_file(BulkOutput(output, name, with_text=True))
    answers, summary = by_rows(inputs)
    found = rows_as_json(str(output)) if name == "parquet" else output.read_text().splitlines()
    assert found == in_format(answers, "ndjson").splitlines()
    assert run.summary == summary


@pytest.mark.parametrize("name", ["ndjson", "csv", "parquet"])
def test_three_processes_write_what_one_does(
    name: BulkFormat, inputs: list[Path], tmp_path: Path
) -> None:
    """Many small chunks of many files, cut while others are decided."""
    outputs = []
    for threads in (1, 3):
        output = tmp_path / f"out-{threads}"
        run = run_over([*inputs, *inputs[1:2] * 3], threads=threads)
        run.to_file(BulkOutput(output, name, tmp_path / f"rejected-{threads}", with_text=True))
        found = rows_as_json(str(output)) if name == "parquet" else output.read_bytes()
        rejected_ = (tmp_path / f"rejected-{threads}").read_bytes()
        outputs.append((found, rejected_, run.summary, run.documents))
    assert outputs[0] == outputs[1]


def test_two_processes_keep_the_order(tmp_path: Path) -> None:
    """Chunks at once, some of their rows decided one by one: each row at its document's place."""
    file, output = tmp_path / "many.parquet", tmp_path / "out.parquet"
    reference = "CASE WHEN n % 5000 = 0 THEN '12345' END"
    write_parquet(
        f"SELECT {{'number': 'F-' || n, 'payment_reference': {reference}}} AS invoice, "  # noqa: S608
        "{'kind': CASE WHEN n % 3 = 0 THEN 'person' ELSE 'organisation' END} AS recipient "
        "FROM range(260_000) AS t(n)",
        file,
    )
    run = run_over([file], threads=2, chunk_rows=50_000)
    run.to_file(BulkOutput(output, "parquet"))
    row = "file_row_number"
    ((rows, misplaced, with_problems),) = duckdb.execute(
        f"SELECT count(*), count(*) FILTER (document.position <> {row} + 1 OR invoice <> 'F-' || {row}), "  # noqa: S608
        f"count(*) FILTER (len(problems) > 0) FROM read_parquet('{output}', {row} = true)"
    ).fetchall()
    assert (rows, misplaced, with_problems) == (260_000, 0, 52)


def test_a_process_that_is_killed_costs_no_document(inputs: list[Path], tmp_path: Path) -> None:
    """As when a machine runs out of memory: the run says so, leaves nothing, and can be gone on with."""
    output = BulkOutput(tmp_path / "out", "ndjson")
    run = run_over(inputs, threads=2)

    def kill_one(_documents: int, _size: int) -> None:
        for child in multiprocessing.active_children()[
            :1
        ]:  # none, once the first has taken all along
            child.kill()

    run.advance = kill_one
    with pytest.raises(RunError, match="ended from outside"):
        run.to_file(output)
    assert not (tmp_path / "out").exists()
    assert multiprocessing.active_children() == []
    run_over(inputs, threads=2).to_file(output, resume=True)
    assert (tmp_path / "out").read_text(encoding="utf-8") == in_format(by_rows(inputs)[0], "ndjson")


def test_processes_end_with_the_run_that_is_killed(inputs: list[Path], tmp_path: Path) -> None:
    """``kill -9`` of the first process leaves none of the others at work."""
    command = [sys.executable, "-c", SCRIPT, "ndjson", str(tmp_path / "out"), *map(str, inputs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        # Each of them has this pipe open for as long as it lives.
        process.communicate(timeout=20)
    assert not (tmp_path / "out").exists()


def test_a_key_that_nobody_knows_is_told_of_once(tmp_path: Path) -> None:
    """However many processes met it."""
    file = tmp_path / "documents.ndjson"
    # A document with a problem is read by the row reader, which knows its keys.
    file.write_text('{"invoice": {"number": 5}, "colour": "red"}\n' * 400, encoding="utf-8")
    told: list[str] = []
    run = run_over([file], threads=2, chunk_bytes=4000)
    run.screening.reader.warn = lambda warning: told.append(warning.say("en"))
    run.to_file(BulkOutput(tmp_path / "out", "ndjson"))
    assert told == ["The unknown key “colour” is not used."]
    assert run.documents == 400


@pytest.mark.parametrize("threads", [1, 2])
def test_a_file_that_is_cut_short_while_it_is_read(
    threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes it anew: the run says which file it was, and delivers nothing."""
    files = [tmp_path / "a.ndjson", tmp_path / "b.ndjson"]
    for file in files:
        file.write_text("".join(f"{each}\n" for each in random_documents(7, 30)), encoding="utf-8")
    cut = Cutter.chunks

    def cut_short(cutter: Cutter, names: Iterable[str]) -> Iterator[Chunk]:
        for chunk in cut(cutter, names):
            if chunk.file == str(files[1]):
                os.truncate(files[1], 2000)
            yield chunk

    monkeypatch.setattr(Cutter, "chunks", cut_short)
    with pytest.raises(RunError, match=r"b\.ndjson was cut short while it was read"):
        run_over(files, threads=threads).to_file(BulkOutput(tmp_path / "out", "ndjson"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("given", ["a file", "standard input"])
def test_a_program_need_not_be_written_for_processes(
    given: str, inputs: list[Path], tmp_path: Path
) -> None:
    """What begins a run stands on the top level: none of the processes runs it once more."""
    program, output = tmp_path / "program.py", tmp_path / "out"
    program.write_text(SCRIPT.replace("few=0", "few=0, threads=2"), encoding="utf-8")
    arguments = ["ndjson", str(output), *map(str, inputs)]
    with program.open("rb") as stream:
        name = str(program) if given == "a file" else "-"
        subprocess.run([sys.executable, name, *arguments], stdin=stream, check=True)
    assert output.read_text(encoding="utf-8") == in_format(by_rows(inputs)[0], "ndjson")


def test_a_run_that_goes_on_says_what_was_there(inputs: list[Path], tmp_path: Path) -> None:
    """So that nobody takes the documents of an earlier run for the speed of this one."""
    output = BulkOutput(tmp_path / "out", "ndjson")
    broken_off, going_on = run_over(inputs), run_over(inputs)
    done: list[int] = []

    def break_off(documents: int, _size: int) -> None:
        done.append(documents)
        if len(done) == 3:
            raise KeyboardInterrupt

    broken_off.advance = break_off
    with pytest.raises(KeyboardInterrupt):
        broken_off.to_file(output)
    told: list[tuple[str, int, int]] = []
    going_on.begin = lambda documents, size: told.append(("begun", documents, size))
    going_on.advance = lambda documents, size: told.append(("reached", documents, size))
    going_on.to_file(output, resume=True)
    (word, documents, size), *others = told
    assert (word, documents) == ("begun", done[-1])
    assert size > 0
    assert {word for word, *_ in others} == {"reached"}
    assert all(reached > documents for _, reached, _ in others)
