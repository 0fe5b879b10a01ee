"""Guarantees of a rule book: proved of every document, or refuted by one.

Some come with the rule book (``rules/guarantees/``), some hold for every rule book: each rule can hold, each
decision can be reached, no two rules of one channel are in force on one day, and what is learnt
never turns *block* into *send* or *send* into *block*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Final

from fakturavakt.decision import Verdict
from fakturavakt.engines.outcomes import Truth
from fakturavakt.problems import Place
from fakturavakt.proof.confirmation import Confirmed, UnconfirmedError, decided
from fakturavakt.proof.ladders import RELEASED
from fakturavakt.proof.outcome_formulas import ConditionFormulas, DecisionFormulas, action_formulas
from fakturavakt.proof.question import Question, deciding
from fakturavakt.proof.search import SECONDS, Example, UndecidedError
from fakturavakt.proof.terms import Formula, Terms
from fakturavakt.rulebook.conditions import All, Condition
from fakturavakt.rulebook.model import (
    Channel,
    ChannelRule,
    Guarantee,
    Promised,
    Rule,
    RuleBook,
    Suggestion,
)
from fakturavakt.texts import Text, text


class Answer(StrEnum):
    """What became of a guarantee."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


class BuiltIn(StrEnum):
    """The guarantees that every rule book is held to."""

    RULE_CAN_HOLD = "every-rule-can-hold"
    REACHABLE = "every-decision-is-reachable"
    ONE_WINDOW = "one-rule-of-a-channel-in-force"
    LEARNING = "learning-keeps-block-and-send"


@dataclass(frozen=True, slots=True)
class Proof:
    """One guarantee and what became of it.

    ``example`` is the document that refutes it or, where something *can* happen, the one that shows it; the
    reference engine came to ``outcomes`` on it. ``lines`` is how many lines a document needed to have for
    the answer to cover all of them. ``place`` is where the guarantee stands (None: built in). ``reason``:
    why it is undecided, or what was not found.
    """

    name: str
    title: Text
    answer: Answer
    subject: str = ""
    place: Place | None = None
    covers: tuple[str, ...] = ()
    example: Example | None = None
    outcomes: tuple[str, ...] = ()
    lines: int = 0
    reason: Text | None = None


def prove(
    book: RuleBook,
    *,
    names: Sequence[str] = (),
    as_of: date | None = None,
    seconds: float = SECONDS,
) -> Iterator[Proof]:
    """Prove or refute the guarantees of a rule book that was loaded with them, then the built-in ones.

    ``names``: only these. Covers every screening date unless ``as_of`` is given; ``seconds`` is how long
    one question may take. Raises ``SolverMissingError`` and :class:`UnconfirmedError`.
    """
    prover = _Prover(book, as_of, seconds)
    for guarantee in book.guarantees:
        if not names or guarantee.name in names:
            yield prover.guarantee(guarantee)
    for built_in, proofs in (
        (BuiltIn.RULE_CAN_HOLD, prover.rules_can_hold),
        (BuiltIn.REACHABLE, prover.decisions_are_reachable),
        (BuiltIn.ONE_WINDOW, prover.one_window),
        (BuiltIn.LEARNING, prover.learning),
    ):
        if not names or built_in in names:
            yield from proofs()


def guarantee_names(book: RuleBook) -> tuple[str, ...]:
    """Everything that :func:`prove` can be asked for."""
    return (*(each.name for each in book.guarantees), *BuiltIn)


_TRUTH_WORDS: Final[dict[Promised, dict[Truth, str]]] = {
    Promised.CHANNEL: {True: "eligible", False: "ineligible", None: "unknown"},
    Promised.RULE: {True: "holds", False: "fails", None: "unknown"},
}
_CARRIES: Final = "carries"
_NONE_FOUND: Final = text("Ingen dokumenter gjør det.", "No document does.")


