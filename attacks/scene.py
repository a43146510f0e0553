"""What a thing that is held before a camera lies in: the room behind it, the light on it, the hand that holds it."""

from typing import Final

import cv2
import numpy as np

from ipse.core.vocabulary import Floats

SKIN: Final = ((0.62, 0.40, 0.29), (0.45, 0.26, 0.17), (0.22, 0.11, 0.07))
"""Colours of hands, as light. Source: ours, three tones by eye."""


def room(height_px: int, width_px: int, chance: np.random.Generator) -> Floats:
    """
    Give a room out of focus: large soft patches and a few straight things.

    Shape: (height_px, width_px, 3) float32 light.
    """
    coarse = chance.uniform(0.02, 0.6, (5, 4, 1)) * chance.uniform(0.7, 1.2, (5, 4, 3))
    light = cv2.resize(coarse.astype(np.float32), (width_px, height_px), interpolation=cv2.INTER_CUBIC)
    for _ in range(int(chance.integers(2, 7))):
        x, y = chance.integers(0, width_px), chance.integers(0, height_px)
        wide, high = chance.integers(width_px // 12, width_px // 2), chance.integers(height_px // 12, height_px // 2)
        colour = chance.uniform(0.02, 0.7) * chance.uniform(0.6, 1.2, 3)
        cv2.rectangle(light, (int(x), int(y)), (int(x + wide), int(y + high)), tuple(map(float, colour)), -1)
    blurred = cv2.GaussianBlur(np.clip(light, 0, 1), (0, 0), float(chance.uniform(1.5, 8.0)))
    return np.asarray(blurred, np.float32)


def glare(height_px: int, width_px: int, strength: float, chance: np.random.Generator) -> Floats:
    """
    Give light that a glossy thing throws back: a lamp's blot or a window's pane, soft at its rim.

    Shape: (height_px, width_px, 1) float32 light to add.
    """
    light = np.zeros((height_px, width_px), np.float32)
    for _ in range(int(chance.integers(1, 4))):
        x, y = int(chance.integers(0, width_px)), int(chance.integers(0, height_px))
        wide, high = (int(width_px * chance.uniform(0.02, 0.18)) for _ in range(2))
        if chance.random() < 0.5:
            cv2.ellipse(light, (x, y), (wide, high), float(chance.uniform(0, 180)), 0, 360, 1.0, -1)
        else:
            box = cv2.boxPoints(((float(x), float(y)), (2.0 * wide, 2.0 * high), float(chance.uniform(0, 90))))
            cv2.fillPoly(light, [box.astype(np.int32)], (1.0,))
    soft = cv2.GaussianBlur(light, (0, 0), width_px * float(chance.uniform(0.008, 0.04)))
    return np.asarray(soft, np.float32)[..., None] * np.float32(strength)


def slope(height_px: int, width_px: int, least: float, chance: np.random.Generator) -> Floats:
    """
    Give how evenly a flat thing is lit: a slope from 1 down to `least` in some direction.

    Shape: (height_px, width_px, 1) float32 factor.
    """
    angle = chance.uniform(0, 2 * np.pi)
    across = np.linspace(-1, 1, width_px, dtype=np.float32)[None] * np.cos(angle)
    down = np.linspace(-1, 1, height_px, dtype=np.float32)[:, None] * np.sin(angle)
    way = (across + down) / (abs(np.cos(angle)) + abs(np.sin(angle)))
    return np.asarray(1 - (1 - least) * (way + 1) / 2, np.float32)[..., None]


def with_hand(light: Floats, edge: Floats, chance: np.random.Generator) -> Floats:
    """
    Give the scene with fingers over the rim of what is held.

    Shape: light (H, W, 3), edge (4, 2) the corners of the thing in pixels.
    """
    held = light.copy()
    side = int(chance.integers(0, 4))
    begin, end = edge[side], edge[(side + 1) % 4]
    inward = edge.mean(axis=0) - (begin + end) / 2
    inward = inward / max(float(np.linalg.norm(inward)), 1.0)
    length = float(np.linalg.norm(end - begin))
    tone = np.array(SKIN[int(chance.integers(0, len(SKIN)))]) * chance.uniform(0.7, 1.1)
    wide = length * chance.uniform(0.05, 0.09)
    for place in chance.uniform(0.15, 0.85) + np.arange(int(chance.integers(1, 4))) * 0.12:
        tip = begin + (end - begin) * min(place, 0.95) + inward * wide * chance.uniform(0.2, 1.2)
        root = tip - inward * wide * 4
        cv2.line(
            held,
            tuple(tip.astype(int).tolist()),
            tuple(root.astype(int).tolist()),
            tuple(map(float, tone)),
            int(2 * wide),
        )
    return np.asarray(cv2.addWeighted(held, 0.9, cv2.GaussianBlur(held, (0, 0), 2), 0.1, 0), np.float32)
