"""Each way to pass green and test nothing: pytest-bdd lets it pass, and the lint refuses it.

Where something is left out, it is a demand that always fails, so that a green run shows the loss.
"""

from __future__ import annotations

import importlib.util
import itertools
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from fakturavakt.acceptance.feature_codes import DEFINITIONS, EXAMPLES, LEFT_OUT, STEPS
from fakturavakt.acceptance.feature_lint import lint_feature, lint_features
from fakturavakt.acceptance.known_steps import KnownStep, steps_for, steps_of_module
from fakturavakt.acceptance.step_definition_lint import place_of, step_definition_problems
from fakturavakt.problems import Place

pytest_plugins = ["pytester"]

STEPS_OF_A_USER = """
import pytest
from contextlib import suppress
from pytest_bdd import given, parsers, step, then, when

def checks(): assert 1 == 2

async def checks_later(): assert 1 == 2

def checks_each():
    assert 1 == 2
    yield

@given("en faktura")
def a(): pass

@given(parsers.parse("fakturaen sendes {day}"))
def b(day): pass

@given(parsers.parse("at «{fact}» er «{value}»"))
def c(fact, value): pass

@given("disse linjene:")
def d(datatable):
    header, *rows = datatable

@given("dette brevet:")
def e(docstring): pass

@when("fakturaen kontrolleres")
def f(): pass

@when("avtalene vurderes")
def g(): pass

@then("blir den sendt")
def h(): print("sendt")

@then(parsers.parse("går den som {channel}"))
def i(channel): print(channel)

@then("feiler det")
def j(): raise AssertionError
"""
HEAD = "# language: no\nEgenskap: E\n"
GIVEN = "    Gitt en faktura\n"
WHEN = "    Når fakturaen kontrolleres\n"
THEN = "    Så blir den sendt\n"
FAILS = "    Så feiler det\n"
GOOD = f"  Scenario: Bra\n{GIVEN}{WHEN}{THEN}"
ROW = "    Eksempler:\n      | dag |\n      | i dag |\n"
OUTLINE = f"  Scenariomal: M\n    Gitt fakturaen sendes <dag>\n{WHEN}{THEN}"
_numbers = itertools.count()


@dataclass(frozen=True)
class Loss:
    """A feature (under ``HEAD``, so that it begins on line 3), how many tests pass, and all that is found."""

    name: str
    feature: str
    passed: int
    found: Sequence[tuple[str, int, int]]
    steps: str = ""
    head: str = HEAD
    beside: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


