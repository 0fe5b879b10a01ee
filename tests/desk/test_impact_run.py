"""`rules impact` counts what two screenings would show, document by document, whatever the edit."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from benchmarks.random_documents import random_documents, random_register
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.contract_parquet import write_contract_parquet
from tests.engines.random_rule_books import MOSTLY_GOOD, DrawnRuleBook, rule_books
from tests.proof.random_edits import Drawer, Edited, edited_rule_books

from fakturavakt.bulk.columnar_screening import ColumnarScreening
from fakturavakt.desk.impact import Effect, Impact
from fakturavakt.desk.impact_run import SENDERS_MAX, ImpactRun
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.contract_json import written
from fakturavakt.intake.documents import RawDocument, Unreadable
from fakturavakt.intake.register import Register
from fakturavakt.report.summary import Tally
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screened, Screening
from fakturavakt.shipped import shipped_folder

AS_OF = date(2021, 2, 2)


@pytest.fixture(autouse=True, scope="module")
def _every_chunk_is_asked_by_its_days() -> Iterator[None]:
    """As a rule book with many windows is, however few these have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ColumnarScreening, "windows_worth_a_look", 0)
        yield


def screening(book: RuleBook, register: Register | None = None) -> Screening:
    """One that evaluates as plainly as can be."""
    return Screening(book, AS_OF, ReferenceEngine(book), "nb", register)


@dataclass
class ByHand:
    """The sums of a history, out of decisions as they are printed."""

    effects: Counter[str] = field(default_factory=Counter)
    amounts: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    channels: Counter[tuple[str, object, object]] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    weeks: Counter[tuple[date | None, str]] = field(default_factory=Counter)
    senders: Counter[tuple[object, str]] = field(default_factory=Counter)
    rejected: int = 0
    undated: int = 0
    documents: int = 0

    def add(self, old: Screened | Unreadable, new: Screened | Unreadable) -> None:
        """One document, decided twice."""
        self.documents += 1
        if isinstance(old, Unreadable) or isinstance(new, Unreadable):
            assert isinstance(old, Unreadable)
            assert isinstance(new, Unreadable)
            self.rejected += 1
            return
        before, after = (json.loads(each.decision.as_json()) for each in (old, new))
        if before["decision"] != after["decision"]:
            named = {"block": "blocked", "hold": "held", "send": "sent"}
            effect = f"newly_{named.get(after['decision'], after['decision'])}"
        elif before["attempts"] != after["attempts"]:
            effect = "other_channel"
        else:
            effect = "unchanged"
        self.effects[effect] += 1
        self.moves[before["decision"], after["decision"]] += 1
        facts = new.read.facts.values
        ore = facts.get("invoice.payable_amount")
        if isinstance(ore, int):
            sign = -1 if facts.get("invoice.kind") == "credit_note" else 1
            self.amounts[effect, facts.get("invoice.currency")] += sign * ore  # type: ignore[index]
        self._outcomes(before, after)
        if effect == "newly_held":
            for fact in {_without_line(path) for path in after["missing"]}:
                self.missing[fact] += 1
        stated = new.read.facts.stated
        self.undated += "invoice.send_date" not in stated
        named_days = [
            each for each in ("invoice.send_date", "invoice.issue_date") if each in stated
        ]
        week = None
        if named_days:
            day = date.fromordinal(int(facts[named_days[0]]))
            week = day - timedelta(days=day.weekday())
        self.weeks[week, effect] += 1
        self.senders[facts.get("sender.organisation_number"), effect] += 1

    def _outcomes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        if "out_of_scope" in (before["decision"], after["decision"]):
            return
        found = [{each["rule"]: each["outcome"] for each in d["findings"]} for d in (before, after)]
        for rule in {*found[0], *found[1]}:
            pair = tuple(each.get(rule, "not") for each in found)
            if pair[0] != pair[1]:
                self.outcomes[rule, pair[0], pair[1]] += 1
        channels = [{c["channel"]: c["eligible"] for c in d["channels"]} for d in (before, after)]
        for channel in {*channels[0], *channels[1]}:
            was, is_ = (each.get(channel, False) for each in channels)
            if was is not is_:
                self.channels[channel, was, is_] += 1


def _without_line(path: str) -> str:
    return "line." + path.rpartition("].")[2] if path.startswith("line[") else path


def by_hand(old: Screening, new: Screening, files: list[str]) -> ByHand:
    """Two screenings, document by document."""
    found = ByHand()
    for before, after in zip(old.documents(files), new.documents(files), strict=True):
        found.add(
            old.screen(before) if isinstance(before, RawDocument) else before,
            new.screen(after) if isinstance(after, RawDocument) else after,
        )
    return found


