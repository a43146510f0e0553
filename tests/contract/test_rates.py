"""The storage of rates: on each database it counts as the library's formula says, whoever comes at the same moment."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import floor

import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import SlidingWindowCounterRateLimiter
from sqlalchemy import Engine

from ipse.infra.store.database import open_database
from ipse.infra.store.limits_storage import LimitsStorage, Moment

NOW = 1_461_740_000.0
LIMIT = 7
MINUTE_S = 60


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def address(request: pytest.FixtureRequest) -> str:
    """Where each database is."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def database(address: str) -> Iterator[Engine]:
    """Each database."""
    engine = open_database(address)
    yield engine
    engine.dispose()


def test_what_is_let_in_is_what_the_formula_lets_in(database: Engine) -> None:
    """Over an hour of random arrivals: this window and the part of the last one that still weighs, in whole calls."""
    dice, at, counts = random.Random(6), NOW, Counter[int]()  # noqa: S311  # Arrivals, no secrets.
    expected, actual = [], []
    for _ in range(400):
        at += dice.choice([0.0, 0.25, 3.0, 11.0, 40.0])
        amount, window = dice.choice([1, 1, 1, 2, 5]), int(at // MINUTE_S)
        weight = floor(counts[window - 1] * (1 - at % MINUTE_S / MINUTE_S))
        is_within = counts[window] + weight + amount <= LIMIT
        counts[window] += amount * is_within
        left = max(0, LIMIT - floor(counts[window - 1] * (1 - at % MINUTE_S / MINUTE_S) + counts[window]))
        expected.append((is_within, left))
        limiter, item = SlidingWindowCounterRateLimiter(Moment(database, at)), RateLimitItemPerMinute(LIMIT)
        actual.append((limiter.hit(item, "k", cost=amount), limiter.get_window_stats(item, "k").remaining))
    assert expected == actual
    assert {True, False} == {is_within for is_within, _ in expected}


def test_what_was_counted_at_one_moment_is_what_the_database_has(database: Engine) -> None:
    """What is kept in mind for a call is what somebody else would read."""
    item = RateLimitItemPerMinute(LIMIT)
    for at in (NOW, NOW + 45, NOW + 50):
        here = SlidingWindowCounterRateLimiter(Moment(database, at))
        there = SlidingWindowCounterRateLimiter(LimitsStorage(database, partial(float, at)))
        assert here.hit(item, "k", cost=2)
        assert here.get_window_stats(item, "k").remaining == there.get_window_stats(item, "k").remaining


def test_of_those_who_come_at_the_same_moment_no_more_are_let_in(address: str) -> None:
    """Forty arrive at two servers at once: seven are let in."""
    databases = [open_database(address) for _ in range(2)]
    item = RateLimitItemPerMinute(LIMIT)

    def arrive(turn: int) -> bool:
        return SlidingWindowCounterRateLimiter(Moment(databases[turn % 2], NOW)).hit(item, "k")

    with ThreadPoolExecutor(8) as pool:
        let_in = list(pool.map(arrive, range(40)))
    for one in databases:
        one.dispose()
    assert LIMIT == sum(let_in)


def test_a_limit_below_the_amount_lets_nothing_in(database: Engine) -> None:
    """Not even into an empty window; and nothing is counted."""
    limiter = SlidingWindowCounterRateLimiter(LimitsStorage(database, lambda: NOW))
    assert not limiter.hit(RateLimitItemPerMinute(LIMIT), "k", cost=LIMIT + 1)
    assert LIMIT == limiter.get_window_stats(RateLimitItemPerMinute(LIMIT), "k").remaining
