"""How the lint says it, what it lets be, and what is loud without it but better said by it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

import pytest

from fakturavakt.acceptance.feature_codes import ALL_CODES
from fakturavakt.acceptance.feature_lint import lint_feature, lint_features
from fakturavakt.acceptance.feature_syntax import scenario_count
from fakturavakt.acceptance.known_steps import shipped_steps
from fakturavakt.acceptance.step_definition_lint import step_definition_problems
from fakturavakt.problems import Problem, ProblemsError

ROOT = Path(__file__).parents[2]
HEAD = "# language: no\nEgenskap: E\n"
GIVEN = "    Gitt en faktura som kan sendes\n"
REST = "    Når fakturaen kontrolleres\n    Så blir fakturaen sendt\n"
GOOD = f"  Scenario: A\n{GIVEN}{REST}"


@dataclass
class Defined:
    """A step definition of a test's own."""

    function: Callable[..., object]
    kind: str = "then"
    takes_table: bool = False
    takes_headings: bool = False
    takes_docstring: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        return (repr(self.function),)

    def matches(self, text: str) -> bool:
        return text in self.texts


def lint(tmp_path: Path, said: str) -> list[Problem]:
    """The problems of a feature of these words."""
    file = tmp_path / "a.feature"
    file.write_text(said, encoding="utf-8")
    return lint_feature(file)


def test_the_shipped_features_are_clean() -> None:
    """Every scenario runs, and every step is one that exists."""
    assert [problem.say("en") for problem in lint_features(ROOT / "features")] == []


def test_the_shipped_steps_can_fail() -> None:
    """All of them, as far as their source shows."""
    assert step_definition_problems(shipped_steps()) == []


@pytest.mark.parametrize(
    ("content", "code", "line", "column"),
    [
        (b"\xef\xbb\xbf# language: no\n", "byte-order-mark", 1, 1),
        ("# language: no\nEgenskap: Så\n".encode("latin-1"), "not-utf8", 2, 12),
        (b"# language: nb\nEgenskap: E\n", "unknown-language", 1, 1),
        (b"Egenskap: E\n", "language-not-told", 1, 1),
        (b"", "no-feature", 1, 1),
        ((HEAD + GOOD + "    Sa blir fakturaen sendt\n").encode(), "gherkin-syntax", 7, 5),
        ((HEAD + GOOD + "      | x | y |\n      | z |\n").encode(), "gherkin-syntax", 8, 7),
    ],
)
def test_a_file_that_cannot_be_run_says_where(
    tmp_path: Path, content: bytes, code: str, line: int, column: int
) -> None:
    """What pytest-bdd would stop at with a stack trace; and nothing is counted in it."""
    file = tmp_path / "a.feature"
    file.write_bytes(content)
    (problem,) = lint_feature(file)
    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)
    with pytest.raises(ProblemsError):
        scenario_count(file)


def test_a_folder_without_features_is_refused(tmp_path: Path) -> None:
    """Nothing run is nothing shown; neither is a file that is not there."""
    assert [problem.code for problem in lint_features(tmp_path)] == ["no-features"]
    missing = lint_features([tmp_path / "a.feature"])
    assert [problem.code for problem in missing] == ["not-readable"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("# language: nb", "Skriv «# language: no»."),
        ("# language: nn-NO", "Skriv «# language: no»."),
        ("# language: EN", "Skriv «# language: en»."),
    ],
)
def test_a_language_that_gherkin_does_not_have(tmp_path: Path, written: str, said: str) -> None:
    """What Norwegian is called is not what anybody would guess."""
    (problem,) = lint(tmp_path, f"{written}\nEgenskap: E\n")
    assert said in problem.say("nb")


def test_a_misspelt_step_later_on_gets_its_keyword(tmp_path: Path) -> None:
    """Gherkin itself lists all that it would have taken."""
    (problem,) = lint(tmp_path, f"{HEAD}{GOOD}    Sa blir fakturaen sendt\n")
    assert problem.say("en").endswith(
        ":7:5: Gherkin does not understand the line “Sa blir fakturaen sendt” here. Did you mean “Så”?"
    )


@pytest.mark.parametrize(
    ("feature", "code", "line", "column"),
    [
        (f"  Scenario: A\n{GIVEN}{REST}    Og fakturaen ble sendt\n", "unknown-step", 7, 5),
        (f"  Scenario: A\n    Og en faktura som kan sendes\n{REST}", "step-without-kind", 4, 5),
        (
            f"  Scenario: A\n{GIVEN}    Og at fakturaen har disse linjene:\n{REST}",
            "table-missing",
            5,
            5,
        ),
    ],
)
def test_what_stops_the_run_is_told_before_it(
    tmp_path: Path, feature: str, code: str, line: int, column: int
) -> None:
    """With the place to look at."""
    (problem,) = lint(tmp_path, HEAD + feature)
    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (
            "Gitt at svaret på mobilnummeret blir ukjent",
            "at svaret på mobilnummeret er ukjent",
        ),
        ("Gitt en faktura som kan sende", "Nærmest: en faktura som kan sendes."),
        ("Gitt at fakturaen sends i dag", "Nærmest: at fakturaen sendes 2. februar 2021"),
        ("Gitt fakturaen kontrolleres", "Steget finnes, men hører til «Når»."),
        ("Gitt the recipient is an organization", "Ukjent steg"),
    ],
)
def test_an_unknown_step_gets_the_nearest_ones(tmp_path: Path, step: str, said: str) -> None:
    """Filled in, and in the language of the feature."""
    (problem,) = lint(tmp_path, f"{HEAD}  Scenario: A\n    {step}\n{REST}")
    assert problem.code == "unknown-step"
    assert said in problem.say("nb")
    assert " is " not in problem.say("nb").partition("organization")[2]


