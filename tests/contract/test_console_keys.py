"""The keys with which the console tries things: the same on every server, ordinary in every other respect."""

import asyncio
from contextlib import ExitStack, closing

import pytest
from sqlalchemy import Engine

from ipse.infra.master_key import MasterKey
from ipse.infra.store.console_keys import NAME, StoredConsoleKeys
from ipse.infra.store.keys import DialectName, Keys
from ipse.infra.store.questions import Questions
from ipse.service.ports.trying import ConsoleKey


@pytest.mark.parametrize("dialect", ["faceid", "native"])
def test_several_servers_have_one_key(database: Engine, dialect: DialectName) -> None:
    """Two servers that ask at once work out one key, with one row, and it opens its dialect alone for two days."""
    master_key = MasterKey(bytes(range(32)))

    async def asked() -> list[ConsoleKey]:
        with ExitStack() as stack:
            servers = [
                StoredConsoleKeys(database, master_key, stack.enter_context(closing(Questions(database))))
                for _ in range(2)
            ]
            return list(await asyncio.gather(*(one.of(dialect) for one in servers)))

    first, second = asyncio.run(asked())
    assert first == second
    keys = Keys(database, master_key)
    (row,) = keys.every()
    assert (NAME, dialect) == (row.name, row.dialect)
    assert row.expires_on is not None
    found = keys.find_with_secret(dialect, first.key, now_ms=0)
    assert found is not None
    assert row.id == found[0].id
    assert first.secret == found[1]


def test_the_console_knows_its_own(database: Engine) -> None:
    """By the id that calls are counted under, on a server that never asked for the key, and no other key for it."""
    master_key = MasterKey(bytes(range(32)))
    keys = Keys(database, master_key)

    async def asked() -> list[bool]:
        with closing(Questions(database)) as questions:
            here, there = (StoredConsoleKeys(database, master_key, questions) for _ in range(2))
            for dialect in ("faceid", "native"):
                await here.of(dialect)
            ours = [row.id for row in keys.every()]
            keys.create("faceid", NAME, now_s=0)
            return [there.is_ours(row.id) == (row.id in ours) for row in keys.every()]

    assert [True, True, True] == asyncio.run(asked())


def test_another_master_key_has_other_keys(database: Engine) -> None:
    """Nobody works the key out without the master key."""

    async def made(master_key: MasterKey) -> ConsoleKey:
        with closing(Questions(database)) as questions:
            return await StoredConsoleKeys(database, master_key, questions).of("faceid")

    one, other = (asyncio.run(made(MasterKey(bytes([number] * 32)))) for number in (1, 2))
    assert one.key != other.key
    assert one.secret != other.secret
