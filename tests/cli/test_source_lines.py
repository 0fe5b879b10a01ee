"""The line of a rule file that a mistake is in, shown under the message."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.cli.conftest import Run


@pytest.fixture
def prohibitions(fakturavakt: Run, tmp_path: Path) -> Path:
    """A folder of prohibitions to break."""
    assert fakturavakt("init", "mine").returncode == 0
    return tmp_path / "mine" / "rules" / "prohibitions"


def test_a_tab_can_be_seen(fakturavakt: Run, prohibitions: Path) -> None:
    """It looks like spaces, and is what is wrong."""
    (prohibitions / "tab.yaml").write_text("rule: x\n\ttitle: y\n")
    done = fakturavakt("rules", "check", "--rules", "mine/rules")
    assert done.returncode == 2
    assert "    →title: y\n" in done.stderr


def test_what_cannot_be_read_is_not_shown_either(fakturavakt: Run, prohibitions: Path) -> None:
    """A pipe has no lines, and a huge file is not opened to look for one."""
    os.mkfifo(prohibitions / "pipe.yaml")
    with (prohibitions / "huge.yaml").open("wb") as huge:
        huge.truncate(10**12)
    done = fakturavakt("rules", "check", "--rules", "mine/rules")
    assert done.returncode == 2
    assert "2 feil funnet" in done.stderr
    assert "^" not in done.stderr
