"""Options that several commands share: the same name, meaning and environment variable everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from fakturavakt.cli.exit_codes import FAIL_ON
from fakturavakt.cli.language import t
from fakturavakt.texts import NORWEGIAN, Text

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


def engine_option(*names: str) -> Decorator[Any]:
    """``--engine``."""
    return click.option(
        "--engine",
        type=click.Choice(names or ["auto", "durable", "reference"]),
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
        envvar="FAKTURAVAKT_OUTPUT",
        help=t(
            "Skriv hit i stedet for til stdout; filen dukker opp hel eller ikke i det hele tatt.",
            "Write here instead of to stdout; the file appears whole or not at all.",
        ),
    )


def rejected_option() -> Decorator[Any]:
    """``--rejected``."""
    return click.option(
        "--rejected",
        type=click.Path(dir_okay=False),
        metavar=t("FIL", "FILE"),
        envvar="FAKTURAVAKT_REJECTED",
        help=t(
            "Skriv hit, en linje for hvert, hvilke dokumenter som ikke kunne leses: fil, plass og grunn.",
            "Write here, a line for each, which documents could not be read: file, place and reason.",
        ),
    )


def fail_on_option() -> Decorator[Any]:
    """``--fail-on``."""
    return click.option(
        "--fail-on",
        type=click.Choice(FAIL_ON),
        default="hold",
        show_default=True,
        envvar="FAKTURAVAKT_FAIL_ON",
        help=t(
            "Hva som gir avslutningskode 1: bare stoppede, også de på vent, eller aldri.",
            "What gives exit code 1: only blocked invoices, held ones too, or never.",
        ),
    )


def with_text_option() -> Decorator[Any]:
    """``--with-text``."""
    return click.option(
        "--with-text",
        is_flag=True,
        envvar="FAKTURAVAKT_WITH_TEXT",
        help=t(
            "Ta meldinger, råd og kilder med i Parquet.",
            "Put messages, remedies and sources into Parquet, too.",
        ),
    )


def trials_option(said: Text, *, envvar: str | None = None) -> Decorator[Any]:
    """``--trials``: ask for rules on trial, too; ``said`` is what that means here."""
    return click.option(
        "--trials", is_flag=True, envvar=envvar, help=t(said.say("nb"), said.say("en"))
    )


def resume_option() -> Decorator[Any]:
    """``--resume``."""
    return click.option(
        "--resume",
        is_flag=True,
        help=t(
            "Fortsett en avbrutt kjøring til samme --output.",
            "Go on with an interrupted run to the same --output.",
        ),
    )


class Memory(click.ParamType[str]):
    """An amount of memory: ``2GB``, ``512MiB``."""

    name = "memory"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The amount as it was written, or a usage error."""
        from fakturavakt.bulk.memory import bytes_of

        if bytes_of(str(value)) is None:
            self.fail(
                t(
                    f"«{value}» er ingen minnemengde; skriv den som 2GB eller 512MB.",
                    f"“{value}” is no amount of memory; write it like 2GB or 512MB.",
                ),
                param,
                ctx,
            )
        return str(value)


def memory_option() -> Decorator[Any]:
    """``--memory``."""
    return click.option(
        "--memory",
        type=Memory(),
        metavar=t("MENGDE", "AMOUNT"),
        default="1GB",
        show_default=True,
        envvar="FAKTURAVAKT_MEMORY",
        help=t(
            "Minne som kolonnemotoren kan bruke; det som ikke får plass, legges på disk.",
            "Memory that the columnar engine may use; what does not fit goes to disk.",
        ),
    )


def threads_option() -> Decorator[Any]:
    """``--threads``."""
    return click.option(
        "--threads",
        type=click.IntRange(min=1),
        metavar=t("ANTALL", "NUMBER"),
        envvar="FAKTURAVAKT_THREADS",
        help=t(
            "Hvor mange deler av filene kolonnemotoren avgjør samtidig; ellers én per kjerne.",
            "Pieces of the files that the columnar engine decides at once; else one a core.",
        ),
    )


def verbose_option() -> Decorator[Any]:
    """``--verbose``."""
    return click.option(
        "--verbose",
        "-v",
        is_flag=True,
        envvar="FAKTURAVAKT_VERBOSE",
        help=t("Si hvilken motor som brukes, og hvorfor.", "Say which engine is used, and why."),
    )


def on_option() -> Decorator[Any]:
    """``--on``."""
    return click.option(
        "--on",
        metavar="spark://HOST:PORT",
        envvar="FAKTURAVAKT_ON",
        help=t(
            "Avgjør på en Spark-klynge (local[2] er denne maskinen): Parquet inn, en mappe med Parquet ut.",
            "Decide on a Spark cluster (local[2] is this machine): Parquet in, a folder of Parquet out.",
        ),
    )
