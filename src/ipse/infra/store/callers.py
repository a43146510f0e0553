"""The port `Callers` on the table of keys."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from ipse.core.reasons import Reason
from ipse.infra.store.keys import Key, Keys, dialect_name
from ipse.service.ports import KeyRecord, Receipt, Standing

Result = TypeVar("Result")


class StoredCallers:
    """Asks the database for every call, off the event loop, so that a change made elsewhere counts at once."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def find(self, dialect: str, key: str) -> KeyRecord | None:
        """The record of a key of this dialect, fresh."""
        name = dialect_name(dialect)
        found = None if name is None else await self._run(lambda: self._keys.find_with_secret(name, key))
        return None if found is None else _record(*found)

    async def hit(self, record: KeyRecord) -> Standing | None:
        """Count one call against the key's rate."""
        del record
        return None

    async def take_room(self, record: KeyRecord, call: UUID, now: float) -> Reason | None:
        """Take room for one call, or say why there is none."""
        del call, now
        if record.test_quota is None or await self._run(lambda: self._keys.charge(record.key)):
            return None
        return Reason.QUOTA_SPENT

    async def settle(self, record: KeyRecord, receipt: Receipt) -> None:
        """Give back the room of a call that does not count."""
        if record.test_quota is not None and not receipt.entry.counted and receipt.entry.outcome != "quota_spent":
            await self._run(lambda: self._keys.refund(record.key))

    def close(self) -> None:
        """Let the last question end."""
        self._thread.shutdown(wait=True)

    async def _run(self, question: Callable[[], Result]) -> Result:
        """An answer of the database, without holding up the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, question)


def _record(key: Key, secret: str | None) -> KeyRecord:
    """A row in the words of the port: a last day in UTC ends when the next one begins."""
    end = None if key.expires_on is None else datetime.combine(key.expires_on + timedelta(days=1), time(), UTC)
    return KeyRecord(
        key=key.id,
        dialect=key.dialect,
        secret=secret,
        disabled=not key.enabled,
        expires_at=None if end is None else end.timestamp(),
        kyc="kyc" in key.permissions,
        test_quota=key.test_quota,
    )
