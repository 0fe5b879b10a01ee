"""What can be wrong with a guarantee: each mistake with its place, what was expected, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakturavakt.problems import Problem
from fakturavakt.rulebook.loader import RuleBookError, load_rulebook

HEAD = """guarantee: mine
title: {nb: min, en: mine}
source: {document: D, updated: 2021-02-16, clause: {nb: k, en: c}}
"""
"""Three lines; what is tried stands on line 4."""


def problems_with(rules: Path, written: str) -> list[Problem]:
    """What is wrong with a guarantee that goes on so; nothing if it can be read."""
    (rules / "guarantees" / "mine.yaml").write_text(HEAD + written, encoding="utf-8")
    try:
        load_rulebook(rules, guarantees=True)
    except RuleBookError as error:
        found = list(error.problems)
    else:
        found = []
    assert all(Path(problem.place.file).name == "mine.yaml" for problem in found)
    return found


@pytest.mark.parametrize(
    ("written", "code", "line", "hint"),
    [
        ("never: sent\nwhile: always\n", "unknown-word", 4, "“send”"),
        ("never: [send, blokk]\nwhile: always\n", "unknown-word", 4, "“block”"),
        ("while: always\n", "missing-key", 1, "never"),
        ("never: send\n", "missing-key", 1, "while"),
        ("never: send\nalways: block\nwhile: always\n", "bad-guarantee", 5, "two guarantees"),
        ("never: send\nwhile: recipient-is-persn\n", "unknown-definition", 5, "recipient-is-person"),
        ("never: send\nwhile: {line.kind: goods}\n", "line-fact-outside-line", 5, "any line"),
        ("channel: efaktur\nnever: eligible\nwhile: always\n", "unknown-name", 4, "“efaktura”"),
        ("channel: efaktura\nnever: send\nwhile: always\n", "unknown-word", 5, "eligible"),
        ("rule: missing-mobil\nalways: holds\nwhile: always\n", "unknown-name", 4, "missing-mobile"),
        ("agreements: migration\nalways: non\nwhile: always\n", "unknown-word", 5, "“none”"),
        ("declares: {bank_fee: 0}\nwhile: always\n", "bad-guarantee", 4, "channel"),
        ("channel: paper\ndeclares: {bank_fe: 0}\nwhile: always\n", "unknown-key", 5, "bank_fee"),
        ("channel: paper\nrule: missing-mobile\nnever: unknown\nwhile: always\n",
         "bad-guarantee", 5, "two guarantees"),
        ("aldri: send\nwhile: always\n", "unknown-key", 4, "“never”"),
        ("never: send\nmens: always\n", "unknown-key", 5, "“while”"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_was_meant(
    rules: Path, written: str, code: str, line: int, hint: str
) -> None:
    """One mistake each, in Norwegian too."""
    (problem,) = problems_with(rules, written)
    assert (problem.code, problem.place.line) == (code, line)
    assert problem.expected is not None
    assert hint in problem.expected.say("en")
    assert problem.say("nb") != problem.say("en")


def test_a_name_stands_once(rules: Path) -> None:
    """The second is told with the first one's place."""
    (problem,) = problems_with(
        rules, f"never: send\nwhile: always\n---\n{HEAD}never: block\nwhile: always\n"
    )
    assert (problem.code, problem.place.line) == ("duplicate-id", 7)


def test_without_being_asked_for_guarantees_are_not_read(rules: Path) -> None:
    """No invoice waits for them, and none is refused for a mistake in them."""
    (rules / "guarantees" / "mine.yaml").write_text("nonsense: [", encoding="utf-8")
    assert load_rulebook(rules).version == load_rulebook().version
