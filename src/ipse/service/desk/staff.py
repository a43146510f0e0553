"""Who works at the desk: invited, given roles, shut out. Only administrators are asked to do any of it."""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from ipse.service.desk.entrance import FIRST_S, INVITATION_S, Trouble
from ipse.service.desk.roles import Role
from ipse.service.ports import Accounts, AuditTrail, Clock, User
from ipse.service.ports.accounts import BARE


@dataclass(frozen=True, slots=True)
class Staff:
    """
    Changes who may come in.

    Attributes:
        accounts: Who there is.
        audit: Writes down who changed whom.
        clock: Says until when.
        entropy: Makes tokens.
    """

    accounts: Accounts
    audit: AuditTrail
    clock: Clock
    entropy: Callable[[int], bytes]

    async def every(self) -> tuple[User, ...]:
        """Give everybody, by name."""
        return await self.accounts.every()

    async def find(self, user: str) -> User | None:
        """Give whose public id this is."""
        return await self.accounts.find(user)

    async def invite(self, actor: str, role: Role) -> str:
        """Give a one-time token with which somebody new may enter."""
        token = await self._token(actor, role, None)
        await self.audit.note(actor, "users.invite", role=role.value)
        return token

    async def let_in(self, actor: str, role: Role) -> str:
        """Give a one-time token that lets somebody in without a password, within the hour."""
        token = await self._token(actor, role, None, BARE, FIRST_S)
        await self.audit.note(actor, "users.let_in", role=role.value)
        return token

    async def renew_password(self, actor: str, user: User) -> str | None:
        """
        Give a one-time token with which somebody chooses a new password; the old one works until then.

        `None` for whoever has none: a second way in would not end with the first.
        """
        if not user.has_password:
            return None
        token = await self._token(actor, user.role, user.id)
        await self.audit.note(actor, "users.renew_password", user.id)
        return token

    async def change_role(self, actor: str, user: User, role: Role) -> Trouble | None:
        """Make somebody something else."""
        if not await self.accounts.change(user.id, role=role):
            return Trouble.LAST_ADMIN
        await self.audit.note(actor, "users.change_role", user.id, role=role.value)
        return None

    async def switch(self, actor: str, user: User, *, enabled: bool) -> Trouble | None:
        """Let somebody in again, or shut them out at once."""
        if not await self.accounts.change(user.id, enabled=enabled):
            return Trouble.LAST_ADMIN
        await self.audit.note(actor, "users.enable" if enabled else "users.disable", user.id)
        return None

    async def _token(
        self, actor: str, role: Role, user: str | None, kind: str = "", lasts_s: float = INVITATION_S
    ) -> str:
        """A token that is known to the accounts."""
        token = kind + base64.urlsafe_b64encode(self.entropy(32)).decode().rstrip("=")
        await self.accounts.invite(token, role, user, self.clock.now() + lasts_s, actor)
        return token
