"""Room for one call of a key with a quota, a credit or a limit of concurrency: looked for and taken in one step."""

from typing import Final

from sqlalchemy import BigInteger, Connection, Engine, Integer, String, bindparam, func, select, update

from ipse.core.reasons import Reason
from ipse.infra.store.database import alone, insert_once, writing
from ipse.infra.store.heart import LEASE_S
from ipse.infra.store.tables import KEYS, LEASES

_LIMITS: Final = select(KEYS.c.test_quota, KEYS.c.used, KEYS.c.credit, KEYS.c.spent, KEYS.c.concurrency).where(
    KEYS.c.id == bindparam("key")
)
_OTHERS_UNDER_WAY: Final = select(func.count(), func.coalesce(func.sum(LEASES.c.units), 0)).where(
    LEASES.c.key == bindparam("key"),
    LEASES.c.call != bindparam("call"),
    LEASES.c.expires_at_ms > bindparam("now_ms"),
)
_RENEW: Final = update(LEASES).where(LEASES.c.call == bindparam("lease")).values(units=bindparam("more_units"))

_TAKE: Final = select(
    func.ipse_take_room(
        bindparam("key", type_=String),
        bindparam("call", type_=String),
        bindparam("now_ms", type_=BigInteger),
        bindparam("ends_ms", type_=BigInteger),
        bindparam("units", type_=Integer),
    )
)
"""The function of migration 0008: what `_take` does, on the other side of the wire."""


def take_room(database: Engine, key: str, call: str, now_ms: int, units: int) -> Reason | None:
    """
    Take room, or say why there is none; for a call that has some already, take that much instead.

    Whoever asks for the same key waits until the lease is written: PostgreSQL locks the key's row, SQLite all.
    """
    asked = {"key": key, "call": call, "now_ms": now_ms, "ends_ms": now_ms + LEASE_S * 1000, "units": units}
    if database.dialect.name == "postgresql":
        with alone(database) as connection:
            word = connection.execute(_TAKE, asked).scalar_one()
        return None if word is None else Reason(word)
    with writing(database) as connection:
        return _take(connection, asked)


def _take(connection: Connection, asked: dict[str, object]) -> Reason | None:
    """Look, then write, while nobody else may write."""
    limits = connection.execute(_LIMITS, asked).one()
    calls, reserved = connection.execute(_OTHERS_UNDER_WAY, asked).one()
    if limits.test_quota is not None and limits.used + calls >= limits.test_quota:
        return Reason.QUOTA_SPENT
    if limits.credit is not None and limits.spent + reserved + asked["units"] > limits.credit:
        return Reason.CREDIT_SPENT
    if limits.concurrency is not None and calls >= limits.concurrency:
        return Reason.CONCURRENCY_EXCEEDED
    lease = {"call": asked["call"], "key": asked["key"], "units": asked["units"], "expires_at_ms": asked["ends_ms"]}
    if not insert_once(connection, LEASES, lease):
        connection.execute(_RENEW, {"lease": asked["call"], "more_units": asked["units"]})
    return None
