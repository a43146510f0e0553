"""Backgrounds of our own: tints, waves and rosettes that no card has, and the word SPECIMEN across."""

import random
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from specimens.fonts import font
from specimens.sheet import Colour, Sheet

WORD: Final = "SPECIMEN"
WORD_FACE: Final = ("truetype/liberation/LiberationSans-Bold.ttf", 0)
WORD_INK: Final = (190, 40, 40)
WORD_STRENGTH: Final = 0.075
"""Share of ink of SPECIMEN: seen at once, and the letters under it stay as dark as they were."""


def paper(sheet: Sheet, top: Colour, bottom: Colour, *, waves: int = 26, strength: float = 0.35) -> None:
    """Tint a sheet from top to bottom and cover it with fine waves and a rosette."""
    width, height = sheet.image.size
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    tint = np.array(top, np.float32) * (1 - share) + np.array(bottom, np.float32) * share
    plain = np.broadcast_to(tint, (height, width, 3)).astype(np.uint8).copy()
    drawn = plain.copy()
    dice = sheet.dice
    for number in range(waves):
        _wave(drawn, (number + dice.random()) / waves, _darker(top if number % 2 else bottom), dice)
    _rosette(drawn, (dice.uniform(0.3, 0.7), dice.uniform(0.35, 0.7)), _darker(bottom), dice)
    mixed = cv2.addWeighted(drawn, strength, plain, 1 - strength, 0)
    grain = np.random.default_rng(dice.randrange(2**32)).normal(0, 1.6, (height // 4, width // 4)).astype(np.float32)
    rough = mixed.astype(np.float32) + cv2.resize(grain, (width, height))[..., None]
    sheet.image.paste(Image.fromarray(np.clip(rough, 0, 255).astype(np.uint8)), (0, 0))


def _darker(colour: Colour) -> Colour:
    """Give a colour's darker, stronger sister."""
    mean = sum(colour) / 3
    red, green, blue = (max(0, int(0.62 * (mean + 2.2 * (part - mean)))) for part in colour)
    return red, green, blue


def _wave(drawn: np.ndarray, where: float, colour: Colour, dice: random.Random) -> None:
    """Draw three close sines around a height."""
    height, width = drawn.shape[:2]
    x = np.arange(0, width + 8, 8, dtype=np.float32)
    length, phase, high = dice.uniform(0.5, 1.6), dice.uniform(0, 6.28), height * dice.uniform(0.02, 0.06)
    for near in range(3):
        y = height * where + 7 * near + high * np.sin(x / width * 6.28 * length * 2 + phase + 0.25 * near)
        cv2.polylines(drawn, [np.stack([x, y], 1).astype(np.int32)], isClosed=False, color=colour, thickness=1)


def _rosette(drawn: np.ndarray, middle: tuple[float, float], colour: Colour, dice: random.Random) -> None:
    """Draw a guilloche rosette of our own."""
    height, width = drawn.shape[:2]
    turn = np.linspace(0, 6.2832, 400, dtype=np.float32)
    petals, size = dice.randint(5, 11), height * dice.uniform(0.16, 0.26)
    for ring in range(7):
        radius = size * (0.5 + 0.07 * ring) * (1 + 0.22 * np.sin(petals * turn + 0.4 * ring))
        x, y = middle[0] * width + radius * np.cos(turn), middle[1] * height + radius * np.sin(turn)
        cv2.polylines(drawn, [np.stack([x, y], 1).astype(np.int32)], isClosed=True, color=colour, thickness=1)


def across(sheet: Sheet) -> None:
    """Print SPECIMEN across a sheet, translucent."""
    width, height = sheet.image.size
    face = font(WORD_FACE, round(height * (0.2 if sheet.is_b else 0.23)))
    layer = Image.new("L", (round(face.getlength(WORD)) + 40, round(height * 0.3)), 0)
    ImageDraw.Draw(layer).text((20, layer.height // 2), WORD, 255, font=face, anchor="lm")
    turned = layer.rotate(-22 if sheet.is_b else 24, expand=True)
    mask = turned.point(lambda ink: round(ink * WORD_STRENGTH))
    place = ((width - mask.width) // 2, (height - mask.height) // 2)
    sheet.image.paste(Image.new("RGB", mask.size, WORD_INK), place, mask)


def chip(sheet: Sheet, x: float, y: float) -> None:
    """Draw a contact chip."""
    gold, line = (212, 178, 96), (140, 110, 50)
    sheet.box(x, y, 120, 96, gold, line, r=14)
    for share in (0.33, 0.66):
        sheet.box(x, y + 96 * share, 120, 1, None, line)
    sheet.box(x + 42, y + 20, 36, 56, gold, line, r=6)