LOSSES = [
    Loss(
        "two scenarios of one name",
        f"  Scenario: A\n{GIVEN}{WHEN}{FAILS}  Scenario: A\n    Gitt fakturaen sendes i dag\n{WHEN}{THEN}",
        1,
        [("scenario-twice", 7, 3)],
    ),
    Loss(
        "one name under two rules",
        f"  Regel: R\n    Scenario: A\n{GIVEN}{WHEN}{FAILS}"
        f"  Regel: S\n    Scenario: A\n    Gitt fakturaen sendes i dag\n{WHEN}{THEN}",
        1,
        [("scenario-twice", 9, 5)],
    ),
    Loss("no steps", f"{GOOD}  Scenario: A\n", 2, [("scenario-without-steps", 7, 3)]),
    Loss(
        "only a background",
        f"  Bakgrunn:\n{GIVEN}  Scenario: A\n",
        1,
        [("scenario-without-steps", 5, 3)],
    ),
    Loss("no demand", f"  Scenario: A\n{GIVEN}{WHEN}", 1, [("scenario-without-then", 3, 3)]),
    Loss("no name", f"  Scenario:\n{GIVEN}{WHEN}{THEN}", 1, [("scenario-without-name", 3, 3)]),
    Loss("a rule without scenarios", f"{GOOD}  Regel: R\n", 1, [("rule-without-scenarios", 7, 3)]),
    Loss(
        "a background without steps",
        f"  Bakgrunn:\n{GOOD}",
        1,
        [("background-without-steps", 3, 3)],
    ),
    # -- description -------------------------------------------------------------------------------
    *(
        Loss(
            f"first step: {line}",
            f"  Scenario: A\n    {line}\n{WHEN}{THEN}",
            1,
            [("step-in-description", 4, 5)],
        )
        for line in (
            "så feiler det",
            "Sa feiler det",
            "Så: feiler det",
            "Saa feiler det",
            "Sår feiler det",
            "Så\N{NO-BREAK SPACE}feiler det",
            "Sa\N{COMBINING RING ABOVE} feiler det",
            "Then feiler det",
            "feiler det",
            "Git en faktura",
            "gitt noe som ingen kan",
        )
    ),
    Loss(
        "a step under a heading of examples",
        f"{OUTLINE}    Eksempler:\n      Så feiler det\n      | dag |\n      | i dag |\n",
        1,
        [("step-in-description", 8, 7)],
    ),
    Loss(
        "a scenario without a colon",
        f"  Scenario A\n{GIVEN}{WHEN}{FAILS}\n{GOOD}",
        1,
        [
            ("step-in-description", 4, 5),
            ("step-in-description", 5, 5),
            ("step-in-description", 6, 5),
        ],
    ),
    *(
        Loss(
            f"a heading: {heading}",
            f"  {heading}\n{FAILS}\n{GOOD}",
            1,
            [("keyword-in-description", 3, 3), ("step-in-description", 4, 5)],
        )
        for heading in (
            "Bakgrun:",
            "bakgrunn:",
            "Scenari: A",
            "scenario: A",
            "Scenario mal: A",
            "Background:",
        )
    ),
    Loss(
        "a misspelt heading of examples, under a scenario's description",
        f"  Scenario: A\n    Eksemplar:\n    | dag |\n{GIVEN}{WHEN}{THEN}",
        1,
        [("keyword-in-description", 4, 5), ("row-in-description", 5, 5)],
    ),
    Loss(
        "a row of examples without a bar before it",
        f"{OUTLINE}    Eksempler:\n      dag |\n      | dag |\n      | i dag |\n",
        1,
        [("row-in-description", 8, 7)],
    ),
    # -- comments and texts ------------------------------------------------------------------------
    Loss(
        "a step commented out",
        f"  Scenario: A\n{GIVEN}{WHEN}{THEN}    # Og feiler det\n",
        1,
        [("commented-out", 7, 5)],
    ),
    Loss(
        "a scenario commented out",
        f"{GOOD}  # Scenario: A\n  #  Så feiler det\n",
        1,
        [("commented-out", 7, 3), ("commented-out", 8, 3)],
    ),
    Loss(
        "a row commented out",
        f"{OUTLINE}{ROW}      # | i går |\n",
        1,
        [("commented-out", 10, 7)],
    ),
    Loss(
        "a text that is closed too late",
        f'  Scenario: A\n    Gitt dette brevet:\n      """\n      Hei\n{WHEN}{FAILS}'
        f'  Scenario: B\n    Gitt dette brevet:\n      """\n{WHEN}{THEN}',
        1,
        [
            ("swallowed-by-text", 7, 5),
            ("swallowed-by-text", 8, 5),
            ("swallowed-by-text", 9, 3),
            ("swallowed-by-text", 10, 5),
        ],
    ),
    Loss(
        "the last bar of a row forgotten",
        f"  Scenario: A\n    Gitt disse linjene:\n      | a | b\n      | 1 | 2\n{WHEN}{THEN}",
        1,
        [("text-lost", 5, 13), ("text-lost", 6, 13)],
    ),
    Loss(
        "text behind the quotes that open and close a text",
        f'  Scenario: A\n    Gitt dette brevet:\n      """Hei du\n      Hei\n      """ og du\n{WHEN}{THEN}',
        1,
        [("text-lost", 5, 10), ("text-lost", 7, 11)],
    ),
    # -- examples ----------------------------------------------------------------------------------
    Loss(
        "an outline without examples",
        OUTLINE,
        1,
        [("outline-without-examples", 3, 3), ("unknown-column", 4, 27)],
    ),
    Loss(
        "examples without rows",
        f"{OUTLINE}    Eksempler:\n      | dag |\n",
        1,
        [("examples-without-rows", 7, 5)],
    ),
    Loss(
        "examples without a table, beside others",
        f"{OUTLINE}{ROW}    Eksempler:\n",
        1,
        [("examples-without-rows", 10, 5)],
    ),
    Loss(
        "a column twice",
        f"{OUTLINE}    Eksempler:\n      | dag | dag |\n      | i dag | i går |\n",
        1,
        [("column-twice", 8, 15)],
    ),
    Loss(
        "a column that no table has",
        f"  Scenario: A\n    Gitt fakturaen sendes <dag>\n{WHEN}{THEN}",
        1,
        [("unknown-column", 4, 27)],
    ),
    Loss(
        "a column that one of the tables lacks",
        f"{OUTLINE}    Og går den som <kanal>\n{ROW}"
        "    Eksempler:\n      | dag | kanal |\n      | i går | papir |\n",
        2,
        [("unknown-column", 7, 20)],
    ),
    Loss(
        "a column of a background",
        f"  Bakgrunn:\n    Gitt fakturaen sendes <dag>\n{GOOD}",
        1,
        [("unknown-column", 4, 27)],
    ),
    Loss(
        "a column of a step's table",
        f"  Scenario: A\n    Gitt disse linjene:\n      | a |\n      | <b> |\n{WHEN}{THEN}",
        1,
        [("unknown-column", 6, 9)],
    ),
    Loss(
        "a column with spaces within the brackets",
        f"  Scenariomal: M\n    Gitt fakturaen sendes < dag >\n{WHEN}{THEN}{ROW}",
        1,
        [("unknown-column", 4, 27), ("unused-column", 8, 9)],
    ),
    Loss(
        "a lone bracket before a column",
        f"  Scenariomal: M\n    Gitt fakturaen sendes < 3 <dag>\n{WHEN}{THEN}{ROW}",
        1,
        [("unknown-column", 4, 27), ("unused-column", 8, 9)],
    ),
    *(
        Loss(
            f"half a placeholder: {half}",
            f"  Scenariomal: M\n    Gitt fakturaen sendes {half}\n{WHEN}{THEN}{ROW}",
            1,
            [("broken-placeholder", 4, 27), ("unused-column", 8, 9)],
        )
        for half in ("<dag", "dag>")
    ),
    Loss(
        "a column that no step uses",
        f"  Scenariomal: M\n{GIVEN}{WHEN}{THEN}{ROW}",
        1,
        [("unused-column", 8, 9)],
    ),
    Loss(
        "a column named in a row",
        f"{OUTLINE}    Eksempler:\n      | dag |\n      | <dag> |\n",
        1,
        [("placeholder-in-row", 9, 9)],
    ),
    Loss(
        "equal rows",
        f"{OUTLINE}{ROW}      | i dag |\n",
        2,
        [("row-twice", 10, 7)],
    ),
    Loss(
        "equal rows of two tables",
        f"{OUTLINE}{ROW}{ROW}",
        2,
        [("row-twice", 12, 7)],
    ),
    Loss(
        "the steps of another scenario",
        f"{GOOD}  Scenario: A\n{GIVEN}{WHEN}{THEN}",
        2,
        [("steps-twice", 7, 3)],
    ),
    # -- steps -------------------------------------------------------------------------------------
    Loss(
        "two definitions that match",
        f"  Scenario: A\n{GIVEN}{WHEN}{FAILS}",
        1,
        [("ambiguous-step", 6, 5)],
        steps='@then(parsers.parse("feiler {what}"))\ndef k(what): print(what)\n',
    ),
    Loss(
        "a definition for every kind beside one for this",
        f"  Scenario: A\n{GIVEN}{WHEN}    Så feiler det ikke\n",
        1,
        [("ambiguous-step", 6, 5)],
        steps='@step(parsers.parse("feiler {what}"))\ndef k(what): raise AssertionError\n'
        '@then("feiler det ikke")\ndef l(): print("nei")\n',
    ),
    Loss(
        "two statements in one step",
        f"  Scenario: A\n    Gitt at «a» er «ja» og at «b» er «nei»\n{WHEN}{THEN}",
        1,
        [("two-in-one", 4, 5)],
    ),
    Loss(
        "a statement after the last event",
        f"  Scenario: A\n{WHEN}{GIVEN}{THEN}",
        1,
        [("given-after-when", 5, 5)],
    ),
    Loss(
        "a statement after an event of the background",
        f"  Bakgrunn:\n{WHEN}  Scenario: A\n{GIVEN}{THEN}",
        1,
        [("given-after-when", 6, 5)],
    ),
    Loss(
        "a statement after an event, within the background",
        f"  Bakgrunn:\n{WHEN}{GIVEN}  Scenario: A\n{THEN}",
        1,
        [("given-after-when", 5, 5)],
    ),
    Loss(
        "two events in a row",
        f"  Scenario: A\n{GIVEN}{WHEN}    Når avtalene vurderes\n{THEN}",
        1,
        [("when-without-then", 5, 5)],
    ),
    Loss(
        "the same event twice",
        f"  Scenario: A\n{GIVEN}{WHEN}    Og fakturaen kontrolleres\n{THEN}",
        1,
        [("when-without-then", 5, 5)],
    ),
    Loss(
        "an event at the end",
        f"  Scenario: A\n{GIVEN}{WHEN}{THEN}    Når avtalene vurderes\n",
        1,
        [("when-without-then", 7, 5)],
    ),
    Loss(
        "a demand before anything happens",
        f"  Scenario: A\n{GIVEN}{THEN}{WHEN}    Så går den som papir\n",
        1,
        [("then-before-when", 5, 5)],
    ),
    Loss(
        "the same demand twice",
        f"  Scenario: A\n{GIVEN}{WHEN}{THEN}    Og blir den sendt\n",
        1,
        [("then-twice", 7, 5)],
    ),
    Loss(
        "a table that the step does not take",
        f"  Scenario: A\n{GIVEN}      | a |\n      | 1 |\n{WHEN}{THEN}",
        1,
        [("table-not-taken", 5, 7)],
    ),
    Loss(
        "a text that the step does not take",
        f'  Scenario: A\n{GIVEN}      """\n      Hei\n      """\n{WHEN}{THEN}',
        1,
        [("text-not-taken", 5, 7)],
    ),
    Loss(
        "a table that is announced and forgotten",
        f"  Scenario: A\n    Gitt kanskje disse:\n{WHEN}{THEN}",
        1,
        [("table-missing", 4, 5)],
        steps='@given("kanskje disse:")\ndef k(datatable=None): pass\n',
    ),
    Loss(
        "a text that is announced and forgotten",
        f"  Scenario: A\n    Gitt kanskje dette:\n{WHEN}{THEN}",
        1,
        [("text-missing", 4, 5)],
        steps='@given("kanskje dette:")\ndef k(docstring=""): pass\n',
    ),
    Loss(
        "a table of headings alone",
        f"  Scenario: A\n    Gitt disse linjene:\n      | a |\n{WHEN}{THEN}",
        1,
        [("table-without-rows", 5, 7)],
    ),
    Loss(
        "a heading twice in a step's table",
        f"  Scenario: A\n    Gitt disse linjene:\n      | a | a |\n      | 1 | 2 |\n{WHEN}{THEN}",
        1,
        [("column-twice", 5, 13)],
    ),
]

