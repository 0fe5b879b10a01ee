"""Options that several commands share: the same name, meaning and environment variable everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from fakturavakt.cli.language import t
from fakturavakt.texts import NORWEGIAN

Command = TypeVar("Command", bound=Callable[..., Any])
Decorator = Callable[[Command], Command]


class Day(click.ParamType[date]):
    """A date, ``YYYY-MM-DD``."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The day, or a usage error."""
        if isinstance(value, date):
            return value
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
                raise ValueError  # a week date (2021-W05-2) has ten characters, too
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(
                t(
                    f"«{value}» er ingen dato; skriv den som 2021-02-02.",
                    f"“{value}” is no date; write it like 2021-02-02.",
                ),
                param,
                ctx,
            )


def paths_argument(*, required: bool = True) -> Decorator[Any]:
    """``PATH…``: files, folders, globs, or ``-``."""
    return click.argument("paths", metavar="PATH…", nargs=-1, required=required, type=click.Path())


def rules_option() -> Decorator[Any]:
    """``--rules``."""
    return click.option(
        "--rules",
        type=click.Path(file_okay=False),
        metavar=t("MAPPE", "FOLDER"),
        envvar="FAKTURAVAKT_RULES",
        help=t(
            "Regelbok å bruke i stedet for den som følger med.",
            "Rule book to use instead of the one that ships.",
        ),
    )


def evidence_option() -> Decorator[Any]:
    """``--evidence``."""
    return click.option(
        "--evidence",
        type=click.Path(file_okay=False),
        metavar=t("MAPPE", "FOLDER"),
        envvar="FAKTURAVAKT_EVIDENCE",
        help=t(
            "Mappe med evidensregisteret (senders.csv, recipients.csv, services.csv, evidence.csv).",
            "Folder with the evidence register (senders.csv, recipients.csv, services.csv, evidence.csv).",
        ),
    )


def as_of_option() -> Decorator[Any]:
    """``--as-of``."""
    return click.option(
        "--as-of",
        type=Day(),
        metavar=t("DATO", "DATE"),
        envvar="FAKTURAVAKT_AS_OF",
        help=t(
            "Kontrolldato (ÅÅÅÅ-MM-DD); ellers i dag i Oslo.",
            "Screening date (YYYY-MM-DD); else today in Oslo.",
        ),
    )


def engine_option() -> Decorator[Any]:
    """``--engine``."""
    return click.option(
        "--engine",
        type=click.Choice(["auto", "durable", "reference"]),
        default="auto",
        show_default=True,
        envvar="FAKTURAVAKT_ENGINE",
        help=t("Motor som evaluerer reglene.", "Engine that evaluates the rules."),
    )


def language_option() -> Decorator[Any]:
    """``--lang``."""
    return click.option(
        "--lang",
        default=NORWEGIAN,
        show_default=True,
        metavar="nb|en",
        envvar="FAKTURAVAKT_LANG",
        help=t("Språk for tekst og meldinger.", "Language of text and messages."),
    )


def output_option() -> Decorator[Any]:
    """``--output``."""
    return click.option(
        "--output",
        "-o",
        type=click.Path(dir_okay=False),
        metavar=t("FIL", "FILE"),
        help=t(
            "Skriv hit i stedet for til stdout; filen dukker opp hel eller ikke i det hele tatt.",
            "Write here instead of to stdout; the file appears whole or not at all.",
        ),
    )
