"""``fakturavakt.toml``, looked for in the current folder and upwards.

Keys at the top hold for every command that has the option, a table (``[screen]``) for one command.
A flag wins over the environment, and that over the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

import click

FILE_NAME: Final = "fakturavakt.toml"
OPTIONS: Final = ("lang", "rules", "evidence", "as_of", "engine", "format", "fail_on", "output")
_PATHS: Final = ("rules", "evidence", "output")


@cache
def configured() -> dict[str, Any]:
    """The nearest configuration; relative paths in it are read from where it lies."""
    folder = Path.cwd()
    for place in (folder, *folder.parents):
        file = place / FILE_NAME
        if file.is_file():
            return _read(file)
    return {}


def _read(file: Path) -> dict[str, Any]:
    import tomllib  # only where there is a file

    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{file}: {error}"
        raise click.UsageError(message) from None
    return {key: _resolved(key, value, file.parent) for key, value in found.items()}


def _resolved(key: str, value: object, folder: Path) -> object:
    if isinstance(value, dict):
        return {inner.replace("-", "_"): _resolved(inner, v, folder) for inner, v in value.items()}
    if key in _PATHS and isinstance(value, str):
        return str(folder / value)
    return str(value) if not isinstance(value, (bool, int)) else value


def default_map(commands: Iterable[str], language: str | None) -> dict[str, Any]:
    """The configuration as click's defaults; a key that means nothing is an error.

    ``language`` is a ``--lang`` that stood before the command.
    """
    found = configured() | ({"lang": language} if language else {})
    commands = list(commands)
    common = {k.replace("-", "_"): v for k, v in found.items() if not isinstance(v, dict)}
    unknown = [key for key in common if key not in OPTIONS]
    unknown += [
        key for key, value in found.items() if isinstance(value, dict) and key not in commands
    ]
    unknown += [
        f"{command}.{key}"
        for command in commands
        if isinstance(found.get(command), dict)
        for key in found[command]
        if key not in OPTIONS
    ]
    if unknown:
        known = ", ".join((*OPTIONS, *(f"[{command}]" for command in commands)))
        message = f"{FILE_NAME}: unknown key: {', '.join(unknown)}. Known: {known}"
        raise click.UsageError(message)
    shared = {key: value for key, value in common.items() if key not in ("format", "output")}
    defaults: dict[str, Any] = {command: shared | found.get(command, {}) for command in commands}
    defaults["screen"] = common | found.get("screen", {})
    # Groups of commands pass the shared options on to each of theirs.
    defaults["rules"] = dict.fromkeys(("check", "list", "show"), shared)
    return defaults
