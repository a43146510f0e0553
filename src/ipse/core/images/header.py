"""What is known of a picture before it is expanded, and the checks that this allows."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ipse.core.images.limits import Limits
from ipse.core.reasons import Reason, Refusal

Format: TypeAlias = Literal["jpeg", "png", "gif", "bmp", "tiff", "webp", "heic", "avif"]


@dataclass(frozen=True, slots=True)
class Header:
    """
    A picture's own words about itself.

    Attributes:
        format: What the bytes are.
        width_px: Upright width.
        height_px: Upright height.
        orientation: EXIF's 1 to 8, how the stored rows must still be turned; 1 where the decoder turns them itself.
        frames: Frames or pages that were counted; 1 for a still picture.
        scans: Passes over the pixels (JPEG); 1 elsewhere.
        channels: Stored colour channels where they choose the decoder (JPEG); 0 elsewhere.
    """

    format: Format
    width_px: int
    height_px: int
    orientation: int = 1
    frames: int = 1
    scans: int = 1
    channels: int = 0

    @property
    def stored_px(self) -> tuple[int, int]:
        """(width, height) of the rows as stored, before turning."""
        if self.orientation >= 5:  # noqa: PLR2004 - EXIF's 5 to 8 swap the sides
            return self.height_px, self.width_px
        return self.width_px, self.height_px


def upright_header(
    kind: Format, stored_px: tuple[int, int], orientation: int = 1, frames: int = 1, scans: int = 1, channels: int = 0
) -> Header:
    """The header of a picture whose stored sides are known."""
    width_px, height_px = stored_px[::-1] if orientation >= 5 else stored_px  # noqa: PLR2004 - as above
    return Header(kind, width_px, height_px, orientation, frames, scans, channels)


def check(header: Header, limits: Limits) -> Header:
    """The header itself, if it keeps the limits; else a refusal."""
    if header.width_px < 1 or header.height_px < 1:
        raise Refusal(Reason.IMAGE_CORRUPT)
    longer_px = max(header.width_px, header.height_px)
    if limits.max_side_px is not None and longer_px > limits.max_side_px:
        raise Refusal(Reason.IMAGE_TOO_LARGE)
    if header.width_px * header.height_px > limits.max_pixels:
        raise Refusal(Reason.IMAGE_TOO_LARGE)
    if header.frames > limits.max_frames or header.scans > limits.max_scans:
        raise Refusal(Reason.IMAGE_TOO_COMPLEX)
    return header
