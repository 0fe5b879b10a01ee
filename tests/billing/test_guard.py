"""The guard's judgement of figures, its sentences, and the causes that it tells."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from fakturavakt.billing.feed_record import differences, empty_files, feed_of
from fakturavakt.billing.fixed_limits import FixedLimits
from fakturavakt.billing.guard import Outside, judge
from fakturavakt.billing.guard_words import likely_cause, new_sender, sentence, sentences
from fakturavakt.billing.run_figures import ALL, WHOLE, Counts, Figure, Kind, RunFigures
from fakturavakt.billing.usual_band import Band
from fakturavakt.texts import Text

SENDER, OTHER = "974760673", "310000019"
HOLD, BLOCK, UNREADABLE = Figure(Kind.HOLD), Figure(Kind.BLOCK), Figure(Kind.UNREADABLE)
RULE = Figure(Kind.RULE, "unconsented-subscription")
NONE = FixedLimits(decisions={})


def run(
    n: int,
    senders: Mapping[str, Mapping[Figure, int]],
    documents: int = 200,
    *,
    by_hand: bool = False,
) -> RunFigures:
    """The n-th day's run; each sender has so many documents."""
    counts = {name: Counts({ALL: documents, **of}, documents) for name, of in senders.items()}
    whole: Counter[Figure] = Counter()
    for each in counts.values():
        whole.update(each.of)
    counts[WHOLE] = Counts(whole, whole[ALL])
    return RunFigures(f"r{n}", date(2021, 2, 1) + timedelta(days=n), counts, by_hand)


def days(n: int, senders: Mapping[str, Mapping[Figure, int]]) -> list[RunFigures]:
    """So many days alike."""
    return [run(each, senders) for each in range(n)]


def nb(said: Text) -> str:
    """In Norwegian, with plain spaces."""
    return said.say("nb").replace("\N{NO-BREAK SPACE}", " ")


def names(found: Sequence[Outside]) -> set[tuple[str, Figure]]:
    """Which figures of whom."""
    return {(each.sender, each.figure) for each in found}


def test_a_share_out_of_its_band() -> None:
    """Of the sender, and of the whole run, which is that sender's."""
    found = list(judge(run(12, {SENDER: {HOLD: 96}}), days(12, {SENDER: {HOLD: 20}}), NONE))
    assert names(found) == {(SENDER, HOLD), (WHOLE, HOLD)}
    assert not list(judge(run(12, {SENDER: {HOLD: 25}}), days(12, {SENDER: {HOLD: 20}}), NONE))


def test_a_sender_that_is_lost_in_the_whole() -> None:
    """Each sender is held against its own runs."""
    usual = {SENDER: {HOLD: 0}, OTHER: {HOLD: 100}}
    turned = {SENDER: {HOLD: 100}, OTHER: {HOLD: 0}}
    found = judge(run(12, turned), days(12, usual), NONE)
    assert names(list(found)) == {(SENDER, HOLD), (OTHER, HOLD)}


def test_a_new_sender_is_only_held_against_limits() -> None:
    """Nothing is usual for it yet."""
    earlier = days(12, {OTHER: {HOLD: 20}})
    now = run(12, {OTHER: {HOLD: 20}, SENDER: {HOLD: 60}})
    assert (SENDER, HOLD) not in names(list(judge(now, earlier, NONE)))
    limits = FixedLimits({"hold": 0.2}, configured=frozenset({"hold"}))
    assert (SENDER, HOLD) in names(list(judge(now, earlier, limits)))


def test_a_figure_that_never_was() -> None:
    """A rule that fires for the first time is as unusual as any."""
    found = judge(run(12, {SENDER: {RULE: 60}}), days(12, {SENDER: {}}), NONE)
    assert (SENDER, RULE) in names(list(found))


def test_a_rule_that_falls_silent() -> None:
    """Slowly, where it is rare; and a run that was released by hand begins the count anew."""
    usual = days(20, {SENDER: {RULE: 8}})
    assert not list(judge(run(20, {SENDER: {}}), days(20, {SENDER: {RULE: 2}}), NONE))
    silent = [run(20 + n, {SENDER: {}}) for n in range(6)]
    found = list(judge(run(26, {SENDER: {}}), [*usual, *silent], NONE))
    assert (SENDER, RULE) in names(found)
    (of_sender,) = (each for each in found if each.sender == SENDER)
    assert of_sender.documents == 7 * 200
    silent[-1] = run(25, {SENDER: {}}, by_hand=True)
    found = list(judge(run(26, {SENDER: {}}), [*usual, *silent], NONE))
    assert (SENDER, RULE) not in names(found)


