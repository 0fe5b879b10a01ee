"""Findings written down: for people, as JSON, as GitHub's workflow commands and as JUnit. SARIF has its
own module.

Promises: every finding once, in the order of files and places, with its code, its why and what mends it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from fakturavakt.desk.findings import Edit, Finding, Severity
from fakturavakt.desk.rule_check import CheckReport
from fakturavakt.problems import TOLD_MAX, Place, visible
from fakturavakt.report.machine import PROGRAM, SCHEMA, safe
from fakturavakt.report.source_excerpt import excerpt
from fakturavakt.texts import Text, counted, how_many, listed, text

SEVERITY_WORDS: Final[Mapping[Severity, Text]] = {
    Severity.ERROR: text("feil", "error"),
    Severity.WARNING: text("advarsel", "warning"),
    Severity.NOTE: text("merknad", "note"),
}
_COUNTED: Final[Mapping[Severity, tuple[Text, Text]]] = {
    Severity.ERROR: (text("feil", "mistake"), text("feil", "mistakes")),
    Severity.WARNING: (text("advarsel", "warning"), text("advarsler", "warnings")),
    Severity.NOTE: (text("merknad", "note"), text("merknader", "notes")),
}
_GITHUB: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}


# -- for people ---------------------------------------------------------------------------------------


def text_lines(report: CheckReport, language: str) -> Iterator[str]:
    """Each finding with its line of the file, then what was left out, then the sum."""
    told = report.open_findings()
    whys: set[str] = set()
    for finding in told[:TOLD_MAX]:
        yield from _finding_lines(finding, language, why=finding.code not in whys)
        whys.add(finding.code)
    if len(told) > TOLD_MAX:
        more = counted(len(told) - TOLD_MAX, language)
        yield text(f"… og {more} til.", f"… and {more} more.").say(language)
    for reason in report.left_out:
        yield reason.say(language)
    yield from _sum(report, language)


def _finding_lines(finding: Finding, language: str, *, why: bool) -> Iterator[str]:
    severity = SEVERITY_WORDS[finding.severity].say(language)
    where = visible(safe(str(finding.place)))
    yield f"{where}: {finding.code} {severity}: {message_of(finding, language)}"
    yield from excerpt(finding.place)
    for place, said in finding.related:
        yield visible(safe(f"    {_see(language)} {place}: {said.say(language)}"))
    if why and not _is_form(finding):
        yield f"    {text('Hvorfor:', 'Why:').say(language)} {finding.entry.why.say(language)}"
    if finding.fix is not None:
        yield visible(safe(f"    --fix: {finding.fix.says.say(language)}"))


def message_of(finding: Finding, language: str) -> str:
    """What is wrong and what mends it, on one line."""
    mend = f" {finding.mend.say(language)}" if finding.mend is not None else ""
    return visible(f"{finding.wrong.say(language)}{mend}")


def _see(language: str) -> str:
    return text("Se også", "See also").say(language)


def _is_form(finding: Finding) -> bool:
    return finding.code < "FV1"


def _sum(report: CheckReport, language: str) -> Iterator[str]:
    told = report.open_findings()
    allowed = sum(finding.allowed is not None for finding in report.findings)
    fixes = sum(finding.fix is not None for finding in told)
    book = report.book
    if report.ill_formed:
        mistakes = how_many(len(told), *_COUNTED[Severity.ERROR]).say(language)
        yield text(f"{mistakes} funnet.", f"{mistakes} found.").say(language)
    elif book is not None:
        rules, facts = len(book.rules), len(book.vocabulary.facts)
        if told:
            yield text(
                f"Regelboken {book.name} er lest, med {_numbers(report, 'nb')}.",
                f"The rule book {book.name} was read, with {_numbers(report, 'en')}.",
            ).say(language)
        else:
            yield text(
                f"Regelboken {book.name} er i orden: {rules} regler over {facts} fakta.",
                f"The rule book {book.name} is well formed: {rules} rules over {facts} facts.",
            ).say(language)
        if book.trials:
            named = ", ".join(rule.id for rule in book.trials)
            yield text(
                f"På prøve, avgjør ingenting: {named}.", f"On trial, decide nothing: {named}."
            ).say(language)
    if allowed:
        yield text(
            f"{allowed} funn er tillatt i regelfilene.",
            f"{allowed} {'finding is' if allowed == 1 else 'findings are'} allowed by the rule files.",
        ).say(language)
    if fixes:
        yield text(f"{fixes} kan rettes med --fix.", f"{fixes} can be mended with --fix.").say(
            language
        )
    if book is not None and not report.ill_formed:
        yield book.version


def _numbers(report: CheckReport, language: str) -> str:
    """``1 feil, 2 advarsler og 1 merknad``."""
    said = []
    for severity, (one, several) in _COUNTED.items():
        number = sum(finding.severity is severity for finding in report.open_findings())
        if number:
            said.append(how_many(number, one, several).say(language))
    return listed(said, language)


# -- JSON ---------------------------------------------------------------------------------------------


def as_json(report: CheckReport, language: str) -> str:
    """``{"schema": 1, "program": …, "rulebook": …, "findings": […], "left_out": […], "summary": {…}}``."""
    book = report.book
    written = {
        "schema": SCHEMA,
        "program": PROGRAM,
        "rulebook": None if book is None else {"name": book.name, "version": book.version},
        "findings": [_finding_json(finding, language) for finding in report.findings],
        "left_out": [reason.say(language) for reason in report.left_out],
        "summary": {
            **{
                severity.value: sum(
                    finding.severity is severity for finding in report.open_findings()
                )
                for severity in Severity
            },
            "allowed": sum(finding.allowed is not None for finding in report.findings),
        },
    }
    return json.dumps(written, ensure_ascii=False, indent=2) + "\n"


def _finding_json(finding: Finding, language: str) -> dict[str, Any]:
    fix = finding.fix
    return {
        "code": finding.code,
        "name": finding.entry.name,
        "severity": finding.severity.value,
        **_place_json(finding.place),
        "subject": finding.subject or None,
        "message": visible(finding.wrong.say(language)),
        "mend": None if finding.mend is None else visible(finding.mend.say(language)),
        "why": finding.entry.why.say(language),
        "related": [
            {**_place_json(place), "message": said.say(language)} for place, said in finding.related
        ],
        "fix": None
        if fix is None
        else {
            "message": fix.says.say(language),
            "edits": [_edit_json(edit) for edit in fix.edits],
        },
        "allowed": finding.allowed,
    }


def _place_json(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}


def _edit_json(edit: Edit) -> dict[str, Any]:
    line, column = edit.end
    return {
        **_place_json(edit.place),
        "end_line": line,
        "end_column": column,
        "old": edit.old,
        "new": edit.new,
    }


# -- GitHub -------------------------------------------------------------------------------------------


def github_lines(report: CheckReport, language: str) -> Iterator[str]:
    """A workflow command for each finding that is not allowed: GitHub shows it beside the line."""
    for finding in report.open_findings():
        place = finding.place
        properties = {
            "file": path_from_here(place.file),
            "line": str(place.line),
            "col": str(place.column),
            "title": f"{finding.code} {finding.entry.name}",
        }
        written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        said = message_of(finding, language)
        if not _is_form(finding):
            said = f"{said}\n{finding.entry.why.say(language)}"
        yield f"::{_GITHUB[finding.severity]} {written}::{_data(said)}"
    for reason in report.left_out:
        yield f"::notice title=fakturavakt::{_data(reason.say(language))}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def path_from_here(file: str) -> str:
    """A path as a repository names it: from the working folder on, with ``/``; else as it is."""
    path = Path(os.path.abspath(file))  # noqa: PTH100 (a link stays the file that was named)
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()


# -- JUnit --------------------------------------------------------------------------------------------


def as_junit(report: CheckReport, language: str, threshold: Severity | None) -> str:
    """A test case for each finding: failed from the ``threshold`` on (None: never), else passed with the
    finding as its output; skipped where the rule file allows it. One more says that the rest is in order.
    """
    failing = set(map(id, report.open_findings(threshold))) if threshold is not None else set()
    cases = [
        _junit_case(finding, language, failed=id(finding) in failing) for finding in report.findings
    ]
    cases += [_junit_left_out(reason.say(language)) for reason in report.left_out]
    if not report.findings:
        cases.append('  <testcase classname="fakturavakt" name="rules check"/>')
    skipped = sum(finding.allowed is not None for finding in report.findings)
    head = (
        f'<testsuite name="fakturavakt rules check" tests="{len(cases)}" failures="{len(failing)}" '
        f'errors="0" skipped="{skipped + len(report.left_out)}">'
    )
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>", ""])


def _junit_case(finding: Finding, language: str, *, failed: bool) -> str:
    place = finding.place
    name = f"{finding.code} {finding.entry.name} ({place.line}:{place.column})"
    file = PurePath(place.file).as_posix()
    head = f"  <testcase classname={_attribute(file)} name={_attribute(name)}"
    said = message_of(finding, language)
    body = escape(visible(safe(f"{place}: {said} {finding.entry.why.say(language)}")))
    if finding.allowed is not None:
        return f"{head}><skipped message={_attribute(finding.allowed)}/></testcase>"
    if failed:
        kind = _attribute(finding.severity.value)
        return f"{head}><failure type={kind} message={_attribute(said)}>{body}</failure></testcase>"
    return f"{head}><system-out>{body}</system-out></testcase>"


def _junit_left_out(reason: str) -> str:
    return (
        '  <testcase classname="fakturavakt" name="left out">'
        f"<skipped message={_attribute(reason)}/></testcase>"
    )


def _attribute(value: str) -> str:
    return quoteattr(visible(safe(value)))
