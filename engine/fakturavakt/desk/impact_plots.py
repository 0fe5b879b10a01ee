"""The pictures of an impact report, as SVG that stands in the page itself: nothing is fetched, and it prints.

Each picture has its numbers in words too, for whoever cannot see it; colours are told apart by lightness as
well, and every series has its place in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Final, Literal, TypeAlias

from fakturavakt.texts import counted

_WIDTH: Final = 960
_HEIGHT: Final = 260
_LEFT: Final = 64
_BOTTOM: Final = 30
_TOP: Final = 12
_LABELS_MAX: Final = 14
BUCKETS_MAX: Final = 60
"""Columns that are still told apart."""

Bucket: TypeAlias = Literal["week", "month", "year"]

_MONTHS: Final = {
    "nb": ["jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}


@dataclass(frozen=True, slots=True)
class Series:
    """What is stacked: its key in each column, its word and its colour (a class of the page)."""

    key: str
    word: str
    colour: str


@dataclass(frozen=True, slots=True)
class Column:
    """One stack, by the first day that it is about."""

    start: date
    numbers: Mapping[str, int]


def bucketed(weeks: Mapping[date, Mapping[str, int]]) -> tuple[Bucket, list[Column]]:
    """Weeks (by their Mondays) as they are where they are few, else months, else years; those between the
    first and the last that have nothing are there, too. Of too many years, only those that have something.
    """
    if not weeks:
        return "week", []
    first, last = min(weeks), max(weeks)
    if (last - first).days // 7 < BUCKETS_MAX:
        days = [first + timedelta(days=7 * n) for n in range((last - first).days // 7 + 1)]
        return "week", [Column(day, weeks.get(day, {})) for day in days]
    months = (last.year - first.year) * 12 + last.month - first.month
    if months < BUCKETS_MAX:
        numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        starts = [date(number // 12, number % 12 + 1, 1) for number in numbers]
        return "month", _summed(weeks, starts, lambda day: day.replace(day=1))
    years = range(first.year, last.year + 1)
    if len(years) > BUCKETS_MAX:
        years_met = sorted({week.year for week in weeks})[-BUCKETS_MAX:]
        return "year", _summed(weeks, [date(y, 1, 1) for y in years_met], _new_year)
    return "year", _summed(weeks, [date(y, 1, 1) for y in years], _new_year)


def _new_year(day: date) -> date:
    return day.replace(month=1, day=1)


def _summed(
    weeks: Mapping[date, Mapping[str, int]],
    starts: Sequence[date],
    start_of: Callable[[date], date],
) -> list[Column]:
    sums: dict[date, dict[str, int]] = {start: {} for start in starts}
    for week, numbers in weeks.items():
        own = sums.get(start_of(week))
        if own is not None:
            for key, number in numbers.items():
                own[key] = own.get(key, 0) + number
    return [Column(start, sums[start]) for start in starts]


def named(start: date, bucket: Bucket, language: str) -> str:
    """A bucket on an axis: ``25. jan 21``, ``jan 21``, ``2021``."""
    month = _MONTHS.get(language, _MONTHS["en"])[start.month - 1]
    year = f"{start.year % 100:02}"
    match bucket:
        case "week":
            return f"{start.day}{'.' if language == 'nb' else ''} {month} {year}"
        case "month":
            return f"{month} {year}"
        case "year":
            return str(start.year)


def stacked_columns(
    columns: Sequence[Column], series: Sequence[Series], bucket: Bucket, label: str, language: str
) -> str:
    """Columns over time, each a stack of numbers of documents."""
    highest = max((sum(column.numbers.values()) for column in columns), default=0)
    step, top = _scale(highest)
    inner, height = _WIDTH - _LEFT, _HEIGHT - _BOTTOM - _TOP
    width = inner / max(len(columns), 1)
    bar = min(width * 0.78, 56.0)

    def y(number: float) -> float:
        return _TOP + height * (1 - number / top)

    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label, quote=True)}">'
    ]
    parts += [
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        f'<text class="tick" x="{_LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">'
        f"{escape(counted(tick, language))}</text>"
        for tick in range(0, top + 1, step)
    ]
    every = -(-len(columns) // _LABELS_MAX)
    for n, column in enumerate(columns):
        left = _LEFT + n * width + (width - bar) / 2
        name = named(column.start, bucket, language)
        below = 0
        for each in series:
            number = column.numbers.get(each.key, 0)
            if not number:
                continue
            high, low = y(below + number), y(below)
            said = f"{name}: {counted(number, language)} {each.word}"
            parts.append(
                f'<rect class="{each.colour}" x="{left:.1f}" y="{high:.1f}" width="{bar:.1f}" '
                f'height="{max(low - high, 0.5):.1f}"><title>{escape(said)}</title></rect>'
            )
            below += number
        if n % every == 0:
            parts.append(
                f'<text class="tick" x="{left + bar / 2:.1f}" y="{_HEIGHT - 10}" '
                f'text-anchor="middle">{escape(name)}</text>'
            )
    parts.append("</svg>")
    return "\n".join(parts)


def _scale(highest: int) -> tuple[int, int]:
    """The distance of the lines across, and where the last one lies: 1, 2 or 5 and zeros, some five lines."""
    step = 1
    while highest > 5 * step:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step, max(step, -(-highest // step) * step)


def shares(
    rows: Sequence[tuple[str, Mapping[str, int]]],
    series: Sequence[Series],
    label: str,
    language: str,
) -> str:
    """Bars of one length, each split by what its documents are."""
    bar, gap, left = 34, 14, 64
    height = len(rows) * (bar + gap) - gap
    inner = _WIDTH - left
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(label, quote=True)}">'
    ]
    for n, (name, numbers) in enumerate(rows):
        top = n * (bar + gap)
        parts.append(
            f'<text class="name" x="{left - 10}" y="{top + bar / 2 + 5}" text-anchor="end">'
            f"{escape(name)}</text>"
        )
        whole = sum(numbers.values())
        x = float(left)
        for each, number in _there(series, numbers):
            wide = inner * number / whole
            said = f"{name}: {counted(number, language)} {each.word}"
            parts.append(
                f'<rect class="{each.colour}" x="{x:.1f}" y="{top}" width="{max(wide, 1):.1f}" '
                f'height="{bar}"><title>{escape(said)}</title></rect>'
            )
            if wide > 8 * len(said) - 8 * len(name):
                parts.append(
                    f'<text class="inside" x="{x + 8:.1f}" y="{top + bar / 2 + 5}">'
                    f"{escape(said.partition(': ')[2])}</text>"
                )
            x += wide
    parts.append("</svg>")
    return "\n".join(parts)


def _there(series: Sequence[Series], numbers: Mapping[str, int]) -> Iterator[tuple[Series, int]]:
    for each in series:
        number = numbers.get(each.key, 0)
        if number:
            yield each, number


def legend(series: Sequence[Series]) -> str:
    """What each colour is."""
    entries = "".join(
        f'<li><svg class="key" viewBox="0 0 12 12" aria-hidden="true"><rect class="{each.colour}" '
        f'width="12" height="12"/></svg> {escape(each.word)}</li>'
        for each in series
    )
    return f'<ul class="legend">{entries}</ul>'


def bar(numbers: Mapping[str, int], series: Sequence[Series], longest: int) -> str:
    """A bar for a row of a table, as long as its number is of the ``longest``."""
    x, parts = 0.0, []
    for each, number in _there(series, numbers):
        wide = 100 * number / max(longest, 1)
        parts.append(
            f'<rect class="{each.colour}" x="{x:.2f}" width="{max(wide, 0.6):.2f}" height="10"/>'
        )
        x += wide
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )
