"""
Where lines of text stand: from a map of how likely each pixel is text to a quadrilateral per line.

Source: M. Liao et al., Real-time Scene Text Detection with Differentiable Binarization, arXiv:1911.08947, section 3;
the figures are those that PP-OCRv6's own pipeline is run with.
"""

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.text.strips import size_px
from ipse.core.vocabulary import Floats, Network, Pixels

FRAMES_PX: Final = ((640, 1024), (768, 1024))
"""
Height and width of what the network looks at: an ID-1 card, and anything else, be it upright and small in it.

A frame costs half a second once and 60 MB; few are therefore kept.
"""

_TEXT: Final = 0.3
"""From this on a pixel is text. Source: the paper, section 3.4."""

_LINE: Final = 0.5
"""Mean over a line's pixels from which it is one. Source: the pipeline of PP-OCRv6 as RapidOCR 3.10 ships it."""

_GROWN: Final = 1.6
"""The network marks a shrunken core of each line, which grows by this times its area over its perimeter. Likewise."""

_LEAST_CORE_PX, _LEAST_LINE_PX = 3.0, 5.0
"""Shorter sides of cores and lines are specks, in pixels of the frame. Likewise."""

_UPRIGHT: Final = 1.5
"""A line this many times as high as long runs down the picture and is turned to the left. Likewise."""

_MARK: Final = 2.0
"""A mark is shorter than so many heights of its line. Measured on Thai cards of `specimens`: 1.3 at most."""

_INSIDE: Final = 0.4
"""And at least so much of it lies inside. Likewise: 0.45 to 1."""

MOST_LINES: Final = 128
"""
Lines that are read of one picture, the largest: each costs a run of the recogniser, and a page of specks has thousands.

Source: four times what the fullest side of a card has (33, `specimens`).
"""

_GREY: Final = 127.5


def find_lines(network: Network, pixels: Pixels) -> list[Floats]:
    """
    The lines, from top to bottom.

    Shape: pixels (H, W, 3) uint8 RGB -> each (4, 2) float32 corners in its pixels, clockwise from the start of the
    line's upper edge.
    """
    framed, scale = _framed(pixels)
    (chances,) = network.run(framed).values()
    height, width = (np.ceil(side * scale).astype(int) for side in pixels.shape[:2])
    quads = quads_of(chances[0, 0, :height, :width])
    most = np.array([pixels.shape[1], pixels.shape[0]], np.float32)
    return reading_order([np.clip(quad / np.float32(scale), 0, most) for quad in without_marks(quads)])


def quads_of(chances: Floats) -> list[Floats]:
    """
    The lines on a map, the largest first, no more than `MOST_LINES`.

    Shape: chances (H, W) float32, 0 to 1 -> each (4, 2) float32.
    """
    mask = cv2.dilate((chances > _TEXT).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours:
        centre, (a, b), angle = cv2.minAreaRect(contour)
        if min(a, b) < _LEAST_CORE_PX:
            continue
        if _mean(chances, np.asarray(contour, np.int32)) < _LINE:
            continue
        # A rectangle that grows by d on all sides is a rectangle: no general offsetting of polygons is needed.
        d = _GROWN * a * b / (2 * (a + b))
        if min(a, b) + 2 * d >= _LEAST_LINE_PX:
            quads.append(upright(np.asarray(cv2.boxPoints((centre, (a + 2 * d, b + 2 * d), angle)), np.float32)))
    return sorted(quads, key=lambda quad: -float(np.prod(size_px(quad))))[:MOST_LINES]


def without_marks(quads: list[Floats]) -> list[Floats]:
    """The lines without Thai's vowels and tones above others, which are found once more beside their line."""
    boxes = [(*quad.min(0), *quad.max(0)) for quad in quads]
    return [
        quad
        for quad, box in zip(quads, boxes, strict=True)
        if not any(
            size_px(quad)[0] < _MARK * size_px(line)[1]
            and _MARK * size_px(quad)[1] < size_px(line)[0]
            and _shared(box, other) > _INSIDE
            for line, other in zip(quads, boxes, strict=True)
            if line is not quad and size_px(quad)[1] < size_px(line)[1]
        )
    ]


def upright(box: Floats) -> Floats:
    """
    The corners of a rectangle in the order of a line that is read in it.

    Shape: box (4, 2) in any rotation, clockwise -> the same points.
    """
    first = int(np.argmin(box.sum(1)))
    quad = np.roll(box, -first, axis=0).astype(np.float32)
    # Of a slanting rectangle the corner nearest to the origin need not begin its upper edge.
    across = quad[1] - quad[0]
    if abs(across[1]) > abs(across[0]):
        quad = np.roll(quad, 1 if across[1] > 0 else -1, axis=0)
    length, height = size_px(quad)
    return np.roll(quad, -1, axis=0) if height >= _UPRIGHT * length else quad


def reading_order(quads: Iterable[Floats]) -> list[Floats]:
    """The lines row by row, each row from left to right; in one row are those whose middles are hardly apart."""
    left = sorted(quads, key=lambda quad: float(quad[:, 1].mean()))
    ordered: list[Floats] = []
    while left:
        first = left[0]
        reach = size_px(first)[1] / 2
        row = [quad for quad in left if abs(float(quad[:, 1].mean() - first[:, 1].mean())) < reach]
        ordered += sorted(row, key=lambda quad: float(quad[:, 0].min()))
        left = [quad for quad in left if not any(quad is one for one in row)]
    return ordered


def _framed(pixels: Pixels) -> tuple[Floats, float]:
    """The picture in the smallest frame that shows it largest, and how many of its pixels are one of the picture's."""
    height, width = pixels.shape[:2]
    scales = [min(frame[0] / height, frame[1] / width) for frame in FRAMES_PX]
    best = max(scales)
    frame = min(
        (frame for frame, scale in zip(FRAMES_PX, scales, strict=True) if scale > 0.98 * best),
        key=lambda frame: frame[0] * frame[1],
    )
    scale = min(frame[0] / height, frame[1] / width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 0.5 else cv2.INTER_LINEAR)  # noqa: PLR2004  # Bilinear skips pixels from there.
    framed = np.full((*frame, 3), _GREY, np.float32)
    framed[: size[1], : size[0]] = small[:, :, ::-1]
    return ((framed.transpose(2, 0, 1)[None] - np.float32(_GREY)) / np.float32(_GREY)).astype(np.float32), scale


def _shared(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Which share of a box lies in another."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    area = (one[2] - one[0]) * (one[3] - one[1])
    return float(max(across, 0.0) * max(down, 0.0) / area) if area else 0.0


def _mean(chances: Floats, contour: NDArray[np.int32]) -> float:
    """
    Mean of the map inside a contour.

    Not inside the rectangle around it: of a large title with small print beside it that is half empty.
    """
    x, y, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - (x, y)], (1,))
    return float(cv2.mean(np.ascontiguousarray(chances[y : y + height, x : x + width]), mask)[0])
