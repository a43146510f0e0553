"""What the photometric checks look at: the side at one fixed size, and the picture's own pixels around the card."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import cv2
import numpy as np

from ipse.core.cards.card import Side
from ipse.core.cards.sight import SideSight
from ipse.core.documents.rectify import CardView
from ipse.core.vocabulary import Box, Floats, Pixels

FIXED_PX: Final = 1011
"""Longer side at which a side is judged. Source: 85.60 mm at 300 dots per inch, the least that `rectify` gives."""


@dataclass(frozen=True)
class Shown:
    """
    A side, ready to be judged.

    Attributes:
        sight: As it was seen.
        side: As what it was sent.
        view: The card as if it lay flat.
    """

    sight: SideSight
    side: Side
    view: CardView = field(repr=False)

    @cached_property
    def scale(self) -> float:
        """From pixels of the view to pixels of `fixed`."""
        return float(FIXED_PX / max(self.view.pixels.shape[:2]))

    @cached_property
    def fixed(self) -> Pixels:
        """The view with its longer side at `FIXED_PX`."""
        if self.scale == 1:
            return self.view.pixels
        height, width = self.view.pixels.shape[:2]
        size = max(1, round(width * self.scale)), max(1, round(height * self.scale))
        return np.asarray(cv2.resize(self.view.pixels, size, interpolation=cv2.INTER_AREA), np.uint8)

    @cached_property
    def luma(self) -> Floats:
        """Brightness of `fixed`, 0 to 255."""
        return cv2.cvtColor(self.fixed, cv2.COLOR_RGB2GRAY).astype(np.float32)

    @cached_property
    def boxes(self) -> Mapping[str, Box]:
        """Where each field stands on `fixed`, by its name."""
        reading = self.sight.reading
        found = reading.fields if reading is not None else {}
        return {name: _scaled(one.box, self.scale) for name, one in found.items() if one.printed}

    @cached_property
    def lines(self) -> tuple[Box, ...]:
        """Where each line of print stands on `fixed`."""
        reading = self.sight.reading
        lines = reading.lines if reading is not None else ()
        return tuple(_around(line.corners_px * self.scale) for line in lines)

    @cached_property
    def face(self) -> Box | None:
        """Where the portrait's face is on `fixed`."""
        portrait = self.sight.portrait
        return None if portrait is None else _scaled(portrait.box, self.scale)

    @cached_property
    def width_px(self) -> float:
        """How wide the card is in the picture as sent, its longer side."""
        corners = self.view.corners_px
        sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
        return float(sides.max()) * self.sight.image.reduction

    @cached_property
    def offset(self) -> tuple[int, int]:
        """Where `own` begins in the picture: whole blocks of JPEG, so that its grid stays where it was."""
        low = np.clip(np.floor(self.view.corners_px.min(axis=0)), 0, None).astype(int) // 16 * 16
        return int(low[0]), int(low[1])

    @cached_property
    def own(self) -> Pixels:
        """The picture's own pixels around the card."""
        left, top = self.offset
        right, bottom = np.ceil(self.view.corners_px.max(axis=0)).astype(int)
        part = self.sight.image.pixels[top : max(bottom, top + 16), left : max(right, left + 16)]
        return part if part.size else self.sight.image.pixels

    def in_own(self, box: Box) -> Floats:
        """
        Give the corners of a box of `fixed` in pixels of `own`.

        Shape: (4, 2) float32, clockwise.
        """
        corners = np.array([(box.x1, box.y1), (box.x2, box.y1), (box.x2, box.y2), (box.x1, box.y2)], np.float32)
        return np.asarray(self.view.to_picture(corners / self.scale) - np.array(self.offset), np.float32)


def _around(corners: Floats) -> Box:
    """Give the rectangle around some points."""
    (x1, y1), (x2, y2) = corners.min(0), corners.max(0)
    return Box(float(x1), float(y1), float(x2), float(y2))


def _scaled(box: Box, scale: float) -> Box:
    """Give a box on the same picture at another size."""
    return Box(box.x1 * scale, box.y1 * scale, box.x2 * scale, box.y2 * scale)
