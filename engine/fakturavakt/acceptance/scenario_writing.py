"""An invoice and its decision, made into a scenario that somebody edits.

Promises: the scenario has passed, and its decision is the invoice's, before it is handed out; it tells of no
person, unless that was asked for. What no step can say is refused, with what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Final

from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.case import Case
from fakturavakt.acceptance.decision_in_steps import DecisionInSteps, screened_on
from fakturavakt.acceptance.evidence_in_steps import RegisteredEvidence, registered_evidence
from fakturavakt.acceptance.gherkin_writing import (
    Said,
    UnsayableError,
    scenario_lines,
    written_feature,
)
from fakturavakt.acceptance.invoice_in_steps import InvoiceInSteps
from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.acceptance.scenario_run import run_scenario, scenarios_in
from fakturavakt.acceptance.sentences import in_use
from fakturavakt.decision import Decision
from fakturavakt.engines.asked_facts import (
    AskedFacts,
    asked_for_by_advice,
    conditions_of,
    facts_asked_by,
)
from fakturavakt.intake.documents import RawDocument, Unreadable
from fakturavakt.intake.register import Register
from fakturavakt.report.summary import is_credit_note
from fakturavakt.rulebook.in_force import in_force_between
from fakturavakt.screening import Screened, Screening
from fakturavakt.texts import ENGLISH, OWN_LANGUAGES, Text, listed, text
from fakturavakt.vocabulary.own_facts import SEND_DATE

SCENARIOS_MAX: Final = 20
"""Documents of one file that become scenarios: nobody reads more of them."""
_OF_LINE: Final = re.compile(r"line\[(.*)\](?=\.|$)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NewScenarios:
    """A feature of new scenarios; None where none could be written. ``written`` counts them, ``alike`` the
    documents that gave none of their own since an earlier one says the same, ``left_out`` those beyond the
    limit. ``refused`` are the others, by position, each with the reason.
    """

    feature: str | None
    written: int
    alike: int
    left_out: int
    refused: tuple[tuple[int, Text], ...]


def new_scenario(
    raw: RawDocument,
    tested: BookUnderTest,
    as_of: date,
    register: Register | None,
    language: str,
    *,
    keep_personal: bool,
) -> str:
    """A feature with the scenario of one document: what is known of it, and what is decided on a day.

    Raises :class:`UnsayableError` where there are no steps for it.
    """
    writer = _Writer(tested, as_of, register, language, keep_personal=keep_personal)
    scenario = writer.scenario(raw)
    return writer.feature([(scenario, ())])


def new_scenarios(
    documents: Iterable[RawDocument | Unreadable],
    tested: BookUnderTest,
    as_of: date,
    register: Register | None,
    language: str,
    *,
    keep_personal: bool,
    limit: int = SCENARIOS_MAX,
) -> NewScenarios:
    """A feature with a scenario of each document, up to a ``limit``."""
    writer = _Writer(tested, as_of, register, language, keep_personal=keep_personal)
    found: dict[_Scenario, list[int]] = {}
    refused: list[tuple[int, Text]] = []
    left_out = 0
    for raw in documents:
        if len(found) == limit:
            left_out += 1
            continue
        position = raw.source.position
        try:
            if isinstance(raw, Unreadable):
                refused.append((position, raw.reason))
            else:
                found.setdefault(writer.scenario(raw), []).append(position)
        except UnsayableError as error:
            refused.append((position, error.reason))
    alike = sum(len(positions) - 1 for positions in found.values())
    several = len(found) + alike + len(refused) + left_out > 1
    feature = writer.feature(found.items() if several else [(each, ()) for each in found])
    return NewScenarios(feature if found else None, len(found), alike, left_out, tuple(refused))


@dataclass(frozen=True, slots=True)
class _Scenario:
    title: str
    steps: tuple[Said, ...]


class _Writer:
    """Scenarios of one rule book, day and register."""

    def __init__(
        self,
        tested: BookUnderTest,
        as_of: date,
        register: Register | None,
        language: str,
        *,
        keep_personal: bool,
    ) -> None:
        self._tested: Final = tested
        self._as_of: Final = as_of
        # A rule book may speak more languages than there are steps in.
        self._language: Final = language if language in OWN_LANGUAGES else ENGLISH
        self._keep_personal: Final = keep_personal
        # Nothing is refused here: what a document has and the vocabulary lacks is no part of a scenario.
        self._run: Final = Screening(tested.book, as_of, tested.reference, language, register)

    def scenario(self, raw: RawDocument) -> _Scenario:
        """The first way of saying it that comes out as the document does: as few facts as can be, and the
        register's entries as the register's, if any were used.
        """
        with in_use.using(self._tested.names):
            return self._first_that_comes_out(self._run.screen(raw))

    def _first_that_comes_out(self, screened: Screened) -> _Scenario:
        evidence = registered_evidence(screened.read, self._as_of, self._language)
        registers = (evidence, None) if evidence is not None else (None,)
        reason: Text | None = None
        for used, (asked, thorough) in product(registers, self._asked(screened)):
            try:
                return self._said(screened, asked, used, thorough=thorough)
            except UnsayableError as error:
                reason = error.reason
            except _OtherwiseError as error:
                reason = reason or self._otherwise(error, asked)
        assert reason is not None
        raise UnsayableError(reason)

    def _asked(self, screened: Screened) -> Iterator[tuple[AskedFacts, bool]]:
        """What rules ask that are in force on the send date: first without what only advice looks at.

        With it stands whether texts without the words looked for are kept.
        """
        sent = screened.read.invoice.stated.get(SEND_DATE, self._as_of.toordinal())
        book = self._tested.book
        if SEND_DATE not in screened.read.invoice.blocked:
            day = date.fromordinal(int(sent))
            book = in_force_between(book, day, day)
        deciding = [
            book.scope,
            *(rule.when for rule in book.prohibitions),
            *(rule.when for channel in book.channels for rule in channel.rules),
        ]
        dated = [SEND_DATE, *asked_for_by_advice(book)]
        yield facts_asked_by(deciding, dated), False
        yield facts_asked_by((*deciding, *(advice.when for advice in book.advice)), dated), False
        yield facts_asked_by(conditions_of(self._tested.book), dated), True

    def _said(
        self,
        screened: Screened,
        asked: AskedFacts,
        evidence: RegisteredEvidence | None,
        *,
        thorough: bool,
    ) -> _Scenario:
        invoice = InvoiceInSteps(
            self._tested,
            screened.read,
            asked,
            self._language,
            keep_personal=self._keep_personal,
            thorough=thorough,
            evidence=evidence,
        )
        decision = screened.decision
        before = (*invoice.steps(), screened_on(decision, self._language))
        again = self._decided(_Scenario("–", before))
        other = _differences(decision, again, invoice.line_names, evidence is not None)
        if other:
            raise _OtherwiseError(other)
        references = () if evidence is None else evidence.references
        words = DecisionInSteps(self._tested, self._language, references)
        found = _Scenario(
            words.title(decision, credit_note=is_credit_note(screened.read.facts)),
            (*before, *words.steps(again)),
        )
        self._decided(found)
        return found

    def _decided(self, scenario: _Scenario) -> Decision:
        """What comes out when it is run, as it would be read from a file."""
        feature = self.feature([(scenario, ())])
        ((read, row),) = scenarios_in(feature)
        case = Case(self._tested, Path())
        try:
            run_scenario(read, row, case)
        except ScenarioError as error:
            nb, en = map(error.reason.say, OWN_LANGUAGES)
            raise UnsayableError(_DOES_NOT_RUN.filled(nb=nb, en=en)) from None
        assert case.decision is not None
        return case.decision

    def _otherwise(self, error: _OtherwiseError, asked: AskedFacts) -> Text:
        """Why a scenario would come out otherwise: most often for what may not be shown."""
        personal = [
            fact
            for fact in self._tested.book.vocabulary
            if fact.personal and fact.name in asked.compared | asked.searched.keys()
        ]
        if personal and not self._keep_personal:
            labels = {
                language: ", ".join(fact.label.say(language) for fact in personal)
                for language in OWN_LANGUAGES
            }
            return text(
                _NEEDS_PERSONAL.filled(facts=labels["nb"]).say("nb"),
                _NEEDS_PERSONAL.filled(facts=labels["en"]).say("en"),
            )
        return _COMES_OUT_OTHERWISE.filled(keys=", ".join(error.keys))

    # -- the file ------------------------------------------------------------------------------------

    def feature(self, scenarios: Iterable[tuple[_Scenario, Sequence[int]]]) -> str:
        """The text of a feature; positions are told in a comment. Titles that are alike are numbered."""
        titles: dict[str, int] = {}
        written = []
        for scenario, positions in scenarios:
            count = titles[scenario.title] = titles.get(scenario.title, 0) + 1
            title = scenario.title if count == 1 else f"{scenario.title} ({count})"
            comment = self._positions(positions)
            written.append(list(scenario_lines(title, scenario.steps, self._language, comment)))
        prose = _PROSE_PERSONAL if self._keep_personal else _PROSE
        lines = prose.say(self._language).splitlines()
        return written_feature(_NAME.say(self._language), lines, written, self._language)

    def _positions(self, positions: Sequence[int]) -> str | None:
        if not positions:
            return None
        said = listed([str(each) for each in positions], self._language)
        return (_POSITION if len(positions) == 1 else _POSITIONS).filled(n=said).say(self._language)


class _OtherwiseError(Exception):
    """A scenario that comes out in another way; ``keys`` are those of the decision that differ."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        super().__init__(keys)


