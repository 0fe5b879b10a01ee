"""The pytest plugin: scenarios about invoices run with ``pytest features/``, without a line of Python.

It comes with an installed fakturavakt (entry point ``pytest11``), and does nothing where pytest-bdd is not
installed. Its steps can be used, added to and overridden by any ``conftest.py``; ``-p no:fakturavakt`` turns
it off.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Generator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import pytest

from fakturavakt.texts import text

if TYPE_CHECKING:
    from fakturavakt.acceptance.book_under_test import BookUnderTest
    from fakturavakt.acceptance.case import Case

_CAN_RUN: Final = importlib.util.find_spec("pytest_bdd") is not None
_ENGINES: Final = ("auto", "all", "reference", "durable", "columnar")
_FAILED_STEP: Final = pytest.StashKey[tuple[str, int, str]]()
"""File, line and text of the step that a scenario failed at."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--fakturavakt-rules`` and ``--fakturavakt-engine``, also in the ini file."""
    group = parser.getgroup("fakturavakt")
    group.addoption("--fakturavakt-rules", metavar="DIR", help="the rule book of the scenarios")
    group.addoption(
        "--fakturavakt-engine",
        choices=_ENGINES,
        help="the engines that decide scenarios: auto (reference and durable, the default), all, or one",
    )
    parser.addini("fakturavakt_rules", "the rule book of the scenarios")
    parser.addini("fakturavakt_engine", "the engines that decide scenarios")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the steps, so that modules of tests can use them, too."""
    if not _CAN_RUN:
        return
    from fakturavakt.acceptance.scenario_error import ScenarioError

    ScenarioError.language = _language()
    from fakturavakt.acceptance.step_definitions import STEP_MODULES

    for name in STEP_MODULES:
        module = importlib.import_module(f"fakturavakt.acceptance.{name}")
        if not config.pluginmanager.is_registered(module):
            config.pluginmanager.register(module, module.__name__)


def _language() -> str:
    from fakturavakt.cli.language import chosen_language

    return chosen_language([], os.environ.get("FAKTURAVAKT_LANG"))


def rules_of(config: pytest.Config) -> str | None:
    """The folder of the rule book: the one that was named, that of ``fakturavakt.toml``, or ``rules`` where
    pytest was started or in its root; None for the one that ships.
    """
    from fakturavakt.acceptance.pytest_session import rules_beside
    from fakturavakt.cli.configuration import configured

    return (
        config.getoption("--fakturavakt-rules")
        or config.getini("fakturavakt_rules")
        or configured().value("rules", "accept")
        or rules_beside(config.invocation_params.dir)
        or rules_beside(config.rootpath)
    )


def tested(config: pytest.Config) -> BookUnderTest:
    """The rule book of a run, read once; a run whose rule book cannot be read ends with what is wrong."""
    from fakturavakt.acceptance.pytest_session import TESTED, put_to_the_test

    if TESTED not in config.stash:
        from fakturavakt.acceptance.book_under_test import BookUnderTest, engines_of
        from fakturavakt.engines.choose import EngineUnavailableError
        from fakturavakt.problems import ProblemsError

        choice = config.getoption("--fakturavakt-engine") or config.getini("fakturavakt_engine")
        try:
            found = BookUnderTest.load(rules_of(config), engines_of(choice or "auto"))
        except (ProblemsError, EngineUnavailableError, OSError) as error:
            raise pytest.UsageError(str(error)) from None
        put_to_the_test(config, found)
    return config.stash[TESTED]


def pytest_report_collectionfinish(config: pytest.Config) -> str | None:
    """Which rule book, where there were scenarios."""
    from fakturavakt.acceptance.pytest_session import TESTED

    if TESTED not in config.stash:
        return None
    found = config.stash[TESTED]
    where = found.folder or text("den som følger med", "the one that ships").say(_language())
    return f"fakturavakt: {found.book.name} ({where}), {', '.join(found.engines)}"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Every feature file is a module of tests."""
    if file_path.suffix != ".feature" or not _CAN_RUN:
        return None
    return FeatureFile.from_parent(parent, path=file_path)


class FeatureFile(pytest.Module):
    """The scenarios of one feature, as the tests of a module that nobody has to write."""

    def _getobj(self) -> ModuleType:
        from pytest_bdd import scenarios

        from fakturavakt.acceptance.feature_lint import lint_feature
        from fakturavakt.acceptance.known_steps import steps_for
        from fakturavakt.acceptance.pytest_session import problems_of
        from fakturavakt.acceptance.step_definition_lint import step_definition_problems

        tested(self.config)
        steps = steps_for(self.path)
        found = [*lint_feature(_shown(self.path), steps), *step_definition_problems(steps)]
        if found:
            problems_of(self.config).extend(found)
            raise self.CollectError("\n".join(each.say(_language()) for each in found))
        for tag in _tags(self.path):
            self.config.addinivalue_line("markers", tag)
        module = ModuleType(self.path.stem)
        module.__file__ = str(self.path)
        # pytest-bdd puts the scenarios where its caller's names are.
        exec(  # noqa: S102 (a text of our own)
            compile("bind(feature)", str(self.path), "exec"),
            {**vars(module), "bind": scenarios, "feature": str(self.path)},
            vars(module),
        )
        return module


def _tags(file: Path) -> list[str]:
    """Every tag of a feature, without its ``@``: pytest refuses a mark that nobody has told it of."""
    lines = map(str.strip, file.read_text(encoding="utf-8").splitlines())
    tagged = " ".join(line for line in lines if line.startswith("@"))
    return list(dict.fromkeys(re.findall(r"@([^\s@]+)", tagged)))


def _shown(path: Path) -> Path:
    """A path as people would write it from where they are."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    """The scenario under way: the invoice that its steps build up, and what came out."""
    from fakturavakt.acceptance.case import Case

    return Case(tested(request.config), _folder(request))


def _folder(request: pytest.FixtureRequest) -> Path:
    """Where the feature lies, whether or not a module binds its scenarios."""
    from pytest_bdd.scenario import scenario_wrapper_template_registry

    function = request.function
    template = scenario_wrapper_template_registry.get(function) if callable(function) else None
    return request.path.parent if template is None else Path(template.feature.filename).parent


@pytest.hookimpl(optionalhook=True)
def pytest_bdd_step_error(request: pytest.FixtureRequest, feature: Any, step: Any) -> None:  # noqa: ANN401 (pytest-bdd's own)
    """Note where a scenario fails."""
    at = (feature.filename, step.line_number, f"{step.keyword} {step.name}")
    request.node.stash[_FAILED_STEP] = at


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say of a scenario that came out otherwise which step, and how: nobody needs Python's way there."""
    report = yield
    if call.excinfo is not None and _FAILED_STEP in item.stash:
        from fakturavakt.acceptance.scenario_error import ScenarioError

        if isinstance(call.excinfo.value, ScenarioError):
            file, line, said = item.stash[_FAILED_STEP]
            report.longrepr = f"{os.path.relpath(file)}:{line}: {said}\n  {call.excinfo.value}"
    return report
