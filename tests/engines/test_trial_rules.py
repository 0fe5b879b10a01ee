"""Rules on trial decide nothing, and say what they would have done: as they do once they are promoted."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.random_rule_books import (
    DrawnRuleBook,
    documents,
    loaded,
    rule_books,
)

from fakturavakt.decision import Decider, Decision, Verdict
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.rulebook.loader import RuleBookError, load_rulebook
from fakturavakt.rulebook.model import ChannelRule, RuleBook
from fakturavakt.shipped import shipped_folder

AS_OF = date(2021, 2, 2)
slow = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def decided(book: RuleBook, document: RawDocument, *, trials: bool = False) -> Decision:
    """The decision on a document."""
    facts = FactReader(book.vocabulary, AS_OF).read(document).facts
    outcomes = ReferenceEngine(book).evaluate(facts)
    return Decider(book, AS_OF, "nb", trials=trials).decide(facts, outcomes)


def edited(drawn: DrawnRuleBook, *, promoted: bool) -> RuleBook:
    """The book of the same files with its rules on trial promoted, or taken out of them."""
    return loaded(
        {
            name: [
                {**each, "status": "active"} if each.get("status") == "trial" else each
                for each in rules
                if isinstance(each, dict) and (promoted or each.get("status") != "trial")
            ]
            for name, rules in drawn.files.items()
        }
    )


@slow
@given(rule_books(), st.lists(documents(), min_size=1, max_size=6))
def test_a_rule_on_trial_decides_nothing(drawn: DrawnRuleBook, tried: list[RawDocument]) -> None:
    """The decision is the same bytes as by the rule book without it, version included; asked for trials it is
    the same but for one key.
    """
    if not _can_do_without(drawn):
        return
    without = edited(drawn, promoted=False)
    for document in tried:
        plain = decided(without, document).as_json()
        assert decided(drawn.book, document).as_json() == plain
        assert decided(drawn.book.without_trials(), document).as_json() == plain
        asked = decided(drawn.book, document, trials=True).as_dict()
        assert isinstance(asked.pop("trials"), list)
        assert json.dumps(asked) == json.dumps(json.loads(plain))


def _can_do_without(drawn: DrawnRuleBook) -> bool:
    """Whether the files are a rule book without the rules on trial: every channel listed needs a rule."""
    listed = [*drawn.files["rulebook.yaml"]]
    assert isinstance(listed[0], dict)
    return len(listed[0]["channels"]) == len(drawn.book.channels)


@slow
@given(rule_books(), st.lists(documents(), min_size=1, max_size=6))
def test_promoted_it_finds_what_it_found_on_trial(
    drawn: DrawnRuleBook, tried: list[RawDocument]
) -> None:
    """One edited word makes of an entry of ``trials`` the same entry of ``findings``; a rule of a channel
    that held makes the channel eligible.
    """
    book, promoted = drawn.book, edited(drawn, promoted=True)
    assert (book.promoted or book).version == promoted.version
    rules = {rule.id: rule for rule in book.trials}
    for document in tried:
        trial, real = decided(book, document, trials=True), decided(promoted, document)
        findings = {finding.rule: finding for finding in real.findings}
        eligible = {each.channel: each.eligible for each in real.channels}
        assert trial.trials is not None
        told = {finding.rule: finding for finding in trial.trials}
        assert [*told] == sorted(told)
        for name, rule in rules.items():
            if not isinstance(rule, ChannelRule):
                assert told.get(name) == findings.get(name)
            elif name in told:
                holds = told[name].outcome == "holds"
                assert not told[name].lines
                assert (
                    eligible[rule.channel] is True if holds else eligible[rule.channel] is not False
                )
        if real.decision is Verdict.OUT_OF_SCOPE:
            assert trial.trials == ()


def test_a_channel_on_trial_is_no_last_resort(tmp_path: Path) -> None:
    """It carries nothing: where the last channel is on trial, there might be no way to send."""
    rules = tmp_path / "rules"
    shutil.copytree(shipped_folder("rules"), rules)
    paper = rules / "channels" / "paper.yaml"
    written = paper.read_text("utf-8")
    paper.write_text(
        written.replace("rule: paper-always", "rule: paper-always\nstatus: trial"), "utf-8"
    )
    with pytest.raises(RuleBookError) as raised:
        load_rulebook(rules)
    assert [problem.code for problem in raised.value.problems] == ["no-last-resort"]
