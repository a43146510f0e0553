"""Photographing a card: the three levels of documents' figures."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from specimens.words import Corners, Pixels


@dataclass(frozen=True, slots=True)
class Level:
    """How bad a photo is: width of the card in pixels, JPEG quality, blur and noise (standard deviations)."""

    width_px: int
    jpeg: int
    blur_px: float
    noise: float


LEVELS: Final[dict[str, Level]] = {
    "clean": Level(1011, 95, 0.0, 0.0),
    "L1": Level(1000, 75, 0.6, 2.0),
    "L2": Level(720, 60, 0.6, 3.0),
    "L3": Level(560, 50, 0.7, 4.0),
}
"""
Widths and JPEG qualities as the figures' recipe has them; it gives blur and noise no numbers, these are ours.
"""

TURN_DEG: Final = 8.0
PERSPECTIVE: Final = 0.03
MARGIN: Final = 0.12


@dataclass(frozen=True, slots=True)
class Photo:
    """
    A card as photographed.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, what the JPEG says.
        jpeg: Its bytes.
        corners: (4, 2) float32, the card's true corners, clockwise from its own top left.
        homography: (3, 3) float64 from pixels of the drawn side to pixels of the photo.
    """

    pixels: Pixels
    jpeg: bytes
    corners: Corners
    homography: np.ndarray

    def place(self, points: Corners) -> Corners:
        """Give where points of the drawn side lie in the photo."""
        moved = cv2.perspectiveTransform(np.asarray(points, np.float64).reshape(-1, 1, 2), self.homography)
        return moved.reshape(-1, 2).astype(np.float32)


def degrade(pixels: Pixels, level: str, seed: int) -> Photo:
    """
    Give a card's photo at a level: turned up to 8 degrees, in perspective, unevenly lit, with a cast of up to 4 %,
    blurred, noisy, as JPEG.

    `"clean"` is the drawn side itself at JPEG 95, its corners those of the picture.
    """
    chosen, dice = LEVELS[level], np.random.default_rng((seed, *level.encode()))
    height, width = pixels.shape[:2]
    own = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    if level == "clean":
        return _jpeg(pixels, chosen.jpeg, own, np.eye(3))
    scale = chosen.width_px / width
    corners, size = _tilted(own * scale, dice)
    homography = cv2.getPerspectiveTransform(own, corners)
    table = dice.uniform(50, 200) + dice.uniform(-25, 25, 3).astype(np.float32)
    under = np.broadcast_to(table, (size[1], size[0], 3)).copy()
    reduced, mask = _laid(pixels, homography, size)
    seen = under * (1 - mask) + reduced * mask
    seen *= _light(size, dice)[..., None] * dice.uniform(0.96, 1.04, 3).astype(np.float32)
    seen = cv2.GaussianBlur(seen, (0, 0), chosen.blur_px)
    seen = seen + chosen.noise * dice.standard_normal(seen.shape, np.float32)
    return _jpeg(np.clip(seen, 0, 255).astype(np.uint8), chosen.jpeg, corners, homography)


def _tilted(card: Corners, dice: np.random.Generator) -> tuple[Corners, tuple[int, int]]:
    """Give a card's corners in the photo, and the photo's width and height."""
    wide = float(card[2, 0])
    angle = np.deg2rad(dice.uniform(-TURN_DEG, TURN_DEG))
    turn = np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    moved = card @ turn.T + dice.uniform(-PERSPECTIVE, PERSPECTIVE, (4, 2)) * wide / 2
    moved = moved - moved.min(0) + MARGIN * wide / 2
    size = moved.max(0) + MARGIN * wide / 2
    return moved.astype(np.float32), (round(float(size[0])), round(float(size[1])))


def _laid(pixels: Pixels, homography: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Give a card warped into a photo without aliasing, and its mask (H, W, 1)."""
    over = 2
    twice = np.diag([over, over, 1.0]) @ homography
    large = (size[0] * over, size[1] * over)
    warped = cv2.warpPerspective(pixels, twice, large, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(rounded(pixels.shape[1], pixels.shape[0]), twice, large, flags=cv2.INTER_LINEAR)
    warped, mask = (cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in (warped, mask))
    return warped.astype(np.float32), (mask.astype(np.float32) / 255)[..., None]


def rounded(width: int, height: int) -> Pixels:
    """Give a card's mask with its round corners. Source: ISO/IEC 7810, radius 3.18 mm of 85.60."""
    mask, radius = np.zeros((height, width), np.uint8), round(width * 3.18 / 85.6)
    cv2.rectangle(mask, (radius, 0), (width - radius - 1, height - 1), 255, -1)
    cv2.rectangle(mask, (0, radius), (width - 1, height - radius - 1), 255, -1)
    for x in (radius, width - radius - 1):
        for y in (radius, height - radius - 1):
            cv2.circle(mask, (x, y), radius, 255, -1, cv2.LINE_AA)
    return mask


def _light(size: tuple[int, int], dice: np.random.Generator) -> np.ndarray:
    """Give an uneven light (H, W): a slope of up to a fifth either way and a soft shadow."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = dice.uniform(0, 2 * np.pi)
    slope = (np.cos(angle) * (x / width - 0.5) + np.sin(angle) * (y / height - 0.5)) * dice.uniform(0.1, 0.4)
    middle, spread = dice.uniform(0.2, 0.8, 2), dice.uniform(0.2, 0.5)
    spot = np.exp(-(((x / width - middle[0]) ** 2 + (y / height - middle[1]) ** 2) / (2 * spread**2)))
    light: np.ndarray = np.float32(dice.uniform(0.8, 0.98)) * (1 + slope) * (0.9 + 0.14 * spot)
    return light


def _jpeg(pixels: Pixels, quality: int, corners: Corners, homography: np.ndarray) -> Photo:
    """Give a photo through JPEG."""
    written = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    read = cv2.imdecode(written, cv2.IMREAD_COLOR)
    assert read is not None
    return Photo(np.ascontiguousarray(read[..., ::-1], np.uint8), written.tobytes(), corners, homography)
