"""A decision in the words of a scenario's Then steps, and the title that it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from fakturavakt.acceptance import then_steps, when_steps
from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.gherkin_writing import Said, fits_in_sentence, quoted, say
from fakturavakt.acceptance.sentences import FIELDS, listed
from fakturavakt.acceptance.written_names import is_question
from fakturavakt.acceptance.written_values import WrittenValues
from fakturavakt.decision import Decision, Finding, Verdict
from fakturavakt.texts import NORWEGIAN, Text, text, written_date
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
        having: str = "",
        table: Sequence[Sequence[str]] | None = None,
        **fields: str,
    ) -> Said:
        return say(function, self._language, first=first, having=having, table=table, **fields)

    def _ways(self, decision: Decision) -> Iterator[Said]:
        if decision.channel is not None:
            channel = self._channel(decision.channel)
            preposition = self._preposition(channel)
            yield self._say(then_steps.the_channel, having=preposition, channel=channel)
        if len(decision.attempts) > 1:
            titles = [self._channel(each) for each in decision.attempts]
            together = in_a_row(titles, self._language)
            if listed(together) != titles:
                together = quoted(in_a_row(decision.attempts, self._language), self._language)
            yield self._say(then_steps.the_attempts, channels=together)

    def _preposition(self, channel: str) -> str:
        """A channel with a name of its own is gone by as that; one that is a word, like paper, is gone on."""
        return (_ON if channel.islower() else _AS).say(self._language)

    def _finding(self, finding: Finding) -> Said:
        rule, within = self._words.prohibition(finding.rule)
        having = "forbudet mot {" if within else "forbudet {" if self._language == NORWEGIAN else ""
        broken = finding.outcome == "holds"
        if finding.lines:
            lines = in_a_row(finding.lines, self._language)
            on_lines = then_steps.broken_on if broken else then_steps.unknown_on
            return self._say(on_lines, having=having, rule=rule, lines=lines)
        on_invoice = then_steps.broken if broken else then_steps.unknown
        return self._say(on_invoice, having=having, rule=rule)

    def _missing(self, decision: Decision) -> Iterator[Said]:
        if len(decision.missing) == 1:
            (path,) = decision.missing
            facts = self._words.question(path) or self._words.fact(path)
            yield self._say(then_steps.only_missing, facts=facts)
        elif decision.missing:
            rows = [(self._words.label(path),) for path in decision.missing]
            yield self._say(then_steps.missing_in_order, table=rows)

    def _channels(self, decision: Decision) -> Iterator[Said]:
        for each in decision.channels:
            channel = self._channel(each.channel)
            if each.eligible is False:
                yield self._say(then_steps.ineligible, channel=channel)
            elif each.eligible is None:
                having, facts = self._lacking(each.missing)
                function = then_steps.unknown_channel
                yield self._say(function, having=having, channel=channel, facts=facts)

    def _lacking(self, paths: Sequence[str]) -> tuple[str, str]:
        """Facts of which it is said that they are unknown or missing, and the word of the sentence for it."""
        questions = self._words.questions(paths)
        if questions is not None:
            return _FOR_UNKNOWN.say(self._language), questions
        word = _FOR_ONE if len(paths) == 1 else _FOR_SEVERAL
        return word.say(self._language), self._words.facts(paths)

    def _advice(self, decision: Decision) -> Iterator[Said]:
        for each in decision.advice:
            rule = self._titled(self._names.advices, each.rule)
            having, facts = self._lacking(each.missing)
            yield self._say(then_steps.advised, having=having, rule=rule, facts=facts)

    def _problems(self, decision: Decision) -> Iterator[Said]:
        flaw = FIELDS["Flaw"]
        for problem in decision.problems:
            words = flaw.words[self._language]
            code = next((each for each in words if flaw.read(each) == problem.code), None)
            fact = self._words.place(problem.fact)
            if code is None:
                having = _KIND.say(self._language)
                yield self._say(then_steps.reported, having=having, fact=fact, code=problem.code)
            else:
                having = _REPORTED.say(self._language)
                yield self._say(then_steps.reported, having=having, fact=fact, code=code)

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
                channel = self._channel(decision.channel)
                way = f"{self._preposition(channel).strip(' {')} {channel}"
                return self._filled(_SENT, way=way)
            case Verdict.OUT_OF_SCOPE:
                return _OUT_OF_SCOPE.say(self._language)
            case Verdict.BLOCK:
                broken = [each for each in decision.findings if each.outcome == "holds"]
                named = [self._words.prohibition(each.rule) for each in broken]
                wording = _BLOCKED if len(named) == 1 else _BLOCKED_BY_SEVERAL
                rules = in_a_row([rule for rule, _ in named], self._language)
                against = "mot " if all(within for _, within in named) else ""
                return self._filled(wording, rules=rules, against=against)
            case Verdict.HOLD if len(decision.missing) == 1:
                label = self._words.label(decision.missing[0])
                return self._filled(_HELD_WHETHER if is_question(label) else _HELD, fact=label)
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
_SENT: Final = text("sendes {way}", "is sent {way}")
_OUT_OF_SCOPE: Final = text("ikke er omfattet", "is out of scope")
_BLOCKED: Final = text(
    "stoppes fordi forbudet {against}{rules} er brutt",
    "is blocked because the prohibition {rules} is broken",
)
_BLOCKED_BY_SEVERAL: Final = text(
    "stoppes fordi forbudene {against}{rules} er brutt",
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
_AS: Final = text(" som {", " as {")
_ON: Final = text(" på {", " on {")
_FOR_UNKNOWN: Final = text(", for det er ukjent {", ", for it is unknown {")
_FOR_ONE: Final = text(", for {facts:Facts} mangler", ", for {facts:Facts} is missing")
_FOR_SEVERAL: Final = text(", for {facts:Facts} mangler", ", for {facts:Facts} are missing")
_REPORTED: Final = text("meldt at {", "it is reported that {")
_KIND: Final = text("av slaget «", "of the kind “")
