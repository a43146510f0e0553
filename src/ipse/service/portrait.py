"""The photo of a registered person: whose face is on it, and whether it is grey. One way for import and for look-up."""

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from ipse.core.faces.examine import Wish
from ipse.core.images import Limits, decode
from ipse.core.images.monochrome import ENOUGH_PX, is_monochrome
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Stages, Template
from ipse.service.examiner import Examiner

LOOK: Final = Wish(search_orientation=True, quality="none")
"""What is wanted of a registered photo: its largest face, whichever way the photo lies."""


@unique
class PhotoState(StrEnum):
    """What a registered photo is good for."""

    USABLE = "usable"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    FACELESS = "faceless"


@dataclass(frozen=True, slots=True)
class Portrait:
    """
    What is known of a registered photo.

    Attributes:
        state: What it is good for.
        template: Of its largest face.
        monochrome: Whether it is grey; `None` if it could not be seen.
        fault: Why it is unreadable.
    """

    state: PhotoState
    template: Template | None = None
    monochrome: bool | None = None
    fault: Reason | None = None


NO_PORTRAIT: Final = Portrait(PhotoState.ABSENT)


def portrait(photo: bytes | None, examiner: Examiner, limits: Limits, stages: Stages) -> Portrait:
    """Give what a registered photo shows; a photo that cannot be decoded is a finding, not a refusal."""
    if photo is None:
        return NO_PORTRAIT
    try:
        seen = examiner.examine(photo, LOOK, limits, stages)
        monochrome = is_monochrome(decode(photo, limits, ENOUGH_PX).pixels)
    except Refusal as refusal:
        return Portrait(PhotoState.UNREADABLE, fault=refusal.reason)
    state = PhotoState.FACELESS if seen.template is None else PhotoState.USABLE
    return Portrait(state, seen.template, monochrome)