TAGGED = [
    Loss(
        "a tag of a scenario",
        f"{GOOD}  @{{tag}}\n  Scenario: A\n{WHEN}{FAILS}",
        1,
        [("skipping-tag", 7, 3)],
    ),
    Loss(
        "a tag of a rule",
        f"{GOOD}  @{{tag}}\n  Regel: R\n  Scenario: A\n{WHEN}{FAILS}",
        1,
        [("skipping-tag", 7, 3)],
    ),
    Loss(
        "a tag of examples",
        f"{GOOD}  Scenariomal: A\n    Gitt fakturaen sendes <dag>\n{WHEN}{FAILS}"
        "    @{tag}\n    Eksempler:\n      | dag |\n      | i dag |\n",
        1,
        [("skipping-tag", 11, 5)],
    ),
    Loss(
        "a tag of the feature",
        f"  Scenario: A\n{WHEN}{FAILS}",
        0,
        [("skipping-tag", 2, 1)],
        head="# language: no\n@{tag}\nEgenskap: E\n",
    ),
]

FILES = [
    Loss(
        "no scenario in one of two files",
        "  Prosa.\n",
        1,
        [("feature-without-scenarios", 2, 1)],
        beside={"b.feature": HEAD + GOOD},
    ),
    *(
        Loss(
            f"a file named {name}",
            GOOD,
            1,
            [("not-collected", 1, 1)],
            beside={name: f"{HEAD}  Scenario: A\n{FAILS}"},
        )
        for name in (
            *("b.Feature", "b.feature.txt", "b.feature.md", "b.feature.bak", "b.feature "),
            *("b.features", "b.featur", ".b.feature", ".utkast/b.feature", "b.gherkin", "b"),
        )
    ),
]

