"""NDJSON, JSON, CSV and JUnit: what programs read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol, TextIO
from xml.sax.saxutils import escape

from fakturavakt import __version__
from fakturavakt.decision import Decision, Verdict
from fakturavakt.intake.documents import Unreadable
from fakturavakt.report.summary import Summary
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Answer, Screened, Written
from fakturavakt.verdict_words import VERDICTS
from fakturavakt.xml_text import in_xml, xml_attribute

SCHEMA: Final = 1
"""The version of the report's shape."""
PROGRAM: Final = f"fakturavakt {__version__}"

_UNREADABLE: Final = "unreadable"
"""What stands for a decision where there is none; like decisions, the same in every language."""


class Report(Protocol):
    """Writes a run down, document by document."""

    def add(self, screened: Answer) -> None:
        """A document, decided or not read."""
        ...

    def finish(self, summary: Summary) -> None:
        """The run has ended."""
        ...


class NdjsonReport:
    """One decision a line. What could not be read has no decision and is told on stderr."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def add(self, screened: Answer) -> None:
        if not isinstance(screened, Unreadable):
            self.stream.write(f"{_json_of(screened)}\n")

    def finish(self, summary: Summary) -> None:
        """Nothing follows the decisions."""


class JsonReport:
    """``{"schema": 1, "program": …, "decisions": […]}``, one decision a line."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        stream.write(f'{{"schema":{SCHEMA},"program":{json.dumps(PROGRAM)},"decisions":[')
        self.separator = "\n"

    def add(self, screened: Answer) -> None:
        if not isinstance(screened, Unreadable):
            self.stream.write(f"{self.separator}{_json_of(screened)}")
            self.separator = ",\n"

    def finish(self, summary: Summary) -> None:  # noqa: ARG002 (as every report)
        self.stream.write("\n]}\n")


class RejectedReport:
    """``{"file", "position", "place", "reason"}``, one line for each document that could not be read."""

    def __init__(self, stream: TextIO, language: str) -> None:
        self.stream = stream
        self.language = language

    def add(self, screened: Answer) -> None:
        if isinstance(screened, Unreadable):
            row = {
                "file": screened.source.file,
                "position": screened.source.position,
                "place": screened.place,
                "reason": screened.reason.say(self.language),
            }
            self.stream.write(f"{safe(json.dumps(row, ensure_ascii=False))}\n")

    def finish(self, summary: Summary) -> None:
        """Nothing follows the rows."""


def _json_of(screened: Written | Screened) -> str:
    return screened.json if isinstance(screened, Written) else safe(screened.decision.as_json())


class CsvReport:
    """One row a document, unreadable ones too; cells that a spreadsheet would run are disarmed. With
    ``trials`` two more columns, behind those of the prohibitions, name the rules on trial.
    """

    COLUMNS: Final = (
        "file",
        "position",
        "invoice",
        "decision",
        "channel",
        "attempts",
        "holds",
        "unknown",
        "lines",
        "missing",
        "advice",
        "problems",
        "message",
        "as_of",
        "rulebook_version",
        "schema",
        "program",
    )

    TRIALS: Final = ("trials_hold", "trials_unknown")

    def __init__(
        self, stream: TextIO, language: str, *, with_header: bool = True, trials: bool = False
    ) -> None:
        self.language = language
        self.writer = csv.writer(stream, lineterminator="\r\n")
        behind = self.COLUMNS.index("unknown") + 1
        between = self.TRIALS if trials else ()
        self.columns = (*self.COLUMNS[:behind], *between, *self.COLUMNS[behind:])
        if with_header:
            self.writer.writerow(self.columns)

    def add(self, screened: Answer) -> None:
        if isinstance(screened, Unreadable):
            cells = dict.fromkeys(self.columns, "")
            cells["file"] = screened.source.file
            cells["position"] = str(screened.source.position)
            cells["decision"] = _UNREADABLE
            cells["message"] = f"{screened.place}: {screened.reason.say(self.language)}"
        else:
            cells = _cells(json.loads(_json_of(screened)))
        cells |= {"schema": str(SCHEMA), "program": PROGRAM}
        self.writer.writerow([disarmed(cells[column]) for column in self.columns])

    def finish(self, summary: Summary) -> None:
        """Nothing follows the rows."""


