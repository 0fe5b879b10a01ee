"""Conditions as sentences: what a rule says, as an officer would write it.

Promises: one condition gives one :class:`Sentence`, and conditions that differ in meaning give different
ones, as far as the labels of facts and the titles of definitions differ. A single test becomes a clause;
``all`` and ``any`` become a clause that ends in a colon, and what they hold of is a list below it.

In Norwegian the negation stands before the verb of a clause that follows *når* or *at*, and behind it in a
sentence of its own. So each clause is kept in both orders; English has one.

Not everything negated is said with *not*: *not on or before* is *after*, and *not yes* is *no*, in the logic
of three values too. Where there is no such word, it is said that something "is not the case". What means the
same by the form alone is said alike: ``all`` right inside ``all``, and a list of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, assert_never

from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    Constant,
    HasWord,
    Known,
    Leaf,
    Named,
    Not,
    OneOf,
    Relation,
    facts_of,
    leaves,
    reads_lines,
)
from fakturavakt.rulebook.value_words import value_in_words
from fakturavakt.texts import NORWEGIAN, listed, text
from fakturavakt.vocabulary.facts import LINES, NEVER, Fact, FactType, Value, Vocabulary

CURRENCY: Final = "NOK"
"""Amounts in rule files are kroner."""


class Clause(NamedTuple):
    """Something said, as a sentence of its own and as what follows *når*, *at* or *when*."""

    own: str
    after_when: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A condition in words. With ``parts`` the clause ends in a colon, and they are what it is about.

    ``definition`` is the name of the definition that the clause tells of, where it tells of one.
    """

    clause: Clause
    parts: tuple[Sentence, ...] = ()
    definition: str | None = None


def sentence(condition: Condition, vocabulary: Vocabulary, language: str) -> Sentence:
    """The condition in a language: Norwegian (``nb``), else English."""
    return _Speaker(vocabulary, language).say(condition, negated=False)


def part_lines(parts: Iterable[Sentence], indent: str = "  ") -> Iterator[str]:
    """The list below a sentence as indented lines of text."""
    for part in parts:
        yield f"{indent}– {part.clause.own}"
        yield from part_lines(part.parts, indent + "  ")


def closed(said: str) -> str:
    """With a full stop, unless a list follows."""
    return said if said.endswith(":") else f"{said}."


def may_be_missing(condition: Condition) -> tuple[str, ...]:
    """The facts without which the condition can be unknown, in the order in which it asks for them."""
    asked = [LINES] if reads_lines(condition) else []
    for leaf in leaves(condition):
        if not isinstance(leaf, Known):
            asked += facts_of(leaf)
    return tuple(dict.fromkeys(asked))


_QUESTION: Final = re.compile(
    r"(om|hva|hvem|hvilken|hvilket|hvilke|når|hvor|hvordan|whether|what|who|which|when|where|how)\b"
)
"""A label that is a question: *om samtykke er gitt*."""
_WHETHER: Final = re.compile(r"(?:om|whether) (.+)", re.DOTALL)
_RELATIVE: Final = re.compile(r"\b(ble|blir|er|var|har|hadde|skal|kan|må|sa|ga|trakk|fikk)\b")
"""A verb within a label: a clause that Norwegian closes with a comma, *datoen samtykket ble gitt, er …*."""
_HEAD: Final = re.compile(r"(.+?)(?: (?:of|for|to|from|with|without|in|on|by|that)\b| \(|$)")
_PLURAL: Final = re.compile(r".*[^sui']s")