def test_an_english_feature_gets_english_steps(tmp_path: Path) -> None:
    """And no more than three."""
    (problem,) = lint(
        tmp_path,
        "Feature: F\n  Scenario: A\n    Given an invoice that may be sent\n"
        "    When the invoice is screned\n    Then the invoice is sent\n",
    )
    assert problem.say("en").endswith(
        ":4:5: Unknown step: When the invoice is screned. Nearest: the invoice is screened."
    )


PROSE = """# language: no
# Eksempler: se under.
# Når Vipps er stengt, går ingenting ut. Og det er meningen.
Egenskap: E
  Når en faktura er på vent, må noen finne ut av det. Så går den ut.
  Men ikke før; se Regel: 3, eller
  Merk: bare hverdager. Scenariene under er fra 2018.
  Bakgrunnen: en lov. Egenskaper: to.

  | en | tabell |

  * punkt
  Regel: R
    Og slik fortsetter en setning som begynte i overskriften.

    Scenario: Det er lov med prosa her også
      Den gamle løsningen sluttet å virke
      og ble borte.
      Gitt en faktura som kan sendes
      # Her er det viktige:
      Når fakturaen kontrolleres
      Så blir fakturaen sendt
"""


def test_prose_is_let_be(tmp_path: Path) -> None:
    """Where a feature or a rule opens, in comments, and before a scenario's steps."""
    assert [problem.say("nb") for problem in lint(tmp_path, PROSE)] == []


def test_what_is_written_with_care_is_let_be(tmp_path: Path) -> None:
    """Columns in names and backgrounds, tables without headings, two things that happen together."""
    said = f"""# language: no
Egenskap: E
  Bakgrunn:
    Gitt en faktura som kan sendes
    Og at fakturaen sendes <dag>

  @viktig
  Scenariomal: <tilfelle>
    Når fakturaen kontrolleres
    Og avsenderens avtaler vurderes 1. desember 2018
    Så mangler disse opplysningene, i denne rekkefølgen:
      | mobilnummeret |
    Når fakturaen kontrolleres {"2. februar 2021"}
    Så blir fakturaen sendt

    Eksempler:
      | tilfelle | dag              |
      | Før      | 1. desember 2018 |
      | Etter    | 1. februar 2021  |
"""
    assert [problem.say("nb") for problem in lint(tmp_path, said)] == []


def test_a_files_problems_are_told_together_and_in_order(tmp_path: Path) -> None:
    """Of all files that are named."""
    for name in ("b.feature", "a.feature"):
        (tmp_path / name).write_text(f"{HEAD}  Scenario:\n{GIVEN}  Regel: R\n", encoding="utf-8")
    found = [
        (Path(each.place.file).name, each.place.line, each.code)
        for each in lint_features([tmp_path / "b.feature", tmp_path])
    ]
    of_one = [
        (3, "scenario-without-name"),
        (3, "scenario-without-then"),
        (5, "rule-without-scenarios"),
    ]
    assert found == [(name, *each) for name in ("a.feature", "b.feature") for each in of_one]


def test_a_step_that_may_fail_is_let_be() -> None:
    """What its source does not prove is nobody's fault."""

    def asserts() -> None:
        """An assert with a function within, and something else that is caught."""

        def helper() -> bool:
            return len("ab") == 1

        with contextlib.suppress(ZeroDivisionError):
            assert helper() == bool([1])

    def raises() -> None:
        raise AssertionError

    def returns() -> Path:
        return Path()

    @wraps(asserts)
    def wrapped() -> object:
        return len("ab") == 1

    definitions = [Defined(each) for each in (asserts, raises, returns, wrapped, print)]
    assert step_definition_problems(definitions) == []


def test_scenarios_are_counted_with_their_rows(tmp_path: Path) -> None:
    """As many as a run has to show."""
    file = tmp_path / "a.feature"
    rows = "    Eksempler:\n      | dag |\n      | i dag |\n      | i går |\n"
    file.write_text(
        f"{HEAD}{GOOD}  Regel: R\n    Scenariomal: B\n    Gitt at fakturaen sendes <dag>\n{REST}{rows}{rows}",
        encoding="utf-8",
    )
    assert scenario_count(file) == 5


def test_the_page_lists_every_code_with_its_reason() -> None:
    """In English, word for word, and no other."""
    page = (ROOT / "docs" / "feature-lint.md").read_text(encoding="utf-8")
    listed = {
        line.split("|")[1].strip(" `"): line.split("|")[2].strip()
        for line in page.splitlines()
        if line.startswith("| `")
    }
    assert listed == {code: why.say("en").replace("|", "\\|") for code, why in ALL_CODES.items()}