@dataclass
class _Prover:
    book: RuleBook
    as_of: date | None
    seconds: float

    # -- guarantees of the rule book --------------------------------------------------------------

    def guarantee(self, guarantee: Guarantee) -> Proof:
        """Look for a document that breaks it."""
        if guarantee.declares:
            return self._declared(guarantee)
        conditions = [guarantee.condition, *self._outcome_conditions(guarantee)]
        question = self._question(conditions)
        formulas = question.read_by(self.book.vocabulary)
        terms = question.terms
        came_out = terms.either(
            self._outcome(guarantee, word, formulas, terms) for word in guarantee.outcomes
        )
        wrong = terms.negated(came_out) if guarantee.always else came_out

        def breaks(seen: Confirmed) -> tuple[bool, tuple[str, ...]]:
            outcomes = self._outcomes_seen(guarantee, seen)
            some = any(word in outcomes for word in guarantee.outcomes)
            broken = seen.truth(guarantee.condition) is True and some is not guarantee.always
            return broken, outcomes

        holds = formulas.of(guarantee.condition).holds
        worst = terms.both([holds, self._furthest(guarantee, formulas, terms)])
        return self._refuted_by(
            _of(guarantee), question, terms.both([holds, wrong]), breaks, before=worst
        )

    def _furthest(self, guarantee: Guarantee, formulas: ConditionFormulas, terms: Terms) -> Formula:
        """The documents that break it worst: sent where it promises a block, blocked where it promises the
        opposite. As in a difference, what matters most is shown before what is smallest.
        """
        if guarantee.about is not Promised.DECISION or not guarantee.always:
            return False
        promised = {Verdict(word) for word in guarantee.outcomes}
        decision = DecisionFormulas(self.book, formulas)
        if promised == {Verdict.BLOCK}:
            return terms.either(decision.verdict(each) for each in RELEASED)
        return decision.verdict(Verdict.BLOCK) if promised <= set(RELEASED) else False

    def _declared(self, guarantee: Guarantee) -> Proof:
        """A channel's properties stand in its rules; which of these hold is the question."""
        others = [
            rule for rule in self._channel(guarantee.subject).rules if _unlike(rule, guarantee)
        ]
        question = self._question([guarantee.condition, *(rule.condition for rule in others)])
        formulas = question.read_by(self.book.vocabulary)
        terms = question.terms

        def breaks(seen: Confirmed) -> tuple[bool, tuple[str, ...]]:
            holding = [rule for rule in others if seen.truth(rule.condition) is True]
            differing = tuple(
                f"{rule.id} {name}: {getattr(rule.properties, name)}"
                for rule in holding
                for name in _unlike(rule, guarantee)
            )
            return seen.truth(guarantee.condition) is True and bool(holding), differing

        wanted = terms.both(
            [
                formulas.of(guarantee.condition).holds,
                terms.either(formulas.of(rule.condition).holds for rule in others),
            ]
        )
        return self._refuted_by(_of(guarantee), question, wanted, breaks)

    def _channel(self, name: str) -> Channel:
        return next(each for each in self.book.channels if each.name == name)

    def _outcome_conditions(self, guarantee: Guarantee) -> list[Condition]:
        """The conditions that decide how it comes out."""
        match guarantee.about:
            case Promised.DECISION:
                return list(deciding(self.book, *Verdict))
            case Promised.CHANNEL:
                if _CARRIES in guarantee.outcomes:
                    return list(deciding(self.book))
                return [self._channel(guarantee.subject).condition]
            case Promised.RULE:
                return [self.book.rules[guarantee.subject].condition]
            case Promised.AGREEMENTS:
                assert self.book.migration is not None
                return [row.when for row in self.book.migration.rows]

    def _outcome(
        self, guarantee: Guarantee, word: str, formulas: ConditionFormulas, terms: Terms
    ) -> Formula:
        """The documents that come out so."""
        match guarantee.about:
            case Promised.DECISION:
                return DecisionFormulas(self.book, formulas).verdict(Verdict(word))
            case Promised.CHANNEL if word == _CARRIES:
                return DecisionFormulas(self.book, formulas).sent_over(guarantee.subject)
            case Promised.CHANNEL | Promised.RULE:
                (condition,) = (
                    [self._channel(guarantee.subject).condition]
                    if guarantee.about is Promised.CHANNEL
                    else [self.book.rules[guarantee.subject].condition]
                )
                words = _TRUTH_WORDS[guarantee.about]
                truth = next(truth for truth, said in words.items() if said == word)
                return formulas.of(condition).is_(truth, terms)
            case Promised.AGREEMENTS:
                assert self.book.migration is not None
                return action_formulas(self.book.migration, formulas)[word]

    def _outcomes_seen(self, guarantee: Guarantee, seen: Confirmed) -> tuple[str, ...]:
        """How a document came out, in the words of guarantees."""
        match guarantee.about:
            case Promised.DECISION:
                return (seen.decision.decision.value,)
            case Promised.CHANNEL:
                truth = seen.truth(self._channel(guarantee.subject).condition)
                carries = seen.decision.channel == guarantee.subject
                return (
                    _TRUTH_WORDS[Promised.CHANNEL][truth],
                    *([_CARRIES] if carries else []),
                )
            case Promised.RULE:
                truth = seen.truth(self.book.rules[guarantee.subject].condition)
                return (_TRUTH_WORDS[Promised.RULE][truth],)
            case Promised.AGREEMENTS:
                assert self.book.migration is not None
                return (seen.action(self.book.migration),)

    # -- built in ---------------------------------------------------------------------------------

    def rules_can_hold(self) -> Iterator[Proof]:
        """For each rule a document of which it is true."""
        for rule in self.book.rules.values():
            about = _About(
                BuiltIn.RULE_CAN_HOLD,
                text(f"regelen {rule.id} kan slå til", f"the rule {rule.id} can hold"),
                rule.id,
                rule.place,
            )
            yield self._can_hold(about, rule)

    def _can_hold(self, about: _About, rule: Rule) -> Proof:
        alone = isinstance(rule, Suggestion)
        question = self._question([rule.condition], line_alone=alone)
        formulas = question.read_by(self.book.vocabulary)

        def shows(seen: Confirmed) -> tuple[bool, tuple[str, ...]]:
            truth = seen.truths_by_line(rule.condition)[0] if alone else seen.truth(rule.condition)
            return truth is True, (_TRUTH_WORDS[Promised.RULE][truth],)

        wanted = formulas.of(rule.condition, 0 if alone else None).holds
        return self._shown_by(about, question, wanted, shows)

    def decisions_are_reachable(self) -> Iterator[Proof]:
        """For each verdict, and for each channel, a document that comes to it."""
        for verdict in Verdict:
            if (
                verdict is Verdict.OUT_OF_SCOPE
                and isinstance(self.book.scope, All)
                and not self.book.scope.parts
            ):
                continue  # `always`, written out, means that nothing is
            about = _About(
                BuiltIn.REACHABLE,
                text(
                    f"avgjørelsen {verdict.value} kan nås",
                    f"the decision {verdict.value} can be reached",
                ),
                verdict.value,
            )
            question = self._question(list(deciding(self.book, verdict)))
            formulas = DecisionFormulas(self.book, question.read_by(self.book.vocabulary))

            def shows(seen: Confirmed, verdict: Verdict = verdict) -> tuple[bool, tuple[str, ...]]:
                return seen.decision.decision is verdict, (seen.decision.decision.value,)

            yield self._shown_by(about, question, formulas.verdict(verdict), shows)
        for channel in self.book.channels:
            about = _About(
                BuiltIn.REACHABLE,
                text(
                    f"kanalen {channel.name} kan bære en faktura",
                    f"the channel {channel.name} can carry an invoice",
                ),
                channel.name,
            )
            question = self._question(list(deciding(self.book)))
            formulas = DecisionFormulas(self.book, question.read_by(self.book.vocabulary))

            def carries(seen: Confirmed, name: str = channel.name) -> tuple[bool, tuple[str, ...]]:
                return seen.decision.channel == name, (str(seen.decision.channel),)

            yield self._shown_by(about, question, formulas.sent_over(channel.name), carries)

    def one_window(self) -> Iterator[Proof]:
        """No send date on which two rules of one channel are in force."""
        for channel in self.book.channels:
            for one, other in combinations(channel.rules, 2):
                about = _About(
                    BuiltIn.ONE_WINDOW,
                    text(
                        f"{one.id} og {other.id} er aldri i kraft samme dag",
                        f"{one.id} and {other.id} are never in force on one day",
                    ),
                    channel.name,
                    other.place,
                )
                windows = [_in_force(rule) for rule in (one, other)]
                question = self._question(windows)
                formulas = question.read_by(self.book.vocabulary)

                def breaks(
                    seen: Confirmed, windows: list[Condition] = windows
                ) -> tuple[bool, tuple[str, ...]]:
                    both = all(seen.truth(window) is True for window in windows)
                    return both, ("in_force", "in_force") if both else ()

                wanted = question.terms.both(formulas.of(window).holds for window in windows)
                yield self._refuted_by(about, question, wanted, breaks)

    def learning(self) -> Iterator[Proof]:
        """Two documents, the second with more facts: never from block to send, or from send to block."""
        pairs = ((Verdict.BLOCK, Verdict.SEND), (Verdict.SEND, Verdict.BLOCK))
        for first, then in pairs:
            about = _About(
                BuiltIn.LEARNING,
                text(
                    f"det som blir kjent, gjør aldri {first.value} til {then.value}",
                    f"what becomes known never turns {first.value} into {then.value}",
                ),
                f"{first.value}-{then.value}",
            )
            question = self._question(list(deciding(self.book, first)), learning=True)
            vocabulary = self.book.vocabulary
            before = DecisionFormulas(self.book, question.read_by(vocabulary))
            after = DecisionFormulas(self.book, question.read_by(vocabulary, later=True))

            def breaks(seen: Confirmed, wanted: Verdict = first) -> tuple[bool, tuple[str, ...]]:
                return seen.decision.decision is wanted, (seen.decision.decision.value,)

            wanted = question.terms.both([before.verdict(first), after.verdict(then)])
            proof = self._refuted_by(about, question, wanted, breaks)
            if proof.example is not None and proof.example.later is not None:
                later = decided(self.book, proof.example.later, proof.example.as_of)
                if later.decision.decision is not then:
                    raise UnconfirmedError(about.name, proof.example.later, proof.example.as_of)
            yield proof

    # -- asking -----------------------------------------------------------------------------------

    def _question(
        self, conditions: Sequence[Condition], *, line_alone: bool = False, learning: bool = False
    ) -> Question:
        return Question(
            [(condition, self.book.vocabulary) for condition in conditions],
            as_of=self.as_of,
            line_alone=line_alone,
            learning=learning,
        )

    def _refuted_by(
        self,
        about: _About,
        question: Question,
        wanted: Formula,
        confirms: Callable[[Confirmed], tuple[bool, tuple[str, ...]]],
        *,
        before: Formula = False,
    ) -> Proof:
        """``before``: what is wanted rather, where there is any."""
        found = self._look(about, question, before, confirms)
        if found is None or isinstance(found, Proof):
            found = self._look(about, question, wanted, confirms)
        if isinstance(found, Proof):
            return found
        if found is None:
            return about.proof(Answer.PROVED, question)
        return about.proof(Answer.REFUTED, question, *found)

    def _shown_by(
        self,
        about: _About,
        question: Question,
        wanted: Formula,
        confirms: Callable[[Confirmed], tuple[bool, tuple[str, ...]]],
    ) -> Proof:
        found = self._look(about, question, wanted, confirms)
        if isinstance(found, Proof):
            return found
        if found is None:
            return about.proof(Answer.REFUTED, question, reason=_NONE_FOUND)
        return about.proof(Answer.PROVED, question, *found)

    def _look(
        self,
        about: _About,
        question: Question,
        wanted: Formula,
        confirms: Callable[[Confirmed], tuple[bool, tuple[str, ...]]],
    ) -> tuple[Example, tuple[str, ...]] | Proof | None:
        """A confirmed example with its outcomes, None where there is none, or the proof that gave up."""
        try:
            example = question.find(wanted, self.book.source.updated, self.seconds)
        except UndecidedError as error:
            return about.proof(Answer.UNDECIDED, question, reason=error.reason)
        if example is None:
            return None
        confirmed, outcomes = confirms(decided(self.book, example.content, example.as_of))
        if not confirmed:
            raise UnconfirmedError(about.name, example.content, example.as_of)
        return example, outcomes


@dataclass(frozen=True, slots=True)
class _About:
    """What a proof is about."""

    name: str
    title: Text
    subject: str = ""
    place: Place | None = None
    covers: tuple[str, ...] = ()

    def proof(
        self,
        answer: Answer,
        question: Question,
        example: Example | None = None,
        outcomes: tuple[str, ...] = (),
        reason: Text | None = None,
    ) -> Proof:
        return Proof(
            name=str(self.name),
            title=self.title,
            answer=answer,
            subject=self.subject,
            place=self.place,
            covers=self.covers,
            example=example,
            outcomes=outcomes,
            lines=question.lines,
            reason=reason,
        )


def _of(guarantee: Guarantee) -> _About:
    return _About(
        guarantee.name, guarantee.title, guarantee.subject, guarantee.place, guarantee.covers
    )


def _unlike(rule: ChannelRule, guarantee: Guarantee) -> list[str]:
    """The properties in which a rule is not as the guarantee promises."""
    return [
        name
        for name, value in guarantee.declares.items()
        if getattr(rule.properties, name) != value
    ]


def _in_force(rule: Rule) -> Condition:
    return All((), rule.place) if rule.in_force is None else rule.in_force
