"""
The console, put together: which use cases and stores stand behind which page.

Nothing here knows HTTP but for handing over what answers calls, which `Try it` asks as a caller would.
"""

from collections.abc import Mapping

from starlette.types import ASGIApp

from ipse.composition import Stores
from ipse.console import Console, Visitor
from ipse.infra.settings import Settings
from ipse.service.ports import Log


class _ClosedDoors:
    """Nobody is let in."""

    async def visitor(self, cookie: str) -> Visitor | None:
        """Give nobody."""
        del cookie
        return None


def open_desk(settings: Settings, stores: Stores, facts: Mapping[str, object], answers: ASGIApp, log: Log) -> Console:
    """
    The console, ready to answer.

    Args:
        settings: How it is run.
        stores: What it shows and changes.
        facts: What `/readyz` tells of the engine.
        answers: Every dialect, for trying them.
        log: Where faults go.
    """
    del settings, stores, facts, answers
    pages = ()
    return Console(pages, _ClosedDoors(), log)
