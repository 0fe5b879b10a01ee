"""``fakturavakt.toml``, looked for in the current folder and upwards.

Keys at the top hold for every command that has the option, a table (``[screen]``) for one command.
The key ``rules`` and the table ``[rules]`` (for ``rules check|list|show|…``) cannot both stand in one
file: TOML has no name twice. ``output`` at the top is a file, and so not for ``schema``, whose
output is a folder. A flag wins over the environment, and that over the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from fakturavakt.cli.guard_configuration import (
    TABLE as GUARD,
)
from fakturavakt.cli.guard_configuration import (
    GuardConfiguration,
    GuardConfigurationError,
    read_guard,
)
from fakturavakt.problems import nearest, why_not
from fakturavakt.texts import Text, text

FILE_NAME: Final = "fakturavakt.toml"
_READING: Final = ("lang", "rules", "evidence", "as_of")
OPTIONS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "screen": (*_READING, "engine", "format", "fail_on", "output"),
    "run": (*_READING, "engine", "fail_on", "format", "to", "mode", "settle", "metrics"),
    "letter": _READING,
    "explain": _READING,
    "facts": (*_READING, "output"),
    "agreements": (*_READING, "output"),
    "accept": ("lang", "rules", "engine", "output"),
    "rules": ("lang", "rules"),
    "schema": ("lang", "rules", "output"),
    "init": ("lang",),
    "completion": (),
}
"""The options of each command that the file can hold."""
_OPTIONS: Final = OPTIONS_OF["screen"]
_PATHS: Final = ("rules", "evidence", "output", "to", "metrics")
COMMANDS_OF_RULES: Final = (
    "check",
    "list",
    "show",
    "sql",
    "test",
    "coverage",
    "handbook",
    "impact",
    "mutate",
    "diff",
    "prove",
)


class ConfigurationError(Exception):
    """A file that cannot be used; ``reason`` names it, with the line where that is known."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the nearest file says: ``common`` for all commands, ``tables`` by command.

    ``guard`` is its table of that name, which is for ``run``. ``wrong`` is why it cannot be used: help is
    shown all the same, and no command runs.
    """

    common: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    wrong: Text | None = None
    guard: GuardConfiguration = field(default_factory=GuardConfiguration)

    def value(self, key: str, command: str | None) -> str | None:
        """What is configured for a command, or for all."""
        return self.tables.get(command or "", {}).get(key) or self.common.get(key)


@cache
def configured() -> Configuration:
    """The nearest configuration; relative paths in it are read from where it lies."""
    try:
        folder = Path.cwd()
    except OSError:
        return Configuration()  # the folder is gone, and there is no way up from it
    for place in (folder, *folder.parents):
        file = place / FILE_NAME
        try:
            if file.is_file():
                return _read(file)
        except ConfigurationError as error:
            return Configuration(wrong=error.reason)
        except OSError:  # a folder that may not be looked into has nothing to say here
            continue
    return Configuration()


def _read(file: Path) -> Configuration:
    import tomllib  # only where there is a file

    try:
        written = file.read_text(encoding="utf-8")
    except OSError as error:
        why = why_not(error)
        reason = text(f"{file}: {why.say('nb')}.", f"{file}: {why.say('en')}.")
        raise ConfigurationError(reason) from None
    except UnicodeDecodeError:
        reason = text(
            f"{file}: filen er ikke tekst i UTF-8.", f"{file}: the file is not text in UTF-8."
        )
        raise ConfigurationError(reason) from None
    try:
        found = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(_no_toml(file, str(error))) from None
    common: dict[str, str] = {}
    tables: dict[str, dict[str, str]] = {}
    guard = GuardConfiguration()
    for name, value in found.items():
        key = name.replace("-", "_")
        if isinstance(value, dict) and key == GUARD:
            try:
                guard = read_guard(value, lambda k, table: f"{file}:{_line_of(written, k, table)}")
            except GuardConfigurationError as error:
                raise ConfigurationError(error.reason) from None
        elif isinstance(value, dict) and key in OPTIONS_OF:
            for inner, inner_value in value.items():
                place = f"{file}:{_line_of(written, inner, name)}"
                known = OPTIONS_OF[key]
                entry = _entry(inner, inner_value, known, place, file.parent, f"{name}.")
                tables.setdefault(key, {}).update([entry])
        else:
            place = f"{file}:{_line_of(written, name, None)}"
            common.update([_entry(name, value, _OPTIONS, place, file.parent, "")])
    return Configuration(common, tables, guard=guard)


def _entry(
    name: str, value: object, known: tuple[str, ...], place: str, folder: Path, prefix: str
) -> tuple[str, str]:
    """A key and its value, or the reason why they mean nothing."""
    key = name.replace("-", "_")
    if key not in known:
        options = ", ".join(known)
        if not prefix:
            options += ", " + ", ".join(f"[{command}]" for command in (*OPTIONS_OF, GUARD))
        near = nearest(key, known)
        raise ConfigurationError(
            text(
                f"{place}: ukjent nøkkel «{prefix}{name}»."
                + (f" Mente du «{near}»?" if near else f" Kjente nøkler: {options or 'ingen'}."),
                f"{place}: unknown key “{prefix}{name}”."
                + (f" Did you mean “{near}”?" if near else f" Known keys: {options or 'none'}."),
            )
        )
    if key == "as_of" and type(value) is date:
        return key, value.isoformat()
    if not isinstance(value, str):
        raise ConfigurationError(
            text(
                f'{place}: verdien av «{prefix}{name}» må være en tekst i anførselstegn ("…").',
                f'{place}: the value of “{prefix}{name}” must be a text in quotes ("…").',
            )
        )
    return key, str(folder / value) if key in _PATHS else value


def _no_toml(file: Path, detail: str) -> Text:
    found = re.search(r" \(at line (\d+), column (\d+)\)$", detail)
    place = f"{file}:{found[1]}:{found[2]}" if found else str(file)
    said = re.sub(r" \(at [^)]*\)$", "", detail)
    return text(
        f'{place}: dette er ikke gyldig TOML; ventet linjer som: evidence = "mappe"',
        f"{place}: this is not valid TOML: {said}.",
    )


def _line_of(written: str, key: str, table: str | None) -> int:
    """The line that a key stands on, as far as a plain look can tell; else the file's first."""
    inside: str | None = None
    for number, line in enumerate(written.splitlines(), start=1):
        heading = re.match(r"\s*\[\s*([^\]]*?)\s*\]", line)
        if heading:
            inside = heading[1].strip("\"'")
            if table is None and inside == key:
                return number
        elif inside == table and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
            return number
    return 1


def default_map(language: str | None) -> dict[str, Any]:
    """The configuration as click's defaults, for each command the options that it has.

    ``language`` is a ``--lang`` that stood before the command. Raises
    :class:`ConfigurationError` where the file cannot be used.
    """
    found = configured()
    if found.wrong is not None:
        raise ConfigurationError(found.wrong)
    defaults: dict[str, Any] = dict(_defaults(found, language))
    # Groups of commands pass the options on to each of theirs.
    defaults["rules"] = dict.fromkeys(COMMANDS_OF_RULES, defaults["rules"])
    return defaults


def _defaults(
    found: Configuration, language: str | None
) -> Iterator[tuple[str, Mapping[str, str]]]:
    for command, options in OPTIONS_OF.items():
        common = {key: value for key, value in found.common.items() if key in options}
        if command == "schema":
            common.pop("output", None)
        spoken = {"lang": language} if language and "lang" in options else {}
        yield command, common | dict(found.tables.get(command, {})) | spoken
