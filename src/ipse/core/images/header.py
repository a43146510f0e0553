"""What is known of a picture before it is expanded, and the checks that this allows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ipse.core.images.limits import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

Format: TypeAlias = Literal["jpeg", "png", "gif", "bmp", "tiff", "webp", "heic", "avif"]

_FIRST_SWAPPED = 5
"""EXIF's orientations 5 to 8 swap the sides. Source: EXIF 2.32, table 4."""


@dataclass(frozen=True, slots=True)
class Header:
    """
    A picture's own words about itself.

    Attributes:
        format: What the bytes are.
        stored_px: (width, height) of the rows as stored, before turning.
        orientation: EXIF's 1 to 8, how the stored rows must still be turned; 1 where the decoder turns them itself.
        frames: Frames or pages that were counted; 1 for a still picture.
        scans: Passes over the pixels (JPEG); 1 elsewhere.
        reductions: Factors by which the decoder can shrink the picture while it expands it.
    """

    format: Format
    stored_px: tuple[int, int]
    orientation: int = 1
    frames: int = 1
    scans: int = 1
    reductions: tuple[int, ...] = ()

    @property
    def width_px(self) -> int:
        """Upright width."""
        return self.stored_px[1 if self.orientation >= _FIRST_SWAPPED else 0]

    @property
    def height_px(self) -> int:
        """Upright height."""
        return self.stored_px[0 if self.orientation >= _FIRST_SWAPPED else 1]

    def reduction_for(self, enough_px: int | None) -> int:
        """The largest factor that keeps the longer side at `enough_px` or more; 1 for `None`."""
        if enough_px is None:
            return 1
        longer_px = max(self.stored_px)
        return max((factor for factor in self.reductions if -(-longer_px // factor) >= enough_px), default=1)

    def reduced_px(self, reduction: int) -> tuple[int, int]:
        """(width, height) as stored after reduction; parts of a pixel count as one, as in libjpeg."""
        return -(-self.stored_px[0] // reduction), -(-self.stored_px[1] // reduction)


@dataclass(frozen=True, slots=True)
class Plan:
    """
    A surveyed picture that nothing has expanded yet.

    Attributes:
        header: What it says of itself.
        expand: Gives the pixels as stored, (h, w, 3) uint8 RGB, reduced by one of `header.reductions` or 1.
    """

    header: Header
    expand: Callable[[int], Pixels]


def check(header: Header, limits: Limits) -> None:
    """Refuse a header that breaks a limit."""
    width_px, height_px = header.stored_px
    if width_px < 1 or height_px < 1:
        raise Refusal(Reason.IMAGE_CORRUPT)
    if limits.max_side_px is not None and max(width_px, height_px) > limits.max_side_px:
        raise Refusal(Reason.IMAGE_TOO_LARGE)
    if width_px * height_px > limits.max_pixels:
        raise Refusal(Reason.IMAGE_TOO_LARGE)
    if header.frames > limits.max_frames or header.scans > limits.max_scans:
        raise Refusal(Reason.IMAGE_TOO_COMPLEX)
