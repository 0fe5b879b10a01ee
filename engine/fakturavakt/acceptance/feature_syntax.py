"""Reads a feature into its tree.

Whatever keeps a file from being read is refused here, in words that say what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from gherkin.dialect import DIALECTS
from gherkin.errors import CompositeParserException, NoSuchLanguageException, ParserError
from gherkin.parser import Parser

from fakturavakt.acceptance.feature_tree import (
    Background,
    Block,
    Docstring,
    Examples,
    FeatureFile,
    Row,
    Scenario,
    Step,
    Written,
)
from fakturavakt.acceptance.feature_words import meant_keyword
from fakturavakt.problems import Place, Problem, ProblemsError, why_not
from fakturavakt.texts import Text, text

Node = Mapping[str, Any]
KINDS: Final[Mapping[str, str]] = {"Context": "given", "Action": "when", "Outcome": "then"}
_BOM: Final = b"\xef\xbb\xbf"
_NORWEGIAN: Final = ("nb", "nn", "nb-no", "nn-no", "no-nb", "no-nn", "nor", "norsk", "norwegian")
_LANGUAGE: Final = re.compile(r"^\s*#\s*language\s*:\s*([a-zA-Z\-_]+)\s*$", re.MULTILINE)
_GOT: Final = re.compile(r"expected: .*, got '(.*)'$", re.DOTALL)


def scenario_count(file: Path) -> int:
    """How many scenarios of a feature should run, each row of examples counted.

    Raises :class:`ProblemsError` where the file cannot be read.
    """
    return sum(scenario.runs for scenario in read_feature(file).feature.all_scenarios())


def read_feature(file: Path) -> FeatureFile:
    """The tree of a feature; raises :class:`ProblemsError` with all that keeps it from being read."""
    return feature_in(_source(file), file)


def feature_in(source: str, file: Path) -> FeatureFile:
    """The same of a feature's text; ``file`` is what it is called in problems."""
    try:
        document: Node = Parser().parse(source)
    except CompositeParserException as error:
        problems = [_no_gherkin(file, each, source) for each in error.errors]
        # What is read in the wrong language is wrong all through.
        language = [each for each in problems if each.code.find("language") >= 0]
        raise ProblemsError(language[:1] or problems) from error
    except ParserError as error:
        raise ProblemsError([_no_gherkin(file, error, source)]) from error
    feature = document.get("feature")
    if feature is None:
        wrong = text("Filen har ingen egenskap.", "The file has no feature.")
        raise ProblemsError([Problem(Place(str(file), 1, 1), "no-feature", wrong)])
    tree = _Tree(feature["language"], source.split("\n"))
    comments = tuple(
        Written(each["text"].strip(), each["location"]["line"], _indent(each["text"]) + 1)
        for each in document["comments"]
    )
    return FeatureFile(str(file), feature["language"], tree.block(feature), comments, tree.lines)


