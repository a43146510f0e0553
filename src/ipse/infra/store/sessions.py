"""The ports `Sessions` and `Attempts` on the store."""

import base64
import ipaddress
from typing import Final

from limits import parse
from limits.strategies import SlidingWindowCounterRateLimiter
from sqlalchemy import ColumnElement, Engine, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.accounts import user_of
from ipse.infra.store.database import inserting, reading, writing
from ipse.infra.store.limits_storage import LimitsStorage
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import ONCE, SESSIONS, USERS
from ipse.service.ports import Clock, User

IDLE_S: Final = 30 * 60
MOST_S: Final = 12 * 3600
"""How long a session lives unused, and at most. Source: NIST SP 800-63B-4, 2.2.3 (AAL2: 1 h, 24 h), each the half."""

RENEW_S: Final = 60
"""A session is written anew once it has lost so much: most views of a page only read."""


class StoredSessions:
    """
    Sessions; the cookie itself is nowhere.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Hashes.
        questions: Where the database is asked.
    """

    def __init__(self, database: Engine, master_key: MasterKey, questions: Questions) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions

    async def begin(self, cookie: str, user: str, now: float) -> None:
        """Let somebody in."""
        await self._questions.ask(lambda: self._begin(self._hash(cookie), user, int(now * 1000)))

    async def visit(self, cookie: str, now: float) -> User | None:
        """Whose session this is."""
        return await self._questions.ask(lambda: self._visit(self._hash(cookie), int(now * 1000)))

    async def end(self, cookie: str) -> None:
        """End one session."""
        await self._questions.ask(lambda: self._end(SESSIONS.c.hash == self._hash(cookie)))

    async def end_all(self, user: str) -> None:
        """End all sessions of somebody."""
        await self._questions.ask(lambda: self._end(SESSIONS.c.user == user))

    def word(self, cookie: str) -> str:
        """The word that every form of this session must bring."""
        word = self._master_key.keyed_hash("console form", cookie)
        return base64.urlsafe_b64encode(word).decode().rstrip("=")

    def _begin(self, place: bytes, user: str, now_ms: int) -> None:
        """Write the session, and that its user was seen."""
        row = {"hash": place, "user": user, "ends_at_ms": now_ms + MOST_S * 1000}
        with writing(self._database) as connection:
            connection.execute(SESSIONS.insert().values(**row, expires_at_ms=now_ms + IDLE_S * 1000))
            connection.execute(USERS.update().where(USERS.c.id == user).values(seen_at_ms=now_ms))

    def _visit(self, place: bytes, now_ms: int) -> User | None:
        """Read the user of a session that is not over; renew it now and then."""
        wanted = select(SESSIONS.c.ends_at_ms, SESSIONS.c.expires_at_ms, USERS).join(
            USERS, USERS.c.id == SESSIONS.c.user
        )
        alive = (SESSIONS.c.hash == place, SESSIONS.c.expires_at_ms > now_ms, USERS.c.enabled)
        with reading(self._database) as connection:
            row = connection.execute(wanted.where(*alive)).one_or_none()
        if row is None:
            return None
        until_ms = min(now_ms + IDLE_S * 1000, row.ends_at_ms)
        if until_ms - row.expires_at_ms > RENEW_S * 1000:
            with writing(self._database) as connection:
                connection.execute(SESSIONS.update().where(SESSIONS.c.hash == place).values(expires_at_ms=until_ms))
        return user_of(row)

    def _end(self, which: ColumnElement[bool]) -> None:
        """Delete sessions."""
        with writing(self._database) as connection:
            connection.execute(SESSIONS.delete().where(which))

    def _hash(self, cookie: str) -> bytes:
        """What is kept of a cookie."""
        return self._master_key.keyed_hash("console session", cookie)


PER_NAME_AND_ADDRESS: Final = parse("10 per 15 minutes")
PER_NAME: Final = parse("100 per 1 hour")
PER_ADDRESS: Final = parse("200 per 15 minutes")
"""
Attempts to sign in.

Source: NIST SP 800-63B-4, 3.2.2 allows 100 in a row for an account. Per address many more: behind a proxy all
have the same one, and nobody shall shut out everybody.
"""

TOLD: Final = parse("60 per 1 hour")
TOLD_OF_A_NAME: Final = parse("1 per 15 minutes")
"""Refusals of a kind that are written down. Source: ours; half a megabyte a day, however hard somebody tries."""

REMEMBERED_S: Final = 30 * 24 * 3600
"""How long a name and an address are known to go together. Source: ours; whoever comes once a month stays known."""

_HOST_BITS: Final = 64
"""What one sender can choose of an IPv6 address. Source: RFC 4291, 2.5.1: interface identifiers of 64 bits."""


class StoredAttempts:
    """Counters over all servers; they hold keyed hashes, neither names nor addresses."""

    def __init__(self, database: Engine, master_key: MasterKey, questions: Questions, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._limiter = SlidingWindowCounterRateLimiter(LimitsStorage(database, clock.now))
        self._master_key = master_key
        self._questions = questions

    async def may(self, name: str, address: str) -> bool:
        """Count an attempt; whether it is allowed."""
        sender = network_of(address)
        pair = f"{name}\0{sender}"
        limits = ((PER_ADDRESS, sender), (PER_NAME_AND_ADDRESS, pair))

        def count() -> bool:
            others = () if self._knows(pair) else ((PER_NAME, name),)
            return all(self._limiter.hit(item, "desk", self._hash(who)) for item, who in (*limits, *others))

        return await self._questions.ask(count)

    async def remember(self, name: str, address: str) -> None:
        """Keep in mind that somebody came in from there."""
        place = self._place(f"{name}\0{network_of(address)}")
        until = {"expires_at_ms": int((self._clock.now() + REMEMBERED_S) * 1000)}

        def write() -> None:
            with writing(self._database) as connection:
                insert = inserting(connection, ONCE).values(hash=place, **until)
                connection.execute(insert.on_conflict_do_update(index_elements=[ONCE.c.hash], set_=until))

        await self._questions.ask(write)

    async def may_tell(self, what: str, whom: str = "") -> bool:
        """Count a refusal; whether it is written down."""
        limits = ((TOLD_OF_A_NAME, f"{what}\0{whom}"), (TOLD, what)) if whom else ((TOLD, what),)
        return await self._questions.ask(
            lambda: all(self._limiter.hit(item, "desk told", self._hash(who)) for item, who in limits)
        )

    def _knows(self, pair: str) -> bool:
        """Whether somebody of this name came in from there before."""
        wanted = select(ONCE.c.hash).where(
            ONCE.c.hash == self._place(pair), ONCE.c.expires_at_ms > int(self._clock.now() * 1000)
        )
        with reading(self._database) as connection:
            return connection.execute(wanted).one_or_none() is not None

    def _place(self, pair: str) -> bytes:
        """Where it rests that a name and an address go together."""
        return self._master_key.keyed_hash("console came in", pair)

    def _hash(self, who: str) -> str:
        """Whom a counter is about."""
        return self._master_key.keyed_hash("console attempts", who).hex()[:32]


def network_of(address: str) -> str:
    """Give whom an address stands for: of IPv6 the first 64 bits, since whoever has them has all the rest."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:  # noqa: PLR2004 - the old one
        return str(known)
    return str(known.ipv4_mapped or f"{int(known) >> _HOST_BITS:x}::")
