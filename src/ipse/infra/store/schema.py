"""
The state of a database's tables, and the way to the newest.

Servers are upgraded one after the other, so the tables are newer than some code for a while. A row says both how new
they are (`head`) and which is the oldest code that works with them (`version_num`, which is what code before 0007 reads
and takes for the whole truth). Code that is neither older than the one nor newer than the other leaves them alone.

Alembic is imported only when there is something to migrate: it would double the time of `ipse keys list`.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, column, inspect, select, table, text, update

from ipse.infra.store.engines import DatabaseError

HEAD: Final = "0008"
"""The newest migration; a test holds it equal to what Alembic finds."""

OLDEST: Final = "0006"
"""
The oldest code that works with the tables as they are now: its own additions may be missing, nothing else.

A migration that takes something away or gives it another meaning names itself here; `tests/fleet/test_upgrade.py` runs
that code.
"""

_MIGRATIONS: Final = Path(__file__).parent / "migrations"

_VERSION_TABLE: Final = table("alembic_version", column("version_num"), column("head"))


def version(connection: Connection) -> str | None:
    """The migration that a database stands at; none when it is empty."""
    if not inspect(connection).has_table(_VERSION_TABLE.name):
        return None
    return _stand(connection)[0]


def is_usable(connection: Connection) -> bool:
    """Whether this code works with the tables as they are: they are its own, or newer ones that it survives."""
    if version(connection) is None:
        return False
    head, oldest = _stand(connection)
    return head == HEAD or oldest <= HEAD < head


def must_be_ours(connection: Connection) -> None:
    """
    Refuse tables that have more in them than this code knows.

    Raises:
        DatabaseError: It would leave something out.
    """
    if version(connection) != HEAD:
        raise DatabaseError("A newer Ipse has extended this database: run this command with that version.")


def migrate(connection: Connection, target: str = "head") -> None:
    """
    Run what migrations are missing, inside the open transaction, and note which code may go on with the tables.

    Raises:
        DatabaseError: A newer Ipse has written this database.
    """
    from alembic import command  # noqa: PLC0415  # See the top: rarely needed, slow to import.
    from alembic.config import Config  # noqa: PLC0415  # Likewise.
    from alembic.util import CommandError  # noqa: PLC0415  # Likewise.

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if version(connection) is not None and _is_noted(connection):
        connection.execute(update(_VERSION_TABLE).values(version_num=_stand(connection)[0]))  # What Alembic goes by.
    try:
        command.upgrade(config, target)
    except CommandError as error:
        raise DatabaseError(f"This database cannot be brought up to date; a newer Ipse may own it ({error}).") from None
    if _stand(connection)[1] == HEAD:
        if not _is_noted(connection):
            connection.execute(text("ALTER TABLE alembic_version ADD COLUMN head VARCHAR(32)"))
        connection.execute(update(_VERSION_TABLE).values(version_num=OLDEST, head=HEAD))


def _stand(connection: Connection) -> tuple[str, str]:
    """How new the tables are, and the oldest code that works with them: only their own where nobody has noted it."""
    if not _is_noted(connection):
        oldest = str(connection.execute(select(_VERSION_TABLE.c.version_num)).scalar_one())
        return oldest, oldest
    row = connection.execute(select(_VERSION_TABLE)).one()
    return str(row.head), str(row.version_num)


def _is_noted(connection: Connection) -> bool:
    """Whether the row says both."""
    return any(one["name"] == "head" for one in inspect(connection).get_columns(_VERSION_TABLE.name))
