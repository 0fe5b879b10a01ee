"""What is said of repeats, and the picture drawn from them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from benchmarks.measure import Goal, Measured, Result, Series, Spread, WorkError, in_turns, measure
from benchmarks.plot import picture


def series(name: str, documents: int, *seconds: float) -> Series:
    """Repeats that took so long."""
    return Series(
        name, documents, "wall", [Measured(0, each, each / 2, 1 << 20) for each in seconds]
    )


def test_ratios_are_taken_a_document_and_turn_by_turn() -> None:
    """Not between medians: both sides of a slow turn are slow."""
    base = series("base", 1000, 1.0, 3.0, 1.0)
    other = series("other", 100, 0.2, 0.6, 0.3)
    assert other.over(base) == Spread(2.0, 2.0, 3.0)
    assert base.microseconds == Spread(1000.0, 1000.0, 3000.0)


def test_a_goal_that_is_not_met_says_so() -> None:
    """By the median, on the right side of the bound."""
    figure = Spread(1.0, 2.0, 9.0)
    assert Goal("x", figure, 2.0).met
    assert "**not met**" in Goal("x", figure, 1.9).written()
    assert Goal("x", figure, 2.0, is_least=True).met
    assert not Goal("x", figure, 2.1, is_least=True).met


def test_works_take_turns_and_measure_themselves(tmp_path: Path) -> None:
    """Real processes, with DuckDB alone; one that fails says why."""
    job = {
        "work": "duckdb_sql",
        "input": "",
        "output": str(tmp_path / "x.parquet"),
        "threads": 1,
        "documents": 10,
    }
    write = {**job, "sql": "COPY (SELECT 1) TO '{output}' (FORMAT parquet)"}
    found = in_turns({"a": write, "b": {**job, "sql": "SELECT 1"}}, 2, "cpu")
    assert [len(each.repeats) for each in found.values()] == [2, 2]
    assert (tmp_path / "x.parquet").exists()
    assert all(10 < each.memory < 1000 for each in found.values())
    with pytest.raises(WorkError, match="nowhere"):
        measure({**job, "sql": "SELECT * FROM nowhere"})


def test_the_picture_has_a_bar_for_each_and_shows_no_zero(tmp_path: Path) -> None:
    """From kept results, as XML that can be read."""
    found = {
        "fakturavakt, columnar": series("fakturavakt, columnar", 10, 1.0, 1.1, 1.2),
        "hand_msgspec": series("hand_msgspec", 10, 0.02, 0.03, 0.04),
        "cel_python": series("cel_python", 10, 300.0, 330.0, 340.0),
    }
    Result("peers", "Peers", "2 cores", "", [], [Goal("x", Spread(1, 1, 1), 2)], found).save(
        tmp_path
    )
    kept = json.loads((tmp_path / "peers.json").read_text(encoding="utf-8"))
    assert kept["series"]["cel_python"] == asdict(found["cel_python"])
    root = ET.fromstring(picture(kept))  # noqa: S314 (our own)
    svg = "{http://www.w3.org/2000/svg}"
    bars = [each for each in root.iter(f"{svg}rect") if each.get("class") != "page"]
    widths = [float(each.get("width", "0")) for each in bars]
    assert len(widths) == len(found)
    assert widths == sorted(widths)
    said = {each.text for each in root.iter(f"{svg}text")}
    assert {"0.03", "1", "300", "fakturavakt, columns"} <= said


def test_memory_is_the_work_s_own() -> None:
    """Not that of the process that started it."""
    ballast = bytearray(600 << 20)
    ballast[::4096] = b"x" * len(ballast[::4096])
    job = {"work": "duckdb_sql", "input": "", "output": "", "threads": 1, "sql": "SELECT 1"}
    assert measure(job).memory < 400 << 20
    assert len(ballast) == 600 << 20
