"""
Generated and blended faces, simulated: self-blended images to learn from, other families to be measured on.

`self_blended` and `remade` are what the network of `synthetic` was trained on; `swapped`, `cloned`, `checkered` and
`coded` are kept for figures.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from attacks.outline import face_over, filled, laid_over, outline, softened, to_picture
from ipse.core.vocabulary import Floats, Pixels


def self_blended(pixels: Pixels, landmarks_px: Floats, seed: int) -> Pixels:
    """
    Give a face blended with a slightly changed copy of itself.

    Shape: (H, W, 3) uint8 RGB, (5, 2) -> (H, W, 3) uint8 RGB.
    Source: Shiohara and Yamasaki 2022, arXiv:2204.08376, section 3.2: the copy changed in colour and frequency, moved,
    the mask deformed and blurred, the share drawn from 0.25, 0.5, 0.75 and three times 1.
    """
    chance = np.random.default_rng(seed)
    source, target = pixels, pixels
    if chance.random() < 0.5:
        source = coloured(sharper_or_softer(pixels, chance), chance)
    else:
        target = coloured(sharper_or_softer(pixels, chance), chance)
    mask = _region(pixels.shape, landmarks_px, chance)
    return laid_over(_shifted(source, landmarks_px, chance), target, mask * _share(chance))


def remade(pixels: Pixels, landmarks_px: Floats, seed: int) -> Pixels:
    """
    Give a picture made anew from a smaller one by plain interpolation, whole or only its face.

    Shape: (H, W, 3) uint8 RGB, (5, 2) -> (H, W, 3) uint8 RGB.
    """
    chance = np.random.default_rng(seed)
    factor = float(chance.uniform(1.6, 3.0))
    how = int(chance.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)))
    made = _sharpened(_resized_back(pixels, factor, how), float(chance.uniform(0.3, 1.2)))
    if chance.random() < 0.5:
        return made
    return laid_over(made, pixels, _region(pixels.shape, landmarks_px, chance))


def swapped(pixels: Pixels, landmarks_px: Floats, other: Pixels, other_landmarks_px: Floats, seed: int) -> Pixels:
    """
    Give the picture with another person's face in it: colours matched, edge feathered by distance.

    Shape: (H, W, 3) uint8 RGB, (5, 2), (h, w, 3) uint8 RGB, (5, 2) -> (H, W, 3) uint8 RGB.
    """
    chance = np.random.default_rng(seed)
    inside = filled(pixels.shape, outline(landmarks_px, chance))
    source = face_over(other, other_landmarks_px, pixels, landmarks_px)
    weights = (inside > 0.5).astype(np.uint8)
    feather = cv2.distanceTransform(weights, cv2.DIST_L2, 5) / (_unit(landmarks_px) * chance.uniform(4, 12))
    return laid_over(_matched(source, pixels, weights), pixels, np.clip(feather, 0, 1).astype(np.float32))


def cloned(pixels: Pixels, landmarks_px: Floats, other: Pixels, other_landmarks_px: Floats, seed: int) -> Pixels:
    """
    Give the picture with another person's face cloned into it so that no step in brightness is left.

    Shape: (H, W, 3) uint8 RGB, (5, 2), (h, w, 3) uint8 RGB, (5, 2) -> (H, W, 3) uint8 RGB.
    Source: Pérez et al. 2003, doi:10.1145/882262.882269 (Poisson image editing), OpenCV's `seamlessClone`.
    """
    chance = np.random.default_rng(seed)
    inside = (filled(pixels.shape, outline(landmarks_px, chance)) > 0.5).astype(np.uint8) * 255
    inside[:2], inside[-2:], inside[:, :2], inside[:, -2:] = 0, 0, 0, 0
    source = face_over(other, other_landmarks_px, pixels, landmarks_px)
    x, y, width, height = cv2.boundingRect(inside)
    at = x + width // 2, y + height // 2
    return np.asarray(cv2.seamlessClone(source, pixels, inside, at, cv2.NORMAL_CLONE), np.uint8)


def checkered(pixels: Pixels, landmarks_px: Floats, seed: int) -> Pixels:
    """
    Give a picture as transposed convolutions leave it: zeros between the pixels, then a kernel of uneven sums.

    Shape: (H, W, 3) uint8 RGB, (5, 2) -> (H, W, 3) uint8 RGB.
    Source: Zhang et al. 2019, arXiv:1907.06515 (the up-sampling artefacts of GANs and how to simulate them); Odena et
    al. 2016, doi:10.23915/distill.00003 (checkerboards).
    """
    del landmarks_px
    chance = np.random.default_rng(seed)
    height, width = pixels.shape[:2]
    rows, columns = (height + 1) // 2, (width + 1) // 2
    small = cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    spread = np.zeros((rows * 2, columns * 2, 3), np.float32)
    spread[::2, ::2] = small * 4
    line = np.array((1, 3, 3, 1), np.float64) / 8
    kernel = np.outer(line, line) * (1 + chance.uniform(-0.12, 0.12, (4, 4)))
    made = cv2.filter2D(spread, -1, kernel / kernel.sum(), anchor=(1, 1), borderType=cv2.BORDER_REFLECT_101)
    return _sharpened(np.clip(made[:height, :width], 0, 255).astype(np.uint8), float(chance.uniform(0.2, 0.8)))


def coded(pixels: Pixels, landmarks_px: Floats, seed: int) -> Pixels:
    """
    Give a picture rebuilt from a code of 8x8 blocks that keeps few coefficients, seams smoothed: an autoencoder's look.

    Shape: (H, W, 3) uint8 RGB, (5, 2) -> (H, W, 3) uint8 RGB.
    """
    del landmarks_px
    chance = np.random.default_rng(seed)
    height, width = pixels.shape[:2]
    padded = cv2.copyMakeBorder(pixels, 0, -height % 8, 0, -width % 8, cv2.BORDER_REPLICATE).astype(np.float32)
    kept = np.add.outer(np.arange(8), np.arange(8)) < chance.integers(4, 7)
    made = np.empty_like(padded)
    for row in range(0, padded.shape[0], 8):
        for column in range(0, padded.shape[1], 8):
            for channel in range(3):
                block = padded[row : row + 8, column : column + 8, channel]
                made[row : row + 8, column : column + 8, channel] = cv2.idct(cv2.dct(block) * kept)
    smooth = cv2.bilateralFilter(np.clip(made, 0, 255).astype(np.uint8)[:height, :width], 5, 20, 2)
    return _sharpened(np.asarray(smooth, np.uint8), 0.5)


def coloured(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    """
    Give the picture in slightly other colours.

    Shape: (H, W, 3) uint8 RGB -> (H, W, 3) uint8 RGB.
    """
    contrast, vivid = chance.uniform(0.78, 1.25), chance.uniform(0.7, 1.3)
    mixing = contrast * (np.eye(3) * vivid + np.full((3, 3), (1 - vivid) / 3))
    shift = 128 * (1 - contrast) + chance.uniform(-14, 14) + chance.uniform(-18, 18, 3)
    return np.asarray(cv2.transform(pixels, np.column_stack((mixing, shift))), np.uint8)


def sharper_or_softer(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    """
    Give the picture with stronger or weaker details.

    Shape: (H, W, 3) uint8 RGB -> (H, W, 3) uint8 RGB.
    """
    draw = chance.random()
    if draw < 0.35:
        return _sharpened(pixels, float(chance.uniform(0.3, 1.2)))
    if draw < 0.75:
        return _resized_back(pixels, float(chance.uniform(1.3, 3.0)), cv2.INTER_LINEAR)
    return pixels


def _share(chance: np.random.Generator) -> np.float32:
    """Give how much of the source is blended in."""
    return np.float32(chance.choice((0.25, 0.5, 0.75, 1, 1, 1)))


def _region(shape: tuple[int, ...], landmarks_px: Floats, chance: np.random.Generator) -> Floats:
    """Give a mask of the face or of a part of it, its edge deformed and soft."""
    unit = _unit(landmarks_px)
    if chance.random() < 0.75:
        polygon = outline(landmarks_px, chance)
    else:
        some = landmarks_px[chance.permutation(5)[: chance.integers(3, 6)]].astype(np.float64)
        around = np.linspace(0, 2 * np.pi, 8, endpoint=False)
        ring = np.column_stack((np.cos(around), np.sin(around))) * unit * chance.uniform(10, 22)
        polygon = (some[:, None] + ring).reshape(-1, 2)
    mask = filled(shape, polygon)
    waves = cv2.resize(chance.normal(0, 1, (2, 6, 6)).transpose(1, 2, 0), (shape[1], shape[0]), interpolation=3)
    rows, columns = np.indices(shape[:2], dtype=np.float32)
    shift = (np.asarray(waves) * unit * chance.uniform(0, 3)).astype(np.float32)
    bent = cv2.remap(mask, columns + shift[..., 0], rows + shift[..., 1], cv2.INTER_LINEAR)
    return softened(np.asarray(bent, np.float32), float(unit * chance.uniform(0.6, 5)))


def _shifted(pixels: Pixels, landmarks_px: Floats, chance: np.random.Generator) -> Pixels:
    """Give the picture moved and scaled a little about the face."""
    x, y = landmarks_px.mean(axis=0).astype(float)
    matrix = cv2.getRotationMatrix2D((x, y), float(chance.uniform(-1.5, 1.5)), float(chance.uniform(0.96, 1.04)))
    matrix = np.column_stack((matrix[:, :2], matrix[:, 2] + chance.uniform(-3, 3, 2) * _unit(landmarks_px)))
    size = pixels.shape[1], pixels.shape[0]
    return np.asarray(cv2.warpAffine(pixels, matrix, size, borderMode=cv2.BORDER_REFLECT_101), np.uint8)


def _matched(source: Pixels, target: Pixels, inside: NDArray[np.uint8]) -> Pixels:
    """Give the source with the target's mean and spread of each channel inside the mask."""
    within = inside.astype(bool)
    from_, to = source[within].astype(np.float32), target[within].astype(np.float32)
    scale = to.std(axis=0) / np.maximum(from_.std(axis=0), 1)
    made = (source - from_.mean(axis=0)) * scale + to.mean(axis=0) + 0.5
    return np.asarray(np.clip(made, 0, 255), np.uint8)


def _resized_back(pixels: Pixels, factor: float, how: int) -> Pixels:
    """Give the picture as it comes back from a smaller size."""
    height, width = pixels.shape[:2]
    small = cv2.resize(pixels, (round(width / factor), round(height / factor)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=how), np.uint8)


def _sharpened(pixels: Pixels, strength: float) -> Pixels:
    """Give the picture with its details made stronger."""
    return np.asarray(
        cv2.addWeighted(pixels, 1 + strength, cv2.GaussianBlur(pixels, (0, 0), 1.2), -strength, 0), np.uint8
    )


def _unit(landmarks_px: Floats) -> float:
    """Give how many pixels of the picture one pixel of the aligned square is."""
    return float(np.hypot(*to_picture(landmarks_px)[:, 0]))
