"""A run in its parts: what may happen between plan and placing, and files that are split."""

from __future__ import annotations

import errno
import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from benchmarks.ubl_inbox import AS_OF
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.billing.inboxes import BLOCKED, HELD, document, documents_under

from fakturavakt.billing import placing, screened_files
from fakturavakt.billing.billing_run import BillingRun, Listener, RunResult
from fakturavakt.billing.check_point import CheckPoint, Plan, may_go_on
from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.inbox_screening import screened_here, screened_side_by_side
from fakturavakt.billing.outbox import Outbox
from fakturavakt.billing.run_records import AskedFact, Mode, RunState
from fakturavakt.billing.screened_files import FileScreening
from fakturavakt.bulk.run_folder import RunError
from fakturavakt.intake.document_places import PlacedDocument, documents_with_places
from fakturavakt.intake.sources import files_in_folder, read_documents
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.texts import Text, text

BOOK = load_rulebook().without_trials()
SCREENING = FileScreening(BOOK, AS_OF, "reference", "en", None)
WHY = text("Det ser rart ut.", "That looks odd.")


class Desk:
    """An inbox and an outbox, and what was told."""

    def __init__(self, folder: Path) -> None:
        self.inbox, self.outbox = folder / "in", Outbox(folder / "out")
        self.inbox.mkdir()
        self.told: list[str] = []

    def deliver(self, **files: bytes) -> None:
        """``a_json=…`` as ``a.json``."""
        for name, data in files.items():
            (self.inbox / name.replace("_", ".")).write_bytes(data)

    def billing_run(self, check_point: CheckPoint = may_go_on) -> BillingRun:
        """As it would be started."""
        listener = Listener(
            lambda said: self.told.append(said.say("en")),
            lambda file: self.told.append(file.reason.say("en")),
        )
        return BillingRun(self.outbox, {}, check_point, "en", listener)

    def run(self, check_point: CheckPoint = may_go_on, mode: Mode = "move") -> RunResult | None:
        """The command."""
        with self.outbox.locked():
            self.outbox.make()
            with self.outbox.journal() as journal:
                run = self.billing_run(check_point)
                earlier = run.finish(journal)
                if earlier is not None and earlier.run.state is RunState.WAITING:
                    return earlier
                files, _ = files_in_folder(str(self.inbox), None)
                if not files:
                    return earlier
                return run.run(journal, str(self.inbox), mode, screened_here(SCREENING, files))

    def placed(self) -> list[str]:
        """The documents in the outbox."""
        root = self.outbox.root
        return sorted(path.relative_to(root).as_posix() for path in documents_under(root))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Of its own."""
    return Desk(tmp_path)


def test_nothing_is_put_out_before_the_check_point(desk: Desk) -> None:
    """It sees the whole plan in the journal; the inbox is untouched while the run waits, and each next run
    says so.
    """
    desk.deliver(a_json=document("1"), b_json=document("2", **HELD))
    seen: list[str] = []

    def check_point(plan: Plan) -> tuple[Text, ...]:
        seen.append(plan.run.run)
        found = list(plan.journal.documents(plan.run.run))
        assert [each.destination for each in found] == [Destination.SEND, Destination.HOLD]
        assert found[0].figures.ore == 43625
        assert found[1].figures.missing == (AskedFact("recipient.kind"),)
        assert plan.run.documents_in == 2
        return (WHY,)

    result = desk.run(check_point)
    assert result is not None
    assert result.run.state is RunState.WAITING
    assert result.run.waits_for == ("That looks odd.",)
    assert desk.placed() == []
    assert len(list(desk.inbox.iterdir())) == 2
    desk.told.clear()
    again = desk.run()
    assert again is not None
    assert again.run.run == result.run.run
    assert "waits to be released" in desk.told[0]
    assert len(seen) == 1

    with desk.outbox.locked(), desk.outbox.journal() as journal:
        run = desk.billing_run()
        with pytest.raises(RunError):
            run.release(journal, "another", "Kari")
        released = run.release(journal, result.run.run, "Kari")
    assert released.run.state is RunState.ENDED
    assert released.run.released_by == "Kari"
    assert desk.placed() == ["hold/b.json", "send/vipps_regning/a.json"]
    assert json.loads((desk.outbox.root / "run.json").read_text())["released_by"] == "Kari"


def test_a_plan_can_be_discarded(desk: Desk) -> None:
    """Then it is as if its documents had never been seen."""
    desk.deliver(a_json=document("1"))
    waiting = desk.run(lambda _plan: (WHY,))
    assert waiting is not None
    with desk.outbox.locked(), desk.outbox.journal() as journal:
        desk.billing_run().discard(journal, waiting.run.run)
    done = desk.run()
    assert done is not None
    assert done.run.run != waiting.run.run
    assert done.books[Destination.SEND] == 1
    assert desk.placed() == ["send/vipps_regning/a.json"]


def test_what_changes_between_plan_and_placing_is_not_placed(desk: Desk) -> None:
    """Nor what has gone, nor what repeats it; the books say so, and the next run takes what is there then."""
    desk.deliver(
        a_json=document("1"),
        b_json=document("2"),
        c_json=document("2"),  # repeats b
        d_ndjson=document("3") + b"\n" + document("4", **BLOCKED),
        e_json=document("5"),
    )

    def meanwhile(_plan: Plan) -> tuple[()]:
        desk.deliver(a_json=document("1", recipient__name="Ola"), d_ndjson=document("3"))
        (desk.inbox / "b.json").unlink()
        return ()

    done = desk.run(meanwhile)
    assert done is not None
    assert done.books.balance
    assert done.books[Destination.NOT_PLACED] == 5
    assert desk.placed() == ["send/vipps_regning/e.json"]
    assert len(desk.told) == 4
    again = desk.run()
    assert again is not None
    assert again.books[Destination.SEND] == 3
    assert again.books[Destination.NOT_PLACED] == 0
    assert [path.rpartition("/")[2] for path in desk.placed()] == [
        "a.json",
        "c.json",
        "d.ndjson",
        "e.json",
    ]
    assert list(desk.inbox.iterdir()) == []


def test_a_file_that_is_delivered_while_its_name_is_placed_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another file under the name of one that has been placed is not taken away for it."""
    desk.deliver(a_json=document("1"))

    def when_it_has_been_read(said: bytes) -> bytes:
        desk.deliver(a_json=document("2"))
        return screened_files.unpacked(said)

    monkeypatch.setattr(placing, "unpacked", when_it_has_been_read)
    desk.run()
    assert desk.placed() == ["send/vipps_regning/a.json"]
    assert (desk.inbox / "a.json").read_bytes() == document("2")


