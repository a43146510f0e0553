"""The entrance of the console: who may come in, with what, and for how long."""

import base64
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ipse.service.desk.roles import Role
from ipse.service.ports import (
    Accounts,
    Attempts,
    AuditTrail,
    Clock,
    FirstToken,
    Invitation,
    Passwords,
    Sessions,
    User,
    Vouched,
)
from ipse.service.ports.accounts import BARE, FIRST

SHORTEST: Final = 12
LONGEST: Final = 128
"""Letters of a password. Source: contract of the desk; OWASP ASVS 5.0, 6.2.1 and 6.2.9 (at least 8; 64 and more)."""

LONGEST_NAME: Final = 100

FIRST_S: Final = 3600
INVITATION_S: Final = 3 * 24 * 3600
"""How long somebody has to enter. Source: ours; the first one sits beside the server."""


class Trouble(StrEnum):
    """Why somebody may not come in, in words that the pages have sentences for."""

    WRONG = "wrong"
    TOO_MANY = "too_many"
    GONE = "gone"
    NAME_MISSING = "name_missing"
    NAME_TAKEN = "name_taken"
    PASSWORD_SHORT = "password_short"  # noqa: S105 - a word for a sentence
    PASSWORD_LONG = "password_long"  # noqa: S105 - likewise
    PASSWORD_PLAIN = "password_plain"  # noqa: S105 - likewise
    PASSWORDS_DIFFER = "passwords_differ"
    ELSEWHERE_FAILED = "elsewhere_failed"
    NO_ROLE = "no_role"
    LAST_ADMIN = "last_admin"


@dataclass(frozen=True, slots=True)
class Entrance:
    """
    Lets people in and out.

    Attributes:
        accounts: Who there is.
        sessions: Who is in.
        passwords: Hashes and checks.
        attempts: Counts.
        audit: Writes down who came and went.
        first: Where the very first user finds a token.
        clock: Says what is over.
        entropy: Makes cookies and tokens.
    """

    accounts: Accounts
    sessions: Sessions
    passwords: Passwords
    attempts: Attempts
    audit: AuditTrail
    first: FirstToken
    clock: Clock
    entropy: Callable[[int], bytes]

    async def sign_in(self, name: str, password: str, address: str, left: str = "") -> str | Trouble:
        """
        Give a cookie; the session that is `left` for it ends.

        Unknown names, disabled accounts and wrong passwords are told the same, after the same time.
        """
        called = plain_name(name)
        if not await self.attempts.may(called, address):
            await self._shut_out(called)
            return Trouble.TOO_MANY
        found = await self.accounts.with_password(called) if called else None
        fits = await self.passwords.fits(password[:LONGEST], None if found is None else found[1])
        if found is None or not fits or not found[0].enabled:
            await self._refused("password", "" if found is None else found[0].id)
            return Trouble.WRONG
        await self.attempts.remember(called, address)
        return await self._let_in(found[0], "desk.sign_in", left)

    async def not_vouched(self) -> Trouble:
        """Give why somebody came back from their organisation in vain."""
        await self._refused("elsewhere")
        return Trouble.ELSEWHERE_FAILED

    async def vouched(self, who: Vouched, left: str = "") -> str | Trouble:
        """Give a cookie to somebody for whom their organisation vouches, as far as they have a role."""
        user = await self.accounts.vouched(
            Vouched(who.subject, plain_name(who.name) or "?", who.role), self.clock.now()
        )
        if user is None:
            await self._refused("no_role" if who.role is None else "disabled")
            return Trouble.NO_ROLE if who.role is None else Trouble.WRONG
        return await self._let_in(user, "desk.sign_in", left, elsewhere=True)

    async def invitation(self, token: str) -> Invitation | None:
        """Give what a token is good for."""
        return await self.accounts.invitation(token, self.clock.now())

    async def enter(self, token: str, name: str, password: str, again: str, left: str = "") -> str | Trouble:
        """Give a cookie for a one-time token, with the name and the password that were chosen."""
        invitation = await self.invitation(token)
        if invitation is None:
            await self._refused("token")
            return Trouble.GONE
        if token.startswith(BARE):
            return await self._enter_bare(token, invitation, left)
        called = plain_name(name)
        if invitation.user is None and not called:
            return Trouble.NAME_MISSING
        trouble = judge(password, again, called)
        if trouble is not None:
            return trouble
        user = await self.accounts.enter(token, called, await self.passwords.hash(password), self.clock.now())
        if isinstance(user, str):
            return Trouble.GONE if user == "gone" else Trouble.NAME_TAKEN
        self.first.remove()
        return await self._let_in(user, "users.entered" if invitation.user is None else "users.password_renewed", left)

    async def _enter_bare(self, token: str, invitation: Invitation, left: str) -> str | Trouble:
        """Give a cookie for an account without a password: whoever has it comes back with another token only."""
        called = f"{invitation.role}-{self.entropy(4).hex()}"
        user = await self.accounts.enter(token, called, None, self.clock.now())
        if isinstance(user, str):
            return Trouble.GONE
        self.first.remove()
        return await self._let_in(user, "users.entered", left)

    async def change_password(self, user: str, old: str, password: str, again: str, address: str) -> str | Trouble:
        """Give a new cookie for a new password: whoever else was signed in as this user is so no more."""
        known = await self.accounts.find(user)
        found = None if known is None else await self.accounts.with_password(known.name)
        if found is None:
            return Trouble.WRONG
        if not await self.attempts.may(found[0].name, address):
            await self._shut_out(found[0].name)
            return Trouble.TOO_MANY
        if not await self.passwords.fits(old[:LONGEST], found[1]):
            await self._refused("present_password", user)
            return Trouble.WRONG
        trouble = judge(password, again, found[0].name)
        if trouble is not None:
            return trouble
        await self.accounts.set_password(user, await self.passwords.hash(password))
        return await self._let_in(found[0], "users.password_changed")

    async def sign_out(self, cookie: str, user: str) -> None:
        """End a session."""
        await self.sessions.end(cookie)
        await self.audit.note(user, "desk.sign_out", user)

    async def sign_out_everywhere(self, user: str) -> None:
        """End all sessions of somebody."""
        await self.sessions.end_all(user)
        await self.audit.note(user, "desk.sign_out_everywhere", user)

    async def open_first(self) -> bool:
        """Put a token where the very first user finds it; `False`, and none there, once there is somebody."""
        if not await self.accounts.is_empty():
            self.first.remove()
            return False
        token = FIRST + self._word()
        await self.accounts.invite(token, Role.ADMIN, None, self.clock.now() + FIRST_S)
        self.first.write(token)
        return True

    async def _shut_out(self, name: str) -> None:
        """Write down that somebody tries too often: for a name once in a window, or strangers fill the trail."""
        if await self.attempts.may_tell("attempts", name):
            await self.audit.note("server", "desk.attempts")

    async def _refused(self, why: str, user: str = "") -> None:
        """Write down who was not let in, and why; beyond so many an hour nobody is helped by more lines."""
        if await self.attempts.may_tell(why):
            await self.audit.note("server", "desk.refused", user, why=why)

    async def _let_in(self, user: User, action: str, left: str = "", *, elsewhere: bool = False) -> str:
        """A new session's cookie; the one that this browser had before is good for nothing any more."""
        if left:
            await self.sessions.end(left)
        cookie = self._word()
        await self.sessions.begin(cookie, user.id, self.clock.now())
        await self.audit.note(user.id, action, user.id, **({"elsewhere": True} if elsewhere else {}))
        return cookie

    def _word(self) -> str:
        """256 bits that nobody can guess."""
        return base64.urlsafe_b64encode(self.entropy(32)).decode().rstrip("=")


