"""A run of cases, written down: for people, as JSON and as JUnit.

Promises: no document's values but those of the tables of cases, which their owner wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final
from xml.sax.saxutils import escape

from fakturavakt.desk.case_run import CaseResult, CaseRun, Disagreement, Explanation, Status
from fakturavakt.desk.condition_blame import Blamed
from fakturavakt.engines.outcomes import Truth
from fakturavakt.report.machine import PROGRAM, SCHEMA, safe
from fakturavakt.texts import Text, how_many, listed, text
from fakturavakt.xml_text import in_xml, xml_attribute

MARKS: Final[Mapping[Status, str]] = {
    Status.PASSED: "✓",
    Status.FAILED: "✗",
    Status.UNCONFIRMED: "…",
    Status.DEVIATES: "…",
}
_TRUTHS: Final[Mapping[Truth, Text]] = {
    True: text("sann", "true"),
    False: text("usann", "false"),
    None: text("ukjent", "unknown"),
}
_SUBJECTS: Final[Mapping[str, Text]] = {
    "decision": text("avgjørelsen", "the decision"),
    "rules": text("regelen", "the rule"),
    "channels": text("kanalen", "the channel"),
    "lines": text("linjene i regelen", "the lines of the rule"),
    "channel": text("den valgte kanalen", "the chosen channel"),
    "missing": text("det som mangler", "what is missing"),
    "advice": text("rådene", "the advice"),
    "action": text("handlingen for avsenderen", "the sender's action"),
}


def text_lines(run: CaseRun, language: str, *, every: bool = False) -> Iterator[str]:
    """The run for people: what failed and why, and the sum; with ``every`` also what did not."""
    for result in run.results:
        if every or result.status in (Status.FAILED, Status.DEVIATES):
            yield from _result_lines(result, language)
    for reason in run.left_out:
        yield reason.say(language)
    yield _sum(run).say(language)


def _result_lines(result: CaseResult, language: str) -> Iterator[str]:
    case = result.case
    unconfirmed = text(" (ikke bekreftet)", " (not confirmed)").say(language)
    yield f"{MARKS[result.status]} {case.title}{'' if case.confirmed else unconfirmed}  {case.place}"
    yield from (f"    {line}" for line in _why(result, language))


def _why(result: CaseResult, language: str) -> Iterator[str]:
    """What was not as expected, each with the conditions that made it so."""
    for mismatch in result.mismatches:
        subject = _SUBJECTS[mismatch.subject].say(language)
        name = subject if mismatch.name is None else f"{subject} {mismatch.name}"
        yield text(
            f"{name}: ventet {mismatch.expected}, ble {mismatch.was}",
            f"{name}: expected {mismatch.expected}, was {mismatch.was}",
        ).say(language)
        for explanation in mismatch.explanations:
            yield from (f"  {line}" for line in _explanation_lines(explanation, language))
    for each in result.disagreements:
        yield _disagreement(each).say(language)


def _disagreement(each: Disagreement) -> Text:
    keys = ", ".join(each.keys)
    return text(
        f"Motoren {each.engine} avgjør annerledes enn reference ({keys}). Det er en feil i programmet.",
        f"The engine {each.engine} decides otherwise than reference ({keys}). That is a bug of the program.",
    )


def _explanation_lines(explanation: Explanation, language: str) -> Iterator[str]:
    was, wanted = (_TRUTHS[each].say(language) for each in (explanation.was, explanation.wanted))
    yield text(
        f"{explanation.name} er {was} og måtte vært {wanted}. Dette står i veien:",
        f"{explanation.name} is {was} and would have to be {wanted}. In the way stands:",
    ).say(language)
    yield from (f"  {line}" for line in blame_lines(explanation.blamed, language))


def blame_lines(blame: Blamed, language: str) -> Iterator[str]:
    """Leaves and definitions, each with how it came out; what connects them only where there is a choice."""
    if not blame.is_connective:
        was, wanted = _TRUTHS[blame.was].say(language), _TRUTHS[blame.wanted].say(language)
        on_line = ""
        if blame.line is not None:
            on_line = text(f" (linje {blame.line})", f" (line {blame.line})").say(language)
        values = f"  [{'; '.join(blame.values)}]" if blame.values else ""
        yield text(
            f"{blame.written}{on_line} er {was}, ikke {wanted}{values}  {blame.place}",
            f"{blame.written}{on_line} is {was}, not {wanted}{values}  {blame.place}",
        ).say(language)
    if blame.one_is_enough:
        yield text("ett av disse:", "one of these:").say(language)
    indent = "" if blame.is_connective and not blame.one_is_enough else "  "
    for part in blame.parts:
        yield from (f"{indent}{line}" for line in blame_lines(part, language))


def _sum(run: CaseRun) -> Text:
    failed, passed = run.count(Status.FAILED), run.count(Status.PASSED)
    open_, deviating = run.count(Status.UNCONFIRMED), run.count(Status.DEVIATES)
    cases = how_many(passed, text("tilfelle", "case"), text("tilfeller", "cases"))
    nb = [f"{cases.say('nb')} er som ventet", f"{failed} er det ikke"]
    en = [
        f"{cases.say('en')} {'is' if passed == 1 else 'are'} as expected",
        f"{failed} {'is' if failed == 1 else 'are'} not",
    ]
    if waiting := open_ + deviating:
        nb.append(f"{waiting} er ikke bekreftet (av dem avviker {deviating})")
        en.append(
            f"{waiting} {'is' if waiting == 1 else 'are'} not confirmed ({deviating} of them differ)"
        )
    engines = list(run.engines)
    return text(
        f"{listed(nb, 'nb')}. Motorer: {listed(engines, 'nb')}.",
        f"{listed(en, 'en')}. Engines: {listed(engines, 'en')}.",
    )


def as_json(run: CaseRun) -> str:
    """``{"schema", "program", "rulebook", "engines", "cases": […]}``; a case as its table writes it."""
    found = {
        "schema": SCHEMA,
        "program": PROGRAM,
        "rulebook": {"name": run.book.name, "version": run.book.version},
        "engines": list(run.engines),
        "cases": [_as_dict(result) for result in run.results],
    }
    return safe(json.dumps(found, ensure_ascii=False, indent=1)) + "\n"


def _as_dict(result: CaseResult) -> dict[str, object]:
    place = result.case.place
    return {
        "case": result.case.title,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "status": result.status.value,
        "decision": result.screened.decision.decision.value,
        "channel": result.screened.decision.channel,
        "mismatches": [
            {
                "subject": mismatch.subject,
                "name": mismatch.name,
                "expected": mismatch.expected,
                "was": mismatch.was,
                "explanations": [_explanation_dict(each) for each in mismatch.explanations],
            }
            for mismatch in result.mismatches
        ],
        "disagreements": [
            {"engine": each.engine, "keys": list(each.keys)} for each in result.disagreements
        ],
    }


def _explanation_dict(explanation: Explanation) -> dict[str, object]:
    return {
        "name": explanation.name,
        "was": explanation.was,
        "wanted": explanation.wanted,
        "condition": _blame_dict(explanation.blamed),
    }


def _blame_dict(blame: Blamed) -> dict[str, object]:
    return {
        "written": blame.written,
        "file": blame.place.file,
        "line": blame.place.line,
        "column": blame.place.column,
        "on_line": blame.line,
        "was": blame.was,
        "wanted": blame.wanted,
        "values": list(blame.values),
        "one_is_enough": blame.one_is_enough,
        "parts": [_blame_dict(part) for part in blame.parts],
    }


def as_junit(run: CaseRun, language: str) -> str:
    """One test case a case; one that nobody has confirmed is a skipped one."""
    failed = run.count(Status.FAILED)
    skipped = run.count(Status.UNCONFIRMED) + run.count(Status.DEVIATES)
    counts = f'tests="{len(run.results)}" failures="{failed}" errors="0" skipped="{skipped}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuite name={xml_attribute(f'{PROGRAM} rules test')} {counts}>",
    ]
    for result in run.results:
        case = result.case
        lines.append(
            f"  <testcase name={xml_attribute(case.title)} "
            f'classname={xml_attribute(case.place.file)} line="{case.place.line}">'
        )
        why = in_xml("\n".join(_why(result, language)))
        match result.status:
            case Status.FAILED:
                first = xml_attribute(why.partition("\n")[0])
                lines.append(f"    <failure message={first}>{escape(why)}</failure>")
            case Status.UNCONFIRMED | Status.DEVIATES:
                said = text("ikke bekreftet", "not confirmed").say(language)
                lines.append(f"    <skipped message={xml_attribute(said)}>{escape(why)}</skipped>")
            case Status.PASSED:
                pass
        lines.append("  </testcase>")
    lines.append("</testsuite>")
    return "\n".join(lines) + "\n"
