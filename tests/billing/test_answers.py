"""Answers taken into the register: what is not taken, what moves, and what an interruption leaves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.billing.faults import ENDED, ends_at, hooked, in_a_process
from tests.billing.held_outboxes import AS_OF, BOOK, HEADERS, Desk, drawn, run
from tests.billing.inboxes import documents_under, found_in

from fakturavakt.billing.answering import is_unfinished
from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.held_documents import opened
from fakturavakt.billing.questionnaire import QuestionnaireError, read
from fakturavakt.intake.document_places import documents_with_places
from fakturavakt.intake.sources import files_in_folder
from fakturavakt.screening import screen

SENDER = "310000019"
KEYS = f"{SENDER};1001"


def held(number: str, **line: object) -> dict[str, Any]:
    """An invoice for one service that the register has to say was agreed."""
    return {
        "invoice": {
            "number": number,
            "issue_date": "2021-02-01",
            "send_date": "2021-02-02",
            "due_date": "2021-02-15",
            "currency": "NOK",
            "payable_amount": 100,
            "lines": [{"id": "1", "kind": "service", "service": "strom", "amount": 100, **line}],
        },
        "sender": {"organisation_number": SENDER},
        "recipient": {"kind": "person", "customer_number": "1001", "name": "Ola Hemmelig"},
        "relationship": {"agreement": True},
    }


def desk_of(
    folder: Path, *documents: dict[str, Any], evidence: str = "", name: str = "a.ndjson"
) -> Desk:
    """An outbox of these documents, and a register with these rows of evidence."""
    inbox, register = folder / "in", folder / "register"
    inbox.mkdir(parents=True)
    register.mkdir()
    lines = [json.dumps(each, ensure_ascii=False) for each in documents]
    (inbox / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for file, header in HEADERS.items():
        rows = evidence if file == "evidence.csv" else ""
        (register / file).write_text(f"{header}\n{rows}", encoding="utf-8")
    (register / "senders.csv").write_text(
        f"organisation_number;name;complete_for\n{SENDER};A;\n", encoding="utf-8"
    )
    return run(inbox, folder / "out", register)


def test_a_yes_sends_and_a_no_blocks(tmp_path: Path) -> None:
    """Each with its new decision beside it, byte for byte as it came in."""
    documents = (held("F-1"), held("F-2", service="tv"), held("F-3", service="avis"))
    desk = desk_of(tmp_path, *documents)
    hold = desk.outbox.root / "hold" / "a.ndjson"
    lines = hold.read_bytes().splitlines()
    groups = {group.question.service: group for group in desk.queue().groups}
    assert {(g.frees, g.frees_ore, g.helps) for g in groups.values()} == {(1, 10000, 0)}
    desk.answer(desk.questionnaire([groups["strom"]]))
    desk.answer(desk.questionnaire([groups["tv"]], answer="nei"))
    assert hold.read_bytes().splitlines() == [lines[2]]
    sent = desk.outbox.root / "send" / "paper" / "a.ndjson"
    assert sent.read_bytes() == lines[0] + b"\n"
    blocked = desk.outbox.root / "block" / "a.ndjson"
    assert blocked.read_bytes() == lines[1] + b"\n"
    said = json.loads(blocked.with_name("a.ndjson.decisions.ndjson").read_text(encoding="utf-8"))
    assert (said["decision"], said["invoice"]) == ("block", "F-2")
    assert said["document"]["position"] == 2
    counts = desk.counts()
    assert [counts[each] for each in (Destination.SEND, Destination.BLOCK, Destination.HOLD)] == [
        1,
        1,
        1,
    ]


def test_one_that_misses_less_gets_a_new_decision_where_it_is(tmp_path: Path) -> None:
    """It stays on hold, and says what is still missing."""
    document = held("F-1")
    document["relationship"] = {}
    desk = desk_of(tmp_path, document, name="a.json")
    (group,) = [each for each in desk.queue().groups if each.question.about == "agreement"]
    assert (group.frees, group.helps) == (0, 1)
    desk.answer(desk.questionnaire([group]))
    beside = desk.outbox.root / "hold" / "a.json.decision.json"
    assert [each.split(".")[1] for each in json.loads(beside.read_bytes())["missing"]] == [
        "agreed"
    ] * 3
    (rest,) = desk.queue().groups
    assert (rest.question.about, rest.frees) == ("agreed", 1)


@pytest.mark.parametrize(
    ("evidence", "cells", "said"),
    [
        (f"{KEYS};strom;agreed;nei;2021-02-01;;;;;;;;\n", {}, "says no"),
        (f"{KEYS};strom;agreed;;2021-02-01;;;;50,00;;;;\n", {}, "another value for amount"),
        (
            f"{KEYS};strom;agreed;;2020-01-01;2021-02-01;;;100,00;;;;\n",
            {},
            "was withdrawn on 2021-02-01",
        ),
        (f"{KEYS};strom;agreed;;2020-01-01;;;;100,00;;;;\n", {"answer": "nei"}, "says yes"),
    ],
)
def test_what_contradicts_the_register_is_shown_and_not_taken(
    evidence: str, cells: dict[str, str], said: str, tmp_path: Path
) -> None:
    """The register is as it was, and nothing moves."""
    desk = desk_of(tmp_path, held("F-1"))
    path = desk.questionnaire(desk.queue().groups, **cells)
    register = desk.evidence / "evidence.csv"
    register.write_text(register.read_text(encoding="utf-8") + evidence, encoding="utf-8")
    before = register.read_bytes()
    result = desk.answer(path)
    (found,) = result.contradictions
    assert said in found.said.say("en")
    assert "evidence.csv, line 2" in found.said.say("en")
    assert register.read_bytes() == before
    assert desk.counts()[Destination.HOLD] == 1


def test_a_fact_with_another_value_is_a_contradiction(tmp_path: Path) -> None:
    """Also one that an answer further up gave."""
    document = held("F-1", agreed={"given": True, "given_on": "2020-01-01", "amount": 100})
    document["recipient"]["kind"] = None
    desk = desk_of(tmp_path, document)
    groups = desk.queue().groups
    path = desk.questionnaire(groups)
    written = path.read_text(encoding="utf-8-sig")
    row = written.splitlines()[1]
    path.write_text(written + row.replace(";person;", ";organisation;") + "\n", encoding="utf-8")
    result = desk.answer(path)
    assert [len(result.taken), len(result.contradictions)] == [1, 1]
    assert result.contradictions[0].answer.place.line == 3
    assert desk.counts()[Destination.SEND] == 1
    again = desk.answer(path)
    assert [len(again.known), len(again.taken)] == [1, 0]


def test_all_mistakes_are_told_at_once_and_nothing_is_taken(tmp_path: Path) -> None:
    """With file, line and cell; cells are not repeated."""
    desk = desk_of(tmp_path, held("F-1"), held("F-2", service="tv"), held("F-3", service="avis"))
    path = desk.questionnaire(desk.queue().groups)
    header, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    number = {name: n for n, name in enumerate(header.split(";"))}

    def with_cells(row: str, **cells: str) -> str:
        parts = row.split(";")
        for name, cell in cells.items():
            parts[number[name]] = cell
        return ";".join(parts)

    wrong = [
        with_cells(rows[0], answer="kanskje", recorded_by=""),
        with_cells(rows[1], **{"from": "1. februar", "amount": ""}),
        with_cells(rows[2], answer=""),
        rows[0] + ";",
        with_cells(rows[0], about="noe", sender="123"),
    ]
    path.write_text("\n".join([header, *wrong]), encoding="utf-8")
    with pytest.raises(QuestionnaireError) as raised:
        read(str(path), AS_OF)
    found = {(p.place.line, header.split(";")[p.place.column - 1]) for p in raised.value.problems}
    assert found == {
        *((2, "answer"), (2, "recorded_by"), (3, "from"), (3, "amount"), (4, "answer")),
        *((5, header.split(";")[0]), (6, "about")),
    }
    assert "kanskje" not in raised.value.say("nb")


def test_a_register_keeps_what_is_its_own(tmp_path: Path) -> None:
    """Header, unknown columns, encoding, line ends; a row of a recipient is filled in, not made anew."""
    document = held("F-1", agreed={"given": True, "given_on": "2020-01-01", "amount": 100})
    document["recipient"]["kind"] = None
    desk = desk_of(tmp_path, document)
    path = desk.evidence / "recipients.csv"
    before = "merknad,customer_number,kind,sender,name\r\nfast,1001,,310000019,Åse".encode("cp1252")
    path.write_bytes(before)
    desk.answer(desk.questionnaire(desk.queue().groups))
    row = "fast,1001,person,310000019,Åse\r\n".encode("cp1252")
    assert path.read_bytes() == before + b"\r\n" + row
    assert desk.counts()[Destination.SEND] == 1


def test_what_came_to_the_register_by_hand_frees_without_a_questionnaire(tmp_path: Path) -> None:
    """The queue says that it may go; the command without a file lets it go."""
    desk = desk_of(tmp_path, held("F-1"), held("F-2", service="tv"))
    register = desk.evidence / "evidence.csv"
    row = f"{KEYS};tv;agreed;;2021-01-01;;;;100,00;;;;\n"
    register.write_text(register.read_text(encoding="utf-8") + row, encoding="utf-8")
    queue = desk.queue()
    assert (queue.ready, queue.promised) == (1, 1)
    result = desk.answer(None)
    assert result.moved == {(Destination.SEND, "paper"): 1}
    assert desk.counts()[Destination.HOLD] == 1


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_document_is_in_one_place_beside_its_decision(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Byte for byte, and decided as ``screen`` decides what lies there now."""
    desk = drawn(tmp_path_factory.mktemp("drawn"), seed)
    wanted = contents(desk)
    desk.answer(desk.questionnaire(desk.queue().groups))
    check(desk, wanted)


