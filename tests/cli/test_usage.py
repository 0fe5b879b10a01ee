"""Usage errors and help in both languages, and how a run is broken off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.conftest import Run

ENGLISH_WORDS = (
    "Usage",
    "Options",
    "Commands",
    "Show this",
    "Error",
    "Invalid",
    "No such",
    "Missing",
)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["screen"], "Feil: Argumentet «PATH…» mangler."),
        (["scren"], "Feil: Kommandoen «scren» finnes ikke."),
        (["screen", "--formt", "csv"], "Feil: Valget «--formt» finnes ikke. Mente du '--format'?"),
        (["screen", "a", "--format", "xls"], "Feil: Ugyldig verdi for '--format': «xls» er ikke"),
        (["screen", "a", "--format"], "Feil: Valget «--format» trenger en verdi."),
        (
            ["screen", "a", "--as-of", "i dag"],
            "Feil: Ugyldig verdi for '--as-of': «i dag» er ingen",
        ),
        (["rules", "show", "a", "b"], "Feil: For mange argumenter: b"),
        (["screen", "a", "-o", "."], "Feil: Ugyldig verdi for '--output' / '-o': «.» er en mappe."),
    ],
)
def test_usage_errors_are_norwegian(fakturavakt: Run, arguments: list[str], said: str) -> None:
    """Unless English is asked for."""
    done = fakturavakt(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert not [word for word in ENGLISH_WORDS if word in done.stderr]
    english = fakturavakt(*arguments, env={"FAKTURAVAKT_LANG": "en"})
    assert english.returncode == 2
    assert "Error: " in english.stderr


@pytest.mark.parametrize("command", [[], ["screen"], ["rules"], ["rules", "show"], ["init"]])
def test_help_is_norwegian_to_the_last_word(fakturavakt: Run, command: list[str]) -> None:
    """Headings, and what click says of its own options."""
    shown = fakturavakt(*command, "--help").stdout
    assert shown.startswith("Bruk: fakturavakt")
    assert "Vis denne hjelpen og avslutt." in shown
    assert not [word for word in (*ENGLISH_WORDS, "default:") if word in shown]
    assert fakturavakt(*command, "--help", env={"FAKTURAVAKT_LANG": "en"}).stdout.startswith(
        "Usage:"
    )


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_broken_off_leaves_nothing_behind(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    """The exit code says which signal it was; no half-written file stays."""
    command = [sys.executable, "-m", "fakturavakt", "screen", "-", "--format", "csv", "-o", "out"]
    running = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    deadline = time.monotonic() + 60
    while not any(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert any(tmp_path.iterdir())  # the run has begun to write
    running.send_signal(sent)
    _, said = running.communicate(timeout=60)
    assert running.returncode == code
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
    if sent is signal.SIGINT:
        assert "Avbrutt." in said
