"""Ordinary days pass the guard; a day on which the feed was broken does not, before anything is put out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from tests.billing.inboxes import documents_under
from tests.billing.ordinary_days import BOOK, SENDERS, World

from fakturavakt.billing import run_figures
from fakturavakt.billing.run_records import RunState
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook

DAYS = 10
SHIPPED = Path(__file__).parents[2] / "rules"


@pytest.mark.parametrize("seed", range(4))
def test_ten_ordinary_days_in_a_row_are_not_stopped(tmp_path: Path, seed: int) -> None:
    """Whatever is usual for a sender, a Monday, a Sunday: every day is carried out at once."""
    world = World(tmp_path, seed)
    for _ in range(DAYS):
        delivered = world.deliver()
        result = world.run()
        assert result.run.state is RunState.ENDED, (world.day, world.told)
        assert result.books.balance
        assert result.run.documents_in == delivered
        world.days += 1


@pytest.fixture(scope="module")
def nine_days(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Nine ordinary days, and the tenth delivered and not yet run."""
    world = World(tmp_path_factory.mktemp("days"), 7)
    for _ in range(DAYS - 1):
        world.deliver()
        assert world.run().run.state is RunState.ENDED
        world.days += 1
    world.deliver()
    return world


def copied(world: World, folder: Path) -> World:
    """The same world elsewhere."""
    shutil.copytree(world.folder, folder, dirs_exist_ok=True)
    return replace(
        world, folder=folder, told=[], random=deepcopy(world.random), known=dict(world.known)
    )


def rows_kept(file: str, keep: Callable[[int], bool]) -> Callable[[World], RuleBook]:
    """A register of which a file has only some of its rows."""

    def broken(world: World) -> RuleBook:
        path = world.folder / "register" / file
        header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [row for n, row in enumerate(rows) if keep(n)]
        path.write_text("".join([header, *kept]), encoding="utf-8")
        return BOOK

    return broken


def not_complete(world: World) -> RuleBook:
    """An empty ``evidence.csv``, and no sender whose register is complete."""
    path = world.folder / "register" / "senders.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("consent agreement", ""), encoding="utf-8"
    )
    return rows_kept("evidence.csv", lambda _: False)(world)


def turned_around(world: World) -> RuleBook:
    """The consent rule blocks whoever has consented."""
    rules = world.folder / "rules"
    shutil.copytree(SHIPPED, rules)
    path = rules / "prohibitions" / "unconsented-subscription.yaml"
    written = path.read_text(encoding="utf-8")
    assert "- not: consent-valid" in written
    path.write_text(written.replace("- not: consent-valid", "- consent-valid"), encoding="utf-8")
    return load_rulebook(str(rules)).without_trials()


def never_fires(world: World) -> RuleBook:
    """The consent rule has no subscription to look for any more."""
    path = world.folder / "register" / "services.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("subscription", "service"), encoding="utf-8"
    )
    return BOOK


def half_an_inbox(world: World) -> RuleBook:
    """A twentieth, rather: how many documents come varies more than what is amiss with them."""
    for path in (world.folder / "in").iterdir():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[::20]), encoding="utf-8")
    return BOOK


