"""The entrance: signing in and out, entering with a one-time token, one's own password."""

import re
from http import HTTPStatus
from typing import Final

from ipse.console.page import ROOT, Answer, Asked, Cookie, Left, Page, Refused, Route, Shown, Went
from ipse.service.desk.entrance import SHORTEST, Entrance, Trouble
from ipse.service.ports import Elsewhere
from ipse.service.ports.accounts import BARE

SESSION: Final = "ipse_session"
"""The cookie of a session."""

NOTE: Final = "ipse_elsewhere"
"""The cookie of somebody who is signing in elsewhere; lax, since they come back from there."""

NOTE_S: Final = 600
"""How long a browser keeps that. Source: as `ipse.infra.oidc` does."""

BACK: Final = f"{ROOT}/elsewhere/back"
"""Where they come back to."""

SECONDS: Final = 12 * 3600
"""How long a browser keeps it; the server lets it end earlier."""

_OURS: Final = re.compile(r"(/[a-z][a-z0-9_-]*)+")
"""Addresses of ours that somebody may be sent on to: never another host's."""


class SignIn:
    """
    The routes of the entrance.

    Args:
        entrance: Lets people in and out.
        elsewhere: An organisation's own sign-in, if one is set up.
    """

    def __init__(self, entrance: Entrance, elsewhere: Elsewhere | None) -> None:
        self._entrance = entrance
        self._elsewhere = elsewhere

    async def ask(self, asked: Asked) -> Answer:
        """Show the form."""
        if asked.visitor is not None:
            return Went("")
        return await self._form(asked, None)

    async def sign_in(self, asked: Asked) -> Answer:
        """Let somebody in, or say that it was wrong."""
        came = await self._entrance.sign_in(asked.text("name"), asked.text("password"), asked.address, asked.session)
        if isinstance(came, Trouble):
            return await self._form(asked, came)
        return Went(_next(asked.text("to")), (session(came),))

    async def leave(self, asked: Asked) -> Answer:
        """Send the browser to the organisation's own sign-in."""
        if self._elsewhere is None:
            return Refused(HTTPStatus.NOT_FOUND, "no_page")
        departure = await self._elsewhere.begin(asked.origin + BACK, self._entrance.clock.now())
        if departure is None:
            return await self._form(asked, Trouble.ELSEWHERE_FAILED)
        if asked.visitor is not None:  # Coming back, the browser would keep the strict cookie to itself.
            await self._entrance.sign_out(asked.session, asked.visitor.user)
        return Left(departure.address, (Cookie(NOTE, departure.note, NOTE_S, "lax"),))

    async def come_back(self, asked: Asked) -> Answer:
        """Let in for whom the organisation vouches."""
        if self._elsewhere is None:
            return Refused(HTTPStatus.NOT_FOUND, "no_page")
        who = await self._elsewhere.finish(
            asked.origin + BACK, asked.cookie(NOTE), asked.queries, self._entrance.clock.now()
        )
        forget = Cookie(NOTE, "", NOTE_S, "lax")
        came = await (self._entrance.not_vouched() if who is None else self._entrance.vouched(who, asked.session))
        if isinstance(came, Trouble):
            return await self._form(asked, came, forget)
        # Not a redirect: the browser still comes from elsewhere, and would keep the strict cookie back.
        return Shown("sign_in_back.html", {}, HTTPStatus.OK, (session(came), forget))

    async def sign_out(self, asked: Asked) -> Answer:
        """End the session."""
        if asked.visitor is not None:
            await self._entrance.sign_out(asked.session, asked.visitor.user)
        return Went("/sign-in", (session(""),))

    async def sign_out_everywhere(self, asked: Asked) -> Answer:
        """End all sessions of the visitor."""
        if asked.visitor is not None:
            await self._entrance.sign_out_everywhere(asked.visitor.user)
        return Went("/sign-in", (session(""),))

    async def ask_token(self, asked: Asked) -> Answer:
        """Show the form for name and password, if the token is good."""
        return await self._entering(asked, asked.query("token"), None)

    async def enter(self, asked: Asked) -> Answer:
        """Make the account and let its owner in."""
        token = asked.text("token")
        chosen = (asked.text("name"), asked.text("password"), asked.text("again"))
        came = await self._entrance.enter(token, *chosen, asked.session)
        if isinstance(came, Trouble):
            return await self._entering(asked, token, came)
        return Went("", (session(came),))

    async def account(self, asked: Asked) -> Answer:
        """Show one's own account."""
        return await self._own(asked, None)

    async def change_password(self, asked: Asked) -> Answer:
        """Change one's own password."""
        if asked.visitor is None:
            return Went("/sign-in")
        came = await self._entrance.change_password(
            asked.visitor.user, asked.text("old"), asked.text("password"), asked.text("again"), asked.address
        )
        if isinstance(came, Trouble):
            return await self._own(asked, came)
        return Went("/account?changed=1", (session(came),))

    async def _form(self, asked: Asked, trouble: Trouble | None, *cookies: Cookie) -> Answer:
        """The form for name and password."""
        facts = {
            "trouble": trouble,
            "name": asked.text("name"),
            "to": _next(asked.text("to") or asked.query("to")),
            "elsewhere": self._elsewhere is not None,
            "empty": await self._entrance.accounts.is_empty(),
        }
        return Shown("sign_in.html", facts, _status(trouble), cookies)

    async def _entering(self, asked: Asked, token: str, trouble: Trouble | None) -> Answer:
        """The form of a one-time token; without a good one, a field for it."""
        invitation = await self._entrance.invitation(token) if token else None
        if token and invitation is None:
            trouble = Trouble.GONE
        facts = {
            "trouble": trouble,
            "token": token,
            "invitation": invitation,
            "bare": token.startswith(BARE),
            "name": asked.text("name"),
            "shortest": SHORTEST,
        }
        return Shown("sign_in_enter.html", facts, _status(trouble))

    async def _own(self, asked: Asked, trouble: Trouble | None) -> Answer:
        """The visitor's own account."""
        if asked.visitor is None:
            return Went("/sign-in")
        user = await self._entrance.accounts.find(asked.visitor.user)
        facts = {
            "trouble": trouble,
            "changed": asked.query("changed") == "1",
            "has_password": user is not None and user.has_password,
            "shortest": SHORTEST,
        }
        return Shown("sign_in_account.html", facts, _status(trouble))