def agrees(impact: Impact, expected: ByHand) -> None:
    """Every sum is the one that was made by hand."""
    assert (impact.documents, impact.rejected) == (expected.documents, expected.rejected)
    assert impact.undated == expected.undated
    assert impact.decided + impact.rejected == impact.documents
    effects = impact.effects()
    assert {e.value: t.count for e, t in effects.items() if t.count} == dict(expected.effects)
    amounts = {(e.value, c): ore for e, t in effects.items() for c, ore in t.ore.items() if ore}
    assert amounts == {key: ore for key, ore in expected.amounts.items() if ore}
    assert {(o.value, n.value): t.count for (o, n), t in impact.moves().items()} == expected.moves
    outcomes: Counter[tuple[str, str, str]] = Counter()
    channels: Counter[tuple[str, object, object]] = Counter()
    truths = {"eligible": True, "ineligible": False, "unknown": None}
    for change, by_effect in impact.outcomes():
        count = sum(tally.count for tally in by_effect.values())
        if change.subject == "prohibition":
            outcomes[change.name, change.old, change.new] += count
        elif change.subject == "channel":
            channels[change.name, truths[change.old], truths[change.new]] += count
    assert outcomes == expected.outcomes
    assert channels == expected.channels
    assert {fact: tally.count for fact, tally in impact.missing()} == expected.missing
    weeks = {(w, e.value): t.count for w, found in impact.weeks.items() for e, t in found.items()}
    assert weeks == expected.weeks
    assert _same_ore(effects, list(impact.weeks.values()))
    hit: Counter[object] = Counter()
    for (sender, effect), count in expected.senders.items():
        hit[sender] += count if effect != "unchanged" else 0
    most = sorted(((n, str(s), s) for s, n in hit.items() if n), key=lambda e: -e[0])
    assert impact.senders_hit == len(most)
    assert [each.number for each in impact.senders] == [n for n, _, _ in most[:SENDERS_MAX]]
    for each in impact.senders:
        own = {e: n for (s, e), n in expected.senders.items() if s == each.sender}
        assert each.documents == sum(own.values())
        assert {e.value: t.count for e, t in each.changed.items()} == {
            effect: n for effect, n in own.items() if effect != "unchanged"
        }
    causes = impact.causes()
    assert sum(tally.count for _, _, tally in causes) == impact.changed
    assert all(cause for _, cause, _ in causes)


def _same_ore(effects: Mapping[Effect, Tally], weeks: list[dict[Effect, Tally]]) -> bool:
    """Whether the weeks' amounts add up to those of the effects, exactly."""
    total = {effect: Tally() for effect in Effect}
    for week in weeks:
        for effect, tally in week.items():
            total[effect].merge(tally)
    return all(+total[e].ore == +tally.ore for e, tally in effects.items())


