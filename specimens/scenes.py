"""A card lying somewhere: five kinds of ground, a thumb over a corner, an edge out of the frame, a second card."""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from specimens.photographed import rounded
from specimens.words import Corners, Drawn, Pixels

Floats = NDArray[np.float32]
SIZE: Final = (1280, 960)
TURN_DEG: Final = 25.0
PERSPECTIVE: Final = 0.06
"""Turn and perspective of the scenes on which finding was measured: rotation up to 25 degrees, 6 % perspective."""


def scene(
    drawn: Drawn, background: str, seed: int, *, thumb: bool = False, cut: bool = False, second: Drawn | None = None
) -> tuple[Pixels, Corners]:
    """
    Give a photo of a card lying on something, and the card's four corners in it.

    Args:
        drawn: The side that shows.
        background: One of `BACKGROUNDS`.
        seed: Decides everything else.
        thumb: Whether a thumb lies over one corner.
        cut: Whether the card reaches out of the frame; its corners may then lie outside.
        second: Another card to lie beside it.

    Shape: pixels (960, 1280, 3) uint8 RGB; corners (4, 2) float32, clockwise from the card's own top left.
    """
    dice = np.random.default_rng((seed, *background.encode(), thumb, cut, second is not None))
    ground = BACKGROUNDS[background](dice)
    share = dice.uniform(0.36, 0.44) if second else dice.uniform(0.5, 0.68)
    places = [(0.3, 0.28), (0.68, 0.74)] if second else [tuple(dice.uniform(0.44, 0.56, 2))]
    if cut:
        places[0] = (dice.choice([0.12, 0.88]), dice.uniform(0.35, 0.65))
    turn = TURN_DEG if not second else 8.0
    corners = _corners(drawn, places[0], share, turn, dice)
    seen = _lay(ground, drawn.pixels, corners, dice)
    if second is not None:
        seen = _lay(seen, second.pixels, _corners(second, places[1], share, turn, dice), dice)
    if thumb:
        seen = press(seen, corners, int(dice.integers(4)), dice)
    seen *= _light(dice)
    photo = cv2.GaussianBlur(seen, (0, 0), 0.7) + 2.5 * dice.standard_normal(seen.shape, np.float32)
    return np.clip(photo, 0, 255).astype(np.uint8), corners


def _corners(drawn: Drawn, place: tuple[float, ...], share: float, turn: float, dice: np.random.Generator) -> Corners:
    """Give where a card's corners lie: its middle at a place, its width a share of the frame's."""
    height, width = drawn.pixels.shape[:2]
    wide = SIZE[0] * share
    high = wide * height / width
    own = np.array([(-wide, -high), (wide, -high), (wide, high), (-wide, high)]) / 2
    angle = np.deg2rad(dice.uniform(-turn, turn))
    spin = np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    away = dice.uniform(-PERSPECTIVE, PERSPECTIVE, (4, 2)) * wide / 2
    moved = own @ spin.T + away + np.array([place[0] * SIZE[0], place[1] * SIZE[1]])
    return np.asarray(moved, np.float32)


def _lay(ground: Floats, pixels: Pixels, corners: Corners, dice: np.random.Generator) -> Floats:
    """Lay a card with round corners on a ground, with its shadow."""
    height, width = pixels.shape[:2]
    own = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    homography = cv2.getPerspectiveTransform(own, corners)
    warped = cv2.warpPerspective(pixels, homography, SIZE, flags=cv2.INTER_AREA).astype(np.float32)
    mask = cv2.warpPerspective(rounded(width, height), homography, SIZE).astype(np.float32)[..., None] / 255
    across, down = dice.uniform(-10, 10), dice.uniform(3, 12)
    moved = cv2.warpAffine(mask[..., 0], np.array([(1, 0, across), (0, 1, down)], np.float32), SIZE)
    shadow = cv2.GaussianBlur(moved, (0, 0), dice.uniform(4, 10))[..., None]
    under = ground * (1 - float(dice.uniform(0.15, 0.5)) * shadow)
    return np.asarray(under * (1 - mask) + warped * mask, np.float32)


def press(seen: Floats, corners: Corners, which: int, dice: np.random.Generator) -> Floats:
    """Lay a thumb over a corner, coming from outside towards the card's middle."""
    corner, middle = corners[which], corners.mean(0)
    inwards = (middle - corner) / np.linalg.norm(middle - corner)
    wide = float(np.linalg.norm(corners[1] - corners[0]))
    tip = corner + inwards * wide * dice.uniform(0.06, 0.13)
    root = corner - inwards * wide * 0.6
    thick = wide * float(dice.uniform(0.1, 0.14))
    mask = np.zeros(seen.shape[:2], np.uint8)
    start, end = (tuple(int(v) for v in point) for point in (tip, root))
    cv2.line(mask, start, end, 255, max(2, int(thick)), cv2.LINE_AA)
    soft = cv2.GaussianBlur(mask, (0, 0), 1.5).astype(np.float32)[..., None] / 255
    tone = np.array(SKINS[int(dice.integers(len(SKINS)))], np.float32)
    round_light = cv2.GaussianBlur(mask, (0, 0), thick / 4).astype(np.float32)[..., None] / 255
    skin = tone * (0.55 + 0.45 * round_light) + 3 * dice.standard_normal(seen.shape, np.float32)
    return np.asarray(seen * (1 - soft) + skin * soft, np.float32)


