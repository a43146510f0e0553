"""The first page: what one can do here next, for a newcomer with this role."""

from typing import Final

from ipse.console.page import Answer, Asked, Page, Route, Shown, Went
from ipse.service.desk.roles import Right

STEPS: Final[tuple[tuple[str, Right], ...]] = (
    ("try", Right.TRY),
    ("keys", Right.CHANGE_KEYS),
    ("users", Right.CHANGE_USERS),
    ("review", Right.DECIDE),
    ("find", Right.FIND),
    ("usage", Right.SEE_USAGE),
    ("audit", Right.SEE_AUDIT),
    ("health", Right.SEE_HEALTH),
)
"""Pages that are worth a sentence, in the order in which somebody new needs them, with the right for it."""


class Home:
    """
    The first page.

    Args:
        pages: The names of the pages that there are.
    """

    def __init__(self, pages: frozenset[str]) -> None:
        self._pages = pages

    async def show(self, asked: Asked) -> Answer:
        """Show what this visitor may do."""
        visitor = asked.visitor
        if visitor is None:
            return Went("/sign-in")
        steps = [name for name, right in STEPS if name in self._pages and visitor.may(right)]
        return Shown("home.html", {"steps": steps})


def page(pages: frozenset[str]) -> Page:
    """
    The first page.

    Args:
        pages: The names of the pages that there are.
    """
    return Page("home", (Route("GET", "/", Home(pages).show, None),))
