"""Who may enter the console: invitations, roles, and the door."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from ipse.console.page import ROOT, Answer, Asked, Page, Refused, Route, Shown, Went
from ipse.service.desk.entrance import INVITATION_S, Trouble
from ipse.service.desk.roles import Right, Role
from ipse.service.desk.staff import Staff
from ipse.service.ports import User


class Users:
    """
    The routes of the page.

    Args:
        staff: Changes who may come in.
    """

    def __init__(self, staff: Staff) -> None:
        self._staff = staff

    async def show(self, asked: Asked) -> Answer:
        """Show everybody."""
        del asked
        return await self._page()

    async def invite(self, asked: Asked) -> Answer:
        """Make a link for somebody new; it is shown once."""
        role = _role(asked)
        if role is None:
            return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_request")
        token = await self._staff.invite(asked.known.user, role)
        return await self._page(link=_link(asked, token), role=role)

    async def renew(self, asked: Asked, user: User) -> Answer:
        """Make a link for somebody who forgot their password."""
        token = await self._staff.renew_password(asked.known.user, user)
        if token is None:
            return Refused(HTTPStatus.CONFLICT, "bad_request")
        return await self._page(link=_link(asked, token), named=user.name)

    async def change_role(self, asked: Asked, user: User) -> Answer:
        """Make somebody something else."""
        role = _role(asked)
        if role is None:
            return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_request")
        return await self._after(await self._staff.change_role(asked.known.user, user, role))

    async def disable(self, asked: Asked, user: User) -> Answer:
        """Shut somebody out at once."""
        return await self._after(await self._staff.switch(asked.known.user, user, enabled=False))

    async def enable(self, asked: Asked, user: User) -> Answer:
        """Let somebody in again."""
        return await self._after(await self._staff.switch(asked.known.user, user, enabled=True))

    def of_user(self, answer: Callable[[Asked, User], Awaitable[Answer]]) -> Callable[[Asked], Awaitable[Answer]]:
        """Give the route that looks up the user in its path first."""

        async def looked_up(asked: Asked) -> Answer:
            user = await self._staff.find(asked.words["user"])
            return Refused(HTTPStatus.NOT_FOUND, "no_page") if user is None else await answer(asked, user)

        return looked_up

    async def _after(self, trouble: Trouble | None) -> Answer:
        """The page again, with what went wrong if something did."""
        return Went("/users") if trouble is None else await self._page(trouble=trouble)

    async def _page(self, **more: object) -> Answer:
        """The page."""
        facts = {
            "users": await self._staff.every(),
            "roles": [role.value for role in Role],
            "hours": INVITATION_S // 3600,
            "link": None,
            "role": None,
            "named": None,
            "trouble": None,
        }
        status = HTTPStatus.CONFLICT if more.get("trouble") else HTTPStatus.OK
        return Shown("users.html", facts | more, status)


def page(staff: Staff) -> Page:
    """
    Who may enter the console.

    Args:
        staff: Changes it.
    """
    doing = Users(staff)
    return Page(
        "users",
        (
            Route("GET", "/users", doing.show, Right.CHANGE_USERS),
            Route("POST", "/users/invite", doing.invite, Right.CHANGE_USERS),
            Route("POST", "/users/{user}/renew", doing.of_user(doing.renew), Right.CHANGE_USERS),
            Route("POST", "/users/{user}/role", doing.of_user(doing.change_role), Right.CHANGE_USERS),
            Route("POST", "/users/{user}/disable", doing.of_user(doing.disable), Right.CHANGE_USERS),
            Route("POST", "/users/{user}/enable", doing.of_user(doing.enable), Right.CHANGE_USERS),
        ),
        Right.CHANGE_USERS,
    )


def _role(asked: Asked) -> Role | None:
    """The role that a form names."""
    word = asked.text("role")
    return Role(word) if word in set(Role) else None


def _link(asked: Asked, token: str) -> str:
    """Where somebody enters with a token."""
    return f"{asked.origin}{ROOT}/enter?token={token}"
