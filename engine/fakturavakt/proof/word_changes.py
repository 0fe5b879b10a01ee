"""What changed between two rule books in words: before anything is proved, what somebody edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from fakturavakt.rulebook.conditions import Condition
from fakturavakt.rulebook.model import Guarantee, Rule, RuleBook, Window
from fakturavakt.rulebook.written import written_condition
from fakturavakt.texts import Text
from fakturavakt.vocabulary.facts import NEVER, Absence, Fact, Value, Vocabulary


class Kind(StrEnum):
    """What happened to a part of the rule book."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Part(StrEnum):
    """What kind of part it is."""

    RULE = "rule"
    DEFINITION = "definition"
    FACT = "fact"
    SCOPE = "scope"
    CHANNELS = "channels"
    AGREEMENTS = "agreements"
    GUARANTEE = "guarantee"
    BOOK = "rulebook"


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing about a part, as it was and as it is: the lines that are written of it."""

    name: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordChange:
    """A part that was added, removed or changed; ``aspects`` only where it was changed.

    ``only_words``: titles, messages, remedies and sources, which decide nothing.
    """

    kind: Kind
    part: Part
    name: str
    aspects: tuple[Aspect, ...] = ()

    @property
    def only_words(self) -> bool:
        """Whether nothing that was changed decides anything."""
        return self.kind is Kind.CHANGED and all(each.name in _WORDS for each in self.aspects)

    @property
    def declared(self) -> bool:
        """Whether something changed that no condition says and that comes out all the same: a channel's
        properties, what advice asks for, the kind that is suggested, what a migration brings.
        """
        return any(each.name in _DECLARED for each in self.aspects)


_DECLARED: Final = frozenset(
    {"properties", "asks_for", "kind", "on", "notified_by_email", "benefits", "languages"}
)
_WORDS: Final = frozenset(
    {"title", "message", "remedy", "source", "label", "says", "term", "promise", "while"}
)


def word_changes(old: RuleBook, new: RuleBook) -> Iterator[WordChange]:
    """Everything that is written otherwise, part by part; order and layout of files do not count."""
    yield from _changed(Part.BOOK, {"rulebook": _of_book(old)}, {"rulebook": _of_book(new)})
    yield from _changed(
        Part.SCOPE,
        {"scope": {"when": _written(old.scope, old.vocabulary)}},
        {"scope": {"when": _written(new.scope, new.vocabulary)}},
    )
    yield from _changed(
        Part.CHANNELS, {"channels": _of_channels(old)}, {"channels": _of_channels(new)}
    )
    yield from _changed(
        Part.RULE,
        {name: dict(_of_rule(rule, old.vocabulary)) for name, rule in old.rules.items()},
        {name: dict(_of_rule(rule, new.vocabulary)) for name, rule in new.rules.items()},
    )
    yield from _changed(Part.DEFINITION, _of_definitions(old), _of_definitions(new))
    yield from _changed(Part.AGREEMENTS, _of_agreements(old), _of_agreements(new))
    yield from _changed(
        Part.FACT,
        {fact.name: dict(_of_fact(fact)) for fact in old.vocabulary},
        {fact.name: dict(_of_fact(fact)) for fact in new.vocabulary},
    )
    yield from _changed(Part.GUARANTEE, _of_guarantees(old), _of_guarantees(new))


def promised(guarantee: Guarantee) -> Iterator[str]:
    """What a guarantee promises, as its file writes it."""
    if guarantee.declares:
        for name, value in guarantee.declares.items():
            yield f"declares {name}: {value}"
    else:
        word = "always" if guarantee.always else "never"
        yield f"{word}: {', '.join(guarantee.outcomes)}"


_Aspects = Mapping[str, tuple[str, ...]]


def _changed(
    part: Part, old: Mapping[str, _Aspects], new: Mapping[str, _Aspects]
) -> Iterator[WordChange]:
    for name in dict.fromkeys([*old, *new]):
        if name not in new:
            yield WordChange(Kind.REMOVED, part, name)
        elif name not in old:
            yield WordChange(Kind.ADDED, part, name)
        else:
            before, after = old[name], new[name]
            aspects = tuple(
                Aspect(each, before.get(each, ()), after.get(each, ()))
                for each in dict.fromkeys([*before, *after])
                if before.get(each, ()) != after.get(each, ())
            )
            if aspects:
                yield WordChange(Kind.CHANGED, part, name, aspects)


def _written(condition: Condition, vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(written_condition(condition, vocabulary))


def _said(words: Text) -> tuple[str, ...]:
    return tuple(f"{language}: {said}" for language, said in sorted(words.wordings.items()))


def _of_book(book: RuleBook) -> _Aspects:
    return {
        "name": (book.name,),
        "title": _said(book.title),
        "languages": book.languages,
        "source": tuple(book.source.say(language) for language in book.languages),
    }


def _of_channels(book: RuleBook) -> _Aspects:
    return {
        "order": tuple(each.name for each in book.channels),
        "title": tuple(line for each in book.channels for line in _said(each.title)),
    }


def _of_rule(rule: Rule, vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "effective", _of_window(rule.window)
    yield "when", _written(rule.when, vocabulary)
    own = [each.name for each in fields(rule) if each.name in _OWN_KEYS]
    for name in own:
        yield name, tuple(_lines_of(getattr(rule, name)))
    yield "title", _said(rule.title)
    yield (
        "message",
        tuple(
            f"{wording.value} {line}"
            for wording, message in rule.messages.items()
            for line in _said(message)
        ),
    )
    yield "remedy", _said(rule.remedy)
    yield "source", (rule.source.document, str(rule.source.updated), *_said(rule.source.clause))


_OWN_KEYS: Final = ("channel", "properties", "asks_for", "kind", "status")


def _lines_of(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        yield from map(str, value)
    elif hasattr(value, "__dataclass_fields__"):
        yield from (f"{name}: {getattr(value, name)}" for name in value.__dataclass_fields__)
    else:
        yield str(value)


def _of_window(window: Window) -> tuple[str, ...]:
    bounds = (("from", window.starts), ("before", window.before))
    return tuple(f"{word}: {day.isoformat()}" for word, day in bounds if day is not None)


def _of_definitions(book: RuleBook) -> Mapping[str, _Aspects]:
    return {
        name: {"when": _written(condition, book.vocabulary), "title": _said(title)}
        for name, (title, condition) in book.definitions.items()
    }


def _of_agreements(book: RuleBook) -> Mapping[str, _Aspects]:
    migration = book.migration
    if migration is None:
        return {}
    found: dict[str, tuple[str, ...]] = {"on": (migration.on.isoformat(),)}
    words: list[str] = [*_said(migration.unknown_message), *_said(migration.unknown_remedy)]
    rows = {row.action: row for row in migration.rows}
    found["notified_by_email"] = tuple(n for n, row in rows.items() if row.notified_by_email)
    found["benefits"] = tuple(f"{n}: {', '.join(row.benefits)}" for n, row in rows.items())
    for row in migration.rows:
        found[row.action] = _written(row.when, book.vocabulary)
        for message in row.messages.values():
            words += _said(message)
        words += _said(row.remedy)
    return {migration.name: {**found, "message": tuple(words), "title": _said(migration.title)}}


def _of_fact(fact: Fact) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "type", (fact.type.value,)
    yield "absent", (_absence(fact.absent),)
    yield "choices", fact.choices
    yield "label", _said(fact.label)
    yield (
        "says",
        tuple(
            f"{_word(value)} {line}" for value, said in fact.says.items() for line in _said(said)
        ),
    )
    yield "term", (fact.term or "",)
    yield "personal", (str(fact.personal),)


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _absence(absent: object) -> str:
    if isinstance(absent, Absence):
        return absent.value
    return "never" if absent == NEVER else str(absent)


def _of_guarantees(book: RuleBook) -> Mapping[str, _Aspects]:
    return {
        each.name: {
            "promise": (str(each.about.value), each.subject, *promised(each)),
            "while": _written(each.condition, book.vocabulary),
            "title": _said(each.title),
        }
        for each in book.guarantees
    }
