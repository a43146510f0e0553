"""`POST /v1/detect`: every face of a picture."""

from typing import Final

from ipse.core.vocabulary import Subject
from ipse.protocols.messages import Context, Operation, WireRequest, WireResponse
from ipse.protocols.native.described import PICTURES, Described
from ipse.protocols.native.fields import PictureField
from ipse.protocols.native.judging import SEARCH, SUBJECT
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import REQUEST, record, shared
from ipse.protocols.native.sights import seen_picture
from ipse.protocols.native.writing import answer
from ipse.service.access import Caller
from ipse.service.artefacts import artefacts
from ipse.service.find_faces import FindFaces, FindFacesCommand, Sight

DETECT: Final = Described(
    name="detect",
    method="POST",
    path="/v1/detect",
    group="Faces",
    summary="Find every face of a picture and judge its quality.",
    about="A picture without a face is an answer with no faces, not a problem.",
    takes=(PictureField("picture", "Where to look."), SUBJECT, SEARCH),
    gives=record("What the picture shows.", request=REQUEST, picture=shared("Picture")),
    refuses=PICTURES,
    example="-F picture=@group.jpg",
)


def operation(find_faces: FindFaces) -> Operation[FindFacesCommand, Sight]:
    """Give the operation."""
    return DETECT.operation(decode, find_faces, encode, keeps=artefacts)


def decode(request: WireRequest, _caller: Caller) -> FindFacesCommand:
    """Give what is asked."""
    values = arguments(request, DETECT.takes)
    return FindFacesCommand(values["picture"], Subject(values["subject"]), values["search_orientation"])


def encode(seen: Sight, context: Context) -> WireResponse:
    """Give the answer."""
    return answer({"picture": seen_picture(seen)}, context)
