"""People: one person of the registry, looked up by number; taken out, or forgotten altogether."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ipse.console.page import Answer, Asked, Page, Route, Shown
from ipse.console.showing import moment
from ipse.core.reasons import Reason, Refusal
from ipse.service.desk.people import DeskPeople
from ipse.service.desk.roles import Right

STATES: Final = ("usable", "faceless", "unreadable", "absent")
"""What a photo is good for, as the registry has it."""


@dataclass(frozen=True, slots=True)
class People:
    """The answers of the page."""

    desk: DeskPeople

    async def ask(self, asked: Asked) -> Answer:
        """Give the form, and how many people there are."""
        del asked
        return await self._shown()

    async def look(self, asked: Asked) -> Answer:
        """Give who has a number; it does not stand in the address."""
        number = asked.text("number")
        if not number:
            return await self._shown()
        try:
            found = await self.desk.find(asked.known.user, number)
        except Refusal as refusal:
            return await self._away(refusal)
        if found is None:
            return await self._shown(number=number, said="nobody")
        person = {
            "name": found.name,
            "photo": found.photo,
            "monochrome": found.monochrome,
            "updated": moment(found.updated_at),
        }
        return await self._shown(number=number, person=person)

    async def remove(self, asked: Asked) -> Answer:
        """Take somebody out."""
        number = asked.text("number")
        try:
            was_there = await self.desk.remove(asked.known.user, number)
        except Refusal as refusal:
            return await self._away(refusal)
        return await self._shown(said="removed" if was_there else "nobody")

    async def _shown(
        self, number: str = "", person: Mapping[str, object] | None = None, said: str | None = None
    ) -> Shown:
        """Give the page."""
        counts = await self.desk.count()
        facts = {
            "counts": {state: counts.get(state, 0) for state in STATES},
            "all": sum(counts.values()),
            "number": number,
            "person": person,
            "said": said,
        }
        return Shown("people.html", facts)

    async def _away(self, refusal: Refusal) -> Shown:
        """Say that the registry cannot be asked; any other reason is a fault of ours."""
        if refusal.reason is not Reason.DATA_SOURCE_FAILED:
            raise refusal
        return Shown("people.html", {"counts": {}, "all": 0, "number": "", "person": None, "said": "away"}, 503)


def page(desk: DeskPeople) -> Page:
    """Give the page."""
    people = People(desk)
    return Page(
        "people",
        (
            Route("GET", "/people", people.ask, Right.SEE_PEOPLE),
            Route("POST", "/people", people.look, Right.SEE_PEOPLE),
            Route("POST", "/people/remove", people.remove, Right.CHANGE_PEOPLE),
        ),
        Right.SEE_PEOPLE,
    )
