"""
A scene: somebody in front of the camera, and a card held up beside, before or below the face, as a phone takes it.

The holder's picture is laid on a ground that goes on in its own colours; the card is turned, seen at an angle, shaded,
held by fingers; the whole gets the camera's noise and a JPEG's.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from composer.card import FACE_SHARE, Card, Floats, Generator, Pixels, Slot

WIDTH_PX, HEIGHT_PX = 1280, 960

Reals = NDArray[np.float64]

LFW_FACE = 93 / 250
"""Width of the face in a picture of Labeled Faces in the Wild, as a share of the picture's (median of the detector)."""


@dataclass(frozen=True)
class Scene:
    """
    A composed picture and the truth about it.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        jpeg: The same as a file.
        corners_px: (4, 2) corners of the card, clockwise from its top left.
        portrait_px: (4, 2) corners of the portrait on it.
        holder_px: (x, y, width) of the holder's face: its middle and width; `None` without a holder.
    """

    pixels: Pixels
    jpeg: bytes
    corners_px: Floats
    portrait_px: Floats
    holder_px: tuple[float, float, float] | None


def selfie_with_card(holder: Pixels, card: Card, portrait_width_px: float, rng: Generator) -> Scene:
    """Give the holder with a card whose portrait is this wide."""
    face_px = rng.uniform(150, 330)
    canvas, where = _person(holder, face_px, rng)
    corners = _held(card, portrait_width_px, where, rng)
    return _finished(canvas, card, corners, where, rng)


def card_alone(card: Card, portrait_width_px: float, rng: Generator) -> Scene:
    """Give a card on a table or in front of a wall, with nobody behind it."""
    canvas = _surface(rng.uniform(30, 220, 3), rng)
    middle = np.array([rng.uniform(0.4, 0.6) * WIDTH_PX, rng.uniform(0.4, 0.6) * HEIGHT_PX])
    corners = _quad(card, portrait_width_px, middle, rng, 12.0)
    return _finished(canvas, card, corners, None, rng)


def person_alone(holder: Pixels, rng: Generator) -> Pixels:
    """Give the holder without any card."""
    return _camera(_person(holder, rng.uniform(150, 420), rng)[0], rng)


def side_by_side(one: Pixels, other: Pixels, rng: Generator) -> Pixels:
    """Give two plain portraits beside each other, edge to edge or apart, and no card anywhere."""
    ground = np.full((HEIGHT_PX, WIDTH_PX, 3), rng.integers(0, 256, 3), np.uint8)
    gap = int(rng.choice([0, 0, 20, 60]))
    sides = (rng.integers(380, 600), rng.integers(380, 600))
    if rng.random() < 0.5:
        sides = (sides[0], sides[0])
    x = (WIDTH_PX - sum(sides) - gap) // 2
    for picture, side in zip((one, other), sides, strict=True):
        y = (HEIGHT_PX - side) // 2
        ground[y : y + side, x : x + side] = cv2.resize(picture, (int(side), int(side)), interpolation=cv2.INTER_CUBIC)
        x += side + gap
    return _camera(ground, rng)


def with_poster(scene: Pixels, picture: Pixels, side_px: int, corner: tuple[int, int]) -> Pixels:
    """Give the scene with a picture hung up on its wall, upper left corner here."""
    out, (x, y) = scene.copy(), corner
    out[y : y + side_px, x : x + side_px] = cv2.resize(picture, (side_px, side_px), interpolation=cv2.INTER_AREA)
    return out