CANNOT_FAIL = [
    ("an asynchronous step", "async def k(): checks()", "step-not-awaited", 0, 1),
    (
        "an asynchronous generator",
        "async def k():\n    checks()\n    yield",
        "step-not-awaited",
        0,
        1,
    ),
    ("a coroutine called", "def k():\n    checks_later()", "step-not-awaited", 2, 5),
    ("a coroutine returned", "def k():\n    return checks_later()", "step-not-awaited", 2, 5),
    ("a generator called", "def k():\n    checks_each()", "step-not-awaited", 2, 5),
    ("a comparison returned", "def k(): return 1 == 2", "truth-returned", 1, 10),
    ("several returned", "def k():\n    return 1 == 2 and not 3 < 2", "truth-returned", 2, 5),
    ("all() returned", "def k():\n    return all(x > 1 for x in [0])", "truth-returned", 2, 5),
    ("a lazy check returned", "def k():\n    return (1 / 0 for x in [0])", "truth-returned", 2, 5),
    ("False returned", "def k():\n    return False", "truth-returned", 2, 5),
    ("a comparison dropped", "def k():\n    1 == 2", "comparison-dropped", 2, 5),
    ("a pair asserted", "def k():\n    x = 1\n    assert (x == 2, 'no')", "always-true", 3, 5),
    ("a constant asserted", "def k():\n    assert 'checked'", "always-true", 2, 5),
    (
        "a failure swallowed",
        "def k():\n    try:\n        checks()\n    except AssertionError:\n        pass",
        "failure-swallowed",
        4,
        5,
    ),
    (
        "all failures swallowed",
        "def k():\n    try:\n        assert 1 == 2\n    except Exception:\n        return",
        "failure-swallowed",
        4,
        5,
    ),
    (
        "a failure suppressed",
        "def k():\n    with suppress(AssertionError):\n        checks()",
        "failure-swallowed",
        2,
        5,
    ),
    ("the test skipped", "def k():\n    pytest.skip('no')", "step-skips", 2, 5),
    ("the session ended", "def k():\n    pytest.exit('no', 0)", "step-skips", 2, 5),
    ("nothing done", "def k():\n    'The invoice is sent.'", "then-without-body", 0, 1),
    ("a check within, not called", "def k():\n    def q(): checks()", "then-without-body", 0, 1),
]


