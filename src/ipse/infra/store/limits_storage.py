"""
Rates over all servers: the `limits` library's sliding window counter on a table of ours.

Of the library's strategies this one keeps two numbers per key and decides in one statement, whatever the rate; a moving
window keeps a row for every call, and a fixed window lets twice the rate through around its edge. Windows are told
apart by the time of the servers, so their clocks must agree as well as NTP makes them.
"""

from collections.abc import Callable
from functools import lru_cache
from math import floor
from typing import Final

from limits import RateLimitItem, parse_many
from limits.storage import SlidingWindowCounterSupport, Storage
from limits.storage.base import TimestampedSlidingWindow
from sqlalchemy import BigInteger, Connection, Engine, bindparam, delete, select

from ipse.infra.store.database import inserting, reading, writing
from ipse.infra.store.tables import RATE_WINDOWS

_COUNTS: Final = select(RATE_WINDOWS.c.name, RATE_WINDOWS.c.count, RATE_WINDOWS.c.expires_at_ms).where(
    RATE_WINDOWS.c.name.in_(bindparam("names", expanding=True)), RATE_WINDOWS.c.expires_at_ms > bindparam("now_ms")
)


class LimitsStorage(Storage, SlidingWindowCounterSupport, TimestampedSlidingWindow):
    """
    A storage of the `limits` library on the table `rate_windows`; its words are the library's.

    Args:
        database: Where the counters are, for all servers.
        now: Unix seconds.
    """

    STORAGE_SCHEME = None

    def __init__(self, database: Engine, now: Callable[[], float]) -> None:
        super().__init__()
        self._database = database
        self._now = now

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """Nothing is wrapped: the store's own errors are in words already."""
        return ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a counter, and give its new value."""
        with writing(self._database) as connection:
            return self._add(connection, key, expiry, amount, most=None) or 0

    def get(self, key: str) -> int:
        """The value of a counter."""
        return self._counts(key)[0][0]

    def get_expiry(self, key: str) -> float:
        """The Unix seconds at which a counter ends; now for one that is not there."""
        return self._counts(key)[0][1] or self._now()

    def check(self) -> bool:
        """Whether the database can be asked."""
        self.get("")
        return True

    def reset(self) -> int:
        """Forget all counters, and give how many there were."""
        with writing(self._database) as connection:
            return connection.execute(delete(RATE_WINDOWS)).rowcount

    def clear(self, key: str) -> None:
        """Forget a counter."""
        with writing(self._database) as connection:
            connection.execute(delete(RATE_WINDOWS).where(RATE_WINDOWS.c.name == key))

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount`, if the weighted sum of this window and the one before stays within the limit."""
        now = self._now()
        previous, current = self.sliding_window_keys(key, expiry, now)
        with writing(self._database) as connection:
            before = self._counts(previous, connection=connection)[0][0]
            room = limit - amount - floor(before * _share_left(now, expiry))
            # This window may have less than its whole length to go, and weighs on the next one to its end.
            return room >= 0 and self._add(connection, current, 2 * expiry, amount, most=room) is not None

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """The last window's count and remaining seconds, then this one's."""
        now = self._now()
        (before, _), (count, _) = self._counts(*self.sliding_window_keys(key, expiry, now))
        left_s = _share_left(now, expiry) * expiry
        return before, left_s if before else 0.0, count, left_s + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget both windows of a key."""
        for name in self.sliding_window_keys(key, expiry, self._now()):
            self.clear(name)

    def _counts(self, *names: str, connection: Connection | None = None) -> tuple[tuple[int, float], ...]:
        """Counts and ends of counters; zeros for those that are not there."""
        if connection is None:
            with reading(self._database) as own:
                return self._counts(*names, connection=own)
        rows = connection.execute(_COUNTS, {"names": names, "now_ms": int(self._now() * 1000)})
        found = {name: (count, ends_ms / 1000) for name, count, ends_ms in rows}
        return tuple(found.get(name, (0, 0.0)) for name in names)

    def _add(self, connection: Connection, name: str, expiry: int, amount: int, most: int | None) -> int | None:
        """The new value of a counter; `None`, and nothing added, where it was above `most` already."""
        ends_ms = int((self._now() + expiry) * 1000)
        insert = inserting(connection, RATE_WINDOWS).values(name=name, count=amount, expires_at_ms=ends_ms)
        upsert = insert.on_conflict_do_update(
            index_elements=[RATE_WINDOWS.c.name],
            set_={"count": RATE_WINDOWS.c.count + amount},
            where=None if most is None else RATE_WINDOWS.c.count <= bindparam("most", most, BigInteger),
        )
        return connection.execute(upsert.returning(RATE_WINDOWS.c.count)).scalar_one_or_none()


@lru_cache(maxsize=1024)
def is_rate(words: str) -> bool:
    """Whether words are a rate in the library's notation."""
    try:
        read_rate(words)
    except ValueError:
        return False
    return True


def read_rate(words: str) -> RateLimitItem:
    """
    The one rate that is written in the library's notation (`"5/second"`, `"600 per minute"`).

    Raises:
        ValueError: It is no such rate, or several.
    """
    rates = parse_many(words)
    if len(rates) != 1 or rates[0].amount < 1:
        raise ValueError(words)
    return rates[0]


def _share_left(now: float, expiry: int) -> float:
    """The share of the window that is still to come; the window before weighs as much."""
    return 1 - now % expiry / expiry