def _differences(
    decision: Decision, again: Decision, names: Mapping[str, str], with_evidence: bool
) -> tuple[str, ...]:
    """The keys of a decision that came out otherwise, with lines by their names in the scenario."""
    wanted = _told(decision, names, with_evidence)
    found = _told(again, {}, with_evidence)
    return tuple(key for key in wanted if wanted[key] != found[key])


def _told(
    decision: Decision, names: Mapping[str, str], with_evidence: bool
) -> Mapping[str, object]:
    def path(written: str) -> str:
        found = _OF_LINE.fullmatch(written)
        if found is None:
            return written
        return f"line[{names.get(found[1], found[1])}]{found[2]}"

    def paths(written: Iterable[str]) -> list[str]:
        return [path(each) for each in written]

    return {
        "decision": decision.decision,
        "channel": decision.channel,
        "attempts": decision.attempts,
        "missing": paths(decision.missing),
        "findings": [
            (
                each.rule,
                each.outcome,
                [names.get(line, line) for line in each.lines],
                paths(each.missing),
            )
            for each in decision.findings
        ],
        "channels": [
            (each.channel, each.eligible, paths(each.missing)) for each in decision.channels
        ],
        "advice": [(each.rule, paths(each.missing)) for each in decision.advice],
        "problems": [(path(each.fact), each.code) for each in decision.problems],
        "evidence": [
            (None if each.line is None else names.get(each.line, each.line), each.kind)
            for each in decision.evidence
        ]
        if with_evidence
        else None,
    }


