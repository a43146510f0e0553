"""FindFaces: every face of one picture, with its landmarks and the quality of each."""

from dataclasses import dataclass
from typing import TypeAlias

from ipse.core.faces.examine import Examination, FaceFinding, Wish
from ipse.core.images import Limits
from ipse.core.reasons import Refusal
from ipse.core.vocabulary import Subject
from ipse.service.examiner import Examiner
from ipse.service.ports import Seat, Stopwatch
from ipse.service.verify_faces import Picture

Sight: TypeAlias = Examination
"""All that a picture shows, as dialects may tell it."""

SightedFace: TypeAlias = FaceFinding
"""One face of it."""


@dataclass(frozen=True, slots=True)
class FindFacesCommand:
    """Where to look, which face is the subject, and whether a picture without an upright face is turned."""

    picture: Picture
    subject: Subject = Subject.LARGEST
    search_orientation: bool = False


class FindFaces:
    """The use case; no template is made, and nothing is kept."""

    def __init__(self, examiner: Examiner, limits: Limits | None = None) -> None:
        self._examiner = examiner
        self._limits = limits or Limits()

    async def __call__(self, command: FindFacesCommand, seat: Seat, stopwatch: Stopwatch) -> Sight:
        """
        Give the faces; none is an outcome, not a refusal.

        Raises:
            Refusal: The picture cannot be decoded or breaks a limit (`IMAGE_*`), naming it.
        """
        wish = Wish(
            subject=command.subject, search_orientation=command.search_orientation, quality="all", template=False
        )
        picture = command.picture
        try:
            return await seat.run(lambda: self._examiner.examine(picture.content, wish, self._limits, stopwatch))
        except Refusal as refusal:
            raise Refusal(refusal.reason, picture.name) from None
