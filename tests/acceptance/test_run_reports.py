"""Reports of an acceptance run: for the terminal, as JUnit, as Cucumber's JSON, and its history."""

from __future__ import annotations

import errno
import json
import os
import re
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from lxml import etree
from tests.acceptance.acceptance_runs import ERROR, GREEN, NORWEGIAN, RUN, runs

from fakturavakt.acceptance.cucumber_json import as_cucumber_json
from fakturavakt.acceptance.junit_report import as_junit
from fakturavakt.acceptance.run_history import (
    HistoryError,
    append_run,
    read_history,
    record_of,
    with_run,
)
from fakturavakt.acceptance.run_result import AcceptanceRun, Status
from fakturavakt.acceptance.run_words import balance, result_in_words
from fakturavakt.acceptance.text_report import say
from fakturavakt.problems import visible

RANDOM = settings(max_examples=50, deadline=None)


# -- for the terminal --------------------------------------------------------------------------------


def test_what_failed_is_told_with_its_place_its_steps_and_its_error() -> None:
    """Passed scenarios are counted, and listed only where all are asked for."""
    said = "\n".join(say(RUN, "nb"))
    assert said == (
        "✗ Ny ytelse eller utvidet abonnement  3 scenarier, 1 feilet  "
        "features/forbud/ytelse_uten_avtale.feature\n"
        "    ✗ Beløpet på linjen, holdt opp mot det som er avtalt (beløp = 349,01 kr, avgjørelse = stoppet)"
        "  features/forbud/ytelse_uten_avtale.feature:24\n"
        "        Gitt en faktura som kan sendes\n"
        "        Og at fakturaen er datert 1. februar 2021\n"
        "        Gitt at linje 1 er på 349,01 kr\n"
        "        Når fakturaen kontrolleres\n"
        "      ✗ Så blir fakturaen stoppet\n"
        "          ventet «stoppet», ble «sendt»\n"
        "            grunnen: <ukjent> & uavklart\n"
        "– Channels <and> what they carry  1 scenario, 1 ikke kjørt  features/english/channels.feature\n"
        "    – The register says what the invoice does not  features/english/channels.feature:3\n"
        "          The step “this note” is not known.\n"
        "\n"
        "Av 4 scenarier feilet 1, og 1 ble ikke kjørt.\n"
        "4 scenarier inn = 2 bestått + 1 feilet + 1 ikke kjørt.\n"
        f"Regelbok: autoinvoice-b2c {RUN.version[7:19]}. Motorer: reference og durable."
    )
    assert "En rabatt" not in said
    assert "✓ En rabatt krever ingenting  " in "\n".join(say(RUN, "nb", every=True))


@pytest.mark.parametrize(
    ("statuses", "nb", "en"),
    [
        ("", "Ingen scenarier ble kjørt.", "No scenarios were run."),
        (
            "p",
            "Det ene scenariet ble kjørt, og det bestod.",
            "The one scenario was run, and it passed.",
        ),
        (
            "pp",
            "Alle 2 scenarier ble kjørt, og alle bestod.",
            "All 2 scenarios were run, and all passed.",
        ),
        ("f", "Av 1 scenario feilet 1.", "Of 1 scenario, 1 failed."),
        ("n", "Av 1 scenario ble 1 ikke kjørt.", "Of 1 scenario, 1 was not run."),
        ("pnn", "Av 3 scenarier ble 2 ikke kjørt.", "Of 3 scenarios, 2 were not run."),
        (
            "pfn",
            "Av 3 scenarier feilet 1, og 1 ble ikke kjørt.",
            "Of 3 scenarios, 1 failed and 1 was not run.",
        ),
    ],
)
def test_numbers_agree_with_what_they_count(statuses: str, nb: str, en: str) -> None:
    """In both languages."""
    words = {"p": Status.PASSED, "f": Status.FAILED, "n": Status.NOT_RUN}
    scenarios = tuple(replace(NORWEGIAN.scenarios[0], status=words[each]) for each in statuses)
    run = replace(RUN, features=(replace(NORWEGIAN, scenarios=scenarios),))
    assert (result_in_words(run).say("nb"), result_in_words(run).say("en")) == (nb, en)


