"""
A picture shown on a screen and taken off it by a camera.

What a screen adds is physics: its raster of coloured stripes beats with the camera's mosaic (the beat is computed, not
painted: each harmonic of the raster, as weak as lens and pixel leave it, is sampled at the sensor's pixels), its black
is not black, its light has a tint, its glass throws back the room, and it ends somewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import cv2
import numpy as np

from attacks.camera import Camera, linear, some_camera, take
from attacks.scene import glare, room, slope, with_hand
from ipse.core.vocabulary import Floats, Pixels


@dataclass(frozen=True, slots=True)
class Screen:
    """
    A kind of screen and how it is held before the camera.

    Attributes:
        raster: Stripes of three colours, a diamond of two greens (as on phones with organic diodes), or stripes with
            dark lines between the rows, as television sets have them.
        pitch_px: Least and greatest size of a pixel of the screen, in pixels of the sensor.
        fills: Least and greatest share of the view that the shown picture takes; above 1 no frame is seen.
        black: Light of its black, as a share of its white.
        glare: Greatest strength of what its glass throws back.
        bands: Depth of the dark bands of a backlight that flickers.
        frame: Light of the frame around it: nearly black or nearly white.
        hand: Whether somebody holds it.
    """

    raster: Literal["stripes", "diamond", "lines"] = "stripes"
    pitch_px: tuple[float, float] = (0.6, 1.6)
    fills: tuple[float, float] = (1.05, 1.4)
    black: float = 0.02
    glare: float = 0.1
    bands: float = 0.0
    frame: float = 0.02
    hand: bool = False


KNOWN: Final[Mapping[str, Screen]] = MappingProxyType(
    {
        "laptop, full": Screen(pitch_px=(1.2, 3.0), black=0.02, glare=0.05),
        "tablet, framed": Screen(pitch_px=(0.5, 1.3), fills=(0.62, 0.9), glare=0.15, frame=0.85, hand=True),
        "phone, full": Screen(pitch_px=(0.6, 1.1), glare=0.15),
        "phone, framed": Screen(pitch_px=(0.35, 0.8), fills=(0.55, 0.85), glare=0.2, hand=True),
    }
)
"""Recipes that thresholds and coefficients may be fitted on."""

UNSEEN: Final[Mapping[str, Screen]] = MappingProxyType(
    {
        "diode phone, full": Screen("diamond", pitch_px=(0.9, 2.0), black=0.0, glare=0.15),
        "diode phone, framed": Screen(
            "diamond", pitch_px=(0.5, 1.2), fills=(0.6, 0.9), black=0.0, glare=0.2, hand=True
        ),
        "television": Screen("lines", pitch_px=(1.8, 4.0), fills=(0.8, 1.3), black=0.03, bands=0.15, glare=0.05),
        "monitor, framed": Screen(pitch_px=(0.9, 2.2), fills=(0.6, 0.95), black=0.015, bands=0.08, glare=0.03),
    }
)
"""Recipes that nothing was fitted on: they are for figures."""

RECIPES: Final[Mapping[str, Screen]] = MappingProxyType({**KNOWN, **UNSEEN})


def replay(pixels: Pixels, recipe: str, seed: int, width_px: int = 640) -> Pixels:
    """Give the picture that a camera takes of a screen that shows `pixels`; `width_px` is the width of the file."""
    screen, chance = RECIPES[recipe], np.random.default_rng(seed)
    camera = some_camera(chance)
    width = int(width_px * camera.shrinking)
    height = int(width * pixels.shape[0] / pixels.shape[1])
    fill = float(chance.uniform(*screen.fills))
    corners = _corners(height, width, fill, chance)
    shown, inside = _shown(pixels, corners, height, width)
    pitch = float(chance.uniform(*screen.pitch_px)) * max(camera.shrinking, 1.0) ** 0.5
    light = _emitted(shown, screen, chance) * _raster(corners, height, width, pitch, screen.raster, camera)
    light = light * slope(height, width, float(chance.uniform(0.75, 1.0)), chance)
    if screen.bands:
        light = light * _bands(height, float(chance.uniform(0.3, 1)) * screen.bands, chance)
    if fill < 1:
        light = _framed(light, inside, corners, screen, chance)
    light = light + glare(height, width, float(chance.uniform(0, screen.glare)), chance)
    return take(np.asarray(light, np.float32), camera, chance)


def _corners(height_px: int, width_px: int, fill: float, chance: np.random.Generator) -> Floats:
    """
    Give where the corners of the shown picture fall on the sensor: turned a little, seen a little from the side.

    Shape: (4, 2) float32, from the top left clockwise.
    """
    centre = np.array([width_px, height_px]) / 2
    half = centre * fill
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    angle = np.deg2rad(chance.normal(0, 3))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    skew = chance.uniform(-0.03, 0.03, (4, 2)) * half
    return np.asarray(square @ turn.T + centre + skew, np.float32)


def _shown(pixels: Pixels, corners: Floats, height_px: int, width_px: int) -> tuple[Floats, Floats]:
    """
    Give the shown picture as light on the sensor, and where it is.

    Shape: (H, W, 3) float32 and (H, W, 1) float32.
    """
    high, wide = pixels.shape[:2]
    own = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(own, corners)
    size = (width_px, height_px)
    light = linear(np.asarray(cv2.warpPerspective(pixels, matrix, size, flags=cv2.INTER_CUBIC), np.uint8))
    inside = np.zeros((height_px, width_px), np.float32)
    cv2.fillConvexPoly(inside, corners.astype(np.int32), (1.0,), cv2.LINE_AA)
    return light, inside[..., None]


def _emitted(light: Floats, screen: Screen, chance: np.random.Generator) -> Floats:
    """Give what the screen makes of light: its contrast, its black, its tint, its narrower colours."""
    steeper = np.power(light, float(chance.uniform(0.85, 1.2)))
    tint = np.array([chance.uniform(0.85, 1.0), 0.97, chance.uniform(0.95, 1.12)], np.float32)
    narrower = float(chance.uniform(0.0, 0.12))
    grey = steeper.mean(axis=2, keepdims=True)
    mixed = (1 - narrower) * steeper + narrower * grey
    black = screen.black * float(chance.uniform(0.5, 2))
    return np.asarray((black + (1 - black) * mixed) * tint * float(chance.uniform(0.75, 1.1)), np.float32)


def _raster(corners: Floats, height_px: int, width_px: int, pitch_px: float, kind: str, camera: Camera) -> Floats:
    """
    Give the factor by which the screen's raster makes each of the sensor's pixels lighter or darker.

    Shape: (height_px, width_px, 3) float32, mean 1.
    """
    edge_px = float(np.linalg.norm(corners[1] - corners[0]))
    count = edge_px / pitch_px
    unit = np.array([[0, 0], [count, 0], [count, count], [0, count]], np.float32)
    unit[2:, 1] = count * np.linalg.norm(corners[3] - corners[0]) / edge_px
    matrix = cv2.getPerspectiveTransform(corners, unit)
    x, y = np.meshgrid(np.arange(width_px, dtype=np.float32), np.arange(height_px, dtype=np.float32))
    depth = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
    u = ((matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2]) / depth).astype(np.float32)
    v = ((matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2]) / depth).astype(np.float32)
    planes = [_stripes(u, v, colour, kind, 1 / pitch_px, camera.blur_px) for colour in range(3)]
    return np.stack(planes, axis=2)


def _stripes(u: Floats, v: Floats, colour: int, kind: str, per_px: float, blur_px: float) -> Floats:
    """Give one colour's part of a raster, by its first harmonics, each as weak as lens and pixel leave it."""
    if kind == "diamond":
        waves = [(1, 1, 0.7, 0.5 * (colour == 1)), (1, -1, 0.7, 0.0)]
        if colour == 1:
            waves = [(2, 0, 0.5, 0.0), (0, 1, 0.8, 0.0)]
    else:
        dark = 1.0 if kind == "lines" else 0.45
        waves = [(1, 0, 1.65, colour / 3), (2, 0, 0.8, 2 * colour / 3), (0, 1, dark, 0.0), (0, 2, 0.4 * dark, 0.0)]
    factor = np.ones_like(u)
    for across, down, depth, phase in waves:
        frequency = float(np.hypot(across, down)) * per_px
        left = np.exp(-2 * (np.pi * blur_px * frequency) ** 2) * np.sinc(frequency)
        if abs(left * depth) > 1e-4:
            factor += np.float32(depth * left) * np.cos(np.float32(2 * np.pi) * (across * u + down * v - phase))
    return np.clip(factor, 0, None)


