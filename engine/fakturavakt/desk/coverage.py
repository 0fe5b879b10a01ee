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

Beside this the *edges* of dates, amounts and counts are counted: a comparison decided alone on the last value
that it is true of, and on the first that it is not (a day, an øre or one apart).
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
    Constant,
    HasWord,
    Known,
    Named,
    Not,
    OneOf,
    Relation,
    children,
    connective,
)
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.rulebook.written import written_leaf
from fakturavakt.vocabulary.facts import NEVER, FactType, Value

TRUTHS: Final[tuple[Truth, ...]] = (True, False, None)
SCOPE: Final = "scope"
EDGES: Final[Mapping[Relation, tuple[int, ...]]] = {
    Relation.BELOW: (-1, 0),
    Relation.AT_MOST: (0, 1),
    Relation.EQUAL: (-1, 0, 1),
    Relation.AT_LEAST: (-1, 0),
    Relation.ABOVE: (0, 1),
}
"""How far a fact is from its operand where a comparison turns."""


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
    what there is to see of it, and which of that was seen. ``edges`` are distances of a fact from what it is
    compared with, in days, øre or ones: ``compares`` is the fact's type.
    """

    owner: str
    written: str
    place: Place
    depth: int
    has_parts: bool
    goals: frozenset[Goal]
    seen: frozenset[Goal]
    edges: frozenset[int]
    edges_seen: frozenset[int]
    compares: FactType | None

    @property
    def missing_edges(self) -> tuple[int, ...]:
        """How far the fact was never from its operand, in days, øre or ones."""
        return tuple(sorted(self.edges - self.edges_seen))

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
    def edges(self) -> int:
        """How many edges there are."""
        return sum(len(each.edges) for each in self.conditions)

    @property
    def edges_seen(self) -> int:
        """How many of them were seen."""
        return sum(len(each.edges & each.edges_seen) for each in self.conditions)

    @property
    def share(self) -> float:
        """From 0 to 1; a rule book without conditions is covered."""
        return self.seen / self.goals if self.goals else 1.0


@dataclass(frozen=True, slots=True)
class Root:
    """A condition that comes out for documents on its own, or for each line of one."""

    name: str
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
    _edges_seen: dict[int, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._written = list(_written_conditions(self.book))
        # Equal conditions at two places are two conditions: each is known by what it is, not by what it says.
        self._seen = {id(condition): set() for _, condition, _ in self._written}
        self._edges_seen = {id(condition): set() for _, condition, _ in self._written}
        self._roots = list(roots(self.book))

    def watch(self, facts: Facts) -> None:
        """Note what every condition of the rule book makes of a document."""
        self.documents += 1
        for root in self._roots:
            self.watch_root(root, facts)

    def watch_root(self, root: Root, facts: Facts) -> None:
        """Note what the conditions under one root make of a document."""
        lines: Iterable[LineFacts | None] = (facts.lines or ()) if root.by_line else (None,)
        for line in lines:
            self._watch(root.condition, facts, line, alone=True)

    def numbers_under(self, root: Root) -> frozenset[int]:
        """The conditions under a root, definitions included, by their numbers in the coverage."""
        numbers = {id(condition): number for number, (_, condition, _) in enumerate(self._written)}
        under = (numbers.get(id(condition)) for condition in _everything(root.condition))
        return frozenset(number for number in under if number is not None)

    def condition(self, number: int) -> Condition:
        """The condition of that number in the coverage."""
        return self._written[number][1]

    def shown_by(self, root: Root, facts: Facts) -> frozenset[tuple[int, Goal | int]]:
        """What one document alone shows of the conditions under a root: goals, and distances from what they
        compare with, each with the number of its condition in the coverage. Nothing is noted.
        """
        kept = self._seen, self._edges_seen
        self._seen = {key: set() for key in self._seen}
        self._edges_seen = {key: set() for key in self._edges_seen}
        try:
            self.watch_root(root, facts)
            shown: list[tuple[int, Goal | int]] = []
            for number, (_, condition, _) in enumerate(self._written):
                shown += [(number, goal) for goal in self._seen[id(condition)]]
                shown += [(number, distance) for distance in self._edges_seen[id(condition)]]
            return frozenset(shown)
        finally:
            self._seen, self._edges_seen = kept

    def coverage(self) -> Coverage:
        """What was seen so far."""
        found = [
            CoveredCondition(
                owner,
                self._say(condition),
                condition.place,
                depth,
                not isinstance(condition, Named) and bool(children(condition)),
                frozenset(_goals(condition)),
                frozenset(self._seen[id(condition)]),
                frozenset(self._edges(condition)),
                frozenset(self._edges_seen[id(condition)]),
                self.book.vocabulary[condition.fact].type
                if isinstance(condition, Comparison)
                else None,
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
                if isinstance(condition, Comparison):
                    self._note_distance(condition, facts, line)
        for number, (part, where) in enumerate(inner):
            others = outcomes[:number] + outcomes[number + 1 :]
            turns = outcome is not None and _turns(condition, others)
            self._watch(part, facts, where, alone=alone and turns)
        return outcome

    def _note_distance(self, condition: Comparison, facts: Facts, line: LineFacts | None) -> None:
        left, operand = facts.value(condition.fact, line), condition.operand
        if isinstance(operand, Constant):
            right: Value | None = operand.value
        else:
            other = facts.value(operand.fact, line)
            right = (
                None if other is None else int(other) + operand.days if other != NEVER else NEVER
            )
        if isinstance(left, int) and isinstance(right, int):
            self._edges_seen[id(condition)].add(left - right)

    def _edges(self, condition: Condition) -> Iterator[int]:
        """The distances at which a comparison turns; a count is never below 0."""
        if not isinstance(condition, Comparison):
            return
        fact, operand = self.book.vocabulary[condition.fact], condition.operand
        least = None
        if fact.type is FactType.COUNT and isinstance(operand, Constant):
            least = -int(operand.value)
        yield from (
            distance for distance in EDGES[condition.relation] if least is None or distance >= least
        )

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


def roots(book: RuleBook) -> Iterator[Root]:
    """What comes out for a document: the scope, and every rule and row."""
    yield Root(SCOPE, book.scope)
    for rule in (*book.prohibitions, *book.advice):
        yield Root(rule.id, rule.condition)
    for channel in book.channels:
        for channel_rule in channel.rules:
            yield Root(channel_rule.id, channel_rule.condition)
    for suggestion in book.suggestions:
        yield Root(suggestion.id, suggestion.when, by_line=True)
    for trial in book.trials:
        yield Root(trial.id, trial.condition)
    for row in () if book.migration is None else book.migration.rows:
        yield Root(row.action, row.when)


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


def _everything(condition: Condition) -> Iterator[Condition]:
    """Every node, definitions written out."""
    yield condition
    for part in children(condition):
        yield from _everything(part)


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
