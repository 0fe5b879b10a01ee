"""All mistakes of a set of files are told, each once, in order, and readable."""

from __future__ import annotations

from fakturavakt.problems import TOLD_MAX, Place, Problem, ProblemsError
from fakturavakt.texts import text

HERE = Place("rules/x.yaml", 3, 1)


def missing(key: str, place: Place = HERE) -> Problem:
    """A key that is missing."""
    return Problem(place, "missing-key", text(f"«{key}» mangler.", f"“{key}” is missing."))


def test_two_mistakes_at_one_place_are_two() -> None:
    """They are merged only where they say the same."""
    error = ProblemsError([missing("title"), missing("remedy"), missing("title")])
    assert error.say("en").splitlines() == [
        "rules/x.yaml:3:1: “remedy” is missing.",
        "rules/x.yaml:3:1: “title” is missing.",
    ]


def test_they_are_told_in_the_order_of_the_file() -> None:
    """Whatever the order in which they were found."""
    later = missing("title", Place("rules/x.yaml", 10, 1))
    assert ProblemsError([later, missing("title")]).problems == (missing("title"), later)


def test_a_hundred_are_told_one_by_one() -> None:
    """The rest is counted: all are kept, for programs."""
    error = ProblemsError(missing(f"key-{n}") for n in range(TOLD_MAX + 1200))
    assert len(error.problems) == TOLD_MAX + 1200
    assert len(error.told) == TOLD_MAX
    assert error.say("nb").splitlines()[-1] == "… og 1\N{NO-BREAK SPACE}200 til."
    assert error.say("en").splitlines()[-1] == "… and 1,200 more."
    assert ProblemsError([missing("title")]).untold("nb") is None


def test_what_cannot_be_seen_is_spelt_out() -> None:
    """A mark that turns the text round would make the message say something else."""
    said = missing("gave\u202egnissap\u0007\n").say("nb")
    assert said == "rules/x.yaml:3:1: «gave<U+202E>gnissap<U+0007><U+000A>» mangler."
    assert missing("1\N{NO-BREAK SPACE}200 kr").say("nb").count("\N{NO-BREAK SPACE}") == 1