def _bands(height_px: int, depth: float, chance: np.random.Generator) -> Floats:
    """Give the bands of a backlight that flickers while the camera reads row after row."""
    waves = float(chance.uniform(1.5, 8))
    rows = np.arange(height_px, dtype=np.float32) / height_px
    return (1 - depth * (0.5 + 0.5 * np.cos(2 * np.pi * waves * rows + chance.uniform(0, 6))))[:, None, None].astype(
        np.float32
    )


def _framed(light: Floats, inside: Floats, corners: Floats, screen: Screen, chance: np.random.Generator) -> Floats:
    """Give the screen within its frame, before a room, perhaps held by a hand."""
    height, width = light.shape[:2]
    centre = corners.mean(axis=0)
    outer = (centre + (corners - centre) * float(chance.uniform(1.04, 1.2))).astype(np.float32)
    device = np.zeros((height, width), np.float32)
    cv2.fillConvexPoly(device, outer.astype(np.int32), (1.0,), cv2.LINE_AA)
    frame = np.float32(screen.frame * chance.uniform(0.5, 1.0))
    scene = room(height, width, chance) * (1 - device[..., None]) + device[..., None] * frame
    scene = scene * (1 - inside) + light * inside
    return with_hand(np.asarray(scene, np.float32), outer, chance) if screen.hand else np.asarray(scene, np.float32)
