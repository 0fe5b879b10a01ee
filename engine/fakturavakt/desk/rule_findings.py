"""Rules beside one another: shadowed, out of scope, channels that carry nothing, messages that nobody
gets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations

from fakturavakt.desk.finding_codes import (
    FIELD_WITHOUT_LINES,
    NEVER_IN_SCOPE,
    SHADOWED,
    UNREACHABLE_CHANNEL,
    UNUSED_MESSAGE,
)
from fakturavakt.desk.findings import Finding, Severity
from fakturavakt.desk.reasoning import Reasoner, Wanted, not_true_of, true_of
from fakturavakt.desk.shown_outcomes import ShownOutcomes
from fakturavakt.desk.yaml_edits import RuleFilePlaces
from fakturavakt.engines.outcomes import Truth
from fakturavakt.engines.reference import truth
from fakturavakt.intake.facts import Facts
from fakturavakt.rulebook.conditions import leaves, reads_lines
from fakturavakt.rulebook.model import (
    Advice,
    ChannelRule,
    Prohibition,
    Rule,
    RuleBook,
    Suggestion,
    Wording,
)
from fakturavakt.texts import Text, text


@dataclass
class RuleFindings:
    """Looks at the rules of a rule book. Rules that can never hold are told elsewhere
    (``condition_findings``).
    """

    book: RuleBook
    reasoner: Reasoner
    shown: ShownOutcomes
    places: RuleFilePlaces
    _can_hold: dict[str, bool] = field(default_factory=dict)
    _documents: dict[str, Facts | None] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        """All of them."""
        for group in self._groups():
            yield from self._shadowed(group)
        for rule in self.book.rules.values():
            if not isinstance(rule, Suggestion):
                yield from self._out_of_scope(rule)
            yield from self._messages(rule)
        yield from self._unreachable()

    # -- shadowed ---------------------------------------------------------------------------------

    def _groups(self) -> Iterator[list[Rule]]:
        """Rules of which one could take the other's place: of one kind, and to the same end."""
        yield list(self.book.prohibitions)
        for channel in self.book.channels:
            yield list(channel.rules)
        yield list(self.book.advice)
        yield list(self.book.suggestions)

    def _shadowed(self, rules: Sequence[Rule]) -> Iterator[Finding]:
        told: set[str] = set()
        for rule, other in permutations(rules, 2):
            # Of two that are alike, the second is told.
            if {rule.id, other.id} & told or not _to_the_same_end(rule, other):
                continue
            if not self._holds_only_with(rule, other):
                continue
            alike = self._holds_only_with(other, rule)
            if alike and rules.index(rule) < rules.index(other):
                continue
            told.add(rule.id)
            yield _shadow(rule, other, alike=alike)

    def _holds_only_with(self, rule: Rule, other: Rule) -> bool:
        by_line = isinstance(rule, Suggestion)
        pairs = zip(
            self.shown.truths(rule.condition, by_line=by_line),
            self.shown.truths(other.condition, by_line=by_line),
            strict=True,
        )
        if any(one is True and two is not True for one, two in pairs):
            return False
        # One document of each rule tells most pairs apart: n questions, and not n times n.
        facts = None if by_line else self._document_of(rule)
        if facts is not None and truth(other.condition, facts) is not True:
            return False
        wanted = [true_of(rule.condition), not_true_of(other.condition)]
        return self.reasoner.can_be(wanted, by_line=by_line) is False and self._holds_at_all(rule)

    def _document_of(self, rule: Rule) -> Facts | None:
        if rule.id not in self._documents:
            self._documents[rule.id] = self.reasoner.document_of(rule.condition)
        return self._documents[rule.id]

    def _holds_at_all(self, rule: Rule) -> bool:
        if rule.id not in self._can_hold:
            by_line = isinstance(rule, Suggestion)
            shown = True in self.shown.truths(rule.condition, by_line=by_line)
            found = shown or self.reasoner.can_be([true_of(rule.condition)], by_line=by_line)
            self._can_hold[rule.id] = found is not False
        return self._can_hold[rule.id]

    # -- scope, channels --------------------------------------------------------------------------

    def _out_of_scope(self, rule: Rule) -> Iterator[Finding]:
        in_scope = Wanted(self.book.scope, frozenset({True, None}))
        pairs = zip(
            self.shown.truths(rule.condition), self.shown.truths(self.book.scope), strict=True
        )
        if any(one is True and scope is not False for one, scope in pairs):
            return
        if self.reasoner.can_be([true_of(rule.condition), in_scope]) is not False:
            return
        if self._holds_at_all(rule):
            yield Finding(
                NEVER_IN_SCOPE,
                Severity.ERROR,
                rule.when.place,
                text(
                    f"«{rule.id}» slår bare til for dokumenter utenfor regelbokens omfang.",
                    f"“{rule.id}” only holds for documents outside of the rule book's scope.",
                ),
                text(
                    "Rett vilkåret, eller «scope» i rulebook.yaml.",
                    "Mend the condition, or “scope” in rulebook.yaml.",
                ),
                ((self.book.scope.place, text("omfanget", "the scope")),),
                subject=rule.id,
            )

    def _unreachable(self) -> Iterator[Finding]:
        scope = self.shown.truths(self.book.scope)
        broken = [self.shown.truths(rule.condition) for rule in self.book.prohibitions]
        sent = [
            in_scope is True and all(rule[n] is False for rule in broken)
            for n, in_scope in enumerate(scope)
        ]
        taken = [False] * len(sent)
        for channel in self.book.channels:
            eligible = self.shown.truths(channel.condition)
            carried = [
                s and e is True and not t for s, e, t in zip(sent, eligible, taken, strict=True)
            ]
            taken = [t or e is True for t, e in zip(taken, eligible, strict=True)]
            if any(carried) or not any(self._holds_at_all(rule) for rule in channel.rules):
                continue
            if self.reasoner.can_carry(channel.name) is False:
                yield Finding(
                    UNREACHABLE_CHANNEL,
                    Severity.WARNING,
                    channel.rules[0].place,
                    text(
                        f"Ingen faktura sendes over «{channel.name}»: en kanal foran tar alltid over.",
                        f"No invoice is sent over “{channel.name}”: a channel before it always takes it.",
                    ),
                    text(
                        "Se på rekkefølgen under «channels» i rulebook.yaml.",
                        "Look at the order under “channels” in rulebook.yaml.",
                    ),
                    subject=channel.name,
                )

    # -- messages ---------------------------------------------------------------------------------

    def _messages(self, rule: Rule) -> Iterator[Finding]:
        if next(leaves(rule.when), None) is not None and self._holds_at_all(rule):
            for wording, truth in _outcomes_of(rule):
                if truth in self.shown.truths(rule.condition):
                    continue
                if self.reasoner.can_be([Wanted(rule.condition, frozenset({truth}))]) is False:
                    yield self._never_shown(rule, wording)
        if not isinstance(rule, Suggestion) and not reads_lines(rule.when):
            for wording, message in rule.messages.items():
                for language, said in message.wordings.items():
                    if "{lines}" in said:
                        yield self._without_lines(rule, wording, language)

    def _never_shown(self, rule: Rule, wording: Wording) -> Finding:
        return Finding(
            UNUSED_MESSAGE,
            Severity.NOTE,
            self.places.key(rule.place, "message", wording.value) or rule.place,
            text(
                f"Meldingen «{wording.value}» vises aldri: «{rule.id}» kan ikke komme ut slik.",
                f"The message “{wording.value}” is never shown: “{rule.id}” cannot come out so.",
            ),
            text(
                "Er vilkåret som det skal være, kan meldingen være kort.",
                "If the condition is as it should be, the message can be short.",
            ),
            subject=rule.id,
        )

    def _without_lines(self, rule: Rule, wording: Wording, language: str) -> Finding:
        return Finding(
            FIELD_WITHOUT_LINES,
            Severity.WARNING,
            self.places.key(rule.place, "message", wording.value, language) or rule.place,
            text(
                f"Meldingen viser {{lines}}, men «{rule.id}» ser ikke på linjene.",
                f"The message shows {{lines}}, but “{rule.id}” does not look at the lines.",
            ),
            text(
                "Ta bort {lines}, eller skriv vilkåret med «any line».",
                "Remove {lines}, or write the condition with “any line”.",
            ),
            subject=rule.id,
        )


