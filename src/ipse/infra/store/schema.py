"""
The state of a database's tables, and the way to the newest.

Alembic is imported only when there is something to migrate: it would double the time of `ipse keys list`.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, column, inspect, select, table

from ipse.infra.store.engines import DatabaseError

HEAD: Final = "0007"
"""The newest migration; a test holds it equal to what Alembic finds."""

_MIGRATIONS: Final = Path(__file__).parent / "migrations"

_VERSION_TABLE: Final = table("alembic_version", column("version_num"))


def version(connection: Connection) -> str | None:
    """The migration that a database stands at; none when it is empty."""
    if not inspect(connection).has_table(_VERSION_TABLE.name):
        return None
    return str(connection.execute(select(_VERSION_TABLE.c.version_num)).scalar_one())


def migrate(connection: Connection, target: str = "head") -> None:
    """
    Run what migrations are missing, inside the open transaction.

    Raises:
        DatabaseError: A newer Ipse has written this database.
    """
    from alembic import command  # noqa: PLC0415  # See the top: rarely needed, slow to import.
    from alembic.config import Config  # noqa: PLC0415  # Likewise.
    from alembic.util import CommandError  # noqa: PLC0415  # Likewise.

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, target)
    except CommandError as error:
        raise DatabaseError(f"This database cannot be brought up to date; a newer Ipse may own it ({error}).") from None