@RANDOM
@given(runs())
def test_the_balance_adds_up_and_every_line_is_one(run: AcceptanceRun) -> None:
    """Whatever a feature writes: no line of it becomes two, or moves the cursor."""
    for language in ("nb", "en"):
        total, *parts = map(int, re.findall(r"\d+", balance(run, language)))
        assert total == sum(parts) == sum(len(each.scenarios) for each in run.features)
        for line in say(run, language, every=True):
            assert visible(line) == line


# -- JUnit -------------------------------------------------------------------------------------------


@RANDOM
@given(runs())
def test_junit_has_a_case_for_each_scenario(run: AcceptanceRun) -> None:
    """The sums are right, and so they are in each suite."""
    root = etree.fromstring(as_junit(run, "nb").encode())
    for suite in (root, *root):
        cases = [*suite.iter("testcase")]
        assert suite.get("tests") == str(len(cases))
        assert suite.get("failures") == str(len([*suite.iter("failure")]))
        assert suite.get("skipped") == str(len([*suite.iter("skipped")]))
    assert root.get("failures") == str(run.count(Status.FAILED))
    assert root.get("skipped") == str(run.count(Status.NOT_RUN))


def test_a_junit_failure_has_the_steps_and_the_error() -> None:
    """The first line stands alone, for lists."""
    root = etree.fromstring(as_junit(RUN, "nb").encode())
    (failure,) = root.iter("failure")
    assert failure.get("message") == "ventet «stoppet», ble «sendt»"
    assert (failure.text or "").endswith(f"Så blir fakturaen stoppet\n{ERROR}")
    case = failure.getparent()
    assert case is not None
    assert case.get("line") == "24"
    assert case.get("file") == "features/forbud/ytelse_uten_avtale.feature"


# -- Cucumber ----------------------------------------------------------------------------------------

_STRING, _LINE = {"type": "string"}, {"type": "integer", "minimum": 1}


def _object(required: str, **properties: object) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def _list(items: object) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TAG = _object("name", name={"type": "string", "pattern": "^@"})
_RESULT = _object(
    "status",
    status={"enum": ["passed", "failed", "skipped", "undefined", "pending"]},
    duration={"type": "integer", "minimum": 0},
    error_message={"type": "string", "minLength": 1},
) | {
    "if": {"properties": {"status": {"const": "failed"}}},
    "then": {"required": ["status", "error_message"]},
}
_STEP = _object(
    "keyword line name match result",
    keyword={"type": "string", "pattern": " $"},
    line=_LINE,
    name=_STRING,
    match=_object(""),
    result=_RESULT,
    rows=_list(_object("cells", cells=_list(_STRING))),
    doc_string=_object("value line", value=_STRING, line=_LINE),
)
_ELEMENT = _object(
    "type keyword name description line steps",
    type={"enum": ["background", "scenario"]},
    id=_STRING,
    keyword=_STRING,
    name=_STRING,
    description=_STRING,
    line=_LINE,
    tags=_list(_TAG),
    steps=_list(_STEP),
)
CUCUMBER = _list(
    _object(
        "uri id keyword name description line elements",
        uri=_STRING,
        id=_STRING,
        keyword=_STRING,
        name=_STRING,
        description=_STRING,
        line=_LINE,
        tags=_list(_TAG),
        elements=_list(_ELEMENT),
    )
)
"""What readers of the format count on: the keys that Cucumber for Java writes."""


@RANDOM
@given(runs())
def test_cucumber_json_is_what_its_readers_expect(run: AcceptanceRun) -> None:
    """A failed scenario has a failed step as long as it has a step at all."""
    found = json.loads(as_cucumber_json(run))
    jsonschema.Draft202012Validator(CUCUMBER).validate(found)
    elements = [each for feature in found for each in feature["elements"]]
    assert sum(each["type"] == "scenario" for each in elements) == len([*run.scenarios()])


