"""Every step that there is, with examples: what somebody reads who writes a scenario.

With a word, only the steps that are about it: those that say it, and those that take a fact, a rule or a
channel that is called so, filled in with that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fakturavakt.acceptance.gherkin_writing import KEYWORDS, Rows, quoted, table_lines
from fakturavakt.acceptance.known_steps import shipped_steps
from fakturavakt.acceptance.names import Names
from fakturavakt.acceptance.sentences import FIELDS, Sentence, bare, listed
from fakturavakt.acceptance.step_definitions import DEFINITIONS, HEADINGS, Group, StepDefinition
from fakturavakt.acceptance.written_names import WrittenNames, is_question
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES, FactType, Vocabulary

_FIELD: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")
_FOUND_MAX: Final = 4
"""Names with a word in them that each step is filled in with; more would hide the steps."""


@dataclass(frozen=True, slots=True)
class ListedStep:
    """One step as it could stand in a feature. ``docstring`` tells whether a text stands under it, ``kinds``
    are the kinds of its fields.
    """

    said: str
    table: Rows | None
    docstring: bool
    kinds: tuple[str, ...]


def step_list(language: str, names: Names, *, about: str | None = None) -> str:
    """The steps in a language, by what they are about, for a terminal; only those ``about`` a word."""
    groups = list(listed_steps(language, names, about=about))
    if not groups:
        return f"{_NONE.filled(word=about).say(language)}\n"
    lines: list[str] = []
    for group, steps in groups:
        lines += [HEADINGS[group].say(language), *step_lines(steps, "  "), ""]
    kinds = {kind for _, steps in groups for step in steps for kind in step.kinds}
    lines += [FIELDS_TAKE.say(language)]
    lines += [f"  {line}" for line in fields_take(language, kinds)]
    return "\n".join(lines) + "\n"


def listed_steps(
    language: str, names: Names, *, about: str | None = None
) -> Iterator[tuple[Group, list[ListedStep]]]:
    """The steps of each group that has any, in order."""
    shipped_steps()
    words = _Examples(names, language, about)
    for group in HEADINGS:
        steps = [
            step
            for definition in DEFINITIONS
            if definition.group is group
            for step in _steps(definition, words)
        ]
        if steps:
            yield group, steps


def step_lines(steps: Sequence[ListedStep], indent: str) -> Iterator[str]:
    """As they stand in a feature, tables below them."""
    for step in steps:
        yield f"{indent}{step.said}"
        if step.docstring:
            yield from (f'{indent}  """', f"{indent}  …", f'{indent}  """')
        if step.table is not None:
            yield from table_lines(step.table, f"{indent}  ")


def fields_take(language: str, kinds: set[str]) -> Iterator[str]:
    """What can stand in the fields of these kinds: words, names, and in what form."""
    for kind, field in FIELDS.items():
        if kind in kinds and field.words:
            yield " / ".join(field.words[language])
    for those, said in _TAKEN:
        if kinds & those:
            yield said.say(language)


def _steps(definition: StepDefinition, words: _Examples) -> Iterator[ListedStep]:
    keyword = KEYWORDS[definition.kind].say(words.language)
    table = None if definition.table is None else definition.table[words.language]
    sentences = list(_told_apart(definition, words.language))
    asks = any(map(_ASKED_FOR.search, sentences))
    for sentence in sentences:
        kinds = tuple(found[2] or "Any" for found in _FIELD.finditer(sentence))
        # «svaret på» is for facts that are called by a question, and the same step without it for all others.
        question = bool(_ASKED_FOR.search(sentence)) if asks else None
        for said in words.filled(sentence, table, definition.group, question):
            yield ListedStep(f"{keyword} {said}", table, definition.takes_docstring, kinds)


def _told_apart(definition: StepDefinition, language: str) -> Iterator[str]:
    """Its sentences, of those with the same fields the first: another one only says it otherwise."""
    known: set[tuple[tuple[str, ...], bool]] = set()
    sentences = definition.said_in(language)
    for sentence in sorted(sentences, key=lambda each: each.startswith("that ")):
        kinds = tuple(found[2] or "Any" for found in _FIELD.finditer(sentence))
        key = (kinds, bool(_ASKED_FOR.search(sentence)))
        if key not in known:
            known.add(key)
            yield sentence


class _Examples:
    """What fields are filled in with."""

    def __init__(self, names: Names, language: str, about: str | None) -> None:
        self.language: Final = language
        self._names: Final = names
        self._words: Final = WrittenNames(names, language)
        self._about: Final = None if about is None else about.casefold()
        self._found: Final = {} if about is None else dict(self._named_so())
        self._usual: Final = dict(self._usual_examples())

    def filled(
        self, sentence: str, table: Rows | None, group: Group, question: bool | None
    ) -> Iterator[str]:
        """The sentence with an example in each field, once or, where a word is asked for, with each name that
        has it; not at all where it has nothing to do with it. ``question`` tells whether facts are called by
        questions here, or must not be.
        """
        fields = [(found[1], found[2] or "Any") for found in _FIELD.finditer(sentence)]
        usual = {name: self._example(name, kind, sentence) for name, kind in fields}
        if question:
            asked = [name for name, kind in fields if kind in _OF_FACTS]
            usual |= dict.fromkeys(asked, self._asking())
        said = self._said(sentence, usual)
        if self._about is None:
            yield said
            return
        found = [
            self._said(sentence, usual | {name: each})
            for name, kind in fields
            for each in self._found.get(kind, ())
            if (question is None or kind not in _OF_FACTS or question is _is_question(each))
            and (kind != "Facts" or group is Group.MISSING)
        ]
        cells = " ".join(cell for row in table or () for cell in row)
        if found:
            yield from found
        elif self._about in f"{said} {cells}".casefold():
            yield said

    def _said(self, sentence: str, filled: Mapping[str, str]) -> str:
        """A value is one of the fact beside it; *it is unknown* goes on with a question as it stands."""
        given = dict(filled)
        if "fact" in given and "value" in given:
            given["value"] = self._value(given["fact"])
        goes_on = _GOES_ON.search(sentence)
        if goes_on is not None:
            given[goes_on[1]] = bare(given[goes_on[1]])
        return Sentence(sentence).example(self.language, **given)

    def _value(self, written: str) -> str:
        fact = self._names.fact(self._names.fact_path(bare(written)))
        if fact.choices:
            return fact.choices[0]
        said = _VALUES.get(fact.type)
        return quoted(_SOME_TEXT, self.language) if said is None else said.say(self.language)

    def _asking(self) -> str:
        """A fact that is called by a question."""
        questions = (self._words.fact(path) for path, _ in self._facts())
        yes_no = self._words.fact("recipient.vipps") if "recipient.vipps" in self._book else None
        return yes_no or next(
            filter(_is_question, questions), FIELDS["Fact"].examples[self.language]
        )

    def _example(self, name: str, kind: str, sentence: str) -> str:
        if kind != "Any":
            return self._usual.get(kind, FIELDS[kind].examples[self.language])
        if name == "folder" and _OF_RULES.search(sentence):
            return _RULES.say(self.language)
        own = _OWN_EXAMPLES.get(name)
        return FIELDS[kind].examples[self.language] if own is None else own.say(self.language)

    @property
    def _book(self) -> Vocabulary:
        return self._names.book.vocabulary

    def _usual_examples(self) -> Iterator[tuple[str, str]]:
        """For names that this rule book lacks, the first that it has."""
        for kind, ids, one in (
            ("Prohibition", self._names.prohibitions, self._prohibitions()),
            ("Advice", self._names.advices, self._advices()),
            ("Channel", self._names.channels, self._channels()),
            ("Channels", self._names.channels, self._channels()),
        ):
            example = FIELDS[kind].examples[self.language]
            if one and any(each not in ids for each in listed(bare(example))):
                yield kind, one[0]

    # -- what has the word in it ---------------------------------------------------------------------

    def _named_so(self) -> Iterator[tuple[str, list[str]]]:
        paths = [path for path, said in self._facts() if self._has(path, said)]
        facts = [self._words.fact(path) for path in paths]
        yield "Fact", facts[:_FOUND_MAX]
        yield "Facts", facts[:1]
        yield "Statement", [each for each in self._statements() if self._has(each)]
        for kind, titles in (
            ("Prohibition", self._prohibitions()),
            ("Advice", self._advices()),
            ("Channel", self._channels()),
        ):
            yield kind, [each for each in titles if self._has(each)]

    def _has(self, *said: str) -> bool:
        return self._about is not None and any(self._about in each.casefold() for each in said)

    def _facts(self) -> Iterator[tuple[str, str]]:
        for fact in self._book:
            path = fact.name
            if fact.of_line:
                path = f"line[1].{fact.name.removeprefix(LINE_PREFIX)}"
            yield path, fact.label.say(self.language)

    def _statements(self) -> Iterator[str]:
        for fact in self._book:
            path = fact.name.replace(LINE_PREFIX, "line[1].") if fact.of_line else fact.name
            values = (True, False) if fact.type is FactType.YES_NO else fact.choices
            said = (self._words.statement(path, value) for value in values)
            yield from (each for each in said if each is not None and fact.name != LINES)

    def _prohibitions(self) -> list[str]:
        return [self._words.prohibition(each.id)[0] for each in self._names.book.prohibitions]

    def _advices(self) -> list[str]:
        return self._titled([each.title for each in self._names.book.advice])

    def _channels(self) -> list[str]:
        return [each.title.say(self.language) for each in self._names.book.channels]

    def _titled(self, titles: Sequence[Text]) -> list[str]:
        return [quoted(each.say(self.language), self.language) for each in titles]


_GOES_ON: Final = re.compile(
    r"(?:det er ukjent|må det avklares|det må avklares|it is unknown|must be established) \{(\w+)"
)
_ASKED_FOR: Final = re.compile(rf"{_GOES_ON.pattern}|(?:svaret på|the answer to) \{{")
_OF_FACTS: Final = ("Fact", "Facts")
_OF_RULES: Final = re.compile(r"regelbok|rule book")
_RULES: Final = text("regler", "rules")
_SOME_TEXT: Final = "abc"
_VALUES: Final = {
    FactType.DATE: text("2. februar 2021", "2 February 2021"),
    FactType.MONEY: text("1 200,25 kr", "NOK 1200.25"),
    FactType.YES_NO: text("nei", "no"),
    FactType.COUNT: text("2", "2"),
    FactType.MOBILE: text("«912 34 567»", "“912 34 567”"),
    FactType.CURRENCY: text("NOK", "NOK"),
    FactType.EMAIL: text("«kari@example.no»", "“kari@example.no”"),
}
_OWN_EXAMPLES: Final[Mapping[str, Text]] = {
    "file": text("fakturaer/januar.xml", "invoices/january.xml"),
    "folder": text("register", "register"),
    "words": text("muntlig", "by word of mouth"),
    "group": text("line[1].consent", "line[1].consent"),
    "kinds": text("consent, agreed", "consent, agreed"),
    "code": text("form", "form"),
    "references": text("S-1 og A-1", "S-1 and A-1"),
    "benefits": text("én avtale, samme pris", "one agreement, the same price"),
}
_NONE: Final = text(
    "Ingen steg handler om «{word}». Uten et ord vises alle.",
    "No step is about “{word}”. Without a word all are shown.",
)
FIELDS_TAKE: Final = text("Det som kan stå i stegene", "What can stand in the steps")
_TAKEN: Final = (
    (
        {"Fact", "Facts", "Statement", "Value"},
        text(
            "Opplysninger kalles det de heter i regelboken, på norsk, engelsk eller med stien sin; de står "
            "bakerst i «fakturavakt rules handbook». De om en linje har linjen bak seg: (linje 1).",
            "Facts are called as in the rule book, in Norwegian, in English or by their paths; they stand at "
            "the end of “fakturavakt rules handbook”. Those of a line have the line behind them: (line 1).",
        ),
    ),
    (
        {"Value"},
        text(
            "En verdi skrives som folk skriver den: 2. februar 2021, 1 200,25 kr, ja. I anførselstegn er den "
            "nøyaktig det som står i fakturaen, også når det er galt: «2021-02-30».",
            "A value is written as people write it: 2 February 2021, NOK 1200.25, yes. In quotation marks it "
            "is exactly what stands in the invoice, bad values too: “2021-02-30”.",
        ),
    ),
    (
        {"Prohibition", "Advice", "Channel", "Channels"},
        text(
            "Forbud, råd og kanaler kalles ved tittel eller id; «fakturavakt rules list» viser dem.",
            "Prohibitions, advice and channels are called by title or id: see “fakturavakt rules list”.",
        ),
    ),
)


def _is_question(written: str) -> bool:
    return is_question(bare(written))
