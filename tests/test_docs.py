"""What README and docs print is true: links, commands, the screen of output, the Python example."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.walkthrough import is_there

from fakturavakt.cli import COMMANDS, cli

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
CONTRACT = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link names a file or folder that is there."""
    for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_screen_of_output_is_what_the_program_prints() -> None:
    """Line by line, but for the lines left out."""
    (screen,) = re.findall(r"```text\n\$ fakturavakt (.*?)\n(.*?)\n```", README, re.DOTALL)
    command, printed = screen
    done = subprocess.run(
        [sys.executable, "-m", "fakturavakt", *command.split()],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    found = {line.rstrip() for line in done.stdout.replace("\N{NO-BREAK SPACE}", " ").splitlines()}
    for line in printed.splitlines():
        assert line in found or line == "…", line


def commands_in(page: str) -> Iterator[list[str]]:
    """The arguments of each ``fakturavakt …`` in a block of code, up to what the shell makes of the rest."""
    for block in re.findall(r"^```(?:sh|text|console)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            for part in re.split(r"&&|\|\||[|;]", line.removeprefix("$ ")):
                if part.strip().startswith("fakturavakt "):
                    words = shlex.split(part.split(" 2>")[0], comments=True)
                    yield words[1:]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_exist_with_their_options(page: Path) -> None:
    """Each command of a block of code is one of the program's, and so is each option of it.

    Those of the tutorial and the how-to are run, too (``test_walkthroughs.py``).
    """
    text = page.read_text(encoding="utf-8")
    for needs in re.findall(r"<!-- needs: (.+?) -->", text):
        if not is_there(needs):
            block = rf"<!-- needs: {needs} -->\n(<!--.*?-->\n)?```.*?^```$"
            text = re.sub(block, "", text, flags=re.MULTILINE | re.DOTALL)
    for arguments in commands_in(text):
        command: click.Command = cli
        for word in arguments:
            if isinstance(command, click.Group) and not word.startswith("-"):
                found = command.get_command(click.Context(command), word)
                assert found is not None, arguments
                command = found
            elif word.startswith("-") and word != "-":
                options = {each for option in command.params for each in option.opts}
                known = options | {"--help", "-h"}
                assert word.split("=")[0] in known, arguments


def test_the_python_example_runs() -> None:
    """As it stands there."""
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert "efaktura" in done.stdout


def test_every_command_is_in_the_readme() -> None:
    """And none that does not exist."""
    assert set(re.findall(r"^\| `fakturavakt (\w+)", README, re.MULTILINE)) == set(COMMANDS)


def test_modules_in_the_architecture_exist() -> None:
    """Each module that the page names, wherever in the package or the tests it lies."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    names = set(re.findall(r"`([\w/]+\.py)`", page))
    assert len(names) > 30
    files = [
        path.relative_to(ROOT).as_posix()
        for folder in ("engine", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
    ]
    for name in names:
        assert any(f"/{file}".endswith(f"/{name}") for file in files), name


def test_cited_sections_of_the_contract_exist() -> None:
    """Each *contract §N* leads somewhere, in code, tests and docs alike."""
    sections = set(re.findall(r"^## ([0-9]+)\.", CONTRACT, re.MULTILINE))
    cited = 0
    for folder in ("engine", "tests", "docs", "features"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".md", ".feature"):
                found = re.findall(
                    r"ontract(?:\]\([\w.]+\))? §([0-9]+)", path.read_text(encoding="utf-8")
                )
                cited += len(found)
                assert set(found) <= sections, path
    assert cited > 20
