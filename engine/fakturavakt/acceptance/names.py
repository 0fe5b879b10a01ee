"""What scenarios call facts, rules and channels: their ids, or what people read in their place.

A name that could mean two things means none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
_WHAT: Final = {NORWEGIAN: "hva ", ENGLISH: "what "}
_THE_DATE: Final = {NORWEGIAN: "datoen ", ENGLISH: "the date "}
_WHEN: Final = {NORWEGIAN: "når ", ENGLISH: "when "}
_THE_LINE: Final = re.compile(r"\b(linje|line) (#?\d+)\b")
_ON_A_LINE: Final = re.compile(
    r" (?:på linje|til linje|for linje|on line|to line|for line) (#?\d+)\b"
)
GROUPS: Final[Mapping[str, str]] = {
    "fakturaen": "invoice",
    "avsenderen": "sender",
    "mottakeren": "recipient",
    "forholdet mellom mottakeren og kreditor": "relationship",
    "samtykket": "line.consent",
    "aksepten": "line.gift_acceptance",
    "det som er avtalt": "line.agreed",
    "the invoice": "invoice",
    "the sender": "sender",
    "the recipient": "recipient",
    "the relationship": "relationship",
    "the consent": "line.consent",
    "the acceptance": "line.gift_acceptance",
    "what was agreed": "line.agreed",
}
"""What groups of facts are called, where a whole group is meant."""
LINE_OF: Final = {NORWEGIAN: "linje", ENGLISH: "line"}
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

        A label may leave out what it explains in brackets, and stand as a question (``når samtykket ble
        gitt``, ``hva fakturadatoen er``) or behind *opplysningen om*. That of a line's fact names the line,
        behind it or in it: ``om samtykke er gitt (linje 1)``, ``om samtykket på linje 1 er opplyst``, ``hva
        linje 1 gjelder``.
        """
        for label, line in _readings(written):
            name = self._facts.get(label)
            if name is not None and name.startswith(LINE_PREFIX) == (line is not None):
                return _of_line(name, line)
        return None

    def known_place(self, written: str) -> str | None:
        """The path of a fact, of a group (``avsenderen``, ``samtykket på linje 1``) or of a line (``linje
        #2``), written as people call it; None where it is none.
        """
        fact = self.known_fact(written)
        if fact is not None:
            return fact
        whole = _THE_LINE.fullmatch(written)
        if whole is not None:
            return f"line[{whole[2]}]"
        for label, line in _readings(written):
            name = GROUPS.get(label)
            if name is not None and name.startswith(LINE_PREFIX) == (line is not None):
                return _of_line(name, line)
        return None

    def place_path(self, written: str) -> str:
        """The same, or a path as it stands; :class:`ScenarioError` where the vocabulary has none."""
        return self.known_place(written) or self.fact_path(written)

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
        return f"{label} ({LINE_OF[language]} {found[1]})"

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
        asked = _by_name(
            (fact.name, question) for fact in self.book.vocabulary for question in _questions(fact)
        )
        return {
            written: name
            for written, name in (asked | short | whole).items()
            if written not in self.book.vocabulary
        }

    def choices(self, fact: str) -> Mapping[str, str]:
        """The choices of a fact as tables say them, by what the vocabulary says of each: ``abonnement`` or
        ``et abonnement`` where a line *gjelder et abonnement*.
        """
        return self._choices.get(fact, {})

    @cached_property
    def _choices(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for fact in self.book.vocabulary:
            said = {value: words for value, words in fact.says.items() if isinstance(value, str)}
            if fact.type is FactType.CHOICE and len(said) > 1:
                found[fact.name] = _by_name(
                    named for language in OWN_LANGUAGES for named in _told_apart(said, language)
                )
        return found

    # -- statements ------------------------------------------------------------------------------

    def statement(self, written: str) -> Statement | None:
        """What a sentence states of a fact; None where the vocabulary has no such sentence.

        The sentences are made of labels (``om avsenderen bruker AutoPay``) and of what the vocabulary
        ``says`` of values. Norwegian may put its *ikke* where a subordinate clause has it (``at mottakeren
        ikke bruker Vipps``). A line is named in the sentence (``linje 2 gjelder en vare``) or behind it
        (``samtykke er gitt (linje 2)``, ``samtykket på linje 2 er eksplisitt``).
        """
        for said, line in _readings(written):
            meant = self._statements.get(said)
            if meant is None and _NOT in said:
                meant = self._denials.get(said.replace(_NOT, "", 1))
            if meant is not None and meant.path.startswith(LINE_PREFIX) == (line is not None):
                return Statement(_of_line(meant.path, line), meant.value)
        return None

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
        rules = self.book.prohibitions
        within = _by_name(
            (rule.id, _within_a_sentence(rule.title.say(language)))
            for rule in rules
            for language in OWN_LANGUAGES
        )
        return within | _ids((rule.id, rule.title) for rule in rules)

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


def _readings(written: str) -> Iterator[tuple[str, str | None]]:
    """What may be meant by a name or a sentence: without the line that it names, and that line."""
    behind = _OF_A_LINE.fullmatch(written)
    if behind is not None:
        yield behind[1], behind[2]
        return
    yield written, None
    named = _THE_LINE.search(written)
    if named is not None:
        word = "linjen" if named[1] == "linje" else "the line"
        yield _THE_LINE.sub(word, written, count=1), named[2]
    on = _ON_A_LINE.search(written)
    if on is not None:
        yield _ON_A_LINE.sub("", written, count=1), on[1]


def _of_line(name: str, line: str | None) -> str:
    return name if line is None else f"line[{line}].{name.removeprefix(LINE_PREFIX)}"


def _questions(fact: Fact) -> Iterator[str]:
    """What a fact may be called besides its label: a question that it answers, and *opplysningen om* it."""
    for language in OWN_LANGUAGES:
        label = _BRACKETS.sub("", fact.label.say(language))
        asks = label.startswith((_WHETHER[language], _WHAT[language]))
        date = _THE_DATE[language]
        match language:
            case "nb":
                yield f"opplysningen om {label.removeprefix(_WHETHER[language])}"
            case _ if asks:
                yield f"the answer to {label}"
            case _:
                pass
        if not asks:
            yield f"hva {label} er" if language == NORWEGIAN else f"what {label} is"
        if label.startswith(date):
            asked = _WHEN[language] + label.removeprefix(date)
            yield asked
            if language == NORWEGIAN:
                yield f"opplysningen om {asked}"


def _told_apart(said: Mapping[str, Text], language: str) -> Iterator[tuple[str, str]]:
    """Each choice with the words that its sentence does not share with the others', as they stand and without
    an article.
    """
    words = {value: sentence.say(language).split() for value, sentence in said.items()}
    shared = 0
    while (
        shared < min(map(len, words.values())) - 1
        and len({each[shared] for each in words.values()}) == 1
    ):
        shared += 1
    for value, each in words.items():
        yield value, " ".join(each[shared:])
        if each[shared] in _ARTICLES:
            yield value, " ".join(each[shared + 1 :])


_ARTICLES: Final = ("en", "ei", "et", "a", "an")


def _within_a_sentence(title: str) -> str:
    """A title as it is written behind other words: ``eFaktura`` and ``NAV`` stay as they are."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _ids(named: Iterable[tuple[str, Text]]) -> dict[str, str]:
    """Each id under itself and under its text in every language, but for texts that several share."""
    return _by_name(
        (identity, written)
        for identity, title in named
        for written in (identity, *map(title.say, OWN_LANGUAGES))
    )


def _by_name(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each id under its names, but for those that several share."""
    ids: dict[str, set[str]] = {}
    for identity, written in named:
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
