"""The columns that are sealed under the master key, and what each value is about: rotation must find all of them."""

from typing import Final

from sqlalchemy import Column

from ipse.infra.store.tables import (
    CASES,
    DATA_KEYS,
    DELIVERIES,
    EVIDENCE,
    IDEMPOTENCY,
    JOBS,
    KEYS,
    OPINIONS,
    PEOPLE,
    VAULT,
)

SEALED: Final[tuple[Column[bytes], ...]] = (
    KEYS.c.secret,
    KEYS.c.old_secret,
    KEYS.c.webhook,
    VAULT.c.content,
    JOBS.c.payload,
    JOBS.c.result,
    PEOPLE.c.number,
    PEOPLE.c.name,
    PEOPLE.c.photo,
    PEOPLE.c.template,
    IDEMPOTENCY.c.answer,
    EVIDENCE.c.content,
    DATA_KEYS.c.wrapped,
    OPINIONS.c.reason,
    DELIVERIES.c.address,
    DELIVERIES.c.content,
    CASES.c.content,
)
"""Every sealed column; its table has a primary key of one column. A test holds it equal to the tables' comments."""


def about(column: Column[bytes], key: str | bytes) -> str:
    """
    What a sealed value belongs to, bound to its ciphertext: it opens in no other row and in no other column.

    Args:
        column: Where it stands.
        key: The primary key of its row.
    """
    if column is KEYS.c.secret:
        return str(key)  # As it was before there were other columns.
    return f"{column.table.name}.{column.name} {key.hex() if isinstance(key, bytes) else key}"
