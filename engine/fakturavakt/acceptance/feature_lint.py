"""Refuses what would pass green and test nothing.

pytest-bdd runs the last of two scenarios of one name, takes a misspelt step for description, runs no row
of an outline without rows, and so on. Each of these is a problem here, with its place; what there is, is
listed in ``feature_codes.py``. This module looks at files, at what is left out of them and at headings;
``scenario_lint.py`` looks at steps and examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from fakturavakt.acceptance.feature_files import feature_files, not_collected
from fakturavakt.acceptance.feature_syntax import read_feature
from fakturavakt.acceptance.feature_tree import (
    Block,
    FeatureFile,
    Located,
    Row,
    Scenario,
    Step,
    Written,
)
from fakturavakt.acceptance.feature_words import (
    kind_of_word,
    meant_step_word,
    meant_title,
)
from fakturavakt.acceptance.known_steps import KnownStep, shipped_steps
from fakturavakt.acceptance.scenario_lint import ScenarioLint
from fakturavakt.problems import Place, Problem, ProblemsError
from fakturavakt.texts import Text, text

_SKIPPING: Final = ("@skip", "@skipif", "@xfail")
_SURELY_GHERKIN: Final = re.compile(
    r"(Scenario|Scenariomal|Abstrakt Scenario|Scenario (Outline|Template)):"
    r"|(Bakgrunn|Background|Eksempler|Examples):$"
)
"""Headings that nobody writes in a comment or a text by chance, as «Regel:» and «Eksempel:» may be."""
_MEDIA_TYPE: Final = re.compile(r"[\w.+/-]*")


def lint_features(
    paths: Path | Iterable[Path], definitions: Sequence[KnownStep] | None = None
) -> list[Problem]:
    """All problems of features, sorted: of files, and of all that is in folders.

    ``definitions`` are the steps that there are; those that ship, unless a session knows others too.
    """
    paths = [paths] if isinstance(paths, Path) else list(paths)
    files = feature_files(paths)
    problems = list(not_collected(paths))
    if not files:
        where = str(paths[0]) if paths else "."
        wrong = text("Her er det ingen egenskaper.", "There are no features here.")
        expected = text("En egenskap er en fil «*.feature».", "A feature is a file “*.feature”.")
        problems.append(Problem(Place(where, 1, 1), "no-features", wrong, expected))
    for file in files:
        problems += lint_feature(file, definitions)
    return sorted(problems)


def lint_feature(file: Path, definitions: Sequence[KnownStep] | None = None) -> list[Problem]:
    """All problems of one feature file, sorted."""
    known = shipped_steps() if definitions is None else definitions
    try:
        feature = read_feature(file)
    except ProblemsError as error:
        return list(error.problems)
    return sorted(dict.fromkeys(_FeatureLint(feature, known).problems()))


class _FeatureLint(Located):
    def __init__(self, read: FeatureFile, definitions: Sequence[KnownStep]) -> None:
        super().__init__(read)
        self.scenario_lint = ScenarioLint(read, definitions)
        self.names: dict[str, int] = {}

    def problems(self) -> Iterator[Problem]:
        """Of the feature and all that is in it."""
        feature = self.read.feature
        yield from self._block(feature)
        if not any(feature.all_scenarios()):
            wrong = text("Egenskapen har ingen scenarier.", "The feature has no scenarios.")
            yield self.problem(feature, "feature-without-scenarios", wrong)
        for comment in self.read.comments:
            yield from self._comment(comment)

    def _block(self, block: Block) -> Iterator[Problem]:
        yield from self._tags(block.tags)
        yield from self._prose(block.description)
        for background in block.backgrounds:
            yield from self._description(background.description)
            yield from self._lost_text(background.steps)
            if not background.steps:
                wrong = text("Bakgrunnen har ingen steg.", "The background has no steps.")
                yield self.problem(background, "background-without-steps", wrong)
        for scenario in block.scenarios:
            yield from self._scenario(scenario)
        for rule in block.rules:
            if not rule.scenarios:
                wrong = text(
                    f"Regelen «{rule.name}» har ingen scenarier.",
                    f"The rule “{rule.name}” has no scenarios.",
                )
                yield self.problem(rule, "rule-without-scenarios", wrong)
            yield from self._block(rule)

    def _scenario(self, scenario: Scenario) -> Iterator[Problem]:
        name = scenario.name
        if not name:
            wrong = text("Scenariet har ikke noe navn.", "The scenario has no name.")
            yield self.problem(scenario, "scenario-without-name", wrong)
        if name in self.names:
            first = self.names[name]
            yield self.problem(
                scenario,
                "scenario-twice",
                text(
                    f"Scenariet «{name}» finnes alt på linje {first}; bare det siste ville blitt kjørt.",
                    f"The scenario “{name}” already stands on line {first}; only the last would be run.",
                ),
                text("Gi det ene et annet navn.", "Give one of them another name."),
            )
        self.names.setdefault(name, scenario.line)
        yield from self._tags(scenario.tags)
        yield from self._description(scenario.description)
        yield from self._lost_text(scenario.steps)
        for examples in scenario.examples:
            yield from self._tags(examples.tags)
            yield from self._description(examples.description, in_examples=True)
            yield from self._behind_rows(filter(None, (examples.header, *examples.rows)))
        yield from self.scenario_lint.problems(scenario)

    def _tags(self, tags: Iterable[Written]) -> Iterator[Problem]:
        for tag in tags:
            if tag.text in _SKIPPING:
                yield self.problem(
                    tag,
                    "skipping-tag",
                    text(
                        f"Med «{tag.text}» kan ikke scenariet stanse noe.",
                        f"With “{tag.text}” the scenario cannot stop anything.",
                    ),
                    text(
                        "Ta bort merkelappen, eller scenariet.", "Remove the tag, or the scenario."
                    ),
                )

    # -- lines that were meant to be read ----------------------------------------------------------

    def _prose(self, lines: Iterable[Written]) -> Iterator[Problem]:
        """What stands under a feature or a rule is prose, but for what is plainly Gherkin."""
        for line in lines:
            word, sure, rest = meant_step_word(line.text)
            near = 0.75 if sure else 0.85
            title = meant_title(line.text)
            if title:
                yield self._keyword(line, title)
            elif word and self._is_step(rest, near):
                yield self._step(line, word, rest)

    def _description(
        self, lines: Iterable[Written], *, in_examples: bool = False
    ) -> Iterator[Problem]:
        """A scenario's steps begin at once, so that little before them is meant as prose."""
        for line in lines:
            word, sure, rest = meant_step_word(line.text)
            of_a_kind = sure and word is not None and kind_of_word(word) is not None
            title = meant_title(line.text)
            if "|" in line.text if in_examples else line.text.startswith("|"):
                yield self._row(line)
            elif title:
                yield self._keyword(line, title)
            elif word and (of_a_kind or self._is_step(rest, 0.6)):
                yield self._step(line, word, rest)
            elif self._is_step(line.text) or self._is_step(line.text.partition(" ")[2]):
                yield self._step(line, None, line.text)

    def _is_step(self, said: str, at_least: float = 1.0) -> bool:
        """Whether it is the text of a step, of whatever kind, or nearly one."""
        if not said:
            return False
        steps = self.scenario_lint
        if any(each.matches(said) for each in steps.definitions):
            return True
        return at_least < 1 and steps.suggestions.resembles(said, at_least)

    def _row(self, line: Written) -> Problem:
        return self.problem(
            line,
            "row-in-description",
            text(
                f"Raden leses som beskrivelse: {line.text}",
                f"The row is read as description: {line.text}",
            ),
            text(
                "En rad begynner med «|» og står rett under det den hører til.",
                "A row begins with “|” and stands right under what it belongs to.",
            ),
        )

    def _keyword(self, line: Written, meant: str) -> Problem:
        return self.problem(
            line,
            "keyword-in-description",
            text(
                f"«{line.text}» leses som beskrivelse, ikke som overskrift.",
                f"“{line.text}” is read as description, not as a heading.",
            ),
            text(f"Mente du «{meant}:»?", f"Did you mean “{meant}:”?"),
        )

    def _step(self, line: Written, word: str | None, rest: str) -> Problem:
        expected = None
        if word is not None:
            expected = text(f"Mente du: {word} {rest}", f"Did you mean: {word} {rest}")
        return self.problem(
            line,
            "step-in-description",
            text(
                "Steget leses som beskrivelse og blir ikke kjørt.",
                "The step is read as description and is not run.",
            ),
            expected,
        )

    def _comment(self, comment: Written) -> Iterator[Problem]:
        said = comment.text.lstrip("# \t")
        word, sure, rest = meant_step_word(said)
        row = said.startswith("|") and said.endswith("|") and len(said) > 1
        step = word is not None and sure and self._is_step(rest, 0.75)
        if row or step or _SURELY_GHERKIN.match(said):
            yield self.problem(
                comment,
                "commented-out",
                text(
                    f"Dette er kommentert ut og blir ikke kjørt: {said}",
                    f"This is commented out and is not run: {said}",
                ),
            )

    # -- text that Gherkin swallows or drops -------------------------------------------------------

    def _lost_text(self, steps: Iterable[Step]) -> Iterator[Problem]:
        for step in steps:
            yield from self._behind_rows(step.table)
            if step.docstring is None:
                continue
            docstring = step.docstring
            if not _MEDIA_TYPE.fullmatch(docstring.after_opening):
                yield self._lost(
                    Written(docstring.after_opening, docstring.line, docstring.column + 3)
                )
            for line in docstring.lines:
                word, sure, rest = meant_step_word(line.text)
                if _SURELY_GHERKIN.match(line.text) or (word and sure and self._is_step(rest)):
                    wrong = text(
                        "Linjen er en del av en tekst og blir ikke kjørt.",
                        "The line is part of a text and is not run.",
                    )
                    expected = text(
                        f"Er teksten fra linje {docstring.line} avsluttet der den skal?",
                        f"Is the text from line {docstring.line} closed where it should be?",
                    )
                    yield self.problem(line, "swallowed-by-text", wrong, expected)
            yield from self._behind_closing(docstring.line, docstring.delimiter)

    def _behind_closing(self, opened: int, delimiter: str) -> Iterator[Problem]:
        for number, line in enumerate(self.read.lines[opened:], start=opened + 1):
            if line.lstrip().startswith(delimiter):
                rest = line.lstrip().removeprefix(delimiter)
                if rest.strip():
                    yield self._lost(Written(rest.strip(), number, line.rindex(rest.strip()) + 1))
                return

    def _behind_rows(self, rows: Iterable[Row]) -> Iterator[Problem]:
        for row in rows:
            line = self.read.lines[row.line - 1].rstrip()
            last = re.sub(r"\\.", "..", line).rfind("|")
            rest = line[last + 1 :].strip()
            if rest:
                yield self._lost(Written(rest, row.line, line.rindex(rest) + 1))

    def _lost(self, written: Written) -> Problem:
        return self.problem(
            written,
            "text-lost",
            text(f"«{written.text}» leses ikke.", f"“{written.text}” is not read."),
            _CLOSE_IT,
        )


_CLOSE_IT: Final[Text] = text(
    "En rad slutter med «|»; tre anførselstegn står alene på linjen.",
    "A row ends in “|”; three quotes stand on a line of their own.",
)
