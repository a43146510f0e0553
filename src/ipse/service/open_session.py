"""OpenSession: what a client is to capture, and the token that opens our own capture page for it."""

from dataclasses import dataclass, field

from ipse.core.genuineness.session import LivenessSession
from ipse.service.liveness_sessions import LivenessSessions
from ipse.service.page_tokens import Page, PageTokens, owner_of
from ipse.service.ports import Seat, Stopwatch


@dataclass(frozen=True, slots=True)
class OpenSessionCommand:
    """
    What is asked.

    Attributes:
        dialect: Whose session: the dialect of a key,
        key: and the key.
        actions: How many actions the subject is asked to do, 0 to 5.
        flash: Whether a flash run is wanted.
        origin: The origin of the page that our capture page hands its result to.
    """

    dialect: str
    key: str
    actions: int
    flash: bool
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class OpenSessionOutcome:
    """The session, and the token that opens our capture page for it."""

    session: LivenessSession
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """The use case."""

    sessions: LivenessSessions
    tokens: PageTokens

    async def __call__(self, command: OpenSessionCommand, seat: Seat, stopwatch: Stopwatch) -> OpenSessionOutcome:
        """Give a new session."""
        del seat
        with stopwatch.stage("vault"):
            owner = owner_of(command.dialect, command.key)
            session = await self.sessions.open(owner, actions=command.actions, flash=command.flash)
            page = Page(
                command.dialect, command.key, "hand_over", session.sid, None, command.origin, session.expires_at
            )
            token = await self.tokens.issue(page)
        return OpenSessionOutcome(session, token)
