"""
The console, put together: which use cases and stores stand behind which page.

Nothing here knows HTTP but for handing over what answers calls, which `Try it` asks as a caller would.
"""

import asyncio
import secrets
from typing import Final

from starlette.types import ASGIApp

from ipse.capture.signing import sign_bundle
from ipse.console import Console, Page, Visitor
from ipse.console.bodies import Bodies
from ipse.console.pages import (
    audit,
    engine,
    find,
    health,
    home,
    keys,
    people,
    review,
    sign_in,
    try_it,
    usage,
    users,
    webhooks,
)
from ipse.console.pages.try_it import Bench
from ipse.console.trying.attempt import Caller
from ipse.console.trying.catalogue import catalogue
from ipse.infra.console_token import TokenFile
from ipse.infra.oidc import Oidc, Provider
from ipse.infra.passwords import Argon2Passwords
from ipse.infra.sample_pictures import SamplePictures
from ipse.infra.settings import Settings
from ipse.infra.store.limits_storage import is_rate
from ipse.infra.store.roll import StoredRoll
from ipse.infra.telemetry import SystemClock
from ipse.infra.trouble import SetupError
from ipse.models.bundle import samples_folder
from ipse.protocols.native.cases import told_of_case
from ipse.service.desk.cases import Review
from ipse.service.desk.engine import EngineSheet
from ipse.service.desk.entrance import Entrance
from ipse.service.desk.find import DeskFind
from ipse.service.desk.health import DeskHealth, Here
from ipse.service.desk.keys import DeskKeys
from ipse.service.desk.people import DeskPeople
from ipse.service.desk.roles import Role
from ipse.service.desk.staff import Staff
from ipse.service.desk.usage import DeskUsage
from ipse.service.desk.webhooks import DeskWebhooks
from ipse.service.erase import Erase
from ipse.service.ports import Clock, Compute, Log, Once, Sessions
from ipse.service.retention import Keeper
from ipse.stores import Stores

FORM_S: Final = 24 * 3600.0
"""How long it is remembered that a form was sent. Source: ours; a session, and with it every form, lasts 12 hours."""


class Desk:
    """
    The doors of the console: a session is somebody's, or nobody's.

    Args:
        sessions: Who is signed in.
        once: What was sent already.
        clock: Says whose time is over.
    """

    def __init__(self, sessions: Sessions, once: Once, clock: Clock) -> None:
        self._sessions = sessions
        self._once = once
        self._clock = clock

    async def visitor(self, cookie: str) -> Visitor | None:
        """Give whose session this is."""
        user = await self._sessions.visit(cookie, self._clock.now())
        return None if user is None else Visitor(user.id, user.name, user.role, self._sessions.word(cookie))

    async def is_first(self, visitor: Visitor, word: str) -> bool:
        """Give whether this visitor sends this word for the first time; it is remembered longer than any session is."""
        now = self._clock.now()
        return await self._once.spend("form", visitor.user, word, now + FORM_S, now)


def open_desk(
    settings: Settings,
    stores: Stores,
    sheet: EngineSheet,
    here: Here,
    answers: ASGIApp,
    compute: Compute,
    log: Log,
    bodies: Bodies,
) -> Console:
    """
    The console, ready to answer.

    Args:
        settings: How it is run.
        stores: What it shows and changes.
        sheet: What computes.
        here: What this process knows of itself.
        answers: Every dialect, for trying them.
        compute: Where pictures are made small.
        log: Where faults go.
        bodies: How much is read of a request.
    """
    clock = SystemClock()
    staff = Staff(stores.accounts, stores.audit, SystemClock(), secrets.token_bytes)
    pages: tuple[Page, ...] = (  # In the order of the navigation.
        *((try_it.page(_bench(settings, stores, answers)),) if settings.console_try else ()),
        usage.page(DeskUsage(stores.records, stores.issued), clock),
        keys.page(DeskKeys(stores.issued, stores.webhook_secrets, stores.audit, clock, is_rate)),
        people.page(_people(stores, sheet, log)),
        find.page(_find(stores, clock), _erase(stores, clock), stores.issued),
        review.page(_review(settings, stores, compute, clock), stores.issued, stores.accounts),
        webhooks.page(DeskWebhooks(stores.deliveries, stores.audit, clock), stores.issued),
        engine.page(sheet),
        health.page(DeskHealth(stores.vitals, stores.lines, stores.blobs, stores.house.last_turn, here, clock)),
        audit.page(stores.audit, stores.accounts),
        users.page(staff),
    )
    entrance = open_entrance(settings, stores)
    first = (home.page(frozenset(one.name for one in pages)), sign_in.page(entrance, _elsewhere(settings, stores, log)))
    return Console((*first, *pages), Desk(stores.sessions, stores.once, SystemClock()), log, _origin(settings), bodies)


def _bench(settings: Settings, stores: Stores, answers: ASGIApp) -> Bench:
    """What `Try it` works with."""
    samples = SamplePictures(samples_folder(settings.weights_dir))
    return Bench(catalogue(sign_bundle), Caller(answers, stores.console_keys), samples, stores.audit)


def _people(stores: Stores, sheet: EngineSheet, log: Log) -> DeskPeople:
    """The registry of people, one at a time."""
    roll = StoredRoll(stores.people, sheet.curve.recipe, stores.questions, log)
    return DeskPeople(roll, stores.census, stores.audit)


def _find(stores: Stores, clock: Clock) -> DeskFind:
    """Calls, looked up."""
    keeper = Keeper(stores.kept, clock)
    return DeskFind(stores.records, stores.lines, keeper, stores.evidence_key, stores.audit, clock)


def _erase(stores: Stores, clock: Clock) -> Erase:
    """What forgets calls and people."""
    return Erase(stores.erasing, stores.evidence_key, stores.audit, clock, secrets.token_bytes)


def _elsewhere(settings: Settings, stores: Stores, log: Log) -> Oidc | None:
    """The organisation's own sign-in, if one is set up."""
    if not settings.oidc_issuer or settings.oidc_client_secret is None:
        return None
    roles = {group: Role(role) for group, role in settings.oidc_roles.items()}
    secret = settings.oidc_client_secret.get_secret_value()
    provider = Provider(settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_role_claim, roles)
    return Oidc(provider, stores.master_key, log)


def _origin(settings: Settings) -> str:
    """Scheme and host under which browsers know us, if the settings say so."""
    return "/".join(settings.console_url.split("/")[:3])


def _review(settings: Settings, stores: Stores, compute: Compute, clock: Clock) -> Review:
    """Cases, and what people think of them."""
    return Review(
        cases=stores.cases,
        audit=stores.audit,
        clock=clock,
        keeper=Keeper(stores.kept, clock),
        jobs=stores.jobs,
        compute=compute,
        four_eyes=settings.review_four_eyes,
        told=told_of_case,
    )


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
    home = settings.console_url or home
    file = TokenFile(settings.data_dir)
    try:
        is_first = asyncio.run(open_entrance(settings, stores).open_first())
    except SetupError as error:
        log.error("no console token", why=str(error))  # noqa: TRY400 - our log; the words say it all
        return f"The console: {home}/console. Nobody has an account yet: ipse console invite"
    if not is_first:
        return f"The console: {home}/console"
    return f"The console: {home}/console/enter. For an hour its first user's token is in {file.path}"
