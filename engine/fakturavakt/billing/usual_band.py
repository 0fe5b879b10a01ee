"""What is usual for a sender, by its earlier runs: the band in which a share, or a number of documents, lies
on an ordinary day. docs/billing-guard.md has the formulas, and why they are these.

Robust: half of the runs may have been anything without moving the middle, and a run alone does not widen the
band. Documents are a sample: the fewer there are, the wider the band is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from statistics import median
from typing import Final

RUNS: Final = 7
"""Runs, on as many different days, that there have to be before anything is called usual."""
WIDTH: Final = 2.5
"""Standard deviations between days; half as many again where there are no more than :data:`RUNS` runs."""
NORMAL: Final = 1.4826
"""The standard deviation of what is normally distributed, by its median absolute deviation."""
FLOOR: Final = 0.05
"""The least half width of a band of shares, on the scale of arcus sinus: 7.2 to 13.2 % around 10 %."""
CHANCE: Final = math.log(1e4)
"""Chance alone takes a share out of its band less often than once in ten thousand times."""
FEWER: Final = math.log(1.6)
MORE: Final = math.log(5)
"""The least width of a band of numbers, on the scale of the logarithm, downwards and upwards."""
_EARLIER_DOCUMENTS: Final = 20.0
"""How many documents of the usual kind are added to a run, before it may widen the band."""
_RUNS_LEFT_OUT: Final = 30
"""Of so many runs the outermost one does not widen the band; of twice as many two, and so on."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an earlier run had: ``count`` of its ``documents``."""

    day: date
    count: int
    documents: int


@dataclass(frozen=True, slots=True)
class Band:
    """From ``low`` to ``high``, both within, by so many runs; ``middle`` is what half of them are above."""

    low: float
    high: float
    runs: int
    middle: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def is_enough(days: Sequence[date]) -> bool:
    """Whether the days of earlier runs are enough to call anything usual."""
    return len(set(days)) >= RUNS


def usual_share(earlier: Sequence[Seen], documents: int, day: date) -> Band | None:
    """The band for the share among so many documents, on a day; None where too little is known.

    Runs without documents say nothing.
    """
    earlier = [each for each in earlier if each.documents]
    if not is_enough([each.day for each in earlier]):
        return None
    weights = [each.documents for each in earlier]
    all_documents = sum(weights)
    angles = [_angle(each.count, each.documents) for each in earlier]
    middle = _weighted_median(angles, weights)
    spread = NORMAL * _weighted_median([abs(each - middle) for each in angles], weights)
    by_chance = 1 / math.sqrt(4 * _weighted_median(weights, weights) + 2)
    days = math.sqrt(max(0.0, spread**2 - by_chance**2))
    usual = math.sin(middle) ** 2
    softened = [
        math.asin(
            math.sqrt(
                (each.count + _EARLIER_DOCUMENTS * usual) / (each.documents + _EARLIER_DOCUMENTS)
            )
        )
        for each in earlier
    ]
    low, high = _between_days(
        softened,
        middle,
        days,
        FLOOR,
        FLOOR,
        [each.day.weekday() == day.weekday() for each in earlier],
    )
    slack = 1 / (all_documents + 1)
    least = math.sin(max(0.0, low)) ** 2 - slack
    most = math.sin(min(math.pi / 2, high)) ** 2 + slack
    return Band(
        1 - _most_by_chance(1 - least, documents),
        _most_by_chance(most, documents),
        len(earlier),
        usual,
    )


def usual_number(earlier: Sequence[tuple[date, int]], day: date) -> Band | None:
    """The band for a number of documents, on a day; None where too little is known."""
    earlier = [(each, number) for each, number in earlier if number]
    if not is_enough([each for each, _ in earlier]):
        return None
    sizes = [math.log(number) for _, number in earlier]
    middle = median(sizes)
    spread = NORMAL * median(abs(each - middle) for each in sizes)
    weekday = [each.weekday() == day.weekday() for each, _ in earlier]
    low, high = (
        math.exp(each) for each in _between_days(sizes, middle, spread, FEWER, MORE, weekday)
    )
    return Band(
        max(0.0, low - 2 * math.sqrt(low)),
        high + 2 * math.sqrt(high) + CHANCE,
        len(earlier),
        math.exp(middle),
    )


def _between_days(
    values: Sequence[float],
    middle: float,
    spread: float,
    least_down: float,
    least_up: float,
    same_weekday: Sequence[bool],
) -> tuple[float, float]:
    """What varies from day to day: around the middle, as far as all runs but the outermost went, and around
    what is usual on this day of the week.
    """
    runs = len(values)
    width = WIDTH * (1 + RUNS / 2 / runs) * spread
    left_out = 1 + (runs - 1) // _RUNS_LEFT_OUT
    ordered = sorted(values)
    down, up = max(width, least_down), max(width, least_up)
    lows = [middle - down, ordered[left_out] - min(least_down, least_up)]
    highs = [middle + up, ordered[-1 - left_out] + min(least_down, least_up)]
    if any(same_weekday):
        of_weekday = median(v for v, same in zip(values, same_weekday, strict=True) if same)
        lows.append(of_weekday - down)
        highs.append(of_weekday + up)
    return min(lows), max(highs)


def _angle(count: int, documents: int) -> float:
    """A share on the scale on which chance is the same for all shares (Anscombe)."""
    return math.asin(math.sqrt((count + 3 / 8) / (documents + 3 / 4)))


def _weighted_median(values: Sequence[float], weights: Sequence[int]) -> float:
    """The value with half of the weight on either side; between two that share it, half way."""
    ordered = sorted(zip(values, weights, strict=True))
    half = sum(weights) / 2
    reached = list(accumulate(weight for _, weight in ordered))
    below = next(n for n, weight in enumerate(reached) if weight >= half)
    above = next(n for n, weight in enumerate(reached) if weight > half)
    return (ordered[below][0] + ordered[above][0]) / 2


def _most_by_chance(share: float, documents: int) -> float:
    """The largest share that so many documents have by chance where ``share`` of all have it: where
    Chernoff's bound, ``exp(-documents · divergence)``, comes to :data:`CHANCE`.
    """
    if share >= 1:
        return 1.0

    def beyond(found: float) -> bool:
        return documents * _divergence(found, share) > CHANCE

    return 1.0 if not beyond(1.0) else _where_it_turns(beyond, share)


def _where_it_turns(beyond: Callable[[float], bool], low: float) -> float:
    high = 1.0
    for _ in range(50):
        between = (low + high) / 2
        if beyond(between):
            high = between
        else:
            low = between
    return low


def _divergence(found: float, share: float) -> float:
    """Of Kullback and Leibler, between a share that was found and the one that all have."""
    if found >= 1:
        return -math.log(share)
    return found * math.log(found / share) + (1 - found) * math.log((1 - found) / (1 - share))
