"""Command line: thin. A command parses, calls one library function, prints.

Promises: data on stdout and everything else on stderr; exit codes as ``exit_codes.py`` names them;
heavy imports only in the commands that need them. May import everything.
"""

from __future__ import annotations

import importlib
import signal
import sys
from typing import Final, NoReturn

import click

from fakturavakt import __version__
from fakturavakt.cli import exit_codes
from fakturavakt.cli.configuration import ConfigurationError, default_map
from fakturavakt.cli.language import t
from fakturavakt.cli.norwegian_click import show_error, speaking

COMMANDS: Final = {
    "screen": "fakturavakt.cli.screen_command",
    "run": "fakturavakt.cli.run_command",
    "letter": "fakturavakt.cli.letter_command",
    "holds": "fakturavakt.cli.holds_command",
    "answer": "fakturavakt.cli.answer_command",
    "explain": "fakturavakt.cli.explain_command",
    "facts": "fakturavakt.cli.facts_command",
    "agreements": "fakturavakt.cli.agreements_command",
    "accept": "fakturavakt.cli.accept_command",
    "rules": "fakturavakt.cli.rules_command",
    "schema": "fakturavakt.cli.schema_command",
    "init": "fakturavakt.cli.init_command",
    "completion": "fakturavakt.cli.completion_command",
}


class LazyGroup(click.Group):
    """Imports a command's module when the command is used: start-up is part of every screening."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[name]).command
        return speaking(command)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=t(
        "fakturavakt kontrollerer fakturaer til privatpersoner før de sendes gjennom AutoInvoice: "
        "sendes, stoppet, på vent eller ikke omfattet, og hvorfor.\n\n"
        "Valg kan også settes i fakturavakt.toml (letes opp herfra og oppover) eller som "
        "FAKTURAVAKT_NAVN i miljøet. For help in English: --lang en --help.",
        "fakturavakt checks invoices to private persons before they leave through AutoInvoice: "
        "send, block, hold or out of scope, and why.\n\n"
        "Options can also be set in fakturavakt.toml (looked for here and upwards) or as "
        "FAKTURAVAKT_NAME in the environment. Hjelp på norsk: --lang nb --help.",
    ),
)
@click.version_option(__version__, "--version", prog_name="fakturavakt")
@click.option("--lang", hidden=True, metavar="nb|en")
@click.pass_context
def cli(context: click.Context, lang: str | None) -> None:
    """See ``help`` above."""
    try:
        context.default_map = default_map(lang)
    except ConfigurationError as error:
        click.echo(t(error.reason.say("nb"), error.reason.say("en")), err=True)
        raise SystemExit(exit_codes.ERROR) from None


speaking(cli)


def main() -> None:
    """The entry point ``fakturavakt``."""
    signal.signal(signal.SIGTERM, _end)
    for stream in (sys.stdout, sys.stderr):
        # Whatever the locale is: decisions are UTF-8, and a name that is not must not end a run.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    try:
        code = cli(prog_name="fakturavakt", standalone_mode=False)
    except click.ClickException as error:
        show_error(error)
        code = error.exit_code
    except click.Abort:
        click.echo(t("Avbrutt.", "Interrupted."), err=True)
        code = exit_codes.INTERRUPTED
    sys.exit(code)


def _end(_signal: int, _frame: object) -> NoReturn:
    """SIGTERM as an exit, so that a half-written file does not stay behind."""
    raise SystemExit(exit_codes.TERMINATED)
