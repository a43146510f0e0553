"""
`/v1/people`: the registry of people, kept one by one.

An identity number never stands in a path or a query, since those end up in logs: it is asked for in a body.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, Operation, WireRequest, WireResponse
from ipse.protocols.native.described import PICTURES, Described
from ipse.protocols.native.fields import PictureField, TextField
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import REQUEST, array, flag, or_null, record, text
from ipse.protocols.native.writing import answer
from ipse.service.access import Caller
from ipse.service.keep_people import (
    LONGEST_NAME,
    EnterPerson,
    EnterPersonCommand,
    EnterPersonOutcome,
    FindPerson,
    RemovePerson,
)
from ipse.service.ports import Mark
from ipse.service.roll import Entered

LONGEST_NUMBER: Final = 128
"""Most characters of a number as it is typed. Source: ours; 64 letters and digits count, and a separator after each."""

NUMBER: Final = TextField(
    "id_number",
    "The identity number, in any spelling.",
    LONGEST_NUMBER,
    required=True,
    reason=Reason.ID_NUMBER_INVALID,
)

KYC: Final = frozenset({Reason.KYC_DENIED, Reason.ID_NUMBER_INVALID, Reason.DATA_SOURCE_FAILED})

MONOCHROME: Final = or_null(flag("Whether the photo is grey; null if that is not known."))

ENTER: Final = Described(
    name="enter_person",
    method="POST",
    path="/v1/people",
    group="People",
    summary="Enter somebody in the registry of people.",
    about=(
        "Whoever had the number is replaced. The number must have the form that the setting `people_number_format` "
        "names; a wrong check digit is only a warning. A photo without a face is taken, with a warning."
    ),
    takes=(
        NUMBER,
        TextField("name", "The name.", LONGEST_NAME, required=True, reason=Reason.NAME_INVALID),
        PictureField("photo", "A photo; without one nobody can be compared with this person.", required=False),
    ),
    gives=record(
        "What was entered.",
        request=REQUEST,
        is_new=flag("Whether nobody had the number before."),
        photo=text("What the photo is good for.", enum=["usable", "absent", "faceless"]),
        monochrome=MONOCHROME,
        warnings=array({"type": "string", "enum": ["check_digit", "photo_faceless"]}, "What is odd."),
    ),
    refuses=KYC | PICTURES | {Reason.NAME_INVALID},
    needs="kyc",
    example="-F id_number=110101199001010015 -F name=王五 -F photo=@portrait.jpg",
)

FIND: Final = Described(
    name="find_person",
    method="POST",
    path="/v1/people/lookup",
    group="People",
    summary="Find who has a number.",
    about="The photo is not given out. Answers are not kept for an `Idempotency-Key`.",
    takes=(NUMBER,),
    gives=record(
        "Who has it.",
        request=REQUEST,
        name=text("As it was entered."),
        photo=text("What the photo is good for.", enum=["usable", "absent", "unreadable", "faceless"]),
        monochrome=MONOCHROME,
        updated=text("When it was last changed.", format="date-time"),
    ),
    refuses=KYC | {Reason.PERSON_UNKNOWN},
    needs="kyc",
    repeats=False,
    example="""--json '{"id_number": "110101199001010015"}'""",
)

REMOVE: Final = Described(
    name="remove_person",
    method="POST",
    path="/v1/people/remove",
    group="People",
    summary="Take somebody out of the registry.",
    about="Number, name, photo and template are deleted. To remove nobody is no problem.",
    takes=(NUMBER,),
    gives=record("What became of it.", request=REQUEST, removed=flag("Whether somebody was there.")),
    refuses=KYC,
    needs="kyc",
    example="""--json '{"id_number": "110101199001010015"}'""",
)

ALL: Final = (ENTER, FIND, REMOVE)


def operations(
    enter_person: EnterPerson, find_person: FindPerson, remove_person: RemovePerson
) -> tuple[Operation[Any, Any], ...]:
    """Give the operations."""
    return (
        ENTER.operation(_newcomer, enter_person, _entered, concerns=_of_newcomer),
        FIND.operation(_number(FIND), find_person, _found, seated=False, concerns=_of_number),
        REMOVE.operation(_number(REMOVE), remove_person, _removed, seated=False, concerns=_of_number),
    )


def _allowed(caller: Caller) -> None:
    """Refuse keys that may not ask the registry."""
    if not caller.kyc:
        raise Refusal(Reason.KYC_DENIED)


def _newcomer(request: WireRequest, caller: Caller) -> EnterPersonCommand:
    """Give who is to be entered."""
    _allowed(caller)
    values = arguments(request, ENTER.takes)
    return EnterPersonCommand(values["id_number"], values["name"], values["photo"])


def _number(described: Described) -> Callable[[WireRequest, Caller], str]:
    """Give the decoder of a number."""

    def decode(request: WireRequest, caller: Caller) -> str:
        _allowed(caller)
        number: str = arguments(request, described.takes)["id_number"]
        return number

    return decode


def _of_newcomer(command: EnterPersonCommand) -> tuple[Mark, ...]:
    """Give whom an entry is about."""
    return (Mark("number", command.id_number),)


def _of_number(number: str) -> tuple[Mark, ...]:
    """Give whom a question is about."""
    return (Mark("number", number),)


def _entered(outcome: EnterPersonOutcome, context: Context) -> WireResponse:
    """Give what was entered."""
    body = {
        "is_new": outcome.is_new,
        "photo": outcome.photo,
        "monochrome": outcome.monochrome,
        "warnings": list(outcome.doubts),
    }
    return answer(body, context)


def _found(person: Entered, context: Context) -> WireResponse:
    """Give who has the number."""
    updated = datetime.fromtimestamp(person.updated_at, UTC).isoformat(timespec="milliseconds")
    body = {"name": person.name, "photo": person.photo, "monochrome": person.monochrome, "updated": updated}
    return answer(body, context)


def _removed(removed: bool, context: Context) -> WireResponse:  # noqa: FBT001  # The outcome of the use case.
    """Give whether somebody was there."""
    return answer({"removed": removed}, context)