def test_fixed_limits_need_no_history() -> None:
    """Of a sender, of a rule, of a fact; and not of a handful of documents."""
    limits = FixedLimits(
        {"block": 0.05}, {RULE.name: 0.03}, {"recipient.kind": 0.1}, 20, frozenset({"block"})
    )
    missing = Figure(Kind.MISSING, "recipient.kind")
    now = run(0, {SENDER: {BLOCK: 11, RULE: 7, missing: 21}})
    assert names(list(judge(now, [], limits))) == {
        (who, figure) for who in (SENDER, WHOLE) for figure in (BLOCK, RULE, missing)
    }
    assert not list(judge(run(0, {SENDER: {BLOCK: 10, RULE: 6, missing: 20}}), [], limits))
    assert not list(judge(run(0, {SENDER: {BLOCK: 19}}, 19), [], limits))


def test_absurd_runs_are_stopped_without_being_told() -> None:
    """The first run of all, of which more than half cannot be read."""
    now = RunFigures("r", date(2021, 2, 1), {WHOLE: Counts({ALL: 40, UNREADABLE: 21}, 40)})
    (found,) = judge(now, [], FixedLimits())
    assert nb(sentence(found)) == (
        "52 % kan ikke leses i hele kjøringen; mer enn 50 % skal noen se på, når fakturavakt.toml ikke sier "
        "noe annet."
    )


def test_an_empty_run_is_not_judged() -> None:
    """All of it came before."""
    assert not list(judge(RunFigures("r", date(2021, 2, 1)), days(12, {SENDER: {}}), FixedLimits()))


def test_the_limit_that_somebody_set_is_told_before_what_is_usual() -> None:
    """And what is usual before the limit of absurd cases."""
    earlier = days(12, {SENDER: {HOLD: 20}})
    now = run(12, {SENDER: {HOLD: 198}})
    own = FixedLimits({"hold": 0.3}, configured=frozenset({"hold"}))
    assert {each.limit for each in judge(now, earlier, own)} == {0.3}
    assert {each.limit for each in judge(now, earlier, FixedLimits())} == {None}


def test_documents_of_a_day_count_together() -> None:
    """A few stragglers after the day's delivery are not half an inbox."""
    earlier = days(28, {SENDER: {}})
    late = RunFigures("r", earlier[-1].day, {SENDER: Counts({ALL: 3}, 203)})
    assert not list(judge(late, earlier, NONE))
    alone = RunFigures("r", earlier[-1].day, {SENDER: Counts({ALL: 60}, 60)})
    assert names(list(judge(alone, earlier, NONE))) == {(SENDER, ALL)}


def test_what_it_says() -> None:
    """As a person would, in both languages, with nothing of any recipient."""
    band = Band(0.08, 0.14, 12, 0.1)
    said = sentence(Outside(SENDER, HOLD, 48, 100, band))
    assert nb(said) == "48 % er på vent hos 974760673; vanlig er 8 til 14 % (12 kjøringer)."
    assert said.say("en") == "48% is on hold for 974760673; usual is 8 to 14% (12 runs)."
    said = sentence(Outside(WHOLE, RULE, 0, 1400, Band(0.0123, 0.14, 12, 0.071)))
    assert nb(said) == (
        "Regelen unconsented-subscription slår til på ingen av de siste 1 400 dokumentene i hele kjøringen; "
        "vanlig er rundt 7,1 % (12 kjøringer)."
    )
    said = sentence(
        Outside(
            SENDER, Figure(Kind.MISSING, "recipient.kind"), 5, 1000, limit=0.001, limit_is_own=True
        )
    )
    assert nb(said) == (
        "recipient.kind mangler og trengs på 0,5 % hos 974760673; grensen i fakturavakt.toml er 0,1 %."
    )
    said = sentence(Outside(SENDER, ALL, 120, 120, Band(250.2, 1200.4, 30, 400)))
    assert (
        said.say("en")
        == "120 documents came on this day from 974760673; usual is 251 to 1,200 (30 runs)."
    )