@pytest.fixture(autouse=True)
def _bare(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """No plugin but pytest-bdd."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini("[pytest]\naddopts = -p pytest_bdd.plugin -p no:cacheprovider\n")
    pytester.makepyfile("from pytest_bdd import scenarios\nscenarios('features')\n")


@pytest.fixture
def loaded() -> Iterator[list[object]]:
    """Keeps modules of steps alive, whose definitions pytest-bdd would forget."""
    modules: list[object] = []
    yield modules
    modules.clear()


def steps_of(pytester: pytest.Pytester, steps: str, loaded: list[object]) -> Sequence[KnownStep]:
    """A conftest.py of the steps above and some more, and its definitions."""
    file = pytester.makeconftest(STEPS_OF_A_USER + "\n" + steps)
    module = module_of(file)
    loaded.append(module)
    return steps_of_module(module.__name__)


def module_of(file: Path) -> ModuleType:
    """A file of steps, imported under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"steps_of_a_user_{next(_numbers)}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings(action="ignore"):
        spec.loader.exec_module(module)
    return module


def write(pytester: pytest.Pytester, name: str, said: str) -> Path:
    """A file among the features."""
    file = pytester.path / "features" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(said, encoding="utf-8")
    return file


def passes(pytester: pytest.Pytester, passed: int, **other: int) -> None:
    """Bare pytest-bdd is content, and ran so many tests."""
    result = pytester.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=passed, **other)


@pytest.mark.parametrize("loss", [*LOSSES, *FILES], ids=str)
def test_what_passes_green_is_refused(
    pytester: pytest.Pytester, loaded: list[object], loss: Loss
) -> None:
    """And nothing else is found in it."""
    definitions = steps_of(pytester, loss.steps, loaded)
    write(pytester, "a.feature", loss.head + loss.feature)
    for name, said in loss.beside.items():
        write(pytester, name, said)
    passes(pytester, loss.passed)
    problems = lint_features(pytester.path / "features", definitions)
    found = [(each.code, each.place.line, each.place.column) for each in problems]
    assert found == loss.found


@pytest.mark.parametrize("tag", ["skip", "skipif", "xfail"])
@pytest.mark.parametrize("loss", TAGGED, ids=str)
def test_a_tag_that_skips_is_refused(
    pytester: pytest.Pytester, loaded: list[object], loss: Loss, tag: str
) -> None:
    """Of each tag pytest makes a mark."""
    definitions = steps_of(pytester, loss.steps, loaded)
    write(pytester, "a.feature", (loss.head + loss.feature).replace("{tag}", tag))
    passes(pytester, loss.passed, **{"xfailed" if tag == "xfail" else "skipped": 1})
    problems = lint_features(pytester.path / "features", definitions)
    found = [(each.code, each.place.line, each.place.column) for each in problems]
    assert found == loss.found


