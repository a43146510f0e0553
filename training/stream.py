"""Pairs of a genuine and an attacked face, made of the same picture and degraded alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import cv2
import numpy as np
from attacks.blend import coloured, remade, self_blended

from ipse.core.genuineness.crop import SIDE_PX, crop_matrix
from ipse.core.vocabulary import Floats, Pixels

Task: TypeAlias = Literal["synthetic", "mask"]


@dataclass(frozen=True)
class Tiles:
    """
    Pictures around faces and their five points.

    Shape: pixels (N, 208, 208, 3) uint8 RGB, landmarks_px (N, 5, 2) float32.
    """

    pixels: Pixels
    landmarks_px: Floats

    @classmethod
    def read(cls, file: Path) -> "Tiles":
        """Give what `training.people` wrote."""
        with np.load(file) as table:
            return cls(table["pixels"], table["landmarks"])

    def __len__(self) -> int:
        return len(self.pixels)

    def one(self, chance: np.random.Generator) -> tuple[Pixels, Floats]:
        """Give any of them, mirrored half the time."""
        at = int(chance.integers(len(self)))
        pixels, landmarks = self.pixels[at], self.landmarks_px[at]
        if chance.random() < 0.5:
            return pixels, landmarks
        mirrored = landmarks[[1, 0, 2, 4, 3]] * (-1, 1) + (pixels.shape[1] - 1, 0)
        return np.ascontiguousarray(pixels[:, ::-1]), mirrored.astype(np.float32)


Attack: TypeAlias = Callable[[Pixels, Floats, Tiles, np.random.Generator], Pixels]


def blended(pixels: Pixels, landmarks: Floats, people: Tiles, chance: np.random.Generator) -> Pixels:
    """Give a self-blended face, one in seven a picture made anew."""
    del people
    seed = int(chance.integers(2**31))
    return (remade if chance.random() < 1 / 7 else self_blended)(pixels, landmarks, seed)


def masked(pixels: Pixels, landmarks: Floats, people: Tiles, chance: np.random.Generator) -> Pixels:
    """Give the face behind a mask that shows anybody."""
    from attacks.masks import paper_mask, resin_mask

    other, other_landmarks = people.one(chance)
    seed = int(chance.integers(2**31))
    return (paper_mask if chance.random() < 0.6 else resin_mask)(pixels, landmarks, other, other_landmarks, seed)


ATTACKS: Final[Mapping[Task, Attack]] = {"synthetic": blended, "mask": masked}
"""What a network learns to tell from genuine faces."""


def degraded(chance: np.random.Generator) -> Callable[[Pixels], Pixels]:
    """Give one way in which a camera and its software could have treated a picture: lights, size, blur, noise, JPEG."""
    gain, lift, gamma = chance.uniform(0.8, 1.2), chance.uniform(-15, 15), chance.uniform(0.8, 1.25)
    is_lit, is_small, is_blurred, is_noisy, is_packed = chance.random(5) < (0.6, 0.4, 0.2, 0.3, 0.7)
    size, blur, noise = chance.uniform(0.6, 1.0), chance.uniform(0.3, 0.9), chance.uniform(1, 5)
    quality, seed = int(chance.integers(50, 98)), int(chance.integers(2**31))

    def apply(pixels: Pixels) -> Pixels:
        made = pixels
        if is_lit:
            line = np.clip(((np.arange(256) / 255) ** gamma * 255) * gain + lift, 0, 255).astype(np.uint8)
            made = np.asarray(cv2.LUT(made, line), np.uint8)
        if is_small:
            side = round(made.shape[0] * size)
            small = cv2.resize(made, (side, side), interpolation=cv2.INTER_AREA)
            made = np.asarray(cv2.resize(small, made.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
        if is_blurred:
            made = np.asarray(cv2.GaussianBlur(made, (0, 0), blur), np.uint8)
        if is_noisy:
            grain = np.random.default_rng(seed).normal(0, noise, made.shape[:2]).astype(np.float32)
            made = np.clip(made + grain[..., None], 0, 255).astype(np.uint8)
        if is_packed:
            _, file = cv2.imencode(".jpg", made, [cv2.IMWRITE_JPEG_QUALITY, quality])
            made = np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)
        return made

    return apply


def pair(task: Task, people: Tiles, seed: int) -> tuple[Pixels, Pixels]:
    """
    Give a genuine face and the attack made of it, as the network sees them.

    Shape: each (144, 144, 3) uint8 RGB.
    """
    chance = np.random.default_rng(seed)
    pixels, landmarks = people.one(chance)
    attacked = ATTACKS[task](pixels, landmarks, people, chance)
    if chance.random() < 0.5:
        pixels = coloured(pixels, chance)
    treat = degraded(chance)
    matrix = crop_matrix(landmarks + chance.normal(0, 1.0, landmarks.shape).astype(np.float32))
    spin = cv2.getRotationMatrix2D(
        (SIDE_PX / 2, SIDE_PX / 2), float(chance.uniform(-6, 6)), float(chance.uniform(0.92, 1.08))
    )
    spun = np.column_stack((spin[:, :2], spin[:, 2] + chance.uniform(-4, 4, 2)))
    whole = (np.vstack((spun, (0, 0, 1))) @ np.vstack((matrix, (0, 0, 1))))[:2]
    size = SIDE_PX, SIDE_PX
    genuine, attack = (np.asarray(cv2.warpAffine(treat(one), whole, size), np.uint8) for one in (pixels, attacked))
    return genuine, attack
