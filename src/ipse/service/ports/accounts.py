"""Who may look at the console: accounts, invitations, sessions, and how often somebody may try."""

from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from ipse.service.desk.roles import Role

FIRST: Final = "first."
"""What the token of the very first user begins with: it is good only while there is nobody."""

BARE: Final = "bare."
"""What a token begins with that lets somebody in without a password, for as long as their session lasts."""


@dataclass(frozen=True, slots=True)
class User:
    """
    Somebody with an account.

    Attributes:
        id: Public.
        name: What they sign in with.
        role: What they are.
        enabled: Whether they may sign in.
        has_password: Whether they sign in here; else their organisation's sign-in vouches for them.
        created_at: Unix seconds.
        seen_at: When they last signed in; `None`: never.
    """

    id: str
    name: str
    role: Role
    enabled: bool
    has_password: bool
    created_at: float
    seen_at: float | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """
    What a one-time token is good for.

    Attributes:
        role: What whoever enters with it becomes.
        user: Whose password it renews; `None`: it makes a new account.
    """

    role: Role
    user: str | None


@dataclass(frozen=True, slots=True)
class Vouched:
    """
    Somebody for whom an organisation's sign-in vouches.

    Attributes:
        subject: Who, for ever: issuer and subject.
        name: What they are called there.
        role: What they are here; `None`: nothing, or nothing any more.
    """

    subject: str = field(repr=False)
    name: str
    role: Role | None


class Accounts(Protocol):
    """The accounts, shared by all servers."""

    async def is_empty(self) -> bool:
        """Whether there is nobody yet."""
        ...

    async def every(self) -> tuple[User, ...]:
        """Give everybody, by name."""
        ...

    async def find(self, user: str) -> User | None:
        """Give whose public id this is."""
        ...

    async def with_password(self, name: str) -> tuple[User, str] | None:
        """Give who signs in by this name with a password, and its hash."""
        ...

    async def invite(
        self, token: str, role: Role, user: str | None, expires_at: float, issuer: str | None = None
    ) -> None:
        """Let somebody enter once by this token, as long as its issuer may do so; only a keyed hash of it is kept."""
        ...

    async def invitation(self, token: str, now: float) -> Invitation | None:
        """Give what a token is good for; `None` if it is unknown, used or over."""
        ...

    async def enter(self, token: str, name: str, password: str | None, now: float) -> User | Literal["gone", "taken"]:
        """
        Use a token: make the account, or renew its password, whose sessions end; all or nothing.

        Args:
            token: Is gone afterwards.
            name: Of the new account; whose password is renewed keeps the one they have.
            password: Its hash; `None` for an account without one.
            now: Unix seconds.
        """
        ...

    async def vouched(self, who: Vouched, now: float) -> User | None:
        """
        Give the account of whom others vouch for, made or brought up to date.

        `None` if it is disabled; also for whoever has no role, whose sessions end.
        """
        ...

    async def set_password(self, user: str, password: str) -> None:
        """Keep another hash; all sessions end."""
        ...

    async def change(self, user: str, *, role: Role | None = None, enabled: bool | None = None) -> bool:
        """Change somebody, whose sessions end; `False`, and nothing changed, if no administrator would be left."""
        ...


class Sessions(Protocol):
    """Who is signed in, on whichever server."""

    async def begin(self, cookie: str, user: str, now: float) -> None:
        """Let somebody in; only a keyed hash of the cookie is kept."""
        ...

    async def visit(self, cookie: str, now: float) -> User | None:
        """Give whose session this is, and keep it alive; `None` if it is over, or its user is disabled."""
        ...

    async def end(self, cookie: str) -> None:
        """End one session."""
        ...

    async def end_all(self, user: str) -> None:
        """End all sessions of somebody."""
        ...

    def word(self, cookie: str) -> str:
        """Give the word that every form of this session must bring; nobody can tell it from the cookie's hash."""
        ...


class Passwords(Protocol):
    """What makes passwords into something that may be kept."""

    async def hash(self, password: str) -> str:
        """Give a hash that takes long to try guesses against."""
        ...

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether it is the password of this hash; without one it is not, which takes as long to say."""
        ...


class FirstToken(Protocol):
    """Where the very first user finds a token: only the server's owner can read it."""

    def write(self, token: str) -> None:
        """Put it there, in the place of an older one."""
        ...

    def remove(self) -> None:
        """Throw it away."""
        ...


class Attempts(Protocol):
    """How often somebody may try, over all servers."""

    async def may(self, name: str, address: str) -> bool:
        """Count an attempt to sign in, and give whether it was one of those that are allowed."""
        ...

    async def remember(self, name: str, address: str) -> None:
        """Keep in mind that somebody came in from there: others' attempts from elsewhere do not shut them out."""
        ...

    async def may_tell(self, what: str, whom: str = "") -> bool:
        """Count a refusal, and give whether it is one of those that are written down; of whom, one for each window."""
        ...
