"""
How brightly a face and what lies behind it were lit in each frame of a flash run, as changes of logarithms.

A camera's exposure and white balance are factors on everything; the light of a screen is a factor on what is near. So
the change on the face less the change behind it is the screen's light alone, whatever the skin and whatever the camera
adapted to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.faces.align import similarity_to_target
from ipse.core.genuineness.capture import Shot
from ipse.core.vocabulary import Floats, Pixels

PATCH: Final = 6
"""Side of a patch of skin, in pixels of the aligned face."""

SKIN: Final = (
    *((x, y) for x in (28, 34, 40, 66, 72, 78) for y in (64, 70, 76)),  # cheeks
    *((x, y) for x in (41, 47, 53, 59, 65) for y in (24, 30)),  # forehead
)
"""Upper left corners of the patches in the aligned face (112 px), beside the landmarks at which eyes, nose and mouth
lie there."""

HEAD: Final = ((56.0, 55.0), (64.0, 88.0))
"""Middle and half axes of an ellipse around the head with its hair, in the aligned face; drawn by eye, generously."""

CHIN: Final = 108.0
"""Height in the aligned face from which on down there are neck and shoulders, which the screen lights too."""

BLOCKS: Final = 20
"""Blocks of background across the picture."""

ENOUGH_BLOCKS: Final = 8
"""From how many blocks of background on a median means anything."""

DARK: Final = 0.004
"""Light below which a camera's numbers are noise: level 13 of 255."""

DIM: Final = 0.01
"""
Light from which on a background is worth looking at: level 25 of 255.

Source: benchmarks/accuracy/flash.md; the darker it is, the more its changes are those of the camera's curve.
"""

BRIGHT: Final = 0.92
"""Light above which they no longer follow: level 246 of 255."""


@dataclass(frozen=True, slots=True)
class Reflection:
    """
    Changes of light over the frames of a run, each channel around its mean.

    Attributes:
        face: (F, 3) float64, natural logarithms: 0.1 is a tenth more light.
        behind: (F, 3) likewise.
        is_clipped: Whether most of the skin is so bright that it cannot become brighter.
    """

    face: NDArray[np.float64]
    behind: NDArray[np.float64]
    is_clipped: bool


def reflection(shots: Sequence[Shot]) -> Reflection | None:
    """Give how the light changed over frames that all show a face; `None` where too little lies behind it."""
    frames = [shot.pixels for shot in shots]
    kept = np.logical_and.reduce([_is_behind(frame, shot) for frame, shot in zip(frames, shots, strict=True)])
    blocks = np.stack([_blocks(frame, kept) for frame in frames])
    blocks = blocks[:, _usable(blocks)]
    if blocks.shape[1] < ENOUGH_BLOCKS:
        return None
    skin = np.stack([_patches(shot) for shot in shots])
    is_clipped = bool(np.median(skin) > BRIGHT)
    return Reflection(_changes(skin), _changes(blocks), is_clipped)


def light_of(pixels: Pixels) -> Floats:
    """Give a picture as light, 0 to 1. Source: IEC 61966-2-1 (sRGB)."""
    return _LIGHT[pixels]


def _changes(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Give the typical change of light in each frame, around the mean over the frames.

    Shape: (F, N, 3) -> (F, 3).
    """
    logarithms = np.log(np.maximum(light, DARK))
    changes = np.median(logarithms - logarithms.mean(axis=0, keepdims=True), axis=1)
    return np.asarray(changes - changes.mean(axis=0), np.float64)


def _usable(light: NDArray[np.float64]) -> NDArray[np.bool_]:
    """
    Give which places are neither black nor white, in whatever frame.

    Shape: (F, N, 3) -> (N,).
    """
    within = (light > DIM) & (light < BRIGHT)
    return np.asarray(within.all(axis=(0, 2)), np.bool_)


def _patches(shot: Shot) -> NDArray[np.float64]:
    """
    Give the light of each patch of skin.

    Shape: (N, 3).
    """
    assert shot.aligned is not None
    light = light_of(shot.aligned)
    return np.array([light[y : y + PATCH, x : x + PATCH].mean(axis=(0, 1)) for x, y in SKIN], np.float64)


def _is_behind(frame: Pixels, shot: Shot) -> NDArray[np.bool_]:
    """
    Give which pixels of a frame lie behind the head and above the shoulders.

    Shape: (H, W).
    """
    assert shot.face is not None
    to_picture = cv2.invertAffineTransform(similarity_to_target(shot.face.landmarks_px))
    scale, turn = float(np.hypot(*to_picture[:, 0])), float(np.degrees(np.arctan2(to_picture[1, 0], to_picture[0, 0])))
    (x, y), (wide, high) = HEAD
    middle = to_picture @ (x, y, 1.0)
    is_behind = np.ones(frame.shape[:2], np.uint8)
    axes = (round(wide * scale), round(high * scale))
    cv2.ellipse(is_behind, (round(middle[0]), round(middle[1])), axes, turn, 0, 360, (0,), -1)
    chin = (to_picture @ (x, CHIN, 1.0))[1]
    is_behind[max(round(chin), 0) :] = 0
    return is_behind.astype(np.bool_)


def _blocks(frame: Pixels, kept: NDArray[np.bool_]) -> NDArray[np.float64]:
    """
    Give the light of each block that lies wholly in what is kept.

    Shape: (H, W, 3), (H, W) -> (N, 3).
    """
    side = max(frame.shape[1] // BLOCKS, 1)
    rows, columns = frame.shape[0] // side, frame.shape[1] // side
    whole = kept[: rows * side, : columns * side].reshape(rows, side, columns, side).all(axis=(1, 3))
    light = light_of(frame[: rows * side, : columns * side])
    means = light.reshape(rows, side, columns, side, 3).mean(axis=(1, 3), dtype=np.float64)
    return np.asarray(means[whole], np.float64)


def _curve() -> Floats:
    """
    Give the light of each of the 256 levels.

    Shape: (256,).
    """
    level = np.arange(256, dtype=np.float64) / 255
    return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4).astype(np.float32)  # noqa: PLR2004 (the standard's own numbers)


_LIGHT: Final = _curve()
