"""
Masks, simulated: a printed or cast face over the wearer's.

The network of `mask` was trained on `paper_mask` and `resin_mask`; `held_mask` and `hood` are kept for figures.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from attacks.outline import EYES, MOUTH, face_over, filled, laid_over, moved, outline, softened, to_picture
from ipse.core.vocabulary import Floats, Pixels


def paper_mask(pixels: Pixels, landmarks_px: Floats, other: Pixels, other_landmarks_px: Floats, seed: int) -> Pixels:
    """
    Give the wearer behind a printed face that is bent around the head: cut edge, flat light, holes for the eyes.

    Shape: (H, W, 3) uint8 RGB, (5, 2), (h, w, 3) uint8 RGB, (5, 2) -> (H, W, 3) uint8 RGB.
    """
    chance = np.random.default_rng(seed)
    print_ = _printed(face_over(other, other_landmarks_px, pixels, landmarks_px), chance)
    print_ = _bent(print_, landmarks_px, float(chance.uniform(0.0, 0.35)))
    print_ = _lit(print_, landmarks_px, chance, strength=float(chance.uniform(0.05, 0.3)))
    edge = outline(landmarks_px, chance, forehead=0.85)
    sheet = filled(pixels.shape, edge)
    if chance.random() < 0.5:
        rim = filled(pixels.shape, _grown(edge, 1 - float(chance.uniform(0.02, 0.07))))
        print_ = laid_over(print_, np.full_like(pixels, chance.integers(190, 250)), rim)
    holes = _holes(pixels.shape, landmarks_px, chance, eyes=0.7, mouth=0.15)
    return _worn(print_, pixels, sheet, holes, landmarks_px, chance)


def resin_mask(pixels: Pixels, landmarks_px: Floats, other: Pixels, other_landmarks_px: Floats, seed: int) -> Pixels:
    """
    Give the wearer behind a cast face: little texture, one tone of skin, the shading and gloss of a smooth body.

    Shape: (H, W, 3) uint8 RGB, (5, 2), (h, w, 3) uint8 RGB, (5, 2) -> (H, W, 3) uint8 RGB.
    """
    chance = np.random.default_rng(seed)
    cast = _smooth(face_over(other, other_landmarks_px, pixels, landmarks_px), landmarks_px, chance)
    cast = _toned(cast, chance)
    cast = _lit(cast, landmarks_px, chance, strength=float(chance.uniform(0.2, 0.6)))
    sheet = filled(pixels.shape, outline(landmarks_px, chance, forehead=0.9))
    holes = _holes(pixels.shape, landmarks_px, chance, eyes=0.85, mouth=0.3)
    return _worn(cast, pixels, sheet, holes, landmarks_px, chance)


def held_mask(pixels: Pixels, landmarks_px: Floats, other: Pixels, other_landmarks_px: Floats, seed: int) -> Pixels:
    """
    Give a flat cut-out face that is held before the wearer's: larger, turned, no holes, its own white edge.

    Shape: (H, W, 3) uint8 RGB, (5, 2), (h, w, 3) uint8 RGB, (5, 2) -> (H, W, 3) uint8 RGB.
    """
    chance = np.random.default_rng(seed)
    x, y = landmarks_px.mean(axis=0).astype(float)
    turn = cv2.getRotationMatrix2D((x, y), float(chance.uniform(-10, 10)), float(chance.uniform(1.0, 1.2)))
    turned = np.column_stack((turn[:, :2], turn[:, 2] + chance.uniform(-6, 6, 2) * _unit(landmarks_px)))
    there = moved(landmarks_px, np.asarray(turned, np.float64)).astype(np.float32)
    sheet = _printed(face_over(other, other_landmarks_px, pixels, there), chance)
    glare = np.linspace(0, 1, pixels.shape[1], dtype=np.float32) ** 2 * chance.uniform(0, 60)
    sheet = np.clip(sheet + glare[None, :, None], 0, 255).astype(np.uint8)
    edge = outline(there, chance, forehead=1.0)
    inner = filled(pixels.shape, _grown(edge, float(chance.uniform(0.9, 1.0))))
    sheet = laid_over(sheet, np.full_like(pixels, chance.integers(200, 255)), inner)
    none = np.zeros(pixels.shape[:2], np.float32)
    return _worn(sheet, pixels, filled(pixels.shape, edge), none, there, chance)


def hood(pixels: Pixels, landmarks_px: Floats, other: Pixels, other_landmarks_px: Floats, seed: int) -> Pixels:
    """
    Give a head in a latex hood that looks like somebody else: no edge but at eyes and mouth, no hair, waxen skin.

    Shape: (H, W, 3) uint8 RGB, (5, 2), (h, w, 3) uint8 RGB, (5, 2) -> (H, W, 3) uint8 RGB.
    """
    chance = np.random.default_rng(seed)
    face = face_over(other, other_landmarks_px, pixels, landmarks_px)
    skin = np.median(face[filled(pixels.shape, outline(landmarks_px, chance)) > 0.5], axis=0)
    waxen = cv2.bilateralFilter(face, 0, float(chance.uniform(25, 50)), 3 * _unit(landmarks_px))
    head = filled(pixels.shape, _grown(outline(landmarks_px, chance, forehead=1.0), 1.18), 2 * _unit(landmarks_px))
    inner = filled(pixels.shape, outline(landmarks_px, chance, forehead=0.0), 5 * _unit(landmarks_px))
    wax = laid_over(np.asarray(waxen, np.uint8), np.full_like(pixels, 0) + skin.astype(np.uint8), inner)
    wax = _lit(wax, landmarks_px, chance, strength=float(chance.uniform(0.3, 0.6)))
    holes = _holes(pixels.shape, landmarks_px, chance, eyes=1.0, mouth=0.6)
    return laid_over(wax, pixels, head * (1 - holes))


def _unit(landmarks_px: Floats) -> float:
    """Give how many pixels of the picture one pixel of the aligned square is."""
    return float(np.hypot(*to_picture(landmarks_px)[:, 0]))


def _grown(polygon: NDArray[np.float64], by: float) -> NDArray[np.float64]:
    """Give the polygon larger or smaller about its middle."""
    middle = polygon.mean(axis=0)
    return np.asarray(middle + (polygon - middle) * by, np.float64)


def _printed(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    """Give the picture as a printer prints it and a camera sees the print: a narrow range of tones, tinted, grained."""
    vivid = chance.uniform(0.5, 1.15)
    mixing = (np.eye(3) * vivid + np.full((3, 3), (1 - vivid) / 3)) * chance.uniform(0.6, 0.95)
    shift = chance.uniform(5, 50) + chance.uniform(-10, 10, 3)
    soft = cv2.GaussianBlur(pixels, (0, 0), float(chance.uniform(0.4, 1.6)))
    made = np.asarray(cv2.transform(soft, np.column_stack((mixing, shift))), np.float32)
    if chance.random() < 0.5:
        grain = chance.normal(0, chance.uniform(1, 7), pixels.shape[:2]).astype(np.float32)
        made += np.asarray(cv2.GaussianBlur(grain, (0, 0), float(chance.uniform(0.3, 0.8))))[..., None]
    if chance.random() < 0.25:
        lines = np.sin(np.arange(pixels.shape[0]) * chance.uniform(0.6, 2.5)) * chance.uniform(1, 5)
        made += lines[:, None, None].astype(np.float32)
    return np.asarray(np.clip(made, 0, 255), np.uint8)


def _smooth(pixels: Pixels, landmarks_px: Floats, chance: np.random.Generator) -> Pixels:
    """Give the face with its pores and fine lines gone."""
    size = int(2 * round(float(chance.uniform(1.5, 4)) * _unit(landmarks_px)) + 1)
    flat = cv2.bilateralFilter(pixels, size, float(chance.uniform(30, 80)), float(chance.uniform(2, 8)))
    return np.asarray(cv2.GaussianBlur(flat, (0, 0), float(chance.uniform(0.3, 1.2))), np.uint8)


def _toned(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    """Give the face nearer to one tone of plastic."""
    tone = np.array(((214, 172, 142), (188, 140, 112), (232, 205, 180), (200, 200, 196)))[chance.integers(4)]
    share = chance.uniform(0.1, 0.55)
    mixing = np.eye(3) * (1 - share) * chance.uniform(0.8, 1.2)
    return np.asarray(cv2.transform(pixels, np.column_stack((mixing, tone * share))), np.uint8)


def _bent(pixels: Pixels, landmarks_px: Floats, by: float) -> Pixels:
    """Give the picture as a sheet that is bent around an upright axis through the nose: its sides come closer."""
    reach = 50 * _unit(landmarks_px)
    rows, columns = (np.asarray(at, np.float32) for at in np.indices(pixels.shape[:2]))
    off = np.clip((columns - np.float32(landmarks_px[2, 0])) / np.float32(reach), -1.2, 1.2)
    return np.asarray(
        cv2.remap(pixels, np.asarray(columns + by * reach * off**3, np.float32), rows, cv2.INTER_LINEAR), np.uint8
    )


def _lit(pixels: Pixels, landmarks_px: Floats, chance: np.random.Generator, *, strength: float) -> Pixels:
    """Give the face as light falls on a smooth egg: Lambert's shade and one spot of gloss (Phong's)."""
    unit, (x, y) = _unit(landmarks_px), landmarks_px[2].astype(float)
    rows, columns = np.indices(pixels.shape[:2], dtype=np.float32)
    across, down = (columns - x) / (60 * unit), (rows - y) / (75 * unit)
    toward = np.sqrt(np.clip(1 - across**2 - down**2, 0.05, 1))
    angle, height = chance.uniform(0, 2 * np.pi), chance.uniform(0.5, 0.95)
    side = float(np.sqrt(1 - height**2))
    falls = across * np.cos(angle) * side + down * np.sin(angle) * side + toward * height
    mirrored = 2 * falls * toward - height
    gloss = np.clip(mirrored, 0, 1) ** chance.uniform(8, 50) * chance.uniform(0, 160) * strength
    shade = 1 + strength * (np.clip(falls, 0, 1) - 0.75)
    return np.asarray(np.clip(pixels * shade[..., None] + gloss[..., None], 0, 255), np.uint8)


def _holes(
    shape: tuple[int, ...], landmarks_px: Floats, chance: np.random.Generator, *, eyes: float, mouth: float
) -> Floats:
    """Give where the wearer shows through: both eyes or none, and the mouth now and then."""
    mask, to = np.zeros(shape[:2], np.float32), to_picture(landmarks_px)
    around = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    ring = np.column_stack((np.cos(around), np.sin(around)))
    if chance.random() < eyes:
        size = chance.uniform((6, 3), (11, 7))
        for eye in EYES:
            mask = np.maximum(mask, filled(shape, moved(np.array(eye) + ring * size, to)))
    if chance.random() < mouth:
        mask = np.maximum(mask, filled(shape, moved(np.array(MOUTH) + ring * chance.uniform((8, 2), (15, 5)), to)))
    return mask


def _worn(
    mask: Pixels, wearer: Pixels, sheet: Floats, holes: Floats, landmarks_px: Floats, chance: np.random.Generator
) -> Pixels:
    """Give the mask on the wearer: it throws a shadow around itself and into its holes."""
    unit = _unit(landmarks_px)
    covered = np.asarray(sheet * (1 - holes), np.float32)
    shift = np.array(((1, 0, chance.uniform(-3, 3) * unit), (0, 1, chance.uniform(0, 4) * unit)))
    thrown = cv2.warpAffine(covered, shift, wearer.shape[1::-1])
    shadow = 1 - float(chance.uniform(0.1, 0.6)) * softened(
        np.asarray(thrown, np.float32), unit * chance.uniform(0.6, 3)
    )
    below = np.clip(wearer * shadow[..., None], 0, 255).astype(np.uint8)
    return laid_over(mask, below, covered)