@dataclass(frozen=True, slots=True)
class _Speaker:
    vocabulary: Vocabulary
    language: str

    @property
    def _norwegian(self) -> bool:
        return self.language == NORWEGIAN

    def _t(self, nb: str, en: str) -> str:
        return nb if self._norwegian else en

    # -- what other conditions are made into -----------------------------------------------------

    def say(self, condition: Condition, *, negated: bool) -> Sentence:
        match condition:
            case All(parts=()):
                word = self._t("aldri", "never") if negated else self._t("alltid", "always")
                if self._norwegian:
                    return Sentence(Clause(f"dette gjelder {word}", f"dette {word} gjelder"))
                return Sentence(_same(f"this {word} holds"))
            case All(parts=(part,)) | AnyOf(parts=(part,)):
                return self.say(part, negated=negated)
            case All():
                head = self._t("alt dette gjelder:", "all of this holds:")
                if negated:
                    head = self._t("ikke alt dette gjelder:", "not all of this holds:")
                return Sentence(_same(head), self._each(_flat(condition)))
            case AnyOf():
                head = self._t("minst ett av disse gjelder:", "at least one of these holds:")
                if negated:
                    head = self._t("ingen av disse gjelder:", "none of these holds:")
                return Sentence(_same(head), self._each(_flat(condition)))
            case Not(part=part):
                return self.say(part, negated=not negated)
            case AnyLine(part=part):
                head = self._t("minst én linje er slik at", "at least one line is such that")
                if negated:
                    head = self._t("ingen linje er slik at", "no line is such that")
                return self._of_lines(head, part)
            case AllLines(part=part):
                head = self._t("hver linje er slik at", "every line is such that")
                if negated:
                    head = self._t("ikke hver linje er slik at", "not every line is such that")
                return self._of_lines(head, part)
            case Named(name=name, title=title):
                said = title.say(self.language)
                if not negated:
                    return Sentence(_same(said), definition=name)
                if self._norwegian:
                    denied = Clause(f"dette gjelder ikke: {said}", f"dette ikke gjelder: {said}")
                else:
                    denied = _same(f"this does not hold: {said}")
                return Sentence(denied, definition=name)
            case Known() | OneOf() | HasWord() | Comparison():
                return Sentence(self._leaf(condition, negated))
            case _:
                assert_never(condition)

    def _each(self, parts: Iterable[Condition]) -> tuple[Sentence, ...]:
        return tuple(self.say(part, negated=False) for part in parts)

    def _of_lines(self, head: str, part: Condition) -> Sentence:
        inner = self.say(part, negated=False)
        said = _same(f"{head} {inner.clause.after_when}")
        return Sentence(said, inner.parts, inner.definition)

    def _denied(self, said: Clause) -> Clause:
        """*Det er ikke slik at …*: of whatever has no negation of its own."""
        inner = said.after_when
        if self._norwegian:
            return Clause(f"det er ikke slik at {inner}", f"det ikke er slik at {inner}")
        return _same(f"it is not the case that {inner}")

    # -- leaves ----------------------------------------------------------------------------------

    def _leaf(self, leaf: Leaf, negated: bool) -> Clause:
        match leaf:
            case Known(fact=name):
                return self._known(self.vocabulary[name], negated)
            case OneOf(fact=name, values=values):
                return self._one_of(self.vocabulary[name], values, negated)
            case HasWord(fact=name, words=words):
                said = _same(self._has_word(self.vocabulary[name], words))
                return self._denied(said) if negated else said
            case Comparison():
                relation = _OPPOSITES[leaf.relation] if negated else leaf.relation
                said = _same(self._comparison(leaf, relation))
                # Only "exactly" has no opposite among the relations.
                return self._denied(said) if negated and relation is Relation.EQUAL else said
            case _:
                assert_never(leaf)

    def _known(self, fact: Fact, negated: bool) -> Clause:
        label = fact.label.say(self.language)
        if _QUESTION.match(label):
            known = self._t(f"kjent {label}", f"known {label}")
            return self._is(self._t("det", "it"), known, negated)
        return self._is(self._subject(fact), self._t("kjent", "known"), negated)

    def _is(self, subject: str, rest: str, negated: bool) -> Clause:
        if self._norwegian:
            if negated:
                return Clause(f"{subject} er ikke {rest}", f"{subject} ikke er {rest}")
            return _same(f"{subject} er {rest}")
        verb = f"{_verb(subject)}{' not' if negated else ''}"
        return _same(f"{subject} {verb} {rest}")

    def _one_of(self, fact: Fact, values: tuple[Value, ...], negated: bool) -> Clause:
        if fact.type is FactType.YES_NO and len(values) == 1:
            return self._yes_or_no(fact, bool(values[0]) is not negated)
        if fact.type in (FactType.YES_NO, FactType.CHOICE):
            said = _same(self._choice(fact, values))
            return self._denied(said) if negated else said
        shown = [self._constant(fact, value) for value in values]
        subject = self._subject(fact)
        if len(shown) == 1:
            return self._is(subject, shown[0], negated)
        if negated:
            none = self._t("er ingen av", f"{_verb(subject)} none of")
            return _same(f"{subject} {none} {self._and(shown)}")
        return self._is(subject, self._or(shown), negated=False)

    def _yes_or_no(self, fact: Fact, value: bool) -> Clause:
        said = fact.says.get(value)
        if said is not None:
            return _clause_of(said.say(self.language), self.language)
        whether = _WHETHER.fullmatch(fact.label.say(self.language))
        if value and whether is not None:
            return _same(whether[1])
        return _same(self._answer(fact, (value,)))

    def _choice(self, fact: Fact, values: tuple[Value, ...]) -> str:
        """*Linjen gjelder en vare eller et abonnement*: what the choices share is said once."""
        if not all(value in fact.says for value in values):
            return self._answer(fact, values)
        said = [fact.says[value].say(self.language).split() for value in values]
        shared = 0
        if len(said) > 1:
            while len({tuple(words[: shared + 1]) for words in said}) == 1:
                shared += 1
        rests = [" ".join(words[shared:]) for words in said]
        if "" in rests:  # one is the beginning of another
            return self._or([" ".join(words) for words in said])
        return " ".join([*said[0][:shared], self._or(rests)])

    def _answer(self, fact: Fact, values: tuple[Value, ...]) -> str:
        """What can be said of any label: *svaret på «…» er «…»*."""
        shown = self._or([self._quoted(self._value(fact, value)) for value in values])
        label = self._quoted(fact.label.say(self.language))
        return self._t(f"svaret på {label} er {shown}", f"the answer to {label} is {shown}")

    def _has_word(self, fact: Fact, words: tuple[str, ...]) -> str:
        groups: dict[tuple[bool, bool], list[str]] = {}
        for word in words:
            ends = (word.startswith("*"), word.endswith("*"))
            groups.setdefault(ends, []).append(self._quoted(word.strip("*")))
        kinds: Mapping[tuple[bool, bool], str] = {
            (False, False): self._t("ordet", "the word"),
            (False, True): self._t("et ord som begynner med", "a word that begins with"),
            (True, False): self._t("et ord som slutter på", "a word that ends in"),
            (True, True): self._t("et ord med", "a word with"),
        }
        inside = self._t(" i seg", " in it")
        said = [
            f"{kinds[ends]} {self._or(groups[ends])}{inside if ends == (True, True) else ''}"
            for ends in kinds
            if ends in groups
        ]
        subject = self._subject(fact)
        contains = self._t("inneholder", "contain" if _verb(subject) == "are" else "contains")
        return f"{subject} {contains} {self._or(said)}"

    def _comparison(self, leaf: Comparison, relation: Relation) -> str:
        fact = self.vocabulary[leaf.fact]
        subject = self._subject(fact)
        verb = self._t("er", _verb(subject))
        dates = fact.type is FactType.DATE
        if isinstance(leaf.operand, Constant):
            against = self._value(fact, leaf.operand.value)
            words = _TO_DAYS if dates else _TO_NUMBERS
            return f"{subject} {verb} {words[relation].say(self.language)} {against}"
        other = self.vocabulary[leaf.operand.fact]
        against, days = other.label.say(self.language), leaf.operand.days
        if not dates:
            return f"{subject} {verb} {_TO_FACTS[relation].say(self.language)} {against}"
        words = _TO_DAYS
        if days:
            words = _TO_SPANS
            way = self._t("etter", "after") if days > 0 else self._t("før", "before")
            unit = self._t(
                "dag" if abs(days) == 1 else "dager", "day" if abs(days) == 1 else "days"
            )
            against = f"{abs(days)} {unit} {way} {against}"
        said = f"{subject} {verb} {words[relation].say(self.language)} {against}"
        # A day that absence puts off for ever is after every other.
        if fact.absent == NEVER and relation in (Relation.ABOVE, Relation.AT_LEAST):
            said += self._t(", eller finnes ikke", ", or there is none")
        if other.absent == NEVER and relation in (Relation.BELOW, Relation.AT_MOST):
            said += self._t(", som kanskje ikke finnes", ", which there may not be")
        return said

    # -- words -----------------------------------------------------------------------------------

    def _subject(self, fact: Fact) -> str:
        label = fact.label.say(self.language)
        if _QUESTION.match(label):
            return self._t(f"svaret på «{label}»", f"the answer to “{label}”")
        if self._norwegian and _RELATIVE.search(label):
            return f"{label},"
        return label

    def _constant(self, fact: Fact, value: Value) -> str:
        said = self._value(fact, value)
        return self._quoted(said) if fact.type is FactType.TEXT else said

    def _value(self, fact: Fact, value: Value) -> str:
        return value_in_words(fact.type, value, self.language, currency=CURRENCY)

    def _quoted(self, said: str) -> str:
        return self._t(f"«{said}»", f"“{said}”")

    def _or(self, items: Sequence[str]) -> str:
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self._t('eller', 'or')} {items[-1]}"

    def _and(self, items: Sequence[str]) -> str:
        return listed(items, self.language)