slow = settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@slow
@given(edited=edited_rule_books(), seed=st.integers(0, 10**6))
def test_random_edits_on_random_documents(
    edited: Edited, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Documents at the edges of what the edited rule books ask, in columns and one by one."""
    folder: Path = tmp_path_factory.mktemp("history")
    chance = Random(seed)
    file = folder / "history.ndjson"
    lines = [json.dumps(each) for each in _documents_of(edited, chance, 60)]
    lines += [*random_documents(seed, 30), "{broken", "[]"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    old, new = screening(edited.old), screening(edited.new)
    expected = by_hand(old, new, [str(file)])
    assert expected.rejected == 2
    for few in (0, 1000):
        impact = ImpactRun(old, new, [str(file)], threads=1, few=few, chunk_bytes=20_000).impact()
        agrees(impact, expected)


def _documents_of(edited: Edited, chance: Random, number: int) -> Iterator[dict[str, Any]]:
    drawer = Drawer(edited.old, edited.new, chance)
    for _ in range(number):
        yield drawer.document()


EDITS = (
    ("definitions/consent-valid.yaml", "    - line.consent.explicit: yes\n", ""),
    ("prohibitions/unagreed-upgrade.yaml", "above: 0", "above: 100"),
    ("channels/vipps_regning.yaml", "at_least: 3 days", "at_least: 30 days"),
    (
        "rulebook.yaml",
        "when: recipient-is-person",
        "when: {all: [recipient-is-person, payment-demand]}",
    ),
)


def edited_book(folder: Path, *edits: tuple[str, str, str]) -> RuleBook:
    """The shipped rule book with some of its words exchanged."""
    rules = Path(shutil.copytree(shipped_folder("rules"), folder / "rules"))
    for name, old, new in edits:
        file = rules / name
        written = file.read_text(encoding="utf-8")
        assert old in written, name
        file.write_text(written.replace(old, new), encoding="utf-8")
    return load_rulebook(rules)


def test_files_of_all_kinds_with_a_register(tmp_path: Path) -> None:
    """Parquet and NDJSON in small chunks on two threads, a register, one document: the same sums."""
    new_book = edited_book(tmp_path, *EDITS[:3])
    random_register(7, tmp_path / "register")
    register = Register.load(str(tmp_path / "register"))
    write_contract_parquet(random_documents(7, 300), tmp_path / "a.parquet")
    lines = [*random_documents(8, 300), "{broken", "", "7"]
    (tmp_path / "b.ndjson").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "c.json").write_text(next(iter(random_documents(9, 1))), encoding="utf-8")
    files = [str(tmp_path / name) for name in ("a.parquet", "b.ndjson", "c.json")]
    old, new = screening(load_rulebook(), register), screening(new_book, register)
    told: list[Unreadable] = []
    heard: list[int] = []
    run = ImpactRun(old, new, files, threads=2, few=0, chunk_bytes=200_000, chunk_rows=150)
    run.unreadable = told.append
    run.advance = lambda documents, _size: heard.append(documents)
    impact = run.impact()
    agrees(impact, by_hand(old, new, files))
    assert impact.changed > 20
    assert len(told) == impact.rejected == 2
    assert heard[-1] == impact.documents == 603
    assert heard == sorted(heard)


def test_samples_are_the_first_of_the_largest_groups(tmp_path: Path) -> None:
    """So many of each effect, with both decisions; the same ones however the history is cut."""
    new_book = edited_book(tmp_path, *EDITS)
    file = tmp_path / "a.ndjson"
    file.write_text("\n".join(random_documents(5, 300)), encoding="utf-8")
    old, new = screening(load_rulebook()), screening(new_book)
    found = []
    for settings_ in ({"few": 10**6}, {"few": 0, "chunk_bytes": 150_000, "threads": 2}):
        run = ImpactRun(old, new, [str(file)], samples=2, **settings_)  # type: ignore[arg-type]
        impact = run.impact()
        effects = Counter(sample.compared.effect for sample in impact.samples)
        for effect, tally in impact.effects().items():
            wanted = 0 if effect is Effect.UNCHANGED else min(2, tally.count)
            assert effects[effect] == wanted
        found.append([s.new.decision.document.position for s in impact.samples])
        for sample in impact.samples:
            decisions = sample.old.decision.decision, sample.new.decision.decision
            assert decisions == (sample.compared.old, sample.compared.new)
            assert sample.old.decision.document == sample.new.decision.document
    assert len(found[0]) > 4
    assert len(found[0]) == len(found[1])


def test_the_same_book_changes_nothing(tmp_path: Path) -> None:
    """Whatever is in the history, and however large amounts are."""
    huge = [
        json.dumps({"invoice": {"payable_amount": "9999999999999.99", "currency": "NOK"}})
    ] * 10_000
    file = tmp_path / "a.ndjson"
    file.write_text("\n".join([*random_documents(2, 100), *huge]), encoding="utf-8")
    book = screening(load_rulebook())
    impact = ImpactRun(book, book, [str(file)], threads=1, few=0).impact()
    assert impact.changed == 0
    assert impact.samples == []
    assert impact.senders == []
    assert impact.effects()[Effect.UNCHANGED].count == 10_100
    assert impact.effects()[Effect.UNCHANGED].ore["NOK"] >= 10_000 * 999999999999999


@slow
@given(drawn=rule_books(), tried=st.lists(MOSTLY_GOOD, min_size=1, max_size=12))
def test_rules_on_trial_as_if_they_were_promoted(
    drawn: DrawnRuleBook, tried: list[RawDocument], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A random rule book against itself promoted."""
    file: Path = tmp_path_factory.mktemp("history") / "a.ndjson"
    file.write_text("".join(f"{written(each.content)}\n" for each in tried), encoding="utf-8")
    old, new = screening(drawn.book), screening(drawn.book.promoted or drawn.book)
    impact = ImpactRun(old, new, [str(file)], threads=1, few=0).impact()
    agrees(impact, by_hand(old, new, [str(file)]))
    if not drawn.book.trials:
        assert impact.changed == 0
