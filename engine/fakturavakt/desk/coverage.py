"""Which conditions of a rule book were put to the test: each true, false and unknown, and deciding alone.

A *condition* is every node that a rule file writes: a test of a fact, a definition's name, ``all``, ``any``,
``not``, ``any line`` and ``all lines``, and each bound of an effective window. A definition is one place,
however many rules use it: what any of them made of it counts.

A condition *decided alone* on a document where it and its rule were both true or false, and the rule would
have been the opposite had this condition alone, on this line alone, been the opposite, everything beside it
as it was. (Modified condition/decision coverage with masking asks the same of two documents; over three
values the counterfactual of one document says it of each of the two outcomes apart.) It is asked for twice:
as true and as false.

What a condition can never be is not asked for: ``known`` is never unknown, ``always`` is only true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, assert_never

from fakturavakt.engines.outcomes import Truth
from fakturavakt.engines.reference import conjunction, disjunction, negation, truth
from fakturavakt.intake.facts import Facts, LineFacts
from fakturavakt.problems import Place
from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    HasWord,
    Known,
    Named,
    Not,
    OneOf,
    children,
    connective,
)
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.rulebook.written import written_leaf

TRUTHS: Final[tuple[Truth, ...]] = (True, False, None)
SCOPE: Final = "scope"


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing to be seen of a condition: an outcome, or that it decided ``alone`` with that outcome."""

    outcome: Truth
    alone: bool = False


OUTCOME_GOALS: Final = tuple(Goal(outcome) for outcome in TRUTHS)
ALONE_GOALS: Final = (Goal(True, alone=True), Goal(False, alone=True))