def _cells(decision: Mapping[str, Any]) -> dict[str, str]:
    """The row of a decision, of contract §4's JSON."""
    findings, trials = decision["findings"], decision.get("trials", ())
    return {
        "file": decision["document"]["file"],
        "position": str(decision["document"]["position"]),
        "invoice": decision["invoice"] or "",
        "decision": decision["decision"],
        "channel": decision["channel"] or "",
        "attempts": " ".join(decision["attempts"]),
        "holds": " ".join(f["rule"] for f in findings if f["outcome"] == "holds"),
        "unknown": " ".join(f["rule"] for f in findings if f["outcome"] == "unknown"),
        "trials_hold": " ".join(f["rule"] for f in trials if f["outcome"] == "holds"),
        "trials_unknown": " ".join(f["rule"] for f in trials if f["outcome"] == "unknown"),
        "lines": " ".join(dict.fromkeys(n for f in findings for n in f["lines"])),
        "missing": " ".join(decision["missing"]),
        "advice": " ".join(advice["rule"] for advice in decision["advice"]),
        "problems": " ".join(f"{p['fact']}:{p['code']}" for p in decision["problems"]),
        "message": " ".join(f["message"] for f in findings),
        "as_of": decision["as_of"],
        "rulebook_version": decision["rulebook"]["version"],
    }


def disarmed(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; an apostrophe in front says *text*."""
    cell = safe(cell).replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA_STARTS) else cell


_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(written: str) -> str:
    """Text that can be written as UTF-8: half a surrogate pair (in a file's name) is replaced."""
    return written.encode("utf-8", "replace").decode("utf-8")


class JunitReport:
    """One test case a document: *block* and *hold* are failures, what was not read is an error.

    ``type`` is the decision, in every language: whoever counts by it need not know which was asked for.
    """

    def __init__(self, stream: TextIO, book: RuleBook, as_of: str, language: str) -> None:
        self.stream = stream
        self.properties = {
            "schema": str(SCHEMA),
            "program": PROGRAM,
            "as_of": as_of,
            "rulebook": book.name,
            "rulebook_version": book.version,
        }
        self.language = language
        self.cases: list[str] = []

    def add(self, screened: Answer) -> None:
        assert not isinstance(
            screened, Written
        )  # nobody asks for a test case a document of so many
        self.cases.extend(self._case(screened))

    def _case(self, screened: Screened | Unreadable) -> Iterator[str]:
        source = screened.source if isinstance(screened, Unreadable) else screened.decision.document
        name = f"#{source.position}"
        if isinstance(screened, Screened) and screened.decision.invoice is not None:
            name = screened.decision.invoice
        yield f"  <testcase classname={xml_attribute(source.file)} name={xml_attribute(name)}>"
        if isinstance(screened, Unreadable):
            message = f"{screened.place}: {screened.reason.say(self.language)}"
            yield f'    <error type="{_UNREADABLE}" message={xml_attribute(message)}/>'
        else:
            yield from self._result(screened.decision)
        yield "  </testcase>"

    def _result(self, decision: Decision) -> Iterator[str]:
        if decision.decision is Verdict.OUT_OF_SCOPE:
            said = VERDICTS[decision.decision].say(self.language)
            yield f"    <skipped message={xml_attribute(said)}/>"
        elif decision.decision is not Verdict.SEND:
            rules = ", ".join(finding.rule for finding in decision.findings) or " ".join(
                decision.missing
            )
            details = "\n".join(f"{f.message}\n{f.remedy}" for f in decision.findings)
            yield (
                f'    <failure type="{decision.decision.value}" message={xml_attribute(rules)}>'
                f"{escape(in_xml(details))}</failure>"
            )

    def finish(self, summary: Summary) -> None:
        failures = summary.verdicts[Verdict.BLOCK].count + summary.verdicts[Verdict.HOLD].count
        skipped = summary.verdicts[Verdict.OUT_OF_SCOPE].count
        write = self.stream.write
        write('<?xml version="1.0" encoding="UTF-8"?>\n')
        write(
            f'<testsuite name="fakturavakt" tests="{summary.read}" failures="{failures}" '
            f'errors="{summary.unreadable}" skipped="{skipped}">\n'
        )
        write("  <properties>\n")
        for name, value in self.properties.items():
            write(f"    <property name={xml_attribute(name)} value={xml_attribute(value)}/>\n")
        write("  </properties>\n")
        for line in self.cases:
            write(f"{line}\n")
        write("</testsuite>\n")
