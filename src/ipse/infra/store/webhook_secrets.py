"""
The port `WebhookSecrets` on the store: secrets follow from the master key, the key's id and how often it was renewed.

So none rests anywhere, and nothing has to be sealed anew when the master key changes.
"""

from typing import Any

from sqlalchemy import Engine, Row, select

from ipse.infra.master_key import MasterKey
from ipse.infra.signing import WebhookKeys
from ipse.infra.store.database import reading, writing
from ipse.infra.store.questions import Questions
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import KEYS
from ipse.service.ports import Clock


class StoredWebhookSecrets:
    """
    Reads how often a secret was renewed, and until when the one before counts.

    Args:
        database: Up to date.
        master_key: Secrets follow from it, and it seals addresses.
        questions: Where the database is asked.
        clock: For the grace of secrets.
    """

    def __init__(self, database: Engine, master_key: MasterKey, questions: Questions, clock: Clock) -> None:
        self._database = database
        self._keys = WebhookKeys(master_key)
        self._seal = master_key.seal
        self._questions = questions
        self._clock = clock

    async def of(self, key: str) -> tuple[str, ...]:
        """The secret that counts, then the one before while its grace lasts; none of a key that is not there."""
        row = await self._questions.ask(lambda: self._row(key))
        if row is None:
            return ()
        owner, turn = f"{row.dialect}:{key}", row.webhook_turn
        in_grace = row.webhook_old_until_ms is not None and row.webhook_old_until_ms > self._clock.now() * 1000
        turns = (turn, turn - 1) if turn > 0 and in_grace else (turn,)
        return tuple(self._keys.secret(owner, each) for each in turns)

    async def renew(self, key: str, now: float, grace_s: float) -> str | None:
        """A new secret, the last one being used beside it for so many seconds."""
        until_ms = int((now + grace_s) * 1000)
        if not await self._questions.ask(lambda: self._renew(key, until_ms)):
            return None
        return (await self.of(key))[0]

    async def point(self, key: str, address: str | None) -> bool:
        """Have a key's owner told at an address what no call names another for; whether there is such a key."""
        sealed = None if address is None else self._seal(address.encode(), about(KEYS.c.webhook, key))
        return await self._questions.ask(lambda: self._point(key, sealed))

    def _point(self, key: str, sealed: bytes | None) -> bool:
        """Write the address; whether there is such a key."""
        with writing(self._database) as connection:
            return connection.execute(KEYS.update().where(KEYS.c.id == key).values(webhook=sealed)).rowcount == 1

    def _row(self, key: str) -> Row[*tuple[Any, ...]] | None:
        """What a key's secrets follow from."""
        columns = (KEYS.c.dialect, KEYS.c.webhook_turn, KEYS.c.webhook_old_until_ms)
        with reading(self._database) as connection:
            return connection.execute(select(*columns).where(KEYS.c.id == key)).one_or_none()

    def _renew(self, key: str, until_ms: int) -> bool:
        """One turn more; whether there is such a key."""
        turned = {"webhook_turn": KEYS.c.webhook_turn + 1, "webhook_old_until_ms": until_ms}
        with writing(self._database) as connection:
            return connection.execute(KEYS.update().where(KEYS.c.id == key).values(turned)).rowcount == 1