def _flat(condition: All | AnyOf) -> Iterator[Condition]:
    """The parts, and in the place of each that is the same connective its own parts."""
    for part in condition.parts:
        if isinstance(part, (All, AnyOf)) and type(part) is type(condition) and part.parts:
            yield from _flat(part)
        else:
            yield part


def _same(said: str) -> Clause:
    return Clause(said, said)


_IKKE: Final = re.compile(r"(\S+) ikke\b")


def _clause_of(said: str, language: str) -> Clause:
    """A sentence of the vocabulary in both orders: *bruker ikke* becomes *ikke bruker* after *når*.

    The verb of a Norwegian main clause stands right before its *ikke*, the subject being no pronoun.
    """
    if language != NORWEGIAN:
        return _same(said)
    return Clause(said, _IKKE.sub(r"ikke \1", said, count=1))


def _verb(subject: str) -> str:
    """*is* or *are*, by the English noun that a label is about."""
    head = _HEAD.match(subject)
    noun = head[1] if head else subject
    return "are" if _PLURAL.fullmatch(noun) and not noun.startswith("the answer") else "is"


_OPPOSITES: Final[Mapping[Relation, Relation]] = {
    Relation.BELOW: Relation.AT_LEAST,
    Relation.AT_MOST: Relation.ABOVE,
    Relation.EQUAL: Relation.EQUAL,
    Relation.AT_LEAST: Relation.BELOW,
    Relation.ABOVE: Relation.AT_MOST,
}
_TO_DAYS: Final = {
    Relation.BELOW: text("før", "before"),
    Relation.AT_MOST: text("senest", "no later than"),
    Relation.EQUAL: text("samme dag som", "the same day as"),
    Relation.AT_LEAST: text("tidligst", "no earlier than"),
    Relation.ABOVE: text("etter", "after"),
}
_TO_SPANS: Final = {
    Relation.BELOW: text("tidligere enn", "earlier than"),
    Relation.AT_MOST: text("senest", "at the latest"),
    Relation.EQUAL: text("nøyaktig", "exactly"),
    Relation.AT_LEAST: text("tidligst", "at the earliest"),
    Relation.ABOVE: text("senere enn", "later than"),
}
_TO_NUMBERS: Final = {
    Relation.BELOW: text("under", "less than"),
    Relation.AT_MOST: text("høyst", "at most"),
    Relation.EQUAL: text("nøyaktig", "exactly"),
    Relation.AT_LEAST: text("minst", "at least"),
    Relation.ABOVE: text("over", "more than"),
}
_TO_FACTS: Final = {
    Relation.BELOW: text("mindre enn", "less than"),
    Relation.AT_MOST: text("ikke større enn", "not more than"),
    Relation.EQUAL: text("det samme som", "the same as"),
    Relation.AT_LEAST: text("ikke mindre enn", "not less than"),
    Relation.ABOVE: text("større enn", "more than"),
}