def _to_the_same_end(rule: Rule, other: Rule) -> bool:
    """Whether ``other`` does all that ``rule`` does where both hold."""
    match rule, other:
        case (Prohibition(), Prohibition()) | (ChannelRule(), ChannelRule()):
            return True
        case (Advice(asks_for=one), Advice(asks_for=two)):
            return set(one) <= set(two)
        case (Suggestion(kind=kind), Suggestion(kind=also)):
            return kind == also
        case _:
            return False


def _shadow(rule: Rule, other: Rule, *, alike: bool) -> Finding:
    wrong: Text = (
        text(
            f"«{rule.id}» slår til akkurat når «{other.id}» gjør det.",
            f"“{rule.id}” holds exactly when “{other.id}” does.",
        )
        if alike
        else text(
            f"«{rule.id}» slår aldri til uten at «{other.id}» også gjør det.",
            f"“{rule.id}” never holds without “{other.id}” holding, too.",
        )
    )
    return Finding(
        SHADOWED,
        Severity.WARNING,
        rule.place,
        wrong,
        text(
            "Gjør den ene snevrere, eller ta bort denne.",
            "Make one of them narrower, or remove this one.",
        ),
        ((other.place, text(f"«{other.id}»", f"“{other.id}”")),),
        subject=rule.id,
    )


def _outcomes_of(rule: Rule) -> Iterator[tuple[Wording, Truth]]:
    """Outcomes that the form demands a message for, whether or not they occur."""
    match rule:
        case Prohibition():
            yield Wording.UNKNOWN, None
        case ChannelRule():
            yield from ((Wording.INELIGIBLE, False), (Wording.UNKNOWN, None))
        case _:
            pass
