"""``fakturavakt.toml`` as its writer meets it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.conftest import CONTRACT_DOCUMENT, Run
from tests.cli.test_screen import AS_OF, SENT, write

from fakturavakt.cli import rules_command
from fakturavakt.cli.configuration import COMMANDS_OF_RULES

README = Path(__file__).parents[2] / "README.md"


def test_the_readmes_configuration_works(fakturavakt: Run, tmp_path: Path) -> None:
    """As it stands there: a rule book, a register and a format of one's own."""
    (written,) = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert fakturavakt("init", ".").returncode == 0
    (tmp_path / "samples" / "evidence").rename(tmp_path / "register")
    (tmp_path / "fakturavakt.toml").write_text(written, encoding="utf-8")
    done = fakturavakt("screen", "samples", *AS_OF)
    assert done.returncode == 1, done.stderr
    assert len(done.stdout.splitlines()) == 20
    assert all(json.loads(line)["rulebook"] for line in done.stdout.splitlines())
    for command in (["rules", "check"], ["schema", "channel"], ["facts", "samples"]):
        assert fakturavakt(*command).returncode == 0, command


def test_what_init_writes_works(fakturavakt: Run, tmp_path: Path) -> None:
    """The rule book that is used is the one that was made."""
    assert fakturavakt("init", ".").returncode == 0
    assert fakturavakt("rules", "check").returncode == 0
    (tmp_path / "rules" / "prohibitions" / "unagreed-upgrade.yaml").write_text("rule: x\n")
    assert fakturavakt("rules", "check").returncode == 2


def test_every_command_about_rules_reads_the_file() -> None:
    """None is forgotten: it would use the rule book that ships without a word."""
    assert set(COMMANDS_OF_RULES) == set(rules_command.command.commands)


def test_a_table_for_the_commands_about_rules(fakturavakt: Run, tmp_path: Path) -> None:
    """``[rules]`` is for ``rules check|list|show|…``, as ``[screen]`` is for ``screen``."""
    assert fakturavakt("init", "mine").returncode == 0
    (tmp_path / "mine" / "fakturavakt.toml").unlink()
    (tmp_path / "mine" / "rules" / "rulebook.yaml").write_text("name: 1\n")
    config = tmp_path / "fakturavakt.toml"
    config.write_text('[rules]\nlang = "en"\n')
    assert "Kind: prohibition" in fakturavakt("rules", "show", "unagreed-upgrade").stdout
    config.write_text('[rules]\nrules = "mine/rules"\n')
    assert fakturavakt("rules", "check").returncode == 2
    write(tmp_path, "a.json", SENT)
    assert fakturavakt("screen", "a.json", *AS_OF).returncode == 0


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('lang = "nb"\nevidence = 5\n', "fakturavakt.toml:2: verdien av «evidence»"),
        ("lang = \n", "fakturavakt.toml:1:8: dette er ikke gyldig TOML"),
        ('\n[screen]\nformt = "csv"\n', "«screen.formt»"),
        ('[explain]\nformat = "csv"\n', "«explain.format»"),
        ("[screan]\n", "«screan»"),
        ("[rules.check]\n", "«rules.check»"),
    ],
)
@pytest.mark.parametrize("command", [["screen", "a.json"], ["rules", "check"]])
def test_a_broken_configuration_is_one_line(
    fakturavakt: Run, tmp_path: Path, written: str, said: str, command: list[str]
) -> None:
    """It names the file, and no command runs."""
    (tmp_path / "fakturavakt.toml").write_text(written)
    done = fakturavakt(*command)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert said in line
    assert "fakturavakt.toml" in line


def test_a_configuration_that_is_no_text(fakturavakt: Run, tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are told of, not shown."""
    (tmp_path / "fakturavakt.toml").write_bytes(b'lang = "\xff"\n')
    done = fakturavakt("rules", "check")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert fakturavakt("--help").returncode == 0


def test_output_comes_from_the_environment_and_the_file(fakturavakt: Run, tmp_path: Path) -> None:
    """For each command that writes a report to a file."""
    write(tmp_path, "a.json", CONTRACT_DOCUMENT)
    for command in (["screen", "a.json", "--fail-on", "never"], ["facts", "a.json"]):
        done = fakturavakt(*command, env={"FAKTURAVAKT_OUTPUT": "environment"})
        assert (done.returncode, done.stdout) == (0, "")
        assert (tmp_path / "environment").read_text(encoding="utf-8")
        (tmp_path / "environment").unlink()
    (tmp_path / "fakturavakt.toml").write_text('output = "file"\n')
    for name in ("screen", "facts", "agreements"):
        assert fakturavakt(name, "a.json").stdout == ""
        assert (tmp_path / "file").read_text(encoding="utf-8")
        (tmp_path / "file").unlink()
    assert fakturavakt("schema", "channel").stdout
