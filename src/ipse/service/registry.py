"""The registry of people, as use cases ask it: a person by number and name becomes a template to compare with."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from ipse.core.faces.packing import unpack
from ipse.core.images import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Template
from ipse.service.examiner import Examiner
from ipse.service.portrait import PhotoState, Portrait, portrait
from ipse.service.ports import Attacks, Clock, People, Registered, Seat, Stopwatch

DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the registry of people is asked about."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """
    A registered person.

    Attributes:
        template: Of the face on the registered photo.
        attacked: Whether somebody tried to pass as this person lately.
        monochrome: Whether the registered photo is grey.
    """

    template: Template
    attacked: bool
    monochrome: bool


@dataclass(frozen=True, slots=True)
class Registry:
    """
    Finds people.

    Attributes:
        people: Where they are registered.
        attacks: Numbers under which attacks were seen.
        examiner: Who looks at a photo that came without a template.
        clock: For attacks that are long ago.
        limits: What such a photo may cost.
        attacks_days: How long an attack that we saw ourselves is remembered; with 0 none is.
    """

    people: People
    attacks: Attacks
    examiner: Examiner
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    attacks_days: float = 365.0

    async def note(self, person: Person) -> None:
        """
        Remember that somebody tried to pass as this person.

        Raises:
            Refusal: `DATA_SOURCE_FAILED`.
        """
        if self.attacks_days > 0:
            await self.attacks.note(person.id_number, self.clock.now() + self.attacks_days * DAY_S)

    async def find(self, person: Person, seat: Seat, stopwatch: Stopwatch) -> Known:
        """
        Give the person of this number and name.

        Raises:
            Refusal: `DATA_SOURCE_FAILED`, else `PERSON_UNKNOWN`, else `PERSON_NAME_DIFFERS`, else
                `PERSON_PHOTO_UNUSABLE`, else `PERSON_PHOTO_FACELESS`.
        """
        with stopwatch.stage("registry"):
            registered = await self.people.look_up(person.id_number, person.name)
            attacked = await self.attacks.seen(person.id_number, self.clock.now())
        if registered.template is not None and registered.monochrome is not None:
            return Known(unpack(registered.template), attacked, registered.monochrome)
        seen = await self._look(registered, seat, stopwatch)
        if seen.template is None or seen.monochrome is None:
            faceless = seen.state is PhotoState.FACELESS
            raise Refusal(Reason.PERSON_PHOTO_FACELESS if faceless else Reason.PERSON_PHOTO_UNUSABLE)
        return Known(seen.template, attacked, seen.monochrome)

    async def _look(self, registered: Registered, seat: Seat, stopwatch: Stopwatch) -> Portrait:
        """Give what a photo shows that nobody has looked at with today's networks."""
        return await seat.run(partial(portrait, registered.photo, self.examiner, self.limits, stopwatch))
