"""Cards lying on something, with where their corners are: turned, seen at an angle, shaded, a thumb on a corner."""

from dataclasses import dataclass

import cv2
import numpy as np

from composer.card import Card, Floats, Generator, Pixels

TURN_DEG = 25.0
PERSPECTIVE = 0.06
"""Source: the scenes of the first survey of methods: rotation up to 25 degrees, corners off by 6 % of a side."""


@dataclass(frozen=True)
class Lying:
    """
    A picture of cards.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        cards: (N, 4, 2) corners in pixels, clockwise from each card's top left; some may lie outside.
    """

    pixels: Pixels
    cards: Floats


def placed(width_px: float, aspect: float, middle: tuple[float, float], rng: Generator, turn_deg: float) -> Floats:
    """Give corners for a card around a middle, turned by up to `turn_deg` and seen at an angle."""
    turn = np.radians(rng.uniform(-turn_deg, turn_deg))
    size = np.array([width_px, width_px / aspect])
    corners = (np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2 + rng.uniform(-1, 1, (4, 2)) * PERSPECTIVE / 2) * size
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.asarray(corners @ matrix + middle, np.float32)


def laid(canvas: Pixels, card: Card, corners: Floats, rng: Generator) -> Pixels:
    """Give the ground with a card on it: its shadow, light that falls off, a gleam on some."""
    height, width = canvas.shape[:2]
    pixels = card.pixels
    shrink = float(np.linalg.norm(corners[1] - corners[0])) / pixels.shape[1]
    if shrink < 0.75:  # A warp reads four pixels; what shrinks more must lose detail first.
        size = (max(2, round(pixels.shape[1] * shrink)), max(2, round(pixels.shape[0] * shrink)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    high, wide = pixels.shape[:2]
    source = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32) - np.float32(0.5)
    matrix = cv2.getPerspectiveTransform(source, corners - np.float32(0.5))
    warped = cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR).astype(np.float32)
    alpha = warped[..., 3] / 255
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    span, middle = np.float32(np.ptp(corners[:, 0])), corners.mean(axis=0)
    light = np.float32(rng.uniform(0.7, 1.1)) + np.float32(rng.uniform(-0.25, 0.25)) * (x - middle[0]) / span
    face = warped[..., :3] * light[..., None]
    if rng.random() < 0.3:
        spot = middle + rng.normal(0, 0.3, 2) * np.ptp(corners, axis=0)
        away = (x - np.float32(spot[0])) ** 2 + (y - np.float32(spot[1])) ** 2
        face += (np.exp(-away / (2 * (np.float32(0.12) * span) ** 2)) * np.float32(rng.uniform(20, 110)))[..., None]
    drift = (rng.uniform(-0.015, 0.015, 2) * span).round().astype(int)
    under = cv2.GaussianBlur(
        np.roll(alpha, tuple(drift), (0, 1)), (0, 0), max(0.6, float(span) * rng.uniform(0.004, 0.02))
    )
    drop = under[..., None] * np.float32(rng.uniform(0, 0.55))
    return np.asarray(np.clip(canvas * (1 - drop) * (1 - alpha[..., None]) + face * alpha[..., None], 0, 255), np.uint8)


def with_thumb(canvas: Pixels, corners: Floats, rng: Generator) -> Pixels:
    """Give the picture with a thumb over one corner or the end of a side."""
    tone = np.array([205, 155, 125]) * rng.uniform(0.4, 1.15) + rng.uniform(-12, 12, 3)
    width = float(np.linalg.norm(corners[1] - corners[0]))
    middle, corner = corners.mean(axis=0), int(rng.integers(0, 4))
    at = corners[corner] + rng.uniform(0, 0.15) * (corners[(corner + 1) % 4] - corners[corner])
    inward = (middle - at) / max(float(np.linalg.norm(middle - at)), 1.0)
    tip, end = at + inward * width * rng.uniform(0.0, 0.13), at - inward * width * rng.uniform(0.3, 0.9)
    thick = width * rng.uniform(0.08, 0.17)
    mask = np.zeros(canvas.shape[:2], np.uint8)
    end = end + rng.normal(0, 0.08, 2) * width
    one, two = ((round(float(p[0])), round(float(p[1]))) for p in (tip, end))
    cv2.line(mask, one, two, 255, max(2, round(thick)), cv2.LINE_AA)
    soft = cv2.GaussianBlur(mask, (0, 0), 1.0).astype(np.float32)[..., None] / 255
    shade = cv2.distanceTransform(mask, cv2.DIST_L2, 3)[..., None] / max(thick / 2, 1)
    skin = tone * (0.72 + 0.33 * np.clip(shade, 0, 1))
    return np.asarray(np.clip(canvas * (1 - soft) + skin * soft, 0, 255), np.uint8)


def taken(pixels: Pixels, rng: Generator, scale: float = 1.0) -> Pixels:
    """Give the picture as a phone takes it: soft, noisy, a JPEG; `scale` is its size beside 1280 px."""
    soft = cv2.GaussianBlur(pixels, (0, 0), max(0.2, rng.uniform(0.4, 1.4) * scale)).astype(np.float32)
    soft += rng.standard_normal(pixels.shape, np.float32) * np.float32(rng.uniform(0.5, 5) * max(0.6, scale))
    noisy = np.asarray(np.clip(soft, 0, 255), np.uint8)
    _, jpeg = cv2.imencode(".jpg", noisy[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(50, 93))])
    seen = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    if seen is None:
        raise ValueError("the picture cannot be written as a JPEG")
    return np.ascontiguousarray(seen[:, :, ::-1], np.uint8)
