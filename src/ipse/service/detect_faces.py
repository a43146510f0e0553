"""DetectFaces: where are the faces of one picture, how good are they, and a token for each to compare it later."""

from dataclasses import dataclass, field, replace
from typing import Final

from ipse.core.faces.examine import Wish
from ipse.core.images import Limits
from ipse.core.reasons import Refusal
from ipse.service.examiner import Examiner
from ipse.service.face_tokens import FaceTokens
from ipse.service.ports import Seat, Stopwatch
from ipse.service.verify_faces import Findings, Picture, findings_of, largest_first

MOST_FACES: Final = 64
"""
Most faces of one picture that are told, the largest.

Source: ours. A template takes 60 ms of one core (`embed` of 317 faces in a picture of 190 KB: 19 s), and nobody may
hold an engine longer than seconds with one call; class and wedding pictures have fewer faces.
"""


@dataclass(frozen=True, slots=True)
class DetectFacesCommand:
    """
    What is asked.

    Attributes:
        picture: Where to look.
        owner: The key that may use the tokens.
        max_side_px: Longest side that the picture may have.
        search_orientation: Whether a picture without an upright face is turned.
    """

    picture: Picture
    owner: str
    max_side_px: int | None = None
    search_orientation: bool = False


@dataclass(frozen=True, slots=True)
class DetectFacesOutcome:
    """The faces, largest first, and the token of each."""

    findings: Findings
    tokens: tuple[str, ...] = field(repr=False)


class DetectFaces:
    """The use case; holds the engine's parts and nothing about any request."""

    def __init__(self, examiner: Examiner, tokens: FaceTokens, limits: Limits | None = None) -> None:
        self._examiner = examiner
        self._tokens = tokens
        self._limits = limits or Limits()

    async def __call__(self, command: DetectFacesCommand, seat: Seat, stopwatch: Stopwatch) -> DetectFacesOutcome:
        """
        Give the faces of the picture, of a crowd the largest; none is an outcome, not a refusal.

        Raises:
            Refusal: The picture cannot be decoded or breaks a limit (`IMAGE_*`), naming it.
        """
        picture = command.picture
        limits = replace(self._limits, max_side_px=command.max_side_px or self._limits.max_side_px)
        wish = Wish(search_orientation=command.search_orientation, quality="all", other_templates=MOST_FACES - 1)
        try:
            seen = await seat.run(lambda: self._examiner.examine(picture.content, wish, limits, stopwatch))
        except Refusal as refusal:
            raise Refusal(refusal.reason, picture.name) from None
        told = replace(seen, faces=tuple(each for each in seen.faces if each.template is not None))
        templates = tuple(each.template for each in largest_first(told) if each.template is not None)
        tokens = await self._tokens.issue(command.owner, picture.content, templates)
        return DetectFacesOutcome(findings_of(told, search_orientation=command.search_orientation), tokens)
