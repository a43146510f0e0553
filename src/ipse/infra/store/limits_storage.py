"""
Rates over all servers: the `limits` library's sliding window counter on a table of ours.

Of the library's strategies this one keeps two numbers per key and decides in one statement, whatever the rate; a moving
window keeps a row for every call, and a fixed window lets twice the rate through around its edge. Windows are told
apart by the time of the servers, so their clocks must agree as well as NTP makes them.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from limits import RateLimitItem, parse_many
from limits.storage import SlidingWindowCounterSupport, Storage
from limits.storage.base import TimestampedSlidingWindow
from sqlalchemy import BigInteger, Engine, Float, String, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from ipse.infra.store.database import alone, inserting, reading, writing
from ipse.infra.store.tables import RATE_WINDOWS

_COUNTS: Final = select(RATE_WINDOWS.c.name, RATE_WINDOWS.c.count, RATE_WINDOWS.c.expires_at_ms).where(
    RATE_WINDOWS.c.name.in_(bindparam("names", expanding=True)), RATE_WINDOWS.c.expires_at_ms > bindparam("now_ms")
)


class Windows(NamedTuple):
    """What was counted in the window before this one, and in this one."""

    before: int
    now: int


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
        ends_ms = int((self._now() + expiry) * 1000)
        with writing(self._database) as connection:
            insert = inserting(connection, RATE_WINDOWS).values(name=key, count=amount, expires_at_ms=ends_ms)
            added = {"count": RATE_WINDOWS.c.count + amount}
            upsert = insert.on_conflict_do_update(index_elements=[RATE_WINDOWS.c.name], set_=added)
            return int(connection.execute(upsert.returning(RATE_WINDOWS.c.count)).scalar_one())

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
        return self._acquired(key, limit, expiry, amount) is not None

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """The last window's count and remaining seconds, then this one's."""
        now = self._now()
        before, count = self._windows(key, expiry, now)
        left_s = _share_left(now, expiry) * expiry
        return before, left_s if before else 0.0, count, left_s + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget both windows of a key."""
        for name in self.sliding_window_keys(key, expiry, self._now()):
            self.clear(name)

    def _acquired(self, key: str, limit: int, expiry: int, amount: int) -> Windows | None:
        """
        What is counted now; `None`, and nothing counted, where it would be too much.

        One statement looks and counts, so that whoever comes at the same moment counts before or after it.
        """
        now = self._now()
        previous, current = self.sliding_window_keys(key, expiry, now)
        asked = {
            "previous": previous,
            "current": current,
            "now_ms": int(now * 1000),
            # This window may have less than its whole length to go, and weighs on the next one to its end.
            "ends_ms": int((now + 2 * expiry) * 1000),
            "amount": amount,
            "share": _share_left(now, expiry),
            # Whole parts count: a sum of less than one too many is none too many.
            "too_many": limit - amount + 1,
        }
        with alone(self._database) as connection:
            row = connection.execute(_acquiring(connection.dialect.name), asked).one_or_none()
        return None if row is None else Windows(*row)

    def _windows(self, key: str, expiry: int, now: float) -> Windows:
        """What is counted, as the database has it."""
        (before, _), (count, _) = self._counts(*self.sliding_window_keys(key, expiry, now))
        return Windows(before, count)

    def _counts(self, *names: str) -> tuple[tuple[int, float], ...]:
        """Counts and ends of counters; zeros for those that are not there."""
        with reading(self._database) as connection:
            rows = connection.execute(_COUNTS, {"names": names, "now_ms": int(self._now() * 1000)})
            found = {name: (count, ends_ms / 1000) for name, count, ends_ms in rows}
        return tuple(found.get(name, (0, 0.0)) for name in names)


class Moment(LimitsStorage):
    """
    The storage at one moment, for one call: what it has counted is not asked for again.

    Args:
        database: Where the counters are, for all servers.
        at: Unix seconds.
    """

    def __init__(self, database: Engine, at: float) -> None:
        super().__init__(database, lambda: at)
        self._known: dict[str, Windows] = {}

    def _acquired(self, key: str, limit: int, expiry: int, amount: int) -> Windows | None:
        """What is counted now, kept in mind."""
        acquired = super()._acquired(key, limit, expiry, amount)
        if acquired is not None:
            self._known[key] = acquired
        return acquired

    def _windows(self, key: str, expiry: int, now: float) -> Windows:
        """What is counted, as far as it is not known."""
        return self._known.get(key) or super()._windows(key, expiry, now)


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


@cache
def _acquiring(kind: str) -> ReturningInsert[Any, Any]:
    """The statement of `_acquired`, put together once."""
    last = RATE_WINDOWS.alias()
    before = (
        select(last.c.count)
        .where(last.c.name == bindparam("previous", type_=String), last.c.expires_at_ms > bindparam("now_ms"))
        .scalar_subquery()
    )
    weight = func.coalesce(before, 0) * bindparam("share", type_=Float)
    too_many = bindparam("too_many", type_=BigInteger)
    row = select(
        bindparam("current", type_=String),
        bindparam("amount", type_=BigInteger),
        bindparam("ends_ms", type_=BigInteger),
    ).where(weight < too_many)
    table = postgresql.insert(RATE_WINDOWS) if kind == "postgresql" else sqlite.insert(RATE_WINDOWS)
    insert = table.from_select(["name", "count", "expires_at_ms"], row)
    upsert = insert.on_conflict_do_update(
        index_elements=[RATE_WINDOWS.c.name],
        set_={"count": RATE_WINDOWS.c.count + insert.excluded.count},
        where=weight < too_many - RATE_WINDOWS.c.count,  # Not added to the weight, which would round it.
    )
    return upsert.returning(func.coalesce(before, 0), RATE_WINDOWS.c.count)