_NAME: Final = text("Nye scenarier", "New scenarios")
_PROSE: Final = text(
    "Laget av fakturaer og avgjørelsene om dem. Gi hvert scenario navn etter det som er vesentlig, ta bort\n"
    "det som ikke er det, og skriv det som skulle vært annerledes. Personopplysningene er oppdiktet.",
    "Made of invoices and their decisions. Name each scenario after what matters, take away what does not,\n"
    "and write what should have been otherwise. Personal data are invented.",
)
_PROSE_PERSONAL: Final = text(
    "Laget av fakturaer og avgjørelsene om dem, med personopplysninger. Gi hvert scenario navn etter det\n"
    "som er vesentlig, ta bort det som ikke er det, og skriv det som skulle vært annerledes.",
    "Made of invoices and their decisions, with personal data. Name each scenario after what matters, take\n"
    "away what does not, and write what should have been otherwise.",
)
_POSITION: Final = text("Dokument {n}", "Document {n}")
_POSITIONS: Final = text("Dokument {n} sier det samme", "Documents {n} say the same")
_DOES_NOT_RUN: Final = text(
    "Scenariet lar seg ikke skrive med stegene som finnes: {nb}",
    "The scenario cannot be written with the steps that there are: {en}",
)
_NEEDS_PERSONAL: Final = text(
    "Scenariet kommer ikke ut som fakturaen uten personopplysninger, for reglene ser på {facts}. Ta dem med "
    "(--show-personal-data), eller skriv det for hånd.",
    "The scenario does not come out as the invoice does without personal data, for rules look at {facts}. "
    "Keep them (--show-personal-data), or write it by hand.",
)
_COMES_OUT_OTHERWISE: Final = text(
    "Scenariet kommer ikke ut som fakturaen ({keys}). Skriv det for hånd.",
    "The scenario does not come out as the invoice does ({keys}). Write it by hand.",
)
