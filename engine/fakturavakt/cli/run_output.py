"""What ``fakturavakt run`` says: what would go where, the hit list, the books, and what came before."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from fakturavakt import __version__
from fakturavakt.billing.billing_run import RunResult
from fakturavakt.billing.books import SCHEMA, report_on
from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.journal import Journal
from fakturavakt.billing.run_records import DocumentRecord
from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import console, tell
from fakturavakt.report.machine import safe
from fakturavakt.report.text import TextReport, visible

if TYPE_CHECKING:
    from fakturavakt.billing.screened_files import FileScreening

RunFormat: TypeAlias = Literal["text", "json"]
RUN_FORMATS: Final[tuple[RunFormat, ...]] = ("text", "json")
TOLD_MAX: Final = 100
"""Documents that came before, and are told of one by one."""


def tell_duplicates(journal: Journal, result: RunResult) -> None:
    """On stderr: what came before, when, and where it went."""
    for n, document in enumerate(journal.documents(result.run.run, Destination.DUPLICATE)):
        if n == TOLD_MAX:
            more = result.books[Destination.DUPLICATE] - TOLD_MAX
            tell(t(f"{more} til er kommet før.", f"{more} more have come before."))
            return
        first = None if document.first is None else journal.document(document.first)
        if first is not None:
            where = first.placed_as or first.destination
            said = f"{document.path} (#{document.position})"
            tell(
                visible(
                    t(
                        f"{said}: kom før, i kjøringen {first.run}, og ligger i {where}.",
                        f"{said}: came before, in the run {first.run}, and went to {where}.",
                    )
                )
            )


class RehearsalOutput:
    """What would go where, as it is planned; nothing is kept of it."""

    def __init__(self, form: RunFormat) -> None:
        self.form = form
        self._begun = False
        if form == "json":
            program = json.dumps(f"fakturavakt {__version__}")
            sys.stdout.write(f'{{"schema":{SCHEMA},"program":{program},"documents":[')

    def __call__(self, document: DocumentRecord) -> None:
        """One more document."""
        if self.form == "text":
            place = document.placed_as or t("blir liggende, kom før", "stays, came before")
            print(visible(f"{document.path} (#{document.position}) → {place}"))
            return
        row = {
            "file": document.path,
            "position": document.position,
            "destination": document.destination,
            "channel": document.channel,
            "placed_as": document.placed_as,
        }
        written = safe(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
        sys.stdout.write(f"{',' if self._begun else ''}\n{written}")
        self._begun = True

    def finish(self, result: RunResult) -> None:
        """The end of the JSON; of a text nothing is left open."""
        if self.form == "json":
            books = json.dumps(result.books.as_dict(), ensure_ascii=False)
            sys.stdout.write(f'\n],"books":{books}}}\n')


def write_results(
    results: Iterable[RunResult], form: RunFormat, screening: FileScreening | None
) -> None:
    """The hit list and the books of each run, or all of it for programs."""
    if form == "json":
        runs = [report_on(each.run, each.books) for each in results]
        report = {"schema": SCHEMA, "program": f"fakturavakt {__version__}", "runs": runs}
        print(safe(json.dumps(report, ensure_ascii=False, indent=1)))
        return
    for each in results:
        write_text(each, screening)


def write_text(result: RunResult, screening: FileScreening | None) -> None:
    """The hit list of a run, as ``screen`` prints it, and the books."""
    # A run that was interrupted may have been decided by another rule book, which is not here any more.
    if screening is not None and result.run.about.get("rulebook") == rulebook_of(screening):
        report = TextReport(
            console(sys.stdout), screening.book, screening.as_of, screening.language
        )
        report.finish(result.summary)
    said = result.books.sentence()
    print(t(said.say("nb"), said.say("en")) if screening is None else said.say(screening.language))


def rulebook_of(screening: FileScreening) -> dict[str, str]:
    """What a report says of the rule book."""
    return {"name": screening.book.name, "version": screening.book.version}
