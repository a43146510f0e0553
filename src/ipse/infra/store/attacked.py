"""The numbers under which attacks were seen: keyed hashes, each with the moment at which it is forgotten."""

from collections.abc import Sequence

from sqlalchemy import Engine, case, func, select

from ipse.core.cards.numbers.spelling import one_spelling
from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import inserting, reading, writing
from ipse.infra.store.tables import ATTACKED


class AttackedRows:
    """
    The table. Safe to use from several threads and processes.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Hashes.
    """

    def __init__(self, database: Engine, master_key: MasterKey) -> None:
        self._database = database
        self._master_key = master_key

    def note(self, numbers: Sequence[str], expires_at_ms: int) -> None:
        """Remember numbers until then, or as long as each is remembered already."""
        rows = [{"hash": place, "expires_at_ms": expires_at_ms} for place in set(map(self._place, numbers))]
        if not rows:
            return
        with writing(self._database) as connection:
            insert = inserting(connection, ATTACKED)
            new, old = insert.excluded.expires_at_ms, ATTACKED.c.expires_at_ms
            later = {"expires_at_ms": case((new > old, new), else_=old)}
            connection.execute(insert.on_conflict_do_update(index_elements=["hash"], set_=later), rows)

    def clear(self, numbers: Sequence[str]) -> int:
        """Forget numbers; how many of them were remembered."""
        with writing(self._database) as connection:
            places = list(set(map(self._place, numbers)))
            return sum(connection.execute(ATTACKED.delete().where(ATTACKED.c.hash == one)).rowcount for one in places)

    def seen(self, number: str, now_ms: int) -> bool:
        """Whether a number is remembered."""
        mine = select(ATTACKED.c.hash).where(ATTACKED.c.hash == self._place(number), ATTACKED.c.expires_at_ms > now_ms)
        with reading(self._database) as connection:
            return connection.execute(mine).one_or_none() is not None

    def count(self, now_ms: int) -> int:
        """How many numbers are remembered."""
        with reading(self._database) as connection:
            still = select(func.count()).select_from(ATTACKED).where(ATTACKED.c.expires_at_ms > now_ms)
            return int(connection.execute(still).scalar_one())

    def _place(self, number: str) -> bytes:
        """Where a number rests, however it is spelled; nothing links it to the row of the person."""
        return self._master_key.keyed_hash("attacked number", one_spelling(number))
