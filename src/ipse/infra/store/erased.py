"""
What was erased stays erased: a worker that had begun before, and is not done yet, finds that its call is gone.

The word about a call is written by who erases it, and looked for by whoever writes something of it later; both take
turns, so that nothing can be written in between.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import hold, insert_or_replace
from ipse.infra.store.tables import ONCE

REMEMBERED_S: Final = 3600
"""How long a call is known to be erased. Source: ours; thirty times as long as a worker holds a job at most."""

TURN: Final = "erasing"
"""Who erases holds this word alone, who writes of a call together with others."""


def bury(connection: Connection, master_key: MasterKey, entries: Iterable[str], now_ms: int) -> None:
    """Have nothing written of these calls any more, in the transaction that erases them."""
    for entry in entries:
        row = {"hash": _place(master_key, entry), "expires_at_ms": now_ms + REMEMBERED_S * 1000}
        insert_or_replace(connection, ONCE, row)


def is_erased(connection: Connection, master_key: MasterKey, entry: str) -> bool:
    """
    Whether a call was erased a little while ago; nobody erases it before the transaction is over.

    Asked at the head of a transaction, before anything that an erasure deletes is touched.
    """
    hold(connection, TURN, together=True)
    known = select(ONCE.c.expires_at_ms).where(ONCE.c.hash == _place(master_key, entry))
    return connection.execute(known).one_or_none() is not None


def _place(master_key: MasterKey, entry: str) -> bytes:
    """Where the word about a call rests."""
    return master_key.keyed_hash("erased", entry)