def page(entrance: Entrance, elsewhere: Elsewhere | None) -> Page:
    """
    The entrance.

    Args:
        entrance: Lets people in and out.
        elsewhere: An organisation's own sign-in, if one is set up.
    """
    doing = SignIn(entrance, elsewhere)
    return Page(
        "sign_in",
        (
            Route("GET", "/sign-in", doing.ask, None),
            Route("POST", "/sign-in", doing.sign_in, None),
            Route("GET", "/elsewhere", doing.leave, None),
            Route("GET", "/elsewhere/back", doing.come_back, None),
            Route("POST", "/sign-out", doing.sign_out, None),
            Route("POST", "/sign-out-everywhere", doing.sign_out_everywhere, None),
            Route("GET", "/enter", doing.ask_token, None),
            Route("POST", "/enter", doing.enter, None),
            Route("GET", "/account", doing.account, None),
            Route("POST", "/account", doing.change_password, None),
        ),
    )


def session(value: str) -> Cookie:
    """The cookie of a session; an empty one ends it in the browser."""
    return Cookie(SESSION, value, SECONDS)


def _next(to: str) -> str:
    """Where somebody goes on to, if it is an address of ours."""
    to = to.removeprefix(ROOT)
    return to if _OURS.fullmatch(to) else ""


def _status(trouble: Trouble | None) -> int:
    """The status of a form that is shown again."""
    match trouble:
        case None:
            return HTTPStatus.OK
        case Trouble.TOO_MANY:
            return HTTPStatus.TOO_MANY_REQUESTS
        case Trouble.GONE:
            return HTTPStatus.GONE
        case _:
            return HTTPStatus.UNPROCESSABLE_ENTITY
