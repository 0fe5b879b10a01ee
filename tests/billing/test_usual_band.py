"""The band of what is usual: what it may never call unusual, and what it may never miss."""

from __future__ import annotations

import math
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakturavakt.billing.usual_band import RUNS, Band, Seen, usual_number, usual_share

MONDAY = date(2021, 2, 1)


def day(n: int) -> date:
    """The n-th day."""
    return MONDAY + timedelta(days=n)


def seen(shares: list[float], documents: int = 200) -> list[Seen]:
    """A run a day with these shares."""
    return [Seen(day(n), round(share * documents), documents) for n, share in enumerate(shares)]


@st.composite
def histories(draw: st.DrawFn) -> list[Seen]:
    """Any runs at all, on seven days and more."""
    sizes = draw(st.lists(st.integers(1, 5000), min_size=RUNS, max_size=40))
    return [Seen(day(n), draw(st.integers(0, size)), size) for n, size in enumerate(sizes)]


def bands(earlier: list[Seen], documents: int) -> Band:
    """The band on the next day."""
    found = usual_share(earlier, documents, day(len(earlier)))
    assert found is not None
    return found


@given(histories(), st.integers(1, 10_000))
def test_the_middle_is_usual(earlier: list[Seen], documents: int) -> None:
    """And a band is within 0 and 1."""
    band = bands(earlier, documents)
    assert 0 <= band.low <= band.middle <= band.high <= 1
    assert band.runs == len(earlier)


@given(histories(), st.integers(1, 10_000), st.integers(1, 10_000))
def test_fewer_documents_never_make_it_narrower(earlier: list[Seen], one: int, other: int) -> None:
    """Of ten invoices, five on hold may be chance; of ten thousand not."""
    few, many = bands(earlier, min(one, other)), bands(earlier, max(one, other))
    assert few.low <= many.low + 1e-9
    assert few.high >= many.high - 1e-9


@given(histories(), st.integers(1, 2000), st.randoms(use_true_random=False))
def test_the_order_of_runs_on_a_weekday_does_not_matter(
    earlier: list[Seen], documents: int, random: Random
) -> None:
    """What was usual was usual, whichever came first."""
    mixed = random.sample(earlier, len(earlier))
    one, other = (usual_share(each, documents, day(len(earlier))) for each in (earlier, mixed))
    assert one == other


@given(histories(), st.integers(1, 2000))
def test_what_has_it_and_what_has_it_not_are_judged_alike(
    earlier: list[Seen], documents: int
) -> None:
    """A share that falls is as unusual as one that rises."""
    band = bands(earlier, documents)
    turned = bands([Seen(e.day, e.documents - e.count, e.documents) for e in earlier], documents)
    assert turned.low == pytest.approx(1 - band.high, abs=1e-6)
    assert turned.high == pytest.approx(1 - band.low, abs=1e-6)


@given(st.floats(0, 1), st.integers(1, 60))
def test_chance_alone_hardly_ever_leaves_the_band(share: float, documents: int) -> None:
    """Where all days are alike, the exact probability of being outside is below two in ten thousand."""
    band = bands(seen([share] * 14, 10**6), documents)
    outside = sum(
        math.comb(documents, k) * share**k * (1 - share) ** (documents - k)
        for k in range(documents + 1)
        if k / documents not in band
    )
    assert outside <= 2e-4


@given(st.integers(RUNS, 60), st.floats(0.02, 0.2), st.integers(0, 59), st.floats(0, 1))
def test_one_run_of_any_kind_hides_nothing(
    runs: int, share: float, which: int, what: float
) -> None:
    """After one run in which everything was on hold, the next such is still outside; and so is a usual run's
    share still within.
    """
    shares = [share] * runs
    shares[which % runs] = what
    earlier = seen(shares)
    # On a weekday of its own the odd run may be all that is known.
    today = day(runs + (1 if (runs - which % runs) % 7 == 0 else 0))
    band = usual_share(earlier, 200, today)
    assert band is not None
    assert share in band
    assert band.high < share + 0.25
    assert band.low == 0 or band.low > share - 0.25


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_a_week_has_to_pass(days: list[int]) -> None:
    """Runs on fewer than seven days make nothing usual, however many they are."""
    earlier = [Seen(day(n), 10, 100) for n in days]
    assert usual_share(earlier, 100, day(7)) is None
    assert usual_number([(each.day, 100) for each in earlier], day(7)) is None


def test_runs_without_documents_say_nothing() -> None:
    """A sender that was not there was not there with 0 % on hold."""
    earlier = [Seen(day(n), 0, 0) for n in range(30)]
    assert usual_share(earlier, 100, day(30)) is None


def test_a_weekday_of_its_own() -> None:
    """On Mondays a third is on hold, else hardly any: that is usual on the next Monday, and on no Tuesday."""
    earlier = seen([0.33 if day(n).weekday() == 0 else 0.02 for n in range(7)], 500)
    monday, tuesday = (usual_share(earlier, 500, day(n)) for n in (7, 8))
    assert monday is not None
    assert tuesday is not None
    assert 0.33 in monday
    assert 0.02 in monday
    assert 0.33 not in tuesday


def test_what_was_released_twice_is_usual() -> None:
    """One run alone does not widen the band, two that are alike do."""
    once = seen([0.1] * 12 + [0.5])
    twice = seen([0.1] * 12 + [0.5, 0.5])
    assert 0.5 not in bands(once, 200)
    assert 0.5 in bands(twice, 200)


def test_small_runs_weigh_little() -> None:
    """Runs with one document each, beside a large one a day, do not blur what is usual."""
    earlier = seen([0.1] * 10, 1000)
    earlier += [Seen(each.day, n % 2, 1) for n, each in enumerate(earlier)]
    assert 0.3 not in bands(earlier, 1000)


def test_half_an_inbox_is_noticed_where_volumes_are_steady() -> None:
    """After four weeks; a fifth more or less is no matter."""
    random = Random(1)
    earlier = [(day(n), round(random.gauss(400, 25))) for n in range(28)]
    band = usual_number(earlier, day(28))
    assert band is not None
    assert {320, 480, 1500} <= {number for number in (320, 480, 1500) if number in band}
    assert 195 not in band
    assert 4000 not in band


@given(st.lists(st.integers(1, 10**6), min_size=RUNS, max_size=40))
def test_the_middle_number_is_usual(numbers: list[int]) -> None:
    """Whatever the numbers were."""
    band = usual_number([(day(n), number) for n, number in enumerate(numbers)], day(len(numbers)))
    assert band is not None
    assert 0 <= band.low <= band.middle <= band.high
