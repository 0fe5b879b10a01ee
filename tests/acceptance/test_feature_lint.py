"""What would pass green and test nothing is refused, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakturavakt.acceptance.feature_lint import lint_feature, lint_features

FEATURES = Path(__file__).parents[2] / "features"
HEAD = "# language: no\nEgenskap: E\n"
GIVEN = "    Gitt en faktura som kan sendes\n"
REST = "    Når fakturaen kontrolleres\n    Så blir fakturaen sendt\n"


def test_the_shipped_features_are_clean() -> None:
    """Every scenario runs, and every step is one that exists."""
    assert [problem.say("en") for problem in lint_features(FEATURES)] == []


@pytest.mark.parametrize(
    ("feature", "code", "line"),
    [
        (f"  Scenario: A\n{GIVEN}{REST}  Scenario: A\n{GIVEN}{REST}", "scenario-twice", 7),
        (f"  Scenario: A\n    gitt en faktura som kan sendes\n{REST}", "step-in-description", 3),
        (f"  Scenario: A\n    Git en faktura som kan sendes\n{REST}", "step-in-description", 3),
        ("  Scenario: A\n", "scenario-without-steps", 3),
        (f"  Scenario: A\n{GIVEN}", "scenario-without-then", 3),
        (
            f"  Scenariomal: A\n{GIVEN}{REST}    Eksempler:\n      | a |\n",
            "examples-without-rows",
            7,
        ),
        (f"  Scenario: A\n    Gitt at fakturaen sendes <dag>\n{REST}", "unknown-column", 3),
        (
            f"  Scenariomal: A\n{GIVEN}{REST}    Eksempler:\n      | a |\n      | 1 |\n",
            "unused-column",
            7,
        ),
        (f"  Scenario: A\n    Gitt en faktura som kan sende\n{REST}", "unknown-step", 4),
        (f"  Scenario: \n{GIVEN}{REST}", "scenario-without-name", 3),
        ("  Scenario A\n    Gitt en faktura\n", "no-scenarios", 1),
        (f"  Scenario: A\n{GIVEN}      | x | y |\n      | z |\n", "gherkin-syntax", 6),
    ],
)
def test_each_silent_loss_is_refused(tmp_path: Path, feature: str, code: str, line: int) -> None:
    """With the place to look at."""
    file = tmp_path / "a.feature"
    file.write_text(HEAD + feature, encoding="utf-8")
    found = [(problem.code, problem.place.line) for problem in lint_feature(file)]
    assert (code, line) in found


def test_a_folder_without_features_is_refused(tmp_path: Path) -> None:
    """Nothing run is nothing shown."""
    assert [problem.code for problem in lint_features(tmp_path)] == ["no-features"]
