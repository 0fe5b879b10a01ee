"""A decision in the words of a scenario's Then steps, and the title that it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from fakturavakt.acceptance import then_steps, when_steps
from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.gherkin_writing import Said, fits_in_sentence, quoted, say
from fakturavakt.acceptance.sentences import listed
from fakturavakt.acceptance.written_values import WrittenValues
from fakturavakt.decision import ChannelDecision, Decision, Finding, Verdict
from fakturavakt.texts import Text, text, written_date
from fakturavakt.texts import listed as in_a_row


class DecisionInSteps:
    """Writes what came out, as far as it does not follow from what was said already."""

    def __init__(self, tested: BookUnderTest, language: str, evidence: Sequence[str] = ()) -> None:
        self._book: Final = tested.book
        self._names: Final = tested.names
        self._language: Final = language
        self._evidence: Final = evidence
        self._words: Final = WrittenValues(tested, language, None)

    def steps(self, decision: Decision) -> list[Said]:
        """Decision, prohibitions, what is missing, channels, advice, problems, evidence."""
        said = _VERDICTS[decision.decision].say(self._language)
        # «Så blir fakturaen sendt», but «Så er fakturaen ikke omfattet»: it was so all along.
        becomes = decision.decision is not Verdict.OUT_OF_SCOPE
        return [
            self._say(then_steps.the_verdict, first=becomes, verdict=said),
            *self._ways(decision),
            *map(self._finding, decision.findings),
            *self._missing(decision),
            *self._channels(decision),
            *self._advice(decision),
            *self._problems(decision),
            *self._used_evidence(),
        ]

    def _say(
        self,
        function: Callable[..., object],
        *,
        first: bool = False,
        table: Sequence[Sequence[str]] | None = None,
        **fields: str,
    ) -> Said:
        return say(function, self._language, first=first, table=table, **fields)

    def _ways(self, decision: Decision) -> Iterator[Said]:
        if decision.channel is not None:
            channel = self._channel(decision.channel)
            yield self._say(then_steps.the_channel, channel=channel)
        if len(decision.attempts) > 1:
            titles = [self._channel(each) for each in decision.attempts]
            together = in_a_row(titles, self._language)
            if listed(together) != titles:
                together = quoted(in_a_row(decision.attempts, self._language), self._language)
            yield self._say(then_steps.the_attempts, channels=together)

    def _finding(self, finding: Finding) -> Said:
        rule = self._titled(self._names.prohibitions, finding.rule)
        broken = finding.outcome == "holds"
        if finding.lines:
            lines = in_a_row(finding.lines, self._language)
            function = then_steps.broken_on if broken else then_steps.unknown_on
            return self._say(function, rule=rule, lines=lines)
        return self._say(then_steps.broken if broken else then_steps.unknown, rule=rule)

    def _missing(self, decision: Decision) -> Iterator[Said]:
        if len(decision.missing) == 1:
            yield self._say(then_steps.only_missing, facts=self._words.fact(decision.missing[0]))
        elif decision.missing:
            rows = [(self._words.label(path),) for path in decision.missing]
            yield self._say(then_steps.missing_in_order, table=rows)

    def _channels(self, decision: Decision) -> Iterator[Said]:
        for each in decision.channels:
            if each.eligible is not True:
                yield self._left_out(each)

    def _left_out(self, decided: ChannelDecision) -> Said:
        channel = self._channel(decided.channel)
        if decided.eligible is False:
            return self._say(then_steps.ineligible, channel=channel)
        facts = self._words.facts(decided.missing)
        return self._say(then_steps.unknown_channel, channel=channel, facts=facts)

    def _advice(self, decision: Decision) -> Iterator[Said]:
        for each in decision.advice:
            rule = self._titled(self._names.advices, each.rule)
            facts = self._words.facts(each.missing)
            yield self._say(then_steps.advised, rule=rule, facts=facts)

    def _problems(self, decision: Decision) -> Iterator[Said]:
        for problem in decision.problems:
            fact = self._words.fact(problem.fact)
            yield self._say(then_steps.reported, fact=fact, code=problem.code)

    def _used_evidence(self) -> Iterator[Said]:
        if self._evidence:
            references = in_a_row(self._evidence, self._language)
            yield self._say(then_steps.evidence_used, references=references)

    # -- names ---------------------------------------------------------------------------------------

    def _titled(self, ids: Mapping[str, str], rule: str) -> str:
        """A rule by its title, where that is its own and can stand in a sentence; else by its id."""
        title = self._book.rules[rule].title.say(self._language)
        good = ids.get(title) == rule and fits_in_sentence(title)
        return quoted(title if good else rule, self._language)

    def _channel(self, name: str) -> str:
        """A channel as it is called, without quotation marks where it is known by that."""
        titles = {each.name: each.title.say(self._language) for each in self._book.channels}
        title = titles[name]
        if self._names.channels.get(title) == name and fits_in_sentence(title) and "," not in title:
            return title
        return quoted(name, self._language)

    # -- the title -----------------------------------------------------------------------------------

    def title(self, decision: Decision, *, credit_note: bool) -> str:
        """A sentence of the decision: ``En faktura som stoppes fordi forbudet «…» er brutt``."""
        what = _CREDIT_NOTE if credit_note else _INVOICE
        said = f"{what.say(self._language)} {self._becomes(decision)}"
        return said.replace("<", "(").replace(">", ")")

    def _becomes(self, decision: Decision) -> str:
        match decision.decision:
            case Verdict.SEND:
                assert decision.channel is not None
                return self._filled(_SENT, channel=self._channel(decision.channel))
            case Verdict.OUT_OF_SCOPE:
                return _OUT_OF_SCOPE.say(self._language)
            case Verdict.BLOCK:
                broken = [each for each in decision.findings if each.outcome == "holds"]
                rules = [self._titled(self._names.prohibitions, each.rule) for each in broken]
                wording = _BLOCKED if len(rules) == 1 else _BLOCKED_BY_SEVERAL
                return self._filled(wording, rules=in_a_row(rules, self._language))
            case Verdict.HOLD if len(decision.missing) == 1:
                label = self._words.label(decision.missing[0])
                whether = label.startswith(("om ", "whether "))
                return self._filled(_HELD_WHETHER if whether else _HELD, fact=label)
            case Verdict.HOLD:
                return self._filled(_HELD_FOR_SEVERAL, count=str(len(decision.missing)))

    def _filled(self, wording: Text, **fields: str) -> str:
        return wording.filled(**fields).say(self._language)


def screened_on(decision: Decision, language: str) -> Said:
    """The When: the invoice is screened on the day of the decision."""
    day = written_date(date.fromisoformat(decision.as_of), language)
    return say(when_steps.screened_on, language, day=day)


_VERDICTS: Final = {
    Verdict.SEND: text("sendt", "sent"),
    Verdict.BLOCK: text("stoppet", "blocked"),
    Verdict.HOLD: text("satt på vent", "held"),
    Verdict.OUT_OF_SCOPE: text("ikke omfattet", "out of scope"),
}
"""As the steps say it."""
_INVOICE: Final = text("En faktura som", "An invoice that")
_CREDIT_NOTE: Final = text("En kreditnota som", "A credit note that")
_SENT: Final = text("sendes som {channel}", "is sent as {channel}")
_OUT_OF_SCOPE: Final = text("ikke er omfattet", "is out of scope")
_BLOCKED: Final = text(
    "stoppes fordi forbudet {rules} er brutt",
    "is blocked because the prohibition {rules} is broken",
)
_BLOCKED_BY_SEVERAL: Final = text(
    "stoppes fordi forbudene {rules} er brutt",
    "is blocked because the prohibitions {rules} are broken",
)
_HELD: Final = text("settes på vent fordi {fact} mangler", "is held because {fact} is missing")
_HELD_WHETHER: Final = text(
    "settes på vent fordi det er ukjent {fact}", "is held because it is unknown {fact}"
)
_HELD_FOR_SEVERAL: Final = text(
    "settes på vent fordi {count} opplysninger mangler",
    "is held because {count} facts are missing",
)
