"""``fakturavakt init``: a rule book of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import click

from fakturavakt.cli import options
from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import fail, failures_told

PARTS: Final = ("rules", "samples", "features")
FILES: Final = {"fakturavakt.toml": 'rules = "rules"\n'}
"""What is written beside the folders."""


@click.command(
    "init",
    help=t(
        "Lag en egen regelbok i DIR som kan redigeres, med eksempelfakturaer og scenarier.",
        "Make a rule book of your own in DIR to edit, with sample invoices and features.",
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False))
@options.language_option()
def command(folder: str, lang: str) -> None:
    """See ``help`` above."""
    from fakturavakt.shipped import shipped_folder

    root = Path(folder)
    with failures_told(lang):
        taken = [name for name in (*PARTS, *FILES) if (root / name).exists()]
        if taken:
            fail(
                t(
                    f"{folder} har alt {', '.join(taken)}; ingenting er skrevet. Velg en annen mappe.",
                    f"{folder} already has {', '.join(taken)}; nothing was written. Choose another "
                    "folder.",
                )
            )
        root.mkdir(parents=True, exist_ok=True)
        for name in PARTS:
            shutil.copytree(
                shipped_folder(name), root / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        for name, content in FILES.items():
            (root / name).write_text(content, encoding="utf-8")
    click.echo(
        t(
            f"Laget {folder}. Rediger filene under {root / 'rules'}, og prøv dem med:",
            f"Made {folder}. Edit the files under {root / 'rules'}, and try them with:",
        )
    )
    click.echo(f"  cd {folder}")
    click.echo("  fakturavakt rules check")
    click.echo("  fakturavakt rules test")
    click.echo("  fakturavakt screen samples --evidence samples/evidence")
    click.echo(
        t(
            "  pytest   # scenariene; krever pip install 'fakturavakt[acceptance]'",
            "  pytest   # the scenarios; needs pip install 'fakturavakt[acceptance]'",
        )
    )