def _source(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        reason = why_not(error)
        wrong = text(
            f"Filen kan ikke leses: {reason.say('nb')}.",
            f"The file cannot be read: {reason.say('en')}.",
        )
        raise ProblemsError([Problem(Place(str(file), 1, 1), "not-readable", wrong)]) from error
    if content.startswith(_BOM):
        wrong = text(
            "Filen begynner med et usynlig BOM-merke, som Gherkin tar for tekst.",
            "The file begins with an invisible BOM, which Gherkin takes for text.",
        )
        expected = text("Lagre den som UTF-8 uten BOM.", "Save it as UTF-8 without a BOM.")
        raise ProblemsError([Problem(Place(str(file), 1, 1), "byte-order-mark", wrong, expected)])
    try:
        return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = content[: error.start].split(b"\n")
        place = Place(str(file), len(before), len(before[-1].decode("utf-8", "replace")) + 1)
        wrong = text("Filen er ikke skrevet i UTF-8.", "The file is not written in UTF-8.")
        expected = text("Lagre den som UTF-8.", "Save it as UTF-8.")
        raise ProblemsError([Problem(place, "not-utf8", wrong, expected)]) from error


def _no_gherkin(file: Path, error: Any, source: str) -> Problem:  # noqa: ANN401 (gherkin has no types)
    location = error.location
    place = Place(str(file), location["line"], location.get("column") or 1)
    if isinstance(error, NoSuchLanguageException):
        return _no_language(place, source)
    detail = str(error).split(": ", 1)[-1]
    found = _GOT.search(detail)
    if found is None:
        wrong = text(
            f"Dette er ikke gyldig Gherkin: {detail}", f"This is not valid Gherkin: {detail}"
        )
        return Problem(place, "gherkin-syntax", wrong)
    line = found[1]
    if meant_keyword(line, "feature") == "Egenskap" and not _LANGUAGE.search(source):
        wrong = text(
            "Filen er på norsk og sier det ikke.", "The file is in Norwegian and does not say so."
        )
        expected = text(
            "Skriv «# language: no» på første linje.", "Write “# language: no” on the first line."
        )
        return Problem(place, "language-not-told", wrong, expected)
    wrong = text(
        f"Gherkin forstår ikke linjen «{line}» her.",
        f"Gherkin does not understand the line “{line}” here.",
    )
    meant = meant_keyword(line)
    return Problem(place, "gherkin-syntax", wrong, _did_you_mean(meant) if meant else None)


def _did_you_mean(word: str) -> Text:
    return text(f"Mente du «{word}»?", f"Did you mean “{word}”?")


def _no_language(place: Place, source: str) -> Problem:
    found = _LANGUAGE.search(source)
    name = found[1] if found else ""
    known = "no" if name.lower().replace("_", "-") in _NORWEGIAN else None
    if known is None and name.lower() in DIALECTS:
        known = name.lower()
    return Problem(
        place,
        "unknown-language",
        text(f"Gherkin har ikke språket «{name}».", f"Gherkin has no language “{name}”."),
        text(
            f"Skriv «# language: {known or 'no'}».",
            f"Write “# language: {known or 'no'}”{'' if known else ' or “# language: en”'}.",
        ),
    )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


class _Tree:
    """Gherkin's dictionaries as shapes."""

    def __init__(self, language: str, lines: Sequence[str]) -> None:
        self.language = language
        self.lines = lines

    def block(self, node: Node, before: tuple[Step, ...] = ()) -> Block:
        """A feature, or a rule; ``before`` are the steps of the feature's background."""
        children = node["children"]
        backgrounds = tuple(
            Background(
                self._steps(each["background"]),
                self._description(each["background"]),
                *_place(each["background"]),
            )
            for each in children
            if "background" in each
        )
        before += tuple(step for each in backgrounds for step in each.steps)
        return Block(
            node["name"],
            _tags(node),
            self._description(node),
            backgrounds,
            tuple(
                self._scenario(each["scenario"], before) for each in children if "scenario" in each
            ),
            tuple(self.block(each["rule"], before) for each in children if "rule" in each),
            *_place(node),
        )

    def _scenario(self, node: Node, before: tuple[Step, ...]) -> Scenario:
        return Scenario(
            node["name"],
            node["keyword"] in DIALECTS[self.language]["scenarioOutline"],
            _tags(node),
            self._description(node),
            before,
            self._steps(node),
            tuple(self._examples(each) for each in node["examples"]),
            *_place(node),
        )

    def _examples(self, node: Node) -> Examples:
        header = node.get("tableHeader")
        rows = tuple(_row(each) for each in node.get("tableBody") or [])
        return Examples(
            _row(header) if header else None,
            rows,
            _tags(node),
            self._description(node),
            *_place(node),
        )

    def _steps(self, node: Node) -> tuple[Step, ...]:
        kind: str | None = None
        steps = []
        for each in node["steps"]:
            own = KINDS.get(each["keywordType"])
            kind = own or kind
            steps.append(
                Step(
                    kind,
                    own is not None,
                    each["keyword"].strip(),
                    each["text"],
                    *_place(each),
                    tuple(_row(row) for row in each.get("dataTable", {}).get("rows", [])),
                    self._docstring(each["docString"]) if "docString" in each else None,
                )
            )
        return tuple(steps)

    def _docstring(self, node: Node) -> Docstring:
        line, column = _place(node)
        count = node["content"].count("\n") + 1 if node["content"] else 0
        lines = tuple(
            Written(each.strip(), number, _indent(each) + 1)
            for number, each in enumerate(self.lines[line : line + count], start=line + 1)
        )
        return Docstring(lines, node.get("mediaType") or "", node["delimiter"], line, column)

    def _description(self, node: Node) -> tuple[Written, ...]:
        """Gherkin gives a description without its place: comments within are left out of it."""
        found = []
        at = node["location"]["line"]
        for said in filter(None, map(str.strip, (node.get("description") or "").split("\n"))):
            while self.lines[at].strip() != said:
                at += 1
            at += 1
            found.append(Written(said, at, _indent(self.lines[at - 1]) + 1))
        return tuple(found)


def _place(node: Node) -> tuple[int, int]:
    return node["location"]["line"], node["location"].get("column") or 1


def _tags(node: Node) -> tuple[Written, ...]:
    return tuple(Written(each["name"], *_place(each)) for each in node.get("tags", []))


def _row(node: Node) -> Row:
    cells = tuple(Written(each["value"], *_place(each)) for each in node["cells"])
    return Row(cells, *_place(node))
