"""The port `IssuedKeys` on the store."""

from ipse.infra.store.keys import Keys
from ipse.infra.store.questions import Questions
from ipse.service.ports import Credentials, DialectName, Key, Limits


class StoredIssuedKeys:
    """
    The table of keys, asked off the event loop.

    Args:
        keys: The table.
        questions: Where the database is asked.
    """

    def __init__(self, keys: Keys, questions: Questions) -> None:
        self._keys = keys
        self._questions = questions

    async def every(self) -> tuple[Key, ...]:
        """All keys, oldest first."""
        return await self._questions.ask(self._keys.every)

    async def find(self, key: str) -> Key | None:
        """The key of this public id."""
        return await self._questions.ask(lambda: self._keys.find(key))

    async def create(self, dialect: DialectName, name: str, now: float, limits: Limits) -> Credentials:
        """A new key's credentials; the secret is never shown again."""
        return await self._questions.ask(lambda: self._keys.create(dialect, name, now_s=int(now), **limits))

    async def change(self, key: str, limits: Limits) -> bool:
        """Set limits of a key, leaving the others; whether there is such a key."""
        return await self._questions.ask(lambda: self._keys.change(key, **limits))

    async def rotate(self, key: str, now: float, grace_s: float) -> Credentials | None:
        """New credentials, the old ones working on for so many seconds; `None`: there is no such key."""
        times = {"now_ms": int(now * 1000), "grace_ms": int(grace_s * 1000)}
        return await self._questions.ask(lambda: self._keys.rotate(key, **times))

    async def end_grace(self, key: str) -> bool:
        """Refuse the credentials before the last from now on; whether there is such a key."""
        return await self._questions.ask(lambda: self._keys.end_grace(key))
