"""``rules check`` as an officer, an editor and a CI job run it."""

from __future__ import annotations

import json
import os
import queue
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
import yaml
from lxml import etree
from tests.cli.conftest import Run

from fakturavakt.shipped import shipped_folder

ROOT = Path(__file__).parents[2]
VIPPS = "channels/vipps_regning.yaml"
GIFT = "prohibitions/unsolicited-gift-request.yaml"
WINDOW = "effective: {from: 2018-12-20}"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rule book, in the folder where the commands run."""
    return Path(shutil.copytree(shipped_folder("rules"), tmp_path / "rules"))


def changed(path: Path, old: str, new: str) -> None:
    """A text that stands once is replaced."""
    content = path.read_text(encoding="utf-8")
    assert content.count(old) == 1
    path.write_text(content.replace(old, new), encoding="utf-8")


def test_the_shipped_rule_book_is_in_order(fakturavakt: Run) -> None:
    """As it is installed, down to notes."""
    done = fakturavakt("rules", "check", "--fail-on", "note")
    assert (done.returncode, done.stderr) == (0, "")
    first, version = done.stdout.splitlines()
    assert "er i orden: 16 regler" in first
    assert version.startswith("sha256:")


def test_a_warning_is_exit_code_1_unless_only_errors_count(fakturavakt: Run, rules: Path) -> None:
    """The folder as an argument or as an option; findings stand on stdout."""
    changed(rules / VIPPS, WINDOW, "effective: {from: 2018-12-21}")
    for arguments, code in (
        (["rules"], 1),
        (["--rules", "rules", "--fail-on", "note"], 1),
        (["rules", "--fail-on", "error"], 0),
        (["rules", "--fail-on", "never"], 0),
    ):
        done = fakturavakt("rules", "check", *arguments, "--no-solver")
        assert done.returncode == code, arguments
        assert f"rules/{VIPPS}:59:12: FV401 advarsel:" in done.stdout
        assert done.stderr == ""


def test_mistakes_of_form_are_exit_code_2_whatever_fails(fakturavakt: Run, rules: Path) -> None:
    """Told on stderr as everywhere, in words; in other formats where the format goes."""
    changed(rules / GIFT, "line.kind: gift", "line.knd: gift")
    done = fakturavakt("rules", "check", "rules", "--fail-on", "never", "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert "FV040 error: Unknown fact “line.knd”. Did you mean “line.kind”?" in done.stderr
    assert "The meaning is checked once" in done.stderr
    for form in ("json", "sarif", "github", "junit"):
        done = fakturavakt("rules", "check", "rules", "--format", form, "--output", form)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", "")
    root = rules.parent
    assert json.loads((root / "json").read_text(encoding="utf-8"))["findings"][0]["code"] == "FV040"
    assert json.loads((root / "sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert (root / "github").read_text(encoding="utf-8").startswith("::error file=rules/prohib")
    assert etree.parse(str(root / "junit")).getroot().get("failures") == "1"


def test_mistakes_in_a_table_of_cases_are_told_too(fakturavakt: Run, rules: Path) -> None:
    """A table that is not understood tests nothing."""
    (rules / "mine.test.yaml").write_text(
        "cases:\n  - case: x\n    given: vare\n", encoding="utf-8"
    )
    done = fakturavakt("rules", "check", "rules")
    assert done.returncode == 2
    assert "rules/mine.test.yaml:2:5: FV021" in done.stderr


def test_fix_writes_shows_and_then_has_nothing_to_do(fakturavakt: Run, rules: Path) -> None:
    """What was changed is a diff on stderr; what is left is told as always."""
    changed(rules / GIFT, "line.kind: gift", "line.knd: gift")
    changed(rules / VIPPS, WINDOW, "effective: {from: 2018-12-21}")
    done = fakturavakt("rules", "check", "rules", "--fix", "--no-solver")
    assert done.returncode == 1
    assert (
        "-          - line.knd: gift_request\n+          - line.kind: gift_request\n" in done.stderr
    )
    assert "1 funn er rettet i 1 fil." in done.stderr
    assert "FV401" in done.stdout
    shipped = (shipped_folder("rules") / GIFT).read_text(encoding="utf-8")
    assert (rules / GIFT).read_text(encoding="utf-8") == shipped
    done = fakturavakt("rules", "check", "rules", "--fix", "--no-solver")
    assert done.stderr == "Det er ingenting å rette.\n"


def test_usage_that_makes_no_sense(fakturavakt: Run, rules: Path) -> None:
    """One line each, and exit code 2."""
    for arguments, said in (
        (["--fix", "--watch"], "--fix og --watch"),
        (["--format", "xml"], "xml"),
        (["--timeout", "0"], "--timeout"),
        (["--features", "nope"], "nope"),
        (["rules/rulebook.yaml"], "rulebook.yaml"),
        (["nope", "--watch"], "nope"),
        (["rules", "--lang", "fr"], "“fr”"),
    ):
        done = fakturavakt("rules", "check", *arguments)
        assert done.returncode == 2, arguments
        assert said in done.stderr, done.stderr
        assert "Traceback" not in done.stderr


def test_it_says_that_the_solver_is_not_installed(
    fakturavakt: Run, rules: Path, tmp_path: Path
) -> None:
    """Checked as far as can be seen without it; the exit code is that of what was found."""
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "z3.py").write_text("raise ImportError\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "without"), *sys.path])
    done = fakturavakt("rules", "check", "rules", env={"PYTHONPATH": path})
    assert done.returncode == 0
    assert "z3 er ikke installert (pip install 'fakturavakt[prove]')" in done.stdout
    assert "FV201" in done.stdout


# -- watching -----------------------------------------------------------------------------------------


class Watched:
    """``rules check --watch`` in a process of its own; ``wait`` for a line of what it prints."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "fakturavakt", "rules", "check", "rules", "--watch"]
        self.process = subprocess.Popen(
            [*command, "--no-solver", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.thread = threading.Thread(target=self._read, args=(self.process.stdout,))
        self.thread.start()

    def _read(self, stream: IO[str] | None) -> None:
        assert stream is not None
        with stream:
            for line in stream:
                self.lines.put(line)

    def wait(self, wanted: str) -> list[str]:
        """The lines up to one that has the text."""
        seen: list[str] = []
        while not seen or wanted not in seen[-1]:
            seen.append(self.lines.get(timeout=60))
        return seen

    def end(self, by: signal.Signals) -> int:
        """Ends it; its exit code."""
        self.process.send_signal(by)
        code = self.process.wait(timeout=60)
        self.thread.join(timeout=60)
        return code


@pytest.fixture
def watched(rules: Path) -> Iterator[Callable[..., Watched]]:
    """Starts watching the copy; whatever happens, it ends with the test."""
    started: list[Watched] = []

    def start(*arguments: str) -> Watched:
        started.append(Watched(rules.parent, *arguments))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.end(signal.SIGKILL)


def test_watch_checks_again_after_each_change_until_it_is_ended(
    watched: Callable[..., Watched], rules: Path
) -> None:
    """Broken and mended again; files that are no rules are not looked at; Ctrl-C is no failure."""
    run = watched()
    assert any("er i orden" in line for line in run.wait("Venter på endringer i rules"))
    changed(rules / VIPPS, WINDOW, "effective: {from: 2018-12-21}")
    (again,) = (line for line in run.wait("Endret") if "Endret" in line)
    assert "vipps_regning.yaml. Kontrollerer på nytt." in again
    assert any("FV401" in line for line in run.wait("Venter"))
    (rules / "notes.md").write_text("x", encoding="utf-8")
    (rules / GIFT).write_text("rule: [", encoding="utf-8")
    assert "notes.md" not in run.wait("Endret")[-1]
    assert any("FV001" in line for line in run.wait("Venter"))
    assert run.end(signal.SIGINT) == 0
    assert run.wait("Avsluttet.")


def test_without_watchfiles_it_says_how_to_get_it(
    fakturavakt: Run, rules: Path, tmp_path: Path
) -> None:
    """Before anything is checked, and with exit code 2."""
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "watchfiles.py").write_text("raise ImportError\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "without"), *sys.path])
    done = fakturavakt(
        "rules", "check", "rules", "--watch", "--no-solver", env={"PYTHONPATH": path}
    )
    assert done.returncode == 2
    assert "pip install 'fakturavakt[watch]'" in done.stderr


# -- pre-commit ---------------------------------------------------------------------------------------

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_by_its_own_words(
    fakturavakt: Run, rules: Path, hook: dict[str, object]
) -> None:
    """Its entry and arguments, split as pre-commit splits them, beside a rule book: 0, then not."""
    shutil.copytree(ROOT / "features" / "forbud", rules.parent / "features")
    program, *words = shlex.split(str(hook["entry"]))
    assert program == "fakturavakt"
    arguments = [*words, *(str(each) for each in hook["args"])]  # type: ignore[attr-defined]
    done = fakturavakt(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    changed(
        rules / "definitions" / "consent-valid.yaml",
        "given_on: {on_or_before: invoice.send_date}",
        "given_on: {before: invoice.snd_date}",
    )
    done = fakturavakt(*arguments)
    assert done.returncode == 2
    assert "rules/definitions/consent-valid.yaml:13:" in done.stderr