def test_a_background_is_an_element_before_each_scenario() -> None:
    """In the words of the feature's language, with the time of each step in nanoseconds."""
    found = json.loads(as_cucumber_json(RUN))
    assert [each["keyword"] for each in found] == ["Egenskap", "Feature"]
    elements = found[0]["elements"]
    assert [each["keyword"] for each in elements] == [
        *("Bakgrunn", "Scenario"),
        *("Bakgrunn", "Scenariomal"),
        *("Bakgrunn", "Scenariomal"),
    ]
    failed = elements[-1]
    assert failed["id"].endswith(";24")
    assert failed["tags"] == [{"name": "@S15"}]
    assert [each["result"]["status"] for each in failed["steps"]] == ["passed", "passed", "failed"]
    assert failed["steps"][1]["result"]["duration"] == 250_000_000
    assert failed["steps"][2]["result"]["error_message"] == ERROR
    (unrun,) = found[1]["elements"]
    assert unrun["steps"][0]["rows"][2] == {"cells": ["2", "a|b"]}
    assert unrun["steps"][1]["doc_string"]["value"].startswith("First line\n")
    assert {each["result"]["status"] for each in unrun["steps"]} == {"skipped"}


# -- history -----------------------------------------------------------------------------------------


def test_a_run_is_added_and_read_again(tmp_path: Path) -> None:
    """In order; a history that is not there is empty, and a run alone has no history to show."""
    file = tmp_path / "history.ndjson"
    assert read_history(file) == ()
    assert with_run((), RUN) == ()
    append_run(file, GREEN)
    append_run(file, RUN)
    green, red = read_history(file)
    assert (green.passed, green.failed, green.not_run) == (2, 0, 0)
    assert red == record_of(RUN)
    assert red.failing == ("Beløpet på linjen, holdt opp mot det som er avtalt",)
    assert with_run((green, red), RUN) == (green, red)
    assert with_run((green,), RUN) == (green, red)


def test_a_line_that_is_no_run_is_told_with_its_place(tmp_path: Path) -> None:
    """All of them at once."""
    file = tmp_path / "history.ndjson"
    append_run(file, RUN)
    good = json.loads(file.read_text(encoding="utf-8"))
    bad = [
        b"",
        b'{"started": oops}',
        b"[1]",
        json.dumps(good | {"more": 1}).encode(),
        json.dumps(good | {"passed": -1}).encode(),
        json.dumps(good | {"failed": True}).encode(),
        json.dumps(good | {"started": "yesterday"}).encode(),
        json.dumps(good | {"failing": [1]}).encode(),
        b'{"\xff": 1}',
        b"[" * 100_000,
    ]
    file.write_bytes(file.read_bytes() + b"\n".join(bad) + b"\n")
    with pytest.raises(HistoryError) as caught:
        read_history(file)
    assert [each.place.line for each in caught.value.problems] == [*range(2, 12)]
    columns = {each.place.line: each.place.column for each in caught.value.problems}
    assert (columns[3], columns[10]) == (13, 3)


def test_an_unfinished_line_spoils_only_itself(tmp_path: Path) -> None:
    """What is added after it can be read, and the unfinished one is told of."""
    file = tmp_path / "history.ndjson"
    file.write_bytes(b'{"started":"2021-0')
    append_run(file, RUN)
    with pytest.raises(HistoryError) as caught:
        read_history(file)
    assert [each.place.line for each in caught.value.problems] == [1]


def test_a_full_disk_is_told_and_leaves_the_history_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not half a line, and the system's own reason."""

    def full(_stream: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    file = tmp_path / "history.ndjson"
    append_run(file, GREEN)
    before = file.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        append_run(file, RUN)
    assert file.read_bytes() == before


def _append(file: str) -> None:
    for _ in range(20):
        append_run(Path(file), RUN)


def test_runs_that_end_at_once_are_all_there(tmp_path: Path) -> None:
    """Each on a line of its own."""
    file = tmp_path / "history.ndjson"
    context = get_context("fork" if os.name == "posix" else None)
    processes = [context.Process(target=_append, args=(str(file),)) for _ in range(3)]
    for each in processes:
        each.start()
    for each in processes:
        each.join()
    assert len(read_history(file)) == 60
