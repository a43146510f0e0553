"""
A picture printed on paper and held before a camera.

What paper adds: the printer's dots (regular ones in four colours, each at its own angle, or strewn ones), fewer
colours, a white that is grey and a black that is not black, fibres, a bend, gloss, and an edge, straight or cut along
the head.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import cv2
import numpy as np

from attacks.camera import linear, some_camera, take
from attacks.scene import glare, room, slope, with_hand
from ipse.core.vocabulary import Floats, Pixels

ANGLES_DEG: Final = (15.0, 75.0, 0.0, 45.0)
"""Angles of the screens of cyan, magenta, yellow and black. Source: usual offset practice (ISO 12647-1, 4.3.4)."""


@dataclass(frozen=True, slots=True)
class Paper:
    """
    A kind of print and how it is held before the camera.

    Attributes:
        dots: Regular dots in four colours, regular black ones, strewn ones, or none (a photograph on photo paper).
        pitch_px: Least and greatest distance between dots, in pixels of the sensor.
        fills: Least and greatest share of the view that the sheet takes; above 1 no edge is seen.
        white: Light of the bare paper.
        black: Light of the darkest ink.
        fibres: How uneven the paper is.
        bend: How much it is bent.
        glare: Greatest strength of its gloss.
        cut: Whether it is cut along the head.
        hand: Whether somebody holds it.
    """

    dots: Literal["four colours", "black", "strewn", "none"] = "strewn"
    pitch_px: tuple[float, float] = (1.5, 3.0)
    fills: tuple[float, float] = (1.05, 1.4)
    white: float = 0.8
    black: float = 0.04
    fibres: float = 0.02
    bend: float = 0.05
    glare: float = 0.0
    cut: bool = False
    hand: bool = False


KNOWN: Final[Mapping[str, Paper]] = MappingProxyType(
    {
        "inkjet, full": Paper("strewn", pitch_px=(1.2, 2.5)),
        "laser, full": Paper("four colours", pitch_px=(2.0, 4.5), black=0.05, glare=0.05),
        "photo, held": Paper("none", fills=(0.6, 0.9), black=0.02, fibres=0.004, glare=0.3, hand=True),
        "inkjet, held": Paper("strewn", pitch_px=(1.0, 2.0), fills=(0.6, 0.9), hand=True),
    }
)
"""Recipes that thresholds and coefficients may be fitted on."""

UNSEEN: Final[Mapping[str, Paper]] = MappingProxyType(
    {
        "magazine, full": Paper("four colours", pitch_px=(1.6, 3.5), white=0.75, glare=0.15, fibres=0.006),
        "laser in black, held": Paper("black", pitch_px=(2.0, 4.0), fills=(0.6, 0.95), hand=True),
        "inkjet, cut out": Paper("strewn", pitch_px=(1.2, 2.2), fills=(0.9, 1.0), cut=True, bend=0.1, glare=0.1),
        "photo, cut out": Paper("none", fills=(0.9, 1.0), cut=True, fibres=0.004, bend=0.1, glare=0.3),
        "photo, full": Paper("none", black=0.02, fibres=0.004, glare=0.3, bend=0.1),
    }
)
"""Recipes that nothing was fitted on: they are for figures."""

RECIPES: Final[Mapping[str, Paper]] = MappingProxyType({**KNOWN, **UNSEEN})


def print_out(pixels: Pixels, recipe: str, seed: int, width_px: int = 640) -> Pixels:
    """Give the picture that a camera takes of a print of `pixels`; `width_px` is the width of the file."""
    paper, chance = RECIPES[recipe], np.random.default_rng(seed)
    camera = some_camera(chance)
    width = int(width_px * camera.shrinking)
    height = int(width * pixels.shape[0] / pixels.shape[1])
    fill = float(chance.uniform(*paper.fills))
    across, down, edge = _bent(pixels, height, width, fill, paper.bend, chance)
    source = cv2.remap(pixels, across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    pitch = float(chance.uniform(*paper.pitch_px)) * camera.shrinking**0.5
    light = _inked(linear(np.asarray(source, np.uint8)), paper, pitch, chance)
    light = light * _fibres(height, width, paper.fibres, chance)
    light = light * slope(height, width, float(chance.uniform(0.6, 1.0)), chance)
    light = light + glare(height, width, float(chance.uniform(0, paper.glare)), chance)
    if fill < 1:
        light = _before_a_room(np.asarray(light, np.float32), across, down, pixels.shape[:2], paper, chance)
        light = with_hand(light, edge, chance) if paper.hand else light
    return take(np.asarray(light, np.float32), camera, chance)


def _bent(
    pixels: Pixels, height_px: int, width_px: int, fill: float, bend: float, chance: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """
    Give for every pixel of the sensor which place of the printed picture it sees, and the sheet's corners.

    Shape: two of (height_px, width_px) float32 in pixels of the printed picture, and (4, 2) in pixels of the sensor.
    """
    high, wide = pixels.shape[:2]
    centre = np.array([width_px, height_px]) / 2
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * centre * fill
    angle = np.deg2rad(chance.normal(0, 4))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = (square @ turn.T + centre + chance.uniform(-0.04, 0.04, (4, 2)) * centre * fill).astype(np.float32)
    own = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, own)
    x, y = np.meshgrid(np.arange(width_px, dtype=np.float32), np.arange(height_px, dtype=np.float32))
    depth = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
    across = (matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2]) / depth
    down = (matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2]) / depth
    way = np.sin(np.pi * (x / width_px) + chance.uniform(0, np.pi)) * bend * high * chance.uniform(0, 1)
    return across.astype(np.float32), (down + way).astype(np.float32), corners


def _inked(light: Floats, paper: Paper, pitch_px: float, chance: np.random.Generator) -> Floats:
    """Give the light that ink on paper throws back: dots of each ink, as fine as they are."""
    ink = 1 - np.clip(np.power(light, 1 / 2.2), 0, 1)
    if paper.dots == "black":
        ink = np.repeat(ink.mean(axis=2, keepdims=True), 3, axis=2)
    grey = ink.mean(axis=2, keepdims=True)
    ink = np.clip(grey + (ink - grey) * float(chance.uniform(0.7, 0.95)), 0, 1)
    covered = ink if paper.dots == "none" else _dotted(ink, paper, pitch_px, chance)
    tint = np.array([1.0, chance.uniform(0.96, 1.0), chance.uniform(0.86, 1.0)], np.float32)
    lightness = np.power(np.clip(1 - covered, 0, 1), 2.2) if paper.dots == "none" else np.clip(1 - covered, 0, 1)
    return np.asarray((paper.black + (paper.white - paper.black) * lightness) * tint, np.float32)


def _dotted(ink: Floats, paper: Paper, pitch_px: float, chance: np.random.Generator) -> Floats:
    """Give how much of each place is covered by ink that can only be there or not, as the camera's pixels see it."""
    height, width = ink.shape[:2]
    wanted = 1 - np.power(1 - ink, 2.2)  # A place half covered throws back half the light.
    if paper.dots == "strewn":
        size = (max(int(width / pitch_px), 2), max(int(height / pitch_px), 2))
        noise = chance.random((size[1], size[0], 3), np.float32)
        sieve = noise - cv2.GaussianBlur(noise, (0, 0), 1.5) + 0.5
        larger = np.asarray(cv2.resize(sieve, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
        dots = 1 / (1 + np.exp(-6 * (wanted - 1 + larger)))
        seen = float(chance.uniform(0.25, 0.8))  # The finer the drops, the more of them one pixel sees.
        return np.asarray(seen * dots + (1 - seen) * wanted, np.float32)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    planes = []
    for colour in range(3):
        angle = np.deg2rad(45.0 if paper.dots == "black" else ANGLES_DEG[colour]) + chance.normal(0, 0.03)
        u = (x * np.cos(angle) + y * np.sin(angle)) * np.float32(2 * np.pi / pitch_px)
        v = (y * np.cos(angle) - x * np.sin(angle)) * np.float32(2 * np.pi / pitch_px)
        sieve = (np.cos(u) + np.cos(v)) / 4 + 0.5
        planes.append(1 / (1 + np.exp(-6 * (wanted[..., colour] - sieve))))
    seen = float(chance.uniform(0.3, 0.9))
    dotted = seen * np.stack(planes, axis=2) + (1 - seen) * wanted
    return np.asarray(np.repeat(dotted[..., :1], 3, axis=2) if paper.dots == "black" else dotted, np.float32)


def _fibres(height_px: int, width_px: int, depth: float, chance: np.random.Generator) -> Floats:
    """Give how uneven the paper is: noise of two sizes."""
    fine = cv2.GaussianBlur(chance.standard_normal((height_px, width_px), np.float32), (0, 0), 1.0)
    broad = cv2.GaussianBlur(chance.standard_normal((height_px, width_px), np.float32), (0, 0), 6.0)
    noise = fine / max(float(fine.std()), 1e-6) + broad / max(float(broad.std()), 1e-6)
    return (1 + depth * noise)[..., None].astype(np.float32)


def _before_a_room(
    light: Floats, across: Floats, down: Floats, size: tuple[int, ...], paper: Paper, chance: np.random.Generator
) -> Floats:
    """Give the sheet before a room: with its white rim, or cut along the head."""
    high, wide = size[:2]
    rim = 0.0 if paper.cut else float(chance.uniform(0.0, 0.06)) * wide
    x, y = across / wide, down / high
    if paper.cut:
        head = np.hypot((x - 0.5) / 0.29, (y - 0.47) / 0.37)
        shoulders = np.hypot((x - 0.5) / 0.55, (y - 1.15) / 0.4)
        on_sheet = np.minimum(head, shoulders) < 1 + 0.03 * np.sin(9 * np.arctan2(y - 0.45, x - 0.5))
    else:
        on_sheet = (across > -rim) & (across < wide + rim) & (down > -rim) & (down < high + rim)
    bare = (across < 0) | (across > wide) | (down < 0) | (down > high)
    sheet = np.where((bare & on_sheet)[..., None], np.float32(paper.white), light)
    mask = cv2.GaussianBlur(on_sheet.astype(np.float32), (0, 0), 0.7)[..., None]
    shade = 1 - 0.4 * cv2.GaussianBlur(np.roll(mask, (4, 4), (0, 1)), (0, 0), 6)[..., None]
    scene = room(light.shape[0], light.shape[1], chance) * shade
    return np.asarray(sheet * mask + scene * (1 - mask), np.float32)
