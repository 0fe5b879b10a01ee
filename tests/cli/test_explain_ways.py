"""``explain`` says what would have to change, for people and programs, with the solver and without."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import CONTRACT_DOCUMENT, Run, changed
from tests.cli.test_screen import AS_OF, HELD, write


@pytest.fixture
def without_solver(tmp_path: Path) -> dict[str, str]:
    """An environment in which z3 cannot be imported."""
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "z3.py").write_text("raise ImportError\n", encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(tmp_path / "hidden"), *sys.path])}


def test_what_would_have_to_change_comes_first(fakturavakt: Run, tmp_path: Path) -> None:
    """Right below the decision, before any rule's tree."""
    write(tmp_path, "a.json", CONTRACT_DOCUMENT)
    said = fakturavakt("explain", "a.json", *AS_OF).stdout
    way = "1. Innhent og dokumenter at samtykket er eksplisitt (linje 1)"
    assert "Dette gjør at fakturaen kan sendes:" in said
    assert said.index(way) < said.index("Omfanget: gjelder regelboken?")
    english = fakturavakt("explain", "a.json", *AS_OF, "--lang", "en").stdout
    assert "1. Obtain and document that the consent was explicit (line 1)" in english


def test_of_one_rule_and_of_what_is_sent_nothing_is_told(fakturavakt: Run, tmp_path: Path) -> None:
    """A way is about the whole decision."""
    write(tmp_path, "a.json", CONTRACT_DOCUMENT)
    said = fakturavakt("explain", "a.json", "--rule", "unconsented-subscription", *AS_OF).stdout
    assert "kan sendes:" not in said
    write(tmp_path, "b.json", changed(line__consent__explicit=True))
    assert "kan sendes:" not in fakturavakt("explain", "b.json", *AS_OF).stdout


def test_without_the_solver_it_is_searched_and_said(
    fakturavakt: Run, tmp_path: Path, without_solver: dict[str, str]
) -> None:
    """The same ways, and how to get the solver."""
    write(tmp_path, "a.json", HELD)
    plain = explained(fakturavakt, {})
    searched = explained(fakturavakt, without_solver)
    assert plain["ways_to_send"]["method"] == "solver"
    assert searched["ways_to_send"]["method"] == "search"
    assert searched["ways_to_send"]["ways"] == plain["ways_to_send"]["ways"]
    said = fakturavakt("explain", "a.json", *AS_OF, env=without_solver).stdout
    assert "pip install 'fakturavakt[prove]'" in said


def explained(fakturavakt: Run, env: dict[str, str]) -> dict[str, Any]:
    """The one explanation, as JSON."""
    done = fakturavakt("explain", "a.json", "--format", "json", *AS_OF, env=env)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["schema"] == 1
    (one,) = found["explanations"]
    assert isinstance(one, dict)
    return one


def test_json_has_the_decision_the_ways_and_the_trees(fakturavakt: Run, tmp_path: Path) -> None:
    """The decision is that of ``screen``; each change names its fact as a decision does."""
    write(tmp_path, "a.json", CONTRACT_DOCUMENT)
    found = explained(fakturavakt, {})
    screened = fakturavakt("screen", "a.json", "--format", "json", *AS_OF)
    assert found["decision"] == json.loads(screened.stdout)["decisions"][0]
    assert found["ways_to_send"]["complete"] is True
    assert found["ways_to_send"]["ways"] == [
        [
            {
                "fact": "line[1].consent.explicit",
                "effort": "obtain",
                "evidence": True,
                "now": False,
                "to": True,
                "at_least": None,
                "at_most": None,
                "said": "Innhent og dokumenter at samtykket er eksplisitt (linje 1)",
            }
        ]
    ]
    kinds = [each["kind"] for each in found["explained"]]
    assert kinds == sorted(kinds, key=["scope", "prohibition", "channel", "advice"].index)
    (tree,) = (each for each in found["explained"] if each["name"] == "unconsented-subscription")
    assert tree["outcome"] is True
    assert tree["parts"]


def test_json_of_what_is_sent_has_no_ways(fakturavakt: Run, tmp_path: Path) -> None:
    """Null, which is not the same as none."""
    write(tmp_path, "a.json", changed(line__consent__explicit=True))
    assert explained(fakturavakt, {})["ways_to_send"] is None