def plain_name(name: str) -> str:
    """A name as it is kept: one spelling for what looks the same; empty if it is none."""
    called = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return called if called.isprintable() and len(called) <= LONGEST_NAME else ""


def judge(password: str, again: str, name: str) -> Trouble | None:
    """
    Why a password will not do, if so; only its length counts, and that it is not all too plain.

    Source: NIST SP 800-63B-4, 3.1.1.2: no rules of composition; no repetitions, sequences or the name itself.
    """
    if password != again:
        return Trouble.PASSWORDS_DIFFER
    if len(password) < SHORTEST:
        return Trouble.PASSWORD_SHORT
    if len(password) > LONGEST:
        return Trouble.PASSWORD_LONG
    return Trouble.PASSWORD_PLAIN if _is_plain(password.casefold(), name) else None


_ROWS: Final = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORDS: Final = ("password", "passwort", "letmein", "welcome", "administrator", "admin", "ipse", "iloveyou", "changeme")
"""What guesses begin with. Source: the head of every list of leaked passwords."""

_LETTERS_OF_ONES_OWN: Final = 6
"""Letters that must be left once names, rows of keys and repetitions are taken away. Source: ours."""


def _is_plain(password: str, name: str) -> bool:
    """Whether too little is left of a password without the name, well-known words, rows of keys and repetitions."""
    left = password
    for word in (*filter(None, (name, *name.split())), *_WORDS):
        left = left.replace(word, "")
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for start in range(len(row) - 3):
            left = left.replace(row[start : start + 4], "")
    return len(set(left)) < _LETTERS_OF_ONES_OWN