BROKEN = {
    "empty evidence": (
        rows_kept("evidence.csv", lambda _: False),
        "Trolig årsak: evidence.csv har 0 rader, sist ",
    ),
    "empty evidence, nothing complete": (
        not_complete,
        "Trolig årsak: evidence.csv har 0 rader, sist ",
    ),
    "half of the recipients": (
        rows_kept("recipients.csv", lambda n: n % 2 == 0),
        "Trolig årsak: recipients.csv har ",
    ),
    "turned around": (turned_around, "Trolig årsak: regelboken er en annen: sha256:"),
    "half an inbox": (half_an_inbox, "Se i innboksen om leveransen er hel"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_feed_is_stopped_and_can_be_released(
    nine_days: World, tmp_path: Path, kind: str
) -> None:
    """Nothing is under ``send/`` and the inbox is as it was, until somebody releases the run; then every
    document is placed.
    """
    world = copied(nine_days, tmp_path)
    broken, cause = BROKEN[kind]
    book = broken(world)
    out = tmp_path / "out"
    before = sorted(documents_under(out))
    inbox = {path: path.read_bytes() for path in (tmp_path / "in").iterdir()}
    result = world.run(book=book)
    assert result.run.state is RunState.WAITING
    assert any(cause in said for said in world.told), world.told
    assert sorted(documents_under(out)) == before
    assert {path: path.read_bytes() for path in (tmp_path / "in").iterdir()} == inbox
    report = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert report["state"] == "waiting"
    assert report["waits_for"] == world.told[1:]
    assert report["guard"]["outside"]
    assert report["feed"]["evidence"]["evidence.csv"]["rows"] is not None
    # The next run only says so again.
    again = world.run(book=book)
    assert again.run.run == result.run.run
    assert world.told[1:] == report["waits_for"]
    released = world.release(result, out)
    assert released.run.state is RunState.ENDED
    assert released.run.released_by == "kari"
    assert released.books.balance
    assert not list((tmp_path / "in").iterdir())
    lines = sum(data.count(b"\n") or 1 for data in inbox.values())
    placed = [path for path in documents_under(out) if path not in before]
    assert sum(path.read_bytes().count(b"\n") or 1 for path in placed) == lines


def test_a_rule_that_has_fallen_silent_is_noticed_within_a_week(
    nine_days: World, tmp_path: Path
) -> None:
    """One day without a subscription that lacks consent happens; day after day without does not."""
    world = copied(nine_days, tmp_path)
    for _ in range(7):
        never_fires(world)
        result = world.run()
        if result.run.state is RunState.WAITING:
            break
        world.days += 1
        world.deliver()
    names = {each["name"] for each in result.run.about["guard"]["outside"]}
    assert "unconsented-subscription" in names
    assert any("ngen av de siste " in said for said in world.told)
    assert "services.csv har 130 byte, sist 146" in world.told[-1]


def test_the_next_day_is_judged_by_ordinary_days_still(nine_days: World, tmp_path: Path) -> None:
    """A run that was released counts; alone it makes nothing usual."""
    world = copied(nine_days, tmp_path)
    rows_kept("evidence.csv", lambda _: False)(world)
    world.release(world.run(), tmp_path / "out")
    world.days += 1
    world.deliver()
    rows_kept("evidence.csv", lambda _: False)(world)
    assert world.run().run.state is RunState.WAITING


def test_a_discarded_run_leaves_no_trace_in_what_is_usual(nine_days: World, tmp_path: Path) -> None:
    """With the register mended, the same inbox passes."""
    from fakturavakt.billing.billing_run import BillingRun
    from fakturavakt.billing.outbox import Outbox

    world = copied(nine_days, tmp_path)
    evidence = tmp_path / "register" / "evidence.csv"
    whole = evidence.read_bytes()
    rows_kept("evidence.csv", lambda _: False)(world)
    stopped = world.run()
    outbox = Outbox(tmp_path / "out")
    with outbox.locked(), outbox.journal() as journal:
        BillingRun(outbox, {}).discard(journal, stopped.run.run)
    evidence.write_bytes(whole)
    assert world.run().run.state is RunState.ENDED


def test_a_new_sender_that_changes_the_whole_run(nine_days: World, tmp_path: Path) -> None:
    """Nothing is usual for it yet; the run as a whole shows that it has no register."""
    world = copied(nine_days, tmp_path)
    old = tmp_path / "in" / f"310000019-{world.day}.ndjson"
    lines = old.read_text(encoding="utf-8").replace("310000019", "974760673").splitlines() * 3
    new = [line.replace('"number": "', f'"number": "{n}-') for n, line in enumerate(lines)]
    old.with_name("new.ndjson").write_text("\n".join(new) + "\n", encoding="utf-8")
    assert world.run().run.state is RunState.WAITING
    assert "er på vent hos 974760673; mer enn 95" in world.told[1]
    outside = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["guard"][
        "outside"
    ]
    assert any(each["figure"] == "hold" and each["sender"] is None for each in outside)
    assert f"974760673 er ny avsender, med {len(new)} dokumenter" in world.told[-1]


@pytest.mark.parametrize("step", ["take", "runs_up_to"])
def test_an_interruption_does_not_get_a_run_past_the_guard(
    nine_days: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Planned, and ended from outside before it was judged: the next run judges it first."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    world = copied(nine_days, tmp_path)
    rows_kept("evidence.csv", lambda _: False)(world)
    with monkeypatch.context() as patched:
        patched.setattr(run_figures, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            world.run()
    before = sorted(documents_under(tmp_path / "out"))
    result = world.run()
    assert result.resumed
    assert result.run.state is RunState.WAITING
    assert result.run.waits_for
    assert sorted(documents_under(tmp_path / "out")) == before


def test_before_a_week_has_passed_nothing_is_usual(tmp_path: Path) -> None:
    """The first runs of a new outbox are held against fixed limits alone."""
    world = World(tmp_path, 3)
    for _ in range(3):
        world.deliver()
        assert world.run().run.state is RunState.ENDED
        world.days += 1
    world.deliver()
    rows_kept("recipients.csv", lambda n: n % 2 == 0)(world)
    assert world.run().run.state is RunState.ENDED
    assert len(SENDERS) > 1
