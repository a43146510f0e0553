"""
A drawn ID-1 card with somebody's portrait on it: invented layout, invented words, no real country's.

Colours, bands, wavy lines, text, chip, frame, place and size of the portrait, and a ghost portrait vary with the seed.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Generator = np.random.Generator

WIDTH_PX, HEIGHT_PX = 1011, 638
"""Source: ISO/IEC 7810, ID-1 is 85.60 by 53.98 mm; at 300 dpi."""

PORTRAIT_SHAPE = 45 / 35
"""Height of a portrait over its width. Source: ICAO 9303-3, 45 by 35 mm."""

FACE_SHARE = 0.62
"""Width of the face as a share of the portrait's, as cut from a picture of Labeled Faces in the Wild (93 of 150 px)."""

SYLLABLES = ("ka", "lo", "mi", "ren", "ta", "sho", "vel", "dor", "an", "pe", "qui", "zu", "bar", "nel", "os", "ith")


@dataclass(frozen=True)
class Slot:
    """Where a portrait lies on a card, in shares of the card's width and height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Card:
    """
    A card.

    Attributes:
        pixels: (H, W, 4) uint8 RGBA; round corners are transparent.
        slot: Where its portrait is.
        ghost: Where its ghost portrait is, if it has one.
    """

    pixels: Pixels
    slot: Slot
    ghost: Slot | None


def drawn_card(portrait: Pixels, rng: Generator, *, with_ghost: bool | None = None) -> Card:
    """
    Give a card with this portrait, in a layout of its own.

    Args:
        portrait: (H, W, 3) uint8 RGB, a picture whose middle shows the face as those of Labeled Faces in the Wild do.
        rng: Decides everything else.
        with_ghost: Whether there is a ghost portrait; `None` lets the seed decide.
    """
    ground = _ground(rng)
    width = rng.uniform(0.19, 0.31)
    height = width * WIDTH_PX * PORTRAIT_SHAPE / HEIGHT_PX
    top = rng.uniform(0.12, max(0.13, 0.94 - height))
    left_side = rng.random() < 0.55
    left = rng.uniform(0.03, 0.08) if left_side else 1 - width - rng.uniform(0.03, 0.08)
    slot = Slot(left, top, width, height)
    picture = Image.fromarray(ground)
    _write(picture, slot, rng)
    pixels = np.array(picture)
    ghost = _ghost_slot(slot, rng) if (rng.random() < 0.35 if with_ghost is None else with_ghost) else None
    if ghost is not None:
        pixels = place(pixels, printed(portrait, rng), ghost, rng.uniform(0.25, 0.5))
    pixels = place(pixels, printed(portrait, rng), slot, 1.0)
    if rng.random() < 0.3:
        _frame(pixels, slot, rng)
    return Card(rounded(pixels, rng.uniform(0.02, 0.06)), slot, ghost)


def template_card(template: Pixels, slot: Slot, portrait: Pixels, rng: Generator) -> Card:
    """Give somebody else's blank card with this portrait in its slot."""
    pixels = cv2.resize(template, (WIDTH_PX, round(WIDTH_PX * template.shape[0] / template.shape[1])))
    return Card(rounded(place(np.asarray(pixels, np.uint8), printed(portrait, rng), slot, 1.0), 0.03), slot, None)


def cut_portrait(picture: Pixels) -> Pixels:
    """Give the middle of a picture of Labeled Faces in the Wild as a portrait: 150 by 193 of 250 pixels."""
    side = picture.shape[0]
    width, height = round(side * 0.6), round(side * 0.6 * PORTRAIT_SHAPE)
    top = max(0, round(side * 0.49 - height / 2))
    left = (side - width) // 2
    return picture[top : top + height, left : left + width]


def printed(picture: Pixels, rng: Generator) -> Pixels:
    """Give the portrait as a card printer renders it: less contrast, another tone, a little blur, a grain of ink."""
    portrait: Floats = cut_portrait(picture).astype(np.float32)
    if rng.random() < 0.3:
        portrait = np.asarray(np.repeat(portrait.mean(axis=2, keepdims=True), 3, axis=2), np.float32)
    portrait = np.asarray(255 * (portrait / 255) ** rng.uniform(0.75, 1.35), np.float32)
    portrait = (portrait - 128) * np.float32(rng.uniform(0.65, 1.0)) + np.float32(128 + rng.uniform(-15, 20))
    portrait *= rng.uniform(0.93, 1.07, 3).astype(np.float32)
    big = cv2.resize(portrait, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    blurred = cv2.GaussianBlur(big, (0, 0), rng.uniform(0.4, 1.6))
    grain = rng.normal(0, rng.uniform(1, 7), blurred.shape)
    return np.asarray(np.clip(blurred + grain, 0, 255), np.uint8)


def place(pixels: Pixels, portrait: Pixels, slot: Slot, opacity: float) -> Pixels:
    """Give the card with a portrait in a slot."""
    height, width = pixels.shape[:2]
    x, y = round(slot.left * width), round(slot.top * height)
    w, h = round(slot.width * width), round(slot.height * height)
    fitted = _filling(portrait, w, h).astype(np.float32)
    if opacity < 1:
        fitted = np.repeat(fitted.mean(axis=2, keepdims=True), 3, axis=2)
    out = pixels.copy()
    part = out[y : y + h, x : x + w]
    fitted = fitted[: part.shape[0], : part.shape[1]]
    part[:] = np.clip(part * (1 - opacity) + fitted * opacity, 0, 255).astype(np.uint8)
    return out


def rounded(pixels: Pixels, radius: float) -> Pixels:
    """Give the card with round corners cut out, RGBA."""
    height, width = pixels.shape[:2]
    mask = Image.new("L", (width, height), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width - 1, height - 1), radius * width, fill=255)
    return np.dstack((pixels, np.array(mask)))