SKINS: Final = ((226, 178, 150), (198, 140, 108), (150, 100, 74), (98, 64, 48))


def _light(dice: np.random.Generator) -> Floats:
    """Give a slope of light, (H, W, 1)."""
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]].astype(np.float32)
    angle, strength = dice.uniform(0, 6.28), float(dice.uniform(0.05, 0.35))
    slope = np.cos(angle) * (x / SIZE[0] - 0.5) + np.sin(angle) * (y / SIZE[1] - 0.5)
    return np.asarray(0.95 + strength * slope, np.float32)[..., None]


def _noise(dice: np.random.Generator, across: int, down: int) -> Floats:
    """Give smooth noise (H, W) of about unit size, so many cells wide and high."""
    cells = dice.standard_normal((down, across), np.float32)
    return np.asarray(cv2.resize(cells, SIZE, interpolation=cv2.INTER_CUBIC), np.float32)


def _plain(colour: Floats, dice: np.random.Generator, rough: float) -> Floats:
    """Give an even ground with cloudy roughness."""
    return np.asarray(colour + rough * (_noise(dice, 8, 6) + 0.5 * _noise(dice, 320, 240))[..., None], np.float32)


def dark(dice: np.random.Generator) -> Floats:
    """Give a dark table."""
    return _plain(dice.uniform(18, 70, 3).astype(np.float32), dice, 4)


def light(dice: np.random.Generator) -> Floats:
    """Give a light table, about as light as a card."""
    return _plain(np.float32(dice.uniform(205, 245)) + dice.uniform(-8, 8, 3).astype(np.float32), dice, 2)


def wood(dice: np.random.Generator) -> Floats:
    """Give planks with grain."""
    tone = np.array((150, 104, 64), np.float32) * np.float32(dice.uniform(0.6, 1.3))
    y = np.mgrid[0 : SIZE[1], 0 : SIZE[0]][0].astype(np.float32)
    grain = np.sin(y / dice.uniform(5, 12) + 3 * _noise(dice, 6, 14)) + 0.8 * _noise(dice, 12, 480)
    planks = np.where(np.mod(y + dice.uniform(0, 160), dice.uniform(150, 260)) < 4, -60.0, 0.0)
    return np.asarray(tone + (9 * grain + planks)[..., None] * np.array((1, 0.85, 0.7)), np.float32)


def cloth(dice: np.random.Generator) -> Floats:
    """Give woven cloth with folds and, half of the time, checks."""
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]].astype(np.float32)
    weave = 6 * np.sin(x * dice.uniform(0.7, 1.3)) * np.sin(y * dice.uniform(0.7, 1.3))
    folds = 14 * _noise(dice, 5, 4)
    step = dice.uniform(60, 130)
    checks = 22 * ((np.mod(x, step) < step / 3).astype(np.float32) + (np.mod(y, step) < step / 3)) * dice.integers(2)
    return np.asarray(dice.uniform(40, 210, 3) + (weave + folds - checks)[..., None], np.float32)


def clutter(dice: np.random.Generator) -> Floats:
    """Give papers, boxes, lines and round things in disorder."""
    ground = _plain(dice.uniform(60, 200, 3).astype(np.float32), dice, 6)
    for _ in range(int(dice.integers(14, 26))):
        middle = dice.uniform((0, 0), SIZE)
        size, angle = dice.uniform(60, 520, 2), float(dice.uniform(0, 180))
        colour = tuple(float(v) for v in dice.uniform(20, 250, 3))
        box = cv2.boxPoints((tuple(middle), tuple(size), angle)).astype(np.int32)
        cv2.fillPoly(ground, [box], colour, cv2.LINE_AA)
        for row in np.linspace(0.15, 0.85, int(dice.integers(0, 9))):
            start, end = box[0] + (box[3] - box[0]) * row, box[1] + (box[2] - box[1]) * row
            cv2.line(ground, start.astype(int).tolist(), end.astype(int).tolist(), (40, 40, 50), 2, cv2.LINE_AA)
    for _ in range(int(dice.integers(3, 8))):
        centre, colour = dice.uniform((0, 0), SIZE).astype(int).tolist(), dice.uniform(10, 250, 3).tolist()
        cv2.circle(ground, centre, int(dice.integers(20, 120)), colour, int(dice.choice([-1, 3, 8])), cv2.LINE_AA)
    return ground


BACKGROUNDS: Final[Mapping[str, Callable[[np.random.Generator], Floats]]] = {
    "dark": dark,
    "light": light,
    "wood": wood,
    "cloth": cloth,
    "clutter": clutter,
}
"""What a card may lie on."""