@pytest.mark.parametrize(
    ("written", "code", "line", "column"),
    [case[1:] for case in CANNOT_FAIL],
    ids=[case[0] for case in CANNOT_FAIL],
)
def test_a_step_that_cannot_fail_is_refused(
    pytester: pytest.Pytester, loaded: list[object], written: str, code: str, line: int, column: int
) -> None:
    """Though the feature that uses it is faultless."""
    definitions = steps_of(pytester, f'@then("godtas alt")\n{written}\n', loaded)
    write(pytester, "a.feature", f"{HEAD}  Scenario: A\n{GIVEN}{WHEN}    Så godtas alt\n")
    result = pytester.runpytest_subprocess("-W", "ignore")
    assert result.ret == pytest.ExitCode.OK
    if code != "step-skips":
        result.assert_outcomes(passed=1)
    assert lint_features(pytester.path / "features", definitions) == []
    (problem,) = step_definition_problems(definitions)
    conftest = pytester.path / "conftest.py"
    lines = conftest.read_text(encoding="utf-8").splitlines()
    first = lines.index('@then("godtas alt")') + 1
    assert problem.code == code
    assert problem.place == Place(str(conftest), first + line, column)


def test_a_value_that_no_argument_takes_is_refused(
    pytester: pytest.Pytester, loaded: list[object]
) -> None:
    """pytest-bdd leaves it out without a word, from ``**values`` too."""
    steps = (
        '@then(parsers.parse("er {what} lik {value}"))\ndef k(what, **values): assert not values\n'
    )
    definitions = steps_of(pytester, steps, loaded)
    write(pytester, "a.feature", f"{HEAD}  Scenario: A\n{GIVEN}{WHEN}    Så er 1 lik 2\n")
    passes(pytester, 1)
    assert [each.code for each in step_definition_problems(definitions)] == ["argument-dropped"]


def test_two_definitions_of_one_text_are_refused(
    pytester: pytest.Pytester, loaded: list[object]
) -> None:
    """The last of them is run."""
    steps = '@then("feiler det")\ndef k(): print("nei")\n'
    definitions = steps_of(pytester, steps, loaded)
    write(pytester, "a.feature", f"{HEAD}  Scenario: A\n{GIVEN}{WHEN}{FAILS}")
    passes(pytester, 1)
    assert [each.code for each in step_definition_problems(definitions)] == ["step-defined-twice"]


def test_a_nearer_conftest_goes_before(pytester: pytest.Pytester, loaded: list[object]) -> None:
    """With the very text of a step it is meant to; what only happens to match is not."""
    steps_of(pytester, "", loaded)
    own = pytester.path / "features" / "conftest.py"
    feature = write(pytester, "a.feature", f"{HEAD}  Scenario: A\n{GIVEN}{WHEN}{FAILS}")
    for text, codes in (("'feiler det'", []), ("parsers.parse('feiler {x}')", ["ambiguous-step"])):
        own.write_text(
            f"from pytest_bdd import parsers, then\n@then({text})\ndef k(): print('nei')\n",
            encoding="utf-8",
        )
        importlib.invalidate_caches()
        loaded[1:] = [module_of(own)]
        known = [each for each in steps_for(feature) if _named_here(each, pytester.path)]
        assert [each.code for each in lint_feature(feature, known)] == codes
        assert "step-defined-twice" not in [each.code for each in step_definition_problems(known)]
    elsewhere = write(pytester, "../b.feature", "")
    assert not any(_named_here(each, own.parent) for each in steps_for(elsewhere))


def _named_here(step: KnownStep, folder: Path) -> bool:
    return place_of(step.function).file.startswith(str(folder))


def test_each_silent_loss_is_shown() -> None:
    """Every code that there is, but for those of what is loud in pytest-bdd already."""
    shown = {code for loss in [*LOSSES, *TAGGED, *FILES] for code, _, _ in loss.found}
    shown |= {case[2] for case in CANNOT_FAIL} | {"argument-dropped", "step-defined-twice"}
    loud = {"unknown-step", "step-without-kind"}
    assert shown == {*LEFT_OUT, *EXAMPLES, *STEPS, *DEFINITIONS, "not-collected"} - loud