def _filling(portrait: Pixels, width: int, height: int) -> Pixels:
    """Give the middle of the portrait at this size, without distortion."""
    scale = max(width / portrait.shape[1], height / portrait.shape[0])
    size = (max(width, round(portrait.shape[1] * scale)), max(height, round(portrait.shape[0] * scale)))
    large = cv2.resize(portrait, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    x, y = (large.shape[1] - width) // 2, (large.shape[0] - height) // 2
    return np.asarray(large[y : y + height, x : x + width], np.uint8)


def _ground(rng: Generator) -> Pixels:
    """Give the card's ground: two colours run into each other under wavy lines, with or without a band on top."""
    light = rng.random() < 0.85
    one, two = (rng.uniform(*((165, 250) if light else (40, 140)), 3) for _ in range(2))
    y, x = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX].astype(np.float32)
    along = rng.uniform(-1, 1)
    share = np.clip((x / WIDTH_PX) * (1 - abs(along)) + (y / HEIGHT_PX) * along, 0, 1)[..., None]
    ground = one * (1 - share) + two * share
    period, wave, reach = rng.uniform(7, 22), rng.uniform(60, 250), rng.uniform(4, 20)
    phase = (y + reach * np.sin(x / wave * 2 * np.pi)) / period * 2 * np.pi
    ground = ground + (rng.uniform(0, 14) * np.sin(phase))[..., None] * rng.uniform(-1, 1, 3)
    if rng.random() < 0.5:
        ground[: round(HEIGHT_PX * rng.uniform(0.08, 0.2))] = rng.uniform(20, 230, 3)
    return np.asarray(np.clip(ground, 0, 255), np.uint8)


def _write(picture: Image.Image, slot: Slot, rng: Generator) -> None:
    """Write title, fields, numbers and perhaps a chip and an MRZ where the portrait is not."""
    draw = ImageDraw.Draw(picture)
    pixels = np.asarray(picture)
    dark = pixels[100:].mean() > 130
    ink = tuple(int(v) for v in (rng.uniform(0, 90, 3) if dark else rng.uniform(190, 255, 3)))
    title = _words(rng, 3).upper()
    tone = tuple(int(v) for v in (rng.uniform(0, 120, 3) if pixels[:60].mean() > 120 else rng.uniform(200, 255, 3)))
    draw.text((WIDTH_PX * rng.uniform(0.05, 0.3), 18), title, tone, ImageFont.load_default(rng.uniform(34, 54)))
    on_left = slot.left < 0.5
    start = (slot.left + slot.width + 0.04 if on_left else 0.05) * WIDTH_PX
    end = (0.97 if on_left else slot.left - 0.02) * WIDTH_PX
    mrz = rng.random() < 0.2 and slot.top + slot.height < 0.72
    y, last = HEIGHT_PX * rng.uniform(0.16, 0.3), HEIGHT_PX * (0.7 if mrz else 0.92)
    if rng.random() < 0.4:
        side = rng.uniform(90, 120)
        draw.rounded_rectangle((start, y, start + side * 1.2, y + side), 14, (205, 170, 90), (120, 90, 40), 3)
        start += (side * 1.2 + 25) * (rng.random() < 0.6)
    size, step = rng.uniform(20, 38), rng.uniform(1.25, 2.3)
    while y < last - size:
        line = _words(rng, int(rng.integers(1, 5))) if rng.random() < 0.7 else _digits(rng, int(rng.integers(6, 14)))
        font = ImageFont.load_default(size * rng.uniform(0.8, 1.2))
        while draw.textlength(line, font) > end - start and len(line) > 3:
            line = line[:-2]
        draw.text((start, y), line, ink, font)
        y += size * step
    if mrz:
        for row in range(3):
            text = "".join(rng.choice(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<<<<<<<<<"), 30))
            draw.text((30, HEIGHT_PX * (0.75 + 0.075 * row)), text, ink, ImageFont.load_default(40))


def _words(rng: Generator, count: int) -> str:
    """Give invented words."""
    return " ".join("".join(rng.choice(SYLLABLES, int(rng.integers(2, 4)))).capitalize() for _ in range(count))


def _digits(rng: Generator, count: int) -> str:
    """Give an invented number."""
    return "".join(str(digit) for digit in rng.integers(0, 10, count))


def _ghost_slot(slot: Slot, rng: Generator) -> Slot:
    """Give a place for a ghost portrait on the other side of the card, at 40 to 60 % of the size."""
    scale = rng.uniform(0.4, 0.6)
    width, height = slot.width * scale, slot.height * scale
    left = rng.uniform(0.72, 0.9 - width / 2) if slot.left < 0.5 else rng.uniform(0.06, 0.25)
    return Slot(min(left, 0.96 - width), rng.uniform(0.5, 0.92 - height), width, height)


def _frame(pixels: Pixels, slot: Slot, rng: Generator) -> None:
    """Draw a line around the portrait."""
    height, width = pixels.shape[:2]
    low = (round(slot.left * width), round(slot.top * height))
    high = (round((slot.left + slot.width) * width), round((slot.top + slot.height) * height))
    cv2.rectangle(pixels, low, high, tuple(int(v) for v in rng.integers(0, 256, 3)), int(rng.integers(2, 7)))
