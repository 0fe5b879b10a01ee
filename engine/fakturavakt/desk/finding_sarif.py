"""Findings as SARIF 2.1.0 (OASIS): what editors and code hosts read, with places, rules, related places
and fixes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from fakturavakt import __version__
from fakturavakt.desk.finding_codes import CodeEntry
from fakturavakt.desk.finding_report import message_of, path_from_here
from fakturavakt.desk.findings import Edit, Finding, Fix
from fakturavakt.desk.rule_check import CheckReport
from fakturavakt.problems import Place
from fakturavakt.texts import NORWEGIAN

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT: Final = "SRCROOT"


def as_sarif(report: CheckReport, language: str) -> str:
    """One run. Columns count Unicode code points, as everywhere in fakturavakt."""
    entries = sorted({finding.entry for finding in report.findings}, key=lambda entry: entry.code)
    run = {
        "tool": {
            "driver": {
                "name": "fakturavakt",
                "semanticVersion": __version__,
                "rules": [_rule(entry, language) for entry in entries],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": reason.say(language)}}
                    for reason in report.left_out
                ],
            }
        ],
        "language": "nb" if language == NORWEGIAN else "en-US",
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"uri": Path.cwd().as_uri().rstrip("/") + "/"}},
        "results": [
            _result(finding, entries, fingerprint, language)
            for finding, fingerprint in zip(
                report.findings, _fingerprints(report.findings), strict=True
            )
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(entry: CodeEntry, language: str) -> dict[str, Any]:
    return {
        "id": entry.code,
        "name": "".join(part.capitalize() for part in entry.name.split("-")),
        "shortDescription": {"text": entry.name},
        "fullDescription": {"text": entry.why.say(language)},
    }


def _result(
    finding: Finding, entries: Sequence[CodeEntry], fingerprint: str, language: str
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": entries.index(finding.entry),
        "level": finding.severity.value,
        "message": {"text": message_of(finding, language)},
        "locations": [{"physicalLocation": _location(finding.place)}],
        "partialFingerprints": {"fakturavakt/v1": fingerprint},
    }
    if finding.related:
        found["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _location(place),
                "message": {"text": said.say(language)},
            }
            for number, (place, said) in enumerate(finding.related)
        ]
    if finding.fix is not None:
        found["fixes"] = [_fix(finding.fix, language)]
    if finding.allowed is not None:
        found["suppressions"] = [{"kind": "inSource", "justification": finding.allowed}]
    return found


def _location(place: Place) -> dict[str, Any]:
    return {
        "artifactLocation": _artifact(place.file),
        "region": {"startLine": place.line, "startColumn": place.column},
    }


def _artifact(file: str) -> dict[str, Any]:
    """From the working folder on where the file lies in it, so that a code host finds it in the
    repository.
    """
    from urllib.parse import quote

    path = path_from_here(file)
    if Path(path).is_absolute():
        return {"uri": Path(path).as_uri()}
    return {"uri": quote(path), "uriBaseId": _ROOT}


def _fingerprints(findings: Sequence[Finding]) -> Iterator[str]:
    """What stays when lines are put in above: the code, the file, whose it is or what is said, and which of
    several that are alike in all of this.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        said = finding.subject or finding.wrong.say("en")
        key = (finding.code, path_from_here(finding.place.file), said)
        written = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        yield hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()[:32]


def _fix(fix: Fix, language: str) -> dict[str, Any]:
    files = dict.fromkeys(edit.place.file for edit in fix.edits)
    return {
        "description": {"text": fix.says.say(language)},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(file),
                "replacements": [
                    _replacement(edit) for edit in fix.edits if edit.place.file == file
                ],
            }
            for file in files
        ],
    }


def _replacement(edit: Edit) -> dict[str, Any]:
    line, column = edit.end
    return {
        "deletedRegion": {
            "startLine": edit.place.line,
            "startColumn": edit.place.column,
            "endLine": line,
            "endColumn": column,
        },
        "insertedContent": {"text": edit.new},
    }