def test_what_is_outside_looks_outside() -> None:
    """Two numbers that round to the same get digits until they differ."""
    said = sentence(Outside(SENDER, HOLD, 144, 1000, Band(0.081, 0.136, 12, 0.1)))
    assert nb(said) == "14,4 % er på vent hos 974760673; vanlig er 8,1 til 13,6 % (12 kjøringer)."
    said = sentence(Outside(SENDER, HOLD, 501, 10_000, limit=0.05, limit_is_own=True))
    assert said.say("en") == (
        "5.01% is on hold for 974760673; the limit in fakturavakt.toml is 5.00%."
    )
    said = sentence(Outside(SENDER, ALL, 2, 2, Band(2.4, 146.6, 9, 20)))
    assert (
        nb(said)
        == "2 dokumenter er kommet denne dagen fra 974760673; vanlig er 3 til 146 (9 kjøringer)."
    )


def test_a_thousand_figures_are_not_read_out() -> None:
    """The first of each sender are, and the number of the others."""
    band = Band(0, 0.1, 12, 0.05)
    figures = [Figure(Kind.RULE, f"r{n}") for n in range(9)]
    found = [Outside(f"31000001{s}", figure, 5, 10, band) for s in range(5) for figure in figures]
    found += [Outside(WHOLE, figure, 25, 50, band) for figure in figures]
    said = [nb(each) for each in sentences(found)]
    assert len(said) == 9
    assert said[-1] == "37 andre tall er også utenfor; alle står i run.json."
    assert not any("hele kjøringen" in each for each in said)


def test_new_senders_are_a_cause() -> None:
    """The largest by its number."""
    (said,) = new_sender([(SENDER, 300), (OTHER, 2)])
    assert nb(likely_cause([said])) == (
        "Trolig årsak: 974760673 (og 1 til) er ny avsender, med 300 dokumenter."
    )


# -- what is different from last time ------------------------------------------------------------------------


def feed(folder: Path, version: str = "sha256:0123456789") -> dict[str, object]:
    """What is kept about a run."""
    return {"feed": feed_of(folder), "rulebook": {"name": "x", "version": version}}


def written(folder: Path, rows: int, name: str = "evidence.csv", at: int = 1_612_000_000) -> Path:
    """A file of the register."""
    path = folder / name
    path.write_text("sender;kind\n" + "974760673;consent\n" * rows, encoding="utf-8")
    os.utime(path, (at, at))
    return folder


def test_what_a_register_was(tmp_path: Path) -> None:
    """Rows as people count them, with or without an end of the last line."""
    written(tmp_path, 3)
    assert feed_of(None)["evidence"] is None
    found = feed_of(tmp_path)["evidence"]
    assert found["evidence.csv"]["rows"] == 3
    assert found["evidence.csv"]["modified"] == "2021-01-30T09:46:40+00:00"
    assert found["recipients.csv"] is None
    (tmp_path / "recipients.csv").write_text("sender;kind\na;b")
    (tmp_path / "services.csv").write_text("")
    found = feed_of(tmp_path)["evidence"]
    assert (found["recipients.csv"]["rows"], found["services.csv"]["rows"]) == (1, 0)


def test_what_is_told_of_a_register(tmp_path: Path) -> None:
    """Empty, gone, smaller, older; and that it grew is nothing."""
    before = feed(written(tmp_path, 12_400))
    assert list(map(nb, differences(feed(written(tmp_path, 0)), before))) == [
        "evidence.csv har 0 rader, sist 12 400"
    ]
    assert list(map(nb, differences(feed(written(tmp_path, 6000)), before))) == [
        "evidence.csv har 6 000 rader, sist 12 400"
    ]
    assert list(
        map(nb, differences(feed(written(tmp_path, 12_400, at=1_611_000_000)), before))
    ) == [
        "evidence.csv er eldre enn sist: fra 18. januar 2021 21:00, sist fra 30. januar 2021 10:46"
    ]
    assert not differences(feed(written(tmp_path, 12_500, at=1_612_100_000)), before)
    assert not differences(before, before)
    (tmp_path / "evidence.csv").unlink()
    assert list(map(nb, differences(feed(tmp_path), before))) == [
        "evidence.csv er ikke der, det var den sist"
    ]
    without = {**before, "feed": feed_of(None)}
    assert list(map(nb, differences(without, before))) == [
        "kjøringen har ikke noe evidensregister, det hadde den sist"
    ]
    assert list(map(nb, empty_files(feed(written(tmp_path, 0))))) == [
        "evidence.csv har ingen rader"
    ]


def test_another_rule_book(tmp_path: Path) -> None:
    """With enough of its version to tell it by."""
    one, other = feed(tmp_path, "sha256:0123456789"), feed(tmp_path, "sha256:abcdefabcdef")
    assert list(map(nb, differences(other, one))) == [
        "regelboken er en annen: sha256:abcdefab…, sist sha256:01234567…"
    ]