def contents(desk: Desk) -> Counter[bytes]:
    """The documents of an outbox, told apart by their numbers."""
    found: Counter[bytes] = Counter()
    files, _ = files_in_folder(str(desk.outbox.root), None)
    for path in documents_under(desk.outbox.root):
        assert str(path) in files
        with opened(path) as stream:
            for each in documents_with_places(stream, path.name, BOOK.vocabulary, lambda _s: None):
                found[each.data] += 1
    return found


def check(desk: Desk, wanted: Counter[bytes]) -> None:
    """All documents are there once, each where its decision says and beside it; the journal agrees."""
    assert contents(desk) == wanted
    assert found_in(documents_under(desk.outbox.root), wanted) == wanted
    counts: Counter[str] = Counter()
    for path in documents_under(desk.outbox.root):
        place = path.relative_to(desk.outbox.root).parts
        decided = list(
            screen([path], BOOK, evidence=desk.evidence, as_of=AS_OF, engine="reference")
        )
        (beside,) = [
            each
            for each in (
                path.with_name(path.name + end) for end in (".decision.json", ".decisions.ndjson")
            )
            if each.exists()
        ]
        said = [json.loads(line) for line in beside.read_text(encoding="utf-8").splitlines()]
        assert [each["invoice"] for each in said] == [each.invoice for each in decided]  # type: ignore[union-attr]
        counts[place[0]] += len(said)
        for each, now in zip(said, decided, strict=True):
            assert each["decision"].replace("_", "-") == place[0]
            if place[0] == "hold":
                assert each["missing"] == list(now.missing)  # type: ignore[union-attr]
    assert {str(k): v for k, v in desk.counts().items() if v} == dict(counts)
    assert not list(desk.outbox.staged.iterdir())


