"""``fakturavakt completion``: completion for the shell."""

from __future__ import annotations

import click

from fakturavakt.cli.language import t


@click.command(
    "completion",
    help=t(
        "Skriv skriptet som lar skallet fullføre kommandoer og valg. For bash: legg "
        'eval "$(fakturavakt completion bash)" i ~/.bashrc.',
        "Write the script that lets the shell complete commands and options. For bash: put "
        'eval "$(fakturavakt completion bash)" in ~/.bashrc.',
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """See ``help`` above."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    root = context.find_root().command
    assert found is not None  # the choices are click's own
    click.echo(found(root, {}, "fakturavakt", "_FAKTURAVAKT_COMPLETE").source())
