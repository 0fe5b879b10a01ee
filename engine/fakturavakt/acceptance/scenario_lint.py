"""Holds steps and examples against the step definitions, row by row, and looks at the order of steps."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pytest_bdd.parser import render_string

from fakturavakt.acceptance.examples_lint import HALF, ExamplesLint
from fakturavakt.acceptance.feature_tree import (
    FeatureFile,
    Located,
    Row,
    Scenario,
    Step,
    columns_named_in,
)
from fakturavakt.acceptance.known_steps import DOCSTRING, TABLE, KnownStep, overrides
from fakturavakt.acceptance.step_suggestions import Suggestions
from fakturavakt.problems import Problem
from fakturavakt.texts import Text, text

_KIND_WORDS: Final[Mapping[str, Text]] = {
    "given": text("Gitt", "Given"),
    "when": text("Når", "When"),
    "then": text("Så", "Then"),
}


class ScenarioLint(Located):
    """Judges one scenario after another of a file; remembers what they did."""

    def __init__(self, read: FeatureFile, definitions: Sequence[KnownStep]) -> None:
        super().__init__(read)
        self.definitions = definitions
        self.examples = ExamplesLint(read)
        self.suggestions = Suggestions(definitions)
        self._matching: dict[tuple[str, str], list[KnownStep]] = {}
        self._done: dict[tuple[tuple[str, ...], ...], tuple[Scenario, int]] = {}

    def problems(self, scenario: Scenario) -> Iterator[Problem]:
        """All of a scenario: its examples, each step with each row, the order of its steps."""
        yield from self.examples.problems(scenario)
        rows: list[tuple[Row | None, Mapping[str, str]]] = [
            pair for each in scenario.examples for pair in each.filled_rows()
        ]
        rows = rows or [(None, {})]
        for row, values in rows:
            for step in scenario.all_steps:
                yield from self._step(step, values)
            yield from self._twice(scenario, row, values)
        yield from self._order(scenario, rows[0][1])

    def _twice(
        self, scenario: Scenario, row: Row | None, values: Mapping[str, str]
    ) -> Iterator[Problem]:
        """The same steps, filled in, are one case, however many scenarios or rows there are of it."""
        if not scenario.steps:
            return
        said = tuple(step.filled(values) for step in scenario.all_steps)
        at = row or scenario
        first, line = self._done.setdefault(said, (scenario, at.line))
        if line == at.line:
            return
        if first is scenario:
            wrong = text(
                f"Raden er lik den på linje {line}.", f"The row equals that on line {line}."
            )
            yield self.problem(at, "row-twice", wrong)
        else:
            wrong = text(
                f"Stegene er de samme som i scenariet «{first.name}» (linje {line}).",
                f"The steps are those of the scenario “{first.name}” (line {line}).",
            )
            yield self.problem(at, "steps-twice", wrong)

    # -- steps -------------------------------------------------------------------------------------

    def matching(self, kind: str, said: str) -> list[KnownStep]:
        """The definitions that a text of a kind would run."""
        if (kind, said) not in self._matching:
            others = {*_KIND_WORDS} - {kind}
            found = [
                each for each in self.definitions if each.kind not in others and each.matches(said)
            ]
            self._matching[kind, said] = [
                each for each in found if not any(overrides(other, each, said) for other in found)
            ]
        return self._matching[kind, said]

    def _step(self, step: Step, values: Mapping[str, str]) -> Iterator[Problem]:
        """A step, with a row of examples filled in, is matched by exactly one definition."""
        if step.kind is None:
            wrong = text(
                f"Det første steget kan ikke begynne med «{step.keyword}».",
                f"The first step cannot begin with “{step.keyword}”.",
            )
            yield self.problem(
                step,
                "step-without-kind",
                wrong,
                text("Skriv «Gitt», «Når» eller «Så».", "Write “Given”, “When” or “Then”."),
            )
            return
        said = render_string(step.text, values)
        matching = self.matching(step.kind, said)
        if len(matching) == 1:
            yield from self._taken(step, said, matching[0])
        elif matching:
            names = [each.texts[0] for each in matching]
            yield self.problem(
                step,
                "ambiguous-step",
                text(
                    f"Flere stegdefinisjoner passer: {'; '.join(names)}.",
                    f"Several step definitions match: {'; '.join(names)}.",
                ),
            )
        elif not columns_named_in(said) and not HALF.search(said):  # those are told of already
            yield self._unknown(step, step.kind, said)

    def _unknown(self, step: Step, kind: str, said: str) -> Problem:
        language = self.read.language
        near = self.suggestions.nearest(said, kind, language)
        word = _KIND_WORDS[kind].say("nb" if language == "no" else "en")
        others = [each for each in _KIND_WORDS if each != kind and self.matching(each, said)]
        wrong = text(f"Ukjent steg: {word} {said}.", f"Unknown step: {word} {said}.")
        expected = None
        if others:
            other = _KIND_WORDS[others[0]]
            expected = text(
                f"Steget finnes, men hører til «{other.say('nb')}».",
                f"There is such a step, but it belongs to “{other.say('en')}”.",
            )
        elif near:
            expected = text(f"Nærmest: {'; '.join(near)}.", f"Nearest: {'; '.join(near)}.")
        return self.problem(step, "unknown-step", wrong, expected)

    def _taken(self, step: Step, said: str, definition: KnownStep) -> Iterator[Problem]:
        """What stands in and under a step reaches its function."""
        quotes = max(map(_quotes, definition.texts))
        if 0 < quotes < _quotes(said) > max(each.count("{") for each in definition.texts):
            wrong = text(
                "Steget sier mer enn én ting, og bare den første forstås.",
                "The step says more than one thing, and only the first is understood.",
            )
            expected = text("Del det i to steg.", "Make two steps of it.")
            yield self.problem(step, "two-in-one", wrong, expected)
        if step.table and not definition.takes_table:
            wrong = text("Steget tar ikke imot noen tabell.", "The step takes no table.")
            yield self.problem(step.table[0], "table-not-taken", wrong)
        elif definition.takes_table and not step.table and _needs(definition, TABLE, said):
            wrong = text("Under steget mangler en tabell.", "A table is missing under the step.")
            yield self.problem(step, "table-missing", wrong)
        elif step.table and definition.takes_headings:
            yield from self.examples.header(step.table[0])
            if len(step.table) == 1:
                wrong = text("Tabellen har ingen rader.", "The table has no rows.")
                yield self.problem(step.table[0], "table-without-rows", wrong)
        if step.docstring and not definition.takes_docstring:
            wrong = text("Steget tar ikke imot noen tekst.", "The step takes no text.")
            yield self.problem(step.docstring, "text-not-taken", wrong)
        elif (
            definition.takes_docstring
            and not step.docstring
            and _needs(definition, DOCSTRING, said)
        ):
            wrong = text("Under steget mangler en tekst.", "A text is missing under the step.")
            yield self.problem(step, "text-missing", wrong)

    # -- order -------------------------------------------------------------------------------------

    def _order(self, scenario: Scenario, values: Mapping[str, str]) -> Iterator[Problem]:
        if not scenario.steps:
            wrong = text("Scenariet har ingen steg.", "The scenario has no steps.")
            yield self.problem(scenario, "scenario-without-steps", wrong)
            return
        kinds = [step.kind for step in scenario.all_steps]
        own = range(len(scenario.before), len(kinds))
        if all(kinds[at] != "then" for at in own):
            wrong = text("Scenariet krever ingenting (Så).", "The scenario demands nothing (Then).")
            yield self.problem(scenario, "scenario-without-then", wrong)
        whens = [at for at, kind in enumerate(kinds) if kind == "when"]
        demanded: set[tuple[str, ...]] = set()
        for at, step in enumerate(scenario.all_steps):
            if step.kind == "given" and whens and at > whens[-1]:
                yield self.problem(step, "given-after-when", *_TOO_LATE)
            elif at not in own:
                continue  # other scenarios may look at what the background brings about
            elif step.kind == "then":
                if whens and at < whens[0]:
                    yield self.problem(step, "then-before-when", *_TOO_EARLY)
                if step.filled(values) in demanded:
                    wrong = text("Kravet står her fra før.", "The demand stands here already.")
                    yield self.problem(step, "then-twice", wrong)
                demanded.add(step.filled(values))
            elif step.kind == "when":
                demanded.clear()
                if self._unseen(scenario, at, values):
                    yield self.problem(step, "when-without-then", *_UNSEEN)

    def _unseen(self, scenario: Scenario, at: int, values: Mapping[str, str]) -> bool:
        """Whether no Then looks at what a When brings about before the next one replaces it.

        «Og» may join two things that happen together; the same thing twice, or a «Når» of its own, replaces.
        """
        steps = scenario.all_steps
        later = [step for step in steps[at + 1 :] if step.kind in ("when", "then")]
        if not later:
            return any(step.kind == "then" for step in scenario.steps)
        following = later[0]
        if following.kind == "then":
            return False
        same = self.matching("when", render_string(steps[at].text, values)) == self.matching(
            "when", render_string(following.text, values)
        )
        return following.said_so or same


_TOO_LATE: Final = (
    text(
        "Steget kommer etter det siste «Når» og endrer ingenting.",
        "The step comes after the last When and changes nothing.",
    ),
    text("Flytt det foran.", "Move it before."),
)
_TOO_EARLY: Final = (
    text(
        "Kravet kommer før det første «Når», da ingenting har skjedd.",
        "The demand comes before the first When, when nothing has happened.",
    ),
    text("Flytt det bak.", "Move it behind."),
)
_UNSEEN: Final = (
    text(
        "Ingen «Så» ser på det som kommer ut av dette steget.",
        "No Then looks at what comes out of this step.",
    ),
    text(
        "Skriv hva som kreves, eller ta bort steget.", "Write what is demanded, or remove the step."
    ),
)


def _quotes(said: str) -> int:
    return said.count("«") + said.count("“")


def _needs(definition: KnownStep, argument: str, said: str) -> bool:
    """Whether a function cannot be called without its table, or its text, or the step announces one."""
    if said.endswith(":"):
        return True
    found = inspect.signature(definition.function).parameters.get(argument)
    return found is not None and found.default is inspect.Parameter.empty
