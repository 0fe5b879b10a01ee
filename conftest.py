"""For every test of the project, features included: a skipped test fails the run.

A component that a test needs is installed by ``.ci/run``; a test that cannot run somewhere is not
collected there, and says why where it is left out.
"""

from __future__ import annotations

import pytest

_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what was skipped; under xdist the controller hears of it too."""
    if report.skipped:
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run with a skipped test has not tested all."""
    if _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that were skipped."""
    for name in dict.fromkeys(_skipped):
        terminalreporter.write_line(f"skipped, which fails the run: {name}", red=True)