def test_a_name_that_somebody_took_is_not_written_over(desk: Desk) -> None:
    """The run says which, and goes on when it is free."""
    desk.deliver(a_json=document("1"))
    taken = desk.outbox.root / "send" / "vipps_regning" / "a.json"

    def meanwhile(_plan: Plan) -> tuple[()]:
        taken.parent.mkdir(parents=True)
        taken.write_bytes(b"mine")
        return ()

    with pytest.raises(RunError, match=r"a\.json exists already"):
        desk.run(meanwhile)
    assert taken.read_bytes() == b"mine"
    taken.unlink()
    done = desk.run()
    assert done is not None
    assert done.resumed
    assert taken.read_bytes() == document("1")


def test_an_inbox_that_cannot_be_reached_loses_nothing(desk: Desk) -> None:
    """Its files are not taken for gone."""
    desk.deliver(a_json=document("1"))
    away = desk.inbox.with_name("away")

    def meanwhile(_plan: Plan) -> tuple[()]:
        desk.inbox.rename(away)
        return ()

    with pytest.raises(RunError, match="is not there now"):
        desk.run(meanwhile)
    away.rename(desk.inbox)
    done = desk.run()
    assert done is not None
    assert desk.placed() == ["send/vipps_regning/a.json"]


def test_a_large_file_is_split_as_it_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file that is not held in memory every line comes out as it went in."""
    monkeypatch.setattr(screened_files, "AT_ONCE", 1000)
    lines = [document(str(n), **(BLOCKED if n % 3 else {})) for n in range(200)]
    desk.deliver(a_ndjson=b"\r\n".join(lines))
    desk.run()
    out = desk.outbox.root
    sent = (out / "send" / "vipps_regning" / "a.ndjson").read_bytes()
    assert sent == b"".join(line + b"\r\n" for line in lines[::3])
    blocked = (out / "block" / "a.ndjson").read_bytes()
    assert blocked == b"".join(line + b"\r\n" for n, line in enumerate(lines) if n % 3)


def test_a_file_that_cannot_be_read_to_its_end_stays_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had so far might be sent, and the rest be lost with it."""
    desk.deliver(a_ndjson=document("1") + b"\n" + document("2"), b_json=document("3"))
    real = documents_with_places

    def ends(*given: Any) -> Iterator[PlacedDocument]:  # noqa: ANN401
        yield from islice(real(*given), 1)
        if given[1].endswith("ndjson"):
            raise OSError(errno.EIO, "the disk does not answer")

    monkeypatch.setattr(screened_files, "documents_with_places", ends)
    done = desk.run()
    assert done is not None
    assert (done.run.documents_in, done.refusals) == (1, 1)
    assert done.books.balance
    assert desk.placed() == ["send/vipps_regning/b.json"]
    assert [path.name for path in desk.inbox.iterdir()] == ["a.ndjson"]
    monkeypatch.undo()
    again = desk.run()
    assert again is not None
    assert again.books[Destination.SEND] == 2


