"""Metrics are what Prometheus reads, tell what the journal has, and nothing of anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.billing.billed import BLOCKED, SENDER, UNCLEAR, bill, invoice, put

from fakturavakt.billing.billing_run import BillingRun
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.run_metrics import Metric, Sample, exposition, write_metrics
from fakturavakt.cli import cli
from fakturavakt.texts import text

LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*"'
NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*"
NUMBER = r"-?\d+(?:\.\d+)?"
HELP = re.compile(rf"# HELP ({NAME}) (?:[^\\\n]|\\[\\n])*")
TYPE = re.compile(rf"# TYPE ({NAME}) (gauge|counter)")
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? ({NUMBER})")

PLAIN = {r"\\": "\\", r"\n": "\n", r"\"": '"'}


@dataclass(frozen=True)
class Read:
    """A sample as it was read."""

    name: str
    labels: tuple[tuple[str, str], ...]
    value: float


def read(written: str) -> list[Read]:
    """The samples of an exposition, which is held to the format: help, type and samples of each metric
    together, no metric twice, no two samples alike, a line end behind each line.
    """
    assert written == "" or written.endswith("\n")
    found: list[Read] = []
    metric = ""
    seen: set[str] = set()
    typed = False
    for line in written.split("\n")[:-1]:
        if line.startswith("# HELP"):
            match = HELP.fullmatch(line)
            assert match is not None, line
            metric, typed = match[1], False
            assert metric not in seen
            seen.add(metric)
        elif line.startswith("# TYPE"):
            match = TYPE.fullmatch(line)
            assert match is not None, line
            assert match[1] == metric
            assert (match[2] == "counter") == metric.endswith("_total")
            typed = True
        else:
            match = SAMPLE.fullmatch(line)
            assert match is not None, line
            assert typed
            assert match[1] == metric
            found.append(Read(match[1], tuple(_labels(match[2] or "")), float(match[3])))
    assert len({(each.name, each.labels) for each in found}) == len(found)
    return found


def _labels(written: str) -> Iterator[tuple[str, str]]:
    for label in re.findall(LABEL, written):
        name, _, quoted = label.partition("=")
        yield name, re.sub(r"\\.", lambda found: PLAIN[found[0]], quoted[1:-1])


def values(
    outbox: Outbox, tmp_path: Path, today: date = date(2021, 2, 10)
) -> Mapping[tuple[str, str, str], float]:
    """What is told: by metric, destination and channel."""
    path = tmp_path / "m.prom"
    write_metrics(path, outbox, today, succeeded=True)
    found = read(path.read_text("utf-8"))
    assert {dict(each.labels)["outbox"] for each in found} == {str(outbox.root)}
    return {
        (
            each.name.removeprefix("fakturavakt_"),
            dict(each.labels).get("destination", ""),
            dict(each.labels).get("channel", ""),
        ): each.value
        for each in found
    }


@given(
    st.dictionaries(st.sampled_from("abc"), st.text()),
    st.text(),
    st.floats(-1e12, 1e12, allow_nan=False),
)
def test_whatever_labels_and_help_say_can_be_read(
    labels: dict[str, str], says: str, value: float
) -> None:
    """Quotation marks, line ends and backslashes are escaped; nothing else is touched."""
    metric = Metric("any", "gauge", says, (Sample(value, labels),))
    (found,) = read(exposition([metric]))
    assert dict(found.labels) == labels
    assert found.value == pytest.approx(value, abs=0.001)


def test_a_path_that_is_no_text_is_written_all_the_same() -> None:
    """A name of bytes that are no UTF-8."""
    metric = Metric("any", "gauge", "", (Sample(1, {"outbox": "/\udcff"}),))
    exposition([metric]).encode()


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """Documents of three outcomes."""
    inbox = tmp_path / "in"
    put(inbox, "1.json", invoice("S-1"))
    put(inbox, "2.ndjson", invoice("B-1", **BLOCKED), invoice("B-2", **BLOCKED))
    put(inbox, "3.json", invoice("H-1", **UNCLEAR, invoice__due_date="2021-02-12"))
    put(inbox, "4.json", invoice("H-2", **UNCLEAR))
    found = Outbox(tmp_path / "out")
    bill(inbox, found)
    return found


def test_the_figures_are_those_of_the_journal(outbox: Outbox, tmp_path: Path) -> None:
    """By destination and channel, over all runs and in the last one."""
    told = values(outbox, tmp_path)
    assert told["documents", "block", ""] == 2
    assert told["documents", "hold", ""] == told["documents_held", "", ""] == 2
    assert sum(value for (name, *_), value in told.items() if name == "documents") == 5
    assert sum(value for (name, *_), value in told.items() if name == "last_run_documents") == 5
    assert told["hold_nearest_due_days", "", ""] == 2
    assert values(outbox, tmp_path, today=date(2021, 2, 14))["hold_nearest_due_days", "", ""] == -2
    bill(tmp_path / "in", outbox)
    again = values(outbox, tmp_path)
    assert again["documents", "duplicate", ""] == 5
    assert again["documents", "block", ""] == 2


def test_a_run_that_waits_is_told(tmp_path: Path) -> None:
    """And none of its documents is anywhere yet."""
    put(tmp_path / "in", "1.json", invoice("S-1"))
    outbox = Outbox(tmp_path / "out")

    def waiting(run: BillingRun) -> None:
        run.check_point = lambda _plan: (text("for stor", "too large"),)

    bill(tmp_path / "in", outbox, waiting)
    told = values(outbox, tmp_path)
    assert told["runs_waiting", "", ""] == 1
    assert not [name for name, *_ in told if name in ("documents", "last_run_documents")]


def test_nothing_is_told_of_anybody(outbox: Outbox, tmp_path: Path) -> None:
    """No sender, no invoice, no recipient."""
    write_metrics(tmp_path / "m.prom", outbox, date(2021, 2, 10), succeeded=True)
    written = (tmp_path / "m.prom").read_text("utf-8").replace(str(outbox.root), "")
    for each in (SENDER, "Nordlys", "Kari", "K-", "B-1", "H-1"):
        assert each not in written


def test_the_command_writes_them_also_where_it_fails(tmp_path: Path) -> None:
    """How the last attempt ended; and nothing else beside the file."""
    put(tmp_path / "in", "1.json", invoice("S-1"))
    folder = tmp_path / "metrics"
    folder.mkdir()
    options = ["--to", str(tmp_path / "out"), "--metrics", str(folder / "f.prom")]
    CliRunner().invoke(cli, ["run", str(tmp_path / "in"), *options])
    success = {each.name: each.value for each in read((folder / "f.prom").read_text())}
    assert success["fakturavakt_last_run_success"] == 1
    assert success["fakturavakt_runs_total"] in (0, 1)
    done = CliRunner().invoke(
        cli, ["run", str(tmp_path / "in"), *options, "--rules", str(tmp_path / "none")]
    )
    assert done.exit_code == 2
    failed = {each.name: each.value for each in read((folder / "f.prom").read_text())}
    assert failed["fakturavakt_last_run_success"] == 0
    assert [path.name for path in folder.iterdir()] == ["f.prom"]


def test_one_that_is_refused_since_another_is_at_it_leaves_them_alone(tmp_path: Path) -> None:
    """The figures are the other one's to tell."""
    put(tmp_path / "in", "1.json", invoice("S-1"))
    options = ["--to", str(tmp_path / "out"), "--metrics", str(tmp_path / "f.prom")]
    with Outbox(tmp_path / "out").locked():
        assert CliRunner().invoke(cli, ["run", str(tmp_path / "in"), *options]).exit_code == 2
    assert not (tmp_path / "f.prom").exists()
