"""Outcomes to the keys of a decision (contract §4), in columns: lines and missing facts by their names, and
their texts.

May import: ``engines.columnar_outcomes`` and what it may, ``texts``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from sqlglot import exp

from fakturavakt.engines.columnar_conditions import ABSENT, BY_LINE
from fakturavakt.engines.columnar_outcomes import Asked, ColumnarOutcomes
from fakturavakt.engines.sql_expressions import (
    LINE,
    cases,
    chosen,
    column,
    conjunction,
    filled,
    flattened,
    gathered,
    is_null,
    joined_text,
    lambda_of,
    listed_if,
    listed_words,
    no_texts,
    number,
    once_each,
    structure_of,
    text_of,
    texts_of,
    together,
    truth_of,
)
from fakturavakt.rulebook.conditions import facts_of, leaves
from fakturavakt.rulebook.model import (
    UNKNOWN_LINES,
    Advice,
    Channel,
    ChannelRule,
    Rule,
    Source,
    Wording,
)
from fakturavakt.texts import NORWEGIAN, Text
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES

LOOKED_UP_AT_ONCE: Final = 5
"""Facts whose words are looked up together: of so many there are 32 lists."""


class DecisionColumns:
    """The keys of a decision; without a ``language`` no texts, and without ``trials`` nothing of rules on
    trial.
    """

    def __init__(self, asked: ColumnarOutcomes, language: str | None, *, trials: bool) -> None:
        self.trials = asked.trials if trials else {}
        self.tells_of_trials = trials
        self.outcomes = asked
        self.book = asked.book
        self.conditions = asked.conditions
        self.language = language or NORWEGIAN
        self.with_text = language is not None
        self._told = (
            *asked.prohibitions.values(),
            *asked.channels.values(),
            *asked.advice.values(),
            *self.trials.values(),
        )
        self._naming_lines = [each for each in asked.naming_lines if each in self._told]

    def _say(self, said: Text | Source) -> str:
        return said.say(self.language)

    # -- names out of bits -------------------------------------------------------------------------

    def _may_miss(self, several: Iterable[Asked]) -> list[str]:
        """The facts that they may lack, in the contract's order."""
        found = {
            fact
            for asked in several
            for leaf in leaves(asked.condition)
            for fact in facts_of(leaf)
            if self.conditions.can_be_missing(fact)
        }
        if any(asked.reads_lines for asked in several):
            found.add(LINES)
        return sorted(found, key=self.book.vocabulary.order)

    def missing_paths(self, several: Sequence[Asked]) -> exp.Expression:
        """The facts that the unknown ones among ``several`` lack, as the contract names them, in its
        order: those of the invoice, then line by line.
        """

        def tail(fact: str) -> str:
            return f"].{fact.removeprefix(LINE_PREFIX)}" if fact.startswith(LINE_PREFIX) else fact

        def named(tails: exp.Expression) -> exp.Expression:
            path = joined_text(text_of("line["), column("gap", "id"), column("tail"))
            return exp.Transform(this=tails, expression=lambda_of(path, "tail"))

        return self._missing_as(several, tail, named)

    def missing_labels(self, asked: Asked) -> exp.Expression:
        """The same in words; a word comes as often as a line lacks its fact."""
        label = {
            fact: self._say(self.book.vocabulary[fact].label) for fact in self._may_miss([asked])
        }
        return self._missing_as([asked], label.__getitem__, lambda labels: labels)

    def _missing_as(
        self,
        several: Sequence[Asked],
        word: Callable[[str], str],
        of_line: Callable[[exp.Expression], exp.Expression],
    ) -> exp.Expression:
        facts = self._may_miss(several)
        bits = together(column(f"missing {asked.column}") for asked in several)
        of_invoice = self._words_for_bits(
            bits, [fact for fact in facts if not fact.startswith(LINE_PREFIX)], word
        )
        line_facts = [fact for fact in facts if fact.startswith(LINE_PREFIX)]
        through_lines = [asked for asked in several if asked.reads_lines]
        if not line_facts or not through_lines:
            return of_invoice
        bits = together(column("gap", asked.column) for asked in through_lines)
        words = of_line(self._words_for_bits(bits, line_facts, word))
        of_lines = flattened(exp.Transform(this=column("gaps"), expression=lambda_of(words, "gap")))
        return exp.ArrayConcat(this=of_invoice, expressions=[of_lines])

    def _words_for_bits(
        self, bits: exp.Expression, facts: Sequence[str], word: Callable[[str], str]
    ) -> exp.Expression:
        """The words of those facts whose bit is set: looked up, since a list that is put together costs more
        than all else.
        """
        lists = []
        for start in range(0, len(facts), LOOKED_UP_AT_ONCE):
            part = facts[start : start + LOOKED_UP_AT_ONCE]
            words = [word(fact) for fact in part]
            choices = [
                texts_of([w for place, w in enumerate(words) if choice >> place & 1])
                for choice in range(1 << len(part))
            ]
            places = [self.conditions.bits[fact] for fact in part]
            lists.append(chosen(choices, gathered(bits, places)))
        if not lists:
            return no_texts()
        first, *others = lists
        return exp.ArrayConcat(this=first, expressions=others) if others else first

    # -- the keys of a decision --------------------------------------------------------------------

    def line_names(self) -> dict[str, exp.Expression]:
        """The lines that made a rule hold or unknown."""
        return {
            f"names {asked.column}": self._line_names(asked, _in_scope())
            for asked in self._naming_lines
        }

    def named(self) -> dict[str, exp.Expression]:
        """Lines and missing facts by their names, for all that is told of; where texts are
        wanted the labels of missing facts, too.
        """
        columns: dict[str, exp.Expression] = {}
        in_scope = _in_scope()
        for asked in (
            *self.outcomes.prohibitions.values(),
            *self.outcomes.channels.values(),
            *self.trials.values(),
        ):
            unknown = conjunction([in_scope.copy(), is_null(column(asked.column))])
            columns[f"paths {asked.column}"] = cases(
                [(unknown, self.missing_paths([asked]))], no_texts()
            )
            if self.with_text:
                labels = self.missing_labels(asked)
                columns[f"labels {asked.column}"] = cases([(unknown.copy(), labels)], no_texts())
        for rule in self.book.advice:
            asked = self.outcomes.advice[rule.id]
            given = conjunction([in_scope.copy(), column(asked.column)])
            columns[f"paths {asked.column}"] = cases([(given, self._asked_for(rule))], no_texts())
            if self.with_text:
                labels = self._asked_for(rule, labels=True)
                columns[f"labels {asked.column}"] = cases([(given.copy(), labels)], no_texts())
        held = exp.EQ(this=column("decision"), expression=text_of("hold"))
        asked_first = [self.outcomes.scope, *self.outcomes.prohibitions.values()]
        columns["missing"] = cases(
            [
                (
                    held,
                    self.missing_paths(asked_first),
                )
            ],
            no_texts(),
        )
        return columns

    def _line_names(self, asked: Asked, in_scope: exp.Expression) -> exp.Expression:
        """The lines for which the rule, read for that line alone, came out as it did for all."""
        rule = column(asked.column)
        return cases(
            [
                (conjunction([in_scope.copy(), rule]), self.outcomes.lines_that_are(asked, True)),
                (
                    conjunction([in_scope.copy(), is_null(rule.copy())]),
                    self.outcomes.lines_that_are(asked, None),
                ),
            ],
            no_texts(),
        )

    def _asked_for(self, rule: Advice, *, labels: bool = False) -> exp.Expression:
        """Those of the facts an advice asks for that are not there, by their paths or in words."""
        facts = sorted(rule.asks_for, key=self.book.vocabulary.order)
        of_invoice = self._words_for_bits(
            column(ABSENT),
            [fact for fact in facts if not fact.startswith(LINE_PREFIX)],
            self._label if labels else str,
        )
        line_facts = [fact for fact in facts if fact.startswith(LINE_PREFIX)]
        asked = self.outcomes.advice[rule.id]
        if not line_facts or not asked.reads_lines:
            return of_invoice
        absent = column(LINE, ABSENT)
        if labels:
            words = self._words_for_bits(absent, line_facts, self._label)
        else:
            tails = self._words_for_bits(
                absent, line_facts, lambda fact: f"].{fact.removeprefix(LINE_PREFIX)}"
            )
            path = joined_text(text_of("line["), column(LINE, "id"), column("tail"))
            words = exp.Transform(this=tails, expression=lambda_of(path, "tail"))
        names = column(f"names {asked.column}")
        on_line = exp.ArrayContains(this=names, expression=column(LINE, "id"))
        of_each = lambda_of(cases([(on_line, words)], no_texts()))
        of_lines = flattened(exp.Transform(this=column(BY_LINE), expression=of_each))
        return exp.ArrayConcat(this=of_invoice, expressions=[of_lines])

    def _label(self, fact: str) -> str:
        return self._say(self.book.vocabulary[fact].label)

    def once(self) -> dict[str, exp.Expression]:
        """The labels of missing facts, each once: several lines may lack the same."""
        if not self.with_text:
            return {}
        return {
            f"words {asked.column}": once_each(column(f"labels {asked.column}"))
            for asked in self._told
        }

    def words(self) -> dict[str, exp.Expression]:
        """Lines and missing facts as a sentence has them."""
        if not self.with_text:
            return {}
        unknown = text_of(self._say(UNKNOWN_LINES))
        columns: dict[str, exp.Expression] = {}
        for asked in self._told:
            words = column(f"words {asked.column}")
            columns[f"missing words {asked.column}"] = listed_words(words, self.language)
            columns[f"line words {asked.column}"] = unknown.copy()
            if asked in self._naming_lines:
                names = column(f"names {asked.column}")
                none = exp.EQ(this=exp.ArraySize(this=names.copy()), expression=number(0))
                columns[f"line words {asked.column}"] = cases(
                    [(none, unknown.copy())], listed_words(names, self.language)
                )
        return columns

    def _said(self, rule: Rule, wording: Wording, asked: Asked) -> exp.Expression:
        lines, missing = (column(f"{what} words {asked.column}") for what in ("line", "missing"))
        return filled(self._say(rule.messages[wording]), lines, missing)

    def decision(self) -> dict[str, exp.Expression]:
        """The keys of contract §4 that the rules decide, in order."""
        in_scope = _in_scope()
        sent = exp.EQ(this=column("decision"), expression=text_of("send"))
        return {
            "decision": column("decision"),
            "channel": cases([(sent, self._channel())]),
            "attempts": cases([(sent.copy(), self._attempts(0, ()))], no_texts()),
            "missing": column("missing"),
            "findings": self._findings(self.outcomes.prohibitions),
            "channels": listed_if(
                in_scope,
                [(None, self._channel_decision(channel)) for channel in self.book.channels],
            ),
            "advice": listed_if(
                in_scope.copy(),
                [
                    (column(self.outcomes.advice[rule.id].column), self._given_advice(rule))
                    for rule in self.book.advice
                ],
            ),
            **({"trials": self._findings(self.trials)} if self.tells_of_trials else {}),
        }

    def _findings(self, several: Mapping[str, Asked]) -> exp.Expression:
        """Those of some rules that hold or are unknown."""
        return listed_if(
            _in_scope(),
            [
                (
                    exp.Coalesce(this=column(asked.column), expressions=[truth_of(True)]),
                    self._finding(self.book.rules[rule], asked),
                )
                for rule, asked in several.items()
            ],
        )

    def _finding(self, rule: Rule, asked: Asked) -> exp.Expression:
        holds = column(asked.column)
        held = Wording.ELIGIBLE if isinstance(rule, ChannelRule) else Wording.HOLDS
        names = no_texts()
        if asked in self._naming_lines:
            names = column(f"names {asked.column}")
        fields = {
            "rule": text_of(rule.id),
            "outcome": cases([(holds, text_of("holds"))], text_of("unknown")),
            "lines": names,
            "missing": column(f"paths {asked.column}"),
        }
        if self.with_text:
            fields |= {
                "message": cases(
                    [(holds.copy(), self._said(rule, held, asked))],
                    self._said(rule, Wording.UNKNOWN, asked),
                ),
                "remedy": text_of(self._say(rule.remedy)),
                "source": text_of(self._say(rule.source)),
            }
        return structure_of(fields)

    def _channel_decision(self, channel: Channel) -> exp.Expression:
        asked = self.outcomes.channels[channel.name]
        eligible = column(asked.column)
        fields = {
            "channel": text_of(channel.name),
            "eligible": eligible,
            "missing": column(f"paths {asked.column}"),
        }
        if self.with_text:

            def said(wording: Wording) -> exp.Expression:
                """By the rule that speaks: the one that made the channel so, else the one in force."""

                def message(rule: ChannelRule) -> exp.Expression:
                    return self._said(rule, wording, asked)

                whens: list[tuple[exp.Expression, exp.Expression]] = []
                for rule in channel.rules:
                    outcome = column(f"rule {rule.id}")
                    if wording is Wording.ELIGIBLE:
                        whens.append((outcome, message(rule)))
                    elif wording is Wording.UNKNOWN:
                        whens.append((is_null(outcome), message(rule)))
                for rule in channel.rules:
                    in_force = truth_of(True)
                    if rule.in_force is not None:
                        in_force = exp.Coalesce(
                            this=column(f"in force {rule.id}"), expressions=[truth_of(True)]
                        )
                    whens.append((in_force, message(rule)))
                return cases(whens, message(channel.rules[-1]))

            fields["message"] = cases(
                [
                    (eligible.copy(), said(Wording.ELIGIBLE)),
                    (is_null(eligible.copy()), said(Wording.UNKNOWN)),
                ],
                said(Wording.INELIGIBLE),
            )
        return structure_of(fields)

    def _given_advice(self, rule: Advice) -> exp.Expression:
        asked = self.outcomes.advice[rule.id]
        fields = {"rule": text_of(rule.id), "missing": column(f"paths {asked.column}")}
        if self.with_text:
            fields |= {
                "message": self._said(rule, Wording.HOLDS, asked),
                "source": text_of(self._say(rule.source)),
            }
        return structure_of(fields)

    def _channel(self) -> exp.Expression:
        """The first channel that is certainly eligible; the last one always is."""
        return cases(
            (column(asked.column), text_of(channel))
            for channel, asked in self.outcomes.channels.items()
        )

    def _attempts(self, position: int, tried: tuple[str, ...]) -> exp.Expression:
        """The channels that are not ineligible, up to and with the first certain one: constants under a
        ``CASE``, since lists put together cost more than all else.
        """
        channels = list(self.outcomes.channels.items())
        if position == len(channels):
            return texts_of(tried)
        channel, asked = channels[position]
        eligible = column(asked.column)
        return cases(
            [
                (eligible, texts_of((*tried, channel))),
                (is_null(eligible.copy()), self._attempts(position + 1, (*tried, channel))),
            ],
            self._attempts(position + 1, tried),
        )


def _in_scope() -> exp.Expression:
    """Whether a decision is in scope, or might be."""
    return exp.NEQ(this=column("decision"), expression=text_of("out_of_scope"))
