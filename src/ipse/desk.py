"""
The console, put together: which use cases and stores stand behind which page.

Nothing here knows HTTP but for handing over what answers calls, which `Try it` asks as a caller would.
"""

import asyncio
import secrets
from collections.abc import Mapping

from starlette.types import ASGIApp

from ipse.capture.signing import sign_bundle
from ipse.composition import Stores
from ipse.console import Console, Page, Visitor
from ipse.console.pages import audit, home, sign_in, try_it, users
from ipse.console.pages.try_it import Bench
from ipse.console.trying.attempt import Caller
from ipse.console.trying.catalogue import catalogue
from ipse.infra.console_token import TokenFile
from ipse.infra.passwords import Argon2Passwords
from ipse.infra.sample_pictures import SamplePictures
from ipse.infra.settings import Settings
from ipse.infra.telemetry import SystemClock
from ipse.infra.trouble import SetupError
from ipse.models.bundle import samples_folder
from ipse.service.desk.entrance import Entrance
from ipse.service.desk.staff import Staff
from ipse.service.ports import Clock, Log, Sessions


class Desk:
    """
    The doors of the console: a session is somebody's, or nobody's.

    Args:
        sessions: Who is signed in.
        clock: Says whose time is over.
    """

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def visitor(self, cookie: str) -> Visitor | None:
        """Give whose session this is."""
        user = await self._sessions.visit(cookie, self._clock.now())
        return None if user is None else Visitor(user.id, user.name, user.role, self._sessions.word(cookie))


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
    del facts
    staff = Staff(stores.accounts, stores.audit, SystemClock(), secrets.token_bytes)
    pages: tuple[Page, ...] = (  # In the order of the navigation.
        try_it.page(_bench(settings, stores, answers)),
        audit.page(stores.audit, stores.accounts),
        users.page(staff),
    )
    entrance = open_entrance(settings, stores)
    first = (home.page(frozenset(one.name for one in pages)), sign_in.page(entrance, elsewhere=False))
    return Console((*first, *pages), Desk(stores.sessions, SystemClock()), log)


def _bench(settings: Settings, stores: Stores, answers: ASGIApp) -> Bench:
    """What `Try it` works with."""
    samples = SamplePictures(samples_folder(settings.weights_dir))
    return Bench(catalogue(sign_bundle), Caller(answers, stores.console_keys), samples, stores.audit)


def open_entrance(settings: Settings, stores: Stores) -> Entrance:
    """What lets people in and out."""
    return Entrance(
        accounts=stores.accounts,
        sessions=stores.sessions,
        passwords=Argon2Passwords(),
        attempts=stores.attempts,
        audit=stores.audit,
        first=TokenFile(settings.data_dir),
        clock=SystemClock(),
        entropy=secrets.token_bytes,
    )


def welcome(settings: Settings, stores: Stores, home: str, log: Log) -> str:
    """
    What the server's owner is told once it is warm, and never the log: where the console is, and how to enter it first.

    Args:
        settings: How it is run.
        stores: Where users are.
        home: Scheme, host and port of the server.
        log: Where trouble goes.
    """
    file = TokenFile(settings.data_dir)
    try:
        is_first = asyncio.run(open_entrance(settings, stores).open_first())
    except SetupError as error:
        log.error("no console token", why=str(error))  # noqa: TRY400 - our log; the words say it all
        return f"The console: {home}/console. Nobody has an account yet: ipse console invite"
    if not is_first:
        return f"The console: {home}/console"
    return f"The console: {home}/console/enter. For an hour its first user's token is in {file.path}"
