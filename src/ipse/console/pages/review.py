"""Review: cases that wait for people, one of them with its pictures and checks, and the decision."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from ipse.console.page import Answer, Asked, Page, Refused, Route, Shown, Went
from ipse.console.showing import moment
from ipse.service.desk.cases import MOST_REASON, Review, Reviewer, Seen, SeenPicture, Trouble
from ipse.service.desk.roles import Right, Role
from ipse.service.ports import CASE_KINDS, CASE_STATES, DECISIONS, Accounts, Case, CaseWish, Decision, IssuedKeys

MOST: Final = 50
"""Lines of a page."""

_SPOKEN: Final[Mapping[str, Decision]] = {one: one for one in DECISIONS}
"""Decisions by the words of the form."""

UNKNOWN: Final = Refused(HTTPStatus.NOT_FOUND, "no_page")

LETTER_SHARE: Final = 45
"""How many letters of the names of fields fit beside each other. Source: ours; legible at 360 pixels."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The routes of the page."""

    review: Review
    keys: IssuedKeys
    accounts: Accounts

    async def show(self, asked: Asked) -> Answer:
        """Show the cases that wait, or those that are asked for."""
        state = asked.query("state")
        wish = CaseWish(
            state=next((one for one in CASE_STATES if one == state), None),
            kind=next((one for one in CASE_KINDS if one == asked.query("kind")), None),
            owner=asked.query("key") or None,
            warning=asked.query("warning") or None,
            most=MOST,
        )
        lines = await self.review.lines(wish)
        if not state:  # What is decided is looked at when it is asked for.
            lines = tuple(one for one in lines if one.state != "decided")
        facts = {
            "lines": lines,
            "wish": wish,
            "keys": {key.id: key.name for key in await self.keys.every()},
            "names": await self._names(),
            "kinds": CASE_KINDS,
            "states": CASE_STATES,
        }
        return Shown("review.html", facts)

    async def one(self, asked: Asked) -> Answer:
        """Show one case."""
        return await self._case(asked)

    async def see(self, asked: Asked) -> Answer:
        """Show one case with its pictures and what was read."""
        seen = await self.review.see(_reviewer(asked), asked.words["entry"])
        return UNKNOWN if seen is None else await self._case(asked, seen=seen)

    async def hold(self, asked: Asked) -> Answer:
        """Keep others from it for a while."""
        trouble = await self.review.hold(_reviewer(asked), asked.words["entry"])
        return await self._after(asked, trouble)

    async def let_go(self, asked: Asked) -> Answer:
        """Leave it to others."""
        await self.review.let_go(_reviewer(asked), asked.words["entry"])
        return Went("/review")

    async def decide(self, asked: Asked) -> Answer:
        """Note what somebody thinks."""
        decision = _SPOKEN.get(asked.text("decision"))
        if decision is None:
            return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_request")
        entry = asked.words["entry"]
        return await self._after(
            asked, await self.review.decide(_reviewer(asked), entry, decision, asked.text("reason"))
        )

    async def _after(self, asked: Asked, trouble: Trouble | None) -> Answer:
        """The case again, with what went wrong if something did."""
        if trouble is None:
            return Went(f"/review/{asked.words['entry']}")
        return UNKNOWN if trouble is Trouble.GONE else await self._case(asked, trouble=trouble)

    async def _case(self, asked: Asked, *, seen: Seen | None = None, trouble: Trouble | None = None) -> Answer:
        """One case."""
        by = _reviewer(asked)
        case = await self.review.look(by, asked.words["entry"])
        if case is None:
            return UNKNOWN
        key = await self.keys.find(case.line.owner)
        found = json.loads(case.content)
        facts = {
            "case": case.line,
            "key": case.line.owner if key is None else key.name,
            "found": found,
            "checks": _doubtful_first(found.get("checks", [])),
            "opinions": case.opinions,
            "names": await self._names(),
            "may_decide": asked.known.may(Right.DECIDE) and _is_open_to(case, by),
            "four_eyes": self.review.four_eyes,
            "seen": seen,
            "pictures": [] if seen is None else [_drawn(one, found) for one in seen.pictures],
            "trouble": trouble,
            "reason": asked.text("reason") if trouble else "",
            "most_reason": MOST_REASON,
            "plain": moment,
        }
        return Shown("review_one.html", facts, HTTPStatus.CONFLICT if trouble else HTTPStatus.OK)

    async def _names(self) -> dict[str, str]:
        """What people are called."""
        return {user.id: user.name for user in await self.accounts.every()}


def page(review: Review, keys: IssuedKeys, accounts: Accounts) -> Page:
    """
    Review.

    Args:
        review: Cases, and what people think of them.
        keys: What the keys are called.
        accounts: What people are called.
    """
    doing = Desk(review, keys, accounts)
    return Page(
        "review",
        (
            Route("GET", "/review", doing.show, Right.SEE_CASES),
            Route("GET", "/review/{entry}", doing.one, Right.SEE_CASES),
            Route("POST", "/review/{entry}/pictures", doing.see, Right.SEE_PICTURES),
            Route("POST", "/review/{entry}/hold", doing.hold, Right.DECIDE),
            Route("POST", "/review/{entry}/let-go", doing.let_go, Right.DECIDE),
            Route("POST", "/review/{entry}/decide", doing.decide, Right.DECIDE),
        ),
        Right.SEE_CASES,
    )


def _reviewer(asked: Asked) -> Reviewer:
    """Give who looks."""
    return Reviewer(asked.known.user, asked.known.role is Role.ADMIN)


def _is_open_to(case: Case, by: Reviewer) -> bool:
    """Give whether somebody may still say what they think; of others' opinions they know none."""
    line = case.line
    has_said = any(one.user == by.user for one in case.opinions)
    return line.state != "decided" and not has_said and (line.state != "third" or by.is_admin)


def _doubtful_first(checks: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give checks in the order in which people look at them."""
    order = ("failed", "suspected", "not_assessed", "passed")
    return sorted(checks, key=lambda one: order.index(one["status"]))


def _drawn(seen: SeenPicture, found: Mapping[str, Any]) -> dict[str, Any]:
    """Give a picture with what was found on it, in pixels of the picture as it was sent."""
    doubted = {name for check in found.get("checks", []) if check["status"] in {"suspected", "failed"}
               for name in check["fields"]}  # fmt: skip
    picture = seen.picture
    fields = [one for one in found.get("fields", []) if one["side"] == seen.name]
    return {
        "name": seen.name,
        "address": f"data:image/jpeg;base64,{base64.b64encode(picture.jpeg).decode()}",
        "width": picture.width_px,
        "height": picture.height_px,
        "letters": round(picture.width_px / LETTER_SHARE),
        "fields": [
            {
                "name": one["name"],
                "points": " ".join(f"{x},{y}" for x, y in one["corners"]),
                "x": min(x for x, _ in one["corners"]),
                "y": min(y for _, y in one["corners"]),
                "is_doubted": one["name"] in doubted,
            }
            for one in fields
        ],
    }
