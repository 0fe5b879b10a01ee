"""The handbook of a rule book: all that it says, gathered for people to read.

Promises: everything that decides or is told is in it once, and nothing else is; the same rule book, cases,
scenarios and history give the same handbook. How it looks, :mod:`~fakturavakt.desk.handbook_page` knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fakturavakt.desk.feature_documents import FeatureDocument
from fakturavakt.desk.handbook_texts import (
    AS_ITS_USERS,
    HOLD,
    NOT_GIVEN,
    NOTHING_DECIDED,
    TITLES,
    TRIED,
)
from fakturavakt.desk.rule_examples import ExampleFinder, Examples
from fakturavakt.desk.rule_history import History, Revision
from fakturavakt.problems import Place
from fakturavakt.rulebook.case_files import Case
from fakturavakt.rulebook.conditions import Condition, Leaf, Named, children, facts_of
from fakturavakt.rulebook.guarantee_words import guarantee_in_words
from fakturavakt.rulebook.model import (
    Advice,
    ChannelProperties,
    ChannelRule,
    Guarantee,
    Migration,
    MigrationRow,
    Rule,
    RuleBook,
    Source,
    Suggestion,
    Window,
    Wording,
)
from fakturavakt.rulebook.rule_words import (
    MESSAGE_NAMES,
    SCOPE,
    Said,
    action_lead,
    condition_in_words,
    definition_lead,
    rule_in_words,
)
from fakturavakt.rulebook.sentences import may_be_missing
from fakturavakt.rulebook.written import written_condition
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import Absence, Fact


@dataclass(frozen=True, slots=True)
class Basis:
    """What an entry is made of. ``written`` is its condition as the file has it; ``uses`` names the
    definitions in it. ``missing`` are the facts whose absence can make it unknown, ``unreadable`` those that
    are unknown only where their value cannot be read.
    """

    written: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    missing: tuple[Fact, ...] = ()
    unreadable: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Where:
    """``place`` in the rule book (``prohibitions/x.yaml:2``), and the file's history; ``unsaved``: it is not
    so in the latest commit.
    """

    place: str
    revisions: tuple[Revision, ...] = ()
    unsaved: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the rule book says; ``said`` has it by language. ``unknown`` says what follows where it
    is unknown. ``used_by`` is what a definition is used by, by anchor and title.
    """

    name: str
    anchor: str
    title: Text
    said: Mapping[str, Said]
    basis: Basis
    where: Where | None = None
    source: Source | None = None
    window: Window | None = None
    messages: tuple[tuple[Text, Text], ...] = ()
    remedy: Text | None = None
    unknown: Text | None = None
    properties: ChannelProperties | None = None
    asks_for: tuple[Fact, ...] = ()
    covers: tuple[str, ...] = ()
    examples: Examples | None = None
    used_by: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter: what it is about, and its entries. ``key`` is its anchor."""

    key: str
    title: Text
    about: Text
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Handbook:
    """A rule book for people. ``languages`` are those it is written in, the first being that of names and
    examples; ``used`` gives each fact that something asks about the entries that do, by anchor and title.
    ``has_history``: whether the rule book lies in git.
    """

    book: RuleBook
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    used: Mapping[str, tuple[tuple[str, Text], ...]]
    has_history: bool


def make_handbook(
    book: RuleBook,
    root: Path,
    languages: Sequence[str],
    *,
    cases: Iterable[Case] = (),
    documents: Sequence[FeatureDocument] = (),
    history: History | None = None,
) -> Handbook:
    """The handbook of ``book``, which was read from the folder ``root``, with its guarantees where those
    were read. ``documents`` are those of its scenarios.
    """
    writer = _Writer(book, root, tuple(languages), ExampleFinder(book, cases, documents), history)
    sections = tuple(section for section in writer.sections() if section.entries)
    return Handbook(book, tuple(languages), sections, writer.used, history is not None)


class _Writer:
    def __init__(
        self,
        book: RuleBook,
        root: Path,
        languages: tuple[str, ...],
        examples: ExampleFinder,
        history: History | None,
    ) -> None:
        self._book = book
        self._root = root
        self._languages = languages
        self._examples = examples
        self._history = history
        self._definitions = dict(_all_definitions(book))
        self._used_by: dict[str, list[tuple[str, Text]]] = {}
        self.used: dict[str, tuple[tuple[str, Text], ...]] = {}

    def sections(self) -> Iterator[Section]:
        """Every chapter, empty ones too."""
        book = self._book
        made: dict[str, tuple[Entry, ...]] = {
            "scope": (self._scope(),),
            "prohibitions": tuple(map(self._rule, book.prohibitions)),
            "channels": tuple(self._rule(rule) for each in book.channels for rule in each.rules),
            "agreements": tuple(self._actions(book.migration)) if book.migration else (),
            "advice": tuple(map(self._rule, book.advice)),
            "trials": tuple(map(self._rule, book.trials)),
            "suggestions": tuple(map(self._rule, book.suggestions)),
        }
        # A definition tells what uses it, definitions too: so those are asked before any is written.
        for name, (title, condition) in self._definitions.items():
            self._note_uses(condition, f"definition-{name}", title)
        made["definitions"] = tuple(
            self._definition(name, title, condition)
            for name, (title, condition) in self._definitions.items()
        )
        made["guarantees"] = tuple(map(self._guarantee, book.guarantees))
        for key, (title, about) in TITLES.items():
            yield Section(key, title, about, made[key])

    def _scope(self) -> Entry:
        scope = self._book.scope
        title = text("Omfang", "Scope")
        return Entry(
            name="scope",
            anchor="rule-scope",
            title=title,
            said={
                each: condition_in_words(SCOPE, scope, self._book.vocabulary, each)
                for each in self._languages
            },
            source=self._book.source,
            unknown=HOLD,
            basis=self._basis(scope, "rule-scope", title),
            where=self._of_file("rulebook.yaml"),
        )

    def _rule(self, rule: Rule) -> Entry:
        unknown = HOLD
        properties: ChannelProperties | None = None
        asks_for: tuple[Fact, ...] = ()
        match rule:
            case ChannelRule():
                unknown, properties = TRIED, rule.properties
            case Advice():
                unknown, asks_for = NOT_GIVEN, self._facts(rule.asks_for)
            case Suggestion():
                unknown = NOT_GIVEN
            case _:  # prohibitions
                pass
        if rule.on_trial:
            unknown = NOTHING_DECIDED
        anchor = f"rule-{rule.id}"
        return Entry(
            name=rule.id,
            anchor=anchor,
            title=rule.title,
            said={each: rule_in_words(rule, self._book, each) for each in self._languages},
            source=rule.source,
            window=None if isinstance(rule, Suggestion) else rule.window,
            messages=_messages(rule.messages),
            remedy=rule.remedy,
            unknown=unknown,
            properties=properties,
            asks_for=asks_for,
            examples=self._examples.of_rule(rule),
            basis=self._basis(rule.when, anchor, rule.title, with_window=rule.condition),
            where=self._at(rule.place),
        )

    def _actions(self, migration: Migration) -> Iterator[Entry]:
        for row in migration.rows:
            yield self._action(migration, row)
        facts = (name for row in migration.rows for name in may_be_missing(row.when))
        yield Entry(
            name="unknown",
            anchor="action-unknown",
            title=text("Når ingen handling er sikker", "Where no action is certain"),
            said={},
            basis=Basis(missing=self._facts(dict.fromkeys(facts))),
            messages=((MESSAGE_NAMES[Wording.UNKNOWN], migration.unknown_message),),
            remedy=migration.unknown_remedy,
            source=migration.source,
        )

    def _action(self, migration: Migration, row: MigrationRow) -> Entry:
        anchor = f"action-{row.action}"
        title = text(f"Handlingen «{row.action}»", f"The action “{row.action}”")
        vocabulary, lead = self._book.vocabulary, action_lead(row.action)
        return Entry(
            name=row.action,
            anchor=anchor,
            title=title,
            said={
                each: condition_in_words(lead, row.when, vocabulary, each)
                for each in self._languages
            },
            source=migration.source,
            window=Window(starts=migration.on),
            messages=_messages(row.messages),
            remedy=row.remedy,
            examples=self._examples.of_action(row),
            basis=self._basis(row.when, anchor, title),
            where=self._at(row.place),
        )

    def _definition(self, name: str, title: Text, condition: Condition) -> Entry:
        anchor = f"definition-{name}"
        lead = definition_lead(title)
        return Entry(
            name=name,
            anchor=anchor,
            title=title,
            said={
                each: condition_in_words(lead, condition, self._book.vocabulary, each)
                for each in self._languages
            },
            unknown=AS_ITS_USERS,
            used_by=tuple(dict.fromkeys(self._used_by.get(name, ()))),
            basis=self._basis(condition, anchor, title),
            # That which the program makes of all suggestions stands in no file.
            where=self._at(condition.place) if name in self._book.definitions else None,
        )

    def _guarantee(self, guarantee: Guarantee) -> Entry:
        anchor = f"guarantee-{guarantee.name}"
        written = tuple(written_condition(guarantee.condition, self._book.vocabulary))
        uses = tuple(dict.fromkeys(named.name for named in _named_in(guarantee.condition)))
        return Entry(
            name=guarantee.name,
            anchor=anchor,
            title=guarantee.title,
            said={
                each: guarantee_in_words(guarantee, self._book, each) for each in self._languages
            },
            source=guarantee.source,
            covers=guarantee.covers,
            basis=Basis(written, uses),
            where=self._at(guarantee.place),
        )

    # -- what entries share ----------------------------------------------------------------------

    def _basis(
        self,
        condition: Condition,
        anchor: str,
        title: Text,
        *,
        with_window: Condition | None = None,
    ) -> Basis:
        """What an entry is made of; who uses what is noted."""
        self._note_uses(condition, anchor, title)
        asked = self._facts(may_be_missing(with_window or condition))
        return Basis(
            written=tuple(written_condition(condition, self._book.vocabulary)),
            uses=tuple(dict.fromkeys(named.name for named in _named_in(condition))),
            missing=tuple(fact for fact in asked if fact.absent is Absence.UNKNOWN),
            unreadable=tuple(fact for fact in asked if fact.absent is not Absence.UNKNOWN),
        )

    def _note_uses(self, condition: Condition, anchor: str, title: Text) -> None:
        for named in _named_in(condition):
            self._used_by.setdefault(named.name, []).append((anchor, title))
        for name in dict.fromkeys(_facts_written(condition)):
            before = self.used.get(name, ())
            if (anchor, title) not in before:
                self.used[name] = (*before, (anchor, title))

    def _at(self, place: Place) -> Where:
        file = Path(place.file)
        name = file.relative_to(self._root) if file.is_relative_to(self._root) else file
        return self._of_file(name.as_posix(), place.line)

    def _of_file(self, name: str, line: int | None = None) -> Where:
        place = name if line is None else f"{name}:{line}"
        if self._history is None:
            return Where(place)
        revisions = self._history.revisions.get(name, ())
        return Where(place, revisions, name in self._history.unsaved)

    def _facts(self, names: Iterable[str]) -> tuple[Fact, ...]:
        vocabulary = self._book.vocabulary
        return tuple(vocabulary[name] for name in sorted(names, key=vocabulary.order))


def _messages(messages: Mapping[Wording, Text]) -> tuple[tuple[Text, Text], ...]:
    return tuple((MESSAGE_NAMES[wording], said) for wording, said in messages.items())


def _all_definitions(book: RuleBook) -> Iterator[tuple[str, tuple[Text, Condition]]]:
    """Those of ``definitions/``, by name, and the one that the program makes of all suggestions."""
    yield from sorted(book.definitions.items())
    conditions = [book.scope, *(rule.when for rule in book.rules.values())]
    for condition in conditions:
        for named in _named_in(condition):
            if named.name not in book.definitions:
                yield named.name, (named.title, named.part)


def _named_in(condition: Condition) -> Iterator[Named]:
    """The definitions that a condition names itself, not those that they are made of."""
    if isinstance(condition, Named):
        yield condition
    else:
        for part in children(condition):
            yield from _named_in(part)


def _facts_written(condition: Condition) -> Iterator[str]:
    """The facts that a condition names itself, not those of its definitions."""
    if isinstance(condition, Named):
        return
    if isinstance(condition, Leaf):
        yield from facts_of(condition)
    for part in children(condition):
        yield from _facts_written(part)
