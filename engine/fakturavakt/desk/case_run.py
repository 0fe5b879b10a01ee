"""Cases, run on every engine that can run here, and held against what they expect.

Promises: all engines see the same bytes; where one decides otherwise, the case fails whatever it expects.
A case that nobody has confirmed is run like any other and never fails a run.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final, Literal, TypeAlias

from fakturavakt.agreements import sender_agreements
from fakturavakt.decision import Verdict
from fakturavakt.desk.condition_blame import Blamed, blamed
from fakturavakt.engines.choose import choose_engine, durable_rules_can_run
from fakturavakt.engines.outcomes import About, Asked, Truth
from fakturavakt.engines.reference import ReferenceEngine, disjunction, truth
from fakturavakt.explanation import Explainer
from fakturavakt.intake.contract_json import written
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.json_documents import read_line
from fakturavakt.rulebook.case_files import NO_CHANNEL, OUTCOMES, UNKNOWN_ACTION, Case
from fakturavakt.rulebook.conditions import Condition, reads_lines
from fakturavakt.rulebook.model import Rule, RuleBook, Suggestion
from fakturavakt.screening import Answer, Screened, Screening, Written
from fakturavakt.texts import Text, text

CaseEngine: TypeAlias = Literal["reference", "durable", "columnar"]
CASE_ENGINES: Final[tuple[CaseEngine, ...]] = ("reference", "durable", "columnar")
UNEXPLAINED: Final = "–"


class Status(StrEnum):
    """How a case came out. *Deviates* is of a case that nobody has confirmed: it fails nothing."""

    PASSED = "passed"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    DEVIATES = "deviates"


@dataclass(frozen=True, slots=True)
class Explanation:
    """The conditions of a rule, of a channel or of the scope that came out otherwise than was wanted."""

    name: str
    was: Truth
    wanted: Truth
    blamed: Blamed


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that was expected and did not come out; both sides as a table writes them.

    ``subject`` is the key of the table (``decision``, ``rules``, …), ``name`` the rule or channel under it.
    """

    subject: str
    name: str | None
    expected: str
    was: str
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An engine that decides otherwise than the reference; ``keys`` of the decision that differ."""

    engine: CaseEngine
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case, what the reference engine made of it, and what was not as expected."""

    case: Case
    screened: Screened
    mismatches: tuple[Mismatch, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def status(self) -> Status:
        """How it came out."""
        wrong = bool(self.mismatches or self.disagreements)
        if self.case.confirmed:
            return Status.FAILED if wrong else Status.PASSED
        return Status.DEVIATES if wrong else Status.UNCONFIRMED


@dataclass(frozen=True, slots=True)
class CaseRun:
    """All cases of a run, in order; the engines that ran, and why others did not."""

    book: RuleBook
    results: tuple[CaseResult, ...]
    engines: tuple[CaseEngine, ...]
    left_out: tuple[Text, ...]

    def count(self, status: Status) -> int:
        """How many cases came out so."""
        return sum(result.status is status for result in self.results)


def run_cases(
    book: RuleBook,
    cases: Sequence[Case],
    *,
    engines: Iterable[CaseEngine] = CASE_ENGINES,
    language: str = "nb",
) -> CaseRun:
    """Run every case on the reference engine and on those of ``engines`` that can run here.

    What differs is explained in ``language``. Never raises for what a case says; the rule book's own
    failures (a rule book that has no columns) are told in ``left_out``.
    """
    wanted = tuple(engines)
    left_out: list[Text] = []
    ran: list[CaseEngine] = ["reference"]
    with tempfile.TemporaryDirectory(prefix="fakturavakt-") as folder:
        batches = list(_batches(cases, Path(folder)))
        by_case: dict[int, Screened] = {}
        reference = ReferenceEngine(book)
        for batch in batches:
            run = Screening(book, batch.as_of, reference, language)
            for at, raw in batch.documents:
                by_case[at] = run.screen(raw)
        disagreements: dict[int, list[Disagreement]] = {at: [] for at in by_case}
        if "durable" in wanted and not durable_rules_can_run():
            left_out.append(_NO_DURABLE)
        elif "durable" in wanted:
            ran.append("durable")
            engine = choose_engine(book, "durable", lambda _said: None)
            try:
                for batch in batches:
                    run = Screening(book, batch.as_of, engine, language)
                    for at, raw in batch.documents:
                        disagreements[at] += _against(by_case[at], run.screen(raw))
            finally:
                engine.close()
        if "columnar" in wanted and cases:
            why_not = _columnar(book, batches, by_case, disagreements, language)
            if why_not is None:
                ran.append("columnar")
            else:
                left_out.append(why_not)
    results = tuple(
        CaseResult(
            case,
            by_case[at],
            tuple(_mismatches(book, case, by_case[at], language)),
            tuple(disagreements[at]),
        )
        for at, case in enumerate(cases)
    )
    return CaseRun(book, results, tuple(ran), tuple(left_out))


_NO_DURABLE: Final = text(
    "durable-rules kan ikke importeres her, og er ikke prøvd.",
    "durable-rules cannot be imported here, and was not tried.",
)


# -- engines -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Batch:
    """Cases of one screening date as one file; ``documents`` by the case's place in the run."""

    as_of: date
    file: Path
    documents: tuple[tuple[int, RawDocument], ...]


def _batches(cases: Sequence[Case], folder: Path) -> Iterator[_Batch]:
    """A statement takes a second to plan, so that all cases of a day go in one file."""
    days: dict[date, list[int]] = {}
    for at, case in enumerate(cases):
        days.setdefault(case.as_of, []).append(at)
    for day, places in days.items():
        file = folder / f"{day}.ndjson"
        lines = [f"{written(dict(cases[at].document))}\n".encode() for at in places]
        file.write_bytes(b"".join(lines))
        documents = []
        for position, (at, line) in enumerate(zip(places, lines, strict=True), start=1):
            raw = read_line(line, position, DocumentSource(str(file), position))
            assert isinstance(raw, RawDocument)  # it was written here
            documents.append((at, raw))
        yield _Batch(day, file, tuple(documents))


def _against(reference: Screened, other: Screened) -> Iterator[Disagreement]:
    keys = list(_differing(reference.decision.as_json(), other.decision.as_json()))
    if reference.outcomes != other.outcomes:
        keys.append("outcomes")
    if keys:
        yield Disagreement("durable", tuple(keys))


def _differing(one: str, other: str) -> Iterator[str]:
    if one == other:
        return
    left, right = json.loads(one), json.loads(other)
    found = [key for key in {**left, **right} if left.get(key) != right.get(key)]
    yield from found or ["order"]


def _columnar(
    book: RuleBook,
    batches: Sequence[_Batch],
    by_case: dict[int, Screened],
    disagreements: dict[int, list[Disagreement]],
    language: str,
) -> Text | None:
    """Hold the columnar engine against the reference; why it cannot, where it cannot."""
    from fakturavakt.bulk.columnar_screening import ChunkError, ColumnarScreening
    from fakturavakt.engines.columnar_outcomes import ColumnarUnsupportedError

    for batch in batches:
        screening = Screening(book, batch.as_of, ReferenceEngine(book), language)
        try:
            run = ColumnarScreening(screening)
        except ColumnarUnsupportedError as error:
            return text(f"Kolonner er ikke prøvd: {error}", f"Columns were not tried: {error}")
        try:
            answers: list[Answer] = []
            for chunk in run.cutter(batch.file.parent).chunks([str(batch.file)]):
                try:
                    answers += list(run.screen(chunk))
                except ChunkError:
                    # As in a screening: what DuckDB does not read as it was counted goes one by one.
                    answers += run.screen_one_by_one(chunk)
        finally:
            run.close()
        for (at, _), answer in zip(batch.documents, answers, strict=True):
            assert isinstance(answer, (Written, Screened))  # every line is a document
            said = answer.json if isinstance(answer, Written) else answer.decision.as_json()
            keys = tuple(_differing(by_case[at].decision.as_json(), said))
            if keys:
                disagreements[at].append(Disagreement("columnar", keys))
    return None


# -- expectations ------------------------------------------------------------------------------------


def _mismatches(
    book: RuleBook, case: Case, screened: Screened, language: str
) -> Iterator[Mismatch]:
    expected, decision = case.expected, screened.decision
    explainer = Explainer(book, screened.read.facts, language)
    told: set[str] = set()

    def explained(names: Iterable[tuple[str, Condition, Truth]]) -> tuple[Explanation, ...]:
        """Each rule once a case: several expectations may be missed for one reason."""
        found = []
        for name, condition, wanted in names:
            reason = None if name in told else blamed(explainer, condition, wanted)
            if reason is not None:
                told.add(name)
                found.append(Explanation(name, reason.was, wanted, reason))
        return tuple(found)

    for name, wanted in expected.rules.items():
        rule = book.rules[name]
        was = rule_truth(rule, screened)
        if was is not wanted:
            reason = explained([(name, _condition_of(rule), wanted)])
            yield Mismatch("rules", name, _word(wanted), _word(was), reason)
    for name, wanted in expected.channels.items():
        (channel,) = (each for each in book.channels if each.name == name)
        was = screened.outcomes.whole[Asked(About.CHANNEL, name)]
        if was is not wanted:
            reason = explained([(name, channel.condition, wanted)])
            yield Mismatch("channels", name, _word(wanted), _word(was), reason)
    if expected.decision is not None and decision.decision.value != expected.decision:
        verdict = Verdict(expected.decision)
        # A rule that was told of is the reason; other rules would only be other ways to the same end.
        named = frozenset({*expected.rules, *expected.lines})
        in_the_way = () if told else _in_the_way(book, screened, verdict, named)
        reason = explained(in_the_way)
        yield Mismatch("decision", None, expected.decision, decision.decision.value, reason)
    chosen = decision.channel or NO_CHANNEL
    if expected.channel is not None and chosen != expected.channel:
        wrong = [
            (each.name, each.condition, each.name == expected.channel)
            for each in book.channels
            if each.name in (expected.channel, chosen)
        ]
        yield Mismatch("channel", None, expected.channel, chosen, explained(wrong))
    for name, lines in expected.lines.items():
        found = lines_of(book.rules[name], screened)
        if set(found) != set(lines):
            yield Mismatch("lines", name, _listed(lines), _listed(found))
    if expected.missing is not None and set(expected.missing) != set(decision.missing):
        yield Mismatch("missing", None, _listed(expected.missing), _listed(decision.missing))
    given = tuple(advice.rule for advice in decision.advice)
    if expected.advice is not None and set(expected.advice) != set(given):
        wrong = [
            (advice.id, advice.condition, advice.id in expected.advice)
            for advice in book.advice
            if (advice.id in expected.advice) is not (advice.id in given)
        ]
        yield Mismatch("advice", None, _listed(expected.advice), _listed(given), explained(wrong))
    if expected.action is not None:
        action = action_of(book, screened, case.as_of, language)
        if action != expected.action:
            rows = () if book.migration is None else book.migration.rows
            wrong = [(row.action, row.when, True) for row in rows if row.action == expected.action]
            yield Mismatch("action", None, expected.action, action, explained(wrong))


def _in_the_way(
    book: RuleBook, screened: Screened, wanted: Verdict, named: frozenset[str]
) -> Iterator[tuple[str, Condition, Truth]]:
    """The conditions that would have had to come out otherwise for the decision that was wanted."""
    yield "scope", book.scope, wanted is not Verdict.OUT_OF_SCOPE
    if wanted is Verdict.OUT_OF_SCOPE:
        return
    truths = [
        (rule, screened.outcomes.whole[Asked(About.RULE, rule.id)]) for rule in book.prohibitions
    ]
    match wanted:
        case Verdict.SEND:
            yield from ((rule.id, rule.condition, False) for rule, _ in truths)
        case Verdict.BLOCK:
            # Any of them would do: those that the case names, else those that are unknown, else the nearest.
            own = [rule for rule, _ in truths if rule.id in named]
            unknown = [rule for rule, was in truths if was is None]
            found = own or unknown or _nearest(book, screened)
            yield from ((rule.id, rule.condition, True) for rule in found)
        case _:
            yield from ((rule.id, rule.condition, None) for rule, was in truths if was is True)


def _nearest(book: RuleBook, screened: Screened) -> list[Rule]:
    """The prohibitions that the fewest conditions keep from holding."""
    explainer = Explainer(book, screened.read.facts, "nb")
    ways = {
        rule.id: min((len(way) for way in explainer.ways(rule.condition, wanted=True)), default=99)
        for rule in book.prohibitions
    }
    shortest = min(ways.values(), default=99)
    return [rule for rule in book.prohibitions if ways[rule.id] == shortest]


def _condition_of(rule: Rule) -> Condition:
    if isinstance(rule, Suggestion):
        return _any_line_of(rule)
    return rule.condition


def _any_line_of(rule: Suggestion) -> Condition:
    """A suggestion is about one line; of an invoice it holds where it holds of a line."""
    from fakturavakt.rulebook.conditions import AnyLine

    return AnyLine(rule.when, rule.place)


def rule_truth(rule: Rule, screened: Screened) -> Truth:
    """How a rule came out; a suggestion holds where it holds of a line."""
    if isinstance(rule, Suggestion):
        facts = screened.read.facts
        if facts.lines is None:
            return None
        return disjunction(truth(rule.when, facts, line) for line in facts.lines)
    return screened.outcomes.whole[Asked(About.RULE, rule.id)]


def lines_of(rule: Rule, screened: Screened) -> tuple[str, ...]:
    """The ids of the lines that make a rule hold or unknown: read for each alone, it comes out so.

    None where the rule does not hold, where it is not about lines, and where the lines are unknown.
    """
    facts = screened.read.facts
    was = rule_truth(rule, screened)
    if was is False:
        return ()
    if isinstance(rule, Suggestion):
        outcomes: Iterable[Truth] = [truth(rule.when, facts, line) for line in facts.lines or ()]
    elif not reads_lines(rule.condition):
        return ()
    else:
        alone = [replace(facts, lines=(line,)) for line in facts.lines or ()]
        outcomes = [truth(rule.condition, only) for only in alone]
    pairs = zip(facts.lines or (), outcomes, strict=True)
    return tuple(line.name for line, outcome in pairs if outcome is was)


def action_of(book: RuleBook, screened: Screened, as_of: date, language: str) -> str:
    """What the migration asks of the document's sender."""
    facts = [screened.read.facts]
    found = list(sender_agreements(facts, book, as_of, language, lambda _said: None))
    return found[0].action if found else UNKNOWN_ACTION


def _word(outcome: Truth) -> str:
    return next(word for word, meaning in OUTCOMES.items() if meaning is outcome)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or UNEXPLAINED