def to_jpeg(pixels: Pixels, quality: int) -> bytes:
    """Give the file of these pixels."""
    return cv2.imencode(".jpg", pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def slot_corners(corners: Floats, slot: Slot) -> Floats:
    """Give the corners of a slot of a card that lies here."""
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    matrix = cv2.getPerspectiveTransform(unit, corners.astype(np.float32))
    inside = np.array(
        [
            [slot.left, slot.top],
            [slot.left + slot.width, slot.top],
            [slot.left + slot.width, slot.top + slot.height],
            [slot.left, slot.top + slot.height],
        ],
        np.float32,
    )
    return np.asarray(cv2.perspectiveTransform(inside[None], matrix)[0], np.float32)


def _person(holder: Pixels, face_px: float, rng: Generator) -> tuple[Pixels, tuple[float, float, float]]:
    """Give a canvas with the holder on it, and where the face is."""
    side = round(face_px / LFW_FACE)
    x = rng.uniform(0.3, 0.7) * WIDTH_PX
    y = rng.uniform(0.3, 0.45) * HEIGHT_PX
    left, top = round(x - side / 2), round(y - side / 2)
    large = cv2.resize(holder, (side, side), interpolation=cv2.INTER_CUBIC)
    rim = np.concatenate([large[:8].reshape(-1, 3), large[:, :8].reshape(-1, 3), large[:, -8:].reshape(-1, 3)])
    canvas = _surface(rim.mean(axis=0), rng).astype(np.float32)
    alpha = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
    x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + side, WIDTH_PX), min(top + side, HEIGHT_PX)
    ramp = np.clip(np.minimum(np.arange(side), np.arange(side)[::-1]) / (0.14 * side), 0, 1)
    down = ramp.copy()
    down[side // 2 :] = 1
    fade = np.minimum(ramp[None, :], down[:, None])
    alpha[y1:y2, x1:x2] = fade[y1 - top : y2 - top, x1 - left : x2 - left]
    placed = np.zeros_like(canvas)
    placed[y1:y2, x1:x2] = large[y1 - top : y2 - top, x1 - left : x2 - left]
    if top + side < HEIGHT_PX:  # What is below the picture goes on downwards: shoulders, chest.
        below = cv2.GaussianBlur(np.repeat(placed[y2 - 6 : y2 - 5], HEIGHT_PX - y2, 0), (0, 0), 9)
        placed[y2:], alpha[y2:] = below, alpha[y2 - 1][None]
    mixed = canvas * (1 - alpha[..., None]) + placed * alpha[..., None]
    return np.asarray(np.clip(mixed, 0, 255), np.uint8), (x, y, face_px)


def _surface(colour: Reals, rng: Generator) -> Pixels:
    """Give a wall or table of about this colour: shading, grain, and often things with straight edges on it."""
    y, x = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX].astype(np.float32)
    shade = np.float32(rng.uniform(-40, 40) / WIDTH_PX) * x + np.float32(rng.uniform(-40, 40) / HEIGHT_PX) * y
    out = np.clip(colour.astype(np.float32) + shade[..., None], 0, 255).astype(np.uint8)
    for _ in range(int(rng.integers(0, 9))):
        middle = (rng.uniform(0, WIDTH_PX), rng.uniform(0, HEIGHT_PX))
        box = cv2.boxPoints((middle, tuple(rng.uniform(30, 600, 2)), rng.uniform(-90, 90) * (rng.random() < 0.5)))
        tone = np.clip(colour + rng.uniform(-70, 70, 3), 0, 255)
        cv2.fillConvexPoly(out, box.astype(np.int32), tuple(float(v) for v in tone), cv2.LINE_AA)
    if rng.random() < 0.5:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(1, 8))
    grain = rng.standard_normal((HEIGHT_PX // 8, WIDTH_PX // 8), np.float32) * np.float32(rng.uniform(0, 6))
    rough = cv2.resize(grain, (WIDTH_PX, HEIGHT_PX))
    return np.asarray(np.clip(out + rough[..., None], 0, 255), np.uint8)


def _held(card: Card, portrait_width_px: float, where: tuple[float, float, float], rng: Generator) -> Floats:
    """Give corners for the card: below or beside the face, its portrait inside the picture, the face not covered."""
    x, y, face_px = where
    best, least = None, np.inf
    for _ in range(40):
        angle = rng.uniform(0, np.pi)
        away = np.array([np.cos(angle) * 1.4, np.sin(angle)]) * rng.uniform(0.9, 2.6) * face_px
        corners = _quad(card, portrait_width_px, np.array([x, y]) + away, rng, 25.0)
        portrait = slot_corners(corners, card.slot)
        outside = np.clip(np.concatenate([8 - portrait, portrait - (WIDTH_PX - 8, HEIGHT_PX - 8)]), 0, None).sum()
        beyond = np.clip(np.concatenate([-corners, corners - (WIDTH_PX, HEIGHT_PX)]), 0, None).sum()
        keep = np.array(_ring(x, y, face_px), np.float32)
        covered = cv2.intersectConvexConvex(keep, corners.astype(np.float32))[0] / face_px**2
        trouble = outside * 10 + beyond * 0.5 + covered * 1000
        if trouble < least:
            best, least = corners, trouble
    assert best is not None
    return best


def _ring(x: float, y: float, face_px: float) -> list[tuple[float, float]]:
    """Give an outline of the face that the card must leave free."""
    turns = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    return [(x + 0.62 * face_px * np.cos(turn), y + 0.8 * face_px * np.sin(turn)) for turn in turns]


def _quad(card: Card, portrait_width_px: float, middle: Reals, rng: Generator, turn_deg: float) -> Floats:
    """Give corners of the card around a middle: its portrait is this wide, it is turned and seen at an angle."""
    height, width = card.pixels.shape[:2]
    card_w = portrait_width_px / card.slot.width
    card_h = card_w * height / width
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (card_w / 2, card_h / 2)
    turn = np.radians(np.clip(rng.normal(0, turn_deg / 2.2), -turn_deg, turn_deg))
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    bent = corners + rng.uniform(-0.05, 0.05, (4, 2)) * (card_w, card_h)
    moved = bent @ matrix.T + middle
    wide = np.linalg.norm(np.diff(slot_corners(moved.astype(np.float32), card.slot)[:2], axis=0))
    return np.asarray((moved - middle) * (portrait_width_px / wide) + middle, np.float32)


def _finished(
    canvas: Pixels, card: Card, corners: Floats, where: tuple[float, float, float] | None, rng: Generator
) -> Scene:
    """Give the scene with the card laid on, shaded and held."""
    out = _laid_on(canvas, card, corners, rng)
    portrait = slot_corners(corners, card.slot)
    out = _fingers(out, corners, portrait, where, rng)
    pixels = _camera(out, rng)
    jpeg = to_jpeg(pixels, int(rng.integers(62, 93)))
    seen = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    return Scene(np.ascontiguousarray(seen[:, :, ::-1], np.uint8), jpeg, corners, portrait, where)


def _laid_on(canvas: Pixels, card: Card, corners: Floats, rng: Generator) -> Pixels:
    """Give the canvas with the card on it, a shadow under it and light on it."""
    height, width = card.pixels.shape[:2]
    pixels = card.pixels
    shrink = np.linalg.norm(corners[1] - corners[0]) / width
    if shrink < 0.7:  # A warp reads four pixels; what shrinks more must lose detail first.
        size = (max(2, round(width * shrink)), max(2, round(height * shrink)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        height, width = pixels.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners)
    warped = cv2.warpPerspective(pixels, matrix, (WIDTH_PX, HEIGHT_PX), flags=cv2.INTER_LINEAR).astype(np.float32)
    alpha = warped[..., 3:] / 255
    y, x = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX].astype(np.float32)
    light = np.float32(rng.uniform(0.65, 1.1)) + np.float32(rng.uniform(-0.3, 0.3) / WIDTH_PX) * (
        x - corners[:, 0].mean()
    )
    face = warped[..., :3] * light[..., None]
    if rng.random() < 0.3:  # A reflection somewhere on the card.
        spot = corners.mean(axis=0) + rng.normal(0, 0.3, 2) * np.ptp(corners, axis=0)
        away = (x - spot[0]) ** 2 + (y - spot[1]) ** 2
        gleam = np.exp(-away.astype(np.float32) / np.float32(2 * (0.12 * np.ptp(corners)) ** 2))
        face += (gleam * np.float32(rng.uniform(20, 110)))[..., None]
    under = cv2.GaussianBlur(np.roll(alpha[..., 0], (6, 4), (0, 1)), (0, 0), 8)
    drop = under[..., None] * np.float32(rng.uniform(0, 0.5))
    return np.asarray(np.clip(canvas * (1 - drop) * (1 - alpha) + face * alpha, 0, 255), np.uint8)


def _fingers(
    canvas: Pixels, corners: Floats, portrait: Floats, where: tuple[float, float, float] | None, rng: Generator
) -> Pixels:
    """Give the canvas with one to three fingers over edges or corners of the card, never over the portrait's face."""
    out = canvas.copy()
    skin = np.array([200, 150, 120]) * rng.uniform(0.45, 1.1)
    if where is not None:
        x, y, size = where
        cheek = canvas[round(y) : round(y + size * 0.3), max(0, round(x - size * 0.3)) : round(x + size * 0.3)]
        skin = cheek.reshape(-1, 3).mean(axis=0) if cheek.size else skin
    card_w = float(np.linalg.norm(corners[1] - corners[0]))
    middle, heart = corners.mean(axis=0), portrait.mean(axis=0)
    for _ in range(int(rng.integers(1, 4)) * (rng.random() < 0.85)):
        edge = int(rng.integers(1, 4))
        at = corners[edge] + rng.uniform(0, 1) * (corners[(edge + 1) % 4] - corners[edge])
        inward = (middle - at) / max(float(np.linalg.norm(middle - at)), 1.0)
        tip = at + inward * card_w * rng.uniform(0.03, 0.16)
        thick = card_w * rng.uniform(0.07, 0.13)
        if np.linalg.norm(tip - heart) < FACE_SHARE * np.linalg.norm(portrait[1] - portrait[0]) * 0.9 + thick / 2:
            continue
        end = at - inward * card_w * rng.uniform(0.25, 0.6) + rng.normal(0, 0.08, 2) * card_w
        mask = np.zeros(canvas.shape[:2], np.uint8)
        cv2.line(mask, _point(tip), _point(end), 255, max(2, round(thick)), cv2.LINE_AA)
        if where is not None and mask[_inside(where)].any():
            continue
        x1, y1, x2, y2 = _around(mask)
        mask = mask[y1:y2, x1:x2]
        soft = cv2.GaussianBlur(mask, (0, 0), 1.2).astype(np.float32)[..., None] / 255
        shade = cv2.distanceTransform(mask, cv2.DIST_L2, 3)[..., None] / max(thick / 2, 1)
        tone = skin * (0.72 + 0.33 * np.clip(shade, 0, 1))
        part = out[y1:y2, x1:x2]
        part[:] = np.clip(part * (1 - soft) + tone * soft, 0, 255).astype(np.uint8)
    return out


def _inside(where: tuple[float, float, float]) -> tuple[slice, slice]:
    """Give the rows and columns of the holder's face."""
    x, y, size = where
    return (
        slice(max(0, round(y - 0.75 * size)), max(0, round(y + 0.75 * size))),
        slice(max(0, round(x - 0.6 * size)), max(0, round(x + 0.6 * size))),
    )


def _around(mask: Pixels) -> tuple[int, int, int, int]:
    """Give the rectangle of a mask with room for a blur; one pixel if nothing is in it."""
    x, y, width, height = cv2.boundingRect(mask)
    return max(0, x - 6), max(0, y - 6), x + max(width, 1) + 6, y + max(height, 1) + 6


def _point(at: Floats) -> tuple[int, int]:
    """Give a point of whole pixels."""
    return round(float(at[0])), round(float(at[1]))


def _camera(pixels: Pixels, rng: Generator) -> Pixels:
    """Give the picture as a phone takes it: a little soft, a little noisy."""
    soft = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.4, 1.1)).astype(np.float32)
    noise = rng.standard_normal(pixels.shape, np.float32)
    soft += noise * np.float32(rng.uniform(0.5, 4))
    return np.asarray(np.clip(soft, 0, 255), np.uint8)
