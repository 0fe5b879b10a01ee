"""What click says of its own accord, in Norwegian too: headings of help, usage errors.

click speaks English unless a translation is installed on the machine. Its formatter is replaced
through the hooks that it has for that, and the messages of its errors are known by their English
wording: one that is not known is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import click

from fakturavakt.cli.language import t

_HEADINGS: Final = {"Options": "Valg", "Commands": "Kommandoer", "Arguments": "Argumenter"}
_HELP_OF_OPTIONS: Final = (
    ("Show this message and exit.", "Vis denne hjelpen og avslutt."),
    ("Show the version and exit.", "Vis versjonen og avslutt."),
    ("[default: ", "[standard: "),
)
_MESSAGES: Final = tuple(
    (re.compile(english, re.DOTALL), norwegian)
    for english, norwegian in (
        (r"Invalid value: (.*)", r"Ugyldig verdi: \1"),
        (r"Invalid value for (.+?): (.*)", r"Ugyldig verdi for \1: \2"),
        (r"Missing argument '?([^'.]+)'?\.?(.*)", r"Argumentet «\1» mangler.\2"),
        (r"Missing option '?([^'.]+)'?\.?(.*)", r"Valget «\1» mangler.\2"),
        (r"Missing command\.", r"Kommandoen mangler."),
        (r"No such option:? '?([^\s'.]+)'?\.?(.*)", r"Valget «\1» finnes ikke.\2"),
        (r"No such command '([^']+)'\.(.*)", r"Kommandoen «\1» finnes ikke.\2"),
        (r"Option '(.+?)' requires an argument\.", r"Valget «\1» trenger en verdi."),
        (r"Option '(.+?)' does not take a value\.", r"Valget «\1» tar ingen verdi."),
        (r"Got unexpected extra arguments? \((.*)\)", r"For mange argumenter: \1"),
    )
)
_PARTS: Final = (
    (re.compile(r"'([^']*)' is not one of (.+?)\.(?=\s|$)"), r"«\1» er ikke ett av \2."),
    (re.compile(r"'([^']*)' is not '([^']*)'\."), r"«\1» er ikke «\2»."),
    (re.compile(r"\(?Did you mean (?:one of: )?(.+?)\?\)?"), r"Mente du \1?"),
    (re.compile(r"(?:File|Path) '(.*)' is a directory\."), r"«\1» er en mappe."),
    (re.compile(r"(?:Directory|Path) '(.*)' is a file\."), r"«\1» er en fil."),
    (re.compile(r"(?:File|Directory|Path) '(.*)' does not exist\."), r"«\1» finnes ikke."),
    (re.compile(r"(?:File|Directory|Path) '(.*)' is not readable\."), r"«\1» kan ikke leses."),
    (re.compile(r"(?:File|Directory|Path) '(.*)' is not writable\."), r"«\1» kan ikke skrives."),
    (re.compile(r"Choose from:"), "Velg blant:"),
)


class Formatter(click.HelpFormatter):
    """Help with its own words in the chosen language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """``Bruk: fakturavakt …``."""
        args = args.replace("[OPTIONS]", t("[VALG]", "[OPTIONS]"))
        args = args.replace("COMMAND [ARGS]...", t("KOMMANDO …", "COMMAND [ARGS]..."))
        super().write_usage(prog, args, prefix or t("Bruk: ", "Usage: "))

    def write_heading(self, heading: str) -> None:
        """A heading over options or commands."""
        super().write_heading(t(_HEADINGS.get(heading, heading), heading))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Options or commands, with click's own remarks on them."""
        super().write_dl([(name, _remarks(said)) for name, said in rows], col_max, col_spacing)


class _Context(click.Context):
    formatter_class = Formatter


def speaking(command: click.Command) -> click.Command:
    """The command, its help and its errors in the chosen language; a group's commands too."""
    command.context_class = _Context
    if isinstance(command, click.Group):
        for each in command.commands.values():
            speaking(each)
    return command


def show_error(error: click.ClickException) -> None:
    """An error of usage on stderr: how the command is used, where help is, what is wrong."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        path = context.command_path
        click.echo(context.get_usage(), err=True)
        click.echo(
            t(f"Prøv «{path} --help» for hjelp.", f"Try “{path} --help” for help."), err=True
        )
    message = error.format_message()
    click.echo(t(f"Feil: {in_norwegian(message)}", f"Error: {message}"), err=True)


def in_norwegian(message: str) -> str:
    """The message of one of click's errors in Norwegian; as it is where it is not known."""
    for pattern, norwegian in _MESSAGES:
        found = pattern.fullmatch(message)
        if found:
            message = found.expand(norwegian)
            break
    for pattern, norwegian in _PARTS:
        message = pattern.sub(norwegian, message)
    return message


def _remarks(said: str) -> str:
    for english, norwegian in _HELP_OF_OPTIONS:
        said = said.replace(english, t(norwegian, english))
    return said
