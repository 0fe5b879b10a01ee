"""A page of docs/, followed step by step: its files are written, its commands run, its output compared.

In the page, a comment that no reader sees says what a block is:

- ``<!-- file: PATH -->``: the block below is that file; ``<!-- append: PATH -->``: it is added to its end.
- ``<!-- edit: PATH -->``: the ``diff`` below; its ``-`` lines stand once in the file, and become its ``+``
  lines.
- ``<!-- needs: rules impact -->``, before any of these or alone: the block below is left out where
  fakturavakt has no such command or option.

Each ``console`` block has commands behind ``$`` and what each prints below it; what only stderr says may be
left out. A line ``…`` is any number of lines, a ``…`` within a line any text. A command ends with 0, unless
``(exit code N)`` or ``(sluttkode N)`` is its last line. ``cd`` and ``export`` last to the end of the page.
The folder that all of it happens in is called ``/home/kari``.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

HOME = "/home/kari"
_BLOCK = re.compile(
    r"(?:^<!-- needs: (?P<needs>.+?) -->\n)?"
    r"(?:^<!-- (?P<what>file|append|edit): (?P<of>.+?) -->\n)?"
    r"^```(?P<kind>\w+)\n(?P<content>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_EXIT = re.compile(r"\((?:exit code|sluttkode) ([0-9]+)\)")


@dataclass(frozen=True)
class Block:
    """A block of a page: its kind (``console``, ``yaml``), what it is, what it needs, and where it stands."""

    kind: str
    content: str
    what: str | None
    of: str
    needs: str | None
    line: int


@dataclass(frozen=True)
class Command:
    """A command of a page, and the lines that it is said to print."""

    command: str
    printed: tuple[str, ...]
    exit_code: int


def blocks(page: str) -> Iterator[Block]:
    """Every block of code, in order."""
    for found in _BLOCK.finditer(page):
        line = page.count("\n", 0, found.start("content")) + 1
        yield Block(
            found["kind"], found["content"], found["what"], found["of"] or "", found["needs"], line
        )


def commands(block: Block) -> Iterator[Command]:
    """The commands of a ``console`` block; a backslash at a line's end goes on in the next."""
    for step in re.split(r"^\$ ", block.content, flags=re.MULTILINE)[1:]:
        command, *printed = re.sub(r"\\\n\s*", "", step).rstrip("\n").split("\n")
        code = 0
        if printed and (ends := _EXIT.fullmatch(printed[-1])):
            code = int(ends[1])
            printed.pop()
        yield Command(command, tuple(printed), code)


@cache
def is_there(command: str) -> bool:
    """Whether fakturavakt has the command, or the option of it: ``rules impact``, ``screen --trials``."""
    *words, last = command.split()
    found = _run(
        ["fakturavakt", *words, *([] if last.startswith("-") else [last]), "--help"], Path()
    )
    return found.returncode == 0 and (not last.startswith("-") or last in found.stdout)


def _run(
    command: list[str], folder: Path, exported: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """As somebody does who has installed fakturavakt beside this Python, and set nothing up."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("FAKTURAVAKT_", "GIT_"))}
    people = {
        f"GIT_{who}_{what}": "kari" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(
        command,
        cwd=folder,
        env={**bare, **people, "PATH": path, "COLUMNS": "200", **(exported or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@dataclass
class Walkthrough:
    """Follows a page in a folder of its own. What goes wrong is an assertion that names the page's line."""

    name: str
    home: Path
    folder: Path = field(init=False)
    exported: dict[str, str] = field(default_factory=dict)
    commands_run: int = 0

    def __post_init__(self) -> None:
        self.folder = self.home

    def follow(self, page: str) -> None:
        """All of the page."""
        for block in blocks(page):
            where = f"{self.name}:{block.line}"
            if block.needs is not None and not is_there(block.needs):
                continue
            match block.what:
                case "file" | "append":
                    path = self.folder / block.of
                    path.parent.mkdir(parents=True, exist_ok=True)
                    with path.open("w" if block.what == "file" else "a", encoding="utf-8") as file:
                        file.write(block.content)
                case "edit":
                    self._edit(self.folder / block.of, block.content, where)
                case _ if block.kind == "console":
                    for command in commands(block):
                        self._follow(command, where)
                case _:
                    assert block.kind not in ("sh", "bash"), f"{where}: a command that nothing runs"

    def _edit(self, path: Path, content: str, where: str) -> None:
        lines = content.splitlines()
        old, new = (
            "".join(f"{each[1:]}\n" for each in lines if each[0] in kept) for kept in (" -", " +")
        )
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{where}: the lines to edit do not stand once in {path.name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def _follow(self, command: Command, where: str) -> None:
        words = shlex.split(command.command)
        if words[0] == "cd":
            self.folder = self.folder / words[1]
            return
        if words[0] == "export":
            name, value = words[1].split("=", 1)
            self.exported[name] = value
            return
        done = _run(["bash", "-c", command.command], self.folder, self.exported)
        self.commands_run += 1
        out, err = self.shown(done.stdout), self.shown(done.stderr)
        assert done.returncode == command.exit_code, f"{where}: {command.command}\n{err}{out}"
        pattern = _pattern(command.printed)
        assert any(pattern.fullmatch(said) for said in (out, err + out, out + err)), (
            f"{where}: {command.command} prints\n{err}{out}\nand not\n" + "\n".join(command.printed)
        )

    def shown(self, printed: str) -> str:
        """As the page shows it: no-break spaces are spaces, and the folder has its name."""
        plain = printed.replace("\N{NO-BREAK SPACE}", " ").replace(str(self.home.resolve()), HOME)
        lines = plain.rstrip("\n").split("\n") if plain.strip() else []
        return "".join(f"{line.rstrip()}\n" for line in lines)


def _pattern(lines: tuple[str, ...]) -> re.Pattern[str]:
    parts = []
    for line in lines:
        if line == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(r".*?".join(map(re.escape, line.split("…"))) + r"\n")
    return re.compile("".join(parts))