def test_an_answer_that_is_interrupted_anywhere_is_finished_by_the_next(tmp_path: Path) -> None:
    """Ended before each of its steps in turn: the next command, also without a file, does what is left."""
    n = 0
    ended = ENDED
    while ended == ENDED:
        n += 1
        folder = tmp_path / str(n)
        folder.mkdir()
        desk = drawn(folder, 5, 12)
        wanted = contents(desk)
        queue = desk.queue()
        before = desk.counts()[Destination.SEND] + desk.counts()[Destination.OUT_OF_SCOPE]
        path = desk.questionnaire(queue.groups)
        ended = in_a_process(interrupted(desk, path, n))
        assert ended in (0, ENDED), n
        desk.answer(None)
        check(desk, wanted)
        with desk.outbox.journal(read_only=True) as journal:
            assert not is_unfinished(journal)
        desk.answer(path)
        check(desk, wanted)
        free = desk.counts()[Destination.SEND] + desk.counts()[Destination.OUT_OF_SCOPE]
        assert free == before + queue.promised
    assert n > 20


def interrupted(desk: Desk, path: Path, n: int) -> Callable[[], None]:
    """The command, in a process that ends before its n-th step."""

    def work() -> None:
        hooked(ends_at(n))
        desk.answer(path)

    return work


def test_a_run_finishes_what_an_answer_left(tmp_path: Path) -> None:
    """Documents that the journal has elsewhere are put there before anything else happens."""
    n = 0
    while True:
        n += 1
        folder = tmp_path / str(n)
        folder.mkdir()
        desk = drawn(folder, 5, 12)
        wanted = contents(desk)
        path = desk.questionnaire(desk.queue().groups)
        ended = in_a_process(interrupted(desk, path, n))
        if ended == 0:
            break
        if n % 4 == 0:
            run(folder / "in", desk.outbox.root, desk.evidence)
            assert contents(desk) == wanted
            assert not list(desk.outbox.staged.iterdir())
    assert n > 20
