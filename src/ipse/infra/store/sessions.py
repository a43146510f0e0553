"""The ports `Sessions` and `Attempts` on the store."""

import base64
from typing import Final

from limits import parse
from limits.strategies import SlidingWindowCounterRateLimiter
from sqlalchemy import ColumnElement, Engine, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.accounts import user_of
from ipse.infra.store.database import reading, writing
from ipse.infra.store.limits_storage import LimitsStorage
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import SESSIONS, USERS
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


class StoredAttempts:
    """Counters over all servers; they hold keyed hashes, neither names nor addresses."""

    def __init__(self, database: Engine, master_key: MasterKey, questions: Questions, clock: Clock) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(LimitsStorage(database, clock.now))
        self._master_key = master_key
        self._questions = questions

    async def may(self, name: str, address: str) -> bool:
        """Count an attempt; whether it is allowed."""
        limits = ((PER_ADDRESS, address), (PER_NAME_AND_ADDRESS, f"{name}\0{address}"), (PER_NAME, name))
        return await self._questions.ask(
            lambda: all(self._limiter.hit(item, "desk", self._hash(who)) for item, who in limits)
        )

    def _hash(self, who: str) -> str:
        """Whom a counter is about."""
        return self._master_key.keyed_hash("console attempts", who).hex()[:32]
