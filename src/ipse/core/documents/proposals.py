"""Quadrilaterals of a picture that may be a card: by straight lines, by closed contours, by the picture's borders."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.documents.quads import Room, possible
from ipse.core.documents.rectify import ID_1, TD3
from ipse.core.documents.reduced import LEAST_SEGMENT_PX, Reduced, reduce
from ipse.core.documents.sides import Affine, Lines, Reals, strongest, to_frame
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Floats, Pixels

Indices: TypeAlias = NDArray[np.intp]

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

GROWN: Final = 1.06
"""How many times larger a card is taken when what lies on it is left out: its shadow goes too."""

CUT_LINES: Final = 8
"""Most lines of each way that are tried for the sides of a card that leaves the picture."""

MANY_LINES: Final = 16
"""Most lines of each way that a thorough search tries."""

MANY_QUADS: Final = 60
"""Most quadrilaterals of one turn that a thorough search gives."""

OFF_ASPECT: Final = 0.12
"""How far, in its logarithm, the aspect of a quadrilateral may be off in a thorough search."""

CUT_LEAN: Final = 0.15
"""Difference in slope of opposite sides. Source: 6 % perspective moves a side's ends by 0.1 of a card's height."""

LEAST_UNITS: Final = 2.0
"""Least distance of the two sides, a seventh of the picture."""

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


def without(reduced: Reduced, corners: Reals) -> Reduced:
    """Give what is observed without the segments on a quadrilateral and on its sides: what else there is."""
    middle = corners.mean(axis=0)
    around = (middle + (corners - middle) * GROWN).astype(np.float32)
    places = (reduced.segments[:, :2] + reduced.segments[:, 2:]) / 2
    away = [cv2.pointPolygonTest(around, (float(x), float(y)), measureDist=False) < 0 for x, y in places]
    return replace(reduced, segments=reduced.segments[np.array(away, np.bool_)])


def cut_off(reduced: Reduced, lines: Sequence[TextLine] = ()) -> Reals:
    """
    Give quadrilaterals with two sides that leave the picture and one between them; the fourth is where a card's is.

    Shape: -> (N, 4, 2) pixels of the copy, some of them outside, clockwise from each one's top left.
    """
    turns = _turns(reduced)
    told = text_turn(lines)
    if told is not None:
        turns.append(told)
    found = [quads for turn in turns for quads in _completed(reduced, upright(reduced, turn))]
    return np.concatenate([np.empty((0, 4, 2)), *found])


def thoroughly(reduced: Reduced) -> Reals:
    """
    Give quadrilaterals of a card's proportions made of twice as many lines and turns: where `proposed` found nothing.

    Shape: -> (N, 4, 2) pixels of the copy, clockwise from each one's top left.
    """
    return np.concatenate([_of_many(reduced, upright(reduced, turn)) for turn in _turns(reduced, 2 * TURNS)])


def _of_many(reduced: Reduced, frame: Affine) -> Reals:
    """Give the best covered quadrilaterals of one frame."""
    across, down = (
        strongest(to_frame(reduced.segments, frame, way), -UNITS / 2, UNITS / 2, MANY_LINES)
        for way in ("across", "down")
    )
    if len(across) < 2 or len(down) < 2:  # noqa: PLR2004 - two sides each way
        return np.empty((0, 4, 2))
    (top, bottom), (left, right) = (_pairs(lines) for lines in (across, down))
    rows, columns = (grid.ravel() for grid in np.meshgrid(np.arange(len(top)), np.arange(len(left)), indexing="ij"))
    sides = (top[rows], right[columns], bottom[rows], left[columns])
    corners = np.stack(
        [_crossing(across, sides[a], down, sides[d]) for a, d in ((0, 3), (0, 1), (2, 1), (2, 3))], axis=1
    )
    length = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2)
    aspect = np.log((length[:, 0] + length[:, 2]) / (length[:, 1] + length[:, 3]))
    off = np.min([np.abs(aspect - known) for known in (np.log(ID_1), -np.log(ID_1), np.log(TD3))], axis=0)
    fits = (off < OFF_ASPECT) & (length.min(axis=1) > LEAST_UNITS)
    corners, length, off = corners[fits], length[fits], off[fits]
    shares = [
        lines.share(corners[:, one, axis], corners[:, two, axis], side[fits])
        for lines, side, axis, one, two in (
            (across, sides[0], 0, 0, 1),
            (down, sides[1], 1, 1, 2),
            (across, sides[2], 0, 3, 2),
            (down, sides[3], 1, 0, 3),
        )
    ]
    best = np.argsort(-(np.sum(shares, axis=0) + np.log(length.min(axis=1)) / 2 - 3 * off))[:MANY_QUADS]
    back = cv2.invertAffineTransform(frame)
    return np.asarray(corners[best] @ back[:, :2].T + back[:, 2])


def _pairs(lines: Lines) -> tuple[Indices, Indices]:
    """Give the numbers of every two lines, the one that crosses first first."""
    one, two = np.triu_indices(len(lines), 1)
    ordered = lines.at[one] < lines.at[two]
    return np.where(ordered, one, two), np.where(ordered, two, one)


def _completed(reduced: Reduced, frame: Affine) -> list[Reals]:
    """Give the quadrilaterals of one frame whose fourth side lies outside the picture."""
    back = cv2.invertAffineTransform(frame)
    across, down = (
        strongest(to_frame(reduced.segments, frame, way), -UNITS / 2, UNITS / 2, CUT_LINES)
        for way in ("across", "down")
    )
    out = []
    for pair, single, swapped in ((across, down, False), (down, across, True)):
        one, two = _pairs(pair)
        alike = np.abs(pair.slope[one] - pair.slope[two]) < CUT_LEAN
        number, third = (grid.ravel() for grid in np.meshgrid(np.flatnonzero(alike), np.arange(len(single))))
        ends = [_crossing(pair, row[number], single, third) for row in (one, two)]
        apart = np.linalg.norm(ends[1] - ends[0], axis=1)
        ways = [_direction(pair.slope[row[number]]) for row in (one, two)]
        for reach in (ID_1, -ID_1, 1 / ID_1, -1 / ID_1):
            far = [end + way * (reach * apart)[:, None] for end, way in zip(ends, ways, strict=True)]
            quads = np.stack((ends[0], far[0], far[1], ends[1]), axis=1)
            quads = (quads[..., ::-1] if swapped else quads) @ back[:, :2].T + back[:, 2]
            out.append(_leaving(reduced, quads[apart > LEAST_UNITS]))
    return out


def _leaving(reduced: Reduced, quads: Reals) -> Reals:
    """Give those whose second side lies outside the picture and whose fourth lies inside, in the usual order."""
    size = (reduced.width_px, reduced.height_px)
    second, fourth = quads[:, 1:3].mean(axis=1), quads[:, [0, 3]].mean(axis=1)
    leaves = ((second < 0) | (second > size)).any(axis=1) & ((fourth > 0) & (fourth < size)).all(axis=1)
    return np.array([clockwise(quad) for quad in quads[leaves]]).reshape(-1, 4, 2)


def _crossing(pair: Lines, row: Indices, single: Lines, third: Indices) -> Reals:
    """Give where lines of one way meet lines of the other, along the first way and across it."""
    lean, slant = pair.slope[row], single.slope[third]
    across = (pair.at[row] + lean * single.at[third]) / (1 - lean * slant)
    return np.stack((single.at[third] + slant * across, across), axis=-1)


def _direction(slope: Reals) -> Reals:
    """Give the unit vector along lines of this slope."""
    return np.asarray(np.stack((np.ones_like(slope), slope), axis=-1) / np.hypot(1, slope)[:, None])


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


def _turns(reduced: Reduced, most: int = TURNS) -> list[float]:
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
    return [float(edges[number] + np.pi / (4 * TURN_BINS)) for number in kept[:most]]


def _segments(channel: Pixels) -> Floats:
    """Give the straight segments of one channel."""
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(np.ascontiguousarray(channel))[0]
    if found is None:
        return np.empty((0, 4), np.float32)
    segments = np.asarray(found, np.float32).reshape(-1, 4)
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    return np.asarray(segments[length >= LEAST_SEGMENT_PX], np.float32)
