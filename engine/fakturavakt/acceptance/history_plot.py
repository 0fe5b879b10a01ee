"""The history of runs as a picture: a column a run, of what passed, failed and was not run."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from fakturavakt.acceptance.run_history import RunRecord
from fakturavakt.acceptance.run_result import Status
from fakturavakt.acceptance.run_words import moment
from fakturavakt.texts import text

_RUNS_MAX: Final = 60
_WIDTH: Final = 720
_HEIGHT: Final = 120
_TOP: Final = 18
"""Room for the numbers of what failed."""
_COLUMN_MAX: Final = 40


def history_plot(history: Sequence[RunRecord], language: str) -> str:
    """An SVG; the table beside it says the same. Nothing where there is nothing to compare."""
    shown = history[-_RUNS_MAX:]
    if len(shown) < 2:
        return ""
    most = max((each.passed + each.failed + each.not_run for each in shown), default=0) or 1
    width = min(_WIDTH / len(shown), _COLUMN_MAX)
    title = text(
        f"De siste {len(shown)} kjøringene; tallene står i tabellen under.",
        f"The last {len(shown)} runs; the numbers are in the table below.",
    ).say(language)
    drawn = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT + _TOP + 18}" role="img" aria-label="{escape(title)}">'
    ]
    for n, each in enumerate(shown):
        drawn.append(_column(each, n * width, width, most))
    first, last = (moment(each.moment, language).split(" (")[0] for each in (shown[0], shown[-1]))
    base = _HEIGHT + _TOP + 14
    drawn.append(f'<text x="0" y="{base}">{escape(first)}</text>')
    if len(shown) * width > _WIDTH / 2:
        end = len(shown) * width
        drawn.append(f'<text x="{end:.1f}" y="{base}" text-anchor="end">{escape(last)}</text>')
    return "\n".join([*drawn, "</svg>"])


def _column(record: RunRecord, left: float, width: float, most: int) -> str:
    parts, bottom = [], float(_HEIGHT + _TOP)
    for status, number in (
        (Status.PASSED, record.passed),
        (Status.NOT_RUN, record.not_run),
        (Status.FAILED, record.failed),
    ):
        if number:
            # What failed can be seen however many passed.
            height = max(number / most * _HEIGHT, 3.0 if status is not Status.PASSED else 0.0)
            bottom -= height
            parts.append(
                f'<rect class="{status.value}" x="{left + width * 0.1:.1f}" y="{bottom:.1f}" '
                f'width="{width * 0.8:.1f}" height="{height:.1f}"/>'
            )
    if record.failed:
        parts.append(
            f'<text x="{left + width / 2:.1f}" y="{bottom - 4:.1f}" text-anchor="middle">'
            f"{record.failed}</text>"
        )
    return "".join(parts)
