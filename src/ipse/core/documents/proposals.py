"""Quadrilaterals of a picture that may be a card: by straight lines, by closed contours, by the picture's borders."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from ipse.core.documents.quads import Room, possible
from ipse.core.documents.reduced import LEAST_SEGMENT_PX, Reduced, reduce
from ipse.core.documents.sides import Affine, Reals
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Floats, Pixels

UNITS: Final = 14
"""
Units in which the longer side of a picture is counted, so that lines 4 px apart in the copy are two.

Source: `sides.OFF` is 0.09 units.
"""

ROOM: Final = Room(
    top=(-7, 5), bottom=(-5, 7), left=(-7, 5), right=(-5, 7), height=(1.5, 14), aspect=(0.5, 2.2), has_face=False
)
"""Where the sides of a card lie around the middle of its picture."""

TURNS: Final = 3
"""Most directions that are taken for the card's."""

TURN_BINS: Final = 24
"""Cells in which directions within a quarter turn are told apart."""

CHROMA: Final = 2.0
"""How much differences of colour are spread before lines are sought in them: colours differ less than lightness."""

CLOSED: Final = 0.02
"""Share of a contour's length up to which its corners may be off. Source: the usual one for `approxPolyDP`."""

LEAST_AREA: Final = 0.03
"""Share of the picture below which a contour is no card that could be read."""


def observed(pixels: Pixels) -> Reduced:
    """Give what of a picture is looked at: its copy with straight segments of lightness and of both colours."""
    reduced = reduce(pixels)
    size = (reduced.width_px, reduced.height_px)
    small = pixels if reduced.scale == 1 else cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2Lab), np.uint8)
    spread = [cv2.convertScaleAbs(lab[:, :, channel], alpha=CHROMA, beta=128 * (1 - CHROMA)) for channel in (1, 2)]
    every = [reduced.segments, *(_segments(np.asarray(channel, np.uint8)) for channel in spread)]
    return replace(reduced, segments=np.concatenate(every))


def proposed(reduced: Reduced, lines: Sequence[TextLine] = ()) -> Reals:
    """
    Give quadrilaterals that may be a card, none of them judged, the whole picture as the last.

    Shape: -> (N, 4, 2) pixels of the copy, clockwise from each one's top left.
    """
    turns = _turns(reduced)
    told = text_turn(lines)
    if told is not None:
        turns.append(told)
    found = [_by_lines(reduced, turn) for turn in turns]
    return np.concatenate([*found, _by_contours(reduced), reduced.outline[None]])


def text_turn(lines: Sequence[TextLine]) -> float | None:
    """Give the angle, within 45 degrees either way, at which most text runs; `None` if there is none."""
    if not lines:
        return None
    ways = np.array([line.corners_px[1] - line.corners_px[0] for line in lines], np.float64)
    turns = (np.arctan2(ways[:, 1], ways[:, 0]) + np.pi / 4) % (np.pi / 2) - np.pi / 4
    order = np.argsort(turns)
    share = np.cumsum(np.hypot(*ways.T)[order])
    return float(turns[order][np.searchsorted(share, share[-1] / 2)])


def _by_lines(reduced: Reduced, turn_rad: float) -> Reals:
    """Give the quadrilaterals whose sides lie on segments or on the picture's borders, in a frame turned like this."""
    frame = upright(reduced, turn_rad)
    quads = possible(reduced, frame, ROOM)
    back = cv2.invertAffineTransform(frame)
    return np.asarray(quads.corners @ back[:, :2].T + back[:, 2])


def upright(reduced: Reduced, turn_rad: float) -> Affine:
    """Give the frame of the whole picture turned: its middle the origin, its longer side `UNITS` units."""
    unit = max(reduced.width_px, reduced.height_px) / UNITS
    across, down = np.cos(turn_rad) / unit, np.sin(turn_rad) / unit
    frame = np.array([[across, down, 0.0], [-down, across, 0.0]])
    frame[:, 2] = -frame[:, :2] @ (reduced.width_px / 2, reduced.height_px / 2)
    return frame


def _by_contours(reduced: Reduced) -> Reals:
    """Give the closed contours that have four corners."""
    light = reduced.colours[:, :, 0]
    edges = cv2.dilate(cv2.Canny(light, 30, 90), np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(edges, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        if cv2.contourArea(contour) < LEAST_AREA * light.size:
            continue
        around = cv2.approxPolyDP(contour, CLOSED * cv2.arcLength(contour, closed=True), closed=True)
        if len(around) == 4 and cv2.isContourConvex(around):  # noqa: PLR2004 - a quadrilateral
            found.append(clockwise(np.asarray(around.reshape(4, 2), np.float64)))
    return np.array(found, np.float64).reshape(-1, 4, 2)


def clockwise(corners: Reals) -> Reals:
    """
    Give the corners clockwise from the one that is the top left of the quadrilateral as it stands in its picture.

    Shape: (4, 2) convex, in any order around -> (4, 2).
    """
    middle = corners.mean(axis=0)
    around = corners[np.argsort(np.arctan2(*(corners - middle).T[::-1]))]
    sides = np.roll(around, -1, axis=0) - around
    level = np.abs(np.arctan2(sides[:, 1], sides[:, 0]))
    above = (around + np.roll(around, -1, axis=0))[:, 1] < 2 * middle[1]
    top = int(np.argmin(np.where(above, level, level + np.pi)))
    return np.asarray(np.roll(around, -top, axis=0))


def _turns(reduced: Reduced) -> list[float]:
    """Give the turns, within 45 degrees either way, that most segments have in common; none twice."""
    way = reduced.segments[:, 2:] - reduced.segments[:, :2]
    length = np.hypot(way[:, 0], way[:, 1])
    turn = (np.arctan2(way[:, 1], way[:, 0]) + np.pi / 4) % (np.pi / 2) - np.pi / 4
    counts, edges = np.histogram(turn, TURN_BINS, (-np.pi / 4, np.pi / 4), weights=length)
    smooth = counts + (np.roll(counts, 1) + np.roll(counts, -1)) / 2
    kept: list[int] = []
    for number in np.argsort(-smooth):
        if all(min(abs(number - other), TURN_BINS - abs(number - other)) > 2 for other in kept):  # noqa: PLR2004 - 8 degrees
            kept.append(int(number))
    return [float(edges[number] + np.pi / (4 * TURN_BINS)) for number in kept[:TURNS]]


def _segments(channel: Pixels) -> Floats:
    """Give the straight segments of one channel."""
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(np.ascontiguousarray(channel))[0]
    if found is None:
        return np.empty((0, 4), np.float32)
    segments = np.asarray(found, np.float32).reshape(-1, 4)
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    return np.asarray(segments[length >= LEAST_SEGMENT_PX], np.float32)
