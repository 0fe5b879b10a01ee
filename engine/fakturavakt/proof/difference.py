"""Two rule books: for each rule, each channel, the scope and the decision, what the new one changes.

**Stricter and looser.** A prohibition, a piece of advice, a suggestion or the scope is *stricter* where
the new one comes further on the way from false over unknown to true: a prohibition that is unknown holds
the invoice, one that holds stops it. A channel is stricter where it comes further on the way from
eligible (true) over unknown to ineligible. A decision is stricter where it comes further on the way from
*not stopped* (``send``, and ``out_of_scope``, of which the rules say nothing) over ``hold`` to ``block``.
Looser is the other way. A decision can also change without either: another channel, other attempts,
``send`` for ``out_of_scope``.

Over all documents: *equivalent* where nothing changes for any of them; *stricter* where something gets
stricter for some and looser for none; *looser* the other way; *different* in all other cases. A rule that
one of the books lacks counts as false there (a channel: as ineligible).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Final, TypeAlias

from fakturavakt.decision import Decision, Verdict
from fakturavakt.engines.outcomes import Truth
from fakturavakt.proof.confirmation import UnconfirmedError, decided
from fakturavakt.proof.ladders import all_the_way, further, later_decision, stopped_at_once
from fakturavakt.proof.mentions import Mentions
from fakturavakt.proof.outcome_formulas import (
    NEVER_HOLDS,
    DecisionFormulas,
    action_formulas,
)
from fakturavakt.proof.question import Question, deciding
from fakturavakt.proof.search import SECONDS, Example, UndecidedError
from fakturavakt.proof.terms import Formula, Terms
from fakturavakt.proof.word_changes import WordChange, word_changes
from fakturavakt.rulebook.conditions import Condition, reads_lines
from fakturavakt.rulebook.model import ChannelRule, Migration, Prohibition, RuleBook, Suggestion
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import LINES
from fakturavakt.vocabulary.own_facts import PAYABLE_AMOUNT


class Change(StrEnum):
    """What a new rule book makes of an old one's rule, or of its decisions."""

    EQUIVALENT = "equivalent"
    STRICTER = "stricter"
    LOOSER = "looser"
    DIFFERENT = "different"
    UNDECIDED = "undecided"
    NOT_COMPARABLE = "not_comparable"


class Subject(StrEnum):
    """What is compared."""

    DECISION = "decision"
    SCOPE = "scope"
    PROHIBITION = "prohibition"
    CHANNEL = "channel"
    CHANNEL_RULE = "channel_rule"
    ADVICE = "advice"
    SUGGESTION = "suggestion"
    AGREEMENTS = "agreements"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, as far as two of them are compared."""

    verdict: Verdict
    attempts: tuple[str, ...]

    @property
    def channel(self) -> str | None:
        """The channel that carries it."""
        return self.attempts[-1] if self.attempts else None


Outcome: TypeAlias = Truth | Decided | str
"""A condition's truth value, a decision, or what a sender has to do about its agreements."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A document for which the two rule books differ; both were run on it and came out so. Where some
    document goes
    from one end to the other (``block`` to ``send``, false to true), it is the smallest of those.

    ``direction`` is stricter, looser, or different where it is neither.
    """

    direction: Change
    old: Outcome
    new: Outcome
    example: Example


@dataclass(frozen=True, slots=True)
class Compared:
    """One rule, channel, scope or decision: what becomes of it, and the documents that show it.

    ``lines`` is how many lines a document needed to have for the answer to cover all of them (0 where
    nothing had to be asked, because both books say the same). ``reason`` says why there is no answer.
    """

    subject: Subject
    name: str
    title: Text
    change: Change
    shown: tuple[Shown, ...] = ()
    lines: int = 0
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new rule book changes: in words, and in meaning. ``as_of``: None covers every day."""

    words: tuple[WordChange, ...]
    compared: tuple[Compared, ...]
    as_of: date | None

    @property
    def decision(self) -> Compared:
        """The decision's own line."""
        return next(each for each in self.compared if each.subject is Subject.DECISION)

    @property
    def changes(self) -> frozenset[Change]:
        """All that was answered."""
        return frozenset(each.change for each in self.compared)


def compare(
    old: RuleBook, new: RuleBook, *, as_of: date | None = None, seconds: float = SECONDS
) -> Difference:
    """Compare two rule books over every document and, unless ``as_of`` is given, every screening date.

    ``seconds`` is how long one question may take; a question that takes longer is ``undecided``. Raises
    ``SolverMissingError`` where z3 is needed and not installed, and :class:`UnconfirmedError`.
    """
    comparer = _Comparer(old, new, as_of, seconds)
    return Difference(tuple(word_changes(old, new)), tuple(comparer.all()), as_of)


