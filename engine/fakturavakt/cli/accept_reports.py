"""What ``fakturavakt accept`` writes of a run: a report, a folder for a docs site, the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from fakturavakt.cli.terminal import fail, is_stream, output_stream, tell

if TYPE_CHECKING:
    from fakturavakt.acceptance.run_history import RunRecord
    from fakturavakt.acceptance.run_result import AcceptanceRun
    from fakturavakt.rulebook.clause_files import Clause
    from fakturavakt.rulebook.model import RuleBook

Format: TypeAlias = Literal["text", "junit", "cucumber", "html"]


@dataclass(frozen=True, slots=True)
class Told:
    """What reports are made of; ``history`` are the runs before this one."""

    run: AcceptanceRun
    book: RuleBook
    clauses: Sequence[Clause]
    history: Sequence[RunRecord] = ()


def with_history(file: str, run: AcceptanceRun) -> Sequence[RunRecord]:
    """The runs before this one, which is added to them."""
    from fakturavakt.acceptance.run_history import append_run, read_history

    found = read_history(Path(file))
    append_run(Path(file), run)
    return found


def write_report(
    told: Told, form: Format, output: str | None, language: str, *, every: bool
) -> None:
    """The report; where it is for a machine or goes to a file, people are told on stderr how it went."""
    from fakturavakt.acceptance import text_report

    with output_stream(output) as stream:
        match form:
            case "text":
                lines = text_report.say(told.run, language, every=every)
                stream.writelines(f"{line}\n" for line in lines)
            case "junit":
                from fakturavakt.acceptance.junit_report import as_junit

                stream.write(as_junit(told.run, language))
            case "cucumber":
                from fakturavakt.acceptance.cucumber_json import as_cucumber_json

                stream.write(as_cucumber_json(told.run))
            case "html":
                from fakturavakt.acceptance.living_page import page

                stream.write(page(told.run, told.book, told.clauses, told.history, language))
            case _:
                assert_never(form)
    if form != "text" or not is_stream(output):
        for line in text_report.say(told.run, language, every=every):
            tell(line)


def write_site(told: Told, folder: str, language: str) -> None:
    """The living documentation as a folder of Markdown; a folder of other things is let be."""
    from fakturavakt.acceptance import living_site

    pages = living_site.site_pages(told.run, told.book, told.clauses, told.history, language)
    try:
        living_site.write_site(Path(folder), pages)
    except living_site.SiteError as error:
        fail(error.reason.say(language))