@dataclass(frozen=True, slots=True)
class CoveredCondition:
    """A condition of a rule file: whose it is (a rule, a definition, the scope, an action), as it is written,
    what there is to see of it, and which of that was seen.
    """

    owner: str
    written: str
    place: Place
    depth: int
    goals: frozenset[Goal]
    seen: frozenset[Goal]

    @property
    def missing(self) -> tuple[Goal, ...]:
        """What was not seen, outcomes first."""
        return tuple(
            goal
            for goal in (*OUTCOME_GOALS, *ALONE_GOALS)
            if goal in self.goals and goal not in self.seen
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """All conditions of a rule book in the order of their files, and how many documents were looked at."""

    book: RuleBook
    conditions: tuple[CoveredCondition, ...]
    documents: int

    @property
    def goals(self) -> int:
        """How much there is to see."""
        return sum(len(each.goals) for each in self.conditions)

    @property
    def seen(self) -> int:
        """How much of it was."""
        return sum(len(each.seen & each.goals) for each in self.conditions)

    @property
    def share(self) -> float:
        """From 0 to 1; a rule book without conditions is covered."""
        return self.seen / self.goals if self.goals else 1.0


@dataclass(frozen=True, slots=True)
class _Root:
    """A condition that comes out for documents on its own, or for each line of one."""

    condition: Condition
    by_line: bool = False


_Written: TypeAlias = tuple[str, Condition, int]


@dataclass
class CoverageRecorder:
    """Watches documents: give each one's facts to :meth:`watch`, then ask for the :meth:`coverage`.

    Several threads may not watch at once.
    """

    book: RuleBook
    documents: int = 0
    _seen: dict[int, set[Goal]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._written = list(_written_conditions(self.book))
        # Equal conditions at two places are two conditions: each is known by what it is, not by what it says.
        self._seen = {id(condition): set() for _, condition, _ in self._written}
        self._roots = list(_roots(self.book))

    def watch(self, facts: Facts) -> None:
        """Note what every condition of the rule book makes of a document."""
        self.documents += 1
        for root in self._roots:
            lines: Iterable[LineFacts | None] = (facts.lines or ()) if root.by_line else (None,)
            for line in lines:
                self._watch(root.condition, facts, line, alone=True)

    def goals_seen_by(self, facts: Facts) -> frozenset[tuple[int, Goal]]:
        """What one document alone would add, each goal with the number of its condition in the coverage."""
        other = CoverageRecorder(self.book)
        other.watch(facts)
        return frozenset(
            (number, goal)
            for number, (_, condition, _) in enumerate(self._written)
            for goal in other._seen[id(condition)]
        )

    def coverage(self) -> Coverage:
        """What was seen so far."""
        found = [
            CoveredCondition(
                owner,
                self._say(condition),
                condition.place,
                depth,
                frozenset(_goals(condition)),
                frozenset(self._seen[id(condition)]),
            )
            for owner, condition, depth in self._written
        ]
        return Coverage(self.book, tuple(found), self.documents)

    def _watch(
        self, condition: Condition, facts: Facts, line: LineFacts | None, *, alone: bool
    ) -> Truth:
        """Note an outcome; ``alone``: the opposite outcome here would turn the root's around.

        A part turns the root around where it turns each condition between them around, since an outcome
        that becomes unknown on the way never turns what is true to false (Kleene's logic is monotone).
        """
        inner: list[tuple[Condition, LineFacts | None]]
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                inner = [(part, line) for part in parts]
            case AnyLine(part=part) | AllLines(part=part):
                inner = [(part, each) for each in facts.lines or ()]
            case Not(part=part) | Named(part=part):
                inner = [(part, line)]
            case Known() | OneOf() | HasWord() | Comparison():
                inner = []
            case _:
                assert_never(condition)
        outcomes = [truth(part, facts, where) for part, where in inner]
        outcome = _outcome(condition, outcomes, facts, line)
        seen = self._seen.get(id(condition))
        if seen is not None:
            seen.add(Goal(outcome))
            if alone and outcome is not None:
                seen.add(Goal(outcome, alone=True))
        for number, (part, where) in enumerate(inner):
            others = outcomes[:number] + outcomes[number + 1 :]
            turns = outcome is not None and _turns(condition, others)
            self._watch(part, facts, where, alone=alone and turns)
        return outcome

    def _say(self, condition: Condition) -> str:
        match condition:
            case All(parts=()):
                return "always"
            case Named(name=name):
                return name
            case All() | AnyOf() | Not() | AnyLine() | AllLines():
                return connective(condition).value
            case Known() | OneOf() | HasWord() | Comparison():
                return written_leaf(condition, self.book.vocabulary)
            case _:
                assert_never(condition)


def _outcome(
    condition: Condition, parts: list[Truth], facts: Facts, line: LineFacts | None
) -> Truth:
    match condition:
        case All():
            return conjunction(parts)
        case AnyOf():
            return disjunction(parts)
        case Not():
            return negation(parts[0])
        case Named():
            return parts[0]
        case AnyLine() | AllLines() if facts.lines is None:
            return None
        case AnyLine():
            return disjunction(parts)
        case AllLines():
            return conjunction(parts)
        case Known() | OneOf() | HasWord() | Comparison():
            return truth(condition, facts, line)
        case _:
            assert_never(condition)


def _turns(condition: Condition, others: list[Truth]) -> bool:
    """Whether one part's opposite outcome turns the condition's around, the other parts as they are."""
    match condition:
        case All() | AllLines():
            return all(outcome is True for outcome in others)
        case AnyOf() | AnyLine():
            return all(outcome is False for outcome in others)
        case Not() | Named():
            return True
        case Known() | OneOf() | HasWord() | Comparison():
            return False
        case _:
            assert_never(condition)


# -- what there is -----------------------------------------------------------------------------------


def _roots(book: RuleBook) -> Iterator[_Root]:
    yield _Root(book.scope)
    for rule in (*book.prohibitions, *book.advice):
        yield _Root(rule.condition)
    for channel in book.channels:
        for channel_rule in channel.rules:
            yield _Root(channel_rule.condition)
    for suggestion in book.suggestions:
        yield _Root(suggestion.when, by_line=True)
    for row in () if book.migration is None else book.migration.rows:
        yield _Root(row.when)


def _written_conditions(book: RuleBook) -> Iterator[_Written]:
    """Every condition that a file writes, with whose it is and how deep it stands, file by file."""
    owned: list[tuple[str, Condition]] = [(SCOPE, book.scope)]
    owned += [(name, condition) for name, (_, condition) in book.definitions.items()]
    for rule in book.rules.values():
        if rule.in_force is not None:
            owned.append((rule.id, rule.in_force))
        owned.append((rule.id, rule.when))
    if book.migration is not None:
        owned += [(row.action, row.when) for row in book.migration.rows]
    for owner, condition in sorted(owned, key=lambda each: each[1].place):
        yield from _within(owner, condition, 0)


def _within(owner: str, condition: Condition, depth: int) -> Iterator[_Written]:
    yield owner, condition, depth
    if not isinstance(condition, Named):  # the definition stands in a file of its own
        for part in children(condition):
            yield from _within(owner, part, depth + 1)


def _goals(condition: Condition) -> Iterator[Goal]:
    can_be = possible(condition)
    for outcome in TRUTHS:
        if outcome in can_be:
            yield Goal(outcome)
    if True in can_be and False in can_be:
        yield from ALONE_GOALS


def possible(condition: Condition) -> frozenset[Truth]:
    """The outcomes that a condition can have, its parts taken as if they did not depend on one another."""
    match condition:
        case All(parts=parts):
            return _joined([possible(part) for part in parts], of_all=True)
        case AnyOf(parts=parts):
            return _joined([possible(part) for part in parts], of_all=False)
        case Not(part=part):
            return frozenset(negation(outcome) for outcome in possible(part))
        case Named(part=part):
            return possible(part)
        case AnyLine(part=part):
            return possible(part) | {False, None}  # no lines, and unknown lines
        case AllLines(part=part):
            return possible(part) | {True, None}
        case Known():
            return frozenset({True, False})
        case OneOf() | HasWord() | Comparison():
            return frozenset(TRUTHS)
        case _:
            assert_never(condition)


def _joined(parts: list[frozenset[Truth]], *, of_all: bool) -> frozenset[Truth]:
    found: frozenset[Truth] = frozenset({of_all})
    join = conjunction if of_all else disjunction
    for each in parts:
        found = frozenset(join([one, other]) for one in found for other in each)
    return found


def by_file(coverage: Coverage) -> Mapping[str, tuple[CoveredCondition, ...]]:
    """The conditions of each rule file, files in order."""
    found: dict[str, list[CoveredCondition]] = {}
    for condition in coverage.conditions:
        found.setdefault(condition.place.file, []).append(condition)
    return {file: tuple(each) for file, each in sorted(found.items())}
