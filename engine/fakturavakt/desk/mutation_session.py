"""A pytest plugin that tries mutants on scenarios: ``--try-mutants TASK``, in a process of its own.

Every scenario is run once on the rule book as it is; then, for each mutant, those that it could make a
difference to are run again, for real and with all their steps, until one fails. Under the reference engine
alone: that the engines agree is tested elsewhere, and on every scenario.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

import pytest
from _pytest.runner import runtestprotocol
from pytest_bdd.scenario import scenario_wrapper_template_registry

from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.case import Case, watchers
from fakturavakt.acceptance.example_rows import example_lines
from fakturavakt.acceptance.pytest_session import TESTED, put_to_the_test
from fakturavakt.desk.rule_mutations import Mutant, candidates
from fakturavakt.desk.scenario_outcomes import Outlook, ScenarioDocument
from fakturavakt.intake.fact_reader import ReadDocument
from fakturavakt.rulebook.model import RuleBook

OPTION: Final = "--try-mutants"
_EXAMPLE: Final = "_pytest_bdd_example"
"""What pytest-bdd calls the row of an outline."""
SEEN_MAX: Final = 3
"""Scenarios that are named of a mutant that none of them noticed."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a process is given: the numbers of its mutants, where it writes what became of each, and the
    folder in which the features lie.
    """

    mutants: tuple[int, ...]
    results: str
    features: str


@dataclass(frozen=True, slots=True)
class TriedScenario:
    """A scenario by its file in the folder of features, its line there (of an outline that of its row of
    examples) and its title.
    """

    file: str
    line: int
    title: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a mutant: the scenario that failed, if one did; how many were run again; and where none
    failed, scenarios that it made a difference to, with the parts that came out otherwise.
    """

    mutant: int
    scenarios: int
    failed: TriedScenario | None
    run_again: int
    unnoticed: tuple[tuple[TriedScenario, tuple[str, ...]], ...]


def written_task(task: Task) -> str:
    """A task as :data:`OPTION` takes it, in a file."""
    return json.dumps(asdict(task))


def read_result(line: str) -> Tried:
    """A line of the results."""
    found = json.loads(line)
    unnoticed = tuple((TriedScenario(**each), tuple(keys)) for each, keys in found["unnoticed"])
    failed = found["failed"] and TriedScenario(**found["failed"])
    return Tried(**{**found, "failed": failed, "unnoticed": unnoticed})


# -- in the process --------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """The file with the task."""
    parser.addoption(OPTION, metavar="TASK", help="try mutants of the rule book on the scenarios")


def pytest_configure(config: pytest.Config) -> None:
    """Take over the run, where there is a task."""
    named = config.getoption(OPTION)
    if named is not None:
        found = json.loads(Path(named).read_text(encoding="utf-8"))
        task = Task(**{**found, "mutants": tuple(found["mutants"])})
        config.pluginmanager.register(_Session(task))


@dataclass
class _Item:
    """A scenario, or a row of one, and what it put to the test: each document, and what came out of it."""

    item: pytest.Item
    documents: list[tuple[ScenarioDocument, Mapping[str, object]]]

    def scenario(self, features: Path) -> TriedScenario:
        template = scenario_wrapper_template_registry[self.item.obj]  # type: ignore[attr-defined]
        file, line = Path(template.feature.filename), template.line_number
        spec = getattr(self.item, "callspec", None)
        if spec is not None and _EXAMPLE in spec.indices:
            line = example_lines(file)[line][spec.indices[_EXAMPLE]]
        return TriedScenario(file.relative_to(features).as_posix(), line, template.name)


class _Session:
    def __init__(self, task: Task) -> None:
        self.task = task
        self.items: list[_Item] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """All scenarios once, then the mutants; None leaves mistakes in the features to pytest."""
        if session.testsfailed or session.config.option.collectonly:
            return None
        book = session.config.stash[TESTED].book
        self._put_to_the_test(session.config, book)
        self._run_all(session.items, Outlook(book))
        if session.testsfailed:
            return True
        mutants = candidates(book)
        with Path(self.task.results).open("a", encoding="utf-8") as results:
            for number in self.task.mutants:
                tried = self._try(mutants[number], session.config)
                results.write(json.dumps(asdict(tried), ensure_ascii=False) + "\n")
                results.flush()
        return True

    def _run_all(self, items: Sequence[pytest.Item], outlook: Outlook) -> None:
        seen: list[tuple[Case, ScenarioDocument]] = []

        def watch(under_way: Case, read: ReadDocument) -> None:
            seen.append((under_way, ScenarioDocument(read.facts, under_way.as_of)))

        watchers.append(watch)
        for item, following in zip_longest(items, items[1:]):
            seen.clear()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            # Asked afterwards: a document is told of before it is known what is made of it.
            documents = [
                (
                    document,
                    outlook.outcomes(
                        document,
                        decided=done.decision is not None,
                        judged=done.agreements is not None,
                    ),
                )
                for done, document in seen
                if done.tested.book is outlook.book  # else it is about a rule book of its own
            ]
            self.items.append(_Item(item, documents))
        watchers.remove(watch)

    def _try(self, mutant: Mutant, config: pytest.Config) -> Tried:
        """Scenarios that have noticed other mutants first: what is near is noticed by the same."""
        outlook = Outlook(mutant.book)
        self._put_to_the_test(config, mutant.book)
        unnoticed: dict[str, tuple[TriedScenario, tuple[str, ...]]] = {}
        run_again = 0
        for each in self.items:
            differing = dict.fromkeys(
                key
                for document, before in each.documents
                for key in outlook.differences(document, before)
            )
            if not differing:
                continue
            run_again += 1
            scenario = each.scenario(Path(self.task.features))
            if self._fails(each.item):
                self.items.remove(each)
                self.items.insert(0, each)
                return Tried(mutant.number, len(self.items), scenario, run_again, ())
            if len(unnoticed) < SEEN_MAX:
                unnoticed.setdefault(scenario.title, (scenario, tuple(differing)))
        return Tried(mutant.number, len(self.items), None, run_again, tuple(unnoticed.values()))

    @staticmethod
    def _put_to_the_test(config: pytest.Config, book: RuleBook) -> None:
        put_to_the_test(config, BookUnderTest(book))

    @staticmethod
    def _fails(item: pytest.Item) -> bool:
        # What comes next is not known yet: nothing is left set up.
        return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))
