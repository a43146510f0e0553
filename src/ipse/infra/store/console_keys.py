"""
The port `ConsoleKeys`: the console's own keys, which nobody hands out and every server works out for itself.

Key and secret follow from the master key, the dialect and the day, so that any server of a fleet may answer what
another one began, and nothing has to be passed around. The row is an ordinary one, named "console": it is listed,
metered, limited and switched off like every other, and ends with the day after its own.
"""

import time
from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Final, cast

from sqlalchemy import Engine, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import insert_once, reading, writing
from ipse.infra.store.keys import BEARER_DIALECTS, DIALECTS, ID_LETTERS, DialectName
from ipse.infra.store.questions import Questions
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import KEYS
from ipse.service.ports.trying import ConsoleKey

NAME: Final = "console"

_PURPOSE: Final = "key of the console"
_SECRET_LETTERS: Final = 32
"""Source: `ipse.infra.store.keys`."""

_KYC: Final = frozenset({"faceid", "native"})
"""The dialects that can ask the registry of people; who may do so at the desk is asked there."""


class StoredConsoleKeys:
    """
    The console's keys in the table of keys.

    Args:
        database: Where the rows are.
        master_key: What everything follows from.
        questions: Where the database is asked.
    """

    def __init__(self, database: Engine, master_key: MasterKey, questions: Questions) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions
        self._known: dict[str, tuple[date, ConsoleKey]] = {}
        self._ours: tuple[date, frozenset[str]] = date.min, frozenset()

    async def of(self, dialect: str) -> ConsoleKey:
        """Today's key."""
        today = datetime.now(UTC).date()
        known = self._known.get(dialect)
        if known is None or known[0] != today:
            known = today, await self._questions.ask(lambda: self._made(cast("DialectName", dialect), today))
            self._known[dialect] = known
        return known[1]

    def is_ours(self, key: str) -> bool:
        """Whether the id is that of a key of the console that works now, whichever server made it."""
        today = datetime.now(UTC).date()
        if self._ours[0] != today:
            days = [today + timedelta(days=ahead) for ahead in (-1, 0, 1)]  # The last: another server's clock is ahead.
            ids = frozenset(self._word(dialect, day, "id", ID_LETTERS) for dialect in DIALECTS for day in days)
            self._ours = today, ids
        return key in self._ours[1]

    def _made(self, dialect: DialectName, day: date) -> ConsoleKey:
        """The key of a day, its row written unless some server has."""
        public, private = (
            self._word(dialect, day, "id", ID_LETTERS),
            self._word(dialect, day, "secret", _SECRET_LETTERS),
        )
        with reading(self._database) as connection:
            is_there = connection.execute(select(KEYS.c.id).where(KEYS.c.id == public)).one_or_none() is not None
        is_bearer = dialect in BEARER_DIALECTS
        made = ConsoleKey(f"{public}.{private}") if is_bearer else ConsoleKey(public, private)
        if not is_there:
            self._write(dialect, public, made, day)
        return made

    def _write(self, dialect: DialectName, public: str, made: ConsoleKey, day: date) -> None:
        """The row of a key; another server may be writing the same."""
        proof = (
            {"secret": None, "bearer": self._master_key.keyed_hash("bearer key", made.key)}
            if made.secret is None
            else {"secret": self._master_key.seal(made.secret.encode(), about(KEYS.c.secret, public)), "bearer": None}
        )
        row = {
            "id": public,
            "dialect": dialect,
            "name": NAME,
            "created_at_s": int(time.time()),
            "permissions": "kyc" if dialect in _KYC else "",
            "enabled": True,
            "suspended": False,
            "used": 0,
            "spent": 0,
            "expires_on": day + timedelta(days=1),
            **proof,
        }
        with writing(self._database) as connection:
            insert_once(connection, KEYS, row)

    def _word(self, dialect: DialectName, day: date, part: str, letters: int) -> str:
        """A word of letters and digits that follows from the master key; each letter carries almost six bits."""
        drawn = b""
        while len(drawn) < letters:
            number = len(drawn)
            fresh = self._master_key.keyed_hash(_PURPOSE, f"{dialect} {day.isoformat()} {part} {number}")
            drawn += bytes(one for one in b64encode(fresh) if chr(one).isalnum())
        return drawn[:letters].decode("ascii")
