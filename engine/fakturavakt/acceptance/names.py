"""What scenarios call facts, rules and channels: their ids, or what people read in their place.

A name that could mean two things means none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.problems import nearest
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import ENGLISH, NORWEGIAN, OWN_LANGUAGES, Text, text
from fakturavakt.vocabulary.facts import LINE_PREFIX, Fact, FactType

_OF_A_LINE: Final = re.compile(r"(.+) \((?:linje|line) ([^()]+)\)")
_LINE_PATH: Final = re.compile(r"line\[([^\]]+)\]\.(.+)")
_BRACKETS: Final = re.compile(r" \([^()]*\)$")
_WHETHER: Final = {NORWEGIAN: "om ", ENGLISH: "whether "}
_THE_LINE: Final = re.compile(r"\b(?:linje|line) (\d+)\b")
_LINE_OF: Final = {NORWEGIAN: "linje", ENGLISH: "line"}
_NOT: Final = " ikke"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that states a fact: ``mottakeren er en virksomhet``. ``path`` is the fact's."""

    path: str
    value: bool | str


class Names:
    """The names of one rule book, in every language that it speaks."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book

    # -- facts -----------------------------------------------------------------------------------

    def known_fact(self, written: str) -> str | None:
        """The path of a fact that is written as its label, without a mistake; None where it is none.

        A label may leave out what it explains in brackets; that of a line's fact names the line behind it:
        ``om samtykke er gitt (linje 1)``.
        """
        found = _OF_A_LINE.fullmatch(written)
        label, line = (found[1], found[2]) if found else (written, None)
        name = self._facts.get(label)
        if name is None or name.startswith(LINE_PREFIX) != (line is not None):
            return None
        return name if line is None else f"line[{line}].{name.removeprefix(LINE_PREFIX)}"

    def fact_path(self, written: str) -> str:
        """The path of a fact, of a group of facts or of a line: written as one, or as its label.

        Raises :class:`ScenarioError` where the vocabulary has none of that name.
        """
        path = self.known_fact(written) or written
        if self._exists(path):
            return path
        found = _OF_A_LINE.fullmatch(written)
        name = self._facts.get(found[1] if found else written)
        if name is not None and name.startswith(LINE_PREFIX):
            example = f"{written} (linje 1)"
            raise ScenarioError(_NAMES_NO_LINE.filled(written=written, example=example))
        if name is not None:
            raise ScenarioError(_IS_NO_LINES.filled(written=written))
        raise self._unknown(_NO_FACT, written, [*self._facts, *self._paths])

    def fact(self, path: str) -> Fact:
        """The fact of a path, as the vocabulary has it."""
        found = _LINE_PATH.fullmatch(path)
        return self.book.vocabulary[path if found is None else LINE_PREFIX + found[2]]

    def said(self, path: str, language: str) -> str:
        """The label of a fact, with its line: ``om samtykke er gitt (linje 1)``."""
        found = _LINE_PATH.fullmatch(path)
        label = self.fact(path).label.say(language)
        if found is None:
            return label
        return f"{label} ({_LINE_OF[language]} {found[1]})"

    def _exists(self, path: str) -> bool:
        within = _LINE_PATH.sub(r"line.\2", path)
        if within in self.book.vocabulary:
            return not path.startswith(LINE_PREFIX)
        if re.fullmatch(r"line\[[^\]]+\]", path):
            return True
        return any(name.startswith(f"{within}.") for name in self._paths)

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(fact.name for fact in self.book.vocabulary)

    @cached_property
    def _facts(self) -> Mapping[str, str]:
        labels = [(fact.name, fact.label) for fact in self.book.vocabulary]
        whole = _ids(labels)
        short = {_BRACKETS.sub("", label): name for label, name in whole.items()}
        return {
            written: name
            for written, name in (short | whole).items()
            if written not in self.book.vocabulary
        }

    # -- statements ------------------------------------------------------------------------------

    def statement(self, written: str) -> Statement | None:
        """What a sentence states of a fact; None where the vocabulary has no such sentence.

        The sentences are made of labels (``om avsenderen bruker AutoPay``) and of what the vocabulary
        ``says`` of values. Norwegian may put its *ikke* where a subordinate clause has it (``at mottakeren
        ikke bruker Vipps``). A line is named in the sentence (``linje 2 gjelder en vare``) or behind it
        (``samtykke er gitt (linje 2)``).
        """
        found = _OF_A_LINE.fullmatch(written)
        line = found[2] if found else None
        said = found[1] if found else written
        if found is None:
            named = _THE_LINE.search(said)
            if named is not None:
                line = named[1]
                word = "linjen" if named[0].startswith("linje") else "the line"
                said = _THE_LINE.sub(word, said, count=1)
        meant = self._statements.get(said)
        if meant is None and _NOT in said:
            meant = self._denials.get(said.replace(_NOT, "", 1))
        if meant is None or meant.path.startswith(LINE_PREFIX) != (line is not None):
            return None
        if line is None:
            return meant
        return Statement(f"line[{line}].{meant.path.removeprefix(LINE_PREFIX)}", meant.value)

    @cached_property
    def statements(self) -> Mapping[str, Statement]:
        """Every sentence that states a fact, as the rule book writes it; one of a line says *the line*."""
        return self._statements

    @cached_property
    def _statements(self) -> dict[str, Statement]:
        found: dict[str, Statement] = {}
        for fact in self.book.vocabulary:
            for language in OWN_LANGUAGES:
                sentences = {value: said.say(language) for value, said in fact.says.items()}
                label = fact.label.say(language)
                whether = _WHETHER[language]
                if fact.type is FactType.YES_NO and label.startswith(whether):
                    sentences.setdefault(True, label.removeprefix(whether))
                for value, sentence in sentences.items():
                    if isinstance(value, bool | str):
                        meant = Statement(fact.name, value)
                        found.setdefault(sentence, meant)
                        found.setdefault(_BRACKETS.sub("", sentence), meant)
        return found

    @cached_property
    def _denials(self) -> Mapping[str, Statement]:
        """By the Norwegian sentence without its *ikke*."""
        return {
            sentence.replace(_NOT, "", 1): meant
            for sentence, meant in self._statements.items()
            if meant.value is False and _NOT in sentence
        }

    # -- rules and channels ----------------------------------------------------------------------

    def channel(self, written: str) -> str:
        """The name of a channel, written as that or as its title; :class:`ScenarioError` where it is none."""
        return self._one_of(self.channels, written, _NO_CHANNEL)

    def prohibition(self, written: str) -> str:
        """The id of a prohibition, written as that or as its title; :class:`ScenarioError` if it is none."""
        return self._one_of(self.prohibitions, written, _NO_PROHIBITION)

    def advice(self, written: str) -> str:
        """The id of an advice, written as that or as its title; :class:`ScenarioError` where it is none."""
        return self._one_of(self.advices, written, _NO_ADVICE)

    @cached_property
    def channels(self) -> Mapping[str, str]:
        """Names of channels by what they may be called."""
        return _ids((channel.name, channel.title) for channel in self.book.channels)

    @cached_property
    def prohibitions(self) -> Mapping[str, str]:
        """Ids of prohibitions by what they may be called."""
        return _ids((rule.id, rule.title) for rule in self.book.prohibitions)

    @cached_property
    def advices(self) -> Mapping[str, str]:
        """Ids of advice by what it may be called."""
        return _ids((rule.id, rule.title) for rule in self.book.advice)

    def _one_of(self, ids: Mapping[str, str], written: str, wrong: Text) -> str:
        if written not in ids:
            raise self._unknown(wrong, written, ids)
        return ids[written]

    def _unknown(self, wrong: Text, written: str, known: Iterable[str]) -> ScenarioError:
        near = nearest(written, known)
        said = wrong.filled(written=written)
        if near is None:
            return ScenarioError(said)
        meant = _DID_YOU_MEAN.filled(near=near)
        return ScenarioError(
            text(f"{said.say('nb')} {meant.say('nb')}", f"{said.say('en')} {meant.say('en')}")
        )


def _ids(named: Iterable[tuple[str, Text]]) -> dict[str, str]:
    """Each id under itself and under its text in every language, but for texts that several share."""
    ids: dict[str, set[str]] = {}
    for identity, title in named:
        for written in (identity, *map(title.say, OWN_LANGUAGES)):
            ids.setdefault(written, set()).add(identity)
    return {written: min(found) for written, found in ids.items() if len(found) == 1}


_NO_FACT: Final = text(
    "Regelboken har ingen opplysning som heter «{written}».",
    "The rule book has no fact called “{written}”.",
)
_NO_CHANNEL: Final = text(
    "Regelboken har ingen kanal som heter «{written}».",
    "The rule book has no channel called “{written}”.",
)
_NO_PROHIBITION: Final = text(
    "Regelboken har ikke noe forbud som heter «{written}».",
    "The rule book has no prohibition called “{written}”.",
)
_NO_ADVICE: Final = text(
    "Regelboken har ikke noe råd som heter «{written}».",
    "The rule book has no advice called “{written}”.",
)
_NAMES_NO_LINE: Final = text(
    "«{written}» gjelder en linje. Si hvilken: «{example}».",
    "“{written}” is about a line. Say which: “{written} (line 1)”.",
)
_IS_NO_LINES: Final = text(
    "«{written}» gjelder hele fakturaen, ikke en linje.",
    "“{written}” is about the whole invoice, not about a line.",
)
_DID_YOU_MEAN: Final = text("Mente du «{near}»?", "Did you mean “{near}”?")
