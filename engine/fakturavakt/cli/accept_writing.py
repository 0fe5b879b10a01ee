"""What ``fakturavakt accept`` writes for whoever writes scenarios: steps, and invoices as scenarios."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from fakturavakt.cli.terminal import fail, output_stream, tell
from fakturavakt.texts import how_many, text

if TYPE_CHECKING:
    from fakturavakt.acceptance.book_under_test import BookUnderTest


def write_steps(tested: BookUnderTest, about: str, language: str) -> None:
    """All steps, or those about a word."""
    from fakturavakt.acceptance.step_list import step_list

    click.echo(step_list(language, tested.names, about=about or None), nl=False)


def write_scenarios(
    tested: BookUnderTest,
    file: str,
    evidence: str | None,
    as_of: date | None,
    output: str | None,
    language: str,
    *,
    keep_personal: bool,
) -> bool:
    """A feature with a scenario for each document of a file; whether all of them became one."""
    from fakturavakt.acceptance.scenario_writing import new_scenarios
    from fakturavakt.cli.terminal import teller
    from fakturavakt.intake.register import Register
    from fakturavakt.intake.sources import find_files, read_documents
    from fakturavakt.screening import today_in_oslo

    warn = teller(language)
    register = None if evidence is None else Register.load(evidence)
    documents = (
        document
        for each in find_files([file]).files
        for document in read_documents(each, tested.book.vocabulary, warn, None)
    )
    day = as_of or today_in_oslo()
    found = new_scenarios(documents, tested, day, register, language, keep_personal=keep_personal)
    for position, reason in found.refused:
        tell(f"{file} #{position}: {reason.say(language)}")
    if found.alike:
        one = text(
            "dokument sier det samme som et tidligere, og har ikke fått noe eget scenario.",
            "document says the same as an earlier one, and has no scenario of its own.",
        )
        several = text(
            "dokumenter sier det samme som tidligere, og har ikke fått egne scenarier.",
            "documents say the same as earlier ones, and have no scenarios of their own.",
        )
        tell(how_many(found.alike, one, several).say(language))
    if found.left_out:
        one = text("dokument til ble ikke tatt med.", "document more was left out.")
        several = text("dokumenter til ble ikke tatt med.", "documents more were left out.")
        tell(how_many(found.left_out, one, several).say(language))
    if found.feature is None:
        fail(text("Det ble ikke noe scenario.", "There is no scenario.").say(language))
    with output_stream(output) as stream:
        stream.write(found.feature)
    return not found.refused