def test_processes_tell_the_same_in_the_same_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are."""
    monkeypatch.setattr("fakturavakt.billing.inbox_screening.FEW", 1)
    monkeypatch.setattr("fakturavakt.billing.inbox_screening.FILES_A_TASK", 3)
    for n in range(20):
        desk.deliver(**{f"{n:02}_json": document(str(n), **(BLOCKED if n % 2 else {}))})
    files, _ = files_in_folder(str(desk.inbox), None)
    assert list(screened_side_by_side(SCREENING, files, 2)) == list(screened_here(SCREENING, files))


PIECES = st.sampled_from(
    [
        b"{}",
        b'{"a": "\xc3\xa6"}',
        b"[",
        b"]",
        b",",
        b"\n",
        b"\r\n",
        b" ",
        b"5",
        b'"',
        b"{",
        b"\xef\xbb\xbf",
        b"\xff",
    ]
)


@settings(max_examples=300)
@given(data=st.lists(PIECES, max_size=12).map(b"".join), ending=st.sampled_from(["json", "ndjson"]))
def test_documents_are_those_of_the_reader(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str
) -> None:
    """The same ones in the same order, each within the file, and none over another."""
    check_places(tmp_path_factory, data, ending)


CELLS = st.sampled_from(["1", "2", "", '"a\nb"', '"x""y"', "æ", '"', "a;b"])


@settings(max_examples=300)
@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=6),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    code=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
)
def test_rows_are_those_of_the_reader(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], end: str, code: str
) -> None:
    """The same of CSV, whose rows need not stand together."""
    written = end.join(["invoice.number,line.description", *(",".join(row) for row in rows)])
    check_places(tmp_path_factory, written.encode(code), "csv")


def check_places(tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str) -> None:
    """Of one file."""
    path = tmp_path_factory.mktemp("places") / f"a.{ending}"
    path.write_bytes(data)
    found = list(
        documents_with_places(io.BytesIO(data), str(path), BOOK.vocabulary, lambda _: None)
    )
    read = list(read_documents(str(path), BOOK.vocabulary, lambda _: None))
    assert [each.document for each in found] == read
    own = [span for each in found for span in (each.spans[1:] if ending == "csv" else each.spans)]
    at = 0
    for begin, end in sorted(own):
        assert at <= begin <= end <= len(data)
        at = end
    for each in found:
        if each.spans:
            assert each.data == b"\n".join(data[begin:end] for begin, end in each.spans)
