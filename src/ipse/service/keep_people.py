"""EnterPerson, FindPerson and RemovePerson: the registry of people, kept one by one."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal, TypeAlias

from ipse.core.cards.numbers.spelling import one_spelling
from ipse.core.faces.packing import pack
from ipse.core.images import Limits
from ipse.core.people.numbers import NumberForm, Warned
from ipse.core.people.rules import MOST_NAME_LETTERS, Fault, fault
from ipse.core.reasons import Reason, Refusal
from ipse.service.examiner import Examiner
from ipse.service.portrait import portrait
from ipse.service.ports import Clock, Seat, Stopwatch
from ipse.service.roll import Entered, Newcomer, Roll, Shown
from ipse.service.verify_faces import Picture

LONGEST_NAME: Final = MOST_NAME_LETTERS
"""Most characters of a name."""

Doubt: TypeAlias = Warned | Literal["photo_faceless"]
"""What is odd about somebody who is entered all the same."""

FAULTS: Final[dict[Fault, tuple[Reason, str]]] = {
    "number_missing": (Reason.ID_NUMBER_INVALID, "id_number"),
    "number_form": (Reason.ID_NUMBER_INVALID, "id_number"),
    "name_missing": (Reason.NAME_INVALID, "name"),
    "name_long": (Reason.NAME_INVALID, "name"),
}
"""Why somebody cannot be entered, and what it concerns."""


@dataclass(frozen=True, slots=True)
class EnterPersonCommand:
    """Who is to be entered; without a photo nobody can be compared with them."""

    id_number: str = field(repr=False)
    name: str = field(repr=False)
    photo: Picture | None = None


@dataclass(frozen=True, slots=True)
class EnterPersonOutcome:
    """Whether nobody had the number before, what the photo is good for, and what is odd."""

    is_new: bool
    photo: str
    monochrome: bool | None
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class EnterPerson:
    """
    The use case.

    Attributes:
        roll: Where people are kept.
        examiner: Who looks at photos.
        form: What numbers look like.
        clock: For the day of the change.
        limits: What a photo may cost.
    """

    roll: Roll
    examiner: Examiner
    form: NumberForm
    clock: Clock
    limits: Limits = field(default_factory=Limits)

    async def __call__(self, command: EnterPersonCommand, seat: Seat, stopwatch: Stopwatch) -> EnterPersonOutcome:
        """
        Enter somebody, in place of whoever had the number.

        Raises:
            Refusal: `ID_NUMBER_INVALID`, `NAME_INVALID`, `IMAGE_*` or `DATA_SOURCE_FAILED`. A photo without a face is
                entered, as it is by an import; what cannot be decoded is not.
        """
        wrong = fault(command.id_number, command.name, self.form)
        if wrong is not None:
            raise Refusal(*FAULTS[wrong])
        photo = None if command.photo is None else command.photo.content
        seen = await seat.run(partial(portrait, photo, self.examiner, self.limits, stopwatch))
        if seen.fault is not None and command.photo is not None:
            raise Refusal(seen.fault, command.photo.name)
        template = None if seen.template is None else pack(seen.template)
        newcomer = Newcomer(command.id_number, command.name, photo, Shown(seen.state.value, seen.monochrome, template))
        with stopwatch.stage("registry"):
            is_new = await self.roll.put(newcomer, self.clock.now())
        return EnterPersonOutcome(is_new, seen.state.value, seen.monochrome, self._doubts(command, seen.state.value))

    def _doubts(self, command: EnterPersonCommand, photo: str) -> tuple[Doubt, ...]:
        """Give what is odd."""
        warned = self.form.warning(one_spelling(command.id_number))
        faceless: tuple[Doubt, ...] = ("photo_faceless",) if photo == "faceless" else ()
        return faceless if warned is None else (warned, *faceless)


@dataclass(frozen=True, slots=True)
class FindPerson:
    """The use case."""

    roll: Roll

    async def __call__(self, id_number: str, seat: Seat, stopwatch: Stopwatch) -> Entered:
        """
        Give who has a number.

        Raises:
            Refusal: `PERSON_UNKNOWN` or `DATA_SOURCE_FAILED`.
        """
        del seat
        with stopwatch.stage("registry"):
            found = await self.roll.find(id_number)
        if found is None:
            raise Refusal(Reason.PERSON_UNKNOWN)
        return found


@dataclass(frozen=True, slots=True)
class RemovePerson:
    """The use case."""

    roll: Roll

    async def __call__(self, id_number: str, seat: Seat, stopwatch: Stopwatch) -> bool:
        """Take somebody out; whether somebody was there. Raises `Refusal(DATA_SOURCE_FAILED)`."""
        del seat
        with stopwatch.stage("registry"):
            return await self.roll.remove(id_number)
