"""Gherkin as the program writes it: steps by their definitions, tables in columns, keywords of a language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fakturavakt.acceptance.sentences import Sentence
from fakturavakt.acceptance.step_definitions import DEFINITIONS, Kind, StepDefinition
from fakturavakt.texts import ENGLISH, NORWEGIAN, Text, text

KEYWORDS: Final[dict[Kind, Text]] = {
    "given": text("Gitt", "Given"),
    "when": text("Når", "When"),
    "then": text("Så", "Then"),
}
AND: Final = text("Og", "And")
_FEATURE: Final = text("Egenskap", "Feature")
_SCENARIO: Final = "Scenario"
_QUOTES: Final = {NORWEGIAN: "«{}»", ENGLISH: "“{}”"}
_NOT_IN_A_SENTENCE: Final = frozenset("«»“”<>\n\r")
_NOT_IN_A_CELL: Final = frozenset("<>\r")
Rows = tuple[tuple[str, ...], ...]


class UnsayableError(Exception):
    """An invoice that no scenario can be made of; ``reason`` says what there are no steps for."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


@dataclass(frozen=True, slots=True)
class Said:
    """A step as it will stand there, without its keyword."""

    kind: Kind
    text: str
    table: Rows | None = None


def say(
    function: Callable[..., object],
    language: str,
    *,
    first: bool = False,
    having: str = "",
    table: Sequence[Sequence[str]] | None = None,
    **fields: str,
) -> Said:
    """The step that a function of the step modules is told by, its fields filled in.

    ``first`` is a Then that opens what is demanded: Norwegian has another word order there. Of several
    sentences it is the first that has the fields, and the words ``having``, and is understood so.
    """
    definition = next(each for each in DEFINITIONS if each.function is function)
    rows = None if table is None else tuple(map(tuple, table))
    usable = [
        each
        for each in _sentences(definition, language, first=first)
        if Sentence(each).fields.keys() == fields.keys() and having in each
    ]
    for sentence in usable:
        said = Sentence(sentence).example(language, **fields)
        if definition.matches(said):
            return Said(definition.kind, said, rows)
    raise UnsayableError(_NO_SENTENCE.filled(said=", ".join(fields.values())))


def _sentences(definition: StepDefinition, language: str, *, first: bool) -> Sequence[str]:
    """Those of a language that fit, the best first: of an English Given that without *that*, which reads like
    a sentence of its own; of a Norwegian Then every second, which is the one after «Og».
    """
    sentences = definition.said_in(language)
    if language != NORWEGIAN:
        return sorted(sentences, key=lambda each: each.startswith("that "))
    if definition.kind == "then":
        return sentences[0 if first else 1 :: 2] or sentences
    return sentences


def quoted(written: str, language: str) -> str:
    """A name in the quotation marks of a language."""
    return _QUOTES[language].format(written)


def fits_in_sentence(written: str) -> bool:
    """Whether a text can stand in quotation marks in a step, and in a title."""
    return written.strip() == written != "" and not _NOT_IN_A_SENTENCE & set(written)


def fits_in_cell(written: str) -> bool:
    """Whether a text can stand in a table: an outline would take ``<…>`` for a column."""
    try:
        written.encode()
    except UnicodeEncodeError:
        return False
    return not _NOT_IN_A_CELL & set(written)


def table_lines(rows: Sequence[Sequence[str]], indent: str) -> Iterator[str]:
    """Rows below one another, each column as wide as its widest cell."""
    cells = [[_cell(each) for each in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (each.ljust(width) for each, width in zip(row, widths, strict=True))
        yield f"{indent}| {' | '.join(padded)} |"


def _cell(written: str) -> str:
    return written.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")


def scenario_lines(
    title: str, steps: Sequence[Said], language: str, comment: str | None = None
) -> Iterator[str]:
    """One scenario, indented as in a feature."""
    if comment is not None:
        yield f"  # {comment}"
    yield f"  {_SCENARIO}: {title}"
    before: Kind | None = None
    for step in steps:
        keyword = AND if step.kind == before else KEYWORDS[step.kind]
        yield f"    {keyword.say(language)} {step.text}"
        before = step.kind
        if step.table is not None:
            yield from table_lines(step.table, "      ")


def written_feature(
    name: str, prose: Sequence[str], scenarios: Sequence[Sequence[str]], language: str
) -> str:
    """A whole file: its name, what it is about, and its scenarios."""
    lines = ["# language: no"] if language == NORWEGIAN else []
    lines.append(f"{_FEATURE.say(language)}: {name}")
    lines += [f"  {line}" for line in prose]
    for scenario in scenarios:
        lines += ["", *scenario]
    return "\n".join(lines) + "\n"


_NO_SENTENCE: Final = text(
    "Ingen steg kan si dette: {said}.", "There is no step that can say this: {said}."
)