@dataclass(frozen=True)
class _Pair:
    """The conditions of a subject in both books; None where a book lacks it."""

    subject: Subject
    name: str
    title: Text
    old: Condition | None
    new: Condition | None

    @property
    def conditions(self) -> list[Condition]:
        return [each for each in (self.old, self.new) if each is not None]


_REVERSED: Final = frozenset({Subject.CHANNEL, Subject.CHANNEL_RULE})
"""Where true is the loose end: an eligible channel lets the invoice through."""
_DECISION: Final = text("avgjørelsen", "the decision")
_SCOPE: Final = text("hva regelboken omfatter", "what the rule book covers")


@dataclass
class _Comparer:
    old: RuleBook
    new: RuleBook
    as_of: date | None
    seconds: float

    def all(self) -> Iterator[Compared]:
        """The decision first, then what it is made of."""
        yield self._decision()
        for pair in self._pairs():
            yield self._pair(pair)
        if self.old.migration is not None and self.new.migration is not None:
            yield self._agreements(self.old.migration, self.new.migration)

    def _pairs(self) -> Iterator[_Pair]:
        yield _Pair(Subject.SCOPE, "scope", _SCOPE, self.old.scope, self.new.scope)
        channels = [{each.name: each for each in book.channels} for book in (self.old, self.new)]
        for name in dict.fromkeys([*channels[1], *channels[0]]):
            before, after = (each.get(name) for each in channels)
            channel = after or before
            assert channel is not None
            yield _Pair(
                Subject.CHANNEL,
                name,
                channel.title,
                before.condition if before else None,
                after.condition if after else None,
            )
        # A rule on trial decides nothing: on trial in a book, it is not in it.
        of_old, of_new = (book.without_trials().rules for book in (self.old, self.new))
        for name in dict.fromkeys([*of_new, *of_old]):
            olden, newer = of_old.get(name), of_new.get(name)
            rule = newer or olden
            assert rule is not None
            if olden is not None and newer is not None and type(olden) is not type(newer):
                olden = None  # another kind of rule under the same name is a new rule
            match rule:
                case Prohibition():
                    subject = Subject.PROHIBITION
                case ChannelRule():
                    subject = Subject.CHANNEL_RULE
                case Suggestion():
                    subject = Subject.SUGGESTION
                case _:
                    subject = Subject.ADVICE
            yield _Pair(
                subject,
                name,
                rule.title,
                olden.condition if olden else None,
                newer.condition if newer else None,
            )

    # -- one rule ---------------------------------------------------------------------------------

    def _pair(self, pair: _Pair) -> Compared:
        about = (pair.subject, pair.name, pair.title)
        reason = self._why_not_comparable(pair.conditions)
        if reason is not None:
            return Compared(*about, Change.NOT_COMPARABLE, reason=reason)
        if pair.old == pair.new and self._read_alike(pair.conditions):
            return Compared(*about, Change.EQUIVALENT)
        asked = [
            (condition, book.vocabulary)
            for condition, book in ((pair.old, self.old), (pair.new, self.new))
            if condition is not None
        ]
        line_alone = pair.subject is Subject.SUGGESTION
        question = Question(asked, as_of=self.as_of, line_alone=line_alone)
        line = 0 if line_alone else None
        terms = question.terms
        before, after = (
            NEVER_HOLDS if condition is None else formulas.of(condition, line)
            for condition, formulas in (
                (pair.old, question.read_by(self.old.vocabulary)),
                (pair.new, question.read_by(self.new.vocabulary)),
            )
        )
        rises, falls = further(before, after, terms), further(after, before, terms)
        whole = all_the_way(before, after, terms), all_the_way(after, before, terms)
        if pair.subject in _REVERSED:
            rises, falls = falls, rises
            whole = whole[::-1]

        def outcome(book: RuleBook, condition: Condition | None, example: Example) -> Outcome:
            if condition is None:
                return False
            seen = decided(book, example.content, example.as_of)
            return seen.truths_by_line(condition)[0] if line_alone else seen.truth(condition)

        def outcomes(example: Example) -> tuple[Outcome, Outcome]:
            return outcome(self.old, pair.old, example), outcome(self.new, pair.new, example)

        def goes(old: Outcome, new: Outcome) -> Change:
            assert not isinstance(old, (Decided, str))
            assert not isinstance(new, (Decided, str))
            step = _TRUTHS.index(new) - _TRUTHS.index(old)
            step = -step if pair.subject in _REVERSED else step
            return _direction(step)

        return self._answered(
            about,
            question,
            {
                Change.STRICTER: (whole[0], rises),
                Change.LOOSER: (whole[1], falls),
            },
            outcomes,
            goes,
        )

    # -- the decision -----------------------------------------------------------------------------

    def _decision(self) -> Compared:
        about = (Subject.DECISION, "decision", _DECISION)
        asked = [
            (condition, book.vocabulary)
            for book in (self.old, self.new)
            for condition in deciding(book)
        ]
        conditions = [condition for condition, _ in asked]
        reason = self._why_not_comparable(conditions)
        if reason is not None:
            return Compared(*about, Change.NOT_COMPARABLE, reason=reason)
        if _parts(self.old) == _parts(self.new) and self._read_alike(conditions):
            return Compared(*about, Change.EQUIVALENT)
        question = Question(asked, as_of=self.as_of)
        terms = question.terms
        before = DecisionFormulas(self.old, question.read_by(self.old.vocabulary))
        after = DecisionFormulas(self.new, question.read_by(self.new.vocabulary))

        def outcomes(example: Example) -> tuple[Outcome, Outcome]:
            old, new = (
                _decided(decided(book, example.content, example.as_of).decision)
                for book in (self.old, self.new)
            )
            return old, new

        return self._answered(
            about,
            question,
            {
                Change.STRICTER: (
                    stopped_at_once(before, after, terms),
                    later_decision(before, after, terms),
                ),
                Change.LOOSER: (
                    stopped_at_once(after, before, terms),
                    later_decision(after, before, terms),
                ),
                Change.DIFFERENT: (self._sideways(before, after, terms),),
            },
            outcomes,
            _decision_goes,
        )

    def _sideways(self, before: DecisionFormulas, after: DecisionFormulas, terms: Terms) -> Formula:
        """The documents that are not stopped in either book, and go otherwise."""
        send, outside = Verdict.SEND, Verdict.OUT_OF_SCOPE
        sent = terms.both([before.verdict(send), after.verdict(send)])
        orders = [[each.name for each in book.channels] for book in (self.old, self.new)]
        names = list(dict.fromkeys([*orders[0], *orders[1]]))
        attempts = {name: (before.attempted(name), after.attempted(name)) for name in names}
        otherwise = [terms.negated(terms.same(old, new)) for old, new in attempts.values()]
        for one, other in combinations([n for n in names if n in orders[0] and n in orders[1]], 2):
            places = [order.index(one) - order.index(other) for order in orders]
            if places[0] * places[1] < 0:
                # Both are tried in both books, and in another order.
                otherwise.append(terms.both([*attempts[one], *attempts[other]]))
        return terms.either(
            [
                terms.both([before.verdict(send), after.verdict(outside)]),
                terms.both([before.verdict(outside), after.verdict(send)]),
                terms.both([sent, terms.either(otherwise)]),
            ]
        )

    # -- the migration ----------------------------------------------------------------------------

    def _agreements(self, old: Migration, new: Migration) -> Compared:
        """What senders have to do: another action is neither stricter nor looser."""
        about = (Subject.AGREEMENTS, new.name, new.title)
        books = ((old, self.old.vocabulary), (new, self.new.vocabulary))
        asked = [(row.when, vocabulary) for each, vocabulary in books for row in each.rows]
        conditions = [condition for condition, _ in asked]
        reason = self._why_not_comparable(conditions)
        if reason is not None:
            return Compared(*about, Change.NOT_COMPARABLE, reason=reason)
        rows = [[(row.action, row.when) for row in each.rows] for each, _ in books]
        if rows[0] == rows[1] and self._read_alike(conditions):
            return Compared(*about, Change.EQUIVALENT)
        question = Question(asked, as_of=self.as_of)
        before, after = (
            action_formulas(each, question.read_by(vocabulary)) for each, vocabulary in books
        )
        terms = question.terms
        otherwise = terms.either(
            terms.negated(terms.same(before.get(action, False), after.get(action, False)))
            for action in dict.fromkeys([*before, *after])
        )

        def outcomes(example: Example) -> tuple[Outcome, Outcome]:
            seen = [decided(book, example.content, example.as_of) for book in (self.old, self.new)]
            return seen[0].action(old), seen[1].action(new)

        return self._answered(
            about,
            question,
            {Change.DIFFERENT: (otherwise,)},
            outcomes,
            lambda before, after: Change.EQUIVALENT if before == after else Change.DIFFERENT,
        )

    # -- asking -----------------------------------------------------------------------------------

    def _answered(
        self,
        about: tuple[Subject, str, Text],
        question: Question,
        directions: dict[Change, tuple[Formula, ...]],
        outcomes: Callable[[Example], tuple[Outcome, Outcome]],
        goes: Callable[[Outcome, Outcome], Change],
    ) -> Compared:
        """``directions``: for each, what shows it, the change that matters most before the rest."""
        shown: list[Shown] = []
        undecided: Text | None = None
        for direction, wanted in directions.items():
            try:
                example = self._first_found(question, wanted)
            except UndecidedError as error:
                undecided = error.reason
                continue
            if example is None:
                continue
            old, new = outcomes(example)
            if goes(old, new) is not direction:
                raise UnconfirmedError(about[1], example.content, example.as_of)
            shown.append(Shown(direction, old, new, example))
        found = {each.direction for each in shown}
        if undecided is not None and len(found) < 2 and Change.DIFFERENT not in found:
            change = Change.UNDECIDED
        elif not found:
            change = Change.EQUIVALENT
        else:
            change = next(iter(found)) if len(found) == 1 else Change.DIFFERENT
        return Compared(*about, change, tuple(shown), question.lines, undecided)

    def _first_found(self, question: Question, wanted: tuple[Formula, ...]) -> Example | None:
        """The smallest document of the first question that has one."""
        undecided: UndecidedError | None = None
        for each in wanted:
            try:
                example = question.find(each, self.new.source.updated, self.seconds)
            except UndecidedError as error:
                undecided = error
                continue
            if example is not None:
                return example
        if undecided is not None:
            raise undecided
        return None

    # -- vocabularies -----------------------------------------------------------------------------

    def _why_not_comparable(self, conditions: Iterable[Condition]) -> Text | None:
        """A fact that is of another type in the new vocabulary: one document cannot be read by both."""
        for name in sorted(_facts_read(conditions)):
            books = [self.old.vocabulary, self.new.vocabulary]
            groups = [any(f.name.startswith(f"{name}.") for f in each) for each in books]
            retyped = all(name in v for v in books) and books[0][name].type != books[1][name].type
            if retyped or any(groups):
                return text(
                    f"Faktumet «{name}» har en annen type i den nye regelboken; ett og samme dokument "
                    "betyr da to forskjellige ting.",
                    f"The fact “{name}” has another type in the new rule book; one document then means "
                    "two different things.",
                )
        return None

    def _read_alike(self, conditions: Iterable[Condition]) -> bool:
        """Whether both vocabularies make the same of every fact that the conditions ask about."""
        old, new = self.old.vocabulary, self.new.vocabulary
        for name in _facts_read(conditions):
            if (name in old) is not (name in new):
                return False
            if name in old and (old[name].absent, set(old[name].choices)) != (
                new[name].absent,
                set(new[name].choices),
            ):
                return False
        return True


_TRUTHS: Final = (False, None, True)


def _direction(step: int) -> Change:
    if step == 0:
        return Change.EQUIVALENT
    return Change.STRICTER if step > 0 else Change.LOOSER


def _decided(decision: Decision) -> Decided:
    return Decided(decision.decision, decision.attempts)


_RANKS: Final = {
    Verdict.SEND: 0,
    Verdict.OUT_OF_SCOPE: 0,
    Verdict.HOLD: 1,
    Verdict.BLOCK: 2,
}


def _decision_goes(old: Outcome, new: Outcome) -> Change:
    assert isinstance(old, Decided)
    assert isinstance(new, Decided)
    step = _RANKS[new.verdict] - _RANKS[old.verdict]
    if step == 0 and old != new:
        return Change.DIFFERENT
    return _direction(step)


def _parts(book: RuleBook) -> object:
    """The same, such that equal parts make equal decisions."""
    prohibitions = frozenset(rule.condition for rule in book.prohibitions)
    channels = tuple((each.name, each.condition) for each in book.channels)
    return book.scope, prohibitions, channels


def _facts_read(conditions: Iterable[Condition]) -> set[str]:
    mentions = Mentions()
    lines = False
    for condition in conditions:
        mentions.add(condition)
        lines = lines or reads_lines(condition)
    if lines or LINES in mentions.facts:
        mentions.facts.update({LINES, PAYABLE_AMOUNT})
    return mentions.facts
